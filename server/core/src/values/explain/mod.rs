//! What a value means, or the word of it at some place: one file a kind of value.
//!
//! Values are taken as they are read by the parsers beside this module; what
//! those refuse isn't explained here, as a diagnostic says what is wrong with it.

mod address;
mod calendar;
mod condition;
mod environment;
mod exec;
mod list;
mod number;
mod path;
mod specifier;
mod supervisord;
#[cfg(test)]
mod tests;
mod time;
mod unit_name;
mod word;

pub use environment::variables;
pub(super) use exec::dollars;
pub use exec::variable_at;
pub use unit_name::{about as about_unit, unit_at};

use super::time_span::BareUnit;
use super::{Context, ValueType};
use crate::schema::sets;
use crate::text::Span;

/// A meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained, in the text of the value.
    pub span: Span,
    /// The explanation, in Markdown.
    pub markdown: String,
}

/// The time of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// In µs since 1970 UTC.
    pub time: u64,
    /// How many seconds the local clock is ahead of UTC.
    pub ahead: i32,
}

/// What an explanation draws on beside the text of the value.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The directive and the unit.
    pub context: Context<'a>,
    /// What time it is.
    pub now: Option<Now>,
    /// The variables that a command of the unit finds set for sure, by name, each once.
    pub variables: &'a [Variable],
}

/// A variable of a unit's environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Explains what stands at `offset` of `text`, the value of `scene.context.directive`.
pub fn explain(text: &str, scene: &Scene, offset: u32) -> Option<Explanation> {
    specifier::at(text, &scene.context, offset).or_else(|| value(text, scene, offset))
}

fn value(text: &str, scene: &Scene, offset: u32) -> Option<Explanation> {
    use ValueType::*;
    let context = &scene.context;
    match context.directive.value {
        Set(set) => word::choice(text, set, context),
        Boolean | Tristate => word::boolean(text),
        ProtectHostname => word::boolean(text),

        TimeSpan
        | TimeSpanEmptyInfinity
        | TimeSpanZeroInfinity
        | ServiceTimeout
        | ServiceTimeoutAbort
        | JobTimeout
        | ManagedOomDuration => time::span(text, BareUnit::Seconds, context),
        TimeSpanNanoseconds => time::span(text, BareUnit::Nanoseconds, context),
        Timer => time::timer(text, context, scene.now),

        Mode => number::mode(text, context),
        Size | SizeLong => number::bytes(text),
        MemoryLimit | TasksMax | ConcurrencyMax | ExecQuota => number::limit(text, context),
        CgroupWeight => number::weight(text, false, context),
        CgroupCpuWeight => number::weight(text, true, context),
        CpuQuota => number::cpu_quota(text),
        Permyriad => number::share(text),
        Nice | OomScoreAdjust | IoPriority | CpuSchedPriority => number::priority(text, context),
        Rlimit => number::rlimit(text, context),

        CapabilitySet => list::capability(text, offset),
        SyscallFilter | SyscallLog => list::system_call(text, offset),
        SyscallErrno => list::error(text),
        SyscallArchitectures => list::of_set(text, &sets::SYSCALL_ARCHITECTURE, offset),
        FilesystemFilter => list::file_system(text, offset),
        AddressFamilies => list::of_set(text, &sets::ADDRESS_FAMILY, offset),
        NamespaceFlags => list::of_set(text, &sets::NAMESPACE, offset),
        Controllers | Delegate => list::of_set(text, &sets::CONTROLLER, offset),
        SecureBits => list::of_set(text, &sets::SECURE_BIT, offset),
        CoredumpFilter => list::of_set(text, &sets::COREDUMP_FILTER, offset),
        ServiceRefreshOnReload => list::of_set(text, &sets::REFRESH_ON_RELOAD, offset),
        BpfDelegate(set) => list::of_set(text, set, offset),
        Signal => list::signal(text),
        ExitStatus => Explanation::whole(text, list::status_shown(text.parse().ok()?)),
        ExitStatusSet => list::ending(text, context, offset),
        ExecInput => list::stream(text, &sets::EXEC_INPUT),
        ExecOutput => list::stream(text, &sets::EXEC_OUTPUT),

        AddressPrefixes => address::network(text, context, offset),
        CgroupSocketBind => address::bind(text, context),
        SocketAddress => address::socket(text, context),
        CpuAffinity | CpuSet | NumaMask => address::cpus(text, context),

        Supervisord(kind) => supervisord::at(text, kind, context, offset),

        Exec => exec::at(text, scene, offset),
        Environment | PassEnvironment | UnsetEnvironment | LogExtraFields => environment::at(text, context, offset),
        ConditionPath | ConditionString => condition::at(text, context, offset),

        EnvironmentFile | WorkingDirectory | ApparmorProfile | SelinuxContext | SmackProcessLabel | Path
        | WatchedPath => path::optional(text, context),
        PidFile => path::pid_file(text, context),
        BindPaths | ExecDirectories | ExtensionImages | MountImages | NamespacePaths | TemporaryFilesystems => {
            path::of_list(text, context, offset)
        }
        DeviceAllow => path::device(text, context),
        IoDeviceLatency | IoDeviceWeight | IoLimit => path::io_device(text, context),
        OpenFile => path::open_file(text, context),
        LoadCredential | SetCredential => path::credential(text, context),

        InstallAlias | InstallAlso | InstallUnits | ObsoleteUnitList | ServiceSockets | Slice | SocketService
        | TriggerUnit | UnitList => unit_name::at(text, context, offset),

        // What these are is what they look like, or is all said of the directive.
        BpfForeignProgram
        | BpfProgramPath
        | BusName
        | ColonSeparatedPaths
        | DelegateSubgroup
        | Documentation
        | FdName
        | Ignored
        | ImagePolicy
        | ImportCredential
        | InputData
        | InputText
        | InstallDefaultInstance
        | Integer
        | InterfaceFilter
        | InterfaceName
        | LogFilterPatterns
        | LogNamespace
        | Long
        | LuoSessions
        | ManagedOomRules
        | MountNode
        | MountsFor
        | NetworkInterface
        | NftSet
        | PathList
        | RebootParameter
        | RootHash
        | RootHashSignature
        | RootImageOptions
        | SocketProtocol
        | String
        | SwapPriority
        | Text
        | TtySize
        | Unsigned
        | User
        | UserList
        | Xattr => None,
    }
}

impl Explanation {
    /// Of all of `text`.
    fn whole(text: &str, markdown: impl Into<std::string::String>) -> Option<Self> {
        Some(Explanation { span: super::whole(text), markdown: markdown.into() })
    }
}
