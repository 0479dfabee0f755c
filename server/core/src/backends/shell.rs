//! Putting a shell script together, for the backends that write such.

use super::quote;
use crate::plan::{Bytes, Cause, Plan};
use crate::schema::sets;

/// A POSIX shell script in the making.
#[derive(Debug, Default)]
pub(super) struct Script {
    text: Vec<u8>,
    depth: usize,
    phase: String,
}

impl Script {
    /// One with a header that says what it does for which unit.
    pub(super) fn new(what: &str, plan: &Plan) -> Self {
        let mut script = Script::default();
        script.line("#!/bin/sh");
        script.comment(&super::title(plan, what));
        script
    }

    /// Appends a line as it is.
    pub(super) fn line(&mut self, line: &str) -> &mut Self {
        self.bytes(line.as_bytes())
    }

    /// The same for bytes.
    pub(super) fn bytes(&mut self, line: &[u8]) -> &mut Self {
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n(b'\t', self.depth));
        }
        self.text.extend_from_slice(line);
        self.text.push(b'\n');
        self
    }

    /// Appends comment lines.
    pub(super) fn comment(&mut self, text: &str) -> &mut Self {
        let mut comment = Vec::new();
        quote::comment(text.as_bytes(), &mut comment);
        comment.pop();
        self.bytes(&comment)
    }

    /// What follows stands one level deeper, until [`Script::close`].
    pub(super) fn open(&mut self, line: &str) -> &mut Self {
        self.line(line);
        self.depth += 1;
        self
    }

    /// Ends a level.
    pub(super) fn close(&mut self, line: &str) -> &mut Self {
        self.depth -= 1;
        self.line(line)
    }

    /// Notes how far the start has come, for `finish` and `control/t`.
    pub(super) fn phase(&mut self, phase: &str) {
        if self.phase != phase {
            phase.clone_into(&mut self.phase);
            self.line(&format!("echo {phase} >supervise/phase"));
        }
    }

    /// Appends another one's lines.
    pub(super) fn append(&mut self, lines: &[u8]) {
        self.text.extend_from_slice(lines);
    }

    /// What has been appended so far.
    pub(super) fn lines(self) -> Vec<u8> {
        self.text
    }

    /// The script.
    pub(super) fn finish(mut self) -> Vec<u8> {
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
pub(super) fn quoted(word: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    quote::sh::word(word, &mut out);
    out
}

/// Words as the shell reads them, blanks in between.
pub(super) fn words(words: &[Bytes]) -> Vec<u8> {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(&b' ')
}

/// Waits before the next start; the supervisor itself sees to it that a second lies between two starts.
pub(super) fn wait(delays: &[u64], script: &mut Script) {
    let seconds = |delay: &u64| (*delay as f64 / 1e6).to_string();
    match delays {
        [delay] if *delay < 1_000_000 => {}
        [delay] => {
            script.line(&format!("sleep {}", seconds(delay)));
        }
        _ => {
            script.line("restarts=0");
            script.line("[ ! -e supervise/restarts ] || read -r restarts <supervise/restarts");
            script.line("echo $((restarts + 1)) >supervise/restarts");
            script.line(&format!("set -- {}", delays.iter().map(seconds).collect::<Vec<_>>().join(" ")));
            script.line("while [ \"$restarts\" -gt 0 ] && [ $# -gt 1 ]; do shift && restarts=$((restarts - 1)); done");
            script.line("sleep \"$1\"");
        }
    }
}

/// The causes for which `holds` as patterns of `case`, in the fewest words.
pub(super) fn patterns(holds: impl Fn(Cause) -> bool) -> String {
    let codes: Vec<u8> = (0..=255).filter(|code| holds(Cause::Exit(*code))).collect();
    let signals: Vec<u8> = (1..=64).filter(|signal| holds(Cause::Signal(*signal))).collect();
    let mut patterns = Vec::new();
    match codes.len() {
        256 => patterns.push("[0-9]*".to_owned()),
        255 if codes[0] == 1 => patterns.extend(["[1-9]*".to_owned()]),
        _ => patterns.extend(codes.iter().map(u8::to_string)),
    }
    match signals.len() {
        64 => patterns.push("SIG*".to_owned()),
        _ => patterns.extend(signals.iter().map(|signal| format!("SIG{signal}"))),
    }
    patterns.join(" | ")
}

/// What kill calls a signal: `TERM`, or its number where it has no common name.
pub(super) fn kill_name(signal: u8) -> String {
    let known = sets::SIGNAL.words.iter().find(|word| word.number == Some(signal.into()) && !word.text.contains("RT"));
    known.map_or_else(|| signal.to_string(), |word| word.text.trim_start_matches("SIG").to_owned())
}
