//! `svlsp convert`: what it knows of the target.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;
use svlsp_core::backends::settings;

const GOOD: &str = "[Service]\nExecStart=/usr/bin/d\n";
const TO: &str = "convert --color never --to runit --out sv";

fn run(folder: &Folder, arguments: &str, expect: expect_test::Expect) {
    folder.run(&format!("{TO} {arguments}"), expect);
}

#[test]
fn the_target_can_be_described() {
    let folder = Folder::new(&[("a.service", GOOD)]);
    run(
        &folder,
        "-q --target flavour=void --target tools=util-linux --target log=none a.service",
        expect![[r#"
        status 0
    "#]],
    );
    run(
        &folder,
        "--target version a.service",
        expect![[r#"
        2> error: invalid value 'version' for '--target <KEY=VALUE>': expected KEY=VALUE, such as version=2.13
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    run(
        &folder,
        "--target version=2 a.service",
        expect![[r#"
            2> svlsp: --target version=2: "version" is nothing that runit asks for, only s6, s6-rc
            status 2
        "#]],
    );
    run(
        &folder,
        "--target flavor=void a.service",
        expect![[r#"
        2> svlsp: --target flavor=void: unknown key "flavor"; did you mean "flavour"?
        status 2
    "#]],
    );
    run(
        &folder,
        "--target tools=util-linxu a.service",
        expect![[r#"
        2> svlsp: --target tools=util-linxu: unknown tool "util-linxu"; did you mean "util-linux"?
        status 2
    "#]],
    );
    run(
        &folder,
        "--layout s6-overlay a.service",
        expect![[r#"
        2> svlsp: --layout s6-overlay: "layout" is nothing that runit asks for, only s6-rc
        status 2
    "#]],
    );
    folder.run(
        "convert a.service --to s6-rc --out rc --layout s6overlay",
        expect![[r#"
        2> svlsp: --layout s6overlay: unknown layout "s6overlay"; did you mean "s6-overlay"?
        status 2
    "#]],
    );
}

#[test]
fn the_configuration_describes_it_too() {
    let config = "\
        [convert]\nto = \"runit\"\nout = \"services\"\ndeny = \"lost\"\nspecifier = [\"H=web1\"]\n\
        [target.s6]\nversion = 2.13\n[target.runit]\ntools = [\"util-linux\"]\nlog = \"none\"\ncgroups = false\n\
        [target.runit.unit]\n\"network.target\" = \"net\"\n\"a.service\" = \"\"\n";
    let folder = Folder::new(&[("svlsp.toml", config), ("u/a.service", "[Service]\nExecStart=/bin/d %H\n")]);
    folder.run(
        "convert -q u/a.service",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("services/a/run").contains("web1"));
    folder.run(
        "convert -q --no-config u/a.service",
        expect![[r#"
            2> svlsp: for which supervisor? say --to with one of runit, s6, s6-rc, nosh, systemd
            status 2
        "#]],
    );
    for (text, expect) in [
        (
            "[convert]\nto = \"sixes\"\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:2: invalid value 'sixes' for to: there are runit, s6, s6-rc, nosh, systemd
                status 2
            "#]],
        ),
        (
            "\n[convert]\n\nout = 5.5\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:4: out: expected a string or a number, found a value of type float
            status 2
        "#]],
        ),
        (
            "[convert]\ninto = \"x\"\n",
            expect![[r#"
                2> svlsp: FOLDER/svlsp.toml:2: unknown key "into"; there are to, out, deny, specifier, dependencies, environment
                status 2
            "#]],
        ),
        (
            "convert = 1\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: convert: expected a table, found a value of type integer
            status 2
        "#]],
        ),
        (
            "[target.runnit]\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: unknown supervisor "runnit"; did you mean "runit"?
            status 2
        "#]],
        ),
        (
            "[target.s6]\nflavour = \"void\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: "flavour" is nothing that s6 asks for, only runit
            status 2
        "#]],
        ),
        (
            "[target.s6]\n\nversoin = \"2\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:3: unknown key "versoin"; did you mean "version"?
            status 2
        "#]],
        ),
        (
            "[target.s6]\n\nversion = \"two\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:3: version: expected a version, such as 2.13.1, found "two"
            status 2
        "#]],
        ),
        (
            "[target.s6.unit]\n\"network\" = \"x\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: "network" is no name of a unit: there is no suffix such as ".service"
            status 2
        "#]],
        ),
        (
            "[target.s6.unit]\n\"network.target\" = 1\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: network.target: expected the name of a service, found a value of type integer
            status 2
        "#]],
        ),
        (
            "[targets]\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: unknown key "targets"; did you mean "target"?
            status 2
        "#]],
        ),
    ] {
        folder.write("svlsp.toml", text);
        folder.run("convert -q u/a.service", expect);
    }
}

#[test]
fn every_key_of_a_target_is_documented() {
    let page = include_str!("../../docs/convert.md");
    let folder = Folder::new(&[]);
    let help = folder.svlsp(&["convert", "--help"]).output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    for tool in settings::TOOLS {
        assert!(page.contains(&format!("`{tool}`")), "{tool} in docs/convert.md");
        assert!(help.contains(tool), "{tool} in the help text");
    }
    for key in settings::KEYS {
        assert!(page.contains(&format!("| `{}` | ", key.name)), "{} in docs/convert.md", key.name);
        assert!(help.contains(&format!("\n  {}=", key.name)), "{} in the help text", key.name);
    }
}
