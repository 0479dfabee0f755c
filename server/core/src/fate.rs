//! What becomes of a setting on another supervisor.

use std::borrow::Cow;
use std::fmt;

/// A supervisor that units are translated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backend {
    /// runit: a directory for `runsv`.
    Runit,
    /// s6: a directory for `s6-supervise`.
    S6,
    /// s6-rc: source definition directories for `s6-rc-compile`.
    S6rc,
    /// nosh: a bundle for `service-manager`.
    Nosh,
    /// systemd: unit files.
    Systemd,
}

/// What becomes of one setting on one backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The backend has it.
    Native {
        /// What it is there.
        with: Text,
    },
    /// The same effect through another tool.
    Emulated {
        /// Which tool.
        with: Text,
    },
    /// Close, but not the same.
    Approximated {
        /// What is done.
        with: Text,
        /// What differs.
        loses: Text,
    },
    /// It can't be expressed.
    Lost {
        /// Why.
        why: Text,
    },
    /// Dropping it changes nothing.
    Irrelevant {
        /// Why.
        why: Text,
    },
}

/// A clause in Markdown: lower case, no full stop.
pub type Text = Cow<'static, str>;

/// A fate without its texts, from the best to the worst that may befall a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Level {
    Irrelevant,
    Native,
    Emulated,
    Approximated,
    Lost,
}

impl Backend {
    /// Every one.
    pub const ALL: [Backend; 5] = [Backend::Runit, Backend::S6, Backend::S6rc, Backend::Nosh, Backend::Systemd];

    /// Every one but systemd: what there is to say of a unit of systemd.
    pub const OTHERS: [Backend; 4] = [Backend::Runit, Backend::S6, Backend::S6rc, Backend::Nosh];

    /// Its name as users write it.
    pub const fn name(self) -> &'static str {
        match self {
            Backend::Runit => "runit",
            Backend::S6 => "s6",
            Backend::S6rc => "s6-rc",
            Backend::Nosh => "nosh",
            Backend::Systemd => "systemd",
        }
    }

    /// The backend of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Backend::ALL.into_iter().find(|backend| backend.name() == name)
    }
}

impl Fate {
    /// The backend has it.
    pub fn native(with: impl Into<Text>) -> Self {
        Fate::Native { with: with.into() }
    }

    /// Another tool does it.
    pub fn emulated(with: impl Into<Text>) -> Self {
        Fate::Emulated { with: with.into() }
    }

    /// Something close is done.
    pub fn approximated(with: impl Into<Text>, loses: impl Into<Text>) -> Self {
        Fate::Approximated { with: with.into(), loses: loses.into() }
    }

    /// It can't be expressed.
    pub fn lost(why: impl Into<Text>) -> Self {
        Fate::Lost { why: why.into() }
    }

    /// Dropping it changes nothing.
    pub fn irrelevant(why: impl Into<Text>) -> Self {
        Fate::Irrelevant { why: why.into() }
    }

    /// How good or bad it is.
    pub fn level(&self) -> Level {
        match self {
            Fate::Native { .. } => Level::Native,
            Fate::Emulated { .. } => Level::Emulated,
            Fate::Approximated { .. } => Level::Approximated,
            Fate::Lost { .. } => Level::Lost,
            Fate::Irrelevant { .. } => Level::Irrelevant,
        }
    }
}

/// "emulated: `nice -n`", "approximated: `sv start` in `run`; it isn't stopped with the other one".
impl fmt::Display for Fate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.level().name())?;
        match self {
            Fate::Native { with: text } | Fate::Emulated { with: text } => write!(formatter, ": {text}"),
            Fate::Lost { why: text } | Fate::Irrelevant { why: text } => write!(formatter, ": {text}"),
            Fate::Approximated { with, loses } => write!(formatter, ": {with}; {loses}"),
        }
    }
}

impl Level {
    /// As it is written in reports: `native`.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Irrelevant => "irrelevant",
            Level::Native => "native",
            Level::Emulated => "emulated",
            Level::Approximated => "approximated",
            Level::Lost => "lost",
        }
    }
}
