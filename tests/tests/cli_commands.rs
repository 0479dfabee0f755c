//! The other subcommands, and the program by itself.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

#[test]
fn usage() {
    let folder = Folder::new(&[]);
    folder.run(
        "--version",
        expect![[r#"
        svlsp 0.1.0
        status 0
    "#]],
    );
    folder.run(
        "",
        expect![[r#"
            2> Checks unit files and supervisord.conf as their readers do, formats and converts them, and serves
            2> editors
            2> 
            2> Usage: svlsp <COMMAND>
            2> 
            2> Commands:
            2>   check        Check unit files and drop-ins, and supervisord.conf
            2>   convert      Convert units and supervisord.conf for runit, s6, s6-rc, nosh or systemd
            2>   explain      Say what a rule finds, or what a directive does
            2>   fmt          Lay unit files and supervisord.conf out alike, without changing what they mean
            2>   lsp          Serve an editor: diagnostics, hover, completion, code actions and more
            2>   completions  Print what a shell needs to complete svlsp's arguments
            2>   man          Print svlsp's manual page
            2> 
            2> Options:
            2>   -h, --help     Print help
            2>   -V, --version  Print version
            2> 
            2> Examples:
            2>   svlsp check                      check every unit file below this directory
            2>   svlsp check foo.service          check one
            2>   svlsp check --fix units/         mend what can be mended for sure
            2>   svlsp fmt units/                 lay them out alike
            2>   svlsp convert foo.service --to runit --out sv
            2>                                    make a service directory of it
            2>   svlsp explain unknown-directive  say what a message means
            2>   svlsp explain Restart=           say what a directive does
            status 2
        "#]],
    );
    folder.run(
        "chekc",
        expect![[r#"
        2> error: unrecognized subcommand 'chekc'
        2> 
        2>   tip: a similar subcommand exists: 'check'
        2> 
        2> Usage: svlsp <COMMAND>
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    folder.run(
        "check --formt short",
        expect![[r#"
        2> error: unexpected argument '--formt' found
        2> 
        2>   tip: a similar argument exists: '--format'
        2> 
        2> Usage: svlsp check --format <FORMAT> [PATH]...
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    folder.run(
        "check -h",
        expect![[r#"
            Check unit files and drop-ins, and supervisord.conf

            Usage: svlsp check [OPTIONS] [PATH]...

            Arguments:
              [PATH]...  Files and directories; `-` is standard input

            Options:
                  --stdin-filename <PATH>  The name, and the place, of what comes on standard input
                  --fix                    Mend what can be mended for sure, in place
                  --diff                   Show what --fix would change; change nothing
                  --config <FILE>          Read this file instead of looking for a svlsp.toml
                  --no-config              Don't look for a svlsp.toml
              -h, --help                   Print help (see more with '--help')

            Options that svlsp.toml can set:
                  --format <FORMAT>            How findings are written [possible values: human, short, json,
                                               sarif, github]
                  --select <RULE>              Run these rules and no others; `default`, `advice` and `all`
                                               stand for many
                  --ignore <RULE>              Don't run these rules
                  --fail-on <LEVEL>            Fail (exit status 1) if a finding is at least this bad [default:
                                               warning] [possible values: error, warning, hint]
                  --root <DIR>                 Take DIR for /: its unit directories are what references are
                                               looked up in, nothing outside of it is read; without a PATH,
                                               check them
                  --system                     Look up references in the unit directories of this machine too;
                                               they are not checked
                  --systemd-version <VERSION>  The systemd version that shall read the units, such as 252
                                               [default: the newest known]
                  --backend <BACKEND>          Say what is lost or only approximated on these supervisors too:
                                               runit, s6, s6-rc, nosh, systemd
                  --statistics                 Say how often each rule found something, on standard error
              -q, --quiet                      Write nothing but findings and errors
                  --color <WHEN>               When to use colours [possible values: auto, always, never]
              -j, --threads <N>                How many threads to use at most [default: one for each processor]

            Examples:
              svlsp check                                  everything below this directory
              svlsp check /etc/systemd/system --system     this machine's own units
              svlsp check --root image/                    the units of a system image
              svlsp check /etc/supervisor/supervisord.conf a configuration of supervisord, all its files
              svlsp check --fix --select unknown-directive one kind of mistake, mended
              svlsp check --diff                           what --fix would change
              svlsp check --backend runit,s6               what would be lost elsewhere
              svlsp check --format sarif > svlsp.sarif     for a code scanning service
              svlsp check --stdin-filename a.service - < a.service

            Exit status: 0 no finding at or above the level to fail on, 1 findings, 2 wrong
            usage or a file that can't be read (the others are still checked).

            A finding is silenced by a comment on the line before, `# svlsp: ignore[RULE]`,
            or for a whole file by `# svlsp: ignore-file[RULE]` at its top.
            status 0
        "#]],
    );
}

#[test]
fn rules_are_explained() {
    let folder = Folder::new(&[]);
    folder.run(
        "explain unknown-section",
        expect![[r#"
            unknown-section (error, for units and supervisord.conf)

            A section that this kind of unit doesn't have. systemd drops everything below
            it, with only a line in the log; supervisord does so without a word.

            Sections whose name begins with `X-` are left to other programs.

                [Sevrice]
                ExecStart=/usr/bin/true

            Write the name of the section as the manual page has it: `[Service]`. In
            supervisord.conf `[program:x]` and its like need a name behind the colon,
            `[supervisord]` must not have one.
            status 0
        "#]],
    );
    folder.run(
        "explain unknown-sektion",
        expect![[r#"
        2> svlsp: no rule or directive is called "unknown-sektion"; did you mean "unknown-section"?
        status 2
    "#]],
    );
    folder.run(
        "explain frobnicate",
        expect![[r#"
        2> svlsp: no rule or directive is called "frobnicate"; `svlsp explain` lists the rules
        status 2
    "#]],
    );
    let list = folder.svlsp(&["explain"]).output().expect("it runs");
    let list = String::from_utf8_lossy(&list.stdout);
    assert!(list.lines().count() > 20, "{list}");
    assert!(list.contains("unknown-directive"), "{list}");
}

#[test]
fn directives_are_explained() {
    let folder = Folder::new(&[]);
    folder.run(
        "explain KillMode=",
        expect![[r#"
        KillMode=

          Section     [Mount], [Scope], [Service], [Socket], [Swap]
          Default     control-group
          Repeated    the last one holds
          Since       systemd 187
          Manual      systemd.kill

        Which processes of the unit are killed at stop. `control-group` kills all of
        them; `mixed` lets the main process stop the others; `process` leaves children
        behind; `none` is deprecated and leaves everything behind.

            KillMode=mixed

        What becomes of it elsewhere:
          runit       emulated: a cgroup of its own, `cgroup.kill` in `finish`
          s6          emulated: a cgroup of its own, `cgroup.kill` in `finish`
          s6-rc       emulated: a cgroup of its own, `cgroup.kill` in `finish`
          nosh        emulated: a cgroup of its own, `cgroup.kill` in `stop` and
                      `restart`
        status 0
    "#]],
    );
    folder.run(
        "explain MemoryLimit",
        expect![[r#"
        MemoryLimit=

          Section     [Mount], [Scope], [Service], [Slice], [Socket], [Swap]
          Repeated    the last one holds
          Deprecated  since systemd 252; use MemoryMax= instead
          Removed     since systemd 258; use MemoryMax= instead

        Limit of memory in cgroup v1.

        What becomes of it elsewhere:
          runit       lost: systemd 258 took it away; write `MemoryMax=`
          s6          lost: systemd 258 took it away; write `MemoryMax=`
          s6-rc       lost: systemd 258 took it away; write `MemoryMax=`
          nosh        lost: systemd 258 took it away; write `MemoryMax=`
        status 0
    "#]],
    );
    folder.run(
        "explain Service.Type",
        expect![[r#"
        Type=

          Section     [Service]
          Default     simple
          Repeated    the last one holds
          Manual      systemd.service

        When the service counts as started, so that units after it may go on. `exec` is
        best for a plain program, `notify` for one that can say when it is ready. With
        `simple` a program that cannot even be run still counts as started.

            Type=exec

        What becomes of it elsewhere:
          runit       native: `run` becomes the program, or waits for it
          s6          native: `run` becomes the program, or waits for it
          s6-rc       native: `run` becomes the program, or waits for it
          nosh        native: `run` becomes the program, or waits for it
        status 0
    "#]],
    );
    folder.run(
        "explain [Timer] Unit=",
        expect![[r#"
        Unit=

          Section     [Timer]
          Repeated    the last one holds
          Manual      systemd.timer

        The unit to start, if it is not the service that is called like the timer.
        Cannot be given twice.

            Unit=backup.service

        What becomes of it elsewhere:
          runit       emulated: the service that `timer` starts
          s6          emulated: the service that `timer` starts
          s6-rc       emulated: the service that `timer` starts
          nosh        emulated: the service that `timer` starts
        status 0
    "#]],
    );
    folder.run(
        "explain restart",
        expect![[r#"
        Restart=

          Section     [Service]
          Default     no
          Repeated    the last one holds
          Manual      systemd.service

        After which ends the service is started again. `on-failure` suits most; `always`
        and `on-success` are refused with `Type=oneshot`. A service stopped by hand
        stays stopped, and the start limit of [Unit] ends endless restarts.

            Restart=on-failure

        What becomes of it elsewhere:
          runit       emulated: `finish` decides
          s6          emulated: `finish` decides
          s6-rc       emulated: `finish` decides
          nosh        native: `restart`
        status 0
    "#]],
    );
    folder.run(
        "explain Requires",
        expect![[r#"
            Requires=

              Section     [Unit]
              Repeated    the values add up
              Since       systemd 201
              Manual      systemd.unit

            Units that are started along with this one; if one of them fails to start, this
            one is not started, and if one is stopped, this one is too. It orders nothing:
            `After=` is nearly always needed with it. `Wants=` is mostly the better choice.

                Requires=postgresql.service
                After=postgresql.service

            What becomes of it elsewhere:
              runit       approximated: `sv start` in `run`, `sv down` along with it; it
                          tries again every second instead of giving up
              s6          lost: s6 alone knows no dependencies; s6-rc does
              s6-rc       native: `dependencies.d`
              nosh        approximated: links in `wants/` and `requires/`; it starts even if
                          the other one fails
            status 0
        "#]],
    );
    folder.run(
        "explain Service.Restrat",
        expect![[r#"
        2> svlsp: no rule or directive is called "Restrat"; did you mean "Restart"?
        status 2
    "#]],
    );
    folder.run(
        "explain Sevrice.Restart",
        expect![[r#"
        2> svlsp: no section is called [Sevrice]; did you mean [Service]?
        status 2
    "#]],
    );
    folder.run(
        "explain Timer.Restart",
        expect![[r#"
        2> svlsp: no rule or directive is called "Restart"; `svlsp explain` lists the rules
        status 2
    "#]],
    );
}

#[test]
fn what_supervisord_reads_is_explained() {
    let folder = Folder::new(&[]);
    folder.run(
        "explain stopasgroup",
        expect![[r#"
        stopasgroup=

          Section     [eventlistener:x], [fcgi-program:x], [program:x]
          Default     false
          Repeated    the last one holds

        Sends `stopsignal` to the whole process group, for programs that don't pass it
        on to their children, such as shell scripts. It brings `killasgroup` along, and
        `killasgroup=false` beside it is refused. Children that made a process group of
        their own don't get it.

            stopasgroup=true

        What becomes of it elsewhere:
          runit       emulated: `control/t` signals the process group
          s6          emulated: `run` stays, and signals the process group
          s6-rc       emulated: `run` stays, and signals the process group
          nosh        emulated: `run` stays, and signals the process group
          systemd     approximated: `KillMode=control-group`; the signal reaches all
                      processes of the service, whatever group they are in
        status 0
    "#]],
    );
    folder.run(
        "explain program.stdout_syslog",
        expect![[r#"
        stdout_syslog=

          Section     [program:x]
          Default     false
          Repeated    the last one holds
          Since       supervisor 4.0.0

        Sends standard output to syslog too, each line with the name of the process in
        front. The log file stays what it is: add `stdout_logfile=NONE` to have syslog
        alone.

            stdout_syslog=true

        What becomes of it elsewhere:
          runit       emulated: `logger`
          s6          emulated: `logger`
          s6-rc       emulated: `logger`
          nosh        emulated: `logger`
          systemd     native: `StandardOutput=journal`
        status 0
    "#]],
    );
    folder.run(
        "explain [group:web] priority=",
        expect![[r#"
            priority=

              Section     [group:x]
              Default     999
              Repeated    the last one holds

            The place of the group among all groups: low numbers are started first and
            stopped last. Within the group the priorities of its programs count.

                priority=20

            What becomes of it elsewhere:
              runit       irrelevant: nobody waits at the start; here all start at once
              s6          irrelevant: nobody waits at the start; here all start at once
              s6-rc       irrelevant: nobody waits at the start; `--dependencies priority`
                          makes an order of it
              nosh        irrelevant: nobody waits at the start; `--dependencies priority`
                          makes an order of it
              systemd     irrelevant: nobody waits at the start; `--dependencies priority`
                          makes an order of it
            status 0
        "#]],
    );
    folder.run(
        "explain group:web",
        expect![[r#"
            [group:x]

            Programs that are started and stopped together under one name. Their processes
            are then called `GROUP:PROCESS`, and the priority of the group takes the place
            of theirs among the groups.

                [group:site]
                programs=web,worker
                priority=20

            Its settings:
              priority, programs
            status 0
        "#]],
    );
    folder.run(
        "explain supervisor.ctl_factory",
        expect![[r#"
        supervisor.ctl_factory=

          Section     [ctlplugin:x]
          Repeated    the last one holds

        The Python function, as `module:name`, that makes the plugin of `supervisorctl`.
        The manual doesn't mention it, supervisor's source does. Without it
        `supervisorctl` refuses the section; supervisord doesn't look at it.

            supervisor.ctl_factory=supervisor_cache.controllerplugin:make_cache_controllerplugin

        What becomes of it elsewhere:
          runit       irrelevant: `supervisorctl` has nobody to talk to
          s6          irrelevant: `supervisorctl` has nobody to talk to
          s6-rc       irrelevant: `supervisorctl` has nobody to talk to
          nosh        irrelevant: `supervisorctl` has nobody to talk to
          systemd     irrelevant: `supervisorctl` has nobody to talk to
        status 0
    "#]],
    );
    folder.run(
        "explain program.comand",
        expect![[r#"
        2> svlsp: no rule or directive is called "comand"; did you mean "command"?
        status 2
    "#]],
    );
}

#[test]
fn every_rule_and_directive_can_be_explained() {
    let folder = Folder::new(&[]);
    let supervisord = svlsp_core::schema::supervisord::DIRECTIVES.iter().step_by(7);
    for directive in svlsp_core::schema::DIRECTIVES.iter().step_by(37).chain(supervisord) {
        let output = folder.svlsp(&["explain", directive.name]).output().expect("it runs");
        assert!(output.status.success(), "{}", directive.name);
        assert!(String::from_utf8_lossy(&output.stdout).starts_with(directive.name));
    }
}

#[test]
fn completions_and_manual_pages_know_every_option() {
    let folder = Folder::new(&[]);
    for arguments in
        [&["completions", "bash"][..], &["completions", "zsh"], &["completions", "fish"], &["man", "check"]]
    {
        let output = folder.svlsp(arguments).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}");
        let text = String::from_utf8_lossy(&output.stdout).replace("\\-", "-");
        for option in ["format", "select", "ignore", "fail-on", "config", "no-config", "root", "system", "fix", "diff"]
        {
            assert!(text.contains(option), "{arguments:?} lacks {option}");
        }
    }
    let page = folder.svlsp(&["man"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&page.stdout).contains(".TH svlsp 1"));
}
