//! What a selection grows to, step by step.

use super::folds::comment_blocks;
use super::{Document, Part};
use crate::syntax::{Directive, Section};
use crate::text::Span;
use crate::values::pieces::{pieces, words};
use crate::values::words::{Style, Words};

/// What contains `offset`, the smallest first: a word, the value, the directive, the section, the
/// file. Each is within the next one and smaller.
pub fn selection(document: &Document, offset: u32) -> Vec<Span> {
    let file = document.file;
    let place = document.place(offset);
    let mut spans = Vec::new();
    match (place.section, place.part) {
        (Some(section), Part::Header) => spans.extend([section.name_span, section.header]),
        (_, Part::Comment(comment)) => {
            spans.push(comment);
            spans.extend(comment_blocks(file).find(|block| block.start <= comment.start && comment.end <= block.end));
        }
        (_, Part::Key(directive)) => spans.extend([directive.key_span, directive.span]),
        (Some(section), Part::Value { directive, at }) => {
            in_value(document, section, directive, at, &mut spans);
            spans.extend([directive.value.span(), directive.span]);
        }
        _ => {}
    }
    if let Some(section) = place.section {
        let last = file.directives_of(section).last().map_or(section.header, |last| last.span);
        spans.push(section.header.cover(last));
    }
    spans.push(Span::new(0, file.text.len()));
    nested(&spans, offset)
}

fn in_value(document: &Document, section: &Section, directive: &Directive, at: u32, spans: &mut Vec<Span>) {
    let text = directive.value.text();
    let here = |span: &Span| span.start <= at && at <= span.end;
    if let Some(entry) = document.entry(section, directive) {
        let context = document.context(entry);
        let words = words(text, &context);
        for parts in [&pieces(text, &context), &words] {
            // At the seam of two, the one behind it.
            spans.extend(parts.iter().map(|piece| piece.span).rfind(here).map(|span| directive.value.source(span)));
        }
        if words.len() > 1 {
            return;
        }
    }
    let mut plain = Words::new(text, Style::PLAIN).map_while(Result::ok).map(|word| word.span);
    spans.extend(plain.find(here).map(|span| directive.value.source(span)));
}

/// `spans` in the order of their size, without those that don't contain `offset` or the one before.
fn nested(spans: &[Span], offset: u32) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.iter().copied().filter(|s| s.start <= offset && offset <= s.end).collect();
    sorted.sort_by_key(|span| span.len());
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        let grows = |last: &Span| span.start <= last.start && last.end <= span.end && span != *last;
        if out.last().is_none_or(grows) {
            out.push(span);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::{Open, cursor};
    use super::*;

    fn check(text: &str, expect: Expect) {
        let (text, offset) = cursor(text);
        let (text, mut out) = (text.as_str(), String::new());
        Open::new("a.service", text).with(|document| {
            for span in selection(document, offset) {
                out.push_str(&format!("{:?}\n", &text[span]));
            }
        });
        expect.assert_eq(&out);
    }

    #[test]
    fn in_a_command() {
        check(
            "[Unit]\n\n[Service]\nExecStart=-/bin/a \"b ${C$0} d\" \\\n  e\n# f\n",
            expect![[r#"
            "${C}"
            "\"b ${C} d\""
            "-/bin/a \"b ${C} d\" \\\n  e"
            "ExecStart=-/bin/a \"b ${C} d\" \\\n  e"
            "[Service]\nExecStart=-/bin/a \"b ${C} d\" \\\n  e"
            "[Unit]\n\n[Service]\nExecStart=-/bin/a \"b ${C} d\" \\\n  e\n# f\n"
        "#]],
        );
    }

    #[test]
    fn elsewhere() {
        check(
            "# a\n# b$0\n[Unit]\n",
            expect![[r##"
            "# b"
            "# a\n# b"
            "# a\n# b\n[Unit]\n"
        "##]],
        );
        check(
            "[Un$0it]\nA=b\n",
            expect![[r#"
            "Unit"
            "[Unit]"
            "[Unit]\nA=b"
            "[Unit]\nA=b\n"
        "#]],
        );
        check(
            "[Unit]\nAf$0ter=b\n",
            expect![[r#"
            "After"
            "After=b"
            "[Unit]\nAfter=b"
            "[Unit]\nAfter=b\n"
        "#]],
        );
        check(
            "[Unit]\nDescription=b c$0c\n",
            expect![[r#"
            "cc"
            "b cc"
            "Description=b cc"
            "[Unit]\nDescription=b cc"
            "[Unit]\nDescription=b cc\n"
        "#]],
        );
        check(
            "[Unit]\n$0\n\n",
            expect![[r#"
            "[Unit]\n\n\n"
        "#]],
        );
        check(
            "$0",
            expect![[r#"
            ""
        "#]],
        );
    }
}
