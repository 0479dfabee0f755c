use std::collections::BTreeSet;

use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule, unknown_directive};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{self, FileKind, Group, Section, Title, UnitKind};
use crate::syntax::Directive;
use crate::text::Edit;

pub(super) static RULE: Rule = Rule {
    name: "wrong-section",
    severity: Severity::Error,
    optional: false,
    doc: "\
A directive in a section that doesn't have it, while another section of the same kind of unit, or of supervisord.conf, does. systemd drops the line, with only a line in the log; supervisord does so without a word.

```ini
[Unit]
Description=A job
WantedBy=multi-user.target
```

Move the line to its section: `WantedBy=` to `[Install]`.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check_supervisord)),
};

/// The one section of a `kind` unit that has a directive called `key`.
pub(super) fn home(kind: UnitKind, key: &str) -> Option<&'static Section> {
    let mut homes = schema::sections_of(kind).filter(|section| section.get(key).is_some());
    homes.next().filter(|_| homes.next().is_none())
}

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let FileKind::Unit(kind) = cx.file.kind else { return };
    if cx.entry.is_some() || !cx.file.reads(cx.section) {
        return;
    }
    let Directive { key, key_span, .. } = cx.directive;
    let Some(home) = home(kind, key) else { return };
    let message = format!("{key}= belongs into section [{}], not [{}]", home.name, cx.section.name);
    let (finding, title) = (RULE.at(*key_span, message), format!("Move it to [{}]", home.name));
    findings.push(match moved(cx, kind, home) {
        Some((edits, true)) => claiming(finding.fix(title, edits), home, key),
        Some((edits, false)) => claiming(finding.suggestion(title, edits), home, key),
        None => finding,
    });
}

fn check_supervisord(cx: &DirectiveContext, findings: &mut Findings) {
    let key = &*cx.directive.key;
    if cx.entry.is_some() || !cx.file.reads(cx.section) {
        return;
    }
    let Some(homes) = supervisord_homes(cx).filter(|_| !unknown_directive::is_misspelt(cx)) else { return };
    let message = format!("{key}= belongs into {homes}, not [{}]", shown(&cx.section.name));
    findings.push(RULE.at(cx.directive.key_span, message));
}

/// The sections of supervisord.conf that have this key, where its own has not.
pub(super) fn supervisord_homes(cx: &DirectiveContext) -> Option<String> {
    let here = cx.file.known(&cx.section.name)?;
    let homes = schema::supervisord::SECTIONS.iter().filter(|home| home.get(&cx.directive.key).is_some());
    // What all programs have is named after the first kind of them.
    let program = |home: &&Section| home.groups.contains(&Group::Program) && home.name != "program";
    let own = |home: &&Section| home.groups.len() > 1 && home.groups[1].get(&cx.directive.key).is_some();
    let names: Vec<String> = homes
        .filter(|home| !program(home) || own(home))
        .map(|home| if home.title == Title::Always { format!("[{}:x]", home.name) } else { format!("[{}]", home.name) })
        .collect();
    (!here.open && !names.is_empty()).then(|| names.join(" or "))
}

/// Moves the directive, along with its neighbours of the same fate so that
/// they keep their order; certain if nothing there says something else. Where
/// there are many, this is left to the first of them.
fn moved<'a>(cx: &DirectiveContext<'a>, kind: UnitKind, target: &'static Section) -> Option<(Vec<Edit>, bool)> {
    let run = run(cx, kind, target)?;
    let span = run.iter().fold(cx.directive.span, |span, directive| span.cover(directive.span));
    let lines = cx.file.file.lines(span);
    // Of two values in what moves together, the first would be idle there.
    let mut seen = BTreeSet::new();
    let alone = |key: &'a str| seen.insert(key) || target.get(key).is_some_and(|entry| entry.list);
    let certain = run.iter().map(|directive| &*directive.key).all(alone)
        && run.iter().all(|directive| !cx.file.assigns(target.name, &directive.key));
    let there = cx.file.append(target.name, cx.file.file.text[lines].to_owned());
    Some((vec![Edit::delete(lines), there], certain))
}

/// Says what a move gives a value to, unless values add up there.
fn claiming(finding: Diagnostic, home: &Section, key: &str) -> Diagnostic {
    let list = home.get(key).is_some_and(|entry| entry.list);
    if list { finding } else { finding.claiming(home.name, Some(key)) }
}

/// The directives in one go around this one that belong into `target`; `None`
/// if many of them come before it.
fn run<'a>(cx: &DirectiveContext<'a>, kind: UnitKind, target: &Section) -> Option<&'a [Directive<'a>]> {
    const MANY: usize = 50;
    let misplaced = |directive: &&Directive| {
        let here = schema::section(&cx.section.name).is_some_and(|section| section.get(&directive.key).is_some());
        !here && home(kind, &directive.key).is_some_and(|home| home.name == target.name)
    };
    let all = cx.file.file.directives_of(cx.section);
    let at = all.partition_point(|directive| directive.span.start < cx.directive.span.start);
    let before = all[..at].iter().rev().take(MANY).take_while(misplaced).count();
    let most = if before == 0 { usize::MAX } else { MANY };
    let after = all[at..].iter().take(most).take_while(misplaced).count();
    (before < MANY && after < most).then(|| &all[at - before..at + after])
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn lines_move_together_to_their_section() {
        let text = "\
[Unit]
Description=a
ExecStartPre=/bin/b \\
  # why
  c
# first
ExecStartPre=/bin/a
After=b.service
WantedBy=x.target

[Service]
ExecStart=/bin/true
";
        check(
            "a.service",
            text,
            "wrong-section",
            expect![[r#"
            error 3:1-3:13 ExecStartPre= belongs into section [Service], not [Unit]
              fix: Move it to [Service]
            error 7:1-7:13 ExecStartPre= belongs into section [Service], not [Unit]
              fix: Move it to [Service]
            error 9:1-9:9 WantedBy= belongs into section [Install], not [Unit]
              fix: Move it to [Install]
        "#]],
        );
        fixed(
            "a.service",
            text,
            "wrong-section",
            expect![[r#"
                [Unit]
                Description=a
                After=b.service
                WantedBy=x.target

                [Service]
                ExecStart=/bin/true
                ExecStartPre=/bin/b \
                  # why
                  c
                # first
                ExecStartPre=/bin/a
            "#]],
        );
    }

    #[test]
    fn a_second_value_is_not_certain() {
        let text = "[Service]\nExecStart=/bin/true\n[Unit]\nExecStart=/bin/false";
        check(
            "a.service",
            text,
            "wrong-section",
            expect![[r#"
            error 4:1-4:10 ExecStart= belongs into section [Service], not [Unit]
              suggestion: Move it to [Service]
        "#]],
        );
        fixed(
            "a.service",
            text,
            "wrong-section",
            expect![[r#"
            [Service]
            ExecStart=/bin/true
            ExecStart=/bin/false
            [Unit]
        "#]],
        );
    }

    #[test]
    fn the_last_line_may_have_no_end() {
        let text = "[Unit]\nUser=a\n[Service]\nExecStart=/bin/true";
        fixed(
            "a.service",
            text,
            "wrong-section",
            expect![[r#"
            [Unit]
            [Service]
            ExecStart=/bin/true
            User=a
        "#]],
        );
        fixed(
            "a.service",
            "[Unit]\nUser=a",
            "wrong-section",
            expect![[r#"
            [Unit]


            [Service]
            User=a
        "#]],
        );
    }

    #[test]
    fn line_ends_go_along() {
        let text = "[Unit]\r\nUser=a\r\nAfter=b.service\r\n[Service]\r\nType=simple\r\n";
        fixed(
            "a.service",
            text,
            "wrong-section",
            expect!["[Unit]\r\nAfter=b.service\r\n[Service]\r\nType=simple\r\nUser=a\r\n"],
        );
    }

    #[test]
    fn right_sections_and_unread_ones() {
        let text = "[Unit]\nStartLimitBurst=1\n[Service]\nStartLimitBurst=1\n[X-Mine]\nAfter=a\n[Mount]\nAfter=b\n";
        check("a.service", text, "wrong-section", expect![[""]]);
        check("a.container", "[Unit]\nExecStart=/bin/true\n", "wrong-section", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text =
            "[group:a]\nnumprocs=2\nuser=a\nevents=b\n[program:a]\nchmod=0700\nlogfile=a\nfiles=b\nprograms=c\nfoo=d\n";
        check_supervisord(
            &[text],
            true,
            "wrong-section",
            expect![[r#"
            error 2:1-2:9 numprocs= belongs into [program:x], not [group:a]
            error 3:1-3:5 user= belongs into [program:x] or [supervisord], not [group:a]
            error 4:1-4:7 events= belongs into [eventlistener:x], not [group:a]
            error 6:1-6:6 chmod= belongs into [unix_http_server], not [program:a]
            error 8:1-8:6 files= belongs into [include], not [program:a]
            error 9:1-9:9 programs= belongs into [group:x], not [program:a]
        "#]],
        );
        fixed_supervisord(
            text,
            "wrong-section",
            expect![[r#"
            [group:a]
            numprocs=2
            user=a
            events=b
            [program:a]
            chmod=0700
            logfile=a
            files=b
            programs=c
            foo=d
        "#]],
        );
    }

    #[test]
    fn two_values_are_not_certain() {
        let text = "[Unit]\nUser=a\nRestart=no\nRestart=always\nAfter=a.service\nType=exec\n[Install]\nType=simple\n";
        check(
            "a.service",
            text,
            "wrong-section",
            expect![[r#"
            error 2:1-2:5 User= belongs into section [Service], not [Unit]
              suggestion: Move it to [Service]
            error 3:1-3:8 Restart= belongs into section [Service], not [Unit]
              suggestion: Move it to [Service]
            error 4:1-4:8 Restart= belongs into section [Service], not [Unit]
              suggestion: Move it to [Service]
            error 6:1-6:5 Type= belongs into section [Service], not [Unit]
              suggestion: Move it to [Service]
            error 8:1-8:5 Type= belongs into section [Service], not [Install]
              suggestion: Move it to [Service]
        "#]],
        );
    }
}
