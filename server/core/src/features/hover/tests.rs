use expect_test::{Expect, expect};

use super::super::testing::Open;
use super::*;

const NEIGHBOURS: &[(&str, &str, &str)] = &[
    ("db.service", "The *data* base", "/etc/systemd/system/db.service"),
    ("worker@.service", "Worker %i", "/etc/systemd/system/worker@.service"),
];

/// What hovering over each `$0` in the service `a.service` shows.
fn check(text: &str, expect: Expect) {
    check_in("a.service", None, text, expect);
}

/// The same in a drop-in of a unit file.
fn check_drop_in(fragment: &str, text: &str, expect: Expect) {
    check_in("a.service.d/1.conf", Some(fragment), text, expect);
}

fn check_in(path: &str, fragment: Option<&str>, text: &str, expect: Expect) {
    let now = Some(Now { time: 1_767_225_600_000_000, ahead: 3600 });
    let clean = text.replace("$0", "");
    let open = Open { fragment, neighbours: NEIGHBOURS, ..Open::new(path, &clean) };
    let mut out = String::new();
    open.with(|document| {
        for (count, (at, _)) in text.match_indices("$0").enumerate() {
            match hover(document, (at - 2 * count) as u32, now) {
                None => out.push_str("nothing\n"),
                Some(Hover { span, markdown }) => {
                    out.push_str(&format!("<<{}>>\n{}\n", &clean[span.range()], markdown.trim_end()));
                }
            }
        }
    });
    expect.assert_eq(&out);
}

#[test]
fn sections() {
    check(
        "[Un$0it]\n[$0Socket]\n[X-Mine$0]\n[Other$0]\n",
        expect![[r#"
            <<[Unit]>>
            **[Unit]**

            What every kind of unit has: a description, dependencies on other units and the order among them, conditions for the start, limits on restarts. A dependency such as `Wants=` says what is started along; `After=` and `Before=` say in which order, and neither does the work of the other.

            In units of every kind. 126 settings.

            ```ini
            [Unit]
            Description=Example daemon
            Documentation=man:exampled(8)
            Wants=network-online.target
            After=network-online.target
            ```

            [systemd.unit(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html)
            <<[Socket]>>
            **[Socket]**

            Sockets, named pipes or message queues on which the manager listens, so that the service of the same name is started when something comes in. The service gets them as open file descriptors, so nothing is lost while it starts or restarts.

            In socket units only: in a service unit systemd passes over it. 320 settings.

            ```ini
            [Socket]
            ListenStream=/run/exampled.sock
            SocketMode=0660
            ```

            [systemd.socket(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.socket.html)
            <<[X-Mine]>>
            **`[X-Mine]`**

            systemd passes over sections whose names begin with `X-`.
            nothing
        "#]],
    );
}

#[test]
fn settings() {
    check(
        "[Service]\nRe$0start=always\nSystemCallFilter$0=@clock\nX-$0a=b\nNo$0pe=1\n",
        expect![[r#"
        <<Restart>>
        **Restart=** in [Service]

        After which ends the service is started again. `on-failure` suits most; `always` and `on-success` are refused with `Type=oneshot`. A service stopped by hand stays stopped, and the start limit of [Unit] ends endless restarts.

        - takes one of `always`, `no`, `on-abnormal`, `on-abort`, `on-failure`, `on-success`, `on-watchdog`
        - default: `no`
        - repeated: the last one holds

        ```ini
        Restart=on-failure
        ```

        **Elsewhere:**

        - runit, s6, s6-rc: emulated: `finish` decides
        - nosh: native: `restart`

        [Restart= in systemd.service(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart=)
        <<SystemCallFilter>>
        **SystemCallFilter=** in [Service]

        System calls and groups (`@name`) that the processes may use; with a `~` first, that they may not. The first line decides which of both it is, later ones add to or take away from it. A call outside kills the process unless `SystemCallErrorNumber=` is set.

        - takes system calls or groups such as `@system-service`, or `~` and those to exclude; `:ERRNO` after one
        - repeated: values add up; an empty one drops those before it
        - since systemd 187
        - needs systemd built with `HAVE_SECCOMP`

        ```ini
        SystemCallFilter=@system-service
        SystemCallFilter=~@privileged @resources
        ```

        **Elsewhere:**

        - runit, s6, s6-rc, nosh: lost: no stock tool installs a seccomp filter

        [SystemCallFilter= in systemd.exec(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#SystemCallFilter=)
        <<X-a>>
        systemd passes over settings whose names begin with `X-`.
        nothing
    "#]],
    );
}

#[test]
fn settings_of_drop_ins() {
    let unit = "[Service]\nNice=1\nEnvironment=A=1\nExecStart=/bin/a\n";
    check_drop_in(
        unit,
        "[Service]\nNi$0ce=2\nEnv$0ironment=B=2\nExecStart$0=\nNi$0ce=3\n",
        expect![[r#"
            <<Nice>>
            **Nice=** in [Service]

            Nice level of the processes, from -20 (goes first) to 19 (steps back).

            - takes a nice level from -20 (highest priority) to 19
            - default: `0`
            - repeated: the last one holds; an empty one brings the default back

            ```ini
            Nice=10
            ```

            **Not in effect:** replaced in `a.service.d/1.conf:5`.

            **In effect:** `3`, from `a.service.d/1.conf:5`.

            **Elsewhere:**

            - runit, s6, s6-rc, nosh: emulated: `nice -n`

            [Nice= in systemd.exec(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Nice=)
            <<Environment>>
            **Environment=** in [Service]

            Variables for the processes, as `NAME=value` words. A value with blanks needs quotes round the whole assignment. Visible to everyone over D-Bus: secrets belong into `LoadCredential=`.

            - takes assignments such as `NAME=value`, quoted as a whole where the value has blanks
            - repeated: values add up; an empty one drops those before it

            ```ini
            Environment=LANG=C.UTF-8 "GREETING=hello world"
            ```

            **In effect:**

            - `A=1`, from `a.service:3`
            - `B=2`, from here

            **Elsewhere:**

            - runit, s6, s6-rc, nosh: lost: svlsp doesn't translate it here

            [Environment= in systemd.exec(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment=)
            <<ExecStart>>
            **ExecStart=** in [Service]

            The program that is the service, with its arguments. It is not a shell line: no pipes, redirections or globs, only `${VAR}` and `$VAR`. More than one is allowed with `Type=oneshot` only. In a drop-in, assign an empty value first to replace it.

            - takes a command line: prefixes, the program, its arguments; no shell reads it
            - repeated: values add up; an empty one drops those before it

            ```ini
            ExecStart=/usr/sbin/exampled --foreground --config /etc/exampled.conf
            ```

            This empty assignment drops what was assigned before it.

            **In effect:** nothing.

            **Elsewhere:**

            - runit, s6, s6-rc, nosh: native: the program that `run` becomes

            [ExecStart= in systemd.service(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecStart=)
            <<Nice>>
            **Nice=** in [Service]

            Nice level of the processes, from -20 (goes first) to 19 (steps back).

            - takes a nice level from -20 (highest priority) to 19
            - default: `0`
            - repeated: the last one holds; an empty one brings the default back

            ```ini
            Nice=10
            ```

            **In effect:** this assignment; those before it are replaced.

            **Elsewhere:**

            - runit, s6, s6-rc, nosh: lost: svlsp doesn't translate it here

            [Nice= in systemd.exec(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Nice=)
        "#]],
    );
}

#[test]
fn words_of_sets() {
    check(
        "[Service]\nRestart=on-$0failure\nProtectSystem=1$0\nRemainAfterExit=$0on\n",
        expect![[r#"
        <<on-failure>>
        **on-failure**, a restart setting

        After an unclean exit code or signal, a timeout, a missed watchdog.
        <<1>>
        `1` stands for **yes**, a ProtectSystem= mode

        `/usr`, `/boot` and `/efi` are read-only.
        <<on>>
        `on`: the same as `yes`
    "#]],
    );
}

#[test]
fn comments() {
    check(
        "# svlsp: ignore[unknown-directive,$0trailing-comment]\n#$0 svlsp: ignore[missing-setting]\n# oth$0er\n",
        expect![[r#"
            <<trailing-comment>>
            **trailing-comment** (warning)

            A comment behind a value. systemd knows comments on lines of their own only: here it is a part of the value, or makes it a bad one.

            ```ini
            [Service]
            Restart=always # whatever happens
            ```

            Put the comment on a line above.
            <<# svlsp: ignore[missing-setting]>>
            Silences

            - **missing-setting** (error): A unit without a setting that its kind can't do without: a service without a command, a socket without an address, a timer without a time, a path unit without a path, a mount without a device; in supervisord.conf a program without a command, an event listener without events, a FastCGI program without a socket, a server without an address. systemd refuses to load the unit, supervisord doesn't start.
            nothing
        "#]],
    );
}

#[test]
fn unit_names() {
    check(
        "[Unit]\nAfter=d$0b.service worker@1.serv$0ice network.targ$0et \\\n other.serv$0ice\nWants=%$0p.socket\n",
        expect![[r#"
            <<db.service>>
            **`db.service`**

            The \*data\* base

            `/etc/systemd/system/db.service`
            <<worker@1.service>>
            **`worker@1.service`**

            The instance `1` of `worker@.service`.

            Worker %i

            `/etc/systemd/system/worker@.service`
            <<network.target>>
            **`network.target`**

            The network stack is up, which doesn't mean that there is any address. Its use is at shutdown: what is ordered behind it is stopped before the network goes.

            ```ini
            After=network.target
            ```

            [network.target in systemd.special(7)](https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html#network.target)
            <<other.service>>
            **`other.service`**
            <<%p>>
            **%p**

            Prefix of the name: what stands before the `@`, or the name without its suffix. Still escaped.

            Here: `a`
        "#]],
    );
}

#[test]
fn variables() {
    let unit = "[Service]\nEnvironment=A=1 B=2\nExecStart=/bin/a\n";
    check_drop_in(
        unit,
        "[Service]\nEnvironment=\"A=x y\"\nExecStart=\nExecStart=/bin/b $0$A ${$0B} $MAINP$0ID $NO$0PE c$0\n",
        expect![[r#"
            <<$A>>
            **`$A`**

            Set to `x y` in `a.service.d/1.conf:2`.
            <<${B}>>
            **`$B`**

            Set to `2` in `a.service:2`.
            <<$MAINPID>>
            **`$MAINPID`**

            Set by systemd: The number of the main process. In `ExecReload=`, `ExecStop=` and other commands that run while there is one.

            [systemd.exec(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment%20Variables%20in%20Spawned%20Processes)
            <<$NOPE>>
            **`$NOPE`**

            Nothing here sets it: unless the environment of the service manager has it, it is empty.
            <<c>>
            For `/bin/b`.

            The process gets

            ```text
              0  /bin/b
              1  x
              2  y
              3  2
              4  $MAINPID
              5  $NOPE
            → 6  c
            ```

            Only known at run time: `$MAINPID`, `$NOPE`.
        "#]],
    );
    let drop_in = "[Service]\nEnvironmentFile=-/etc/default/a\nPassEnvironment=B\nUnsetEnvironment=A\nExecReload=/bin/b $0$A ${$0B} c$0\n";
    check_drop_in(
        unit,
        drop_in,
        expect![[r#"
            <<$A>>
            **`$A`**

            Set to `1` in `a.service:2`.

            `/etc/default/a`, by `EnvironmentFile=` in `a.service.d/1.conf:2`, may set it to something else.

            Taken away by `UnsetEnvironment=` in `a.service.d/1.conf:4`.
            <<${B}>>
            **`$B`**

            Set to `2` in `a.service:2`.

            `/etc/default/a`, by `EnvironmentFile=` in `a.service.d/1.conf:2`, may set it to something else.
            <<c>>
            For `/bin/b`.

            The process gets

            ```text
              0  /bin/b
              1  $A
              2  ${B}
            → 3  c
            ```

            Only known at run time: `$A`, `$B`.
        "#]],
    );
}

#[test]
fn values_without_a_meaning_of_their_own_are_those_of_the_setting() {
    check(
        "[Unit]\nDescription=some$0thing\n",
        expect![[r#"
        <<something>>
        **Description=** in [Unit]

        A short name for the unit, shown by `systemctl` and in boot messages: what it is, not what it does or that it is started.

        - takes text
        - repeated: the last one holds; an empty one brings the default back
        - since systemd 201

        ```ini
        Description=Example message broker
        ```

        **Elsewhere:**

        - runit, s6, s6-rc, nosh: irrelevant: only for readers; it becomes a comment

        [Description= in systemd.unit(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Description=)
    "#]],
    );
}

#[test]
fn settings_in_a_place_where_they_have_no_effect() {
    check(
        "[Service]\nAft$0er=b.service\n[Timer]\nOnBo$0otSec=1\n",
        expect![[r#"
        <<After>>
        **After=** in [Unit]

        Units that this one starts after and stops before, if both are started or stopped together. It starts nothing: add `Wants=` or `Requires=` for that. Cannot be emptied in a drop-in.

        - takes unit names
        - repeated: values add up
        - since systemd 201

        ```ini
        After=network.target
        ```

        In [Service] systemd passes over it.

        [After= in systemd.unit(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#After=)
        <<OnBootSec>>
        **OnBootSec=** in [Timer]

        Fires once, so long after the machine was booted; in a container, after the container was started. Seconds where no unit is given.

        - takes a time span (`On…Sec=`) or a calendar event (`OnCalendar=`)
        - repeated: values add up; an empty one drops those before it

        ```ini
        OnBootSec=15min
        ```

        In a service unit systemd passes over it.

        [OnBootSec= in systemd.timer(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#OnBootSec=)
    "#]],
    );
}

#[test]
fn of_units_to_trigger_the_first_holds() {
    check_in(
        "a.timer",
        None,
        "[Timer]\nUn$0it=b.service\nUn$0it=c.service\n",
        expect![[r#"
        <<Unit>>
        **Unit=** in [Timer]

        The unit to start, if it is not the service that is called like the timer. Cannot be given twice.

        - takes a unit name
        - repeated: the first assignment holds

        ```ini
        Unit=backup.service
        ```

        **Elsewhere:**

        - runit, s6, s6-rc, nosh: emulated: the service that `timer` starts

        [Unit= in systemd.timer(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#Unit=)
        <<Unit>>
        **Unit=** in [Timer]

        The unit to start, if it is not the service that is called like the timer. Cannot be given twice.

        - takes a unit name
        - repeated: the first assignment holds

        ```ini
        Unit=backup.service
        ```

        **Not in effect:** an earlier one holds, that in `a.timer:2`.

        **In effect:** `b.service`, from `a.timer:2`.

        **Elsewhere:**

        - runit, s6, s6-rc, nosh: emulated: the service that `timer` starts

        [Unit= in systemd.timer(5)](https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#Unit=)
    "#]],
    );
}

/// Nothing panics and all has its place, wherever one asks.
#[test]
fn every_place_of_every_example() {
    use crate::schema::{DIRECTIVES, SECTIONS};
    for section in SECTIONS {
        let directives = DIRECTIVES.iter().filter(|directive| section.groups.contains(&directive.group));
        let mut text = format!("# svlsp: ignore[unknown-directive]\n[{}]\n", section.name);
        directives.for_each(|directive| text.push_str(&format!("{}\n", directive.example.replace(' ', " \\\n "))));
        let path = format!("{}.d/1.conf", section.kind.unwrap_or(crate::schema::UnitKind::Service).suffix());
        Open::new(&path, &text).with(|document| {
            for at in (0..=text.len()).step_by(3) {
                let Some(hover) = hover(document, at as u32, None) else { continue };
                assert!(hover.span.start <= at as u32 && at as u32 <= hover.span.end, "{at} of {text}: {hover:?}");
                assert!(text.get(hover.span.range()).is_some() && !hover.markdown.is_empty());
            }
        });
    }
}
