//! The generated pages in `docs/` are what the code says now.
//!
//! `UPDATE_DOCS=1 cargo test -p svlsp-tests --test docs` writes them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use svlsp::workspace::schema as options;
use svlsp_core::diagnostic::Severity;
use svlsp_core::fate::{Backend, Fate, Level};
use svlsp_core::rules::{self, Rule};
use svlsp_core::schema::{self, DIRECTIVES, Directive, Empty, Ending, Group, Section, Title};
use svlsp_tests::product;

#[test]
fn the_pages_are_current() {
    page("rules.md", &rules_page());
    page("directives.md", &directives_page());
    page("support.md", &support_page());
    page("supervisord-directives.md", &supervisord_directives_page());
    page("supervisord-support.md", &supervisord_support_page());
    page("svlsp.schema.json", &json(&options::of_file()));
    page("check.svg", &picture(&["check", "--color", "always", "examples/mistakes/forking.service"]));
}

/// Settings of the extension have the names, types and words of those in `svlsp.toml`:
/// `node vscode-extension/scripts/settings.mjs` takes them over.
#[test]
fn the_settings_of_vs_code_are_current() {
    let mut wanted = serde_json::Map::new();
    for (name, mut schema) in options::of_editor() {
        let schema = schema.as_object_mut().unwrap();
        let doc = schema.remove("description").unwrap();
        schema.insert("markdownDescription".to_owned(), doc);
        schema.insert("scope".to_owned(), "resource".into());
        wanted.insert(format!("svlsp.{name}"), schema.clone().into());
    }
    page("../vscode-extension/settings.json", &json(&wanted.clone().into()));
    let package = fs::read_to_string(root().join("vscode-extension/package.json")).unwrap();
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    let mut there = package["contributes"]["configuration"]["properties"].as_object().unwrap().clone();
    // Those of the extension itself.
    there.retain(|name, _| !name.starts_with("svlsp.server.") && !name.starts_with("svlsp.trace."));
    assert!(there == wanted, "package.json hasn't the settings: node vscode-extension/scripts/settings.mjs");
}

/// With sorted keys, whether or not some crate has serde_json keep their order.
fn json(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(&sorted(value)).unwrap() + "\n"
}

fn sorted(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(entries) => {
            let entries: BTreeMap<_, _> = entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.into_iter().collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        scalar => scalar.clone(),
    }
}

/// What the program prints, as a picture of a terminal.
fn picture(arguments: &[&str]) -> String {
    let output = Command::new(product::binary()).args(arguments).current_dir(root()).output().unwrap();
    let prompt = format!("\u{1b}[1;32m$\u{1b}[0m svlsp {}\n", arguments.join(" ").replace("--color always ", ""));
    let screen = prompt + &String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    anstyle_svg::Term::new().min_width_px(760).render_svg(&screen)
}

fn page(name: &str, text: &str) {
    let path = root().join("docs").join(name);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "docs/{name} is not current: UPDATE_DOCS=1 cargo test -p svlsp-tests --test docs, read it, commit it"
    );
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rules_page() -> String {
    let mut out = String::from(
        "# Rules\n\n\
         What `svlsp check` looks for; `svlsp explain NAME` shows the same in a terminal. \
         Rules marked *optional* run only when they are selected.\n\n\
         | rule | severity | for | |\n|---|---|---|---|\n",
    );
    for rule in rules::ALL {
        let optional = if rule.optional { "optional" } else { "" };
        let (name, severity, subject) = (rule.name, rule.severity.name(), rule.subject());
        writeln!(out, "| [{name}](#{name}) | {severity} | {subject} | {optional} |").unwrap();
    }
    for rule in rules::ALL {
        let Rule { name, doc, severity, optional, .. } = rule;
        let what = match severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Hint => "Hint",
        };
        let optional = if *optional { ", optional" } else { "" };
        write!(out, "\n## {name}\n\n*{what}, for {}{optional}.* {doc}\n", rule.subject()).unwrap();
    }
    out
}

fn directives_page() -> String {
    let mut out = String::from(
        "# Directives\n\n\
         Every setting of unit files that systemd 262 knows, by section; `svlsp explain NAME` shows one of them in a terminal. \
         Those of `exec`, `kill` and `resource-control` stand in the sections of several kinds of unit.\n",
    );
    for (group, title) in groups(schema::SECTIONS) {
        write!(out, "\n## {title}\n").unwrap();
        group.directives().iter().for_each(|directive| entry(&mut out, directive));
    }
    out
}

fn supervisord_directives_page() -> String {
    let mut out = String::from(
        "# Settings of supervisord.conf\n\n\
         Every section of supervisord.conf and every setting that supervisor 4.3 reads, by section; \
         `svlsp explain NAME` shows one of them in a terminal. Of several assignments the last one holds, over all files. \
         Those of `[program:x]` stand in `[fcgi-program:x]` and `[eventlistener:x]` too.\n",
    );
    for section in schema::supervisord::SECTIONS {
        write!(out, "\n## {}\n\n{}\n\n```ini\n{}\n```\n", header(section), section.doc, section.example).unwrap();
        let own = section.groups.last().expect("a section has settings");
        own.directives().iter().for_each(|directive| entry(&mut out, directive));
    }
    out
}

/// Each group of directives and the sections it stands in.
fn groups(sections: &[Section]) -> Vec<(Group, String)> {
    let mut groups: Vec<(Group, String)> = Vec::new();
    for section in sections {
        for &group in section.groups {
            match groups.iter_mut().find(|(other, _)| *other == group) {
                Some((_, title)) => write!(title, ", {}", header(section)).unwrap(),
                None => groups.push((group, header(section))),
            }
        }
    }
    groups
}

/// `[Service]`, `[program:x]`
fn header(section: &Section) -> String {
    let title = if section.title == Title::Always { ":x" } else { "" };
    format!("[{}{title}]", section.name)
}

fn entry(out: &mut String, directive: &Directive) {
    let Directive { name, doc, default, man, example, value, list, empty, .. } = directive;
    write!(out, "\n### {name}=\n\n").unwrap();
    for (ending, what) in [(directive.removed, "Removed"), (directive.deprecated, "Deprecated")] {
        let Some(Ending { since, successor, note, section }) = ending else { continue };
        let mut line = format!("**{what}");
        if since > 0 {
            write!(line, " in systemd {since}").unwrap();
        }
        line.push_str(".**");
        if !successor.is_empty() {
            let place = if section.is_empty() { String::new() } else { format!(" in [{section}]") };
            write!(line, " Use `{successor}=`{place}.").unwrap();
        }
        if !note.is_empty() {
            write!(line, " {}.", note.trim_end_matches('.')).unwrap();
        }
        write!(out, "{line}\n\n").unwrap();
    }
    if !doc.is_empty() {
        write!(out, "{doc}\n\n").unwrap();
    }
    writeln!(out, "- Value: {}", value.describe()).unwrap();
    if !default.is_empty() {
        writeln!(out, "- Default: `{default}`").unwrap();
    }
    match (list, empty) {
        (true, Empty::Reset) => out.push_str("- Adds up; an empty assignment starts over\n"),
        (true, _) => out.push_str("- Adds up\n"),
        (false, _) => {}
    }
    if let Some(release) = directive.release() {
        writeln!(out, "- Since {release}").unwrap();
    }
    if !man.is_empty() {
        writeln!(out, "- Manual: [{man}(5)](https://www.freedesktop.org/software/systemd/man/latest/{man}.html)")
            .unwrap();
    }
    if !example.is_empty() {
        write!(out, "\n```ini\n{}\n```\n", example.trim_end()).unwrap();
    }
}

const LEVELS: [(Level, &str, &str); 5] = [
    (Level::Native, "●", "the supervisor has it"),
    (Level::Emulated, "○", "the same effect by another tool or a script"),
    (Level::Approximated, "◐", "something close; what differs is said"),
    (Level::Lost, "✗", "it can't be expressed"),
    (Level::Irrelevant, "–", "dropping it changes nothing"),
];

fn support_page() -> String {
    let out = String::from(
        "# What becomes of each setting elsewhere\n\n\
         For each of systemd's settings what runit, s6, s6-rc and nosh have in its place; \
         `svlsp explain NAME` shows the same in a terminal. A value or the machine that a unit is for can make a difference.\n\n",
    );
    support_tables(out, DIRECTIVES, schema::SECTIONS, &Backend::OTHERS)
}

fn supervisord_support_page() -> String {
    let out = String::from(
        "# What becomes of each setting of supervisord.conf elsewhere\n\n\
         For each setting what runit, s6, s6-rc, nosh and systemd have in its place; \
         `svlsp explain NAME` shows the same in a terminal. A value or the machine that a program is for can make a difference.\n\n",
    );
    support_tables(out, schema::supervisord::DIRECTIVES, schema::supervisord::SECTIONS, &Backend::ALL)
}

/// How many settings have which fate on each of `backends`, and a table for each group of them.
fn support_tables(mut out: String, directives: &[Directive], sections: &[Section], backends: &[Backend]) -> String {
    let names = backends.iter().map(|backend| backend.name()).collect::<Vec<_>>().join(" | ");
    writeln!(out, "| | | {names} |\n|---|---{}|", "|--:".repeat(backends.len())).unwrap();
    for (level, sign, meaning) in LEVELS {
        let count = |backend| directives.iter().filter(|of| schema::support(of.key, backend).level() == level).count();
        let counts = backends.iter().map(|backend| count(*backend).to_string()).collect::<Vec<_>>().join(" | ");
        writeln!(out, "| {sign} {} | {meaning} | {counts} |", level.name()).unwrap();
    }
    for (group, title) in groups(sections) {
        write!(out, "\n## {title}\n\n| | {names} | |\n|---{}|---|\n", "|:-:".repeat(backends.len())).unwrap();
        group.directives().iter().for_each(|directive| support_row(&mut out, directive, backends));
    }
    out
}

fn support_row(out: &mut String, directive: &Directive, backends: &[Backend]) {
    let mut texts: Vec<(Vec<&str>, String)> = Vec::new();
    write!(out, "| `{}=` |", directive.name).unwrap();
    for &backend in backends {
        let fate = schema::support(directive.key, backend);
        let (_, sign, _) = LEVELS.iter().find(|(level, ..)| *level == fate.level()).unwrap();
        write!(out, " {sign} |").unwrap();
        let text = match fate {
            Fate::Approximated { with, loses } => format!("{with}; *{loses}*"),
            Fate::Native { with: text } | Fate::Emulated { with: text } => text.to_string(),
            Fate::Lost { why: text } | Fate::Irrelevant { why: text } => text.to_string(),
        };
        match texts.iter_mut().find(|(_, other)| *other == text) {
            Some((backends, _)) => backends.push(backend.name()),
            None => texts.push((vec![backend.name()], text)),
        }
    }
    let same = texts.len() == 1;
    let say =
        |(backends, text): (Vec<&str>, String)| if same { text } else { format!("{}: {text}", backends.join(", ")) };
    let texts: Vec<String> = texts.into_iter().map(say).collect();
    writeln!(out, " {} |", texts.join("<br>")).unwrap();
}
