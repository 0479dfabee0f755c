//! Who may command supervisord: four rules.

use crate::diagnostic::Severity;
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::text::Edit;
use crate::units::supervisord::{Address, Http};

pub(in crate::rules) static OPEN: Rule = Rule {
    name: "open-server",
    severity: Severity::Warning,
    optional: false,
    doc: "\
An `[inet_http_server]` that listens on more than the loopback address without a password. Whoever reaches the port can stop, start and replace programs, as root if supervisord runs as root. A bare port, `*:PORT` and `0.0.0.0:PORT` are all addresses.

```ini
[inet_http_server]
port=*:9001
```

Write `port=127.0.0.1:9001`, or set `username` and `password`.",
    systemd: None,
    supervisord: Some(Check::Config(open)),
};

pub(in crate::rules) static WRITABLE: Rule = Rule {
    name: "world-writable-socket",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A `[unix_http_server]` whose socket everybody may write to, without a password. Any user can then stop, start and replace programs, as root if supervisord runs as root.

```ini
[unix_http_server]
file=/run/supervisor.sock
chmod=0777
```

Write `chmod=0770` and give the socket to a group with `chown`.",
    systemd: None,
    supervisord: Some(Check::Config(writable)),
};

pub(in crate::rules) static CLEAR: Rule = Rule {
    name: "clear-password",
    severity: Severity::Hint,
    optional: false,
    doc: "\
A password of a server that stands in the file as it is. supervisord takes its SHA-1 too.

```ini
[inet_http_server]
port=127.0.0.1:9001
username=admin
password=secret
```

Write `password={SHA}` and what `printf %s secret | sha1sum` prints. The password that `supervisorctl` uses must be in clear: keep that in a file of its own that only its users can read.",
    systemd: None,
    supervisord: Some(Check::Config(clear)),
};

pub(in crate::rules) static UNANSWERED: Rule = Rule {
    name: "unanswered-serverurl",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A `serverurl` of `[supervisorctl]` at which this supervisord doesn't listen: another socket, or another port of this host. `supervisorctl` says that it can't connect. Without `serverurl` it is `http://localhost:9001`.

```ini
[unix_http_server]
file=/run/supervisor.sock
[supervisorctl]
serverurl=unix:///var/run/supervisor/supervisor.sock
```

Write the address that the server has.",
    systemd: None,
    supervisord: Some(Check::Config(unanswered)),
};

fn open(cx: &ConfigContext, findings: &mut Findings) {
    for server in cx.config.server.http.iter().filter(|server| is_free(server)) {
        let (Some(Address::Tcp(host, port)), Some(from)) = (&server.address.value, &server.address.from) else {
            continue;
        };
        if is_loopback(host) {
            continue;
        }
        let message = match &**host {
            "" | "0.0.0.0" => {
                "anybody who reaches this host can control its programs: all addresses, no password".to_owned()
            }
            host => format!("anybody who reaches {} can control its programs: there is no password", shown(host)),
        };
        findings.push(
            cx.at_setting(&OPEN, from, message).help("listen on 127.0.0.1, or set username= and password=").suggestion(
                "Listen on the loopback address",
                vec![Edit::replace(from.directive.value.span(), format!("127.0.0.1:{port}"))],
            ),
        );
    }
}

fn writable(cx: &ConfigContext, findings: &mut Findings) {
    for server in cx.config.server.http.iter().filter(|server| is_free(server)) {
        let Some(section) = cx.config.section(server.section) else { continue };
        let Some(mode) = section.get("chmod") else { continue };
        let text = mode.directive.value.text();
        let digits = text.trim_start_matches("0o").trim_start_matches('0');
        if i64::from_str_radix(digits, 8).is_ok_and(|mode| mode & 2 != 0) {
            let message = format!("everybody may control the programs: mode {} and no password", shown(text));
            findings.push(cx.at(&WRITABLE, mode, message).help("take the write permission of others away"));
        }
    }
}

/// Whether no password is asked for.
fn is_free(server: &Http) -> bool {
    server.password.from.is_none() && server.username.from.is_none()
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]"
}

fn clear(cx: &ConfigContext, findings: &mut Findings) {
    for server in &cx.config.server.http {
        let Some(from) = server.password.from.as_ref().filter(|_| server.password.unknown.is_empty()) else { continue };
        let password = from.value();
        if !password.starts_with("{SHA}") && !password.contains('%') && !password.is_empty() {
            findings.push(
                cx.at_setting(&CLEAR, from, "the password stands here in clear").help("{SHA} and its SHA-1 will do"),
            );
        }
    }
}

fn unanswered(cx: &ConfigContext, findings: &mut Findings) {
    let Some(client) = cx.sections("supervisorctl").next().filter(|_| cx.complete) else { return };
    let servers = &cx.config.server.http;
    let unknown = servers.iter().any(|server| !server.address.unknown.is_empty() || server.address.value.is_none());
    let assigned = client.get("serverurl");
    let url = assigned.map_or("http://localhost:9001", |assigned| assigned.text());
    if unknown || servers.is_empty() || url.contains('%') {
        return;
    }
    let answered = |server: &Http| match (&server.address.value, url.strip_prefix("unix://")) {
        (Some(Address::Unix(socket)), Some(path)) => same_path(socket, path),
        (Some(Address::Tcp(_, port)), None) => {
            let rest = url.strip_prefix("http://").unwrap_or(url);
            let host = rest.split('/').next().unwrap_or_default();
            let (name, at) = host.rsplit_once(':').unwrap_or((host, "80"));
            !(is_loopback(name) || name == "0.0.0.0") || at.parse() == Ok(*port)
        }
        _ => false,
    };
    // Another host may be meant.
    let elsewhere = !url.starts_with("unix://")
        && !["localhost", "127.", "0.0.0.0"].iter().any(|host| url.contains(&format!("://{host}")));
    if elsewhere || servers.iter().any(answered) {
        return;
    }
    let message = format!("nothing listens at {}", shown(url));
    let there = servers.iter().filter_map(|server| Some(url_of(server.address.value.as_ref()?))).next();
    let help = |finding: crate::diagnostic::Diagnostic| match &there {
        Some(there) => finding.help(format!("supervisord listens at {}", shown(there))),
        None => finding,
    };
    findings.push(match (assigned, &there) {
        (Some(assigned), Some(url)) => help(cx.at(&UNANSWERED, assigned, message)).suggestion(
            format!("Replace with \"{}\"", shown(url)),
            vec![Edit::replace(assigned.directive.value.span(), url.as_str())],
        ),
        (Some(assigned), None) => cx.at(&UNANSWERED, assigned, message),
        (None, _) => {
            help(cx.at_header(&UNANSWERED, client, format!("{message}, which is where supervisorctl looks by default")))
        }
    });
}

fn url_of(address: &Address) -> String {
    match address {
        Address::Unix(path) => format!("unix://{path}"),
        Address::Tcp(host, port) => {
            let host = if matches!(&**host, "" | "0.0.0.0") { "localhost" } else { host };
            format!("http://{host}:{port}")
        }
    }
}

/// Whether two paths are the same but for links that every system has.
fn same_path(one: &str, other: &str) -> bool {
    let plain = |path: &str| {
        let path = path.replace("//", "/");
        path.strip_prefix("/var/run/").map_or(path.clone(), |rest| format!("/run/{rest}"))
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn ports_are_closed() {
        let text = "[supervisord]\n[inet_http_server]\nport=9001\n[inet_http_server:a]\nport=*:9002\n\
                    [inet_http_server:b]\nport=0.0.0.0:9003\n[inet_http_server:c]\nport=127.0.0.1:9004\n\
                    [inet_http_server:d]\nport=:9005\nusername=a\npassword=b\n[inet_http_server:e]\nport=10.0.0.1:9001\n\
                    [inet_http_server:f]\nport=%(ENV_HOST)s:9001\n";
        check_supervisord(
            &[text],
            true,
            "open-server",
            expect![[r#"
            warning 3:1-3:10 anybody who reaches this host can control its programs: all addresses, no password
              help: listen on 127.0.0.1, or set username= and password=
              suggestion: Listen on the loopback address
            warning 5:1-5:12 anybody who reaches this host can control its programs: all addresses, no password
              help: listen on 127.0.0.1, or set username= and password=
              suggestion: Listen on the loopback address
            warning 7:1-7:18 anybody who reaches this host can control its programs: all addresses, no password
              help: listen on 127.0.0.1, or set username= and password=
              suggestion: Listen on the loopback address
            warning 15:1-15:19 anybody who reaches 10.0.0.1 can control its programs: there is no password
              help: listen on 127.0.0.1, or set username= and password=
              suggestion: Listen on the loopback address
        "#]],
        );
        fixed_supervisord(
            text,
            "open-server",
            expect![[r#"
            [supervisord]
            [inet_http_server]
            port=127.0.0.1:9001
            [inet_http_server:a]
            port=127.0.0.1:9002
            [inet_http_server:b]
            port=127.0.0.1:9003
            [inet_http_server:c]
            port=127.0.0.1:9004
            [inet_http_server:d]
            port=:9005
            username=a
            password=b
            [inet_http_server:e]
            port=127.0.0.1:9001
            [inet_http_server:f]
            port=%(ENV_HOST)s:9001
        "#]],
        );
    }

    #[test]
    fn sockets_are_closed() {
        let text = "[supervisord]\n[unix_http_server]\nfile=/a\nchmod=0777\n[unix_http_server:a]\nfile=/b\nchmod=0770\n\
                    [unix_http_server:c]\nfile=/c\nchmod=0777\nusername=a\npassword={SHA}b\n";
        check_supervisord(
            &[text],
            true,
            "world-writable-socket",
            expect![[r#"
            warning 4:7-4:11 everybody may control the programs: mode 0777 and no password
              help: take the write permission of others away
        "#]],
        );
    }

    #[test]
    fn passwords_are_not_in_clear() {
        let text = "[supervisord]\n[unix_http_server]\nfile=/a\nusername=a\npassword=b\n[inet_http_server:a]\nport=1\n\
                    username=a\npassword={SHA}c\n[inet_http_server:b]\nport=2\nusername=a\npassword=%(ENV_P)s\n\
                    [supervisorctl]\npassword=b\n";
        check_supervisord(
            &[text],
            true,
            "clear-password",
            expect![[r#"
            hint 5:1-5:11 the password stands here in clear
              help: {SHA} and its SHA-1 will do
        "#]],
        );
    }

    #[test]
    fn supervisorctl_is_answered() {
        let find = |text: &str, expect| check_supervisord(&[text], true, "unanswered-serverurl", expect);
        find(
            "[supervisord]\n[unix_http_server]\nfile=/a\n[supervisorctl]\nserverurl=unix:///b\n",
            expect![[r#"
            warning 5:11-5:20 nothing listens at unix:///b
              help: supervisord listens at unix:///a
              suggestion: Replace with "unix:///a"
        "#]],
        );
        find(
            "[supervisord]\n[unix_http_server]\nfile=/a\n[supervisorctl]\n",
            expect![[r#"
            warning 4:1-4:16 nothing listens at http://localhost:9001, which is where supervisorctl looks by default
              help: supervisord listens at unix:///a
        "#]],
        );
        find(
            "[supervisord]\n[inet_http_server]\nport=9001\n[supervisorctl]\nserverurl=http://localhost:9002\n",
            expect![[r#"
                warning 5:11-5:32 nothing listens at http://localhost:9002
                  help: supervisord listens at http://localhost:9001
                  suggestion: Replace with "http://localhost:9001"
            "#]],
        );
        for silent in [
            "[supervisord]\n[unix_http_server]\nfile=/var/run/a\n[supervisorctl]\nserverurl=unix:///run/a\n",
            "[supervisord]\n[inet_http_server]\nport=9001\n[supervisorctl]\n",
            "[supervisord]\n[inet_http_server]\nport=*:9001\n[supervisorctl]\nserverurl=http://127.0.0.1:9001\n",
            "[supervisord]\n[inet_http_server]\nport=9001\n[supervisorctl]\nserverurl=http://example.org:9002\n",
            "[supervisord]\n[unix_http_server]\nfile=%(ENV_A)s\n[supervisorctl]\nserverurl=unix:///run/a\n",
            "[supervisord]\n[supervisorctl]\nserverurl=unix:///run/a\n",
        ] {
            find(silent, expect![[""]]);
        }
    }
}
