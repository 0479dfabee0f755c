use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::given::{Address, Given};
use super::groups::{Group, Member};
use super::program::{Made, ProgramValues};
use super::{Expansions, Merged};
use crate::units::{Setting, UnitName, escape};

/// A process, a group, a socket, or what belongs to none of them.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// What it is called as a unit.
    pub name: UnitName,
    /// What it is.
    pub kind: PartKind<'a>,
    /// The assignments that make it: those of its section, then those of `[supervisord]` that bear on it.
    pub settings: Vec<Setting<'a>>,
    /// What the names in its values stand for.
    pub expansions: Expansions,
    /// Lower ones are started first and stopped last; of processes, those of one group.
    pub priority: i64,
    /// The processes that are started just before it: those of the next lower priority, that of
    /// the group going before that of the process.
    pub after: Arc<[UnitName]>,
}

/// What a [`Part`] is.
#[derive(Clone, Debug)]
pub enum PartKind<'a> {
    /// A process: a `.service`.
    Process(Box<Process<'a>>),
    /// A group of programs: a `.target`.
    Group {
        /// Its processes.
        members: Vec<UnitName>,
    },
    /// The socket of an fcgi-program: a `.socket`.
    Socket {
        /// The processes that share it.
        processes: Vec<UnitName>,
        /// What it is like.
        values: Box<SocketValues<'a>>,
        /// The user of the program, to whom it belongs unless it has an owner.
        user: Option<String>,
    },
    /// What belongs to supervisord itself: its servers, its log.
    Server,
}

/// A process of a program.
#[derive(Clone, Debug)]
pub struct Process<'a> {
    /// What kind of program it is of; an fcgi-program in a `[group:x]` is a plain one.
    pub program: Program,
    /// The name of the program: `web` of `[program:web]`.
    pub program_name: String,
    /// The group it is in; most programs are a group of their own.
    pub group: String,
    /// The priority of that group.
    pub group_priority: i64,
    /// Its name in the group, after `process_name`.
    pub name: String,
    /// `%(process_num)d`
    pub number: i64,
    /// The name of its socket, if it is of an fcgi-program.
    pub socket: Option<UnitName>,
    /// What it is like.
    pub values: ProgramValues<'a>,
}

/// The socket of an fcgi-program.
#[derive(Clone, Debug)]
pub struct SocketValues<'a> {
    /// `socket`; supervisord refuses the section without.
    pub address: Given<'a, Option<Address>>,
    /// `socket_owner`: a user, or `user:group`; none, that of the program.
    pub owner: Given<'a, Option<String>>,
    /// `socket_mode`: none, 0700.
    pub mode: Given<'a, Option<i64>>,
    /// `socket_backlog`: none, as many as the system lets wait.
    pub backlog: Given<'a, Option<i64>>,
}

/// What kind of program a process is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// `[program:x]`
    Program,
    /// `[fcgi-program:x]`
    Fcgi,
    /// `[eventlistener:x]`, which talks to supervisord and can't do without it.
    Listener,
}

impl Part<'_> {
    /// The name of the program that it is a process of.
    pub fn program(&self) -> Option<&str> {
        match &self.kind {
            PartKind::Process(process) => Some(&process.program_name),
            PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => None,
        }
    }
}

impl Process<'_> {
    /// Whether `name` is what somebody calls it: by its program, its group, itself, or `group:name`
    /// and `group:*` as supervisorctl has it.
    pub fn is_called(&self, name: &str) -> bool {
        match name.split_once(':') {
            Some((group, process)) => self.group == group && (process == "*" || process == self.name),
            None => [&self.program_name, &self.group, &self.name].into_iter().any(|own| own == name),
        }
    }
}

/// Those keys of `[supervisord]` that bear on each process.
pub(crate) const INHERITED: [&str; 6] = ["environment", "umask", "directory", "user", "minfds", "minprocs"];

/// The parts of a configuration: groups in the order in which they are started, the processes of
/// each in front of what they are in.
pub(super) fn parts<'a>(sections: &[Merged<'a>], groups: Vec<Group<'_, 'a>>) -> Vec<Part<'a>> {
    let server = sections.iter().find(|section| section.name == "supervisord");
    let inherited = server.into_iter().flat_map(Merged::settings);
    let inherited = inherited.filter(|setting| INHERITED.contains(&setting.entry.name)).collect();
    let mut building = Building { inherited, parts: Vec::new(), names: HashSet::new() };
    groups.into_iter().for_each(|group| building.group(group));
    building.server(sections);
    order(&mut building.parts);
    building.parts
}

struct Building<'a> {
    /// The settings of `[supervisord]` that bear on each process.
    inherited: Vec<Setting<'a>>,
    parts: Vec<Part<'a>>,
    names: HashSet<UnitName>,
}

impl<'a> Building<'a> {
    fn group(&mut self, group: Group<'_, 'a>) {
        let Group { name, section, priority, processes, socket } = group;
        let socket_name = socket.as_ref().map(|_| self.name(&name, "", "socket"));
        let mut members = Vec::with_capacity(processes.len());
        let user = processes.first().and_then(|member| member.made.values.user.value.clone());
        for member in processes {
            members.push(self.process(member, &name, priority.value, socket_name.clone()));
        }
        let part = |name, kind, settings| Part {
            name,
            kind,
            settings,
            expansions: Expansions::default(),
            priority: priority.value,
            after: Arc::default(),
        };
        if let (Some(values), Some(socket)) = (socket, socket_name) {
            let settings = section.settings().filter(|setting| setting.entry.name.starts_with("socket")).collect();
            let kind = PartKind::Socket { processes: members, values: Box::new(values), user };
            self.parts.push(part(socket, kind, settings));
        } else if section.name.starts_with("group:") {
            let name = self.name(&name, "", "target");
            self.parts.push(part(name, PartKind::Group { members }, section.settings().collect()));
        }
    }

    fn process(
        &mut self,
        member: Member<'_, 'a>,
        group: &str,
        group_priority: i64,
        socket: Option<UnitName>,
    ) -> UnitName {
        let Member { program, section, made: Made { number, expansions, values } } = member;
        let name = values.process_name.value.clone();
        let unit = self.name(&name, group, "service");
        let settings = section.settings().chain(self.inherited.iter().copied()).collect();
        let priority = values.priority.value;
        let program_name = section.title().to_owned();
        let group = group.to_owned();
        let process = Process { program, program_name, group, group_priority, name, number, socket, values };
        let kind = PartKind::Process(Box::new(process));
        self.parts.push(Part { name: unit.clone(), kind, settings, expansions, priority, after: Arc::default() });
        unit
    }

    /// What belongs to no program.
    fn server(&mut self, sections: &[Merged<'a>]) {
        const OTHERS: [&str; 4] = ["program", "fcgi-program", "eventlistener", "group"];
        let alone = self.parts.is_empty();
        let mine = |setting: &Setting, section: &Merged| {
            alone || section.name != "supervisord" || !INHERITED.contains(&setting.entry.name)
        };
        let sections = sections.iter().filter(|section| !OTHERS.contains(&section.kind()));
        let settings = sections.flat_map(|section| section.settings().filter(move |setting| mine(setting, section)));
        let settings: Vec<Setting> = settings.collect();
        if settings.is_empty() {
            return;
        }
        let name = self.name("supervisord", "", "service");
        let expansions = Expansions::default();
        let kind = PartKind::Server;
        self.parts.push(Part { name, kind, settings, expansions, priority: 0, after: Arc::default() });
    }

    /// The name of a unit: that of the process, with its group's in front where it is taken, or a
    /// number where it can't be one.
    fn name(&mut self, process: &str, group: &str, suffix: &str) -> UnitName {
        let (process, group) = (unit(process), unit(group));
        let named = [format!("{process}.{suffix}"), format!("{group}:{process}.{suffix}")];
        let numbered = (self.parts.len()..).map(|number| format!("process-{number}.{suffix}"));
        let names = named.into_iter().chain(numbered).filter_map(|name| UnitName::parse(&name));
        // There are more numbers than names.
        let mut free = names.filter(|name| !self.names.contains(name));
        let name = free.next().unwrap_or_else(|| unreachable!("some number is free"));
        self.names.insert(name.clone());
        name
    }
}

/// A name as it is in that of a unit: a dash stays one, as nothing makes a path of it.
fn unit(name: &str) -> String {
    escape(name).replace("\\x2d", "-")
}

/// Says of each process which ones come just before it.
fn order(parts: &mut [Part]) {
    let place = |part: &Part| match &part.kind {
        // Nobody waits for an event listener.
        PartKind::Process(process) if process.program == Program::Listener => None,
        PartKind::Process(process) => Some((process.group_priority, part.priority)),
        PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => None,
    };
    let mut levels: BTreeMap<(i64, i64), Vec<UnitName>> = BTreeMap::new();
    // What supervisord doesn't start by itself isn't started on behalf of others either.
    let starts = |part: &Part| match &part.kind {
        PartKind::Process(process) => process.values.autostart.value,
        PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => false,
    };
    for part in parts.iter().filter(|part| starts(part)) {
        if let Some(place) = place(part) {
            levels.entry(place).or_default().push(part.name.clone());
        }
    }
    let levels: BTreeMap<_, Arc<[UnitName]>> = levels.into_iter().map(|(place, names)| (place, names.into())).collect();
    for part in parts {
        let Some(place) = place(part) else { continue };
        part.after = levels.range(..place).next_back().map(|(_, names)| names.clone()).unwrap_or_default();
    }
}
