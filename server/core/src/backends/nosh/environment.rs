//! The environment of the program, and what else comes last.

use super::chain::Chain;
use super::{Job, main, socket, spell};
use crate::backends::environment::{self, Called};
use crate::backends::listen;
use crate::backends::tools::Tool;
use crate::plan::{Environment, Leaf};

/// `clearenv` and `setenv` where all is known, else the tool, which reads files
/// and the user database at each start.
pub(super) fn spell(
    job: &mut Job,
    environment: Option<&Environment>,
    passed: &[&str],
    ignores_sigpipe: bool,
    chain: &mut Chain,
) {
    let Some(environment) = environment else { return };
    let Environment { inherits, assignments, files, passed: handed, unset, search_path: _ } = environment;
    let identity = &job.service.identity;
    job.fates.keep(identity.login_environment.and_then(|leaf| leaf.at));
    let login = environment::login(identity);
    let path = environment::path(environment);
    let expands = spell::expands(job);
    if *inherits {
        if socket::any(job.plan, job.together) {
            listen::OF_SOCKETS.iter().for_each(|name| chain.own(&[b"unsetenv", name.as_bytes()]));
        }
        for Leaf { value, .. } in assignments {
            chain.own(&[b"setenv", &value.name, &value.value]);
        }
        last(job, ignores_sigpipe, true, chain);
        return;
    }
    if files.is_empty() && handed.is_empty() && passed.is_empty() && login.is_none() && !expands {
        chain.own(&[b"clearenv"]);
        chain.own(&[b"setenv", b"PATH", path]);
        for Leaf { value, .. } in assignments {
            chain.own(&[b"setenv", &value.name, &value.value]);
        }
        for leaf in unset {
            if let Some(name) = taken_out(environment, path, &leaf.value) {
                chain.own(&[b"unsetenv", name]);
            }
        }
        last(job, ignores_sigpipe, true, chain);
        return;
    }
    last(job, ignores_sigpipe, false, chain);
    let Called { options, variables } = environment::called(environment, login, passed, expands);
    let tool = job.tool(Tool::Environment).into_bytes();
    chain.wrap([vec![tool], options, variables, vec![b"--".to_vec()]].concat());
}

/// env ignores SIGPIPE, takes back what sh ignores for the sake of a terminal, and looks for the program in the new `PATH` and nowhere else.
fn last(job: &Job, ignores_sigpipe: bool, finds_program: bool, chain: &mut Chain) {
    let mut words = vec![b"/usr/bin/env".to_vec()];
    let stays = main::stays(job);
    if stays {
        words.push(b"--default-signal=INT,QUIT".to_vec());
    }
    if ignores_sigpipe {
        words.push(b"--ignore-signal=PIPE".to_vec());
    }
    if stays || ignores_sigpipe || finds_program {
        chain.other(words);
    }
}

/// The name that one word of `UnsetEnvironment=` takes out: any value of it, or just the one given.
fn taken_out<'a>(environment: &Environment, path: &[u8], word: &'a [u8]) -> Option<&'a [u8]> {
    let Some(equals) = word.iter().position(|byte| *byte == b'=') else { return Some(word) };
    let (name, value) = (&word[..equals], &word[equals + 1..]);
    let known = environment.assignments.iter().rev().find(|leaf| leaf.value.name == name);
    let known = known.map(|leaf| &leaf.value.value[..]).or((name == b"PATH").then_some(path));
    (known == Some(value)).then_some(name)
}
