use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::values::exec::Command;
use crate::values::words::Word;

pub(super) static RULE: Rule = Rule {
    name: "unquoted-script",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A shell that gets its script in pieces, or quotes in the wrong place: `sh -c` runs a single word and takes the others for its parameters; without `-c` the word is the name of a file; and quotes round a whole command line make one name of it.

```ini
[Service]
ExecStart=/bin/sh -c cd /srv/job && exec ./run
```

Put quotes round the whole script, and nothing else: `/bin/sh -c 'cd /srv/job && exec ./run'`.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check)),
};

const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "sh", "zsh"];

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let text = cx.directive.value.text();
    if cx.is_exec_with(b"h\"'") && (text.contains("sh") || text.contains(['"', '\''])) {
        findings.extend(cx.commands().iter().filter_map(|command| judge(cx, command)));
    }
}

fn judge(cx: &DirectiveContext, command: &Command) -> Option<Diagnostic> {
    const FOLDERS: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"];
    let at = |word: &Word, message: String| RULE.at(cx.directive.value.source(word.span), message);
    let program = &command.program;
    if command.prefixes.shell {
        return None;
    }
    if program.text.contains(' ') && FOLDERS.iter().any(|folder| program.text.starts_with(folder)) {
        let message = format!("the quotes make \"{}\" the name of one file", shown(&program.text));
        return Some(at(program, message).help("leave the quotes round the command line away"));
    }
    let (shell, arguments) = shell(command)?;
    let mut words = arguments.iter();
    let mut word = words.next()?;
    let mut script = false;
    while let Some(letters) = word.text.strip_prefix(['-', '+']) {
        if letters.starts_with('-') || letters.contains('s') {
            return None;
        }
        script |= letters.contains('c');
        if letters.ends_with(['o', 'O']) {
            words.next();
        }
        word = words.next()?;
    }
    let rest = words.as_slice();
    if !script {
        let name = word.text.contains(' ') && !word.text.starts_with(['/', '.', '$', '%', '~']);
        let message = format!("without -c {shell} takes \"{}\" for the name of a file", shown(&word.text));
        return name.then(|| at(word, message).help(format!("write {shell} -c '…'")));
    }
    let bare = !word.text.contains([' ', '\t', '\n', '$', ';', '%']);
    let operator = rest.iter().any(|word| is_operator(&cx.directive.value.text()[word.span]));
    let parameters = match rest {
        [] => false,
        [zero] => !names_itself(&zero.text, &word.text),
        _ => true,
    };
    let split = operator || (bare && parameters);
    let message = format!("{shell} -c runs \"{}\" only: what follows are its parameters", shown(&word.text));
    split.then(|| at(word, message).help(format!("put quotes round the whole script: {shell} -c '…'")))
}

/// The shell that the command runs, by itself or by `env`, and its arguments.
fn shell<'c>(command: &'c Command) -> Option<(&'c str, &'c [Word<'c>])> {
    let known = |path: &'c str| SHELLS.iter().copied().find(|shell| *shell == base_name(path));
    let arguments = command.arguments();
    if base_name(&command.program.text) != "env" {
        return Some((known(&command.program.text)?, arguments));
    }
    let at = arguments.iter().position(|word| !word.text.starts_with('-') && !word.text.contains('='))?;
    Some((known(&arguments[at].text)?, &arguments[at + 1..]))
}

fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a word, as written, would end a command or redirect it in a script.
fn is_operator(word: &str) -> bool {
    matches!(word, "&&" | "||" | "|" | ">" | ">>" | "2>&1" | "&>" | "<") || word.starts_with(">/")
}

/// Whether `zero`, what `$0` shall be in a script, is a usual name for that.
fn names_itself(zero: &str, script: &str) -> bool {
    matches!(zero, "-" | "--" | "_") || SHELLS.contains(&base_name(zero)) || base_name(zero) == base_name(script)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_supervisord};
    use expect_test::expect;

    #[test]
    fn quotes_are_missing_or_in_the_wrong_place() {
        let text = "\
[Service]
ExecStart=/bin/bash -c cd /srv && ./run.sh
ExecStart=/bin/sh -c /srv/run.sh --fast
ExecStart=/usr/bin/env A=b bash -lc echo hello
ExecStart=/bin/sh \"echo hello\"
ExecStart=\"/usr/bin/node /srv/app.js\"
ExecStart=/bin/sh -c \"cd /srv\" && ./run.sh
";
        check(
            "a.service",
            text,
            "unquoted-script",
            expect![[r#"
            warning 2:24-2:26 bash -c runs "cd" only: what follows are its parameters
              help: put quotes round the whole script: bash -c '…'
            warning 3:22-3:33 sh -c runs "/srv/run.sh" only: what follows are its parameters
              help: put quotes round the whole script: sh -c '…'
            warning 4:37-4:41 bash -c runs "echo" only: what follows are its parameters
              help: put quotes round the whole script: bash -c '…'
            warning 5:19-5:31 without -c sh takes "echo hello" for the name of a file
              help: write sh -c '…'
            warning 6:11-6:38 the quotes make "/usr/bin/node /srv/app.js" the name of one file
              help: leave the quotes round the command line away
            warning 7:22-7:31 sh -c runs "cd /srv" only: what follows are its parameters
              help: put quotes round the whole script: sh -c '…'
        "#]],
        );
    }

    #[test]
    fn scripts_in_one_word() {
        let text = "\
[Service]
ExecStart=/bin/sh -c 'cd /srv && ./run.sh'
ExecStart=/bin/sh -c /srv/run.sh
ExecStart=/bin/sh -c /srv/run.sh run.sh
ExecStart=/bin/sh -c 'echo \"$1\"' -- x
ExecStart=/bin/bash -o pipefail -c 'a | b'
ExecStart=/bin/bash -c ${SCRIPT} a b
ExecStart=/bin/bash -c \"$SCRIPT\" a b
ExecStart=/bin/sh /srv/run.sh \"a b\" > x
ExecStart=/bin/sh \"/srv/my app/run.sh\"
ExecStart=\"/opt/My App/run\" -c a b
ExecStart=/bin/sh -s a b
ExecStart=/bin/bash --login -c a b
ExecStart=/bin/sh -c 'test -e \"$$0\"' /run/a
ExecStart=/bin/job -c a b
";
        check("a.service", text, "unquoted-script", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand=bash -c cd /srv && ./run\n[program:b]\ncommand=/bin/sh -c './run'\n";
        check_supervisord(
            &[text],
            true,
            "unquoted-script",
            expect![[r#"
            warning 2:17-2:19 bash -c runs "cd" only: what follows are its parameters
              help: put quotes round the whole script: bash -c '…'
        "#]],
        );
    }
}
