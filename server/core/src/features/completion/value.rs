use super::mixed;
use super::parts;
use super::quantity;
use super::slot::{BLANKS, Slot};
use super::unit::{self, Want};
use super::words::{self, BOOLEANS, Choice, Text, list, listed, one, texts};
use super::{Completions, Item, Kind, Options, Rank, calendar, command, condition, path, specifier, variable};
use crate::schema::{FileKind, UnitKind, Version, sets};
use crate::values::{ValueType, socket_address, socket_protocol};

/// What may stand at a place of a value.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>, options: Options) -> Option<Completions<'a>> {
    if let Some(found) = specifier::complete(slot) {
        return Some(found);
    }
    // A blank ends a word only in lists.
    if options.trigger == Some(' ') && (slot.head.trim().is_empty() || !is_list(slot.entry.value)) {
        return None;
    }
    by_type(slot)
}

fn is_list(value: ValueType) -> bool {
    use ValueType::*;
    matches!(
        value,
        AddressFamilies
            | AddressPrefixes
            | BpfDelegate(_)
            | CapabilitySet
            | Controllers
            | CoredumpFilter
            | Delegate
            | ExitStatusSet
            | FilesystemFilter
            | InstallAlso
            | InstallUnits
            | NamespaceFlags
            | ObsoleteUnitList
            | SecureBits
            | ServiceRefreshOnReload
            | ServiceSockets
            | SyscallArchitectures
            | SyscallFilter
            | SyscallLog
            | UnitList
            | UserList
    )
}

const INTERNET: &[Text] = &[
    ("any", "all addresses"),
    ("localhost", "`127.0.0.0/8` and `::1`"),
    ("link-local", "`169.254.0.0/16` and `fe80::/64`"),
    ("multicast", "`224.0.0.0/4` and `ff00::/8`"),
];

const URIS: &[Text] =
    &[("man:", "a manual page, `man:NAME(SECTION)`"), ("https://", ""), ("http://", ""), ("file:/", ""), ("info:", "")];

const DEVICES: &[Text] = &[
    ("UUID=", "by the UUID of the file system"),
    ("LABEL=", "by the label of the file system"),
    ("PARTUUID=", "by the UUID of the partition"),
    ("PARTLABEL=", "by the label of the partition"),
];

fn by_type<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    use ValueType::*;
    let version = slot.document.target.version;
    Some(match slot.entry.value {
        Set(set) => one(slot, set, &[])?,
        Boolean | Tristate => texts(slot, BOOLEANS)?,
        BpfDelegate(set) => listed(slot, &[' ', '\t', ','], Choice { sets: &[set], ..Choice::default() }),
        AddressFamilies => {
            let alone = &[("none", "no family at all")];
            list(slot, Choice { sets: &[&sets::ADDRESS_FAMILY], alone, negatable: true })
        }
        AddressPrefixes => words::rest(slot, BLANKS, |offers| offers.texts(Kind::Value, INTERNET)),
        CapabilitySet => list(slot, Choice { sets: &[&sets::CAPABILITY], alone: &[], negatable: true }),
        Controllers => list(slot, Choice { sets: &[&sets::CONTROLLER], ..Choice::default() }),
        CoredumpFilter => list(slot, Choice { sets: &[&sets::COREDUMP_FILTER], ..Choice::default() }),
        Delegate => list(slot, Choice { sets: &[&sets::CONTROLLER], alone: BOOLEANS, negatable: false }),
        ExitStatusSet => mixed::exit_statuses(slot),
        FilesystemFilter => {
            let sets = &[&sets::FILESYSTEM_GROUP, &sets::FILESYSTEM];
            list(slot, Choice { sets, alone: &[], negatable: true })
        }
        NamespaceFlags => mixed::namespaces(slot),
        SecureBits => list(slot, Choice { sets: &[&sets::SECURE_BIT], ..Choice::default() }),
        ServiceRefreshOnReload => {
            list(slot, Choice { sets: &[&sets::REFRESH_ON_RELOAD], alone: BOOLEANS, negatable: true })
        }
        SyscallArchitectures => list(slot, Choice { sets: &[&sets::SYSCALL_ARCHITECTURE], ..Choice::default() }),
        SyscallErrno => one(slot, &sets::ERRNO, &[("kill", "the process is ended by SIGSYS")])?,
        SyscallFilter | SyscallLog => mixed::calls(slot),
        Signal => mixed::signal(slot)?,
        InterfaceFilter => list(slot, Choice { negatable: true, ..Choice::default() }),

        UnitList | ObsoleteUnitList | InstallAlso => unit::list(slot, Want::ANY),
        InstallUnits => unit::install(slot),
        ServiceSockets => unit::list(slot, Want::only(UnitKind::Socket)),
        SocketService => unit::one(slot, Want { templates: false, ..Want::only(UnitKind::Service) })?,
        Slice if slot.document.kind == FileKind::Unit(UnitKind::Slice) => return None,
        Slice => unit::one(slot, Want::only(UnitKind::Slice))?,
        TriggerUnit => unit::triggered(slot)?,
        User => {
            let mut offers = slot.whole()?;
            condition::accounts(&mut offers, mixed::accounts(slot));
            offers.finish()
        }
        UserList => words::rest(slot, BLANKS, |offers| condition::accounts(offers, mixed::accounts(slot))),

        TimeSpan | TimeSpanEmptyInfinity | TimeSpanZeroInfinity | ServiceTimeout | ServiceTimeoutAbort | JobTimeout => {
            quantity::complete(slot, quantity::TIME)
        }
        Timer if slot.entry.name == "OnCalendar" => calendar::complete(slot)?,
        Timer => quantity::complete(slot, quantity::DURATION),
        ManagedOomDuration => quantity::complete(slot, quantity::LONG_TIME),
        TimeSpanNanoseconds => quantity::complete(slot, quantity::SHORT_TIME),
        Size => quantity::complete(slot, quantity::SIZE),
        SizeLong if version >= Version(262) => quantity::complete(slot, quantity::SIZE),
        MemoryLimit => quantity::complete(slot, quantity::MEMORY),
        CpuQuota | Permyriad => quantity::complete(slot, quantity::PERCENT),
        ExecQuota => quantity::complete(slot, quantity::QUOTA),
        TasksMax => quantity::complete(slot, quantity::TASKS),
        ConcurrencyMax => quantity::complete(slot, quantity::COUNT),
        Rlimit => quantity::rlimit(slot),
        CgroupCpuWeight => texts(slot, &[("idle", "only what nobody else wants")])?,
        CpuAffinity => texts(slot, &[("numa", "the CPUs of the nodes of `NUMAMask=`")])?,
        NumaMask => texts(slot, &[("all", "all nodes")])?,
        Mode => mixed::mode(slot)?,

        ConditionString => condition::complete(slot)?,
        ConditionPath => condition::path(slot)?,
        Exec => command::complete(slot)?,
        ExecInput => mixed::stream(slot, &sets::EXEC_INPUT)?,
        ExecOutput => mixed::stream(slot, &sets::EXEC_OUTPUT)?,
        UnsetEnvironment => words::rest(slot, BLANKS, |offers| variable::names(slot, offers)),
        Documentation => words::rest(slot, BLANKS, |offers| offers.texts(Kind::Path, URIS)),
        SocketProtocol => of_names(slot, socket_protocol::names(version))?,
        OpenFile => parts::open_file(slot)?,
        BindPaths => parts::bind(slot)?,
        NftSet => parts::nft_set(slot)?,
        BpfForeignProgram => parts::bpf_program(slot)?,
        CgroupSocketBind => parts::socket_bind(slot)?,
        ImagePolicy => parts::image_policy(slot)?,
        ProtectHostname => parts::protect_hostname(slot)?,

        Path | WatchedPath | RootHash => path::one(slot, &[], path::ANY)?,
        WorkingDirectory => {
            let mut found = path::one(slot, &['-'], path::ANY)?;
            if slot.before().trim_start_matches('-').is_empty() {
                found
                    .items
                    .insert(0, Item::new(Kind::Value, "~").detail("home directory of the user").ranked(Rank::First));
            }
            found
        }
        EnvironmentFile => path::one(slot, &['-'], path::ENVIRONMENT)?,
        PidFile => path::one(slot, &[], path::RUN)?,
        BpfProgramPath => path::one(slot, &[], &[("/sys/fs/bpf/", "where BPF programs are pinned")])?,
        RootHashSignature => path::one(slot, &[], &[("base64:", "the signature itself")])?,
        PathList | MountsFor | NamespacePaths | ColonSeparatedPaths | TemporaryFilesystems | ExtensionImages
        | MountImages => path::list(slot, path::ANY),
        SocketAddress => address(slot)?,
        MountNode => {
            let mut offers = slot.whole()?;
            offers.texts(Kind::Path, DEVICES);
            offers.places(path::DEVICES);
            offers.finish()
        }
        DeviceAllow => mixed::device(slot),
        IoDeviceLatency => mixed::limit(slot, quantity::DURATION),
        IoLimit => mixed::limit(slot, quantity::RATE),
        IoDeviceWeight => path::list(slot, path::DEVICES),

        ApparmorProfile
        | BusName
        | CgroupWeight
        | CpuSchedPriority
        | CpuSet
        | DelegateSubgroup
        | Environment
        | ExecDirectories
        | ExitStatus
        | FdName
        | Ignored
        | ImportCredential
        | InputData
        | InputText
        | InstallAlias
        | InstallDefaultInstance
        | Integer
        | InterfaceName
        | IoPriority
        | LoadCredential
        | LogExtraFields
        | LogFilterPatterns
        | LogNamespace
        | Long
        | LuoSessions
        | ManagedOomRules
        | NetworkInterface
        | Nice
        | OomScoreAdjust
        | PassEnvironment
        | RebootParameter
        | RootImageOptions
        | SelinuxContext
        | SetCredential
        | SizeLong
        | SmackProcessLabel
        | String
        | Supervisord(_)
        | SwapPriority
        | Text
        | TtySize
        | Unsigned
        | Xattr => return None,
    })
}

/// One of these names.
fn of_names<'a>(slot: &Slot<'_, 'a>, names: impl IntoIterator<Item = &'static str>) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    names.into_iter().for_each(|name| offers.push(Item::new(Kind::Value, name)));
    Some(offers.finish())
}

/// What a socket unit listens at.
fn address<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    const LOCAL: &[Text] = &[("@", "a name in the abstract namespace")];
    const INTERNET: &[Text] = &[
        ("127.0.0.1:", "this machine only, IPv4"),
        ("[::1]:", "this machine only, IPv6"),
        ("[::]:", "any address"),
        ("vsock::", "from virtual machines and their host"),
    ];
    let mut offers = match slot.entry.name {
        "ListenNetlink" => return of_names(slot, socket_address::NETLINK),
        "ListenUSBFunction" | "ListenMessageQueue" => return None,
        "ListenSpecial" => return path::one(slot, &[], path::ANY),
        _ => slot.whole()?,
    };
    offers.places(path::RUN);
    if slot.entry.name != "ListenFIFO" {
        offers.texts(Kind::Prefix, LOCAL);
    }
    if matches!(slot.entry.name, "ListenStream" | "ListenDatagram") {
        offers.texts(Kind::Prefix, INTERNET);
    }
    Some(offers.finish())
}
