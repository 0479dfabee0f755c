//! Formatting changes how a file looks and never what it means.

use std::fs;

use proptest::prelude::*;
use svlsp_core::features::format::{Equals, Indent, Options, format, format_after_newline, format_range};
use svlsp_core::rules::{self, Selection, Suppressions, Target};
use svlsp_core::schema::{self, Manager, Version};
use svlsp_core::syntax::{self, File, ProblemKind};
use svlsp_core::text::{self, Edit, Span};
use svlsp_core::units::Role;
use svlsp_core::values::ValueType;
use svlsp_tests::{corpus, samples};

/// Formats `text`, and sees that it means the same afterwards.
fn formatted(path: &str, text: &str, options: &Options) -> String {
    let file = syntax::scan(text);
    let edits = format(&file, options);
    assert_in_order(&edits, text);
    let once = applied(text, &edits);
    let after = syntax::scan(&once);
    assert_eq!(meaning(&file, options), meaning(&after, options), "{text:?} became {once:?}");
    assert_eq!(comments(&file), comments(&after), "{text:?} became {once:?}");
    assert_eq!(text.is_empty(), once.is_empty(), "an empty file masks its unit");
    let left = format(&after, options);
    assert!(left.is_empty(), "{text:?} became {once:?}, which needs {left:?}");
    let (before, after) = (findings(path, &file), findings(path, &after));
    let new: Vec<_> = after.iter().filter(|finding| !before.contains(finding)).collect();
    assert!(new.is_empty(), "{text:?} became {once:?}, about which there is to say {new:?}");
    once
}

/// Edits stand in the order of the text, apart from each other, and each
/// changes something.
fn assert_in_order(edits: &[Edit], text: &str) {
    for pair in edits.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "{pair:?} in {text:?}");
    }
    for edit in edits {
        assert_ne!(text.get(edit.span.range()), Some(&*edit.text), "{edit:?} changes nothing in {text:?}");
    }
}

/// What comes out when each edit is made.
fn applied(text: &str, edits: &[Edit]) -> String {
    let applied = text::apply_all(text, [edits]);
    assert_eq!(applied.count, usize::from(!edits.is_empty()), "{edits:?} don't fit together in {text:?}");
    applied.text
}

/// Sections, keys, values, and what could not be read.
fn meaning(file: &File, options: &Options) -> Vec<String> {
    let mut parts = Vec::new();
    for section in &file.sections {
        parts.push(format!("[{}]", section.name));
        for directive in file.directives_of(section) {
            let value = match options.indent {
                Indent::Keep => directive.value.text().to_owned(),
                Indent::Spaces(_) | Indent::Align => {
                    let entry = schema::section(&section.name).and_then(|section| section.get(&directive.key));
                    let quotes = entry.is_none_or(|entry| !matches!(entry.value, ValueType::UnitList));
                    words(directive.value.text(), quotes)
                }
            };
            parts.push(format!("{:?}={value:?}", directive.key));
        }
    }
    for problem in &file.problems {
        let text = &file.text[problem.span];
        parts.push(match problem.kind {
            ProblemKind::LineTooLong => "too long".to_owned(),
            kind => format!("{kind:?} {text:?}"),
        });
    }
    parts
}

/// A value with each run of blanks made one, where it isn't in `quotes`. It
/// may take more for quoted than systemd does, never less.
fn words(value: &str, quotes: bool) -> String {
    let mut out = String::new();
    let (mut quote, mut escaped) = (None, false);
    for c in value.chars() {
        if matches!(c, ' ' | '\t') && !(quotes && (quote.is_some() || escaped)) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' | '\'' if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ => {}
        }
        out.push(c);
    }
    out
}

fn comments<'t>(file: &File<'t>) -> Vec<&'t str> {
    file.comments.iter().map(|&comment| &file.text[comment]).collect()
}

/// What the rules that look at one file say, and the comments that silence
/// them: rule, message, and what it is about.
fn findings(path: &str, file: &File) -> Vec<(&'static str, String)> {
    let Some(role) = Role::of(path) else { return Vec::new() };
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let selection = Selection::of(|_| true);
    let found = rules::check_file(file, role.kind(), role.unit(), role.is_drop_in(), target, &selection);
    let (mut suppressions, problems) = Suppressions::read(file);
    let kept = found.into_iter().filter(|finding| !suppressions.silence(finding)).collect::<Vec<_>>();
    kept.into_iter()
        .chain(Vec::from(problems))
        .chain(Vec::from(suppressions.unused(|_| true)))
        .map(|finding| (finding.rule, finding.message))
        .collect()
}

const VARIANTS: &[Options] = &[
    Options { section_blank_lines: 1, max_blank_lines: 1, equals: Equals::Tight, indent: Indent::Keep },
    Options { section_blank_lines: 0, max_blank_lines: 0, equals: Equals::Tight, indent: Indent::Keep },
    Options { section_blank_lines: 2, max_blank_lines: 0, equals: Equals::Aligned, indent: Indent::Keep },
    Options { section_blank_lines: 1, max_blank_lines: 3, equals: Equals::Tight, indent: Indent::Spaces(2) },
    Options { section_blank_lines: 1, max_blank_lines: 1, equals: Equals::Aligned, indent: Indent::Align },
];

#[test]
fn shipped_units_keep_their_meaning() {
    let root = corpus::root(env!("CARGO_TARGET_TMPDIR"));
    let units = corpus::units(&root);
    assert!(units.len() >= 1000, "that is too few to show anything");
    for options in VARIANTS {
        let mut changed = 0;
        for path in &units {
            let bytes = fs::read(path).expect("a file can be read");
            let text = text::decode(&bytes).text;
            changed += usize::from(formatted(&path.to_string_lossy(), &text, options) != text);
        }
        println!("{changed} of {} change with {options:?}", units.len());
    }
}

/// What unit files and the slips in them are made of, its lines ended in every way there is.
fn unit_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        2 => proptest::sample::select(samples::seed_file("any")),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n\n\n",
    "\n  \n",
    "\n\t\n\n",
    "\r\n",
    "\r\n",
    "\r",
    "\0",
    "\n\r",
    "\\\n",
    " \\\n",
    " \\\r\n",
    "\\\r",
    "\\\\\n",
    "\\ \n",
    "\\",
    "=",
    " = ",
    "  =\t",
    " ",
    "  ",
    "\t",
    "# a ",
    "\n  # b = c \n",
    "\n;c\\\n",
    "\n#Type=simple\n",
    "[",
    "]",
    "[Unit]\n",
    "\n [Service] \n",
    "\n[Install]\n",
    "\n[X-A]\n",
    "\n[Unit",
    "ExecStart=",
    "ExecStart = /bin/sh -c 'a \\\n  b' \\\n  c\n",
    "  ExecStart=/bin/a \\\n  Restart=no\n",
    "Environment=\\\n  A=1 \\\n# b\n B=\"2 \\\n  3\"\n",
    "Description = a  b",
    "After=a.service \\\n",
    "Type=simple\n",
    "\"",
    "'",
    "%i",
    "\u{feff}",
    "\u{fdd0}",
    "\u{a0}",
    "ü",
    "\n# svlsp: ignore[unknown-directive]\n",
    "\n# svlsp: ignore[unknown-section, invalid-value]\n",
    "# svlsp: ignore-file[unknown-directive]\n",
];

fn options() -> impl Strategy<Value = Options> {
    let indent =
        prop_oneof![Just(Indent::Keep), Just(Indent::Keep), (0..=9_u8).prop_map(Indent::Spaces), Just(Indent::Align)];
    (0..=3_u8, 0..=3_u8, proptest::sample::select(&[Equals::Tight, Equals::Aligned]), indent).prop_map(
        |(section_blank_lines, max_blank_lines, equals, indent)| Options {
            section_blank_lines,
            max_blank_lines,
            equals,
            indent,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_keeps_its_meaning(text in unit_like(), options in options()) {
        formatted("a.service", &text, &Options::default());
        formatted("a.service", &text, &options);
    }

    #[test]
    fn a_range_touches_its_lines_alone(text in unit_like(), options in options(), start: prop::sample::Index, length in 0..60_usize) {
        let start = text.floor_char_boundary(start.index(text.len() + 1));
        let end = text.floor_char_boundary((start + length).min(text.len()));
        let range = Span::new(start, end);
        let file = syntax::scan(&text);
        let edits = format_range(&file, &options, range);
        let all = format(&file, &options);
        assert!(edits.iter().all(|edit| all.contains(edit)));
        let lines = file.lines(range);
        for edit in &edits {
            assert!(lines.start <= edit.span.start && edit.span.end <= lines.end, "{edit:?} for {range:?} in {text:?}");
        }
        let once = applied(&text, &edits);
        let after = syntax::scan(&once);
        assert_eq!(meaning(&file, &options), meaning(&after, &options), "{text:?} became {once:?}");
        assert_eq!(comments(&file), comments(&after), "{text:?} became {once:?}");
        let everything = format_range(&file, &options, Span::new(0, text.len()));
        assert_eq!(everything, all);
    }

    #[test]
    fn a_typed_line_end_changes_blanks_alone(text in unit_like(), options in options(), at: prop::sample::Index) {
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).chain([text.len()]).collect();
        let offset = ends[at.index(ends.len())];
        let file = syntax::scan(&text);
        let edits = format_after_newline(&file, &options, offset as u32);
        let once = applied(&text, &edits);
        assert!(edits.len() <= 1);
        for Edit { span, text: new } in &edits {
            let blank = |text: &str| text.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
            let here = span.start as usize <= offset && offset <= span.end as usize;
            assert!(here && blank(&text[span.range()]) && blank(new), "{edits:?} in {text:?}");
        }
        let after = syntax::scan(&once);
        // The backslash may have been the last one of the text; now blanks follow it.
        let words = |file: &File| {
            let mut parts = meaning(file, &Options { indent: Indent::Align, ..options });
            parts.retain(|part| !part.starts_with("DanglingBackslash"));
            parts
        };
        assert_eq!(words(&file), words(&after), "{text:?} became {once:?}");
        assert_eq!(comments(&file), comments(&after), "{text:?} became {once:?}");
    }
}
