//! `svlsp fmt`

mod cli_harness;

use cli_harness::Folder;
use expect_test::{Expect, expect};

const ROUGH: &str = "\n[Unit]\nDescription = a\n[Service]\n  ExecStart=/bin/a \\\n -b  \n\n\n# c\nUser=d";
const FINE: &str = "[Service]\nExecStart=/bin/true\n";

#[test]
fn help() {
    Folder::new(&[]).run(
        "fmt --help",
        expect![[r#"
        Lay unit files and supervisord.conf out alike, without changing what they mean

        Takes blanks away around keys, values and headers, puts one blank line between sections and no more
        than one anywhere else, and ends the last line. Values, comments and the order of lines stay as they
        are, and so does what systemd or supervisord could not read.

        The nearest svlsp.toml, looked for from the first PATH upwards, sets the options that are listed
        last; its table fmt has their long names.

        Usage: svlsp fmt [OPTIONS] [PATH]...

        Arguments:
          [PATH]...
                  Files and directories; `-` is standard input, written to standard output

        Options:
              --check
                  Say which files would change; change nothing

              --diff
                  Show what would change; change nothing

              --stdin-filename <PATH>
                  The name, and the place, of what comes on standard input

              --config <FILE>
                  Read this file instead of looking for a svlsp.toml

              --no-config
                  Don't look for a svlsp.toml

          -q, --quiet
                  Write nothing but errors, and what --check or --diff ask for

          -h, --help
                  Print help (see a summary with '-h')

        Options that svlsp.toml can set:
              --section-blank-lines <N>
                  How many blank lines stand between two sections [default: 1]

              --max-blank-lines <N>
                  How many blank lines may stand together anywhere else [default: 1]

              --equals <HOW>
                  How a key, its `=` and its value are written [default: tight]

                  Possible values:
                  - tight:   Key=value
                  - aligned: `Key  = value`, those that stand together below each other

              --indent <HOW>
                  How far continued lines are indented: keep, align, or 1 to 16 spaces [default: keep]

        Examples:
          svlsp fmt .                       every unit file below this directory
          svlsp fmt --check units/          which ones would change; for CI
          svlsp fmt --diff units/           how they would change
          svlsp fmt --indent 4 web.service  continued lines four columns in
          svlsp fmt - < a.service           what it would become, on standard output

        Exit status: 0 done, or nothing to do; 1 with --check or --diff if something
        would change; 2 wrong usage or a file that can't be read or written (the others
        are still formatted).
        status 0
    "#]],
    );
}

#[test]
fn files_are_laid_out_in_place() {
    let folder = Folder::new(&[
        ("sub/a.service", ROUGH),
        ("sub/b.service.d/c.conf", ROUGH),
        ("fine.service", FINE),
        ("notes.conf", "a = b"),
    ]);
    folder.run(
        "fmt .",
        expect![[r#"
        2> 2 of 3 files formatted
        status 0
    "#]],
    );
    expect![[r#"
        [Unit]
        Description=a

        [Service]
        ExecStart=/bin/a \
         -b

        # c
        User=d
    "#]]
    .assert_eq(&folder.read("sub/a.service"));
    assert_eq!(folder.read("sub/b.service.d/c.conf"), folder.read("sub/a.service"));
    assert_eq!((folder.read("fine.service"), folder.read("notes.conf")), (FINE.into(), "a = b".into()));
    folder.run(
        "fmt sub fine.service",
        expect![[r#"
        2> 3 files, nothing to format
        status 0
    "#]],
    );
    folder.run(
        "fmt -q .",
        expect![[r#"
        status 0
    "#]],
    );
}

#[test]
fn check_and_diff_change_nothing() {
    let folder = Folder::new(&[("a.service", ROUGH), ("b.timer", "[Timer]\nOnBootSec = 1\n"), ("fine.service", FINE)]);
    folder.run(
        "fmt --check .",
        expect![[r#"
        a.service
        b.timer
        2> 2 of 3 files would be formatted
        status 1
    "#]],
    );
    folder.run(
        "fmt --check -q b.timer",
        expect![[r#"
        b.timer
        status 1
    "#]],
    );
    folder.run(
        "fmt --diff .",
        expect![[r#"
        --- a/a.service
        +++ b/a.service
        @@ -1,10 +1,9 @@
        -
         [Unit]
        -Description = a
        -[Service]
        -  ExecStart=/bin/a \
        - -b  
        +Description=a

        +[Service]
        +ExecStart=/bin/a \
        + -b

         # c
        -User=d
        \ No newline at end of file
        +User=d
        --- a/b.timer
        +++ b/b.timer
        @@ -1,2 +1,2 @@
         [Timer]
        -OnBootSec = 1
        +OnBootSec=1
        2> 2 of 3 files would be formatted
        status 1
    "#]],
    );
    folder.run(
        "fmt --check fine.service",
        expect![[r#"
        2> 1 file, nothing to format
        status 0
    "#]],
    );
    folder.run(
        "fmt --diff fine.service",
        expect![[r#"
        2> 1 file, nothing to format
        status 0
    "#]],
    );
    assert_eq!(folder.read("a.service"), ROUGH);
}

#[test]
fn standard_input_becomes_standard_output() {
    let folder = Folder::new(&[("sub/svlsp.toml", "[fmt]\nequals = \"aligned\"\n")]);
    folder.run_with(
        "fmt -",
        ROUGH,
        expect![[r#"
        [Unit]
        Description=a

        [Service]
        ExecStart=/bin/a \
         -b

        # c
        User=d
        status 0
    "#]],
    );
    folder.run_with(
        "fmt --stdin-filename sub/a.service",
        "[Unit]\nA=1\nBc=2",
        expect![[r#"
        [Unit]
        A  = 1
        Bc = 2
        status 0
    "#]],
    );
    folder.run_with(
        "fmt --check -",
        FINE,
        expect![[r#"
        status 0
    "#]],
    );
    folder.run_with(
        "fmt --check --stdin-filename a.service -",
        ROUGH,
        expect![[r#"
        a.service
        status 1
    "#]],
    );
    folder.run_with(
        "fmt --diff -",
        "[Unit]",
        expect![[r#"
        --- a/-
        +++ b/-
        @@ -1 +1 @@
        -[Unit]
        \ No newline at end of file
        +[Unit]
        status 1
    "#]],
    );
    folder.run_with(
        "fmt - a.service",
        "",
        expect![[r#"
        2> svlsp: standard input goes alone: `-` and no other path
        status 2
    "#]],
    );
}

#[test]
fn options_come_from_both_sides() {
    let text = "[Unit]\nDescription=a\n\n\nAfter=a.service \\\n b.service\n[Service]\nType=simple\n";
    let config = "[fmt]\nsection-blank-lines = 2\nmax-blank-lines = 0\nequals = \"aligned\"\nindent = \"align\"\n";
    let folder = Folder::new(&[("svlsp.toml", config), ("a.service", text)]);
    let run = |arguments: &str, expect: Expect| {
        folder.write("a.service", text);
        let arguments: Vec<&str> = arguments.split_ascii_whitespace().collect();
        let output = folder.svlsp(&[&["fmt", "-q", "a.service"], &*arguments].concat()).output().expect("svlsp runs");
        assert!(output.status.success(), "{output:?}");
        expect.assert_eq(&folder.read("a.service"));
    };
    run(
        "",
        expect![[r#"
        [Unit]
        Description = a
        After       = a.service \
                      b.service


        [Service]
        Type = simple
    "#]],
    );
    run(
        "--equals tight --indent 4 --section-blank-lines 0 --max-blank-lines 5",
        expect![[r#"
        [Unit]
        Description=a


        After=a.service \
            b.service
        [Service]
        Type=simple
    "#]],
    );
    run(
        "--no-config",
        expect![[r#"
        [Unit]
        Description=a

        After=a.service \
         b.service

        [Service]
        Type=simple
    "#]],
    );
}

#[test]
fn an_indentation_is_a_word_or_a_number() {
    let text = "[Unit]\nAfter=a.service \\\n b.service\n";
    for (config, indent) in [("4", "    "), ("\"4\"", "    "), ("\"keep\"", " "), ("\"align\"", "      ")] {
        let config = format!("[fmt]\nindent = {config}\n");
        let folder = Folder::new(&[("svlsp.toml", &config), ("a.service", text)]);
        folder.run("fmt -q a.service", expect![["status 0\n"]]);
        assert_eq!(folder.read("a.service"), text.replace(" b", &format!("{indent}b")), "{config}");
    }
}

#[test]
fn mistakes_name_what_is_wrong() {
    let folder = Folder::new(&[]);
    folder.run(
        "fmt",
        expect![[r#"
        2> error: the following required arguments were not provided:
        2>   <PATH>...
        2> 
        2> Usage: svlsp fmt <PATH>...
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    folder.run(
        "fmt --check --diff .",
        expect![[r#"
        2> error: the argument '--check' cannot be used with '--diff'
        2> 
        2> Usage: svlsp fmt --check <PATH>...
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    folder.run(
        "fmt --indent 17 .",
        expect![[r#"
        2> error: invalid value '17' for '--indent <HOW>': expected keep, align, or a number from 1 to 16
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    folder.run(
        "fmt gone.service notes.txt",
        expect![[r#"
        2> svlsp: gone.service: No such file or directory (os error 2)
        2> svlsp: notes.txt: No such file or directory (os error 2)
        2> no unit files found
        status 2
    "#]],
    );
    for (config, expect) in [
        (
            "fmt = true\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: fmt: expected a table, found a value of type boolean
            status 2
        "#]],
        ),
        (
            "[fmt]\nindnt = 4\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: unknown key "indnt"; did you mean "indent"?
            status 2
        "#]],
        ),
        (
            "[fmt]\nindent = \"deep\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: invalid value 'deep' for indent: expected keep, align, or a number from 1 to 16
            status 2
        "#]],
        ),
        (
            "[fmt]\nindent = true\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: indent: expected a string or a number, found a value of type boolean
            status 2
        "#]],
        ),
        (
            "[fmt]\nmax-blank-lines = 10\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: invalid value '10' for max-blank-lines: 10 is not in 0..=9
            status 2
        "#]],
        ),
        (
            "[fmt]\nequals = \"loose\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: invalid value 'loose' for equals [possible values: tight, aligned]
            status 2
        "#]],
        ),
    ] {
        let folder = Folder::new(&[("svlsp.toml", config), ("a.service", FINE)]);
        folder.run("fmt .", expect);
    }
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let folder = Folder::new(&[
        ("dbus.service", "[D-BUS Service]\nName = a.b\n"),
        ("outside.service", "  User = a\n[Service]\nUser = b\n"),
        ("empty.service", ""),
        ("blank.service", "\n\n"),
    ]);
    folder.write("bytes.service", b"[Service]\nUser = \xff\n# \xff \nGroup = a\n");
    folder.run(
        "fmt .",
        expect![[r#"
        2> 2 of 4 files formatted; 1 file of another format left out
        status 0
    "#]],
    );
    assert_eq!(folder.read("dbus.service"), "[D-BUS Service]\nName = a.b\n");
    assert_eq!(folder.read("outside.service"), "  User = a\n[Service]\nUser=b\n");
    let bytes = std::fs::read(folder.path("bytes.service")).expect("it is there");
    assert_eq!(bytes, b"[Service]\nUser = \xff\n# \xff \nGroup=a\n");
    assert_eq!((folder.read("empty.service"), folder.read("blank.service")), (String::new(), "\n\n".into()));
}

#[cfg(unix)]
#[test]
fn the_mode_stays_and_links_are_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("in/a.service", ROUGH), ("outside.service", ROUGH), ("in/plain", ROUGH)]);
    folder.link("in/b.service", "../outside.service");
    folder.link("in/c.service", "a.service");
    folder.link("in/d.service", "plain");
    folder.link("in/masked.service", "/dev/null");
    std::fs::set_permissions(folder.path("in/a.service"), PermissionsExt::from_mode(0o640)).expect("a mode can be set");
    folder.run(
        "fmt in",
        expect![[r#"
        2> 1 of 1 file formatted; 1 symbolic link to elsewhere not followed
        status 0
    "#]],
    );
    folder.run(
        "fmt in/b.service",
        expect![[r#"
            2> svlsp: in/b.service: not formatted: it is a symbolic link; name the file that it leads to
            2> 0 of 1 file formatted
            status 2
        "#]],
    );
    let mode = std::fs::metadata(folder.path("in/a.service")).expect("the file is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!((folder.read("outside.service"), folder.read("in/plain")), (ROUGH.into(), ROUGH.into()));
    assert_eq!(std::fs::read_dir(folder.path("in")).expect("a directory").count(), 6, "no temporary file is left");
}
