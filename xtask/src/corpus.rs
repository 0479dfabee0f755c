//! `cargo xtask corpus`: the unit files of some hundred Debian packages, in `target/corpus/PACKAGE`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::run::{command, done, root, stubbornly, target};

/// What of a package is kept, as patterns of tar.
const KEPT: &[&str] = &[
    "./lib/systemd/system/*",
    "./lib/systemd/user/*",
    "./usr/lib/systemd/system/*",
    "./usr/lib/systemd/user/*",
    "./etc/sv/*",
    "./usr/share/runit/sv/*",
];

/// How many packages one apt-get downloads.
const BATCH: usize = 60;

/// Downloads and unpacks what `tests/corpus/packages.txt` lists, unless that is done already.
///
/// A package that Debian doesn't have any more is left out, and said: the
/// test itself counts what it needs.
pub(crate) fn fetch() -> Result<(), String> {
    let list = root().join("tests/corpus/packages.txt");
    let text = fs::read_to_string(&list).map_err(at(&list))?;
    let corpus = target().join("corpus");
    let stamp = corpus.join("packages.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == text) {
        return Ok(());
    }
    let packages: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let _ = fs::remove_dir_all(&corpus);
    let archives = corpus.join("archives");
    fs::create_dir_all(&archives).map_err(at(&archives))?;
    for (at, batch) in packages.chunks(BATCH).enumerate() {
        println!("fetching packages {} to {} of {}", at * BATCH + 1, at * BATCH + batch.len(), packages.len());
        download(batch, &archives)?;
    }
    for archive in files(&archives).map_err(at(&archives))? {
        unpack(&archive, &corpus)?;
    }
    fs::remove_dir_all(&archives).map_err(at(&archives))?;
    fs::write(&stamp, &text).map_err(at(&stamp))
}

/// Downloads `packages` into `folder`; if that fails, once more after an update, then one by one.
fn download(packages: &[&str], folder: &Path) -> Result<(), String> {
    if apt_download(packages, folder).is_ok() {
        return Ok(());
    }
    stubbornly(|| done(command("apt-get").args(["-q", "update"])))?;
    if apt_download(packages, folder).is_ok() {
        return Ok(());
    }
    for package in packages {
        if let Err(message) = apt_download(&[package], folder) {
            println!("LEFT OUT: {package}: {message}");
        }
    }
    Ok(())
}

fn apt_download(packages: &[&str], folder: &Path) -> Result<(), String> {
    let mut command = command("apt-get");
    // Apt's own user may not write here, and its package cache is shared with other runs of apt.
    command.args(["-qq", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3"]);
    command.args(["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=", "download"]);
    done(command.args(packages).current_dir(folder).stdout(Stdio::null()))
}

/// Takes the unit files out of `archive`, a file called `PACKAGE_VERSION_ARCHITECTURE.deb`.
fn unpack(archive: &Path, corpus: &Path) -> Result<(), String> {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let folder = corpus.join(name.split('_').next().unwrap_or_default());
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let mut from = command("dpkg-deb").arg("--fsys-tarfile").arg(archive).stdout(Stdio::piped()).spawn();
    let from = from.as_mut().map_err(|error| format!("dpkg-deb: {error}"))?;
    let stream = from.stdout.take().map_or(Stdio::null(), Stdio::from);
    // It complains about the patterns that match nothing; whether there is enough in the end, the test says.
    let tar = command("tar")
        .args(["--extract", "--no-same-owner", "--wildcards", "--directory"])
        .arg(&folder)
        .args(KEPT)
        .stdin(stream)
        .stderr(Stdio::null())
        .status();
    tar.map_err(|error| format!("tar: {error}"))?;
    let status = from.wait().map_err(|error| format!("dpkg-deb: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("dpkg-deb {}: {status}", archive.display())) }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

fn at<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> String {
    move |error| format!("{}: {error}", path.display())
}
