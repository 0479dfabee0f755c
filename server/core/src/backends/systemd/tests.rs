use expect_test::{Expect, expect};

use crate::backends::{Content, Rendering, Target, Together, render};
use crate::fate::{Backend, Level};
use crate::plan::{self, Attempts, Body, Fault, KillMode, Leaf, LogFile, Output, Plan, Service};
use crate::syntax::{self, scan};
use crate::units::supervisord::{Around, Config};
use crate::units::{Unit, UnitName};

/// The unit file that a unit becomes for a version of systemd, what is lost or approximated, and
/// what else is said.
fn check(name: &str, version: &str, text: &str, expect: Expect) {
    let name = UnitName::parse(name).unwrap();
    let files = [scan(text)];
    let unit = Unit::new(&name, &files);
    let mut target = Target::new(Backend::Systemd);
    target.set("version", version).unwrap();
    let plan = plan::lower(&unit, &target.facts);
    expect.assert_eq(&shown(&plan, render(&plan, &Together::default(), &target)));
}

/// What a program of supervisord becomes of which `change` is known, for a version of systemd.
fn check_program(version: &str, change: impl Fn(&mut Plan), expect: Expect) {
    let files = [syntax::supervisord::scan("[program:web]\ncommand=/usr/bin/web\n")];
    let config = Config::new(&files, &Around::default());
    let units = config.units();
    let mut target = Target::new(Backend::Systemd);
    target.set("version", version).unwrap();
    let known = UnitName::parse("web.service").unwrap();
    let text = [scan("[Service]\nExecStart=/usr/bin/web --port=80\n")];
    let unit = Unit::new(&known, &text);
    let mut plan = plan::lower(&unit, &target.facts);
    plan.unit = units.iter().find(|unit| unit.name.as_str() == "web.service").unwrap();
    if let Body::Service(service) = &mut plan.body {
        service.commands.start[0].at = None;
    }
    change(&mut plan);
    expect.assert_eq(&shown(&plan, render(&plan, &Together::default(), &target)));
}

fn service<'s>(plan: &'s mut Plan) -> &'s mut Service {
    match &mut plan.body {
        Body::Service(service) => service,
        _ => panic!("it isn't a service"),
    }
}

fn shown(plan: &Plan, rendering: Rendering) -> String {
    let Rendering { directories, fates, faults, notes } = rendering;
    let mut out = String::new();
    for file in directories.iter().flat_map(|directory| &directory.files) {
        let Content::Text(text) = &file.content else { panic!("{} is no text", file.path) };
        out.push_str(&format!("{}:\n{}", file.path, String::from_utf8_lossy(text)));
    }
    for (setting, fate) in plan.unit.settings().iter().zip(&fates) {
        if fate.level() != Level::Native {
            out.push_str(&format!("{}= {fate}\n", setting.entry.name));
        }
    }
    faults.iter().for_each(|Fault { message, .. }| out.push_str(&format!("fault: {message}\n")));
    notes.iter().for_each(|note| out.push_str(&format!("note: {note}\n")));
    out
}

#[test]
fn a_service_is_spelled_in_order() {
    check(
        "web@a-b.service",
        "262",
        "[Install]\nWantedBy=multi-user.target\n\
         [Service]\nExecStart=-@/usr/sbin/web web --name=%i \"a b\" ${OPTS} x$y 100%% ';'\nUser=www\nGroup=www\n\
         Environment=A=1 \"B=2 3\"\nEnvironmentFile=-/etc/default/web\nType=simple\nRestart=on-failure\n\
         RestartSec=90\nTimeoutSec=0\nKillSignal=INT\nLimitNOFILE=1024:infinity\nNice=5\nUMask=0077\n\
         WorkingDirectory=-/srv/%j\nProtectSystem=strict\nReadWritePaths=/srv\\\n  /var/lib/web\n\
         StandardOutput=append:/var/log/%p.log\nSuccessExitStatus=SIGHUP 3 TEMPFAIL\nMemoryMax=1G\n\
         [Unit]\nDescription=Web %I\nAfter=a.service b.service\nAfter=c.service\nWants=b.service\n\
         StartLimitBurst=3\nConditionPathExists=!/etc/no\n",
        expect![[r#"
            web@a-b.service:
            # web@a-b.service: written by svlsp from the unit file.

            [Unit]
            Description=Web a/b
            ConditionPathExists=!/etc/no
            Wants=b.service
            After=a.service b.service c.service
            StartLimitBurst=3

            [Service]
            ExecStart=-@/usr/sbin/web web --name=a-b "a b" ${OPTS} x$y 100%% ";"
            Restart=on-failure
            RestartSec=1min 30s
            SuccessExitStatus=3 75 SIGHUP
            TimeoutStartSec=infinity
            TimeoutStopSec=infinity
            KillSignal=SIGINT
            User=www
            Group=www
            WorkingDirectory=-/srv/web
            Environment=A=1
            Environment="B=2 3"
            EnvironmentFile=-/etc/default/web
            Nice=5
            UMask=0077
            LimitNOFILE=1024:infinity
            StandardOutput=append:/var/log/web.log
            ProtectSystem=strict
            ReadWritePaths=/srv\
              /var/lib/web
            MemoryMax=1G

            [Install]
            WantedBy=multi-user.target
        "#]],
    );
}

#[test]
fn a_template_stays_one() {
    check(
        "web@.service",
        "262",
        "[Service]\nExecStart=/x %i $$a\nUser=%i\n[Install]\nDefaultInstance=a\n",
        expect![[r#"
            web@.service:
            # web@.service: written by svlsp from the unit file.

            [Service]
            ExecStart=/x %i $$a
            User=%i

            [Install]
            DefaultInstance=a
        "#]],
    );
}

#[test]
fn what_only_the_target_knows_is_left_to_it() {
    check(
        "web.service",
        "262",
        "[Service]\nExecStart=/x %H\nEnvironment=A=%m\nUser=%j\n",
        expect![[r#"
        web.service:
        # web.service: written by svlsp from the unit file.

        [Service]
        ExecStart=/x %H
        User=web
        Environment=A=%m
    "#]],
    );
}

#[test]
fn an_older_systemd_knows_less() {
    check(
        "web.service",
        "245",
        "[Service]\nExecStart=/x\nRestartSteps=3\nRestartMaxDelaySec=9\nPrivatePIDs=yes\nCPUShares=100\n",
        expect![[r#"
            web.service:
            # web.service: written by svlsp from the unit file.
            #
            # Not quite as there:
            #   RestartSteps=3: lost: systemd 245 doesn't know it, only 254 and later
            #   RestartMaxDelaySec=9: lost: systemd 245 doesn't know it, only 254 and later
            #   PrivatePIDs=yes: lost: systemd 245 doesn't know it, only 257 and later

            [Service]
            ExecStart=/x
            CPUShares=100
            RestartSteps= lost: systemd 245 doesn't know it, only 254 and later
            RestartMaxDelaySec= lost: systemd 245 doesn't know it, only 254 and later
            PrivatePIDs= lost: systemd 245 doesn't know it, only 257 and later
        "#]],
    );
    check(
        "web.service",
        "262",
        "[Service]\nExecStart=/x\nCPUShares=100\n",
        expect![[r#"
        web.service:
        # web.service: written by svlsp from the unit file.

        [Service]
        ExecStart=/x
        CPUShares= irrelevant: systemd 262 ignores it
    "#]],
    );
}

#[test]
fn sockets_timers_and_others_come_out_too() {
    check(
        "web.socket",
        "262",
        "[Socket]\nListenStream=80\nListenStream=[::1]:90\nListenFIFO=/run/%p\nSocketMode=0600\nAccept=yes\n\
         FreeBind=yes\n[Install]\nWantedBy=sockets.target\n",
        expect![[r#"
            web.socket:
            # web.socket: written by svlsp from the unit file.

            [Socket]
            ListenStream=80
            ListenStream=[::1]:90
            ListenFIFO=/run/web
            Accept=yes
            SocketMode=0600
            FreeBind=yes

            [Install]
            WantedBy=sockets.target
        "#]],
    );
    check(
        "web.timer",
        "262",
        "[Timer]\nOnCalendar=daily\nPersistent=yes\n",
        expect![[r#"
        web.timer:
        # web.timer: written by svlsp from the unit file.

        [Timer]
        OnCalendar=daily
        Persistent=yes
    "#]],
    );
    check(
        "srv.mount",
        "262",
        "[Mount]\nWhat=/dev/sdb1\nWhere=/srv\nOptions=noatime\n",
        expect![[r#"
        srv.mount:
        # srv.mount: written by svlsp from the unit file.

        [Mount]
        What=/dev/sdb1
        Where=/srv
        Options=noatime
    "#]],
    );
    check(
        "web.slice",
        "262",
        "[Slice]\nCPUWeight=5\n",
        expect![[r#"
        web.slice:
        # web.slice: written by svlsp from the unit file.

        [Slice]
        CPUWeight=5
    "#]],
    );
}

#[test]
fn programs_that_systemd_would_not_take_are_run_by_a_shell() {
    check_program(
        "262",
        |plan| {
            let command = &mut service(plan).commands.start[0].value;
            command.program = b"./bin/\"web\"".to_vec();
        },
        expect![[r#"
            web.service:
            # web.service: written by svlsp from supervisord.conf.
            #
            # Not quite as there:
            #   command=/usr/bin/web: lost: svlsp doesn't translate it here

            [Unit]
            After=network.target

            [Service]
            ExecStart=/usr/bin/env -- './bin/"web"' --port=80

            [Install]
            WantedBy=multi-user.target
            command= lost: svlsp doesn't translate it here
        "#]],
    );
}

#[test]
fn attempts_become_a_limit_of_starts() {
    let attempts = |seconds, retries| Attempts { seconds: Leaf::default(seconds), retries: Leaf::default(retries) };
    for policy in ["always", "no"] {
        check_program(
            "262",
            |plan| {
                service(plan).restart.policy = Leaf::default(policy);
                service(plan).restart.attempts = Some(attempts(10, 3));
            },
            match policy {
                "always" => expect![[r#"
                    web.service:
                    # web.service: written by svlsp from supervisord.conf.
                    #
                    # Not quite as there:
                    #   command=/usr/bin/web: lost: svlsp doesn't translate it here

                    [Unit]
                    After=network.target
                    StartLimitIntervalSec=44s
                    StartLimitBurst=4

                    [Service]
                    ExecStart=/usr/bin/web --port=80
                    Restart=always
                    RestartSec=1s

                    [Install]
                    WantedBy=multi-user.target
                    command= lost: svlsp doesn't translate it here
                "#]],
                _ => expect![[r#"
                    web.service:
                    # web.service: written by svlsp from supervisord.conf.
                    #
                    # Not quite as there:
                    #   command=/usr/bin/web: lost: svlsp doesn't translate it here

                    [Unit]
                    After=network.target

                    [Service]
                    ExecStart=/usr/bin/web --port=80

                    [Install]
                    WantedBy=multi-user.target
                    command= lost: svlsp doesn't translate it here
                "#]],
            },
        );
    }
    check_program(
        "262",
        |plan| {
            service(plan).restart.policy = Leaf::default("on-failure");
            service(plan).restart.attempts = Some(attempts(0, 3));
        },
        expect![[r#"
            web.service:
            # web.service: written by svlsp from supervisord.conf.
            #
            # Not quite as there:
            #   command=/usr/bin/web: lost: svlsp doesn't translate it here

            [Unit]
            After=network.target
            StartLimitIntervalSec=0

            [Service]
            ExecStart=/usr/bin/web --port=80
            Restart=on-failure

            [Install]
            WantedBy=multi-user.target
            command= lost: svlsp doesn't translate it here
        "#]],
    );
}

#[test]
fn what_supervisord_has_is_said_in_the_nearest_words() {
    check_program(
        "252",
        |plan| {
            plan.autostart = Leaf::default(false);
            let service = service(plan);
            service.stop.mode = Leaf::default(KillMode::KillGroup);
            service.stop.timeout = Leaf::default(10_000_000);
            service.environment.inherits = true;
            service.environment.assignments = [("HOME", "/srv"), ("A-B", "x y"), ("C", "5%")]
                .map(|(name, value)| Leaf::default(plan::Assignment { name: name.into(), value: value.into() }))
                .to_vec();
            service.identity.user = Some(Leaf::default(b"www".to_vec()));
            service.identity.login_environment = Some(Leaf::default(false));
            let log = |path: Option<&str>| {
                Leaf::default(Output::Kept(LogFile {
                    path: path.map(|path| path.into()),
                    max_bytes: Leaf::default(50 << 20),
                    backups: Leaf::default(10),
                }))
            };
            service.streams.output = log(Some("/var/log/web.log"));
            service.streams.error = log(None);
        },
        expect![[r#"
            web.service:
            # web.service: written by svlsp from supervisord.conf.
            #
            # Not quite as there:
            #   command=/usr/bin/web: lost: svlsp doesn't translate it here

            [Unit]
            After=network.target

            [Service]
            ExecStart=/usr/bin/env -- "A-B=x y" /usr/bin/web --port=80
            TimeoutStopSec=10s
            KillMode=mixed
            User=www
            UnsetEnvironment=LOGNAME SHELL USER
            Environment=HOME=/srv
            Environment=C=5%%
            StandardOutput=append:/var/log/web.log
            StandardError=journal
            command= lost: svlsp doesn't translate it here
            note: /var/log/web.log isn't rotated any more: tell logrotate to, with `size 50M`, `rotate 10` and `copytruncate`
        "#]],
    );
}
