use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::install;

pub(super) static RULE: Rule = Rule {
    name: "empty-install",
    severity: Severity::Warning,
    optional: false,
    doc: "\
An `[Install]` section that installs nothing: `systemctl enable` does nothing, and says that the unit has no installation config.

```ini
[Install]
#WantedBy=multi-user.target
```

Say what shall start the unit, usually `WantedBy=multi-user.target`, or take the section away.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let keys = [install::WantedBy, install::RequiredBy, install::UpheldBy, install::Alias, install::Also];
    let unit = cx.unit;
    if !unit.has_fragment || keys.iter().any(|key| unit.has(*key)) {
        return;
    }
    let Some((0, first)) = unit.sections("Install").next() else { return };
    // What is misspelt or meant for other programs is reported elsewhere or
    // is none of our business; a drop-in may have emptied the section on purpose.
    let known = |name: &str| name == "DefaultInstance" || keys.iter().any(|key| key.directive().name == name);
    let is_empty = unit.sections("Install").all(|(file, section)| {
        file == 0 && unit.files[file].directives_of(section).iter().all(|directive| known(&directive.key))
    });
    if is_empty {
        findings.push(
            RULE.at(first.header, "[Install] installs nothing: systemctl enable will have no effect")
                .help("set WantedBy=, RequiredBy=, UpheldBy=, Alias= or Also="),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_with_drop_in};
    use expect_test::expect;

    #[test]
    fn a_section_without_effect() {
        let rule = "empty-install";
        check(
            "a.target",
            "[Unit]\n[Install]\n",
            rule,
            expect![[r#"
            warning 2:1-2:10 [Install] installs nothing: systemctl enable will have no effect
              help: set WantedBy=, RequiredBy=, UpheldBy=, Alias= or Also=
        "#]],
        );
        check(
            "a@.service",
            "[Install]\nDefaultInstance=b\n",
            rule,
            expect![[r#"
            warning 1:1-1:10 [Install] installs nothing: systemctl enable will have no effect
              help: set WantedBy=, RequiredBy=, UpheldBy=, Alias= or Also=
        "#]],
        );
        check(
            "a.target",
            "[Install]\nWantedBy=\n",
            rule,
            expect![[r#"
            warning 1:1-1:10 [Install] installs nothing: systemctl enable will have no effect
              help: set WantedBy=, RequiredBy=, UpheldBy=, Alias= or Also=
        "#]],
        );
    }

    #[test]
    fn one_with_effect() {
        let rule = "empty-install";
        for text in [
            "[Unit]\n",
            "[Install]\nWantedBy=b.target\n",
            "[Install]\nAlso=b.socket\n",
            "[Install]\n[Install]\nAlias=b.target\n",
            "[Install]\nWantdBy=b.target\n",
            "[Install]\nX-Mine=1\n",
        ] {
            check("a.target", text, rule, expect![[""]]);
        }
        check_with_drop_in("a.target", "[Install]\nAlso=b\n", Some("[Install]\nAlso=\n"), rule, expect![[""]]);
    }
}
