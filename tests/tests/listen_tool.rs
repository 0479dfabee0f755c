//! The tool `listen` opens sockets and passes them on.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use expect_test::{Expect, expect};
use svlsp_core::backends::tools::Tool;
use svlsp_tests::tools::{SHELLS, Tools};

/// Tells what it was given.
const PROGRAM: &str = r#"#!/bin/sh
echo "$LISTEN_FDS: $LISTEN_FDNAMES"
[ "$LISTEN_PID" = $$ ] || echo "it is $$, not $LISTEN_PID"
for word; do echo "[$word]"; done
for fd in 0 3 4 5 6 7 8 9; do
    file=$(readlink /proc/$$/fd/$fd)
    case $fd/$file in
    */socket:*) node=${file#socket:[} ;;
    0/pipe:*) echo "0: a pipe" && continue ;;
    *) continue ;;
    esac
    set -- $(grep " ${node%]} " /proc/net/unix)
    case $5 in 0001) type=stream ;; 0002) type=datagram ;; esac
    case $4 in 00010000) type="$type listening" ;; esac
    flags=$(sed -n 's/^flags:[^0]*//p' /proc/$$/fdinfo/$fd)
    [ $((flags & 04000)) = 0 ] && blocks=blocking || blocks=nonblocking
    echo "$fd: $type $blocks ${8#"$PWD"/} $(stat -c '%04a %U:%G' "$8")"
done
"#;

#[test]
fn sockets_are_opened_and_passed_on() {
    check(
        &[
            "stream:7:0660:0711:www-data:adm:one",
            "a/x/s",
            "datagram::0600::::two",
            "d",
            "stream-nonblocking::::::three",
            "t",
        ],
        &["a  b", "$c*"],
        expect![[r#"
            3: one:two:three
            [a  b]
            [$c*]
            3: stream listening blocking a/x/s 0660 www-data:adm
            4: datagram blocking d 0600 root:root
            5: stream listening nonblocking t 0666 root:root
        "#]],
    );
}

#[test]
fn owners_may_be_half_known() {
    check(
        &["stream:::::adm:one", "a", "stream::::www-data::two", "b"],
        &[],
        expect![[r#"
        2: one:two
        3: stream listening blocking a 0666 root:adm
        4: stream listening blocking b 0666 www-data:root
    "#]],
    );
}

#[test]
fn there_may_be_none() {
    check(
        &[],
        &["x"],
        expect![[r#"
        0: 
        [x]
        0: a pipe
    "#]],
    );
}

#[test]
fn what_is_left_of_another_run_is_replaced() {
    let missing = missing();
    if missing.is_some() {
        return skip(missing);
    }
    let tools = tools(SHELLS[0]);
    for _ in 0..2 {
        assert!(run(&tools, &["stream:::::::", "s"], &[]).contains("stream listening"));
    }
}

#[test]
fn failures_are_told() {
    check(
        &["stream:::::::one", "/dev/null/x/s"],
        &[],
        expect![[r#"
            mkdir: cannot create directory '/dev/null': Not a directory
            listen: can't make /dev/null/x
            status 111
        "#]],
    );
    check(
        &["stream::::nobody-at-all::one", "s"],
        &[],
        expect![[r#"
            chown: invalid user: 'nobody-at-all'
            listen: can't give s to nobody-at-all
            status 111
        "#]],
    );
    check(
        &["raw::::::one", "s"],
        &[],
        expect![[r#"
            listen: no tool opens the raw socket s
            status 111
        "#]],
    );
    let many = ["stream::::::", "s"].repeat(8);
    check(
        &many,
        &[],
        expect![[r#"
        listen: more than 7 sockets
        status 111
    "#]],
    );
}

fn check(sockets: &[&str], arguments: &[&str], expect: Expect) {
    let missing = missing();
    if missing.is_some() {
        return skip(missing);
    }
    let outputs = SHELLS.map(|shell| run(&tools(shell), sockets, arguments));
    assert_eq!(outputs[0], outputs[1]);
    expect.assert_eq(&outputs[0]);
}

/// A directory in which the tool is run by that shell.
fn tools(shell: &[&str]) -> Tools {
    let tools = Tools::new();
    let write = |path: &str, text: &str| {
        let path = tools.folder().join(path);
        fs::write(&path, text).expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be changed");
    };
    // It calls itself by its own name.
    let shell = format!("#!/usr/bin/env -S {}\n", shell.join(" "));
    write(Tool::Listen.path(), &Tool::Listen.text().replacen("#!/bin/sh\n", &shell, 1));
    write("program", PROGRAM);
    tools
}

/// What it and the program print.
fn run(tools: &Tools, sockets: &[&str], arguments: &[&str]) -> String {
    let folder = tools.folder().to_string_lossy().into_owned();
    let mut command = tools.command(&["sh", "-c", "exec \"$@\" 2>&1", "sh"], Tool::Listen);
    command.env("LC_ALL", "C");
    for pair in sockets.chunks(2) {
        let path = if pair[1].starts_with('/') { pair[1].to_owned() } else { format!("{folder}/{}", pair[1]) };
        command.args([pair[0], &path]);
    }
    command.args(["--", "./program"]).args(arguments).stdin(Stdio::piped());
    let output = command.output().expect("it runs");
    let status = output.status.code().filter(|code| *code != 0);
    let status = status.map_or(String::new(), |code| format!("status {code}\n"));
    (String::from_utf8_lossy(&output.stdout).into_owned() + &status).replace(&format!("{folder}/"), "")
}

fn skip(missing: Option<&str>) {
    let missing = missing.unwrap_or_default();
    assert!(env::var_os("SVLSP_ALLOW_SKIPS").is_some(), "this test needs {missing}; SVLSP_ALLOW_SKIPS=1 does without");
    println!("SKIPPED: listen tool: no {missing}");
}

/// What of this machine is not as it must be.
fn missing() -> Option<&'static str> {
    (!nix::unistd::Uid::effective().is_root()).then_some("root")
}
