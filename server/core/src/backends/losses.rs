//! What differs with every backend: for want of a tool on the target, or as no tool does it.

use std::borrow::Cow;

use super::{Target, sandbox};
use crate::fate::{Backend, Fate};
use crate::plan::{At, Body, ControlGroup, Directories, Link, Plan, Service, Step, WorkingDirectory};
use crate::schema::key::exec;

/// The plan without the steps that the target has no tools for, and what becomes
/// of the assignments that are lost by that.
pub(super) fn adapt<'p, 'u>(plan: &'p Plan<'u>, target: &Target) -> (Cow<'p, Plan<'u>>, Vec<(At, Fate)>) {
    let Body::Service(service) = &plan.body else { return (Cow::Borrowed(plan), Vec::new()) };
    let mut losses = users(plan, service);
    losses.extend(tools(plan, service));
    if service.chain.links.iter().all(|link| missing(&link.step, target).is_none()) {
        return (Cow::Borrowed(plan), losses);
    }
    let mut adapted = plan.clone();
    if let Body::Service(service) = &mut adapted.body {
        for directories in directories(service) {
            directories.private_tmp &= target.tools.util_linux;
        }
        service.chain.links.retain_mut(|link| {
            let Some(fate) = missing(&link.step, target) else { return true };
            let rest = rest(&link.step);
            let lost = |at: &At| rest.is_none() || plan.setting(*at).entry.key != exec::WorkingDirectory;
            losses.extend(link.from.iter().filter(|at| lost(at)).map(|at| (*at, fate.clone())));
            link.from.retain(|at| !lost(at));
            let Some(step) = rest else { return false };
            link.step = step;
            true
        });
    }
    (Cow::Owned(adapted), losses)
}

/// What is still done of a step that can't be taken.
fn rest(step: &Step) -> Option<Step> {
    match step {
        // The stop looks for it, and makes do without.
        Step::ControlGroup(_) => Some(Step::ControlGroup(ControlGroup::default())),
        Step::Mounts(mounts) => {
            let WorkingDirectory { path, user: _, optional } = mounts.directory.clone();
            Some(Step::WorkingDirectory { path, optional })
        }
        _ => None,
    }
}

/// The directories of a service and those of its chain.
fn directories(service: &mut Service) -> impl Iterator<Item = &mut Directories> {
    let Service { chain, directories, .. } = service;
    let steps = chain.links.iter_mut().filter_map(|link| match &mut link.step {
        Step::Directories(directories) => Some(directories),
        _ => None,
    });
    steps.chain([directories])
}

/// Why the target can't take a step.
fn missing(step: &Step, target: &Target) -> Option<Fate> {
    let tool = match step {
        Step::ControlGroup(group) => {
            let lost = !target.cgroups && !group.knobs.is_empty();
            return lost.then(|| Fate::lost("the target has no control groups of version 2"));
        }
        // Supervisors have tools of their own for these.
        Step::OomScoreAdjust(_)
        | Step::Limits(_)
        | Step::PrivateNetwork
        | Step::PrivateIpc
        | Step::PrivateHostname(_)
            if target.backend == Backend::Nosh =>
        {
            return None;
        }
        Step::Limits(_) if matches!(target.backend, Backend::S6 | Backend::S6rc) => return None,
        Step::OomScoreAdjust(_) => "choom",
        Step::CpuScheduling(_) => "chrt",
        Step::CpuAffinity(_) => "taskset",
        Step::IoScheduling(_) => "ionice",
        Step::Personality(_) => "setarch",
        Step::Limits(_) | Step::LeastLimits(_) => "prlimit",
        Step::PrivateNetwork | Step::PrivateIpc | Step::Mounts(_) | Step::PrivateHostname(_) | Step::PrivateUsers => {
            "unshare"
        }
        Step::NetworkNamespace(_) | Step::IpcNamespace(_) => "nsenter",
        Step::Capabilities(_) | Step::SecureBits(_) | Step::NoNewPrivileges => "setpriv",
        Step::Session
        | Step::CoredumpFilter(_)
        | Step::Nice(_)
        | Step::Numa(_)
        | Step::TimerSlack(_)
        | Step::Directories(_)
        | Step::UMask(_)
        | Step::RootDirectory(_)
        | Step::WorkingDirectory { .. }
        | Step::Environment(_)
        | Step::IgnoreSigpipe(_)
        | Step::Identity(_)
        | Step::SelinuxContext { .. }
        | Step::ApparmorProfile { .. } => return None,
    };
    (!target.tools.util_linux).then(|| Fate::lost(format!("the target has no `{tool}` of util-linux")))
}

/// `NoExecPaths=` of paths that hold the tools of the chain.
fn tools(plan: &Plan, service: &Service) -> Vec<(At, Fate)> {
    let forbidden = |link: &&Link| matches!(&link.step, Step::Mounts(mounts) if sandbox::forbids_tools(mounts));
    let Some(link) = service.chain.links.iter().find(forbidden) else { return Vec::new() };
    let named = link.from.iter().filter(|at| plan.setting(**at).entry.key == exec::NoExecPaths);
    let fate = Fate::approximated(
        "`unshare --mount`, bind mounts with `noexec`",
        "`env`, `setpriv` and `sh` can still be run",
    );
    named.map(|at| (*at, fate.clone())).collect()
}

/// `PrivateUsers=` of a service that isn't root's.
fn users(plan: &Plan, service: &Service) -> Vec<(At, Fate)> {
    let settings = plan.unit.settings().iter().enumerate();
    let asked = settings.filter(|(_, setting)| setting.entry.key == exec::PrivateUsers && !setting.says_the_default());
    let done = service.chain.links.iter().any(|link| matches!(link.step, Step::PrivateUsers));
    let why = "`unshare --user` maps root, and nobody else";
    asked.filter(|_| !done).map(|(at, _)| (At(at as u32), Fate::lost(why))).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::backends::{Target, Together, render};
    use crate::fate::{Backend, Level};
    use crate::plan;
    use crate::syntax::scan;
    use crate::units::{Unit, UnitName};

    /// What is lost or approximated of a service on a target that `change` has changed.
    fn check(settings: &str, change: impl Fn(&mut Target), expect: Expect) {
        let name = UnitName::parse("web.service").unwrap();
        let text = format!("[Service]\nExecStart=/x\n{settings}");
        let files = [scan(&text)];
        let unit = Unit::new(&name, &files);
        let mut target = Target::new(Backend::Runit);
        change(&mut target);
        let plan = plan::lower(&unit, &target.facts);
        let rendering = render(&plan, &Together::default(), &target);
        let told = unit.settings().iter().zip(&rendering.fates).filter(|(_, fate)| fate.level() >= Level::Approximated);
        let told: String = told.map(|(setting, fate)| format!("{}= {fate}\n", setting.entry.name)).collect();
        let run = rendering.directories[0].files.iter().find(|file| file.path == "run");
        let last = match run.map(|run| &run.content) {
            Some(crate::backends::Content::Script(text)) => {
                let text = String::from_utf8_lossy(text).into_owned();
                text[text.rfind("\nexec ").map_or(0, |at| at + 1)..].to_owned()
            }
            _ => String::new(),
        };
        expect.assert_eq(&format!("{told}{last}"));
    }

    #[test]
    fn a_target_may_have_no_util_linux() {
        check(
            "User=web\nNice=3\nOOMScoreAdjust=5\nPrivateTmp=yes\nStateDirectory=web\nWorkingDirectory=/srv\n\
             LimitNOFILE=9\nNoNewPrivileges=yes\nMemoryMax=1G\nSetLoginEnvironment=no\n",
            |target| target.tools.util_linux = false,
            expect![[r#"
                OOMScoreAdjust= lost: the target has no `choom` of util-linux
                PrivateTmp= lost: the target has no `unshare` of util-linux
                LimitNOFILE= lost: the target has no `prlimit` of util-linux
                NoNewPrivileges= lost: the target has no `setpriv` of util-linux
                exec chpst -P "$here/data/cgroup" enter web memory.max=1073741824 -- \
                	nice -n 3 "$here/data/directories" -u web -m 0755 /var/lib/web -- \
                	chpst -u web:"$groups" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
                	STATE_DIRECTORY=/var/lib/web /x
            "#]],
        );
    }

    #[test]
    fn a_target_may_have_no_control_groups() {
        check(
            "MemoryMax=1G\nTasksMax=50%\n",
            |target| target.cgroups = false,
            expect![[r#"
                MemoryMax= lost: the target has no control groups of version 2
                TasksMax= lost: the target has no control groups of version 2
                exec chpst -P "$here/data/cgroup" enter web -- \
                	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /x
            "#]],
        );
        check(
            "MemoryMax=1G\nTasksMax=50%\nIOWriteBandwidthMax=/srv 1M\n",
            |_| {},
            expect![[r#"
            exec chpst -P "$here/data/cgroup" enter web memory.max=1073741824 pids.max=5000/10000 \
            	io.max='/srv wbps=1000000' -- \
            	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /x
        "#]],
        );
    }

    #[test]
    fn some_values_are_too_much() {
        check(
            "User=web\nPrivateUsers=yes\nSetLoginEnvironment=no\n",
            |_| {},
            expect![[r#"
                PrivateUsers= lost: `unshare --user` maps root, and nobody else
                exec chpst -P "$here/data/cgroup" enter web -- \
                	setpriv --reuid=web --regid="$group" --init-groups -- \
                	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /x
            "#]],
        );
        check(
            "PrivateUsers=identity\n",
            |_| {},
            expect![[r#"
                PrivateUsers= lost: `unshare --user` maps root, and nobody else
                exec chpst -P "$here/data/cgroup" enter web -- \
                	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /x
            "#]],
        );
        check(
            "NoExecPaths=/\nExecPaths=/x /usr/lib\n",
            |_| {},
            expect![[r#"
            NoExecPaths= approximated: `unshare --mount`, bind mounts with `noexec`; `env`, `setpriv` and `sh` can still be run
            exec chpst -P "$here/data/cgroup" enter web -- \
            	unshare --mount --propagation slave -- \
            	"$here/data/namespace" no-exec / exec /usr/lib exec /x exec -/usr/bin/env exec \
            	-/usr/bin/s6-setuidgid exec -/usr/bin/setpriv exec -/usr/bin/setuidgid exec -/usr/bin/sh cd / -- \
            	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /x
        "#]],
        );
    }
}
