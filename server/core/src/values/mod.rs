//! What may stand to the right of a `=`: one file a value type.
//!
//! Each file has a `parse` that gives a typed value with spans inside the
//! text, and problems; [`check`] runs the one that a directive's type asks for.

mod describe;
pub mod exec;
pub mod path;
pub mod specifier;
#[cfg(test)]
mod testing;
pub mod words;

use crate::schema::{self, Manager, Set, Version};
use crate::text::Span;

/// The type of a directive's value, after the parser functions of systemd's
/// `src/core/load-fragment.c`.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum ValueType {
    /// One word of a closed set.
    Set(&'static Set),
    /// Words of a closed set of BPF names, or `any`.
    BpfDelegate(&'static Set),
    AddressFamilies,
    AddressPrefixes,
    ApparmorProfile,
    BindPaths,
    Boolean,
    BpfForeignProgram,
    BpfProgramPath,
    BusName,
    CapabilitySet,
    CgroupCpuWeight,
    CgroupSocketBind,
    CgroupWeight,
    ColonSeparatedPaths,
    ConcurrencyMax,
    ConditionPath,
    ConditionString,
    Controllers,
    CoredumpFilter,
    CpuAffinity,
    CpuQuota,
    CpuSchedPriority,
    CpuSet,
    Delegate,
    DelegateSubgroup,
    DeviceAllow,
    Documentation,
    Environment,
    EnvironmentFile,
    Exec,
    ExecDirectories,
    ExecInput,
    ExecOutput,
    ExecQuota,
    ExitStatus,
    ExitStatusSet,
    ExtensionImages,
    FdName,
    FilesystemFilter,
    Ignored,
    ImagePolicy,
    ImportCredential,
    InputData,
    InputText,
    InstallAlias,
    InstallAlso,
    InstallDefaultInstance,
    InstallUnits,
    Integer,
    InterfaceFilter,
    InterfaceName,
    IoDeviceLatency,
    IoDeviceWeight,
    IoLimit,
    IoPriority,
    IpTos,
    JobTimeout,
    LoadCredential,
    LogExtraFields,
    LogFilterPatterns,
    LogNamespace,
    Long,
    LuoSessions,
    ManagedOomDuration,
    ManagedOomRules,
    MemoryLimit,
    Mode,
    MountImages,
    MountNode,
    MountsFor,
    NamespaceFlags,
    NamespacePaths,
    NetworkInterface,
    NftSet,
    Nice,
    NumaMask,
    ObsoleteUnitList,
    OomScoreAdjust,
    OpenFile,
    PassEnvironment,
    Path,
    PathList,
    Permyriad,
    PidFile,
    ProtectHostname,
    RebootParameter,
    Rlimit,
    RootHash,
    RootHashSignature,
    RootImageOptions,
    SecureBits,
    SelinuxContext,
    ServiceRefreshOnReload,
    ServiceSockets,
    ServiceTimeout,
    ServiceTimeoutAbort,
    SetCredential,
    Signal,
    Size,
    SizeLong,
    Slice,
    SmackProcessLabel,
    SocketAddress,
    SocketService,
    String,
    SwapPriority,
    SyscallArchitectures,
    SyscallErrno,
    SyscallFilter,
    SyscallLog,
    TasksMax,
    TemporaryFilesystems,
    Text,
    TimeSpan,
    TimeSpanEmptyInfinity,
    TimeSpanNanoseconds,
    TimeSpanZeroInfinity,
    Timer,
    TriggerUnit,
    Tristate,
    TtySize,
    UnitList,
    UnsetEnvironment,
    Unsigned,
    User,
    UserList,
    WatchedPath,
    WorkingDirectory,
    Xattr,
}

/// What the reading of a value depends on beside its text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The directive that is assigned to.
    pub directive: &'static schema::Directive,
    /// The systemd that shall read it.
    pub version: Version,
    /// Whose units these are.
    pub manager: Manager,
    /// What the unit is called, where that is known; a drop-in for many units has none.
    pub unit: Option<&'a crate::units::UnitName>,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What systemd does about it.
    pub kind: ProblemKind,
    /// Where, in the text of the value.
    pub span: Span,
    /// What is wrong and what was expected: lower case, no full stop.
    pub message: String,
    /// The text to put at `span`, and whether that is right for sure.
    pub replacement: Option<(String, bool)>,
}

/// What becomes of a value with a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// systemd drops the value, the part of it at the span, or the whole unit.
    Refused,
    /// It is read, but deprecated; it may go away.
    Deprecated,
    /// It is read, but almost surely not as meant.
    Doubtful,
}

impl Problem {
    /// A value that systemd doesn't take.
    pub fn refused(span: Span, message: impl Into<String>) -> Self {
        Problem { kind: ProblemKind::Refused, span, message: message.into(), replacement: None }
    }

    /// A value that systemd takes, but not for ever.
    pub fn deprecated(span: Span, message: impl Into<String>) -> Self {
        Problem { kind: ProblemKind::Deprecated, ..Problem::refused(span, message) }
    }

    /// A value that systemd takes, though not as it was meant.
    pub fn doubtful(span: Span, message: impl Into<String>) -> Self {
        Problem { kind: ProblemKind::Doubtful, ..Problem::refused(span, message) }
    }

    /// What could stand at the span instead.
    pub fn or(mut self, replacement: impl Into<String>, certain: bool) -> Self {
        self.replacement = Some((replacement.into(), certain));
        self
    }
}

/// Says what is wrong with `text` as a value of `context.directive`.
///
/// An empty text is judged by the directive's own rule for it, not here.
pub fn check(text: &str, context: &Context, problems: &mut Vec<Problem>) {
    match context.directive.value {
        ValueType::Exec => {
            exec::parse(text, context, problems);
        }
        _ => {}
    }
}
