//! Runs svlsp in a directory of its own and compares what it says.

#![allow(dead_code)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use expect_test::Expect;
use svlsp_tests::product;
use tempfile::TempDir;

/// A directory with some files, gone when it is dropped.
pub(crate) struct Folder {
    directory: TempDir,
}

impl Folder {
    /// Writes `files`, paths and texts, into a fresh directory.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        // Not while the time is taken.
        product::binary();
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a scratch directory");
        let folder = Folder { directory };
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    /// The path of something in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// Writes a file and the directories it lies in.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file lies in a directory")).expect("a directory can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Makes a symbolic link.
    #[cfg(unix)]
    pub(crate) fn link(&self, path: &str, target: impl AsRef<Path>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a link lies in a directory")).expect("a directory can be made");
        std::os::unix::fs::symlink(target, path).expect("a link can be made");
    }

    /// What a file holds.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file can be read")
    }

    /// The program, about to run in this directory.
    pub(crate) fn svlsp(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(product::binary());
        command.args(arguments).current_dir(self.directory.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs `svlsp` with these arguments, divided by blanks.
    pub(crate) fn run(&self, arguments: &str, expect: Expect) {
        self.run_with(arguments, "", expect);
    }

    /// The same with something on standard input.
    pub(crate) fn run_with(&self, arguments: &str, input: &str, expect: Expect) {
        let arguments: Vec<&str> = arguments.split_ascii_whitespace().collect();
        let mut child = self
            .svlsp(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("svlsp runs");
        // It may end before it has read everything.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("svlsp ends");
        expect.assert_eq(&self.show(&output));
    }

    /// Standard output, standard error and the exit status as one text.
    pub(crate) fn show(&self, output: &Output) -> String {
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            text.push_str(&format!("2> {line}\n"));
        }
        let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
        text.push_str(&format!("status {status}\n"));
        // An expectation can't have a line of blanks alone, as diffs do.
        text.replace(&*self.directory.path().to_string_lossy(), "FOLDER").replace("\n \n", "\n\n")
    }
}
