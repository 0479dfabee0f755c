//! `Documentation=`: URIs (`documentation_url_is_valid` of `src/basic/web-util.c`).

use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown, whole};

/// The URIs; bad ones are dropped.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut uris = Vec::new();
    let mut words = Words::new(text, Style::TUPLES);
    while let Some(word) = words.next_word(problems) {
        if specifier::resolve(&word, Place::TEXT, context, problems, judge).is_some() {
            uris.push(word);
        }
    }
    uris
}

fn judge(uri: &str) -> Result<(), Problem> {
    let rest = ["http://", "https://", "file:/", "info:", "man:"].into_iter().find_map(|start| uri.strip_prefix(start));
    if rest.is_some_and(|rest| !rest.is_empty() && rest.is_ascii()) {
        return Ok(());
    }
    let span = whole(uri);
    if rest.is_some_and(|rest| !rest.is_empty()) {
        return Err(Problem::refused(span, format!("a URI is ASCII only: \"{}\"", shown(uri))));
    }
    let message = format!(
        "\"{}\" is no URI that begins with \"https://\", \"http://\", \"file:/\", \"info:\" or \"man:\"",
        shown(uri)
    );
    let problem = Problem::refused(span, message);
    Err(if is_page(uri) { problem.or(format!("man:{uri}"), false) } else { problem })
}

/// Whether it is written like a manual page: `ls(1)`.
fn is_page(text: &str) -> bool {
    let page = text.strip_suffix(')').and_then(|page| page.split_once('('));
    page.is_some_and(|(name, section)| !name.is_empty() && section.starts_with(|char: char| char.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn uris_are_judged() {
        let no = "is no URI that begins with \"https://\", \"http://\", \"file:/\", \"info:\" or \"man:\"";
        for (text, expected) in [
            ("man:ls(1) https://example.org/%i info:a file:///x", String::new()),
            ("ls(1)", format!("refused 0-5 \"ls(1)\" {no} (perhaps: man:ls(1))")),
            ("man:ls(1) www.example.org", format!("refused 10-25 \"www.example.org\" {no}")),
            ("https://", format!("refused 0-8 \"https://\" {no}")),
            ("man:ä", "refused 0-6 a URI is ASCII only: \"man:ä\"".to_owned()),
        ] {
            assert_eq!(check("Documentation", 262, "a.service", text), expected, "{text}");
        }
    }
}
