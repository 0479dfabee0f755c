//! Steps that one of the tools beside the scripts takes: directories and mounts.

use super::chain::Words;
use super::tools::Tool;
use crate::plan::{Bytes, Directories, DirectoryKind, Mount, MountKind, Mounts, Preserve, Step, WorkingDirectory};

/// A chain-loading command with a tool in it, whose path is up to the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    /// What stands in front of the tool.
    pub before: Words,
    /// Which one.
    pub tool: Tool,
    /// Its arguments, up to where the next command begins.
    pub arguments: Words,
}

/// The call that `step` is; `None` if it is none of these.
pub fn call(step: &Step) -> Option<ToolCall> {
    match step {
        Step::Directories(directories) => {
            Some(ToolCall { before: Words::new(), tool: Tool::Directories, arguments: made(directories) })
        }
        Step::Mounts(mounts) => Some(ToolCall {
            before: words(&["unshare", "--mount", "--propagation", "slave", "--"]),
            tool: Tool::Namespace,
            arguments: mounted(mounts),
        }),
        _ => None,
    }
}

/// What is taken away when the service ends, as arguments of [`Tool::Directories`];
/// `restarts`: if it is about to be started again. `None`: nothing is.
pub fn removed(directories: &Directories, restarts: bool) -> Option<Words> {
    let preserved = match directories.preserve.value {
        Preserve::No => false,
        Preserve::Restart => restarts,
        Preserve::Yes => true,
    };
    let runtime = directories.made.iter().filter(|made| made.kind == DirectoryKind::Runtime && !preserved);
    let paths: Words = runtime.flat_map(|made| made.links.iter().chain([&made.path]).cloned()).collect();
    if paths.is_empty() && !directories.private_tmp {
        return None;
    }
    Some([vec![b"-r".to_vec()], paths].concat())
}

/// Whether what comes behind the mounts could not be run.
pub fn forbids_tools(mounts: &Mounts) -> bool {
    let covers = |path: &[u8]| [&b"/"[..], b"/usr", b"/usr/bin"].contains(&path);
    mounts.entries.iter().any(|mount| mount.no_exec == Some(true) && covers(&mount.path))
}

/// What may come behind the mounts.
const TOOLS: [&str; 5] =
    ["/usr/bin/env", "/usr/bin/s6-setuidgid", "/usr/bin/setpriv", "/usr/bin/setuidgid", "/usr/bin/sh"];

fn made(directories: &Directories) -> Words {
    let mut arguments = Words::new();
    if directories.private_tmp {
        arguments.push(b"-t".to_vec());
    }
    for (option, name) in [("-u", &directories.user), ("-g", &directories.group)] {
        if let Some(name) = name {
            arguments.extend([option.into(), name.clone()]);
        }
    }
    let mut before = None;
    for directory in &directories.made {
        let keep = directory.kind == DirectoryKind::Configuration;
        if before != Some((directory.mode, keep)) {
            arguments.extend([b"-m".to_vec(), format!("{:04o}", directory.mode).into_bytes()]);
            arguments.extend(keep.then(|| b"-k".to_vec()));
            before = Some((directory.mode, keep));
        }
        arguments.push(directory.path.clone());
        for link in &directory.links {
            arguments.extend([b"-l".to_vec(), link.clone(), relative(link, &directory.path)]);
        }
    }
    arguments.push(b"--".to_vec());
    arguments
}

/// How `target` is reached from where `link` lies.
fn relative(link: &[u8], target: &[u8]) -> Bytes {
    let parts = |path| <[u8]>::split(path, |byte| *byte == b'/').collect::<Vec<_>>();
    let (link, target) = (parts(link), parts(target));
    let folder = &link[..link.len() - 1];
    let shared = folder.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(&b".."[..], folder.len() - shared);
    up.chain(target[shared..].iter().copied()).collect::<Vec<_>>().join(&b'/')
}

fn mounted(mounts: &Mounts) -> Words {
    let mut arguments = Words::new();
    if let Some(root) = &mounts.root {
        arguments.extend([b"root".to_vec(), root.clone()]);
    }
    for mount in &mounts.entries {
        entry(mount, mounts.root.is_some(), &mut arguments);
    }
    if forbids_tools(mounts) {
        let kept = TOOLS.iter().filter(|tool| mounts.entries.iter().all(|mount| mount.path != tool.as_bytes()));
        arguments.extend(kept.flat_map(|tool| ["exec".into(), marked(tool.as_bytes(), true)]));
    }
    if mounts.propagation != "shared" {
        arguments.extend(words(&["propagation", mounts.propagation]));
    }
    let WorkingDirectory { path, user, optional } = &mounts.directory;
    match (path, user) {
        (Some(path), _) => arguments.extend([b"cd".to_vec(), marked(path, *optional)]),
        (None, Some(user)) => arguments.extend([b"home".to_vec(), marked(user, *optional)]),
        (None, None) => {}
    }
    arguments.push(b"--".to_vec());
    arguments
}

fn entry(mount: &Mount, below_root: bool, arguments: &mut Words) {
    let Mount { path, kind, optional, read_only, no_exec, protects: _ } = mount;
    let target = marked(path, *optional);
    let mut push = |verb: &str, rest: &[&[u8]]| {
        arguments.push(verb.into());
        arguments.extend(rest.iter().map(|word| word.to_vec()));
    };
    match kind {
        MountKind::Bind { source, .. } if source == path && !optional && !below_root => push("writable", &[path]),
        MountKind::Bind { source, recursive } => {
            push(if *recursive { "rbind" } else { "bind" }, &[&marked(source, *optional), path]);
        }
        MountKind::PrivateTmp(name) => push("private-tmp", &[path, name.as_bytes()]),
        MountKind::PrivateDevices => push("private-dev", &[path]),
        MountKind::Host => push("host", &[path]),
        MountKind::Proc(options) => push("proc", &[path, options.as_bytes()]),
        MountKind::Tmpfs(options) if *optional => push("tmpfs", &[&target, options]),
        MountKind::Tmpfs(options) => push("tmpfs", &[path, options]),
        MountKind::MessageQueues => push("mqueue", &[&target]),
        MountKind::Inaccessible => return push("inaccessible", &[&target]),
        MountKind::ReadWrite | MountKind::ReadWriteByDefault => push("writable", &[&target]),
        MountKind::ReadOnly | MountKind::NoExec | MountKind::Exec => {}
    }
    // What is mounted from elsewhere may still be missing, if its source may.
    let target = if matches!(kind, MountKind::Bind { .. }) { marked(path, *optional) } else { target };
    if *read_only {
        push("read-only", &[&target]);
    }
    match no_exec {
        Some(true) => push("no-exec", &[&target]),
        Some(false) => push("exec", &[&target]),
        None => {}
    }
}

/// A path, marked if it may be missing.
fn marked(path: &[u8], optional: bool) -> Bytes {
    if optional { [b"-", path].concat() } else { path.to_vec() }
}

fn words(words: &[&str]) -> Words {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::plan::{self, Body, Facts};
    use crate::syntax::scan;
    use crate::units::{Unit, UnitName};

    /// The arguments of the tools that a service calls, a line each.
    fn check(settings: &str, expect: Expect) {
        let name = UnitName::parse("web.service").unwrap();
        let text = format!("[Service]\nExecStart=/x\n{settings}");
        let files = [scan(&text)];
        let unit = Unit::new(&name, &files);
        let plan = plan::lower(&unit, &Facts::default());
        assert_eq!(plan.faults, []);
        let Body::Service(service) = plan.body else { return };
        let calls = service.chain.links.iter().filter_map(|link| call(&link.step));
        let line = |call: ToolCall| {
            let words: Vec<_> = call.arguments.iter().map(|word| String::from_utf8_lossy(word)).collect();
            format!("{}\n", words.join(" "))
        };
        expect.assert_eq(&calls.map(line).collect::<String>());
    }

    #[test]
    fn nothing_is_called_for_nothing() {
        check(
            "PrivateTmp=no\nProtectSystem=no\nMountFlags=shared\nRootDirectory=/\nWorkingDirectory=/x\n",
            expect![""],
        );
    }

    #[test]
    fn paths_cover_each_other() {
        check(
            "ReadOnlyPaths=/ /usr /usr/share -/opt/ /a//b/./c\nReadWritePaths=/usr/share /usr/share/x\n",
            expect![[r#"
                read-only / writable /usr/share/x cd / --
            "#]],
        );
        check(
            "InaccessiblePaths=/srv -+/x\nReadOnlyPaths=/srv /srv/a /srv-b\nNoExecPaths=/home /srv-b\nExecPaths=-/home/bin\n",
            expect![[r#"
                no-exec /home exec -/home/bin inaccessible /srv read-only /srv-b no-exec /srv-b inaccessible -/x cd / --
            "#]],
        );
        check(
            "ProtectSystem=strict\nProtectKernelTunables=yes\nProcSubset=pid\nReadWritePaths=/sys/x\n",
            expect![[r#"
                read-only / writable /dev writable -/home proc /proc hidepid=off,subset=pid read-only -/proc/acpi read-only -/proc/apm read-only -/proc/asound read-only -/proc/bus read-only -/proc/fs read-only -/proc/irq inaccessible -/proc/kallsyms inaccessible -/proc/kcore read-only -/proc/latency_stats read-only -/proc/mtrr read-only -/proc/scsi read-only -/proc/sys read-only -/proc/sysrq-trigger read-only -/proc/timer_stats writable -/root writable -/run/user writable -/sys/fs/cgroup writable -/sys/fs/selinux writable /sys/x cd / --
            "#]],
        );
    }

    #[test]
    fn what_is_mounted_has_sources_and_options() {
        check(
            "BindPaths=/a -/b:/c /d:/e:norbind\nBindReadOnlyPaths=/f\nTemporaryFileSystem=/t /u:ro,mode=0700\n",
            expect![[r#"
                writable /a rbind -/b /c bind /d /e writable /f read-only /f tmpfs /t mode=0755,nodev,strictatime,size=10%,nr_inodes=1m tmpfs /u mode=0755,nodev,strictatime,size=10%,nr_inodes=1m,mode=0700 read-only /u cd / --
            "#]],
        );
        check(
            "PrivateTmp=yes\nPrivateIPC=yes\nMountFlags=slave\nUser=web\nWorkingDirectory=-~\n",
            expect![[r#"
                -t -u web --
                mqueue -/dev/mqueue private-tmp /tmp tmp private-tmp /var/tmp var-tmp propagation slave home -web --
            "#]],
        );
        check(
            "RootDirectory=/srv/root\nBindPaths=/usr\nProtectHome=tmpfs\nWorkingDirectory=/w\n",
            expect![[r#"
                root /srv/root host /dev tmpfs -/home mode=0755,nodev,strictatime,size=4m,nr_inodes=1k read-only -/home proc /proc  tmpfs -/root mode=0700,nodev,strictatime,size=4m,nr_inodes=1k read-only -/root tmpfs /run mode=755,nosuid,nodev,strictatime,size=20%,nr_inodes=800k tmpfs -/run/user mode=0755,nodev,strictatime,size=4m,nr_inodes=1k read-only -/run/user host /sys rbind /usr /usr cd /w --
            "#]],
        );
    }

    #[test]
    fn directories_have_owners_modes_and_links() {
        check(
            "User=web\nGroup=www\nRuntimeDirectory=web web/sub:other/link\nRuntimeDirectoryMode=0750\n\
             StateDirectory=web\nConfigurationDirectory=%N\n",
            expect![[r#"
                -u web -g www -m 0755 -k /etc/web -m 0750 /run/web /run/web/sub -l /run/other/link ../web/sub -m 0755 /var/lib/web --
            "#]],
        );
        check(
            "StateDirectory=web\nProtectSystem=strict\n",
            expect![[r#"
                -m 0755 /var/lib/web --
                read-only / writable /dev writable -/home writable /proc writable -/root writable -/run/user writable /sys writable /var/lib/web cd / --
            "#]],
        );
    }

    #[test]
    fn dynamic_users_are_shut_in() {
        check(
            "DynamicUser=yes\n",
            expect![[r#"
                -t --
                read-only / writable /dev writable /proc writable /sys private-tmp /tmp tmp private-tmp /var/tmp var-tmp cd / --
            "#]],
        );
    }
}
