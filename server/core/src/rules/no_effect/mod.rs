mod cases;
mod supervisord;

use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::{Severity, Tag};
use crate::schema::Key;
use crate::units::{Setting, Unit};
use cases::{CASES, Idle};

pub(super) static RULE: Rule = Rule {
    name: "no-effect",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A setting that does nothing together with the others of its unit or section, or without one that isn't there.

```ini
[Service]
ExecStart=/usr/bin/server
RestartSec=5
```

Without `Restart=` there is no restart that could wait 5 seconds. Write what is missing, or take the line away. A unit of which only drop-ins are at hand is left alone.",
    systemd: Some(Check::Unit(check)),
    supervisord: Some(Check::Config(supervisord::check)),
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    if !cx.unit.has_fragment {
        return;
    }
    let mut seen = vec![false; Key::COUNT];
    for setting in cx.unit.settings() {
        let key = setting.entry.key;
        if std::mem::replace(&mut seen[usize::from(key.0)], true) {
            continue;
        }
        for case in CASES.iter().filter(|case| case.keys.contains(&key)) {
            let name = setting.entry.name;
            let report = |why: String| cx.at_line(&RULE, setting, why).tag(Tag::Unnecessary);
            let title = format!("Remove {name}=");
            let edits = || vec![cx.without(setting)];
            if !case.idle.holds(cx, setting) || !case.idle.holds_by_itself(cx, setting) {
                continue;
            }
            findings.push(match case.idle {
                Idle::Unset(_, what) | Idle::Without(what, _) => {
                    report(format!("{name}= has no effect without {what}")).suggestion(title, edits())
                }
                Idle::With(what, _) => report(format!("{name}= has no effect with {what}")).fix(title, edits()),
            });
        }
    }
}

impl Idle {
    fn holds(&self, cx: &UnitContext, setting: &Setting) -> bool {
        match self {
            Idle::Unset(keys, _) => !keys.iter().any(|key| cx.unit.has(*key)),
            Idle::Without(_, is_idle) | Idle::With(_, is_idle) => is_idle(cx, setting),
        }
    }

    /// Whether it holds without the drop-ins that come after the file of the
    /// setting: these may switch off on purpose what it belongs to.
    fn holds_by_itself(&self, cx: &UnitContext, setting: &Setting) -> bool {
        let files = &cx.unit.files[..=setting.file];
        files.len() == cx.unit.files.len()
            || self.holds(&UnitContext { unit: &Unit::new(cx.unit.name, files), target: cx.target }, setting)
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_drop_in_alone, check_with_drop_in, fixed};
    use expect_test::{Expect, expect};

    fn find(name: &str, text: &str, expect: Expect) {
        check(name, text, "no-effect", expect);
    }

    #[test]
    fn services() {
        let text = "[Service]\nType=oneshot\nExecStart=/bin/a\nRuntimeMaxSec=5\nRestartSec=5\nRestartSteps=3\n\
                    RestartPreventExitStatus=3\nGuessMainPID=no\nReloadSignal=SIGHUP\nRuntimeRandomizedExtraSec=5\n\
                    RootDirectoryStartOnly=yes\n";
        find(
            "a.service",
            text,
            expect![[r#"
            warning 4:1-4:16 RuntimeMaxSec= has no effect with Type=oneshot
              fix: Remove RuntimeMaxSec=
            warning 5:1-5:13 RestartSec= has no effect without Restart=
              suggestion: Remove RestartSec=
            warning 6:1-6:15 RestartSteps= has no effect without RestartMaxDelaySec=
              suggestion: Remove RestartSteps=
            warning 7:1-7:27 RestartPreventExitStatus= has no effect without Restart=
              suggestion: Remove RestartPreventExitStatus=
            warning 8:1-8:16 GuessMainPID= has no effect without Type=forking
              suggestion: Remove GuessMainPID=
            warning 9:1-9:20 ReloadSignal= has no effect without Type=notify-reload
              suggestion: Remove ReloadSignal=
            warning 11:1-11:27 RootDirectoryStartOnly= has no effect without RootDirectory=
              suggestion: Remove RootDirectoryStartOnly=
        "#]],
        );
        let text = "[Service]\nExecStart=/bin/a\nNotifyAccess=none\nType=notify\nSystemCallErrorNumber=EPERM\n\
                    StateDirectoryMode=0700\nRuntimeDirectoryPreserve=yes\nStandardInputText=a\nStandardInput=tty\n\
                    RuntimeRandomizedExtraSec=5\nRestart=always\nRestartMaxDelaySec=5\n";
        find(
            "a.service",
            text,
            expect![[r#"
            warning 3:1-3:18 NotifyAccess= has no effect with a Type= that notifies
              fix: Remove NotifyAccess=
            warning 5:1-5:28 SystemCallErrorNumber= has no effect without SystemCallFilter=
              suggestion: Remove SystemCallErrorNumber=
            warning 6:1-6:24 StateDirectoryMode= has no effect without StateDirectory=
              suggestion: Remove StateDirectoryMode=
            warning 7:1-7:29 RuntimeDirectoryPreserve= has no effect without RuntimeDirectory=
              suggestion: Remove RuntimeDirectoryPreserve=
            warning 8:1-8:20 StandardInputText= has no effect without StandardInput=data
              suggestion: Remove StandardInputText=
            warning 10:1-10:28 RuntimeRandomizedExtraSec= has no effect without RuntimeMaxSec=
              suggestion: Remove RuntimeRandomizedExtraSec=
            warning 12:1-12:21 RestartMaxDelaySec= has no effect without RestartSteps=
              suggestion: Remove RestartMaxDelaySec=
        "#]],
        );
    }

    #[test]
    fn units() {
        let text = "[Unit]\nStartLimitIntervalSec=0\nStartLimitBurst=3\nOnFailureJobMode=fail\n\
                    SuccessActionExitStatus=3\nJobTimeoutSec=5\nJobRunningTimeoutSec=1min\n[Install]\nDefaultInstance=a\n";
        find(
            "a.target",
            text,
            expect![[r#"
                warning 3:1-3:18 StartLimitBurst= has no effect with StartLimitIntervalSec=0
                  fix: Remove StartLimitBurst=
                warning 4:1-4:22 OnFailureJobMode= has no effect without OnFailure=
                  suggestion: Remove OnFailureJobMode=
                warning 5:1-5:26 SuccessActionExitStatus= has no effect without SuccessAction=exit
                  suggestion: Remove SuccessActionExitStatus=
                warning 7:1-7:26 JobRunningTimeoutSec= has no effect with a shorter JobTimeoutSec=
                  fix: Remove JobRunningTimeoutSec=
                warning 9:1-9:18 DefaultInstance= has no effect with a unit that is no template
                  fix: Remove DefaultInstance=
            "#]],
        );
    }

    #[test]
    fn jobs() {
        find(
            "a.target",
            "[Unit]\nJobTimeoutAction=reboot\n",
            expect![[r#"
            warning 2:1-2:24 JobTimeoutAction= has no effect without JobTimeoutSec=
              suggestion: Remove JobTimeoutAction=
        "#]],
        );
        find("a.target", "[Unit]\nJobTimeoutSec=5\nJobRunningTimeoutSec=1\n", expect![[""]]);
    }

    #[test]
    fn lines_are_removed_whole() {
        let text = "[Service]\nExecStart=/a\n  RestartSec=5 \\\n\nType=notify\nNotifyAccess=none";
        fixed(
            "a.service",
            text,
            "no-effect",
            expect![[r#"
                [Service]
                ExecStart=/a
                Type=notify
            "#]],
        );
    }

    #[test]
    fn sockets() {
        let text = "[Socket]\nListenStream=80\nSocketMode=0600\nMaxConnections=5\nPipeSize=5\nDirectoryMode=0700\n";
        find(
            "a.socket",
            text,
            expect![[r#"
            warning 3:1-3:16 SocketMode= has no effect without an address that is a path
              suggestion: Remove SocketMode=
            warning 4:1-4:17 MaxConnections= has no effect without Accept=yes
              suggestion: Remove MaxConnections=
            warning 5:1-5:11 PipeSize= has no effect without ListenFIFO=
              suggestion: Remove PipeSize=
            warning 6:1-6:19 DirectoryMode= has no effect without an address that is a path
              suggestion: Remove DirectoryMode=
        "#]],
        );
        let text = "[Socket]\nListenStream=80\nAccept=yes\nFlushPending=yes\nMessageQueueMaxMessages=3\n";
        find(
            "a.socket",
            text,
            expect![[r#"
            warning 4:1-4:17 FlushPending= has no effect with Accept=yes
              fix: Remove FlushPending=
            warning 5:1-5:26 MessageQueueMaxMessages= has no effect without ListenMessageQueue=
              suggestion: Remove MessageQueueMaxMessages=
        "#]],
        );
    }

    #[test]
    fn timers_and_paths() {
        find(
            "a.timer",
            "[Timer]\nOnBootSec=5\nPersistent=yes\nFixedRandomDelay=yes\n",
            expect![[r#"
            warning 3:1-3:15 Persistent= has no effect without OnCalendar=
              suggestion: Remove Persistent=
            warning 4:1-4:21 FixedRandomDelay= has no effect without RandomizedDelaySec=
              suggestion: Remove FixedRandomDelay=
        "#]],
        );
        find(
            "a.path",
            "[Path]\nPathExists=/a\nDirectoryMode=0700\n",
            expect![[r#"
            warning 3:1-3:19 DirectoryMode= has no effect without MakeDirectory=yes
              suggestion: Remove DirectoryMode=
        "#]],
        );
    }

    #[test]
    fn what_has_an_effect_is_left_alone() {
        for (name, text) in [
            (
                "a.service",
                "[Service]\nExecStart=/bin/a\nRuntimeMaxSec=5\nRuntimeRandomizedExtraSec=5\nRestart=on-failure\n\
                 RestartSec=5\nRestartSteps=3\nRestartMaxDelaySec=9\nRestartPreventExitStatus=3\nType=notify-reload\n\
                 ReloadSignal=SIGUSR1\nNotifyAccess=all\nSystemCallFilter=@clock\nSystemCallErrorNumber=EPERM\n\
                 StateDirectory=a\nStateDirectoryMode=0700\nStandardInputText=a\n",
            ),
            ("a.service", "[Service]\nExecStart=/bin/a\nRestartForceExitStatus=3\nRestartSec=5\nNotifyAccess=none\n"),
            ("a.service", "[Service]\nType=forking\nExecStart=/bin/a\nGuessMainPID=no\n"),
            ("a.service", "[Service]\nType=oneshot\nExecStart=/bin/a\nRuntimeMaxSec=infinity\nRestart=no\n"),
            ("a@.service", "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=b.target\nDefaultInstance=c\n"),
            (
                "a.target",
                "[Unit]\nStartLimitBurst=5\nStartLimitIntervalSec=10\nJobTimeoutSec=5\nJobTimeoutAction=reboot\n",
            ),
            (
                "a.target",
                "[Unit]\nOnFailure=b.service\nOnFailureJobMode=fail\nFailureAction=exit\nFailureActionExitStatus=2\n",
            ),
            (
                "a.socket",
                "[Socket]\nListenStream=80\nListenStream=/a\nSocketMode=0600\nDirectoryMode=0700\nFlushPending=yes\n",
            ),
            (
                "a.socket",
                "[Socket]\nListenStream=%t/a\nSocketMode=0600\nAccept=yes\nMaxConnections=5\nFlushPending=no\n",
            ),
            (
                "a.timer",
                "[Timer]\nOnBootSec=5\nPersistent=no\nOnCalendar=daily\nRandomizedDelaySec=5\nFixedRandomDelay=yes\n",
            ),
            ("a.timer", "[Timer]\nOnCalendar=daily\nPersistent=yes\n"),
            ("a.timer", "[Timer]\nPersistent=yes\n"),
            ("a.path", "[Path]\nPathExists=/a\nDirectoryMode=0700\nMakeDirectory=yes\n"),
        ] {
            find(name, text, expect![[""]]);
        }
        check_drop_in_alone("a.service", "[Service]\nRestartSec=5\n", "no-effect", expect![[""]]);
        let unit = "[Service]\nExecStart=/bin/a\nRestart=always\n";
        check_with_drop_in("a.service", unit, Some("[Service]\nRestartSec=5\n"), "no-effect", expect![[""]]);
    }

    #[test]
    fn a_drop_in_may_switch_off_what_it_belongs_to() {
        let unit = "[Service]\nExecStart=/bin/a\nRestart=always\nRestartSec=5\n";
        check_with_drop_in("a.service", unit, Some("[Service]\nRestart=no\n"), "no-effect", expect![[""]]);
        check_with_drop_in(
            "a.service",
            unit,
            Some("[Service]\nRestart=no\nRestartSec=7\n"),
            "no-effect",
            expect![[r#"
                warning drop-in 3:1-3:13 RestartSec= has no effect without Restart=
                  suggestion: Remove RestartSec=
            "#]],
        );
    }
}
