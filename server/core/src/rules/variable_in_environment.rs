use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::text::{Edit, Span};
use crate::values::supervisord::{self, Kind};
use crate::values::{ValueType, environment};

pub(super) static RULE: Rule = Rule {
    name: "variable-in-environment",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A variable that `Environment=` sets by means of itself, or another one or `~` in a search path. systemd puts in specifiers here, supervisord `%(name)s`, but no variables: the program sees the dollar sign.

```ini
[Service]
Environment=PATH=/opt/job/bin:$PATH
```

Write the value out: `Environment=PATH=/opt/job/bin:/usr/local/bin:/usr/bin:/bin`. `%h` is the home directory of the service manager's user. In supervisord.conf: `environment=PATH=\"/opt/job/bin:%(ENV_PATH)s\"`.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check_supervisord)),
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    let Some(entry) = cx.entry.filter(|entry| matches!(entry.value, ValueType::Environment)) else { return };
    if !value.text().contains(['$', '~']) {
        return;
    }
    for assignment in environment::parse(value.text(), &cx.file.value_context(entry), &mut Vec::new()) {
        let (name, Some(text)) = (assignment.name(), assignment.value()) else { continue };
        let Some((at, written)) = unexpanded(name, text) else { continue };
        let start = name.len() + 1 + at;
        let span = assignment.word.place(Span::new(start, start + written.len()));
        let message = format!("\"{written}\" is not expanded in Environment=: {} gets it as it stands", shown(name));
        findings.push(RULE.at(value.source(span), message).help("write the value out"));
    }
}

fn check_supervisord(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    if cx.supervisord_kind() != Some(Kind::Environment) || !value.text().contains(['$', '~']) {
        return;
    }
    for assignment in supervisord::environment::parse(value.text(), &mut Vec::new()) {
        let Some((_, written)) = unexpanded(&assignment.name, &assignment.value) else { continue };
        let span = value.source(assignment.value_span);
        let message =
            format!("\"{written}\" is not expanded in environment=: {} gets it as it stands", shown(&assignment.name));
        let name = written.trim_matches(['$', '{', '}']);
        let finding = RULE.at(span, message).help(format!("write %(ENV_{name})s, or the value itself"));
        let at = cx.file.file.text[span].find(written).filter(|_| written.starts_with('$'));
        findings.push(match at {
            Some(at) => {
                let start = span.start as usize + at;
                let edit = Edit::replace(Span::new(start, start + written.len()), format!("%(ENV_{name})s"));
                finding.suggestion(format!("Write %(ENV_{name})s"), vec![edit])
            }
            None => RULE.at(span, finding.message).help("write the value out"),
        });
    }
}

/// What in the value of `name` was surely meant to be expanded, and where.
fn unexpanded<'t>(name: &str, value: &'t str) -> Option<(usize, &'t str)> {
    let is_path = name == "PATH" || name.ends_with("_PATH");
    for (at, _) in value.match_indices('$') {
        let braces = value[at + 1..].starts_with('{');
        let rest = &value[at + 1 + usize::from(braces)..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if length == 0 || (braces && !rest[length..].starts_with('}')) {
            continue;
        }
        let variable = &rest[..length];
        if variable == name || (is_path && matches!(variable, "PATH" | "HOME")) {
            return Some((at, &value[at..at + 1 + length + 2 * usize::from(braces)]));
        }
    }
    let home = if value.starts_with("~/") { Some(0) } else { value.find(":~/").map(|at| at + 1) };
    home.filter(|_| is_path).map(|at| (at, &value[at..at + 2]))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn dollars_stay() {
        let text = "\
[Service]
Environment=PATH=/opt/bin:$PATH LD_LIBRARY_PATH=${LD_LIBRARY_PATH}:/opt/lib
Environment=\"OPTIONS=$OPTIONS -v\"
Environment=PATH=/usr/bin:~/bin
Environment=GEM_PATH=$HOME/.gem
";
        check(
            "a.service",
            text,
            "variable-in-environment",
            expect![[r#"
            warning 2:27-2:32 "$PATH" is not expanded in Environment=: PATH gets it as it stands
              help: write the value out
            warning 2:49-2:67 "${LD_LIBRARY_PATH}" is not expanded in Environment=: LD_LIBRARY_PATH gets it as it stands
              help: write the value out
            warning 3:22-3:30 "$OPTIONS" is not expanded in Environment=: OPTIONS gets it as it stands
              help: write the value out
            warning 4:27-4:29 "~/" is not expanded in Environment=: PATH gets it as it stands
              help: write the value out
            warning 5:22-5:27 "$HOME" is not expanded in Environment=: GEM_PATH gets it as it stands
              help: write the value out
        "#]],
        );
    }

    #[test]
    fn what_a_program_may_expand_itself_is_fine() {
        let text = "\
[Service]
Environment=PS1=$ A=$B 'GIT_SSH_COMMAND=ssh -i $HOME/x' OPTS=${OTHER} DIR=~/a PATH=/bin$ X=a~b
Environment=PATH=%h/bin:/bin
";
        check("a.service", text, "variable-in-environment", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand=a\nenvironment=PATH=\"/opt/a:$PATH\",A='$B',B=\"${B}/c\",D_PATH=\"~/d\"\n";
        check_supervisord(
            &[text],
            true,
            "variable-in-environment",
            expect![[r#"
            warning 3:18-3:32 "$PATH" is not expanded in environment=: PATH gets it as it stands
              help: write %(ENV_PATH)s, or the value itself
              suggestion: Write %(ENV_PATH)s
            warning 3:42-3:50 "${B}" is not expanded in environment=: B gets it as it stands
              help: write %(ENV_B)s, or the value itself
              suggestion: Write %(ENV_B)s
            warning 3:58-3:63 "~/" is not expanded in environment=: D_PATH gets it as it stands
              help: write the value out
        "#]],
        );
        fixed_supervisord(
            text,
            "variable-in-environment",
            expect![[r#"
            [program:a]
            command=a
            environment=PATH="/opt/a:%(ENV_PATH)s",A='$B',B="%(ENV_B)s/c",D_PATH="~/d"
        "#]],
        );
    }
}
