//! `%` specifiers: which there are, and what a value looks like with them
//! resolved (`src/shared/specifier.c`, `src/core/unit-printf.c`,
//! `src/shared/install-printf.c`).

use std::borrow::Cow;

use super::words::Word;
use super::{Context, Problem, ValueType};
use crate::schema::{self, Manager, sets};
use crate::text::Span;
use crate::units::{unescape_path_to, unescape_to};

/// Where specifiers stand, which says what ones there are and how long the result may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether only those for unit names are known.
    pub names_only: bool,
    /// The most bytes that the result may have.
    pub limit: usize,
}

/// What is to be put in for the unit's own name.
#[derive(Clone, Copy, Debug)]
struct Name<'a> {
    prefix: &'a str,
    instance: Option<&'a str>,
    suffix: &'a str,
}

/// Instances to try for a unit whose own isn't known: a word, a number, a
/// path, a unit, a calendar event, a time of day.
const INSTANCES: &[&str] = &["i", "1", "-i", "i.service", "i.slice", "daily", "1:00"];

/// What `data/sets` says of the specifier `%letter`, of whatever version.
pub fn get(letter: u8) -> Option<&'static schema::Word> {
    sets::SPECIFIER.get(std::str::from_utf8(&[letter]).ok()?)
}

/// Whether `%letter` stands for something that the unit's name says.
pub fn is_of_name(letter: u8) -> bool {
    b"IJNPfijnp".contains(&letter)
}

/// Whether `%letter` stands for the instance or a part of the name with it.
pub fn is_of_instance(letter: u8) -> bool {
    b"INfin".contains(&letter)
}

impl Place {
    /// In any text.
    pub const TEXT: Place = Place { names_only: false, limit: 1 << 20 };
    /// In a path.
    pub const PATH: Place = Place { names_only: false, limit: 4095 };
    /// In the name of a unit, and in `[Install]`.
    pub const UNIT: Place = Place { names_only: true, limit: 256 };
    /// In the name of a file descriptor or of a credential.
    pub const NAME: Place = Place { names_only: false, limit: 255 };
}

/// Where the specifiers of a value of this type stand; `None` if a `%` means
/// nothing in it.
pub fn place(value: ValueType) -> Option<Place> {
    use ValueType::*;
    match value {
        ApparmorProfile | BindPaths | ConditionString | CpuAffinity | CpuSet | Documentation | Environment | Exec
        | ExecDirectories | ExtensionImages | InputText | InterfaceName | LogExtraFields | MountImages | MountNode
        | NetworkInterface | PassEnvironment | ProtectHostname | RebootParameter | RootImageOptions
        | SelinuxContext | SmackProcessLabel | SocketAddress | TemporaryFilesystems | Text | Timer
        | UnsetEnvironment | User | UserList | Xattr => Some(Place::TEXT),
        BpfForeignProgram | BpfProgramPath | ColonSeparatedPaths | ConditionPath | DeviceAllow | EnvironmentFile
        | IoDeviceLatency | IoDeviceWeight | IoLimit | MountsFor | NamespacePaths | Path | PathList | PidFile
        | WatchedPath | WorkingDirectory => Some(Place::PATH),
        InstallAlias
        | InstallAlso
        | InstallDefaultInstance
        | InstallUnits
        | ObsoleteUnitList
        | ServiceSockets
        | Slice
        | SocketService
        | TriggerUnit
        | UnitList => Some(Place::UNIT),
        BusName | ExecInput | ExecOutput | FdName | ImportCredential | LoadCredential | LogNamespace
        | SetCredential => Some(Place::NAME),
        _ => None,
    }
}

/// Where specifiers stand in `text`: each `%` with the letter behind it;
/// `%%` and a `%` that means nothing are left out.
pub fn find(text: &str) -> impl Iterator<Item = (Span, u8)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let percent = at + memchr::memchr(b'%', bytes.get(at..)?)?;
            let letter = *bytes.get(percent + 1)?;
            at = percent + 2;
            if letter.is_ascii_alphanumeric() {
                return Some((Span::new(percent, percent + 2), letter));
            }
        }
    })
}

/// Reads what `word` becomes once its specifiers are resolved.
///
/// `read` may be called several times: where the instance of the unit isn't
/// known (a template, a drop-in for many units), a few likely ones are tried,
/// and what it accepts for one of them is good. Facts of the host (`%H`,
/// `%v`) are plausible ones. What `read` says about a part of its text is
/// placed as well as can be. An unknown specifier is a problem of its own.
pub fn resolve<T>(
    word: &Word,
    place: Place,
    context: &Context,
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(&str) -> Result<T, Problem>,
) -> Option<T> {
    if word.text.len() <= place.limit && !word.text.contains('%') {
        return match read(&word.text) {
            Ok(value) => Some(value),
            Err(problem) => {
                problems.push(Problem { span: word.place(problem.span), ..problem });
                None
            }
        };
    }
    check(word, place, context, problems)?;
    let mut first = None;
    for name in names(context) {
        let read = expand_as(&word.text, name, context, place.limit)
            .map_err(|letter| {
                Problem::refused(word.span, format!("\"%{}\" can't be resolved for this unit", letter as char))
            })
            .and_then(|text| match text.len() <= place.limit {
                true => read(&text).map_err(|problem| Problem { span: word.span, replacement: None, ..problem }),
                false => Err(Problem::refused(word.span, format!("more than {} bytes are too long here", place.limit))),
            });
        match read {
            Ok(value) => return Some(value),
            Err(problem) => first = first.or(Some(problem)),
        }
    }
    problems.extend(first);
    None
}

/// What `text`, the name of a unit, may become with its specifiers resolved, the first guess where
/// there is more than one; `None` if a specifier can't be.
///
/// Unknown ones are left as they are; what gets too long for a name is cut.
pub fn expand<'t>(text: &'t str, context: &Context) -> Option<Cow<'t, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let name = names(context).next()?;
    expand_as(text, name, context, Place::UNIT.limit).ok().map(Cow::Owned)
}

/// Reports unknown and deprecated specifiers; `None` if there are unknown ones.
fn check(word: &Word, place: Place, context: &Context, problems: &mut Vec<Problem>) -> Option<()> {
    for (span, letter) in find(&word.text) {
        let at = word.place(span);
        let written = &word.text[span];
        match get(letter) {
            Some(known) if known.known_to(context.version) && (known.scope == "name" || !place.names_only) => {
                if known.deprecated != 0 && known.deprecated <= context.version.0 {
                    problems.push(Problem::deprecated(at, format!("the specifier \"{written}\" is deprecated")));
                }
                continue;
            }
            Some(known) if known.since > context.version.0 => {
                let message = format!("systemd {} doesn't know the specifier \"{written}\" yet", context.version.0);
                problems.push(Problem::refused(at, message));
            }
            Some(_) => {
                let message = format!("the specifier \"{written}\" can't be used in unit names");
                problems.push(Problem::refused(at, message));
            }
            None => {
                let message = format!("there is no specifier \"{written}\"; write a percent sign as \"%%\"");
                let problem = Problem::refused(at, message);
                let exact = at.len() == span.len();
                problems.push(if exact { problem.or(format!("%{written}"), false) } else { problem });
            }
        }
        return None;
    }
    Some(())
}

/// What the unit may be called.
fn names<'a>(context: &Context<'a>) -> impl Iterator<Item = Name<'a>> + use<'a> {
    let (prefix, instance, suffix) = match context.unit {
        Some(name) => (name.prefix(), name.instance(), name.kind().suffix()),
        None => ("unit", Some(""), "service"),
    };
    let guesses = if instance == Some("") { INSTANCES.len() } else { 1 };
    (0..guesses).map(move |guess| {
        let instance = instance.map(|known| if known.is_empty() { INSTANCES[guess] } else { known });
        Name { prefix, instance, suffix }
    })
}

/// The text with its specifiers resolved, cut somewhere behind `limit` bytes;
/// or the letter of the specifier that can't be.
fn expand_as(text: &str, name: Name, context: &Context, limit: usize) -> Result<String, u8> {
    let mut out = Vec::with_capacity(text.len() + 32);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next().filter(|_| out.len() <= limit) {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            None | Some(b'%') => out.push(b'%'),
            Some(letter) => {
                if !letter.is_ascii_alphanumeric() {
                    out.extend([b'%', letter]);
                } else if name.put(letter, &mut out).ok_or(letter)? {
                } else if let Some(fact) = fact(letter, context.manager) {
                    out.extend_from_slice(fact.as_bytes());
                } else {
                    out.extend([b'%', letter]);
                }
            }
        }
    }
    Ok(String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

impl Name<'_> {
    /// Appends what the specifier stands for and says whether it is one of
    /// the unit's name at all; `None` if the name can't be unescaped.
    fn put(self, letter: u8, out: &mut Vec<u8>) -> Option<bool> {
        let last = self.prefix.rsplit_once('-').map_or(self.prefix, |(_, last)| last);
        let instance = self.instance.unwrap_or_default();
        match letter {
            b'i' => out.extend_from_slice(instance.as_bytes()),
            b'j' => out.extend_from_slice(last.as_bytes()),
            b'p' => out.extend_from_slice(self.prefix.as_bytes()),
            b'I' => unescape_to(instance, out)?,
            b'J' => unescape_to(last, out)?,
            b'P' => unescape_to(self.prefix, out)?,
            b'f' => unescape_path_to(self.instance.unwrap_or(self.prefix), out)?,
            b'N' => self.stem(out),
            b'n' => self.full(out),
            b'd' => {
                out.extend_from_slice(b"/run/credentials/");
                self.full(out);
            }
            b'y' => {
                out.extend_from_slice(b"/etc/systemd/system/");
                self.full(out);
            }
            b'c' => {
                out.extend_from_slice(b"/system.slice/");
                self.full(out);
            }
            _ => return Some(false),
        }
        Some(true)
    }

    fn stem(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.prefix.as_bytes());
        if let Some(instance) = self.instance {
            out.push(b'@');
            out.extend_from_slice(instance.as_bytes());
        }
    }

    fn full(self, out: &mut Vec<u8>) {
        self.stem(out);
        out.push(b'.');
        out.extend_from_slice(self.suffix.as_bytes());
    }
}

/// What a fact of the host may look like, under systemd's own paths.
fn fact(letter: u8, manager: Manager) -> Option<&'static str> {
    let user = manager == Manager::User;
    let by_manager = |system, users| if user { users } else { system };
    Some(match letter {
        b'A' | b'B' | b'W' => "1",
        b'C' => by_manager("/var/cache", "/home/user/.cache"),
        b'D' => by_manager("/usr/share", "/home/user/.local/share"),
        b'E' => by_manager("/etc", "/home/user/.config"),
        b'G' | b'U' => by_manager("0", "1000"),
        b'H' | b'l' | b'q' => "host",
        b'L' => by_manager("/var/log", "/home/user/.local/state/log"),
        b'M' => "image",
        b'R' => "",
        b'S' => by_manager("/var/lib", "/home/user/.local/state"),
        b'T' => "/tmp",
        b'V' => "/var/tmp",
        b'Y' => by_manager("/etc/systemd/system", "/home/user/.config/systemd/user"),
        b'a' => "x86-64",
        b'b' | b'm' => "0123456789abcdef0123456789abcdef",
        b'g' | b'u' => by_manager("root", "user"),
        b'h' => by_manager("/root", "/home/user"),
        b'o' => "debian",
        b'r' => by_manager("/system.slice", "/app.slice"),
        b's' => by_manager("/bin/sh", "/bin/bash"),
        b't' => by_manager("/run", "/run/user/1000"),
        b'v' => "6.1.0-1-amd64",
        b'w' => "12",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{context, show};

    fn expanded(unit: &str, place: Place, text: &str) -> String {
        let mut problems = Vec::new();
        let context = context("Description", 252, unit);
        let text = resolve(&Word::whole(text), place, &context, &mut problems, |text| Ok(text.to_owned()));
        text.into_iter().chain(problems.iter().map(show)).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn each_has_a_value() {
        for specifier in sets::SPECIFIER.words.iter().filter(|word| word.text != "%") {
            let text = format!("%{}", specifier.text);
            let context = context("Description", 262, "a-b@c.service");
            assert_ne!(expand(&text, &context).unwrap(), text, "has a value");
        }
    }

    #[test]
    fn specifiers_stand_for_their_values() {
        for (unit, place, text, expected) in [
            ("a.service", Place::TEXT, "no percent", "no percent"),
            ("a-b.service", Place::TEXT, "%n %N %p %j %J %P %i|%I %f", "a-b.service a-b a-b b b a/b | /a/b"),
            ("a-b@c-d.service", Place::TEXT, "%n %N %p %i %I %f", "a-b@c-d.service a-b@c-d a-b c-d c/d /c/d"),
            ("x@-.service", Place::TEXT, "%I %f", "/ /"),
            ("x@a\\x20b.service", Place::TEXT, "%I", "a b"),
            ("x@a\\y.service", Place::TEXT, "%I", "refused 0-2 \"%I\" can't be resolved for this unit"),
            ("x@-a.service", Place::TEXT, "%f", "refused 0-2 \"%f\" can't be resolved for this unit"),
            ("x@.service", Place::TEXT, "%i", "i"),
            ("", Place::TEXT, "%n", "unit@i.service"),
            ("a.service", Place::TEXT, "100% %% %, %", "100% % %, %"),
            ("a.service", Place::TEXT, "%h/x:%t", "/root/x:/run"),
            (
                "a.service",
                Place::TEXT,
                "x%z",
                "refused 1-3 there is no specifier \"%z\"; write a percent sign as \"%%\" (perhaps: %%z)",
            ),
            ("a.service", Place::TEXT, "%D", "refused 0-2 systemd 252 doesn't know the specifier \"%D\" yet"),
            ("a.service", Place::UNIT, "%h", "refused 0-2 the specifier \"%h\" can't be used in unit names"),
            ("a.service", Place::TEXT, "%r", "/system.slice; deprecated 0-2 the specifier \"%r\" is deprecated"),
        ] {
            assert_eq!(expanded(unit, place, text), expected, "{unit} {text}");
        }
    }

    #[test]
    fn one_likely_instance_that_fits_is_enough() {
        let mut problems = Vec::new();
        let context = context("Description", 252, "x@.service");
        let absolute = |text: &str| match text.starts_with('/') {
            true => Ok(()),
            false => Err(Problem::refused(Span::default(), "not absolute")),
        };
        assert_eq!(resolve(&Word::whole("%I"), Place::TEXT, &context, &mut problems, absolute), Some(()));
        assert_eq!(resolve(&Word::whole("a%I"), Place::TEXT, &context, &mut problems, absolute), None);
        assert_eq!(problems.iter().map(show).collect::<Vec<_>>(), ["refused 0-3 not absolute"]);
    }
}
