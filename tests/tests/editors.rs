//! Other editors, with the very settings that `docs/editors.md` tells people to use.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use svlsp_tests::neovim::root;
use svlsp_tests::product;
use tempfile::TempDir;

const UNIT: &str = "[Service]\nExecStart=/bin/true\nRestart=sometimes\nSystemCallFilter=@system-service\n";

#[test]
fn emacs_with_eglot() {
    let Some(eglot) = eglot() else { return skipped("emacs", "emacs with eglot") };
    let blocks = blocks("elisp");
    let [init, project] = &blocks[..] else { panic!("settings, and those of a project") };
    let folder = folder(&[("web.service", UNIT), ("init.el", init), (".dir-locals.el", project)]);
    let mut emacs = Command::new("timeout");
    emacs
        .args([
            "60",
            "emacs",
            "--batch",
            "--no-site-file",
            "--no-init-file",
            "--eval",
            "(setq enable-local-variables :all)",
            "-L",
        ])
        .arg(eglot);
    emacs.args(["-l", "init.el", "-l"]).arg(root().join("tests/editors/emacs.el")).env("UNIT", "web.service");
    let output = run(emacs, &folder);
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}\n{errors}");
    assert!(printed.contains("mode: systemd-unit-mode\n"), "{printed}");
    assert!(printed.contains("line 3: svlsp [invalid-value]: Restart= takes "), "{printed}");
    assert!(printed.contains("line 4: svlsp [backend-lost]: SystemCallFilter= is lost on runit"), "{printed}");
    assert!(printed.contains("hover: Restart= in [Service]\n"), "{printed}");
}

#[test]
fn vim_with_ale() {
    if !Path::new("/usr/share/vim-ale").is_dir() || !works("vim") {
        return skipped("vim", "vim with ale");
    }
    let start = "set nocompatible\nfiletype plugin on\npackadd ale\n";
    let script = format!("source {}\n", root().join("tests/editors/ale.vim").display());
    let vimrc = format!("{start}{}{script}", settings("vim"));
    let folder = folder(&[("web.service", UNIT), ("vimrc", &vimrc)]);
    let mut vim = Command::new("timeout");
    vim.args(["60", "vim", "-N", "-u", "vimrc", "-i", "NONE", "-n", "--not-a-term", "-T", "dumb", "web.service"]);
    vim.env("FOUND", "found");
    let output = run(vim, &folder);
    let found = fs::read_to_string(folder.path().join("found"));
    let found = found.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)));
    assert!(found.starts_with("filetype: systemd\nline 3: Restart= takes "), "{found}");
}

/// For the editors that can't be had here: what they read is at least well-formed, and names the program.
#[test]
fn settings_of_the_others_are_well_formed() {
    let helix = settings("toml");
    let helix = toml::de::DeTable::parse(&helix).expect("TOML").into_inner();
    assert!(helix.contains_key("language-server") && helix.contains_key("language"));
    for json in blocks("json") {
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert!(value.to_string().contains(r#""command":["svlsp","lsp"]"#), "{value}");
    }
}

/// The first block in `language` of the page.
fn settings(language: &str) -> String {
    blocks(language).into_iter().next().unwrap_or_else(|| panic!("docs/editors.md has no {language}"))
}

fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/editors.md")).expect("it is there");
    let blocks = page.split("\n```").skip(1).step_by(2);
    let in_language = blocks.filter_map(|block| block.split_once('\n').filter(|(name, _)| *name == language));
    in_language.map(|(_, text)| format!("{text}\n")).collect()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is a temporary directory");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("it can be written");
    }
    folder
}

/// Runs an editor in `folder`, which is its home too, with svlsp in `$PATH`.
fn run(mut editor: Command, folder: &TempDir) -> Output {
    let program = product::binary().parent().expect("a program is in a folder");
    let mut path = OsString::from(program);
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    editor.env("PATH", path).env("HOME", folder.path()).current_dir(folder.path());
    editor.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = editor.spawn().expect("timeout runs");
    // Vim ends when its standard input does.
    let input = child.stdin.take();
    let output = child.wait_with_output().expect("it ends");
    drop(input);
    output
}

/// The folder of Debian's eglot; Emacs 29 has it built in.
fn eglot() -> Option<PathBuf> {
    let packages = fs::read_dir("/usr/share/emacs/site-lisp/elpa").ok()?.flatten().map(|entry| entry.path());
    let mut found =
        packages.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("eglot-")));
    found.next().filter(|_| works("emacs"))
}

fn works(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    version.is_ok_and(|output| output.status.success())
}

fn skipped(test: &str, what: &str) {
    println!("SKIPPED: {test}: no {what}; cargo xtask tools installs it");
}
