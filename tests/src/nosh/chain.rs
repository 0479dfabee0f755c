//! Whether a chain of commands makes sense to those who read it.

use super::lex;
use super::tools::{TOOLS, Then, Tool};

type Word = Vec<u8>;

/// What is wrong with a script of the form `exec WORD… "$@"`.
pub(super) fn check_sh(text: &[u8]) -> Vec<String> {
    match lex::words(text) {
        Ok(words) if words.last().is_none_or(|word| word != b"$@") => vec!["it isn't `exec … \"$@\"`".to_owned()],
        _ => check_line(text),
    }
}

/// What is wrong with a line of the form `exec WORD…`.
pub(super) fn check_line(line: &[u8]) -> Vec<String> {
    // Its words are quoted in ways that nosh reads alike.
    let words = match lex::words(line) {
        Ok(words) => words,
        Err(what) => return vec![what],
    };
    match words.split_first() {
        Some((first, rest)) if first == b"exec" => check(rest, false),
        _ => vec!["it doesn't begin with `exec`".to_owned()],
    }
}

/// What is wrong with a chain; `built_in`: whether its first command may be one of nosh's own.
pub(super) fn check(words: &[Word], built_in: bool) -> Vec<String> {
    let mut complaints = Vec::new();
    let end = walk(words, built_in, &mut complaints);
    if let End::Missing = end {
        complaints.push("nothing follows".to_owned());
    }
    complaints
}

/// How a chain ends.
enum End {
    /// In a program.
    Program,
    /// In front of a command.
    Missing,
    /// In the middle of a command, or with one that isn't known.
    Broken,
}

fn walk(mut words: &[Word], mut built_in: bool, complaints: &mut Vec<String>) -> End {
    let mut before = "sh".to_owned();
    loop {
        let mut complain = |complaint: String| {
            complaints.push(complaint);
            End::Broken
        };
        let Some((name, rest)) = words.split_first() else { return End::Missing };
        let shown = String::from_utf8_lossy(name).into_owned();
        let short = shown.trim_start_matches("./data/");
        let Some(tool) = TOOLS.iter().find(|tool| tool.name.as_bytes() == &name[..]) else {
            return match name.contains(&b'/') || name == b"$@" {
                true => End::Program,
                false => complain(format!("{shown}: no such command is known")),
            };
        };
        if tool.built_in && !built_in {
            return complain(format!("{shown}: only /bin/exec finds it behind {before}"));
        }
        let rest = match options(tool, rest) {
            Ok(rest) => rest,
            Err(what) => return complain(format!("{short}: {what}")),
        };
        words = match tool.then {
            Then::Arguments(count) if rest.len() < count => {
                return complain(format!("{short}: {} arguments are missing", count - rest.len()));
            }
            Then::Arguments(count) => &rest[count..],
            Then::Command => match rest.iter().position(|word| word == b";") {
                Some(end) => &rest[end + 1..],
                None => return complain(format!("{short}: no \";\" follows")),
            },
            Then::UpTo => match rest.iter().position(|word| word == b"--") {
                Some(end) => &rest[end + 1..],
                None if short == "directories" => return End::Program,
                None => return complain(format!("{short}: no \"--\" follows")),
            },
            Then::Shell if rest.len() < 2 => return complain(format!("{short}: nothing is passed to it")),
            Then::Shell => after_shell(rest),
            Then::Program if rest.is_empty() => return End::Missing,
            Then::Program | Then::End => return End::Program,
            Then::Chain => {
                let counted = rest.iter().position(|word| word == b"--").and_then(|end| {
                    let count: usize = std::str::from_utf8(rest.get(end + 1)?).ok()?.parse().ok()?;
                    let rest = &rest[end + 2..];
                    (count < rest.len()).then(|| rest.split_at(count))
                });
                let Some((chain, _)) = counted else { return complain(format!("{short}: it counts no words")) };
                if let End::Missing = walk(chain, false, complaints) {
                    return End::Program;
                }
                if complaints.is_empty() {
                    complaints.push(format!("{short}: {} words end within a command", chain.len()));
                }
                return End::Broken;
            }
        };
        built_in = tool.built_in || tool.name == "/bin/exec";
        before = shown;
    }
}

/// What follows on the options of a command, and on a `--`.
fn options<'w>(tool: &Tool, words: &'w [Word]) -> Result<&'w [Word], String> {
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        if matches!(tool.then, Then::UpTo | Then::Chain | Then::End | Then::Command) || !word.starts_with(b"-") {
            break;
        }
        rest = after;
        if word == b"--" {
            break;
        }
        let (name, attached) = match word.iter().position(|byte| *byte == b'=') {
            Some(equals) => (&word[..=equals], true),
            None => (&word[..], false),
        };
        let known = tool.options.iter().find(|option| option.trim_end_matches('=').as_bytes() == name.trim_end());
        match known {
            Some(option) if option.ends_with('=') && !attached => rest = rest.get(1..).ok_or("nothing follows")?,
            Some(_) => {}
            None => return Err(format!("no option {}", String::from_utf8_lossy(word))),
        }
    }
    Ok(rest)
}

/// What follows on a line of shell: as many words as it speaks of, and then the next command.
fn after_shell(words: &[Word]) -> &[Word] {
    let line = String::from_utf8_lossy(&words[0]);
    let taken = 2 + usize::from(line.contains("shift"));
    // Options may come first where the line becomes setpriv.
    let mut rest = words.get(taken..).unwrap_or_default();
    if line.contains("setpriv") {
        let end = rest.iter().position(|word| word == b"--").map_or(0, |end| end + 1);
        rest = &rest[end..];
    }
    rest
}

trait TrimEnd {
    fn trim_end(&self) -> &[u8];
}

impl TrimEnd for [u8] {
    /// Without the sign at the end.
    fn trim_end(&self) -> &[u8] {
        self.strip_suffix(b"=").unwrap_or(self)
    }
}
