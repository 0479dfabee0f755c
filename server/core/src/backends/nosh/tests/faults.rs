//! The faults that `convert-systemd-units` of nosh 1.40 has, and that these bundles don't have.

use super::file;

/// The last line of `run`: the program and its arguments.
fn program(texts: &[&str]) -> String {
    let run = file("web.service", texts, "web/service/run");
    run.lines().next_back().unwrap_or_default().to_owned()
}

/// The lines of a script of `web.service` that have `part` in them.
fn lines(unit: &str, path: &str, part: &str) -> Vec<String> {
    let script = file("web.service", &[unit], path);
    script.lines().filter(|line| line.contains(part)).map(|line| line.trim().to_owned()).collect()
}

const RUN: &str = "web/service/run";
const RESTART: &str = "web/service/restart";

#[test]
fn fault_1_a_line_may_be_continued() {
    assert_eq!(program(&["[Service]\nExecStart=/bin/d a \\\n  b\n"]), "/bin/d a b");
}

#[test]
fn fault_2_blanks_may_stand_round_the_equals_sign() {
    assert_eq!(lines("[Service]\nExecStart=/bin/d\nUMask  =  0027\n", RUN, "umask"), ["umask 0027"]);
}

#[test]
fn fault_3_all_lines_of_a_list_count() {
    let unit = "[Unit]\nAfter=a.service\nAfter=b.service\n[Service]\nExecStart=/bin/d\n";
    assert_eq!(file("web.service", &[unit], "web/after/a"), "-> ../../a\n");
    assert_eq!(file("web.service", &[unit], "web/after/b"), "-> ../../b\n");
}

#[test]
fn fault_4_an_empty_assignment_resets_a_list() {
    assert_eq!(
        program(&["[Service]\nExecStart=/bin/old\n", "[Service]\nExecStart=\nExecStart=/bin/new\n"]),
        "/bin/new"
    );
}

#[test]
fn fault_5_prefixes_are_no_part_of_the_command() {
    assert_eq!(program(&["[Service]\nExecStart=@/bin/d -name 'a b'\n"]), "/bin/exec --arg0 -name /bin/d \"a b\"");
    assert_eq!(program(&["[Service]\nExecStart=:/bin/d $A\n"]), "/bin/d \"$A\"");
    for prefix in ["+", "!", "-", "-+", "-!"] {
        assert_eq!(program(&[&format!("[Service]\nExecStart={prefix}/bin/d\n")]), "/bin/d");
    }
    let unit = "[Service]\nType=oneshot\nExecStart=-/bin/a\nExecStart=-/bin/b\n";
    assert_eq!(lines(unit, RUN, "./data/chain"), ["./data/chain /bin/a || :", "./data/chain /bin/b || :"]);
    let unit = "[Service]\nExecStart=-/bin/d\nRestart=on-failure\n";
    assert_eq!(lines(unit, RESTART, "exit"), ["exit 1"]);
}

#[test]
fn fault_6_output_is_appended_to_the_file_that_is_named() {
    let unit = "[Service]\nExecStart=/bin/d\nStandardOutput=append:/x\nStandardError=truncate:/y z\n";
    assert_eq!(
        lines(unit, RUN, "fdredir"),
        ["fdredir --read 0 /dev/null", "fdredir --append 1 /x", "fdredir --write 2 \"/y z\""]
    );
}

#[test]
fn fault_7_files_win_over_assignments() {
    let unit = "[Service]\nExecStart=/bin/d\nEnvironmentFile=/etc/web\nEnvironment=A=b\n";
    let path = crate::plan::DEFAULT_PATH;
    let call = format!("./data/environment -f /etc/web PATH={path} A=b -- ");
    assert!(lines(unit, RUN, "environment")[0].starts_with(&call));
}

#[test]
fn fault_8_knobs_get_what_the_kernel_reads() {
    let unit =
        "[Service]\nExecStart=/bin/d\nCPUQuota=50%\nIOReadBandwidthMax=/dev/sda 1M\nIOWriteIOPSMax=/dev/sda 20\n";
    let [call] = &lines(unit, RUN, "./data/cgroup")[..] else { panic!("one call of the tool") };
    for knob in ["\"cpu.max=50000 100000\"", "\"io.max=/dev/sda rbps=1000000\"", "\"io.max=/dev/sda wiops=20\""] {
        assert!(call.contains(knob), "{knob} in {call}");
    }
}

#[test]
fn fault_9_numbers_are_in_the_form_that_the_tool_reads() {
    let unit = "[Service]\nExecStart=/bin/d\nCPUAffinity=0 2-3\nRestart=always\nRestartSec=5min 20s\n";
    assert_eq!(lines(unit, RUN, "taskset"), ["taskset -c 0,2-3"]);
    assert_eq!(lines(unit, RESTART, "sleep"), ["sleep 320"]);
}

#[test]
fn fault_11_specifiers_are_resolved() {
    let unit = "[Service]\nExecStart=/bin/d 100%% %h %i %I %n %t %S\n";
    let run = file("tmpl@a-b.service", &[unit], "tmpl@a-b/service/run");
    assert_eq!(run.lines().next_back(), Some("/bin/d 100% /root a-b a/b tmpl@a-b.service /run /var/lib"));
}

#[test]
fn fault_12_commands_run_as_often_as_systemd_runs_them() {
    let unit = "[Service]\nExecStart=/bin/d\nExecStartPre=/bin/pre\nExecStopPost=/bin/post\nRestart=always\n";
    assert_eq!(lines(unit, RUN, "/bin/pre"), ["./data/chain /bin/pre || exit"]);
    assert_eq!(lines(unit, RESTART, "/bin/post"), ["./data/chain /bin/post"]);
    for script in ["web/service/start", "web/service/stop"] {
        assert_eq!(lines(unit, script, "/bin/p"), [""; 0]);
    }
}

#[test]
fn fault_13_the_loopback_device_is_up_and_paths_are_writable() {
    let unit = "[Service]\nExecStart=/bin/d\nPrivateNetwork=yes\n";
    assert_eq!(lines(unit, RUN, "lo up"), ["foreground ip link set lo up \";\""]);
    let unit = "[Service]\nExecStart=/bin/d\nProtectSystem=strict\nReadWritePaths=/srv\n";
    assert!(lines(unit, RUN, "./data/namespace")[0].contains(" writable /srv "));
}

#[test]
fn fault_14_a_requirement_is_more_than_a_wish() {
    let unit = "[Unit]\nRequires=a.service\nWants=b.service\nBindsTo=c.service\n[Service]\nExecStart=/bin/d\nNice=5\n\
        SuccessExitStatus=7\nRestart=on-failure\nStartLimitBurst=3\nNoNewPrivileges=yes\n";
    for (link, to) in [
        ("wants/a", "-> ../../a\n"),
        ("requires/a", "-> ../../a\n"),
        ("wants/b", "-> ../../b\n"),
        ("requires/b", "no web/requires/b\n"),
        ("requires/c", "-> ../../c\n"),
    ] {
        assert_eq!(file("web.service", &[unit], &format!("web/{link}")), to);
    }
    assert_eq!(lines(unit, RUN, "nice"), ["nice -n 5"]);
    assert_eq!(lines(unit, RUN, "setpriv"), ["setpriv --no-new-privs --"]);
    assert_eq!(lines(unit, RESTART, "start-limit"), ["./data/start-limit 3 10 || exit 1"]);
    assert_eq!(lines(unit, RESTART, "case"), ["case $cause in 0 | 7 | SIG1 | SIG2 | SIG13 | SIG15) exit 1 ;; esac"]);
}
