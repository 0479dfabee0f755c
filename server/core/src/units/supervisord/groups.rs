use std::collections::{HashMap, HashSet};

use super::given::{self, Address, Given};
use super::parts::SocketValues;
use super::program::{Made, Making};
use super::reading::Reading;
use super::server::ServerValues;
use super::{Expansion, Expansions, Merged, Program};
use crate::values::ProblemKind;
use crate::values::supervisord::{choice, name};

/// A group as supervisord has it.
pub(super) struct Group<'s, 'a> {
    pub(super) name: String,
    pub(super) section: &'s Merged<'a>,
    pub(super) priority: Given<'a, i64>,
    pub(super) processes: Vec<Member<'s, 'a>>,
    pub(super) socket: Option<SocketValues<'a>>,
}

/// A process of a group.
pub(super) struct Member<'s, 'a> {
    pub(super) program: Program,
    pub(super) section: &'s Merged<'a>,
    pub(super) made: Made<'a>,
}

/// The groups in the order in which supervisord starts them (`process_groups_from_parser`).
pub(super) fn groups<'s, 'a>(
    reading: &mut Reading<'_, 'a>,
    sections: &'s [Merged<'a>],
    environment: &Expansions,
    server: &ServerValues<'a>,
) -> Vec<Group<'s, 'a>> {
    let names = sections.iter().map(|section| (section.name, section)).collect();
    let mut here = environment.clone();
    here.set("here", reading.around.here(0));
    let is_foreign = |section: &Merged| {
        let factory = section.text("supervisor.rpcinterface_factory");
        section.name.starts_with("rpcinterface:") && factory.is_some_and(|factory| !factory.starts_with("supervisor."))
    };
    let foreign = sections.iter().any(is_foreign);
    let mut grouping = Grouping { reading, names, here, server, used: HashSet::new(), foreign };
    let of = |kind: &'static str| sections.iter().filter(move |section| section.name.starts_with(kind));
    let mut groups: Vec<Group> = Vec::new();
    groups.extend(of("group:").map(|section| grouping.several(section)));
    for section in of("program:") {
        if !grouping.used.contains(section.name) {
            groups.push(grouping.alone(section, Program::Program, 999));
        }
    }
    for section in of("eventlistener:") {
        grouping.listener(section);
        groups.push(grouping.alone(section, Program::Listener, -1));
    }
    for section in of("fcgi-program:") {
        if !grouping.used.contains(section.name) {
            let socket = grouping.socket(section);
            groups.push(Group { socket: Some(socket), ..grouping.alone(section, Program::Fcgi, 999) });
        }
    }
    groups.sort_by(|one, other| (one.priority.value, &one.name).cmp(&(other.priority.value, &other.name)));
    for group in &mut groups {
        group.processes = once(grouping.reading, std::mem::take(&mut group.processes), &group.name);
    }
    let mut seen = HashSet::new();
    groups.retain(|group| {
        let first = seen.insert(group.name.clone());
        if !first {
            let message = format!("supervisord has a group \"{}\" already, and passes over this one", group.name);
            grouping.reading.ignore(group.section, message);
        }
        first
    });
    groups
}

struct Grouping<'g, 's, 'r, 'a> {
    reading: &'g mut Reading<'r, 'a>,
    names: HashMap<&'a str, &'s Merged<'a>>,
    /// Those and `here`.
    here: Expansions,
    server: &'g ServerValues<'a>,
    /// The programs that are in groups.
    used: HashSet<&'a str>,
    /// Whether there are plug-ins that aren't supervisor's own; they may bring event types.
    foreign: bool,
}

impl<'s, 'a> Grouping<'_, 's, '_, 'a> {
    /// A `[group:x]`.
    fn several(&mut self, section: &'s Merged<'a>) -> Group<'s, 'a> {
        let name = self.name(section);
        let priority = self.reading.value(section, "priority", &self.here, 999, given::integer);
        let programs = self.reading.expanded(section, "programs", &self.here);
        let mut processes = Vec::new();
        let found = programs.filter(|programs| programs.unknown.is_empty());
        let mut problems = Vec::new();
        let assignment = found.as_ref().map(|found| found.assignment);
        let text = found.map_or(String::new(), |found| found.text);
        for (program, span) in name::parse_programs(&text, &mut problems) {
            let one_of = |kind: &str| self.names.get(&*format!("{kind}:{program}")).copied();
            let message = match (one_of("program"), one_of("fcgi-program")) {
                (Some(_), Some(_)) => format!("\"{program}\" is both a program and an fcgi-program"),
                (Some(section), None) => {
                    processes.extend(self.processes(section, &name, Program::Program));
                    self.used.insert(section.name);
                    continue;
                }
                (None, Some(fcgi)) => {
                    processes.extend(self.processes(fcgi, &name, Program::Program));
                    self.used.insert(fcgi.name);
                    let message = "in a group supervisord makes a plain program of it, without its socket";
                    self.reading.ignore(fcgi, message);
                    continue;
                }
                (None, None) if self.reading.around.partial => continue,
                (None, None) => format!("there is no program \"{program}\""),
            };
            if let Some(assignment) = assignment {
                self.reading.refuse_at(assignment, &text, span, message);
            }
        }
        Group { name, section, priority, processes, socket: None }
    }

    /// A program that is a group of its own.
    fn alone(&mut self, section: &'s Merged<'a>, program: Program, priority: i64) -> Group<'s, 'a> {
        let name = match program {
            // It isn't stripped of blanks.
            Program::Listener => section.name.split_once(':').map_or("", |(_, title)| title).to_owned(),
            Program::Program | Program::Fcgi => self.name(section),
        };
        let priority = self.reading.value(section, "priority", &self.here, priority, given::integer);
        let processes = self.processes(section, &name, program);
        Group { name, section, priority, processes, socket: None }
    }

    fn processes(&mut self, section: &'s Merged<'a>, group: &str, program: Program) -> Vec<Member<'s, 'a>> {
        let mut expansions = self.here.clone();
        let name = self.name(section);
        expansions.set("program_name", Expansion::Text(name));
        expansions.set("host_node_name", self.reading.around.host());
        expansions.set("group_name", Expansion::Text(group.to_owned()));
        let making = Making { reading: self.reading, section, expansions, inherited: &self.server.environment };
        making.processes().into_iter().map(|made| Member { program, section, made }).collect()
    }

    /// What stands behind the colon, as a name of a process or group.
    fn name(&mut self, section: &Merged) -> String {
        let title = section.name.split_once(':').map_or("", |(_, title)| title);
        let mut problems = Vec::new();
        name::parse_process(title, &mut problems);
        for problem in problems {
            self.reading.refuse_section(section, problem.message);
        }
        section.title().to_owned()
    }

    /// What only an `[eventlistener:x]` has.
    fn listener(&mut self, section: &Merged<'a>) {
        self.reading.value(section, "buffer_size", &self.here, 10, given::buffer_size);
        self.reading.value(section, "result_handler", &self.here, None, given::object);
        let foreign = self.foreign;
        let events = self.reading.value(section, "events", &self.here, Vec::new(), |text, context, problems| {
            let events = given::events(text, context, problems);
            if !foreign {
                problems.iter_mut().for_each(|problem| problem.kind = ProblemKind::Refused);
            }
            events
        });
        if events.value.is_empty() && events.unknown.is_empty() {
            self.reading.refuse_key(section, "events", "supervisord refuses an event listener without \"events\"");
        }
        let redirect = self.reading.value(section, "redirect_stderr", &self.here, false, choice::parse_boolean);
        if redirect.value {
            let message = "supervisord refuses this of an event listener: it speaks through its standard output";
            self.reading.refuse_key(section, "redirect_stderr", message);
        }
    }

    /// The socket of an `[fcgi-program:x]` (`parse_fcgi_socket`).
    fn socket(&mut self, section: &Merged<'a>) -> SocketValues<'a> {
        let mut named = self.here.clone();
        named.set("program_name", Expansion::Text(section.title().to_owned()));
        // The user is looked up here too, where fewer names are known.
        self.reading.value(section, "user", &self.here, None, given::user);
        let values = SocketValues {
            backlog: self.reading.value(section, "socket_backlog", &self.here, None, given::backlog),
            owner: self.reading.value(section, "socket_owner", &self.here, None, given::owner),
            mode: self.reading.value(section, "socket_mode", &self.here, None, given::mode),
            address: self.reading.value(section, "socket", &named, None, given::socket),
        };
        if section.get("socket").is_none() {
            self.reading.refuse_section(section, "supervisord refuses an fcgi-program without \"socket\"");
        }
        if matches!(values.address.value, Some(Address::Tcp(..))) {
            for key in ["socket_owner", "socket_mode"] {
                if section.get(key).is_some() {
                    self.reading.refuse_key(section, key, "only a unix:// socket has an owner and a mode");
                }
            }
        }
        values
    }
}

/// The processes of a group by name: of two that have one name the last is left, at the place of the first.
fn once<'s, 'a>(reading: &mut Reading<'_, 'a>, all: Vec<Member<'s, 'a>>, group: &str) -> Vec<Member<'s, 'a>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut processes: Vec<Member> = Vec::new();
    for member in all {
        let name = &member.made.values.process_name;
        // What only the target knows may differ.
        let known = name.unknown.is_empty();
        let place = places.get(&name.value).copied().filter(|_| known);
        match place {
            Some(at) => {
                let message =
                    format!("group \"{group}\" has two processes \"{}\"; supervisord drops the first", name.value);
                reading.ignore(processes[at].section, message);
                processes[at] = member;
            }
            None => {
                places.insert(name.value.clone(), processes.len());
                processes.push(member);
            }
        }
    }
    processes
}
