//! No setting is dropped in silence, on any backend.
//!
//! For each directive a unit is rendered with it and without it. Its fate must
//! be of the level that the knowledge base promises, and the files must differ
//! unless it is lost or irrelevant. What doesn't hold yet stands in
//! `missing/BACKEND.txt`; `UPDATE_EXPECT=1` rewrites it, and it should get shorter.

use expect_test::{ExpectFile, expect_file};

use super::{Content, Target, Together, render};
use crate::fate::{Backend, Fate, Level};
use crate::plan;
use crate::schema::{self, DIRECTIVES, Directive, UnitKind};
use crate::syntax::scan;
use crate::units::{Unit, UnitName};

/// Lines that show a directive, where the knowledge base has none or none that makes a difference.
const EXAMPLES: [(&str, &str); 47] = [
    ("After", "After=example.service"),
    ("BindsTo", "BindsTo=example.service"),
    ("Before", "Before=example.service"),
    ("Requires", "Requires=example.service"),
    ("Requisite", "Requisite=example.service"),
    ("Wants", "Wants=example.service"),
    ("TimeoutStartSec", "Type=oneshot\nTimeoutStartSec=5min"),
    ("ListenStream", "ListenStream=/run/example.sock"),
    ("ListenDatagram", "ListenDatagram=/run/example.sock"),
    ("DirectoryMode", "ListenStream=/run/example/socket\nMakeDirectory=yes\nDirectoryMode=0700"),
    ("BindTo", "BindTo=example.service"),
    ("ConfigurationDirectoryMode", "ConfigurationDirectory=example\nConfigurationDirectoryMode=0700"),
    ("ExecStart", "Type=oneshot\nExecStart=/bin/other"),
    ("KeyringMode", "KeyringMode=shared"),
    ("MountAPIVFS", "RootDirectory=/srv\nMountAPIVFS=no"),
    ("StandardError", "StandardError=append:/var/log/web"),
    ("SuccessExitStatus", "Restart=on-failure\nSuccessExitStatus=7"),
    ("Type", "Type=oneshot"),
    ("Where", "Where=/srv/other"),
    ("Symlinks", "Symlinks=/run/example"),
    ("MaxConnections", "Accept=yes\nMaxConnections=3"),
    ("MaxConnectionsPerSource", "Accept=yes\nMaxConnectionsPerSource=3"),
    ("NonBlocking", "Sockets=web.socket\nNonBlocking=yes"),
    ("Sockets", "Sockets=example.socket"),
    ("CPUShares", "CPUShares=500"),
    ("DefaultDependencies", "DefaultDependencies=no"),
    ("InaccessibleDirectories", "InaccessibleDirectories=/srv/secret"),
    ("ReloadSignal", "Type=notify-reload\nReloadSignal=USR1"),
    ("OnFailure", "OnFailure=example.service"),
    ("OnSuccessJobMode", "OnSuccess=example.service\nOnSuccessJobMode=replace"),
    ("PartOf", "PartOf=example.service"),
    ("PermissionsStartOnly", "User=example\nExecStartPre=/bin/pre\nPermissionsStartOnly=yes"),
    ("PropagateReloadFrom", "PropagateReloadFrom=example.service"),
    ("PropagateReloadTo", "PropagateReloadTo=example.service"),
    ("ReadOnlyDirectories", "ReadOnlyDirectories=/srv"),
    ("ReadWriteDirectories", "ProtectSystem=strict\nReadWriteDirectories=/srv"),
    ("ReadWritePaths", "ProtectSystem=strict\nReadWritePaths=/srv"),
    ("RequiresOverridable", "RequiresOverridable=example.service"),
    ("RequisiteOverridable", "RequisiteOverridable=example.service"),
    ("RestartMaxDelaySec", "Restart=always\nRestartSec=1s\nRestartSteps=5\nRestartMaxDelaySec=2min"),
    ("RestartSteps", "Restart=always\nRestartSec=1s\nRestartSteps=5\nRestartMaxDelaySec=2min"),
    ("RestartForceExitStatus", "RestartForceExitStatus=7"),
    ("RestartPreventExitStatus", "Restart=always\nRestartPreventExitStatus=7"),
    ("RootDirectoryStartOnly", "RootDirectory=/srv\nExecStartPre=/bin/pre\nRootDirectoryStartOnly=yes"),
    ("StartLimitBurst", "Restart=always\nStartLimitBurst=3"),
    ("StartLimitInterval", "Restart=always\nStartLimitInterval=5min"),
    ("StartLimitIntervalSec", "Restart=always\nStartLimitIntervalSec=5min"),
];

/// What the value in the example makes of the promise; the reason is part of the entry.
const EXCEPTIONS: &[(Backend, &str, &str)] = &[
    (Backend::S6, "LimitCORE", "`s6-softlimit` has no word for infinity"),
    (Backend::S6rc, "LimitCORE", "`s6-softlimit` has no word for infinity"),
    (Backend::S6rc, "Type", "a oneshot stays up, also where systemd has it inactive"),
    (Backend::S6rc, "RemainAfterExit", "every oneshot stays up"),
];

#[test]
fn runit() {
    check(Backend::Runit, expect_file!["missing/runit.txt"]);
}

#[test]
fn s6() {
    check(Backend::S6, expect_file!["missing/s6.txt"]);
}

#[test]
fn s6_rc() {
    check(Backend::S6rc, expect_file!["missing/s6-rc.txt"]);
}

#[test]
fn nosh() {
    check(Backend::Nosh, expect_file!["missing/nosh.txt"]);
}

fn check(backend: Backend, missing: ExpectFile) {
    let mut lines = String::new();
    let excepted: Vec<_> = EXCEPTIONS.iter().filter(|exception| exception.0 == backend).collect();
    let mut used = Vec::new();
    for directive in DIRECTIVES {
        let Some(complaint) = complaint(backend, directive) else { continue };
        match excepted.iter().any(|exception| exception.1 == directive.name) {
            true => used.push(directive.name),
            false => lines.push_str(&format!("{complaint}\n")),
        }
    }
    for (_, name, _) in excepted.into_iter().filter(|exception| !used.contains(&exception.1)) {
        lines.push_str(&format!("{name} is no exception\n"));
    }
    missing.assert_eq(&lines);
}

/// What is wrong with what becomes of a directive.
fn complaint(backend: Backend, directive: &'static Directive) -> Option<String> {
    let kind = UnitKind::ALL.into_iter().filter(|kind| directive.kinds.contains(*kind));
    let kind = kind.max_by_key(|kind| *kind == UnitKind::Service)?;
    let section = schema::sections_of(kind).find(|section| section.groups.contains(&directive.group))?;
    let prefix = format!("{}=", directive.name);
    let own = EXAMPLES.iter().find(|(name, _)| *name == directive.name).map(|(_, lines)| (*lines).to_owned());
    let example = own.unwrap_or_else(|| match directive.example {
        "" => format!("{prefix}yes"),
        example => example.to_owned(),
    });
    let promised = schema::support(directive.key, backend).level();
    let said = |what: String| Some(format!("[{}] {}=: {what}", section.name, directive.name));

    let with = Converted::new(backend, kind, section.name, &example);
    let Some(level) = with.level(directive) else { return said("nothing is said of it".to_owned()) };
    if level != promised {
        return said(format!("{} instead of {}", level.name(), promised.name()));
    }
    if matches!(level, Level::Lost | Level::Irrelevant) {
        return None;
    }
    let others: Vec<&str> = example.lines().filter(|line| !line.starts_with(&prefix)).collect();
    let without = Converted::new(backend, kind, section.name, &others.join("\n"));
    (with.files == without.files).then(|| said("nothing is done".to_owned())).flatten()
}

/// What a unit and those that it names have become.
struct Converted {
    /// The fates of its own assignments.
    fates: Vec<(schema::Key, Fate)>,
    /// All files, without comments.
    files: String,
}

impl Converted {
    /// Converts a unit with `lines` in the section, as many others as it may name along with it.
    fn new(backend: Backend, kind: UnitKind, section: &str, lines: &str) -> Self {
        let (name, needed) = base(kind);
        let mut text = needed.to_owned();
        for line in lines.lines() {
            // An example may have lines of another section.
            let key = line.split('=').next().unwrap_or_default();
            let has = |section: &&schema::Section| section.get(key).is_some();
            let own = schema::section(section).filter(has);
            let home = own.or_else(|| schema::sections_of(kind).find(has)).map_or(section, |home| home.name);
            text.push_str(&format!("[{home}]\n{line}\n"));
        }
        let mut texts = vec![(UnitName::parse(name).expect("it is a name"), text)];
        for word in lines.split(['=', ' ', '\n']).chain(["web.service", "web@.service"]) {
            if let Some(name) = UnitName::parse(word).filter(|name| texts.iter().all(|(known, _)| known != name)) {
                let text = base(name.kind()).1.to_owned();
                texts.push((name, text));
            }
        }
        let target = Target::new(backend);
        let files: Vec<_> = texts.iter().map(|(_, text)| [scan(text)]).collect();
        let units: Vec<_> = texts.iter().zip(&files).map(|((name, _), files)| Unit::new(name, files)).collect();
        let plans: Vec<_> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
        let together = Together::of(&plans);
        let renderings: Vec<_> = plans.iter().map(|plan| render(plan, &together, &target)).collect();
        let keys = units[0].settings().iter().map(|setting| setting.entry.key);
        let fates = keys.zip(renderings[0].fates.iter().cloned()).collect();
        let mut shown = String::new();
        for directory in renderings.iter().flat_map(|rendering| &rendering.directories) {
            for file in &directory.files {
                shown.push_str(&format!("{}/{}\n", directory.name, file.path));
                match &file.content {
                    Content::Text(text) | Content::Script(text) => {
                        let text = String::from_utf8_lossy(text);
                        text.lines().filter(|line| !line.starts_with('#')).for_each(|line| shown.push_str(line));
                    }
                    Content::Link(to) => shown.push_str(to),
                    Content::Directory => {}
                }
            }
        }
        Converted { fates, files: shown }
    }

    /// The worst fate of the assignments of a directive.
    fn level(&self, directive: &Directive) -> Option<Level> {
        let own = self.fates.iter().filter(|(key, _)| *key == directive.key);
        own.map(|(_, fate)| fate.level()).max()
    }
}

/// A unit of some kind, as small as can be.
fn base(kind: UnitKind) -> (&'static str, &'static str) {
    match kind {
        UnitKind::Service => ("web.service", "[Service]\nExecStart=/bin/web\n"),
        UnitKind::Socket => ("web.socket", "[Socket]\nListenStream=/run/web\n"),
        UnitKind::Timer => ("web.timer", "[Timer]\nOnBootSec=5\n"),
        UnitKind::Path => ("web.path", "[Path]\nPathExists=/run/web\n"),
        UnitKind::Mount => ("srv-data.mount", "[Mount]\nWhat=/dev/sdb1\nWhere=/srv/data\n"),
        UnitKind::Automount => ("srv-data.automount", "[Automount]\nWhere=/srv/data\n"),
        UnitKind::Swap => ("dev-sdb1.swap", "[Swap]\nWhat=/dev/sdb1\n"),
        UnitKind::Slice => ("web.slice", ""),
        UnitKind::Scope => ("web.scope", ""),
        UnitKind::Target => ("web.target", ""),
        UnitKind::Device => ("dev-sdb1.device", ""),
    }
}
