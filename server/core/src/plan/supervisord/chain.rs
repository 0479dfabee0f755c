//! What is done to a process before its program runs (`Subprocess._spawn_as_child`).

use super::lowering::Lowering;
use crate::plan::{At, Bytes, Chain, Environment, Identity, Leaf, Limit, Link, Step};
use crate::schema::Key;
use crate::schema::supervisord::key::{program as of, supervisord};
use crate::values::supervisord::choice;
use crate::values::supervisord::name::{self, Account};
use crate::values::supervisord::number;

/// What supervisord's own mask is, unless it is set.
const UMASK: u16 = 0o022;

/// `user=`; by default that of supervisord. Its variables are left as they are.
pub(super) fn identity(low: &mut Lowering) -> Identity {
    let user = own_or(low, of::user, supervisord::user, |low, key| {
        low.read(key, |text, _, problems| {
            Some(match name::parse_user(text, problems)? {
                Account::Name(name) => name.as_bytes().to_vec(),
                Account::Number(number) => number.to_string().into_bytes(),
            })
        })
    });
    Identity { user, login_environment: Some(Leaf::default(false)), ..Identity::default() }
}

/// `directory=`; by default that of supervisord, which is `/` if nobody says otherwise.
pub(super) fn directory(low: &mut Lowering) -> Leaf<Bytes> {
    let stays = stays(low);
    let directory = own_or(low, of::directory, supervisord::directory, |low, key| {
        let unused = key == supervisord::directory && stays;
        (!unused).then(|| low.read(key, |text, _, _| Some(home(text).into_bytes()))).flatten()
    });
    directory.unwrap_or(Leaf::default(b"/".to_vec()))
}

/// The steps in supervisord's order, as far as that makes a difference.
pub(super) fn lower(
    low: &mut Lowering,
    identity: &Identity,
    directory: Leaf<Bytes>,
    environment: &Environment,
) -> Chain {
    let link = |step, from: Option<At>| Link { step, from: from.into_iter().collect() };
    let mut links = vec![link(Step::Session, None)];
    let stays = stays(low);
    let mask = own_or(low, of::umask, supervisord::umask, |low, key| {
        let unused = key == supervisord::umask && stays;
        (!unused).then(|| low.read(key, number::parse_mode)).flatten()
    });
    let mask = mask.map_or(Leaf::default(UMASK), |mask| Leaf { value: (mask.value & 0o777) as u16, at: mask.at });
    links.push(link(Step::UMask(mask.value), mask.at));
    let limits = limits(low);
    if !limits.is_empty() {
        let from = limits.iter().map(|limit| limit.at).collect();
        links.push(Link { step: Step::Limits(limits), from });
    }
    links.push(link(Step::WorkingDirectory { path: Some(directory.value), optional: false }, directory.at));
    links.push(Link { step: Step::Environment(environment.clone()), from: environment.places() });
    // Python ignores it, and so does what it executes.
    links.push(link(Step::IgnoreSigpipe(true), None));
    match &identity.user {
        // supervisord is root already, and changes nothing.
        Some(user) if matches!(&user.value[..], b"root" | b"0") => low.settled.extend(user.at),
        Some(user) => links.push(link(Step::Identity(identity.clone()), user.at)),
        None => {}
    }
    Chain { links }
}

/// Whether supervisord stays in the foreground, where neither its directory nor its mask are changed.
fn stays(low: &mut Lowering) -> bool {
    let stays = low.read(supervisord::nodaemon, choice::parse_boolean).is_some_and(|leaf| leaf.value);
    low.settle(&[supervisord::nodaemon]);
    if stays {
        low.void(&[supervisord::directory, supervisord::umask], "with nodaemon=true supervisord passes over it");
    }
    stays
}

/// What a program has of its own, else what supervisord has.
fn own_or<'u, T>(
    low: &mut Lowering<'u>,
    own: Key,
    other: Key,
    mut read: impl FnMut(&mut Lowering<'u>, Key) -> Option<Leaf<T>>,
) -> Option<Leaf<T>> {
    if low.at(own).is_some() {
        low.void(&[other], "the program has its own");
        return read(low, own);
    }
    read(low, other)
}

/// `minfds=` and `minprocs=`, which supervisord hands on to its children.
fn limits(low: &mut Lowering) -> Vec<Limit> {
    let keys = [(supervisord::minfds, "nofile"), (supervisord::minprocs, "nproc")];
    let limit = |(key, resource)| {
        let leaf: Leaf<i64> =
            low.read(key, |text, context, problems| number::parse(text, i64::MIN..=i64::MAX, context, problems))?;
        let value = u64::try_from(leaf.value).ok()?;
        Some(Limit { resource, soft: value, hard: value, at: leaf.at? })
    };
    keys.into_iter().filter_map(limit).collect()
}

/// A path whose `~` is the home of root, who starts supervisord.
pub(super) fn home(path: &str) -> String {
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/root{rest}"),
        _ => path.to_owned(),
    }
}
