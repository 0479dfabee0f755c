//! The tool `hold` keeps a socket for several services.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use svlsp_core::backends::tools::Tool;
use svlsp_tests::tools::{SHELLS, Tools};

/// How the socket is opened.
const SOCKET: &str = "stream:7:0600:0755:::s";

#[test]
fn the_socket_outlives_both_that_have_it() {
    for shell in SHELLS {
        let Some(holder) = Holder::new(shell) else { return };
        let first = holder.open(SOCKET);
        let socket = holder.take();
        assert!(socket.starts_with("socket:"), "{socket}");
        assert_eq!(holder.take(), socket);
        end(first);
        assert_eq!(holder.take(), socket, "s6-fdholderd has it");
        let second = holder.open(SOCKET);
        assert_eq!(holder.take(), socket, "it was taken from s6-fdholderd");
        holder.kill_daemon("KILL");
        assert_eq!(holder.take(), socket, "it was given to another s6-fdholderd");
        end(second);
        holder.end();
    }
}

#[test]
fn another_socket_takes_its_place() {
    for shell in SHELLS {
        let Some(holder) = Holder::new(shell) else { return };
        let first = holder.open(SOCKET);
        let socket = holder.take();
        end(first);
        let second = holder.open("stream:7:0660:0755:::s");
        assert_ne!(holder.take(), socket);
        end(second);
        holder.end();
    }
}

#[test]
fn it_stays_only_for_a_restart() {
    let Some(holder) = Holder::new(SHELLS[0]) else { return };
    let stat = holder.tools.folder().join("supervise/stat");
    let held = holder.tools.folder().join("supervise/held");
    let first = holder.open(SOCKET);
    end(first);
    fs::write(&stat, "finish\n").expect("it can be written");
    holder.end();
    assert!(held.exists());
    fs::write(&stat, "finish, want down\n").expect("it can be written");
    holder.end();
    assert!(!held.exists());
}

/// A service directory.
struct Holder {
    tools: Tools,
    shell: &'static [&'static str],
}

impl Holder {
    /// None where the tools of s6 aren't.
    fn new(shell: &'static [&'static str]) -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        if env::split_paths(&path).any(|folder| folder.join("s6-fdholderd").exists()) {
            return Some(Self { tools: Tools::new(), shell });
        }
        assert!(env::var_os("SVLSP_ALLOW_SKIPS").is_some(), "this test needs s6; SVLSP_ALLOW_SKIPS=1 does without it");
        println!("SKIPPED: hold_tool: no s6");
        None
    }

    /// Opens or takes over the socket, and waits until it is kept.
    fn open(&self, socket: &str) -> Child {
        let mut command = self.tools.command(self.shell, Tool::Hold);
        command.args(["open", "1", socket]).arg(self.tools.folder().join("s")).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("it is a pipe");
        BufReader::new(output).read_line(&mut line).expect("it can be read");
        assert_eq!(line, "\n");
        child
    }

    /// What a service gets that takes the socket.
    fn take(&self) -> String {
        let mut command = self.tools.command(self.shell, Tool::Hold);
        let output = command.args(["take", ".", "readlink", "/proc/self/fd/0"]).output().expect("it starts");
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn kill_daemon(&self, signal: &str) {
        let pid = fs::read_to_string(self.tools.folder().join("supervise/held.pid")).expect("it can be read");
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-s", signal, pid.trim()]).status().expect("it starts").success());
    }

    fn end(&self) {
        let status = self.tools.command(self.shell, Tool::Hold).arg("end").stderr(Stdio::null()).status();
        assert!(status.expect("it starts").success());
    }
}

/// Ends it as a supervisor does.
fn end(mut child: Child) {
    let pid = child.id().to_string();
    std::process::Command::new("kill").arg(pid).status().expect("it starts");
    child.wait().expect("it ends");
}
