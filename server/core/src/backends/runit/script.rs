//! Putting a shell script together.

use crate::backends::quote;
use crate::plan::{Bytes, Plan};

/// A POSIX shell script in the making.
#[derive(Debug, Default)]
pub(in crate::backends) struct Script {
    text: Vec<u8>,
    depth: usize,
    phase: String,
}

impl Script {
    /// One with a header that says what it does for which unit.
    pub(in crate::backends) fn new(what: &str, plan: &Plan) -> Self {
        let mut script = Script::default();
        script.line("#!/bin/sh");
        let unit = plan.name().as_str();
        script.comment(&format!("{unit}: {what}. Written by svlsp from the unit file."));
        script
    }

    /// Appends a line as it is.
    pub(in crate::backends) fn line(&mut self, line: &str) -> &mut Self {
        self.bytes(line.as_bytes())
    }

    /// The same for bytes.
    pub(in crate::backends) fn bytes(&mut self, line: &[u8]) -> &mut Self {
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n(b'\t', self.depth));
        }
        self.text.extend_from_slice(line);
        self.text.push(b'\n');
        self
    }

    /// Appends comment lines.
    pub(in crate::backends) fn comment(&mut self, text: &str) -> &mut Self {
        let mut comment = Vec::new();
        quote::comment(text.as_bytes(), &mut comment);
        comment.pop();
        self.bytes(&comment)
    }

    /// What follows stands one level deeper, until [`Script::close`].
    pub(in crate::backends) fn open(&mut self, line: &str) -> &mut Self {
        self.line(line);
        self.depth += 1;
        self
    }

    /// Ends a level.
    pub(in crate::backends) fn close(&mut self, line: &str) -> &mut Self {
        self.depth -= 1;
        self.line(line)
    }

    /// Notes how far the start has come, for `finish` and `control/t`.
    pub(in crate::backends) fn phase(&mut self, phase: &str) {
        if self.phase != phase {
            phase.clone_into(&mut self.phase);
            self.line(&format!("echo {phase} >supervise/phase"));
        }
    }

    /// Appends another one's lines.
    pub(in crate::backends) fn append(&mut self, lines: &[u8]) {
        self.text.extend_from_slice(lines);
    }

    /// What has been appended so far.
    pub(in crate::backends) fn lines(self) -> Vec<u8> {
        self.text
    }

    /// The script.
    pub(in crate::backends) fn finish(mut self) -> Vec<u8> {
        // Variables in arguments are for data/environment to expand.
        const QUIET: &[u8] = b"# shellcheck disable=SC2016\n";
        let quoted =
            |line: &[u8]| memchr::memchr(b'\'', line).is_some_and(|at| memchr::memchr(b'$', &line[at..]).is_some());
        if let Some(first) = memchr::memchr(b'\n', &self.text)
            && self.text.split(|byte| *byte == b'\n').any(|line| !line.starts_with(b"#") && quoted(line))
        {
            self.text.splice(first + 1..first + 1, QUIET.iter().copied());
        }
        self.text
    }
}

/// A word as the shell reads it.
pub(in crate::backends) fn quoted(word: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    quote::sh::word(word, &mut out);
    out
}

/// Words as the shell reads them, blanks in between.
pub(in crate::backends) fn words(words: &[Bytes]) -> Vec<u8> {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(&b' ')
}
