use super::RULE;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::context::shown;
use crate::rules::{ConfigContext, Findings};

/// What a section of each type can't do without; a group without programs is only of no use.
const NEEDED: &[(&str, &str)] = &[
    ("ctlplugin", "supervisor.ctl_factory"),
    ("eventlistener", "command"),
    ("eventlistener", "events"),
    ("fcgi-program", "command"),
    ("fcgi-program", "socket"),
    ("group", "programs"),
    ("include", "files"),
    ("inet_http_server", "port"),
    ("program", "command"),
    ("rpcinterface", "supervisor.rpcinterface_factory"),
    ("unix_http_server", "file"),
];

/// The same for the sections of supervisord.conf, all of one name together.
pub(super) fn check(cx: &ConfigContext, findings: &mut Findings) {
    for section in cx.config.sections.iter().filter(|_| cx.complete) {
        let Some(known) = section.known else { continue };
        for (_, key) in NEEDED.iter().filter(|(kind, key)| *kind == known.name && section.get(key).is_none()) {
            let name = shown(section.name);
            let finding = match known.name {
                "group" => Diagnostic {
                    severity: Severity::Warning,
                    ..cx.at_header(&RULE, section, format!("[{name}] names no {key}: nothing is in this group"))
                },
                // That of an included file is read too late.
                "include" if cx.header(section).0 > 0 => continue,
                "ctlplugin" => {
                    cx.at_header(&RULE, section, format!("[{name}] needs {key}=: supervisorctl doesn't start"))
                }
                _ => cx.at_header(&RULE, section, format!("[{name}] needs {key}=: supervisord doesn't start")),
            };
            findings.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn sections_need_theirs() {
        let text = "[program:a]\n[eventlistener:b]\ncommand=b\n[fcgi-program:c]\n[group:d]\n[include]\n\
                    [inet_http_server]\n[unix_http_server:e]\n[rpcinterface:f]\n[ctlplugin:g]\n[supervisord]\n";
        check_supervisord(
            &[text],
            true,
            "missing-setting",
            expect![[r#"
            error 1:1-1:12 [program:a] needs command=: supervisord doesn't start
            error 2:1-2:18 [eventlistener:b] needs events=: supervisord doesn't start
            error 4:1-4:17 [fcgi-program:c] needs command=: supervisord doesn't start
            error 4:1-4:17 [fcgi-program:c] needs socket=: supervisord doesn't start
            warning 5:1-5:10 [group:d] names no programs: nothing is in this group
            error 6:1-6:10 [include] needs files=: supervisord doesn't start
            error 7:1-7:19 [inet_http_server] needs port=: supervisord doesn't start
            error 8:1-8:21 [unix_http_server:e] needs file=: supervisord doesn't start
            error 9:1-9:17 [rpcinterface:f] needs supervisor.rpcinterface_factory=: supervisord doesn't start
            error 10:1-10:14 [ctlplugin:g] needs supervisor.ctl_factory=: supervisorctl doesn't start
        "#]],
        );
        check_supervisord(&[text], false, "missing-setting", expect![[""]]);
    }

    #[test]
    fn another_file_may_have_them() {
        check_supervisord(
            &["[program:a]\n[supervisord]\n", "[program:a]\ncommand=a\n[include]\n"],
            true,
            "missing-setting",
            expect![[""]],
        );
    }
}
