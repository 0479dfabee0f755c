//! What formatting must leave as it is.

use std::path::Path;

use svlsp::workspace::format;
use svlsp_core::features::format::{Indent, Options, format as edits_of};
use svlsp_core::rules::{self, Selection, Suppressions, Target};
use svlsp_core::schema::{self, Manager, Version};
use svlsp_core::syntax::{self, File, ProblemKind};
use svlsp_core::text::{self, Edit};
use svlsp_core::units::{Role, is_foreign};
use svlsp_core::values::ValueType;

/// Formats `bytes`, which come as the file `path`, and sees that they mean the
/// same afterwards.
///
/// # Panics
///
/// When they don't.
pub fn formatted(path: &str, bytes: &[u8], options: &Options) -> Vec<u8> {
    let before = text::decode(bytes);
    let once = format::text(Path::new(path), bytes, options);
    if Role::of(path).is_some_and(|role| is_foreign(role.kind(), &before.text)) {
        assert_eq!(bytes, once, "a file of another format is left alone");
        return once;
    }
    let after = text::decode(&once);
    let (old, new) = (syntax::scan_decoded(&before), syntax::scan_decoded(&after));
    let became = format!("{:?} became {:?}", before.text, after.text);
    assert_in_order(&edits_of(&old, options), &before.text);
    assert!(full(bytes).eq(full(&once)), "{became}");
    assert_eq!(meaning(&old, options), meaning(&new, options), "{became}");
    assert_eq!(comments(&old), comments(&new), "{became}");
    assert_eq!(bytes.is_empty(), once.is_empty(), "an empty file masks its unit");
    let left = edits_of(&new, options);
    assert!(left.is_empty(), "{became}, which needs {left:?}");
    let (known, found) = (findings(path, &old), findings(path, &new));
    let told: Vec<_> = found.iter().filter(|finding| !known.contains(finding)).collect();
    assert!(told.is_empty(), "{became}, about which there is to say {told:?}");
    once
}

/// What is neither blank nor ends a line.
fn full(bytes: &[u8]) -> impl Iterator<Item = &u8> {
    bytes.iter().filter(|byte| !b" \t\n\r".contains(byte))
}

/// Edits stand in the order of the text, apart from each other, and each
/// changes something.
///
/// # Panics
///
/// When they don't.
pub fn assert_in_order(edits: &[Edit], text: &str) {
    for pair in edits.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "{pair:?} in {text:?}");
    }
    for edit in edits {
        assert_ne!(text.get(edit.span.range()), Some(&*edit.text), "{edit:?} changes nothing in {text:?}");
    }
}

/// What comes out when each edit is made.
///
/// # Panics
///
/// When they don't fit together.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let applied = text::apply_all(text, [edits]);
    assert_eq!(applied.count, usize::from(!edits.is_empty()), "{edits:?} don't fit together in {text:?}");
    applied.text
}

/// Sections, keys, values, and what could not be read.
pub fn meaning(file: &File, options: &Options) -> Vec<String> {
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

/// The comments, as they are written.
pub fn comments<'t>(file: &File<'t>) -> Vec<&'t str> {
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
