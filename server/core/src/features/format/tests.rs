use expect_test::{Expect, expect};

use super::*;
use crate::syntax::scan;
use crate::text::apply_all;

fn formatted(text: &str, options: &Options) -> String {
    apply_all(text, [&*format(&scan(text), options)]).text
}

/// Formats `text` with what `change` makes of the usual options, and again to
/// see that nothing is left to do.
fn check(text: &str, change: impl FnOnce(&mut Options), expect: Expect) {
    let mut options = Options::default();
    change(&mut options);
    let once = formatted(text, &options);
    assert_eq!(format(&scan(&once), &options), []);
    expect.assert_eq(&once);
}

/// The same, with each edit shown by what it replaces.
fn check_edits(text: &str, expect: Expect) {
    let edits = format(&scan(text), &Options::default());
    let show = |edit: &Edit| format!("{:?} {:?} -> {:?}\n", edit.span.range(), &text[edit.span], edit.text);
    expect.assert_eq(&edits.iter().map(show).collect::<String>());
}

const ROUGH: &str = "

# about it
  [Unit]  
Description = a  b  
; c  
After=
\tWants=b.service\t


   # on
Before= c.service
# the service

[Service]
Type = simple
# the end
[Install]
WantedBy=multi-user.target

";

#[test]
fn a_rough_file() {
    check(
        ROUGH,
        |_| {},
        expect![[r#"
        # about it
        [Unit]
        Description=a  b
        ; c  
        After=
        Wants=b.service

        # on
        Before=c.service
        # the service

        [Service]
        Type=simple

        # the end
        [Install]
        WantedBy=multi-user.target
    "#]],
    );
}

#[test]
fn edits_are_small() {
    check_edits(
        ROUGH,
        expect![[r#"
        0..2 "\n\n" -> ""
        13..15 "  " -> ""
        21..23 "  " -> ""
        35..38 " = " -> "="
        42..44 "  " -> ""
        58..59 "\t" -> ""
        74..75 "\t" -> ""
        77..78 "\n" -> ""
        78..81 "   " -> ""
        92..94 "= " -> "="
        133..136 " = " -> "="
        143..143 "" -> "\n"
        190..191 "\n" -> ""
    "#]],
    );
}

#[test]
fn blank_lines_are_counted() {
    let text = "[A]\n\n\n\nB=1\n\n\nC=1\n[D]\n# e\n\n# f\n[G]\n\n[H]\n";
    check(
        text,
        |options| options.max_blank_lines = 2,
        expect![[r#"
            [A]


            B=1


            C=1

            [D]
            # e

            # f
            [G]

            [H]
        "#]],
    );
    check(
        text,
        |options| (options.section_blank_lines, options.max_blank_lines) = (2, 0),
        expect![[r#"
            [A]
            B=1
            C=1


            [D]
            # e


            # f
            [G]


            [H]
        "#]],
    );
    check(
        text,
        |options| options.section_blank_lines = 0,
        expect![[r#"
            [A]

            B=1

            C=1
            [D]
            # e

            # f
            [G]
            [H]
        "#]],
    );
}

#[test]
fn comments_stay_with_what_they_are_about() {
    check(
        "[A]\nB=1\n# svlsp: ignore[unknown-section]\n#C=1\n[D]\nE=1\n#F=1\n[G]\nH=1\n# for I\n[I]\n",
        |_| {},
        expect![[r#"
            [A]
            B=1

            # svlsp: ignore[unknown-section]
            #C=1
            [D]
            E=1
            #F=1

            [G]
            H=1

            # for I
            [I]
        "#]],
    );
    check(
        "# license\n\n# svlsp: ignore[unknown-section]\n\n\n[A]\n# b\n\nB=1\n",
        |options| (options.section_blank_lines, options.max_blank_lines) = (0, 0),
        expect![[r#"
            # license

            # svlsp: ignore[unknown-section]

            [A]
            # b

            B=1
        "#]],
    );
}

const CONTINUED: &str = "\
[Service]
ExecStart = /bin/a  \\
 -b 'c \\
  d' \\
\t# why
\\
      -e
Environment=\\
A=1 \\
  B=2
[Unit]
Description = one \\
  two
Foo=\\
  bar \\
  baz
";

#[test]
fn values_stay_as_they_are() {
    check(
        CONTINUED,
        |_| {},
        expect![[r#"
        [Service]
        ExecStart=/bin/a  \
         -b 'c \
          d' \
        	# why
        \
              -e
        Environment=\
        A=1 \
          B=2

        [Unit]
        Description=one \
          two
        Foo=\
          bar \
          baz
    "#]],
    );
}

#[test]
fn what_only_separates_words_is_indented() {
    check(
        CONTINUED,
        |options| options.indent = Indent::Spaces(8),
        expect![[r#"
            [Service]
            ExecStart=/bin/a  \
                    -b 'c \
              d' \
                    # why
                    \
                    -e
            Environment=\
                    A=1 \
                    B=2

            [Unit]
            Description=one \
              two
            Foo=\
              bar \
              baz
        "#]],
    );
    check(
        CONTINUED,
        |options| options.indent = Indent::Align,
        expect![[r#"
            [Service]
            ExecStart=/bin/a  \
                      -b 'c \
              d' \
                      # why
                      \
                      -e
            Environment=\
                        A=1 \
                        B=2

            [Unit]
            Description=one \
              two
            Foo=\
              bar \
              baz
        "#]],
    );
}

#[test]
fn blanks_that_may_count_stay() {
    // Here systemd before 258 takes each blank for a separator of its own.
    let text = "[Service]\nBindPaths=/a:/b \\\n /c\nSyslogIdentifier=a \\\n b\n";
    assert_eq!(formatted(text, &Options { indent: Indent::Spaces(4), ..Options::default() }), text);
}

#[test]
fn a_byte_order_mark_stays_where_it_is() {
    // At the start of a line it goes away, elsewhere it is part of the value.
    let text = "[Unit]\nAfter=a.service \\\n\u{feff}b.service \\\n\u{feff}c.service\n";
    assert_eq!(formatted(text, &Options { indent: Indent::Spaces(4), ..Options::default() }), text);
}

#[test]
fn equals_are_aligned() {
    let text = "[Unit]\nDescription=a\n# b\nAfter=\nWants = \\\n c\n\nA=1\n[Service]\nType =simple\n";
    check(
        text,
        |options| options.equals = Equals::Aligned,
        expect![[r#"
        [Unit]
        Description = a
        # b
        After       =
        Wants       = \
         c

        A = 1

        [Service]
        Type = simple
    "#]],
    );
    check(
        text,
        |options| (options.equals, options.indent, options.max_blank_lines) = (Equals::Aligned, Indent::Align, 0),
        expect![[r#"
            [Unit]
            Description = a
            # b
            After       =
            Wants       = \
                          c
            A           = 1

            [Service]
            Type = simple
        "#]],
    );
}

#[test]
fn backslashes_keep_their_blanks() {
    let text = "[Unit]\nA=1 \\  \nB=2\\\\  \nC=3 \\\n   \nD=4 \\\n";
    check(
        text,
        |_| {},
        expect![[r#"
        [Unit]
        A=1 \  
        B=2\\
        C=3 \

        D=4 \
    "#]],
    );
    check(
        "[A]\nB=1 \\",
        |_| {},
        expect![[r#"
        [A]
        B=1 \
    "#]],
    );
    check(
        "[A]\nB=1 \\\n  ",
        |_| {},
        expect![[r#"
        [A]
        B=1 \

    "#]],
    );
}

#[test]
fn a_swallowed_line_stays_visible() {
    let text = "[Service]\n  ExecStart=/bin/a \\\n  Restart=no\nExecStop = /bin/a \\\n[Install]\n";
    check(
        text,
        |options| options.indent = Indent::Spaces(4),
        expect![[r#"
        [Service]
          ExecStart=/bin/a \
          Restart=no
        ExecStop = /bin/a \
        [Install]
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let text = "  a = b\n[Unit\n  C = d  \n  e  \n  = f  \n[G\"]  \n \u{feff}H = 1\n I = \u{fdd0}  \n  # j\n";
    check(
        text,
        |_| {},
        expect![[r#"
          a = b
        [Unit
        C=d
          e  
          = f  
        [G"]  
         ﻿H = 1
         I = ﷐  
        # j
    "#]],
    );
}

#[test]
fn line_ends_stay() {
    let text = "\u{feff}[A]\r\n\r\n\r\n\r\nB = 1 \r\n[C]\r\nD=1";
    assert_eq!(formatted(text, &Options::default()), "\u{feff}[A]\r\n\r\nB=1\r\n\r\n[C]\r\nD=1\r\n");
    // These line ends count once where they stand together.
    let text = "[A]\nB=1 \\\n  \rC=2\0D = 3\r[E]\n  \r";
    assert_eq!(formatted(text, &Options::default()), "[A]\nB=1 \\\n  \rC=2\0D=3\r\r[E]\n");
    assert_eq!(formatted("[A]\nB=1\0[C]\0D=1", &Options::default()), "[A]\nB=1\0[C]\0D=1\n");
}

#[test]
fn nothing_and_blank_lines_are_not_the_same() {
    for text in ["", "\n", " \n\n", "\t"] {
        assert_eq!(formatted(text, &Options::default()), text);
    }
}

#[test]
fn no_line_becomes_too_long() {
    let of = |lines| format!("[Service]\nEnvironment=\\\n{}A=1\n", " A=1 \\\n".repeat(lines));
    let options = Options { indent: Indent::Spaces(16), ..Options::default() };
    assert_ne!(formatted(&of(40_000), &options), of(40_000));
    assert_eq!(formatted(&of(100_000), &options), of(100_000));
    let long = "a".repeat(crate::syntax::MAX_LINE);
    let text = format!("[A]\nB = 1\n  C = {long}  \n\n\n D = 1");
    assert_eq!(formatted(&text, &options), text.replacen("B = 1", "B=1", 1));
}

#[test]
fn a_range_is_its_lines() {
    let text = "[A]\nB = 1\nC = 2\n\n\n\nD = 3\n[E]\nF = 4";
    let of = |part: &str| {
        let start = text.find(part).unwrap();
        let edits = format_range(&scan(text), &Options::default(), Span::new(start, start + part.len()));
        apply_all(text, [&*edits]).text
    };
    assert_eq!(of("B = 1\n"), text.replace("B = 1", "B=1"));
    assert_eq!(of("B = 1\nC"), text.replace("B = 1\nC = 2", "B=1\nC=2"));
    assert_eq!(of("2\n\n\n\nD"), text.replace("C = 2\n\n\n\nD = 3", "C=2\n\nD=3"));
    assert_eq!(of("2\n\n\n"), text.replace("C = 2", "C=2"));
    assert_eq!(of("D = 3\n"), text.replace("D = 3", "D=3"));
    assert_eq!(of("[E]"), text.replace("[E]", "\n[E]"));
    assert_eq!(of("4"), text.replace("F = 4", "F=4\n"));
}

/// A line end has been typed in front of `$0`.
fn enter(text: &str, indent: Indent, expect: Expect) {
    let offset = text.find("$0").unwrap();
    let text = text.replacen("$0", "", 1);
    let edits = format_after_newline(&scan(&text), &Options { indent, ..Options::default() }, offset as u32);
    expect.assert_eq(&apply_all(&text, [&*edits]).text.replace(' ', "·"));
}

#[test]
fn enter_indents_what_continues_a_value() {
    let text = "[Service]\nExecStart=/bin/a \\\n$0\nUser=a\n";
    enter(
        text,
        Indent::Keep,
        expect![[r#"
        [Service]
        ExecStart=/bin/a·\
        ····
        User=a
    "#]],
    );
    enter(
        text,
        Indent::Spaces(2),
        expect![[r#"
        [Service]
        ExecStart=/bin/a·\
        ··
        User=a
    "#]],
    );
    enter(
        text,
        Indent::Align,
        expect![[r#"
        [Service]
        ExecStart=/bin/a·\
        ··········
        User=a
    "#]],
    );
    enter(
        "[Service]\nExecStart=/bin/a \\\n# b\n$0-b",
        Indent::Keep,
        expect![[r#"
        [Service]
        ExecStart=/bin/a·\
        #·b
        ····-b"#]],
    );
    enter(
        "[Service]\nExecStart=/bin/a \\\n  -b \\\n$0",
        Indent::Keep,
        expect![[r#"
        [Service]
        ExecStart=/bin/a·\
        ··-b·\
        ··"#]],
    );
    enter(
        "[Foo]\nBar=\\\n$0",
        Indent::Keep,
        expect![[r#"
        [Foo]
        Bar=\
        ····"#]],
    );
}

#[test]
fn enter_leaves_values_alone() {
    enter(
        "[Service]\nExecStart=/bin/sh -c 'a \\\n$0",
        Indent::Keep,
        expect![[r#"
        [Service]
        ExecStart=/bin/sh·-c·'a·\
    "#]],
    );
    enter(
        "[Service]\nExecStart=/bin/sh -c 'a \\\n$0b' c",
        Indent::Keep,
        expect![[r#"
        [Service]
        ExecStart=/bin/sh·-c·'a·\
        b'·c"#]],
    );
    enter(
        "[Unit]\nDescription=a \\\n$0",
        Indent::Keep,
        expect![[r#"
        [Unit]
        Description=a·\
    "#]],
    );
    enter(
        "[Unit]\nAfter=a.service \\\n$0\u{feff}b.service",
        Indent::Keep,
        expect![[r#"
        [Unit]
        After=a.service·\
        ﻿b.service"#]],
    );
    enter(
        "[Unit]\n# a \\\n$0",
        Indent::Keep,
        expect![[r#"
        [Unit]
        #·a·\
    "#]],
    );
    enter(
        "[Unit]\nWhat is this \\\n$0",
        Indent::Keep,
        expect![[r#"
        [Unit]
        What·is·this·\
    "#]],
    );
}

#[test]
fn enter_ends_an_indentation() {
    enter(
        "[Service]\nExecStart=/bin/a \\\n  -b\n  $0",
        Indent::Keep,
        expect![[r#"
        [Service]
        ExecStart=/bin/a·\
        ··-b
    "#]],
    );
    enter(
        "[Service]\n  User=a\n  $0Group=a\n",
        Indent::Keep,
        expect![[r#"
        [Service]
        ··User=a
        Group=a
    "#]],
    );
    enter(
        "[Service]\n  User=a$0\n  Group=a\n",
        Indent::Keep,
        expect![[r#"
        [Service]
        ··User=a
        ··Group=a
    "#]],
    );
    enter("$0", Indent::Keep, expect![[""]]);
}
