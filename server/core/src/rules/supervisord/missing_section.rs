use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::text::Edit;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "missing-section",
    severity: Severity::Error,
    optional: false,
    doc: "\
A configuration of supervisord without a section that it needs. Without `[supervisord]` supervisord doesn't start. With a server, but without `[rpcinterface:supervisor]`, it answers `supervisorctl` that it knows no such method; and `supervisorctl` itself wants `[supervisorctl]` in the main file.

```ini
[supervisord]
[unix_http_server]
file=/run/supervisor.sock
```

Add what is missing, here:

```ini
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix:///run/supervisor.sock
```",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

const FACTORY: &str = "supervisor.rpcinterface_factory";

fn check(cx: &ConfigContext, findings: &mut Findings) {
    let Some(main) = cx.config.files.first().filter(|_| cx.complete) else { return };
    let first = main.sections.first();
    let header = first.map(|section| section.header).unwrap_or_default();
    let warning = |finding: Diagnostic| Diagnostic { severity: Severity::Warning, ..finding };
    if cx.config.section("supervisord").is_none() {
        let edit = Edit::insert(header.start as usize, "[supervisord]\n\n");
        let finding = RULE.at(header, "there is no section [supervisord]: supervisord doesn't start");
        findings.push(finding.fix("Add [supervisord]", vec![edit]));
    }
    let Some(server) = cx.sections("unix_http_server").next() else { return };
    let end = if main.text.ends_with('\n') { "\n" } else { "\n\n" };
    let add = |lines: String| Edit::insert(main.text.len(), format!("{end}{lines}\n"));
    if !cx.sections("rpcinterface").any(|interface| interface.get(FACTORY).is_some()) {
        let lines = format!("[rpcinterface:supervisor]\n{FACTORY}=supervisor.rpcinterface:make_main_rpcinterface");
        let message = "without [rpcinterface:supervisor] there is nothing here for supervisorctl to talk to";
        let finding = warning(cx.at_header(&RULE, server, message));
        findings.push(match finding.file {
            0 => finding.suggestion("Add [rpcinterface:supervisor]", vec![add(lines)]),
            _ => finding,
        });
    } else if !main.sections.iter().any(|section| section.name == "supervisorctl") {
        let message = "without [supervisorctl] in the main file supervisorctl refuses it";
        // Programs may speak to the socket by themselves.
        let finding = Diagnostic { severity: Severity::Hint, ..cx.at_header(&RULE, server, message) };
        let socket = server.text("file").filter(|_| finding.file == 0);
        findings.push(match socket {
            Some(socket) => {
                let lines = format!("[supervisorctl]\nserverurl=unix://{socket}");
                finding.suggestion("Add [supervisorctl]", vec![add(lines)])
            }
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    const RPC: &str = "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=a:b\n";

    #[test]
    fn supervisord_needs_its_own() {
        let text = "; mine\n[program:a]\ncommand=a\n";
        check_supervisord(
            &[text],
            true,
            "missing-section",
            expect![[r#"
            error 2:1-2:12 there is no section [supervisord]: supervisord doesn't start
              fix: Add [supervisord]
        "#]],
        );
        fixed_supervisord(
            text,
            "missing-section",
            expect![[r#"
            ; mine
            [supervisord]

            [program:a]
            command=a
        "#]],
        );
        check_supervisord(&[text], false, "missing-section", expect![[""]]);
        check_supervisord(&[text, "[supervisord]\n"], true, "missing-section", expect![[""]]);
    }

    #[test]
    fn supervisorctl_needs_its_own() {
        let server = "[supervisord]\n[unix_http_server]\nfile=/a";
        check_supervisord(
            &[server],
            true,
            "missing-section",
            expect![[r#"
            warning 2:1-2:19 without [rpcinterface:supervisor] there is nothing here for supervisorctl to talk to
              suggestion: Add [rpcinterface:supervisor]
        "#]],
        );
        fixed_supervisord(
            server,
            "missing-section",
            expect![[r#"
            [supervisord]
            [unix_http_server]
            file=/a

            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
        "#]],
        );
        let with = format!("{server}\n{RPC}");
        check_supervisord(
            &[&with],
            true,
            "missing-section",
            expect![[r#"
            hint 2:1-2:19 without [supervisorctl] in the main file supervisorctl refuses it
              suggestion: Add [supervisorctl]
        "#]],
        );
        fixed_supervisord(
            &with,
            "missing-section",
            expect![[r#"
            [supervisord]
            [unix_http_server]
            file=/a
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=a:b

            [supervisorctl]
            serverurl=unix:///a
        "#]],
        );
        check_supervisord(&[&format!("{with}[supervisorctl]\n")], true, "missing-section", expect![[""]]);
    }
}
