//! A terminal of a fixed size, which tmux is, with a program in it.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The longest that is waited for something to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal; its program is ended when it is dropped.
#[derive(Debug)]
pub struct Terminal {
    folder: TempDir,
}

impl Terminal {
    /// Runs `program` in `columns` by `rows` characters; `None` without tmux.
    pub fn start(program: &Command, columns: u32, rows: u32) -> Option<Self> {
        let terminal = Terminal { folder: tempfile::tempdir().expect("there is a temporary directory") };
        let mut tmux = terminal.tmux();
        tmux.args([
            "-f",
            "/dev/null",
            "set-option",
            "-g",
            "default-terminal",
            "tmux-256color",
            ";",
            "new-session",
            "-d",
        ]);
        tmux.args(["-x", &columns.to_string(), "-y", &rows.to_string(), "--"]);
        tmux.arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => tmux.env(name, value),
                None => tmux.env_remove(name),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            tmux.current_dir(folder);
        }
        tmux.output().is_ok_and(|output| output.status.success()).then_some(terminal)
    }

    /// Types: text, or the names of keys as tmux has them.
    pub fn type_keys<K: AsRef<OsStr>>(&self, keys: impl IntoIterator<Item = K>) {
        self.done(self.tmux().arg("send-keys").args(keys));
    }

    /// Waits until `shows` holds for the screen, with its colours as escape sequences.
    /// Panics if that doesn't come.
    pub fn until(&self, mut shows: impl FnMut(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let screen = self.capture();
            if shows(&screen) {
                return;
            }
            assert!(Instant::now() < end, "waited in vain, the screen is\n{screen}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn capture(&self) -> String {
        let output = self.done(self.tmux().args(["capture-pane", "-p", "-e"]));
        String::from_utf8(output.stdout).expect("tmux writes UTF-8")
    }

    fn done(&self, tmux: &mut Command) -> Output {
        let output = tmux.output().expect("tmux runs");
        assert!(output.status.success(), "{tmux:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn tmux(&self) -> Command {
        let mut tmux = Command::new("tmux");
        tmux.arg("-S").arg(self.folder.path().join("socket")).stdin(Stdio::null());
        tmux.env("LC_ALL", "C.UTF-8").env_remove("TMUX");
        tmux
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.tmux().arg("kill-server").output();
    }
}
