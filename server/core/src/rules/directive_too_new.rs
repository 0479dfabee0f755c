use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    name: "directive-too-new",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A directive that the targeted systemd doesn't know yet: it drops the line, with only a line in the log. Found only where a version is targeted (`--systemd-version`).

It is a warning, not an error, as many units set new directives on purpose and lose nothing but some hardening on an older system.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let Some(entry) = cx.entry else { return };
    let version = cx.file.target.version.0;
    if version < entry.since {
        let message = format!("systemd {version} doesn't know {}= yet: it came with {}", entry.name, entry.since);
        findings.push(RULE.at(cx.directive.key_span, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_for};
    use expect_test::expect;

    const TEXT: &str = "[Service]\nExecStart=/bin/true\nPrivatePIDs=yes\nProtectProc=invisible\n";

    #[test]
    fn it_depends_on_the_version() {
        check_for(
            240,
            "a.service",
            TEXT,
            "directive-too-new",
            expect![[r#"
            warning 3:1-3:12 systemd 240 doesn't know PrivatePIDs= yet: it came with 257
            warning 4:1-4:12 systemd 240 doesn't know ProtectProc= yet: it came with 247
        "#]],
        );
        check_for(
            252,
            "a.service",
            TEXT,
            "directive-too-new",
            expect![[r#"
            warning 3:1-3:12 systemd 252 doesn't know PrivatePIDs= yet: it came with 257
        "#]],
        );
        check("a.service", TEXT, "directive-too-new", expect![[""]]);
    }
    #[test]
    fn what_old_systems_have_is_no_news() {
        let text = "\
[Unit]
ConditionPathExists=/etc/a.conf
AssertPathExists=/etc/a.conf
JobTimeoutSec=1h
JobTimeoutAction=reboot
[Service]
ExecStart=/bin/true
MemoryLow=1G
StateDirectory=a
";
        check_for(239, "a.service", text, "directive-too-new", expect![[""]]);
    }
}
