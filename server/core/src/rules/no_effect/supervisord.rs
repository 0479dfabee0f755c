use super::RULE;
use crate::diagnostic::{Diagnostic, Severity, Tag};
use crate::rules::{ConfigContext, Findings};
use crate::units::supervisord::Merged;

/// Settings of supervisord.conf that do nothing under a condition.
struct Case {
    keys: &'static [&'static str],
    /// What is there or missing, as the end of a sentence.
    why: &'static str,
    holds: fn(&Merged) -> bool,
}

const CASES: &[Case] = &[
    // `EventListenerConfig.make_dispatchers`: its output is read for answers only.
    Case {
        keys: &["stdout_capture_maxbytes", "stdout_events_enabled"],
        why: "in an event listener",
        holds: |section| section.kind() == "eventlistener",
    },
    // `ProcessConfig.make_dispatchers`: then there is no such stream.
    Case {
        keys: &[
            "stderr_capture_maxbytes",
            "stderr_events_enabled",
            "stderr_logfile_backups",
            "stderr_logfile_maxbytes",
        ],
        why: "with redirect_stderr=true",
        holds: |section| section.boolean("redirect_stderr") == Some(true),
    },
    Case {
        keys: &["stderr_logfile"],
        why: "with redirect_stderr=true: the output goes where stdout_logfile= says",
        holds: |section| {
            let none = |file: &str| ["none", "off", "auto"].contains(&file.to_ascii_lowercase().as_str());
            section.boolean("redirect_stderr") == Some(true) && !section.text("stderr_logfile").is_some_and(none)
        },
    },
    Case {
        keys: &["stdout_logfile_backups"],
        why: "with stdout_logfile_maxbytes=0",
        holds: |section| is_zero(section, "stdout_logfile_maxbytes") && !is_zero(section, "stdout_logfile_backups"),
    },
    Case {
        keys: &["stderr_logfile_backups"],
        why: "with stderr_logfile_maxbytes=0",
        holds: |section| {
            section.boolean("redirect_stderr") != Some(true)
                && is_zero(section, "stderr_logfile_maxbytes")
                && !is_zero(section, "stderr_logfile_backups")
        },
    },
    // `ServerOptions.daemonize`
    Case {
        keys: &["directory", "umask"],
        why: "with nodaemon=true",
        holds: |section| section.name == "supervisord" && section.boolean("nodaemon") == Some(true),
    },
];

/// Unless there is an event listener, which hears whether an exit was expected.
const EXIT_CODES: Case = Case {
    keys: &["exitcodes"],
    why: "unless autorestart= is unexpected",
    holds: |section| {
        let autorestart = section.text("autorestart").map(str::to_ascii_lowercase);
        let always = ["true", "yes", "on", "1", "false", "no", "off", "0"];
        autorestart.is_some_and(|value| always.contains(&&*value))
    },
};

fn is_zero(section: &Merged, key: &str) -> bool {
    section.text(key).is_some_and(|text| text.trim_end_matches(['k', 'K', 'm', 'M', 'g', 'G', 'b', 'B']).trim() == "0")
}

/// The same for supervisord.conf.
pub(super) fn check(cx: &ConfigContext, findings: &mut Findings) {
    let heard = !cx.complete || cx.sections("eventlistener").next().is_some();
    let cases = || CASES.iter().chain((!heard).then_some(&EXIT_CODES));
    for section in cx.config.sections.iter().filter(|section| section.known.is_some()) {
        for case in cases().filter(|case| (case.holds)(section)) {
            for assignment in case.keys.iter().filter_map(|key| section.get(key)) {
                let key = &assignment.directive.key;
                let finding = cx.at_line(&RULE, assignment, format!("{key}= has no effect {}", case.why));
                let finding = finding.tag(Tag::Unnecessary);
                let finding = finding.suggestion(format!("Remove {key}="), vec![cx.without(assignment)]);
                findings.push(match case.keys {
                    ["exitcodes"] => Diagnostic { severity: Severity::Hint, ..finding },
                    _ => finding,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn what_does_nothing() {
        let text = "[supervisord]\nnodaemon=true\numask=022\n[program:a]\ncommand=a\nredirect_stderr=true\n\
                    stderr_logfile=/a\nstderr_logfile_maxbytes=1MB\nstdout_logfile_maxbytes=0\nstdout_logfile_backups=3\n\
                    autorestart=true\nexitcodes=0,2\numask=022\n";
        check_supervisord(
            &[text],
            true,
            "no-effect",
            expect![[r#"
            warning 3:1-3:10 umask= has no effect with nodaemon=true
              suggestion: Remove umask=
            warning 8:1-8:28 stderr_logfile_maxbytes= has no effect with redirect_stderr=true
              suggestion: Remove stderr_logfile_maxbytes=
            warning 7:1-7:18 stderr_logfile= has no effect with redirect_stderr=true: the output goes where stdout_logfile= says
              suggestion: Remove stderr_logfile=
            warning 10:1-10:25 stdout_logfile_backups= has no effect with stdout_logfile_maxbytes=0
              suggestion: Remove stdout_logfile_backups=
            hint 12:1-12:14 exitcodes= has no effect unless autorestart= is unexpected
              suggestion: Remove exitcodes=
        "#]],
        );
        let text = "[eventlistener:a]\ncommand=a\nevents=TICK_5\nstdout_capture_maxbytes=1MB\n[program:b]\n\
                    autorestart=true\nexitcodes=1\n";
        check_supervisord(
            &[text],
            true,
            "no-effect",
            expect![[r#"
            warning 4:1-4:28 stdout_capture_maxbytes= has no effect in an event listener
              suggestion: Remove stdout_capture_maxbytes=
        "#]],
        );
    }

    #[test]
    fn what_does_something() {
        let text = "[supervisord]\numask=022\n[program:a]\ncommand=a\nredirect_stderr=true\nstderr_logfile=NONE\n\
                    stdout_logfile_maxbytes=0\nstdout_logfile_backups=0\nexitcodes=1\n[program:b]\nautorestart=unexpected\n\
                    exitcodes=1\nstdout_capture_maxbytes=1\nredirect_stderr=false\nstderr_logfile=/a\n";
        check_supervisord(&[text], true, "no-effect", expect![[""]]);
    }
}
