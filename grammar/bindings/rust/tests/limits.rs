//! Big and twisted files: the time to parse grows with the size and no faster.

use std::time::{Duration, Instant};

use tree_sitter::Parser;

use crate::languages;

/// Of this much, a linear parse takes 20 ms, and a quadratic one far longer than [`PATIENCE`].
const SIZE: usize = 1 << 17;
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn one_long_line_of_anything() {
    for start in ["", "[", "A=", "[a]\nExecStart=", "[a]\nEnvironment="] {
        for piece in [
            "a",
            " ",
            "a ",
            "\\",
            "\\ ",
            "\"",
            "'",
            "\"a",
            "$",
            "${",
            "${A}",
            "$A ",
            "%",
            "%i",
            "%i ",
            "%(",
            "%(a)s ",
            "=",
            ";",
            " ;",
            "#",
            "[",
            "]",
            ":",
            "a:]",
            "@",
            "\0",
            "\r",
            "\n",
            "\n ",
            "\n;",
            "\n #",
            "\\\n",
            "\\\n;\n",
            "a \\\n",
            "\"\\\n",
            "a=b\n",
            "a=b\n ;\n",
            "a=b \\\n",
            "[a]\n",
            "[a",
            "a=\"",
            "é",
            "\u{2003}",
        ] {
            let text = start.to_owned() + &piece.repeat(SIZE / piece.len());
            sound(&text, &format!("{start:?} and many {piece:?}"));
        }
    }
}

#[test]
fn many_lines_in_many_sections() {
    sound(&"[Service]\nType=a\n\n".repeat(100_000), "100,000 sections");
    let long = "b \\\n".repeat(10_000);
    sound(&format!("[Unit]\nAfter={long}\n\n[Service]\nExecStart={long}\n"), "10,000 lines");
    let long = "\n  b".repeat(10_000);
    sound(&format!("[program:a]\nenvironment={long}\n"), "10,000 lines of supervisord");
}

/// `cargo test -p tree-sitter-svunit speed -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed() {
    const UNIT: &str = include_str!("../../../test/highlight/unit.service");
    const CONF: &str = include_str!("../../../test/highlight/supervisord.conf");
    const REAL: &str = "\
[Unit]
Description=OpenBSD Secure Shell server
Documentation=man:sshd(8) man:sshd_config(5)
After=network.target auditd.service
ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

[Service]
EnvironmentFile=-/etc/default/ssh
ExecStartPre=/usr/sbin/sshd -t
ExecStart=/usr/sbin/sshd -D $SSHD_OPTS
ExecReload=/usr/sbin/sshd -t
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
RestartPreventExitStatus=255
Type=notify
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755

[Install]
WantedBy=multi-user.target
Alias=sshd.service
";
    const ROUNDS: usize = 2_000;
    for (name, text) in [("a real unit", REAL), ("a dense unit", UNIT), ("a dense conf", CONF)] {
        for (language, language_fn) in languages() {
            let mut parser = Parser::new();
            parser.set_language(&language_fn).expect("the ABI is supported");
            let mut nodes = 0;
            let start = Instant::now();
            for _ in 0..ROUNDS {
                let tree = parser.parse(text, None).expect("nothing cancels the parser");
                nodes += tree.root_node().descendant_count();
            }
            let seconds = start.elapsed().as_secs_f64();
            let bytes = (text.len() * ROUNDS) as f64;
            println!(
                "{name} as {language}: {:.0} MB/s, {:.2} µs and {:.0} bytes a node",
                bytes / seconds / 1e6,
                seconds * 1e6 / nodes as f64,
                bytes / nodes as f64,
            );
        }
    }
}

fn sound(text: &str, what: &str) {
    for (name, language) in languages() {
        let mut parser = Parser::new();
        parser.set_language(&language).expect("the ABI is supported");
        let start = Instant::now();
        let tree = parser.parse(text, None).expect("nothing cancels the parser");
        assert!(!tree.root_node().has_error(), "{name}: {what}");
        assert!(start.elapsed() < PATIENCE, "{name}: {what} took {:?}", start.elapsed());
    }
}
