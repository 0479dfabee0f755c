//! Throw-away namespaces with a first process of their own.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::events::Hub;

/// What every program in a world is started with.
pub const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How long a world may take to be there.
const PATIENCE: Duration = Duration::from_secs(60);

/// Namespaces, mounts and a cgroup of their own; they end when this is dropped.
#[derive(Debug)]
pub struct World {
    shared: TempDir,
    cgroup: PathBuf,
    process: Child,
    init: u32,
    hub: Arc<Hub>,
}

impl World {
    /// Makes one in which `program` is the first process, once `furnish` has filled the directory
    /// that is /srv/observe there. Its units are in `units`, to become /run/systemd/system.
    ///
    /// The world ends with the thread that calls this.
    pub fn new(
        name: &str,
        probe: &Path,
        program: &[&str],
        furnish: impl FnOnce(&Path) -> io::Result<()>,
    ) -> io::Result<Self> {
        let shared = tempfile::Builder::new().prefix(&format!("svlsp-{name}-")).tempdir()?;
        let folder = shared.path();
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        fs::write(folder.join("world.sh"), include_str!("world.sh"))?;
        fs::write(folder.join("furnish.sh"), include_str!("furnish.sh"))?;
        for each in ["units", "counts"] {
            fs::create_dir(folder.join(each))?;
        }
        fs::set_permissions(folder.join("counts"), std::os::unix::fs::PermissionsExt::from_mode(0o1777))?;
        furnish(folder)?;
        let hub = Hub::listen(folder)?;

        let cgroup = cgroups()?.join(format!("svlsp-equivalence-{}-{name}", std::process::id()));
        fs::create_dir(&cgroup)?;
        let log = File::create(folder.join("log"))?;
        let process = inside(&cgroup)
            .args(["setpriv", "--pdeathsig", "KILL", "unshare", "--kill-child=KILL", "--fork"])
            .args(["--pid", "--mount", "--ipc", "--uts", "--cgroup", "--net", "sh"])
            .arg(folder.join("world.sh"))
            .arg(folder)
            .arg(probe)
            .args(["env", "-i", PATH, "LANG=C.UTF-8"])
            .args(program)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut world = Self { shared, cgroup, process, init: 0, hub };
        world.init = world.find_init()?;
        world.until(|world| world.root().join("run/furnished").exists())?;
        Ok(world)
    }

    /// Where this world's files are, seen from outside. Beware of absolute symbolic links.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.init))
    }

    /// What is /srv/observe inside.
    pub fn shared(&self) -> &Path {
        self.shared.path()
    }

    /// The reports of the probes.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// A command that runs in this world, in the cgroup of that name.
    pub fn command<S: AsRef<OsStr>>(&self, cgroup: &str, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = inside(&self.cgroup.join(cgroup));
        command.args(["nsenter", "--target", &self.init.to_string()]);
        command.args(["--mount", "--pid", "--ipc", "--uts", "--cgroup", "--net", "env", "-i", PATH]);
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Makes a cgroup for commands.
    pub fn make_cgroup(&self, name: &str) {
        let _ = fs::create_dir_all(self.cgroup.join(name));
    }

    /// Ends all processes in it.
    pub fn kill_cgroup(&self, name: &str) {
        let _ = fs::write(self.cgroup.join(name).join("cgroup.kill"), "1");
    }

    /// The namespaces of the first process.
    pub fn namespaces(&self) -> BTreeMap<String, String> {
        let link = |name: &str| {
            let target = fs::read_link(format!("/proc/{}/ns/{name}", self.init)).unwrap_or_default();
            (name.to_owned(), target.to_string_lossy().into_owned())
        };
        ["ipc", "mnt", "net", "pid", "user", "uts"].into_iter().map(link).collect()
    }

    /// Whether the process that is called `pid` inside is alive.
    pub fn is_alive(&self, pid: u32) -> bool {
        let stat = fs::read_to_string(self.root().join(format!("proc/{pid}/stat"))).unwrap_or_default();
        let state = stat.rsplit(')').next().unwrap_or_default().trim_start().chars().next();
        state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
    }

    /// Processes of this world, as they are called inside, and their arguments.
    pub fn processes(&self) -> Vec<(u32, Vec<u8>)> {
        let Ok(entries) = fs::read_dir(self.root().join("proc")) else { return Vec::new() };
        let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter_map(|pid: u32| Some((pid, fs::read(self.root().join(format!("proc/{pid}/cmdline"))).ok()?)))
            .collect()
    }

    /// Waits until `done` holds.
    pub fn until(&mut self, done: impl Fn(&Self) -> bool) -> io::Result<()> {
        let end = Instant::now() + PATIENCE;
        while !done(self) {
            if let Some(status) = self.process.try_wait()? {
                return Err(io::Error::other(format!("the world ended: {status}\n{}", self.log())));
            }
            if Instant::now() > end {
                return Err(io::Error::other(format!("the world doesn't get ready\n{}", self.log())));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// What the first process printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.shared().join("log")).unwrap_or_default()
    }

    fn find_init(&mut self) -> io::Result<u32> {
        let outer = self.process.id();
        let child = move || {
            let children = fs::read_to_string(format!("/proc/{outer}/task/{outer}/children")).ok()?;
            children.split_whitespace().next()?.parse().ok()
        };
        self.until(|_| child().is_some())?;
        child().ok_or_else(|| io::Error::other("the world is gone"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Its first process goes with it, and all others with that.
        let _ = self.process.kill();
        let _ = self.process.wait();
        for _ in 0..100 {
            remove(&self.cgroup);
            if !self.cgroup.exists() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        eprintln!("left behind: {}", self.cgroup.display());
    }
}

/// Removes a cgroup and those in it, as far as they are empty.
fn remove(cgroup: &Path) {
    for entry in fs::read_dir(cgroup).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove(&entry.path());
        }
    }
    let _ = fs::remove_dir(cgroup);
}

/// A command that enters `cgroup` and closes all files but the standard ones before it becomes its arguments.
fn inside(cgroup: &Path) -> Command {
    const SCRIPT: &str = r#"
        echo $$ >"$0/cgroup.procs" || exit
        for file in /proc/$$/fd/*; do
            file=${file##*/}
            [[ $file -le 2 ]] || eval "exec $file>&-"
        done
        exec "$@""#;
    let mut command = Command::new("bash");
    command.args(["-c", SCRIPT]).arg(cgroup);
    command
}

/// Where cgroup v2 is mounted.
fn cgroups() -> io::Result<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let of = |line: &str| {
        let (mount, filesystem) = line.split_once(" - ")?;
        filesystem.starts_with("cgroup2 ").then(|| mount.split(' ').nth(4).map(PathBuf::from)).flatten()
    };
    mounts.lines().find_map(of).ok_or_else(|| io::Error::other("cgroup v2 is not mounted"))
}
