//! The files that a pattern of supervisord's `[include]` stands for.

use std::path::{Path, PathBuf};

/// The most directories that one pattern is looked for in.
const MOST_FOLDERS: usize = 1000;

/// The files and directories that `pattern` matches below `base`, sorted by their paths, as
/// Python's `glob.glob` finds them; `real` says where on the disk such a path lies, if it may be
/// looked at.
pub(super) fn expand(base: &Path, pattern: &str, real: impl Fn(&Path) -> Option<PathBuf>) -> Vec<PathBuf> {
    let mut places = vec![if pattern.starts_with('/') { PathBuf::from("/") } else { base.to_owned() }];
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let mut looked = 0;
    for (at, part) in parts.iter().enumerate() {
        let mut next = Vec::new();
        for place in places {
            if *part == ".." {
                next.push(above(&place));
            } else if !part.contains(['*', '?', '[']) {
                next.push(place.join(part));
            } else if looked < MOST_FOLDERS {
                looked += 1;
                let folder = real(&place).filter(|folder| folder.is_dir());
                let entries = folder.and_then(|folder| folder.read_dir().ok()).into_iter().flatten().flatten();
                let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
                next.extend(names.filter(|name| matches(part, name)).map(|name| place.join(name)));
            }
        }
        places = next;
        if at + 1 < parts.len() {
            places.retain(|place| real(place).is_some_and(|place| place.is_dir()));
        }
    }
    places.retain(|place| real(place).is_some_and(|place| place.exists()));
    places.sort_unstable_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
    places
}

/// Whether a name is one of those that `pattern` stands for (Python's `fnmatch`, and `glob`'s rule
/// about names that begin with a dot).
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut done) = (0, 0);
    // Where to go on, should the last star have to take one character more.
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, done));
                at += 1;
                continue;
            }
            Some(_) if done < name.len() => one(&pattern[at..], name[done]),
            None if done == name.len() => return true,
            _ => None,
        };
        match (step, star) {
            (Some(length), _) => (at, done) = (at + length, done + 1),
            (None, Some((behind, from))) if from < name.len() => {
                (at, done) = (behind, from + 1);
                star = Some((behind, from + 1));
            }
            (None, _) => return false,
        }
    }
}

/// How long the part of `pattern` is that stands for this one character.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['[', set @ ..] => {
            let negated = set.first() == Some(&'!');
            let from = usize::from(negated);
            // A bracket right behind the first one stands for itself.
            let Some(end) = (from + 1..set.len()).find(|&at| set[at] == ']') else { return (c == '[').then_some(1) };
            (contains(&set[from..end], c) != negated).then_some(end + 2)
        }
        [own, ..] => (*own == c).then_some(1),
        [] => None,
    }
}

fn contains(mut set: &[char], c: char) -> bool {
    while let [first, rest @ ..] = set {
        set = match rest {
            ['-', last, rest @ ..] => {
                if (*first..=*last).contains(&c) {
                    return true;
                }
                rest
            }
            _ if *first == c => return true,
            _ => rest,
        };
    }
    false
}

/// The directory above, without asking the disk.
fn above(path: &Path) -> PathBuf {
    match path.file_name() {
        Some(_) => path.parent().unwrap_or(Path::new("")).to_owned(),
        None if path.has_root() => path.to_owned(),
        None => path.join(".."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn names_match_as_in_python() {
        for (pattern, name, same) in [
            ("*.conf", "web.conf", true),
            ("*.conf", "web.ini", false),
            ("*.conf", ".web.conf", false),
            (".*", ".web", true),
            ("**", "a", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbY", false),
            ("we?.conf", "web.conf", true),
            ("[a-cx]1", "b1", true),
            ("[a-cx]1", "x1", true),
            ("[a-cx]1", "d1", false),
            ("[!a]1", "b1", true),
            ("[!a]1", "a1", false),
            ("[]]", "]", true),
            ("[a", "[a", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), same, "{pattern} {name}");
        }
    }

    #[test]
    fn files_are_found_below_a_directory() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["conf.d/b.conf", "conf.d/a.conf", "conf.d/a.ini", "more/x/c.conf", "more/y/c.conf", "d.conf"] {
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), "").unwrap();
        }
        let found = |pattern: &str| {
            let paths = expand(&folder.path().join("conf.d"), pattern, |path| Some(path.to_owned()));
            let shown = paths.iter().map(|path| path.strip_prefix(folder.path()).unwrap().display().to_string());
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("*.conf"), "conf.d/a.conf conf.d/b.conf");
        assert_eq!(found("../more/*/c.conf"), "more/x/c.conf more/y/c.conf");
        assert_eq!(found("../d.conf"), "d.conf");
        assert_eq!(found("../missing.conf"), "");
        assert_eq!(found(&format!("{}/d.*", folder.path().display())), "d.conf");
    }
}
