//! Path units start their services: the tool alone, and a generated directory under the real runsv.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use svlsp_core::backends::tools::Tool;
use svlsp_tests::product;
use svlsp_tests::tools::{SHELLS, Tools};

/// How long to wait for what must happen.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait for what must not.
const QUIET: Duration = Duration::from_millis(2500);

/// A process that is told to end when it isn't needed any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A running tool, and what it watches.
struct Watch {
    tools: Tools,
    _tool: Running,
}

impl Watch {
    /// Starts the tool; `@` in a word stands for its folder.
    fn start(shell: &[&str], words: &[&str], prepare: impl Fn(&Path)) -> Self {
        let tools = Tools::new();
        let trigger = tools.folder().join("trigger");
        fs::write(&trigger, "#!/bin/sh\necho \"$*\" >>starts\nrm -f gone\n").expect("it can be written");
        fs::set_permissions(&trigger, fs::Permissions::from_mode(0o755)).expect("it can be changed");
        prepare(&tools.folder());
        let folder = tools.folder().to_string_lossy().into_owned();
        let words = words.iter().map(|word| word.replace('@', &folder));
        let mut command = tools.command(shell, Tool::WatchPath);
        command.args(words).arg("--").arg(&trigger).stdin(Stdio::null());
        let tool = Running(command.spawn().expect("it starts"));
        Watch { tools, _tool: tool }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.tools.folder().join(name)
    }

    fn starts(&self) -> usize {
        fs::read_to_string(self.path("starts")).unwrap_or_default().lines().filter(|line| *line == "start").count()
    }

    fn waits_for(&self, count: usize) {
        let end = Instant::now() + PATIENCE;
        while self.starts() < count {
            assert!(Instant::now() < end, "{} starts, not {count}", self.starts());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn stays_at(&self, count: usize) {
        thread::sleep(QUIET);
        assert_eq!(self.starts(), count);
    }
}

#[test]
fn what_is_there_starts_it_until_it_is_gone() {
    for shell in SHELLS {
        let watch = Watch::start(shell, &["exists=@/gone", "exists=@/never"], |_| {});
        watch.stays_at(0);
        fs::write(watch.path("gone"), "").expect("it can be written");
        watch.waits_for(1);
        watch.stays_at(1);
        fs::write(watch.path("gone"), "").expect("it can be written");
        watch.waits_for(2);
    }
}

#[test]
fn patterns_match() {
    for shell in SHELLS {
        let watch = Watch::start(shell, &["glob=@/a b/*.job"], |folder| {
            fs::create_dir(folder.join("a b")).expect("it can be made");
        });
        watch.stays_at(0);
        fs::write(watch.path("a b/x.job"), "").expect("it can be written");
        watch.waits_for(2);
    }
}

#[test]
fn directories_count_without_hidden_files_and_backups() {
    for shell in SHELLS {
        let watch = Watch::start(shell, &["make=0750", "not-empty=@/spool/in"], |_| {});
        watch.stays_at(0);
        let mode = fs::metadata(watch.path("spool/in")).expect("it was made").permissions().mode();
        assert_eq!(mode & 0o7777, 0o750);
        for name in [".hidden", "old~", "a.dpkg-old", "lost+found"] {
            fs::write(watch.path("spool/in").join(name), "").expect("it can be written");
        }
        watch.stays_at(0);
        fs::write(watch.path("spool/in/job"), "").expect("it can be written");
        watch.waits_for(1);
    }
}

#[test]
fn changes_start_it_once() {
    for shell in SHELLS {
        let watch = Watch::start(shell, &["changed=@/file", "changed=@/folder"], |folder| {
            fs::write(folder.join("file"), "a").expect("it can be written");
            fs::create_dir(folder.join("folder")).expect("it can be made");
            fs::write(folder.join("folder/inner"), "a").expect("it can be written");
        });
        watch.stays_at(0);
        fs::write(watch.path("file"), "b").expect("it can be written");
        watch.waits_for(1);
        watch.stays_at(1);
        fs::write(watch.path("folder/inner"), "b").expect("it can be written");
        watch.waits_for(2);
        watch.stays_at(2);
        fs::remove_file(watch.path("file")).expect("it can be removed");
        watch.waits_for(3);
    }
}

#[test]
fn runsv_starts_what_a_path_triggers() {
    let folder = tempfile::tempdir().expect("a directory");
    let place = |name: &str| folder.path().join(name);
    let service = format!("[Service]\nType=oneshot\nExecStart=/bin/mv {0}/job {0}/done\n", folder.path().display());
    fs::write(place("job.path"), format!("[Path]\nPathExists={}\n", place("job").display()))
        .expect("it can be written");
    fs::write(place("job.service"), service).expect("it can be written");
    let mut convert = Command::new(product::binary());
    convert.args(["convert", "--no-config", "-q", "--to", "runit", "--out", "sv"]).current_dir(folder.path());
    convert.args(["--target", "log=none", "--target", "cgroups=no", "job.path", "job.service"]);
    assert!(convert.status().expect("it runs").success());

    let start = |name: &str| Running(Command::new("runsv").arg(place("sv").join(name)).spawn().expect("it starts"));
    let _supervisors = [start("job"), start("job-path")];
    thread::sleep(QUIET);
    fs::write(place("job"), "").expect("it can be written");
    let end = Instant::now() + PATIENCE;
    while !place("done").exists() {
        assert!(Instant::now() < end, "the service isn't started");
        thread::sleep(Duration::from_millis(20));
    }
}
