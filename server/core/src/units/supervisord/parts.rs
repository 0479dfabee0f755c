use super::{Around, Expansion, Expansions, Merged, Problem};
use crate::units::{Setting, UnitName, escape};

/// A process, a group, a socket, or what belongs to none of them.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// What it is called as a unit.
    pub name: UnitName,
    /// What it is.
    pub kind: PartKind,
    /// The assignments that make it: those of its section, then those of `[supervisord]` that bear on it.
    pub settings: Vec<Setting<'a>>,
    /// What the names in its values stand for.
    pub expansions: Expansions,
    /// Lower ones are started first and stopped last.
    pub priority: i64,
    /// The processes with the next lower priority.
    pub after: Vec<UnitName>,
}

/// What a [`Part`] is.
#[derive(Clone, Debug)]
pub enum PartKind {
    /// A process: a `.service`.
    Process(Process),
    /// A group of programs: a `.target`.
    Group {
        /// Its processes.
        members: Vec<UnitName>,
    },
    /// The socket of an fcgi-program: a `.socket`.
    Socket {
        /// The processes that share it.
        processes: Vec<UnitName>,
    },
    /// What belongs to supervisord itself: its servers, its log.
    Server,
}

/// A process of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// What kind of program it is of.
    pub program: Program,
    /// The name of the program: `web` of `[program:web]`.
    pub program_name: String,
    /// The group it is in; most programs are a group of their own.
    pub group: String,
    /// Its name in the group, after `process_name`.
    pub name: String,
    /// `%(process_num)d`
    pub number: i64,
    /// The name of its socket, if it is of an fcgi-program.
    pub socket: Option<UnitName>,
}

/// What kind of program a process is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// `[program:x]`
    Program,
    /// `[fcgi-program:x]`
    Fcgi,
    /// `[eventlistener:x]`, which talks to supervisord and can't do without it.
    Listener,
}

/// Those keys of `[supervisord]` that bear on each process.
pub(crate) const INHERITED: [&str; 6] = ["environment", "umask", "directory", "user", "minfds", "minprocs"];

pub(super) fn parts<'a>(sections: &[Merged<'a>], around: &Around, problems: &mut Vec<Problem>) -> Vec<Part<'a>> {
    let mut making = Making { sections, around, problems, parts: Vec::new() };
    let mut grouped: Vec<&str> = Vec::new();
    for group in sections.iter().filter(|section| section.kind() == "group") {
        grouped.extend(making.group(group));
    }
    for kind in ["program", "eventlistener", "fcgi-program"] {
        let programs = sections.iter().filter(|section| section.kind() == kind && !grouped.contains(&section.name));
        programs.for_each(|program| {
            making.program(program, program.title());
        });
    }
    making.server();
    making.order();
    making.parts
}

struct Making<'a, 'm> {
    sections: &'m [Merged<'a>],
    around: &'m Around,
    problems: &'m mut Vec<Problem>,
    parts: Vec<Part<'a>>,
}

impl<'a> Making<'a, '_> {
    /// A group and its programs; which sections they are.
    fn group(&mut self, group: &Merged<'a>) -> Vec<&'a str> {
        let mut used = Vec::new();
        let mut members = Vec::new();
        let programs = group.text("programs").unwrap_or_default();
        for program in programs.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let mut found = self
                .sections
                .iter()
                .filter(|section| matches!(section.kind(), "program" | "fcgi-program") && section.title() == program);
            match found.next() {
                Some(section) => {
                    used.push(section.name);
                    members.extend(self.program(section, group.title()));
                }
                None => {
                    let message = format!("there is no program \"{program}\"");
                    self.refuse(group, "programs", message);
                }
            }
        }
        let Some(name) = self.name(group.title(), "", "target") else { return used };
        let part = Part {
            name,
            kind: PartKind::Group { members },
            settings: group.settings().collect(),
            expansions: self.expansions(group),
            priority: self.number(group, "priority", 999),
            after: Vec::new(),
        };
        self.parts.push(part);
        used
    }

    /// The processes of a program.
    fn program(&mut self, section: &Merged<'a>, group: &str) -> Vec<UnitName> {
        let title = section.title();
        let program = match section.kind() {
            "fcgi-program" => Program::Fcgi,
            "eventlistener" => Program::Listener,
            _ => Program::Program,
        };
        let (count, start) = (self.number(section, "numprocs", 1), self.number(section, "numprocs_start", 0));
        let mut names = Vec::new();
        let socket = match program {
            Program::Fcgi => self.name(title, group, "socket"),
            Program::Program | Program::Listener => None,
        };
        for number in start..start.saturating_add(count) {
            let mut expansions = self.expansions(section);
            expansions.set("program_name", Expansion::Text(title.to_owned()));
            expansions.set("group_name", Expansion::Text(group.to_owned()));
            expansions.set("process_num", Expansion::Number(number));
            expansions.set("numprocs", Expansion::Number(count));
            let name = expansions.expand(section.text("process_name").unwrap_or("%(program_name)s"));
            let name = match name {
                Ok(name) => name,
                Err(message) => {
                    self.refuse(section, "process_name", message);
                    return names;
                }
            };
            let Some(unit) = self.name(&name, group, "service") else { continue };
            names.push(unit.clone());
            let process = Process {
                program,
                program_name: title.to_owned(),
                group: group.to_owned(),
                name,
                number,
                socket: socket.clone(),
            };
            let part = Part {
                name: unit,
                kind: PartKind::Process(process),
                settings: self.settings(section),
                expansions,
                priority: self.number(section, "priority", if program == Program::Listener { -1 } else { 999 }),
                after: Vec::new(),
            };
            self.parts.push(part);
        }
        if let Some(name) = socket {
            let part = Part {
                name,
                kind: PartKind::Socket { processes: names.clone() },
                settings: section.settings().filter(|setting| setting.entry.name.starts_with("socket")).collect(),
                expansions: self.expansions(section),
                priority: self.number(section, "priority", 999),
                after: Vec::new(),
            };
            self.parts.push(part);
        }
        names
    }

    /// What belongs to no program.
    fn server(&mut self) {
        let mine =
            |section: &&Merged| !matches!(section.kind(), "program" | "fcgi-program" | "eventlistener" | "group");
        let inherited = |setting: &Setting, section: &Merged| {
            section.name == "supervisord" && INHERITED.contains(&setting.entry.name) && !self.parts.is_empty()
        };
        let settings: Vec<Setting> = self
            .sections
            .iter()
            .filter(mine)
            .flat_map(|section| section.settings().filter(move |setting| !inherited(setting, section)))
            .collect();
        let Some(name) = self.name("supervisord", "", "service").filter(|_| !settings.is_empty()) else { return };
        let expansions = Expansions::default();
        self.parts.push(Part { name, kind: PartKind::Server, settings, expansions, priority: 0, after: Vec::new() });
    }

    /// Says of each process which ones come just before it.
    fn order(&mut self) {
        let of = |part: &Part| matches!(part.kind, PartKind::Process(_)).then_some(part.priority);
        for at in 0..self.parts.len() {
            let Some(own) = of(&self.parts[at]) else { continue };
            let Some(next) = self.parts.iter().filter_map(of).filter(|other| *other < own).max() else { continue };
            let before = self.parts.iter().filter(|part| of(part) == Some(next)).map(|part| part.name.clone());
            self.parts[at].after = before.collect();
        }
    }

    /// The settings of a program, those of `[supervisord]` that bear on it behind them.
    fn settings(&self, section: &Merged<'a>) -> Vec<Setting<'a>> {
        let server = self.sections.iter().find(|section| section.name == "supervisord");
        let inherited = server.into_iter().flat_map(Merged::settings);
        let inherited = inherited.filter(|setting| INHERITED.contains(&setting.entry.name));
        section.settings().chain(inherited).collect()
    }

    /// What the names in the values of a section stand for, whichever process it is.
    fn expansions(&self, section: &Merged) -> Expansions {
        let mut expansions = Expansions::default();
        let file = section.headers.first().map_or(0, |header| header.0);
        if let Some(here) = self.around.here.get(file).filter(|here| !here.is_empty()) {
            expansions.set("here", Expansion::Text(here.clone()));
        }
        if let Some(host) = &self.around.host {
            expansions.set("host_node_name", Expansion::Text(host.clone()));
        }
        for (name, value) in &self.around.environment {
            expansions.set(format!("ENV_{name}"), Expansion::Text(value.clone()));
        }
        expansions
    }

    fn number(&self, section: &Merged, key: &str, default: i64) -> i64 {
        section.text(key).and_then(|text| text.trim().parse().ok()).unwrap_or(default)
    }

    /// The name of a unit: that of the process, with its group's where it is taken.
    fn name(&self, process: &str, group: &str, suffix: &str) -> Option<UnitName> {
        let free = |name: &UnitName| self.parts.iter().all(|part| part.name != *name);
        let alone = UnitName::parse(&format!("{}.{suffix}", escape(process))).filter(free);
        alone.or_else(|| UnitName::parse(&format!("{}:{}.{suffix}", escape(group), escape(process))))
    }

    fn refuse(&mut self, section: &Merged, key: &str, message: String) {
        let Some(assignment) = section.get(key) else { return };
        self.problems.push(Problem { file: assignment.file, span: assignment.directive.value.span(), message });
    }
}
