mod supervisord;

use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::{Severity, Tag};
use crate::schema::{self, Empty, Key};
use crate::text::Edit;
use crate::values::{ValueType, boolean};

pub(super) static RULE: Rule = Rule {
    name: "duplicate-setting",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A directive that takes one value and is given two different ones in the same file. Only one of them holds: the last one, or for the `Unit=` of timers and paths the first. In supervisord.conf all sections of one name are one; where files replace what another one says, that is only hinted at.

```ini
[Service]
Restart=on-failure
User=job
Restart=always
```

Delete the line that has no effect. An empty assignment between the two says that it is on purpose.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::Config(supervisord::check)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    // Which assignment of each directive holds so far, counted from 1.
    let mut held_by = vec![0usize; Key::COUNT];
    for (at, (directive, entry)) in cx.file.directives.iter().zip(cx.entries).enumerate() {
        if findings.has_enough(&RULE) {
            break;
        }
        let Some(entry) = entry.filter(|entry| holds_one(entry)) else { continue };
        let value = directive.value.text();
        if value.is_empty() {
            if entry.empty != Empty::Refused {
                held_by[usize::from(entry.key.0)] = 0;
            }
            continue;
        }
        let holder = &mut held_by[usize::from(entry.key.0)];
        let before = holder.checked_sub(1).map(|at| &cx.file.directives[at]);
        let Some(before) = before.filter(|before| cx.is_valid(before, entry)) else {
            *holder = at + 1;
            continue;
        };
        if !cx.is_valid(directive, entry) {
            continue;
        }
        let first_holds = entry.value.first_holds();
        if !first_holds {
            *holder = at + 1;
        }
        if same(before.value.text(), value) {
            continue;
        }
        let (holds, idle) = if first_holds { (before, directive) } else { (directive, before) };
        let line = cx.file.lines(idle.span);
        findings.push(
            RULE.at(idle.span, format!("{}= is set twice: this value has no effect", entry.name))
                .related(0, holds.span, "this value holds")
                .fix("Delete the line", vec![Edit::delete(line)])
                .tag(Tag::Unnecessary),
        );
    }
}

/// Whether two values say the same, for example `yes` and `true`.
fn same(a: &str, b: &str) -> bool {
    a == b || boolean::read(a).is_some_and(|is| boolean::read(b) == Some(is))
}

/// Whether only one of several values holds for sure; of `SecureBits=` the
/// manual says that they add up, which systemd 252 doesn't do.
fn holds_one(entry: &schema::Directive) -> bool {
    !entry.list && !matches!(entry.value, ValueType::SecureBits | ValueType::BpfDelegate(_))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_with_drop_in, fixed};
    use expect_test::expect;

    #[test]
    fn the_last_one_holds() {
        let text = "[Service]\nRestart=no\nUser=a\nRestart=always\n[Service]\nRestart=on-failure\n";
        check(
            "a.service",
            text,
            "duplicate-setting",
            expect![[r#"
            warning 2:1-2:11 Restart= is set twice: this value has no effect
              see: this value holds
              fix: Delete the line
            warning 4:1-4:15 Restart= is set twice: this value has no effect
              see: this value holds
              fix: Delete the line
        "#]],
        );
        fixed(
            "a.service",
            text,
            "duplicate-setting",
            expect![[r#"
            [Service]
            User=a
            [Service]
            Restart=on-failure
        "#]],
        );
    }

    #[test]
    fn the_first_unit_to_trigger_holds() {
        check(
            "a.timer",
            "[Timer]\nUnit=a.service\nUnit=b.service\nUnit=c.service\nUnit=a.service\n",
            "duplicate-setting",
            expect![[r#"
                warning 3:1-3:15 Unit= is set twice: this value has no effect
                  see: this value holds
                  fix: Delete the line
                warning 4:1-4:15 Unit= is set twice: this value has no effect
                  see: this value holds
                  fix: Delete the line
            "#]],
        );
    }

    #[test]
    fn lists_and_the_same_value_again_and_resets_are_fine() {
        let text = "\
[Unit]
After=a.service
After=b.service
StartLimitBurst=3
[Service]
Environment=A=1
Environment=A=2
User=a
User=a
PrivateTmp=yes
PrivateTmp=true
StartLimitBurst=4
Group=a
Group=
Group=b
ExecStart=/bin/a
ExecStart=/bin/b
Restart=no
Restart=sometimes
UMask=999
UMask=077
";
        check("a.service", text, "duplicate-setting", expect![[""]]);
    }

    #[test]
    fn a_drop_in_is_meant_to_override() {
        check_with_drop_in(
            "a.service",
            "[Service]\nRestart=no\n",
            Some("[Service]\nRestart=always\n"),
            "duplicate-setting",
            expect![[""]],
        );
    }
}
