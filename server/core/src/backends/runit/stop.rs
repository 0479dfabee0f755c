//! `control/t`: what happens when it is told to end.
//!
//! `runsv` runs `control/t` before it sends SIGTERM, on `sv down` and on
//! `sv term` alike, and sends nothing if it succeeds.

use super::{Job, chain, relations};
use crate::backends::quote;
use crate::backends::shell::{Script, kill_name};
use crate::backends::tools::Tool;
use crate::fate::Fate;
use crate::plan::{KillMode, Leaf, Stop, Type};

/// The script, if runsv's own way isn't enough.
pub(super) fn script(job: &mut Job) -> Vec<u8> {
    let mut rest = Script::default();
    relations::on_stop(job, &mut rest);
    exec_stop(job, &mut rest);
    let asks = !job.service.commands.stop.is_empty();
    let result = if asks { "$result" } else { "success" };
    rest.line(&format!("echo \"stopping {result} $phase\" >supervise/phase"));
    rest.comment("What starts the commands isn't among their processes.");
    match job.service.kind.value {
        Type::Oneshot => rest.line("kill -TERM \"$pid\""),
        _ if job.is_heard() => rest.line("case $phase in main | unready) ;; *) kill -TERM \"$pid\" ;; esac"),
        _ => rest.line("[ \"$phase\" = main ] || kill -TERM \"$pid\""),
    };
    signals(job, &mut rest);
    let rest = rest.lines();

    let mut script = job.script("what happens when it is told to end");
    if memchr::memmem::find(&rest, b"$pid").is_some() {
        script.line("read -r pid <supervise/pid || exit 0");
        if job.service.pid_file.is_some() || job.service.kind.value == Type::Forking {
            script.line("[ ! -e supervise/main ] || read -r pid <supervise/main");
        }
    } else {
        script.line("[ -s supervise/pid ] || exit 0");
    }
    script.line("read -r phase _ <supervise/phase");
    if asks {
        script.line("result=success");
    }
    script.append(&rest);
    script.finish()
}

/// `ExecStop=`: the first that fails ends the list.
fn exec_stop(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.stop.clone();
    if commands.is_empty() {
        return;
    }
    script.open("if [ \"$phase\" = main ]; then");
    match job.service.kind.value {
        Type::Oneshot => script.line("export SERVICE_RESULT=success EXIT_CODE=exited EXIT_STATUS=0"),
        _ => script.line("export MAINPID=\"$pid\" SERVICE_RESULT=success"),
    };
    script.bytes(&[b"{ ", &chain::all(job, &commands)[..], b"; } || result=exit-code"].concat());
    script.close("fi");
}

/// `KillSignal=` and what may follow it.
fn signals(job: &mut Job, script: &mut Script) {
    let Stop { mode, signal, restart_signal, final_signal, hangup, kill, timeout } = &job.service.stop;
    let (mode, name) = (*mode, self::name(job));
    let places =
        [mode.at, signal.at, final_signal.at, hangup.at, kill.at, timeout.at, restart_signal.and_then(|leaf| leaf.at)];
    job.fates.keep(places.into_iter().flatten());
    if !job.target.cgroups {
        let fate = Fate::approximated("signals to the session", "children with a session of their own survive");
        job.fates.set(mode.at, &fate);
    }
    let number = |leaf: &Leaf<u8>| kill_name(leaf.value);
    let (signal, hangup) = (number(signal), hangup.value);
    if let Some(other) = restart_signal {
        script.line(&format!("signal={}", number(other)));
        script.line(&format!("case $(cat supervise/stat) in *'want down'*) signal={signal} ;; esac"));
    }
    let first = if restart_signal.is_some() { "\"$signal\"".to_owned() } else { signal };
    let follow = if hangup { " CONT HUP" } else { " CONT" };
    let single = |line: &str| line.replace("$signal", &first).replace("$more", follow);
    let (kill, timeout, last) = (kill.value, timeout.value, number(final_signal));
    match mode.value {
        KillMode::None => {
            let fate = Fate::approximated("no signal is sent", "it isn't down before its process has ended");
            job.fates.set(mode.at, &fate);
            return;
        }
        KillMode::Process | KillMode::Mixed | KillMode::KillGroup => {
            script.line(&single("for each in $signal$more; do kill \"-$each\" \"$pid\"; done 2>/dev/null"));
        }
        KillMode::Group => {
            script.line(&single("for each in $signal$more; do kill \"-$each\" \"-$pid\"; done 2>/dev/null"));
        }
        KillMode::ControlGroup => {
            let tool = job.tool(Tool::Cgroup);
            script.line(&single(&format!("{tool} signal {name} $signal$more")));
        }
    }
    if !kill || timeout == u64::MAX {
        return;
    }
    let seconds = timeout.div_ceil(1_000_000);
    let (group, pid) = match mode.value {
        KillMode::Process | KillMode::None => ("''".to_owned(), "$pid"),
        KillMode::Group | KillMode::KillGroup => ("''".to_owned(), "-$pid"),
        KillMode::ControlGroup | KillMode::Mixed => (group(job), "$pid"),
    };
    let tool = job.tool(Tool::Deadline);
    script.line(&format!("{tool} stop {seconds} {group} {last} \"{pid}\""));
}

/// The name of its control group, quoted.
pub(super) fn group(job: &mut Job) -> String {
    job.tool(Tool::Cgroup);
    name(job)
}

/// The name of the service, quoted.
pub(super) fn name(job: &Job) -> String {
    let mut word = Vec::new();
    quote::sh::word(job.directory.name.as_bytes(), &mut word);
    String::from_utf8_lossy(&word).into_owned()
}

/// `control/h`: `ExecReload=` instead of SIGHUP.
pub(super) fn reload(job: &mut Job) -> Option<Vec<u8>> {
    let mut commands = job.service.commands.reload.clone();
    commands.extend(job.service.commands.reload_post.iter().cloned());
    let others = relations::on_reload(job);
    let signal = job.service.reload_signal;
    let signals = job.service.kind.value == Type::NotifyReload && signal.is_set();
    if signals {
        job.fates.keep(signal.at);
    } else {
        job.fates.set(signal.at, &Fate::irrelevant("it counts with `Type=notify-reload` only"));
    }
    if commands.is_empty() && others.is_empty() && !signals {
        return None;
    }
    let mut script = job.script("what happens on sv hup");
    script.line("read -r pid <supervise/pid || exit 0");
    script.line("[ ! -e supervise/main ] || read -r pid <supervise/main");
    script.line("export MAINPID=\"$pid\"");
    others.iter().for_each(|line| {
        script.line(line);
    });
    if signals {
        script.line(&format!("kill -{} \"$pid\"", kill_name(signal.value)));
    }
    if commands.is_empty() && !signals {
        script.comment("SIGHUP goes on its way.");
        script.line("exit 1");
    } else {
        if !commands.is_empty() {
            script.bytes(&chain::all(job, &commands));
        }
        script.line("exit 0");
    }
    Some(script.finish())
}
