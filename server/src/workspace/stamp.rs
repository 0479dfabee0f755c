//! The mark that svlsp leaves in a directory that it has written: what it is
//! made from, and what each file held.
//!
//! ```text
//! svlsp 1
//! unit web.service
//! backend runit
//! with web
//! 755 1f40fc92da24… run
//! 644 9b7d2a0e4c11… log/config
//! link 03ac674216f3… conf
//! dir - env
//! added e3b0c44298fc… default/contents.d/web
//! ```

use sha2::{Digest, Sha256};
use svlsp_core::backends::{Content, Directory, File};
use svlsp_core::fate::Backend;

/// What the file is called; no supervisor looks at it.
pub const NAME: &str = ".svlsp";

/// The first line; another one is of another svlsp.
const MAGIC: &str = "svlsp 1";

/// What is known of a directory from its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The unit that the directory was made from; `-` if several have files in it.
    pub unit: String,
    /// The supervisor that it was made for.
    pub backend: Backend,
    /// Every directory that was made from the unit.
    pub with: Vec<String>,
    /// What was in it, in the order of the paths.
    pub files: Vec<Stamped>,
    /// What bears the name of one of the directories in those that several
    /// units have files in; with the path from the directory that holds them all.
    pub added: Vec<Stamped>,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamped {
    /// Its path in the directory.
    pub path: String,
    /// What it was.
    pub print: Print,
}

/// What tells one file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Print {
    /// A file that isn't executable, with the hash of its bytes.
    Text([u8; 32]),
    /// An executable file, with the hash of its bytes.
    Script([u8; 32]),
    /// A symbolic link, with the hash of its target.
    Link([u8; 32]),
    /// A directory.
    Directory,
}

impl Stamp {
    /// Of a directory that is about to be written.
    pub fn new(unit: &str, backend: Backend, all: &[Directory], directory: &Directory) -> Self {
        let stamped = |file: &File| Stamped { path: file.path.clone(), print: Print::of(&file.content) };
        let own = |path: &str| {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            all.iter().any(|one| !one.shared && one.name == name)
        };
        let added = all.iter().filter(|one| one.shared).flat_map(|one| {
            let files = one.files.iter().filter(|file| own(&file.path));
            files.map(|file| Stamped { path: format!("{}/{}", one.name, file.path), print: Print::of(&file.content) })
        });
        Stamp {
            unit: unit.to_owned(),
            backend,
            with: all.iter().filter(|one| !one.shared).map(|one| one.name.clone()).collect(),
            files: directory.files.iter().map(stamped).collect(),
            added: added.collect(),
        }
    }

    /// Reads a stamp; `None` if it is none, or one that isn't understood.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != MAGIC {
            return None;
        }
        let unit = lines.next()?.strip_prefix("unit ")?.to_owned();
        let backend = Backend::from_name(lines.next()?.strip_prefix("backend ")?)?;
        let with = lines.next()?.strip_prefix("with ")?.split(' ').map(str::to_owned).collect();
        let mut stamp = Stamp { unit, backend, with, files: Vec::new(), added: Vec::new() };
        for line in lines {
            let mut parts = line.splitn(3, ' ');
            let (kind, hash, path) = (parts.next()?, parts.next()?, parts.next()?);
            let print = match kind {
                "644" | "added" => Print::Text(unhex(hash)?),
                "755" => Print::Script(unhex(hash)?),
                "link" => Print::Link(unhex(hash)?),
                "dir" => Print::Directory,
                _ => return None,
            };
            if !is_inner(path) {
                return None;
            }
            let list = if kind == "added" { &mut stamp.added } else { &mut stamp.files };
            list.push(Stamped { path: path.to_owned(), print });
        }
        Some(stamp)
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&Stamped> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// As it is written.
impl std::fmt::Display for Stamp {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Stamp { unit, backend, with, files, added } = self;
        write!(out, "{MAGIC}\nunit {unit}\nbackend {}\nwith {}\n", backend.name(), with.join(" "))?;
        for Stamped { path, print } in files {
            match print {
                Print::Text(hash) => writeln!(out, "644 {} {path}", hex(hash))?,
                Print::Script(hash) => writeln!(out, "755 {} {path}", hex(hash))?,
                Print::Link(hash) => writeln!(out, "link {} {path}", hex(hash))?,
                Print::Directory => writeln!(out, "dir - {path}")?,
            }
        }
        for Stamped { path, print } in added {
            if let Print::Text(hash) = print {
                writeln!(out, "added {} {path}", hex(hash))?;
            }
        }
        Ok(())
    }
}

impl Print {
    /// Of something that is about to be written.
    pub fn of(content: &Content) -> Self {
        match content {
            Content::Text(bytes) => Print::Text(hash(bytes)),
            Content::Script(bytes) => Print::Script(hash(bytes)),
            Content::Link(target) => Print::Link(hash(target.as_bytes())),
            Content::Directory => Print::Directory,
        }
    }
}

/// Whether `path` stays in the directory that it is relative to, and on one line.
pub(super) fn is_inner(path: &str) -> bool {
    !path.contains(['\0', '\n']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn hex(hash: &[u8; 32]) -> String {
    let digit = |digit: u8| char::from(b"0123456789abcdef"[usize::from(digit)]);
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let mut directory = Directory { name: "web".to_owned(), ..Directory::default() };
        directory.script("run", "#!/bin/sh\n");
        directory.text("log/a b", "");
        let files = &mut directory.files;
        files.push(File { path: "l".to_owned(), content: Content::Link("x\ny".to_owned()) });
        files.push(File { path: "env".to_owned(), content: Content::Directory });
        let mut bundle = Directory { name: "default".to_owned(), shared: true, ..Directory::default() };
        bundle.text("contents.d/web", "");
        bundle.text("type", "bundle\n");
        let log = Directory { name: "web-log".to_owned(), ..Directory::default() };
        let all = [directory.clone(), log, bundle];
        let stamp = Stamp::new("web.service", Backend::S6rc, &all, &directory);
        assert_eq!(stamp.with, ["web", "web-log"]);
        assert_eq!(stamp.added.iter().map(|file| &*file.path).collect::<Vec<_>>(), ["default/contents.d/web"]);
        assert_eq!(Stamp::parse(&stamp.to_string()), Some(stamp));
    }

    #[test]
    fn nothing_else_is_taken_for_a_stamp() {
        let head = "svlsp 1\nunit a.service\nbackend runit\nwith a\n";
        assert!(Stamp::parse(head).is_some());
        for text in
            ["", "svlsp 2\nunit a.service\nbackend runit\nwith a\n", "svlsp 1\nunit a.service\nbackend x\nwith a\n"]
        {
            assert_eq!(Stamp::parse(text), None, "{text:?}");
        }
        for line in ["755 00 run", "dir - ../x", "dir - /etc", "dir - a//b", "dir - ", "x - a", "644"] {
            assert_eq!(Stamp::parse(&format!("{head}{line}\n")), None, "{line:?}");
        }
    }
}
