use super::Hover;
use crate::rules;
use crate::syntax::File;
use crate::text::Span;

/// What the rules find that a comment for us silences; the one under the cursor, or all.
pub(super) fn hover(file: &File, comment: Span, offset: u32) -> Option<Hover> {
    let named = rules::silenced(file, comment);
    let here = named.iter().find(|(_, span)| span.start <= offset && offset <= span.end);
    if let Some((rule, span)) = here {
        let markdown = format!("**{}** ({})\n\n{}", rule.name, rule.severity.name(), rule.doc);
        return Some(Hover { span: *span, markdown });
    }
    let first = |doc: &str| doc.split("\n\n").next().unwrap_or_default().to_owned();
    let lines: Vec<String> = named
        .iter()
        .map(|(rule, _)| format!("- **{}** ({}): {}", rule.name, rule.severity.name(), first(rule.doc)))
        .collect();
    (!lines.is_empty()).then(|| Hover { span: comment, markdown: format!("Silences\n\n{}", lines.join("\n")) })
}
