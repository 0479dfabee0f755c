use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::schema::{is_slip, sets};
use crate::text::Edit;

pub(super) static RULE: Rule = Rule {
    name: "misspelt-target",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A target that isn't there and whose name is one slip away from that of a target which every system has. systemd takes any name: what is wanted by a target that isn't there is never started, and an order after it means nothing.

```ini
[Install]
WantedBy=mulit-user.target
```

Write the name as systemd.special(7) has it: `multi-user.target`.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

/// The least length of a name, suffix left out, that isn't near to others by chance.
const LENGTH: usize = 6;

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    for unit in &cx.workspace.units {
        for edge in &unit.edges {
            let Some(stem) = edge.to.strip_suffix(".target").filter(|stem| stem.len() >= LENGTH) else { continue };
            if stem.contains(['@', '%']) || sets::SPECIAL_UNIT.get(&edge.to).is_some() || cx.find(&edge.to).is_some() {
                continue;
            }
            let targets = sets::SPECIAL_UNIT.words.iter().map(|word| word.text);
            let mut near = targets.filter(|target| target.ends_with(".target"));
            let Some(near) = near.find(|target| is_slip(&edge.to, target)) else { continue };
            let message = format!("{} is no target that systemd knows: did you mean {near}?", edge.to);
            let edits = vec![Edit::replace(edge.span, near)];
            findings.push(cx.at_edge(&RULE, edge, message).suggestion(format!("Replace with \"{near}\""), edits));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::expect;

    #[test]
    fn one_slip_away() {
        let text = "[Unit]\nAfter=network-onilne.target socket.target\n[Install]\nWantedBy=multiuser.target\n";
        check_workspace(
            &[("a.service", text)],
            false,
            "misspelt-target",
            expect![[r#"
            a.service: warning 2:7-2:28 network-onilne.target is no target that systemd knows: did you mean network-online.target?
              suggestion: Replace with "network-online.target"
            a.service: warning 2:29-2:42 socket.target is no target that systemd knows: did you mean sockets.target?
              suggestion: Replace with "sockets.target"
            a.service: warning 4:10-4:26 multiuser.target is no target that systemd knows: did you mean multi-user.target?
              suggestion: Replace with "multi-user.target"
        "#]],
        );
    }

    #[test]
    fn targets_of_ones_own() {
        let text = "[Unit]\nAfter=network.target mount.target socket.target cluster.target remote-fs.target\n\
                    [Install]\nWantedBy=multi-user.target a@%i.target\n";
        let files = [("a.service", text), ("socket.target", "[Unit]\n")];
        check_workspace(&files, false, "misspelt-target", expect![[""]]);
    }
}
