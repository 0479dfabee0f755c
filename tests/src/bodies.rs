//! What must hold for any input: the bodies of the fuzz targets and of the property tests.

use svlsp_core::rules::{self, Selection, Target};
use svlsp_core::schema::{DIRECTIVES, Manager, Version};
use svlsp_core::syntax::{self, File};
use svlsp_core::text::{self, Span};
use svlsp_core::units::{Role, Unit, UnitName};
use svlsp_core::values::{self, Context, Problem};

use crate::tree;

/// Any bytes give a file, whose every span lies in the text and whose parts are in order.
pub fn parse(bytes: &[u8]) {
    let decoded = text::decode(bytes);
    assert_eq!(decoded.text.len(), bytes.len(), "offsets into the text are offsets into the bytes");
    let file = syntax::scan(&decoded.text);
    let text: &str = &decoded.text;
    let mut before = 0;
    for directive in &file.directives {
        let value = &directive.value;
        for span in [directive.span, directive.key_span, value.span()] {
            assert_lies_in(span, text);
        }
        assert!(directive.key_span.start >= before, "directives are in order");
        before = directive.span.end;
        assert!(directive.key_span.end < directive.span.end, "there is a = behind the key");
        let inner = Span::new(0, value.text().len());
        assert_lies_in(value.source(inner), text);
        if !value.is_continued() {
            assert_eq!(value.text(), &text[value.span()], "a value of one line is as written");
        }
    }
    let mut next = 0;
    for section in &file.sections {
        assert_lies_in(section.header, text);
        assert_lies_in(section.name_span, text);
        assert_eq!(section.directives.start, next, "each directive belongs to the section above it");
        next = section.directives.end;
    }
    assert_eq!(next, file.directives.len());
    file.comments.iter().for_each(|span| assert_lies_in(*span, text));
    file.problems.iter().for_each(|problem| assert_lies_in(problem.span, text));
    if let Some(difference) = tree::difference(text) {
        panic!("{text:?}: {difference}");
    }
}

/// Any text is a value of any directive or has problems that lie in it.
///
/// The first three bytes choose the directive and the systemd that reads it.
pub fn values(bytes: &[u8]) {
    let [high, low, version, bytes @ ..] = bytes else { return };
    let directive = &DIRECTIVES[usize::from(u16::from_be_bytes([*high, *low])) % DIRECTIVES.len()];
    let decoded = text::decode(bytes);
    // A value never has the line ends and NULs that end a line, nor blanks round it.
    let text: String = decoded.text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\0')).collect();
    let text = text.trim_matches([' ', '\t']);
    let unit = UnitName::parse("a@b-c.service");
    let context = Context {
        directive,
        version: Version(230 + u16::from(*version) % 33),
        manager: if version % 2 == 0 { Manager::System } else { Manager::User },
        unit: unit.as_ref().filter(|_| version % 3 != 0),
    };
    let mut problems = Vec::new();
    if !text.is_empty() {
        values::check(text, &context, &mut problems);
    }
    for Problem { span, message, .. } in &problems {
        assert_lies_in(*span, text);
        assert_is_message(message);
    }
}

/// Any bytes under any name of a unit file can be checked.
///
/// The first byte chooses the name.
pub fn check(bytes: &[u8]) {
    let [name, bytes @ ..] = bytes else { return };
    let path = PATHS[usize::from(*name) % PATHS.len()];
    let decoded = text::decode(bytes);
    let files = [syntax::scan(&decoded.text)];
    let Some(role) = Role::of(path) else { return };
    check_file(&files, &role);
}

const PATHS: &[&str] = &[
    "a.service",
    "a@.service",
    "a@b.service",
    "a.service.d/b.conf",
    "service.d/b.conf",
    "a.socket",
    "a.target",
    "a-b.mount",
    "a.automount",
    "dev-a.swap",
    "a.timer",
    "a.path",
    "a-b.slice",
    "a.device",
    "a.scope",
    "a.network",
    "a b.service",
];

fn check_file(files: &[File; 1], role: &Role) {
    let selection = Selection::of(|_| true);
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let [file] = files;
    let mut findings = rules::check_file(file, role.kind(), role.unit(), role.is_drop_in(), target, &selection);
    if let Role::Unit(name) = role {
        findings.extend(rules::check_unit(&Unit::new(name, files), target, &selection));
    }
    for finding in &findings {
        assert_lies_in(finding.span, file.text);
        assert_is_message(&finding.message);
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            assert_lies_in(edit.span, file.text);
        }
    }
}

fn assert_lies_in(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} isn't a part of {} bytes of text", text.len());
}

fn assert_is_message(message: &str) {
    assert!(!message.is_empty() && !message.ends_with('.'), "not a message: {message:?}");
    assert!(!message.contains('\n'), "a message of several lines: {message:?}");
}
