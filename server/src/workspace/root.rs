//! Paths below a root that is not `/`.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How many symbolic links one path may lead through, as in the kernel.
const MAX_LINKS: usize = 40;

/// Where `path` lies when `root` is taken for `/`: every symbolic link on the
/// way, absolute ones too, is followed inside of `root`, and `..` stops there.
///
/// # Errors
///
/// When there is nothing at that path, or the links on the way go in circles.
pub(crate) fn resolve(root: &Path, path: &Path) -> io::Result<PathBuf> {
    let mut real = root.to_path_buf();
    let mut depth = 0usize;
    let mut links = 0;
    let mut rest = parts(path);
    while let Some(part) = rest.pop() {
        if part == ".." {
            if depth > 0 {
                depth -= 1;
                real.pop();
            }
            continue;
        }
        real.push(&part);
        depth += 1;
        if !real.symlink_metadata()?.is_symlink() {
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return Err(io::Error::other("too many levels of symbolic links"));
        }
        let target = real.read_link()?;
        real.pop();
        depth -= 1;
        if target.has_root() {
            real = root.to_path_buf();
            depth = 0;
        }
        rest.extend(parts(&target));
    }
    Ok(real)
}

/// The file at `path` when `root` is taken for `/`, if there is one.
pub fn below(root: &Path, path: &Path) -> Option<PathBuf> {
    resolve(root, path).ok().filter(|real| real.is_file())
}

/// The parts of a path, the last one first; `.` and the root are none.
fn parts(path: &Path) -> Vec<OsString> {
    let part = |component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    };
    path.components().rev().filter_map(part).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_link_leads_out() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("root");
        fs::create_dir_all(root.join("usr/lib")).unwrap();
        fs::write(root.join("usr/lib/a"), "").unwrap();
        fs::write(outer.path().join("secret"), "").unwrap();
        symlink("usr/lib", root.join("lib")).unwrap();
        symlink("/usr/lib/a", root.join("absolute")).unwrap();
        symlink("../../../lib/a", root.join("usr/up")).unwrap();
        symlink("../secret", root.join("out")).unwrap();
        symlink(outer.path().join("secret"), root.join("gone")).unwrap();
        symlink("round", root.join("round")).unwrap();
        let found = |path: &str| resolve(&root, Path::new(path)).ok();
        for path in ["/usr/lib/a", "/lib/a", "/absolute", "/usr/up", "/usr/../lib/./a", "../../lib/a"] {
            assert_eq!(found(path), Some(root.join("usr/lib/a")), "{path}");
        }
        for path in ["/out", "/gone", "/round", "/missing", "../secret"] {
            assert_eq!(found(path), None, "{path}");
        }
        assert_eq!(found("/"), Some(root.clone()));
    }
}
