//! Whatever bytes an argument or a variable holds, they arrive unchanged.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use svlsp_core::backends::quote::{execline, sh};
use svlsp_tests::random::Random;
use svlsp_tests::started::Process;

/// How many sets of arguments and variables each interpreter reads.
const SETS: usize = 10_000;
/// How many of them one process gets, as starting it takes most of the time.
const PER_PROCESS: usize = 5;
/// How many processes one script starts.
const PER_SCRIPT: usize = 50;

#[test]
fn they_arrive_through_dash() {
    through(&["dash"], SETS, sh::word, sh_script);
}

#[test]
fn they_arrive_through_busybox_sh() {
    through(&["busybox", "sh"], SETS, sh::word, sh_script);
}

#[test]
fn they_arrive_through_blocks_of_execline() {
    through(&["execlineb", "-WP"], SETS, execline::word, execline_script);
}

#[test]
fn they_arrive_through_substitutions_of_execline() {
    let substituted = |name: &[u8]| [&b"#"[..], b"@", b"0", b"1", b"2"].contains(&name);
    let word = |word: &[u8], out: &mut Vec<u8>| execline::word(&execline::unsubstituted(word, substituted), out);
    through(&["execlineb", "-WS2"], SETS, word, execline_script);
}

type Quote<'a> = &'a dyn Fn(&[u8], &mut Vec<u8>);

/// One command a line.
fn sh_script(commands: &[Vec<u8>]) -> Vec<u8> {
    commands.join(&b'\n')
}

/// Each command in a block, but the last, which the script becomes.
fn execline_script(commands: &[Vec<u8>]) -> Vec<u8> {
    let (last, first) = commands.split_last().expect("there are commands");
    let mut script = Vec::new();
    for command in first {
        script.extend_from_slice(b"foreground { ");
        script.extend_from_slice(command);
        script.extend_from_slice(b" }\n");
    }
    script.extend_from_slice(last);
    script
}

fn through(interpreter: &[&str], sets: usize, quote: impl Fn(&[u8], &mut Vec<u8>), script: fn(&[Vec<u8>]) -> Vec<u8>) {
    let mut random = Random::new(&interpreter.join(" "));
    let folder = tempfile::tempdir().expect("a temporary folder");
    for _ in 0..sets / PER_PROCESS / PER_SCRIPT {
        let processes: Vec<Process> = (0..PER_SCRIPT).map(|_| process(&mut random)).collect();
        let commands: Vec<Vec<u8>> = processes.iter().map(|process| command(process, &quote)).collect();
        let started = run(interpreter, &script(&commands), folder.path());
        for (index, process) in processes.iter().enumerate() {
            assert_eq!(shown(started.get(index)), shown(Some(process)), "{}", commands[index].escape_ascii());
        }
        assert_eq!(started.len(), processes.len());
    }
}

/// `env -i NAME=VALUE… print-process ARGUMENT…`
fn command(process: &Process, quote: Quote) -> Vec<u8> {
    let mut out = b"env -i".to_vec();
    let printer = env!("CARGO_BIN_EXE_print-process").as_bytes().to_vec();
    for word in process.environment.iter().chain([&printer]).chain(&process.arguments) {
        out.push(b' ');
        quote(word, &mut out);
    }
    out
}

/// What the processes that the script starts were started with.
fn run(interpreter: &[&str], script: &[u8], folder: &Path) -> Vec<Process> {
    let (path, output) = (folder.join("script"), folder.join("output"));
    fs::write(&path, script).expect("the folder can be written");
    let status = Command::new(interpreter[0])
        .args(&interpreter[1..])
        .args([path.as_os_str(), OsStr::new("first"), OsStr::new("second")])
        .stdout(fs::File::create(&output).expect("the folder can be written"))
        .status()
        .unwrap_or_else(|error| panic!("{}: {error}", interpreter[0]));
    assert!(status.success(), "{interpreter:?}: {status}");
    Process::read(&fs::read(&output).expect("the interpreter wrote it"))
}

fn shown(process: Option<&Process>) -> String {
    process.map_or("nothing".to_owned(), Process::to_string)
}

fn process(random: &mut Random) -> Process {
    let mut process = Process::default();
    for set in 0..PER_PROCESS {
        process.arguments.extend((0..random.below(6)).map(|_| word(random)));
        for name in ["A", "PATH", "HOME", "_", "IFS", "LONG_name_9", "PWD", "LC_ALL"] {
            if random.below(4) == 0 {
                let name = if set == 0 { name.to_owned() } else { format!("{name}{set}") };
                process.environment.push([name.as_bytes(), b"=", &word(random)].concat());
            }
        }
    }
    process.environment.sort();
    process
}

/// Any bytes but NUL; mostly such as interpreters care about.
fn word(random: &mut Random) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b" ",
        b"\t",
        b"\n",
        b"\r",
        b"'",
        b"\"",
        b"\\",
        b"$",
        b"`",
        b"*",
        b"?",
        b"[a-z]",
        b"~",
        b"#",
        b"{",
        b"}",
        b"(",
        b")",
        b"<",
        b">",
        b"&",
        b"|",
        b";",
        b"!",
        b"=",
        b"-",
        b"--",
        b"-n",
        b"%s",
        b"${IFS}",
        b"$1",
        b"${1}",
        b"$@",
        b"$#",
        b"$(kill 0)",
        b"`kill 0`",
        b"\\n",
        b"\\x41",
        b"\\0x41",
        b"$'a'",
        "ä€😀".as_bytes(),
        b"\xff",
        b"\xc3",
        b"\x01",
        b"\x7f",
        b"\x81\x88",
    ];
    let length = match random.below(100) {
        0 => 500,
        1..20 => 1,
        _ => random.below(12),
    };
    let mut word = Vec::new();
    for _ in 0..length {
        match random.below(3) {
            0 => word.extend(*random.of(PIECES)),
            1 => word.push(1 + random.below(255) as u8),
            _ => word.push(b'a' + random.below(26) as u8),
        }
    }
    word
}
