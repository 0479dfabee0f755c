//! Directive by backend: proven, differs, not provable here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use svlsp_core::fate::{Backend, Level};
use svlsp_core::schema::{DIRECTIVES, Directive, Group, UnitKind, support};

use super::proof::{Proof, Verdict};

/// The backends that can be run.
const BACKENDS: [Backend; 2] = [Backend::Runit, Backend::S6];

/// Directives that no case can prove on this kind of machine, and why.
pub type Unproven = BTreeMap<String, String>;

/// The table, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Table {
    /// A line a directive, then the reasons.
    pub text: String,
    /// Promises that no case proves, and excuses that nobody needs.
    pub faults: Vec<String>,
}

/// Reads lines `DIRECTIVE=, DIRECTIVE=: REASON`.
pub fn read_unproven(file: &Path) -> Result<Unproven, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut unproven = Unproven::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (names, reason) = line.split_once(": ").ok_or_else(|| format!("{}: no reason: {line}", file.display()))?;
        for name in names.split(", ") {
            let name = name.strip_suffix('=').ok_or_else(|| format!("{}: no directive: {name}", file.display()))?;
            unproven.insert(name.to_owned(), reason.to_owned());
        }
    }
    Ok(unproven)
}

/// Holds `proof` against what svlsp promises of each directive that a service may have.
///
/// `version` is that of the systemd that the cases ran under.
pub fn table(proof: &Proof, unproven: &Unproven, version: u16) -> Table {
    let mut table = Table::default();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut reasons = String::new();
    let mut unneeded: BTreeSet<&String> = unproven.keys().collect();
    let _ = writeln!(table.text, "{:<8} {:<32} {:<14} {:<14}", "group", "directive", "runit", "s6");
    for directive in DIRECTIVES.iter().filter(|directive| concerns(directive)) {
        let name = directive.name;
        let cells = BACKENDS.map(|backend| {
            let level = support(directive.key, backend).level();
            let verdict = proof.verdicts.get(&(directive.group == Group::Unit, name.to_owned(), backend.name()));
            let excuse = unproven.get(name);
            let cell = match (verdict, level) {
                (Some(Verdict::Proven), _) => "proven",
                (Some(Verdict::Differs(why)), _) => {
                    let _ = writeln!(reasons, "{name}= on {}: differs: {why}", backend.name());
                    "differs"
                }
                (_, Level::Lost) => "lost",
                (_, Level::Irrelevant) => "irrelevant",
                _ if directive.since > version || directive.removed.is_some() => "other systemd",
                (_, Level::Approximated) => "approximated",
                _ if excuse.is_some() => {
                    unneeded.remove(&name.to_owned());
                    "not here"
                }
                (_, Level::Native | Level::Emulated) => {
                    table.faults.push(format!(
                        "{name}= on {}: {}, but no case proves it",
                        backend.name(),
                        level.name()
                    ));
                    "UNPROVEN"
                }
            };
            *counts.entry((backend.name(), cell)).or_default() += 1;
            cell
        });
        let group = format!("{:?}", directive.group).to_lowercase();
        let _ = writeln!(table.text, "{group:<8} {name:<32} {:<14} {:<14}", cells[0], cells[1]);
    }
    table.text.push('\n');
    for ((backend, cell), count) in counts {
        let _ = writeln!(table.text, "{backend}: {cell}: {count}");
    }
    table.text.push('\n');
    table.text.push_str(&reasons);
    for (name, reason) in unproven {
        let _ = writeln!(table.text, "{name}= is not provable here: {reason}");
    }
    table.faults.extend(unneeded.into_iter().map(|name| format!("{name}=: nobody needs the excuse")));
    table
}

/// Whether the cases are about it: a setting of a service that isn't about resource control.
fn concerns(directive: &Directive) -> bool {
    matches!(directive.group, Group::Unit | Group::Service | Group::Exec | Group::Kill)
        && directive.kinds.contains(UnitKind::Service)
}
