//! Which parser reads a directive's value.

use super::percent::Permyriad;
use super::{Context, Problem, ValueType, whole};
use super::{
    address, address_family, boolean, bpf_program, capability, condition, controller, coredump_filter, cpu_set,
    credential, device, documentation, doubt, environment, exec, exec_directory, exec_io, exit_status, filesystem,
    image, install, interface, io_device, limit, log, mode, mount, name, name_list, namespace, nft_set, number,
    open_file, path, path_list, percent, protect_hostname, rlimit, secure_bits, set, signal, size, socket_address,
    socket_bind, socket_protocol, supervisord, syscall, text, time_span, timer, unit_name, user,
};
use crate::schema::{Directive, UnitKind, Version};

/// Says what is wrong with `text` as a value of `context.directive`.
///
/// An empty text is judged by the directive's own rule for it, not here.
pub fn check(text: &str, context: &Context, problems: &mut Vec<Problem>) {
    if let Some(problem) = wrong_kind(text, context) {
        problems.push(problem);
        return;
    }
    let before = problems.len();
    read(text, context, problems);
    if problems.len() == before {
        doubt::check(text, context, problems);
    }
}

/// Reads the value for its problems.
fn read(text: &str, context: &Context, problems: &mut Vec<Problem>) {
    match context.directive.value {
        ValueType::AddressFamilies => only_problems(address_family::parse(text, context, problems)),
        ValueType::AddressPrefixes => only_problems(address::parse(text, context, problems)),
        ValueType::BindPaths => only_problems(mount::parse_binds(text, context, problems)),
        ValueType::Boolean | ValueType::Tristate => only_problems(boolean::parse(text, context, problems)),
        ValueType::BpfDelegate(set) => only_problems(name_list::parse_bpf(text, set, context, problems)),
        ValueType::BpfForeignProgram => only_problems(bpf_program::parse(text, context, problems)),
        ValueType::BusName => only_problems(name::parse_bus(text, context, problems)),
        ValueType::CapabilitySet => only_problems(capability::parse(text, context, problems)),
        ValueType::CgroupCpuWeight => only_problems(limit::parse_weight(text, true, context, problems)),
        ValueType::CgroupSocketBind => only_problems(socket_bind::parse(text, context, problems)),
        ValueType::CgroupWeight => only_problems(limit::parse_weight(text, false, context, problems)),
        ValueType::ColonSeparatedPaths => only_problems(path_list::parse_colons(text, context, problems)),
        ValueType::ConcurrencyMax => only_problems(limit::parse_concurrency(text, context, problems)),
        ValueType::ConditionPath => only_problems(condition::parse_path(text, context, problems)),
        ValueType::ConditionString => only_problems(condition::parse(text, context, problems)),
        ValueType::Controllers => only_problems(controller::parse_disabled(text, context, problems)),
        ValueType::CoredumpFilter => only_problems(coredump_filter::parse(text, context, problems)),
        ValueType::CpuAffinity => only_problems(cpu_set::parse_affinity(text, context, problems)),
        ValueType::CpuQuota => {
            only_problems(percent::parse(text, Permyriad(1)..=Permyriad(u32::MAX), context, problems))
        }
        ValueType::CpuSchedPriority => only_problems(number::parse_signed(text, 0..=99, context, problems)),
        ValueType::CpuSet => only_problems(cpu_set::parse(text, context, problems)),
        ValueType::Delegate => only_problems(controller::parse_delegate(text, context, problems)),
        ValueType::DelegateSubgroup => only_problems(controller::parse_subgroup(text, context, problems)),
        ValueType::DeviceAllow => only_problems(device::parse(text, context, problems)),
        ValueType::Documentation => only_problems(documentation::parse(text, context, problems)),
        ValueType::Environment => only_problems(environment::parse(text, context, problems)),
        ValueType::EnvironmentFile => only_problems(path::parse_optional(text, context, problems)),
        ValueType::Exec => only_problems(exec::parse(text, context, problems)),
        ValueType::ExecDirectories => only_problems(exec_directory::parse(text, context, problems)),
        ValueType::ExecInput => only_problems(exec_io::parse_input(text, context, problems)),
        ValueType::ExecOutput => only_problems(exec_io::parse_output(text, context, problems)),
        ValueType::ExecQuota => only_problems(limit::parse_quota(text, context, problems)),
        ValueType::ExitStatus => only_problems(number::parse_unsigned(text, 0..=255, context, problems)),
        ValueType::ExitStatusSet => only_problems(exit_status::parse(text, context, problems)),
        ValueType::ExtensionImages => only_problems(image::parse_extensions(text, context, problems)),
        ValueType::FdName => only_problems(name::parse_fd(text, context, problems)),
        ValueType::FilesystemFilter => only_problems(filesystem::parse(text, context, problems)),
        ValueType::ImagePolicy => only_problems(image::parse_policy(text, context, problems)),
        ValueType::ImportCredential => only_problems(credential::parse_import(text, context, problems)),
        ValueType::InputData => only_problems(exec_io::parse_data(text, problems)),
        ValueType::InputText => only_problems(exec_io::parse_text(text, context, problems)),
        ValueType::InstallAlias => only_problems(install::parse_alias(text, context, problems)),
        ValueType::InstallAlso => only_problems(install::parse_also(text, context, problems)),
        ValueType::InstallDefaultInstance => only_problems(install::parse_default_instance(text, context, problems)),
        ValueType::InstallUnits => only_problems(install::parse_units(text, context, problems)),
        ValueType::Integer => {
            only_problems(number::parse_signed(text, i32::MIN.into()..=i32::MAX.into(), context, problems))
        }
        ValueType::InterfaceFilter => only_problems(interface::parse_filter(text, context, problems)),
        ValueType::InterfaceName => only_problems(interface::parse_device(text, context, problems)),
        ValueType::IoDeviceLatency => only_problems(io_device::parse_latency(text, context, problems)),
        ValueType::IoDeviceWeight => only_problems(io_device::parse_weight(text, context, problems)),
        ValueType::IoLimit => only_problems(io_device::parse_limit(text, context, problems)),
        ValueType::IoPriority => only_problems(number::parse_signed(text, 0..=7, context, problems)),
        ValueType::LoadCredential => only_problems(credential::parse_load(text, context, problems)),
        ValueType::LogExtraFields => only_problems(environment::parse_fields(text, context, problems)),
        ValueType::LogFilterPatterns => only_problems(log::parse_pattern(text, problems)),
        ValueType::LogNamespace => only_problems(name::parse_log_namespace(text, context, problems)),
        ValueType::Long => only_problems(number::parse_signed(text, i64::MIN..=i64::MAX, context, problems)),
        ValueType::LuoSessions => only_problems(name_list::parse_sessions(text, context, problems)),
        ValueType::ManagedOomDuration => only_problems(time_span::parse_duration(text, context, problems)),
        ValueType::ManagedOomRules => only_problems(name_list::parse_rules(text, problems)),
        ValueType::MemoryLimit => only_problems(limit::parse_memory(text, context, problems)),
        ValueType::Mode => only_problems(mode::parse(text, context, problems)),
        ValueType::MountImages => only_problems(image::parse_mounts(text, context, problems)),
        ValueType::MountNode => only_problems(path::parse_mount_node(text, context, problems)),
        ValueType::MountsFor => only_problems(path_list::parse_mounts(text, context, problems)),
        ValueType::NamespaceFlags => only_problems(namespace::parse(text, context, problems)),
        ValueType::NamespacePaths => only_problems(path_list::parse_namespace(text, context, problems)),
        ValueType::NetworkInterface => {
            only_problems(interface::parse(text, interface::Length::Alternative, context, problems))
        }
        ValueType::NftSet => only_problems(nft_set::parse(text, context, problems)),
        ValueType::Nice => only_problems(number::parse_signed(text, -20..=19, context, problems)),
        ValueType::NumaMask => only_problems(cpu_set::parse_nodes(text, context, problems)),
        ValueType::OomScoreAdjust => only_problems(number::parse_signed(text, -1000..=1000, context, problems)),
        ValueType::OpenFile => only_problems(open_file::parse(text, context, problems)),
        ValueType::PassEnvironment => only_problems(environment::parse_names(text, context, problems)),
        ValueType::Path => only_problems(path::parse(text, context, problems)),
        ValueType::PathList => only_problems(path_list::parse(text, context, problems)),
        ValueType::Permyriad => only_problems(percent::parse(text, Permyriad(0)..=Permyriad::WHOLE, context, problems)),
        ValueType::PidFile => only_problems(path::parse_pid_file(text, context, problems)),
        ValueType::ProtectHostname => only_problems(protect_hostname::parse(text, context, problems)),
        ValueType::RebootParameter => only_problems(name::parse_reboot(text, context, problems)),
        ValueType::Rlimit => only_problems(rlimit::parse(text, context, problems)),
        ValueType::RootHash => only_problems(image::parse_root_hash(text, problems)),
        ValueType::RootHashSignature => only_problems(image::parse_signature(text, problems)),
        ValueType::RootImageOptions => only_problems(image::parse_options(text, context, problems)),
        ValueType::SecureBits => only_problems(secure_bits::parse(text, context, problems)),
        ValueType::SelinuxContext | ValueType::ApparmorProfile | ValueType::SmackProcessLabel => {
            only_problems(text::parse_label(text, context, problems))
        }
        ValueType::ServiceRefreshOnReload => only_problems(name_list::parse_refresh(text, context, problems)),
        ValueType::ServiceSockets => only_problems(unit_name::parse_sockets(text, context, problems)),
        ValueType::Set(set) => only_problems(set::parse(text, set, context, problems)),
        ValueType::SetCredential => only_problems(credential::parse_set(text, context, problems)),
        ValueType::Signal => only_problems(signal::parse(text, context, problems)),
        ValueType::Size => only_problems(size::parse(text, u64::MAX, context, problems)),
        ValueType::SizeLong if context.version < Version(262) => {
            only_problems(number::parse_signed(text, i64::MIN..=i64::MAX, context, problems))
        }
        ValueType::SizeLong => only_problems(size::parse(text, i64::MAX as u64, context, problems)),
        ValueType::Slice => only_problems(unit_name::parse_slice(text, context, problems)),
        ValueType::SocketAddress => only_problems(socket_address::parse(text, context, problems)),
        ValueType::SocketProtocol => only_problems(socket_protocol::parse(text, context, problems)),
        ValueType::SocketService => only_problems(unit_name::parse_service(text, context, problems)),
        ValueType::String | ValueType::Ignored => {}
        ValueType::Supervisord(kind) => supervisord::check(text, kind, context, problems),
        ValueType::SwapPriority => only_problems(number::parse_signed(text, -1..=32767, context, problems)),
        ValueType::SyscallArchitectures => only_problems(syscall::parse_architectures(text, context, problems)),
        ValueType::SyscallErrno => only_problems(syscall::parse_error(text, context, problems)),
        ValueType::SyscallFilter => only_problems(syscall::parse_filter(text, context, problems)),
        ValueType::SyscallLog => only_problems(syscall::parse_log(text, context, problems)),
        ValueType::TasksMax => only_problems(limit::parse_tasks(text, context, problems)),
        ValueType::TemporaryFilesystems => only_problems(mount::parse_temporary(text, context, problems)),
        ValueType::Text => only_problems(text::parse(text, context, problems)),
        ValueType::TimeSpan
        | ValueType::TimeSpanEmptyInfinity
        | ValueType::TimeSpanZeroInfinity
        | ValueType::ServiceTimeout
        | ValueType::ServiceTimeoutAbort
        | ValueType::JobTimeout => {
            only_problems(time_span::parse(text, time_span::BareUnit::Seconds, context, problems))
        }
        ValueType::TimeSpanNanoseconds => {
            only_problems(time_span::parse(text, time_span::BareUnit::Nanoseconds, context, problems))
        }
        ValueType::Timer => only_problems(timer::parse(text, context, problems)),
        ValueType::TriggerUnit => only_problems(unit_name::parse_trigger(text, context, problems)),
        ValueType::TtySize => only_problems(number::parse_unsigned(text, 0..=u32::MAX.into(), context, problems)),
        ValueType::UnitList | ValueType::ObsoleteUnitList => {
            only_problems(unit_name::parse_list(text, context, problems))
        }
        ValueType::UnsetEnvironment => only_problems(environment::parse_unset(text, context, problems)),
        ValueType::Unsigned => only_problems(number::parse_unsigned(text, 0..=u32::MAX.into(), context, problems)),
        ValueType::User => only_problems(user::parse(text, context, problems)),
        ValueType::UserList => only_problems(user::parse_list(text, context, problems)),
        ValueType::WatchedPath | ValueType::BpfProgramPath => {
            only_problems(path::parse_required(text, context, problems))
        }
        ValueType::WorkingDirectory => only_problems(path::parse_working_directory(text, context, problems)),
        ValueType::Xattr => only_problems(name_list::parse_attribute(text, context, problems)),
    }
}

/// Leaves the value that was read to those who ask for it.
fn only_problems<T>(_: T) {}

/// The problem of a directive that systemd passes over in units of this
/// kind, though their sections have it.
fn wrong_kind(text: &str, context: &Context) -> Option<Problem> {
    let kind = context.unit?.kind();
    let name = context.directive.name;
    (!takes_effect(context.directive, kind)).then(|| {
        let message = format!("{name}= has no effect here: systemd passes over it in {} units", kind.suffix());
        Problem::refused(whole(text), message)
    })
}

/// Whether systemd doesn't pass over `directive` in units of `kind`, whose section has it.
pub fn takes_effect(directive: &Directive, kind: UnitKind) -> bool {
    let kinds: &[UnitKind] = match directive.value {
        ValueType::Delegate | ValueType::DelegateSubgroup => &[UnitKind::Service, UnitKind::Scope],
        ValueType::Permyriad | ValueType::ManagedOomDuration => &[UnitKind::Service, UnitKind::Scope, UnitKind::Slice],
        ValueType::Set(set) if set.name == "managed-oom-mode" => &[UnitKind::Service, UnitKind::Scope, UnitKind::Slice],
        _ => return true,
    };
    kinds.contains(&kind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::{DIRECTIVES, Manager, supervisord};
    use crate::units::UnitName;
    use crate::values::{explain, pieces};

    /// Text of the pieces that values are made of, and of anything else.
    fn values() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[-+~:./,@%*=;|\"'\\\\ 0-9a-zA-Z]{1,4}",
            2 => prop::sample::select(vec![
                "infinity", "yes", "1M", "5min", "0x1f", "Mon..Fri", "UTC", "AF_INET", "SIGTERM", "RTMIN+", "10.0.0.1/8", "[::1]:80",
                "vsock:", "/dev/sda", "50%", "‰", "µs", "any", "cpu", "\\x", "%(here)s", "%(process_num)02d", "%(ENV_A)", "%%%%", "unix://", "10MB", "%i", "%%", "0-3", "é", "\u{a0}", "99999999999999999999",
            ]).prop_map(str::to_owned),
            1 => "\\PC{0,3}",
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// No text makes a parser or an explanation panic, and what it says has a place in the text.
        #[test]
        fn any_text_of_any_type(text in values(), version in prop::sample::select(vec![252, 257, 262])) {
            let unit = UnitName::parse("a@b.service");
            for directive in DIRECTIVES.iter().chain(supervisord::DIRECTIVES) {
                let context =
                    Context { directive, version: Version(version), manager: Manager::System, unit: unit.as_ref() };
                let mut problems = Vec::new();
                check(&text, &context, &mut problems);
                for problem in problems {
                    prop_assert!(text.get(problem.span.range()).is_some(), "{}={text}: {problem:?}", directive.name);
                    prop_assert!(!problem.message.is_empty());
                }
                for piece in pieces::pieces(&text, &context) {
                    prop_assert!(text.get(piece.span.range()).is_some(), "{}={text}: {piece:?}", directive.name);
                }
                let now = Some(explain::Now { time: 1 << 50, ahead: 3600 });
                let scene = explain::Scene { context, now, variables: &[] };
                for offset in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                    if let Some(found) = explain::explain(&text, &scene, offset as u32) {
                        let place = format!("{}={text}: {found:?}", directive.name);
                        prop_assert!(text.get(found.span.range()).is_some() && !found.markdown.is_empty(), "{place}");
                    }
                }
            }
        }
    }
}
