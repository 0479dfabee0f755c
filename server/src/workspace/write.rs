//! Writing service directories: all of them or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use svlsp_core::backends::{Content, Directory, File};

use super::{Failure, parallel};

/// Writes `directories` below `out`.
///
/// # Errors
///
/// What stands in the way; then nothing has changed.
pub fn write(out: &Path, directories: &[&Directory], threads: usize) -> Result<(), Vec<Failure>> {
    let taken: Vec<Failure> = directories
        .iter()
        .map(|directory| out.join(&directory.name))
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| Failure::new(path, "exists"))
        .collect();
    if !taken.is_empty() {
        return Err(taken);
    }
    fs::create_dir_all(out).map_err(|error| vec![Failure::new(out, error)])?;
    let staging =
        tempfile::Builder::new().prefix(".svlsp-").tempdir_in(out).map_err(|error| vec![Failure::new(out, error)])?;
    let staged = parallel::map(directories, threads, |directory| {
        stage(staging.path(), directory).map_err(|error| Failure::new(out.join(&directory.name), error))
    });
    let failures: Vec<Failure> = staged.into_iter().filter_map(Result::err).collect();
    if !failures.is_empty() {
        return Err(failures);
    }
    let mut done: Vec<PathBuf> = Vec::new();
    for directory in directories {
        let (from, to) = (staging.path().join(&directory.name), out.join(&directory.name));
        if let Err(error) = fs::rename(&from, &to) {
            for path in done {
                let _ = fs::remove_dir_all(path);
            }
            return Err(vec![Failure::new(to, error)]);
        }
        done.push(to);
    }
    Ok(())
}

fn stage(staging: &Path, directory: &Directory) -> io::Result<()> {
    let root = staging.join(&directory.name);
    fs::create_dir(&root)?;
    for file in &directory.files {
        create(&root, file)?;
    }
    Ok(())
}

fn create(root: &Path, file: &File) -> io::Result<()> {
    let path = root.join(&file.path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match &file.content {
        Content::Text(bytes) => put(&path, bytes, 0o644),
        Content::Script(bytes) => put(&path, bytes, 0o755),
        Content::Link(target) => link(target, &path),
        Content::Directory => fs::create_dir_all(&path),
    }
}

fn put(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = mode;
    Ok(())
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::Error::other("needs a symbolic link, which this system doesn't have"))
}
