//! What is done to a process before its program runs (`Subprocess._spawn_as_child`).

use super::lowering::Lowering;
use crate::plan::{At, Bytes, Chain, Environment, Identity, Leaf, Limit, Link, Step};
use crate::schema::supervisord::key::supervisord;
use crate::units::supervisord::ProgramValues;
use crate::values::supervisord::{choice, name, number};

/// What supervisord's own mask is, unless it is set.
const UMASK: u16 = 0o022;

const OWN: &str = "the program has its own";

/// `user=`; by default that of supervisord. Its variables are left as they are.
pub(super) fn identity<'u>(low: &mut Lowering<'u>, values: &ProgramValues<'u>) -> Identity {
    let user = low.optional(&values.user);
    if user.is_some() {
        low.void(&[supervisord::user], OWN);
    }
    let user = user.or_else(|| {
        low.inherited(supervisord::user, |text, _, problems| name::parse_user(text, problems).map(|_| text.to_owned()))
    });
    let user = user.map(|user| Leaf { value: user.value.trim().as_bytes().to_vec(), at: user.at });
    Identity { user, login_environment: Some(Leaf::default(false)), ..Identity::default() }
}

/// `directory=`; by default that of supervisord, which is `/` if nobody says otherwise.
pub(super) fn directory<'u>(low: &mut Lowering<'u>, values: &ProgramValues<'u>) -> Leaf<Bytes> {
    let own = low.optional(&values.directory);
    if own.is_some() {
        low.void(&[supervisord::directory], OWN);
    }
    let own = own.map(|path| Leaf { value: path.value.into_bytes(), at: path.at });
    own.or_else(|| of_supervisord(low)).unwrap_or(Leaf::default(b"/".to_vec()))
}

/// The directory that supervisord itself goes to, if it does.
pub(super) fn of_supervisord(low: &mut Lowering) -> Option<Leaf<Bytes>> {
    let inherited = (!stays(low)).then(|| low.inherited(supervisord::directory, |text, _, _| Some(text.to_owned())));
    inherited.flatten().map(|path| Leaf { value: home(&path.value).into_bytes(), at: path.at })
}

/// The steps in supervisord's order, as far as that makes a difference.
pub(super) fn lower<'u>(
    low: &mut Lowering<'u>,
    values: &ProgramValues<'u>,
    identity: &Identity,
    directory: Leaf<Bytes>,
    environment: &Environment,
) -> Chain {
    let link = |step, from: Option<At>| Link { step, from: from.into_iter().collect() };
    low.settle(&[supervisord::nodaemon]);
    let mut links = vec![link(Step::Session, None)];
    let mask = low.optional(&values.umask);
    if mask.is_some() {
        low.void(&[supervisord::umask], OWN);
    }
    let mask = mask.or_else(|| (!stays(low)).then(|| low.inherited(supervisord::umask, number::parse_mode)).flatten());
    let mask = mask.map_or(Leaf::default(UMASK), |mask| Leaf { value: (mask.value & 0o777) as u16, at: mask.at });
    links.push(link(Step::UMask(mask.value), mask.at));
    let limits = limits(low);
    if !limits.is_empty() {
        let from = limits.iter().map(|limit| limit.at).collect();
        links.push(Link { step: Step::LeastLimits(limits), from });
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

/// Whether supervisord stays in the foreground, where it changes neither directory nor mask.
fn stays(low: &mut Lowering) -> bool {
    let stays = low.inherited(supervisord::nodaemon, choice::parse_boolean).is_some_and(|leaf| leaf.value);
    if stays {
        low.void(&[supervisord::directory, supervisord::umask], "with nodaemon=true supervisord passes over it");
    }
    stays
}

/// `minfds=` and `minprocs=`, which supervisord raises its own limits to, and hands on to its children;
/// what every process may have anyway is left out.
fn limits(low: &mut Lowering) -> Vec<Limit> {
    let keys = [(supervisord::minfds, "nofile", 1024), (supervisord::minprocs, "nproc", 200)];
    let limit = |(key, resource, usual)| {
        let Leaf { value, at } =
            low.inherited(key, |text, context, problems| number::parse(text, 0..=i64::MAX, context, problems))?;
        if value <= usual {
            low.void(&[key], "every process may have as many");
            return None;
        }
        Some(Limit { resource, soft: value as u64, hard: value as u64, at: at? })
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
