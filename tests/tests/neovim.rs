//! The plugin in a real Neovim 0.11: each script of `tests/neovim/`, and the file types of many paths.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use svlsp_core::schema::FileKind;
use svlsp_core::units::Role;
use svlsp_tests::neovim;
use svlsp_tests::terminal::Terminal;

/// How long nothing changes on a screen that has come to rest.
const REST: Duration = Duration::from_secs(5);

#[test]
fn parsers() {
    script("parsers.lua");
}

#[test]
fn health_and_help() {
    script("health.lua");
}

#[test]
fn how_the_server_is_started() {
    script("start.lua");
}

#[test]
fn typing() {
    script("typing.lua");
}

#[test]
fn language_server() {
    script("lsp.lua");
}

#[test]
fn picture() {
    picture_of("picture.service", "web.service", ("3", "runit"), "neovim.svg");
}

#[test]
fn picture_of_supervisord() {
    picture_of("picture.conf", "supervisord.conf", ("3", "systemd"), "neovim-supervisord.svg");
}

/// A picture in `docs` is what Neovim shows of a file when it has come to rest; `UPDATE_DOCS=1` writes it.
fn picture_of(file: &str, name: &str, (findings, backend): (&str, &str), picture: &str) {
    let path = neovim::root().join("docs").join(picture);
    let committed = fs::read_to_string(&path).expect("there is a picture");
    let Some(nvim) = nvim() else { return };
    let (mut editor, home) = neovim::command(&nvim);
    let unit = home.path().join(name);
    fs::copy(neovim::root().join("tests/neovim").join(file), &unit).expect("it can be copied");
    let script = neovim::root().join("tests/neovim/picture.lua");
    // A terminal that can draw waves.
    editor.arg("-c").arg(format!("luafile {}", script.display())).env("UNIT", unit).env("VTE_VERSION", "6003");
    editor.env("FINDINGS", findings).env("BACKEND", backend);
    let Some(terminal) = Terminal::start(&editor, 130, 20) else {
        return println!("SKIPPED: the picture of neovim: no tmux; cargo xtask tools installs it");
    };
    let update = env::var_os("UPDATE_DOCS").is_some();
    let mut before = (String::new(), Instant::now());
    terminal.until(|screen| {
        let Some((screen, _)) = screen.rsplit_once("ready") else { return false };
        let picture = anstyle_svg::Term::new().render_svg(screen.trim_end());
        let picture = picture
            .replace(".bg { fill: #000000 }", ".bg { fill: #14161B }")
            .replace(".fg { fill: #AAAAAA }", ".fg { fill: #E0E2EA }");
        if picture != before.0 {
            before = (picture, Instant::now());
        }
        before.0 == committed && !update || before.1.elapsed() > REST
    });
    let (picture, _) = before;
    if update {
        fs::write(&path, &picture).expect("it can be written");
    } else if picture != committed {
        let shown = Path::new(env!("CARGO_TARGET_TMPDIR")).join(path.file_name().expect("it has one"));
        fs::write(&shown, picture).expect("it can be written");
        panic!(
            "{} is not current, see {}: UPDATE_DOCS=1 cargo test -p svlsp-tests --test neovim picture, look at it, commit it",
            path.display(),
            shown.display()
        );
    }
}

/// Neovim takes for units what svlsp itself takes for them, and little else.
#[test]
fn file_types() {
    const PATHS: &[&str] = &[
        "/a/web.service",
        "/a/getty@tty1.service",
        "/a/a.socket",
        "/a/a.target",
        "/a/sys-a.device",
        "/a/home.mount",
        "/a/home.automount",
        "/a/dev-sda.swap",
        "/a/a.timer",
        "/a/a.path",
        "/a/a.slice",
        "/a/a.scope",
        "/a/my app.service",
        "/a/a.target.wants/b.service",
        "/a/web.service.d/10-x.conf",
        "/a/web@.service.d/10-x.conf",
        "/a/web-.service.d/10-x.conf",
        "/a/service.d/10-x.conf",
        "/a/web.service.d/README",
        "/a/my app.service.d/10-x.conf",
        "/a/conf.d/a.conf",
        "/a/sysctl.d/a.conf",
        "/a/tmpfiles.d/a.conf",
        "/a/web.service.d/.#override.conf0123456789abcdef",
        "/etc/systemd/system/.#web.service0123456789abcdef",
        "/a/.#web.service0123456789ABCDEF",
        "/a/.#web.service0123456789abcdeg",
        "/a/.#web.service",
        "/a/.#notes.txt0123456789abcdef",
        "/etc/systemd/network/10-a.network",
        "/etc/systemd/network/10-a.link",
        "/etc/systemd/network/10-a.netdev",
        "/etc/systemd/network/10-a.network.d/x.conf",
        "/etc/systemd/nspawn/a.nspawn",
        "/etc/systemd/dnssd/a.dnssd",
        "/etc/containers/systemd/a.container",
        "/etc/containers/systemd/a.pod",
        "/a/a.conf",
        "/a/a.config",
        "/a/README",
        "/a/Makefile",
    ];
    for (path, found) in detected(PATHS) {
        let wanted = if Role::of(path).is_some() { "systemd" } else { "" };
        // What Neovim knows of by itself.
        let found = if ["conf", "make", "text"].contains(&&*found) { "" } else { &found };
        assert_eq!(found, wanted, "{path}");
    }
}

/// A suffix like `.image` says little outside of a folder of systemd's.
#[test]
fn file_types_of_others() {
    const PATHS: &[&str] =
        &["/a/disk.image", "/a/a.build", "/a/a.volume", "/a/README.pod", "/a/a.link", "/a/a.network"];
    for (path, found) in detected(PATHS) {
        assert!(matches!(Role::of(path).map(|role| role.kind()), Some(FileKind::Other(_))), "{path}");
        assert_eq!(found, if path.ends_with(".pod") { "pod" } else { "" }, "{path}");
    }
}

#[test]
fn file_types_of_supervisord() {
    const PATHS: &[&str] = &[
        "/etc/supervisord.conf",
        "/etc/supervisor/supervisord.conf",
        "/etc/supervisor/conf.d/web.conf",
        "/etc/supervisord.d/web.ini",
        "/etc/supervisor.d/web.ini",
        "supervisord.conf",
    ];
    for (path, found) in detected(PATHS) {
        assert_eq!(found, "supervisord", "{path}");
    }
}

/// What Neovim takes each path for; nothing without a Neovim.
fn detected(paths: &[&'static str]) -> Vec<(&'static str, String)> {
    let Some(nvim) = nvim() else { return Vec::new() };
    let printed = neovim::run(&nvim, "filetypes.lua", &[("SVLSP_PATHS", &paths.join("\n"))]);
    let found = printed.lines().filter_map(|line| line.strip_prefix("filetype "));
    let found: Vec<_> = found
        .zip(paths)
        .map(|(line, path)| {
            (*path, line.strip_prefix(path).and_then(|line| line.strip_prefix(' ')).unwrap().to_owned())
        })
        .collect();
    assert_eq!(found.len(), paths.len(), "{printed}");
    found
}

fn script(name: &str) {
    if let Some(nvim) = nvim() {
        println!("{}", neovim::run(&nvim, name, &[]));
    }
}

/// The program; says so where it is missing.
fn nvim() -> Option<PathBuf> {
    let found = neovim::program();
    if found.is_none() {
        println!("SKIPPED: neovim: not installed; cargo xtask tools does that");
    }
    found
}
