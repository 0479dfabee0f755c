//! Text within Markdown.

/// The most characters of a text that is quoted.
const MOST: usize = 100;

/// `text` as code within a line of Markdown: cut where it is long, with escapes for what can't be seen.
pub fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(MOST) + 2);
    for (at, c) in text.chars().enumerate() {
        if at == MOST {
            shown.push('…');
            break;
        }
        push_visible(c, &mut shown);
    }
    let runs = shown.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(runs + 1);
    let blank = if shown.is_empty() || shown.starts_with('`') || shown.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
}

/// Appends `c`, or an escape for it if it can't be seen.
pub fn push_visible(c: char, out: &mut String) {
    let turns_text =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if c.is_control() || turns_text { out.extend(c.escape_default()) } else { out.push(c) }
}

/// `text` as running text of Markdown: nothing in it is markup.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&') {
            out.push('\\');
        }
        push_visible(c, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_the_quotes() {
        for (text, expected) in
            [("a b", "`a b`"), ("", "`  `"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a\nb\u{202e}", "`a\\nb\\u{202e}`")]
        {
            assert_eq!(code(text), expected, "{text:?}");
        }
        assert_eq!(code(&"ä".repeat(101)), format!("`{}…`", "ä".repeat(100)));
        assert_eq!(plain("*a* [b](c)\n"), "\\*a\\* \\[b\\](c)\\n");
    }
}
