use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::Manager;
use crate::schema::key::{install, unit};
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

Add `Wants=network-online.target`; or write `After=network.target` if the unit needs no connection to start. Only said of units that are enabled: what another unit starts may leave it to that one.",
    check: Check::Unit(check),
};

const TARGET: &str = "network-online.target";

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    // What isn't enabled is started by another unit, which may want the target.
    let enabled = unit.has(install::WantedBy) || unit.has(install::RequiredBy);
    if !unit.has_fragment || !enabled || cx.target.manager == Manager::User {
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
    if after.setting.file == 0 {
        finding = finding.suggestion(format!("Add Wants={TARGET}"), vec![line]);
    }
    let other = Edit::replace(after.span, "network.target");
    findings.push(finding.suggestion("Order after network.target instead", vec![other]));
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
        check("a.service", "[Unit]\nAfter=network-online.target\n", "network-online-not-wanted", expect![[""]]);
    }
}
