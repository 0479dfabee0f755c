//! What the tree-sitter grammar sees in a file, beside what the scanner sees.

pub mod supervisord;

use svlsp_core::syntax::{self, File, ProblemKind};
use svlsp_core::text::Span;
use tree_sitter::{Language, Node, Parser, Tree};

/// A part of a file that both readers know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A section begins; where its name is, if it has one and the header is closed.
    Section(Option<Span>),
    /// An assignment: where its key is, and its value, if it isn't empty.
    Directive(Span, Option<Span>),
}

/// Reads a file with the grammar.
///
/// # Panics
///
/// When the grammar doesn't fit the library, which no input changes.
pub fn parse(text: &[u8]) -> Tree {
    parse_as(&tree_sitter_svunit::LANGUAGE_SYSTEMD.into(), text)
}

fn parse_as(language: &Language, text: &[u8]) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(language).expect("the grammar fits");
    parser.parse(text, None).expect("nothing interrupts it")
}

/// Says where the grammar and the scanner see different things; `None` where they agree.
pub fn difference(text: &str) -> Option<String> {
    let tree = parse(text.as_bytes());
    let root = tree.root_node();
    if root.has_error() {
        return Some(format!("the tree has errors: {}", root.to_sexp()));
    }
    let file = syntax::scan(text);
    // At the end of the file the grammar takes a backslash for a continuation
    // also where blanks follow it, and counts what follows it to an unclosed quote.
    let mut unended = text;
    loop {
        unended = unended.trim_end_matches([' ', '\t', '\n', '\r']);
        let last = unended.rfind('\n').map_or(0, |at| at + 1);
        if last == 0 || !unended[last..].trim_start().starts_with(['#', ';']) {
            break;
        }
        unended = &unended[..last];
    }
    if unended.len() < text.len() && unended.ends_with('\\') {
        return None;
    }
    // The scanner stops at a line that is too long, as systemd does; an editor
    // goes on. systemd takes the first byte-order mark away from whatever line
    // it begins; the grammar knows it at the start of the file only.
    let too_long = file.problems.iter().any(|problem| problem.kind == ProblemKind::LineTooLong);
    if too_long || text.rfind('\u{feff}').is_some_and(|at| at > 0) {
        return None;
    }
    let (ours, mut theirs) = (of_file(&file), of_tree(root));
    // systemd refuses names with a backslash in them. The grammar and the
    // scanner need not agree where such a name ends.
    let headers = file.sections.iter().map(|section| has_backslash(section.header, text));
    let names = theirs.iter_mut().zip(&ours).filter_map(|parts| match parts {
        (Part::Section(theirs), Part::Section(ours)) => Some((theirs, ours)),
        _ => None,
    });
    for ((theirs, ours), _) in names.zip(headers).filter(|(_, odd)| *odd) {
        *theirs = *ours;
    }
    let at = ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs);
    match at.unwrap_or(ours.len().min(theirs.len())) {
        at if at == ours.len() && at == theirs.len() => None,
        at => Some(format!("part {at}: scanner {:?}, tree {:?}", ours.get(at), theirs.get(at))),
    }
}

/// Whether there is a backslash in a header or right behind it.
fn has_backslash(header: Span, text: &str) -> bool {
    let (inside, behind) = (&text[header], &text[header.end as usize..]);
    inside.contains('\\') || behind.trim_start_matches([' ', '\t']).starts_with('\\')
}

/// What the scanner sees.
fn of_file(file: &File) -> Vec<Part> {
    let mut parts = Vec::new();
    for section in &file.sections {
        let unclosed = |problem: &syntax::Problem| {
            problem.kind == ProblemKind::UnclosedHeader && problem.span.start == section.header.start
        };
        let name = trimmed(section.name_span, file.text);
        let closed = !file.problems.iter().any(unclosed);
        parts.push(Part::Section(Some(name).filter(|name| closed && !name.is_empty())));
        for directive in file.directives_of(section) {
            let value = directive.value.span();
            parts.push(Part::Directive(directive.key_span, Some(value).filter(|value| !value.is_empty())));
        }
    }
    parts
}

/// What the grammar sees.
fn of_tree(root: Node) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut cursor = root.walk();
    for section in root.children(&mut cursor).filter(|node| node.kind() == "section") {
        let mut cursor = section.walk();
        for node in section.children(&mut cursor) {
            match node.kind() {
                "section_header" => parts.push(Part::Section(child(node, "section_name"))),
                "invalid_header" => parts.push(Part::Section(None)),
                "directive" => {
                    let field = |name| node.child_by_field_name(name).map(span);
                    parts.push(Part::Directive(field("key").unwrap_or_default(), field("value")));
                }
                _ => {}
            }
        }
    }
    parts
}

fn child(node: Node, kind: &str) -> Option<Span> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind).map(span)
}

fn span(node: Node) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

fn trimmed(span: Span, text: &str) -> Span {
    let inner = text.get(span.range()).unwrap_or_default();
    let inner = inner.trim_matches([' ', '\t', '\r', '\n', '\0']);
    Span::of(inner, text)
}
