//! The diagnostics of documents.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use ropey::Rope;
use tower_lsp::ls_types::{Diagnostic, Uri};

use super::convert;
use super::document::Document;
use super::state::State;

/// What is wrong in a file; nothing by default.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    /// The version of the document; `None` if it isn't open.
    pub(super) version: Option<i32>,
    /// The same for the same diagnostics.
    pub(super) id: String,
    /// In the order of the text.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Report {
    fn new(version: Option<i32>, mut diagnostics: Vec<Diagnostic>) -> Self {
        let mut hasher = DefaultHasher::new();
        serde_json::to_string(&diagnostics).unwrap_or_default().hash(&mut hasher);
        for data in diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.data.as_mut()) {
            data["version"] = version.into();
        }
        Report { version, id: format!("{:016x}", hasher.finish()), diagnostics }
    }
}

impl State {
    /// What is wrong in a document, and with its unit as far as it shows there.
    pub(super) fn diagnose(&self, document: &Document) -> Report {
        let encoding = self.client().encoding;
        let diagnostics = self.in_world(document, |world, file| {
            let findings = world.check(file, &document.text);
            let Document { uri, rope, .. } = document;
            findings.iter().map(|finding| convert::diagnostic(finding, world, uri, rope, encoding)).collect()
        });
        Report::new(Some(document.version), diagnostics)
    }

    /// What is wrong in all files of the workspace, and in all documents; the unit files that
    /// are all right are among them.
    pub(super) fn diagnose_all(&self) -> BTreeMap<Uri, Report> {
        let encoding = self.client().encoding;
        let mut reports = BTreeMap::new();
        let mut worlds = self.worlds();
        let open = self.live();
        let folders: Vec<PathBuf> = worlds.folders.iter().map(|(folder, _)| folder.clone()).collect();
        for (folder, world) in &mut worlds.folders {
            // What lies in a folder of its own inside of this one is told of there.
            let inner: Vec<&PathBuf> =
                folders.iter().filter(|other| *other != folder && other.starts_with(&*folder)).collect();
            let open = open.iter().filter_map(|document| Some((world.file(document.path.as_deref()?)?, document)));
            let open: BTreeMap<u32, &Document> = open.collect();
            open.iter().for_each(|(file, document)| world.update(*file, &document.text));
            let mut findings = world.check_all();
            for file in world.checked().filter(|file| !inner.iter().any(|inner| world.path(*file).starts_with(inner))) {
                let findings = findings.remove(&file).unwrap_or_default();
                let document = open.get(&file);
                let Some(uri) = document.map_or_else(|| Uri::from_file_path(world.path(file)), |d| Some(d.uri.clone()))
                else {
                    continue;
                };
                let rope = match document {
                    Some(document) => document.rope.clone(),
                    None if findings.is_empty() => Rope::new(),
                    None => Rope::from_str(&String::from_utf8_lossy(&world.bytes(file))),
                };
                let diagnostics =
                    findings.iter().map(|finding| convert::diagnostic(finding, world, &uri, &rope, encoding)).collect();
                reports.insert(uri, Report::new(document.map(|document| document.version), diagnostics));
            }
        }
        drop(worlds);
        for document in open {
            if let Entry::Vacant(place) = reports.entry(document.uri.clone()) {
                place.insert(self.diagnose(&document));
            }
        }
        reports
    }
}
