//! Applying fixes to files.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use similar::TextDiff;
use svlsp_core::text::{self, Edit};

use super::check::Overlay;
use super::{Checker, Failure, Outcome, Plan, Reach, read};
use crate::report::{Finding, Fix, escape};

/// After how many rounds to stop, should fixes never come to an end.
const MAX_ROUNDS: usize = 10;

/// How long to look for the shortest diff of a file.
const MAX_DIFF: Duration = Duration::from_millis(500);

/// What fixing came to; nothing is written yet.
#[derive(Debug)]
pub struct Mended {
    /// The first run's.
    pub before: Outcome,
    /// The last run's.
    pub after: Outcome,
    /// How many fixes were applied.
    pub applied: usize,
    /// For each changed file what it held and what it shall hold.
    changes: Vec<(u32, Vec<u8>, Vec<u8>)>,
}

/// Applies every certain fix of `before`, and of what is found afterwards,
/// until nothing is left to fix.
///
/// A line that became idle only by another fix stays, for its author to see: systemd or supervisord
/// read it before, or it was never looked at.
pub fn mend(checker: &Checker, plan: &mut Plan, given: &Overlay, before: Outcome) -> Mended {
    let mut overlay = given.clone();
    let mut originals = Overlay::new();
    let mut applied = 0;
    let mut after: Option<Outcome> = None;
    let mut idle = HashSet::new();
    for round in 0..MAX_ROUNDS {
        let findings = &after.as_ref().unwrap_or(&before).findings;
        let mut changed = false;
        for group in findings.chunk_by(|a, b| a.spot.file == b.spot.file) {
            let file = group[0].spot.file;
            let Some(bytes) = overlay.get(&file).cloned().or_else(|| load(plan, file)) else { continue };
            let removals = |finding: &Finding| -> Vec<Removal> { removed(finding, &bytes).collect() };
            if round == 0 {
                idle.extend(group.iter().flat_map(removals));
            }
            let group = group.iter().filter(|finding| removals(finding).iter().all(|removal| idle.contains(removal)));
            let Some((mended, count)) = apply(&bytes, group) else { continue };
            applied += count;
            changed = true;
            originals.entry(file).or_insert(bytes);
            overlay.insert(file, mended);
        }
        if !changed {
            break;
        }
        after = Some(checker.run(plan, &overlay));
    }
    let new = |file| overlay.get(&file).cloned().unwrap_or_default();
    let changes = originals.into_iter().map(|(file, old)| (file, old, new(file)));
    let changes = changes.filter(|(_, old, new)| old != new).collect();
    let after = after.unwrap_or_else(|| before.clone());
    Mended { before, after, applied, changes }
}

impl Mended {
    /// The changes as a unified diff.
    pub fn diff(&self, plan: &Plan) -> String {
        let mut out = String::new();
        for (file, old, new) in &self.changes {
            out.push_str(&diff(&plan.files[*file as usize].path, old, new));
        }
        out
    }

    /// Writes the changed files; those that can't be written are told.
    pub fn write(&self, plan: &Plan) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (file, _, new) in &self.changes {
            let planned = &plan.files[*file as usize];
            if let Err(error) = replace(planned.real.as_deref().unwrap_or(&planned.path), new) {
                failures.push(Failure::new(&planned.path, format!("not fixed: {error}")));
            }
        }
        failures
    }
}

/// Applies the certain fixes of `findings` to their file; of those that
/// overlap, the first. `None` if there is nothing to apply.
pub fn apply<'f>(bytes: &[u8], findings: impl IntoIterator<Item = &'f Finding>) -> Option<(Vec<u8>, usize)> {
    let certain = |finding: &'_ Finding| finding.fixes.first().filter(|fix| fix.certain).cloned();
    let mut fixes: Vec<Fix> = findings.into_iter().filter_map(certain).filter(|fix| !fix.changes.is_empty()).collect();
    if fixes.is_empty() {
        return None;
    }
    // What isn't UTF-8 is left as it is.
    let text = std::str::from_utf8(bytes).ok()?;
    fixes.sort_by_key(|fix| fix.changes.iter().map(|change| change.edit.span).min());
    let windows = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let edit = |Edit { span, text }: Edit| Edit {
        span,
        text: if windows { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text },
    };
    let changes: Vec<Vec<Edit>> =
        fixes.into_iter().map(|fix| fix.changes.into_iter().map(|change| edit(change.edit)).collect()).collect();
    let mended = text::apply_all(text, changes.iter().map(Vec::as_slice));
    (mended.text != text).then(|| (mended.text.into_bytes(), mended.count))
}

/// A line that a fix takes away: in which file, for which rule, what it says.
type Removal = (u32, &'static str, Vec<u8>);

/// The lines that a finding's fix takes away and puts nowhere else.
fn removed<'a>(finding: &'a Finding, bytes: &'a [u8]) -> impl Iterator<Item = Removal> + 'a {
    let changes = finding.fixes.first().filter(|fix| fix.certain).map_or(&[][..], |fix| &fix.changes);
    let only = changes.iter().all(|change| change.edit.text.is_empty());
    let changes = changes.iter().filter(move |_| only);
    let texts = changes.filter_map(|change| bytes.get(change.edit.span.start as usize..change.edit.span.end as usize));
    let lines = texts.filter(|text| text.contains(&b'='));
    lines.map(|text| (finding.spot.file, finding.rule, text.trim_ascii().to_owned()))
}

/// How a file changes, as a unified diff.
pub(super) fn diff(path: &Path, old: &[u8], new: &[u8]) -> String {
    let path = escape::path(path);
    let path = path.trim_start_matches('/');
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    // A shorter diff isn't worth a longer wait.
    let diff = TextDiff::configure().timeout(MAX_DIFF).diff_lines(&*old, &*new);
    diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}

fn load(plan: &Plan, file: u32) -> Option<Vec<u8>> {
    let planned = &plan.files[file as usize];
    let Reach::Disk(size) = planned.reach else { return None };
    let mut bytes = Vec::new();
    read::read_into(planned.real.as_deref().unwrap_or(&planned.path), size, u64::MAX, &mut bytes).ok()?;
    Some(bytes)
}

/// Puts `bytes` in a file's place at one stroke; its mode stays.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return Err(io::Error::other("it is a symbolic link; name the file that it leads to"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::Builder::new().prefix(".svlsp-").tempfile_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().set_permissions(metadata.permissions())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = new.as_file().metadata()?;
        if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
            std::os::unix::fs::fchown(new.as_file(), Some(metadata.uid()), Some(metadata.gid()))?;
        }
    }
    new.as_file().sync_data()?;
    new.persist(path).map_err(|error| error.error)?;
    Ok(())
}
