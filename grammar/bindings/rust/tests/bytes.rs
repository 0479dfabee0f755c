//! Bytes that a text file of `test/corpus` can't hold: line ends, byte order marks, invalid UTF-8.

use expect_test::{Expect, expect};
use tree_sitter::{Node, Parser};

use crate::languages;

#[test]
fn every_line_end_of_systemd() {
    check(
        "systemd",
        b"[Unit]\r\nA=1 \\\r\n 2\rB=3\n\rC=4 \\\n\r 5\0D=6\r\0\n[X]",
        expect![[r#"
            section_name "Unit"
            key "A"
            value "1 \\\r\n 2"
            key "B"
            value "3"
            key "C"
            value "4 \\\n\r 5"
            key "D"
            value "6"
            section_name "X"
        "#]],
    );
}

#[test]
fn every_line_end_of_python() {
    check(
        "supervisord",
        b"[a]\r\nb=1\r\n 2\rc=3\x004\n\rd=5",
        expect![[r#"
            section_name "a"
            key "b"
            value "1\r\n 2"
            key "c"
            value "3\04"
            key "d"
            value "5"
        "#]],
    );
}

#[test]
fn byte_order_mark() {
    for (name, _) in languages() {
        check(
            name,
            b"\xef\xbb\xbf[Unit]\nA=\xef\xbb\xbfb",
            expect![[r#"
                section_name "Unit"
                key "A"
                value "\u{feff}b"
            "#]],
        );
    }
}

#[test]
fn invalid_utf8() {
    for (name, _) in languages() {
        check(
            name,
            b"[\xff]\n\xc3=\x80 \xf0\x9f\n# \xfe",
            expect![[r#"
                section_name "�"
                key "�"
                value "� �"
            "#]],
        );
    }
}

/// Compares the names of sections, the keys and the values of `bytes`.
fn check(name: &str, bytes: &[u8], expected: Expect) {
    let (_, language) = languages().into_iter().find(|(known, _)| *known == name).expect("a known language");
    let mut parser = Parser::new();
    parser.set_language(&language).expect("the ABI is supported");
    let tree = parser.parse(bytes, None).expect("nothing cancels the parser");
    assert!(!tree.root_node().has_error());
    let mut found = String::new();
    collect(tree.root_node(), bytes, &mut found);
    expected.assert_eq(&found);
}

fn collect(node: Node, bytes: &[u8], found: &mut String) {
    if matches!(node.kind(), "section_name" | "key" | "value") {
        found.push_str(&format!("{} {:?}\n", node.kind(), String::from_utf8_lossy(&bytes[node.byte_range()])));
        return;
    }
    for child in node.children(&mut node.walk()) {
        collect(child, bytes, found);
    }
}
