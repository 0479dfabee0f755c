//! Questions that several rules ask about the configuration they look at.

use super::{ALL, Check, ConfigContext, Findings, Rule, supervisord};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::Directive;
use crate::text::{Edit, Span};
use crate::units::Setting;
use crate::units::supervisord::{Assignment, Merged, PartKind, Process};
use crate::values::Context;

/// What runs a command: the types of their sections.
const PROGRAMS: [&str; 3] = ["program", "fcgi-program", "eventlistener"];

impl<'a> ConfigContext<'a> {
    /// The sections of this type: `program` for all `[program:x]`.
    pub(super) fn sections<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Merged<'a>> {
        self.config.sections.iter().filter(move |section| section.known.is_some_and(|known| known.name == kind))
    }

    /// The sections of programs, FastCGI programs and event listeners.
    pub(super) fn programs(&self) -> impl Iterator<Item = &Merged<'a>> {
        self.config.sections.iter().filter(|section| section.known.is_some_and(|known| PROGRAMS.contains(&known.name)))
    }

    /// What all rules find that makes supervisord refuse it.
    pub(super) fn known_errors(&self) -> Vec<Diagnostic> {
        let mut findings = Findings::new();
        for rule in ALL.iter().filter(|rule| rule.name != supervisord::refused_configuration::RULE.name) {
            if let Some(Check::Config(check)) = rule.supervisord {
                check(self, &mut findings);
            }
        }
        let mut errors = Vec::from(findings);
        errors.retain(|finding| finding.severity == Severity::Error);
        errors
    }

    /// What the parser of a value of `entry` wants to know.
    pub(super) fn value_context(&self, entry: &'static Directive) -> Context<'static> {
        Context { directive: entry, version: self.target.version, manager: self.target.manager, unit: None }
    }

    /// All processes.
    pub(super) fn processes(&self) -> impl Iterator<Item = &Process<'a>> {
        self.config.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Process(process) => Some(&**process),
            PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => None,
        })
    }

    /// A finding at the whole assignment of a setting.
    pub(super) fn at_setting(&self, rule: &Rule, setting: &Setting, message: impl Into<String>) -> Diagnostic {
        rule.at(setting.directive.span, message).in_file(setting.file)
    }

    /// Puts a line below a setting.
    pub(super) fn below_setting(&self, setting: &Setting, line: &str) -> Edit {
        self.insert_below(setting.file, setting.directive.span, line)
    }

    /// A finding at the value of an assignment.
    pub(super) fn at(&self, rule: &Rule, assignment: &Assignment, message: impl Into<String>) -> Diagnostic {
        let value = assignment.directive.value.span();
        let span = if value.is_empty() { assignment.directive.span } else { value };
        rule.at(span, message).in_file(assignment.file)
    }

    /// A finding at a part of the value of an assignment.
    pub(super) fn at_part(&self, rule: &Rule, of: &Assignment, part: Span, message: impl Into<String>) -> Diagnostic {
        rule.at(of.directive.value.source(part), message).in_file(of.file)
    }

    /// A finding at the whole assignment.
    pub(super) fn at_line(&self, rule: &Rule, assignment: &Assignment, message: impl Into<String>) -> Diagnostic {
        rule.at(assignment.directive.span, message).in_file(assignment.file)
    }

    /// A finding at the header of a section, the first one if it has several.
    pub(super) fn at_header(&self, rule: &Rule, section: &Merged, message: impl Into<String>) -> Diagnostic {
        let (file, span) = self.header(section);
        rule.at(span, message).in_file(file)
    }

    /// The file and place of the first header of a section.
    pub(super) fn header(&self, section: &Merged) -> (usize, Span) {
        let first = section.headers.first().copied();
        let header = |(file, at): (usize, usize)| Some((file, self.config.files.get(file)?.sections.get(at)?.header));
        first.and_then(header).unwrap_or_default()
    }

    /// Takes the whole assignment away.
    pub(super) fn without(&self, assignment: &Assignment) -> Edit {
        Edit::delete(self.config.files[assignment.file].lines(assignment.directive.span))
    }

    /// Puts a line below an assignment.
    pub(super) fn below(&self, assignment: &Assignment, line: &str) -> Edit {
        self.insert_below(assignment.file, assignment.directive.span, line)
    }

    fn insert_below(&self, file: usize, span: Span, line: &str) -> Edit {
        let file = &self.config.files[file];
        let lines = file.lines(span);
        let ended = file.text[lines].ends_with(['\n', '\r']);
        Edit::insert(lines.end as usize, if ended { format!("{line}\n") } else { format!("\n{line}") })
    }
}

impl Merged<'_> {
    /// The boolean assigned to `key`; `None` if there is none or it is no boolean.
    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        match &*self.text(key)?.to_ascii_lowercase() {
            "yes" | "true" | "on" | "1" => Some(true),
            "no" | "false" | "off" | "0" => Some(false),
            _ => None,
        }
    }

    /// The number assigned to `key`; `None` if there is none or it is no number.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.text(key)?.trim().parse().ok()
    }
}
