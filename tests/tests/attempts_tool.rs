//! The tools that count attempts to start, and that end a process group.

use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Command;

use svlsp_core::backends::tools::Tool;
use svlsp_tests::tools::{SHELLS, Tools};

/// What `attempts` says, and whether it succeeds.
fn attempts(tools: &Tools, shell: &[&str], arguments: &[&str]) -> (String, bool) {
    let output = tools.command(shell, Tool::Attempts).args(arguments).output().expect("the shell runs");
    (String::from_utf8_lossy(&output.stdout).trim_end().to_owned(), output.status.success())
}

#[test]
fn each_attempt_waits_longer_until_none_is_left() {
    for shell in SHELLS {
        let tools = Tools::new();
        let says = |arguments: &[&str]| attempts(&tools, shell, arguments).0;
        says(&["begin"]);
        for expected in ["1", "2", "fatal", "1"] {
            assert_eq!(says(&["end", "60", "2"]), expected, "{shell:?}");
        }
        says(&["forget"]);
        assert_eq!(says(&["end", "60", "2", "1"]), "0", "{shell:?}: the supervisor itself waits a second");
        assert_eq!(says(&["end", "60", "0"]), "fatal", "{shell:?}");
    }
}

#[test]
fn a_good_start_begins_anew() {
    for shell in SHELLS {
        let tools = Tools::new();
        let says = |arguments: &[&str]| attempts(&tools, shell, arguments);
        assert!(!says(&["passed", "0"]).1, "{shell:?}: it hasn't been started");
        says(&["begin"]);
        assert!(says(&["passed", "0"]).1 && !says(&["passed", "60"]).1, "{shell:?}");
        assert_eq!(says(&["end", "60", "3"]).0, "1", "{shell:?}");
        // Long ago, as the machine was started.
        fs::write(tools.folder().join("supervise/started"), "0\n").expect("it can be written");
        assert_eq!(says(&["end", "1", "3"]).0, "good", "{shell:?}");
        says(&["begin"]);
        assert_eq!(says(&["end", "60", "3"]).0, "1", "{shell:?}");
    }
}

#[test]
fn a_deadline_ends_a_process_group() {
    for shell in SHELLS {
        let tools = Tools::new();
        let mut leader = Command::new("sleep").arg("600").process_group(0).spawn().expect("it runs");
        let group = i32::try_from(leader.id()).expect("it is one");
        let mut member = Command::new("sleep").arg("600").process_group(group).spawn().expect("it runs");
        let group = format!("-{group}");
        let arguments = ["stop", "0", "", "KILL", &group];
        let status = tools.command(shell, Tool::Deadline).args(arguments).status().expect("the shell runs");
        assert!(status.success(), "{shell:?}");
        for process in [&mut leader, &mut member] {
            assert_eq!(process.wait().expect("it is a child").signal(), Some(9), "{shell:?}");
        }
    }
}
