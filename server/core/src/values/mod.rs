//! What may stand to the right of a `=`: one file a value type.
//!
//! Each file has a `parse` that gives a typed value with spans inside the
//! text, and problems; [`check`] runs the one that a directive's type asks for.

pub mod address;
pub mod address_family;
mod base64;
pub mod boolean;
pub mod bpf_program;
pub mod calendar;
pub mod capability;
mod check;
pub mod condition;
pub mod controller;
pub mod coredump_filter;
pub mod cpu_set;
pub mod credential;
mod describe;
pub mod device;
pub mod documentation;
mod doubt;
pub mod environment;
mod escape;
pub mod exec;
pub mod exec_directory;
pub mod exec_io;
pub mod exit_status;
pub mod explain;
pub mod filesystem;
pub mod image;
pub mod install;
pub mod interface;
pub mod io_device;
pub mod limit;
pub mod list;
pub mod log;
mod member;
pub mod mode;
pub mod mount;
pub mod name;
pub mod name_list;
pub mod namespace;
pub mod nft_set;
pub mod number;
pub mod open_file;
pub mod path;
pub mod path_list;
pub mod percent;
pub mod pieces;
pub mod protect_hostname;
pub mod rlimit;
pub mod secure_bits;
pub mod set;
pub mod signal;
pub mod size;
pub mod socket_address;
pub mod socket_bind;
pub mod socket_protocol;
pub mod specifier;
pub mod supervisord;
pub mod syscall;
#[cfg(test)]
mod testing;
pub mod text;
pub mod time_span;
pub mod timer;
pub mod unit_name;
pub mod user;
pub mod words;

use std::fmt::Display;

pub use check::{check, takes_effect};
pub use number::NumberError;

use crate::schema::{self, Manager, Set, Version, nearest};
use crate::text::Span;

/// What systemd calls blanks (`WHITESPACE`, `src/basic/string-util.h`).
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The type of a directive's value, after the parser functions of systemd's
/// `src/core/load-fragment.c` and of supervisor's `datatypes.py`.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum ValueType {
    /// One word of a closed set.
    Set(&'static Set),
    /// Words of a closed set of BPF names, or `any`.
    BpfDelegate(&'static Set),
    /// A value of supervisord.conf.
    Supervisord(supervisord::Kind),
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
    SocketProtocol,
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

impl ValueType {
    /// Whether of several assignments the first one holds, and not the last
    /// (`config_parse_trigger_unit`).
    pub fn first_holds(self) -> bool {
        matches!(self, ValueType::TriggerUnit)
    }

    /// Whether it is one or several names of units.
    pub fn names_units(self) -> bool {
        use ValueType::*;
        matches!(
            self,
            InstallAlias
                | InstallAlso
                | InstallUnits
                | ObsoleteUnitList
                | ServiceSockets
                | Slice
                | SocketService
                | TriggerUnit
                | UnitList
        )
    }
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
    /// supervisord can't expand it, and doesn't start.
    Expansion,
}

impl Problem {
    /// A value that systemd doesn't take.
    pub fn refused(span: Span, message: impl Into<String>) -> Self {
        Problem { kind: ProblemKind::Refused, span, message: message.into(), replacement: None }
    }

    /// Whether the value isn't taken.
    pub fn is_fatal(&self) -> bool {
        matches!(self.kind, ProblemKind::Refused | ProblemKind::Expansion)
    }

    /// A value that systemd takes, but not for ever.
    pub fn deprecated(span: Span, message: impl Into<String>) -> Self {
        Problem { kind: ProblemKind::Deprecated, ..Problem::refused(span, message) }
    }

    /// A value that systemd takes, though not as it was meant.
    pub fn doubtful(span: Span, message: impl Into<String>) -> Self {
        Problem { kind: ProblemKind::Doubtful, ..Problem::refused(span, message) }
    }

    /// The one of `words` that `written` was likely meant to be could stand at
    /// the span instead; for sure where only letter case differs.
    pub(crate) fn or_nearest<'w>(self, written: &str, words: impl IntoIterator<Item = &'w str> + Clone) -> Self {
        if let Some(word) = words.clone().into_iter().find(|word| word.eq_ignore_ascii_case(written)) {
            return self.or(word, true);
        }
        match nearest(written, words) {
            Some(word) => self.or(word, false),
            None => self,
        }
    }

    /// What could stand at the span instead.
    pub fn or(mut self, replacement: impl Into<String>, certain: bool) -> Self {
        self.replacement = Some((replacement.into(), certain));
        self
    }
}

impl Context<'_> {
    /// The problem of a `found` text at `span` where the directive takes something else.
    fn takes(&self, expected: impl Display, found: &str, span: Span) -> Problem {
        let name = self.directive.name;
        Problem::refused(span, format!("{name}= takes {expected}, not \"{}\"", shown(found)))
    }
}

/// All of `text`.
fn whole(text: &str) -> Span {
    Span::new(0, text.len())
}

/// The first run of letters at or behind `from`.
fn word_at(text: &str, from: u32) -> Option<Span> {
    let from = from as usize;
    let start = from + text[from..].find(char::is_alphabetic)?;
    let length = text[start..].find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len() - start);
    Some(Span::new(start, start + length))
}

/// `text` as a message quotes it: cut where it is long.
fn shown(text: &str) -> &str {
    const MOST: usize = 60;
    text.char_indices().nth(MOST).map_or(text, |(at, _)| &text[..at])
}
