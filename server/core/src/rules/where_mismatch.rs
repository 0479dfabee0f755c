use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::{automount, mount, swap};
use crate::schema::{Key, UnitKind};
use crate::units::{MAX_NAME, Setting, escape_path, unescape_path};

pub(super) static RULE: Rule = Rule {
    name: "where-mismatch",
    severity: Severity::Error,
    optional: false,
    doc: "\
A mount, automount or swap whose `Where=` or `What=` isn't what its name says. The name of such a unit has to be its path, escaped as `systemd-escape --path` does: slashes become `-`, other special characters `\\xHH`. systemd refuses to load it.

```ini
# data.mount
[Mount]
What=/dev/sdb1
Where=/srv/data
```

Rename the file, here to `srv-data.mount`, or correct the path.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    // These can't be templates; that is reported of the name.
    if cx.unit.name.instance().is_some() {
        return;
    }
    let key = match cx.unit.kind() {
        UnitKind::Mount => mount::Where,
        UnitKind::Automount => automount::Where,
        UnitKind::Swap => swap::What,
        _ => return,
    };
    let Some(setting) = cx.unit.get(key) else { return };
    let suffix = cx.unit.kind().suffix();
    let Some(expected) = expected(setting, key) else { return };
    let stem = cx.unit.name.stem();
    if expected == stem || expected.len() + suffix.len() >= MAX_NAME {
        return;
    }
    let message = format!("{}= doesn't match the unit's name, it needs \"{expected}.{suffix}\"", setting.entry.name);
    let mut finding = cx.at(&RULE, setting, message);
    if let Some(path) = unescape_path(stem).filter(|path| escape_path(path).as_deref() == Some(stem)) {
        let title = format!("Set {}={path}", setting.entry.name);
        finding = finding.suggestion(title, vec![crate::text::Edit::replace(setting.span(), path)]);
    }
    findings.push(finding);
}

/// The stem of the name that goes with a path; `None` for what is no plain path.
fn expected(setting: &Setting, key: Key) -> Option<String> {
    let path = setting.value();
    let plain = path.starts_with('/') && !path.contains('%');
    // A swap may be on any link to its device.
    let certain = key != swap::What || !path.starts_with("/dev/disk/");
    if plain && certain { escape_path(path) } else { None }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn the_name_is_the_path() {
        let rule = "where-mismatch";
        check(
            "data.mount",
            "[Mount]\nWhat=/dev/a\nWhere=/srv/my data\n",
            rule,
            expect![[r#"
            error 3:7-3:19 Where= doesn't match the unit's name, it needs "srv-my\x20data.mount"
              suggestion: Set Where=/data
        "#]],
        );
        check(
            "srv-data.automount",
            "[Automount]\nWhere=/srv-data\n",
            rule,
            expect![[r#"
            error 2:7-2:16 Where= doesn't match the unit's name, it needs "srv\x2ddata.automount"
              suggestion: Set Where=/srv/data
        "#]],
        );
        check(
            "dev-sda.swap",
            "[Swap]\nWhat=/dev/sdb\n",
            rule,
            expect![[r#"
            error 2:6-2:14 What= doesn't match the unit's name, it needs "dev-sdb.swap"
              suggestion: Set What=/dev/sda
        "#]],
        );
    }

    #[test]
    fn fitting_names() {
        let rule = "where-mismatch";
        for (name, text) in [
            ("srv-my\\x20data.mount", "[Mount]\nWhere=/srv/my data\n"),
            ("srv-data.mount", "[Mount]\nWhere=//srv/data/\n"),
            ("srv.mount", "[Mount]\nWhat=/dev/a\n"),
            ("srv.mount", "[Mount]\nWhere=%t/srv\n"),
            ("-.mount", "[Mount]\nWhere=/\n"),
            ("srv@.mount", "[Mount]\nWhere=/srv\n"),
            ("dev-sda.swap", "[Swap]\nWhat=UUID=123\n"),
            ("srv.service", "[Service]\nExecStart=/a\n"),
        ] {
            check(name, text, rule, expect![[""]]);
        }
    }
}
