//! Our documentation's Markdown as text for a terminal.

/// How wide a paragraph may be, in characters.
const WIDTH: usize = 80;

/// Sets `markdown` for a terminal: paragraphs wrapped, code indented, inline
/// code and links as they are.
pub(super) fn render(markdown: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if code {
            push(&mut out, "    ", line);
        } else if let Some(item) = line.strip_prefix("- ") {
            wrap(&mut out, "- ", "  ", item);
        } else {
            wrap(&mut out, "", "", line);
        }
    }
    out
}

/// Sets `text` behind a label that is `column` wide.
pub(super) fn row(label: &str, column: usize, text: &str) -> String {
    let mut out = String::new();
    wrap(&mut out, &format!("{label:<column$}"), &" ".repeat(column), text);
    out
}

fn wrap(out: &mut String, first: &str, other: &str, text: &str) {
    let mut line = String::new();
    let mut indent = first;
    for word in text.split(' ') {
        if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            push(out, indent, &line);
            line.clear();
            indent = other;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    push(out, indent, &line);
}

fn push(out: &mut String, indent: &str, line: &str) {
    if !line.is_empty() {
        out.push_str(indent);
        out.push_str(line);
    }
    out.push('\n');
}
