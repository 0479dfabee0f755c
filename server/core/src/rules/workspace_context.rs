//! Questions that several rules ask about all units together.

use std::collections::{HashMap, HashSet};

use super::{Rule, WorkspaceContext};
use crate::diagnostic::Diagnostic;
use crate::schema::sets;
use crate::text::Span;
use crate::units::{Edge, EdgeKind, Summary, UnitName, Workspace};

impl<'a> WorkspaceContext<'a> {
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        let mut names = HashMap::with_capacity(workspace.units.len());
        let mut installed = HashSet::new();
        for (at, unit) in workspace.units.iter().enumerate() {
            names.insert(unit.name.as_str(), at);
            for alias in &unit.aliases {
                names.entry(alias.as_str()).or_insert(at);
            }
            let aliases = unit.edges.iter().filter(|edge| edge.kind == EdgeKind::Alias);
            installed.extend(aliases.map(|edge| &*edge.to));
        }
        WorkspaceContext { workspace, names, installed }
    }

    /// The unit of this name or alias.
    pub(super) fn find(&self, name: &str) -> Option<&'a Summary> {
        self.index(name).map(|at| &self.workspace.units[at])
    }

    /// Where the unit of this name or alias is in [`Workspace::units`].
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// Whether there is a unit file for `name`, its template's included, or
    /// may be: one that can be enabled under this name, or one of systemd's
    /// special units, such as `syslog.service`.
    pub(super) fn has(&self, name: &UnitName) -> bool {
        let known = |name: &UnitName| {
            let text = name.as_str();
            self.find(text).is_some_and(|unit| unit.fragment.is_some())
                || self.installed.contains(text)
                || self.workspace.others.binary_search(name).is_ok()
                || sets::SPECIAL_UNIT.get(text).is_some()
        };
        known(name) || name.template().is_some_and(|template| known(&template))
    }

    /// A finding where one unit names another.
    pub(super) fn at_edge(&self, rule: &Rule, edge: &Edge, message: impl Into<String>) -> Diagnostic {
        rule.at(edge.span, message).in_file(edge.file as usize)
    }

    /// A finding about a file as a whole.
    pub(super) fn at_file(&self, rule: &Rule, file: usize, message: impl Into<String>) -> Diagnostic {
        rule.at(Span::default(), message).in_file(file)
    }
}
