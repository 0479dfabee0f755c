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
pub mod condition;
pub mod controller;
pub mod coredump_filter;
pub mod cpu_set;
pub mod credential;
mod describe;
pub mod device;
pub mod documentation;
pub mod environment;
mod escape;
pub mod exec;
pub mod exec_directory;
pub mod exec_io;
pub mod exit_status;
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

pub use number::NumberError;
use percent::Permyriad;

use crate::schema::{self, Manager, Set, UnitKind, Version, nearest};
use crate::text::Span;

/// What systemd calls blanks (`WHITESPACE`, `src/basic/string-util.h`).
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

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
    /// The problem of a directive that systemd passes over in units of this
    /// kind, though their sections have it.
    fn wrong_kind(&self, text: &str) -> Option<Problem> {
        let kinds: &[UnitKind] = match self.directive.value {
            ValueType::Delegate | ValueType::DelegateSubgroup => &[UnitKind::Service, UnitKind::Scope],
            ValueType::Permyriad | ValueType::ManagedOomDuration => {
                &[UnitKind::Service, UnitKind::Scope, UnitKind::Slice]
            }
            ValueType::Set(set) if set.name == "managed-oom-mode" => {
                &[UnitKind::Service, UnitKind::Scope, UnitKind::Slice]
            }
            _ => return None,
        };
        let kind = self.unit?.kind();
        let name = self.directive.name;
        (!kinds.contains(&kind)).then(|| {
            let message = format!("{name}= has no effect here: systemd passes over it in {} units", kind.suffix());
            Problem::refused(whole(text), message)
        })
    }

    /// The problem of a `found` text at `span` where the directive takes something else.
    fn takes(&self, expected: impl Display, found: &str, span: Span) -> Problem {
        let name = self.directive.name;
        Problem::refused(span, format!("{name}= takes {expected}, not \"{}\"", shown(found)))
    }
}

/// Says what is wrong with `text` as a value of `context.directive`.
///
/// An empty text is judged by the directive's own rule for it, not here.
pub fn check(text: &str, context: &Context, problems: &mut Vec<Problem>) {
    if let Some(problem) = context.wrong_kind(text) {
        problems.push(problem);
        return;
    }
    match context.directive.value {
        ValueType::Exec => {
            exec::parse(text, context, problems);
        }
        ValueType::Boolean | ValueType::Tristate => {
            boolean::parse(text, context, problems);
        }
        ValueType::Integer => {
            number::parse_signed(text, i32::MIN.into()..=i32::MAX.into(), context, problems);
        }
        ValueType::Long => {
            number::parse_signed(text, i64::MIN..=i64::MAX, context, problems);
        }
        ValueType::Unsigned => {
            number::parse_unsigned(text, 0..=u32::MAX.into(), context, problems);
        }
        ValueType::Mode => {
            mode::parse(text, context, problems);
        }
        ValueType::Nice => {
            number::parse_signed(text, -20..=19, context, problems);
        }
        ValueType::OomScoreAdjust => {
            number::parse_signed(text, -1000..=1000, context, problems);
        }
        ValueType::IoPriority => {
            number::parse_signed(text, 0..=7, context, problems);
        }
        ValueType::CpuSchedPriority => {
            number::parse_signed(text, 0..=99, context, problems);
        }
        ValueType::SwapPriority => {
            number::parse_signed(text, -1..=32767, context, problems);
        }
        ValueType::TtySize => {
            number::parse_unsigned(text, 0..=u32::MAX.into(), context, problems);
        }
        ValueType::ExitStatus => {
            number::parse_unsigned(text, 0..=255, context, problems);
        }
        ValueType::Set(set) => {
            set::parse(text, set, context, problems);
        }
        ValueType::SocketProtocol => {
            socket_protocol::parse(text, context, problems);
        }
        ValueType::Size => {
            size::parse(text, u64::MAX, context, problems);
        }
        ValueType::SizeLong if context.version < Version(262) => {
            number::parse_signed(text, i64::MIN..=i64::MAX, context, problems);
        }
        ValueType::SizeLong => {
            size::parse(text, i64::MAX as u64, context, problems);
        }
        ValueType::Permyriad => {
            percent::parse(text, Permyriad(0)..=Permyriad::WHOLE, context, problems);
        }
        ValueType::CpuQuota => {
            percent::parse(text, Permyriad(1)..=Permyriad(u32::MAX), context, problems);
        }
        ValueType::MemoryLimit => {
            limit::parse_memory(text, context, problems);
        }
        ValueType::TasksMax => {
            limit::parse_tasks(text, context, problems);
        }
        ValueType::ConcurrencyMax => {
            limit::parse_concurrency(text, context, problems);
        }
        ValueType::CgroupWeight => {
            limit::parse_weight(text, false, context, problems);
        }
        ValueType::CgroupCpuWeight => {
            limit::parse_weight(text, true, context, problems);
        }
        ValueType::Rlimit => {
            rlimit::parse(text, context, problems);
        }
        ValueType::CpuSet => {
            cpu_set::parse(text, context, problems);
        }
        ValueType::CpuAffinity => {
            cpu_set::parse_affinity(text, context, problems);
        }
        ValueType::NumaMask => {
            cpu_set::parse_nodes(text, context, problems);
        }
        ValueType::TimeSpan
        | ValueType::TimeSpanEmptyInfinity
        | ValueType::TimeSpanZeroInfinity
        | ValueType::ServiceTimeout
        | ValueType::ServiceTimeoutAbort
        | ValueType::JobTimeout => {
            time_span::parse(text, time_span::BareUnit::Seconds, context, problems);
        }
        ValueType::TimeSpanNanoseconds => {
            time_span::parse(text, time_span::BareUnit::Nanoseconds, context, problems);
        }
        ValueType::Path => {
            path::parse(text, context, problems);
        }
        ValueType::WatchedPath | ValueType::BpfProgramPath => {
            path::parse_required(text, context, problems);
        }
        ValueType::EnvironmentFile => {
            path::parse_optional(text, context, problems);
        }
        ValueType::WorkingDirectory => {
            path::parse_working_directory(text, context, problems);
        }
        ValueType::PidFile => {
            path::parse_pid_file(text, context, problems);
        }
        ValueType::MountNode => {
            path::parse_mount_node(text, context, problems);
        }
        ValueType::PathList => {
            path_list::parse(text, context, problems);
        }
        ValueType::ColonSeparatedPaths => {
            path_list::parse_colons(text, context, problems);
        }
        ValueType::MountsFor => {
            path_list::parse_mounts(text, context, problems);
        }
        ValueType::NamespacePaths => {
            path_list::parse_namespace(text, context, problems);
        }
        ValueType::Text => {
            text::parse(text, context, problems);
        }
        ValueType::SelinuxContext | ValueType::ApparmorProfile | ValueType::SmackProcessLabel => {
            text::parse_label(text, context, problems);
        }
        ValueType::String | ValueType::Ignored => {}
        ValueType::ConditionString => {
            condition::parse(text, context, problems);
        }
        ValueType::ConditionPath => {
            condition::parse_path(text, context, problems);
        }
        ValueType::Environment => {
            environment::parse(text, context, problems);
        }
        ValueType::UnsetEnvironment => {
            environment::parse_unset(text, context, problems);
        }
        ValueType::PassEnvironment => {
            environment::parse_names(text, context, problems);
        }
        ValueType::LogExtraFields => {
            environment::parse_fields(text, context, problems);
        }
        ValueType::UnitList | ValueType::ObsoleteUnitList => {
            unit_name::parse_list(text, context, problems);
        }
        ValueType::ServiceSockets => {
            unit_name::parse_sockets(text, context, problems);
        }
        ValueType::TriggerUnit => {
            unit_name::parse_trigger(text, context, problems);
        }
        ValueType::SocketService => {
            unit_name::parse_service(text, context, problems);
        }
        ValueType::Slice => {
            unit_name::parse_slice(text, context, problems);
        }
        ValueType::InstallAlias => {
            install::parse_alias(text, context, problems);
        }
        ValueType::InstallUnits => {
            install::parse_units(text, context, problems);
        }
        ValueType::InstallAlso => {
            install::parse_also(text, context, problems);
        }
        ValueType::InstallDefaultInstance => {
            install::parse_default_instance(text, context, problems);
        }
        ValueType::User => {
            user::parse(text, context, problems);
        }
        ValueType::UserList => {
            user::parse_list(text, context, problems);
        }
        ValueType::FdName => {
            name::parse_fd(text, context, problems);
        }
        ValueType::BusName => {
            name::parse_bus(text, context, problems);
        }
        ValueType::RebootParameter => {
            name::parse_reboot(text, context, problems);
        }
        ValueType::LogNamespace => {
            name::parse_log_namespace(text, context, problems);
        }
        ValueType::Documentation => {
            documentation::parse(text, context, problems);
        }
        ValueType::CapabilitySet => {
            capability::parse(text, context, problems);
        }
        ValueType::SyscallFilter => {
            syscall::parse_filter(text, context, problems);
        }
        ValueType::SyscallLog => {
            syscall::parse_log(text, context, problems);
        }
        ValueType::SyscallErrno => {
            syscall::parse_error(text, context, problems);
        }
        ValueType::SyscallArchitectures => {
            syscall::parse_architectures(text, context, problems);
        }
        ValueType::FilesystemFilter => {
            filesystem::parse(text, context, problems);
        }
        ValueType::NamespaceFlags => {
            namespace::parse(text, context, problems);
        }
        ValueType::DeviceAllow => {
            device::parse(text, context, problems);
        }
        ValueType::BpfForeignProgram => {
            bpf_program::parse(text, context, problems);
        }
        ValueType::ExecInput => {
            exec_io::parse_input(text, context, problems);
        }
        ValueType::ExecOutput => {
            exec_io::parse_output(text, context, problems);
        }
        ValueType::InputText => {
            exec_io::parse_text(text, context, problems);
        }
        ValueType::InputData => {
            exec_io::parse_data(text, problems);
        }
        ValueType::ExecDirectories => {
            exec_directory::parse(text, context, problems);
        }
        ValueType::LoadCredential => {
            credential::parse_load(text, context, problems);
        }
        ValueType::SetCredential => {
            credential::parse_set(text, context, problems);
        }
        ValueType::ImportCredential => {
            credential::parse_import(text, context, problems);
        }
        ValueType::BindPaths => {
            mount::parse_binds(text, context, problems);
        }
        ValueType::TemporaryFilesystems => {
            mount::parse_temporary(text, context, problems);
        }
        ValueType::ImagePolicy => {
            image::parse_policy(text, context, problems);
        }
        ValueType::MountImages => {
            image::parse_mounts(text, context, problems);
        }
        ValueType::ExtensionImages => {
            image::parse_extensions(text, context, problems);
        }
        ValueType::RootImageOptions => {
            image::parse_options(text, context, problems);
        }
        ValueType::RootHash => {
            image::parse_root_hash(text, problems);
        }
        ValueType::RootHashSignature => {
            image::parse_signature(text, problems);
        }
        ValueType::OpenFile => {
            open_file::parse(text, context, problems);
        }
        ValueType::LogFilterPatterns => {
            log::parse_pattern(text, problems);
        }
        ValueType::ManagedOomDuration => {
            time_span::parse_duration(text, context, problems);
        }
        ValueType::ExecQuota => {
            limit::parse_quota(text, context, problems);
        }
        ValueType::AddressFamilies => {
            address_family::parse(text, context, problems);
        }
        ValueType::AddressPrefixes => {
            address::parse(text, context, problems);
        }
        ValueType::BpfDelegate(set) => {
            name_list::parse_bpf(text, set, context, problems);
        }
        ValueType::CgroupSocketBind => {
            socket_bind::parse(text, context, problems);
        }
        ValueType::Controllers => {
            controller::parse_disabled(text, context, problems);
        }
        ValueType::CoredumpFilter => {
            coredump_filter::parse(text, context, problems);
        }
        ValueType::Delegate => {
            controller::parse_delegate(text, context, problems);
        }
        ValueType::DelegateSubgroup => {
            controller::parse_subgroup(text, context, problems);
        }
        ValueType::ExitStatusSet => {
            exit_status::parse(text, context, problems);
        }
        ValueType::InterfaceFilter => {
            interface::parse_filter(text, context, problems);
        }
        ValueType::InterfaceName => {
            interface::parse_device(text, context, problems);
        }
        ValueType::NetworkInterface => {
            interface::parse(text, interface::Length::Alternative, context, problems);
        }
        ValueType::IoDeviceLatency => {
            io_device::parse_latency(text, context, problems);
        }
        ValueType::IoDeviceWeight => {
            io_device::parse_weight(text, context, problems);
        }
        ValueType::IoLimit => {
            io_device::parse_limit(text, context, problems);
        }
        ValueType::LuoSessions => {
            name_list::parse_sessions(text, context, problems);
        }
        ValueType::ManagedOomRules => {
            name_list::parse_rules(text, problems);
        }
        ValueType::NftSet => {
            nft_set::parse(text, context, problems);
        }
        ValueType::ProtectHostname => {
            protect_hostname::parse(text, context, problems);
        }
        ValueType::SecureBits => {
            secure_bits::parse(text, context, problems);
        }
        ValueType::ServiceRefreshOnReload => {
            name_list::parse_refresh(text, context, problems);
        }
        ValueType::Signal => {
            signal::parse(text, context, problems);
        }
        ValueType::SocketAddress => {
            socket_address::parse(text, context, problems);
        }
        ValueType::Timer => {
            timer::parse(text, context, problems);
        }
        ValueType::Xattr => {
            name_list::parse_attribute(text, context, problems);
        }
        _ => {}
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
