use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule, invisible_character, wrong_section};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{self, FileKind, Section, UnitKind};
use crate::text::Edit;

mod supervisord;

pub(super) use supervisord::is_misspelt;

pub(super) static RULE: Rule = Rule {
    name: "unknown-directive",
    severity: Severity::Error,
    optional: false,
    doc: "\
A directive that this kind of unit doesn't have. systemd drops the line, with only a line in the log; supervisord drops keys that a section doesn't have without a word.

Directives whose name begins with `X-` are left to other programs.

```ini
[Service]
ExecStrat=/usr/bin/true
```

Names are case-sensitive: write `ExecStart=`. Those of supervisord.conf are not.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(supervisord::check)),
};

/// What people write who come from other supervisors, or remember half.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("Command", "ExecStart"),
    ("Cwd", "WorkingDirectory"),
    ("Depends", "Requires"),
    ("DependsOn", "Requires"),
    ("Directory", "WorkingDirectory"),
    ("Env", "Environment"),
    ("EnvFile", "EnvironmentFile"),
    ("Exec", "ExecStart"),
    ("ExecRestart", "ExecReload"),
    ("RestartDelay", "RestartSec"),
    ("Stderr", "StandardError"),
    ("Stdout", "StandardOutput"),
    ("WorkDir", "WorkingDirectory"),
    ("WorkingDir", "WorkingDirectory"),
];

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let FileKind::Unit(kind) = cx.file.kind else { return };
    let key = &*cx.directive.key;
    if cx.entry.is_some() || key.starts_with("X-") || !cx.file.reads(cx.section) {
        return;
    }
    let Some(section) = schema::section(&cx.section.name) else { return };
    if wrong_section::home(kind, key).is_some() {
        return;
    }
    let shown = shown(key);
    let finding = RULE.at(cx.directive.key_span, format!("unknown directive {shown}= in section [{}]", section.name));
    findings.push(explained(finding, cx, kind, section));
}

/// Adds what the directive may have been meant to be.
fn explained(finding: Diagnostic, cx: &DirectiveContext, kind: UnitKind, section: &Section) -> Diagnostic {
    let key = &*cx.directive.key;
    let clean = invisible_character::removed(key);
    if clean != key
        && let Some(known) = section.get(clean.trim())
    {
        return renamed(finding.help("there is an invisible character in its name"), cx, known.name, true);
    }
    let nearest = schema::nearest(key, section.directives().map(|directive| directive.name));
    if let Some(near) = nearest.filter(|near| schema::is_slip(key, near)) {
        return renamed(finding.help(format!("did you mean {near}=?")), cx, near, true);
    }
    if let Some(other) = schema::SECTIONS.iter().find(|other| !other.belongs_to(kind) && other.get(key).is_some()) {
        let suffix = other.kind.map_or("", UnitKind::suffix);
        return finding.help(format!("{key}= belongs into section [{}] of a .{suffix} unit", other.name));
    }
    let other_name = OTHER_NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, meant)| *meant);
    match other_name.filter(|meant| section.get(meant).is_some()).or(nearest) {
        Some(near) => renamed(finding.help(format!("did you mean {near}=?")), cx, near, false),
        None => finding,
    }
}

/// Offers to rename it; certain only where nothing else assigns to that, or would after such a fix.
fn renamed(finding: Diagnostic, cx: &DirectiveContext, name: &str, sure: bool) -> Diagnostic {
    let (title, edits) = (format!("Rename to {name}="), vec![Edit::replace(cx.directive.key_span, name)]);
    let section = &*cx.section.name;
    let finding = match sure && !cx.file.assigns(section, name) {
        true => finding.fix(title, edits),
        false => finding.suggestion(title, edits),
    };
    let list = cx.file.known(section).and_then(|section| section.get(name)).is_some_and(|entry| entry.list);
    if list { finding } else { finding.claiming(section, Some(name)) }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn a_slip_is_named() {
        let text = "[Service]\nExecStrat=/bin/true\nX-Mine=1\nexecstop=/bin/true\n";
        check(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
            error 2:1-2:10 unknown directive ExecStrat= in section [Service]
              help: did you mean ExecStart=?
              fix: Rename to ExecStart=
            error 4:1-4:9 unknown directive execstop= in section [Service]
              help: did you mean ExecStop=?
              fix: Rename to ExecStop=
        "#]],
        );
        fixed(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
            [Service]
            ExecStart=/bin/true
            X-Mine=1
            ExecStop=/bin/true
        "#]],
        );
    }

    #[test]
    fn a_rename_onto_another_one_is_not_certain() {
        let text = "[Service]\nExecStart=/bin/true\nExecStarts=/bin/false\n";
        check(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
            error 3:1-3:11 unknown directive ExecStarts= in section [Service]
              help: did you mean ExecStart=?
              suggestion: Rename to ExecStart=
        "#]],
        );
    }

    #[test]
    fn settings_of_other_kinds_and_supervisors() {
        let text = "[Service]\nListenStream=80\ncommand=/bin/true\nFrobnicate=1\n";
        check(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
            error 2:1-2:13 unknown directive ListenStream= in section [Service]
              help: ListenStream= belongs into section [Socket] of a .socket unit
            error 3:1-3:8 unknown directive command= in section [Service]
              help: did you mean ExecStart=?
              suggestion: Rename to ExecStart=
            error 4:1-4:11 unknown directive Frobnicate= in section [Service]
        "#]],
        );
    }

    #[test]
    fn a_no_break_space_is_seen() {
        let text = "[Unit]\n\u{a0}After=a.service\nRequires\u{200b}=b.service\n";
        check(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
            error 2:1-2:7 unknown directive \u{a0}After= in section [Unit]
              help: there is an invisible character in its name
              fix: Rename to After=
            error 3:1-3:10 unknown directive Requires\u{200b}= in section [Unit]
              help: there is an invisible character in its name
              fix: Rename to Requires=
        "#]],
        );
        fixed(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
            [Unit]
            After=a.service
            Requires=b.service
        "#]],
        );
    }

    #[test]
    fn what_systemd_passes_over_is_no_matter() {
        check("a.service", "[X-Mine]\nA=b\n[Socket]\nA=b\n[Nope]\nA=b\n", "unknown-directive", expect![[""]]);
        check("a.network", "[Match]\nName=eth0\n[Service]\nA=b\n", "unknown-directive", expect![[""]]);
        check(
            "a.target",
            "[Target]\nA=b\n",
            "unknown-directive",
            expect![[r#"
            error 2:1-2:2 unknown directive A= in section [Target]
        "#]],
        );
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\nAutoStrat=true\ncmd=a\nfoo=b\nnumprocs_strat=1\nenvironment=\nA=\"b\",\nB=\"c\"\nC=d\ncommand=a \\\n--foo=b\nfiles=a\n[mine]\nfoo=b\n[rpcinterface:a]\nfoo=b\n";
        check_supervisord(
            &[text],
            true,
            "unknown-directive",
            expect![[r#"
            error 2:1-2:10 unknown key autostrat= in section [program:a]
              help: did you mean autostart=?
              fix: Rename to autostart=
            error 3:1-3:4 unknown key cmd= in section [program:a]
              help: did you mean command=?
              suggestion: Rename to command=
            error 4:1-4:4 unknown key foo= in section [program:a]
            error 5:1-5:15 unknown key numprocs_strat= in section [program:a]
              help: did you mean numprocs_start=?
              fix: Rename to numprocs_start=
            error 7:1-7:2 unknown key a= in section [program:a]
              help: to go on with environment= above, indent the line
              suggestion: Indent the line
            error 8:1-8:2 unknown key b= in section [program:a]
              help: to go on with environment= above, indent the line
              suggestion: Indent the line
            error 9:1-9:2 unknown key c= in section [program:a]
            error 11:1-11:6 unknown key --foo= in section [program:a]
              help: to go on with command= above, indent the line
              suggestion: Indent the line
        "#]],
        );
        fixed_supervisord(
            text,
            "unknown-directive",
            expect![[r#"
            [program:a]
            autostart=true
            command=a
            foo=b
            numprocs_start=1
            environment=
                A="b",
                B="c"
            C=d
            command=a \
                --foo=b
            files=a
            [mine]
            foo=b
            [rpcinterface:a]
            foo=b
        "#]],
        );
    }

    #[test]
    fn a_rename_onto_another_key_is_not_certain() {
        let text = "[program:a]\ncommand=a\ncommnd=b\n[program:b]\ncommnd=b\n[program:a]\ncomand=c\n";
        check_supervisord(
            &[text],
            true,
            "unknown-directive",
            expect![[r#"
            error 3:1-3:7 unknown key commnd= in section [program:a]
              help: did you mean command=?
              suggestion: Rename to command=
            error 5:1-5:7 unknown key commnd= in section [program:b]
              help: did you mean command=?
              fix: Rename to command=
            error 7:1-7:7 unknown key comand= in section [program:a]
              help: did you mean command=?
              suggestion: Rename to command=
        "#]],
        );
    }

    #[test]
    fn of_two_slips_neither_is_certain() {
        let text = "[Service]\nRestrt=no\nRestar=always\nUsr=a\nEnvironmnt=A=1\nEnvironmen=B=1\n";
        check(
            "a.service",
            text,
            "unknown-directive",
            expect![[r#"
                error 2:1-2:7 unknown directive Restrt= in section [Service]
                  help: did you mean Restart=?
                  suggestion: Rename to Restart=
                error 3:1-3:7 unknown directive Restar= in section [Service]
                  help: did you mean Restart=?
                  suggestion: Rename to Restart=
                error 4:1-4:4 unknown directive Usr= in section [Service]
                  help: did you mean User=?
                  fix: Rename to User=
                error 5:1-5:11 unknown directive Environmnt= in section [Service]
                  help: did you mean Environment=?
                  fix: Rename to Environment=
                error 6:1-6:11 unknown directive Environmen= in section [Service]
                  help: did you mean Environment=?
                  fix: Rename to Environment=
            "#]],
        );
        let text = "[program:a]\ncommnd=a\nuser_=a\n[program:b]\ncomand=b\nauto_start=true\nautostrt=false\n[program:a]\ncomand=c\n";
        check_supervisord(
            &[text],
            true,
            "unknown-directive",
            expect![[r#"
            error 2:1-2:7 unknown key commnd= in section [program:a]
              help: did you mean command=?
              suggestion: Rename to command=
            error 3:1-3:6 unknown key user_= in section [program:a]
              help: did you mean user=?
              fix: Rename to user=
            error 5:1-5:7 unknown key comand= in section [program:b]
              help: did you mean command=?
              fix: Rename to command=
            error 6:1-6:11 unknown key auto_start= in section [program:b]
              help: did you mean autostart=?
              suggestion: Rename to autostart=
            error 7:1-7:9 unknown key autostrt= in section [program:b]
              help: did you mean autostart=?
              suggestion: Rename to autostart=
            error 9:1-9:7 unknown key comand= in section [program:a]
              help: did you mean command=?
              suggestion: Rename to command=
        "#]],
        );
    }
}
