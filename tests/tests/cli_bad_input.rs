//! Whatever a file is or holds: a clear message, no crash, no hang, and the rest of the run goes on.
#![cfg(unix)]

mod cli_harness;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use cli_harness::Folder;
use expect_test::{Expect, expect};

const GOOD: &str = "[Service]\nExecStart=/bin/true\n";
const SLIP: &str = "[Service]\nExecStart=/bin/true\nFoo=1\n";

/// What is found wrong with a file as such.
const RULES: &str = "unknown-directive,empty-file,invalid-utf-8,line-too-long,nul-byte,unclosed-section-header,\
    dangling-backslash,missing-equals";

/// Checks one file of these bytes, beside another one with a mistake.
fn bytes(bytes: impl AsRef<[u8]>, expect: Expect) {
    let folder = Folder::new(&[("z.service", SLIP)]);
    folder.write("a.service", bytes);
    let start = Instant::now();
    folder.run(&format!("check --format short --select {RULES}"), expect);
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
}

#[test]
fn odd_texts() {
    bytes(
        b"\xef\xbb\xbf[Service]\nExecStart=/bin/true\nFoo=1\n",
        expect![[r#"
        a.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 2 errors in 2 files
        status 1
    "#]],
    );
    bytes(
        b"[Service]\r\nExecStart=/bin/true\r\nFoo=1\r\n",
        expect![[r#"
        a.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 2 errors in 2 files
        status 1
    "#]],
    );
    bytes(
        b"[Service]\0ExecStart=/bin/true\nFoo=1\n",
        expect![[r#"
        a.service:1:10: warning: NUL byte: systemd ends the line here [nul-byte]
        a.service:2:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 2 errors, 1 warning in 2 files, 1 fixable with --fix
        status 1
    "#]],
    );
    bytes(
        b"[Service]\nExecStart=/bin/true\nDescription=\xff\xfe\nFoo=1\n",
        expect![[r#"
            a.service:3:13: error: not UTF-8 text: systemd refuses the whole unit [invalid-utf-8]
            a.service:4:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 3 errors in 2 files
            status 1
        "#]],
    );
    bytes(
        b"[Service]\nExecStart=/bin/true\nFoo=1",
        expect![[r#"
        a.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 2 errors in 2 files
        status 1
    "#]],
    );
    bytes(
        b"",
        expect![[r#"
        a.service:1:1: hint: an empty file masks the unit [empty-file]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 1 error, 1 hint in 2 files
        status 1
    "#]],
    );
    bytes(
        b"\n\n",
        expect![[r#"
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 1 error in 2 files
            status 1
        "#]],
    );
    bytes(
        b"\xff",
        expect![[r#"
            a.service:1:1: error: not UTF-8 text: systemd refuses the whole unit [invalid-utf-8]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 2 errors in 2 files
            status 1
        "#]],
    );
    bytes(
        b"[",
        expect![[r#"
            a.service:1:1: error: section header doesn't end with "]": systemd refuses the whole unit [unclosed-section-header]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 2 errors in 2 files
            status 1
        "#]],
    );
    bytes(
        b"\\",
        expect![[r#"
            a.service:1:1: warning: backslash at the end of the file: there is no line to go on with [dangling-backslash]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 1 error, 1 warning in 2 files, 1 fixable with --fix
            status 1
        "#]],
    );
}

#[test]
fn large_files() {
    let folder = Folder::new(&[("z.service", SLIP)]);
    fs::File::create(folder.path("a.service")).and_then(|file| file.set_len(100_000_000)).expect("a sparse file");
    folder.run(
        "check --format short --select unknown-directive",
        expect![[r#"
        a.service:1:1: error: a file of 95 MiB is not checked; the most is 16 MiB [file-too-large]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 2 errors in 2 files
        status 1
    "#]],
    );
    folder.run(
        "check --select unknown-directive",
        expect![[r#"
        error[file-too-large]: a file of 95 MiB is not checked; the most is 16 MiB
        --> a.service:1:1

        error[unknown-directive]: unknown directive Foo= in section [Service]
         --> z.service:3:1
          |
        3 | Foo=1
          | ^^^

        2> 2 errors in 2 files
        status 1
    "#]],
    );
}

#[test]
fn long_lines() {
    bytes(
        format!("[Service]\nExecStart=/bin/true {}\n", "a".repeat(10_000_000)),
        expect![[r#"
            a.service:2:1: error: line of more than 1048575 bytes: systemd refuses the whole unit [line-too-long]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 2 errors in 2 files
            status 1
        "#]],
    );
    bytes(
        format!("# {}\n{SLIP}", "a".repeat(10_000_000)),
        expect![[r#"
            a.service:1:1: error: line of more than 1048575 bytes: systemd refuses the whole unit [line-too-long]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> 2 errors in 2 files
            status 1
        "#]],
    );
}

#[test]
fn many_sections_and_lines() {
    bytes(
        GOOD.to_owned() + &"[Unit]\n[Service]\n".repeat(50_000),
        expect![[r#"
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 1 error in 2 files
        status 1
    "#]],
    );
    bytes(
        format!("[Service]\nExecStart=/bin/true {}\nFoo=1\n", "\\\n  a ".repeat(10_000)),
        expect![[r#"
        a.service:10003:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 2 errors in 2 files
        status 1
    "#]],
    );
}

#[test]
fn ten_thousand_mistakes_are_shown() {
    let folder = Folder::new(&[]);
    folder.write("a.service", format!("[Service]\nExecStart=/bin/true\n{}", "Foo=1\n".repeat(10_000)));
    let start = Instant::now();
    let output = folder.svlsp(&["check", "--select", "unknown-directive"]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).matches("unknown directive Foo=").count(), 10_000);
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
}

#[test]
fn odd_kinds_of_files() {
    let folder = Folder::new(&[("z.service", SLIP), ("folder.service/inner.service", SLIP)]);
    let made = Command::new("mkfifo").arg(folder.path("fifo.service")).status().expect("mkfifo runs");
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("socket.service")).expect("a socket");
    folder.link("zero.service", "/dev/zero");
    folder.link("null.service", "/dev/null");
    folder.link("dangling.service", "gone");
    folder.link("loop/loop", "..");
    folder.run(
        "check --format short --select unknown-directive,bad-unit-name",
        expect![[r#"
            folder.service/inner.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> svlsp: fifo.service: is a FIFO
            2> svlsp: socket.service: is a socket
            2> 2 errors in 2 files; 2 symbolic links to elsewhere not followed
            status 2
        "#]],
    );
    folder.run(
        "check --format short --select unknown-directive fifo.service socket.service zero.service null.service dangling.service z.service /dev/null gone.service notes.txt",
        expect![[r#"
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> svlsp: /dev/null: is neither a unit file by its name, which ends in .service, .socket, .timer and so on or is that of a drop-in, NAME.service.d/*.conf, nor supervisord's by its sections, such as [program:NAME]
            2> svlsp: dangling.service: is a symbolic link to gone, which can't be read: No such file or directory (os error 2)
            2> svlsp: fifo.service: is a FIFO
            2> svlsp: gone.service: No such file or directory (os error 2)
            2> svlsp: notes.txt: No such file or directory (os error 2)
            2> svlsp: socket.service: is a socket
            2> svlsp: zero.service: is a device
            2> 1 error in 1 file
            status 2
        "#]],
    );
}

#[test]
fn odd_names() {
    let folder = Folder::new(&[
        ("a b.service", GOOD),
        ("dev-disk-by\\x2dlabel-a.swap", "[Swap]\nWhat=/dev/disk/by-label/a\nFoo=1\n"),
        ("line\nbreak.service", SLIP),
        ("\u{1b}[31m.service", SLIP),
        ("-.mount", "[Mount]\nWhat=/dev/sda1\nWhere=/\n"),
        ("--help.service", SLIP),
    ]);
    fs::write(folder.path("").join(OsStr::from_bytes(b"latin\xe4.service")), SLIP).expect("a file can be written");
    folder.run("check --format short --select unknown-directive,bad-unit-name", expect![[r#"
        \x1b[31m.service:1:1: error: this is no name of a unit: '\u{1b}' is none of the characters allowed: letters, digits and ":-_.\@" [bad-unit-name]
        \x1b[31m.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        --help.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        a b.service:1:1: error: this is no name of a unit: ' ' is none of the characters allowed: letters, digits and ":-_.\@" [bad-unit-name]
        dev-disk-by\x2dlabel-a.swap:3:1: error: unknown directive Foo= in section [Swap] [unknown-directive]
        latin\xe4.service:1:1: error: this is no name of a unit: '�' is none of the characters allowed: letters, digits and ":-_.\@" [bad-unit-name]
        latin\xe4.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        line\x0abreak.service:1:1: error: this is no name of a unit: '\n' is none of the characters allowed: letters, digits and ":-_.\@" [bad-unit-name]
        line\x0abreak.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        2> 9 errors in 7 files
        status 1
    "#]]);
    folder.run("check -q --format json --select unknown-directive", expect![[r#"
        [
        {"path":"\u001b[31m.service","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":4}},"severity":"error","rule":"unknown-directive","message":"unknown directive Foo= in section [Service]","help":null,"related":[],"fixes":[]},
        {"path":"--help.service","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":4}},"severity":"error","rule":"unknown-directive","message":"unknown directive Foo= in section [Service]","help":null,"related":[],"fixes":[]},
        {"path":"dev-disk-by\\x2dlabel-a.swap","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":4}},"severity":"error","rule":"unknown-directive","message":"unknown directive Foo= in section [Swap]","help":null,"related":[],"fixes":[]},
        {"path":"latin\\xe4.service","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":4}},"severity":"error","rule":"unknown-directive","message":"unknown directive Foo= in section [Service]","help":null,"related":[],"fixes":[]},
        {"path":"line\nbreak.service","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":4}},"severity":"error","rule":"unknown-directive","message":"unknown directive Foo= in section [Service]","help":null,"related":[],"fixes":[]}
        ]
        status 1
    "#]]);
    folder.run("check -q --format github --select unknown-directive", expect![[r#"
        ::error file=\x1b[31m.service,line=3,endLine=3,col=1,endColumn=3,title=svlsp%3A unknown-directive::unknown directive Foo= in section [Service]
        ::error file=--help.service,line=3,endLine=3,col=1,endColumn=3,title=svlsp%3A unknown-directive::unknown directive Foo= in section [Service]
        ::error file=dev-disk-by\x2dlabel-a.swap,line=3,endLine=3,col=1,endColumn=3,title=svlsp%3A unknown-directive::unknown directive Foo= in section [Swap]
        ::error file=latin\xe4.service,line=3,endLine=3,col=1,endColumn=3,title=svlsp%3A unknown-directive::unknown directive Foo= in section [Service]
        ::error file=line\x0abreak.service,line=3,endLine=3,col=1,endColumn=3,title=svlsp%3A unknown-directive::unknown directive Foo= in section [Service]
        status 1
    "#]]);
    folder.run(
        "check -q --format short -- --help.service",
        expect![[r#"
        --help.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        status 1
    "#]],
    );
}

#[test]
fn unreadable_files_are_named() {
    let folder = Folder::new(&[("a.service", SLIP), ("closed/b.service", SLIP), ("z.service", SLIP)]);
    let mode = |path: &str, mode| {
        fs::set_permissions(folder.path(path), PermissionsExt::from_mode(mode)).expect("a mode can be set");
    };
    mode("", 0o755);
    mode("a.service", 0o000);
    mode("closed", 0o000);
    let mut command = folder.svlsp(&["check", "--format", "short", "--select", "unknown-directive"]);
    // Root reads everything.
    if nix::unistd::Uid::effective().is_root() {
        std::os::unix::process::CommandExt::uid(&mut command, 65534);
    }
    let output = command.output();
    mode("closed", 0o755);
    match output {
        Ok(output) => expect![[r#"
            z.service:3:1: error: unknown directive Foo= in section [Service] [unknown-directive]
            2> svlsp: a.service: Permission denied (os error 13)
            2> svlsp: closed: Permission denied (os error 13)
            2> 1 error in 1 file
            status 2
        "#]]
        .assert_eq(&folder.show(&output)),
        Err(error) => eprintln!("SKIPPED: another user can't run svlsp here: {error}"),
    }
}
