//! The one helper of the rules' tests.

use std::fmt::Write;

use expect_test::Expect;

use super::{Selection, Target, check_config, check_file, check_unit};
use crate::diagnostic::Diagnostic;
use crate::schema::{FileKind, Manager, UnitKind, Version};
use crate::syntax::{File, scan, scan_decoded, supervisord};
use crate::text::{LineIndex, apply_all, decode};
use crate::units::supervisord::{Around, Config};
use crate::units::{FileFacts, Role, Summary, Unit, UnitName, Workspace};

/// Runs `rule` on one unit file called `name` and compares what it finds.
pub(crate) fn check(name: &str, text: &str, rule: &str, expect: Expect) {
    check_with_drop_in(name, text, None, rule, expect);
}

/// The same for bytes that need not be text.
pub(crate) fn check_bytes(name: &str, bytes: &[u8], rule: &str, expect: Expect) {
    let decoded = decode(bytes);
    let mut found = String::new();
    for diagnostic in findings(name, &scan_decoded(&decoded), rule) {
        show(&mut found, &decoded.text, &diagnostic, 0);
    }
    expect.assert_eq(&found);
}

/// Takes the first fix or suggestion of each finding of `rule` in one unit
/// file and compares what comes out.
pub(crate) fn fixed(name: &str, text: &str, rule: &str, expect: Expect) {
    let found = findings(name, &scan(text), rule);
    let changes = found.iter().filter_map(|diagnostic| Some(&*diagnostic.fixes.first()?.edits));
    expect.assert_eq(&apply_all(text, changes).text);
}

fn findings(name: &str, file: &File, rule: &str) -> Vec<Diagnostic> {
    let unit_name = UnitName::parse(name);
    let kind = UnitKind::from_suffix(name.rsplit_once('.').map_or("", |(_, suffix)| suffix));
    let kind = kind.map_or(FileKind::Other("other"), FileKind::Unit);
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let selection = Selection::of(|other| other.name == rule);
    let mut found = check_file(file, kind, unit_name.as_ref(), false, target, &selection);
    if let Some(name) = &unit_name {
        found.extend(check_unit(&Unit::new(name, std::slice::from_ref(file)), target, &selection));
    }
    found
}

/// The same with a drop-in (`NAME.d/10-test.conf`), whose findings say `drop-in`.
pub(crate) fn check_with_drop_in(name: &str, text: &str, drop_in: Option<&str>, rule: &str, expect: Expect) {
    let mut files = vec![scan(text)];
    files.extend(drop_in.map(scan));
    check_files(name, &files, true, Version::LATEST, rule, expect);
}

/// The same with a drop-in whose unit file isn't there.
pub(crate) fn check_drop_in_alone(name: &str, text: &str, rule: &str, expect: Expect) {
    check_files(name, &[scan(text)], false, Version::LATEST, rule, expect);
}

/// Takes the first fix or suggestion of each finding of `rule` in a drop-in
/// and compares what comes out.
pub(crate) fn fixed_drop_in(name: &str, text: &str, drop_in: &str, rule: &str, expect: Expect) {
    let name = UnitName::parse(name).unwrap();
    let files = [scan(text), scan(drop_in)];
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let found = check_unit(&Unit::new(&name, &files), target, &Selection::of(|other| other.name == rule));
    let in_drop_in = found.iter().filter(|diagnostic| diagnostic.file == 1);
    let changes = in_drop_in.filter_map(|diagnostic| Some(&*diagnostic.fixes.first()?.edits));
    expect.assert_eq(&apply_all(drop_in, changes).text);
}

/// The same for another version of systemd.
pub(crate) fn check_for(version: u16, name: &str, text: &str, rule: &str, expect: Expect) {
    check_files(name, &[scan(text)], true, Version(version), rule, expect);
}

fn check_files(name: &str, files: &[File], has_fragment: bool, version: Version, rule: &str, expect: Expect) {
    let unit_name = UnitName::parse(name);
    let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    let kind = UnitKind::from_suffix(suffix).map_or(FileKind::Other("other"), FileKind::Unit);
    let target = Target { version, manager: Manager::System };
    let selection = Selection::of(|other| other.name == rule);
    let mut found = String::new();
    for (at, file) in files.iter().enumerate() {
        let drop_in = at > 0 || !has_fragment;
        for diagnostic in check_file(file, kind, unit_name.as_ref(), drop_in, target, &selection) {
            show(&mut found, file.text, &diagnostic, at);
        }
    }
    if let Some(name) = &unit_name {
        let unit = if has_fragment { Unit::new(name, files) } else { Unit::of_drop_ins(name, files) };
        for diagnostic in check_unit(&unit, target, &selection) {
            show(&mut found, files[diagnostic.file].text, &diagnostic, diagnostic.file);
        }
    }
    expect.assert_eq(&found);
}

/// Runs `rule` on all these files, given as path and text, as one workspace;
/// the findings say in which file they are.
pub(crate) fn check_workspace(files: &[(&str, &str)], complete: bool, rule: &str, expect: Expect) {
    let mut workspace = Workspace { complete, ..Workspace::default() };
    for (at, (path, text)) in files.iter().enumerate() {
        let role = Role::of(path);
        if let Some(Role::Unit(name)) = &role {
            let scanned = [scan(text)];
            workspace.units.push(Summary::of(&Unit::new(name, &scanned), &[at as u32]));
        }
        workspace.files.push(FileFacts { role, ..FileFacts::default() });
    }
    expect.assert_eq(&show_workspace(&workspace, files, rule));
}

/// What `rule` finds in a workspace of these files.
pub(crate) fn show_workspace(workspace: &Workspace, files: &[(&str, &str)], rule: &str) -> String {
    let mut found = String::new();
    for mut diagnostic in super::check_workspace(workspace, &Selection::of(|other| other.name == rule)) {
        let (path, text) = files[diagnostic.file];
        for related in &mut diagnostic.related {
            related.message = format!("{}: {}", files[related.file].0, related.message);
        }
        write!(found, "{path}: ").unwrap();
        show(&mut found, text, &diagnostic, 0);
    }
    found
}

/// Runs `rule` on the files of one supervisord's configuration, the main one first, and compares what
/// it finds; findings in other files say `drop-in`.
pub(crate) fn check_supervisord(texts: &[&str], complete: bool, rule: &str, expect: Expect) {
    let files: Vec<_> = texts.iter().map(|text| supervisord::scan(text)).collect();
    show_supervisord(&files, &supervisord_findings(&files, complete, rule), expect);
}

/// The same with something known beside the files.
pub(crate) fn check_supervisord_around(texts: &[&str], around: &Around, rule: &str, expect: Expect) {
    let files: Vec<_> = texts.iter().map(|text| supervisord::scan(text)).collect();
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let selection = Selection::of(|other| other.name == rule);
    show_supervisord(&files, &check_config(&Config::new(&files, around), false, target, &selection), expect);
}

fn show_supervisord(files: &[File], findings: &[Diagnostic], expect: Expect) {
    let mut found = String::new();
    for diagnostic in findings {
        show(&mut found, files[diagnostic.file].text, diagnostic, diagnostic.file);
    }
    expect.assert_eq(&found);
}

/// Takes the first fix or suggestion of each finding of `rule` in a
/// supervisord.conf and compares what comes out.
pub(crate) fn fixed_supervisord(text: &str, rule: &str, expect: Expect) {
    let found = supervisord_findings(&[supervisord::scan(text)], true, rule);
    let changes = found.iter().filter_map(|diagnostic| Some(&*diagnostic.fixes.first()?.edits));
    expect.assert_eq(&apply_all(text, changes).text);
}

/// What `rule` finds in the files of one configuration.
pub(crate) fn supervisord_findings(files: &[File], complete: bool, rule: &str) -> Vec<Diagnostic> {
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let selection = Selection::of(|other| other.name == rule);
    let mut found = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let findings = check_file(file, FileKind::Supervisord, None, false, target, &selection);
        found.extend(findings.into_iter().map(|finding| finding.in_file(at)));
    }
    let config = Config::new(files, &Around::default());
    found.extend(check_config(&config, complete, target, &selection));
    found
}

fn show(out: &mut String, text: &str, diagnostic: &Diagnostic, file: usize) {
    let index = LineIndex::new(text);
    let place = |offset: u32| {
        let position = index.position(offset as usize, text);
        format!("{}:{}", position.line + 1, position.column + 1)
    };
    let Diagnostic { severity, span, message, .. } = diagnostic;
    let wher = if file > 0 { "drop-in " } else { "" };
    writeln!(out, "{} {wher}{}-{} {message}", severity.name(), place(span.start), place(span.end)).unwrap();
    if let Some(help) = &diagnostic.help {
        writeln!(out, "  help: {help}").unwrap();
    }
    for related in &diagnostic.related {
        writeln!(out, "  see: {}", related.message).unwrap();
    }
    for fix in &diagnostic.fixes {
        writeln!(out, "  {}: {}", if fix.certain { "fix" } else { "suggestion" }, fix.title).unwrap();
    }
}
