use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity, Tag};
use crate::schema::{self, Directive, Ending};
use crate::text::{Edit, Span};
use crate::values::ValueType;

pub(super) static RULE: Rule = Rule {
    name: "deprecated-directive",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A directive that systemd still reads, but that was given up for another one and may go away.

```ini
[Service]
ReadWriteDirectories=/var/lib/job
```

Write its successor: `ReadWritePaths=`.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let Some(entry) = cx.entry else { return };
    let version = cx.file.target.version.0;
    let gone = entry.removed.is_some_and(|removed| removed.since <= version);
    let Some(ending) = entry.deprecated.filter(|ending| ending.since <= version && !gone) else { return };
    let since = if ending.since > 0 { format!(" since systemd {}", ending.since) } else { String::new() };
    let message = format!("{}= is deprecated{}{since}{}", entry.name, here(cx, &ending), instead(&ending));
    let finding = RULE.at(cx.directive.key_span, message).tag(Tag::Deprecated);
    findings.push(replaced(finding, cx, entry, &ending));
}

/// Where it is deprecated, if another section still has it.
fn here(cx: &DirectiveContext, ending: &Ending) -> String {
    if ending.section.is_empty() { String::new() } else { format!(" in section [{}]", cx.section.name) }
}

/// What to use from now on, as the end of a message.
pub(super) fn instead(ending: &Ending) -> String {
    match (ending.successor, ending.section) {
        ("", _) => String::new(),
        (successor, "") => format!("; use {successor}="),
        (successor, section) => format!("; use {successor}= in section [{section}]"),
    }
}

/// Offers the successor; certain where it takes the same values and isn't set.
pub(super) fn replaced(finding: Diagnostic, cx: &DirectiveContext, entry: &Directive, ending: &Ending) -> Diagnostic {
    let finding = if ending.note.is_empty() { finding } else { finding.help(ending.note) };
    let section = if ending.section.is_empty() { &*cx.section.name } else { ending.section };
    let Some(successor) = schema::section(section).and_then(|section| section.get(ending.successor)) else {
        return finding;
    };
    if cx.file.target.version.0 < successor.since {
        return finding;
    }
    let (title, edits) = if ending.section.is_empty() {
        (format!("Rename to {}=", successor.name), vec![Edit::replace(cx.directive.key_span, successor.name)])
    } else {
        let lines = cx.file.file.lines(cx.directive.span);
        let rest = Span { start: cx.directive.key_span.end, end: lines.end };
        let moved = format!("{}{}", successor.name, &cx.file.file.text[rest]);
        (
            format!("Move it to [{section}] as {}=", successor.name),
            vec![Edit::delete(lines), cx.file.append(section, moved)],
        )
    };
    let same = ending.note.is_empty() && same_type(entry.value, successor.value);
    let finding = match same && (successor.list || !cx.file.assigns(section, successor.name)) {
        true => finding.fix(title, edits),
        false => finding.suggestion(title, edits),
    };
    if successor.list { finding } else { finding.claiming(section, Some(successor.name)) }
}

/// Whether a value of the one means the same to the other; of a directive that
/// isn't read any more its successor knows best.
fn same_type(old: ValueType, new: ValueType) -> bool {
    match (old, new) {
        (ValueType::Ignored, _) => true,
        (ValueType::Set(a), ValueType::Set(b)) => a.name == b.name,
        _ => std::mem::discriminant(&old) == std::mem::discriminant(&new),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_for, fixed};
    use expect_test::expect;

    #[test]
    fn successors_take_over() {
        let text = "[Unit]\nBindTo=a.service\n[Service]\nReadWriteDirectories=/a\nStartLimitInterval=1\n";
        check(
            "a.service",
            text,
            "deprecated-directive",
            expect![[r#"
                warning 2:1-2:7 BindTo= is deprecated; use BindsTo=
                  fix: Rename to BindsTo=
                warning 4:1-4:21 ReadWriteDirectories= is deprecated since systemd 231; use ReadWritePaths=
                  fix: Rename to ReadWritePaths=
                warning 5:1-5:19 StartLimitInterval= is deprecated in section [Service] since systemd 230; use StartLimitIntervalSec= in section [Unit]
                  fix: Move it to [Unit] as StartLimitIntervalSec=
            "#]],
        );
        fixed(
            "a.service",
            text,
            "deprecated-directive",
            expect![[r#"
            [Unit]
            BindsTo=a.service
            StartLimitIntervalSec=1
            [Service]
            ReadWritePaths=/a
        "#]],
        );
    }

    #[test]
    fn other_values_and_second_ones_are_not_certain() {
        let text = "[Unit]\nOnFailureIsolate=yes\n[Service]\nStartLimitBurst=1\n[Unit]\nStartLimitBurst=2\n";
        check(
            "a.service",
            text,
            "deprecated-directive",
            expect![[r#"
                warning 2:1-2:17 OnFailureIsolate= is deprecated since systemd 209; use OnFailureJobMode=
                  help: write OnFailureJobMode=isolate for yes
                  suggestion: Rename to OnFailureJobMode=
                warning 4:1-4:16 StartLimitBurst= is deprecated in section [Service] since systemd 229; use StartLimitBurst= in section [Unit]
                  suggestion: Move it to [Unit] as StartLimitBurst=
            "#]],
        );
    }

    #[test]
    fn it_depends_on_the_version() {
        let text = "[Service]\nMemoryLimit=1G\n";
        check_for(240, "a.service", text, "deprecated-directive", expect![[""]]);
        check_for(
            252,
            "a.service",
            text,
            "deprecated-directive",
            expect![[r#"
                warning 2:1-2:12 MemoryLimit= is deprecated since systemd 252; use MemoryMax=
                  fix: Rename to MemoryMax=
            "#]],
        );
        check_for(258, "a.service", text, "deprecated-directive", expect![[""]]);
    }

    #[test]
    fn of_two_that_become_one_neither_is_certain() {
        let text = "[Unit]\nStartLimitInterval=1\n[Service]\nStartLimitInterval=2\n";
        check(
            "a.service",
            text,
            "deprecated-directive",
            expect![[r#"
            warning 2:1-2:19 StartLimitInterval= is deprecated since systemd 230; use StartLimitIntervalSec=
              suggestion: Rename to StartLimitIntervalSec=
            warning 4:1-4:19 StartLimitInterval= is deprecated in section [Service] since systemd 230; use StartLimitIntervalSec= in section [Unit]
              suggestion: Move it to [Unit] as StartLimitIntervalSec=
        "#]],
        );
    }
}
