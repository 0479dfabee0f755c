//! Putting an execline script together.

use crate::backends::{quote, title};
use crate::plan::{Bytes, Plan};

/// A word of an execline script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// These bytes.
    Literal(Bytes),
    /// As it stands here, variables and all.
    Written(String),
}

/// How a script takes its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backends) enum Arguments {
    /// Not at all.
    None,
    /// As `$@`.
    All,
    /// As `$1` and `$2`.
    Two,
    /// As `$1` to `$4`.
    Four,
}

/// An execline script in the making.
#[derive(Debug)]
pub(in crate::backends) struct Script {
    text: Vec<u8>,
    depth: usize,
    /// The variables that are substituted in what follows, one set for each
    /// substitution, and the depth to which it reaches.
    substituted: Vec<(usize, Vec<&'static str>)>,
    phase: String,
}

/// Literal words.
pub(super) fn literal<W: AsRef<[u8]>>(words: &[W]) -> Vec<Word> {
    words.iter().map(|word| Word::Literal(word.as_ref().to_vec())).collect()
}

impl Arguments {
    fn option(self) -> &'static str {
        match self {
            Arguments::None => "-P",
            Arguments::All => "-S0",
            Arguments::Two => "-S2",
            Arguments::Four => "-S4",
        }
    }

    /// What execlineb substitutes.
    fn names(self) -> Vec<&'static str> {
        match self {
            Arguments::None => Vec::new(),
            Arguments::All => vec!["#", "@", "0"],
            Arguments::Two => vec!["#", "@", "0", "1", "2"],
            Arguments::Four => vec!["#", "@", "0", "1", "2", "3", "4"],
        }
    }
}

impl Script {
    /// One for `interpreter` with a header that says what it does for which unit.
    pub(super) fn new(interpreter: &str, arguments: Arguments, what: &str, plan: &Plan) -> Self {
        let names = arguments.names();
        let substituted = if names.is_empty() { Vec::new() } else { vec![(0, names)] };
        let mut script = Script { text: Vec::new(), depth: 0, substituted, phase: String::new() };
        script.line(&format!("#!{interpreter} {}", arguments.option()));
        script.comment(&title(plan, what));
        script
    }

    /// Takes away the `#!` line.
    pub(super) fn drop_first_line(&mut self) {
        let end = memchr::memchr(b'\n', &self.text).map_or(0, |end| end + 1);
        self.text.drain(..end);
    }

    /// Appends a line as it is.
    pub(in crate::backends) fn line(&mut self, line: &str) -> &mut Self {
        self.bytes(line.as_bytes())
    }

    /// Appends a line of words.
    pub(super) fn words(&mut self, words: &[Word]) -> &mut Self {
        let line = self.written(words);
        self.bytes(&line)
    }

    /// Words as they are written here.
    pub(super) fn written(&self, words: &[Word]) -> Bytes {
        let mut line = Bytes::new();
        for word in words {
            if !line.is_empty() {
                line.push(b' ');
            }
            match word {
                Word::Written(text) => line.extend_from_slice(text.as_bytes()),
                Word::Literal(bytes) => {
                    // The last substitution's backslashes are on the inside.
                    let mut bytes = bytes.clone();
                    for (_, names) in self.substituted.iter().rev() {
                        let known = |name: &[u8]| names.iter().any(|known| known.as_bytes() == name);
                        bytes = quote::execline::unsubstituted(&bytes, known);
                    }
                    quote::execline::word(&bytes, &mut line);
                }
            }
        }
        line
    }

    /// A line after which the variable `name` is substituted in all that follows in the same block.
    pub(super) fn substitute(&mut self, line: &[u8], name: &'static str) -> &mut Self {
        self.bytes(line);
        self.substituted.push((self.depth, vec![name]));
        self
    }

    /// Says on the notification file descriptor that it has started.
    pub(super) fn notify(&mut self) {
        let fd = super::NOTIFICATION;
        self.line(&format!("foreground {{ fdmove 1 {fd} echo }}"));
        self.line(&format!("fdclose {fd}"));
    }

    /// Appends a line of bytes.
    pub(super) fn bytes(&mut self, line: &[u8]) -> &mut Self {
        self.text.extend(std::iter::repeat_n(b' ', 2 * self.depth));
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
        self.substituted.retain(|(depth, _)| *depth <= self.depth);
        self.line(line)
    }

    /// Notes how far the service has come, for `finish` and `data/deadline`.
    pub(super) fn phase(&mut self, phase: &str) {
        if self.phase != phase {
            phase.clone_into(&mut self.phase);
            self.line(&format!("foreground {{ redirfd -w 1 supervise/phase echo {phase} }}"));
        }
    }

    /// The script.
    pub(in crate::backends) fn finish(self) -> Vec<u8> {
        self.text
    }
}
