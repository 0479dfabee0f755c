//! systemd: unit files.
//!
//! What a plan knows in full is spelled; what it knows only in the form that other supervisors
//! need (sandboxing, resource control, timers …) is copied from the unit, as it was assigned there.
//! Of a template all is copied, as its specifiers stand for something in its instances only.

mod command;
mod process;
mod service;
mod socket;
mod supervisord;
#[cfg(test)]
mod tests;
mod unit;

use super::{Directory, Fates, Rendering, Target, Together, priorities, quote};
use crate::fate::{Backend, Fate, Level};
use crate::plan::{At, Body, Fault, Leaf, Plan};
use crate::schema::{self, DIRECTIVES, Directive, Group, Key, Version};

use crate::units::{Origin, Setting};

/// A unit file in the making.
struct Job<'p, 'u> {
    plan: &'p Plan<'u>,
    together: &'p Together<'p>,
    /// The systemd that shall read it.
    version: Version,
    fates: Fates<'p, 'u>,
    /// Of each assignment whether it is written already, or left out for a reason.
    done: Vec<bool>,
    /// The lines so far, each with its section.
    lines: Vec<(&'static str, String)>,
    notes: Vec<String>,
}

pub(super) fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    let mut job = Job {
        plan,
        together,
        version: Version(target.version.0),
        fates: Fates::new(plan, Backend::Systemd),
        done: vec![false; plan.unit.settings().len()],
        lines: Vec::new(),
        notes: Vec::new(),
    };
    job.unit();
    match &plan.body {
        Body::Service(service) => job.service(service),
        Body::Socket(socket) => job.socket(socket),
        // Nobody but units of systemd has such.
        Body::Target | Body::Timer(_) | Body::Path(_) | Body::Mount(_) | Body::Other => {}
    }
    job.rest();
    job.install();
    job.finish()
}

impl<'p, 'u> Job<'p, 'u> {
    /// Settings that belong together: spelled, or copied where the plan doesn't know all of what is assigned.
    fn family(&mut self, keys: &[Key], spell: impl FnOnce(&mut Self)) {
        self.family_unless(keys, false, spell);
    }

    /// The same, also copied where `odd`.
    fn family_unless(&mut self, keys: &[Key], odd: bool, spell: impl FnOnce(&mut Self)) {
        let settings = self.plan.unit.settings();
        let places: Vec<At> =
            (0..).map(At).zip(settings).filter(|(_, of)| keys.contains(&of.entry.key)).map(|(at, _)| at).collect();
        let faulty = self.plan.faults.iter().any(|fault| places.contains(&fault.at));
        match !places.is_empty() && (odd || faulty || self.plan.name().is_template()) {
            true => places.into_iter().for_each(|at| self.copy(at)),
            false => {
                places.iter().for_each(|at| self.done[at.0 as usize] = true);
                spell(self);
                self.fates.keep_rest(places);
            }
        }
    }

    /// A setting that comes from these assignments.
    fn set(&mut self, key: Key, value: impl AsRef<str>, from: impl IntoIterator<Item = At>) {
        let entry = key.directive();
        match self.unknown(entry) {
            Some(fate) => self.fates.set(from, &fate),
            None => {
                match entry.removed {
                    Some(_) => self.fates.set(from, &Fate::native("the same")),
                    None => self.fates.keep(from),
                }
                self.lines.push((self.section(entry), format!("{}={}", entry.name, value.as_ref())));
            }
        }
    }

    /// A setting of which `default` holds if nobody says otherwise.
    fn leaf<T: PartialEq>(&mut self, key: Key, leaf: &Leaf<T>, default: T, show: impl FnOnce(&T) -> String) {
        match leaf.value == default {
            true => self.fates.keep(leaf.at),
            false => self.set(key, show(&leaf.value), leaf.at),
        }
    }

    /// The same for a setting whose default the manager's own configuration may change: what is said is written.
    fn said<T: PartialEq>(&mut self, key: Key, leaf: &Leaf<T>, default: T, show: impl FnOnce(&T) -> String) {
        if leaf.is_set() || leaf.value != default {
            self.set(key, show(&leaf.value), leaf.at);
        }
    }

    fn boolean(&mut self, key: Key, leaf: &Leaf<bool>, default: bool) {
        self.leaf(key, leaf, default, |on| yes_no(*on).to_owned());
    }

    /// A setting whose value is taken as it stands, such as a path.
    fn whole(&mut self, key: Key, prefix: &str, value: &[u8], from: impl IntoIterator<Item = At>) {
        match quote::systemd::whole(value) {
            Some(text) => self.set(key, format!("{prefix}{text}"), from),
            None => {
                let why = format!("no line can hold \"{}\"", value.escape_ascii());
                self.notes.push(format!("{}= is missing: {why}", key.directive().name));
                self.fates.set(from, &Fate::lost(why));
            }
        }
    }

    /// Copies an assignment.
    fn copy(&mut self, at: At) {
        if std::mem::replace(&mut self.done[at.0 as usize], true) {
            return;
        }
        let setting = self.plan.setting(at);
        self.set(setting.entry.key, self.written(setting), [at]);
    }

    /// Copies whatever nobody has spoken of, but for `[Install]`.
    fn rest(&mut self) {
        for (at, setting) in (0..).map(At).zip(self.plan.unit.settings()) {
            if is_own(setting) && setting.entry.group != Group::Install {
                self.copy(at);
            }
        }
    }

    /// A value as it was written, over several lines if it was.
    fn written(&self, setting: &Setting<'u>) -> &'u str {
        let text: &'u str = self.plan.unit.files[setting.file].text;
        let source = text.get(setting.span().range()).unwrap_or_default();
        let several = source.contains('\n') && !source.contains(['\r', '\0']);
        if several { source } else { setting.value() }
    }

    /// What becomes of a setting that this systemd doesn't know.
    fn unknown(&self, entry: &Directive) -> Option<Fate> {
        let Version(version) = self.version;
        match &entry.removed {
            Some(ending) if ending.since <= version => Some(Fate::irrelevant(format!("systemd {version} ignores it"))),
            _ if entry.since > version => {
                Some(Fate::lost(format!("systemd {version} doesn't know it, only {} and later", entry.since)))
            }
            _ => None,
        }
    }

    /// The section that a setting stands in.
    fn section(&self, entry: &Directive) -> &'static str {
        match entry.group {
            Group::Unit => "Unit",
            Group::Install => "Install",
            _ => self.plan.unit.kind().section().unwrap_or("Unit"),
        }
    }

    fn finish(self) -> Rendering {
        let Job { plan, lines, fates, notes, .. } = self;
        let mut fates = fates.finish();
        for At(at) in &plan.settled {
            fates[*at as usize] = schema::support(plan.setting(At(*at)).entry.key, Backend::Systemd).clone();
        }
        if let Some((At(at), fate)) = priorities(plan, Backend::Systemd) {
            fates[at as usize] = fate;
        }
        for (At(at), fate) in &plan.fated {
            fates[*at as usize] = fate.clone();
        }
        let name = plan.name().as_str();
        let mut text = header(plan, &fates);
        let mut sections = vec!["Unit"];
        sections.extend(plan.unit.kind().section());
        sections.push("Install");
        for section in sections {
            let mut lines = lines.iter().filter(|(of, _)| *of == section).peekable();
            if lines.peek().is_none() {
                continue;
            }
            text.extend_from_slice(format!("\n[{section}]\n").as_bytes());
            for (_, line) in lines {
                text.extend_from_slice(line.as_bytes());
                text.push(b'\n');
            }
        }
        let mut directory = Directory::default();
        directory.text(name, text);
        // Of an event listener and of what belongs to supervisord itself nothing is left to do.
        let nothing = matches!(plan.unit.origin, Origin::Supervisord(_)) && matches!(plan.body, Body::Other);
        // What only the target knows is left to it where it was copied.
        let copied = |fault: &&Fault| fault.refused || !is_own(plan.setting(fault.at));
        let faults = plan.faults.iter().filter(copied).cloned().collect();
        let directories = if nothing { Vec::new() } else { vec![directory] };
        Rendering { directories, fates, faults, notes }
    }
}

/// Says what the file is, and what isn't as in the unit.
fn header(plan: &Plan, fates: &[Fate]) -> Vec<u8> {
    let mut header = Vec::new();
    let source = match plan.unit.origin {
        Origin::Systemd => "the unit file",
        Origin::Supervisord(_) => "supervisord.conf",
    };
    let title = format!("{}: written by svlsp from {source}.", plan.name().as_str());
    quote::comment(title.as_bytes(), &mut header);
    let mut losses = Vec::new();
    for (setting, fate) in plan.unit.settings().iter().zip(fates) {
        if matches!(fate.level(), Level::Approximated | Level::Lost) {
            let line = format!("  {}={}: {fate}", setting.entry.name, setting.value());
            quote::comment(line.as_bytes(), &mut losses);
        }
    }
    if !losses.is_empty() {
        header.extend_from_slice(b"#\n# Not quite as there:\n");
        header.extend(losses);
    }
    header
}

/// Whether an assignment is one of systemd's own settings.
fn is_own(setting: &Setting) -> bool {
    DIRECTIVES.get(usize::from(setting.entry.key.0)).is_some_and(|entry| std::ptr::eq(entry, setting.entry))
}

fn yes_no(on: bool) -> &'static str {
    if on { "yes" } else { "no" }
}
