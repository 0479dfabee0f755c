use expect_test::expect;

use super::{check, check_service};

#[test]
fn commands() {
    check_service(
        "ExecStart=$0",
        expect![[r#"
            "":
              /bin/ -- the same as `/usr/bin/` nowadays
              /opt/ -- add-on packages
              /sbin/ -- the same as `/usr/sbin/` nowadays
              /usr/bin/ -- programs of the distribution
              /usr/lib/ -- programs that packages keep to themselves
              /usr/libexec/ -- programs that packages keep to themselves
              /usr/local/bin/ -- programs of this machine
              /usr/local/sbin/ -- programs of this machine for administrators
            … 7 more
        "#]],
    );
    check_service(
        "ExecStart=-$0",
        expect![[r#"
            "":
              /bin/ -- the same as `/usr/bin/` nowadays
              /opt/ -- add-on packages
              /sbin/ -- the same as `/usr/sbin/` nowadays
              /usr/bin/ -- programs of the distribution
              /usr/lib/ -- programs that packages keep to themselves
              /usr/libexec/ -- programs that packages keep to themselves
              /usr/local/bin/ -- programs of this machine
              /usr/local/sbin/ -- programs of this machine for administrators
            … 6 more
        "#]],
    );
    check_service(
        "ExecStart=-/usr/s$0",
        expect![[r#"
        "/usr/s":
          /usr/sbin/ -- programs for administrators
          /usr/local/sbin/ -- programs of this machine for administrators
    "#]],
    );
    check_service(
        "ExecStart=/bin/a $0",
        expect![[r#"
        nothing
    "#]],
    );
    check_service(
        "ExecStart=/bin/a ; $0",
        expect![[r#"
            "":
              /bin/ -- the same as `/usr/bin/` nowadays
              /opt/ -- add-on packages
              /sbin/ -- the same as `/usr/sbin/` nowadays
              /usr/bin/ -- programs of the distribution
              /usr/lib/ -- programs that packages keep to themselves
              /usr/libexec/ -- programs that packages keep to themselves
              /usr/local/bin/ -- programs of this machine
              /usr/local/sbin/ -- programs of this machine for administrators
            … 7 more
        "#]],
    );
    check_service("ExecStart=\"/us$0", expect!["nothing\n"]);
    check_service(
        "ExecStart=/bin/a '%$0'",
        expect![[r#"
            "%":
              %% -- A single percent sign. Wherever specifiers are put in, a percent sign that shall stay must be doubled.
              %A -- Version of the system image: `IMAGE_VERSION=` of os-release. Empty where there is none.
              %B -- Build of the system: `BUILD_ID=` of os-release. Empty where there is none.
              %C -- Root of cache directories: `/var/cache`, or `$XDG_CACHE_HOME` of the user. `CacheDirectory=` makes a directory below it.
              %D -- Directory of shared data: `/usr/share`, or `$XDG_DATA_HOME` of the user.
              %E -- Root of configuration directories: `/etc`, or `$XDG_CONFIG_HOME` of the user.
              %G -- Number of the group that the manager runs as: `0`, or that of the user. `Group=` makes no difference.
              %H -- Host name when the unit was loaded; a later change doesn't show.
            … 35 more
        "#]],
    );
}

#[test]
fn variables() {
    check_service(
        "Environment=\"ONE=a b\" TWO=2\nPassEnvironment=LANG THREE\nExecStart=/bin/a $$0",
        expect![[r#"
            "$":
            + $LANG -- as the service manager has it
            + $ONE -- a b
            + $THREE -- as the service manager has it
            + $TWO -- 2
              $CACHE_DIRECTORY -- The directories of `CacheDirectory=`, absolute, with `:` in between.
              $CONFIGURATION_DIRECTORY -- The directories of `ConfigurationDirectory=`, absolute, with `:` in between.
              $CREDENTIALS_DIRECTORY -- The directory with the unit's credentials, one file each. Set if it has any.
              $DEBUG_INVOCATION -- `1` if this start follows a failure and `RestartMode=debug` asks for more messages.
            … 46 more
        "#]],
    );
    check_service(
        "ExecReload=/bin/kill -HUP $MAIN$0",
        expect![[r#"
            "$MAIN":
              $MAINPID -- The number of the main process. In `ExecReload=`, `ExecStop=` and other commands that run while there is one.
              $MONITOR_INVOCATION_ID -- `INVOCATION_ID` of the unit that triggered this one by `OnFailure=` or `OnSuccess=`.
        "#]],
    );
    check_service(
        "ExecReload=/bin/kill -HUP \"${MAIN$0PID}\"",
        expect![[r#"
            "${MAINPID}" or "${MAIN":
              ${MAINPID} -- The number of the main process. In `ExecReload=`, `ExecStop=` and other commands that run while there is one.
              ${MONITOR_INVOCATION_ID} -- `INVOCATION_ID` of the unit that triggered this one by `OnFailure=` or `OnSuccess=`.
        "#]],
    );
    check_service(
        "ExecReload=/bin/a --pid=$MAIN$0",
        expect![[r#"
            "$MAIN":
              ${MAINPID} -- The number of the main process. In `ExecReload=`, `ExecStop=` and other commands that run while there is one.
              ${MONITOR_INVOCATION_ID} -- `INVOCATION_ID` of the unit that triggered this one by `OnFailure=` or `OnSuccess=`.
        "#]],
    );
    check_service("ExecReload=/bin/a $$MAIN$0", expect!["nothing\n"]);
    check_service("ExecReload=:/bin/a $MAIN$0", expect!["nothing\n"]);
    check_service("ExecReload=$MAIN$0", expect!["nothing\n"]);
    check_service("Environment=A=$MAIN$0", expect!["nothing\n"]);
    check_service(
        "Environment=ONE=1 TWO=2\nUnsetEnvironment=$0",
        expect![[r#"
        "":
        + ONE -- 1
        + TWO -- 2
    "#]],
    );
}

#[test]
fn specifiers() {
    check(
        "web@a-b.service",
        "[Service]\nExecStart=/bin/a %$0",
        expect![[r#"
            "%":
              %% -- A single percent sign. Wherever specifiers are put in, a percent sign that shall stay must be doubled.
              %A -- Version of the system image: `IMAGE_VERSION=` of os-release. Empty where there is none.
              %B -- Build of the system: `BUILD_ID=` of os-release. Empty where there is none.
              %C -- Root of cache directories: `/var/cache`, or `$XDG_CACHE_HOME` of the user. `CacheDirectory=` makes a directory below it.
              %D -- Directory of shared data: `/usr/share`, or `$XDG_DATA_HOME` of the user.
              %E -- Root of configuration directories: `/etc`, or `$XDG_CONFIG_HOME` of the user.
              %G -- Number of the group that the manager runs as: `0`, or that of the user. `Group=` makes no difference.
              %H -- Host name when the unit was loaded; a later change doesn't show.
            … 35 more
        "#]],
    );
    check(
        "web@.service",
        "[Unit]\nAfter=db@%$0.service",
        expect![[r#"
            "%":
              %% -- A single percent sign. Wherever specifiers are put in, a percent sign that shall stay must be doubled.
              %A -- Version of the system image: `IMAGE_VERSION=` of os-release. Empty where there is none.
              %B -- Build of the system: `BUILD_ID=` of os-release. Empty where there is none.
              %G -- Number of the group that the manager runs as: `0`, or that of the user. `Group=` makes no difference.
              %H -- Host name when the unit was loaded; a later change doesn't show.
              %M -- Name of the system image: `IMAGE_ID=` of os-release. Empty where there is none.
              %N -- Name of the unit without its suffix: `web@a` of `web@a.service`.
              %U -- Number of the user that the manager runs as: `0`, or the user's own. `User=` makes no difference.
            … 15 more
        "#]],
    );
    check("web@.service", "[Unit]\nDescription=100%%$0", expect!["nothing\n"]);
    check_service("Type=%$0", expect!["nothing\n"]);
}
