//! What holds for every rule.

use proptest::prelude::*;

use super::{ALL, Selection, Target, check_config, check_file};
use crate::diagnostic::Diagnostic;
use crate::schema::{FileKind, Manager, UnitKind, Version};
use crate::syntax::{scan_decoded, supervisord};
use crate::text::{Span, decode};
use crate::units::UnitName;
use crate::units::supervisord::{Around, Config};

#[test]
fn names_are_sorted_and_kebab_case() {
    assert!(ALL.is_sorted_by_key(|rule| rule.name));
    for rule in ALL {
        let kebab = rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(kebab, "{}", rule.name);
    }
}

#[test]
fn documentation_is_text() {
    for rule in ALL {
        assert!(!rule.doc.is_empty() && rule.doc.trim() == rule.doc, "{}", rule.name);
        assert!(
            rule.doc.lines().next().is_some_and(|line| line.ends_with('.')),
            "{}: begins with a sentence",
            rule.name
        );
        assert_eq!(rule.doc.matches("```").count() % 2, 0, "{}: closes its examples", rule.name);
    }
}

/// Text made of what the rules for supervisord.conf look for.
fn configuration_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces: &[&str] = &[
        "\n",
        "\n",
        "\n",
        "\n ",
        "\n\t",
        " ",
        " ;",
        " #",
        ";",
        "#",
        "=",
        ":",
        "\\",
        "\\\n ",
        "\r\n",
        "\0",
        "\u{a0}",
        "ü",
        "“",
        "\u{feff}",
        "\"",
        "'",
        "%",
        "%%",
        "%(here)s",
        "%(program_name)s",
        "%(process_num)02d",
        "%(ENV_A)s",
        "%(x",
        "$A",
        "${B}",
        "~/",
        "&&",
        "&",
        "|",
        "> /x",
        "`a`",
        "*",
        "{a,b}",
        "cd ",
        "source ",
        "sh -c ",
        "./run",
        "/bin/a ",
        "nginx",
        "--daemonize yes",
        ",",
        ",,",
        "A=\"b\"",
        "[supervisord]\n",
        "[program:a]\n",
        "[program:b",
        "[program:a b]\n",
        "[group:a]\n",
        "[fcgi-program:a]\n",
        "[eventlistener:a]\n",
        "[include]\n",
        "[inet_http_server]\n",
        "[unix_http_server:x]\n",
        "[supervisorctl]\n",
        "[rpcinterface:a]\n",
        "[Program:a] x\n",
        "[DEFAULT]\n",
        "command=",
        "environment=",
        "stdout_logfile=",
        "stderr_logfile=/a\n",
        "stdout_logfile=/a\n",
        "stdout_logfile_maxbytes=0\n",
        "numprocs=2\n",
        "process_name=",
        "programs=a,b",
        "programs=",
        "port=*:1\n",
        "file=/a\n",
        "serverurl=unix:///b\n",
        "chmod=0777\n",
        "username=a\n",
        "password=b\n",
        "user=a\n",
        "directory=/srv\n",
        "stopasgroup=true\n",
        "killasgroup=false\n",
        "redirect_stderr=true\n",
        "autostrat=1\n",
        "socket=tcp://a:1\n",
        "socket_mode=0700\n",
        "exitcodes=",
        "# svlsp: ignore[a]\n",
    ];
    let bytes: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).chain([&b"\xff"[..]]).collect();
    prop::collection::vec(prop::sample::select(bytes), 0..40).prop_map(|pieces| pieces.concat())
}

/// Text made of what the rules look for.
fn unit_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces: &[&[u8]] = &[
        b"\n",
        b"\n",
        b"\n",
        b" ",
        b"=",
        b"\\\n",
        b"\\ \n",
        b"\r\n",
        b"\0",
        b"\xff",
        "\u{feff}".as_bytes(),
        "\u{a0}".as_bytes(),
        "ü".as_bytes(),
        "“".as_bytes(),
        "\u{fffe}".as_bytes(),
        b"[Unit]\n",
        b"[Service]\n",
        b"[Install]\n",
        b"[X-Mine]\n",
        b"[Service",
        b"[Sevrice]\n",
        b"[Socket] # a",
        b"Description=",
        b"After=",
        b"ConditionArchitecture=",
        b"ConditionSecurity=!",
        b"|",
        b"!",
        b"=>",
        b"amd64",
        b"ExecStart=",
        b"ExecStrat=",
        b"WantedBy=",
        b"Restart=",
        b"Restart=no\n",
        b"Restart=always\n",
        b"MemoryLimit=1G\n",
        b"StartLimitInterval=1\n",
        b"BindTo=a.service\n",
        b"Environment=",
        b"PATH=$PATH",
        b"${A}",
        b"~/",
        b"date +%Y",
        b"printf '%s'",
        b"%i",
        b"%",
        b"/bin/a",
        b"\"",
        b"'",
        b"> /x",
        b"2>&1",
        b"&&",
        b"`a`",
        b"$(b)",
        b"/*",
        b"rm ",
        b"cd ",
        b"; ",
        b"# c",
        b"A=b ",
        b"#",
        b";",
    ];
    let piece = prop::sample::select(pieces.to_vec());
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn holds(bytes: &[u8], name: &str) -> Result<(), TestCaseError> {
    let decoded = decode(bytes);
    let text = &*decoded.text;
    let file = scan_decoded(&decoded);
    let unit = UnitName::parse(name);
    let target = Target { version: Version(252), manager: Manager::System };
    let kind = FileKind::Unit(UnitKind::Service);
    lie_in(text, &check_file(&file, kind, unit.as_ref(), false, target, &Selection::of(|_| true)))
}

/// The same for supervisord.conf, the whole of a configuration.
fn holds_in_supervisord(bytes: &[u8]) -> Result<(), TestCaseError> {
    let decoded = decode(bytes);
    let files = [supervisord::scan_decoded(&decoded)];
    let target = Target { version: Version(252), manager: Manager::System };
    let (all, kind) = (Selection::of(|_| true), FileKind::Supervisord);
    lie_in(&decoded.text, &check_file(&files[0], kind, None, false, target, &all))?;
    let config = Config::new(&files, &Around::default());
    lie_in(&decoded.text, &check_config(&config, true, target, &all))
}

fn lie_in(text: &str, findings: &[Diagnostic]) -> Result<(), TestCaseError> {
    for finding in findings {
        let inside = |span: Span| span.start <= span.end && text.get(span.range()).is_some();
        prop_assert!(inside(finding.span), "{finding:?}");
        prop_assert!(finding.related.iter().all(|related| inside(related.span)), "{finding:?}");
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            prop_assert!(inside(edit.span), "{finding:?}");
        }
        prop_assert!(!finding.message.contains(char::is_control), "{finding:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn findings_lie_in_the_text(bytes in unit_like()) {
        holds(&bytes, "a.service")?;
        holds(&bytes, "a@.service")?;
    }

    #[test]
    fn findings_lie_in_supervisords_text(bytes in configuration_like()) {
        holds_in_supervisord(&bytes)?;
    }

    #[test]
    fn any_bytes_are_checked(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds(&[b"[Service]\nExecStart=", &*bytes].concat(), "a.service")?;
        holds_in_supervisord(&[b"[program:a]\ncommand=", &*bytes].concat())?;
    }
}
