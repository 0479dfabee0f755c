//! What typical units become.

use expect_test::{Expect, expect};

use crate::backends::{Content, Layout, Rendering, Target, Together, render, tools};
use crate::fate::Backend;
use crate::plan::lower;
use crate::schema::Group;
use crate::syntax::scan;
use crate::units::{Unit, UnitName};

/// The files that units converted together become, but for those that s6 has too; and their fates.
fn check(units: &[(&str, &str)], target: &Target, expect: Expect) {
    let names: Vec<_> = units.iter().map(|(name, _)| UnitName::parse(name).unwrap()).collect();
    let files: Vec<_> = units.iter().map(|(_, text)| [scan(text)]).collect();
    let units: Vec<_> = names.iter().zip(&files).map(|(name, files)| Unit::new(name, files)).collect();
    let plans: Vec<_> = units.iter().map(|unit| lower(unit, &target.facts)).collect();
    let together = Together::of(&plans);
    let mut out = String::new();
    for plan in &plans {
        let Rendering { directories, fates, .. } = render(plan, &together, target);
        for directory in &directories {
            for file in &directory.files {
                let of_s6 = ["run", "finish", "timeout-kill", "timeout-finish", "down-signal", "notification-fd"];
                let skipped = tools::Tool::ALL.iter().any(|tool| tool.path() == file.path)
                    || of_s6.contains(&&*file.path) && !directory.name.ends_with("-log");
                if skipped {
                    continue;
                }
                let text = match &file.content {
                    Content::Text(text) | Content::Script(text) => String::from_utf8_lossy(text).into_owned(),
                    Content::Link(_) | Content::Directory => "a directory\n".to_owned(),
                };
                let lines = text.lines().count();
                let (gap, text) = if lines > 1 { ("\n", text) } else { (" ", text.trim_end().to_owned() + "\n") };
                out.push_str(&format!("{}/{}:{gap}{text}", directory.name, file.path));
            }
        }
        for (setting, fate) in plan.unit.settings().iter().zip(&fates) {
            if matches!(setting.entry.group, Group::Unit | Group::Install) {
                out.push_str(&format!("  {}={}: {fate}\n", setting.entry.name, setting.value()));
            }
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn a_daemon_and_what_it_needs() {
    check(
        &[
            (
                "web.service",
                "[Unit]\nAfter=db.service network.target local-fs.target\nRequires=db.service\nWants=setup.service\n\
                 [Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target my.target\nAlias=www.service\n",
            ),
            ("db.service", "[Unit]\nBefore=web.service\nWants=web.service\n[Service]\nExecStart=/usr/bin/db\n"),
            ("my.target", "[Unit]\nWants=db.service\nConflicts=shutdown.target\n"),
            (
                "setup.service",
                "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=-/bin/up 'a b'\nExecStart=/bin/up c\n\
                 ExecStop=/bin/down\nTimeoutStartSec=30\nEnvironment=A=b\n",
            ),
        ],
        &Target::new(Backend::S6rc),
        expect![[r#"
            web/dependencies.d/db: 
            web/dependencies.d/setup: 
            web/producer-for: web-log
            web/type: longrun
            web-log/consumer-for: web
            web-log/notification-fd: 3
            web-log/pipeline-name: web-pipeline
            web-log/run:
            #!/bin/execlineb -P
            # web.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/web }
            s6-log -d 3 T n20 s1000000 /var/log/s6/web
            web-log/type: longrun
            default/contents.d/web: 
            default/type: bundle
            www/contents.d/web: 
            www/type: bundle
              After=db.service network.target local-fs.target: approximated: `dependencies.d`; the other one is started too, if it wasn't yet
              Requires=db.service: native: `dependencies.d`
              Wants=setup.service: approximated: `dependencies.d`; it doesn't start if the other one fails
              WantedBy=multi-user.target my.target: native: `contents.d` of the bundle of that name
              Alias=www.service: emulated: a bundle of that name
            db/producer-for: db-log
            db/type: longrun
            db-log/consumer-for: db
            db-log/notification-fd: 3
            db-log/pipeline-name: db-pipeline
            db-log/run:
            #!/bin/execlineb -P
            # db.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/db }
            s6-log -d 3 T n20 s1000000 /var/log/s6/db
            db-log/type: longrun
              Before=web.service: approximated: `dependencies.d` of the other one; starting the other one starts it too
              Wants=web.service: lost: `web.service` is started after `db.service`, whatever this says
            my-target/contents.d/db: 
            my-target/contents.d/web: 
            my-target/type: bundle
              Wants=db.service: native: `contents.d`, as a target is a bundle
              Conflicts=shutdown.target: irrelevant: services are stopped at shutdown anyway
            setup/down:
            # setup.service: what happens at its stop. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            emptyenv -p
            export A b
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            /bin/down
            setup/timeout-down: 90000
            setup/timeout-up: 30000
            setup/type: oneshot
            setup/up:
            # setup.service: what happens at its start. Written by svlsp from the unit file.
            foreground {
              umask 0022
              redirfd -r 0 /dev/null
              sh -c "trap '' PIPE; exec \"$0\" \"$@\""
              s6-setsid -q
              cd /
              emptyenv -p
              export A b
              export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
              /bin/up "a b"
            }
            umask 0022
            redirfd -r 0 /dev/null
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            emptyenv -p
            export A b
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            /bin/up c
        "#]],
    );
}

#[test]
fn in_a_container() {
    let mut target = Target::new(Backend::S6rc);
    target.lay_out(Layout::S6Overlay);
    check(
        &[("web.service", "[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target\n")],
        &target,
        expect![[r#"
            web/type: longrun
            user/contents.d/web: 
            user/type: bundle
              WantedBy=multi-user.target: native: `contents.d` of the bundle of that name
        "#]],
    );
}
