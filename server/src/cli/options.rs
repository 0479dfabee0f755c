//! The options that the command line and `svlsp.toml` share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use svlsp_core::diagnostic::Severity;
use svlsp_core::fate::Backend;
use svlsp_core::rules::{self, Rule, Selection};
use svlsp_core::schema::{self, Version};

use super::Color;
use crate::report::Format;

/// What `svlsp.toml` may set too, under the same names.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// Run these rules and no others; `default`, `advice` and `all` stand for many
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = choice)]
    pub select: Vec<Choice>,

    /// Don't run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = choice)]
    pub ignore: Vec<Choice>,

    /// Fail (exit status 1) if a finding is at least this bad [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<Level>,

    /// Take DIR for /: its unit directories are what references are looked up in,
    /// nothing outside of it is read; without a PATH, check them
    #[arg(long, value_name = "DIR", conflicts_with = "system")]
    pub root: Option<PathBuf>,

    /// Look up references in the unit directories of this machine too; they are not checked
    #[arg(long)]
    pub system: bool,

    /// The systemd version that shall read the units, such as 252 [default: the newest known]
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub systemd_version: Option<Version>,

    /// Say what is lost or only approximated on these supervisors too: runit, s6, s6-rc, nosh, systemd
    #[arg(long, value_name = "BACKEND", value_delimiter = ',', value_parser = backend)]
    pub backend: Vec<Backend>,

    /// Say how often each rule found something, on standard error
    #[arg(long)]
    pub statistics: bool,

    /// Write nothing but findings and errors
    #[arg(short, long)]
    pub quiet: bool,

    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN")]
    pub color: Option<Color>,

    /// How many threads to use at most [default: one for each processor]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
}

/// One rule, or some of them by a common word.
#[derive(Clone, Copy, Debug)]
pub enum Choice {
    /// Every rule.
    All,
    /// Those that run when nothing else is said.
    Default,
    /// Those that run only when selected.
    Advice,
    /// This one.
    Rule(&'static Rule),
}

/// A severity on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// What systemd drops or refuses
    Error,
    /// What is almost surely not meant so, or deprecated
    Warning,
    /// Advice
    Hint,
}

impl Options {
    /// What is said here, completed by `other` where nothing is.
    pub fn or(self, other: Options) -> Self {
        fn list<T>(own: Vec<T>, other: Vec<T>) -> Vec<T> {
            if own.is_empty() { other } else { own }
        }
        let root_or_system = self.root.is_some() || self.system;
        Options {
            format: self.format.or(other.format),
            select: list(self.select, other.select),
            ignore: list(self.ignore, other.ignore),
            fail_on: self.fail_on.or(other.fail_on),
            root: if root_or_system { self.root } else { other.root },
            system: self.system || !root_or_system && other.system,
            systemd_version: self.systemd_version.or(other.systemd_version),
            backend: list(self.backend, other.backend),
            statistics: self.statistics || other.statistics,
            quiet: self.quiet || other.quiet,
            color: self.color.or(other.color),
            threads: self.threads.or(other.threads),
        }
    }

    /// Which rules run.
    pub fn selection(&self) -> Selection {
        Selection::of(|rule| {
            let on = match self.select.is_empty() {
                true => !rule.optional,
                false => self.select.iter().any(|choice| choice.contains(rule)),
            };
            on && !self.ignore.iter().any(|choice| choice.contains(rule))
        })
    }

    /// The supervisors named, each once, in their own order.
    pub fn backends(&self) -> impl Iterator<Item = Backend> {
        Backend::ALL.into_iter().filter(|backend| self.backend.contains(backend))
    }

    /// From which severity on a finding makes the run fail.
    pub fn fail_on(&self) -> Severity {
        match self.fail_on.unwrap_or(Level::Warning) {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Hint => Severity::Hint,
        }
    }

    /// How many threads to use at most.
    pub fn threads(&self) -> usize {
        self.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
    }
}

impl Choice {
    fn contains(self, rule: &Rule) -> bool {
        match self {
            Choice::All => true,
            Choice::Default => !rule.optional,
            Choice::Advice => rule.optional,
            Choice::Rule(one) => one.name == rule.name,
        }
    }
}

fn choice(text: &str) -> Result<Choice, String> {
    let words = [("all", Choice::All), ("default", Choice::Default), ("advice", Choice::Advice)];
    if let Some((_, choice)) = words.into_iter().find(|(word, _)| *word == text) {
        return Ok(choice);
    }
    if let Some(rule) = rules::get(text) {
        return Ok(Choice::Rule(rule));
    }
    let names = rules::ALL.iter().map(|rule| rule.name).chain(words.map(|(word, _)| word));
    Err(match schema::nearest(text, names) {
        Some(near) => format!("no rule is called that; did you mean '{near}'?"),
        None => "no rule is called that; `svlsp explain` lists them".to_owned(),
    })
}

/// The supervisor of this name.
pub(super) fn backend(text: &str) -> Result<Backend, String> {
    let names = Backend::ALL.map(Backend::name);
    Backend::from_name(text).ok_or_else(|| match schema::nearest(text, names) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("there are {}", names.join(", ")),
    })
}

fn version(text: &str) -> Result<Version, String> {
    let number = text.strip_prefix('v').unwrap_or(text).split(['.', '-', '~']).next().unwrap_or_default();
    match number.parse() {
        Ok(number) if number >= 1 => Ok(Version(number)),
        _ => Err("expected a number, such as 252".to_owned()),
    }
}
