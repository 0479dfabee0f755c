use expect_test::{Expect, expect};

use super::{check, check_typed, labels};

/// What is offered at the `$0` of a line of a program.
fn check_program(line: &str, expect: Expect) {
    check("supervisord.conf", &format!("[program:web]\ncommand=/bin/a\n{line}\n"), expect);
}

#[test]
fn sections() {
    check(
        "supervisord.conf",
        "[supervisord]\n[pro$0\n",
        expect![[r#"
        "[pro":
          [program:x] => [program:${1:name}]
        - [program:x] command=… => [program:x]
        command= => [program:${1:name}]
        command=${2:/usr/bin/program}
        user=${3:nobody}
        autorestart=${4|unexpected,true,false|}
        redirect_stderr=${5|true,false|}
        $0 -- a whole program
          [fcgi-program:x] => [fcgi-program:${1:name}]
          [supervisorctl]
        - [supervisord]
    "#]],
    );
    check(
        "supervisord.conf",
        "$0\n[supervisord]\n",
        expect![[r#"
        "":
          [ctlplugin:x] => [ctlplugin:${1:name}]
          [eventlistener:x] => [eventlistener:${1:name}]
          [fcgi-program:x] => [fcgi-program:${1:name}]
          [group:x] => [group:${1:name}]
          [include]
          [inet_http_server]
          [program:x] => [program:${1:name}]
          [rpcinterface:x] => [rpcinterface:${1:name}]
        … 4 more
    "#]],
    );
}

#[test]
fn keys_come_first_that_are_missing() {
    assert!(labels("supervisord.conf", "[program:a]\n$0\n").starts_with("command auto"));
    assert!(labels("supervisord.conf", "[program:a]\ncommand=b\n$0\n").ends_with(" command"));
    assert!(labels("supervisord.conf", "[group:a]\n$0").starts_with("programs"));
    assert_eq!(labels("supervisord.conf", "[program:a]\nauto$0"), "autorestart autostart");
    check_program(
        "num$0ps : 1",
        expect![[r#"
        "numps":
          numprocs
          numprocs_start
    "#]],
    );
    check(
        "supervisord.conf",
        "[x]\n$0",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn values_by_their_type() {
    check_program(
        "autostart=$0",
        expect![[r#"
        "":
          false
          true
    "#]],
    );
    check_program(
        "autorestart : un$0x ; y",
        expect![[r#"
        "unx" or "un":
          unexpected -- if it exits with a code that isn't in `exitcodes=`, or a signal ends it
    "#]],
    );
    check_program(
        "stopsignal=$0",
        expect![[r#"
        "":
          HUP -- to many programs: read the configuration again
          INT -- as Ctrl-C sends it
          KILL -- ends it at once, and it can't do anything about it
          QUIT -- to many programs: end gracefully, or dump core
          TERM -- the usual request to end
          USR1 -- as the program has it
          USR2 -- as the program has it
          WINCH -- to some servers: end gracefully
    "#]],
    );
    check_program(
        "stdout_logfile=$0",
        expect![[r#"
        "":
          /dev/stderr -- supervisord's own standard error; needs the maximum 0
          /dev/stdout -- supervisord's own standard output; needs the maximum 0
          /var/log/ -- logs
          /var/log/supervisor/ -- logs, as Debian has them
          AUTO -- a file in `childlogdir=` that goes when supervisord starts again
          NONE -- nowhere
    "#]],
    );
    check_program(
        "user=$0",
        expect![[r#"
        "":
          postgres
          www-data
    "#]],
    );
    check_program(
        "numprocs=1 ; $0",
        expect![[r#"
        nothing
    "#]],
    );
    check(
        "supervisord.conf",
        "[unix_http_server]\nchown=www-data:$0",
        expect![[r#"
        "":
          postgres
          www-data
    "#]],
    );
    check(
        "supervisord.conf",
        "[supervisord]\nloglevel=$0",
        expect![[r#"
        "":
          blather -- All that happens inside supervisord, output of programs included.
          critical -- What needs attention at once: supervisord can't go on as it should.
          debug -- What helps to find mistakes in a configuration: also each signal and wait.
          error -- What went wrong and may be passed over.
          info -- Starts, stops and exits of programs.
          trace -- What helps those who write plugins.
          warn -- What is out of the ordinary.
    "#]],
    );
    check(
        "supervisord.conf",
        "[eventlistener:a]\nevents=TICK_5, tick_6$0",
        expect![[r#"
        "tick_6":
          TICK_60 -- Every minute.
          TICK_3600 -- Every hour.
    "#]],
    );
}

#[test]
fn programs_of_groups() {
    let text = "[program:a]\n[program:b]\n[eventlistener:c]\n[fcgi-program:d]\n[group:x]\nprograms=b\n[group:y]\n";
    check(
        "supervisord.conf",
        &format!("{text}programs=a,$0"),
        expect![[r#"
        "":
          d
        - b
    "#]],
    );
    check(
        "supervisord.conf",
        &format!("{text}programs=a,\n  $0"),
        expect![[r#"
        "":
          d
        - b
    "#]],
    );
}

#[test]
fn expansions() {
    check_program(
        "numprocs=2\ndirectory=/srv/%$0",
        expect![[r#"
            "%":
              %(ENV_HOME)s -- a variable of the environment that supervisord was started with, or of an `environment=` read before
              %(group_name)s -- the name of the group: that of the program, unless a `[group:x]` lists it: web
              %(here)s -- the directory of the configuration file
              %(host_node_name)s -- the name of the host: host
              %(numprocs)d -- how many processes the program has: 2
              %(process_num)02d -- the number of the process, from `numprocs_start=` on: 1
              %(program_name)s -- the name of the program, behind the colon of its section: web
            - %% -- a percent sign
        "#]],
    );
    check_program(
        "directory=/srv/%(pro$0cess_num)02d/x",
        expect![[r#"
            "%(process_num)02d" or "%(pro":
              %(process_num)02d -- the number of the process, from `numprocs_start=` on: 0
              %(program_name)s -- the name of the program, behind the colon of its section: web
              %(numprocs)d -- how many processes the program has: 1
        "#]],
    );
    check_program(
        "directory=/srv/%%$0",
        expect![[r#"
        nothing
    "#]],
    );
    check_typed(
        '%',
        "supervisord.conf",
        "[supervisord]\ndirectory=%$0",
        expect![[r#"
            "%":
              %(ENV_HOME)s -- a variable of the environment that supervisord was started with, or of an `environment=` read before
              %(here)s -- the directory of the configuration file
            - %% -- a percent sign
        "#]],
    );
}
