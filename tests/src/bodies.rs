//! What must hold for any input: the bodies of the fuzz targets and of the property tests.

use clap::ValueEnum;
use svlsp::report::{Format, Report};
use svlsp::workspace::check::Overlay;
use svlsp::workspace::plan::Surroundings;
use svlsp::workspace::{Checker, Found, Plan, Reach, fix};
use svlsp_core::backends::Target;
use svlsp_core::fate::Backend;
use svlsp_core::features::format::{Equals, Indent, Options};
use svlsp_core::rules::Selection;
use svlsp_core::schema::{DIRECTIVES, Manager, Version};
use svlsp_core::syntax;
use svlsp_core::text::{self, Span};
use svlsp_core::units::supervisord::{Around, Config, include_patterns};
use svlsp_core::units::{FileFacts, Role, UnitName};
use svlsp_core::values::{self, Context, Problem};

use crate::{formatting, tree};

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

/// Any bytes are a configuration of supervisord, whose every span lies in the text.
///
/// What follows a 0xff is a file that is included.
pub fn supervisord(bytes: &[u8]) {
    assert!(!tree::supervisord::parse(bytes).root_node().has_error(), "any bytes have a tree without errors");
    let decoded: Vec<_> = bytes.split(|byte| *byte == 0xff).map(text::decode).collect();
    let files: Vec<_> = decoded.iter().map(syntax::supervisord::scan_decoded).collect();
    for file in &files {
        supervisord_file(file);
    }
    let around = Around { here: vec!["/srv".to_owned(); files.len()], ..Around::default() };
    let config = Config::new(&files, &around);
    for problem in config.problems.iter().chain(&config.warnings).chain(&config.ignored) {
        assert_lies_in(problem.span, files[problem.file].text);
        assert_is_message(&problem.message);
    }
    for unit in config.units() {
        unit.settings().iter().for_each(|setting| assert_lies_in(setting.directive.span, files[setting.file].text));
    }
    for pattern in files.first().and_then(|file| include_patterns(file, &around).ok()).into_iter().flatten() {
        assert_lies_in(pattern.span, files[0].text);
    }
}

fn supervisord_file(file: &syntax::File) {
    let text = file.text;
    let mut before = 0;
    for directive in &file.directives {
        let value = &directive.value;
        for span in [directive.span, directive.key_span, value.span()] {
            assert_lies_in(span, text);
        }
        assert!(directive.key_span.start >= before, "directives are in order");
        before = directive.span.end;
        assert!(directive.key_span.end < directive.span.end, "there is a = behind the key");
        for (at, c) in value.text().char_indices().filter(|(_, c)| *c != '\n') {
            let inner = Span::new(at, at + c.len_utf8());
            let source = value.source(inner);
            assert_lies_in(source, text);
            assert_eq!(text[source].chars().next(), Some(c), "a value has the characters of its source");
            assert_eq!(value.inner(source.start), inner.start, "there and back");
            assert!(!file.in_comment(source), "comments are no part of a value");
        }
    }
    let mut next = 0;
    for section in &file.sections {
        assert_lies_in(section.header, text);
        assert_eq!(text[section.name_span], *section.name);
        assert_eq!(section.directives.start, next, "each directive belongs to the section above it");
        next = section.directives.end;
    }
    assert_eq!(next, file.directives.len());
    file.comments.iter().for_each(|span| assert!(text[*span].starts_with(['#', ';'])));
    file.problems.iter().for_each(|problem| assert_lies_in(problem.span, text));
    if let Some(difference) = tree::supervisord::difference(text) {
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

/// Any bytes under any name of a unit file can be checked, reported in every
/// format, and mended.
///
/// The first byte chooses the name; what follows a 0xff is the text of a drop-in.
pub fn check(bytes: &[u8]) {
    let [name, bytes @ ..] = bytes else { return };
    let name = NAMES[usize::from(*name) % NAMES.len()];
    let (text, drop_in) = match bytes.iter().position(|byte| *byte == 0xff) {
        Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
        None => (bytes, None),
    };
    let mut files = vec![given(name)];
    let mut overlay = Overlay::from([(0, text.to_vec())]);
    if let Some(drop_in) = drop_in {
        files.push(given(&format!("{name}.d/b.conf")));
        overlay.insert(1, drop_in.to_vec());
    }
    let mut plan = Plan::new(files, &Surroundings::default());
    let selection = Selection::of(|_| true);
    let targets = Backend::ALL.map(Target::new);
    let checker =
        Checker { selection: &selection, version: Version::LATEST, targets: &targets, excerpts: true, threads: 1 };
    let outcome = checker.run(&mut plan, &overlay);
    for finding in &outcome.findings {
        assert_is_message(&finding.message);
        let bytes = &overlay[&finding.spot.file];
        assert!(finding.spot.span.range().end <= bytes.len(), "{finding:?} lies outside of the file");
    }
    for format in Format::value_variants() {
        for color in [false, true] {
            let failures = &outcome.failures;
            let report = Report { findings: &outcome.findings, paths: &plan, failures, status: 0, color };
            let mut out = Vec::new();
            format.write(&report, &mut out).expect("a Vec can be written to");
            let lines = out.iter().filter(|byte| **byte == b'\n').count();
            assert!(*format != Format::Short || lines == outcome.findings.len(), "short is one line a finding");
        }
    }
    let mended = fix::mend(&checker, &mut plan, &overlay, outcome);
    mended.diff(&plan);
}

/// Any bytes under any name mean the same once they are formatted.
///
/// The first five choose the name and the options.
pub fn format(bytes: &[u8]) {
    let [name, sections, blanks, equals, indent, bytes @ ..] = bytes else { return };
    let options = Options {
        section_blank_lines: sections % 4,
        max_blank_lines: blanks % 4,
        equals: if equals % 2 == 0 { Equals::Tight } else { Equals::Aligned },
        indent: match indent % 8 {
            0..3 => Indent::Keep,
            3 => Indent::Align,
            spaces => Indent::Spaces(spaces - 3),
        },
    };
    formatting::formatted(NAMES[usize::from(*name) % NAMES.len()], bytes, &options);
}

const NAMES: &[&str] = &[
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

/// A file that comes with its text.
fn given(path: &str) -> Found {
    let facts = FileFacts { role: Role::of(path), ..FileFacts::default() };
    Found { path: path.into(), real: None, reach: Reach::Given, facts }
}

fn assert_lies_in(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} isn't a part of {} bytes of text", text.len());
}

fn assert_is_message(message: &str) {
    assert!(!message.is_empty() && !message.ends_with('.'), "not a message: {message:?}");
}
