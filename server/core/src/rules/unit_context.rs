//! Questions that several rules ask about the unit they look at.

use super::{Rule, UnitContext};
use crate::diagnostic::Diagnostic;
use crate::schema::key::service;
use crate::schema::{Key, sets};
use crate::text::{Edit, Span};
use crate::units::{Reference, Setting};
use crate::values::ValueType;

impl<'a> UnitContext<'a> {
    /// A finding at the value of a setting.
    pub(super) fn at(&self, rule: &Rule, setting: &Setting, message: impl Into<String>) -> Diagnostic {
        rule.at(setting.span(), message).in_file(setting.file)
    }

    /// A finding at the whole line of a setting.
    pub(super) fn at_line(&self, rule: &Rule, setting: &Setting, message: impl Into<String>) -> Diagnostic {
        rule.at(setting.directive.span, message).in_file(setting.file)
    }

    /// A finding at one of the names in a list of units.
    pub(super) fn at_name(&self, rule: &Rule, reference: &Reference, message: impl Into<String>) -> Diagnostic {
        rule.at(reference.span, message).in_file(reference.setting.file)
    }

    /// A finding that is about what isn't there: at the header of the
    /// section that it would belong to.
    pub(super) fn at_header(&self, rule: &Rule, message: impl Into<String>) -> Diagnostic {
        let own = self.unit.kind().section().unwrap_or("Unit");
        let first = || self.unit.files.first()?.sections.first().map(|section| (0, section));
        let place = self.unit.sections(own).next().or_else(first);
        let (file, span) = place.map_or((0, Span::default()), |(file, section)| (file, section.header));
        rule.at(span, message).in_file(file)
    }

    /// Takes the whole line of a setting away.
    pub(super) fn without(&self, setting: &Setting) -> Edit {
        let text = self.unit.files[setting.file].text;
        let (start, end) = (setting.directive.span.start as usize, setting.directive.span.end as usize);
        let start = text[..start].trim_end_matches([' ', '\t']).len();
        let end = text.len() - line_end(&text[end..]).len();
        Edit::delete(Span::new(start, end))
    }

    /// The type of a service: what `Type=` says, or what systemd takes it
    /// for (`service_add_extras` of `src/core/service.c`).
    pub(super) fn service_type(&self) -> &'static str {
        let set = sets::SERVICE_TYPE.get(self.unit.text(service::Type).unwrap_or_default());
        match set {
            Some(word) => word.text,
            None if self.unit.has(service::BusName) => "dbus",
            None if self.unit.has(service::ExecStart) => "simple",
            None => "oneshot",
        }
    }

    /// What a socket listens on.
    pub(super) fn listens(&self) -> impl Iterator<Item = &Setting<'a>> {
        self.unit.settings().iter().filter(|setting| matches!(setting.entry.value, ValueType::SocketAddress))
    }

    /// What is assigned to `key`, a word of a set, or else `default`.
    pub(super) fn word(&self, key: Key, default: &'static str) -> &str {
        self.unit.text(key).unwrap_or(default)
    }
}

/// What follows the line whose end `rest` begins in, a continuation that
/// adds nothing included; `rest` itself if something else stands there.
fn line_end(rest: &str) -> &str {
    let mut tail = rest.trim_start_matches([' ', '\t', '\r']);
    while let Some(next) = tail.strip_prefix('\\').map(|tail| tail.trim_start_matches('\r')) {
        let Some(next) = next.strip_prefix('\n') else { break };
        tail = next.trim_start_matches([' ', '\t', '\r']);
    }
    match tail.strip_prefix('\n') {
        Some(tail) => tail,
        None if tail.is_empty() => tail,
        None => rest,
    }
}
