use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::{automount, mount};
use crate::units::unescape_path;

pub(super) static RULE: Rule = Rule {
    name: "api-mount",
    severity: Severity::Error,
    optional: false,
    doc: "\
A mount unit for a filesystem that systemd mounts itself when it starts, such as /proc, /sys, /dev or /run, or an automount unit for the root directory. systemd refuses to load it.

```ini
# sys.mount
[Mount]
What=sysfs
Where=/sys
```

Take the unit away; to change how one of them is mounted, write it into /etc/fstab.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

/// What systemd mounts early in any case (`mount_table` of `src/shared/mount-setup.c`).
const API: &[&str] = &[
    "/dev",
    "/dev/pts",
    "/dev/shm",
    "/proc",
    "/run",
    "/sys",
    "/sys/firmware/efi/efivars",
    "/sys/fs/bpf",
    "/sys/fs/cgroup",
    "/sys/fs/pstore",
    "/sys/kernel/security",
];

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if !unit.has_fragment {
        return;
    }
    let place = |key| match unit.text(key) {
        Some(path) => Some(path.to_owned()),
        None => unescape_path(unit.name.stem()),
    };
    let message = match unit.kind() {
        UnitKind::Mount => place(mount::Where)
            .and_then(|path| API.iter().find(|api| **api == path.trim_end_matches('/')))
            .map(|path| format!("systemd mounts {path} itself and refuses a unit for it")),
        UnitKind::Automount => place(automount::Where)
            .filter(|path| path == "/")
            .map(|_| "systemd refuses an automount for the root directory".to_owned()),
        _ => None,
    };
    findings.extend(message.map(|message| cx.at_header(&RULE, message)));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn what_systemd_mounts_itself() {
        let rule = "api-mount";
        check(
            "sys.mount",
            "[Mount]\nWhat=sysfs\nWhere=/sys/\n",
            rule,
            expect![[r#"
                error 1:1-1:8 systemd mounts /sys itself and refuses a unit for it
            "#]],
        );
        check(
            "dev-pts.mount",
            "[Mount]\nWhat=devpts\n",
            rule,
            expect![[r#"
            error 1:1-1:8 systemd mounts /dev/pts itself and refuses a unit for it
        "#]],
        );
        check(
            "-.automount",
            "[Automount]\n",
            rule,
            expect![[r#"
            error 1:1-1:12 systemd refuses an automount for the root directory
        "#]],
        );
        check("sys-kernel-debug.mount", "[Mount]\nWhat=debugfs\nWhere=/sys/kernel/debug\n", rule, expect![[""]]);
        check("-.mount", "[Mount]\nWhat=/dev/a\nWhere=/\n", rule, expect![[""]]);
    }
}
