//! `test/highlight`, in the format of `tree-sitter test`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tree_sitter_highlight::{Highlight, HighlightConfiguration, HighlightEvent, Highlighter};
use tree_sitter_svunit::{LANGUAGE_SUPERVISORD, LANGUAGE_SYSTEMD, supervisord, systemd};

#[test]
fn systemd_units() {
    check(
        "unit.service",
        HighlightConfiguration::new(
            LANGUAGE_SYSTEMD.into(),
            "systemd",
            systemd::HIGHLIGHTS_QUERY,
            systemd::INJECTIONS_QUERY,
            "",
        ),
    );
}

#[test]
fn supervisord_conf() {
    check(
        "supervisord.conf",
        HighlightConfiguration::new(
            LANGUAGE_SUPERVISORD.into(),
            "supervisord",
            supervisord::HIGHLIGHTS_QUERY,
            supervisord::INJECTIONS_QUERY,
            "",
        ),
    );
}

fn check(file: &str, configuration: Result<HighlightConfiguration, tree_sitter::QueryError>) {
    let mut configuration = configuration.expect("the queries fit the language");
    let names: Vec<String> = configuration.names().iter().map(|&name| name.to_owned()).collect();
    configuration.configure(&names);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test/highlight").join(file);
    let source = fs::read_to_string(path).expect("the test is readable");
    let found = highlights(&source, &configuration);

    let mut failures = String::new();
    let mut line_start = 0;
    let mut target_start = 0;
    let mut count = 0;
    for line in source.split_inclusive('\n') {
        match assertion(line) {
            Some((columns, expected)) => {
                for column in columns {
                    count += 1;
                    let actual = found[target_start + column].map_or("nothing", |at| &names[at]);
                    if actual != expected {
                        let _ = writeln!(failures, "column {column} is {actual}: {line}");
                    }
                }
            }
            None => target_start = line_start,
        }
        line_start += line.len();
    }
    assert!(count > 20, "only {count} assertions found");
    assert!(failures.is_empty(), "{failures}");
}

/// The columns and the highlight that a comment asserts of the line above it:
/// `# ^^ name` of the columns of the carets, `# <- name` of the column where the comment begins.
fn assertion(line: &str) -> Option<(std::ops::Range<usize>, &str)> {
    let start = line.find(['#', ';']).filter(|&at| line[..at].trim().is_empty())?;
    let carets = |&(at, _): &(usize, char)| line[at..].starts_with('^');
    let (columns, rest) = if let Some((from, _)) = line.char_indices().find(carets) {
        let rest = line[from..].trim_start_matches('^');
        (from..line.len() - rest.len(), rest)
    } else {
        (start..start + 1, line[start + 1..].trim_start().strip_prefix("<-")?)
    };
    Some((columns, rest.trim()))
}

/// For each byte, the innermost highlight.
fn highlights(source: &str, configuration: &HighlightConfiguration) -> Vec<Option<usize>> {
    let mut highlighter = Highlighter::new();
    let events = highlighter
        .highlight(configuration, source.as_bytes(), None, None, |_| None)
        .expect("nothing cancels the highlighter");
    let mut found = vec![None; source.len()];
    let mut stack: Vec<usize> = Vec::new();
    for event in events {
        match event.expect("nothing cancels the highlighter") {
            HighlightEvent::HighlightStart(Highlight(at)) => stack.push(at),
            HighlightEvent::HighlightEnd => {
                stack.pop();
            }
            HighlightEvent::Source { start, end } => {
                found[start..end].fill(stack.last().copied());
            }
        }
    }
    found
}
