//! Whatever a unit file may hold is documented: each setting, section, specifier and special unit
//! has text, an example that checks clean, and a default where there is one.

use svlsp_core::rules::{self, Selection, Target};
use svlsp_core::schema::{
    self, DIRECTIVES, Directive, FileKind, Manager, SECTIONS, Section, UnitKind, Version, Word, sets, supervisord,
};
use svlsp_core::syntax::scan;
use svlsp_core::units::UnitName;
use svlsp_core::values::ValueType;

/// Settings of which one number or word holds without them that can't be written down here, and why.
const NO_DEFAULT: &[(&str, &[&str])] = &[
    ("it depends on the kind of unit", &["IgnoreOnIsolate", "Slice"]),
    (
        "it depends on other settings of the unit",
        &[
            "BindLogSockets",
            "MountAPIVFS",
            "SetLoginEnvironment",
            "TimeoutAbortSec",
            "TimeoutSec",
            "CPUSchedulingPriority",
            "MountFlags",
            "SuccessActionExitStatus",
            "FailureActionExitStatus",
        ],
    ),
    (
        "what holds outside of the boot",
        &[
            "StartupCPUWeight",
            "StartupIOWeight",
            "StartupMemoryHigh",
            "StartupMemoryLow",
            "StartupMemoryMax",
            "StartupMemorySwapMax",
            "StartupMemoryZSwapMax",
        ],
    ),
    (
        "what the service manager has or is configured to hand on",
        &[
            "IOSchedulingClass",
            "LimitAS",
            "LimitCORE",
            "LimitCPU",
            "LimitDATA",
            "LimitFSIZE",
            "LimitLOCKS",
            "LimitMSGQUEUE",
            "LimitNICE",
            "LimitNPROC",
            "LimitRSS",
            "LimitRTPRIO",
            "LimitRTTIME",
            "LimitSIGPENDING",
            "LimitSTACK",
            "MemoryKSM",
            "NUMAPolicy",
            "OOMScoreAdjust",
            "Personality",
            "TimerSlackNSec",
        ],
    ),
    (
        "what journald.conf or oomd.conf says",
        &[
            "LogRateLimitBurst",
            "LogRateLimitIntervalSec",
            "ManagedOOMMemoryPressureDurationSec",
            "ManagedOOMMemoryPressureLimit",
        ],
    ),
    (
        "what the kernel does",
        &[
            "IPTOS",
            "IPTTL",
            "Mark",
            "MessageQueueMaxMessages",
            "MessageQueueMessageSize",
            "PipeSize",
            "Priority",
            "ReceiveBuffer",
            "SendBuffer",
            "SocketProtocol",
            "TTYColumns",
            "TTYRows",
        ],
    ),
    ("one number for sockets with Accept=yes, another for the others", &["PollLimitBurst", "TriggerLimitBurst"]),
    ("nothing is limited", &["CPUQuota", "SecureBits"]),
];

#[test]
fn settings() {
    assert_eq!(DIRECTIVES.len(), 557);
    let mut gaps = Gaps::default();
    for directive in DIRECTIVES {
        gaps.about = format!("{}= of {:?}", directive.name, directive.group);
        gaps.in_text(directive.doc);
        gaps.unless(!directive.value.describe().is_empty(), "nobody says what it takes");
        if directive.deprecated.is_some() || directive.removed.is_some() {
            continue;
        }
        let explained = NO_DEFAULT.iter().any(|(_, names)| names.contains(&directive.name));
        gaps.unless(explained || !has_default(directive) || !directive.default.is_empty(), "there is no default");
        let homes = SECTIONS.iter().filter(|section| section.groups.contains(&directive.group));
        let home = homes.min_by_key(|section| section.kind != Some(UnitKind::Service)).expect("a section");
        gaps.in_example(home, directive.example, Manager::System);
    }
    gaps.none();
}

#[test]
fn what_has_no_default_is_a_setting_without() {
    for name in NO_DEFAULT.iter().flat_map(|(_, names)| *names) {
        let mut found = DIRECTIVES.iter().filter(|directive| directive.name == *name);
        assert!(found.any(|directive| directive.default.is_empty()), "{name}= has a default, or isn't there");
    }
}

#[test]
fn sections() {
    let mut gaps = Gaps::default();
    for section in SECTIONS {
        gaps.about = format!("[{}]", section.name);
        gaps.in_text(section.doc);
        let header = if section.groups.is_empty() { "[Unit]" } else { &gaps.about };
        gaps.unless(section.example.lines().next() == Some(header), "the example begins with something else");
        gaps.in_file(section.kind.unwrap_or(UnitKind::Service), section.example, Manager::System);
    }
    gaps.none();
}

/// Settings of supervisord.conf that nothing holds without, or what others say.
const NO_DEFAULT_THERE: &[&str] = &[
    "killasgroup",
    "user",
    "environment",
    "directory",
    "umask",
    "socket_backlog",
    "socket_owner",
    "chown",
    "username",
    "password",
    "history_file",
];

/// What has to be there.
const REQUIRED: &[&str] = &[
    "command",
    "socket",
    "events",
    "files",
    "programs",
    "port",
    "file",
    "supervisor.rpcinterface_factory",
    "supervisor.ctl_factory",
];

#[test]
fn settings_of_supervisord() {
    let mut gaps = Gaps::default();
    for directive in supervisord::DIRECTIVES {
        gaps.about = format!("{}= of {:?}", directive.name, directive.group);
        gaps.in_text(directive.doc);
        gaps.unless(!directive.value.describe().is_empty(), "nobody says what it takes");
        let explained = NO_DEFAULT_THERE.contains(&directive.name) || REQUIRED.contains(&directive.name);
        gaps.unless(explained || !directive.default.is_empty(), "there is no default");
        let homes = supervisord::SECTIONS.iter().filter(|section| section.groups.contains(&directive.group));
        let home = homes.min_by_key(|section| section.groups.len()).expect("a section");
        gaps.unless(!directive.example.is_empty(), "there is no example");
        let keys: Vec<&str> = directive.example.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
        gaps.unless(keys.contains(&directive.name), "the example doesn't have it");
        let others = home.example.lines().filter(|line| !keys.iter().any(|key| line.starts_with(&format!("{key}="))));
        let text = others.chain(directive.example.lines()).map(|line| format!("{line}\n")).collect::<String>();
        gaps.in_file_of_supervisord(&text);
    }
    gaps.none();
}

#[test]
fn sections_of_supervisord() {
    let mut gaps = Gaps::default();
    for section in supervisord::SECTIONS {
        gaps.about = format!("[{}]", section.name);
        gaps.in_text(section.doc);
        gaps.unless(
            section.example.starts_with(&format!("[{}", section.name)),
            "the example begins with something else",
        );
        gaps.in_file_of_supervisord(section.example);
    }
    gaps.none();
}

#[test]
fn specifiers() {
    let mut gaps = Gaps::default();
    for word in sets::SPECIFIER.words {
        gaps.about = format!("%{}", word.text);
        gaps.in_text(word.doc);
        if word.deprecated == 0 {
            gaps.unless(word.example.contains(&gaps.about), "the example doesn't have it");
            gaps.in_line(word, Manager::System);
        }
    }
    gaps.none();
}

#[test]
fn special_units() {
    let mut gaps = Gaps::default();
    for word in sets::SPECIAL_UNIT.words {
        gaps.about = word.text.to_owned();
        gaps.in_text(word.doc);
        let (prefix, suffix) = word.text.split_once("@.").unwrap_or((word.text, ""));
        let named = word.example.contains(prefix) && word.example.contains(suffix);
        gaps.unless(named || word.text == "-.mount", "the example doesn't name it");
        gaps.in_line(word, if word.scope.contains("user") { Manager::User } else { Manager::System });
    }
    gaps.none();
}

/// What is missing.
#[derive(Default)]
struct Gaps {
    /// What is looked at.
    about: String,
    found: Vec<String>,
}

impl Gaps {
    fn none(self) {
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }

    fn unless(&mut self, good: bool, gap: impl Into<String>) {
        if !good {
            self.found.push(format!("{}: {}", self.about, gap.into()));
        }
    }

    /// A text has sentences.
    fn in_text(&mut self, doc: &str) {
        let begins = doc.starts_with(|c: char| c.is_uppercase() || "`[".contains(c));
        let ends = doc.ends_with(['.', '`', ']', ')']);
        let whole = doc.split_whitespace().count() >= 4 && doc.matches('`').count().is_multiple_of(2);
        self.unless(begins && ends && whole, format!("the text is {doc:?}"));
    }

    /// An example is there and checks clean.
    fn in_example(&mut self, section: &Section, lines: &str, manager: Manager) {
        self.unless(!lines.is_empty(), "there is no example");
        let kind = section.kind.unwrap_or(UnitKind::Service);
        self.in_file(kind, &format!("[{}]\n{lines}", section.name), manager);
    }

    /// The same of a word whose example is lines of a service.
    fn in_line(&mut self, word: &Word, manager: Manager) {
        let key = word.example.split('=').next().unwrap_or_default();
        match schema::sections_of(UnitKind::Service).find(|section| section.get(key).is_some()) {
            Some(section) => self.in_example(section, word.example, manager),
            None => self.unless(false, format!("the example is {:?}", word.example)),
        }
    }

    /// A text checks clean as a file of supervisor's configuration.
    fn in_file_of_supervisord(&mut self, text: &str) {
        let file = svlsp_core::syntax::supervisord::scan(text);
        let target = Target { version: Version::LATEST, manager: Manager::System };
        for finding in rules::check_file(&file, FileKind::Supervisord, None, false, target, &Selection::default()) {
            self.unless(false, format!("{} in the example {text:?}: {}", finding.rule, finding.message));
        }
    }

    /// A text checks clean as an instance of a template, where there are such.
    fn in_file(&mut self, kind: UnitKind, text: &str, manager: Manager) {
        let stem = if kind.may_be_template() { "example-daemon@a" } else { "srv-data" };
        let name = UnitName::parse(&format!("{stem}.{}", kind.suffix())).expect("a name");
        let text = format!("{text}\n");
        let target = Target { version: Version::LATEST, manager };
        let found =
            rules::check_file(&scan(&text), FileKind::Unit(kind), Some(&name), false, target, &Selection::default());
        for finding in found {
            self.unless(false, format!("{} in the example {text:?}: {}", finding.rule, finding.message));
        }
    }
}

/// Whether one number or word holds without it; else it names or adds something, or nothing does.
fn has_default(directive: &Directive) -> bool {
    use ValueType::*;
    !directive.list
        && !matches!(
            directive.value,
            ApparmorProfile
                | BpfDelegate(_)
                | BusName
                | DelegateSubgroup
                | FdName
                | ImagePolicy
                | InstallDefaultInstance
                | InterfaceName
                | LogNamespace
                | MountNode
                | NetworkInterface
                | Path
                | PidFile
                | RebootParameter
                | RootHash
                | RootHashSignature
                | SelinuxContext
                | SetCredential
                | SmackProcessLabel
                | SocketService
                | OpenFile
                | String
                | SwapPriority
                | Text
                | TriggerUnit
                | User
        )
}
