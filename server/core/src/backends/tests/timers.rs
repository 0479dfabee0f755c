//! Timers.

use super::*;

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
            # a.timer: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/a-timer
            == cyclog@a-timer/service/start
            #!/bin/nosh
            # a.timer: who writes what it says. Written by svlsp from the unit file.
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
