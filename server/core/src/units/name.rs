use crate::schema::{self, UnitKind};

/// The longest name a unit may have, in bytes, suffix included (`UNIT_NAME_MAX`).
pub const MAX_NAME: usize = 255;

/// A valid unit name: `sshd.service`, `getty@tty1.service`, or a template, `getty@.service`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitName {
    text: Box<str>,
    kind: UnitKind,
}

/// Why a text is no unit name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// There is no dot in it, or nothing behind the last one.
    NoSuffix,
    /// What follows the last dot is no kind of unit.
    BadSuffix {
        /// The kind that it may have been meant to be.
        near: Option<UnitKind>,
    },
    /// Nothing stands in front of the suffix or of the `@`.
    NoPrefix,
    /// A character that unit names can't have.
    BadCharacter {
        /// The character.
        character: char,
        /// Its offset in bytes.
        at: usize,
    },
    /// More than [`MAX_NAME`] bytes.
    TooLong {
        /// How many there are.
        length: usize,
    },
}

impl UnitName {
    /// Reads a name by the rules of `unit_name_is_valid` (`src/basic/unit-name.c`).
    pub fn parse(text: &str) -> Option<Self> {
        UnitName::explain(text).ok()
    }

    /// The same, saying what is wrong with a text that is no name.
    pub fn explain(text: &str) -> Result<Self, NameProblem> {
        let kind = valid(text)?;
        Ok(UnitName { text: text.into(), kind })
    }

    /// What kind of unit `text` names, if it is a valid name.
    pub fn check(text: &str) -> Result<UnitKind, NameProblem> {
        valid(text)
    }

    /// The whole name, suffix included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What its suffix says it is.
    pub fn kind(&self) -> UnitKind {
        self.kind
    }

    /// The name without its suffix: `getty@tty1`.
    pub fn stem(&self) -> &str {
        &self.text[..self.text.len() - self.kind.suffix().len() - 1]
    }

    /// The part in front of the `@`, or the whole stem where there is none: `getty`.
    pub fn prefix(&self) -> &str {
        self.stem().split_once('@').map_or(self.stem(), |(prefix, _)| prefix)
    }

    /// What follows the `@`: `tty1`; empty for a template, `None` for a plain name.
    pub fn instance(&self) -> Option<&str> {
        self.stem().split_once('@').map(|(_, instance)| instance)
    }

    /// Whether it is a template: its instance is still open.
    pub fn is_template(&self) -> bool {
        self.instance() == Some("")
    }

    /// Whether it is made from a template: `getty@tty1.service`.
    pub fn is_instance(&self) -> bool {
        self.instance().is_some_and(|instance| !instance.is_empty())
    }

    /// The template that an instance is made from: `getty@.service`; `None` for other names.
    pub fn template(&self) -> Option<UnitName> {
        self.is_instance().then(|| self.with("", self.kind))
    }

    /// The name with this instance, `None` where it has no `@` or the
    /// instance or the whole would not be valid.
    pub fn with_instance(&self, instance: &str) -> Option<UnitName> {
        self.instance()?;
        let prefix = self.prefix();
        UnitName::parse(&format!("{prefix}@{instance}.{}", self.kind.suffix()))
    }

    /// The unit of another kind with the same stem: the service that a timer
    /// starts when it doesn't say which.
    pub fn sibling(&self, kind: UnitKind) -> UnitName {
        UnitName { text: format!("{}.{}", self.stem(), kind.suffix()).into(), kind }
    }

    fn with(&self, instance: &str, kind: UnitKind) -> UnitName {
        UnitName { text: format!("{}@{instance}.{}", self.prefix(), kind.suffix()).into(), kind }
    }
}

impl std::fmt::Display for NameProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            NameProblem::NoSuffix => f.write_str("there is no suffix such as \".service\""),
            NameProblem::BadSuffix { near: None } => f.write_str("the suffix is no kind of unit"),
            NameProblem::BadSuffix { near: Some(kind) } => {
                write!(f, "the suffix is no kind of unit; did you mean \".{}\"?", kind.suffix())
            }
            NameProblem::NoPrefix => f.write_str("nothing stands in front of the suffix"),
            NameProblem::BadCharacter { character, .. } => {
                write!(f, "{character:?} is none of the characters allowed: letters, digits and \":-_.\\@\"")
            }
            NameProblem::TooLong { length } => {
                write!(f, "it has {length} bytes, {MAX_NAME} are the most")
            }
        }
    }
}

fn valid(text: &str) -> Result<UnitKind, NameProblem> {
    if text.len() > MAX_NAME {
        return Err(NameProblem::TooLong { length: text.len() });
    }
    let (stem, suffix) = text.rsplit_once('.').ok_or(NameProblem::NoSuffix)?;
    let kind = UnitKind::from_suffix(suffix).ok_or_else(|| bad_suffix(suffix))?;
    if stem.is_empty() || stem.starts_with('@') {
        return Err(NameProblem::NoPrefix);
    }
    match stem.char_indices().find(|(_, character)| !is_allowed(*character)) {
        Some((at, character)) => Err(NameProblem::BadCharacter { character, at }),
        None => Ok(kind),
    }
}

/// Whether it may be in a unit's name, apart from the dot of the suffix (`VALID_CHARS_WITH_AT`).
pub(crate) fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || ":-_.\\@".contains(character)
}

fn bad_suffix(suffix: &str) -> NameProblem {
    if suffix.is_empty() {
        return NameProblem::NoSuffix;
    }
    let near = schema::nearest(suffix, UnitKind::ALL.map(UnitKind::suffix));
    NameProblem::BadSuffix { near: near.and_then(UnitKind::from_suffix) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_as_for_systemd() {
        for (name, valid) in [
            ("a.service", true),
            ("a@.service", true),
            ("a@b@c.service", true),
            ("-.mount", true),
            ("dev-sda\\x2d1.device", true),
            ("..service", true),
            ("a:b_c.timer", true),
            ("@.service", false),
            ("@a.service", false),
            (".service", false),
            ("a", false),
            ("a.", false),
            ("a.sevice", false),
            ("a b.service", false),
            ("a/b.service", false),
            ("ä.service", false),
            ("", false),
        ] {
            assert_eq!(UnitName::parse(name).is_some(), valid, "{name}");
        }
        let long = |length: usize| format!("{}.service", "a".repeat(length - 8));
        assert!(UnitName::parse(&long(255)).is_some());
        assert_eq!(UnitName::explain(&long(256)), Err(NameProblem::TooLong { length: 256 }));
    }

    #[test]
    fn a_bad_name_says_why() {
        for (name, why) in [
            ("a", NameProblem::NoSuffix),
            ("a.sevice", NameProblem::BadSuffix { near: Some(UnitKind::Service) }),
            ("a.txt", NameProblem::BadSuffix { near: None }),
            ("@b.service", NameProblem::NoPrefix),
            ("my app.service", NameProblem::BadCharacter { character: ' ', at: 2 }),
        ] {
            assert_eq!(UnitName::explain(name), Err(why), "{name}");
        }
    }

    #[test]
    fn parts_of_an_instance() {
        let name = UnitName::parse("getty@tty1.service").unwrap();
        assert_eq!((name.stem(), name.prefix(), name.instance()), ("getty@tty1", "getty", Some("tty1")));
        let template = name.template().unwrap();
        assert_eq!(template.as_str(), "getty@.service");
        assert!(template.is_template() && template.template().is_none());
        assert_eq!(template.with_instance("tty1"), Some(name.clone()));
        assert_eq!(template.with_instance("a b"), None);
        assert_eq!(name.sibling(UnitKind::Socket).as_str(), "getty@tty1.socket");
    }
}
