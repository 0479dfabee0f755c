use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{self, Set, sets};
use crate::text::{Edit, Span};
use crate::values::{ValueType, boolean, condition};

pub(super) static RULE: Rule = Rule {
    name: "doubtful-condition",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A condition or an assertion that comes out the same on every machine, because of a word that systemd doesn't know or a prefix in the wrong place. systemd takes any text when it loads the unit and says nothing when it starts it.

```ini
[Unit]
ConditionArchitecture=amd64
ConditionVirtualization=!|container
```

Write the word as systemd has it, `x86-64`; the `|` comes before the `!`.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

/// What other programs call an architecture, and what systemd does.
const ARCHITECTURES: &[(&str, &str)] = &[
    ("aarch64", "arm64"),
    ("amd64", "x86-64"),
    ("armhf", "arm"),
    ("armv7l", "arm"),
    ("i386", "x86"),
    ("i686", "x86"),
    ("ppc64el", "ppc64-le"),
    ("ppc64le", "ppc64-le"),
    ("x64", "x86-64"),
    ("x86_64", "x86-64"),
];

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let Some(entry) = cx.entry.filter(|entry| matches!(entry.value, ValueType::ConditionString)) else { return };
    let value = &cx.directive.value;
    let Some(condition) = condition::parse(value.text(), &cx.file.value_context(entry), &mut Vec::new()) else {
        return;
    };
    let parameter = &*condition.parameter.text;
    let span = value.source(condition.parameter.span);
    let what = entry.name.trim_start_matches("Condition").trim_start_matches("Assert");
    if condition.negate && !condition.trigger && parameter.starts_with('|') {
        let prefix = value.source(Span::new(0, value.text().find('|').unwrap_or_default() + 1));
        findings.push(
            RULE.at(prefix, "\"|\" comes before \"!\": behind it, it is part of what is tested")
                .fix("Write \"|!\"", vec![Edit::replace(prefix, "|!")]),
        );
    } else if parameter.is_empty() || parameter.contains('%') {
        // An empty one resets the list or is refused; a specifier may become anything.
    } else if parameter.starts_with("=>") || parameter.starts_with("=<") {
        let sign = Span { start: span.start, end: span.start + 2 };
        let right = if parameter.starts_with("=>") { ">=" } else { "<=" };
        findings.push(
            RULE.at(sign, format!("there is no operator \"{}\"", &parameter[..2]))
                .fix(format!("Write \"{right}\""), vec![Edit::replace(sign, right)]),
        );
    } else if let Some(unknown) = unknown(what, parameter) {
        // What can't be understood counts as failed, negated or not.
        let fails = matches!(unknown.noun, "architecture" | "capability" | "boolean");
        let outcome = if condition.negate && !fails { "always" } else { "never" };
        let finding =
            RULE.at(span, format!("there is no {} \"{}\": this {outcome} holds", unknown.noun, shown(parameter)));
        findings.push(unknown.explain(finding, span));
    }
}

/// A word that isn't known, and the one that was meant.
struct Unknown {
    noun: &'static str,
    /// The word and whether it is the same for sure.
    meant: Option<(&'static str, bool)>,
}

impl Unknown {
    fn explain(&self, finding: Diagnostic, span: Span) -> Diagnostic {
        let Some((word, sure)) = self.meant else { return finding };
        let (title, edits) = (format!("Replace with \"{word}\""), vec![Edit::replace(span, word)]);
        match sure {
            true => finding.help(format!("systemd calls it \"{word}\"")).fix(title, edits),
            false => finding.help(format!("did you mean \"{word}\"?")).suggestion(title, edits),
        }
    }
}

/// Judges the parameter of the condition `what`, where there is a closed set of them.
fn unknown(what: &str, parameter: &str) -> Option<Unknown> {
    let boolean = boolean::read(parameter).is_some();
    let (set, name): (&Set, &str) = match what {
        "ACPower" | "FirstBoot" => {
            return (!boolean).then_some(Unknown { noun: "boolean", meant: None });
        }
        "Virtualization" if boolean => return None,
        "Virtualization" => (&sets::VIRTUALIZATION, parameter),
        "Security" => (&sets::SECURITY, parameter),
        "Architecture" => (&sets::ARCHITECTURE, parameter),
        "Firmware" => (&sets::FIRMWARE, parameter.split('(').next().unwrap_or_default()),
        "Capability" if parameter.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        "Capability" => (&sets::CAPABILITY, parameter),
        _ => return None,
    };
    if set.get(name).is_some() {
        return None;
    }
    let other = ARCHITECTURES.iter().find(|(other, _)| what == "Architecture" && other == &name);
    let near = || schema::nearest(name, set.words.iter().map(|word| word.text));
    let meant = other.map(|(_, word)| (*word, true)).or_else(|| near().map(|word| (word, false)));
    Some(Unknown { noun: set.noun, meant: meant.filter(|_| name == parameter) })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn what_never_changes() {
        let text = "\
[Unit]
ConditionVirtualization=!|container
ConditionVirtualization=!contianer
AssertArchitecture=|amd64
ConditionSecurity=selinx
ConditionFirmware=bios
ConditionCapability=!CAP_SYS_AMDIN
ConditionACPower=maybe
ConditionKernelVersion=|=>5.10
";
        check(
            "a.service",
            text,
            "doubtful-condition",
            expect![[r#"
            warning 2:25-2:27 "|" comes before "!": behind it, it is part of what is tested
              fix: Write "|!"
            warning 3:26-3:35 there is no kind of virtualization "contianer": this always holds
              help: did you mean "container"?
              suggestion: Replace with "container"
            warning 4:21-4:26 there is no architecture "amd64": this never holds
              help: systemd calls it "x86-64"
              fix: Replace with "x86-64"
            warning 5:19-5:25 there is no security technology "selinx": this never holds
              help: did you mean "selinux"?
              suggestion: Replace with "selinux"
            warning 6:19-6:23 there is no kind of firmware "bios": this never holds
            warning 7:22-7:35 there is no capability "CAP_SYS_AMDIN": this never holds
              help: did you mean "CAP_SYS_ADMIN"?
              suggestion: Replace with "CAP_SYS_ADMIN"
            warning 8:18-8:23 there is no boolean "maybe": this never holds
            warning 9:25-9:27 there is no operator "=>"
              fix: Write ">="
        "#]],
        );
        fixed(
            "a.service",
            text,
            "doubtful-condition",
            expect![[r#"
            [Unit]
            ConditionVirtualization=|!container
            ConditionVirtualization=!container
            AssertArchitecture=|x86-64
            ConditionSecurity=selinux
            ConditionFirmware=bios
            ConditionCapability=!CAP_SYS_ADMIN
            ConditionACPower=maybe
            ConditionKernelVersion=|>=5.10
        "#]],
        );
    }

    #[test]
    fn what_can_be() {
        let text = "\
[Unit]
ConditionVirtualization=|!container
ConditionVirtualization=!yes
ConditionVirtualization=
ConditionArchitecture=native
ConditionSecurity=!selinux
ConditionFirmware=device-tree-compatible(a,b)
ConditionFirmware=smbios-field(board_name = x)
ConditionCapability=cap_sys_admin
ConditionCapability=12
ConditionFirstBoot=no
ConditionKernelVersion=>=5.10
ConditionHost=%H
ConditionArchitecture=%a
";
        check("a.service", text, "doubtful-condition", expect![[""]]);
    }
}
