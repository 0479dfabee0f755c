//! The tools `directories` and `namespace` make and mount what systemd makes and mounts.
//!
//! That they do the same is what the equivalence test shows; here is what its cases can't reach.

use std::process::Command;

use expect_test::{Expect, expect};
use svlsp_core::backends::tools::Tool;
use svlsp_tests::tools::{SHELLS, Tools};

/// What comes before each script: file systems that can be written to, the tools in
/// /run/service, `$shell` to run them by.
const WORLD: &str = r#"
set -eu
umask 0022
folder=$PWD shell=$*
for each in run mnt opt; do mount -t tmpfs -o mode=0755 tmpfs /$each; done
cp -a "$folder" /run/service
for each in tmp var/tmp var/lib var/cache; do mount -t tmpfs -o mode=1777 tmpfs /$each; done
cd /run/service
directories() { $shell data/directories "$@"; }
namespace() { unshare --mount --propagation slave -- $shell data/namespace "$@"; }
set +e
"#;

/// Runs `script` in a mount namespace of its own, by each shell.
fn check(script: &str, expect: Expect) {
    assert!(nix::unistd::Uid::effective().is_root(), "this test needs root");
    let tools = Tools::new();
    for shell in SHELLS {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "--", "sh", "-c", &format!("{WORLD}{script}"), "sh"]);
        let output = command.args(shell).current_dir(tools.folder()).output().expect("unshare runs");
        let printed = [output.stdout, output.stderr].concat();
        expect.assert_eq(&String::from_utf8_lossy(&printed));
    }
}

#[test]
fn directories_are_made_and_taken_away() {
    check(
        r#"
        show() { stat -c '%a %U:%G %N' "$@"; }
        umask 0077
        directories -u daemon -g mail -m 0750 "/run/a b" /run/deep/er -l /run/link "a b" -m 0700 /var/lib/x -- sh -c umask
        show "/run/a b" /run/deep /run/deep/er /run/link /var/lib/x
        echo what belongs to others, and what is right already
        touch /run/deep/er/new && mkdir /var/lib/x/sub && touch /var/lib/x/sub/old && chown 0:0 /var/lib/x
        directories -u daemon -m 0711 /run/deep/er /var/lib/x -l /run/link "a b" --  true
        show /run/deep/er/new /var/lib/x/sub/old
        echo configuration
        mkdir -m 0701 /opt/conf && directories -u daemon -m 0755 -k /opt/conf /opt/fresh -- true
        show /opt/conf /opt/fresh
        directories -r "/run/a b" /run/link /run/deep/er
        ls -d /run/[!m]* /run/deep/*
        directories -u nobody-of-this-name -m 0755 /run/x -- true; echo status $?
        directories -m 0755 /proc/x -- true 2>/dev/null; echo status $?
        "#,
        expect![[r#"
            0077
            750 daemon:mail '/run/a b'
            755 root:root '/run/deep'
            750 daemon:mail '/run/deep/er'
            777 root:root '/run/link' -> 'a b'
            700 daemon:mail '/var/lib/x'
            what belongs to others, and what is right already
            600 daemon:daemon '/run/deep/er/new'
            600 daemon:daemon '/var/lib/x/sub/old'
            configuration
            701 root:root '/opt/conf'
            755 daemon:daemon '/opt/fresh'
            /run/deep
            /run/service
            status 217
            status 241
            ls: cannot access '/run/deep/*': No such file or directory
            id: ‘nobody-of-this-name’: no such user
            directories: there is no user nobody-of-this-name
        "#]],
    );
}

#[test]
fn temporary_directories_go_with_a_run() {
    check(
        r#"
        directories -t -- true
        directories -t -- true
        stat -c '%a %U' /tmp/* /tmp/*/tmp; ls /tmp /var/tmp | grep -c private
        namespace private-tmp /tmp tmp private-tmp /var/tmp var-tmp cd /tmp -- sh -c 'echo mine >x; pwd; ls /tmp /var/tmp'
        cat /tmp/*/tmp/x
        directories -r; ls /tmp /var/tmp supervise
        echo what another user has put there is left alone
        mkdir -p /tmp/theirs/tmp && chown -R daemon /tmp/theirs && echo /tmp/theirs/tmp >supervise/private-tmp
        directories -r; ls /tmp
        "#,
        expect![[r#"
            700 root
            1777 root
            2
            /tmp
            /tmp:
            x

            /var/tmp:
            mine
            /tmp:

            /var/tmp:

            supervise:
            what another user has put there is left alone
            theirs
        "#]],
    );
}

#[test]
fn what_is_mounted_in_it_is_protected_too() {
    check(
        r#"
        mkdir -p "/mnt/a b/below" /mnt/rw/ro && ln -s /mnt/rw /mnt/link
        mount -t tmpfs tmpfs "/mnt/a b/below"
        namespace read-only /mnt writable /mnt/link read-only /mnt/rw/ro writable -/mnt/missing cd / -- sh -c '
            for each in /mnt "/mnt/a b" "/mnt/a b/below" /mnt/rw /mnt/rw/ro; do
                touch "$each/x" 2>/dev/null && echo "$each: can be written" || echo "$each: cannot"
            done'
        echo what is outside stays as it was
        touch /mnt/x "/mnt/a b/below/x" && echo yes
        namespace read-only /mnt no-exec /mnt cd / -- sed -n 's,.* /mnt \([a-z]*\).*\(noexec\).*,\1 \2,p' /proc/self/mountinfo
        namespace read-only /missing cd / -- true; echo status $?
        namespace cd /missing -- true; echo status $?
        namespace cd -/missing -- pwd
        namespace home daemon -- pwd
        "#,
        expect![[r#"
            /mnt: cannot
            /mnt/a b: cannot
            /mnt/a b/below: cannot
            /mnt/rw: can be written
            /mnt/rw/ro: cannot
            what is outside stays as it was
            yes
            ro noexec
            status 226
            status 200
            /
            /usr/sbin
            namespace: /missing is missing
            namespace: there is no directory /missing
        "#]],
    );
}

#[test]
fn nothing_of_what_is_hidden_can_be_seen() {
    check(
        r#"
        mkdir -p /mnt/secret/below && mount -t tmpfs tmpfs /mnt/secret/below && touch /mnt/secret/below/x
        mkfifo /mnt/pipe && echo secret >/mnt/file
        namespace inaccessible /mnt/secret inaccessible /mnt/file inaccessible /mnt/pipe inaccessible /dev/null cd / -- \
            sh -c 'stat -c "%A %F" /mnt/secret /mnt/file /mnt/pipe /dev/null; find /mnt/secret'
        ls -d /run/namespace*
        "#,
        expect![[r#"
            d--------- directory
            ---------- regular empty file
            p--------- fifo
            c--------- character special file
            /mnt/secret
            ls: cannot access '/run/namespace*': No such file or directory
        "#]],
    );
}

#[test]
fn links_lead_no_further_than_to_the_root() {
    check(
        r#"
        mkdir -p /mnt/root/real /mnt/root/usr && ln -s /real /mnt/root/absolute && ln -s ../../../real /mnt/root/relative
        for each in bin lib lib64; do mkdir /mnt/root/$each; done
        namespace root /mnt/root rbind /usr /usr rbind /bin /bin rbind /lib /lib rbind -/lib64 /lib64 \
            tmpfs /absolute mode=0711 cd /relative -- sh -c 'pwd; stat -c %a /real; ls /; cd / && ls ..'
        ls -A /real /mnt/root/real
        "#,
        expect![[r#"
            /real
            711
            absolute
            bin
            dev
            etc
            lib
            lib64
            proc
            real
            relative
            root
            run
            sys
            usr
            var
            absolute
            bin
            dev
            etc
            lib
            lib64
            proc
            real
            relative
            root
            run
            sys
            usr
            var
            /mnt/root/real:
            ls: cannot access '/real': No such file or directory
        "#]],
    );
}

#[test]
fn every_entry_of_the_usage_is_known() {
    let usage = Tool::Namespace.text().split("# A \"-\"").next().unwrap_or_default();
    let entries: Vec<&str> = usage.lines().filter_map(|line| line.strip_prefix("#   ")?.split(' ').next()).collect();
    assert!(entries.len() > 15, "{entries:?}");
    for entry in entries {
        assert!(
            Tool::Namespace.text().contains(&format!("\t{entry}"))
                || Tool::Namespace.text().contains(&format!("| {entry}")),
            "{entry}"
        );
    }
}
