//! Which files make up a configuration of supervisord.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use svlsp_core::rules::MAX_FILE;
use svlsp_core::syntax::{self, Dialect, File};
use svlsp_core::text::{self, Span};
use svlsp_core::units::Role;
use svlsp_core::units::supervisord::{Around, Pattern, include_patterns};

use super::discover::bytes;
use super::plan::unit_path;
use super::{Found, Reach, glob, read, root};

/// The files of one supervisord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The file that supervisord is started with, then those that it includes, in its order.
    pub files: Vec<PathBuf>,
    /// The directory of each file as supervisord sees it: `%(here)s`.
    pub here: Vec<String>,
    /// Whether this is all that supervisord reads.
    pub complete: bool,
    /// What is included and isn't among the files.
    pub missing: Vec<Missing>,
}

/// A pattern of `[include]` that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// As it is written, expanded.
    pub pattern: String,
    /// Where it stands in the main file.
    pub span: Span,
    /// Why it isn't followed.
    pub why: Why,
}

/// Why a pattern leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No file matches it.
    NoFile,
    /// The directory in which it looks for files has none yet.
    Empty,
    /// No file matches it here; on the target it may.
    Elsewhere,
    /// It leads to files that may not be read.
    Outside,
    /// It has names in it that only the target knows.
    Unknown,
}

/// Where the files of configurations are looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading<'a> {
    /// A directory that stands for `/`.
    pub root: Option<&'a Path>,
    /// The directories outside of which nothing is read, links followed; `None`: anything is.
    pub inside: Option<&'a [PathBuf]>,
    /// What is known of the target.
    pub environment: &'a [(String, String)],
    /// The target's host name.
    pub host: Option<&'a str>,
}

impl Configuration {
    /// The patterns that surely no file matches.
    pub fn without_file(&self) -> Vec<String> {
        let missing = self.missing.iter().filter(|missing| missing.why == Why::NoFile);
        missing.map(|missing| missing.pattern.clone()).collect()
    }

    /// The directory of each file as supervisord sees it, by the file's path.
    pub fn directories(&self) -> HashMap<&Path, &str> {
        self.files.iter().map(PathBuf::as_path).zip(self.here.iter().map(String::as_str)).collect()
    }
}

/// What a file has to do with others: as long as that stays the same, so do the files of its configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// What it includes, and the names in that which nobody knows.
    includes: Vec<(String, Vec<String>)>,
    /// Whether it says what only the main file says.
    main: bool,
}

impl Ties {
    /// Those of a file with this text.
    pub fn of(text: &str) -> Self {
        let decoded = text::decode(text.as_bytes());
        let file = syntax::read(&decoded, Dialect::Supervisord);
        let patterns = include_patterns(&file, &Around::default()).unwrap_or_default();
        let includes = patterns.into_iter().map(|pattern| (pattern.text, pattern.unknown)).collect();
        Ties { includes, main: is_main(&file) }
    }
}

/// What is read again is read last.
fn keep_last(files: &mut Vec<PathBuf>) {
    let mut seen = HashSet::new();
    files.reverse();
    files.retain(|file| seen.insert(file.clone()));
    files.reverse();
}

/// What a file of `files` has to do with others.
struct Sketch {
    at: usize,
    /// What it includes.
    includes: Vec<Pattern>,
    /// Whether it says what only the main file says.
    main: bool,
}

impl Reading<'_> {
    /// Puts the files of supervisord among `files`, which are sorted by their paths, together with
    /// those that they include; the latter are added. `text` is what a file holds that isn't on the
    /// disk.
    pub fn configurations(
        &self,
        files: &mut Vec<Found>,
        text: impl Fn(&Found) -> Option<Vec<u8>>,
    ) -> Vec<Configuration> {
        let mut sketches: Vec<Sketch> = Vec::new();
        for (at, file) in files.iter().enumerate() {
            if file.facts.role == Some(Role::Supervisord) {
                let bytes = text(file).or_else(|| load(file));
                sketches.extend(bytes.map(|bytes| self.sketch(at, &file.path, &bytes)));
            }
        }
        sketches.sort_by_key(|sketch| (!sketch.main, sketch.includes.is_empty()));
        let mut added: BTreeMap<PathBuf, Found> = BTreeMap::new();
        let mut claimed: BTreeSet<PathBuf> = BTreeSet::new();
        let mut configurations = Vec::new();
        for sketch in &sketches {
            let path = files[sketch.at].path.clone();
            if claimed.contains(&path) {
                continue;
            }
            let mut configuration = Configuration {
                files: vec![path.clone()],
                here: Vec::new(),
                complete: sketch.main,
                missing: Vec::new(),
            };
            for Pattern { text: pattern, span, unknown } in &sketch.includes {
                let included = if unknown.is_empty() { self.expand(&path, pattern) } else { Vec::new() };
                let within = |included: &PathBuf| self.may_read(included);
                let (within, outside): (Vec<_>, Vec<_>) = included.into_iter().partition(within);
                if within.is_empty() || !outside.is_empty() {
                    let why = match outside.is_empty() {
                        _ if !unknown.is_empty() => Why::Unknown,
                        false => Why::Outside,
                        true => self.why_none(&path, pattern),
                    };
                    configuration.missing.push(Missing { pattern: pattern.clone(), span: *span, why });
                    configuration.complete = false;
                }
                for included in within {
                    let known = files.binary_search_by(|file| bytes(&file.path).cmp(bytes(&included)));
                    match known {
                        Ok(at) if matches!(files[at].reach, Reach::Disk(_) | Reach::Given) => {}
                        _ if added.contains_key(&included) => {}
                        _ => match self.found(&included) {
                            Some(found) => drop(added.insert(included.clone(), found)),
                            None => continue,
                        },
                    }
                    if included != path {
                        configuration.files.push(included);
                    }
                }
            }
            keep_last(&mut configuration.files);
            claimed.extend(configuration.files.iter().skip(1).cloned());
            configuration.here = configuration.files.iter().map(|file| self.here(file)).collect();
            configurations.push(configuration);
        }
        // One that is included by a file looked at later isn't one of its own.
        configurations
            .retain(|configuration| configuration.files.len() > 1 || !claimed.contains(&configuration.files[0]));
        if !added.is_empty() {
            files.retain(|file| !added.contains_key(&file.path));
            files.extend(added.into_values());
            files.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        }
        configurations.sort_by(|a, b| bytes(&a.files[0]).cmp(bytes(&b.files[0])));
        configurations
    }

    fn sketch(&self, at: usize, path: &Path, bytes: &[u8]) -> Sketch {
        let decoded = text::decode(bytes);
        let file = syntax::read(&decoded, Dialect::Supervisord);
        let around = Around {
            here: vec![self.here(path)],
            host: self.host.map(str::to_owned),
            environment: self.environment.to_vec(),
            ..Around::default()
        };
        let includes = include_patterns(&file, &around).unwrap_or_default();
        Sketch { at, includes, main: is_main(&file) }
    }

    /// The files that `pattern` stands for in the file `main`, as users see them.
    fn expand(&self, main: &Path, pattern: &str) -> Vec<PathBuf> {
        let folder = main.parent().unwrap_or(Path::new(""));
        match below_here(&self.here(main), pattern) {
            // In a copy of a system's tree, what is absolute there lies beside the file too.
            Some(rest) => glob::expand(folder, rest, |path| self.real(path)),
            None if !pattern.starts_with('/') => glob::expand(folder, pattern, |path| self.real(path)),
            None => {
                let found = glob::expand(Path::new("/"), pattern, |path| match self.root {
                    Some(root) => root::resolve(root, path).ok(),
                    None => self.real(path),
                });
                let shown = |path: PathBuf| match self.root {
                    Some(root) => root.join(path.strip_prefix("/").unwrap_or(&path)),
                    None => path,
                };
                found.into_iter().map(shown).collect()
            }
        }
    }

    /// Why no file matches `pattern` in the file `main`. What would lie neither beside that file nor
    /// below `root`, or where one may not look, the target may have.
    fn why_none(&self, main: &Path, pattern: &str) -> Why {
        let here = self.here(main);
        let is_below = |rest: &str| rest.starts_with('/') || here == "/";
        let beside = !pattern.starts_with('/') || pattern.strip_prefix(&*here).is_some_and(is_below);
        if !beside && self.root.is_none() {
            return Why::Elsewhere;
        }
        let rest = below_here(&here, pattern).filter(|_| beside).unwrap_or(pattern);
        let fixed: PathBuf = Path::new(rest).iter().take_while(|part| !is_pattern(&part.to_string_lossy())).collect();
        let fixed = if is_pattern(rest) { &*fixed } else { fixed.parent().unwrap_or(Path::new("")) };
        let place = match self.root.filter(|_| fixed.is_absolute()) {
            Some(root) => root::resolve(root, fixed).ok(),
            None => self.real(&main.parent().unwrap_or(Path::new("")).join(fixed)),
        };
        let is_empty = |entries: fs::ReadDir| {
            !entries.flatten().any(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        };
        match place.map(|place| place.read_dir()) {
            Some(Err(error)) if error.kind() == ErrorKind::PermissionDenied => Why::Elsewhere,
            Some(Ok(entries)) => {
                if is_pattern(rest) && is_empty(entries) {
                    Why::Empty
                } else {
                    Why::NoFile
                }
            }
            _ => Why::NoFile,
        }
    }

    /// Where a path as users see it lies on the disk.
    fn real(&self, path: &Path) -> Option<PathBuf> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        match self.root.and_then(|root| Some((root, path.strip_prefix(root).ok()?))) {
            Some((root, below)) => root::resolve(root, below).ok(),
            None => Some(path.to_owned()),
        }
    }

    fn may_read(&self, path: &Path) -> bool {
        let Some(inside) = self.inside else { return true };
        let real = self.real(path).and_then(|real| real.canonicalize().ok());
        real.is_some_and(|real| inside.iter().any(|folder| real.starts_with(folder)))
    }

    /// A file that is included; `None` for what is no regular file, which supervisord passes over.
    fn found(&self, path: &Path) -> Option<Found> {
        let real = self.real(path)?;
        let found = Found::supervisords(&real).ok()?;
        Some(Found { path: path.to_owned(), real: Some(real).filter(|real| real != path), ..found })
    }

    /// The directory of a file as supervisord sees it.
    fn here(&self, path: &Path) -> String {
        unit_path(path.parent().unwrap_or(Path::new("")), self.root)
    }
}

/// The directories in which files may be read when these paths are given.
pub fn inside<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Vec<PathBuf> {
    let folder = |path: &'p Path| {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        folder.canonicalize().ok()
    };
    paths.into_iter().filter_map(folder).collect()
}

/// Whether a word of `[include]` may stand for several files.
fn is_pattern(word: &str) -> bool {
    word.contains(['*', '?', '['])
}

/// Whether a file has one of the sections that belong to supervisord itself.
fn is_main(file: &File) -> bool {
    let own = ["supervisord", "supervisorctl", "unix_http_server", "inet_http_server"];
    file.sections.iter().any(|section| own.contains(&&*section.name))
}

/// What is left of an absolute pattern behind the directory of a file: `conf.d/*.conf` of
/// `/etc/supervisor/conf.d/*.conf` where the file is in `/srv/image/etc/supervisor`.
fn below_here<'p>(here: &str, pattern: &'p str) -> Option<&'p str> {
    let rest = pattern.strip_prefix('/')?;
    let ends = rest.match_indices('/').map(|(at, _)| at);
    let mut folders: Vec<usize> = ends.filter(|end| here.ends_with(&pattern[..=*end])).collect();
    folders.pop().map(|end| &rest[end + 1..])
}

fn load(file: &Found) -> Option<Vec<u8>> {
    let Reach::Disk(size) = file.reach else { return None };
    let mut bytes = Vec::new();
    read::read_into(file.real.as_deref().unwrap_or(&file.path), size, MAX_FILE, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::discover::Search;

    /// Files of a directory and the configurations that they make.
    fn found(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut found = Search { paths: &[folder.path().to_owned()], root: None, threads: 1 }.run().files;
        let inside = [folder.path().canonicalize().unwrap()];
        let reading = Reading { inside: Some(&inside), ..Reading::default() };
        let configurations = reading.configurations(&mut found, |_| None);
        let shown = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        let mut out = String::new();
        for Configuration { files, complete, missing, .. } in &configurations {
            let files: Vec<String> = files.iter().map(shown).collect();
            let missing: Vec<&str> = missing.iter().map(|missing| &*missing.pattern).collect();
            out += &format!("{} {complete} [{}]\n", files.join(" "), missing.join(" "));
        }
        out
    }

    #[test]
    fn a_main_file_has_what_it_includes() {
        let main = "[supervisord]\n[include]\nfiles = /etc/supervisor/conf.d/*.conf more/*.ini\n";
        let files = [
            ("etc/supervisor/supervisord.conf", main),
            ("etc/supervisor/conf.d/b.conf", "[program:b]\ncommand=b\n"),
            ("etc/supervisor/conf.d/a.conf", "[program:a]\ncommand=a\n"),
            ("etc/supervisor/more/c.ini", ""),
        ];
        assert_eq!(
            found(&files),
            "etc/supervisor/supervisord.conf etc/supervisor/conf.d/a.conf etc/supervisor/conf.d/b.conf \
             etc/supervisor/more/c.ini true []\n"
        );
        assert_eq!(
            found(&files[1..]),
            "etc/supervisor/conf.d/a.conf false []\netc/supervisor/conf.d/b.conf false []\n"
        );
    }

    #[test]
    fn what_is_not_there_is_told() {
        let main = "[supervisord]\n[include]\nfiles = conf.d/*.conf /etc/passw[d]\n";
        assert_eq!(found(&[("supervisord.conf", main)]), "supervisord.conf false [conf.d/*.conf /etc/passw[d]]\n");
    }

    #[test]
    fn what_the_target_may_have_is_told_from_what_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        fs::create_dir_all(here.join("empty.d")).unwrap();
        fs::create_dir_all(here.join("some.d")).unwrap();
        fs::write(here.join("empty.d/.keep"), "").unwrap();
        fs::write(here.join("some.d/a.ini"), "").unwrap();
        let main = here.join("supervisord.conf");
        let why = |root: Option<&Path>, pattern: &str| Reading { root, ..Reading::default() }.why_none(&main, pattern);
        assert_eq!(why(None, "a.conf"), Why::NoFile);
        assert_eq!(why(None, &format!("{}/a.conf", here.display())), Why::NoFile);
        assert_eq!(why(None, "empty.d/*.conf"), Why::Empty);
        assert_eq!(why(None, "empty.d/a.conf"), Why::NoFile);
        assert_eq!(why(None, "some.d/*.conf"), Why::NoFile);
        assert_eq!(why(None, "none.d/*.conf"), Why::NoFile);
        assert_eq!(why(None, "/srv/none.d/*.conf"), Why::Elsewhere);
        assert_eq!(why(Some(here), "/some.d/*.conf"), Why::NoFile);
        assert_eq!(why(Some(here), "/empty.d/*.conf"), Why::Empty);
    }

    #[test]
    fn files_that_include_each_other_are_read_once() {
        let main = "[supervisord]\n[include]\nfiles = *.conf supervisor.conf\n";
        assert_eq!(
            found(&[("supervisord.conf", main), ("supervisor.conf", "[include]\nfiles=supervisord.conf\n")]),
            "supervisord.conf supervisor.conf true []\n"
        );
    }

    #[test]
    fn a_tree_is_told_from_a_pattern() {
        for (here, pattern, rest) in [
            ("/w/image/etc/supervisor", "/etc/supervisor/conf.d/*.conf", Some("conf.d/*.conf")),
            ("/etc", "/etc/supervisord.d/*.ini", Some("supervisord.d/*.ini")),
            ("/w/deploy", "/etc/supervisor/conf.d/*.conf", None),
            ("/w/detc", "/etc/a.conf", None),
            ("/etc", "conf.d/*", None),
        ] {
            assert_eq!(below_here(here, pattern), rest, "{here} {pattern}");
        }
    }
}
