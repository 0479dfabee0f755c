//! The files that a path may go on with, below a root.

use std::path::Path;

use super::root;

/// The most files of one directory that are looked at.
const MOST: usize = 10_000;

/// The paths of the files in the directory that `begun`, the beginning of an absolute path, names
/// below `root`, as far as they begin so; those of directories end in a slash. Sorted.
///
/// Names that would need quotes or escapes in a unit file are left out.
pub fn entries(root: &Path, begun: &str) -> Vec<String> {
    let Some((folder, name)) = begun.rsplit_once('/').filter(|_| begun.starts_with('/')) else { return Vec::new() };
    let Some(read) = root::resolve(root, Path::new(&format!("{folder}/"))).ok().and_then(|real| real.read_dir().ok())
    else {
        return Vec::new();
    };
    let mut paths: Vec<String> = read
        .take(MOST)
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let file = entry.file_name().into_string().ok().filter(|file| file.starts_with(name) && is_plain(file))?;
            let path = format!("{folder}/{file}");
            let is_folder = root::resolve(root, Path::new(&path)).is_ok_and(|real| real.is_dir());
            Some(if is_folder { path + "/" } else { path })
        })
        .collect();
    paths.sort_unstable();
    paths
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || "-_.+@".contains(c))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_a_path_may_go_on_with() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("usr/bin")).unwrap();
        for name in ["app", "app2", "a b", "other"] {
            fs::write(root.path().join("usr/bin").join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/", root.path().join("usr/up")).unwrap();
        let found = |begun: &str| entries(root.path(), begun).join(" ");
        assert_eq!(found("/usr/bin/a"), "/usr/bin/app /usr/bin/app2");
        assert_eq!(found("/u"), "/usr/");
        assert_eq!(found("/../../usr/b"), "/../../usr/bin/");
        assert_eq!(found("/usr/up/usr/bin/o"), "/usr/up/usr/bin/other");
        for begun in ["", "usr/", "/missing/", "/usr/bin/app/"] {
            assert_eq!(found(begun), "", "{begun}");
        }
    }
}
