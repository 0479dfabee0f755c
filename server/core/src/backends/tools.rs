//! Constant chain-loading scripts that do what no stock tool does.

/// One of the scripts in `data/tools`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Puts a service into a cgroup of its own, and signals, awaits or kills all that is in it.
    Cgroup,
    /// Ends what takes too long.
    Deadline,
    /// Makes the environment and expands variables in arguments as systemd does.
    Environment,
    /// Says whether a service may be started once more.
    StartLimit,
}

impl Tool {
    /// Every one of them.
    pub const ALL: [Tool; 4] = [Tool::Cgroup, Tool::Deadline, Tool::Environment, Tool::StartLimit];

    /// Where it lies in a service directory.
    pub const fn path(self) -> &'static str {
        match self {
            Tool::Cgroup => "data/cgroup",
            Tool::Deadline => "data/deadline",
            Tool::Environment => "data/environment",
            Tool::StartLimit => "data/start-limit",
        }
    }

    /// What is in it.
    pub const fn text(self) -> &'static str {
        match self {
            Tool::Cgroup => include_str!("../../data/tools/cgroup"),
            Tool::Deadline => include_str!("../../data/tools/deadline"),
            Tool::Environment => include_str!("../../data/tools/environment"),
            Tool::StartLimit => include_str!("../../data/tools/start-limit"),
        }
    }
}
