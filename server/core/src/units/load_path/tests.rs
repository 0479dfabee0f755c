use super::*;

/// A listing as lines: `directory: entry entry`, where an entry is `name`,
/// `name!` (empty), `name>target` or `name/inner`.
fn load_path(lines: &str) -> LoadPath {
    let mut directories: Vec<Directory> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (path, entries) = line.split_once(": ").unwrap();
        let mut directory = Directory { path: path.into(), entries: Vec::new() };
        for word in entries.split(' ') {
            match word.split_once('/').filter(|(outer, _)| !outer.contains('>')) {
                None => directory.entries.push(entry(word)),
                Some((outer, inner)) => {
                    let at = directory.entries.iter().position(|other| *other.name == *outer).unwrap_or_else(|| {
                        let kind = EntryKind::Directory(Vec::new());
                        directory.entries.push(Entry { name: outer.into(), kind });
                        directory.entries.len() - 1
                    });
                    let EntryKind::Directory(inside) = &mut directory.entries[at].kind else { panic!("{word}") };
                    inside.push(entry(inner));
                }
            }
        }
        directories.push(directory);
    }
    LoadPath::new(directories)
}

fn entry(word: &str) -> Entry {
    let (name, kind) = match word.split_once('>') {
        Some((name, target)) => (name, EntryKind::Link(target.into())),
        None => match word.strip_suffix('!') {
            Some(name) => (name, EntryKind::Empty),
            None => (word, EntryKind::File),
        },
    };
    Entry { name: name.into(), kind }
}

/// Everything that a name leads to, in one line.
fn resolve(path: &LoadPath, name: &str) -> String {
    let resolved = path.resolve(&UnitName::parse(name).unwrap());
    let mut out = match resolved.fragment {
        Fragment::File(place) => path.path(place),
        Fragment::Masked(place) => format!("masked by {}", path.path(place)),
        Fragment::None => "none".to_owned(),
    };
    if resolved.name.as_str() != name {
        out.push_str(&format!(" is {}", resolved.name.as_str()));
    }
    for alias in &resolved.aliases {
        out.push_str(&format!(" aka {}", alias.as_str()));
    }
    for drop_in in resolved.drop_ins {
        out.push_str(&format!(" + {}", path.path(drop_in)));
    }
    out
}

fn check(lines: &str, expected: &[(&str, &str)]) {
    let path = load_path(lines);
    for (name, what) in expected {
        assert_eq!(resolve(&path, name), *what, "{name}");
    }
}

#[test]
fn the_most_important_directory_wins() {
    check(
        "/etc: a.service c.service! d.service>/dev/null
         /lib: a.service b.service c.service d.service",
        &[
            ("a.service", "/etc/a.service"),
            ("b.service", "/lib/b.service"),
            ("c.service", "masked by /etc/c.service"),
            ("d.service", "masked by /etc/d.service"),
            ("e.service", "none"),
        ],
    );
}

#[test]
fn aliases_lead_both_ways() {
    check(
        "/etc: b.service>/lib/a.service c.service>b.service l.service>/opt/other.service x.timer>/lib/a.service
         /lib: a.service t@.service u@.service>t@.service v@one.service>t@.service m.mount>n.mount n.mount x.timer",
        &[
            ("a.service", "/lib/a.service aka b.service aka c.service"),
            ("c.service", "/lib/a.service is a.service aka b.service aka c.service"),
            ("l.service", "/etc/l.service"),
            ("x.timer", "/lib/x.timer"),
            ("t@1.service", "/lib/t@.service aka u@1.service"),
            ("u@1.service", "/lib/t@.service is t@1.service aka u@1.service"),
            ("v@one.service", "/lib/t@.service is t@one.service aka u@one.service aka v@one.service"),
            ("m.mount", "none"),
        ],
    );
}

#[test]
fn loops_of_links_end() {
    check(
        "/etc: a.service>b.service b.service>a.service c.service>c.service",
        &[("a.service", "none"), ("c.service", "none")],
    );
}

#[test]
fn an_instance_prefers_its_own_file() {
    check(
        "/etc: t@.service
         /lib: t@a.service t@.service",
        &[("t@a.service", "/lib/t@a.service"), ("t@b.service", "/etc/t@.service"), ("t@.service", "/etc/t@.service")],
    );
}

#[test]
fn drop_ins_come_sorted_and_mask_each_other() {
    check(
        "/etc: a-b.service.d/20.conf a-b.service.d/10.conf! a-.service.d/30.conf service.d/05.conf x.service.d/y.txt x.service.d/.z.conf
         /lib: a-b.service a-b.service.d/10.conf a-b.service.d/30.conf a-b.service.d/40.conf service.d/20.conf x.service",
        &[
            (
                "a-b.service",
                "/lib/a-b.service + /etc/service.d/05.conf + /etc/a-b.service.d/20.conf + /etc/a-.service.d/30.conf \
                 + /lib/a-b.service.d/40.conf",
            ),
            ("x.service", "/lib/x.service + /etc/service.d/05.conf + /lib/service.d/20.conf"),
        ],
    );
}

#[test]
fn drop_ins_of_instances_and_aliases_count() {
    check(
        "/etc: p-t@i.service.d/1.conf p-t@.service.d/2.conf p-@i.service.d/3.conf p-@.service.d/4.conf p-.service.d/5.conf \
         z.service>a.service z.service.d/z.conf
         /lib: p-t@.service a.service a.service.d/b.conf",
        &[
            (
                "p-t@i.service",
                "/lib/p-t@.service + /etc/p-t@i.service.d/1.conf + /etc/p-t@.service.d/2.conf + /etc/p-@i.service.d/3.conf \
                 + /etc/p-@.service.d/4.conf + /etc/p-.service.d/5.conf",
            ),
            ("p-t@.service", "/lib/p-t@.service + /etc/p-t@.service.d/2.conf + /etc/p-.service.d/5.conf"),
            ("a.service", "/lib/a.service aka z.service + /lib/a.service.d/b.conf + /etc/z.service.d/z.conf"),
        ],
    );
}

#[test]
fn folders_draw_units_in() {
    let path = load_path(
        "/etc: a.target.wants/b.service>/lib/b.service a.target.wants/c.service>/dev/null
         /lib: a.target.requires/d.service t@.target.upholds/e@.service",
    );
    let edges: Vec<_> = path.link_edges().map(|edge| (path.path(edge.place), edge.kind)).collect();
    assert_eq!(
        edges,
        [
            ("/lib/a.target.requires/d.service".to_owned(), LinkFolder::Requires),
            ("/etc/a.target.wants/b.service".to_owned(), LinkFolder::Wants),
            ("/lib/t@.target.upholds/e@.service".to_owned(), LinkFolder::Upholds),
        ]
    );
}

#[test]
fn prefixes_are_chopped_at_dashes() {
    let variants = |name: &str| super::drop_ins::variants(&UnitName::parse(name).unwrap()).join(" ");
    assert_eq!(variants("a-b-c.service"), "a-b-c.service a-b-.service a-.service");
    assert_eq!(variants("a-b-.service"), "a-b-.service a-.service");
    assert_eq!(variants("-a.service"), "-a.service");
    assert_eq!(variants("-.mount"), "-.mount");
    assert_eq!(variants("a-b@i.service"), "a-b@i.service a-b@.service a-.service a-@i.service a-@.service");
}
