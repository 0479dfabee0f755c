//! Shells and shellcheck have nothing to say against the tools.

use std::process::{Command, Output};

use svlsp_core::backends::tools::Tool;
use svlsp_tests::tools::{SHELLS, Tools};

#[test]
fn shells_can_read_them() {
    let tools = Tools::new();
    for tool in Tool::ALL {
        for shell in SHELLS {
            let shell = [shell, &["-n"]].concat();
            check(
                &format!("{shell:?} {}", tool.path()),
                &tools.command(&shell, tool).output().expect("the shell runs"),
            );
        }
    }
}

#[test]
fn shellcheck_finds_nothing() {
    let tools = Tools::new();
    let paths = Tool::ALL.map(|tool| tools.folder().join(tool.path()));
    check("shellcheck", &Command::new("shellcheck").args(paths).output().expect("shellcheck runs"));
}

fn check(what: &str, output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{what}\n{}{}", text(&output.stdout), text(&output.stderr));
}
