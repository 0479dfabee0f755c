//! Chains of commands, as nosh and as sh read them.

use crate::backends::chain::Words;
use crate::backends::quote;
use crate::plan::Bytes;

/// Chain-loading commands, the first one first.
#[derive(Debug, Default)]
pub(super) struct Chain {
    calls: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    words: Words,
    /// Whether it is one of nosh's own, which `nosh` and `exec` have built in.
    built_in: bool,
}

/// What finds the built-in commands again behind a program that has none.
const EXEC: &[u8] = b"/bin/exec";

impl Chain {
    /// Appends one of nosh's own commands.
    pub(super) fn own(&mut self, words: &[&[u8]]) {
        self.push(words.iter().map(|word| word.to_vec()).collect(), true);
    }

    /// Appends a command of nosh's that runs beside the chain and whose failure doesn't matter.
    pub(super) fn foreground(&mut self, words: &[&[u8]]) {
        self.own(&[&[&b"foreground"[..]], words, &[&b";"[..]]].concat());
    }

    /// Appends another program.
    pub(super) fn other(&mut self, words: Words) {
        self.push(words, false);
    }

    /// Appends a line of shell and its arguments; `"$@"` in it is what follows.
    pub(super) fn shell(&mut self, line: &str, arguments: &[&[u8]]) {
        let words: [&[u8]; 3] = [b"sh", b"-c", line.as_bytes()];
        self.other(words.iter().chain(arguments).map(|word| word.to_vec()).collect());
    }

    /// Puts `words` in front of everything, with the number of words that follow them.
    pub(super) fn wrap(&mut self, mut words: Words) {
        let inner: usize = self.lines(false).iter().map(Vec::len).sum();
        words.push(inner.to_string().into_bytes());
        self.calls.insert(0, Call { words, built_in: false });
    }

    /// Puts one of nosh's own commands in front of everything.
    pub(super) fn first(&mut self, words: &[&[u8]]) {
        let words = words.iter().map(|word| word.to_vec()).collect();
        self.calls.insert(0, Call { words, built_in: true });
    }

    /// Whether it speaks of a file in `data/` or `supervise/` of the bundle.
    pub(super) fn uses_data(&self) -> bool {
        let ours = |word: &Bytes| word.starts_with(b"./data/") || word.starts_with(b"./supervise/");
        self.calls.iter().flat_map(|call| &call.words).any(ours)
    }

    /// A script for `nosh` that becomes `program`.
    pub(super) fn nosh(&self, header: &[u8], program: &[Bytes]) -> Vec<u8> {
        let mut script = b"#!/bin/nosh\n".to_vec();
        script.extend_from_slice(header);
        for line in self.lines(true).iter().map(Vec::as_slice).chain([program]) {
            push_words(&mut script, line, quote::nosh::word);
            script.push(b'\n');
        }
        script
    }

    /// A script for `sh` that becomes its arguments; nosh's own scripts take none.
    pub(super) fn sh(&self, header: &[u8]) -> Vec<u8> {
        let mut script = b"#!/bin/sh\n".to_vec();
        let lines = self.lines(false);
        if lines.iter().flatten().any(|word| word.contains(&b'$')) {
            script.extend_from_slice(b"# shellcheck disable=SC2016\n");
        }
        script.extend_from_slice(header);
        script.extend_from_slice(b"exec ");
        for line in lines {
            push_words(&mut script, &line, quote::sh::word);
            script.extend_from_slice(b" \\\n\t");
        }
        script.extend_from_slice(b"\"$@\"\n");
        script
    }

    fn push(&mut self, words: Words, built_in: bool) {
        self.calls.push(Call { words, built_in });
    }

    /// The words of each command, `built_in` being whether the first one finds nosh's own commands.
    fn lines(&self, mut built_in: bool) -> Vec<Words> {
        let mut lines = Vec::new();
        for call in &self.calls {
            let exec = (call.built_in && !built_in).then(|| EXEC.to_vec());
            lines.push(exec.into_iter().chain(call.words.iter().cloned()).collect());
            built_in = call.built_in;
        }
        lines
    }
}

fn push_words(script: &mut Vec<u8>, words: &[Bytes], quote: fn(&[u8], &mut Vec<u8>)) {
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            script.push(b' ');
        }
        quote(word, script);
    }
}
