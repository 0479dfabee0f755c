//! Constant chain-loading scripts that do what no stock tool does.

/// One of the scripts in `data/tools`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Puts a service into a cgroup of its own, and signals, awaits or kills all that is in it.
    Cgroup,
    /// Ends what takes too long.
    Deadline,
    /// Makes the directories of a service and takes them away.
    Directories,
    /// Makes the environment and expands variables in arguments as systemd does.
    Environment,
    /// Mounts what a service sees of the file systems.
    Namespace,
    /// Says whether a service may be started once more.
    StartLimit,
}

impl Tool {
    /// Every one of them.
    pub const ALL: [Tool; 6] =
        [Tool::Cgroup, Tool::Deadline, Tool::Directories, Tool::Environment, Tool::Namespace, Tool::StartLimit];

    /// Where it lies in a service directory.
    pub const fn path(self) -> &'static str {
        match self {
            Tool::Cgroup => "data/cgroup",
            Tool::Deadline => "data/deadline",
            Tool::Directories => "data/directories",
            Tool::Environment => "data/environment",
            Tool::Namespace => "data/namespace",
            Tool::StartLimit => "data/start-limit",
        }
    }

    /// What is in it.
    pub const fn text(self) -> &'static str {
        match self {
            Tool::Cgroup => include_str!("../../data/tools/cgroup"),
            Tool::Deadline => include_str!("../../data/tools/deadline"),
            Tool::Directories => include_str!("../../data/tools/directories"),
            Tool::Environment => include_str!("../../data/tools/environment"),
            Tool::Namespace => include_str!("../../data/tools/namespace"),
            Tool::StartLimit => include_str!("../../data/tools/start-limit"),
        }
    }
}
