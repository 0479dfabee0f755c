//! What can be folded away.

use super::Document;
use crate::syntax::File;
use crate::text::Span;

/// Lines of which only the first one need be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From somewhere in the first line to somewhere in the last one.
    pub span: Span,
    /// What they are.
    pub kind: FoldKind,
}

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// A section.
    Section,
    /// A value of several lines.
    Value,
    /// Comments in lines that follow each other.
    Comment,
}

/// The sections, values of several lines and blocks of comments.
pub fn folds(document: &Document) -> Vec<Fold> {
    let file = document.file;
    let blocks: Vec<Span> = comment_blocks(file).collect();
    let mut folds = Vec::new();
    for (at, section) in file.sections.iter().enumerate() {
        let next = file.sections.get(at + 1).map_or(file.text.len() as u32, |next| next.header.start);
        let last = file.directives_of(section).last().map_or(section.header.end, |last| last.span.end);
        // A block of comments right above the next header belongs to that one.
        let above = |block: &&Span| next < file.text.len() as u32 && follows(file, block.end, next);
        let inside = blocks.partition_point(|block| block.start < next);
        let comment = blocks[..inside].iter().rev().take(2).find(|block| !above(block));
        let end = comment.map_or(last, |block| last.max(block.end));
        folds.push(Fold { span: Span { start: section.header.start, end }, kind: FoldKind::Section });
    }
    let values = file.directives.iter().filter(|directive| directive.value.is_continued());
    folds.extend(values.map(|directive| Fold { span: directive.span, kind: FoldKind::Value }));
    folds.extend(blocks.into_iter().map(|span| Fold { span, kind: FoldKind::Comment }));
    folds.retain(|fold| file.text[fold.span].contains(['\n', '\r']));
    folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end)));
    folds
}

/// Comments that stand below each other, but for those inside of a value.
pub(super) fn comment_blocks(file: &File) -> impl Iterator<Item = Span> {
    let inside = |comment: &Span| {
        let before = Span { start: file.line(comment.start).start, end: comment.start };
        if !file.text[before].trim().is_empty() {
            // In supervisord.conf it may stand behind something.
            return true;
        }
        let next = file.directives.partition_point(|directive| directive.span.start <= comment.start);
        next.checked_sub(1).is_some_and(|at| comment.start < file.directives[at].span.end)
    };
    let mut comments = file.comments.iter().copied().filter(move |comment| !inside(comment)).peekable();
    std::iter::from_fn(move || {
        let mut block = comments.next()?;
        while let Some(next) = comments.next_if(|next| follows(file, block.end, next.start)) {
            block.end = next.end;
        }
        Some(block)
    })
}

/// Whether what begins at `start` stands in the line below the one that ends at `end`.
fn follows(file: &File, end: u32, start: u32) -> bool {
    let between = &file.text[Span { start: end, end: start.max(end) }];
    let between = between.strip_prefix("\r\n").or_else(|| between.strip_prefix(['\n', '\r']));
    between.is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b' ' | b'\t')))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::Open;
    use super::*;

    #[test]
    fn of_a_file() {
        let text = concat!(
            "# a\r\n# b\r\n\n# alone\n[Unit]\nA=b \\\n# in\n# it\n c\n\n# of Unit\n\n# of Empty\n ; too\n[Empty]\n",
            "[One]\nA=b\n[Last]\nA=b\\\n"
        );
        let mut out = String::new();
        Open::new("a.service", text).with(|document| {
            for Fold { span, kind } in folds(document) {
                out.push_str(&format!("{kind:?} {:?}\n", &text[span]));
            }
        });
        expect![[r##"
            Comment "# a\r\n# b"
            Section "[Unit]\nA=b \\\n# in\n# it\n c\n\n# of Unit"
            Value "A=b \\\n# in\n# it\n c"
            Comment "# of Empty\n ; too"
            Section "[One]\nA=b"
            Section "[Last]\nA=b"
        "##]]
        .assert_eq(&out);
    }
}
