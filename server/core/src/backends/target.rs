//! Where a service is going to live.

use crate::fate::Backend;
use crate::plan::Facts;
use crate::schema;

/// What is there on the machine that the directories are made for.
#[derive(Clone, Debug)]
pub struct Target {
    /// The supervisor.
    pub backend: Backend,
    /// The version of s6, where `s6-supervise` is what supervises; that of systemd, whose numbers have one part.
    pub version: Version,
    /// Which distribution's customs to follow.
    pub flavour: Flavour,
    /// How directories are arranged.
    pub layout: Layout,
    /// Which programs may be called.
    pub tools: ToolSet,
    /// Who writes the log.
    pub log: LogStyle,
    /// Who the logger runs as; `None`: root.
    pub log_user: Option<String>,
    /// Below which directory logs are kept, one directory a service.
    pub log_directory: String,
    /// Which bundle of s6-rc is started at boot.
    pub boot_bundle: String,
    /// Where the interpreter of execline lies: `/bin/execlineb` where `/bin` and `/usr/bin` are one,
    /// on Alpine and on Gentoo, and where it is built as it comes; `/command/execlineb` in s6-overlay.
    pub execlineb: String,
    /// Whether a control group hierarchy v2 is there that the supervisor may write to.
    pub cgroups: bool,
    /// What takes the place of units that aren't converted, by name: another
    /// service directory, or nothing, as it is there in any case. Comes before
    /// what is known of systemd's own units.
    pub targets: Vec<(String, Option<String>)>,
    /// What specifiers stand for that depend on the machine.
    pub facts: Facts,
}

/// A version: 2.11.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16, pub u16, pub u16);

/// Customs of a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    /// What works everywhere.
    #[default]
    Plain,
    /// Void Linux.
    Void,
    /// Debian.
    Debian,
    /// Artix.
    Artix,
}

/// How the directories of s6-rc are arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// As `s6-rc-compile` takes them.
    #[default]
    Plain,
    /// As s6-overlay v3 takes them in `/etc/s6-overlay/s6-rc.d`: what starts at
    /// boot is listed in `user/contents.d`.
    S6Overlay,
}

/// Programs beside those that POSIX asks for and those of the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToolSet {
    /// setpriv, prlimit, unshare, chrt, ionice, taskset, choom … of util-linux.
    pub util_linux: bool,
    /// The tools of s6, which open local sockets: also the one where a service says that it is ready.
    pub s6: bool,
    /// The tools of s6-networking, which open TCP sockets.
    pub s6_networking: bool,
}

/// Who writes the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogStyle {
    /// svlogd of runit.
    Svlogd,
    /// s6-log of s6.
    S6Log,
    /// cyclog of nosh.
    Cyclog,
    /// syslog, by logger.
    Syslog,
    /// Nobody: output stays with the supervisor.
    None,
}

impl Target {
    /// What one may expect of a machine with this supervisor.
    pub fn new(backend: Backend) -> Self {
        Target {
            backend,
            version: match backend {
                Backend::Systemd => Version(schema::Version::LATEST.0, 0, 0),
                _ => Version(2, 11, 3),
            },
            flavour: Flavour::Plain,
            layout: Layout::Plain,
            tools: ToolSet {
                util_linux: true,
                s6: matches!(backend, Backend::S6 | Backend::S6rc),
                s6_networking: false,
            },
            log: match backend {
                Backend::Runit => LogStyle::Svlogd,
                Backend::S6 | Backend::S6rc => LogStyle::S6Log,
                Backend::Nosh => LogStyle::Cyclog,
                Backend::Systemd => LogStyle::None,
            },
            log_user: None,
            // Not beside what daemons write themselves: those directories are theirs.
            log_directory: match backend {
                Backend::Runit => "/var/log/runit",
                Backend::S6 | Backend::S6rc => "/var/log/s6",
                Backend::Nosh => "/var/log/sv",
                Backend::Systemd => "/var/log",
            }
            .to_owned(),
            boot_bundle: "default".to_owned(),
            execlineb: "/bin/execlineb".to_owned(),
            cgroups: true,
            targets: Vec::new(),
            facts: Facts::default(),
        }
    }

    /// Lays sources out for s6-rc in general, or for `/etc/s6-overlay/s6-rc.d` of a
    /// container of s6-overlay 3: there what services say goes where the
    /// container's output goes, and they are started by the bundle `user`.
    pub fn lay_out(&mut self, layout: Layout) {
        self.layout = layout;
        if layout == Layout::S6Overlay {
            self.log = LogStyle::None;
            "user".clone_into(&mut self.boot_bundle);
            "/command/execlineb".clone_into(&mut self.execlineb);
            self.cgroups = false;
        }
    }
}
