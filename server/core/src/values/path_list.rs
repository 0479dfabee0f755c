//! Lists of paths.

use super::path::{self, PrefixedPath, Want};
use super::words::{Style, Word, Words};
use super::{Context, Problem};

/// Paths with blanks in between, as `ListenUSBFunction=` … take them
/// (`config_parse_unit_path_strv_printf`); the first bad one ends the list.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    until_bad(Words::new(text, Style::QUOTED), context, problems)
}

/// Paths with colons in between (`config_parse_colon_separated_paths`); the first bad one ends the list.
pub fn parse_colons<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    until_bad(Words::new(text, Style::COLONS), context, problems)
}

/// The paths of `RequiresMountsFor=` and `WantsMountsFor=`.
pub fn parse_mounts<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut paths = Vec::new();
    let mut words = Words::new(text, Style::QUOTED);
    while let Some(word) = words.next_word(problems) {
        if path::resolve(&word, Want::Absolute, context, problems).is_some() {
            paths.push(word);
        }
    }
    paths
}

/// The paths of `ReadWritePaths=` and its like, with their `-` and `+`
/// (`config_parse_namespace_path_strv`).
pub fn parse_namespace<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<PrefixedPath<'t>> {
    let mut paths = Vec::new();
    let mut words = Words::new(text, Style::QUOTED);
    while let Some(word) = words.next_word(problems) {
        let optional = word.text.starts_with('-');
        let below_root = word.text[usize::from(optional)..].starts_with('+');
        let prefixed = PrefixedPath {
            optional,
            below_root,
            path: word.into_tail(usize::from(optional) + usize::from(below_root)),
        };
        if prefixed.path.text.starts_with("-/") && below_root && !optional {
            problems.push(Problem::refused(prefixed.path.span, "the \"-\" must stand in front of the \"+\""));
        } else if path::resolve(&prefixed.path, Want::Absolute, context, problems).is_some() {
            paths.push(prefixed);
        }
    }
    paths
}

fn until_bad<'t>(mut words: Words<'t>, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut paths = Vec::new();
    while let Some(word) = words.next_word(problems) {
        if path::resolve(&word, Want::Absolute, context, problems).is_none() {
            break;
        }
        paths.push(word);
    }
    paths
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn lists_are_read_to_where_systemd_reads_them() {
        for (directive, value, expected) in [
            ("ReadWritePaths", "/a -/b -+/c +/d \"/e f\"", ""),
            ("ReadWritePaths", "/a b", "refused 3-4 \"b\" is not an absolute path"),
            ("ReadWritePaths", "/a +-/b", "refused 4-7 the \"-\" must stand in front of the \"+\""),
            ("ReadWritePaths", "/a:/b", ""),
            (
                "ReadWritePaths",
                "a \"/b",
                "refused 0-1 \"a\" is not an absolute path\nrefused 2-3 this quote is never closed",
            ),
            (
                "RequiresMountsFor",
                "a /b c",
                "refused 0-1 \"a\" is not an absolute path\nrefused 5-6 \"c\" is not an absolute path",
            ),
            ("ExecSearchPath", "/a:/b", ""),
            ("ExecSearchPath", "/a::b", "refused 3-3 a path is missing"),
        ] {
            assert_eq!(check(directive, 262, "a.service", value), expected, "{directive}={value}");
        }
    }
}
