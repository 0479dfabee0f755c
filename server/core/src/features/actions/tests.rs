use expect_test::{Expect, expect};

use super::super::testing::{Open, cursor};
use super::*;
use crate::syntax::scan;
use crate::text::apply_all;
use crate::values::words::{Style, Words};

/// Every refactoring at the cursor, and what comes of it.
fn check(path: &str, text: &str, expect: Expect) {
    let (text, at) = cursor(text);
    let mut out = String::new();
    Open::new(path, &text).with(|document| {
        for Action { title, edits } in refactorings(document, Span { start: at, end: at }) {
            let after = apply_all(&text, [&*edits]).text;
            out.push_str(&format!("-- {title}\n{after}"));
        }
    });
    expect.assert_eq(&out);
}

fn ignored(text: &str, rule: &str, expect: Expect) {
    let (text, at) = cursor(text);
    let edit = ignore(&scan(&text), rule, Span { start: at, end: at });
    let after = edit.map(|edit| apply_all(&text, [std::slice::from_ref(&edit)]).text);
    // A carriage return can't be seen, and gets lost in an expectation.
    expect.assert_eq(&after.unwrap_or_else(|| "nothing".to_owned()).replace('\r', "␍"));
}

fn overridden(path: &str, text: &str, expect: Expect) {
    let (text, at) = cursor(text);
    let found = Open::new(path, &text).with(|document| drop_in(document, at));
    expect.assert_eq(
        &found.map_or("nothing".to_owned(), |DropIn { title, path, text }| format!("{title} {path}\n{text}")),
    );
}

const INSTALL: &str = "[Install]\nWantedBy=multi-user.target\n";

#[test]
fn a_comment_goes_above_the_whole_line() {
    ignored(
        "[Service]\n  Ni$0ce=99\n",
        "invalid-value",
        expect![[r#"
        [Service]
          # svlsp: ignore[invalid-value]
          Nice=99
    "#]],
    );
    ignored(
        "[Service]\r\nExecStart=a \\\r\n# c\r\n $0b\r\n",
        "shell-syntax",
        expect![[r#"
            [Service]␍
            # svlsp: ignore[shell-syntax]␍
            ExecStart=a \␍
            # c␍
             b␍
        "#]],
    );
    ignored(
        "$0[Servic]\n",
        "unknown-section",
        expect![[r#"
        # svlsp: ignore[unknown-section]
        [Servic]
    "#]],
    );
    ignored(
        "[Service]\nfo$0o \\\n bar\nNice=1\n",
        "missing-equals",
        expect![[r#"
        [Service]
        # svlsp: ignore[missing-equals]
        foo \
         bar
        Nice=1
    "#]],
    );
}

#[test]
fn a_comment_that_is_there_is_extended() {
    ignored(
        "[Service]\n# svlsp: ignore[no-effect] why\nNi$0ce=99\n",
        "invalid-value",
        expect![[r#"
        [Service]
        # svlsp: ignore[no-effect, invalid-value] why
        Nice=99
    "#]],
    );
    ignored(
        "# svlsp: ignore-file[no-effect]\n[Ser$0vic]\n",
        "unknown-section",
        expect![[r#"
        # svlsp: ignore-file[no-effect]
        # svlsp: ignore[unknown-section]
        [Servic]
    "#]],
    );
}

#[test]
fn a_comment_for_another_line_is_left_alone() {
    let text = "[Service]\n# svlsp: ignore[no-effect]\nUser=a\nNi$0ce=99\n";
    ignored(
        text,
        "invalid-value",
        expect![[r#"
        [Service]
        # svlsp: ignore[no-effect]
        User=a
        # svlsp: ignore[invalid-value]
        Nice=99
    "#]],
    );
}

#[test]
fn what_comments_do_not_silence() {
    ignored("[Service]\nfoo \\\n b$0ar\nNice=1\n", "missing-equals", expect![["nothing"]]);
    ignored("[Service]\n# svlsp: ignore[no-e$0ffect]\nNice=1\n", "no-such-rule", expect![["nothing"]]);
}

#[test]
fn a_command_is_wrapped() {
    check(
        "a.service",
        &format!("[Service]\nExecStart=-/bin/ec$0ho 'a b' c>d\n{INSTALL}"),
        expect![[r#"
        -- Run it by /bin/sh -c
        [Service]
        ExecStart=-/bin/sh -c 'exec /bin/echo "a b" "c>d"'
        [Install]
        WantedBy=multi-user.target
    "#]],
    );
    check("a.service", &format!("[Service]\nExecStart=/bin/echo $FOO$0\n{INSTALL}"), expect![[""]]);
    check("a.service", &format!("[Service]\nExecStart=/bin/sh -c 'a$0'\n{INSTALL}"), expect![[""]]);
    check(
        "a.service",
        &format!("[Service]\nExecStart=/bin/a ; /bin/b$0 c\n{INSTALL}"),
        expect![[r#"
        -- Run it by /bin/sh -c
        [Service]
        ExecStart=/bin/a ; /bin/sh -c 'exec /bin/b c'
        [Install]
        WantedBy=multi-user.target
    "#]],
    );
}

const LONG: &str = "ExecStart=/usr/sbin/exampled --config '/etc/a b.conf' --listen 0.0.0.0:80 -v \"x y\" z ; \
                    /bin/echo one two three four five six seven eight nine ten eleven twelve thirteen # \\; end$0\n";

#[test]
fn a_long_command_is_split() {
    check(
        "a.service",
        &format!("[Service]\nType=oneshot\n{LONG}{INSTALL}"),
        expect![[r##"
        -- Run it by /bin/sh -c
        [Service]
        Type=oneshot
        ExecStart=/usr/sbin/exampled --config '/etc/a b.conf' --listen 0.0.0.0:80 -v "x y" z ; /bin/sh -c 'exec /bin/echo one two three four five six seven eight nine ten eleven twelve thirteen "#" ";" end'
        [Install]
        WantedBy=multi-user.target
        -- Split the line
        [Service]
        Type=oneshot
        ExecStart=/usr/sbin/exampled \
            --config '/etc/a b.conf' \
            --listen 0.0.0.0:80 \
            -v "x y" z ; \
            /bin/echo one two three four five six seven eight nine ten eleven twelve \
            thirteen # \; end
        [Install]
        WantedBy=multi-user.target
    "##]],
    );
}

#[test]
fn no_line_of_a_split_command_becomes_a_comment() {
    let word = "a".repeat(70);
    check(
        "a.service",
        &format!("[Service]\nExecStart=/bin/echo $0{word} #b ;c --d\n{INSTALL}"),
        expect![[r##"
        -- Run it by /bin/sh -c
        [Service]
        ExecStart=/bin/sh -c 'exec /bin/echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "#b" ";c" --d'
        [Install]
        WantedBy=multi-user.target
        -- Split the line
        [Service]
        ExecStart=/bin/echo \
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa #b ;c \
            --d
        [Install]
        WantedBy=multi-user.target
    "##]],
    );
}

#[test]
fn a_split_command_is_the_same_command() {
    let (text, at) = cursor(&format!("[Service]\r\nType=oneshot\r\n{}", LONG.replace('\n', "\r\n")));
    let words = |text: &str| {
        let file = scan(text);
        let words = Words::new(file.directives[1].value.text(), Style::TUPLES);
        (file.directives.len(), words.map(|word| word.expect("a word").text.into_owned()).collect::<Vec<_>>())
    };
    Open::new("a.service", &text).with(|document| {
        let place = document.place(at);
        let Part::Value { directive, .. } = place.part else { panic!("a value") };
        let split = command::split(document, place.section.expect("a section"), directive).expect("it is long");
        let after = apply_all(&text, [&*split.edits]).text;
        assert!(after.matches('\\').count() > 4 && after.lines().all(|line| line.len() <= 90), "{after}");
        assert_eq!(words(&text), words(&after));
    });
}

#[test]
fn an_install_section_is_added() {
    check(
        "a.timer",
        "[Timer]$0\nOnCalendar=daily",
        expect![[r#"
        -- Add an [Install] section
        [Timer]
        OnCalendar=daily

        [Install]
        WantedBy=timers.target
    "#]],
    );
    check("a.timer.d/b.conf", "[Timer]$0\nOnCalendar=daily", expect![[""]]);
    check("a.slice", "[Slice]$0\n", expect![[""]]);
}

#[test]
fn a_drop_in_takes_the_place_of_a_setting() {
    let text = "[Service]\nExecStartPre=/bin/a\nExecStartPre=/bin/b \\\n  c\nNi$0ce=5\nExecStart=/bin/c\n";
    overridden(
        "web.service",
        text,
        expect![[r#"
        Nice= web.service.d/override.conf
        [Service]
        Nice=5
    "#]],
    );
    let move_to = |key: &str| text.replace("$0", "").replacen(key, &format!("$0{key}"), 1);
    overridden(
        "web.service",
        &move_to("ExecStartPre=/bin/b"),
        expect![[r#"
        ExecStartPre= web.service.d/override.conf
        [Service]
        ExecStartPre=
        ExecStartPre=/bin/a
        ExecStartPre=/bin/b \
          c
    "#]],
    );
    overridden(
        "web@.service",
        &move_to("ExecStart=/bin/c"),
        expect![[r#"
        ExecStart= web@.service.d/override.conf
        [Service]
        ExecStart=
        ExecStart=/bin/c
    "#]],
    );
    overridden("web.service.d/a.conf", text, expect![["nothing"]]);
    overridden("web.service", "[Unit]\nAfter=$0a.service\n", expect![["nothing"]]);
}

#[test]
fn what_is_appended_stands_apart() {
    let of = |text| appendix(text, "[A]\nB=\n");
    assert_eq!(
        [of(""), of("a"), of("a\n"), of("a\r\n")],
        ["[A]\nB=\n", "\n\n[A]\nB=\n", "\n[A]\nB=\n", "\r\n[A]\r\nB=\r\n"]
    );
}
