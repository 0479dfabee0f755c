//! `test/corpus`, in the format of `tree-sitter test`.
//!
//! With the environment variable `UPDATE_CORPUS` set, the expected trees are rewritten instead.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use tree_sitter::{Language, Parser};

use crate::languages;

struct Case {
    name: String,
    language: Language,
    input: String,
    expected: String,
}

#[test]
fn corpus() {
    let update = env::var_os("UPDATE_CORPUS").is_some();
    let mut count = 0;
    let mut failures = String::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("test/corpus")) {
        let text = fs::read_to_string(&path).expect("the corpus is readable");
        let mut updated = Vec::new();
        for (header, case) in cases(&text) {
            let mut parser = Parser::new();
            parser.set_language(&case.language).expect("the ABI is supported");
            let tree = parser.parse(&case.input, None).expect("nothing cancels the parser");
            let actual = indent(&tree.root_node().to_sexp());
            if actual != indent(&case.expected) {
                let Case { name, expected, .. } = &case;
                let _ = write!(failures, "\n{}: {name}\nexpected\n{expected}\nfound\n{actual}\n", path.display());
            }
            updated.push(format!("{header}\n{}\n---\n\n{actual}\n", case.input));
            count += 1;
        }
        if update {
            fs::write(&path, updated.join("\n")).expect("the corpus is writable");
        }
    }
    assert!(count > 50, "only {count} cases found");
    assert!(update || failures.is_empty(), "{failures}");
}

/// The cases of a file, each with its header as written.
fn cases(text: &str) -> Vec<(String, Case)> {
    let lines: Vec<&str> = text.lines().collect();
    let rulers: Vec<usize> = (0..lines.len()).filter(|&at| is_ruler(lines[at], '=')).collect();
    let (headers, rest) = rulers.as_chunks::<2>();
    assert!(rest.is_empty(), "a header that does not end");
    let ends = headers.iter().skip(1).map(|header| header[0]).chain([lines.len()]);
    headers
        .iter()
        .zip(ends)
        .map(|(&[start, end], next)| {
            let header = &lines[start..=end];
            let body = &lines[end + 1..next];
            let divider =
                body.iter().rposition(|line| is_ruler(line, '-')).unwrap_or_else(|| panic!("no --- in {}", header[1]));
            let case = Case {
                name: header[1].to_owned(),
                language: language(header),
                input: body[..divider].join("\n"),
                expected: body[divider + 1..].join(" "),
            };
            (header.join("\n"), case)
        })
        .collect()
}

fn is_ruler(line: &str, character: char) -> bool {
    line.len() >= 3 && line.chars().all(|found| found == character)
}

fn language(header: &[&str]) -> Language {
    let name = header
        .iter()
        .find_map(|line| line.strip_prefix(":language(")?.strip_suffix(')'))
        .unwrap_or_else(|| panic!("{}: no :language(…)", header[1]));
    let found = languages().into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no language {name}")).1
}

/// An S-expression as `tree-sitter test` writes it: one node a line.
fn indent(expression: &str) -> String {
    let mut text = String::new();
    let mut depth = 0;
    for word in expression.split_whitespace() {
        let starts_field = word.ends_with(':');
        if !text.is_empty() {
            match text.ends_with(':') {
                true => text.push(' '),
                false => {
                    text.push('\n');
                    text.push_str(&"  ".repeat(depth));
                }
            }
        }
        text.push_str(word);
        if !starts_field {
            depth += word.matches('(').count();
            depth -= word.matches(')').count();
        }
    }
    text
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the corpus is readable").flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found.sort();
    found
}
