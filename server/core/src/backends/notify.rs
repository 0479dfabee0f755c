//! `Type=notify`: a service that says when it is ready.
//!
//! The tool `notify` has the socket for it, which a tool of s6 opens.

use super::chain::Words;
use super::{Fates, Target};
use crate::fate::Fate;
use crate::plan::{Service, Step, Type};

/// What the main process finds in its environment.
pub(super) const VARIABLE: &str = "NOTIFY_SOCKET";

/// How far a service has come whose program runs, but hasn't said that it is ready.
pub(super) const UNREADY: &str = "unready";

/// Whether somebody listens to what the main process says.
pub(super) fn is_heard(service: &Service, target: &Target) -> bool {
    let can_reach = |step: &Step| match step {
        Step::RootDirectory(_) => false,
        Step::Mounts(mounts) => mounts.root.is_none(),
        _ => true,
    };
    let notifies = matches!(service.kind.value, Type::Notify | Type::NotifyReload);
    notifies && target.tools.s6 && service.chain.links.iter().all(|link| can_reach(&link.step))
}

/// The words for `data/notify`, but for its own name.
pub(super) fn words(service: &Service) -> Words {
    let user = service.identity.user.as_ref().map(|user| user.value.clone()).unwrap_or_default();
    vec![user, b"--".to_vec()]
}

/// What becomes of `Type=` and `NotifyAccess=` of a service whose process is that of `run`.
pub(super) fn fates(service: &Service, target: &Target, fates: &mut Fates) {
    let heard = is_heard(service, target);
    let kind = match service.kind.value {
        Type::Simple | Type::Exec => None,
        Type::Notify | Type::NotifyReload if heard => Some(readiness(service)),
        Type::Notify | Type::NotifyReload if target.tools.s6 => {
            Some(at_once("started at once, as `RootDirectory=` hides the socket"))
        }
        Type::Notify | Type::NotifyReload => {
            Some(at_once("started at once; s6 has the tools for it: `--target tools=+s6` where they are"))
        }
        _ => Some(at_once("started at once, ready or not")),
    };
    match kind {
        Some(fate) => fates.set(service.kind.at, &fate),
        None => fates.keep(service.kind.at),
    }
    let others = service.commands.all().count() > service.commands.start.len();
    if heard && service.notify_access.value != "main" && others {
        let fate = Fate::approximated("its main process may send", "other commands have no `NOTIFY_SOCKET`");
        fates.set(service.notify_access.at, &fate);
    }
}

fn at_once(how: &str) -> Fate {
    Fate::approximated("its process", format!("it counts as {how}"))
}

fn readiness(service: &Service) -> Fate {
    let with = "`data/notify` waits for `READY=1`";
    match service.kind.value {
        _ if !service.commands.start_post.is_empty() => {
            Fate::approximated(with, "it counts as started before `ExecStartPost=` has run")
        }
        Type::NotifyReload => Fate::approximated(with, "nobody waits until it has reloaded"),
        _ => Fate::emulated(with),
    }
}
