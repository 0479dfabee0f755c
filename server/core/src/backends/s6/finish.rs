//! `finish`: what follows on the end of `run`.

use super::script::{Arguments, Script, Word, literal};
use super::{Job, chain, run, socket, stop};
use crate::backends::shell::kill_name;
use crate::backends::tools::Tool;
use crate::backends::{Version, notify, sandbox};
use crate::fate::Fate;
use crate::plan::{Bytes, Cause, KillMode, Restart, Type};

/// Notes that `ExecStop=` has failed.
pub(super) const STOP_FAILED: &str = "redirfd -w 1 supervise/phase echo \"stopping failed\"";

/// In µs: what s6-supervise itself lets pass between the end of `finish` and the next start.
const SECOND: u64 = 1_000_000;

pub(super) fn script(job: &mut Job) -> Vec<u8> {
    let commands = &job.service.commands;
    let tells = !commands.stop.is_empty() || !commands.stop_post.is_empty();
    let kills_group = job.service.stop.mode.value == KillMode::KillGroup && !stop::kills_group(job);
    let arguments = match () {
        () if has_group_argument(job) => Arguments::Four,
        () if kills_group || tells || job.is_heard() || !matches!(ends(job), Ends::Always | Ends::Never) => {
            Arguments::Two
        }
        () => Arguments::None,
    };
    let mut script = job.script(arguments, "what follows on its end");
    match arguments {
        Arguments::Four => {
            script.comment("$1: its exit status, 256 if a signal killed it; $2: that signal; $4: its process group");
        }
        Arguments::Two => {
            script.comment("$1: its exit status, 256 if a signal killed it; $2: that signal");
        }
        Arguments::None | Arguments::All => {}
    }
    script.line("fdmove -c 2 1");
    if job.phases {
        script.substitute(b"backtick -E phase { cat supervise/phase }", "phase");
        script.line("ifelse { test $phase = skipped } { exit 125 }");
        if job.waits_for_network() {
            script.line("ifelse { test $phase = waiting } { exit 0 }");
        }
    }
    if job.is_heard() {
        let tool = job.tool(Tool::Notify);
        script.line(&format!("foreground {{ {tool} end }}"));
    }
    if tells {
        result(job, &mut script);
        let commands = &job.service.commands;
        chain::find_exec(&mut script, commands.stop.iter().chain(&commands.stop_post));
    }
    exec_stop(job, &mut script);
    survivors(job, &mut script);
    exec_stop_post(job, &mut script);
    pid_file(job, &mut script);
    socket::remove(job, &mut script);
    restart(job, &mut script);
    script.finish()
}

/// The variables that tell `ExecStop=` and `ExecStopPost=` how it ended.
fn result(job: &mut Job, script: &mut Script) {
    let service = job.service;
    // Once these have come up, the end of `run` says nothing of theirs.
    let waits = matches!(service.kind.value, Type::Oneshot | Type::Forking);
    script.open("backtick -E result {");
    if job.phases {
        script.open("case $phase {");
        if run::has_deadline(job) {
            script.line("\"failed timeout\" { echo timeout }");
        }
        script.line("\".* failed|failed 1\" { echo exit-code }");
        if !service.commands.condition.is_empty() {
            script.line("condition { echo exec-condition }");
        }
        if waits {
            script.line("main { echo success }");
        }
        script.close("}");
    }
    let success = patterns(|cause| service.restart.is_success(job.seen(cause)));
    if job.is_heard() {
        script.substitute(b"backtick -E wanted { s6-svstat -o wantedup . }", "wanted");
        script.line(&format!(
            "case ${{wanted}}:${{phase}}:${{1}}:${{2}} {{ \"true:{}:({success})\" {{ echo protocol }} }}",
            notify::UNREADY
        ));
    }
    script.open("case ${1}:${2} {");
    script.line(&format!("\"{success}\" {{ echo success }}"));
    script.line("256:.* { echo signal }");
    script.close("}");
    script.line("echo exit-code");
    script.close("}");
    script.substitute(b"export SERVICE_RESULT $result", "result");
    let (value, [code, status]) = match waits {
        true => ("${phase}:${1}", ["main:.* { echo exited } .*:", "main:.* { echo 0 } .*:"]),
        false => ("$1", ["", ""]),
    };
    script.line(&format!("backtick EXIT_CODE {{ case {value} {{ {code}256 {{ echo killed }} }} echo exited }}"));
    script.line(&format!("backtick EXIT_STATUS {{ case {value} {{ {status}256 {{ kill -l $2 }} }} echo $1 }}"));
    let before = !service.commands.condition.is_empty() || !service.commands.start_pre.is_empty();
    if before && service.kind.value != Type::Oneshot {
        // Where the program was never run, nothing is told of its end.
        let ran = match () {
            () if job.is_heard() => "main|unready|stopping|failed.*",
            () if service.runtime_max.is_set() => "main|stopping|failed.*",
            () => "main|stopping|failed 1",
        };
        script.line(&format!(
            "ifthenelse -s {{ case $phase {{ \"{ran}\" {{ true }} }} false }} {{ }} {{ unexport EXIT_CODE unexport EXIT_STATUS }}"
        ));
    }
}

/// `ExecStop=`, where it has come up and ended well of its own accord.
fn exec_stop(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.stop.clone();
    if commands.is_empty() {
        return;
    }
    script.open("foreground {");
    script.line("if { test ${phase}:${result} = main:success }");
    script.open("ifelse {");
    chain::all(job, script, &commands);
    script.close("} { exit }");
    script.line(STOP_FAILED);
    script.close("}");
    if !job.service.commands.stop_post.is_empty() {
        script.line(
            "backtick SERVICE_RESULT { ifelse { grep -q failed supervise/phase } { echo exit-code } echo $result }",
        );
    }
}

/// Whoever is left of it (`service_enter_signal` of `src/core/service.c`).
fn survivors(job: &mut Job, script: &mut Script) {
    let how = job.service.stop;
    let name = job.group();
    let hangup = if how.hangup.value { " HUP" } else { "" };
    let signal = kill_name(how.signal.value);
    match how.mode.value {
        KillMode::Process | KillMode::None | KillMode::Group => {}
        KillMode::KillGroup => {
            if !stop::kills_group(job) {
                script.comment("After the timeout the others of its process group are killed as well.");
                script.open("foreground {");
                script.line("if { test ${1}:${2} = 256:9 }");
                script.line("backtick -E wanted { s6-svstat -o wantedup . }");
                script.line("if { test $wanted = false }");
                script.line("backtick -E group { cat supervise/group }");
                script.line("sh -c \"kill -KILL -${group} 2>/dev/null\"");
                script.close("}");
            }
        }
        KillMode::ControlGroup | KillMode::Mixed if !job.target.cgroups => {
            if has_group_argument(job) {
                script.line(&format!("foreground {{ sh -c \"kill -{signal} -${{4}} 2>/dev/null\" }}"));
            }
        }
        KillMode::ControlGroup | KillMode::Mixed => {
            let tool = job.tool(Tool::Cgroup);
            if how.mode.value == KillMode::ControlGroup {
                script.line(&format!("foreground {{ {tool} signal {name} {signal} CONT{hangup} }}"));
                let wait = match how.timeout.value {
                    u64::MAX => "infinity".to_owned(),
                    timeout => timeout.div_ceil(1_000_000).to_string(),
                };
                script.line(&format!("foreground {{ {tool} wait {name} {wait} }}"));
            }
            if how.kill.value {
                script.line(&format!("foreground {{ {tool} kill {name} }}"));
            }
        }
    }
}

/// `ExecStopPost=`, at every end.
fn exec_stop_post(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.stop_post.clone();
    if commands.is_empty() {
        return;
    }
    script.open("foreground {");
    chain::all(job, script, &commands);
    script.close("}");
    survivors(job, script);
}

/// `PIDFile=`, which goes with the process in it (`service_enter_dead` of `src/core/service.c`).
fn pid_file(job: &mut Job, script: &mut Script) {
    let Some(path) = &job.service.pid_file else { return };
    if job.service.kind.value != Type::Forking {
        job.fates.set(path.at, &Fate::emulated("`finish` removes it"));
    }
    chain::foreground(script, &literal(&[b"rm", b"-f", b"--", &path.value[..]]), true);
}

/// The directories that go with a run of the service; what takes away those
/// that go only once it isn't started again.
fn directories(job: &mut Job, script: &mut Script) -> String {
    let directories = &job.service.directories;
    let (now, at_last) = (sandbox::removed(directories, true), sandbox::removed(directories, false));
    let mut spell = |arguments: &[Bytes]| {
        let mut words = vec![Word::Written(format!("foreground {{ {}", job.tool(Tool::Directories)))];
        words.extend(literal(arguments));
        words.push(Word::Written("}".to_owned()));
        String::from_utf8_lossy(&script.written(&words)).into_owned()
    };
    let gone = match &at_last {
        Some(arguments) if at_last != now => spell(arguments) + " ",
        _ => String::new(),
    };
    if let Some(arguments) = &now {
        let line = spell(arguments);
        script.line(&line);
    }
    gone
}

/// Whether it stays down, or starts again after a while.
fn restart(job: &mut Job, script: &mut Script) {
    let gone = directories(job, script);
    let restart = &job.service.restart;
    let Restart {
        policy,
        delay,
        steps,
        max_delay,
        prevent,
        force,
        success,
        limit: _,
        attempts: _,
        oneshot: _,
        ignores_failure: _,
    } = restart;
    job.fates.keep(restart.attempts_at());
    job.fates.keep(policy.at.into_iter().chain(steps.at).chain(max_delay.at));
    job.fates.keep(prevent.from.iter().chain(&force.from).chain(&success.from).copied());
    let ends = ends(job);
    match delay.value < SECOND && !matches!(ends, Ends::Never) {
        true => job.fates.set(
            delay.at,
            &Fate::approximated("`finish` ends at once", "`s6-supervise` lets a second pass before the next start"),
        ),
        false => job.fates.keep(delay.at),
    }
    let down = format!("{gone}exit 125");
    let delays = restart.delays();
    let seconds = |delay: &u64| (delay.saturating_sub(SECOND) as f64 / 1e6).to_string();
    let again = match &delays[..] {
        [delay] if *delay <= SECOND => "exit 0".to_owned(),
        [delay] => format!("sleep {}", seconds(delay)),
        _ => "sleep $delay".to_owned(),
    };
    attempts(job, script);
    script.comment(&crate::backends::policy(job.plan, restart));
    if !matches!(ends, Ends::Never) {
        if again.starts_with("sleep") || !gone.is_empty() {
            let forget = if delays.len() > 1 { "foreground { rm -f supervise/restarts } " } else { "" };
            script.substitute(b"backtick -E wanted { s6-svstat -o wantedup . }", "wanted");
            script.line(&format!("ifelse {{ test $wanted = false }} {{ {forget}{gone}exit 0 }}"));
        }
        if delays.len() > 1 {
            let all: Vec<_> = delays.iter().map(seconds).collect();
            let count = "n=0; [ ! -e supervise/restarts ] || read -r n <supervise/restarts; \
                         echo $((n + 1)) >supervise/restarts; \
                         while [ $n -gt 0 ] && [ $# -gt 1 ]; do shift; n=$((n - 1)); done; echo $1";
            let mut words = vec![Word::Written("backtick -E delay { sh -c".to_owned())];
            words.extend(literal(&[count, "sh"]));
            words.extend(literal(&all));
            words.push(Word::Written("}".to_owned()));
            let line = script.written(&words);
            script.substitute(&line, "delay");
        }
        if job.phases {
            phases(job, script, &again, &down, matches!(ends, Ends::Always));
        }
    }
    match ends {
        Ends::Never => script.line(&down),
        Ends::Always => script.line(&again),
        Ends::Some => {
            let action = |restarts: bool| if restarts { &again } else { &down };
            let (cases, default) = decide(|cause| restart.restarts(job.seen(cause)));
            script.open("case ${1}:${2} {");
            for (pattern, restarts) in cases {
                script.line(&format!("\"{pattern}\" {{ {} }}", action(restarts)));
            }
            script.close("}");
            script.line(action(default))
        }
    };
}

/// What follows on an end that came too soon.
fn attempts(job: &mut Job, script: &mut Script) {
    let Some((seconds, retries)) = job.service.restart.attempts() else { return };
    let tool = job.tool(Tool::Attempts);
    script.comment(&format!(
        "An end within {seconds} s is a failed start: tried again after 1, 2, 3 … s, {retries} times."
    ));
    script.substitute(b"backtick -E wanted { s6-svstat -o wantedup . }", "wanted");
    script.line(&format!("ifelse {{ test $wanted = false }} {{ foreground {{ {tool} forget }} exit 0 }}"));
    let pause = SECOND / 1_000_000;
    script.substitute(format!("backtick -E again {{ {tool} end {seconds} {retries} {pause} }}").as_bytes(), "again");
    script.line("ifelse { test $again = fatal } { exit 125 }");
    script.line("ifelse -n { test $again = good } { sleep $again }");
}

/// What doesn't depend on how the process of `run` has ended; `sure` is done after every such end.
fn phases(job: &Job, script: &mut Script, again: &str, down: &str, sure: bool) {
    let restart = &job.service.restart;
    let commands = &job.service.commands;
    let ends = [
        ("condition", !commands.condition.is_empty(), false),
        ("failed timeout", run::has_deadline(job), restart.restarts_after_timeout()),
        ("failed 1", !commands.start_post.is_empty(), restart.restarts(Cause::Exit(1))),
    ];
    let cases: Vec<_> = ends.into_iter().filter(|(_, there, restarts)| *there && !(sure && *restarts)).collect();
    if job.is_heard() && !(sure && restart.restarts_after_timeout()) {
        let success = patterns(|cause| restart.is_success(job.seen(cause)));
        let action = if restart.restarts_after_timeout() { again } else { down };
        script.comment("An end before it was ready is a failure.");
        script.line(&format!("case ${{phase}}:${{1}}:${{2}} {{ \"{}:({success})\" {{ {action} }} }}", notify::UNREADY));
    }
    if cases.is_empty() {
        return;
    }
    script.open("case $phase {");
    for (phase, _, restarts) in cases {
        script.line(&format!("\"{phase}\" {{ {} }}", if restarts { again } else { down }));
    }
    script.close("}");
}

/// After which ends it starts again.
enum Ends {
    Never,
    Some,
    Always,
}

fn ends(job: &Job) -> Ends {
    let restart = &job.service.restart;
    match Restart::causes().filter(|cause| restart.restarts(job.seen(*cause))).count() {
        0 => Ends::Never,
        320 => Ends::Always,
        _ => Ends::Some,
    }
}

/// Whether s6-supervise tells `finish` the process group, as it does since 2.13.0, and it is asked for.
fn has_group_argument(job: &Job) -> bool {
    let kills = matches!(job.service.stop.mode.value, KillMode::ControlGroup | KillMode::Mixed);
    !job.target.cgroups && kills && job.target.version >= Version(2, 13, 0)
}

/// The ends for which `holds`, as an expression for `${1}:${2}`.
fn patterns(holds: impl Fn(Cause) -> bool) -> String {
    expression(&Restart::causes().filter(|cause| holds(*cause)).collect::<Vec<_>>())
}

/// Expressions for `${1}:${2}` and whether it `holds` for what matches; then whether it does for the rest.
fn decide(holds: impl Fn(Cause) -> bool) -> (Vec<(String, bool)>, bool) {
    let (codes, signals): (Vec<_>, Vec<_>) = Restart::causes().partition(|cause| matches!(cause, Cause::Exit(_)));
    let usual = |causes: &[Cause]| 2 * causes.iter().filter(|cause| holds(**cause)).count() > causes.len();
    let (code, signal) = (usual(&codes), usual(&signals));
    let unusual = |causes: &[Cause], usual: bool| -> Vec<Cause> {
        causes.iter().copied().filter(|cause| holds(*cause) != usual).collect()
    };
    let (codes, signals) = (unusual(&codes, code), unusual(&signals, signal));
    let mut cases = Vec::new();
    if code == signal {
        cases.push((expression(&[codes, signals].concat()), !code));
    } else {
        if !signals.is_empty() {
            cases.push((expression(&signals), !signal));
        }
        let rest = if codes.is_empty() { String::new() } else { format!("{}|", expression(&codes)) };
        cases.push((format!("{rest}256:.*"), signal));
    }
    cases.retain(|(pattern, _)| !pattern.is_empty());
    (cases, code)
}

/// `(0|3):.*|256:(1|15)`
fn expression(causes: &[Cause]) -> String {
    let list = |numbers: Vec<String>| match &numbers[..] {
        [one] => one.clone(),
        _ => format!("({})", numbers.join("|")),
    };
    let of = |number: fn(&Cause) -> Option<u8>| -> Vec<String> {
        causes.iter().filter_map(number).map(|number| number.to_string()).collect()
    };
    let codes = of(|cause| if let Cause::Exit(code) = cause { Some(*code) } else { None });
    let signals = of(|cause| if let Cause::Signal(signal) = cause { Some(*signal) } else { None });
    let mut parts = Vec::new();
    match codes.len() {
        0 => {}
        256 => parts.push("[^:]*:.*".to_owned()),
        _ => parts.push(format!("{}:.*", list(by_tens(&codes)))),
    }
    match signals.len() {
        0 => {}
        64 => parts.push("256:.*".to_owned()),
        _ => parts.push(format!("256:{}", list(signals))),
    }
    parts.join("|")
}

/// Numbers, where all ten of a decade are there by their first digits: `15.`.
fn by_tens(numbers: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for number in numbers {
        all.push(number.clone());
        let decade = |number: &String| {
            number.len() > 1
                && number[..number.len() - 1] == all[all.len() - 1][..number.len().min(all[all.len() - 1].len()) - 1]
        };
        if all.len() >= 10 && number.ends_with('9') && number.len() > 1 && all[all.len() - 10..].iter().all(decade) {
            let prefix = number[..number.len() - 1].to_owned();
            all.truncate(all.len() - 10);
            all.push(format!("{prefix}."));
        }
    }
    all
}
