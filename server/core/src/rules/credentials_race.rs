use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::{exec, service};

pub(super) static RULE: Rule = Rule {
    name: "credentials-race",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A service with credentials, `Type=simple` and `ExecStartPost=`. With `Type=simple` systemd runs `ExecStartPost=` at once, while the main process is still being set up; both set up the credentials, and get into each other's way. systemd warns of it.

```ini
[Service]
Type=simple
ExecStart=/usr/bin/server
ExecStartPost=/usr/bin/announce
LoadCredential=password:/etc/server/password
```

Use `Type=exec` or `Type=notify`.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let credentials = [
        exec::ImportCredential,
        exec::LoadCredential,
        exec::LoadCredentialEncrypted,
        exec::SetCredential,
        exec::SetCredentialEncrypted,
    ];
    let unit = cx.unit;
    if unit.kind() != UnitKind::Service || !unit.has(service::ExecStartPost) {
        return;
    }
    let Some(kind) = unit.get(service::Type).filter(|setting| setting.value() == "simple") else { return };
    if let Some(credential) = credentials.iter().find_map(|key| unit.get(*key)) {
        let message = "with Type=simple, ExecStartPost= and credentials get into each other's way";
        let finding = cx.at(&RULE, kind, message).help("use Type=exec or Type=notify");
        findings.push(finding.related(credential.file, credential.span(), "the credential is here"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn credentials_want_another_type() {
        let rule = "credentials-race";
        let rest = "ExecStart=/a\nExecStartPost=/b\nSetCredential=c:d\n";
        check(
            "a.service",
            &format!("[Service]\nType=simple\n{rest}"),
            rule,
            expect![[r#"
            warning 2:6-2:12 with Type=simple, ExecStartPost= and credentials get into each other's way
              help: use Type=exec or Type=notify
              see: the credential is here
        "#]],
        );
        check("a.service", &format!("[Service]\nType=exec\n{rest}"), rule, expect![[""]]);
        check("a.service", &format!("[Service]\n{rest}"), rule, expect![[""]]);
        check("a.service", "[Service]\nType=simple\nExecStart=/a\nExecStartPost=/b\n", rule, expect![[""]]);
    }
}
