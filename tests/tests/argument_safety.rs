//! Whatever bytes an argument or a variable holds, they arrive unchanged.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::Uid;
use svlsp_core::backends::quote::{execline, sh};
use svlsp_core::backends::{Content, Target, Together, render};
use svlsp_core::fate::Backend;
use svlsp_core::plan::{self, Argument, Assignment, Facts, Leaf};
use svlsp_core::syntax::scan;
use svlsp_core::units::{Unit, UnitName};
use svlsp_tests::equivalence::world::World;
use svlsp_tests::product;
use svlsp_tests::random::Random;
use svlsp_tests::started::Process;
use svlsp_tests::tools::SHELLS;
use svlsp_tests::words;

/// Lets a test pass where it can't be run.
const ALLOW_SKIPS: &str = "SVLSP_ALLOW_SKIPS";
/// A name of a program that says something else where it isn't quoted.
const ODD: &str = "a$$b $HOME c=d%i";
/// The same without an equals sign, which `env` would take for an assignment.
const ODD_TOO: &str = "a$$b $HOME %i";
const PRINTER: &str = env!("CARGO_BIN_EXE_print-process");
/// How many sets of arguments and variables each interpreter reads.
const SETS: usize = 10_000;
/// How many of them one process gets, as starting it takes most of the time.
const PER_PROCESS: usize = 10;
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

#[test]
fn they_arrive_through_directories_for_runit() {
    for shell in SHELLS {
        through_convert("runit", &[shell, &["./run"]].concat());
    }
}

#[test]
fn they_arrive_through_directories_for_s6() {
    through_convert("s6", &["./run"]);
}

/// The arguments and variables of plans, spelled as unit files that a real systemd starts.
#[test]
fn they_arrive_through_unit_files_of_systemd() {
    if !(Uid::effective().is_root() && Path::new("/lib/systemd/systemd").exists()) {
        assert!(std::env::var_os(ALLOW_SKIPS).is_some(), "this needs root and systemd; {ALLOW_SKIPS}=1 does without");
        println!("SKIPPED: arguments through unit files: no root, or no systemd");
        return;
    }
    let mut random = Random::new("systemd");
    let mut processes: Vec<Process> = (0..UNITS).map(|_| process(&mut random)).collect();
    let boot = ["container=docker", "/lib/systemd/systemd", "--system", "--unit=probe.target"];
    let mut texts = Vec::new();
    let mut world = World::new("arguments", Path::new("/bin/true"), &boot, |shared| {
        let units = shared.join("units");
        fs::create_dir(shared.join("started"))?;
        fs::write(units.join("probe.target"), "[Unit]\nDefaultDependencies=no\n")?;
        fs::copy(PRINTER, shared.join("printer"))?;
        fs::copy(PRINTER, shared.join(ODD))?;
        fs::copy(PRINTER, shared.join(ODD_TOO))?;
        for (at, process) in processes.iter_mut().enumerate() {
            let program = ["printer", ODD_TOO, ODD][at % 3];
            // The shell that runs it has an opinion of its own about these.
            let own = |variable: &[u8]| variable.starts_with(b"PWD=") || variable.starts_with(b"IFS=");
            let shells = |variable: &[u8]| own(variable) || std::str::from_utf8(variable).is_err();
            process.environment.retain(|variable| program != ODD || !shells(variable));
            if program != ODD {
                process.environment.push(b"A-B.c=odd \"name\"".to_vec());
                process.environment.sort();
            }
            let text = unit_file(at, process, &format!("/srv/observe/{program}"));
            fs::write(units.join(format!("u{at}.service")), &text)?;
            texts.push(text);
        }
        Ok(())
    })
    .expect("the world can be made");
    world.until(|world| world.root().join("run/systemd/private").exists()).expect("systemd boots");
    let names = (0..UNITS).map(|at| format!("u{at}.service"));
    let _ = world.command("", ["systemctl", "start"]).args(names).status();
    for (at, (process, text)) in processes.iter().zip(&texts).enumerate() {
        let output = fs::read(world.shared().join(format!("started/{at}"))).unwrap_or_default();
        let mut started = Process::read(&output);
        let name = |variable: &[u8]| variable.split(|byte| *byte == b'=').next().unwrap_or_default().to_vec();
        for started in &mut started {
            // systemd has a few of its own.
            started.environment.retain(|known| process.environment.iter().any(|other| name(other) == name(known)));
        }
        assert_eq!(shown(started.first()), shown(Some(process)), "{text}");
    }
}

/// A unit file that starts `program` with what `process` has.
fn unit_file(at: usize, process: &Process, program: &str) -> String {
    let name = UnitName::parse(&format!("u{at}.service")).expect("it is a name");
    let stub = format!("[Service]\nType=oneshot\nExecStart=/x\nStandardOutput=file:/srv/observe/started/{at}\n");
    let files = [scan(&stub)];
    let unit = Unit::new(&name, &files);
    let mut plan = plan::lower(&unit, &Facts::default());
    let plan::Body::Service(service) = &mut plan.body else { panic!("it is a service") };
    let command = &mut service.commands.start[0].value;
    command.program = program.into();
    command.arguments = process.arguments.iter().cloned().map(Argument::Fixed).collect();
    let assignment = |variable: &Vec<u8>| {
        let sign = variable.iter().position(|byte| *byte == b'=').expect("it is an assignment");
        let (name, value) = (variable[..sign].to_vec(), variable[sign + 1..].to_vec());
        Leaf::default(Assignment { name, value })
    };
    service.environment.assignments = process.environment.iter().map(assignment).collect();
    let rendering = render(&plan, &Together::default(), &Target::new(Backend::Systemd));
    match &rendering.directories[0].files[0].content {
        Content::Text(text) => String::from_utf8(text.clone()).expect("a unit file is text"),
        other => panic!("{other:?} is no unit file"),
    }
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
    let printer = PRINTER.as_bytes().to_vec();
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
        process.arguments.extend((0..random.below(6)).map(|_| words::word(random)));
        for name in ["A", "PATH", "HOME", "_", "IFS", "LONG_name_9", "PWD", "LC_ALL"] {
            if random.below(4) == 0 {
                let name = if set == 0 { name.to_owned() } else { format!("{name}{set}") };
                process.environment.push([name.as_bytes(), b"=", &words::word(random)].concat());
            }
        }
    }
    process.environment.sort();
    process
}

/// How many units are converted.
const UNITS: usize = 100;

/// Units with random arguments and variables, converted, and their `run` started.
fn through_convert(backend: &str, run: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (units, out) = (folder.path().join("units"), folder.path().join("out"));
    fs::create_dir(&units).expect("the folder can be written");
    // The program's name is a word too.
    let odd = folder.path().join(ODD);
    fs::copy(PRINTER, &odd).expect("the folder can be written");
    let mut random = Random::new(backend);
    let mut processes = Vec::new();
    for at in 0..UNITS {
        let mut process = process(&mut random);
        // systemd refuses variables that are not UTF-8, and knows a few others by itself.
        for variable in &mut process.environment {
            *variable = String::from_utf8_lossy(variable).into_owned().into_bytes();
        }
        process.environment.retain(|variable| !variable.starts_with(b"PATH="));
        let program = if at % 4 < 2 { Path::new(PRINTER) } else { &odd };
        let (mut text, mut expected) = (unit(&process, program, &out.join(format!("u{at}/started"))), process);
        if at % 2 == 0 {
            // Has the arguments go through the replacement of variables.
            text.push_str(" $SPLIT ${SPLIT}\nEnvironment=\"SPLIT=1 2\"\n");
            expected.arguments.extend(["1", "2", "1 2"].map(|word| word.as_bytes().to_vec()));
            expected.environment.push(b"SPLIT=1 2".to_vec());
        }
        expected.environment.sort();
        fs::write(units.join(format!("u{at}.service")), text).expect("the folder can be written");
        processes.push(expected);
    }
    let status = Command::new(product::binary())
        .args(["convert", "--quiet", "--to", backend, "--out"])
        .args([&out, &units])
        .status()
        .expect("svlsp runs");
    assert!(status.success(), "{status}");
    // Where there are cgroups, the machine's own must not be used.
    let script = "
        mount -t tmpfs none /sys/fs/cgroup
        for folder in */; do
            cd \"$folder\" || exit
            mkdir supervise
            \"$@\" >errors 2>&1
            cd .. || exit
        done";
    let arguments: &[&str] =
        if Uid::effective().is_root() { &["unshare", "--mount", "sh", "-c"] } else { &["sh", "-c"] };
    let status =
        Command::new(arguments[0]).args(&arguments[1..]).args([script, "sh"]).args(run).current_dir(&out).status();
    assert!(status.is_ok_and(|status| status.success()));
    for (at, expected) in processes.iter().enumerate() {
        let folder = out.join(format!("u{at}"));
        let mut started = Process::read(&fs::read(folder.join("started")).expect("it was started"));
        for process in &mut started {
            process.environment.retain(|variable| !variable.starts_with(b"PATH="));
        }
        assert_eq!(
            shown(started.first()),
            shown(Some(expected)),
            "{}",
            fs::read(folder.join("run")).expect("it was written").escape_ascii()
        );
    }
}

/// A service that starts `print-process`, all that is not a letter or a digit escaped.
fn unit(process: &Process, program: &Path, output: &Path) -> String {
    let escaped = |word: &[u8], dollar: &str| {
        let of = |byte: &u8| match byte {
            b'%' => "%%".to_owned(),
            b'$' => dollar.to_owned(),
            b'=' => "=".to_owned(),
            byte if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) => char::from(*byte).to_string(),
            byte => format!("\\x{byte:02x}"),
        };
        format!("\"{}\"", word.iter().map(of).collect::<String>())
    };
    let mut text = format!("[Service]\nStandardOutput=file:{}\nStandardError=journal\n", output.display());
    for variable in &process.environment {
        text.push_str(&format!("Environment={}\n", escaped(variable, "$")));
    }
    text.push_str(&format!("ExecStart={}", escaped(program.as_os_str().as_bytes(), "$")));
    for argument in &process.arguments {
        text.push_str(&format!(" {}", escaped(argument, "$$")));
    }
    text
}
