use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::{install, unit};
use crate::schema::{Manager, sets};
use crate::text::Edit;

pub(super) static RULE: Rule = Rule {
    name: "network-online-not-wanted",
    severity: Severity::Warning,
    optional: false,
    doc: "\
`After=network-online.target` without a `Wants=` for it. An order alone starts nothing: unless another unit happens to pull the target in, it isn't started, and the unit doesn't wait for the network at all.

```ini
[Unit]
After=network-online.target
```

Add `Wants=network-online.target`; or write `After=network.target` if the unit needs no connection to start. Of units that aren't enabled, and of those that start other units, this is only a hint: these may be the ones that start it.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

const TARGET: &str = "network-online.target";

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if !unit.has_fragment || cx.target.manager == Manager::User {
        return;
    }
    let Some(after) = unit.references(unit::After).find(|reference| reference.name == TARGET) else { return };
    let pulls = [unit::Wants, unit::Requires, unit::Requisite, unit::BindsTo, unit::Upholds, install::WantedBy];
    if pulls.iter().any(|key| unit.references(*key).any(|reference| reference.name == TARGET)) {
        return;
    }
    let directive = after.setting.directive;
    let line = Edit::insert(directive.span.start as usize, format!("Wants={TARGET}\n"));
    let mut finding = cx.at_name(&RULE, &after, format!("After={TARGET} waits for nothing without Wants={TARGET}"));
    // What isn't enabled is started by another unit, which may want the target.
    let enabled = unit.has(install::WantedBy) || unit.has(install::RequiredBy);
    if !enabled || pulls[..5].iter().flat_map(|key| unit.references(*key)).any(|other| may_want(&other.name)) {
        finding.severity = Severity::Hint;
        finding = finding.help("this is in order if a unit that is started along with it wants the target");
    }
    if after.setting.file == 0 {
        finding = finding.suggestion(format!("Add Wants={TARGET}"), vec![line]);
    }
    let other = Edit::replace(after.span, "network.target");
    findings.push(finding.suggestion("Order after network.target instead", vec![other]));
}

/// Whether the unit of this name may start the target: network mounts do, those of systemd don't.
fn may_want(name: &str) -> bool {
    name.starts_with("remote-") || sets::SPECIAL_UNIT.get(name).is_none()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn an_order_starts_nothing() {
        check(
            "a.service",
            "[Unit]\nAfter=b.target network-online.target\n[Install]\nWantedBy=b.target\n",
            "network-online-not-wanted",
            expect![[r#"
                warning 2:16-2:37 After=network-online.target waits for nothing without Wants=network-online.target
                  suggestion: Add Wants=network-online.target
                  suggestion: Order after network.target instead
            "#]],
        );
    }

    #[test]
    fn the_line_is_added() {
        let text = "[Unit]\nAfter=network-online.target\n[Install]\nWantedBy=b.target\n";
        fixed(
            "a.service",
            text,
            "network-online-not-wanted",
            expect![[r#"
            [Unit]
            Wants=network-online.target
            After=network-online.target
            [Install]
            WantedBy=b.target
        "#]],
        );
    }

    #[test]
    fn it_is_started() {
        for text in [
            "[Unit]\nAfter=network-online.target\nWants=network-online.target\n",
            "[Unit]\nAfter=network-online.target\nRequires=a.service network-online.target\n",
            "[Unit]\nAfter=network-online.target\n[Install]\nWantedBy=network-online.target\n",
            "[Unit]\nAfter=network.target\n",
            "[Unit]\nBefore=network-online.target\n",
        ] {
            let text = format!("{text}[Install]\nWantedBy=b.target\n");
            check("a.service", &text, "network-online-not-wanted", expect![[""]]);
        }
    }

    #[test]
    fn another_unit_may_start_it() {
        let rule = "network-online-not-wanted";
        check(
            "a.service",
            "[Unit]\nAfter=network-online.target\n",
            rule,
            expect![[r#"
            hint 2:7-2:28 After=network-online.target waits for nothing without Wants=network-online.target
              help: this is in order if a unit that is started along with it wants the target
              suggestion: Add Wants=network-online.target
              suggestion: Order after network.target instead
        "#]],
        );
        let enabled =
            "[Unit]\nAfter=network-online.target\nWants=basic.target b.service\n[Install]\nWantedBy=c.target\n";
        check(
            "a.service",
            enabled,
            rule,
            expect![[r#"
            hint 2:7-2:28 After=network-online.target waits for nothing without Wants=network-online.target
              help: this is in order if a unit that is started along with it wants the target
              suggestion: Add Wants=network-online.target
              suggestion: Order after network.target instead
        "#]],
        );
    }
}
