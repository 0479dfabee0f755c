//! The example of `docs/supervisord.md`, converted, under the real runsvdir.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use svlsp_tests::product;

/// How long a machine with much else to do may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn the_example_runs_under_runsvdir() {
    if !Path::new("/usr/bin/runsvdir").exists() {
        eprintln!("SKIPPED: there is no runsvdir");
        return;
    }
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let place = scratch.path();
    let main = copy(place);
    let sv = place.join("sv");
    let log = format!("log-directory={}", place.join("log").display());
    let mut convert = Command::new(product::binary());
    convert.args(["convert", "--no-config", "-q", "--to", "runit", "--target", &log, "--out"]).arg(&sv).arg(&main);
    let output = convert.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let _running = Running::start(&sv);
    let up: Vec<PathBuf> = ["web_01", "web_04", "queue", "redis", "worker", "beat"].map(|name| sv.join(name)).into();
    await_that("all are started", || up.iter().all(|service| is_running(service)));
    // As startsecs has it: up is who has run for so long.
    assert!(control(&["-w", "60", "check"], &up), "they don't come up");
    assert!(!is_running(&sv.join("migrate")), "autostart=false");
    let said = |name: &str| fs::read_to_string(place.join("log").join(name).join("current")).unwrap_or_default();
    await_that("the log has what they say", || said("web_01") == "web_01 web 8001 production\n");
    await_that("the log has what they say", || said("web_04") == "web_04 web 8004 production\n");

    assert!(control(&["-w", "60", "stop"], &[sv.join("web_01")]));
    assert!(!is_running(&sv.join("web_01")));
    assert!(is_running(&sv.join("web_04")));
    assert!(control(&["-w", "60", "start"], &[sv.join("web_01")]));
    await_that("it is started again", || said("web_01").lines().count() == 2);
}

/// The example with programs, users and directories that are here; its main file.
fn copy(place: &Path) -> PathBuf {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples/supervisord");
    fs::create_dir_all(place.join("conf.d")).unwrap();
    let here = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with("user="));
        let line = |line: &str| match line.split_once('=').map_or(line, |(key, _)| key) {
            "command" => {
                let names = "$SUPERVISOR_PROCESS_NAME $SUPERVISOR_GROUP_NAME $PORT $APP_ENV";
                format!("command=/bin/sh -c 'echo {names}; exec sleep 1000'\n")
            }
            "directory" => format!("directory={}\n", place.display()),
            "stdout_logfile" | "stderr_logfile" => line.replace("=/var/log", &format!("={}", place.display())) + "\n",
            _ => format!("{line}\n"),
        };
        lines.map(line).collect::<String>()
    };
    for entry in fs::read_dir(example.join("conf.d")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for folder in ["app", "shop"] {
            fs::create_dir_all(place.join(folder)).unwrap();
        }
        fs::write(place.join("conf.d").join(path.file_name().unwrap()), here(&text)).unwrap();
    }
    let main = place.join("supervisord.conf");
    fs::write(&main, fs::read_to_string(example.join("supervisord.conf")).unwrap()).unwrap();
    main
}

/// runsvdir, which takes its services along when it is dropped.
struct Running {
    runsvdir: Child,
    services: PathBuf,
}

impl Running {
    fn start(services: &Path) -> Self {
        let mut command = Command::new("runsvdir");
        command.arg("-P").arg(services).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Running { runsvdir: command.spawn().unwrap(), services: services.to_owned() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // First, so that it starts none again.
        let _ = self.runsvdir.kill();
        let _ = self.runsvdir.wait();
        let entries = fs::read_dir(&self.services).into_iter().flatten().flatten().map(|entry| entry.path());
        let services: Vec<PathBuf> = entries.filter(|path| path.join("supervise/ok").exists()).collect();
        control(&["-w", "60", "force-shutdown"], &services);
    }
}

/// Calls `sv`; whether all is as asked for.
fn control(arguments: &[&str], services: &[PathBuf]) -> bool {
    let output = Command::new("sv").args(arguments).args(services).output().unwrap();
    println!("sv {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stdout));
    output.status.success()
}

fn is_running(service: &Path) -> bool {
    let output = Command::new("sv").arg("status").arg(service).output().unwrap();
    output.stdout.starts_with(b"run:")
}

fn await_that(what: &str, is: impl Fn() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < PATIENCE, "not so: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
