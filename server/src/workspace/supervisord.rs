//! Which files make up a configuration of supervisord.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use svlsp_core::rules::MAX_FILE;
use svlsp_core::syntax::{self, Dialect, File};
use svlsp_core::text;
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
    /// Whether it leads to files that may not be read.
    pub outside: bool,
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
    /// The directory of the file `path` as supervisord sees it.
    pub fn here_of(&self, path: &Path) -> Option<&str> {
        let at = self.files.iter().position(|file| file == path)?;
        self.here.get(at).map(|here| &**here)
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
            for Pattern { text: pattern, unknown, .. } in &sketch.includes {
                let included = if unknown.is_empty() { self.expand(&path, pattern) } else { Vec::new() };
                let within = |included: &PathBuf| self.may_read(included);
                let (within, outside): (Vec<_>, Vec<_>) = included.into_iter().partition(within);
                if within.is_empty() || !outside.is_empty() {
                    configuration.missing.push(Missing { pattern: pattern.clone(), outside: !outside.is_empty() });
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
                    // What is read again is read last.
                    let before = configuration.files.iter().skip(1).position(|other| *other == included);
                    before.into_iter().for_each(|before| drop(configuration.files.remove(before + 1)));
                    if included != path {
                        configuration.files.push(included);
                    }
                }
            }
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
    use std::fs;

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
