use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::context::{shown, supervisord_command};
use crate::rules::{Check, DirectiveContext, Findings, Rule};
use crate::values::exec::Command;
use crate::values::supervisord::Kind;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "daemonizing-program",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A program of supervisord.conf that goes into the background by itself. supervisord sees it end, starts it again and again, and gives up, while the first one goes on running where nobody stops it.

```ini
[program:nginx]
command=/usr/sbin/nginx
```

Tell it to stay in the foreground: `nginx -g 'daemon off;'`, `redis-server --daemonize no`, `sshd -D`. Of programs whose configuration may say so too, this is a hint.",
    systemd: None,
    supervisord: Some(Check::Directive(check)),
};

/// A program that goes into the background.
struct Daemon {
    names: &'static [&'static str],
    /// What makes it do so; nothing if it always does.
    by: &'static [&'static str],
    /// What keeps it from that.
    unless: &'static [&'static str],
    help: &'static str,
}

const DAEMONS: &[Daemon] = &[
    always(
        &["apache2", "httpd"],
        &["-DFOREGROUND", "FOREGROUND", "-DNO_DETACH", "NO_DETACH", "-X", "-t", "-S", "-V", "-v"],
        "add -D FOREGROUND",
    ),
    always(&["cron"], &["-f"], "add -f"),
    always(&["crond"], &["-f", "-n", "-d", "-x"], "add -n, or -f of busybox"),
    always(&["sshd"], &["-D", "-d", "-dd", "-ddd", "-i", "-t", "-T"], "add -D"),
    always(&["rsyslogd"], &["-n", "-N1", "-N", "-v"], "add -n"),
    always(&["dnsmasq"], &["-k", "--keep-in-foreground", "-d", "--no-daemon", "--test"], "add --keep-in-foreground"),
    always(&["keepalived"], &["-n", "--dont-fork", "-D", "-nD", "-Dn", "-nldD"], "add --dont-fork"),
    always(
        &["smbd", "nmbd", "winbindd"],
        &["-F", "--foreground", "-i", "--interactive", "-FS", "-SF"],
        "add --foreground",
    ),
    when(&["redis-server", "redis-sentinel", "valkey-server"], &["--daemonize yes"], "write --daemonize no"),
    when(&["gunicorn", "unicorn", "unicorn_rails"], &["-D", "--daemon", "--daemonize"], "delete it"),
    when(
        &["php-fpm", "php-fpm7.4", "php-fpm8.1", "php-fpm8.2", "php-fpm8.3", "php-fpm8.4"],
        &["-D", "--daemonize"],
        "write --nodaemonize",
    ),
    when(&["uwsgi"], &["-d", "--daemonize"], "delete it"),
    when(&["memcached"], &["-d", "--daemon"], "delete it"),
    when(&["mongod", "mongos"], &["--fork"], "delete it"),
    when(&["mysqld", "mariadbd"], &["--daemonize", "-D"], "delete it"),
    when(&["haproxy"], &["-D"], "delete it"),
    when(&["elasticsearch"], &["-d", "--daemonize"], "delete it"),
    when(&["celery"], &["--detach", "-D"], "delete it"),
    when(&["puma", "sidekiq"], &["-d", "--daemon"], "delete it"),
    when(&["varnishd"], &["-b"], "add -F"),
    when(&["docker", "podman"], &["-d", "--detach"], "delete it"),
    when(&["docker-compose"], &["-d", "--detach"], "delete it"),
];

const fn always(names: &'static [&'static str], unless: &'static [&'static str], help: &'static str) -> Daemon {
    Daemon { names, by: &[], unless, help }
}

const fn when(names: &'static [&'static str], by: &'static [&'static str], help: &'static str) -> Daemon {
    Daemon { names, by, unless: &[], help }
}

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    if cx.supervisord_kind() != Some(Kind::Command) {
        return;
    }
    let value = cx.directive.value.text();
    let Some(command) = supervisord_command(value) else { return };
    let path = &*command.program.text;
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let words: Vec<&str> = command.args.iter().map(|word| &*word.text).collect();
    let at = |message: String| RULE.at(cx.directive.value.source(command.program.span), message);
    if let Some(finding) = starter(path, name, &words) {
        findings.push(
            at(format!("\"{finding}\" ends at once: it leaves the program to somebody else"))
                .help("run the program itself, in the foreground"),
        );
        return;
    }
    if name == "nginx" {
        findings.extend(nginx(&words, at));
        return;
    }
    let Some(daemon) = DAEMONS.iter().find(|daemon| daemon.names.contains(&name)) else { return };
    if daemon.by.is_empty() {
        if !words.iter().any(|word| daemon.unless.contains(word))
            && !words.iter().any(|word| word.contains("oreground"))
        {
            findings.push(at(format!("{} goes into the background", shown(name))).help(daemon.help));
        }
    } else if let Some((span, option)) = option(&command, daemon.by) {
        let message = format!("\"{}\" sends {} into the background", shown(option), shown(name));
        findings.push(RULE.at(cx.directive.value.source(span), message).help(daemon.help));
    }
}

/// The option of `command` that is one of these, which may have a value: `--daemonize yes`.
fn option(command: &Command, by: &'static [&'static str]) -> Option<(crate::text::Span, &'static str)> {
    command.args.iter().enumerate().find_map(|(at, word)| {
        let next = command.args.get(at + 1).map_or("", |next| &*next.text);
        let matches = |option: &&&str| match option.split_once(' ') {
            Some((option, value)) => {
                (word.text == *option && next == value) || word.text == format!("{option}={value}")
            }
            None => word.text == **option,
        };
        by.iter().find(matches).map(|option| (word.span, *option))
    })
}

/// What only starts something else: `service nginx start`.
fn starter(path: &str, name: &str, words: &[&str]) -> Option<String> {
    const VERBS: [&str; 4] = ["start", "restart", "reload", "graceful"];
    let verb = |at: usize| words.get(at).filter(|word| VERBS.contains(word));
    let script = path.starts_with("/etc/init.d/") || path.starts_with("/etc/rc.d/");
    let found = match name {
        "service" | "invoke-rc.d" | "rc-service" => verb(1),
        "systemctl" | "apachectl" | "apache2ctl" | "postfix" => verb(0),
        _ if script => verb(0),
        _ => None,
    };
    found.map(|_| format!("{} {}", shown(name), words[..words.len().min(2)].join(" ")))
}

fn nginx(words: &[&str], at: impl Fn(String) -> Diagnostic) -> Option<Diagnostic> {
    const HELP: &str = "add -g 'daemon off;'";
    if words.iter().any(|word| word.contains("daemon off") || matches!(*word, "-t" | "-T" | "-v" | "-V" | "-s" | "-h"))
    {
        return None;
    }
    if words.iter().any(|word| word.contains("daemon on")) {
        return Some(at("nginx goes into the background".to_owned()).help(HELP));
    }
    // Its configuration may say so.
    let finding = at("nginx goes into the background unless its configuration says \"daemon off;\"".to_owned());
    Some(Diagnostic { severity: Severity::Hint, ..finding.help(HELP) })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    fn programs(commands: &[&str]) -> String {
        commands.iter().enumerate().map(|(at, command)| format!("[program:p{at}]\ncommand={command}\n")).collect()
    }

    #[test]
    fn what_goes_into_the_background() {
        let text = programs(&[
            "/usr/sbin/nginx",
            "nginx -g 'daemon on;'",
            "/usr/sbin/apache2 -k start",
            "redis-server /etc/redis.conf --daemonize yes",
            "gunicorn -D app:app",
            "/usr/sbin/sshd",
            "service nginx start",
            "/etc/init.d/ssh start",
            "apachectl start",
            "cron",
        ]);
        check_supervisord(
            &[&text],
            true,
            "daemonizing-program",
            expect![[r#"
            hint 2:9-2:24 nginx goes into the background unless its configuration says "daemon off;"
              help: add -g 'daemon off;'
            warning 4:9-4:14 nginx goes into the background
              help: add -g 'daemon off;'
            warning 6:9-6:26 apache2 goes into the background
              help: add -D FOREGROUND
            warning 8:38-8:49 "--daemonize yes" sends redis-server into the background
              help: write --daemonize no
            warning 10:18-10:20 "-D" sends gunicorn into the background
              help: delete it
            warning 12:9-12:23 sshd goes into the background
              help: add -D
            warning 14:9-14:16 "service nginx start" ends at once: it leaves the program to somebody else
              help: run the program itself, in the foreground
            warning 16:9-16:24 "ssh start" ends at once: it leaves the program to somebody else
              help: run the program itself, in the foreground
            warning 18:9-18:18 "apachectl start" ends at once: it leaves the program to somebody else
              help: run the program itself, in the foreground
            warning 20:9-20:13 cron goes into the background
              help: add -f
        "#]],
        );
    }

    #[test]
    fn what_stays() {
        let text = programs(&[
            "nginx -g \"daemon off;\"",
            "/usr/sbin/apache2ctl -D FOREGROUND",
            "apache2 -DFOREGROUND",
            "redis-server /etc/redis.conf",
            "redis-server --daemonize no",
            "gunicorn app:app",
            "/usr/sbin/sshd -D",
            "cron -f",
            "php-fpm -F",
            "php-fpm8.2 --nodaemonize",
            "memcached -m 64",
            "systemctl status a",
            "sh -c 'service nginx start'",
        ]);
        check_supervisord(&[&text], true, "daemonizing-program", expect![[""]]);
    }
}
