//! What goes wrong with log files: three rules.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::text::Edit;
use crate::units::Setting;
use crate::units::supervisord::{Given, LogFile, Process, Stream};

pub(in crate::rules) static ROTATED_DEVICE: Rule = Rule {
    name: "rotated-device",
    severity: Severity::Warning,
    optional: false,
    doc: "\
Output to a device such as `/dev/stdout` that is rotated like a file, which it is by default at 50 MB. supervisord asks how long it is, gets \"Illegal seek\" and a traceback for each line.

```ini
[program:web]
command=/usr/bin/web
stdout_logfile=/dev/stdout
```

Add `stdout_logfile_maxbytes=0`.",
    systemd: None,
    supervisord: Some(Check::Config(rotated_device)),
};

pub(in crate::rules) static SHARED: Rule = Rule {
    name: "shared-log-file",
    severity: Severity::Warning,
    optional: false,
    doc: "\
Several processes, or both streams of one, that write to one file which is rotated. Each of them has it open and rotates it for itself: the others go on writing to what was renamed, and output is lost.

```ini
[program:worker]
command=/usr/bin/worker
process_name=%(program_name)s_%(process_num)02d
numprocs=4
stdout_logfile=/var/log/worker.log
```

Give each a file of its own with `%(process_num)02d` or `%(program_name)s`, use `redirect_stderr=true` for both streams, or leave rotation to somebody else with `stdout_logfile_maxbytes=0`.",
    systemd: None,
    supervisord: Some(Check::Config(shared)),
};

pub(in crate::rules) static UNROTATED: Rule = Rule {
    name: "unrotated-log-file",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A log file that supervisord makes by itself (`AUTO`, the default) and that is never rotated. It grows in a temporary directory where nobody looks; supervisord warns of it at the start.

```ini
[program:web]
command=/usr/bin/web
stdout_logfile_maxbytes=0
```

Set a size, name a file, or say `stdout_logfile=NONE`.",
    systemd: None,
    supervisord: Some(Check::Config(unrotated)),
};

/// Each process with its streams.
fn streams<'c>(cx: &'c ConfigContext<'_>) -> impl Iterator<Item = (&'c Process<'c>, &'static str, &'c Stream<'c>)> {
    cx.processes().flat_map(|process| {
        let values = &process.values;
        [(process, "stdout", &values.stdout), (process, "stderr", &values.stderr)]
    })
}

fn is_known<T>(given: &Given<T>) -> bool {
    given.unknown.is_empty()
}

fn path<'c>(stream: &'c Stream<'_>) -> Option<&'c str> {
    match &stream.logfile.value {
        LogFile::Path(path) if is_known(&stream.logfile) => Some(path),
        _ => None,
    }
}

fn is_rotated(stream: &Stream) -> bool {
    is_known(&stream.logfile_maxbytes) && stream.logfile_maxbytes.value > 0
}

/// Whether nobody can ask for the length of what is at `path`, or go back in it.
fn cannot_seek(path: &str) -> bool {
    const DEVICES: [&str; 4] = ["/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/console"];
    DEVICES.contains(&path)
        || path.starts_with("/dev/fd/")
        || path.starts_with("/dev/pts/")
        || path.starts_with("/proc/") && path.contains("/fd/")
}

fn rotated_device(cx: &ConfigContext, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (_, name, stream) in streams(cx).filter(|(_, _, stream)| is_rotated(stream)) {
        let Some(path) = path(stream).filter(|path| cannot_seek(path)) else { continue };
        let (file, size) = (stream.logfile.from, stream.logfile_maxbytes.from);
        findings.extend(device(cx, &mut seen, path, file, size, &format!("{name}_logfile_maxbytes")));
    }
    let server = &cx.config.server;
    let known = is_known(&server.logfile) && is_known(&server.logfile_maxbytes);
    if known && cannot_seek(&server.logfile.value) && server.logfile_maxbytes.value > 0 {
        let (file, size) = (server.logfile.from, server.logfile_maxbytes.from);
        findings.extend(device(cx, &mut seen, &server.logfile.value, file, size, "logfile_maxbytes"));
    }
}

/// A finding about an assignment, the first time it is met.
fn device(
    cx: &ConfigContext,
    seen: &mut HashSet<(usize, u32)>,
    path: &str,
    file: Option<Setting>,
    size: Option<Setting>,
    key: &str,
) -> Option<Diagnostic> {
    let file = file.filter(|file| is_new(seen, file))?;
    let message = format!("{} can't be rotated: it needs {key}=0", shown(path));
    let finding = cx.at_setting(&ROTATED_DEVICE, &file, message);
    Some(match size {
        None => finding.fix(format!("Add {key}=0"), vec![cx.below_setting(&file, &format!("{key}=0"))]),
        Some(size) if size.file == file.file => {
            finding.fix(format!("Set {key}=0"), vec![Edit::replace(size.directive.value.span(), "0")])
        }
        Some(_) => finding,
    })
}

fn is_new(seen: &mut HashSet<(usize, u32)>, setting: &Setting) -> bool {
    seen.insert((setting.file, setting.directive.span.start))
}

fn shared(cx: &ConfigContext, findings: &mut Findings) {
    let mut first: HashMap<&str, (&Process, &str, &Setting)> = HashMap::new();
    let mut seen = HashSet::new();
    for (process, name, stream) in streams(cx) {
        let (Some(path), Some(from)) = (path(stream), &stream.logfile.from) else { continue };
        if path.starts_with("/dev/") || path.starts_with("/proc/") || !is_rotated(stream) {
            continue;
        }
        let Some((other, other_name, there)) = first.get(path) else {
            first.insert(path, (process, name, from));
            continue;
        };
        if !is_new(&mut seen, from) {
            continue;
        }
        let same = std::ptr::eq(*other, process);
        let message = if same {
            format!("{other_name} and {name} both write to {}, and both rotate it", shown(path))
        } else if there.file == from.file && there.directive.span == from.directive.span {
            format!("all processes of {} write to {}, and all rotate it", process.program_name, shown(path))
        } else {
            format!("{} writes to {} too, and both rotate it", other.program_name, shown(path))
        };
        let finding = cx.at_setting(&SHARED, from, message);
        let help = match same {
            true => "use redirect_stderr=true, or another file",
            false => "give each a file of its own, or set the size to 0 and have somebody else rotate it",
        };
        findings.push(finding.help(help).related(there.file, there.directive.span, "it is named here"));
    }
}

fn unrotated(cx: &ConfigContext, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (_, name, stream) in streams(cx) {
        let auto = stream.logfile.value == LogFile::Auto && is_known(&stream.logfile);
        let Some(size) = stream.logfile_maxbytes.from.filter(|_| auto && is_known(&stream.logfile_maxbytes)) else {
            continue;
        };
        if stream.logfile_maxbytes.value == 0 && is_new(&mut seen, &size) {
            let message = format!("the file that supervisord makes for {name} is never rotated");
            findings.push(cx.at_setting(&UNROTATED, &size, message).help(format!("name a file with {name}_logfile=")));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn devices_are_not_rotated() {
        let text = "[supervisord]\nlogfile=/dev/stdout\n[program:a]\ncommand=a\nstdout_logfile=/dev/stdout\n\
                    redirect_stderr=true\n[program:b]\ncommand=a\nstderr_logfile=/dev/fd/2\nstderr_logfile_maxbytes=1MB\n\
                    numprocs=2\nprocess_name=b%(process_num)d\n[program:c]\ncommand=a\nstdout_logfile=/dev/stdout\n\
                    stdout_logfile_maxbytes=0\nstderr_logfile=/dev/null\n";
        check_supervisord(
            &[text],
            true,
            "rotated-device",
            expect![[r#"
            warning 5:1-5:27 /dev/stdout can't be rotated: it needs stdout_logfile_maxbytes=0
              fix: Add stdout_logfile_maxbytes=0
            warning 9:1-9:25 /dev/fd/2 can't be rotated: it needs stderr_logfile_maxbytes=0
              fix: Set stderr_logfile_maxbytes=0
            warning 2:1-2:20 /dev/stdout can't be rotated: it needs logfile_maxbytes=0
              fix: Add logfile_maxbytes=0
        "#]],
        );
        fixed_supervisord(
            text,
            "rotated-device",
            expect![[r#"
            [supervisord]
            logfile=/dev/stdout
            logfile_maxbytes=0
            [program:a]
            command=a
            stdout_logfile=/dev/stdout
            stdout_logfile_maxbytes=0
            redirect_stderr=true
            [program:b]
            command=a
            stderr_logfile=/dev/fd/2
            stderr_logfile_maxbytes=0
            numprocs=2
            process_name=b%(process_num)d
            [program:c]
            command=a
            stdout_logfile=/dev/stdout
            stdout_logfile_maxbytes=0
            stderr_logfile=/dev/null
        "#]],
        );
    }

    #[test]
    fn files_are_not_shared() {
        let text = "[supervisord]\n[program:a]\ncommand=a\nnumprocs=2\nprocess_name=a%(process_num)d\nstdout_logfile=/a\n\
                    [program:b]\ncommand=a\nstdout_logfile=/a\n[program:c]\ncommand=a\nstdout_logfile=/c\nstderr_logfile=/c\n\
                    [program:d]\ncommand=a\nstdout_logfile=/d\nstderr_logfile=/d\nredirect_stderr=true\n\
                    [program:e]\ncommand=a\nstdout_logfile=/%(program_name)s\n[program:f]\ncommand=a\nstdout_logfile=/e\n\
                    stdout_logfile_maxbytes=0\n";
        check_supervisord(
            &[text],
            true,
            "shared-log-file",
            expect![[r#"
            warning 6:1-6:18 all processes of a write to /a, and all rotate it
              help: give each a file of its own, or set the size to 0 and have somebody else rotate it
              see: it is named here
            warning 9:1-9:18 a writes to /a too, and both rotate it
              help: give each a file of its own, or set the size to 0 and have somebody else rotate it
              see: it is named here
            warning 13:1-13:18 stdout and stderr both write to /c, and both rotate it
              help: use redirect_stderr=true, or another file
              see: it is named here
        "#]],
        );
    }

    #[test]
    fn files_of_its_own_are_rotated() {
        let text = "[supervisord]\n[program:a]\ncommand=a\nstdout_logfile_maxbytes=0\n[program:b]\ncommand=a\n\
                    stderr_logfile=AUTO\nstderr_logfile_maxbytes=0\n[program:c]\ncommand=a\nstdout_logfile=NONE\n\
                    stdout_logfile_maxbytes=0\n[program:d]\ncommand=a\nredirect_stderr=true\nstderr_logfile_maxbytes=0\n";
        check_supervisord(
            &[text],
            true,
            "unrotated-log-file",
            expect![[r#"
            warning 4:1-4:26 the file that supervisord makes for stdout is never rotated
              help: name a file with stdout_logfile=
            warning 8:1-8:26 the file that supervisord makes for stderr is never rotated
              help: name a file with stderr_logfile=
        "#]],
        );
    }
}
