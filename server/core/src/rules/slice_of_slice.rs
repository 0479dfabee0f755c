use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::resource_control;

pub(super) static RULE: Rule = Rule {
    name: "slice-of-slice",
    severity: Severity::Error,
    optional: false,
    doc: "\
`Slice=` in a slice. The dashes in the name of a slice are its place, `a-b.slice` lies in `a.slice`, and nothing else can be set: systemd drops the line.

```ini
# web-shop.slice
[Slice]
Slice=customers.slice
```

Take the line away, and rename the slice if it shall lie elsewhere, here to `customers-shop.slice`.",
    check: Check::Unit(check),
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if unit.kind() != UnitKind::Slice {
        return;
    }
    let Some(setting) = unit.get(resource_control::Slice) else { return };
    let parent = unit.name.stem().rsplit_once('-').map_or("-", |(parent, _)| parent);
    let message = format!("Slice= can't be set here: by its name this slice lies in {parent}.slice");
    findings.push(cx.at_line(&RULE, setting, message).fix("Remove Slice=", vec![cx.without(setting)]));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn the_name_is_the_place() {
        let rule = "slice-of-slice";
        check(
            "a-b.slice",
            "[Slice]\nSlice=c.slice\n",
            rule,
            expect![[r#"
            error 2:1-2:14 Slice= can't be set here: by its name this slice lies in a.slice
              fix: Remove Slice=
        "#]],
        );
        check(
            "a.slice",
            "[Slice]\nSlice=-.slice\n",
            rule,
            expect![[r#"
            error 2:1-2:14 Slice= can't be set here: by its name this slice lies in -.slice
              fix: Remove Slice=
        "#]],
        );
        check("a.service", "[Service]\nSlice=c.slice\n", rule, expect![[""]]);
    }
}
