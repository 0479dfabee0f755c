use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::Key;
use crate::schema::key::{install, unit};
use crate::units::{Reference, UnitName};

pub(super) static RULE: Rule = Rule {
    name: "self-dependency",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A unit that names itself in its dependencies. systemd drops such a dependency without a word.

```ini
# web.service
[Unit]
After=web.service
```

Write the unit that was meant, or take the name away.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

const KEYS: &[Key] = &[
    unit::After,
    unit::Before,
    unit::BindsTo,
    unit::Conflicts,
    unit::OnFailure,
    unit::OnSuccess,
    unit::PartOf,
    unit::PropagatesReloadTo,
    unit::PropagatesStopTo,
    unit::ReloadPropagatedFrom,
    unit::Requires,
    unit::Requisite,
    unit::StopPropagatedFrom,
    unit::Upholds,
    unit::Wants,
    install::RequiredBy,
    install::UpheldBy,
    install::WantedBy,
];

fn check(cx: &UnitContext, findings: &mut Findings) {
    for setting in cx.unit.settings().iter().filter(|setting| KEYS.contains(&setting.entry.key)) {
        let itself = |reference: &Reference| is_self(cx.unit.name, &reference.name);
        if let Some(reference) = cx.unit.references_of(*setting).find(itself) {
            let message = format!("the unit names itself in {}=, which systemd drops", setting.entry.name);
            findings.push(cx.at_name(&RULE, &reference, message));
        }
    }
}

/// Whether `name` is the unit's own, also by way of its template.
fn is_self(unit: &UnitName, name: &str) -> bool {
    let Some((prefix, rest)) = name.split_once('@') else { return name == unit.as_str() };
    let Some(instance) = unit.instance() else { return false };
    let (given, suffix) = rest.rsplit_once('.').unwrap_or((rest, ""));
    let same_instance = given.is_empty() || given == instance || (instance.is_empty() && given == "%i");
    prefix == unit.prefix() && suffix == unit.kind().suffix() && same_instance
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn a_unit_names_itself() {
        let rule = "self-dependency";
        check(
            "a.service",
            "[Unit]\nAfter=b.service a.service\nOnFailure=%n\n[Install]\nWantedBy=a.service\n",
            rule,
            expect![[r#"
                warning 2:17-2:26 the unit names itself in After=, which systemd drops
                warning 3:11-3:13 the unit names itself in OnFailure=, which systemd drops
                warning 5:10-5:19 the unit names itself in WantedBy=, which systemd drops
            "#]],
        );
        check(
            "a@.service",
            "[Unit]\nAfter=a@%i.service a@x.service\nConflicts=a@.service\n",
            rule,
            expect![[r#"
            warning 2:7-2:19 the unit names itself in After=, which systemd drops
            warning 3:11-3:21 the unit names itself in Conflicts=, which systemd drops
        "#]],
        );
        check(
            "a@x.service",
            "[Unit]\nAfter=a@x.service a@y.service\n",
            rule,
            expect![[r#"
            warning 2:7-2:18 the unit names itself in After=, which systemd drops
        "#]],
        );
    }

    #[test]
    fn others_are_others() {
        let rule = "self-dependency";
        check(
            "a.service",
            "[Unit]\nAfter=a.socket a@.service a@b.service\nDocumentation=man:a.service\n",
            rule,
            expect![[""]],
        );
        check("a@x.service", "[Unit]\nAfter=a.service b@x.service\n", rule, expect![[""]]);
    }
}
