//! What an editor shows of supervisord.conf, from its syntax tree.

use svlsp_core::features::{Fold, FoldKind, Symbol, Token, TokenKind};
use svlsp_core::text::Span;
use svlsp_core::values::pieces::PieceKind;
use tree_sitter::{Node, Tree};

/// The sections with their directives.
pub(super) fn symbols(tree: &Tree, text: &str) -> Vec<Symbol> {
    let section = |section: Node| {
        let name = descendant(section.child(0)?, "section_name")?;
        let directives = children(section).filter_map(|node| {
            let (key, value) = (node.child_by_field_name("key")?, node.child_by_field_name("value"));
            let value = value.map_or("", |value| &text[value.byte_range()]);
            Some(Symbol::new(&text[key.byte_range()], value, trimmed(node, text), trimmed(key, text)))
        });
        let children: Vec<Symbol> = directives.collect();
        let header = trimmed(section.child(0)?, text);
        let span = children.last().map_or(header, |last| header.cover(last.span));
        Some(Symbol { children, ..Symbol::new(&text[name.byte_range()], "", span, trimmed(name, text)) })
    };
    children(tree.root_node()).filter(|node| node.kind() == "section").filter_map(section).collect()
}

/// The sections, values of several lines and blocks of comments.
pub(super) fn folds(tree: &Tree, text: &str) -> Vec<Fold> {
    let mut folds = Vec::new();
    let root = tree.root_node();
    blocks(root, text, &mut folds);
    for section in children(root).filter(|node| node.kind() == "section") {
        folds.push(Fold { span: trimmed(section, text), kind: FoldKind::Section });
        let directives = children(section).filter(|node| node.kind() == "directive");
        folds.extend(directives.map(|node| Fold { span: trimmed(node, text), kind: FoldKind::Value }));
        blocks(section, text, &mut folds);
    }
    folds.retain(|fold| text[fold.span].contains(['\n', '\r']));
    folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end)));
    folds
}

/// Comments below each other among the children of `parent`.
fn blocks(parent: Node, text: &str, folds: &mut Vec<Fold>) {
    let mut block: Option<(Span, usize)> = None;
    for comment in children(parent).filter(|node| node.kind() == "comment") {
        let (span, row) = (trimmed(comment, text), comment.start_position().row);
        block = match block {
            Some((above, last)) if row == last + 1 => Some((above.cover(span), row)),
            before => {
                folds.extend(before.map(|(span, _)| Fold { span, kind: FoldKind::Comment }));
                Some((span, row))
            }
        };
    }
    folds.extend(block.map(|(span, _)| Fold { span, kind: FoldKind::Comment }));
}

/// What contains `offset`, the smallest first; each is within the next one and smaller.
pub(super) fn selection(tree: &Tree, text: &str, offset: u32) -> Vec<Span> {
    let at = offset as usize;
    let mut node = tree.root_node().named_descendant_for_byte_range(at, at);
    let mut spans: Vec<Span> = Vec::new();
    while let Some(inner) = node {
        let span = match inner.parent() {
            Some(_) => trimmed(inner, text),
            None => Span::new(0, text.len()),
        };
        let grows = |last: &Span| span.start <= last.start && last.end <= span.end && span != *last;
        if span.start <= offset && offset <= span.end && spans.last().is_none_or(grows) {
            spans.push(span);
        }
        node = inner.parent();
    }
    spans
}

/// The parts that touch `within`, in order and apart from each other.
pub(super) fn tokens(tree: &Tree, text: &str, within: Span) -> Vec<Token> {
    let mut out = Vec::new();
    let mut push = |span: Span, kind: TokenKind| {
        if !span.is_empty() && span.end >= within.start && span.start <= within.end {
            out.push(Token { span, kind, deprecated: false });
        }
    };
    let mut cursor = tree.walk();
    let mut deeper = true;
    loop {
        if deeper {
            let node = cursor.node();
            let span = trimmed(node, text);
            let beside = node.end_byte() < within.start as usize || node.start_byte() > within.end as usize;
            let kind = match node.kind() {
                "comment" => Some(TokenKind::Comment),
                "key" => Some(TokenKind::Key),
                "section_name" => Some(TokenKind::Section),
                _ => None,
            };
            if let Some(kind) = kind.filter(|_| !beside) {
                push(span, kind);
            } else if node.kind() == "value" && !beside {
                value(node, text, &mut push);
            } else if !beside && cursor.goto_first_child() {
                continue;
            }
        }
        deeper = cursor.goto_next_sibling();
        if !deeper && !cursor.goto_parent() {
            return out;
        }
    }
}

/// A value with what is special in it.
fn value(node: Node, text: &str, push: &mut impl FnMut(Span, TokenKind)) {
    let whole = trimmed(node, text);
    let kind = kind_of(&text[whole]);
    let mut start = whole.start;
    for child in children(node) {
        let span = Span::new(child.start_byte(), child.end_byte());
        let special = match child.kind() {
            "expansion" | "escape_sequence" => Some(PieceKind::Specifier),
            "continuation" => None,
            _ => continue,
        };
        push(Span { start, end: span.start.max(start) }, TokenKind::Value(kind));
        special.into_iter().for_each(|kind| push(span, TokenKind::Value(kind)));
        start = span.end;
    }
    push(Span { start, end: whole.end.max(start) }, TokenKind::Value(kind));
}

fn kind_of(value: &str) -> PieceKind {
    let is = |word: &&str| value.eq_ignore_ascii_case(word);
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let digits =
        digits.strip_suffix("KB").or(digits.strip_suffix("MB")).or(digits.strip_suffix("GB")).unwrap_or(digits);
    match () {
        () if ["true", "yes", "on", "false", "no", "off"].iter().any(is) => PieceKind::Boolean,
        () if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => PieceKind::Number,
        () if value.starts_with('/') && !value.contains(char::is_whitespace) => PieceKind::Path,
        () => PieceKind::Text,
    }
}

fn children(node: Node) -> impl Iterator<Item = Node> {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    std::iter::from_fn(move || {
        if !more {
            return None;
        }
        let node = cursor.node();
        more = cursor.goto_next_sibling();
        Some(node)
    })
}

fn descendant<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    children(node).find(|child| child.kind() == kind)
}

/// The span of a node without blanks and line ends around it.
fn trimmed(node: Node, text: &str) -> Span {
    let range = node.byte_range();
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    Span::new(start, (range.start + part.trim_end().len()).max(start))
}
