//! supervisord.conf as the grammar sees it, beside what the reader sees.

use svlsp_core::syntax::supervisord::scan;
use svlsp_core::syntax::{File, ProblemKind, Section};
use svlsp_core::text::Span;
use tree_sitter::{Node, Tree};

use super::{child, span};

/// A part of a file that both readers know. Blanks around a name or a value don't count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A section begins: its name, and what is ignored behind the header.
    Section(Span, Option<Span>),
    /// An assignment below a header: its key, its value, if it isn't empty, and the value's lines.
    Directive(Span, Option<Span>, Vec<String>),
    /// A line below a header that is none.
    Invalid(Span),
    /// A comment, anywhere.
    Comment(Span),
}

/// Reads a file with the grammar.
///
/// # Panics
///
/// When the grammar doesn't fit the library, which no input changes.
pub fn parse(text: &[u8]) -> Tree {
    super::parse_as(&tree_sitter_svunit::LANGUAGE_SUPERVISORD.into(), text)
}

/// Says where the grammar and the reader see different things; `None` where they agree, or where
/// they need not: see [`inherent`].
pub fn difference(text: &str) -> Option<String> {
    let tree = parse(text.as_bytes());
    let root = tree.root_node();
    if root.has_error() {
        return Some(format!("the tree has errors: {}", root.to_sexp()));
    }
    let file = scan(text);
    if inherent(&file).is_some() {
        return None;
    }
    let (ours, theirs) = (of_file(&file), of_tree(root, text));
    let at = ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs);
    match at.unwrap_or(ours.len().min(theirs.len())) {
        at if at == ours.len() && at == theirs.len() => None,
        at => Some(format!("part {at}: reader {:?}, tree {:?}", ours.get(at), theirs.get(at))),
    }
}

/// What a file has that a grammar without an external scanner takes otherwise, as its README says.
pub fn inherent(file: &File) -> Option<&'static str> {
    let text = file.text;
    if text.starts_with('\u{feff}') {
        return Some("a byte-order mark, which tree-sitter skips");
    }
    if text.chars().any(|c| !c.is_ascii() && c.is_whitespace()) {
        return Some("a blank beyond ASCII");
    }
    let is_blank = |c: char| c.is_ascii_whitespace() || matches!(c, '\x0b' | '\x1c'..='\x1f');
    let outside = file.problems.iter().any(|problem| problem.kind == ProblemKind::OutsideSection);
    let indented = |section: &Section| {
        text[..section.header.start as usize].ends_with(|c| is_blank(c) && !matches!(c, '\n' | '\r'))
    };
    if outside && file.sections.first().is_some_and(indented) {
        return Some("an indented header, and a key in front of it without one");
    }
    let mut comments = file.comments.iter().peekable();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let (start, end) = (at, at + line.len());
        at = end;
        let comment = comments.next_if(|span| span.range().start < end).map(|span| span.range().start - start);
        let behind_blank = |at: &usize| line[..*at].chars().next_back().is_none_or(is_blank);
        let first = line.match_indices([';', '#']).map(|(at, _)| at).find(behind_blank);
        if comment != first {
            return Some("several candidates for an inline comment");
        }
        let item = line[..comment.unwrap_or(line.len())].trim_matches(is_blank);
        let is_header = |span: Span| span.range().start >= start && span.range().start < end;
        let header = file.sections.iter().any(|section| is_header(section.header));
        if item.starts_with('[') && !header && !file.directives.iter().any(|it| goes_on(it.value.span(), start)) {
            return Some("a header without a name or without its end");
        }
        let indent = line.chars().take_while(|c| is_blank(*c)).count();
        let begins = file.directives.iter().any(|it| it.key_span.range().start == start + indent);
        if begins && (matches!(indent, 3 | 5..=7) || indent > 8) {
            return Some("an indentation that isn't told from a smaller one");
        }
    }
    None
}

/// Whether a value that began on an earlier line covers the start of this one.
fn goes_on(value: Span, line: usize) -> bool {
    value.range().start < line && line < value.range().end
}

/// What the reader sees.
fn of_file(file: &File) -> Vec<Part> {
    let text = file.text;
    let mut parts: Vec<_> = file.comments.iter().copied().map(Part::Comment).collect();
    for section in &file.sections {
        let ignored = file.problems.iter().find(|problem| {
            problem.kind == ProblemKind::AfterHeader && on_one_line(text, section.header.end, problem.span.start)
        });
        parts.push(Part::Section(trimmed(section.name_span, text), ignored.map(|problem| problem.span)));
    }
    for directive in &file.directives {
        let value = &directive.value;
        let inner = Span::of(value.text().trim_matches('\n'), value.text());
        let lines = value.text().lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let whole = Some(value.source(inner)).filter(|_| !inner.is_empty());
        parts.push(Part::Directive(directive.key_span, whole, lines));
    }
    let invalid = |kind| matches!(kind, ProblemKind::MissingEquals | ProblemKind::MissingKey);
    parts.extend(file.problems.iter().filter(|it| invalid(it.kind)).map(|it| Part::Invalid(it.span)));
    parts.sort();
    parts
}

/// Whether no line ends between these offsets.
fn on_one_line(text: &str, from: u32, to: u32) -> bool {
    text.get(from as usize..to as usize).is_some_and(|between| !between.contains(['\n', '\r']))
}

/// What the grammar sees.
fn of_tree(root: Node, text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    comments(root, text, &mut parts);
    let mut cursor = root.walk();
    for section in root.children(&mut cursor).filter(|node| node.kind() == "section") {
        let mut cursor = section.walk();
        for node in section.children(&mut cursor) {
            match node.kind() {
                "section_header" => {
                    let name = child(node, "section_name").unwrap_or_default();
                    let behind = child(node, "trailing_text").map(|span| trimmed(span, text));
                    parts.push(Part::Section(trimmed(name, text), behind));
                }
                "directive" => {
                    let key = node.child_by_field_name("key").map(span).unwrap_or_default();
                    let value = node.child_by_field_name("value");
                    let lines = value.map(|value| value_lines(value, text)).unwrap_or_default();
                    parts.push(Part::Directive(key, value.map(span), lines));
                }
                "invalid_line" => parts.push(Part::Invalid(trimmed(span(node), text))),
                _ => {}
            }
        }
    }
    parts.sort();
    parts
}

/// Comments are nodes, but for those of whole lines within a continuation.
fn comments(node: Node, text: &str, parts: &mut Vec<Part>) {
    match node.kind() {
        "comment" => parts.push(Part::Comment(trimmed(span(node), text))),
        "continuation" => {
            let between = &text[node.byte_range()];
            let lines = between.split(['\n', '\r']).map(|line| Span::of(line, between).shift(node.start_byte()));
            parts.extend(lines.map(|line| trimmed(line, text)).filter(|line| !line.is_empty()).map(Part::Comment));
        }
        _ => {
            let mut cursor = node.walk();
            node.children(&mut cursor).for_each(|child| comments(child, text, parts));
        }
    }
}

/// The lines of a value, without the comments and blank lines in between.
fn value_lines(value: Node, text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut at = value.start_byte();
    let mut cursor = value.walk();
    for node in value.children(&mut cursor).filter(|node| matches!(node.kind(), "continuation" | "comment")) {
        if let Some(line) = lines.last_mut() {
            line.push_str(&text[at..node.start_byte()]);
        }
        if node.kind() == "continuation" {
            lines.push(String::new());
        }
        at = node.end_byte();
    }
    if let Some(line) = lines.last_mut() {
        line.push_str(&text[at..value.end_byte()]);
    }
    lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn trimmed(span: Span, text: &str) -> Span {
    let inner = text.get(span.range()).unwrap_or_default();
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\x1c'..='\x1f');
    Span::of(inner.trim_matches(is_blank), text)
}
