//! `--fix` loses no value: what it takes away was found to have no effect in the file as it was given.

mod cli_harness;

use std::collections::{BTreeMap, HashSet};

use cli_harness::Folder;
use serde_json::Value;
use svlsp_tests::random::Random;

/// How many files one run of the program is given.
const FILES: usize = 300;

/// Lines of units and slips in them; `#` stands for a number of its own in each line.
const UNIT: &[&str] = &[
    "[Unit]",
    "[Unit]",
    "[Uni]",
    "[Service]",
    "[Service]",
    "[Service]",
    "[Sevrice]",
    "[Servce]",
    "[Service",
    "[Service] # again",
    "[Install]",
    "[Instal]",
    "User=u#",
    "Usre=u#",
    "Usr=u#",
    "Username=u#",
    "WorkingDirectory=/w#",
    "WorkingDirectry=/w#",
    "WorkinDirectory=/w#",
    "Directory=/w#",
    "RestartSec=#",
    "RestarSec=#",
    "RestrtSec=# # seconds",
    "RuntimeMaxSec=#",
    "RuntimMaxSec=#",
    "Type=oneshot",
    "Tyep=oneshot",
    "Restart=always",
    "Restrt=no",
    "StartLimitInterval=#",
    "StartLimitInterval=#",
    "StartLimitIntervalSec=#",
    "StartLimitIntervalSecs=#",
    "MemoryLimit=#",
    "MemoryMax=#",
    "MemoryMx=#",
    "SysVStartPriority=#",
    "BindTo=b#.service",
    "BindsTo=b#.service",
    "BindTos=b#.service",
    "ExecStart=/bin/e#",
    "ExecStrt=/bin/e#",
    "ExecStart=/bin/e# \\",
    "Description=d#",
    "Descripton=d#",
    "WantedBy=w#.target",
    "WantdBy=w#.target",
    "RootDirectory=/r#",
    "RootImage=/r#",
    "RootImag=/r#",
    "StandardInputText=i#",
    "StandardInput=tty",
    "StandardInpt=tty",
    "User=",
    "",
];

/// The same for supervisord.conf.
const SUPERVISORD: &[&str] = &[
    "[supervisord]",
    "[supervisrd]",
    "[program:a]",
    "[program:a]",
    "[program:a",
    "[progam:a]",
    "[progrm:a]",
    "[Program:a]",
    "[program:b]",
    "[eventlistener:a]",
    "[eventlistner:a]",
    "[unix_http_server]",
    "[unix_http_sever]",
    "command=/bin/c#",
    "command=/bin/c# \\",
    "command=/bin/c# ; twice",
    "comand=/bin/c#",
    "commnd=/bin/c#",
    "cmd=/bin/c#",
    "directory=/d#",
    "directry=/d#",
    "startsecs=#",
    "startsec=#",
    "strtsecs=#",
    "user=u#",
    "usr=u#",
    "stdout_logfile=/l#",
    "stdout_logfil=/l#",
    "stdout_logfle=/l#",
    "stderr_logfile=/l#",
    "stderr_logfle=/l#",
    "redirect_stderr=true",
    "redirect_stder=true",
    "stdout_syslog=true",
    "events=TICK_5",
    "buffer_size=#",
    "bufer_size=#",
    "environment=A=\"#\"",
    "environmnt=A=\"#\"",
    "logfile=/l#",
    "logfle=/l#",
    "file=/s#",
    "fil=/s#",
    "",
];

/// A file of a few of these lines, with numbers that stand in no other line.
fn text(random: &mut Random, lines: &[&str]) -> String {
    let count = 1 + random.below(13);
    (10_001..10_001 + count).map(|number| random.of(lines).replace('#', &number.to_string()) + "\n").collect()
}

/// Fixes such files; for each that lost a value what it was and became.
fn lost(name: &str, lines: &[&str]) -> Vec<String> {
    let mut random = Random::new(name);
    let folder = Folder::new(&[]);
    let mut texts = BTreeMap::new();
    for at in 0..FILES {
        let path = format!("{at}/{name}");
        let text = text(&mut random, lines);
        folder.write(&path, &text);
        texts.insert(path, text);
    }
    let idle = idle_lines(&folder);
    assert!(idle.len() >= FILES / 20, "that is too few to show anything: {}", idle.len());
    let output = folder.svlsp(&["check", "--fix", "-q"]).output().expect("svlsp runs");
    assert!(output.status.code() == Some(1), "{}", folder.show(&output));
    let changed = texts.iter().filter(|(path, text)| folder.read(path) != **text).count();
    assert!(changed >= FILES / 2, "that is too few to show anything: {changed}");
    let mut lost = Vec::new();
    for (path, text) in &texts {
        let mended = folder.read(path);
        for (line, number) in text.lines().zip(1..) {
            let is_idle = idle.contains(&(path.clone(), number));
            if digits(line).is_some_and(|digits| !mended.contains(digits)) && !is_idle {
                lost.push(format!("{line} of\n{text}became\n{mended}"));
            }
        }
    }
    lost
}

/// The number of a line.
fn digits(line: &str) -> Option<&str> {
    line.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 5)
}

/// The lines that have no effect, as path and number.
fn idle_lines(folder: &Folder) -> HashSet<(String, u64)> {
    let output = folder.svlsp(&["check", "--format", "json"]).output().expect("svlsp runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let findings = report.as_array().expect("there are findings");
    let idle = findings.iter().filter(|finding| finding["message"].as_str().is_some_and(says_idle));
    idle.map(|finding| {
        let line = finding["range"]["start"]["line"].as_u64().expect("a line has a number");
        (finding["path"].as_str().expect("a path is text").to_owned(), line)
    })
    .collect()
}

fn says_idle(message: &str) -> bool {
    message.contains("no effect")
}

#[test]
fn units_keep_their_values() {
    let lost = lost("a.service", UNIT);
    assert!(lost.is_empty(), "{} files: {}", lost.len(), lost[..lost.len().min(5)].join("\n"));
}

#[test]
fn configurations_of_supervisord_keep_their_values() {
    let lost = lost("supervisord.conf", SUPERVISORD);
    assert!(lost.is_empty(), "{} files: {}", lost.len(), lost[..lost.len().min(5)].join("\n"));
}
