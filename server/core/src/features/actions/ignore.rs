use super::line_end;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{self, Suppressions};
use crate::syntax::{Dialect, File, scan, supervisord};
use crate::text::{Edit, Span, apply_all};

/// A comment that silences what `rule` has found at `span`: its name in the comment that stands
/// above already, else a new one above the whole line. `None` where no comment can.
pub fn ignore(file: &File, rule: &str, span: Span) -> Option<Edit> {
    let rule = rules::get(rule)?.name;
    let start = line(file, span.start);
    let edit = beside(file, rule, start).unwrap_or_else(|| above(file, rule, start));
    silences(file, rule, span, &edit).then_some(edit)
}

/// Where the line that `offset` is in begins; of a continued one the first.
fn line(file: &File, offset: u32) -> u32 {
    let next = file.directives.partition_point(|directive| directive.span.start <= offset);
    let directive = next.checked_sub(1).map(|at| file.directives[at].span);
    let problem =
        file.problems.iter().map(|problem| problem.span).find(|span| span.start <= offset && offset <= span.end);
    let first =
        [directive, problem].into_iter().flatten().filter(|span| offset <= span.end).map(|span| span.start).min();
    file.line(first.unwrap_or(offset)).start
}

/// Another name in the list of the comment right above.
fn beside(file: &File, rule: &str, start: u32) -> Option<Edit> {
    let at = file.comments.partition_point(|comment| comment.start < start).checked_sub(1)?;
    let comment = file.comments[at];
    if file.lines(comment).end != start || file.text[comment].contains("ignore-file") {
        return None;
    }
    let (_, last) = rules::silenced(file, comment).into_iter().last()?;
    Some(Edit::insert(last.end as usize, format!(", {rule}")))
}

fn above(file: &File, rule: &str, start: u32) -> Edit {
    let text = &file.text[start as usize..];
    let mark = if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = &text[mark..];
    let indent = &text[..text.len() - text.trim_start_matches([' ', '\t']).len()];
    let comment = format!("{indent}# svlsp: ignore[{rule}]{}", line_end(file.text));
    Edit::insert(start as usize + mark, comment)
}

/// Whether it does, and changes nothing else.
fn silences(file: &File, rule: &'static str, span: Span, edit: &Edit) -> bool {
    let text = apply_all(file.text, [std::slice::from_ref(edit)]).text;
    let after = match file.dialect {
        Dialect::Systemd => scan(&text),
        Dialect::Supervisord => supervisord::scan(&text),
    };
    let moved = if edit.span.start <= span.start { edit.text.len() } else { 0 };
    let finding = Diagnostic::new(rule, Severity::Hint, span.shift(moved), "");
    let same = file.directives.len() == after.directives.len()
        && file
            .directives
            .iter()
            .zip(&after.directives)
            .all(|(a, b)| a.key == b.key && a.value.text() == b.value.text());
    same && Suppressions::read(&after).0.silence(&finding)
}
