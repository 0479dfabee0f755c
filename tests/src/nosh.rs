//! Checks bundles for nosh, which is in no package: layout, links, flag files, and
//! each command of a script against the table of what it takes.
//!
//! What is checked against is in the manual pages service-bundle(5), nosh(1),
//! exec(1) and those of the tools, and in the sources of nosh 1.40.

mod chain;
mod lex;
mod tools;

use svlsp_core::backends::{Content, Directory, File};

/// The folders of links.
const FOLDERS: [&str; 8] =
    ["after", "before", "conflicts", "required-by", "requires", "stopped-by", "wanted-by", "wants"];

/// The files that `system-control` looks for in `service/`, empty all of them.
const FLAGS: [&str; 5] = ["down", "no_kill_signal", "ready_after_run", "remain", "use_hangup"];

/// What `service-manager` runs.
const SCRIPTS: [&str; 4] = ["start", "run", "restart", "stop"];

/// What is wrong with bundles that are made together.
pub fn complaints(bundles: &[Directory]) -> Vec<String> {
    let mut complaints = Vec::new();
    for bundle in bundles {
        for script in SCRIPTS {
            if !bundle.files.iter().any(|file| file.path == format!("service/{script}")) {
                complaints.push(format!("{}: there is no service/{script}", bundle.name));
            }
        }
        for file in &bundle.files {
            let found = check(file, bundles);
            complaints.extend(found.into_iter().map(|what| format!("{}/{}: {what}", bundle.name, file.path)));
        }
    }
    complaints
}

fn check(file: &File, bundles: &[Directory]) -> Vec<String> {
    let (folder, name) = file.path.split_once('/').unwrap_or(("", &file.path));
    match (&file.content, folder) {
        (Content::Link(to), "") if name == "log" => {
            let known = to.strip_prefix("../").is_some_and(|name| bundles.iter().any(|bundle| bundle.name == name));
            (!known).then(|| format!("no bundle {to} is made along with it")).into_iter().collect()
        }
        (Content::Link(to), _) if FOLDERS.contains(&folder) => link(name, to).into_iter().collect(),
        (Content::Directory, "") if FOLDERS.contains(&name) => Vec::new(),
        (Content::Text(text), "service") if FLAGS.contains(&name) => {
            (!text.is_empty()).then(|| "a flag is empty".to_owned()).into_iter().collect()
        }
        (Content::Script(text), "service") if SCRIPTS.contains(&name) => script(name, text),
        (Content::Script(text), "service" | "data") => script(name, text),
        (Content::Text(_), "data") => Vec::new(),
        _ => vec!["bundles have no such file".to_owned()],
    }
}

/// A link to another bundle has its name, and leads to where bundles are.
fn link(name: &str, to: &str) -> Option<String> {
    const PLACES: [&str; 3] = ["../../", "/etc/service-bundles/targets/", "/etc/service-bundles/services/mount@"];
    let place = PLACES.iter().find(|place| to.starts_with(**place));
    let Some(place) = place else { return Some(format!("{to} is no place of bundles")) };
    let bundle = &to[place.trim_end_matches("mount@").len()..];
    (bundle != name || name.contains('/')).then(|| format!("it has another name than {to}"))
}

fn script(name: &str, text: &[u8]) -> Vec<String> {
    let Some(rest) = text.strip_prefix(b"#!/bin/nosh\n") else {
        return match text.starts_with(b"#!/bin/sh\n") {
            true if name.starts_with("chain") => chain::check_sh(text),
            // What opens sockets is a line of a longer script.
            true => text
                .split(|byte| *byte == b'\n')
                .filter(|line| line.starts_with(b"exec /bin/exec "))
                .flat_map(chain::check_line)
                .collect(),
            false => vec!["nobody reads it".to_owned()],
        };
    };
    if name == "restart" {
        return vec!["nosh takes no arguments, and `restart` gets some".to_owned()];
    }
    match lex::words(rest) {
        Ok(words) => chain::check(&words, true),
        Err(what) => vec![what],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a `run`, and of a link.
    fn said(run: &str) -> String {
        script("run", format!("#!/bin/nosh\n{run}").as_bytes()).join("; ")
    }

    #[test]
    fn scripts_are_read_as_nosh_reads_them() {
        for (run, complaint) in [
            ("true\n", ""),
            ("umask 0022\nchdir /\n/bin/d -x\n", ""),
            ("# a\numask 0022 # b\n/bin/d \"a \\\" b\" 'c'\n", ""),
            ("/bin/d \"a\n", "a quotation mark is never closed"),
            ("umsk 0022\n/bin/d\n", "umsk: no such command is known"),
            ("umask\n", "umask: 1 arguments are missing"),
            ("chdir /\n", "nothing follows"),
            ("setuidgid --suplementary -- web\n/bin/d\n", "setuidgid: no option --suplementary"),
            ("nice -n 5\nchdir /\n/bin/d\n", "chdir: only /bin/exec finds it behind nice"),
            ("nice -n 5\n/bin/exec chdir /\n/bin/d\n", ""),
            ("foreground install -d /a ;\n/bin/d\n", ""),
            ("foreground install -d /a\n/bin/d\n", "foreground: no \";\" follows"),
            ("./data/environment A=b -- 5 /bin/exec chroot / umask 0 /bin/d\n", ""),
            ("./data/environment A=b -- 4 /bin/exec chroot / umask 0 /bin/d\n", "umask: 1 arguments are missing"),
            ("./data/environment A=b -- 1 /bin/x /bin/d\n", "environment: 1 words end within a command"),
            ("./data/environment A=b -- 2 /bin/d\n", "environment: it counts no words"),
            ("clearenv\n/usr/bin/env --ignore-signal=PIPE\nd a\n", ""),
        ] {
            assert_eq!(said(run), complaint, "{run}");
        }
    }

    #[test]
    fn sockets_are_opened_in_scripts_of_sh() {
        for (line, expected) in [
            ("exec /bin/exec tcp-socket-listen :: 80 tcp-socket-accept --connection-limit 3 ./x", ""),
            (
                "exec /bin/exec tcp-socket-listen :: 80 tcp-socket-accept --limit 3 ./x",
                "tcp-socket-accept: no option --limit",
            ),
        ] {
            let found = script("run", format!("#!/bin/sh\ncd ..\n{line}\n").as_bytes()).join("; ");
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn links_lead_to_bundles() {
        for (name, to, good) in [
            ("db", "../../db", true),
            ("basic", "/etc/service-bundles/targets/basic", true),
            ("mount@-srv", "/etc/service-bundles/services/mount@-srv", true),
            ("db", "../db", false),
            ("db", "../../web", false),
            ("basic", "/etc/targets/basic", false),
        ] {
            assert_eq!(link(name, to).is_none(), good, "{name} -> {to}");
        }
    }
}
