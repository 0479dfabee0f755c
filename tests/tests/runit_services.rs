//! `docs/runit-services.md` speaks of every daemon that has a unit and a hand-written runit script.
//!
//! `UPDATE_DOCS=1 cargo test -p svlsp-tests --test runit_services` writes its table of command lines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use svlsp_core::schema::key::service::ExecStart;
use svlsp_core::syntax::scan;
use svlsp_core::units::{Role, Unit, UnitName};
use svlsp_tests::corpus;

/// Directories whose unit has another name.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("getty-tty1", "getty@.service"),
    ("mdadm", "mdmonitor.service"),
    ("postfix", "postfix@.service"),
    ("tor", "tor@default.service"),
];

const START: &str = "<!-- command lines -->\n";
const END: &str = "<!-- end of command lines -->\n";

#[test]
fn the_page_is_current() {
    let root = corpus::root(env!("CARGO_TARGET_TMPDIR"));
    let units = units(&root);
    let mut table = String::from("| | by hand | unit |\n|---|---|---|\n");
    let mut names = Vec::new();
    for (name, script) in scripts(&root) {
        let unit = OTHER_NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(format!("{name}.service"), |(_, unit)| (*unit).to_owned());
        let Some(path) = units.get(&unit) else { continue };
        let by_hand = last_exec(&script).unwrap_or_default();
        table.push_str(&format!("| {name} | {} | {} |\n", code(&by_hand), code(&exec_start(&unit, path))));
        names.push(name);
    }
    println!("{} daemons", names.len());

    let page = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/runit-services.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(START).expect("where the table begins");
    let (_, after) = rest.split_once(END).expect("where the table ends");
    let current = format!("{before}{START}{table}{END}{after}");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, &current).unwrap();
    }
    assert!(
        current == fs::read_to_string(&page).unwrap(),
        "docs/runit-services.md is not current: see the top of this test"
    );
    let silent: Vec<&String> = names.iter().filter(|name| !before.contains(&format!("| {name} |"))).collect();
    assert!(silent.is_empty(), "docs/runit-services.md doesn't say how these compare: {silent:?}");
}

/// The `run` scripts that packages bring, by the name of their directory.
fn scripts(root: &Path) -> BTreeMap<String, String> {
    let mut scripts = BTreeMap::new();
    for package in listing(root) {
        for place in ["etc/sv", "usr/share/runit/sv"] {
            for directory in listing(&package.join(place)) {
                if let Ok(text) = fs::read_to_string(directory.join("run")) {
                    scripts.insert(directory.file_name().unwrap().to_string_lossy().into_owned(), text);
                }
            }
        }
    }
    scripts
}

/// The unit files of the system's manager, by name.
fn units(root: &Path) -> BTreeMap<String, PathBuf> {
    let mut units = BTreeMap::new();
    for path in corpus::units(root) {
        let text = path.to_string_lossy();
        if let (Some(Role::Unit(name)), true) = (Role::of(&text), text.contains("/system/")) {
            units.insert(name.as_str().to_owned(), path);
        }
    }
    units
}

/// The command that a script becomes.
fn last_exec(script: &str) -> Option<String> {
    let joined = script.replace("\\\n", " ");
    let mut execs = joined.lines().map(str::trim).filter_map(|line| Some(&line[line.find("exec ")?..]));
    let command =
        execs.rfind(|line| !line.contains("exec 2>") && !line.contains("exec 1>") && !line.contains("exec <"))?;
    Some(command.split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
}

fn exec_start(name: &str, path: &Path) -> String {
    let text = fs::read_to_string(path).expect("it can be read");
    let files = [scan(&text)];
    let name = UnitName::parse(name).expect("it is one");
    let unit = Unit::new(&name, &files);
    let lines = unit.all(ExecStart).map(|setting| setting.value().split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("; ")
}

fn code(command: &str) -> String {
    format!("`` {} ``", command.replace('|', "\\|"))
}

fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}
