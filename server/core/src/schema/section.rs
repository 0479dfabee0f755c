use super::{Directive, Group, UnitKind};

/// A section of unit files.
#[derive(Debug)]
pub struct Section {
    /// Its name, without the brackets.
    pub name: &'static str,
    /// The groups of directives it holds.
    pub groups: &'static [Group],
    /// The kind of unit it belongs to; `None` if every kind has it.
    pub kind: Option<UnitKind>,
}

/// Every section there is, sorted by name.
pub static SECTIONS: &[Section] = {
    use Group::{Exec, Kill, ResourceControl};
    &[
        Section { name: "Automount", groups: &[Group::Automount], kind: Some(UnitKind::Automount) },
        Section { name: "Device", groups: &[], kind: Some(UnitKind::Device) },
        Section { name: "Install", groups: &[Group::Install], kind: None },
        Section { name: "Mount", groups: &[Group::Mount, Exec, Kill, ResourceControl], kind: Some(UnitKind::Mount) },
        Section { name: "Path", groups: &[Group::Path], kind: Some(UnitKind::Path) },
        Section { name: "Scope", groups: &[Group::Scope, Kill, ResourceControl], kind: Some(UnitKind::Scope) },
        Section {
            name: "Service",
            groups: &[Group::Service, Exec, Kill, ResourceControl],
            kind: Some(UnitKind::Service),
        },
        Section { name: "Slice", groups: &[Group::Slice, ResourceControl], kind: Some(UnitKind::Slice) },
        Section { name: "Socket", groups: &[Group::Socket, Exec, Kill, ResourceControl], kind: Some(UnitKind::Socket) },
        Section { name: "Swap", groups: &[Group::Swap, Exec, Kill, ResourceControl], kind: Some(UnitKind::Swap) },
        Section { name: "Target", groups: &[], kind: Some(UnitKind::Target) },
        Section { name: "Timer", groups: &[Group::Timer], kind: Some(UnitKind::Timer) },
        Section { name: "Unit", groups: &[Group::Unit], kind: None },
    ]
};

/// The section `name`.
pub fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.binary_search_by(|section| section.name.cmp(name)).ok().map(|at| &SECTIONS[at])
}

/// The sections that units of `kind` have.
pub fn sections_of(kind: UnitKind) -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().filter(move |section| section.belongs_to(kind))
}

impl Section {
    /// Whether units of `kind` have it.
    pub fn belongs_to(&self, kind: UnitKind) -> bool {
        self.kind.is_none_or(|of| of == kind)
    }

    /// The directive `name`, if it may stand here.
    pub fn get(&self, name: &str) -> Option<&'static Directive> {
        self.groups.iter().find_map(|group| group.get(name))
    }

    /// All directives that may stand here.
    pub fn directives(&self) -> impl Iterator<Item = &'static Directive> {
        self.groups.iter().flat_map(|group| group.directives())
    }
}
