//! `Condition…=` and `Assert…=`.

use super::lower::Lowering;
use super::{At, Bytes, Leaf};
use crate::values::ValueType;
use crate::values::condition;

/// A condition or an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whether the unit fails where it doesn't hold; else its start is skipped.
    pub assert: bool,
    /// `|`: one of all such conditions is enough.
    pub trigger: bool,
    /// `!`: it must not hold.
    pub negate: bool,
    /// What is tested.
    pub test: Test,
    /// What with.
    pub parameter: Bytes,
}

/// What a condition tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Test {
    PathExists,
    PathExistsGlob,
    PathIsDirectory,
    PathIsSymbolicLink,
    PathIsMountPoint,
    PathIsReadWrite,
    PathIsEncrypted,
    PathIsSocket,
    DirectoryNotEmpty,
    FileNotEmpty,
    FileIsExecutable,
    NeedsUpdate,
    FirstBoot,
    Architecture,
    Firmware,
    Virtualization,
    Host,
    KernelCommandLine,
    KernelVersion,
    Version,
    Credential,
    Security,
    Capability,
    AcPower,
    Memory,
    CpuFeature,
    Cpus,
    Environment,
    User,
    Group,
    ControlGroupController,
    OsRelease,
    KernelModuleLoaded,
    /// Any other, by the name behind `Condition`.
    Other(&'static str),
}

impl Condition {
    pub(super) fn lower(low: &mut Lowering) -> Vec<Leaf<Self>> {
        let mut conditions = Vec::new();
        for at in 0..low.unit.settings().len() {
            let entry = low.unit.settings()[at].entry;
            let at = At(at as u32);
            let read = match entry.value {
                ValueType::ConditionPath => condition::parse_path,
                ValueType::ConditionString => condition::parse,
                _ => continue,
            };
            let Some(condition) = low.parse(at, read) else { continue };
            let Some(parameter) = low.expand_at(at, condition.parameter.bytes()) else { continue };
            let assert = entry.name.starts_with("Assert");
            let name = entry.name.trim_start_matches("Assert").trim_start_matches("Condition");
            let (trigger, negate) = (condition.trigger, condition.negate);
            conditions.push(Leaf::new(Condition { assert, trigger, negate, test: Test::of(name), parameter }, at));
        }
        conditions
    }
}

impl Test {
    fn of(name: &'static str) -> Self {
        match name {
            "PathExists" => Test::PathExists,
            "PathExistsGlob" => Test::PathExistsGlob,
            "PathIsDirectory" => Test::PathIsDirectory,
            "PathIsSymbolicLink" => Test::PathIsSymbolicLink,
            "PathIsMountPoint" => Test::PathIsMountPoint,
            "PathIsReadWrite" => Test::PathIsReadWrite,
            "PathIsEncrypted" => Test::PathIsEncrypted,
            "PathIsSocket" => Test::PathIsSocket,
            "DirectoryNotEmpty" => Test::DirectoryNotEmpty,
            "FileNotEmpty" => Test::FileNotEmpty,
            "FileIsExecutable" => Test::FileIsExecutable,
            "NeedsUpdate" => Test::NeedsUpdate,
            "FirstBoot" => Test::FirstBoot,
            "Architecture" => Test::Architecture,
            "Firmware" => Test::Firmware,
            "Virtualization" => Test::Virtualization,
            "Host" => Test::Host,
            "KernelCommandLine" => Test::KernelCommandLine,
            "KernelVersion" => Test::KernelVersion,
            "Version" => Test::Version,
            "Credential" => Test::Credential,
            "Security" => Test::Security,
            "Capability" => Test::Capability,
            "ACPower" => Test::AcPower,
            "Memory" => Test::Memory,
            "CPUFeature" => Test::CpuFeature,
            "CPUs" => Test::Cpus,
            "Environment" => Test::Environment,
            "User" => Test::User,
            "Group" => Test::Group,
            "ControlGroupController" => Test::ControlGroupController,
            "OSRelease" => Test::OsRelease,
            "KernelModuleLoaded" => Test::KernelModuleLoaded,
            other => Test::Other(other),
        }
    }
}
