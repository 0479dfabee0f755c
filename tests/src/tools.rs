//! The tools of generated directories, ready to be run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use svlsp_core::backends::tools::Tool;
use tempfile::TempDir;

/// The shells that they must run under, as the first words of a command.
pub const SHELLS: [&[&str]; 2] = [&["dash"], &["busybox", "sh"]];

/// A service directory that has all tools.
#[derive(Debug)]
pub struct Tools(TempDir);

impl Tools {
    /// Writes them.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a temporary directory");
        for sub in ["data", "supervise"] {
            fs::create_dir(folder.path().join(sub)).expect("it can be written");
        }
        for tool in Tool::ALL {
            let path = folder.path().join(tool.path());
            fs::write(&path, tool.text()).expect("it can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be changed");
        }
        Self(folder)
    }

    /// Where they are.
    pub fn folder(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// A command that runs `tool` by `shell`, in that directory.
    pub fn command(&self, shell: &[&str], tool: Tool) -> Command {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).arg(tool.path()).current_dir(self.0.path());
        command
    }
}

impl Default for Tools {
    fn default() -> Self {
        Self::new()
    }
}
