use super::RULE;
use crate::rules::{ConfigContext, Findings};

/// The same for FastCGI programs: only a socket in the file system has an owner and a mode.
pub(super) fn check(cx: &ConfigContext, findings: &mut Findings) {
    for program in cx.sections("fcgi-program") {
        let Some(socket) = program.get("socket").filter(|socket| socket.text().starts_with("tcp://")) else { continue };
        for idle in ["socket_owner", "socket_mode"].iter().filter_map(|key| program.get(key)) {
            let message = format!("{}= needs a socket that is a path: supervisord doesn't start", idle.directive.key);
            findings.push(
                cx.at_line(&RULE, idle, message)
                    .related(socket.file, socket.directive.span, "this is none")
                    .fix(format!("Remove {}=", idle.directive.key), vec![cx.without(idle)]),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn ports_have_no_owner() {
        let text = "[fcgi-program:a]\nsocket=tcp://localhost:9000\nsocket_owner=a\nsocket_mode=0700\n\
                    [fcgi-program:b]\nsocket=unix:///b\nsocket_mode=0700\n";
        check_supervisord(
            &[text],
            true,
            "socket-conflict",
            expect![[r#"
            error 3:1-3:15 socket_owner= needs a socket that is a path: supervisord doesn't start
              see: this is none
              fix: Remove socket_owner=
            error 4:1-4:17 socket_mode= needs a socket that is a path: supervisord doesn't start
              see: this is none
              fix: Remove socket_mode=
        "#]],
        );
    }
}
