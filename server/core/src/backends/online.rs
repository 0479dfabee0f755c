//! `network-online.target`: a tool waits until the network can be used, where nothing
//! else on the target stands for it.

use super::{Place, Target, Together};
use crate::fate::Fate;
use crate::plan::{Plan, Relation, RelationKind};

/// How long to wait, in seconds, as systemd-networkd-wait-online(8) does by default.
pub(super) const SECONDS: u32 = 120;

const TARGET: &str = "network-online.target";

/// Whether a service waits for the network: it is ordered after the target, and pulls it in.
pub(super) fn waits(plan: &Plan, together: &Together, target: &Target) -> bool {
    use RelationKind::{After, BindsTo, Requires, Wants};
    let named = |which: &[RelationKind]| {
        plan.relations.iter().any(|leaf| leaf.value.unit == TARGET && which.contains(&leaf.value.kind))
    };
    together.get(TARGET).is_none()
        && together.place(TARGET, target) == Place::Later
        && named(&[After])
        && named(&[Wants, Requires, BindsTo])
}

/// What becomes of such a relation; `None` if it is none of those.
pub(super) fn fate(plan: &Plan, together: &Together, target: &Target, relation: &Relation) -> Option<Fate> {
    use RelationKind::{After, BindsTo, Requires, Wants};
    let ours = relation.unit == TARGET && matches!(relation.kind, After | Wants | Requires | BindsTo);
    (ours && waits(plan, together, target)).then(|| {
        Fate::approximated(
            "`data/network-online` waits for an address on a link that is up",
            "systemd asks who configures the network",
        )
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::backends::{Content, Target, Together, render};
    use crate::fate::Backend;
    use crate::plan;
    use crate::syntax::scan;
    use crate::units::{Unit, UnitName};

    /// What becomes of the lines of `[Unit]`, and the call of the tool.
    fn check(target: &Target, lines: &str, expect: Expect) {
        let name = UnitName::parse("web.service").unwrap();
        let text = format!("[Unit]\n{lines}[Service]\nExecStart=/bin/web\n");
        let files = [scan(&text)];
        let unit = Unit::new(&name, &files);
        let plan = plan::lower(&unit, &target.facts);
        let rendering = render(&plan, &Together::default(), target);
        let mut out = String::new();
        for (setting, fate) in
            unit.settings().iter().zip(&rendering.fates).filter(|(setting, _)| setting.value().contains("online"))
        {
            out.push_str(&format!("{}={}: {fate}\n", setting.entry.name, setting.value()));
        }
        for file in rendering.directories.iter().flat_map(|directory| &directory.files) {
            if let ("run", Content::Script(text)) = (&*file.path, &file.content) {
                let text = String::from_utf8_lossy(text);
                let calls = text.lines().filter(|line| line.contains("./data/network-online"));
                calls.for_each(|line| out.push_str(&format!("{line}\n")));
            }
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn the_network_is_waited_for_where_it_is_wanted() {
        let both = "Wants=network-online.target\nAfter=network-online.target network.target\n";
        check(
            &Target::new(Backend::Runit),
            both,
            expect![[r#"
            Wants=network-online.target: approximated: `data/network-online` waits for an address on a link that is up; systemd asks who configures the network
            After=network-online.target network.target: approximated: `data/network-online` waits for an address on a link that is up; systemd asks who configures the network
            ./data/network-online 120 || :
        "#]],
        );
        check(
            &Target::new(Backend::S6),
            both,
            expect![[r#"
            Wants=network-online.target: approximated: `data/network-online` waits for an address on a link that is up; systemd asks who configures the network
            After=network-online.target network.target: approximated: `data/network-online` waits for an address on a link that is up; systemd asks who configures the network
            foreground { ./data/network-online 120 }
        "#]],
        );
        check(
            &Target::new(Backend::S6rc),
            both,
            expect![[r#"
            Wants=network-online.target: approximated: `data/network-online` waits for an address on a link that is up; systemd asks who configures the network
            After=network-online.target network.target: approximated: `data/network-online` waits for an address on a link that is up; systemd asks who configures the network
            foreground { ./data/network-online 120 }
        "#]],
        );
        check(
            &Target::new(Backend::S6),
            "After=network-online.target\n",
            expect![[r#"
            After=network-online.target: approximated: `s6-svscan` starts it at once; nobody waits for the network and the like
        "#]],
        );
        let mut target = Target::new(Backend::Runit);
        target.replace("network-online.target", Some("dhcpcd")).unwrap();
        check(
            &target,
            both,
            expect![[r#"
            Wants=network-online.target: emulated: `sv start` in `run`
            After=network-online.target network.target: emulated: `sv check` or `sv start` in `run`
        "#]],
        );
    }
}
