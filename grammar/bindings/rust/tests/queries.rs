//! The folds and the injections: what the queries capture, in order.

use expect_test::{Expect, expect};
use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator};
use tree_sitter_svunit::{LANGUAGE_SUPERVISORD, LANGUAGE_SYSTEMD, supervisord, systemd};

#[test]
fn systemd_folds() {
    let unit = "[Unit]\nAfter=a \\\n  b\n[Service]\nExecStart=a \\\n  b\nEnvironment=A=b \\\n  C=d\n";
    check(
        LANGUAGE_SYSTEMD.into(),
        systemd::FOLDS_QUERY,
        unit,
        expect![[r#"
            fold "[Unit]\nAfter=a \\\n  b\n"
            fold "a \\\n  b"
            fold "[Service]\nExecStart=a \\\n  b\nEnvironment=A=b \\\n  C=d\n"
            fold "a \\\n  b"
            fold "A=b \\\n  C=d"
        "#]],
    );
}

#[test]
fn systemd_injections() {
    let unit = "; note\n[Service]\nExecStart=/bin/sh -c 'echo \"%i\"'\nExecStart=a \"b\"\n\
        ExecStop=@bash bash -ec \"exit 1\"\nExecStopPost=setsid sh -c 'a' -c 'b'\n";
    check(
        LANGUAGE_SYSTEMD.into(),
        systemd::INJECTIONS_QUERY,
        unit,
        expect![[r#"
            injection.content "; note"
            injection.content "echo \"%i\""
            injection.content "exit 1"
            injection.content "a"
        "#]],
    );
}

#[test]
fn supervisord_folds() {
    check(
        LANGUAGE_SUPERVISORD.into(),
        supervisord::FOLDS_QUERY,
        "[program:a]\nenvironment=\n  A=1,\n  B=2\n",
        expect![[r#"
            fold "[program:a]\nenvironment=\n  A=1,\n  B=2\n"
            fold "A=1,\n  B=2"
        "#]],
    );
}

#[test]
fn supervisord_injections() {
    check(
        LANGUAGE_SUPERVISORD.into(),
        supervisord::INJECTIONS_QUERY,
        "; one\n[program:a]\ncommand=a ; two\n",
        expect![[r#"
            injection.content "; one"
            injection.content "; two"
        "#]],
    );
}

fn check(language: Language, query: &str, text: &str, expected: Expect) {
    let query = Query::new(&language, query).expect("the query fits the language");
    let mut parser = Parser::new();
    parser.set_language(&language).expect("the ABI is supported");
    let tree = parser.parse(text, None).expect("nothing cancels the parser");
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut found = String::new();
    while let Some((matched, at)) = captures.next() {
        let capture = matched.captures()[*at];
        let name = query.capture_names()[capture.index as usize];
        if !name.starts_with('_') {
            found.push_str(&format!("{name} {:?}\n", &text[capture.node.byte_range()]));
        }
    }
    expected.assert_eq(&found);
}
