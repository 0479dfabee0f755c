use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::unit;
use crate::text::Edit;
use crate::units::UnitName;

pub(super) static RULE: Rule = Rule {
    name: "requirement-without-order",
    severity: Severity::Hint,
    optional: false,
    doc: "\
A service that requires another service or a mount (`Requires=`, `Requisite=`, `BindsTo=`) without saying which of them comes first. Both are started at the same time, so that the other one isn't ready when this one starts, and its failure may come too late to keep this one from starting.

```ini
[Unit]
Requires=database.service
```

Add `After=database.service`. Sockets, targets, devices and slices are left out: they mostly have an order by default.",
    check: Check::Unit(check),
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if unit.kind() != UnitKind::Service || !unit.has_fragment {
        return;
    }
    for key in [unit::Requires, unit::Requisite, unit::BindsTo] {
        for reference in unit.references(key) {
            let Some(other) = UnitName::parse(&reference.name) else { continue };
            let ordered = |key| unit.references(key).any(|ordered| ordered.name == reference.name);
            let matters = matches!(other.kind(), UnitKind::Service | UnitKind::Mount) && other != *unit.name;
            if !matters || ordered(unit::After) || ordered(unit::Before) {
                continue;
            }
            let setting = reference.setting;
            let name = setting.entry.name;
            let written = &reference.name;
            let line = Edit::insert(setting.directive.span.start as usize, format!("After={written}\n"));
            findings.push(
                cx.at_name(
                    &RULE,
                    &reference,
                    format!("{name}={written} without After={written} starts both at the same time"),
                )
                .suggestion(format!("Add After={written}"), vec![line]),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_drop_in_alone};
    use expect_test::expect;

    #[test]
    fn both_start_at_once() {
        let text = "[Unit]\nRequires=a.service b.socket\nBindsTo=c.mount\n";
        check(
            "x.service",
            text,
            "requirement-without-order",
            expect![[r#"
            hint 2:10-2:19 Requires=a.service without After=a.service starts both at the same time
              suggestion: Add After=a.service
            hint 3:9-3:16 BindsTo=c.mount without After=c.mount starts both at the same time
              suggestion: Add After=c.mount
        "#]],
        );
    }

    #[test]
    fn there_is_an_order() {
        let rule = "requirement-without-order";
        for text in [
            "[Unit]\nRequires=a.service b.service\nAfter=a.service\nBefore=b.service\n",
            "[Unit]\nRequires=a.socket b.target dev-c.device\n",
            "[Unit]\nRequires=%H.service\n",
            "[Unit]\nWants=a.service\n",
        ] {
            check("x.service", text, rule, expect![[""]]);
        }
        check("x.target", "[Unit]\nRequires=a.service\n", rule, expect![[""]]);
        check("x@.service", "[Unit]\nRequires=a@%i.service\nAfter=a@%i.service\n", rule, expect![[""]]);
        check_drop_in_alone("x.service", "[Unit]\nRequires=a.service\n", rule, expect![[""]]);
    }
}
