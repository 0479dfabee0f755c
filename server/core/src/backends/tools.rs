//! Constant chain-loading scripts that do what no stock tool does.

/// One of the scripts in `data/tools`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Counts attempts to start a service that ends too soon.
    Attempts,
    /// Waits until a service of runit has started.
    Await,
    /// Puts a service into a cgroup of its own, and signals, awaits or kills all that is in it.
    Cgroup,
    /// Ends what takes too long.
    Deadline,
    /// Makes the directories of a service and takes them away.
    Directories,
    /// Makes the environment and expands variables in arguments as systemd does.
    Environment,
    /// Keeps a socket that several services share.
    Hold,
    /// Mounts what a service sees of the file systems.
    Namespace,
    /// Waits until the network can be used.
    NetworkOnline,
    /// Says when a calendar event elapses next.
    NextElapse,
    /// Opens sockets and passes them on.
    Listen,
    /// Receives what a service tells of itself at `NOTIFY_SOCKET`.
    Notify,
    /// Says whether a service may be started once more.
    StartLimit,
    /// Starts a service when it is time.
    Timer,
    /// Starts a service of nosh and waits for its end.
    TriggerNosh,
    /// Starts a service of runit and waits for its end.
    TriggerRunit,
    /// Starts a service of s6 and waits for its end.
    TriggerS6,
    /// Starts a service when something is there or changes.
    WatchPath,
}

impl Tool {
    /// Every one of them.
    pub const ALL: [Tool; 18] = [
        Tool::Attempts,
        Tool::Await,
        Tool::Cgroup,
        Tool::Deadline,
        Tool::Directories,
        Tool::Environment,
        Tool::Hold,
        Tool::Listen,
        Tool::Notify,
        Tool::Namespace,
        Tool::NetworkOnline,
        Tool::NextElapse,
        Tool::StartLimit,
        Tool::Timer,
        Tool::TriggerNosh,
        Tool::TriggerRunit,
        Tool::TriggerS6,
        Tool::WatchPath,
    ];

    /// Where it lies in a service directory.
    pub const fn path(self) -> &'static str {
        match self {
            Tool::Attempts => "data/attempts",
            Tool::Await => "data/await",
            Tool::Cgroup => "data/cgroup",
            Tool::Deadline => "data/deadline",
            Tool::Directories => "data/directories",
            Tool::Environment => "data/environment",
            Tool::Hold => "data/hold",
            Tool::Namespace => "data/namespace",
            Tool::NetworkOnline => "data/network-online",
            Tool::NextElapse => "data/next-elapse",
            Tool::Listen => "data/listen",
            Tool::Notify => "data/notify",
            Tool::StartLimit => "data/start-limit",
            Tool::Timer => "data/timer",
            Tool::TriggerNosh => "data/trigger-nosh",
            Tool::TriggerRunit => "data/trigger-runit",
            Tool::TriggerS6 => "data/trigger-s6",
            Tool::WatchPath => "data/watch-path",
        }
    }

    /// What is in it.
    pub const fn text(self) -> &'static str {
        match self {
            Tool::Attempts => include_str!("../../data/tools/attempts"),
            Tool::Await => include_str!("../../data/tools/await"),
            Tool::Cgroup => include_str!("../../data/tools/cgroup"),
            Tool::Deadline => include_str!("../../data/tools/deadline"),
            Tool::Directories => include_str!("../../data/tools/directories"),
            Tool::Environment => include_str!("../../data/tools/environment"),
            Tool::Hold => include_str!("../../data/tools/hold"),
            Tool::Namespace => include_str!("../../data/tools/namespace"),
            Tool::NetworkOnline => include_str!("../../data/tools/network-online"),
            Tool::NextElapse => include_str!("../../data/tools/next-elapse"),
            Tool::Listen => include_str!("../../data/tools/listen"),
            Tool::Notify => include_str!("../../data/tools/notify"),
            Tool::StartLimit => include_str!("../../data/tools/start-limit"),
            Tool::Timer => include_str!("../../data/tools/timer"),
            Tool::TriggerNosh => include_str!("../../data/tools/trigger-nosh"),
            Tool::TriggerRunit => include_str!("../../data/tools/trigger-runit"),
            Tool::TriggerS6 => include_str!("../../data/tools/trigger-s6"),
            Tool::WatchPath => include_str!("../../data/tools/watch-path"),
        }
    }
}
