//! Timers elapse: the tool alone, and generated directories under the real supervisors.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use svlsp_core::backends::tools::Tool;
use svlsp_core::backends::{Content, LogStyle, Target, Together, render};
use svlsp_core::fate::Backend;
use svlsp_core::plan;
use svlsp_core::syntax::scan;
use svlsp_core::units::{Unit, UnitName};
use svlsp_tests::tools::{SHELLS, Tools};

/// How long to wait for what must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that is told to end when it isn't needed any more.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Running(command.stdin(Stdio::null()).spawn().expect("it starts"))
    }

    /// Sends SIGTERM and waits; whether it ended well.
    fn stop(&mut self) -> bool {
        let signalled = Command::new("kill").arg(self.0.id().to_string()).status().expect("kill runs");
        signalled.success() && self.0.wait().expect("it is our child").success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            self.stop();
        }
    }
}

/// A trigger that writes a line to `starts` when it is told to start, and takes a while.
fn trigger(tools: &Tools, seconds: &str) -> PathBuf {
    let path = tools.folder().join("trigger");
    let text =
        format!("#!/bin/sh\n[ \"$1\" = state ] && echo down 1000 && exit\necho started >>starts\nsleep {seconds}\n");
    script(&path, &text);
    path
}

fn script(path: &Path, text: &str) {
    fs::write(path, text).expect("it can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be changed");
}

/// Waits until a file has so many lines; says when each of them came.
fn await_lines(file: &Path, count: usize) -> Vec<Instant> {
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < count {
        assert!(begin.elapsed() < PATIENCE, "{} has {} lines, not {count}", file.display(), times.len());
        let lines = fs::read_to_string(file).unwrap_or_default().lines().count();
        times.resize(lines.max(times.len()), Instant::now());
        thread::sleep(Duration::from_millis(5));
    }
    times
}

/// How many seconds after the start of `timer WORDS` the first starts of its service come.
fn starts(words: &[&str], seconds: &str, count: usize, prepare: impl Fn(&Path)) -> Vec<Vec<f64>> {
    let run = |shell: &&[&str]| {
        let tools = Tools::new();
        prepare(&tools.folder());
        let trigger = trigger(&tools, seconds);
        let begin = Instant::now();
        let mut timer = Running::start(tools.command(shell, Tool::Timer).args(words).arg("--").arg(trigger));
        let times = await_lines(&tools.folder().join("starts"), count);
        assert!(timer.stop(), "{shell:?}: it ends well when it is told to");
        times.iter().map(|time| (*time - begin).as_secs_f64()).collect()
    };
    SHELLS.iter().map(run).collect()
}

/// All lie in these ranges; they end late, as other tests run at the same time.
fn assert_starts(words: &[&str], seconds: &str, expected: &[(f64, f64)], prepare: impl Fn(&Path)) {
    for times in starts(words, seconds, expected.len(), prepare) {
        let fits = times.iter().zip(expected).all(|(time, (from, to))| (from..=to).contains(&time));
        assert!(fits, "{words:?}: {times:?}, not {expected:?}");
    }
}

#[test]
fn spans_count_from_the_start_of_the_timer_and_of_the_service() {
    let expected = [(1.0, 4.0), (2.0, 6.0), (3.0, 8.0)];
    assert_starts(&["on-active=1", "on-unit-active=1"], "0.5", &expected, |_| {});
    let expected = [(0.5, 4.0), (1.5, 6.0), (2.5, 8.0)];
    assert_starts(&["on-active=0.50", "on-unit-inactive=0.50"], "0.5", &expected, |_| {});
}

#[test]
fn the_earliest_of_several_counts() {
    assert_starts(&["on-active=100", "on-active=1", "on-unit-active=1000"], "0", &[(1.0, 4.0)], |_| {});
}

#[test]
fn what_has_passed_since_boot_elapses_at_once_but_only_once() {
    assert_starts(&["on-boot=0", "on-active=1.50"], "0", &[(0.0, 3.0), (1.4, 6.0)], |_| {});
}

#[test]
fn calendar_events_elapse() {
    assert_starts(&["on-calendar=UTC * * * * * * 0/1000000"], "0", &[(0.0, 3.0), (0.5, 5.0), (1.5, 7.0)], |_| {});
}

#[test]
fn what_was_missed_is_made_up_for() {
    let stamp = |age: u64| {
        move |folder: &Path| {
            let time = SystemTime::now() - Duration::from_secs(age);
            let file = fs::File::create(folder.join("stamp")).expect("it can be written");
            file.set_modified(time).expect("its time can be set");
        }
    };
    let daily = ["on-calendar=UTC * * * * 0 0 0", "stamp=./stamp", "on-active=2"];
    assert_starts(&daily, "0", &[(0.0, 1.9)], stamp(100_000));
    let yearly = ["on-calendar=UTC * 2199 * * 0 0 0", "stamp=./stamp", "on-active=2"];
    assert_starts(&yearly, "0", &[(2.0, 6.0)], stamp(100_000));
    assert_starts(&daily, "0", &[(2.0, 6.0)], |_| {});
}

#[test]
fn the_stamp_tells_when_it_elapsed() {
    let tools = Tools::new();
    let stamp = tools.folder().join("state/stamp");
    let words = ["on-active=1".to_owned(), format!("stamp={}", stamp.display())];
    let trigger = trigger(&tools, "0");
    let command = &mut tools.command(SHELLS[0], Tool::Timer);
    let _timer = Running::start(command.args(words).arg("--").arg(trigger));
    let begin = Instant::now();
    while !stamp.exists() {
        assert!(begin.elapsed() < PATIENCE, "no stamp is made");
        thread::sleep(Duration::from_millis(5));
    }
    let first = fs::metadata(&stamp).and_then(|data| data.modified()).expect("it has a time");
    await_lines(&tools.folder().join("starts"), 1);
    let second = fs::metadata(&stamp).and_then(|data| data.modified()).expect("it has a time");
    assert!(second > first);
}

#[test]
fn fixed_delays_stay_the_same_and_others_do_not() {
    let words = ["on-active=0", "random-delay=2", "fixed-delay", "name=a.timer"];
    let fixed = starts(&words, "0", 1, |_| {});
    assert!((fixed[0][0] - fixed[1][0]).abs() < 1.0, "{fixed:?}");
}

#[test]
fn runsv_starts_what_a_timer_triggers() {
    converted(Backend::Runit, "runsv");
}

#[test]
fn s6_supervise_starts_what_a_timer_triggers() {
    converted(Backend::S6, "s6-supervise");
}

/// Converts a timer and its service, and has them supervised.
fn converted(backend: Backend, supervisor: &str) {
    let folder = tempfile::tempdir().expect("a directory");
    let marks = folder.path().join("marks");
    let service = format!("[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo done >>{}'\n", marks.display());
    let timer = "[Timer]\nOnActiveSec=1\nOnUnitInactiveSec=1\nOnCalendar=*:*:0/30\n";
    let names = ["job.timer", "job.service"].map(|name| UnitName::parse(name).expect("a name"));
    let files = [[scan(timer)], [scan(&service)]];
    let units: Vec<_> = names.iter().zip(&files).map(|(name, files)| Unit::new(name, files)).collect();
    let mut target = Target::new(backend);
    target.log = LogStyle::None;
    target.cgroups = false;
    let plans: Vec<_> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
    let together = Together::of(&plans);
    let renderings: Vec<_> = plans.iter().map(|plan| render(plan, &together, &target)).collect();
    let directories: Vec<_> = renderings.iter().flat_map(|rendering| &rendering.directories).collect();
    let services = folder.path().join("services");
    for directory in directories {
        for file in &directory.files {
            let path = services.join(&directory.name).join(&file.path);
            fs::create_dir_all(path.parent().expect("it lies in a directory")).expect("it can be made");
            match &file.content {
                Content::Script(text) => script(&path, &String::from_utf8_lossy(text)),
                Content::Text(text) => fs::write(&path, text).expect("it can be written"),
                Content::Link(_) | Content::Directory => panic!("{} is no file", file.path),
            }
        }
    }
    supervise(supervisor, &services, &marks);
}

/// Runs the services `job-timer` and `job` until there are three marks.
fn supervise(supervisor: &str, services: &Path, marks: &Path) {
    let start = |name| Running::start(Command::new(supervisor).arg(services.join(name)));
    let job = start("job");
    let timer = start("job-timer");
    await_lines(marks, 3);
    // While the timer is there it starts the job again, and keeps its supervisor from ending.
    drop(timer);
    drop(job);
}
