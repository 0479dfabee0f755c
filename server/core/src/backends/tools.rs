//! Constant chain-loading scripts that do what no stock tool does.

/// One of the scripts in `data/tools`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Makes the environment and expands variables in arguments as systemd does.
    Environment,
    /// Keeps the processes of a service together.
    ControlGroup,
    /// Says whether a service may be started once more.
    StartLimit,
}

impl Tool {
    /// Every one of them.
    pub const ALL: [Tool; 3] = [Tool::Environment, Tool::ControlGroup, Tool::StartLimit];

    /// Where it lies in a service directory.
    pub const fn path(self) -> &'static str {
        match self {
            Tool::Environment => "data/environment",
            Tool::ControlGroup => "data/cgroup",
            Tool::StartLimit => "data/start-limit",
        }
    }

    /// What is in it.
    pub const fn text(self) -> &'static str {
        match self {
            Tool::Environment => include_str!("../../data/tools/environment"),
            Tool::ControlGroup => include_str!("../../data/tools/cgroup"),
            Tool::StartLimit => include_str!("../../data/tools/start-limit"),
        }
    }
}
