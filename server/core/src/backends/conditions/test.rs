//! One condition as a command of the shell (`src/shared/condition.c`).

use super::pattern;
use crate::backends::quote;
use crate::plan::{Bytes, Test};
use crate::schema::sets;
use crate::values::boolean;
use crate::values::size::{self, Base};

/// A command that succeeds where a condition holds.
#[derive(Debug, Default)]
pub(super) struct Tested {
    /// The command.
    pub text: Bytes,
    /// The functions that it calls, as they are written.
    pub functions: Vec<&'static str>,
    /// Whether it is several commands in a row.
    pub list: bool,
    /// Whether the parameter makes no sense, so that not even the opposite holds.
    pub invalid: bool,
}

const AC_POWER: &str = include_str!("../../../data/conditions/ac-power.sh");
const CONTROLLER: &str = include_str!("../../../data/conditions/controller.sh");
const EXISTS: &str = include_str!("../../../data/conditions/exists.sh");
const OS_RELEASE: &str = include_str!("../../../data/conditions/os-release.sh");
const VERSION: &str = include_str!("../../../data/conditions/version.sh");
const VIRTUALIZATION: &str = include_str!("../../../data/conditions/virtualization.sh");

/// The operators of comparisons, longest first, and what `test` calls them.
const OPERATORS: [(&str, &str); 8] =
    [("<=", "le"), (">=", "ge"), ("<>", "ne"), ("!=", "ne"), ("==", "eq"), ("<", "lt"), (">", "gt"), ("=", "eq")];

/// What tests `parameter`. If there is nothing: why, or `None` where the
/// knowledge base says so for the whole directive.
pub(super) fn test(test: Test, parameter: &[u8]) -> Result<Tested, Option<String>> {
    let text = || String::from_utf8_lossy(parameter);
    let path = word(parameter);
    match test {
        Test::PathExists => Tested::of(&[b"test -e ", &path]),
        Test::PathExistsGlob => Ok(glob(parameter)),
        Test::PathIsDirectory => Tested::of(&[b"test -d ", &path]),
        Test::PathIsSymbolicLink => Tested::of(&[b"test -L ", &path]),
        Test::PathIsMountPoint => Tested::of(&[b"mountpoint -q ", &path]),
        Test::PathIsReadWrite => Tested::list(&[
            b"test -e ",
            &path,
            b" && ! findmnt -n -o OPTIONS -T ",
            &path,
            b" | tr , '\\n' | grep -qx ro",
        ]),
        Test::PathIsSocket => Tested::of(&[b"test -S ", &path]),
        Test::DirectoryNotEmpty => Tested::list(&[b"test -d ", &path, b" && test -n \"$(ls -A ", &path, b")\""]),
        Test::FileNotEmpty => Tested::list(&[b"test -f ", &path, b" && test -s ", &path]),
        Test::FileIsExecutable => Tested::list(&[b"test -f ", &path, b" && test -x ", &path]),
        Test::NeedsUpdate => {
            let stamp = word(&[parameter, b"/.updated"].concat());
            Tested::list(&[b"test ! -e ", &stamp, b" || test -n \"$(find /usr -prune -newer ", &stamp, b")\""])
        }
        Test::FirstBoot => {
            let holds: &[u8] = b"! grep -qs '^[0-9a-f]' /etc/machine-id";
            truth(&text(), holds, &holds[2..])
        }
        Test::Architecture => Ok(architecture(&text())),
        Test::Virtualization => Ok(virtualization(&text())),
        Test::Host => Ok(host(parameter)),
        Test::KernelCommandLine => {
            let names = if parameter.contains(&b'=') { "" } else { " | sed 's/=.*//'" };
            let line = format!("tr -s ' ' '\\n' </proc/cmdline{names} | grep -Fqxe ");
            Tested::of(&[line.as_bytes(), &path])
        }
        Test::KernelVersion => Ok(kernel_version(&text())),
        Test::Security => security(&text()),
        Test::Capability => capability(&text()),
        Test::AcPower => truth(&text(), b"ac_power", b"! ac_power").map(|tested| tested.with(AC_POWER)),
        Test::Memory => {
            let (operator, size) = operator(&text()).unwrap_or(("ge", text().trim().to_owned()));
            let bytes = size::read(&size, Base::Binary).map_err(|_| Some(unreadable(&size)))?;
            let memory = "\"$(($(sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo) * 1024))\"";
            Tested::of(&[format!("test {memory} -{operator} {bytes}").as_bytes()])
        }
        Test::CpuFeature => {
            let name = word(&parameter.to_ascii_lowercase());
            Tested::of(&[b"sed -n 's/^flags.*: //p' /proc/cpuinfo | tr ' ' '\\n' | grep -Fqxe ", &name])
        }
        Test::Cpus => {
            let (operator, count) = operator(&text()).unwrap_or(("ge", text().trim().to_owned()));
            let count: u32 = count.parse().map_err(|_| Some(unreadable(&count)))?;
            Tested::of(&[format!("test \"$(nproc)\" -{operator} {count}").as_bytes()])
        }
        Test::Environment => match parameter.contains(&b'=') {
            true => Tested::of(&[b"env | grep -Fqxe ", &path]),
            false => Tested::of(&[b"env | sed 's/=.*//' | grep -Fqxe ", &path]),
        },
        Test::User => match parameter {
            b"@system" => Tested::of(&[b"test \"$(id -u)\" -lt 1000"]),
            number if is_number(number) => Tested::of(&[b"test \"$(id -u)\" = ", &path]),
            _ => Tested::of(&[b"test \"$(id -un)\" = ", &path]),
        },
        Test::Group => {
            let option = if is_number(parameter) { "-G" } else { "-Gn" };
            Tested::of(&[format!("id {option} | tr ' ' '\\n' | grep -Fqxe ").as_bytes(), &path])
        }
        Test::ControlGroupController => Ok(controllers(&text())),
        Test::OsRelease => os_release(&text()),
        Test::KernelModuleLoaded => {
            let module = parameter.iter().map(|byte| if *byte == b'-' { b'_' } else { *byte });
            let module: Bytes = b"/sys/module/".iter().copied().chain(module).collect();
            Tested::of(&[b"test -d ", &word(&module)])
        }
        Test::PathIsEncrypted | Test::Firmware | Test::Version | Test::Credential | Test::Other(_) => Err(None),
    }
}

impl Tested {
    fn of(parts: &[&[u8]]) -> Result<Self, Option<String>> {
        Ok(Tested { text: parts.concat(), ..Tested::default() })
    }

    fn list(parts: &[&[u8]]) -> Result<Self, Option<String>> {
        Ok(Tested { text: parts.concat(), list: true, ..Tested::default() })
    }

    /// The same, which calls a function.
    fn with(mut self, function: &'static str) -> Self {
        self.functions.push(function);
        self
    }

    /// What never holds.
    fn never() -> Self {
        Tested { text: b"false".to_vec(), ..Tested::default() }
    }

    /// What isn't met, negated or not (`condition_test`).
    fn invalid() -> Self {
        Tested { invalid: true, ..Tested::never() }
    }

    /// All of them in a row.
    fn all(commands: Vec<Bytes>) -> Self {
        Tested { list: commands.len() > 1, text: commands.join(&b" && "[..]), ..Tested::default() }
    }
}

fn word(bytes: &[u8]) -> Bytes {
    let mut out = Bytes::new();
    quote::sh::word(bytes, &mut out);
    out
}

fn unreadable(what: &str) -> String {
    format!("\"{what}\" can't be compared")
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// A comparison's operator, as `test` calls it, and what follows.
fn operator(text: &str) -> Option<(&'static str, String)> {
    let (sign, name) = OPERATORS.iter().find(|(sign, _)| text.starts_with(sign))?;
    Some((name, text[sign.len()..].trim().to_owned()))
}

/// Of two commands the one for what the parameter says; a parameter that is no boolean never holds.
fn truth(parameter: &str, yes: &[u8], no: &[u8]) -> Result<Tested, Option<String>> {
    match boolean::read(parameter) {
        Some(true) => Tested::of(&[yes]),
        Some(false) => Tested::of(&[no]),
        None => Ok(Tested::invalid()),
    }
}

fn glob(parameter: &[u8]) -> Tested {
    let patterns: Vec<_> = pattern::without_braces(parameter).iter().map(|one| pattern::bare(one)).collect();
    let text = [b"exists ", &patterns.join(&b' ')[..]].concat();
    Tested { text, ..Tested::default() }.with(EXISTS)
}

/// `uname -m` of each architecture (`uname_architecture` of `src/basic/architecture.c`).
fn architecture(name: &str) -> Tested {
    let machines = match name {
        // Whatever runs here is native.
        "native" => return Tested { text: b"true".to_vec(), ..Tested::default() },
        "x86-64" => "x86_64",
        "x86" => "i?86",
        "arm64" => "aarch64",
        "arm64-be" => "aarch64_be",
        "arm" => "arm*l | arm",
        "arm-be" => "arm*b",
        "ppc64-le" => "ppc64le",
        "ppc-le" => "ppcle",
        "mips64" | "mips64-le" => "mips64",
        "mips" | "mips-le" => "mips",
        "loongarch64" => "loongarch64",
        "sh" => "sh[2345]*",
        "sh64" => "sh5",
        "arc" => "arc",
        "arc-be" => "arceb",
        "cris" => "crisv32 | cris",
        other if sets::ARCHITECTURE.get(other).is_some() => other,
        _ => return Tested::invalid(),
    };
    let text = format!("case $(uname -m) in {machines}) true ;; *) false ;; esac");
    Tested { text: text.into_bytes(), ..Tested::default() }
}

fn virtualization(parameter: &str) -> Tested {
    let pattern = match parameter {
        "private-users" => {
            let text = b"! grep -q '^ *0 *0 *4294967295$' /proc/self/uid_map".to_vec();
            return Tested { text, ..Tested::default() };
        }
        "vm" => "'vm '*".to_owned(),
        "container" => "'container '*".to_owned(),
        _ => match (boolean::read(parameter), sets::VIRTUALIZATION.get(parameter)) {
            (Some(true), _) => "*' '*".to_owned(),
            (Some(false), _) => "none".to_owned(),
            (None, Some(known)) => format!("*' {}'", known.text),
            (None, None) => return Tested::never(),
        },
    };
    let text = format!("case $(virtualization) in {pattern}) true ;; *) false ;; esac");
    Tested { text: text.into_bytes(), ..Tested::default() }.with(VIRTUALIZATION)
}

fn host(parameter: &[u8]) -> Tested {
    let id: Bytes = parameter.iter().copied().filter(|byte| *byte != b'-').collect();
    let text = if id.len() == 32 && id.iter().all(u8::is_ascii_hexdigit) {
        [b"grep -qx ", &word(&id.to_ascii_lowercase())[..], b" /etc/machine-id"].concat()
    } else {
        let pattern = pattern::bare(&parameter.to_ascii_lowercase());
        let name = b"case $(uname -n | tr '[:upper:]' '[:lower:]') in ";
        [&name[..], &pattern, b") true ;; *) false ;; esac"].concat()
    };
    Tested { text, ..Tested::default() }
}

/// Comparisons or patterns, all of which must fit.
fn kernel_version(parameter: &str) -> Tested {
    let mut compares = false;
    let mut commands = Vec::new();
    let mut words = parameter.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    while let Some(one) = words.next() {
        let one = match OPERATORS.iter().any(|(sign, _)| *sign == one) {
            true => format!("{one}{}", words.next().unwrap_or_default()),
            false => one.to_owned(),
        };
        let (command, function) = compare("$(uname -r)", &one);
        compares |= function;
        commands.push(command);
    }
    let tested = Tested::all(commands);
    if compares { tested.with(VERSION) } else { tested }
}

/// Compares what the shell has for `left` with what stands in `right` behind
/// an operator; also whether it calls [`VERSION`].
fn compare(left: &str, right: &str) -> (Bytes, bool) {
    let fits = |pattern: &str, result: [&str; 2]| {
        let [yes, no] = result;
        [
            format!("case {left} in ").as_bytes(),
            &pattern::bare(pattern.as_bytes()),
            format!(") {yes} ;; *) {no} ;; esac").as_bytes(),
        ]
        .concat()
    };
    if let Some(pattern) = right.strip_prefix("!$=") {
        return (fits(pattern, ["false", "true"]), false);
    }
    if let Some(pattern) = right.strip_prefix("$=") {
        return (fits(pattern, ["true", "false"]), false);
    }
    match operator(right) {
        None => (fits(right, ["true", "false"]), false),
        Some((name @ ("eq" | "ne"), value)) => {
            let sign = if name == "eq" { "=" } else { "!=" };
            ([format!("test \"{left}\" {sign} ").as_bytes(), &word(value.as_bytes())].concat(), false)
        }
        Some((name, value)) => {
            ([format!("version \"{left}\" {name} ").as_bytes(), &word(value.as_bytes())].concat(), true)
        }
    }
}

fn security(parameter: &str) -> Result<Tested, Option<String>> {
    Tested::of(&[match parameter {
        "selinux" => b"test -e /sys/fs/selinux/enforce",
        "apparmor" => b"grep -qsx Y /sys/module/apparmor/parameters/enabled",
        "smack" => b"test -d /sys/fs/smackfs",
        "tomoyo" => b"test -e /sys/kernel/security/tomoyo/version",
        "ima" => b"test -d /sys/kernel/security/ima",
        "audit" => b"test -e /proc/self/loginuid",
        "uefi-secureboot" => b"test \"$(od -An -tu1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c 2>/dev/null | awk '{ print $5 }')\" = 1",
        known if sets::SECURITY.get(known).is_some() => {
            return Err(Some(format!("nothing here finds out about \"{known}\"")));
        }
        _ => b"false",
    }])
}

fn capability(parameter: &str) -> Result<Tested, Option<String>> {
    let number = sets::CAPABILITY.get(parameter).and_then(|word| word.number).or_else(|| parameter.parse().ok());
    let Some(number) = number.filter(|number| *number < 63) else { return Ok(Tested::invalid()) };
    let mask = "0x$(sed -n 's/^CapBnd:[[:blank:]]*//p' /proc/self/status)";
    Tested::of(&[format!("test $(({mask} >> {number} & 1)) = 1").as_bytes()])
}

fn controllers(parameter: &str) -> Tested {
    match parameter {
        "v2" => Tested { text: b"test -e /sys/fs/cgroup/cgroup.controllers".to_vec(), ..Tested::default() },
        "v1" => Tested { text: b"test ! -e /sys/fs/cgroup/cgroup.controllers".to_vec(), ..Tested::default() },
        _ => {
            let names = parameter.split_whitespace();
            let commands = names.map(|name| [b"controller ", &word(name.as_bytes())[..]].concat());
            Tested::all(commands.collect()).with(CONTROLLER)
        }
    }
}

/// Comparisons of fields, all of which must hold.
fn os_release(parameter: &str) -> Result<Tested, Option<String>> {
    let mut compares = false;
    let mut commands = Vec::new();
    for one in parameter.split_whitespace() {
        let one = one.trim_matches(['"', '\'']);
        let end = one.find(|byte: char| !byte.is_ascii_alphanumeric() && byte != '_').unwrap_or(one.len());
        let (field, right) = one.split_at(end);
        if field.is_empty() || (operator(right).is_none() && !right.starts_with(['$', '!'])) {
            return Err(Some(unreadable(one)));
        }
        let (command, function) = compare(&format!("$(os_release {field})"), right);
        compares |= function;
        commands.push(command);
    }
    let tested = Tested::all(commands).with(OS_RELEASE);
    Ok(if compares { tested.with(VERSION) } else { tested })
}
