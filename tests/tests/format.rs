//! Formatting changes how a file looks and never what it means.

use std::fs;

use proptest::prelude::*;
use svlsp_core::features::format::{Equals, Indent, Options, format, format_after_newline, format_range};
use svlsp_core::syntax::{self, File};
use svlsp_core::text::{Edit, Span};
use svlsp_tests::formatting::{applied, comments, formatted, meaning};
use svlsp_tests::{bodies, corpus, samples};

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
            changed += usize::from(formatted(&path.to_string_lossy(), &bytes, options) != bytes);
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
        formatted("a.service", text.as_bytes(), &Options::default());
        formatted("a.service", text.as_bytes(), &options);
    }

    #[test]
    fn any_bytes_keep_their_meaning(bytes in unit_like(), choice in any::<[u8; 5]>(), at: prop::sample::Index) {
        let mut bytes = [&choice[..], bytes.as_bytes()].concat();
        let at = at.index(bytes.len());
        bytes[at] = 0xff;
        bodies::format(&bytes);
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
