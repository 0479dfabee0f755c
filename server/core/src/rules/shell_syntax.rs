use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule, shell_builtin};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::Dialect;
use crate::text::{Edit, Span};
use crate::values::exec::Command;
use crate::values::words::Word;

pub(super) mod supervisord;
mod wrap;

pub(super) static RULE: Rule = Rule {
    name: "shell-syntax",
    severity: Severity::Warning,
    optional: false,
    doc: "\
Something that only a shell understands in a command line: a redirection, a pipe, `&&`, `||`, `&`, a `;` behind a word, a command substitution, `${NAME:-default}`, a glob, an assignment in front of the program; in supervisord.conf also `$NAME` and `~/`. systemd and supervisord run the program itself, without a shell: it gets these as arguments like any other.

```ini
[Service]
ExecStart=/usr/bin/job --fast > /var/log/job.log 2>&1
```

Use a directive (`StandardOutput=append:/var/log/job.log`, `Environment=`, one `ExecStartPre=` for each command; `stdout_logfile=`, `environment=`, `directory=` in supervisord.conf), or run a shell: `/bin/sh -c '…'`.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check)),
};

/// What a word would be to a shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Redirection,
    Pipe,
    Operator,
    Background,
    Separator,
    Substitution,
    Expansion,
    Glob,
    /// `$NAME`, to supervisord.
    Variable,
    /// `~/`, to supervisord.
    Home,
}

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    if !may_have_some(cx) {
        return;
    }
    for command in cx.commands() {
        if let Some(finding) = assignment(cx, &command) {
            findings.push(finding);
        } else if !understands(&command) {
            arguments(cx, &command, findings);
        }
    }
}

/// `command` of `value`, prefixes left out, run by a shell; `None` where that can't be written without
/// a change of meaning, or where it has one already.
pub(crate) fn wrapped(value: &str, command: &Command) -> Option<String> {
    let words = command.arguments();
    let name = base_name(&command.program.text);
    if understands(command) {
        return None;
    }
    wrap::script(value, command, |at| syntax(words, at, value, name))
}

/// Has a shell run a whole command of supervisord.conf.
pub(super) fn run_by_shell(cx: &DirectiveContext, command: &Command) -> Option<(String, Vec<Edit>)> {
    let value = cx.directive.value.text();
    let words = command.arguments();
    let name = base_name(&command.program.text);
    let script = supervisord::script(value, command, |at| syntax(words, at, value, name))?;
    let title = format!("Run it by {} -c", script.split(" -c ").next().unwrap_or_default());
    Some((title, vec![Edit::replace(cx.directive.value.span(), script)]))
}

/// Whether it is worth splitting into words.
fn may_have_some(cx: &DirectiveContext) -> bool {
    let value = cx.directive.value.text();
    let supervisord = || dialect(cx) == Dialect::Supervisord && (value.contains('$') || value.contains("~/"));
    let first = || value.split([' ', '\t']).next().unwrap_or_default();
    cx.is_command()
        && (supervisord()
            || value.bytes().any(|byte| b"|&<>`*?;{".contains(&byte))
            || value.contains("$(")
            || first().contains('='))
}

fn dialect(cx: &DirectiveContext) -> Dialect {
    cx.file.file.dialect
}

/// Reports the first word that a shell would read in another way.
fn arguments(cx: &DirectiveContext, command: &Command, findings: &mut Findings) {
    let value = cx.directive.value.text();
    let name = base_name(&command.program.text);
    let words = command.arguments();
    if command.program.text.ends_with(';') {
        let message = format!("the \";\" of \"{}\" means nothing without a shell: it is part of the name", shown(name));
        let help = if dialect(cx) == Dialect::Supervisord { SHELL } else { SEPARATOR };
        findings.push(RULE.at(cx.directive.value.source(command.program.span), message).help(help));
        return;
    }
    let supervisord = dialect(cx) == Dialect::Supervisord;
    let own = |at: usize| supervisord.then(|| supervisord::syntax(words, at, value)).flatten();
    let as_shell = |at: usize| syntax(words, at, value, name).or_else(|| own(at));
    let Some((word, syntax)) = (0..words.len()).find_map(|at| Some((&words[at], as_shell(at)?))) else { return };
    let (what, help) = match syntax {
        Syntax::Redirection if supervisord => ("redirection", "use stdout_logfile=, or run a shell: /bin/sh -c '…'"),
        Syntax::Redirection => ("redirection", "use StandardOutput=, StandardError= or StandardInput=, or run a shell"),
        Syntax::Pipe => ("pipe", SHELL),
        Syntax::Operator if supervisord => ("operator", SHELL),
        Syntax::Operator => ("operator", "run a shell, or give each command a line of its own"),
        Syntax::Background if supervisord => {
            ("operator", "delete it: supervisord waits for programs in the foreground")
        }
        Syntax::Background => ("operator", "delete it, or run a shell: /bin/sh -c '…'"),
        Syntax::Separator if supervisord => ("separator", SHELL),
        Syntax::Separator => ("separator", SEPARATOR),
        Syntax::Substitution => ("substitution", SHELL),
        Syntax::Expansion => ("expansion", "set the default with Environment=, or run a shell: /bin/sh -c '…'"),
        Syntax::Glob => ("glob", SHELL),
        Syntax::Variable => ("variable", "write %(ENV_NAME)s for a variable that supervisord has, or run a shell"),
        Syntax::Home => ("home directory", "write the path out, or run a shell: /bin/sh -c '…'"),
    };
    let (written, name) = (shown(&value[word.span]), shown(name));
    let message = format!("the {what} \"{written}\" means nothing without a shell: {name} gets it as an argument");
    let finding = RULE.at(cx.directive.value.source(word.span), message).help(help);
    let script = match supervisord {
        true => supervisord::script(value, command, as_shell),
        false => wrap::script(value, command, as_shell),
    };
    findings.push(match script {
        None => finding,
        Some(script) => {
            let span = Span { start: command.program.span.start, end: command.span.end };
            let title = format!("Run it by {} -c", script.split(" -c ").next().unwrap_or_default());
            let edits = vec![Edit::replace(cx.directive.value.source(span), script)];
            // Comments between the lines would go.
            match cx.directive.value.is_continued() || syntax == Syntax::Variable {
                true => finding.suggestion(title, edits),
                false => finding.fix(title, edits),
            }
        }
    });
}

const SHELL: &str = "run a shell: /bin/sh -c '…'";
const SEPARATOR: &str = "give each command a line of its own, or run a shell: /bin/sh -c '…'";

/// Whether the program, or one that it is told to run, is a shell or reads
/// such words in its own way.
fn understands(command: &Command) -> bool {
    const OWN: &[&str] = &[
        "[", "awk", "bc", "csh", "dpkg", "eval", "expr", "find", "fish", "flock", "gawk", "jq", "ksh", "mawk", "mysql",
        "nft", "nu", "parallel", "psql", "rc", "runuser", "screen", "script", "sed", "socat", "sqlite3", "ssh", "su",
        "sudo", "tclsh", "tcpdump", "tcsh", "test", "tmux", "tshark", "watch", "xargs", "zsh",
    ];
    let reads = |word: &str, rest: &[Word]| {
        let name = base_name(word);
        name == "sh"
            || name.ends_with("ash") && name.len() <= 5
            || name == "busybox"
            || OWN.binary_search(&name).is_ok()
            || runs_code(name, rest)
    };
    command.prefixes.shell
        || reads(&command.program.text, &command.args)
        || command.args.iter().enumerate().any(|(at, word)| reads(&word.text, &command.args[at + 1..]))
}

/// Whether an interpreter gets code of its language among its arguments, and not a script's name.
fn runs_code(name: &str, arguments: &[Word]) -> bool {
    let letters: &[char] = match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "lua" | "node" | "ruby" => &['e'],
        "perl" => &['e', 'E'],
        "php" => &['B', 'E', 'R', 'r'],
        "python" => &['c'],
        _ => return false,
    };
    // Of two words without a dash the first may be an option's value; what follows the script is the script's.
    let mut dash = false;
    let options = arguments.iter().map(|word| &*word.text).take_while(|word| {
        let before = std::mem::replace(&mut dash, word.starts_with('-'));
        before || dash
    });
    options.filter_map(|word| word.strip_prefix('-')).any(|option| match option.strip_prefix('-') {
        Some(long) => ["eval", "print", "process-", "run"].iter().any(|name| long.starts_with(name)),
        None => option.contains(letters),
    })
}

fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// What one of the arguments of `program`, as it is written in `value`, would be to a shell.
fn syntax(words: &[Word], at: usize, value: &str, program: &str) -> Option<Syntax> {
    const FILES: &[&str] =
        &["cat", "chgrp", "chmod", "chown", "cp", "gzip", "install", "ln", "ls", "mv", "rm", "rmdir", "touch"];
    const DELIMITER: &[&str] = &["--delimiter", "--separator", "-F", "-d", "-s", "-t"];
    let word = &value[words[at].span];
    let last = at + 1 == words.len();
    let before = at.checked_sub(1).map_or("", |at| &words[at].text);
    let next = words.get(at + 1).map_or("", |next| &value[next.span]);
    match word {
        "|" | "|&" if !last && !DELIMITER.contains(&before) => return Some(Syntax::Pipe),
        "||" | "&&" => return Some(Syntax::Operator),
        "&" if last || runs(next) => return Some(Syntax::Background),
        _ if separates(word) && !last && (word.starts_with('$') || runs(next)) => return Some(Syntax::Separator),
        _ if redirection(word) => return Some(Syntax::Redirection),
        _ => {}
    }
    let open = word.trim_start_matches('"');
    let behind = ["=$(", "=`"].iter().any(|start| word.contains(start)) && !word.contains('\'');
    if open.starts_with("$(") || (open.starts_with('`') && open.len() > 1) || behind {
        return Some(Syntax::Substitution);
    }
    if expands(word) {
        return Some(Syntax::Expansion);
    }
    let plain = !word.contains(['"', '\'', '\\']);
    let braces = || word.contains('{') && word.contains(',') && word.ends_with('}');
    let globs = plain && word.contains('/') && (word.contains(['*', '?']) || braces());
    (globs && (FILES.contains(&program) || program == "mkdir")).then_some(Syntax::Glob)
}

/// Whether a `;` hangs on the end of `word`.
fn separates(word: &str) -> bool {
    word.len() > 1 && word.ends_with(';') && !word.ends_with("\\;") && !word.contains(['"', '\''])
}

/// Whether `text` surely begins with a command of its own.
pub(super) fn starts_command(text: &str) -> bool {
    let word = text.split([' ', '\t', '"', '\'']).next().unwrap_or_default();
    runs(word) || word.starts_with("./") || word.starts_with("../")
}

/// Whether `word` is surely the program of a command of its own.
fn runs(word: &str) -> bool {
    const FOLDERS: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"];
    const NAMES: &[&str] = &[
        "cd",
        "chgrp",
        "chmod",
        "chown",
        "cp",
        "echo",
        "exec",
        "exit",
        "export",
        "kill",
        "ln",
        "mkdir",
        "mv",
        "rm",
        "rmdir",
        "sleep",
        "systemctl",
        "touch",
        "true",
    ];
    let word = word.trim_end_matches(';');
    NAMES.binary_search(&word).is_ok() || FOLDERS.iter().any(|folder| word.starts_with(folder))
}

/// Whether there is a `${NAME:-default}` or one of its like: to systemd only `${NAME}` is a variable.
fn expands(word: &str) -> bool {
    word.match_indices("${").any(|(at, _)| {
        let rest = &word[at + 2..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let operator = [":-", ":=", ":+", ":?", "%%", "#"].iter().any(|sign| rest[length..].starts_with(sign));
        length > 0 && operator && rest.contains('}') && !word[..at].ends_with('$')
    })
}

/// Whether `word` is `>`, `2>&1`, `>>/a/file` or their like.
fn redirection(word: &str) -> bool {
    let sign = match word.as_bytes() {
        [b'&' | b'0'..=b'9', rest @ ..] | rest => rest,
    };
    let target = match sign {
        [b'>', b'>', target @ ..] | [b'<', b'<', target @ ..] | [b'>' | b'<', target @ ..] => target,
        _ => return false,
    };
    let log = [".err", ".log", ".out", ".txt"].iter().any(|end| target.ends_with(end.as_bytes()));
    matches!(target, [] | [b'/', ..] | b"&1" | b"&2" | b"&-") || log && target.len() > 4
}

/// `NAME=value program` instead of a program.
fn assignment(cx: &DirectiveContext, command: &Command) -> Option<Diagnostic> {
    let program = &*command.program.text;
    let (name, value) = program.split_once('=')?;
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if command.prefixes.shell
        || !name.starts_with(|c: char| valid(c) && !c.is_ascii_digit())
        || !name.chars().all(valid)
    {
        return None;
    }
    let span = cx.directive.value.source(command.program.span);
    let finding = RULE
        .at(
            span,
            format!("the assignment \"{}\" means nothing without a shell: it is taken for the program", shown(program)),
        )
        .help(match dialect(cx) {
            Dialect::Systemd => format!("use Environment={}", shown(program)),
            Dialect::Supervisord => format!("use environment={name}=\"{}\"", shown(value)),
        });
    let same = !value.contains('$') && !command.prefixes.argv0 && !command.args.is_empty();
    let edits = vec![Edit::insert(span.start as usize, "/usr/bin/env ")];
    Some(if same { finding.fix("Run it by /usr/bin/env", edits) } else { finding })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_supervisord, fixed, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn only_a_shell_reads_them() {
        let text = "\
[Service]
ExecStart=/bin/job --fast > /var/log/job 2>&1
ExecStart=-/bin/job | /usr/bin/logger -t 'a b'
ExecStart=/bin/job && /bin/other \"it's\"
ExecStart=/bin/job &
ExecStart=/bin/job --host $(hostname) --pid `cat /run/pid`
ExecStart=/bin/rm -f /run/job/*.pid
ExecStart=/bin/job >>/var/log/%n $OPTIONS
ExecStart=A=b B=c /bin/job
";
        check(
            "a.service",
            text,
            "shell-syntax",
            expect![[r#"
                warning 2:27-2:28 the redirection ">" means nothing without a shell: job gets it as an argument
                  help: use StandardOutput=, StandardError= or StandardInput=, or run a shell
                  fix: Run it by /bin/sh -c
                warning 3:21-3:22 the pipe "|" means nothing without a shell: job gets it as an argument
                  help: run a shell: /bin/sh -c '…'
                  fix: Run it by /bin/sh -c
                warning 4:20-4:22 the operator "&&" means nothing without a shell: job gets it as an argument
                  help: run a shell, or give each command a line of its own
                warning 5:20-5:21 the operator "&" means nothing without a shell: job gets it as an argument
                  help: delete it, or run a shell: /bin/sh -c '…'
                warning 6:27-6:38 the substitution "$(hostname)" means nothing without a shell: job gets it as an argument
                  help: run a shell: /bin/sh -c '…'
                warning 7:22-7:36 the glob "/run/job/*.pid" means nothing without a shell: rm gets it as an argument
                  help: run a shell: /bin/sh -c '…'
                  fix: Run it by /bin/sh -c
                warning 8:20-8:33 the redirection ">>/var/log/%n" means nothing without a shell: job gets it as an argument
                  help: use StandardOutput=, StandardError= or StandardInput=, or run a shell
                warning 9:11-9:14 the assignment "A=b" means nothing without a shell: it is taken for the program
                  help: use Environment=A=b
                  fix: Run it by /usr/bin/env
            "#]],
        );
        fixed(
            "a.service",
            text,
            "shell-syntax",
            expect![[r#"
                [Service]
                ExecStart=/bin/sh -c 'exec /bin/job --fast > /var/log/job 2>&1'
                ExecStart=-/bin/sh -c '/bin/job | /usr/bin/logger -t "a b"'
                ExecStart=/bin/job && /bin/other "it's"
                ExecStart=/bin/job &
                ExecStart=/bin/job --host $(hostname) --pid `cat /run/pid`
                ExecStart=/bin/sh -c 'exec /bin/rm -f /run/job/*.pid'
                ExecStart=/bin/job >>/var/log/%n $OPTIONS
                ExecStart=/usr/bin/env A=b B=c /bin/job
            "#]],
        );
    }

    #[test]
    fn several_commands_and_expansions() {
        let text = "\
[Service]
ExecStart=/bin/mkdir -p /run/x; /bin/chown x /run/x
ExecReload=kill -HUP $MAINPID; foo
ExecStop=/bin/a; true
ExecStop=/bin/a & /bin/b
ExecStop=/bin/java -Dhost=$(hostname) -jar a.jar
ExecStop=/bin/a --port ${PORT:-8080}
ExecStop=/bin/mkdir -p /srv/{a,b}
ExecStop=/bin/a >job.log
";
        check(
            "a.service",
            text,
            "shell-syntax",
            expect![[r#"
            warning 2:25-2:32 the separator "/run/x;" means nothing without a shell: mkdir gets it as an argument
              help: give each command a line of its own, or run a shell: /bin/sh -c '…'
              fix: Run it by /bin/sh -c
            warning 3:22-3:31 the separator "$MAINPID;" means nothing without a shell: kill gets it as an argument
              help: give each command a line of its own, or run a shell: /bin/sh -c '…'
            warning 4:10-4:17 the ";" of "a;" means nothing without a shell: it is part of the name
              help: give each command a line of its own, or run a shell: /bin/sh -c '…'
            warning 5:17-5:18 the operator "&" means nothing without a shell: a gets it as an argument
              help: delete it, or run a shell: /bin/sh -c '…'
            warning 6:20-6:38 the substitution "-Dhost=$(hostname)" means nothing without a shell: java gets it as an argument
              help: run a shell: /bin/sh -c '…'
            warning 7:24-7:37 the expansion "${PORT:-8080}" means nothing without a shell: a gets it as an argument
              help: set the default with Environment=, or run a shell: /bin/sh -c '…'
            warning 8:24-8:34 the glob "/srv/{a,b}" means nothing without a shell: mkdir gets it as an argument
              help: run a shell: /bin/sh -c '…'
              fix: Run it by /bin/sh -c
            warning 9:17-9:25 the redirection ">job.log" means nothing without a shell: a gets it as an argument
              help: use StandardOutput=, StandardError= or StandardInput=, or run a shell
              fix: Run it by /bin/sh -c
        "#]],
        );
    }

    #[test]
    fn words_that_are_meant() {
        let text = "\
[Service]
ExecStart=/usr/sbin/tool add rule x { type filter; policy drop; } 'a; /bin/b' a\\; b; c
ExecStart=/bin/job $${A:-b} ${A:b} ${A} '=$(x)' a;b;c --tag=<5.log> {a,b}/c x; end;
ExecStart=/bin/sh -c 'echo ${A:-b}; /bin/true'
";
        check("a.service", text, "shell-syntax", expect![[""]]);
    }

    #[test]
    fn separators_are_no_pipes() {
        check("a.service", "[Service]\nExecStart=/usr/bin/cut -d | -f 1\n", "shell-syntax", expect![[""]]);
    }

    #[test]
    fn shells_and_programs_that_read_them_themselves() {
        let text = "\
[Service]
ExecStart=/bin/sh -c 'a > b | c && d'
ExecStart=/bin/bash -c a > b
ExecStart=/usr/bin/env bash -c a | b
ExecStart=/usr/bin/ssh host a > b
ExecStart=|/bin/job > b
ExecStart=/usr/bin/find /a -name *.b -newer /c/*
ExecStart=/usr/bin/test 1 < 2
ExecStart=/bin/job '>' \"|\" a>b -> <a> x&y & z
ExecStart=/bin/job /a/* --glob=* 'what?' $OPTIONS ${A} a=b
ExecStart=/usr/bin/rm '/a/*'
ExecStart=/bin/a ; /bin/b
ExecStart=/usr/bin/mysqld --a=b
";
        check("a.service", text, "shell-syntax", expect![[""]]);
    }

    #[test]
    fn scripts_are_no_code() {
        let text = "\
[Service]
ExecStart=/usr/bin/python3.11 -u manage.py run -c x && /bin/true
ExecStart=/usr/bin/env php artisan queue:work -r 3 > /var/log/queue.log
ExecStart=/usr/bin/perl a.pl | /usr/bin/logger
ExecStart=/usr/bin/python3.11 -Ic import&sys > b
ExecStart=/usr/bin/env php -d a=b -r print(1) > b
ExecStart=/usr/bin/perl -we print > b
ExecStart=/usr/bin/node --eval a | b
";
        check(
            "a.service",
            text,
            "shell-syntax",
            expect![[r#"
                warning 2:53-2:55 the operator "&&" means nothing without a shell: python3.11 gets it as an argument
                  help: run a shell, or give each command a line of its own
                  fix: Run it by /bin/sh -c
                warning 3:52-3:53 the redirection ">" means nothing without a shell: env gets it as an argument
                  help: use StandardOutput=, StandardError= or StandardInput=, or run a shell
                  fix: Run it by /bin/sh -c
                warning 4:30-4:31 the pipe "|" means nothing without a shell: perl gets it as an argument
                  help: run a shell: /bin/sh -c '…'
                  fix: Run it by /bin/sh -c
            "#]],
        );
    }

    #[test]
    fn supervisord() {
        let text = r#"[program:a]
command=/bin/job --fast > /var/log/job 2>&1
[program:b]
command=cd /srv && /bin/job | tee "it's"
[program:c]
command=/bin/job -u $USER ${HOME}/x '$A' $uri
[program:d]
command=A=b /bin/job
[program:e]
command=/bin/job &
[program:f]
command=/bin/rm ~/a /run/*
[program:g]
command=cd /srv; ./run --fast;
[program:h]
command=/bin/bash -c "a | b && c > d $X"
[program:i]
command=/bin/job 2>/dev/null
    --why 'a b'
environment=A="a > b"
"#;
        check_supervisord(
            &[text],
            true,
            "shell-syntax",
            expect![[r#"
            warning 2:25-2:26 the redirection ">" means nothing without a shell: job gets it as an argument
              help: use stdout_logfile=, or run a shell: /bin/sh -c '…'
              fix: Run it by /bin/sh -c
            warning 4:17-4:19 the operator "&&" means nothing without a shell: cd gets it as an argument
              help: run a shell: /bin/sh -c '…'
              fix: Run it by /bin/sh -c
            warning 6:21-6:26 the variable "$USER" means nothing without a shell: job gets it as an argument
              help: write %(ENV_NAME)s for a variable that supervisord has, or run a shell
              suggestion: Run it by /bin/sh -c
            warning 8:9-8:12 the assignment "A=b" means nothing without a shell: it is taken for the program
              help: use environment=A="b"
              fix: Run it by /usr/bin/env
            warning 10:18-10:19 the operator "&" means nothing without a shell: job gets it as an argument
              help: delete it: supervisord waits for programs in the foreground
            warning 12:17-12:20 the home directory "~/a" means nothing without a shell: rm gets it as an argument
              help: write the path out, or run a shell: /bin/sh -c '…'
              fix: Run it by /bin/sh -c
            warning 14:12-14:17 the separator "/srv;" means nothing without a shell: cd gets it as an argument
              help: run a shell: /bin/sh -c '…'
              fix: Run it by /bin/sh -c
            warning 18:18-18:29 the redirection "2>/dev/null" means nothing without a shell: job gets it as an argument
              help: use stdout_logfile=, or run a shell: /bin/sh -c '…'
              suggestion: Run it by /bin/sh -c
        "#]],
        );
        fixed_supervisord(
            text,
            "shell-syntax",
            expect![[r#"
            [program:a]
            command=/bin/sh -c 'exec /bin/job --fast > /var/log/job 2>&1'
            [program:b]
            command=/bin/sh -c "cd /srv && /bin/job | tee \"it's\""
            [program:c]
            command=/bin/sh -c "exec /bin/job -u $USER ${HOME}/x '$A' $uri"
            [program:d]
            command=/usr/bin/env A=b /bin/job
            [program:e]
            command=/bin/job &
            [program:f]
            command=/bin/sh -c 'exec /bin/rm ~/a /run/*'
            [program:g]
            command=/bin/sh -c 'cd /srv; exec ./run --fast;'
            [program:h]
            command=/bin/bash -c "a | b && c > d $X"
            [program:i]
            command=/bin/sh -c "exec /bin/job 2>/dev/null --why 'a b'"
            environment=A="a > b"
        "#]],
        );
    }
}
