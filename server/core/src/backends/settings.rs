//! The target as users write it: `version=2.13`, `tools=+s6,-util-linux`.

use super::target::{Flavour, Layout, LogStyle, Target, ToolSet, Version};
use crate::fate::Backend;
use crate::schema::nearest;
use crate::units::UnitName;
use crate::values::boolean;

/// One thing that can be said of a target.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// What it is called.
    pub name: &'static str,
    /// The backends that ask for it.
    pub backends: &'static [Backend],
    /// What may be said.
    pub values: &'static str,
    /// What it means: one sentence without its full stop.
    pub doc: &'static str,
}

/// Everything that can be said of a target.
pub const KEYS: [Key; 9] = [
    Key {
        name: "version",
        backends: &[Backend::S6, Backend::S6rc],
        values: "a version, such as 2.13.1",
        doc: "The version of s6",
    },
    Key {
        name: "version",
        backends: &[Backend::Systemd],
        values: "a version, such as 252",
        doc: "The systemd that shall read the units",
    },
    Key {
        name: "tools",
        backends: &Backend::OTHERS,
        values: "util-linux, s6, s6-networking; or `none`",
        doc: "The programs that are there, all others not; with `+` and `-` in front of each, what differs from the default",
    },
    Key {
        name: "log",
        backends: &Backend::OTHERS,
        values: "svlogd, s6-log, cyclog, syslog, none",
        doc: "Who writes the log",
    },
    Key {
        name: "log-directory",
        backends: &Backend::OTHERS,
        values: "an absolute path",
        doc: "The directory of the logs, one directory a service below it",
    },
    Key {
        name: "cgroups",
        backends: &Backend::OTHERS,
        values: "yes or no",
        doc: "Whether a control group hierarchy v2 is there that the supervisor may write to",
    },
    Key {
        name: "flavour",
        backends: &[Backend::Runit],
        values: "plain, void, debian, artix",
        doc: "The distribution whose customs are followed",
    },
    Key {
        name: "layout",
        backends: &[Backend::S6rc],
        values: "plain, s6-overlay",
        doc: "How the directories are arranged: for `s6-rc-compile`, or as s6-overlay v3 takes them",
    },
    Key {
        name: "unit",
        backends: &Backend::OTHERS,
        values: "NAME:SERVICE, or NAME: alone",
        doc: "What takes the place of a unit that isn't converted: another service, or nothing, as it is there in any case",
    },
];

/// The programs that may be there or not.
pub const TOOLS: [&str; 3] = ["util-linux", "s6", "s6-networking"];

const FLAVOURS: [(&str, Flavour); 4] =
    [("plain", Flavour::Plain), ("void", Flavour::Void), ("debian", Flavour::Debian), ("artix", Flavour::Artix)];

const LAYOUTS: [(&str, Layout); 2] = [("plain", Layout::Plain), ("s6-overlay", Layout::S6Overlay)];

const LOG_STYLES: [(&str, LogStyle); 5] = [
    ("svlogd", LogStyle::Svlogd),
    ("s6-log", LogStyle::S6Log),
    ("cyclog", LogStyle::Cyclog),
    ("syslog", LogStyle::Syslog),
    ("none", LogStyle::None),
];

impl Target {
    /// Says one thing of the target: one of [`KEYS`].
    ///
    /// # Errors
    ///
    /// What is wrong with the key or the value, and what was expected.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let named = || KEYS.iter().filter(|known| known.name == key);
        let own = named().find(|known| known.backends.contains(&self.backend));
        let Some(known) = own.or_else(|| named().next()) else {
            let names = KEYS.iter().filter(|known| known.backends.contains(&self.backend)).map(|known| known.name);
            return Err(unlike("key", key, names));
        };
        if !known.backends.contains(&self.backend) {
            let names: Vec<_> = known.backends.iter().map(|backend| backend.name()).collect();
            return Err(format!(
                "\"{key}\" is nothing that {} asks for, only {}",
                self.backend.name(),
                names.join(", ")
            ));
        }
        let what = || format!("{key}: expected {}, found \"{value}\"", known.values);
        match key {
            "version" => self.version = self.read_version(value).ok_or_else(what)?,
            "tools" => self.tools.set(value)?,
            "log" => self.log = choose("log style", value, &LOG_STYLES)?,
            "log-directory" => match value.starts_with('/') && !value.contains('\0') {
                true => self.log_directory = tidy(value),
                false => return Err(what()),
            },
            "cgroups" => self.cgroups = boolean::read(value).ok_or_else(what)?,
            "flavour" => self.flavour = choose("flavour", value, &FLAVOURS)?,
            "layout" => self.lay_out(choose("layout", value, &LAYOUTS)?),
            _ => {
                let (unit, service) = value.split_once(':').ok_or_else(what)?;
                self.replace(unit, Some(service).filter(|service| !service.is_empty()))?;
            }
        }
        Ok(())
    }

    /// Of systemd it has one part.
    fn read_version(&self, value: &str) -> Option<Version> {
        version(value).filter(|version| self.backend != Backend::Systemd || *version == Version(version.0, 0, 0))
    }

    /// Says what takes the place of a unit that isn't converted.
    ///
    /// # Errors
    ///
    /// What is wrong with one of the names.
    pub fn replace(&mut self, unit: &str, service: Option<&str>) -> Result<(), String> {
        if let Err(problem) = UnitName::check(unit) {
            return Err(format!("\"{unit}\" is no name of a unit: {problem}"));
        }
        if let Some(service) =
            service.filter(|name| name.is_empty() || name.starts_with('.') || name.contains(['/', '\0']))
        {
            return Err(format!("\"{service}\" is no name of a service directory"));
        }
        self.targets.retain(|(known, _)| known != unit);
        self.targets.push((unit.to_owned(), service.map(str::to_owned)));
        Ok(())
    }
}

impl ToolSet {
    /// Takes a list of tools; see [`KEYS`].
    fn set(&mut self, list: &str) -> Result<(), String> {
        let words = || list.split(',').map(str::trim).filter(|word| !word.is_empty());
        let signed = words().filter(|word| word.starts_with(['+', '-'])).count();
        if signed != 0 && signed != words().count() {
            return Err("tools: either every tool has a + or - in front, or none".to_owned());
        }
        if signed == 0 {
            TOOLS.iter().for_each(|name| self.tool(name).into_iter().for_each(|there| *there = false));
        }
        for word in words().filter(|word| *word != "none") {
            let name = word.trim_start_matches(['+', '-']);
            let Some(there) = self.tool(name) else { return Err(unlike("tool", name, TOOLS)) };
            *there = !word.starts_with('-');
        }
        Ok(())
    }

    fn tool(&mut self, name: &str) -> Option<&mut bool> {
        let ToolSet { util_linux, s6, s6_networking } = self;
        Some(match name {
            "util-linux" => util_linux,
            "s6" => s6,
            "s6-networking" => s6_networking,
            _ => return None,
        })
    }
}

fn choose<T: Copy>(what: &str, word: &str, words: &[(&'static str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(name, _)| *name == word);
    found.map(|(_, value)| *value).ok_or_else(|| unlike(what, word, words.iter().map(|(name, _)| *name)))
}

/// That a word is none of `words`.
fn unlike<'w>(what: &str, word: &str, words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match nearest(word, words.iter().copied()) {
        Some(near) => format!("unknown {what} \"{word}\"; did you mean \"{near}\"?"),
        None => format!("unknown {what} \"{word}\"; there are {}", words.join(", ")),
    }
}

/// `2`, `2.13` or `2.13.1`; a `v` in front and what follows a `-` don't count.
fn version(text: &str) -> Option<Version> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let text = text.split_once('-').map_or(text, |(version, _)| version);
    let mut numbers = [0; 3];
    for (at, part) in text.split('.').enumerate() {
        *numbers.get_mut(at)? = part.parse().ok()?;
    }
    Some(Version(numbers[0], numbers[1], numbers[2]))
}

/// Without a slash at the end.
fn tidy(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(backend: Backend, pairs: &[(&str, &str)]) -> Result<Target, String> {
        let mut target = Target::new(backend);
        pairs.iter().try_for_each(|(key, value)| target.set(key, value))?;
        Ok(target)
    }

    #[test]
    fn everything_can_be_said() {
        let pairs = [
            ("tools", "s6-networking, s6"),
            ("log", "none"),
            ("log-directory", "/srv/log//"),
            ("cgroups", "no"),
            ("flavour", "void"),
            ("unit", "network.target:net"),
            ("unit", "a.service:"),
        ];
        let target = set(Backend::Runit, &pairs).unwrap();
        assert_eq!(target.flavour, Flavour::Void);
        assert_eq!((target.log, &*target.log_directory, target.cgroups), (LogStyle::None, "/srv/log", false));
        assert_eq!(target.tools, ToolSet { util_linux: false, s6: true, s6_networking: true });
        assert_eq!(target.targets, [("network.target".into(), Some("net".into())), ("a.service".into(), None)]);
        assert_eq!(set(Backend::S6rc, &[("layout", "s6-overlay")]).unwrap().layout, Layout::S6Overlay);
        assert_eq!(set(Backend::S6, &[("version", "v2.13.1-2")]).unwrap().version, Version(2, 13, 1));
    }

    #[test]
    fn tools_can_differ_from_the_default() {
        let tools = |list| set(Backend::S6, &[("tools", list)]).map(|target| target.tools);
        let default = Target::new(Backend::S6).tools;
        assert_eq!(tools("+s6-networking"), Ok(ToolSet { s6_networking: true, ..default }));
        assert_eq!(tools("-s6,+s6-networking"), Ok(ToolSet { s6: false, s6_networking: true, ..default }));
        assert_eq!(tools(""), tools("none"));
        assert!(!tools("none").unwrap().util_linux);
    }

    #[test]
    fn mistakes_are_named() {
        for (backend, key, value, message) in [
            (Backend::S6, "verison", "1", "unknown key \"verison\"; did you mean \"version\"?"),
            (Backend::S6, "flavour", "void", "\"flavour\" is nothing that s6 asks for, only runit"),
            (Backend::S6, "version", "new", "version: expected a version, such as 2.13.1, found \"new\""),
            (Backend::Systemd, "version", "252.1", "version: expected a version, such as 252, found \"252.1\""),
            (Backend::S6, "version", "1.2.3.4", "version: expected a version, such as 2.13.1, found \"1.2.3.4\""),
            (Backend::S6, "log", "svlog", "unknown log style \"svlog\"; did you mean \"svlogd\"?"),
            (Backend::S6, "tools", "util-linxu", "unknown tool \"util-linxu\"; did you mean \"util-linux\"?"),
            (Backend::S6, "tools", "+s6,util-linux", "tools: either every tool has a + or - in front, or none"),
            (Backend::S6, "log-directory", "log", "log-directory: expected an absolute path, found \"log\""),
            (Backend::S6, "cgroups", "maybe", "cgroups: expected yes or no, found \"maybe\""),
            (Backend::S6, "unit", "a:b", "\"a\" is no name of a unit: there is no suffix such as \".service\""),
            (Backend::S6, "unit", "a.target:../b", "\"../b\" is no name of a service directory"),
        ] {
            assert_eq!(set(backend, &[(key, value)]).map(|_| ()), Err(message.to_owned()), "{key}={value}");
        }
    }
}
