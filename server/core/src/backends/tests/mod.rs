//! What units become on each backend.

mod mounts;
mod sockets;
mod timers;

use expect_test::{Expect, expect};

use super::*;
use crate::plan;
use crate::syntax::scan;
use crate::units::Unit;

/// What a unit alone becomes.
fn rendered(backend: Backend, name: &str, text: &str) -> Rendering {
    let name = UnitName::parse(name).unwrap();
    let files = [scan(text)];
    let target = Target::new(backend);
    render(&plan::lower(&Unit::new(&name, &files), &target.facts), &Together::default(), &target)
}

/// The files that a unit becomes, one after the other.
pub(super) fn check(backend: Backend, name: &str, text: &str, expect: Expect) {
    let rendering = rendered(backend, name, text);
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
                    _ if file.path.contains(".d/") => out.push_str(&format!("== {}/{}\n", directory.name, file.path)),
                    _ => {}
                }
            }
        }
    }
    expect.assert_eq(&out);
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
fn a_command_for_the_shell_is_one_text() {
    let unit = "[Service]\nExecStart=|echo $HOME > /run/x\n";
    for backend in Backend::OTHERS {
        let rendering = rendered(backend, "a.service", unit);
        let files = rendering.directories.iter().flat_map(|directory| &directory.files);
        let mut texts = files.filter_map(|file| match &file.content {
            Content::Script(text) => Some(String::from_utf8_lossy(text)),
            _ => None,
        });
        let whole = |text: &std::borrow::Cow<str>| {
            text.contains("/bin/sh -c 'echo $HOME > /run/x'") || text.contains("/bin/sh -c \"echo $HOME > /run/x\"")
        };
        assert!(texts.any(|text| whole(&text)), "{}", backend.name());
    }
}
