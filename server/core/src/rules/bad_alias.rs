use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::install;
use crate::units::UnitName;

pub(super) static RULE: Rule = Rule {
    name: "bad-alias",
    severity: Severity::Error,
    optional: false,
    doc: "\
An `Alias=` that the unit can't have: one with another suffix, one that is a template while the unit is not, or the other way round, one with another instance, or any alias of a mount, automount, swap, slice or scope. `systemctl enable` refuses or ignores it.

```ini
# web.service
[Install]
Alias=www.socket
```

Write a name with the unit's own suffix: `Alias=www.service`.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    for reference in cx.unit.references(install::Alias) {
        let Some(alias) = UnitName::parse(&reference.name) else { continue };
        if let Some(message) = mismatch(cx.unit.name, &alias) {
            findings.push(cx.at_name(&RULE, &reference, message));
        }
    }
}

/// What keeps a unit from having an alias (`unit_validate_alias_symlink_or_warn`
/// of `src/basic/unit-file.c`).
fn mismatch(name: &UnitName, alias: &UnitName) -> Option<String> {
    let kind = name.kind();
    if alias.kind() != kind {
        return Some(format!("an alias of a {0} has to end in \".{0}\"", kind.suffix()));
    }
    if !kind.may_have_alias() {
        return Some(format!("a {} can't have an alias", kind.suffix()));
    }
    match (name.instance(), alias.instance()) {
        (None, Some(_)) => Some("the alias of a unit that is no template can't have an \"@\"".to_owned()),
        (Some(_), None) => Some("the alias of a template needs an \"@\" in front of its suffix".to_owned()),
        (Some(own), Some(other)) if !own.is_empty() && !other.is_empty() && own != other => {
            Some(format!("the alias of an instance needs the same instance, \"{own}\""))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn aliases_have_to_fit() {
        let rule = "bad-alias";
        check(
            "a.service",
            "[Install]\nAlias=b.service c.socket\nAlias=d@.service\n",
            rule,
            expect![[r#"
            error 2:17-2:25 an alias of a service has to end in ".service"
            error 3:7-3:17 the alias of a unit that is no template can't have an "@"
        "#]],
        );
        check(
            "a@.service",
            "[Install]\nAlias=b.service\n",
            rule,
            expect![[r#"
            error 2:7-2:16 the alias of a template needs an "@" in front of its suffix
        "#]],
        );
        check(
            "a@x.service",
            "[Install]\nAlias=b@y.service c@x.service\n",
            rule,
            expect![[r#"
                error 2:7-2:18 the alias of an instance needs the same instance, "x"
            "#]],
        );
        check(
            "a.mount",
            "[Install]\nAlias=b.mount\n",
            rule,
            expect![[r#"
            error 2:7-2:14 a mount can't have an alias
        "#]],
        );
    }

    #[test]
    fn fitting_aliases() {
        let rule = "bad-alias";
        check("a.service", "[Install]\nAlias=dbus-org.a.service %p-b.service\n", rule, expect![[""]]);
        check("a@.service", "[Install]\nAlias=b@.service b@x.service autovt@.service\n", rule, expect![[""]]);
        check("a@x.service", "[Install]\nAlias=b@%i.service c@.service\n", rule, expect![[""]]);
    }
}
