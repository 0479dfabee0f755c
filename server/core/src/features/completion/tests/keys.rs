use expect_test::expect;

use super::{check, check_for, check_typed};
use crate::schema::Version;

#[test]
fn sections_of_the_kind_come_first_where_they_are_not_used_yet() {
    check(
        "a.service",
        "[Unit]\n[$0",
        expect![[r#"
        "[":
          [Install]
          [Service]
        - [Unit]
    "#]],
    );
    check(
        "a.timer",
        "$0",
        expect![[r#"
        "":
          [Install]
          [Timer]
          [Unit]
    "#]],
    );
    check(
        "a.service",
        "# a\n$0\n[Unit]\n",
        expect![[r#"
        "":
          [Install]
          [Service]
        - [Unit]
    "#]],
    );
    check(
        "a.service",
        "[Unit]\nAfter=b.service\n[Ser$0]\nType=simple\n",
        expect![[r#"
        "[Ser]":
          [Service]
    "#]],
    );
    check(
        "a.service",
        "[Unit] # $0",
        expect![[r#"
        nothing
    "#]],
    );
    check(
        "a.service",
        "[Unit]$0",
        expect![[r#"
        "[Unit]":
          [Unit]
    "#]],
    );
}

#[test]
fn keys_of_the_section() {
    check(
        "a.service",
        "[Service]\nexecst$0\n",
        expect![[r#"
        "execst":
          ExecStart => ExecStart=
          ExecStartPost => ExecStartPost=
          ExecStartPre => ExecStartPre=
          ExecStop => ExecStop=
          ExecStopPost => ExecStopPost=
          ExecReloadPost => ExecReloadPost=
          ExecSearchPath => ExecSearchPath=
    "#]],
    );
    check(
        "a.path",
        "[Path]\n$0\nPathExists=/a\nUnit=b.service\n",
        expect![[r#"
            "":
              DirectoryMode => DirectoryMode=
              DirectoryNotEmpty => DirectoryNotEmpty=
              MakeDirectory => MakeDirectory= => MakeDirectory=${1|yes,no|}
              PathChanged => PathChanged=
              PathExists => PathExists=
              PathExistsGlob => PathExistsGlob=
              PathModified => PathModified=
              TriggerLimitBurst => TriggerLimitBurst=
            … 2 more
        "#]],
    );
    check(
        "a.service",
        "[Service]\n  Rest$0artSec=1\nRestart=no\n",
        expect![[r#"
            "RestartSec":
              RestartForceExitStatus
              RestartKillSignal
              RestartMaxDelaySec
              RestartMode
              RestartPreventExitStatus
              RestartRandomizedDelaySec
              RestartSec
              RestartSteps
            … 28 more
        "#]],
    );
    check(
        "a.service",
        "[Service]\nRest$0artSec = 1\n",
        expect![[r#"
            "RestartSec":
              Restart
              RestartForceExitStatus
              RestartKillSignal
              RestartMaxDelaySec
              RestartMode
              RestartPreventExitStatus
              RestartRandomizedDelaySec
              RestartSec
            … 28 more
        "#]],
    );
    check(
        "a.service",
        "[Service]\nProtectSys$0\n",
        expect![[r#"
        "ProtectSys":
          ProtectSystem => ProtectSystem= => ProtectSystem=${1|full,strict,yes,no|}
    "#]],
    );
    check(
        "a.service",
        "[Service]\nPermissionsStart$0\n",
        expect![[r#"
        "PermissionsStart":
        ! PermissionsStartOnly => PermissionsStartOnly= => PermissionsStartOnly=${1|yes,no|} (deprecated)
    "#]],
    );
    check(
        "a.service",
        "[Unit]\nSuccessActi$0\n",
        expect![[r#"
        "SuccessActi":
          SuccessAction => SuccessAction=
          SuccessActionExitStatus => SuccessActionExitStatus=
    "#]],
    );
    check_for(
        Version(252),
        "a.service",
        "[Service]\nRestartMo$0\n",
        expect![[r#"
        nothing
    "#]],
    );
    check(
        "a.socket",
        "[Socket]\nAccep$0\n",
        expect![[r#"
        "Accep":
          Accept => Accept= => Accept=${1|yes,no|}
          AcceptFileDescriptors => AcceptFileDescriptors= => AcceptFileDescriptors=${1|no,yes|}
          DeferAcceptSec => DeferAcceptSec=
          InaccessiblePaths => InaccessiblePaths=
          XAttrAccept => XAttrAccept=
    "#]],
    );
    check(
        "a.service.d/b.conf",
        "[Service]\nKillMo$0\n",
        expect![[r#"
        "KillMo":
          KillMode => KillMode= => KillMode=${1|mixed,process,control-group|}
    "#]],
    );
}

#[test]
fn no_keys_elsewhere() {
    for text in [
        "$0Key=\n[Unit]\n",
        "[Unit]\n# Af$0\n",
        "[Unit]\nAfter $0=a.service\n",
        "[Unit]\nOne two$0\n",
        "[Unit]\n$0 some text\n",
        "[X-Mine]\nAf$0\n",
        "[Socket]\nAc$0\n",
        "[Unit]\nAf$0ter b\n",
    ] {
        check("a.service", text, expect!["nothing\n"]);
    }
    check("a.network", "[Network]\n$0", expect!["nothing\n"]);
    check_typed(' ', "a.service", "[Unit]\n $0", expect!["nothing\n"]);
}
