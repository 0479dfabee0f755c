//! What writing would change, as a unified diff.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::time::Duration;

use similar::TextDiff;
use svlsp_core::backends::Content;

use super::{Action, Survey};
use crate::report::escape;
use crate::workspace::stamp;

/// How long to look for the shortest diff of a file.
const MAX_DIFF: Duration = Duration::from_millis(500);

/// What stands for a file that isn't there.
const NOTHING: &str = "/dev/null";

/// Every file but the stamps.
pub(super) fn diff(survey: &Survey) -> String {
    let mut out = String::new();
    for change in &survey.changes {
        let mut files: Vec<(&str, Option<&Content>)> =
            change.puts.iter().map(|put| (put.path, Some(&*put.content))).collect();
        files.extend(change.removes.iter().map(|path| (&**path, None)));
        files.retain(|(path, _)| *path != stamp::NAME);
        files.sort_unstable_by_key(|(path, _)| *path);
        for (path, new) in files {
            let path = change.root.join(path);
            let old = if change.action == Action::Create { None } else { show_file(&path) };
            add(&mut out, &escape::path(&path), old.as_deref(), new.map(show).as_deref());
        }
    }
    out
}

fn add(out: &mut String, path: &str, old: Option<&str>, new: Option<&str>) {
    let name = |prefix: &str, side: Option<&str>| match side {
        Some(_) => format!("{prefix}/{}", path.trim_start_matches('/')),
        None => NOTHING.to_owned(),
    };
    let header = (name("a", old), name("b", new));
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    if old == new {
        // An empty file, or one whose mode alone is another.
        out.push_str(&format!("--- {}\n+++ {}\n", header.0, header.1));
        return;
    }
    let diff = TextDiff::configure().timeout(MAX_DIFF).diff_lines(old, new);
    out.push_str(&diff.unified_diff().header(&header.0, &header.1).to_string());
}

fn show(content: &Content) -> Cow<'_, str> {
    match content {
        Content::Text(bytes) | Content::Script(bytes) => String::from_utf8_lossy(bytes),
        Content::Link(target) => Cow::Owned(format!("a symbolic link to {target}\n")),
        Content::Directory => Cow::Borrowed("a directory\n"),
    }
}

fn show_file(path: &Path) -> Option<String> {
    let metadata = path.symlink_metadata().ok()?;
    if metadata.is_symlink() {
        return Some(format!("a symbolic link to {}\n", fs::read_link(path).ok()?.display()));
    }
    if metadata.is_dir() {
        return Some("a directory\n".to_owned());
    }
    let bytes = if metadata.is_file() { fs::read(path).ok()? } else { Vec::new() };
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
