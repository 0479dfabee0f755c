//! The options of `svlsp convert` that `svlsp.toml` can set too, and the
//! values of the others.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use svlsp_core::fate::{Backend, Level};
use svlsp_core::values::specifier;

use super::tables::tables;
use crate::cli::options::backend;
use crate::report::statistics::plural;
use crate::workspace::convert::Converted;

/// What `[convert]` in `svlsp.toml` may set too, under the same names.
#[derive(Args, Clone, Debug, Default)]
pub struct ConvertOptions {
    /// The supervisor: runit, s6, s6-rc, nosh, systemd
    #[arg(long, value_name = "BACKEND", value_parser = backend)]
    pub to: Option<Backend>,

    /// The directory that holds the service directories, or the unit files
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write nothing if a setting is lost, or only approximated
    #[arg(long, value_enum, value_name = "FATE")]
    pub deny: Option<Deny>,

    /// What a specifier stands for that only the target knows, such as H=web1
    #[arg(long, value_name = "LETTER=TEXT", value_parser = known)]
    pub specifier: Vec<Known>,

    /// Of supervisord's programs, which ones wait for which others to be ready [default: none]
    #[arg(long, value_enum, value_name = "WHICH")]
    pub dependencies: Option<Dependencies>,

    /// A variable of the environment that the target's supervisord is started with: `%(ENV_NAME)s`
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub environment: Vec<(String, String)>,
}

/// Which programs of supervisord wait for which others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dependencies {
    /// None does, as under supervisord
    None,
    /// Each for those whose priority is the next lower one
    Priority,
}

/// What may not become of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// It can't be expressed
    Lost,
    /// The same, or something close is done that isn't the same
    Approximated,
}

/// What a specifier stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The one behind the `%`.
    pub letter: u8,
    /// What it stands for.
    pub text: String,
}

/// `KEY=VALUE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) value: String,
}

impl ConvertOptions {
    /// What is said here, completed by `other` where nothing is.
    pub fn or(self, other: ConvertOptions) -> Self {
        ConvertOptions {
            to: self.to.or(other.to),
            out: self.out.or(other.out),
            deny: self.deny.or(other.deny),
            // What is said first counts.
            specifier: self.specifier.into_iter().chain(other.specifier).collect(),
            dependencies: self.dependencies.or(other.dependencies),
            // What is set last counts.
            environment: other.environment.into_iter().chain(self.environment).collect(),
        }
    }
}

impl Deny {
    /// How many settings it refuses.
    pub(super) fn count(self, converted: &Converted) -> usize {
        let tables = tables(converted);
        let rows = tables.iter().flat_map(|table| &table.rows);
        rows.filter(|row| row.fate.level() >= self.level()).count()
    }

    pub(super) fn name(self) -> &'static str {
        self.level().name()
    }

    /// `2 settings are lost`
    pub(super) fn describe(self, count: usize) -> String {
        let verb = if count == 1 { "is" } else { "are" };
        let what = match self {
            Deny::Lost => "lost",
            Deny::Approximated => "lost or only approximated",
        };
        format!("{} {verb} {what}", plural(count, "setting"))
    }

    fn level(self) -> Level {
        match self {
            Deny::Lost => Level::Lost,
            Deny::Approximated => Level::Approximated,
        }
    }
}

/// Reads `KEY=VALUE`.
pub(super) fn pair(text: &str) -> Result<Pair, String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE, such as version=2.13")?;
    Ok(Pair { key: key.to_owned(), value: value.to_owned() })
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE, such as HOME=/root".to_owned()),
    }
}

fn known(text: &str) -> Result<Known, String> {
    let wrong = || "expected a letter, = and what it stands for, such as H=web1".to_owned();
    let (letter, text) = text.split_once('=').ok_or_else(wrong)?;
    let letter = letter.strip_prefix('%').unwrap_or(letter);
    let [letter] = *letter.as_bytes() else { return Err(wrong()) };
    match specifier::get(letter) {
        None => Err(format!("there is no specifier %{}", char::from(letter).escape_default())),
        Some(_) if specifier::is_of_name(letter) => {
            Err(format!("what %{} stands for follows from the unit's name", char::from(letter)))
        }
        Some(_) if text.contains(['\0', '\n']) => Err("what it stands for is one line".to_owned()),
        Some(_) => Ok(Known { letter, text: text.to_owned() }),
    }
}
