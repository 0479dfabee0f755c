//! Writing a service for another supervisor.
//!
//! A backend spells the steps of a [`Plan`] in its own words. The directories
//! it makes are values in memory; whoever asked for them writes them.
//!
//! What no stock tool does is done by a few constant chain-loading scripts
//! ([`tools`]), which are copied into `data/` of the directories that need them.

pub mod chain;
pub mod conditions;
mod fates;
mod listen;
mod losses;
#[cfg(test)]
mod no_silent_drop;
mod nosh;
pub mod quote;
mod runit;
mod s6;
mod s6rc;
pub mod sandbox;
pub mod settings;
mod shell;
mod target;
pub mod timer;
mod together;
pub mod tools;
mod waiting;

pub use fates::Fates;
pub use target::{Flavour, Layout, LogStyle, Target, ToolSet, Version};
pub use together::{Edge, Place, Together};

use std::borrow::Cow;

use crate::fate::{Backend, Fate, Level};
use crate::plan::{At, Body, Fault, Plan, Service};
use crate::schema;
use crate::units::UnitName;

/// What one unit becomes.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// The directories, relative to the one where services are kept; most units become one.
    pub directories: Vec<Directory>,
    /// What became of each assignment, in the order of [`crate::units::Unit::settings`].
    pub fates: Vec<Fate>,
    /// Assignments in error; a unit with such is not written.
    pub faults: Vec<Fault>,
    /// What else there is to say about the unit as a whole: lower case, no full stop.
    pub notes: Vec<String>,
}

/// A directory of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// Its name: a single component of a path.
    pub name: String,
    /// What is in it, parents left out; sorted by path.
    pub files: Vec<File>,
    /// Whether others too have files in it: these are added, and nothing is taken away.
    pub shared: bool,
}

/// A file of a [`Directory`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the directory: `log/run`.
    pub path: String,
    /// What it is.
    pub content: Content,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A file to read; mode 0644.
    Text(Vec<u8>),
    /// A file to run; mode 0755.
    Script(Vec<u8>),
    /// A symbolic link to this path.
    Link(String),
    /// An empty directory.
    Directory,
}

/// Renders `plan` for `target`.
pub fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    let (plan, places) = as_service(plan);
    let (plan, losses) = losses::adapt(&plan, target);
    let plan = &*plan;
    let mut rendering = match target.backend {
        Backend::Runit => runit::render(plan, together, target),
        Backend::Nosh => nosh::render(plan, together, target),
        Backend::S6 => s6::render(plan, together, target),
        Backend::S6rc => s6rc::render(plan, together, target),
    };
    rendering.faults.extend(plan.faults.iter().cloned());
    for (At(at), fate) in losses {
        if let Some(slot) = rendering.fates.get_mut(at as usize)
            && slot.level() <= fate.level()
        {
            *slot = fate;
        }
    }
    for At(at) in places {
        if let (Some(slot), Some(setting)) =
            (rendering.fates.get_mut(at as usize), plan.unit.settings().get(at as usize))
        {
            *slot = schema::support(setting.entry.key, target.backend).clone();
        }
    }
    tell_losses(plan, &mut rendering);
    for directory in &mut rendering.directories {
        directory.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    rendering
}

/// A mount as the service that it is, and the assignments that its commands are made from.
fn as_service<'p, 'u>(plan: &'p Plan<'u>) -> (Cow<'p, Plan<'u>>, Vec<At>) {
    match &plan.body {
        Body::Mount(mount) if !mount.service.commands.start.is_empty() => {
            let body = Body::Service(mount.service.clone());
            (Cow::Owned(Plan { body, ..plan.clone() }), mount.places.clone())
        }
        _ => (Cow::Borrowed(plan), Vec::new()),
    }
}

/// Tells in the header of the script that people read first what isn't as in the unit.
fn tell_losses(plan: &Plan, rendering: &mut Rendering) {
    let mut header = Vec::new();
    for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
        if matches!(fate.level(), Level::Approximated | Level::Lost) {
            let line = format!("  {}={}: {fate}", setting.entry.name, setting.value());
            quote::comment(line.as_bytes(), &mut header);
        }
    }
    if header.is_empty() {
        return;
    }
    header.splice(0..0, *b"#\n# Not quite as in the unit:\n");
    let mut files = rendering.directories.iter_mut().flat_map(|directory| &mut directory.files);
    let run = files.find(|file| matches!(&*file.path, "run" | "service/run"));
    if let Some(File { content: Content::Script(text), .. }) = run {
        // Behind the line that says whose script it is, which a word to shellcheck may precede.
        let title =
            1 + text.split(|byte| *byte == b'\n').skip(1).take_while(|line| line.starts_with(b"# shellcheck")).count();
        let mut ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        if let Some(behind) = ends.nth(title) {
            text.splice(behind..behind, header);
        }
    }
}

/// The name of the service directory of `unit`: `web` of `web.service`,
/// `web@a` of `web@a.service`; of other kinds the whole name, its dot a dash.
pub fn directory_name(unit: &UnitName) -> String {
    use crate::schema::UnitKind;
    match unit.kind() {
        UnitKind::Service => unit.stem().to_owned(),
        kind => format!("{}-{}", unit.stem(), kind.suffix()),
    }
}

/// Where the log of a service is kept: in a directory of the same name as the
/// service, or as its unit if that is one of its own (`LogsDirectory=`).
fn log_place(target: &Target, unit: &UnitName, service: &Service) -> String {
    let base = target.log_directory.trim_end_matches('/');
    let place = format!("{base}/{}", directory_name(unit));
    let taken = service.directories.made.iter().any(|made| made.path == place.as_bytes());
    if taken { format!("{base}/{}", unit.as_str()) } else { place }
}

impl Directory {
    /// Adds a file to read, once.
    pub fn text(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        if self.files.iter().any(|file| file.path == path) {
            return;
        }
        self.files.push(File { path: path.to_owned(), content: Content::Text(text.into()) });
    }

    /// Adds a file to run.
    pub fn script(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        self.files.push(File { path: path.to_owned(), content: Content::Script(text.into()) });
    }

    /// Adds a symbolic link, once.
    pub fn link(&mut self, path: &str, to: &str) {
        if !self.files.iter().any(|file| file.path == path) {
            self.files.push(File { path: path.to_owned(), content: Content::Link(to.to_owned()) });
        }
    }

    /// Adds a tool, once.
    pub fn tool(&mut self, tool: tools::Tool) {
        let path = tool.path();
        if !self.files.iter().any(|file| file.path == path) {
            self.script(path, tool.text());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::plan;
    use crate::syntax::scan;
    use crate::units::Unit;

    /// The files that a unit becomes, one after the other.
    pub(super) fn check(backend: Backend, name: &str, text: &str, expect: Expect) {
        let name = UnitName::parse(name).unwrap();
        let files = [scan(text)];
        let unit = Unit::new(&name, &files);
        let target = Target::new(backend);
        let rendering = render(&plan::lower(&unit, &target.facts), &Together::default(), &target);
        let mut out = String::new();
        for directory in &rendering.directories {
            for file in &directory.files {
                let text = match &file.content {
                    Content::Text(text) | Content::Script(text) => String::from_utf8_lossy(text).into_owned(),
                    Content::Link(to) => format!("-> {to}\n"),
                    Content::Directory => "a directory\n".to_owned(),
                };
                if !tools::Tool::ALL.iter().any(|tool| tool.path() == file.path) {
                    out.push_str(&format!("== {}/{}\n{text}", directory.name, file.path));
                }
            }
        }
        expect.assert_eq(&out);
    }

    /// The files that units become together; the tools are left out.
    fn check_all(backend: Backend, units: &[(&str, &str)], expect: Expect) {
        let names: Vec<_> = units.iter().map(|(name, _)| UnitName::parse(name).unwrap()).collect();
        let files: Vec<_> = units.iter().map(|(_, text)| [scan(text)]).collect();
        let units: Vec<_> = names.iter().zip(&files).map(|(name, files)| Unit::new(name, files)).collect();
        let mut target = Target::new(backend);
        target.tools.s6 = true;
        let plans: Vec<_> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
        let together = Together::of(&plans);
        let mut out = String::new();
        for plan in &plans {
            let rendering = render(plan, &together, &target);
            for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
                out.push_str(&format!("{} {}={}: {fate}\n", plan.name().as_str(), setting.entry.name, setting.value()));
            }
            for directory in rendering.directories {
                for file in directory.files {
                    match file.content {
                        Content::Script(text)
                            if ["run", "finish", "data/connection", "data/chain"].contains(&&*file.path)
                                && (file.path != "finish" || backend != Backend::Runit) =>
                        {
                            out.push_str(&format!(
                                "== {}/{}\n{}",
                                directory.name,
                                file.path,
                                String::from_utf8_lossy(&text)
                            ));
                        }
                        Content::Link(to) => out.push_str(&format!("== {}/{} -> {to}\n", directory.name, file.path)),
                        _ if file.path.contains(".d/") => {
                            out.push_str(&format!("== {}/{}\n", directory.name, file.path))
                        }
                        _ => {}
                    }
                }
            }
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn s6_and_s6_rc_sockets() {
        let listen = "ListenStream=/run/foo/s\nListenStream=/run/t\nSymlinks=/run/u\nSocketUser=web\n";
        let listen = format!("[Unit]\nAfter=sysinit.target\n[Socket]\nRemoveOnStop=yes\n{listen}");
        let service = ("foo.service", "[Service]\nExecStart=/usr/bin/foo\nNonBlocking=yes\n");
        check_all(
            Backend::S6,
            &[("foo.socket", &listen), service],
            expect![[r#"
                foo.socket After=sysinit.target: irrelevant: it is there before services are started
                foo.socket RemoveOnStop=yes: emulated: `rm` in `finish`
                foo.socket ListenStream=/run/foo/s: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
                foo.socket ListenStream=/run/t: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
                foo.socket Symlinks=/run/u: irrelevant: links are made only to a single local socket
                foo.socket SocketUser=web: emulated: `chown`
                foo.service ExecStart=/usr/bin/foo: native: the program that `run` becomes
                foo.service NonBlocking=yes: native: `s6-ipcserver-socketbinder` without `-B`
                == foo/data/chain
                #!/bin/execlineb -S0
                # foo.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                umask 0022
                redirfd -r 0 /dev/null
                ./data/cgroup enter foo --
                ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                $@
                == foo/finish
                #!/bin/execlineb -P
                # foo.service: what follows on its end. Written by svlsp from the unit file.
                fdmove -c 2 1
                foreground { ./data/cgroup signal foo TERM CONT }
                foreground { ./data/cgroup wait foo 90 }
                foreground { ./data/cgroup kill foo }
                foreground { rm -f -- /run/foo/s /run/t }
                # Restart=no
                exit 125
                == foo/run
                #!/bin/execlineb -P
                # foo.service: what happens at each start. Written by svlsp from the unit file.
                fdmove -c 2 1
                ./data/listen stream-nonblocking:4096:0666:0755:web::foo.socket /run/foo/s stream-nonblocking:4096:0666:0755:web::foo.socket /run/t -- ./data/chain /usr/bin/foo
            "#]],
        );
        let listen = "[Socket]\nListenStream=/run/foo/s\nAccept=yes\nSocketUser=web\nSymlinks=/run/a/b\n\
                      [Install]\nWantedBy=sockets.target\n";
        let service = ("foo@.service", "[Service]\nExecStart=/usr/bin/foo\nExecStop=/bin/x\n");
        check_all(
            Backend::S6rc,
            &[("foo.socket", listen), service],
            expect![[r#"
                foo.socket ListenStream=/run/foo/s: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
                foo.socket Accept=yes: native: `s6-ipcserverd`, `s6-tcpserverd`
                foo.socket SocketUser=web: emulated: `chown`
                foo.socket Symlinks=/run/a/b: emulated: `ln -s` in `run`
                foo.socket WantedBy=sockets.target: native: `contents.d` of the bundle of that name
                == foo-socket/data/chain
                #!/bin/execlineb -S0
                # foo@.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                umask 0022
                fdmove 3 0
                redirfd -r 0 /dev/null
                fdmove -c 1 2
                fdmove -c 2 1
                ./data/cgroup enter foo-socket --
                ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                $@
                == foo-socket/data/connection
                #!/bin/execlineb -P
                # foo@.service: what happens for each connection. Written by svlsp from the unit file.
                export LISTEN_FDS 1 export LISTEN_FDNAMES connection getpid LISTEN_PID
                ./data/chain /usr/bin/foo
                == foo-socket/run
                #!/bin/execlineb -P
                # foo@.service: waits for connections. Written by svlsp from the unit file.
                fdmove -c 2 1
                redirfd -r 0 /dev/null
                if { mkdir -p -m 0755 -- /run/foo }
                if { mkdir -p -m 0755 -- /run/a }
                if { ln -sfn -- /run/foo/s /run/a/b }
                s6-ipcserver-socketbinder -a 0666 -b 4096 -- /run/foo/s sh -c "chown -- \"$0\" \"$1\" && shift && exec \"$@\"" web /run/foo/s s6-ipcserverd -c 64 -C 64 -- ./data/connection
                == foo-socket-log/run
                #!/bin/execlineb -P
                # foo@.service: who writes what it says. Written by svlsp from the unit file.
                if { mkdir -p -- /var/log/s6/foo@ }
                s6-log -d 3 T n20 s1000000 /var/log/s6/foo@
                == default/contents.d/foo-socket
                foo@.service ExecStart=/usr/bin/foo: native: the program that `run` becomes
                foo@.service ExecStop=/bin/x: lost: nothing but its start is done for each connection
            "#]],
        );
        let socket = ("own.socket", "[Socket]\nListenStream=/run/own\nService=bar.service\n");
        let bar = ("bar.service", "[Service]\nExecStart=/usr/bin/bar\nStandardInput=socket\n");
        let other = ("a.service", "[Unit]\nAfter=own.socket\nRequires=own.socket\n[Service]\nExecStart=/bin/a\n");
        check_all(
            Backend::S6rc,
            &[socket, bar, other],
            expect![[r#"
                own.socket ListenStream=/run/own: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
                own.socket Service=bar.service: emulated: `run` of that service opens the socket
                bar.service ExecStart=/usr/bin/bar: native: the program that `run` becomes
                bar.service StandardInput=socket: native: `redirfd -r 0`
                == bar/data/chain
                #!/bin/execlineb -S0
                # bar.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                umask 0022
                fdmove -c 0 3
                fdmove -c 1 0
                fdmove -c 2 1
                ./data/cgroup enter bar --
                ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                $@
                == bar/finish
                #!/bin/execlineb -P
                # bar.service: what follows on its end. Written by svlsp from the unit file.
                fdmove -c 2 1
                foreground { ./data/cgroup signal bar TERM CONT }
                foreground { ./data/cgroup wait bar 90 }
                foreground { ./data/cgroup kill bar }
                # Restart=no
                exit 125
                == bar/run
                #!/bin/execlineb -P
                # bar.service: what happens at each start. Written by svlsp from the unit file.
                fdmove -c 2 1
                ./data/listen stream:4096:0666:0755:::own.socket /run/own -- ./data/chain /usr/bin/bar
                == bar-log/run
                #!/bin/execlineb -P
                # bar.service: who writes what it says. Written by svlsp from the unit file.
                if { mkdir -p -- /var/log/s6/bar }
                s6-log -d 3 T n20 s1000000 /var/log/s6/bar
                a.service After=own.socket: approximated: `dependencies.d`; the other one is started too, if it wasn't yet
                a.service Requires=own.socket: native: `dependencies.d`
                a.service ExecStart=/bin/a: native: the program that `run` becomes
                == a/dependencies.d/bar
                == a/finish
                #!/bin/execlineb -P
                # a.service: what follows on its end. Written by svlsp from the unit file.
                fdmove -c 2 1
                foreground { ./data/cgroup signal a TERM CONT }
                foreground { ./data/cgroup wait a 90 }
                foreground { ./data/cgroup kill a }
                # Restart=no
                exit 125
                == a/run
                #!/bin/execlineb -P
                # a.service: what happens at each start. Written by svlsp from the unit file.
                #
                # Not quite as in the unit:
                #   After=own.socket: approximated: `dependencies.d`; the other one is started too, if it wasn't yet
                fdmove -c 2 1
                umask 0022
                redirfd -r 0 /dev/null
                ./data/cgroup enter a --
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                cd /
                emptyenv -p
                export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                /bin/a
                == a-log/run
                #!/bin/execlineb -P
                # a.service: who writes what it says. Written by svlsp from the unit file.
                if { mkdir -p -- /var/log/s6/a }
                s6-log -d 3 T n20 s1000000 /var/log/s6/a
            "#]],
        );
    }

    #[test]
    fn mounts_and_swaps() {
        let mount = "[Mount]\nWhat=//nas/data\nType=cifs\nOptions=ro,nofail,uid=5\nSloppyOptions=yes\nLazyUnmount=yes\n\
                     DirectoryMode=0700\nTimeoutSec=10\n";
        let swap = "[Swap]\nWhat=/dev/sdb2\nPriority=5\n";
        check_all(
            Backend::Runit,
            &[("srv-data.mount", mount)],
            expect![[r#"
            srv-data.mount What=//nas/data: emulated: `mount` in `run`, `umount` at the stop
            srv-data.mount Type=cifs: emulated: `mount` in `run`, `umount` at the stop
            srv-data.mount Options=ro,nofail,uid=5: emulated: `mount` in `run`, `umount` at the stop
            srv-data.mount SloppyOptions=yes: emulated: `mount -s`
            srv-data.mount LazyUnmount=yes: emulated: `umount -l`
            srv-data.mount DirectoryMode=0700: emulated: `mkdir -m` before `mount`
            srv-data.mount TimeoutSec=10: emulated: a watcher beside `mount` and `umount`
            == srv-data-mount/data/chain
            #!/bin/sh
            # srv-data.mount: what its processes go through before their program runs. Written by svlsp from the unit file.
            here=$PWD
            umask 0022
            exec </dev/null 2>&1
            cd / || exit 200
            trap '' PIPE
            exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS \
            	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
            	6 chpst -P "$here/data/cgroup" enter srv-data-mount -- \
            	"$@"
            == srv-data-mount/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # srv-data.mount: what happens at each start. Written by svlsp from the unit file.
            exec 2>&1
            echo pre >supervise/phase
            ./data/deadline start 10 srv-data-mount TERM
            ./data/chain mkdir -p -m 0700 /srv/data || exit
            echo start >supervise/phase
            ./data/chain /bin/sh -c 'mountpoint -q "$2" || exec mount "$@"' mount //nas/data /srv/data -s -t cifs -o ro,uid=5 || exit
            echo main >supervise/phase
            # RemainAfterExit=yes: it is up until somebody stops it.
            exec sleep 2147483647
        "#]],
        );
        check(
            Backend::S6rc,
            "srv-data.mount",
            mount,
            expect![[r#"
                == srv-data-mount/down
                # srv-data.mount: what happens at its stop. Written by svlsp from the unit file.
                umask 0022
                redirfd -r 0 /dev/null
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                emptyenv -p
                export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                nice -n 0 umount /srv/data -l
                == srv-data-mount/timeout-down
                10000
                == srv-data-mount/timeout-up
                10000
                == srv-data-mount/type
                oneshot
                == srv-data-mount/up
                # srv-data.mount: what happens at its start. Written by svlsp from the unit file.
                if {
                  umask 0022
                  redirfd -r 0 /dev/null
                  sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                  s6-setsid -q
                  cd /
                  emptyenv -p
                  export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                  nice -n 0 mkdir -p -m 0700 /srv/data
                }
                umask 0022
                redirfd -r 0 /dev/null
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                emptyenv -p
                export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                /bin/sh -c "mountpoint -q \"$2\" || exec mount \"$@\"" mount //nas/data /srv/data -s -t cifs -o ro,uid=5
            "#]],
        );
        check(
            Backend::Nosh,
            "srv-data.mount",
            mount,
            expect![[r#"
                == mount@-srv-data/after/basic
                -> /etc/service-bundles/targets/basic
                == mount@-srv-data/after/cyclog@mount@-srv-data
                -> ../../cyclog@mount@-srv-data
                == mount@-srv-data/before/shutdown
                -> /etc/service-bundles/targets/shutdown
                == mount@-srv-data/conflicts
                a directory
                == mount@-srv-data/data/chain
                #!/bin/sh
                # srv-data.mount: what its processes go through before their program runs. Written by svlsp from the unit file.
                exec ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
                	/bin/exec umask 0022 \
                	fdredir --read 0 /dev/null \
                	setsid \
                	./data/cgroup enter ../mount@-srv-data.service -- \
                	/bin/exec chdir / \
                	/usr/bin/env --ignore-signal=PIPE \
                	"$@"
                == mount@-srv-data/log
                -> ../cyclog@mount@-srv-data
                == mount@-srv-data/required-by
                a directory
                == mount@-srv-data/requires
                a directory
                == mount@-srv-data/service/ready_after_run
                == mount@-srv-data/service/remain
                == mount@-srv-data/service/restart
                #!/bin/sh
                # srv-data.mount: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
                cd ..
                read -r phase status <supervise/phase
                # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
                cause=$2
                [ "$1" = exit ] || cause=SIG$3
                [ "$phase" != failed ] || cause=$status
                export SERVICE_RESULT=exit-code EXIT_CODE=exited EXIT_STATUS="$2"
                [ "$1" = exit ] || SERVICE_RESULT=signal EXIT_CODE=killed
                [ "${4-}" != core ] || SERVICE_RESULT=core-dump EXIT_CODE=dumped
                case $cause in 0) SERVICE_RESULT=success ;; esac
                if [ "$phase" = main ] && [ "$SERVICE_RESULT" = success ]; then
                	./data/chain umount /srv/data -l
                fi
                ./data/cgroup signal ../mount@-srv-data.service TERM CONT
                ./data/cgroup wait ../mount@-srv-data.service 10
                ./data/cgroup kill ../mount@-srv-data.service
                # Restart=no
                exit 1
                == mount@-srv-data/service/run
                #!/bin/sh
                # shellcheck disable=SC2016
                # srv-data.mount: what happens at each start. Written by svlsp from the unit file.
                cd ..
                # What remains would stay up for good: where it fails, it is told to end.
                fail() { trap '' TERM; printf d >supervise/control; exit "$1"; }
                echo start >supervise/phase
                ./data/deadline start 10 ../mount@-srv-data.service TERM
                ./data/chain mkdir -p -m 0700 /srv/data || fail $?
                ./data/chain /bin/sh -c 'mountpoint -q "$2" || exec mount "$@"' mount //nas/data /srv/data -s -t cifs -o ro,uid=5 || fail $?
                echo main >supervise/phase
                == mount@-srv-data/service/start
                #!/bin/nosh
                true
                == mount@-srv-data/service/stop
                #!/bin/nosh
                true
                == mount@-srv-data/stopped-by/shutdown
                -> /etc/service-bundles/targets/shutdown
                == mount@-srv-data/wanted-by
                a directory
                == mount@-srv-data/wants/basic
                -> /etc/service-bundles/targets/basic
                == mount@-srv-data/wants/cyclog@mount@-srv-data
                -> ../../cyclog@mount@-srv-data
                == cyclog@mount@-srv-data/after/basic
                -> /etc/service-bundles/targets/basic
                == cyclog@mount@-srv-data/before/shutdown
                -> /etc/service-bundles/targets/shutdown
                == cyclog@mount@-srv-data/service/restart
                #!/bin/sh
                exit 0
                == cyclog@mount@-srv-data/service/run
                #!/bin/nosh
                # Writes the log of srv-data.mount. Written by svlsp from the unit file.
                cyclog /var/log/sv/srv-data-mount
                == cyclog@mount@-srv-data/service/start
                #!/bin/nosh
                # Writes the log of srv-data.mount. Written by svlsp from the unit file.
                install -d -m 0750 -- /var/log/sv/srv-data-mount
                == cyclog@mount@-srv-data/service/stop
                #!/bin/nosh
                true
                == cyclog@mount@-srv-data/stopped-by/shutdown
                -> /etc/service-bundles/targets/shutdown
                == cyclog@mount@-srv-data/wants/basic
                -> /etc/service-bundles/targets/basic
            "#]],
        );
        check(
            Backend::S6rc,
            "dev-sdb2.swap",
            swap,
            expect![[r#"
                == dev-sdb2-swap/down
                # dev-sdb2.swap: what happens at its stop. Written by svlsp from the unit file.
                umask 0022
                redirfd -r 0 /dev/null
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                emptyenv -p
                export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                nice -n 0 swapoff /dev/sdb2
                == dev-sdb2-swap/timeout-down
                90000
                == dev-sdb2-swap/timeout-up
                90000
                == dev-sdb2-swap/type
                oneshot
                == dev-sdb2-swap/up
                # dev-sdb2.swap: what happens at its start. Written by svlsp from the unit file.
                umask 0022
                redirfd -r 0 /dev/null
                sh -c "trap '' PIPE; exec \"$0\" \"$@\""
                s6-setsid -q
                cd /
                emptyenv -p
                export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                nice -n 0 swapon -p 5 /dev/sdb2
            "#]],
        );
    }

    #[test]
    fn paths() {
        let path = "[Path]\nPathExistsGlob=/var/spool/*.job\nPathModified=/etc/a file\nMakeDirectory=yes\n\
                    DirectoryMode=0700\nTriggerLimitBurst=3\n";
        let service = ("jobs.service", "[Service]\nExecStart=/bin/jobs\nType=oneshot\n");
        check_all(
            Backend::Runit,
            &[("jobs.path", path), service],
            expect![[r#"
            jobs.path PathExistsGlob=/var/spool/*.job: approximated: `watch-path` looks every second; what is gone within a second isn't seen
            jobs.path PathModified=/etc/a file: approximated: `watch-path` looks every second; a file that is still being written counts as changed
            jobs.path MakeDirectory=yes: emulated: `mkdir` in `watch-path`
            jobs.path DirectoryMode=0700: emulated: `mkdir -m` in `watch-path`
            jobs.path TriggerLimitBurst=3: lost: starts aren't limited, but for the one a second
            == jobs-path/run
            #!/bin/sh
            # jobs.path: looks once a second. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   PathExistsGlob=/var/spool/*.job: approximated: `watch-path` looks every second; what is gone within a second isn't seen
            #   PathModified=/etc/a file: approximated: `watch-path` looks every second; a file that is still being written counts as changed
            #   TriggerLimitBurst=3: lost: starts aren't limited, but for the one a second
            exec 2>&1
            exec ./data/watch-path make=0700 glob='/var/spool/*.job' changed='/etc/a file' -- ./data/trigger-runit ../jobs
            jobs.service ExecStart=/bin/jobs: native: the program that `run` becomes
            jobs.service Type=oneshot: native: `run` becomes the program, or waits for it
            == jobs/data/chain
            #!/bin/sh
            # jobs.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            here=$PWD
            umask 0022
            exec </dev/null 2>&1
            cd / || exit 200
            trap '' PIPE
            exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS \
            	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
            	6 chpst -P "$here/data/cgroup" enter jobs -- \
            	"$@"
            == jobs/run
            #!/bin/sh
            # jobs.service: what happens at each start. Written by svlsp from the unit file.
            exec 2>&1
            echo start >supervise/phase
            ./data/chain /bin/jobs || exit
            echo main >supervise/phase
        "#]],
        );
        check(
            Backend::S6rc,
            "jobs.path",
            path,
            expect![[r#"
                == jobs-path/producer-for
                jobs-path-log
                == jobs-path/run
                #!/bin/execlineb -P
                # jobs.path: looks once a second. Written by svlsp from the unit file.
                #
                # Not quite as in the unit:
                #   PathExistsGlob=/var/spool/*.job: approximated: `watch-path` looks every second; what is gone within a second isn't seen
                #   PathModified=/etc/a file: approximated: `watch-path` looks every second; a file that is still being written counts as changed
                #   TriggerLimitBurst=3: lost: starts aren't limited, but for the one a second
                fdmove -c 2 1
                ./data/watch-path make=0700 glob=/var/spool/*.job "changed=/etc/a file" -- ./data/trigger-s6 ../jobs
                == jobs-path/type
                longrun
                == jobs-path-log/consumer-for
                jobs-path
                == jobs-path-log/notification-fd
                3
                == jobs-path-log/pipeline-name
                jobs-path-pipeline
                == jobs-path-log/run
                #!/bin/execlineb -P
                # jobs.path: who writes what it says. Written by svlsp from the unit file.
                if { mkdir -p -- /var/log/s6/jobs-path }
                s6-log -d 3 T n20 s1000000 /var/log/s6/jobs-path
                == jobs-path-log/type
                longrun
            "#]],
        );
        check(Backend::Nosh, "jobs.path", "[Path]\nPathExists=/run/x\nUnit=a.target\n", expect![[r#""#]]);
    }

    #[test]
    fn runit_sockets_and_targets() {
        let socket = (
            "foo.socket",
            "[Socket]\nListenStream=/run/foo.sock\nListenDatagram=/run/log\nListenStream=80\nSocketMode=0600\n",
        );
        let service = ("foo.service", "[Service]\nExecStart=/usr/bin/foo\n");
        check_all(
            Backend::Runit,
            &[socket, service],
            expect![[r#"
                foo.socket ListenStream=/run/foo.sock: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
                foo.socket ListenDatagram=/run/log: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
                foo.socket ListenStream=80: lost: s6-networking would open it; say `--target tools=+s6-networking` where it is
                foo.socket SocketMode=0600: emulated: `data/listen` in `run`
                foo.service ExecStart=/usr/bin/foo: native: the program that `run` becomes
                == foo/data/chain
                #!/bin/sh
                # foo.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                here=$PWD
                umask 0022
                exec </dev/null 2>&1
                cd / || exit 200
                trap '' PIPE
                exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID \
                	-p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT \
                	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
                	6 chpst -P "$here/data/cgroup" enter foo -- \
                	"$@"
                == foo/run
                #!/bin/sh
                # foo.service: what happens at each start. Written by svlsp from the unit file.
                exec 2>&1
                echo main >supervise/phase
                exec ./data/listen stream:4096:0600:0755:::foo.socket /run/foo.sock datagram:4096:0600:0755:::foo.socket /run/log -- ./data/chain /usr/bin/foo
            "#]],
        );
        let socket = ("foo.socket", "[Socket]\nListenStream=/run/foo.sock\nAccept=yes\nMaxConnections=3\n");
        let service = ("foo@.service", "[Service]\nExecStart=-/usr/bin/foo -i\nStandardInput=socket\nUser=web\n");
        check_all(
            Backend::Runit,
            &[socket, service],
            expect![[r#"
                foo.socket ListenStream=/run/foo.sock: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
                foo.socket Accept=yes: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
                foo.socket MaxConnections=3: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
                == foo-socket/data/chain
                #!/bin/sh
                # foo@.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                here=$PWD
                umask 0022
                exec >&0 2>&1
                cd / || exit 200
                trap '' PIPE
                group=$(id -g web) || exit 217
                exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID \
                	-p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT -u web \
                	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
                	11 chpst -P "$here/data/cgroup" enter foo-socket -- \
                	setpriv --reuid=web --regid="$group" --init-groups -- \
                	"$@"
                == foo-socket/data/connection
                #!/bin/sh
                # foo@.service: what happens for each connection. Written by svlsp from the unit file.
                exec ./data/chain /usr/bin/foo -i
                == foo-socket/run
                #!/bin/sh
                # foo@.service: waits for connections. Written by svlsp from the unit file.
                exec 2>&1 </dev/null
                mkdir -p -m 0755 -- /run || exit
                exec s6-ipcserver-socketbinder -a 0666 -b 4096 -- /run/foo.sock s6-ipcserverd -c 3 -C 3 -- ./data/connection
                foo@.service ExecStart=-/usr/bin/foo -i: native: the program that `run` becomes
                foo@.service StandardInput=socket: emulated: a redirection in `run`
                foo@.service User=web: emulated: `setpriv --reuid --init-groups`
            "#]],
        );
        let target =
            ("app.target", "[Unit]\nWants=a.service\nAfter=a.service\n[Install]\nWantedBy=multi-user.target\n");
        let service = ("a.service", "[Service]\nExecStart=/a\n");
        check_all(
            Backend::Runit,
            &[target, service],
            expect![[r#"
                app.target Wants=a.service: emulated: a link in its directory
                app.target After=a.service: irrelevant: nothing runs for a target itself
                app.target WantedBy=multi-user.target: irrelevant: it is `runsvchdir` that chooses the directory
                == app-target/a -> ../a
                a.service ExecStart=/a: native: the program that `run` becomes
                == a/run
                #!/bin/sh
                # a.service: what happens at each start. Written by svlsp from the unit file.
                exec 2>&1
                echo main >supervise/phase
                here=$PWD
                umask 0022
                exec </dev/null 2>&1
                cd / || exit 200
                trap '' PIPE
                exec chpst -P "$here/data/cgroup" enter a -- \
                	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /a
            "#]],
        );
    }

    #[test]
    fn nosh_sockets() {
        let socket = (
            "foo.socket",
            "[Socket]\nListenStream=/run/foo/sock\nListenStream=80\nListenFIFO=/run/f\nSocketMode=0600\nSocketUser=web\n",
        );
        let service = ("foo.service", "[Service]\nExecStart=/usr/bin/foo\n");
        let [socket, service] = [socket, service].map(|(name, text)| (UnitName::parse(name).unwrap(), [scan(text)]));
        let units = [Unit::new(&socket.0, &socket.1), Unit::new(&service.0, &service.1)];
        let target = Target::new(Backend::Nosh);
        let plans: Vec<_> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
        let together = Together::of(&plans);
        let mut out = String::new();
        for plan in &plans {
            let rendering = render(plan, &together, &target);
            for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
                out.push_str(&format!("{}={}: {fate}\n", setting.entry.name, setting.value()));
            }
            for file in rendering.directories.iter().flat_map(|directory| &directory.files) {
                if let ("service/run" | "data/chain", Content::Script(text)) = (&*file.path, &file.content) {
                    out.push_str(&format!("== {}\n{}", file.path, String::from_utf8_lossy(text)));
                }
            }
        }
        expect![[r#"
            ListenStream=/run/foo/sock: approximated: `tcp-socket-listen`, `local-stream-socket-listen` in `run`; the service starts at once, not with the first connection
            ListenStream=80: approximated: `tcp-socket-listen`, `local-stream-socket-listen` in `run`; the service starts at once, not with the first connection
            ListenFIFO=/run/f: approximated: `fifo-listen` in `run`; the service starts at once, not with the first connection
            SocketMode=0600: native: `--mode`
            SocketUser=web: native: `--user`
            ExecStart=/usr/bin/foo: native: the program that `run` becomes
            == data/chain
            #!/bin/sh
            # foo.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../foo.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == service/run
            #!/bin/sh
            # foo.service: what happens at each start. Written by svlsp from the unit file.
            cd ..
            echo main >supervise/phase
            [ -d /run/foo ] || (umask 0022 && mkdir -p /run/foo)
            [ -d /run ] || (umask 0022 && mkdir -p /run)
            exec /bin/exec local-stream-socket-listen --systemd-compatibility --backlog 4096 --mode 0600 --user web /run/foo/sock tcp-socket-listen --systemd-compatibility --backlog 4096 --combine4and6 :: 80 fifo-listen --systemd-compatibility --mode 0600 --user web /run/f ./data/chain /usr/bin/foo
            == service/run
            #!/bin/nosh
            # Writes the log of foo.service. Written by svlsp from the unit file.
            cyclog /var/log/sv/foo
        "#]].assert_eq(&out);
    }

    #[test]
    fn runit_simple() {
        let unit = "[Service]\nExecStart=/usr/bin/d -x 'a b'\nUser=web\nNice=5\nRestart=on-failure\nEnvironment=A=b\n";
        check(
            Backend::Runit,
            "web.service",
            unit,
            expect![[r#"
                == web/control/t
                #!/bin/sh
                # web.service: what happens when it is told to end. Written by svlsp from the unit file.
                read -r pid <supervise/pid || exit 0
                read -r phase _ <supervise/phase
                echo "stopping success $phase" >supervise/phase
                # What starts the commands isn't among their processes.
                [ "$phase" = main ] || kill -TERM "$pid"
                ./data/cgroup signal web TERM CONT
                ./data/deadline stop 90 web KILL "$pid"
                == web/finish
                #!/bin/sh
                # web.service: what follows on its end. Written by svlsp from the unit file.
                # $1: its exit status, -1 if a signal killed it; $2: what it was waited for with
                exec 2>&1
                read -r phase status was <supervise/phase
                # Nothing has been started yet.
                case $phase/$was in skipped/* | waiting/* | */skipped | */waiting) exit 0 ;; esac
                case $phase/$1 in
                	failed/*) cause=$status ;;
                	*/-1) cause=SIG$(($2 & 127)) ;;
                	*) cause=$1 ;;
                esac
                ./data/cgroup signal web TERM CONT; ./data/cgroup wait web 90
                ./data/cgroup kill web
                # Whoever has stopped or restarted it gets what they want.
                case $(cat supervise/stat) in *'want down'* | *'want exit'*) exit 0 ;; esac
                [ "$phase" != stopping ] || exit 0
                # Restart=on-failure
                case $cause in 0 | SIG1 | SIG2 | SIG13 | SIG15) exec sv down . ;; esac
                == web/log/run
                #!/bin/sh
                # web.service: who writes what it says. Written by svlsp from the unit file.
                mkdir -p '/var/log/runit/web' && exec svlogd -tt '/var/log/runit/web'
                == web/run
                #!/bin/sh
                # web.service: what happens at each start. Written by svlsp from the unit file.
                exec 2>&1
                ./data/start-limit 5 10 || { echo skipped >supervise/phase; exec sv down .; }
                echo main >supervise/phase
                here=$PWD
                umask 0022
                exec </dev/null 2>&1
                cd / || exit 200
                trap '' PIPE
                group=$(id -g web) || exit 217
                exec "$here/data/environment" -u web \
                	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin A=b -- \
                	14 chpst -P "$here/data/cgroup" enter web -- \
                	nice -n 5 setpriv --reuid=web --regid="$group" --init-groups -- \
                	/usr/bin/d -x 'a b'
            "#]],
        );
        let unit = "[Service]\nExecStart=/usr/bin/d $X\nExecStartPre=+/bin/pre\nRestart=always\n";
        check(
            Backend::Runit,
            "web.service",
            unit,
            expect![[r#"
                == web/check
                #!/bin/sh
                # web.service: whether it has started. Written by svlsp from the unit file.
                read -r phase _ <supervise/phase && [ "$phase" = main ]
                == web/control/t
                #!/bin/sh
                # web.service: what happens when it is told to end. Written by svlsp from the unit file.
                read -r pid <supervise/pid || exit 0
                read -r phase _ <supervise/phase
                echo "stopping success $phase" >supervise/phase
                # What starts the commands isn't among their processes.
                [ "$phase" = main ] || kill -TERM "$pid"
                ./data/cgroup signal web TERM CONT
                ./data/deadline stop 90 web KILL "$pid"
                == web/data/chain
                #!/bin/sh
                # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                here=$PWD
                umask 0022
                exec </dev/null 2>&1
                cd / || exit 200
                trap '' PIPE
                exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -x \
                	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
                	6 chpst -P "$here/data/cgroup" enter web -- \
                	"$@"
                == web/data/chain-full
                #!/bin/sh
                # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
                here=$PWD
                umask 0022
                exec </dev/null 2>&1
                cd / || exit 200
                trap '' PIPE
                exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -x \
                	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
                	6 chpst -P "$here/data/cgroup" enter web -- \
                	"$@"
                == web/finish
                #!/bin/sh
                # web.service: what follows on its end. Written by svlsp from the unit file.
                # $1: its exit status, -1 if a signal killed it; $2: what it was waited for with
                exec 2>&1
                read -r phase _ was <supervise/phase
                # Nothing has been started yet.
                case $phase/$was in skipped/* | waiting/* | */skipped | */waiting) exit 0 ;; esac
                ./data/cgroup signal web TERM CONT; ./data/cgroup wait web 90
                ./data/cgroup kill web
                echo ended >supervise/phase
                # Whoever has stopped or restarted it gets what they want.
                case $(cat supervise/stat) in *'want down'* | *'want exit'*) exit 0 ;; esac
                [ "$phase" != stopping ] || exit 0
                # Restart=always
                == web/log/run
                #!/bin/sh
                # web.service: who writes what it says. Written by svlsp from the unit file.
                mkdir -p '/var/log/runit/web' && exec svlogd -tt '/var/log/runit/web'
                == web/run
                #!/bin/sh
                # shellcheck disable=SC2016
                # web.service: what happens at each start. Written by svlsp from the unit file.
                exec 2>&1
                ./data/start-limit 5 10 || { echo skipped >supervise/phase; exec sv down .; }
                echo pre >supervise/phase
                ./data/deadline start 90 web TERM
                ./data/chain-full /bin/pre || exit
                echo main >supervise/phase
                exec ./data/chain /usr/bin/d '$X'
            "#]],
        );
    }

    #[test]
    fn runit_timer() {
        let unit = "[Timer]\nOnCalendar=Mon..Fri 08:30\nOnBootSec=1.5min\nRandomizedDelaySec=0.5\nPersistent=yes\n\
                    OnClockChange=yes\nUnit=web@a.service\n[Install]\nWantedBy=timers.target\n";
        check(
            Backend::Runit,
            "daily.timer",
            unit,
            expect![[r#"
                == daily-timer/log/run
                #!/bin/sh
                # daily.timer: who writes what it says. Written by svlsp from the unit file.
                mkdir -p '/var/log/runit/daily-timer' && exec svlogd -tt '/var/log/runit/daily-timer'
                == daily-timer/run
                #!/bin/sh
                # daily.timer: waits until it is time. Written by svlsp from the unit file.
                #
                # Not quite as in the unit:
                #   OnClockChange=yes: approximated: `timer` compares the clock with the uptime each minute; it is noticed up to a minute late, and only from two seconds on
                exec 2>&1
                # OnCalendar=Mon..Fri *-*-* 08:30:00
                exec ./data/timer on-calendar='- 12345 * * * 8 30 0' on-boot=90 on-clock-change random-delay=0.50 stamp=/var/lib/systemd/timers/stamp-daily.timer -- ./data/trigger-runit ../web@a
            "#]],
        );
        check(Backend::Runit, "daily.timer", "[Timer]\nOnActiveSec=1\nUnit=a.target\n", expect![""]);
    }

    #[test]
    fn timers_of_s6_and_nosh() {
        let unit = "[Timer]\nOnCalendar=*-*~1 12:00\nOnUnitInactiveSec=1h\n";
        check(
            Backend::S6,
            "a.timer",
            unit,
            expect![[r#"
                == a-timer/log/run
                #!/bin/execlineb -P
                # a.timer: who writes what it says. Written by svlsp from the unit file.
                if { mkdir -p -- /var/log/s6/a-timer }
                s6-log T n20 s1000000 /var/log/s6/a-timer
                == a-timer/run
                #!/bin/execlineb -P
                # a.timer: waits until it is time. Written by svlsp from the unit file.
                fdmove -c 2 1
                # OnCalendar=*-*~01 12:00:00
                ./data/timer "on-calendar=- * * * ~1 12 0 0" on-unit-inactive=3600 -- ./data/trigger-s6 ../a
            "#]],
        );
        let installed = "[Timer]\nOnActiveSec=1\n[Install]\nWantedBy=timers.target\n";
        check(
            Backend::S6rc,
            "a.timer",
            installed,
            expect![[r#"
                == a-timer/producer-for
                a-timer-log
                == a-timer/run
                #!/bin/execlineb -P
                # a.timer: waits until it is time. Written by svlsp from the unit file.
                fdmove -c 2 1
                ./data/timer on-active=1 -- ./data/trigger-s6 ../a
                == a-timer/type
                longrun
                == a-timer-log/consumer-for
                a-timer
                == a-timer-log/notification-fd
                3
                == a-timer-log/pipeline-name
                a-timer-pipeline
                == a-timer-log/run
                #!/bin/execlineb -P
                # a.timer: who writes what it says. Written by svlsp from the unit file.
                if { mkdir -p -- /var/log/s6/a-timer }
                s6-log -d 3 T n20 s1000000 /var/log/s6/a-timer
                == a-timer-log/type
                longrun
                == default/contents.d/a-timer
                == default/type
                bundle
            "#]],
        );
        check(
            Backend::Nosh,
            "a.timer",
            unit,
            expect![[r#"
                == a-timer/after/basic
                -> /etc/service-bundles/targets/basic
                == a-timer/after/cyclog@a-timer
                -> ../../cyclog@a-timer
                == a-timer/before/shutdown
                -> /etc/service-bundles/targets/shutdown
                == a-timer/conflicts
                a directory
                == a-timer/log
                -> ../cyclog@a-timer
                == a-timer/required-by
                a directory
                == a-timer/requires
                a directory
                == a-timer/service/restart
                #!/bin/sh
                exit 0
                == a-timer/service/run
                #!/bin/sh
                # a.timer: waits until it is time. Written by svlsp from the unit file.
                #
                # Not quite as in the unit:
                #   OnUnitInactiveSec=1h: approximated: `timer`, a loop that `run` starts; only starts by the timer itself count
                cd ..
                # OnCalendar=*-*~01 12:00:00
                exec ./data/timer on-calendar='- * * * ~1 12 0 0' on-unit-inactive=3600 -- ./data/trigger-nosh a
                == a-timer/service/start
                #!/bin/nosh
                true
                == a-timer/service/stop
                #!/bin/nosh
                true
                == a-timer/stopped-by/shutdown
                -> /etc/service-bundles/targets/shutdown
                == a-timer/wanted-by
                a directory
                == a-timer/wants/basic
                -> /etc/service-bundles/targets/basic
                == a-timer/wants/cyclog@a-timer
                -> ../../cyclog@a-timer
                == cyclog@a-timer/after/basic
                -> /etc/service-bundles/targets/basic
                == cyclog@a-timer/before/shutdown
                -> /etc/service-bundles/targets/shutdown
                == cyclog@a-timer/service/restart
                #!/bin/sh
                exit 0
                == cyclog@a-timer/service/run
                #!/bin/nosh
                # Writes the log of a.timer. Written by svlsp from the unit file.
                cyclog /var/log/sv/a-timer
                == cyclog@a-timer/service/start
                #!/bin/nosh
                # Writes the log of a.timer. Written by svlsp from the unit file.
                install -d -m 0750 -- /var/log/sv/a-timer
                == cyclog@a-timer/service/stop
                #!/bin/nosh
                true
                == cyclog@a-timer/stopped-by/shutdown
                -> /etc/service-bundles/targets/shutdown
                == cyclog@a-timer/wants/basic
                -> /etc/service-bundles/targets/basic
            "#]],
        );
    }

    #[test]
    fn runit_what_a_timer_starts_stays_down_at_boot() {
        let (timer, service) = (UnitName::parse("a.timer").unwrap(), UnitName::parse("a.service").unwrap());
        let down = |install: &str| {
            let text = format!("[Service]\nExecStart=/bin/a\n{install}");
            let files = ([scan("[Timer]\nOnActiveSec=1\n")], [scan(&text)]);
            let units = (Unit::new(&timer, &files.0), Unit::new(&service, &files.1));
            let target = Target::new(Backend::Runit);
            let plans = [plan::lower(&units.0, &target.facts), plan::lower(&units.1, &target.facts)];
            let rendering = render(&plans[1], &Together::of(&plans), &target);
            rendering.directories[0].files.iter().any(|file| file.path == "down")
        };
        assert!(down(""));
        assert!(!down("[Install]\nWantedBy=multi-user.target\n"));
    }
}
