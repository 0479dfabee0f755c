//! `ExecStart=` and its like.

use super::lower::Lowering;
use super::text::Unknown;
use super::{Bytes, Leaf};
use crate::schema::{Key, key};
use crate::values::exec::{self, Privileges};
use crate::values::words::Word;

/// The commands of a service, in their order.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// `ExecCondition=`
    pub condition: Vec<Leaf<Command>>,
    /// `ExecStartPre=`
    pub start_pre: Vec<Leaf<Command>>,
    /// `ExecStart=`; several only of a oneshot.
    pub start: Vec<Leaf<Command>>,
    /// `ExecStartPost=`
    pub start_post: Vec<Leaf<Command>>,
    /// `ExecReload=`
    pub reload: Vec<Leaf<Command>>,
    /// `ExecReloadPost=`
    pub reload_post: Vec<Leaf<Command>>,
    /// `ExecStop=`
    pub stop: Vec<Leaf<Command>>,
    /// `ExecStopPost=`
    pub stop_post: Vec<Leaf<Command>>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The program: an absolute path, or a name to look for in the fixed search path.
    pub program: Bytes,
    /// What the program shall see as its name, where that isn't the program itself.
    pub argv0: Option<Bytes>,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// `-`: a failure counts as success.
    pub ignore_failure: bool,
    /// How much of the chain it gets.
    pub privileges: Privileges,
}

/// An argument of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// These bytes.
    Fixed(Bytes),
    /// A word with variables whose values only the running service knows:
    /// `$OPTS` alone becomes any number of arguments, `${OPTS}` within a word a part of it.
    Variable(Bytes),
}

impl Argument {
    /// Its bytes, variables not expanded.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Argument::Fixed(bytes) | Argument::Variable(bytes) => bytes,
        }
    }
}

impl Command {
    /// Whether one of its arguments depends on a variable.
    pub fn has_variables(&self) -> bool {
        self.arguments.iter().any(|argument| matches!(argument, Argument::Variable(_)))
    }
}

impl Commands {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        use key::service as of;
        let mut commands = Commands {
            condition: list(low, of::ExecCondition),
            start_pre: list(low, of::ExecStartPre),
            start: list(low, of::ExecStart),
            start_post: list(low, of::ExecStartPost),
            reload: list(low, of::ExecReload),
            reload_post: list(low, of::ExecReloadPost),
            stop: list(low, of::ExecStop),
            stop_post: list(low, of::ExecStopPost),
        };
        if low.unit.boolean(of::PermissionsStartOnly) == Some(true) {
            let Commands { condition, start_pre, start: _, start_post, reload, reload_post, stop, stop_post } =
                &mut commands;
            let others = [condition, start_pre, start_post, reload, reload_post, stop, stop_post];
            others.into_iter().flatten().for_each(|leaf| leaf.value.privileges = Privileges::Full);
        }
        commands
    }

    /// Every command there is.
    pub fn all(&self) -> impl Iterator<Item = &Leaf<Command>> {
        let Commands { condition, start_pre, start, start_post, reload, reload_post, stop, stop_post } = self;
        [condition, start_pre, start, start_post, reload, reload_post, stop, stop_post].into_iter().flatten()
    }
}

pub(super) fn list(low: &mut Lowering, key: Key) -> Vec<Leaf<Command>> {
    let mut commands = Vec::new();
    for at in low.all(key) {
        let line = low.parse(at, exec::parse);
        for command in line.commands {
            match lower(low, &command) {
                Ok(command) => commands.push(Leaf::new(command, at)),
                Err(unknown) => low.unknown(at, unknown),
            }
        }
    }
    commands
}

fn lower(low: &Lowering, command: &exec::Command) -> Result<Command, Unknown> {
    let word = |word: &Word| low.expand(word.bytes());
    let prefixes = command.prefixes;
    if prefixes.shell {
        return shell(command, word);
    }
    let argv0 = if prefixes.argv0 { command.args.first().map(word).transpose()? } else { None };
    let argument = |argument: &Word| {
        let bytes = word(argument)?;
        Ok(if prefixes.no_variables { Some(Argument::Fixed(bytes)) } else { variables(bytes) })
    };
    Ok(Command {
        program: word(&command.program)?,
        argv0,
        arguments: command
            .arguments()
            .iter()
            .filter_map(|word| argument(word).transpose())
            .collect::<Result<_, _>>()?,
        ignore_failure: prefixes.ignore_failure,
        // Since Linux 4.3 there are ambient capabilities, and `!!` means nothing.
        privileges: match prefixes.privileges {
            Privileges::AmbientOrKeepUser => Privileges::Normal,
            privileges => privileges,
        },
    })
}

/// A command for the shell, which gets its words joined with blanks and expands variables
/// itself; with `@` it is a login shell.
fn shell(command: &exec::Command, word: impl Fn(&Word) -> Result<Bytes, Unknown>) -> Result<Command, Unknown> {
    let prefixes = command.prefixes;
    let words = std::iter::once(&command.program).chain(&command.args).map(word).collect::<Result<Vec<_>, _>>()?;
    Ok(Command {
        program: b"/bin/sh".to_vec(),
        argv0: prefixes.argv0.then(|| b"-sh".to_vec()),
        arguments: vec![Argument::Fixed(b"-c".to_vec()), Argument::Fixed(words.join(&b' '))],
        ignore_failure: prefixes.ignore_failure,
        privileges: prefixes.privileges,
    })
}

/// What a word becomes, after `replace_env_argv` of `src/basic/env-util.c`.
///
/// `$NAME` as a whole word and `${NAME}` anywhere are variables, `$$` is a dollar sign.
/// Whatever else follows the dollar sign is the name of a variable too, but none can be
/// called so: such a word vanishes.
fn variables(word: Bytes) -> Option<Argument> {
    let is_name = |bytes: &[u8]| {
        !bytes.is_empty()
            && !bytes[0].is_ascii_digit()
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    match word.strip_prefix(b"$") {
        Some([b'{' | b'$', ..]) | None => {}
        Some(name) if is_name(name) => return Some(Argument::Variable(word)),
        Some(_) => return None,
    }
    // With and without the dollar signs doubled.
    let (mut variable, mut plain, mut fixed) = (Bytes::new(), Bytes::with_capacity(word.len()), true);
    let mut rest = &word[..];
    while let Some((first, behind)) = rest.split_first() {
        let braced = behind.strip_prefix(b"{").filter(|_| *first == b'$');
        if rest.starts_with(b"$$") {
            variable.extend_from_slice(b"$$");
            plain.push(b'$');
            rest = &behind[1..];
        } else if let Some((name, after)) =
            braced.and_then(|name| memchr::memchr(b'}', name).map(|end| (&name[..end], &name[end + 1..])))
        {
            if is_name(name) {
                fixed = false;
                variable.extend_from_slice(&rest[..name.len() + 3]);
            }
            rest = after;
        } else {
            variable.push(*first);
            plain.push(*first);
            rest = behind;
        }
    }
    Some(if fixed { Argument::Fixed(plain) } else { Argument::Variable(variable) })
}

/// A command as it is told of: program and arguments.
impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.program))?;
        for argument in &self.arguments {
            write!(f, " {}", String::from_utf8_lossy(argument.bytes()))?;
        }
        Ok(())
    }
}
