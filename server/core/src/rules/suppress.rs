//! Comments that silence findings: `# svlsp: ignore[rule]`.

use super::{Findings, Rule, invalid_ignore, unused_ignore};
use crate::diagnostic::Diagnostic;
use crate::syntax::File;
use crate::text::Span;

/// What a comment for us begins with.
const MARK: &str = "svlsp:";

/// What the comments of one file silence.
#[derive(Debug, Default)]
pub struct Suppressions {
    /// For the whole file, by rule.
    whole: Vec<Entry>,
    /// For a line, in the order of the file.
    lines: Vec<Entry>,
}

/// One rule named in one comment.
#[derive(Debug)]
struct Entry {
    rule: &'static Rule,
    /// The rule's name in the comment.
    name: Span,
    /// What to take away when the name is of no use.
    removal: Span,
    /// Findings that begin here are silenced.
    covers: Span,
    /// The furthest that this entry and those before it cover.
    reach: u32,
    used: bool,
}

/// A comment that speaks to us, in parts.
struct Order<'t> {
    /// Where it stands.
    comment: Span,
    whole_file: bool,
    /// Between the brackets.
    names: &'t str,
}

impl Suppressions {
    /// Reads the comments of `file`; those that make no sense are findings of
    /// the rule `invalid-ignore`.
    pub fn read(file: &File) -> (Self, Findings) {
        let mut suppressions = Suppressions::default();
        let mut findings = Findings::new();
        if !file.comments.iter().any(|&comment| file.text[comment].contains(MARK)) {
            return (suppressions, findings);
        }
        for (&comment, below) in file.comments.iter().zip(lines_below(file)) {
            match order(file, comment) {
                None => {}
                Some(Ok(order)) => suppressions.obey(file, &order, below, &mut findings),
                Some(Err(finding)) => findings.push(finding),
            }
        }
        suppressions.whole.sort_by_key(|entry| entry.rule.name);
        (suppressions, findings)
    }

    /// Whether nothing is silenced.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.lines.is_empty()
    }

    /// Whether a finding is silenced; whatever silences it counts as used.
    pub fn silence(&mut self, finding: &Diagnostic) -> bool {
        let mut silenced = false;
        let first = self.whole.partition_point(|entry| entry.rule.name < finding.rule);
        for entry in self.whole[first..].iter_mut().take_while(|entry| entry.rule.name == finding.rule) {
            silenced = true;
            if std::mem::replace(&mut entry.used, true) {
                break;
            }
        }
        let at = finding.span.start;
        let behind = self.lines.partition_point(|entry| entry.covers.start <= at);
        for entry in self.lines[..behind].iter_mut().rev().take_while(|entry| at < entry.reach) {
            if entry.rule.name == finding.rule && at < entry.covers.end {
                entry.used = true;
                silenced = true;
            }
        }
        silenced
    }

    /// Findings of the rule `unused-ignore`: the names that silenced nothing,
    /// of those rules that `ran` says have looked at the file.
    pub fn unused(&self, ran: impl Fn(&Rule) -> bool) -> Findings {
        let mut findings = Findings::new();
        let idle = self.whole.iter().chain(&self.lines).filter(|entry| !entry.used && ran(entry.rule));
        findings.extend(idle.map(|entry| unused_ignore::finding(entry.rule, entry.name, entry.removal)));
        findings
    }

    /// Notes what an order silences: the line that begins at `below` or the whole file.
    fn obey(&mut self, file: &File, order: &Order, below: u32, findings: &mut Findings) {
        let covers = if order.whole_file { Span { start: 0, end: u32::MAX } } else { line_at(file, below) };
        let list = if order.whole_file { &mut self.whole } else { &mut self.lines };
        let only_one = !order.names.contains(',');
        for part in order.names.split(',') {
            let name = part.trim();
            let span = Span::of(name, file.text);
            let Some(rule) = super::get(name) else {
                if !findings.has_enough(&invalid_ignore::RULE) {
                    findings.push(invalid_ignore::unknown(name, span));
                }
                continue;
            };
            let removal = if only_one { file.lines(order.comment) } else { in_list(file.text, part) };
            let reach = list.last().map_or(0, |last| last.reach).max(covers.end);
            list.push(Entry { rule, name: span, removal, covers, reach, used: false });
        }
    }
}

/// The rules that `comment`, one of the file's, silences, and where it names them.
pub fn silenced(file: &File, comment: Span) -> Vec<(&'static Rule, Span)> {
    let Some(Ok(order)) = order(file, comment) else { return Vec::new() };
    let names = order.names.split(',').map(str::trim);
    names.filter_map(|name| Some((super::get(name)?, Span::of(name, file.text)))).collect()
}

/// Reads a comment; `None` if it is an ordinary one.
fn order<'t>(file: &File<'t>, comment: Span) -> Option<Result<Order<'t>, Diagnostic>> {
    let text = &file.text[comment];
    let order = text.trim_start_matches(['#', ';', ' ', '\t']).strip_prefix(MARK)?.trim();
    let verb = order.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next().unwrap_or_default();
    let whole_file = match verb {
        "ignore" => false,
        "ignore-file" => true,
        _ => return Some(Err(invalid_ignore::verb(verb, Span::of(order, file.text)))),
    };
    let names = order[verb.len()..].trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((names, _)) = names.filter(|(names, _)| !names.trim().is_empty()) else {
        return Some(Err(invalid_ignore::nameless(verb, Span::of(order, file.text))));
    };
    let first = file.sections.first().map_or(u32::MAX, |section| section.header.start);
    if whole_file && comment.start > first {
        return Some(Err(invalid_ignore::too_late(Span::of(order, file.text))));
    }
    Some(Ok(Order { comment, whole_file, names }))
}

/// Where the line below each comment begins, other comments skipped.
fn lines_below(file: &File) -> Vec<u32> {
    let mut lines: Vec<u32> = Vec::with_capacity(file.comments.len());
    let mut next = None;
    for comment in file.comments.iter().rev() {
        let below = file.lines(*comment).end;
        lines.push(match (next, lines.last()) {
            (Some(start), Some(&further)) if start == below => further,
            _ => below,
        });
        next = Some(file.line(comment.start).start);
    }
    lines.reverse();
    lines
}

/// The line that begins at `start`; if a directive begins there, all lines of it.
fn line_at(file: &File, start: u32) -> Span {
    let line = file.lines(Span { start, end: start });
    let first = file.directives.partition_point(|directive| directive.span.start < line.start);
    match file.directives.get(first) {
        Some(directive) if directive.span.start < line.end => line.cover(directive.span),
        _ => line,
    }
}

/// One part of a list, with the comma that follows it or else the one before it.
fn in_list(text: &str, part: &str) -> Span {
    let span = Span::of(part, text);
    if text[span.end as usize..].starts_with(',') {
        Span { start: span.start, end: span.end + 1 }
    } else {
        Span { start: span.start.saturating_sub(1), end: span.end }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::rules::unknown_directive;
    use crate::syntax::scan;
    use crate::text::LineIndex;

    /// Shows which lines are silenced for `unknown-directive`, and what the
    /// comments themselves give rise to.
    fn check(text: &str, expect: Expect) {
        let file = scan(text);
        let (mut suppressions, mut findings) = Suppressions::read(&file);
        let index = LineIndex::new(text);
        let mut out = String::new();
        for line in 0..=index.line(text.len()) {
            let at = index.line_span(line, text);
            if suppressions.silence(&unknown_directive::RULE.at(at, "")) && !at.is_empty() {
                writeln!(out, "silent: {}", text[at].trim_end()).unwrap();
            }
        }
        suppressions.whole.iter_mut().chain(&mut suppressions.lines).for_each(|entry| entry.used = false);
        findings.extend(Vec::from(suppressions.unused(|_| true)));
        for finding in Vec::from(findings) {
            writeln!(out, "{} {:?} {}", finding.rule, &text[finding.span], finding.message).unwrap();
            if let Some(help) = finding.help {
                writeln!(out, "  help: {help}").unwrap();
            }
            for fix in finding.fixes {
                writeln!(out, "  {}: {:?}", fix.title, crate::text::apply_all(text, [&*fix.edits]).text).unwrap();
            }
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn the_line_below_is_silenced() {
        check(
            "[Unit]\n; svlsp: ignore[unknown-directive] for old hosts\n# why\nA=1\nB=2\n",
            expect![[r#"
                silent: A=1
                unused-ignore "unknown-directive" nothing here for unknown-directive to find
                  Take it away: "[Unit]\n# why\nA=1\nB=2\n"
            "#]],
        );
    }

    #[test]
    fn a_directive_is_silenced_to_its_last_line() {
        check(
            "[Unit]\r\n# svlsp: ignore[unknown-directive, unknown-section]\r\nA=1 \\\r\n# c\r\n 2\r\nB=2\r\n",
            expect![[r##"
                silent: A=1 \
                silent: # c
                silent:  2
                unused-ignore "unknown-directive" nothing here for unknown-directive to find
                  Take it away: "[Unit]\r\n# svlsp: ignore[ unknown-section]\r\nA=1 \\\r\n# c\r\n 2\r\nB=2\r\n"
                unused-ignore "unknown-section" nothing here for unknown-section to find
                  Take it away: "[Unit]\r\n# svlsp: ignore[unknown-directive]\r\nA=1 \\\r\n# c\r\n 2\r\nB=2\r\n"
            "##]],
        );
    }

    #[test]
    fn inside_a_continuation_only_one_line_is_silenced() {
        check(
            "[Unit]\nA=1 \\\n  # svlsp: ignore[unknown-directive]\n  2 \\\n  3\n",
            expect![[r#"
                silent:   2 \
                unused-ignore "unknown-directive" nothing here for unknown-directive to find
                  Take it away: "[Unit]\nA=1 \\\n  2 \\\n  3\n"
            "#]],
        );
    }

    #[test]
    fn a_file_is_silenced_from_its_top_only() {
        check(
            "# svlsp: ignore-file[unknown-directive]\n[Unit]\nA=1\n",
            expect![[r##"
                silent: # svlsp: ignore-file[unknown-directive]
                silent: [Unit]
                silent: A=1
                unused-ignore "unknown-directive" nothing here for unknown-directive to find
                  Take it away: "[Unit]\nA=1\n"
            "##]],
        );
        check(
            "[Unit]\n# svlsp: ignore-file[unknown-directive]\nA=1\n",
            expect![[r##"
                invalid-ignore "ignore-file[unknown-directive]" this comment has no effect below the first section header
                  help: write it at the top of the file, or "ignore" for the next line alone
            "##]],
        );
    }

    #[test]
    fn slips_are_told() {
        check(
            "[Unit]\n# svlsp: ignore[unknown-directiv]\n# svlsp: ingore[a]\n# svlsp: ignore\n# svlsp: ignore[]\n# svlsp is nice\n",
            expect![[r##"
                invalid-ignore "unknown-directiv" no rule is called "unknown-directiv"
                  help: did you mean unknown-directive?
                  Rename to unknown-directive: "[Unit]\n# svlsp: ignore[unknown-directive]\n# svlsp: ingore[a]\n# svlsp: ignore\n# svlsp: ignore[]\n# svlsp is nice\n"
                invalid-ignore "ingore[a]" unknown order "ingore"
                  help: write "# svlsp: ignore[RULE]" or "# svlsp: ignore-file[RULE]"
                invalid-ignore "ignore" this comment doesn't say what to ignore
                  help: name the rules: "# svlsp: ignore[RULE, RULE]"
                invalid-ignore "ignore[]" this comment doesn't say what to ignore
                  help: name the rules: "# svlsp: ignore[RULE, RULE]"
            "##]],
        );
    }
}
