//! VS Code's workbench for a browser, and what builds and checks the extension.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::run::{command, done, root, stubbornly};

/// Changes with what [`workbench`] does, so that it is done anew.
const RECIPE: &str = "1";

/// Installs code-server and what drives a browser into `folder`, as `tests/vscode` pins them.
///
/// npm's install scripts stay off: one of them downloads. What they would build, and what is
/// needed without a terminal, is built here.
pub(crate) fn workbench(folder: &Path) -> Result<(), String> {
    let wanted = root().join("tests/vscode");
    installed_once(folder, &wanted.join("package-lock.json"), RECIPE, || {
        println!("installing from npm: code-server and playwright-core");
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(wanted.join(name), folder.join(name)).map_err(|error| format!("{name}: {error}"))?;
        }
        install(folder, "ci")?;
        npm(folder, &["rebuild", "argon2", "--build-from-source"])?;
        let editor = folder.join("node_modules/code-server/lib/vscode");
        // Its lock file is not quite in step with its package.json, which `ci` refuses.
        install(&editor, "install")?;
        npm(&editor, &["rebuild", "@vscode/spdlog", "native-watchdog"])?;
        link("node_modules", &editor.join("node_modules.asar"))?;
        let ripgrep = editor.join("node_modules/@vscode/ripgrep/bin");
        fs::create_dir_all(&ripgrep).map_err(|error| format!("{}: {error}", ripgrep.display()))?;
        link("/usr/bin/rg", &ripgrep.join("rg"))
    })
}

/// Installs what the extension is built and checked with, where its sources are.
pub(crate) fn extension() -> Result<(), String> {
    let folder = root().join("vscode-extension");
    installed_once(&folder.join("node_modules"), &folder.join("package-lock.json"), "", || {
        println!("installing from npm: what builds the VS Code extension");
        install(&folder, "ci")
    })
}

/// Runs `task` unless it has been done for this lock file and this recipe.
fn installed_once(
    folder: &Path,
    lock: &Path,
    recipe: &str,
    task: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let text = fs::read_to_string(lock).map_err(|error| format!("{}: {error}", lock.display()))? + recipe;
    let stamp = folder.join("svlsp.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    task()?;
    fs::write(&stamp, text).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn install(folder: &Path, how: &str) -> Result<(), String> {
    stubbornly(|| npm(folder, &[how, "--ignore-scripts"]))
}

/// Runs npm, which builds native modules with the headers that belong to node.
fn npm(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    let mut npm = command("npm");
    if let Some(prefix) = node_prefix() {
        npm.env("npm_config_nodedir", prefix);
    }
    done(npm.current_dir(folder).args(arguments).args(quiet))
}

/// Where node is installed, if its headers are there too.
fn node_prefix() -> Option<String> {
    let program = "console.log(require('path').resolve(process.execPath, '../..'))";
    let output = Command::new("node").args(["-e", program]).output().ok()?;
    let prefix = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    Path::new(&prefix).join("include/node/node.h").exists().then_some(prefix)
}

fn link(to: &str, at: &Path) -> Result<(), String> {
    symlink(to, at).map_err(|error| format!("{}: {error}", at.display()))
}
