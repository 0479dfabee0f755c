//! What `s6-rc-compile` would refuse of source definition directories, or pass
//! over; from its source and from the manual of its format.

use std::collections::{BTreeMap, BTreeSet};

use svlsp_core::backends::{Content, Directory};

/// Files of a longrun that s6-rc copies or reads.
const LONGRUN: [&str; 17] = [
    "type",
    "run",
    "finish",
    "notification-fd",
    "lock-fd",
    "timeout-kill",
    "timeout-finish",
    "max-death-tally",
    "down-signal",
    "timeout-up",
    "timeout-down",
    "flag-newpidns",
    "flag-essential",
    "flag-recommended",
    "producer-for",
    "consumer-for",
    "pipeline-name",
];
/// Files of a oneshot.
const ONESHOT: [&str; 7] = ["type", "up", "down", "timeout-up", "timeout-down", "flag-essential", "flag-recommended"];
/// Files of a bundle.
const BUNDLE: [&str; 3] = ["type", "flag-essential", "flag-recommended"];
/// Files that hold a number.
const NUMBERS: [&str; 7] =
    ["notification-fd", "lock-fd", "timeout-kill", "timeout-finish", "timeout-up", "timeout-down", "max-death-tally"];

/// What is wrong with these directories as one source.
pub fn complaints(directories: &[Directory]) -> Vec<String> {
    let mut source = Source::default();
    for directory in directories {
        source.add(directory);
    }
    source.check();
    source.complaints
}

/// A source directory.
#[derive(Default)]
struct Source<'d> {
    services: BTreeMap<&'d str, Service<'d>>,
    complaints: Vec<String>,
}

/// One definition directory.
#[derive(Default)]
struct Service<'d> {
    shared: bool,
    files: BTreeMap<&'d str, &'d Content>,
}

impl<'d> Service<'d> {
    fn text(&self, file: &str) -> Option<String> {
        match self.files.get(file)? {
            Content::Text(text) | Content::Script(text) => Some(String::from_utf8_lossy(text).into_owned()),
            Content::Link(_) | Content::Directory => None,
        }
    }

    fn kind(&self) -> String {
        self.text("type").unwrap_or_default().trim_end_matches('\n').to_owned()
    }

    /// The names in a file of names, one a line.
    fn names(&self, file: &str) -> Vec<String> {
        let text = self.text(file).unwrap_or_default();
        let names = text.lines().map(|line| line.trim_start_matches([' ', '\t']));
        names.filter(|name| !name.is_empty() && !name.starts_with('#')).map(str::to_owned).collect()
    }

    /// The names of the files in a directory.
    fn listed(&self, folder: &str) -> impl Iterator<Item = &'d str> + use<'_, 'd> {
        let prefix = format!("{folder}/");
        self.files.keys().filter_map(move |path| path.strip_prefix(&*prefix))
    }
}

impl<'d> Source<'d> {
    fn add(&mut self, directory: &'d Directory) {
        let name = directory.name.as_str();
        let known = self.services.entry(name).or_default();
        if !(known.files.is_empty() || known.shared && directory.shared) {
            self.complaints.push(format!("{name}: duplicate service definition"));
        }
        known.shared = directory.shared;
        known.files.extend(directory.files.iter().map(|file| (file.path.as_str(), &file.content)));
    }

    fn check(&mut self) {
        let mut complaints = Vec::new();
        for (name, service) in &self.services {
            let mut complain = |what: String| complaints.push(format!("{name}: {what}"));
            if name.starts_with('.') || name.contains('\n') || name.starts_with("s6rc-") || name.starts_with("s6-rc-") {
                complain("not a name for a service".to_owned());
            }
            let (files, folders): (&[&str], &[&str]) = match &*service.kind() {
                "longrun" => (&LONGRUN, &["data/", "env/", "dependencies.d/"]),
                "oneshot" => (&ONESHOT, &["dependencies.d/"]),
                "bundle" => (&BUNDLE, &["contents.d"]),
                other => return self.complaints.push(format!("{name}: {other:?} is no type")),
            };
            for path in service.files.keys() {
                if !files.contains(path) && !folders.iter().any(|folder| path.starts_with(folder)) {
                    complain(format!("{path} means nothing to a {}", service.kind()));
                }
            }
            for file in NUMBERS {
                let number = service.text(file).map(|text| text.trim_end_matches('\n').parse::<u32>());
                if number.is_some_and(|number| number.is_err()) {
                    complain(format!("{file} holds no number"));
                }
            }
            self.of_kind(name, service, &mut complain);
        }
        self.complaints.extend(complaints);
        let names: Vec<_> = self.services.keys().copied().collect();
        for name in names {
            if let Some(path) = self.cycle(name, &mut vec![name]) {
                self.complaints.push(format!("cyclic dependency: {path}"));
                break;
            }
        }
    }

    /// What is asked of each kind.
    fn of_kind(&self, name: &str, service: &Service, complain: &mut impl FnMut(String)) {
        let kind = |name: &str| self.services.get(name).map(Service::kind).unwrap_or_default();
        for folder in ["dependencies.d", "contents.d"] {
            for other in service.listed(folder).filter(|other| !self.services.contains_key(other)) {
                complain(format!("{folder}/{other}: undefined service name"));
            }
        }
        match &*service.kind() {
            "oneshot" if service.text("up").is_none() => complain("there is no up".to_owned()),
            "longrun" if !matches!(service.files.get("run"), Some(Content::Script(_))) => {
                complain("there is no run to be executed".to_owned());
            }
            "bundle" if !service.files.keys().any(|path| path.starts_with("contents.d")) => {
                complain("there is no contents.d".to_owned());
            }
            _ => {}
        }
        let (consumers, producers) = (service.names("producer-for"), service.names("consumer-for"));
        if service.files.contains_key("producer-for") && consumers.len() != 1 {
            complain("producer-for should only contain one service name".to_owned());
        }
        for (others, file) in [(&consumers, "consumer-for"), (&producers, "producer-for")] {
            for other in others {
                let declared = self.services.get(&**other).is_some_and(|other| {
                    other.kind() == "longrun" && other.names(file).iter().any(|back| back == name)
                });
                if !declared {
                    complain(format!("{other} doesn't declare it back, or is a {:?}", kind(other)));
                }
            }
        }
        let pipeline = service.names("pipeline-name");
        if service.files.contains_key("pipeline-name") {
            match &pipeline[..] {
                _ if producers.is_empty() || !consumers.is_empty() => {
                    complain("pipeline-name, though it isn't a last consumer".to_owned());
                }
                [one] if self.services.contains_key(&**one) => complain(format!("{one} is defined already")),
                [_] => {}
                _ => complain("pipeline-name should only contain one name".to_owned()),
            }
        }
    }

    /// A way from the last of `path` back to `start`.
    fn cycle(&self, start: &'d str, path: &mut Vec<&'d str>) -> Option<String> {
        let mut seen = BTreeSet::new();
        self.search(start, path, &mut seen)
    }

    fn search(&self, start: &'d str, path: &mut Vec<&'d str>, seen: &mut BTreeSet<&'d str>) -> Option<String> {
        let service = self.services.get(path.last()?)?;
        let next: Vec<_> = service.listed("dependencies.d").chain(service.listed("contents.d")).collect();
        for other in next {
            if other == start {
                return Some(format!("{} -> {start}", path.join(" -> ")));
            }
            if seen.insert(other) {
                path.push(other);
                if let Some(found) = self.search(start, path, seen) {
                    return Some(found);
                }
                path.pop();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &str) {
        let mut directories: Vec<Directory> = Vec::new();
        for (path, text) in files {
            let (name, file) = path.split_once('/').unwrap();
            if directories.iter().all(|directory| directory.name != name) {
                directories.push(Directory { name: name.to_owned(), ..Directory::default() });
            }
            let directory = directories.iter_mut().find(|directory| directory.name == name).unwrap();
            match file {
                "run" => directory.script(file, *text),
                _ => directory.text(file, *text),
            }
        }
        assert_eq!(complaints(&directories).join("; "), expected);
    }

    #[test]
    fn what_is_refused() {
        let web = [("web/type", "longrun\n"), ("web/run", "")];
        let with = |more: &[(&'static str, &'static str)]| [&web[..], more].concat();
        check(&web, "");
        check(&[("web/type", "daemon\n")], "web: \"daemon\" is no type");
        check(&[("web/type", "longrun\n")], "web: there is no run to be executed");
        check(&[("up/type", "oneshot\n")], "up: there is no up");
        check(&[("all/type", "bundle\n")], "all: there is no contents.d");
        check(&with(&[("web/down", "")]), "web: down means nothing to a longrun");
        check(&with(&[("web/timeout-up", "1s\n")]), "web: timeout-up holds no number");
        check(&with(&[("web/dependencies.d/db", "")]), "web: dependencies.d/db: undefined service name");
        check(&with(&[("web/producer-for", "log\n")]), "web: log doesn't declare it back, or is a \"\"");
        check(
            &with(&[("all/type", "bundle"), ("all/contents.d/web", ""), ("web/dependencies.d/all", "")]),
            "cyclic dependency: all -> web -> all",
        );
        check(&[("s6rc-x/type", "longrun"), ("s6rc-x/run", "")], "s6rc-x: not a name for a service");
    }

    #[test]
    fn a_pipeline() {
        let files = [
            ("web/type", "longrun\n"),
            ("web/run", ""),
            ("web/producer-for", "web-log\n"),
            ("web-log/type", "longrun\n"),
            ("web-log/run", ""),
            ("web-log/consumer-for", "web\n"),
            ("web-log/pipeline-name", "web-pipeline\n"),
        ];
        check(&files, "");
        let twice = [&files[..], &[("web-pipeline/type", "bundle"), ("web-pipeline/contents.d/web", "")]].concat();
        check(&twice, "web-log: web-pipeline is defined already");
    }
}
