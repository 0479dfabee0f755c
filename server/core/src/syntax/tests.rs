//! What the scanner reads, each case compared once with what
//! `systemd-analyze verify` of systemd 252 says about the same bytes.

use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{File, MAX_LINE, ProblemKind, scan, scan_decoded};
use crate::text::{Span, decode};

fn check(bytes: impl AsRef<[u8]>, expect: Expect) {
    let decoded = decode(bytes.as_ref());
    expect.assert_eq(&dump(&scan_decoded(&decoded)));
}

fn dump(file: &File) -> String {
    let mut out = String::new();
    for section in &file.sections {
        writeln!(out, "[{}]", section.name.escape_debug()).unwrap();
        for directive in file.directives_of(section) {
            let (key, value) = (directive.key.escape_debug(), directive.value.text().escape_debug());
            writeln!(out, "{key} = {value}").unwrap();
        }
    }
    for comment in &file.comments {
        writeln!(out, "comment {}", file.text[*comment].escape_debug()).unwrap();
    }
    for problem in &file.problems {
        writeln!(out, "{:?} {}", problem.kind, file.text[problem.span].escape_debug()).unwrap();
    }
    out
}

#[test]
fn blanks_around_names_and_values_go() {
    check(
        "[Unit]\n  A = b c\t\n\tB\t=\n C==d=\n",
        expect![[r#"
            [Unit]
            A = b c
            B = 
            C = =d=
        "#]],
    );
}

#[test]
fn only_four_characters_are_blank() {
    check(
        "[Unit]\n\u{b}A=b\n\u{c}\n\u{a0}B=c\u{a0}\n",
        expect![[r#"
            [Unit]
            \u{b}A = b
            \u{a0}B = c\u{a0}
            MissingEquals \u{c}
        "#]],
    );
}

#[test]
fn the_same_section_may_come_again() {
    check(
        "[Unit]\nA=1\n[Service]\nB=2\n[Unit]\nC=3\n",
        expect![[r#"
            [Unit]
            A = 1
            [Service]
            B = 2
            [Unit]
            C = 3
        "#]],
    );
}

#[test]
fn a_byte_order_mark_goes_once_and_from_any_line() {
    check(
        "\u{feff}[Unit]\nA=b",
        expect![[r#"
        [Unit]
        A = b
    "#]],
    );
    check(
        "# c\n[Unit]\n\u{feff}A=b\n\u{feff}C=d",
        expect![[r#"
        [Unit]
        A = b
        \u{feff}C = d
        comment # c
    "#]],
    );
}

#[test]
fn a_comment_behind_a_byte_order_mark_is_none() {
    check(
        "\u{feff}# c\n[Unit]\n",
        expect![[r##"
        [Unit]
        OutsideSection # c
    "##]],
    );
}

#[test]
fn lines_end_in_several_ways() {
    check(
        "[Unit]\rA=1\r\nB=2\n\rC=3\0D=4\n",
        expect![[r#"
        [Unit]
        A = 1
        B = 2
        C = 3
        D = 4
    "#]],
    );
}

#[test]
fn a_continuation_goes_over_any_line_end_but_not_over_a_blank_line() {
    check(
        "[Unit]\nA=1\\\r\n  2\\\n\r3\nB=4\\\n\nC=5\nD=6\\\0\nE=7\n",
        expect![[r#"
        [Unit]
        A = 1   2 3
        B = 4
        C = 5
        D = 6
        E = 7
    "#]],
    );
}

#[test]
fn comments_stand_inside_continuations_and_never_continue() {
    check(
        "[Unit]\nA=1 \\\n# x \\\n  ; y\n  2\n# z \\\nB=3\n",
        expect![[r##"
        [Unit]
        A = 1    2
        B = 3
        comment # x \\
        comment ; y
        comment # z \\
    "##]],
    );
}

#[test]
fn only_an_odd_backslash_at_the_very_end_continues() {
    check(
        "[Unit]\nA=1\\ \nB=2\\\\\nC=3\\\\\\\n4\n",
        expect![[r#"
        [Unit]
        A = 1\\
        B = 2\\\\
        C = 3\\\\ 4
    "#]],
    );
}

#[test]
fn whatever_follows_a_backslash_continues() {
    check(
        "[Unit]\nA=1\\\n[Service]\\\nB=2\nC=3\n",
        expect![[r#"
        [Unit]
        A = 1 [Service] B=2
        C = 3
    "#]],
    );
}

#[test]
fn the_end_of_the_file_ends_a_continuation() {
    check(
        "[Unit]\nA=b \\",
        expect![[r#"
        [Unit]
        A = b
        DanglingBackslash \\
    "#]],
    );
    check(
        "[Unit]\nA=b \\\n# c\n",
        expect![[r##"
        [Unit]
        A = b
        comment # c
        DanglingBackslash \\
    "##]],
    );
    check(
        "[Unit]\\",
        expect![[r#"
        [Unit]
        DanglingBackslash \\
    "#]],
    );
}

#[test]
fn keys_are_what_stands_before_the_first_equals_sign() {
    check(
        "[Unit]\nA B = c\n=d\ne\n",
        expect![[r#"
        [Unit]
        A B = c
        MissingKey =d
        MissingEquals e
    "#]],
    );
}

#[test]
fn nothing_is_read_before_the_first_section() {
    check(
        "A=b\nc\n; d\n[Unit]\n",
        expect![[r#"
        [Unit]
        comment ; d
        OutsideSection A=b
        OutsideSection c
    "#]],
    );
}

#[test]
fn a_header_ends_in_a_bracket() {
    check(
        "[Unit] # a\n[Unit] # b]\n[Service\n[ Unit ]\n[]\n[[Unit]]\n",
        expect![[r##"
        [Unit]
        [Unit] # b]
        [Service]
        [ Unit ]
        []
        [[Unit]]
        UnclosedHeader [Unit] # a
        UnclosedHeader [Service
    "##]],
    );
}

#[test]
fn some_characters_spoil_a_header() {
    check(
        "[Un\\it]\n[X-\"a]\n[X-'a]\n[X-\u{7f}]\n[X-\t]\n",
        expect![[r#"
        [Un\\it]
        [X-\"a]
        [X-\'a]
        [X-\u{7f}]
        [X-\t]
        UnsafeHeader Un\\it
        UnsafeHeader X-\"a
        UnsafeHeader X-\'a
        UnsafeHeader X-\u{7f}
        UnsafeHeader X-\t
    "#]],
    );
}

#[test]
fn text_is_utf8_without_noncharacters_and_comments_may_be_anything() {
    check(
        b"# \xff\n[Unit]\nA=\xc3(\nB\xff=1\n".as_slice(),
        expect![[r##"
        [Unit]
        A = ?(
        B? = 1
        comment # ?
        InvalidText ?
        InvalidText ?
    "##]],
    );
    check(
        "# \u{fffe}\n[Unit]\nA=\u{fffd}\u{fdd0}\u{1ffff}",
        expect![[r#"
            [Unit]
            A = �\u{fdd0}\u{1ffff}
            comment # \u{fffe}
            InvalidText \u{fdd0}
            InvalidText \u{1ffff}
        "#]],
    );
}

#[test]
fn empty_files_are_empty() {
    check("", expect![""]);
    check("\u{feff}", expect![""]);
    check("\n\n \n", expect![""]);
}

#[test]
fn lines_are_shorter_than_a_mebibyte() {
    let fits = |text: String| scan(&text).problems.is_empty();
    for (key, end) in [("A=", ""), ("A=", "\n"), ("#", "\n"), ("", "\n"), ("\u{feff}A=", "\n")] {
        let padding = MAX_LINE - key.len();
        assert!(fits(format!("[Unit]\n{key}{}{end}", " ".repeat(padding - 1))), "{key:?} {end:?}");
        assert!(!fits(format!("[Unit]\n{key}{}{end}", " ".repeat(padding))), "{key:?} {end:?}");
    }
}

#[test]
fn joined_lines_may_have_a_mebibyte() {
    let fits = |length: usize| {
        let half = MAX_LINE / 2;
        let text = format!("[Unit]\nA={}\\\n{}\n", "a".repeat(half - 3), "b".repeat(length - half));
        scan(&text).problems.is_empty()
    };
    assert!(fits(MAX_LINE));
    assert!(!fits(MAX_LINE + 1));
}

#[test]
fn a_value_may_go_over_ten_thousand_lines() {
    let text = format!("[Unit]\nA={}z\nB=1\n", "x \\\n".repeat(10_000));
    let file = scan(&text);
    assert_eq!(file.directives.len(), 2);
    let value = &file.directives[0].value;
    let last = Span::new(value.text().len() - 1, value.text().len());
    assert_eq!(&text[value.source(last).range()], "z");
}

#[test]
fn parts_of_a_joined_value_know_their_place() {
    let text = "[Unit]\nA = one \\\n# no\n  two\\\n three\n";
    let file = scan(text);
    let value = &file.directives[0].value;
    assert!(value.is_continued());
    for word in ["one", "two", "three"] {
        let at = value.text().find(word).unwrap();
        assert_eq!(&text[value.source(Span::new(at, at + word.len()))], word);
    }
    assert_eq!(&text[value.span()], "one \\\n# no\n  two\\\n three");
}

/// Text made of what matters to the scanner.
fn unit_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("["),
        Just("]"),
        Just("="),
        Just("\\"),
        Just("\n"),
        Just("\r"),
        Just("\0"),
        Just(" "),
        Just("\t"),
        Just("#"),
        Just(";"),
        Just("Unit"),
        Just("A"),
        Just("\\\n"),
        Just("[Unit]\n"),
        Just("A=b"),
        Just("ü"),
        Just("\u{feff}"),
        Just("\u{fffe}"),
        Just("'"),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let file = scan(text);
    let inside = |span: Span| text.get(span.range()).is_some();
    let mut end = 0;
    for section in &file.sections {
        prop_assert!(inside(section.header) && inside(section.name_span));
        prop_assert!(section.header.start >= end, "sections in order");
        end = section.header.end;
        for directive in file.directives_of(section) {
            prop_assert!(inside(directive.span) && inside(directive.key_span) && inside(directive.value.span()));
            prop_assert!(directive.span.start >= end, "directives in order");
            prop_assert_eq!(directive.span.start, directive.key_span.start);
            prop_assert!(directive.key_span.end < directive.value.span().end.max(directive.span.end));
            end = directive.span.end;
            let value = &directive.value;
            prop_assert_eq!(value.source(Span::new(0, value.text().len())), value.span());
            if !value.is_continued() {
                prop_assert_eq!(value.text(), &text[value.span()]);
            }
            for (at, c) in value.text().char_indices() {
                let source = value.source(Span::new(at, at + c.len_utf8()));
                prop_assert!(text[source].starts_with(c) || (c == ' ' && text[source].starts_with('\\')));
            }
        }
    }
    let all: usize = file.sections.iter().map(|section| section.directives.len()).sum();
    prop_assert_eq!(all, file.directives.len());
    prop_assert!(file.comments.windows(2).all(|pair| pair[0].end <= pair[1].start));
    prop_assert!(file.comments.iter().all(|span| text[*span].starts_with(['#', ';'])));
    prop_assert!(file.problems.iter().all(|problem| inside(problem.span)));
    let dangling = file.problems.iter().filter(|problem| problem.kind == ProblemKind::DanglingBackslash);
    prop_assert!(dangling.count() <= 1);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn any_unit_like_text_is_read(text in unit_like()) {
        holds(&text)?;
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let decoded = decode(&bytes);
        prop_assert_eq!(decoded.text.len(), bytes.len());
        holds(&decoded.text)?;
        scan_decoded(&decoded);
    }
}
