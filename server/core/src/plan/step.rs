//! The chain of steps from the supervisor's child to the program.

use super::{
    At, Bytes, Capabilities, CpuScheduling, Directories, Environment, Identity, IoScheduling, Limit, Mounts, Numa,
};

/// Steps in the order in which systemd takes them (`exec_child` of `src/core/execute.c`).
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// The first one first.
    pub links: Vec<Link>,
}

/// One step and the assignments it comes from; none: it is taken by default.
#[derive(Clone, Debug)]
pub struct Link {
    /// What is done.
    pub step: Step,
    /// Why.
    pub from: Vec<At>,
}

/// The control group of a service.
#[derive(Clone, Debug, Default)]
pub struct ControlGroup {
    /// What is written to its files (`memory.max`, `1073741824`), in this order.
    ///
    /// Two things only the target knows: a share of the machine's memory or tasks
    /// is `N/10000`, and a device the absolute path in front (`/dev/sda rbps=1000`).
    pub knobs: Vec<(&'static str, String)>,
}

/// What is done to a process before the program runs in it.
///
/// The order of the variants is that of the steps.
#[derive(Clone, Debug)]
pub enum Step {
    /// A session of its own, as every process of a service has.
    Session,
    /// A control group of its own, which keeps the processes of the service together.
    ControlGroup(ControlGroup),
    /// `OOMScoreAdjust=`
    OomScoreAdjust(i16),
    /// `CoredumpFilter=`
    CoredumpFilter(u64),
    /// `Nice=`, absolute
    Nice(i8),
    /// `CPUSchedulingPolicy=` and what belongs to it
    CpuScheduling(CpuScheduling),
    /// `CPUAffinity=`: a list as `taskset` reads it: `0-3,8`
    CpuAffinity(String),
    /// `NUMAPolicy=` and `NUMAMask=`
    Numa(Numa),
    /// `IOSchedulingClass=` and `IOSchedulingPriority=`
    IoScheduling(IoScheduling),
    /// `TimerSlackNSec=`, in ns
    TimerSlack(u64),
    /// `Personality=`: a machine as `setarch` knows it
    Personality(&'static str),
    /// `RuntimeDirectory=` and its like
    Directories(Directories),
    /// `UMask=`
    UMask(u16),
    /// `Limit…=`
    Limits(Vec<Limit>),
    /// Soft limits that are raised to as much, if they aren't that high.
    LeastLimits(Vec<Limit>),
    /// `PrivateNetwork=`: a network of its own in which only `lo` is up
    PrivateNetwork,
    /// `NetworkNamespacePath=`
    NetworkNamespace(Bytes),
    /// `PrivateIPC=`
    PrivateIpc,
    /// `IPCNamespacePath=`
    IpcNamespace(Bytes),
    /// `ProtectSystem=`, `ReadOnlyPaths=` and whatever else is mounted; also goes
    /// to the working directory
    Mounts(Mounts),
    /// `ProtectHostname=`: a host name of its own, and which if one is given
    PrivateHostname(Option<Bytes>),
    /// `PrivateUsers=` of a service that runs as root: nobody else is known to it
    PrivateUsers,
    /// `RootDirectory=`, where nothing is to be mounted in it
    RootDirectory(Bytes),
    /// `WorkingDirectory=`; systemd goes to `/` by default
    WorkingDirectory {
        /// Where to; `None`: to the home of the unit's user.
        path: Option<Bytes>,
        /// Whether it may be missing.
        optional: bool,
    },
    /// The environment; comes late in the chain, so that it
    /// doesn't change what the tools before it do.
    Environment(Environment),
    /// `IgnoreSIGPIPE=`; systemd ignores it by default
    IgnoreSigpipe(bool),
    /// `CapabilityBoundingSet=` and `AmbientCapabilities=`
    Capabilities(Capabilities),
    /// `SecureBits=`, names as setpriv has them
    SecureBits(Vec<&'static str>),
    /// `User=`, `Group=` and `SupplementaryGroups=`
    Identity(Identity),
    /// `NoNewPrivileges=`
    NoNewPrivileges,
    /// `SELinuxContext=`
    SelinuxContext {
        /// The context.
        context: Bytes,
        /// `-`: what goes wrong is passed over.
        optional: bool,
    },
    /// `AppArmorProfile=`
    ApparmorProfile {
        /// The profile.
        profile: Bytes,
        /// `-`: what goes wrong is passed over.
        optional: bool,
    },
}
