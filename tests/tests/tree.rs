//! The grammar reads the files that Debian ships, and reads them as the scanner does.

use std::fs;

use svlsp_core::text;
use svlsp_tests::{corpus, tree};

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
