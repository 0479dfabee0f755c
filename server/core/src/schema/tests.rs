//! What must hold for every entry of the knowledge base.

use std::collections::BTreeSet;

use super::{
    DIRECTIVES, Directive, Group, Key, Manager, SECTIONS, Section, Title, UnitKind, Version, key, section, sets,
    supervisord, support,
};
use crate::fate::{Backend, Fate, Level};
use crate::syntax;
use crate::values::{Context, check};

/// Every setting that systemd 262 reads, as `Section.Name`, groups of shared settings as a section.
const SETTINGS: &str = include_str!("../../data/settings.txt");

#[test]
fn every_setting_is_there_and_no_other() {
    let expected: BTreeSet<String> =
        SETTINGS.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let found: BTreeSet<String> =
        DIRECTIVES.iter().map(|directive| format!("{:?}.{}", directive.group, directive.name)).collect();
    assert_eq!(expected.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "missing");
    assert_eq!(found.difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new(), "too many");
    assert_eq!(DIRECTIVES.len(), 557);
}

#[test]
fn every_directive_is_found_where_it_belongs() {
    assert_eq!(all().count(), Key::COUNT);
    for (at, directive) in all().enumerate() {
        assert_eq!(directive.key.0 as usize, at);
        assert!(std::ptr::eq(directive.key.directive(), directive));
        let homes: Vec<&Section> = sections_with(directive.group).collect();
        assert!(!homes.is_empty(), "{}= is in no section", directive.name);
        for home in homes {
            let found = home.get(directive.name).expect("a directive of its section");
            assert_eq!(found.name, directive.name);
            assert!(home.kind.is_none_or(|kind| directive.kinds.contains(kind)), "{}= in [{}]", found.name, home.name);
        }
    }
}

#[test]
fn no_section_has_a_directive_twice() {
    for section in SECTIONS.iter().chain(supervisord::SECTIONS) {
        let mut names = BTreeSet::new();
        for directive in section.directives() {
            assert!(names.insert(directive.name), "{}= is in [{}] twice", directive.name, section.name);
        }
    }
}

#[test]
fn successors_exist() {
    for directive in DIRECTIVES {
        for ending in [directive.deprecated, directive.removed].into_iter().flatten() {
            assert!(ending.since <= Version::LATEST.0);
            if ending.successor.is_empty() {
                assert!(!ending.note.is_empty(), "{}= has neither successor nor note", directive.name);
                assert!(ending.section.is_empty());
                continue;
            }
            let found = match ending.section {
                "" => directive.group.get(ending.successor),
                name => section(name).and_then(|section| section.get(ending.successor)),
            };
            let found = found.unwrap_or_else(|| panic!("{}= is no successor of {}=", ending.successor, directive.name));
            assert!(found.deprecated.is_none() && found.removed.is_none(), "{}= is gone itself", found.name);
        }
    }
}

#[test]
fn versions_are_in_order() {
    for directive in DIRECTIVES {
        let deprecated = directive.deprecated.map_or(0, |ending| ending.since);
        let removed = directive.removed.map_or(0, |ending| ending.since);
        assert!(directive.since <= Version::LATEST.0, "{}=", directive.name);
        assert!(deprecated == 0 || directive.since <= deprecated, "{}=", directive.name);
        assert!(removed == 0 || directive.since.max(deprecated) <= removed, "{}=", directive.name);
    }
}

#[test]
fn sets_are_sorted_and_refer_to_words() {
    for set in sets::ALL {
        assert!(set.words.is_sorted_by(|a, b| a.text < b.text), "{}", set.name);
        for word in set.words {
            assert!(std::ptr::eq(set.get(word.text).expect("a word of its set"), word));
            let named = word.successor;
            assert!(named.is_empty() || set.get(named).is_some(), "{named} of {} in {}", word.text, set.name);
        }
        for word in set.booleans.into_iter().flatten() {
            assert!(set.get(word).is_some(), "{word} in {}", set.name);
        }
    }
}

#[test]
fn groups_have_members() {
    for (groups, words) in [(&sets::SYSCALL_GROUP, &sets::SYSCALL), (&sets::FILESYSTEM_GROUP, &sets::FILESYSTEM)] {
        for group in groups.words {
            assert!(!group.members.is_empty(), "{}", group.text);
            for member in group.members.iter().filter(|member| member.starts_with('@')) {
                assert!(groups.get(member).is_some(), "{member} of {}", group.text);
            }
            let known = group.members.iter().filter(|member| words.get(member).is_some()).count();
            let nested = group.members.iter().filter(|member| member.starts_with('@')).count();
            assert!(known + nested > 0, "{}", group.text);
        }
    }
}

#[test]
fn letter_case_counts_where_systemd_says_so() {
    assert!(sets::CAPABILITY.get("cap_chown").is_some());
    assert!(sets::ERRNO.get("eperm").is_some());
    assert!(sets::SIGNAL.get("term").is_none());
    assert!(sets::SYSCALL.get("Read").is_none());
}

#[test]
fn defaults_are_values() {
    for directive in all() {
        if !directive.default.is_empty() {
            let name = directive.name;
            assert_eq!(problems(directive, directive.default), Vec::<String>::new(), "default of {name}=");
        }
    }
}

#[test]
fn every_directive_is_documented() {
    for directive in all() {
        let Directive { name, doc, example, deprecated, removed, .. } = directive;
        assert!(doc.ends_with(['.', '`', ']']), "{name}= has the doc {doc:?}");
        assert!(doc.len() < 600 && !doc.contains('\n'), "{name}=");
        assert!(!example.is_empty() || deprecated.is_some() || removed.is_some(), "{name}= has no example");
    }
}

#[test]
fn every_section_is_documented() {
    assert!(SECTIONS.is_sorted_by(|a, b| a.name < b.name));
    for section in SECTIONS {
        assert!(section.doc.ends_with('.') && !section.man.is_empty(), "[{}]", section.name);
    }
    for kind in UnitKind::ALL {
        assert!(SECTIONS.iter().any(|section| section.kind == Some(kind)), "{kind:?}");
    }
}

/// As supervisor 4.3 reads them: those that its manual lists, and `supervisor.ctl_factory`.
#[test]
fn every_setting_of_supervisord_is_there() {
    let count = |name| supervisord::section_of_type(name).expect("a section").directives().count();
    let counts = supervisord::SECTIONS.iter().map(|section| (section.name, count(section.name)));
    assert_eq!(
        counts.collect::<Vec<_>>(),
        [
            ("ctlplugin", 1),
            ("eventlistener", 35),
            ("fcgi-program", 36),
            ("group", 2),
            ("include", 1),
            ("inet_http_server", 3),
            ("program", 32),
            ("rpcinterface", 1),
            ("supervisorctl", 5),
            ("supervisord", 17),
            ("unix_http_server", 5),
        ]
    );
    assert_eq!(supervisord::DIRECTIVES.len(), 74);
    for section in supervisord::SECTIONS {
        assert!(section.doc.ends_with('.') && section.example.starts_with('['), "[{}]", section.name);
        let file = syntax::supervisord::scan(section.example);
        assert!(file.problems.is_empty(), "example of [{}]", section.name);
        assert_eq!(supervisord::section(&file.sections[0].name).map(|found| found.name), Some(section.name));
        for line in &file.directives {
            let entry = section.get(&line.key).unwrap_or_else(|| panic!("{}= of [{}]", line.key, section.name));
            assert_eq!(problems(entry, line.value.text()), Vec::<String>::new(), "{}= of [{}]", line.key, section.name);
        }
    }
}

#[test]
fn sections_of_supervisord_have_names_where_they_may() {
    for (header, found) in [
        ("program:web", Some("program")),
        ("program:", Some("program")),
        ("program", None),
        ("Program:web", None),
        ("supervisord", Some("supervisord")),
        ("supervisord:web", None),
        ("inet_http_server", Some("inet_http_server")),
        ("inet_http_server:lan", Some("inet_http_server")),
        ("programme:web", None),
    ] {
        assert_eq!(supervisord::section(header).map(|section| section.name), found, "{header}");
    }
}

#[test]
fn keys_of_supervisord_go_on_behind_those_of_systemd() {
    let command = supervisord::key::program::command;
    assert_eq!(command.directive().name, "command");
    assert_eq!(
        supervisord::section("eventlistener:x").and_then(|section| section.get("command")?.key.into()),
        Some(command)
    );
    assert_eq!(Group::Program.directives().len(), 32);
    assert_eq!(support(command, Backend::Systemd), &Fate::native("`ExecStart=`"));
}

#[test]
fn docs_name_directives_that_exist() {
    for directive in DIRECTIVES {
        for quoted in directive.doc.split('`').skip(1).step_by(2) {
            let Some((name, _)) = quoted.split_once('=') else { continue };
            let a_name = name.starts_with(char::is_uppercase)
                && name.chars().any(char::is_lowercase)
                && name.chars().all(char::is_alphanumeric);
            let found = DIRECTIVES.iter().any(|other| other.name == name);
            assert!(!a_name || found, "{name}= in the doc of {}=", directive.name);
        }
    }
}

#[test]
fn examples_are_right() {
    for directive in all() {
        if directive.example.is_empty() {
            continue;
        }
        let home = sections_with(directive.group).next().expect("a section");
        let title = if home.title == Title::Always { ":x" } else { "" };
        let text = format!("[{}{title}]\n{}\n", home.name, directive.example);
        let file = if is_of_units(home) { syntax::scan(&text) } else { syntax::supervisord::scan(&text) };
        let name = directive.name;
        assert!(file.problems.is_empty(), "example of {name}=: {:?}", file.problems);
        assert!(file.directives.iter().any(|line| line.key == name), "example of {name}= has no {name}=");
        for line in &file.directives {
            let entry = home.get(&line.key).unwrap_or_else(|| panic!("{}= in the example of {name}=", line.key));
            let ended = entry.deprecated.is_some() || entry.removed.is_some();
            assert!(!ended || entry.name == name, "{}= in the example of {name}=", line.key);
            if !line.value.text().is_empty() {
                let found = problems(entry, line.value.text());
                assert_eq!(found, Vec::<String>::new(), "{}= in the example of {name}=", line.key);
            }
        }
    }
}

#[test]
fn what_is_promised_fits_at_the_end_of_a_line() {
    for (directive, backend) in promises() {
        let place = format!("{}= of {:?} on {}", directive.name, directive.group, backend.name());
        let (with, why) = match support(directive.key, backend) {
            Fate::Native { with } | Fate::Emulated { with } => (with, ""),
            Fate::Approximated { with, loses } => (with, loses.as_ref()),
            Fate::Lost { why } | Fate::Irrelevant { why } => (why, why.as_ref()),
        };
        assert!(with.len() <= if why == with { 100 } else { 60 } && why.len() <= 100, "{place}: too long");
        for text in [with, why] {
            assert!(!text.ends_with('.') && !text.contains('\n'), "{place}: {text:?} is no clause");
            assert_eq!(text.matches('`').count() % 2, 0, "{place}: {text:?} has an open quote");
        }
        assert!(!with.is_empty(), "{place}");
    }
}

/// "goes with `User=`, which is lost" is true.
#[test]
fn what_is_lost_along_with_another_is_lost_with_that() {
    for (directive, backend) in promises() {
        let Fate::Lost { why } = support(directive.key, backend) else { continue };
        let Some((name, _)) = why.strip_prefix("goes with `").and_then(|rest| rest.split_once("=`")) else { continue };
        let others: Vec<_> = DIRECTIVES.iter().filter(|other| other.name == name).collect();
        assert!(!others.is_empty(), "there is no {name}=");
        for other in others {
            assert_eq!(support(other.key, backend).level(), Level::Lost, "{}= goes with {name}=", directive.name);
        }
    }
}

#[test]
fn promises_name_directives_that_exist() {
    for (directive, backend) in promises() {
        let fate = format!("{:?}", support(directive.key, backend));
        for (before, _) in fate.match_indices('=') {
            let name = fate[..before].rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
            let a_name = name.starts_with(char::is_uppercase) && name.chars().any(char::is_lowercase);
            let found = DIRECTIVES.iter().any(|other| other.name == name);
            assert!(!a_name || found, "{name}= in the fate of {}= on {}", directive.name, backend.name());
        }
    }
}

#[test]
fn each_backend_takes_its_own_promise_first() {
    let levels = |key: Key| Backend::OTHERS.map(|backend| support(key, backend).level().name());
    assert_eq!(levels(key::exec::Nice), ["emulated"; 4]);
    assert_eq!(levels(key::exec::User), ["emulated", "native", "native", "native"]);
    assert_eq!(levels(key::unit::Requires), ["approximated", "lost", "native", "approximated"]);
    assert_eq!(levels(key::exec::SystemCallFilter), ["lost"; 4]);
}

/// Of systemd and of supervisord.
fn all() -> impl Iterator<Item = &'static Directive> {
    DIRECTIVES.iter().chain(supervisord::DIRECTIVES)
}

fn is_of_units(section: &Section) -> bool {
    SECTIONS.iter().any(|of_units| std::ptr::eq(of_units, section))
}

fn promises() -> impl Iterator<Item = (&'static Directive, Backend)> {
    all().flat_map(|directive| Backend::ALL.map(|backend| (directive, backend)))
}

/// The sections that hold the directives of `group`, that of services first.
fn sections_with(group: Group) -> impl Iterator<Item = &'static Section> {
    let (services, others): (Vec<_>, Vec<_>) = SECTIONS
        .iter()
        .chain(supervisord::SECTIONS)
        .filter(|section| section.groups.contains(&group))
        .partition(|section| section.kind == Some(UnitKind::Service));
    services.into_iter().chain(others)
}

/// What [`check`] says of `text` as a value of `directive`.
fn problems(directive: &'static Directive, text: &str) -> Vec<String> {
    let context = Context { directive, version: Version::LATEST, manager: Manager::System, unit: None };
    let mut problems = Vec::new();
    check(text, &context, &mut problems);
    problems.into_iter().map(|problem| problem.message).collect()
}
