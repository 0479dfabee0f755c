//! Which settings do nothing, and when. The manual page of each says so, or
//! the function of systemd's source that is named.

use super::super::UnitContext;
use Idle::{Unset, With, Without};

use crate::schema::key::{exec, install, path, service, socket, timer, unit};
use crate::schema::{Key, UnitKind};
use crate::units::{Setting, Unit};
use crate::values::time_span::{self, BareUnit, TimeSpan};
use crate::values::{ValueType, boolean};

/// Settings that do nothing under a condition.
pub(super) struct Case {
    pub(super) keys: &'static [Key],
    pub(super) idle: Idle,
}

/// When a setting does nothing.
pub(super) enum Idle {
    /// When none of these is set; the text names what is missing.
    Unset(&'static [Key], &'static str),
    /// When what the text names is missing.
    Without(&'static str, Condition),
    /// When what the text names is there.
    With(&'static str, Condition),
}

type Condition = fn(&UnitContext, &Setting) -> bool;

pub(super) static CASES: &[Case] = &[
    // systemd.service(5) and `service_verify`.
    case(
        &[service::RuntimeMaxSec],
        With("Type=oneshot", |cx, setting| cx.service_type() == "oneshot" && setting.value() != "infinity"),
    ),
    case(
        &[service::RuntimeRandomizedExtraSec],
        Without("RuntimeMaxSec=", |cx, _| cx.unit.text(service::RuntimeMaxSec).is_none_or(|limit| limit == "infinity")),
    ),
    case(&[service::RestartSteps], Unset(&[service::RestartMaxDelaySec], "RestartMaxDelaySec=")),
    case(&[service::RestartMaxDelaySec], Unset(&[service::RestartSteps], "RestartSteps=")),
    case(&[service::USBFunctionDescriptors], Unset(&[service::USBFunctionStrings], "USBFunctionStrings=")),
    case(&[service::USBFunctionStrings], Unset(&[service::USBFunctionDescriptors], "USBFunctionDescriptors=")),
    case(
        &[service::RestartSec, service::RestartMode, service::RestartPreventExitStatus],
        Without("Restart=", |cx, _| {
            cx.word(service::Restart, "no") == "no" && !cx.unit.has(service::RestartForceExitStatus)
        }),
    ),
    case(
        &[service::NotifyAccess],
        With("a Type= that notifies", |cx, setting| {
            setting.value() == "none" && matches!(cx.service_type(), "notify" | "notify-reload")
        }),
    ),
    case(&[service::ReloadSignal], Without("Type=notify-reload", |cx, _| cx.service_type() != "notify-reload")),
    case(&[service::GuessMainPID], Without("Type=forking", |cx, _| cx.service_type() != "forking")),
    case(&[service::FileDescriptorStorePreserve], Unset(&[service::FileDescriptorStoreMax], "FileDescriptorStoreMax=")),
    case(
        &[service::RootDirectoryStartOnly],
        Without("RootDirectory=", |cx, setting| is_on(setting) && !has_root(cx.unit)),
    ),
    // systemd.exec(5)
    case(&[exec::RootImageOptions, exec::RootImagePolicy], Unset(&[exec::RootImage], "RootImage=")),
    case(&[exec::RootHash, exec::RootHashSignature, exec::RootVerity], Unset(&[exec::RootImage], "RootImage=")),
    case(&[exec::SystemCallErrorNumber], Unset(&[exec::SystemCallFilter], "SystemCallFilter=")),
    case(
        &[exec::StandardInputText, exec::StandardInputData],
        Without("StandardInput=data", |cx, _| !matches!(cx.word(exec::StandardInput, "data"), "data" | "null")),
    ),
    case(
        &[exec::RuntimeDirectoryMode, exec::RuntimeDirectoryPreserve],
        Unset(&[exec::RuntimeDirectory], "RuntimeDirectory="),
    ),
    case(&[exec::StateDirectoryMode], Unset(&[exec::StateDirectory], "StateDirectory=")),
    case(&[exec::CacheDirectoryMode], Unset(&[exec::CacheDirectory], "CacheDirectory=")),
    case(&[exec::LogsDirectoryMode], Unset(&[exec::LogsDirectory], "LogsDirectory=")),
    case(&[exec::ConfigurationDirectoryMode], Unset(&[exec::ConfigurationDirectory], "ConfigurationDirectory=")),
    // systemd.unit(5)
    case(
        &[unit::StartLimitBurst, unit::StartLimitAction],
        With("StartLimitIntervalSec=0", |cx, setting| {
            cx.unit.text(unit::StartLimitIntervalSec).is_some_and(|interval| matches!(interval, "0" | "0s"))
                && !matches!(setting.value(), "none" | "0")
        }),
    ),
    case(&[unit::OnFailureJobMode], Unset(&[unit::OnFailure], "OnFailure=")),
    case(&[unit::OnSuccessJobMode], Unset(&[unit::OnSuccess], "OnSuccess=")),
    case(
        &[unit::JobTimeoutAction],
        Without("JobTimeoutSec=", |cx, setting| {
            let timed = [unit::JobTimeoutSec, unit::JobRunningTimeoutSec].iter().any(|key| cx.unit.has(*key));
            !timed && setting.value() != "none" && cx.unit.kind() != UnitKind::Device
        }),
    ),
    case(
        &[unit::JobRunningTimeoutSec],
        With("a shorter JobTimeoutSec=", |cx, setting| {
            let limit = cx.unit.get(unit::JobTimeoutSec).and_then(seconds);
            limit.zip(seconds(setting)).is_some_and(|(limit, own)| own > limit)
        }),
    ),
    case(&[unit::SuccessActionExitStatus], Without("SuccessAction=exit", |cx, _| !exits(cx, unit::SuccessAction))),
    case(&[unit::FailureActionExitStatus], Without("FailureAction=exit", |cx, _| !exits(cx, unit::FailureAction))),
    case(&[install::DefaultInstance], With("a unit that is no template", |cx, _| !cx.unit.name.is_template())),
    // systemd.socket(5)
    case(
        &[socket::MaxConnections, socket::MaxConnectionsPerSource],
        Without("Accept=yes", |cx, _| cx.unit.boolean(socket::Accept) != Some(true)),
    ),
    case(
        &[socket::FlushPending],
        With("Accept=yes", |cx, setting| is_on(setting) && cx.unit.boolean(socket::Accept) == Some(true)),
    ),
    case(
        &[socket::SocketMode, socket::DirectoryMode, socket::SocketUser, socket::SocketGroup],
        Without("an address that is a path", |cx, _| !cx.listens().any(may_be_path)),
    ),
    case(
        &[socket::MessageQueueMaxMessages, socket::MessageQueueMessageSize],
        Unset(&[socket::ListenMessageQueue], "ListenMessageQueue="),
    ),
    case(&[socket::PipeSize], Unset(&[socket::ListenFIFO], "ListenFIFO=")),
    // systemd.timer(5)
    case(
        &[timer::Persistent],
        Without("OnCalendar=", |cx, setting| is_on(setting) && !cx.unit.has(timer::OnCalendar) && has_timer(cx.unit)),
    ),
    case(
        &[timer::FixedRandomDelay],
        Without("RandomizedDelaySec=", |cx, setting| is_on(setting) && !cx.unit.has(timer::RandomizedDelaySec)),
    ),
    // systemd.path(5)
    case(
        &[path::DirectoryMode],
        Without("MakeDirectory=yes", |cx, _| cx.unit.boolean(path::MakeDirectory) != Some(true)),
    ),
];

const fn case(keys: &'static [Key], idle: Idle) -> Case {
    Case { keys, idle }
}

fn seconds(setting: &Setting) -> Option<TimeSpan> {
    time_span::read(setting.value(), BareUnit::Seconds).ok()
}

fn is_on(setting: &Setting) -> bool {
    boolean::read(setting.value()) == Some(true)
}

/// Whether the timer elapses at all; that it doesn't is another rule's matter.
fn has_timer(unit: &Unit) -> bool {
    unit.settings().iter().any(|setting| matches!(setting.entry.value, ValueType::Timer))
}

fn has_root(unit: &Unit) -> bool {
    [exec::RootDirectory, exec::RootImage, exec::RootMStack].iter().any(|key| unit.has(*key))
}

fn exits(cx: &UnitContext, action: Key) -> bool {
    cx.word(action, "none").starts_with("exit")
}

/// Whether an address is a node in the file system, which alone has an owner and a mode.
fn may_be_path(setting: &Setting) -> bool {
    const NETWORK: [Key; 3] = [socket::ListenStream, socket::ListenDatagram, socket::ListenSequentialPacket];
    !NETWORK.contains(&setting.entry.key) || setting.value().starts_with(['/', '%'])
}
