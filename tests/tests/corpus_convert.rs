//! Every unit that Debian ships becomes directories that hold together, for each supervisor.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};

use svlsp_core::backends::{Content, Directory, Rendering, Target, Together, render};
use svlsp_core::fate::{Backend, Fate, Level};
use svlsp_core::plan::{self, Plan};
use svlsp_core::syntax::{self, scan};
use svlsp_core::units::Unit;
use svlsp_tests::corpus::Source;
use svlsp_tests::scripts::Scripts;
use svlsp_tests::{corpus, nosh, s6rc};

/// How many of the causes of losses are shown.
const CAUSES: usize = 25;

#[test]
fn every_unit_converts() {
    // Any other tree of units, tried by hand.
    let root = std::env::var_os("SVLSP_CORPUS").map(PathBuf::from);
    let root = root.unwrap_or_else(|| corpus::root(env!("CARGO_TARGET_TMPDIR")));
    let units: &[Source] = &corpus::sources(&root);
    let all: Vec<(Outcome, Scripts)> = std::thread::scope(|scope| {
        let jobs = Backend::ALL.map(|backend| scope.spawn(move || convert(backend, units)));
        jobs.into_iter().map(|job| job.join().expect("a conversion that panics is caught")).collect()
    });
    let mut faults = Vec::new();
    let mut scripts = Scripts::default();
    for (backend, (outcome, own)) in Backend::ALL.into_iter().zip(all) {
        print!("{}", outcome.table(backend));
        faults.extend(outcome.faults);
        scripts.append(own);
    }
    println!("{} scripts", scripts.len());
    faults.extend(scripts.complaints());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// What became of all units on one backend.
#[derive(Default)]
struct Outcome {
    services: usize,
    /// Those with assignments in error.
    refused: usize,
    /// Those that become no directory.
    nothing: usize,
    without_lost: usize,
    without_loss: usize,
    /// By directive and fate, how many services have it, and how many of them have no other loss.
    causes: BTreeMap<String, (usize, usize)>,
    faults: Vec<String>,
}

impl Outcome {
    fn count(&mut self, keys: &[&str], rendering: &Rendering) {
        self.services += 1;
        self.refused += usize::from(!rendering.faults.is_empty());
        if rendering.directories.is_empty() {
            self.nothing += 1;
            return;
        }
        let has = |level| rendering.fates.iter().any(|fate| fate.level() == level);
        let (lost, approximated) = (has(Level::Lost), has(Level::Approximated));
        self.without_lost += usize::from(!lost);
        self.without_loss += usize::from(!lost && !approximated);
        let mut causes: Vec<String> = Vec::new();
        for (key, fate) in keys.iter().zip(&rendering.fates) {
            if matches!(fate, Fate::Lost { .. } | Fate::Approximated { .. }) {
                causes.push(format!("{key}= {fate}"));
            }
        }
        causes.sort();
        causes.dedup();
        let alone = usize::from(causes.len() == 1);
        for cause in causes {
            let (all, only) = self.causes.entry(cause).or_default();
            *all += 1;
            *only += alone;
        }
    }

    fn table(&self, backend: Backend) -> String {
        let Outcome { services, refused, nothing, without_lost, without_loss, causes, faults: _ } = self;
        let mut out = format!(
            "{}: {services} services, nothing lost {without_lost}, nothing approximated either {without_loss}, \
             with assignments in error {refused}, not converted at all {nothing}\n",
            backend.name(),
        );
        let mut causes: Vec<_> = causes.iter().collect();
        causes.sort_by_key(|(_, (all, _))| std::cmp::Reverse(*all));
        for (cause, (all, only)) in causes.into_iter().take(CAUSES) {
            out.push_str(&format!("  {all:5} {only:5}  {cause}\n"));
        }
        out
    }
}

fn convert(backend: Backend, units: &[Source]) -> (Outcome, Scripts) {
    let mut target = Target::new(backend);
    target.facts.specifiers = [b'H', b'l', b'm', b'b', b'v', b'a', b'o', b'w', b'q', b'A', b'B', b'M', b'W']
        .map(|letter| (letter, "known".to_owned()))
        .into();
    let (mut outcome, mut scripts) = (Outcome::default(), Scripts::default());
    for package in units.chunk_by(|a, b| a.folder() == b.folder()) {
        let converted =
            catch_unwind(AssertUnwindSafe(|| convert_package(&target, package, &mut outcome, &mut scripts)));
        if converted.is_err() {
            outcome.faults.push(format!("{} for {}: panics, see above", package[0].path, backend.name()));
        }
    }
    (outcome, scripts)
}

/// Converts units that know of each other.
fn convert_package(target: &Target, package: &[Source], outcome: &mut Outcome, scripts: &mut Scripts) {
    let files: Vec<Vec<syntax::File>> =
        package.iter().map(|unit| unit.texts.iter().map(|text| scan(text)).collect()).collect();
    let units: Vec<Unit> = package.iter().zip(&files).map(|(unit, files)| Unit::new(&unit.name, files)).collect();
    let plans: Vec<Plan> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
    let together = Together::of(&plans);
    let mut all = Vec::new();
    for (source, plan) in package.iter().zip(&plans) {
        let rendering = render(plan, &together, target);
        let keys: Vec<&str> = plan.unit.settings().iter().map(|setting| setting.entry.name).collect();
        let place = || format!("{} for {}", source.path, target.backend.name());
        if !rendering.directories.is_empty() && keys.len() != rendering.fates.len() {
            outcome.faults.push(format!("{}: {} fates of {} settings", place(), rendering.fates.len(), keys.len()));
        }
        if target.backend == Backend::Nosh {
            let complaints = nosh::complaints(&rendering.directories);
            outcome.faults.extend(complaints.into_iter().map(|complaint| format!("{}: {complaint}", place())));
        }
        for directory in &rendering.directories {
            outcome.faults.extend(faults(directory).map(|fault| format!("{}: {}: {fault}", place(), directory.name)));
            for file in &directory.files {
                // The command lines of a oneshot of s6-rc.
                let line = match &file.content {
                    Content::Text(text) if matches!(&*file.path, "up" | "down") && !text.is_empty() => {
                        [b"#!/bin/execlineb -P\n", &text[..]].concat()
                    }
                    _ => Vec::new(),
                };
                if !line.is_empty() {
                    scripts.add(|| format!("{} {}/{}", place(), directory.name, file.path), source.name.stem(), &line);
                }
                if let Content::Script(text) = &file.content {
                    scripts.add(|| format!("{} {}/{}", place(), directory.name, file.path), source.name.stem(), text);
                }
            }
        }
        if source.counts() {
            outcome.count(&keys, &rendering);
        }
        all.extend(rendering.directories);
    }
    if target.backend == Backend::S6rc {
        let complaints = s6rc::complaints(&all);
        outcome.faults.extend(complaints.into_iter().map(|fault| format!("{}: {fault}", package[0].path)));
    }
}

/// What is wrong with a directory at first sight.
fn faults(directory: &Directory) -> impl Iterator<Item = String> {
    let mut faults = Vec::new();
    if !directory.name.is_empty() && (!is_below(&directory.name) || directory.name.contains('/')) {
        faults.push("no name of a directory".to_owned());
    }
    for (at, file) in directory.files.iter().enumerate() {
        let mut fault = |what: &str| faults.push(format!("{}: {what}", file.path));
        if !is_below(&file.path) {
            fault("lies outside");
        }
        if directory.files[..at].iter().any(|other| other.path == file.path) {
            fault("is there twice");
        }
        match &file.content {
            Content::Script(text) if text.is_empty() => fault("is empty"),
            Content::Script(text) | Content::Text(text) if text.contains(&0) => fault("holds a NUL"),
            Content::Link(to) if to.is_empty() || to.contains('\0') => fault("links nowhere"),
            Content::Script(_) | Content::Text(_) | Content::Link(_) | Content::Directory => {}
        }
    }
    faults.into_iter()
}

/// Whether a path leads to something in the directory it is relative to.
fn is_below(path: &str) -> bool {
    let normal = |part: Component| matches!(part, Component::Normal(_));
    !path.is_empty() && !path.contains(['\0', '\n']) && Path::new(path).components().all(normal)
}
