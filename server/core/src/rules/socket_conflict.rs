mod supervisord;

use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::socket;
use crate::schema::{Key, UnitKind};
use crate::units::Setting;

pub(super) static RULE: Rule = Rule {
    name: "socket-conflict",
    severity: Severity::Error,
    optional: false,
    doc: "\
Settings of a socket that exclude each other. systemd refuses to load it.

`Accept=yes` starts an instance of the template of the same name for each connection, so it needs addresses that connections come in at (`ListenStream=`, `ListenSequentialPacket=`), allows no `Service=`, and needs a `MaxConnections=` of at least 1. `Symlinks=` needs exactly one address that is a path. In supervisord.conf `socket_owner` and `socket_mode` need a `socket` that is a path.

```ini
[Socket]
ListenStream=8080
Accept=yes
Service=web.service
```

Take `Service=` away and name the template after the socket, or set `Accept=no`.",
    systemd: Some(Check::Unit(check)),
    supervisord: Some(Check::Config(supervisord::check)),
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if unit.kind() != UnitKind::Socket || !unit.has_fragment {
        return;
    }
    if let Some(accept) = unit.get(socket::Accept).filter(|_| unit.boolean(socket::Accept) == Some(true)) {
        let mut report = |setting: &Setting, message: String| {
            let finding = cx.at(&RULE, setting, message);
            findings.push(finding.related(accept.file, accept.span(), "Accept= is set here"));
        };
        if let Some(setting) = cx.listens().find(|setting| !takes_connections(setting)) {
            report(setting, format!("{}= has no connections that Accept=yes could take", setting.entry.name));
        }
        if let Some(setting) = unit.get(socket::MaxConnections).filter(|setting| is_zero(setting.value())) {
            report(setting, "Accept=yes needs a MaxConnections= of at least 1".to_owned());
        }
        if let Some(setting) = unit.get(socket::Service) {
            let message = format!("Accept=yes always starts {}@.service, it allows no Service=", unit.name.prefix());
            report(setting, message);
        }
    }
    if let Some(setting) = unit.get(socket::Symlinks) {
        let paths = cx.listens().filter(|setting| is_node(setting)).count();
        if paths != 1 && !cx.listens().any(|setting| setting.value().contains('%')) {
            let message = format!("Symlinks= needs exactly one address that is a path, there are {paths}");
            findings.push(cx.at(&RULE, setting, message));
        }
    }
}

/// Whether connections come in here (`have_non_accept_socket` of `src/core/socket.c`).
fn takes_connections(setting: &Setting) -> bool {
    const STREAMS: [Key; 2] = [socket::ListenStream, socket::ListenSequentialPacket];
    STREAMS.contains(&setting.entry.key)
}

/// Whether it is a node in the file system that a link can point to.
fn is_node(setting: &Setting) -> bool {
    const SOCKETS: [Key; 3] = [socket::ListenStream, socket::ListenDatagram, socket::ListenSequentialPacket];
    let key = setting.entry.key;
    key == socket::ListenFIFO || SOCKETS.contains(&key) && setting.value().starts_with('/')
}

fn is_zero(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'0')
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn accepting_sockets_have_their_terms() {
        let text = "[Socket]\nListenStream=1\nListenFIFO=/run/a\nAccept=yes\nService=b.service\nMaxConnections=0\n";
        check(
            "a.socket",
            text,
            "socket-conflict",
            expect![[r#"
            error 3:12-3:18 ListenFIFO= has no connections that Accept=yes could take
              see: Accept= is set here
            error 6:16-6:17 Accept=yes needs a MaxConnections= of at least 1
              see: Accept= is set here
            error 5:9-5:18 Accept=yes always starts a@.service, it allows no Service=
              see: Accept= is set here
        "#]],
        );
    }

    #[test]
    fn links_need_one_node() {
        check(
            "a.socket",
            "[Socket]\nListenStream=1\nSymlinks=/run/b\n",
            "socket-conflict",
            expect![[r#"
            error 3:10-3:16 Symlinks= needs exactly one address that is a path, there are 0
        "#]],
        );
        let two = "[Socket]\nListenStream=/a\nListenFIFO=/b\nSymlinks=/run/b\n";
        check(
            "a.socket",
            two,
            "socket-conflict",
            expect![[r#"
            error 4:10-4:16 Symlinks= needs exactly one address that is a path, there are 2
        "#]],
        );
    }

    #[test]
    fn good_sockets_are_left_alone() {
        for text in [
            "[Socket]\nListenStream=1\nListenSequentialPacket=@a\nAccept=yes\nMaxConnections=10\n",
            "[Socket]\nListenDatagram=/a\nAccept=no\nService=b.service\nMaxConnections=0\nSymlinks=/b\n",
            "[Socket]\nListenStream=1\nAccept=yes\nService=\n",
            "[Socket]\nListenStream=%t/a\nSymlinks=%t/b\n",
        ] {
            check("a.socket", text, "socket-conflict", expect![[""]]);
        }
    }
}
