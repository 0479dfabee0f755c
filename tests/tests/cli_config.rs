//! `svlsp.toml` and comments that silence.

mod cli_harness;

use cli_harness::Folder;
use expect_test::{Expect, expect};

const SLIP: &str = "[Service]\nExecStart=/bin/true\nRestrat=no\n[Sevrice]\n";

fn with_config(config: &str, arguments: &str, expect: Expect) {
    let folder = Folder::new(&[("svlsp.toml", config), ("units/a.service", SLIP)]);
    folder.run(&format!("check {arguments}"), expect);
}

#[test]
fn every_option_can_be_set() {
    let config = "\
        format = \"short\"\nselect = [\"unknown-directive\"]\nignore = []\nfail-on = \"error\"\nsystem = false\n\
        systemd-version = 252\nstatistics = true\nquiet = true\ncolor = \"never\"\nthreads = 2\n";
    with_config(
        config,
        "units/a.service",
        expect![[r#"
        units/a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        2> 1  error    unknown-directive
        status 1
    "#]],
    );
    with_config(
        "quiet = true\nformat = \"short\"\nroot = \"units\"\n",
        "",
        expect![[r#"
        status 0
    "#]],
    );
}

#[test]
fn flags_come_first() {
    let config = "format = \"json\"\nselect = [\"unknown-directive\"]\n";
    with_config(
        config,
        "-q --format short --select unknown-section units",
        expect![[r#"
        units/a.service:4:2: error: unknown section [Sevrice] [unknown-section]
        status 1
    "#]],
    );
    with_config(
        config,
        "-q --format short --no-config --select default units",
        expect![[r#"
        units/a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        units/a.service:4:2: error: unknown section [Sevrice] [unknown-section]
        status 1
    "#]],
    );
}

#[test]
fn it_is_looked_for_from_the_first_path_upwards() {
    let folder = Folder::new(&[
        ("svlsp.toml", "ignore = [\"unknown-directive\"]\n"),
        ("a.service", SLIP),
        ("sub/svlsp.toml", "ignore = [\"unknown-section\"]\n"),
        ("sub/units/b.service", SLIP),
    ]);
    folder.run(
        "check -q --format short a.service sub",
        expect![[r#"
        a.service:4:2: error: unknown section [Sevrice] [unknown-section]
        sub/units/b.service:4:2: error: unknown section [Sevrice] [unknown-section]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short sub/units/b.service a.service",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        sub/units/b.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short --config sub/svlsp.toml a.service",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        status 1
    "#]],
    );
}

#[test]
fn mistakes_name_the_line() {
    for (config, expect) in [
        (
            "# mine\nformt = \"short\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: unknown key "formt"; did you mean "format"?
            status 2
        "#]],
        ),
        (
            "fix = true\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:1: unknown key "fix"; there are format, select, ignore, fail-on, root, system, systemd-version, backend, statistics, quiet, color, threads, convert, fmt, hints, target
                status 2
            "#]],
        ),
        (
            "[check]\nformat = \"short\"\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:1: unknown key "check"; there are format, select, ignore, fail-on, root, system, systemd-version, backend, statistics, quiet, color, threads, convert, fmt, hints, target
                status 2
            "#]],
        ),
        (
            "format = \"xml\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: invalid value 'xml' for format [possible values: human, short, json, sarif, github]
            status 2
        "#]],
        ),
        (
            "format = 3\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: invalid value '3' for format [possible values: human, short, json, sarif, github]
            status 2
        "#]],
        ),
        (
            "quiet = \"yes\"\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:1: quiet: expected true or false, found a value of type string
                status 2
            "#]],
        ),
        (
            "select = \"unknown-directive\"\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:1: select: expected an array of strings, found a value of type string
                status 2
            "#]],
        ),
        (
            "\nselect = [\"unknown-directive\",\n  \"unknown-sektion\"]\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: invalid value 'unknown-sektion' for select: no rule is called that; did you mean 'unknown-section'?
            status 2
        "#]],
        ),
        (
            "threads = 0\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: invalid value '0' for threads: 0 is not in 1..=512
            status 2
        "#]],
        ),
        (
            "threads = 1.5\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:1: threads: expected a string or a number, found a value of type float
                status 2
            "#]],
        ),
        (
            "systemd-version = \"new\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: invalid value 'new' for systemd-version: expected a number, such as 252
            status 2
        "#]],
        ),
        (
            "format = \"short\nquiet = true\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: invalid basic string, expected `"`
            status 2
        "#]],
        ),
        (
            "quiet = true\nquiet = false\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: duplicate key
            status 2
        "#]],
        ),
    ] {
        with_config(config, "", expect);
    }
    Folder::new(&[]).run(
        "check --config gone.toml",
        expect![[r#"
        2> svlsp: gone.toml: No such file or directory (os error 2)
        status 2
    "#]],
    );
}

#[test]
fn comments_silence() {
    let folder = Folder::new(&[
        (
            "line.service",
            "[Service]\nExecStart=/bin/true\n# svlsp: ignore[unknown-directive] we patched it\nFoo=1\nBar=1\n",
        ),
        ("list.service", "[Service]\nExecStart=/bin/true\n; svlsp: ignore[invalid-value, unknown-directive]\nFoo=1\n"),
        ("file.service", "# svlsp: ignore-file[unknown-directive]\n[Service]\nExecStart=/bin/true\nFoo=1\nBar=1\n"),
        ("value.service", "[Service]\nExecStart=/bin/echo \\\n  # svlsp: ignore[invalid-value]\n  a %& \\\n  b\n"),
        (
            "unit.service",
            "[Unit]\n# svlsp: ignore[self-dependency]\nAfter=unit.service\n[Service]\nExecStart=/bin/true\n",
        ),
        (
            "far.service",
            "[Unit]\n# svlsp: ignore[ordering-cycle]\nAfter=near.service\n[Service]\nExecStart=/bin/true\n",
        ),
        ("near.service", "[Unit]\nAfter=far.service\n[Service]\nExecStart=/bin/true\n"),
        ("slip.service", "[Service]\nExecStart=/bin/true\n# svlsp: ignore[unknown-directiv]\nFoo=1\n"),
    ]);
    folder.run(
        "check --format short --ignore requirement-without-order,shell-syntax",
        expect![[r#"
        line.service:5:1: error: unknown directive Bar= in section [Service] [unknown-directive]
        list.service:3:17: hint: nothing here for invalid-value to find [unused-ignore]
        slip.service:3:17: warning: no rule is called "unknown-directiv" [invalid-ignore]
        slip.service:4:1: error: unknown directive Foo= in section [Service] [unknown-directive]
        value.service:3:19: hint: nothing here for invalid-value to find [unused-ignore]
        2> 2 errors, 1 warning, 2 hints in 8 files, 3 fixable with --fix
        status 1
    "#]],
    );
}

#[test]
fn an_ignore_of_a_rule_that_did_not_run_is_not_unused() {
    let folder = Folder::new(&[("a.service", "[Service]\n# svlsp: ignore[unknown-directive]\nExecStart=/bin/true\n")]);
    folder.run(
        "check --format short --ignore unknown-directive",
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
    folder.run(
        "check --format short",
        expect![[r#"
        a.service:2:17: hint: nothing here for unknown-directive to find [unused-ignore]
        2> 1 hint in 1 file, 1 fixable with --fix
        status 0
    "#]],
    );
}

#[test]
fn an_ignore_is_judged_only_where_its_rule_could_look() {
    // A drop-in alone is no unit, and one for many units may be right for others.
    let text = "[Service]\n# svlsp: ignore[exec-start-not-reset]\nExecStart=/bin/false\n";
    let unit = "[Service]\nType=oneshot\nExecStart=/bin/true\n";
    let folder = Folder::new(&[
        ("alone/a.service.d/x.conf", text),
        ("many/service.d/x.conf", text),
        ("many/a.service", unit),
        ("many/b.service", unit),
        ("one/a.service.d/x.conf", text),
        ("one/a.service", unit),
    ]);
    folder.run(
        "check -q --format short --select exec-start-not-reset,unused-ignore",
        expect![[r#"
        one/a.service.d/x.conf:2:17: hint: nothing here for exec-start-not-reset to find [unused-ignore]
        status 0
    "#]],
    );
}
