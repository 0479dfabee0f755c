//! What other supervisors make of a unit: two rules, for those who ask.

use super::{Check, Findings, Rule, Selection};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fate::{Backend, Fate, Level};
use crate::schema::support;
use crate::units::{Setting, Unit};
use crate::values::boolean;

pub(super) static LOST: Rule = Rule {
    name: "backend-lost",
    severity: Severity::Error,
    optional: false,
    doc: "\
A setting that a backend named by `--backend` has nothing for: what is converted for it does without. Without `--backend` nothing is reported.

```ini
[Service]
SystemCallFilter=@system-service
```

No stock tool installs a system call filter, so on runit, s6, s6-rc and nosh the service may make any call. Take the setting away, find another way there, or accept the loss with a comment:

```ini
# svlsp: ignore[backend-lost]
SystemCallFilter=@system-service
```

What becomes of every setting is listed in docs/support.md; `svlsp explain SystemCallFilter=` shows it for one.",
    check: Check::Other,
};

pub(super) static APPROXIMATED: Rule = Rule {
    name: "backend-approximated",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A setting for which a backend named by `--backend` has something close, but not the same; the message says what differs. Without `--backend` nothing is reported.

```ini
[Unit]
BindsTo=postgresql.service
```

On runit the other service is started first, but this one isn't stopped along with it. If that will do, say so with `# svlsp: ignore[backend-approximated]` on the line before.

What becomes of every setting is listed in docs/support.md; `svlsp explain BindsTo=` shows it for one.",
    check: Check::Other,
};

/// Says which settings of `unit` are lost or only approximated on `backends`.
///
/// Settings that say no more than what holds without them are passed over.
pub fn check_backends(unit: &Unit, backends: &[Backend], selection: &Selection) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    if backends.is_empty() || unit.is_cut_off() {
        return findings.into();
    }
    let (lost, approximated) = (selection.contains(&LOST), selection.contains(&APPROXIMATED));
    for setting in unit.settings().iter().filter(|setting| !says_the_default(setting)) {
        let fate = |backend: Backend| support(setting.entry.key, backend);
        for (at, &backend) in backends.iter().enumerate() {
            let fate_here = fate(backend);
            let rule = match fate_here.level() {
                Level::Lost if lost => &LOST,
                Level::Approximated if approximated => &APPROXIMATED,
                _ => continue,
            };
            if backends[..at].iter().any(|&other| fate(other) == fate_here) {
                continue;
            }
            let same: Vec<_> = backends.iter().filter(|&&other| fate(other) == fate_here).collect();
            let names: Vec<_> = same.into_iter().map(|backend| backend.name()).collect();
            let message = message(setting.entry.name, &names, fate_here);
            findings.push(rule.at(setting.directive.key_span, message).in_file(setting.file));
        }
    }
    findings.into()
}

/// Whether `setting` assigns what would hold without it.
fn says_the_default(setting: &Setting) -> bool {
    let (value, default) = (setting.value(), setting.entry.default);
    let same_boolean = || boolean::read(default).is_some_and(|default| boolean::read(value) == Some(default));
    value == default || same_boolean()
}

fn message(name: &str, backends: &[&str], fate: &Fate) -> String {
    let backends = match backends {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => backends.concat(),
    };
    match fate {
        Fate::Approximated { with, loses } => format!("{name}= is only approximated on {backends}: {with}; {loses}"),
        Fate::Native { with: text }
        | Fate::Emulated { with: text }
        | Fate::Lost { why: text }
        | Fate::Irrelevant { why: text } => format!("{name}= is lost on {backends}: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::scan;
    use crate::units::UnitName;

    fn check(backends: &[Backend], text: &str, drop_in: Option<&str>, expect: Expect) {
        let name = UnitName::parse("a.service").unwrap();
        let texts: Vec<&str> = [text].into_iter().chain(drop_in).collect();
        let files: Vec<_> = texts.iter().map(|text| scan(text)).collect();
        let mut out = String::new();
        for finding in check_backends(&Unit::new(&name, &files), backends, &Selection::default()) {
            let line = texts[finding.file][..finding.span.start as usize].lines().count() + 1;
            let Diagnostic { severity, file, message, .. } = finding;
            writeln!(out, "{} {file}:{line} {message}", severity.name()).unwrap();
        }
        expect.assert_eq(&out);
    }

    const UNIT: &str = "\
[Unit]
Description=Some of each
Requires=b.service
[Service]
ExecStart=/bin/true
Nice=5
SystemCallFilter=@system-service
";

    #[test]
    fn backends_with_the_same_fate_are_told_of_together() {
        check(
            &Backend::ALL,
            UNIT,
            None,
            expect![[r#"
                warning 0:3 Requires= is only approximated on runit: `sv start` in `run`; it isn't stopped when the other one is stopped
                error 0:3 Requires= is lost on s6: s6 alone knows no dependencies; s6-rc does
                warning 0:3 Requires= is only approximated on nosh: a link in `wants/`; it starts even if the other one fails
                error 0:7 SystemCallFilter= is lost on runit, s6, s6-rc and nosh: no stock tool installs a seccomp filter
            "#]],
        );
    }

    #[test]
    fn only_what_is_asked_for_is_told() {
        check(&[], UNIT, None, expect![[""]]);
        check(
            &[Backend::S6rc],
            UNIT,
            None,
            expect![[r#"
            error 0:7 SystemCallFilter= is lost on s6-rc: no stock tool installs a seccomp filter
        "#]],
        );
    }

    #[test]
    fn what_does_not_hold_or_changes_nothing_is_passed_over() {
        let drop_in = "[Service]\nSystemCallFilter=\nPrivateUsers=off\nKeyringMode=private\nPrivateUsers=yes\n";
        check(
            &[Backend::Runit],
            UNIT,
            Some(drop_in),
            expect![[r#"
            warning 0:3 Requires= is only approximated on runit: `sv start` in `run`; it isn't stopped when the other one is stopped
            error 1:5 PrivateUsers= is lost on runit: `unshare --user` can't map both root and the user of the service
        "#]],
        );
        check(&[Backend::Runit], "[Service]\nPrivateUsers=off\nKeyringMode=private\n", None, expect![[""]]);
        check(&[Backend::Runit], "[Service]\nSystemCallFilter=@clock\nSystemCallFilter=\n", None, expect![[""]]);
    }

    #[test]
    fn rules_can_be_left_out() {
        let name = UnitName::parse("a.service").unwrap();
        let files = [scan(UNIT)];
        let without_lost = Selection::of(|rule| rule.name != LOST.name);
        let found = check_backends(&Unit::new(&name, &files), &Backend::ALL, &without_lost);
        assert!(!found.is_empty() && found.iter().all(|finding| finding.rule == APPROXIMATED.name));
    }
}
