use std::collections::HashMap;

use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::Key;
use crate::schema::key::unit;

pub(super) static RULE: Rule = Rule {
    name: "contradictory-dependency",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A unit named both in `After=` and in `Before=`, or both in `Conflicts=` and in a list of units to start. The first is an ordering cycle, which systemd breaks by leaving one of the two out; the second lets the start fail, or stops one as soon as the other starts.

```ini
[Unit]
Requires=database.service
Conflicts=database.service
```

Keep the one that was meant.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

const PAIRS: &[(Key, &[Key])] = &[
    (unit::Before, &[unit::After]),
    (unit::Conflicts, &[unit::Requires, unit::Requisite, unit::BindsTo, unit::Wants, unit::Upholds]),
];

fn check(cx: &UnitContext, findings: &mut Findings) {
    for (key, others) in PAIRS {
        if !cx.unit.has(*key) {
            continue;
        }
        let others = others.iter().flat_map(|other| cx.unit.references(*other));
        let others: HashMap<_, _> = others.map(|other| (other.name.clone(), other)).collect();
        for reference in cx.unit.references(*key) {
            let Some(other) = others.get(&reference.name) else { continue };
            let (one, two) = (reference.setting.entry.name, other.setting.entry.name);
            let message = format!("{one}= and {two}= both name {}", reference.name);
            let place = format!("{two}= names it here");
            findings.push(cx.at_name(&RULE, &reference, message).related(other.setting.file, other.span, place));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_with_drop_in};
    use expect_test::expect;

    #[test]
    fn what_contradicts_itself() {
        let rule = "contradictory-dependency";
        let text = "[Unit]\nAfter=a.target b.target\nBefore=b.target\nWants=c.service\nConflicts=d.service c.service\n";
        check(
            "x.service",
            text,
            rule,
            expect![[r#"
            warning 3:8-3:16 Before= and After= both name b.target
              see: After= names it here
            warning 5:21-5:30 Conflicts= and Wants= both name c.service
              see: Wants= names it here
        "#]],
        );
        check_with_drop_in(
            "x.service",
            "[Unit]\nAfter=a.target\n",
            Some("[Unit]\nBefore=a.target\n"),
            rule,
            expect![[r#"
                warning drop-in 2:8-2:16 Before= and After= both name a.target
                  see: After= names it here
            "#]],
        );
    }

    #[test]
    fn what_goes_together() {
        let text = "[Unit]\nAfter=a.target\nBefore=b.target c.service\nWants=c.service\nConflicts=b.target\n";
        check("x.service", text, "contradictory-dependency", expect![[""]]);
    }
}
