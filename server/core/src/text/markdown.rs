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

/// `markdown` for those who can only show text: without fences, stars, backticks and
/// escapes, and with what a link leads to behind it.
pub fn to_text(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut fenced = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        match fenced {
            true => out.push_str(line),
            false => line_to_text(line, &mut out),
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

fn line_to_text(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['\\', '`', '*', '[', ']']) {
        out.push_str(&rest[..at]);
        let markup = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match markup {
            b'\\' => {
                let length = rest.chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
            b'`' => rest = code_to_text(rest, out),
            b']' => match rest.strip_prefix('(').and_then(|target| target.split_once(')')) {
                Some((target, behind)) => {
                    out.extend([": ", target]);
                    rest = behind;
                }
                None => out.push(']'),
            },
            b'[' if !rest.split_once(']').is_some_and(|(_, behind)| behind.starts_with('(')) => out.push('['),
            _ => {}
        }
    }
    out.push_str(rest);
}

/// Takes the code that `rest`, behind its first backtick, begins with; what follows it.
fn code_to_text<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let more = rest.len() - rest.trim_start_matches('`').len();
    let rest = &rest[more..];
    match rest.split_once(&"`".repeat(more + 1)) {
        Some((code, behind)) => {
            let blanks = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
            out.push_str(blanks.unwrap_or(code));
            behind
        }
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_text() {
        for (markdown, text) in [
            ("**A=** in [Unit]\n\n- `a` or ``b`c``\n", "A= in [Unit]\n\n- a or b`c"),
            ("x\n```ini\n[A]\nB=`*`\n```\n[B=](https://a/b)\n", "x\n[A]\nB=`*`\nB=: https://a/b"),
            (&plain("*a* [b](c)"), "*a* [b](c)"),
            (&code("`"), "`"),
            ("`a", "a"),
            ("a\\", "a"),
        ] {
            assert_eq!(to_text(markdown), text, "{markdown}");
        }
    }

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
