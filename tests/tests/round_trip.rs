//! Every unit that Debian ships comes out of `svlsp convert --to systemd` meaning the same: to our
//! own reading of it, to `svlsp check`, and to a real systemd that has loaded both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use nix::unistd::Uid;
use svlsp_core::backends::{Content, Target, Together, render};
use svlsp_core::fate::Backend;
use svlsp_core::plan::{self, Facts, InstallKind, Plan};
use svlsp_core::syntax::{self, scan};
use svlsp_core::units::Unit;
use svlsp_tests::corpus::{self, Source};
use svlsp_tests::equivalence::world::World;
use svlsp_tests::product;

/// Lets the test pass where it can't be run.
const ALLOW_SKIPS: &str = "SVLSP_ALLOW_SKIPS";

/// What says where a unit was read from and when, not what it is.
const OF_THE_FILE: [&str; 5] =
    ["FragmentPath", "DropInPaths", "UnitFileState", "StateChangeTimestamp", "StateChangeTimestampMonotonic"];

#[test]
fn the_plan_is_the_same() {
    let mut faults = Vec::new();
    let (mut same, mut refused) = (0, 0);
    for source in corpus::sources(&corpus::root(env!("CARGO_TARGET_TMPDIR"))) {
        let files: Vec<syntax::File> = source.texts.iter().map(|text| scan(text)).collect();
        let unit = Unit::new(&source.name, &files);
        let before = plan::lower(&unit, &Facts::default());
        if before.faults.iter().any(|fault| fault.refused) {
            refused += 1;
            continue;
        }
        let text = converted(&before);
        let files = [scan(&text)];
        let unit = Unit::new(&source.name, &files);
        let after = plan::lower(&unit, &Facts::default());
        let (before, after) = (facts(&before), facts(&after));
        let differs = before.iter().zip(&after).find(|(before, after)| before != after);
        match differs {
            None if before.len() == after.len() => same += 1,
            None => faults.push(format!("{}: {} facts, {} before", source.path, after.len(), before.len())),
            Some((before, after)) => {
                let at = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(150);
                let part = |text: &str| text.get(at..).unwrap_or(text).chars().take(300).collect::<String>();
                faults.push(format!("{}:\n  {}\n  {}", source.path, part(before), part(after)));
            }
        }
    }
    println!("{same} units are the same, {refused} are in error");
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
    assert!(same > 900, "that is too few to show anything");
}

#[test]
fn check_finds_nothing_new() {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let (before, after) = (scratch.path().join("before"), scratch.path().join("after"));
    for (at, package) in corpus::sources(&corpus::root(env!("CARGO_TARGET_TMPDIR")))
        .chunk_by(|a, b| a.folder() == b.folder())
        .enumerate()
    {
        let manager = if package[0].path.contains("/user/") { "user" } else { "system" };
        let place = format!("{at}/{manager}");
        for source in package {
            write_originals(&before.join(&place), source).expect("the folder can be written");
            write_converted(&after.join(&place), source).expect("the folder can be written");
        }
    }
    let of = |root: &Path| {
        let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
        for finding in product::check(root, &[]) {
            let path = Path::new(&finding.path).strip_prefix(root).expect("it is below").to_string_lossy().into_owned();
            // A drop-in is a part of the unit now, and an instance has its own file.
            let path = path.split(".d/").next().unwrap_or_default().replace("@a.", "@.");
            *found.entry((path, finding.rule)).or_default() += 1;
        }
        found
    };
    let (before, after) = (of(&before), of(&after));
    let new: Vec<String> = after
        .iter()
        .filter(|(key, count)| before.get(*key).is_none_or(|before| before < *count))
        .map(|((path, rule), count)| format!("{path} [{rule}] {count}"))
        .collect();
    assert!(new.is_empty(), "{} new findings:\n{}", new.len(), new.join("\n"));
}

#[test]
fn systemd_sees_the_same() {
    if !(Uid::effective().is_root() && Path::new("/lib/systemd/systemd").exists()) {
        assert!(std::env::var_os(ALLOW_SKIPS).is_some(), "this needs root and systemd; {ALLOW_SKIPS}=1 does without");
        println!("SKIPPED: round trip: no root, or no systemd");
        return;
    }
    let mut sources = corpus::sources(&corpus::root(env!("CARGO_TARGET_TMPDIR")));
    sources.retain(|source| source.path.contains("/system/"));
    let mut names = BTreeSet::new();
    sources.retain(|source| names.insert(source.name.clone()));
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();

    let program = ["container=docker", "/lib/systemd/systemd", "--system", "--unit=probe.target"];
    let mut world = World::new("round-trip", Path::new("/bin/true"), &program, |shared| {
        let units = shared.join("units");
        sources.iter().try_for_each(|source| write_originals(&units, source))?;
        fs::write(units.join("probe.target"), "[Unit]\nDefaultDependencies=no\n")
    })
    .expect("the world can be made");
    world.until(|world| world.root().join("run/systemd/private").exists()).expect("systemd boots");

    let before = show(&world, &names);
    let units = world.root().join("run/systemd/system");
    fs::remove_dir_all(&units).and_then(|()| fs::create_dir(&units)).expect("the folder can be written");
    fs::write(units.join("probe.target"), "[Unit]\nDefaultDependencies=no\n").expect("the folder can be written");
    for source in &sources {
        // Other instances of a template come from it as before.
        if source.is_instance() {
            write_originals(&units, source).expect("the folder can be written");
        }
        write_converted(&units, source).expect("the folder can be written");
    }
    let reload = world.command("", ["systemctl", "daemon-reload"]).status();
    assert!(reload.is_ok_and(|status| status.success()), "it doesn't reload");
    let after = show(&world, &names);

    let mut faults = Vec::new();
    let mut loaded = 0;
    for (name, (before, after)) in names.iter().zip(before.iter().zip(&after)) {
        loaded += usize::from(before.get("LoadState").is_some_and(|state| state == "loaded"));
        for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            let (old, new) = (before.get(key), after.get(key));
            // The other name of a template is none of an instance that has a file of its own.
            let alias = key == "Names" && name.contains('@');
            if !OF_THE_FILE.contains(&key.as_str()) && !alias && !is_same(old, new) {
                let shown = |value: Option<&String>| value.map_or("nothing", String::as_str).to_owned();
                faults.push(format!("{name}: {key}\n  {}\n  {}", shown(old), shown(new)));
            }
        }
    }
    println!("{loaded} of {} units are loaded", names.len());
    assert!(faults.is_empty(), "{} properties differ:\n{}", faults.len(), faults.join("\n"));
    assert!(loaded > 700, "that is too few to show anything");
}

/// What systemd knows of each unit, by property.
fn show(world: &World, names: &[&str]) -> Vec<BTreeMap<String, String>> {
    let mut command = world.command("", ["systemctl", "--no-pager", "show", "--all", "--"]);
    let output = command.args(names).output().expect("systemctl runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut units = Vec::new();
    for block in text.split("\n\n") {
        let mut properties: BTreeMap<String, String> = BTreeMap::new();
        for (key, value) in block.lines().filter_map(|line| line.split_once('=')) {
            // Of a command there may be several.
            let all = properties.entry(key.to_owned()).or_default();
            all.push_str(value);
            all.push('\n');
        }
        properties.values_mut().for_each(|value| value.truncate(value.len() - 1));
        units.push(properties);
    }
    assert_eq!(units.len(), names.len(), "{}", String::from_utf8_lossy(&output.stderr));
    units
}

/// Whether two values are the same; some are sets in any order.
fn is_same(before: Option<&String>, after: Option<&String>) -> bool {
    let words = |text: Option<&String>| {
        let mut words: Vec<String> =
            text.map(|text| text.split_whitespace().map(str::to_owned).collect()).unwrap_or_default();
        words.sort();
        words
    };
    before == after || words(before) == words(after)
}

fn write_originals(folder: &Path, source: &Source) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let (_, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let [unit, drop_ins @ ..] = &source.texts[..] else { return Ok(()) };
    fs::write(folder.join(file), unit)?;
    for (at, text) in drop_ins.iter().enumerate() {
        let folder = folder.join(format!("{file}.d"));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{at}.conf")), text)?;
    }
    Ok(())
}

fn write_converted(folder: &Path, source: &Source) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let files: Vec<syntax::File> = source.texts.iter().map(|text| scan(text)).collect();
    let unit = Unit::new(&source.name, &files);
    fs::write(folder.join(source.name.as_str()), converted(&plan::lower(&unit, &Facts::default())))
}

/// The unit file that becomes of it.
fn converted(plan: &Plan) -> String {
    let rendering = render(plan, &Together::default(), &Target::new(Backend::Systemd));
    match rendering.directories.iter().flat_map(|directory| &directory.files).map(|file| &file.content).next() {
        Some(Content::Text(text)) => String::from_utf8(text.clone()).expect("a unit file is text"),
        other => panic!("{other:?} is no unit file"),
    }
}

/// What a plan says, each in one text, without the places of the assignments.
fn facts(plan: &Plan) -> Vec<String> {
    let Plan { body, relations, mounts, default_dependencies, conditions, install, description, .. } = plan;
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let mut facts = vec![format!("{body:?}"), format!("{default_dependencies:?}"), format!("{description:?}")];
    facts.extend(sorted(relations.iter().map(|relation| format!("{relation:?}")).collect()));
    facts.extend(sorted(mounts.iter().map(|mount| format!("{mount:?}")).collect()));
    facts.extend(conditions.iter().map(|condition| format!("{condition:?}")));
    // Which instance a template has by default is nothing that an instance says.
    let install = install.iter().filter(|install| install.value.kind != InstallKind::DefaultInstance);
    facts.extend(sorted(install.map(|install| format!("{install:?}")).collect()));
    let mut facts: Vec<String> = facts.iter().map(|fact| without_places(fact)).collect();
    facts[3..].sort();
    facts
}

/// Takes `At(7)` out of what Debug writes, and whatever holds nothing else.
fn without_places(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split("At(");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once(')') {
            Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => out.push_str(rest),
            _ => {
                out.push_str("At(");
                out.push_str(part);
            }
        }
    }
    while out.contains("[, ") {
        out = out.replace("[, ", "[");
    }
    out.replace("Some()", "None")
}
