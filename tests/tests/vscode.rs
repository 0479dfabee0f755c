//! The VS Code extension: by itself, and packaged, in a real workbench.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use svlsp_tests::product;

/// The longest that anything may take, in seconds.
const SECONDS: &str = "300";

/// It compiles, its linter has nothing to say, and what needs no editor does what it should.
#[test]
fn the_extension_by_itself() {
    for script in ["check", "test"] {
        run(npm(script));
    }
}

/// Leaves pictures of the workbench in `target/vscode`; of a step that fails, one too.
/// With `UPDATE_DOCS=1` one of them goes into `docs`.
#[test]
fn in_a_workbench() {
    let pictures = target().join("vscode");
    let _ = fs::remove_dir_all(&pictures);
    fs::create_dir_all(&pictures).expect("target can be written");
    let package = pictures.join("svlsp.vsix");
    let mut packaging = npm("package");
    packaging.args(["--", "--out"]).arg(&package).env("SVLSP_BINARY", product::binary());
    run(packaging);
    let mut driver = command("node");
    driver.arg("tests/vscode/drive.mjs").arg(tool("vscode")).args([&package, &pictures]);
    run(driver);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::copy(pictures.join("preview.png"), root().join("docs/vscode.png")).expect("docs can be written");
    }
}

/// One of the scripts of the extension's manifest.
fn npm(script: &str) -> Command {
    let folder = root().join("vscode-extension");
    assert!(folder.join("node_modules").exists(), "its packages are missing: run `cargo xtask tools` first");
    let mut npm = command("npm");
    npm.current_dir(folder).args(["run", "--silent", script]);
    npm
}

/// A program that is ended when it takes too long.
fn command(program: &str) -> Command {
    let mut command = Command::new("timeout");
    command.current_dir(root()).args(["--kill-after=5", SECONDS, program]);
    command
}

fn run(mut command: Command) {
    let output = command.output().expect("timeout runs");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    println!("{text}");
    assert!(output.status.success(), "{command:?}: {}\n{text}", output.status);
}

/// Something that `cargo xtask tools` installs.
fn tool(path: &str) -> PathBuf {
    let tool = target().join("tools").join(path);
    assert!(tool.exists(), "{} is missing: run `cargo xtask tools` first", tool.display());
    tool
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target").to_owned()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}
