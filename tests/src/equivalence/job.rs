//! One run of one case: under which name, and without which directive.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use super::case::{Case, Step};

/// A case as it is run.
#[derive(Clone, Debug)]
pub struct Job {
    /// The case, as it was written.
    pub case: Arc<Case>,
    /// What stands for `{case}`.
    pub name: String,
    /// The section and the directive that all units are without.
    pub without: Option<(String, String)>,
    /// Names and texts of the units.
    pub units: Vec<(String, String)>,
    /// The script.
    pub script: Vec<Step>,
    /// Paths, modes and contents of the files.
    pub files: Vec<(String, u32, String)>,
}

impl Job {
    /// The case as it is.
    pub fn whole(case: &Arc<Case>) -> Self {
        Self::new(case, case.name.clone(), None)
    }

    /// The case once for each directive that can be left out, without it.
    pub fn ablations(case: &Arc<Case>) -> Vec<Self> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (_, text) in &case.units {
            for directive in directives(text) {
                let never = matches!(directive.1.as_str(), "ExecStart" | "Description" | "Documentation");
                if !never && !all.contains(&directive) {
                    all.push(directive);
                }
            }
        }
        let number = |(at, without)| Self::new(case, format!("{}_x{at}", case.name), Some(without));
        all.into_iter().enumerate().map(number).collect()
    }

    fn new(case: &Arc<Case>, name: String, without: Option<(String, String)>) -> Self {
        let fill = |text: &str| text.replace("{case}", &name);
        let unit = |(unit, text): &(String, String)| {
            let text = match &without {
                Some((section, directive)) => remove(text, section, directive),
                None => text.clone(),
            };
            (fill(unit), fill(&text.replace("/probe ", "{probe} {case} ")).replace("{probe}", "/srv/probe"))
        };
        let step = |step: &Step| match step {
            Step::Act(verb, units) => Step::Act(*verb, units.iter().map(|unit| fill(unit)).collect()),
            Step::Down(units) => Step::Down(units.iter().map(|unit| fill(unit)).collect()),
            Step::Files(paths) => Step::Files(paths.iter().map(|path| fill(path)).collect()),
            Step::Write(path, text) => Step::Write(fill(path), fill(text)),
            Step::Remove(path) => Step::Remove(fill(path)),
            Step::Send(address, text) => Step::Send(fill(address), text.clone()),
            Step::Logged(path, text) => Step::Logged(fill(path), text.clone()),
            Step::Log(path, last) => Step::Log(fill(path), *last),
            Step::Printed(text) => Step::Printed(fill(text)),
            Step::Again(path) => Step::Again(fill(path)),
            Step::Kept(path) => Step::Kept(fill(path)),
            Step::Wait(_) | Step::Quiet(_) | Step::State | Step::Survivors | Step::Kill(..) | Step::Shared(_) => {
                step.clone()
            }
        };
        Self {
            case: Arc::clone(case),
            units: case.units.iter().map(unit).collect(),
            script: case.script.iter().map(step).collect(),
            files: case.files.iter().map(|(path, mode, text)| (fill(path), *mode, fill(text))).collect(),
            name,
            without,
        }
    }

    /// The names of the units as they are started: a template's with its instance.
    pub fn started(&self) -> Vec<String> {
        let instance = self.case.instance.as_deref().unwrap_or_default();
        if !self.case.processes.is_empty() {
            return self.case.processes.clone();
        }
        let name = |unit: &String| match unit.split_once("@.") {
            Some((prefix, kind)) => format!("{prefix}@{instance}.{kind}"),
            None => unit.clone(),
        };
        self.units.iter().map(|(unit, _)| name(unit)).collect()
    }

    /// Writes the unit files into `folder`.
    pub fn write_units(&self, folder: &Path) -> io::Result<()> {
        for (name, text) in &self.units {
            let path = folder.join(name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }

    /// Writes the files that must be there below `root`.
    pub fn write_files(&self, root: &Path) -> io::Result<()> {
        if !self.case.processes.is_empty() {
            let work = root.join("srv/work").join(&self.name);
            fs::create_dir_all(&work)?;
            // supervisord itself may be somebody else.
            fs::set_permissions(&work, fs::Permissions::from_mode(0o1777))?;
        }
        for (path, mode, text) in &self.files {
            let path = root.join(path.trim_start_matches('/'));
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, text)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode))?;
        }
        Ok(())
    }
}

/// Section and name of each directive, in their order, as often as they stand there.
pub fn directives(text: &str) -> Vec<(String, String)> {
    lines(text).into_iter().filter_map(|(_, directive)| directive).collect()
}

fn remove(text: &str, section: &str, directive: &str) -> String {
    let keep = |(line, of): (&str, Option<(String, String)>)| {
        let gone = of.is_some_and(|(in_section, name)| in_section == section && name == directive);
        if gone { None } else { Some(line.to_owned() + "\n") }
    };
    lines(text).into_iter().filter_map(keep).collect()
}

/// Each line with the directive it belongs to.
fn lines(text: &str) -> Vec<(&str, Option<(String, String)>)> {
    let (mut section, mut continued) = (String::new(), None);
    let mut lines = Vec::new();
    for line in text.lines() {
        let comment = line.starts_with(['#', ';']);
        let of = if let Some(directive) = continued.take() {
            Some(directive)
        } else if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_owned();
            None
        } else if comment {
            None
        } else {
            line.split_once('=').map(|(name, _)| (section.clone(), name.trim().to_owned()))
        };
        if line.ends_with('\\') && !comment {
            continued.clone_from(&of);
        }
        lines.push((line, of));
    }
    lines
}
