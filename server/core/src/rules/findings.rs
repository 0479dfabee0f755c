use std::collections::BTreeMap;

use super::Rule;
use crate::diagnostic::{Claim, Diagnostic};
use crate::text::Span;

/// How many findings of one rule in one file are listed.
pub(super) const MOST_IN_FILE: usize = 10_000;

/// How many findings of one rule at one directive are listed.
pub(super) const MOST_AT_DIRECTIVE: usize = 20;

/// Where the findings go. Of those of one rule in one file only the first
/// 10,000 are kept, with one that says so behind them: a file of the largest
/// size could have millions.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Diagnostic>,
    /// How many there are of each rule in each file.
    counts: BTreeMap<(usize, &'static str), usize>,
}

impl Findings {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        let count = self.counts.entry((finding.file, finding.rule)).or_default();
        *count += 1;
        match (*count).cmp(&(MOST_IN_FILE + 1)) {
            std::cmp::Ordering::Less => self.list.push(finding),
            std::cmp::Ordering::Equal => {
                let message = format!("more of these follow: only the first {MOST_IN_FILE} in a file are listed");
                self.list.push(summary(&finding, message));
            }
            std::cmp::Ordering::Greater => {}
        }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether no finding of `rule` in the first file is kept any more.
    pub(super) fn has_enough(&self, rule: &Rule) -> bool {
        self.counts.get(&(0, rule.name)).is_some_and(|count| *count > MOST_IN_FILE)
    }

    /// Whether no finding of the rule that found the last one is kept any more.
    pub(super) fn is_full(&self) -> bool {
        let last = self.list.last().and_then(|last| self.counts.get(&(last.file, last.rule)));
        last.is_some_and(|count| *count > MOST_IN_FILE)
    }

    /// Leaves to a person what several fixes would give the same name to: together they would make one
    /// of two values idle, which the next look at the file would take away. What would go into a section
    /// that another one is renamed to waits for that.
    pub(super) fn settle(&mut self) {
        // How many claim it, and whether one of them is certain.
        let mut claims: BTreeMap<Claim, (usize, bool)> = BTreeMap::new();
        for fix in self.list.iter().flat_map(|finding| &finding.fixes) {
            let Some(claim) = &fix.claim else { continue };
            let (count, certain) = claims.entry(claim.clone()).or_default();
            *count += 1;
            *certain |= fix.certain;
        }
        for fix in self.list.iter_mut().flat_map(|finding| &mut finding.fixes) {
            let Some(claim) = &fix.claim else { continue };
            let alone = claims.get(claim).is_none_or(|(count, _)| *count == 1);
            let section = claim.key.as_ref().and_then(|_| claims.get(&Claim { key: None, ..claim.clone() }));
            fix.certain &= alone && section != Some(&(1, true));
        }
    }

    /// Keeps the first ones of those behind `start`, all about one directive.
    pub(super) fn shorten(&mut self, start: usize) {
        let end = start + MOST_AT_DIRECTIVE;
        let more = self.list.len().saturating_sub(end);
        if more > 1 {
            let message = format!("{more} more of these follow in this value");
            let summary = summary(&self.list[end], message);
            self.list.truncate(end);
            self.list.push(summary);
        }
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, findings: T) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl From<Findings> for Vec<Diagnostic> {
    fn from(findings: Findings) -> Self {
        findings.list
    }
}

/// A finding that stands for many, at the place of the first of them.
fn summary(first: &Diagnostic, message: String) -> Diagnostic {
    let span = Span { start: first.span.start, end: first.span.start };
    Diagnostic::new(first.rule, first.severity, span, message).in_file(first.file)
}

#[cfg(test)]
mod tests {
    use crate::rules::{Selection, Target, check_file, check_unit};
    use crate::schema::{FileKind, Manager, UnitKind, Version};
    use crate::syntax::scan;
    use crate::units::{Unit, UnitName};

    const TARGET: Target = Target { version: Version::LATEST, manager: Manager::System };

    /// How many findings there are in a service, and the last one's line and message.
    fn last(text: &str) -> (usize, usize, String) {
        let file = scan(text);
        let kind = FileKind::Unit(UnitKind::Service);
        let found = check_file(&file, kind, None, false, TARGET, &Selection::default());
        let last = found.last().expect("something is wrong");
        (found.len(), text[..last.span.start as usize].lines().count(), last.message.clone())
    }

    #[test]
    fn one_value_has_twenty_and_says_how_many_more() {
        let words = format!("[Unit]\nAfter={}", "a.servce ".repeat(300));
        assert_eq!(last(&words), (21, 2, "280 more of these follow in this value".to_owned()));
        let lines = format!("[Service]\nExecStart=/a {}", "\\\nUser=b ".repeat(300));
        assert_eq!(last(&lines), (21, 22, "280 more of these follow in this value".to_owned()));
    }

    #[test]
    fn one_file_has_ten_thousand() {
        let message = "more of these follow: only the first 10000 in a file are listed".to_owned();
        assert_eq!(last(&format!("[Unit]\n{}", "A=1\n".repeat(30_000))), (10_001, 10_001, message.clone()));
        assert_eq!(last(&format!("[Unit]\n{}", "A\n".repeat(30_000))), (10_001, 10_001, message));
    }

    #[test]
    fn what_moves_waits_for_its_section() {
        let certain = |text: &str| {
            let kind = FileKind::Unit(UnitKind::Service);
            let found = check_file(&scan(text), kind, None, false, TARGET, &Selection::default());
            found.iter().flat_map(|finding| &finding.fixes).map(|fix| fix.certain).collect::<Vec<_>>()
        };
        // First the section gets its name, then the line moves there, unless it says something else.
        assert_eq!(certain("[Unit]\nUser=a\n[Sevrice]\nUser=b\n"), [true, false]);
        assert_eq!(certain("[Unit]\nUser=a\n[Service]\nGroup=b\n"), [true]);
        assert_eq!(certain("[Unit]\nUser=a\n[Sevrice]\n[Servce]\n"), [false, false, true]);
    }

    #[test]
    fn what_is_not_read_is_not_missed() {
        let text = format!("[Service]\nA={}\nExecStart=/bin/true\n", "a".repeat(1 << 20));
        let (name, files) = (UnitName::parse("a.service").unwrap(), [scan(&text)]);
        assert_eq!(check_unit(&Unit::new(&name, &files), TARGET, &Selection::of(|_| true)), []);
    }
}
