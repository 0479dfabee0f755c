use std::borrow::Cow;
use std::fmt::Write;

use super::super::Document;
use crate::backends::{self, Target};
use crate::fate::{Backend, Fate};
use crate::schema::{self, Directive, FileKind};
use crate::syntax;

/// A list of what becomes of an assignment elsewhere: in this unit, or as it is promised where the
/// unit isn't known or something later takes the assignment back. Backends of one fate share a line.
pub(super) fn list(document: &Document, entry: &'static Directive, directive: &syntax::Directive) -> String {
    let fates = fates(document, entry, directive);
    let mut out = String::from("**Elsewhere:**\n\n");
    for (at, (_, fate)) in fates.iter().enumerate() {
        if fates[..at].iter().any(|(_, other)| other == fate) {
            continue;
        }
        let same = fates.iter().filter(|(_, other)| other == fate);
        let names: Vec<&str> = same.map(|(backend, _)| backend.name()).collect();
        // Writing to a String can't fail.
        let _ = writeln!(out, "- {}: {fate}", names.join(", "));
    }
    out
}

/// What becomes of an assignment on each backend of the document, or on every one if it names none.
fn fates(
    document: &Document,
    entry: &'static Directive,
    directive: &syntax::Directive,
) -> Vec<(Backend, Cow<'static, Fate>)> {
    let fate = |target: &Target| of_unit(document, entry, directive, target);
    let promised = |target: &Target| Cow::Borrowed(schema::support(entry.key, target.backend));
    let told = |target: &Target| (target.backend, fate(target).unwrap_or_else(|| promised(target)));
    match document.backends {
        [] if document.kind == FileKind::Supervisord => Backend::ALL.map(Target::new).iter().map(told).collect(),
        [] => Backend::OTHERS.map(Target::new).iter().map(told).collect(),
        targets => targets.iter().map(told).collect(),
    }
}

fn of_unit(
    document: &Document,
    entry: &'static Directive,
    directive: &syntax::Directive,
    target: &Target,
) -> Option<Cow<'static, Fate>> {
    if let Some(configured) = document.configured {
        let (part, at) = configured.part_of(directive)?;
        return backends::fates(&configured.unit(part), target, document.together).into_iter().nth(at);
    }
    let whole = document.whole.filter(|whole| !whole.unit.is_cut_off())?;
    let same = |setting: &crate::units::Setting| {
        setting.entry.key == entry.key && setting.file == whole.at && setting.directive.span == directive.span
    };
    let at = whole.unit.settings().iter().position(same)?;
    backends::fates(whole.unit, target, document.together).into_iter().nth(at)
}
