use crate::schema::UnitKind;

/// The longest name a unit may have, in bytes, suffix included (`UNIT_NAME_MAX`).
pub(crate) const MAX_NAME: usize = 255;

/// A valid unit name: `sshd.service`, `getty@tty1.service`, or a template, `getty@.service`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitName {
    text: String,
    kind: UnitKind,
}

impl UnitName {
    /// Reads a name by the rules of `unit_name_is_valid` (`src/basic/unit-name.c`).
    pub fn parse(text: &str) -> Option<Self> {
        let (stem, suffix) = text.rsplit_once('.')?;
        let kind = UnitKind::from_suffix(suffix)?;
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.\\@".contains(&byte);
        if text.len() > MAX_NAME || stem.is_empty() || stem.starts_with('@') || !stem.bytes().all(valid) {
            return None;
        }
        Some(UnitName { text: text.to_owned(), kind })
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
}
