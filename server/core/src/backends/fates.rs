//! Keeping account of what becomes of each assignment.

use std::borrow::Cow;

use super::{Directory, Rendering, Target, Together, render};
use crate::fate::{Backend, Fate, Level};
use crate::plan::{self, At, Fault, Plan};
use crate::schema;
use crate::units::supervisord::{PartKind, Program};
use crate::units::{Origin, Setting, Unit};

/// The longest value that a unit is rendered with, in bytes: lists are sorted, masked and told apart there.
const LONGEST: usize = 16 << 10;

/// What becomes of each of [`Unit::settings`], in their order, if it is converted `together` with
/// others; where values are longer than anybody writes them, as it is promised.
pub fn fates(unit: &Unit, target: &Target, together: &Together) -> Vec<Cow<'static, Fate>> {
    fates_and_directories(unit, target, together).0
}

/// The same, and what the unit becomes; nothing where the fates are only promised.
pub fn fates_and_directories(
    unit: &Unit,
    target: &Target,
    together: &Together,
) -> (Vec<Cow<'static, Fate>>, Vec<Directory>) {
    let settings = unit.settings();
    let Rendering { fates, faults, directories, .. } =
        match settings.iter().all(|setting| setting.value().len() <= LONGEST) {
            true => render(&plan::lower(unit, &target.facts), together, target),
            false => Rendering::default(),
        };
    let mut fates: Vec<Cow<Fate>> = if fates.len() == settings.len() {
        fates.into_iter().map(Cow::Owned).collect()
    } else {
        let promise = |setting: &Setting| match setting.says_the_default() {
            true => Cow::Owned(Fate::irrelevant("it says what holds without it")),
            false => Cow::Borrowed(schema::support(setting.entry.key, target.backend)),
        };
        settings.iter().map(promise).collect()
    };
    for Fault { at, message, refused, .. } in faults {
        // What systemd refuses is told of by other rules.
        let fate = if refused { Fate::irrelevant(message) } else { Fate::lost(message) };
        fates[at.0 as usize] = Cow::Owned(fate);
    }
    (fates, directories)
}

/// Whether it is an event listener of supervisord, of which nothing is made.
fn is_listener(plan: &Plan) -> bool {
    let Origin::Supervisord(part) = plan.unit.origin else { return false };
    matches!(&part.kind, PartKind::Process(process) if process.program == Program::Listener)
}

/// The fates of the assignments of one unit.
#[derive(Debug)]
pub struct Fates<'p, 'u> {
    plan: &'p Plan<'u>,
    backend: Backend,
    fates: Vec<Option<Fate>>,
}

impl<'p, 'u> Fates<'p, 'u> {
    /// Nothing has become of anything yet.
    pub fn new(plan: &'p Plan<'u>, backend: Backend) -> Self {
        Fates { plan, backend, fates: vec![None; plan.unit.settings().len()] }
    }

    /// What was assigned at these places is translated as the knowledge base promises.
    pub fn keep(&mut self, places: impl IntoIterator<Item = At>) {
        for at in places {
            let promised = self.promise(at).clone();
            self.note(at, promised);
        }
    }

    /// The same for those of which nothing has been said yet.
    pub fn keep_rest(&mut self, places: impl IntoIterator<Item = At>) {
        let unsaid = |at: &At| self.fates[at.0 as usize].is_none();
        let places: Vec<At> = places.into_iter().filter(unsaid).collect();
        self.keep(places);
    }

    /// Another fate befell what was assigned at these places.
    pub fn set(&mut self, places: impl IntoIterator<Item = At>, fate: &Fate) {
        for at in places {
            self.note(at, fate.clone());
        }
    }

    /// What the knowledge base promises of the assignment at `at`.
    pub fn promise(&self, at: At) -> &'static Fate {
        schema::support(self.plan.setting(at).entry.key, self.backend)
    }

    /// The fates, in the order of the assignments; what nobody has spoken of
    /// is lost or irrelevant as promised, and lost if more was promised, but
    /// for assignments of what holds without them.
    pub fn finish(self) -> Vec<Fate> {
        let Fates { plan, backend, fates } = self;
        let rest = |(setting, fate): (&crate::units::Setting, Option<Fate>)| {
            fate.unwrap_or_else(|| {
                let promised = schema::support(setting.entry.key, backend);
                if setting.says_the_default() {
                    return Fate::irrelevant("it says what holds without it");
                }
                match promised.level() {
                    Level::Lost | Level::Irrelevant => promised.clone(),
                    _ if is_listener(plan) => Fate::lost("only supervisord speaks to event listeners"),
                    _ => Fate::lost("svlsp doesn't translate it here"),
                }
            })
        };
        plan.unit.settings().iter().zip(fates).map(rest).collect()
    }

    /// Of several fates of one assignment, as of two commands in one line, the worst counts.
    fn note(&mut self, at: At, fate: Fate) {
        let slot = &mut self.fates[at.0 as usize];
        if slot.as_ref().is_none_or(|known| known.level() < fate.level()) {
            *slot = Some(fate);
        }
    }
}
