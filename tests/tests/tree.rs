//! The grammars read real files and made-up ones, and read them as the scanners do.

use std::collections::BTreeMap;
use std::fs;

use svlsp_core::syntax::supervisord::scan;
use svlsp_core::text;
use svlsp_tests::configurations::{configuration, shipped};
use svlsp_tests::{corpus, tree};

/// How many configurations of supervisord are made up.
const CONFIGURATIONS: usize = 2000;

#[test]
fn shipped_units_have_trees_that_agree_with_the_scanner() {
    let root = corpus::root(env!("CARGO_TARGET_TMPDIR"));
    let mut differences = Vec::new();
    for path in corpus::units(&root) {
        let bytes = fs::read(&path).expect("a file can be read");
        if let Some(difference) = tree::difference(&text::decode(&bytes).text) {
            differences.push(format!("{}: {difference}", path.strip_prefix(&root).expect("it is below").display()));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn shipped_configurations_have_trees_that_agree_with_the_reader() {
    let paths = shipped(env!("CARGO_TARGET_TMPDIR"));
    assert!(paths.len() > 5, "supervisor brings some along");
    let texts: Vec<_> = paths
        .iter()
        .map(|path| {
            let bytes = fs::read(path).expect("a file can be read");
            (path.display().to_string(), text::decode(&bytes).text.into_owned())
        })
        .collect();
    let excepted = compare(&texts);
    assert_eq!(excepted, BTreeMap::new(), "all of them are compared");
}

#[test]
fn made_up_configurations_have_trees_that_agree_with_the_reader() {
    let files = (0..CONFIGURATIONS).flat_map(|number| {
        let files = configuration(number).into_iter();
        files.map(move |(path, text)| (format!("{number}/{path}"), text))
    });
    let texts: Vec<_> = files.collect();
    let excepted = compare(&texts);
    println!("{} files, not compared: {excepted:#?}", texts.len());
    assert!(excepted.values().sum::<usize>() * 10 < texts.len(), "too few are compared to say anything");
}

/// Compares what both see in these; says how many aren't compared, and why.
fn compare(texts: &[(String, String)]) -> BTreeMap<&'static str, usize> {
    let mut excepted = BTreeMap::new();
    let mut differences = Vec::new();
    for (name, text) in texts {
        if let Some(why) = tree::supervisord::inherent(&scan(text)) {
            *excepted.entry(why).or_default() += 1;
        }
        if let Some(difference) = tree::supervisord::difference(text) {
            differences.push(format!("{name}: {difference}\n{text}"));
        }
    }
    let shown = differences.iter().take(10).map(|difference| format!("{difference}\n")).collect::<String>();
    assert!(differences.is_empty(), "{} of {} differ:\n{shown}", differences.len(), texts.len());
    excepted
}
