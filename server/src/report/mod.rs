//! One kind of finding, many renderers: one file a format.

pub mod escape;
mod github;
mod human;
mod json;
mod sarif;
mod short;
pub mod statistics;

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use svlsp_core::diagnostic::{Severity, Tag};
use svlsp_core::text::{Edit, Position, Span};

use crate::workspace::Failure;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: the line, what is wrong with it, what to do
    #[default]
    Human,
    /// One line a finding: where, how bad, what, and which rule
    #[value(help = "One line a finding: PATH:LINE:COLUMN: SEVERITY: MESSAGE [RULE]")]
    Short,
    /// One array of objects
    Json,
    /// SARIF 2.1.0, for code scanning services
    Sarif,
    /// Annotations of GitHub's workflows
    Github,
}

/// All that a report is made of.
#[derive(Debug)]
pub struct Report<'a> {
    /// By path, then by place.
    pub findings: &'a [Finding],
    /// The path behind each [`Spot::file`].
    pub paths: &'a dyn Paths,
    /// What could not be read.
    pub failures: &'a [Failure],
    /// The exit status that the run will end with.
    pub status: u8,
    /// Whether colours may be used.
    pub color: bool,
}

/// Knows the paths of files.
pub trait Paths: std::fmt::Debug {
    /// The path of a file, as users see it.
    fn path(&self, file: u32) -> &Path;
}

/// One finding, placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where it is.
    pub spot: Spot,
    /// How bad it is.
    pub severity: Severity,
    /// What found it.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Ways to mend it, the best one first.
    pub fixes: Vec<Fix>,
    /// How an editor may show it.
    pub tag: Option<Tag>,
}

/// A span of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Which file.
    pub file: u32,
    /// In bytes.
    pub span: Span,
    /// Its first character.
    pub start: Position,
    /// The one behind its last.
    pub end: Position,
    /// The lines it lies in, if somebody shows them.
    pub excerpt: Option<Excerpt>,
}

/// Some lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The first one, from 1.
    pub line: u32,
    /// The lines, without the last line end; long ones cut.
    pub text: String,
    /// The span, in bytes of the text.
    pub marked: Range<usize>,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub spot: Spot,
    /// What is there.
    pub message: String,
}

/// A way to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// Whether `--fix` may apply it.
    pub certain: bool,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// An edit, placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first character that is replaced.
    pub start: Position,
    /// The one behind the last.
    pub end: Position,
    /// In bytes.
    pub edit: Edit,
}

impl Format {
    /// Writes a report.
    ///
    /// # Errors
    ///
    /// When `out` can't be written to.
    pub fn write(self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(report, out),
            Format::Short => short::write(report, out),
            Format::Json => json::write(report, out),
            Format::Sarif => sarif::write(report, out),
            Format::Github => github::write(report, out),
        }
    }
}

/// The findings as [`Format::Json`] has them, to be part of another object.
pub fn findings_as_json<'a>(report: &'a Report) -> impl serde::Serialize + use<'a> {
    json::objects(report)
}

impl Report<'_> {
    fn path(&self, spot: &Spot) -> &Path {
        self.paths.path(spot.file)
    }
}
