//! What other supervisors make of a unit: two rules, for those who ask.

use super::context::printable;
use super::{Check, Findings, Rule, Selection};
use crate::backends::{Target, Together, fates};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fate::{Fate, Level};
use crate::units::Unit;

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
    systemd: Some(Check::Other),
    supervisord: Some(Check::Other),
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
    systemd: Some(Check::Other),
    supervisord: Some(Check::Other),
};

/// Says which settings of `unit` are lost or only approximated on `targets`,
/// if it is converted `together` with those units.
pub fn check_backends(unit: &Unit, targets: &[Target], together: &Together, selection: &Selection) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    if targets.is_empty() || unit.is_cut_off() {
        return findings.into();
    }
    let (lost, approximated) = (selection.contains(&LOST), selection.contains(&APPROXIMATED));
    let fates: Vec<_> = targets.iter().map(|target| (target.backend.name(), fates(unit, target, together))).collect();
    for (at, setting) in unit.settings().iter().enumerate() {
        for (column, (_, own)) in fates.iter().enumerate() {
            let fate = &own[at];
            let rule = match fate.level() {
                Level::Lost if lost => &LOST,
                Level::Approximated if approximated => &APPROXIMATED,
                _ => continue,
            };
            if fates[..column].iter().any(|(_, other)| other[at] == *fate) {
                continue;
            }
            let same = fates.iter().filter(|(_, other)| other[at] == *fate);
            let backends: Vec<_> = same.map(|(name, _)| *name).collect();
            let message = message(setting.entry.name, &backends, fate);
            findings.push(rule.at(setting.directive.key_span, printable(message)).in_file(setting.file));
        }
    }
    findings.into()
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
    use crate::fate::Backend;
    use crate::syntax::scan;
    use crate::units::UnitName;

    fn check(backends: &[Backend], text: &str, drop_in: Option<&str>, expect: Expect) {
        let name = UnitName::parse("a.service").unwrap();
        let texts: Vec<&str> = [text].into_iter().chain(drop_in).collect();
        let files: Vec<_> = texts.iter().map(|text| scan(text)).collect();
        let mut out = String::new();
        let unit = Unit::new(&name, &files);
        for finding in check_backends(&unit, &targets(backends), &Together::default(), &Selection::default()) {
            let line = texts[finding.file][..finding.span.start as usize].lines().count() + 1;
            let Diagnostic { severity, file, message, .. } = finding;
            writeln!(out, "{} {file}:{line} {message}", severity.name()).unwrap();
        }
        expect.assert_eq(&out);
    }

    fn targets(backends: &[Backend]) -> Vec<Target> {
        backends.iter().map(|backend| Target::new(*backend)).collect()
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
            &[Backend::S6, Backend::S6rc, Backend::Nosh],
            UNIT,
            None,
            expect![[r#"
                error 0:3 Requires= is lost on s6: s6 alone knows no dependencies; s6-rc does
                error 0:3 Requires= is lost on s6-rc: `b.service` isn't converted along with it
                warning 0:3 Requires= is only approximated on nosh: links in `wants/` and `requires/`; it starts even if the other one fails
                error 0:7 SystemCallFilter= is lost on s6, s6-rc and nosh: no stock tool installs a seccomp filter
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
                error 0:3 Requires= is lost on s6-rc: `b.service` isn't converted along with it
                error 0:7 SystemCallFilter= is lost on s6-rc: no stock tool installs a seccomp filter
            "#]],
        );
    }

    #[test]
    fn what_does_not_hold_or_changes_nothing_is_passed_over() {
        let drop_in = "[Service]\nSystemCallFilter=\nPrivatePIDs=off\nKeyringMode=private\nPrivatePIDs=yes\n";
        check(
            &[Backend::Nosh],
            UNIT,
            Some(drop_in),
            expect![[r#"
                warning 0:3 Requires= is only approximated on nosh: links in `wants/` and `requires/`; it starts even if the other one fails
                error 1:5 PrivatePIDs= is lost on nosh: `unshare --pid` doesn't pass signals on, so nothing could stop the service
            "#]],
        );
        check(&[Backend::Nosh], "[Service]\nPrivatePIDs=off\nKeyringMode=private\n", None, expect![[""]]);
        check(&[Backend::Nosh], "[Service]\nSystemCallFilter=@clock\nSystemCallFilter=\n", None, expect![[""]]);
    }

    #[test]
    fn what_the_backend_makes_of_this_unit_counts() {
        let unit = "[Service]\nExecStart=/bin/true\nEnvironment=A=%H\nNice=99\n";
        check(
            &[Backend::Runit],
            unit,
            None,
            expect![[r#"
            error 0:3 Environment= is lost on runit: only the target knows what "%H" stands for; say it with --specifier H=…
        "#]],
        );
    }

    #[test]
    fn rules_can_be_left_out() {
        let name = UnitName::parse("a.service").unwrap();
        let files = [scan(UNIT)];
        let without_lost = Selection::of(|rule| rule.name != LOST.name);
        let found =
            check_backends(&Unit::new(&name, &files), &targets(&[Backend::Nosh]), &Together::default(), &without_lost);
        assert!(!found.is_empty() && found.iter().all(|finding| finding.rule == APPROXIMATED.name));
    }
}
