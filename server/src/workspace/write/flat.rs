//! Files that lie side by side in the output directory, among those of others: unit files.
//!
//! The stamp of that directory lists the ones that svlsp has written. Nothing else there is ever
//! touched, but for a file of the same name where `--force` says so.

use std::borrow::Cow;
use std::collections::BTreeMap;

use svlsp_core::backends::{Content, File};

use super::survey::{Is, SHARED, check_name, compare, read_stamp};
use super::{Action, Change, Put, Writer};
use crate::workspace::Failure;
use crate::workspace::stamp::{self, Print, Stamp, Stamped};

/// Looks at the files, each with its unit, and adds a change for each of them.
pub(super) fn look<'a>(
    writer: &Writer,
    files: &[(&str, &'a File)],
    changes: &mut Vec<Change<'a>>,
    refusals: &mut Vec<Failure>,
) {
    let old = read_stamp(writer.out);
    if let Some(old) = old.as_ref().filter(|old| old.backend != writer.backend && !writer.force) {
        let message = format!("was made for {}; --force writes into it", old.backend.name());
        refusals.push(Failure::new(writer.out, message));
        return;
    }
    let old = old.filter(|old| old.backend == writer.backend);
    let mut known: BTreeMap<&str, Print> = BTreeMap::new();
    known.extend(old.iter().flat_map(|old| &old.files).map(|file| (&*file.path, file.print)));
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let first = changes.len();
    for (unit, file) in files {
        let path = writer.out.join(&file.path);
        if let Err(message) = check_name(file) {
            refusals.push(Failure::new(unit, message));
            continue;
        }
        if let Some(other) = owners.insert(&file.path, unit) {
            let message = match other == *unit {
                true => format!("{unit} is there twice; convert one of the files at a time"),
                false => format!("{other} and {unit} would both become this file"),
            };
            refusals.push(Failure::new(path, message));
            continue;
        }
        let before = known.insert(&file.path, Print::of(&file.content));
        match compare(writer.out, &file.path, &file.content) {
            Ok(is) => {
                if !writer.force
                    && let Some(message) = objection(&is, before)
                {
                    refusals.push(Failure::new(&path, message));
                }
                let (action, replaces) = match is {
                    Is::Same => (Action::Keep, false),
                    Is::Absent => (Action::Create, false),
                    Is::Other(_) => (Action::Update, true),
                };
                let mut change = Change { root: writer.out.to_owned(), ..Change::new(path, action) };
                if action != Action::Keep {
                    change.puts.push(Put { path: &file.path, content: Cow::Borrowed(&file.content), replaces });
                }
                changes.push(change);
            }
            Err(message) => refusals.push(Failure::new(path, message)),
        }
    }
    let stamp = Stamp {
        unit: SHARED.to_owned(),
        backend: writer.backend,
        with: vec![SHARED.to_owned()],
        files: known.into_iter().map(|(path, print)| Stamped { path: path.to_owned(), print }).collect(),
        added: Vec::new(),
    };
    // Written with the last file that is.
    let own = &mut changes[first..];
    let last = own.iter().rposition(|change| change.action != Action::Keep).or(own.len().checked_sub(1));
    if let Some(change) = last.and_then(|last| own.get_mut(last)).filter(|_| old.as_ref() != Some(&stamp)) {
        if change.action == Action::Keep {
            change.action = Action::Update;
        }
        let content = Cow::Owned(Content::Text(stamp.to_string().into_bytes()));
        let replaces = writer.out.join(stamp::NAME).symlink_metadata().is_ok();
        change.puts.push(Put { path: stamp::NAME, content, replaces });
    }
}

/// Why a file, which was `before` when svlsp wrote it, isn't written without being forced.
fn objection(is: &Is, before: Option<Print>) -> Option<&'static str> {
    match is {
        Is::Same => None,
        Is::Absent => before.map(|_| "has been taken away since svlsp wrote it; --force writes it again"),
        Is::Other(now) if before.is_some() && *now == before => None,
        Is::Other(_) if before.is_some() => {
            Some("has been changed since svlsp wrote it; --force overwrites that, --diff shows it")
        }
        Is::Other(_) => Some("is there and not written by svlsp; --force replaces it"),
    }
}
