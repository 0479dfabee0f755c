//! The tool `environment` makes the environment that systemd makes.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use svlsp_core::backends::tools::Tool;
use svlsp_tests::equivalence::world::World;
use svlsp_tests::random::Random;
use svlsp_tests::started::Process;
use svlsp_tests::tools::{SHELLS, Tools};

/// None if the file is refused.
type Variables = Option<&'static [&'static [u8]]>;

const PRINTER: &str = env!("CARGO_BIN_EXE_print-process");

#[test]
fn files_are_read_as_systemd_reads_them() {
    let table: &[(&[u8], Variables)] = &[
        (b"", Some(&[])),
        (b"A=b\nB = c d \n", Some(&[b"A=b", b"B=c d"])),
        (b"A=b", Some(&[b"A=b"])),
        (b"A=b\r\nB=c\rC=d\r\n", Some(&[b"A=b", b"B=c", b"C=d"])),
        (b"# A=b\n ;B=c\n\n  C=#d\n", Some(&[b"C=#d"])),
        (b"# goes on \\\nA=b\n", Some(&[b"A=b"])),
        (b"A='b \\ \" c'\nB=\"d \\\" \\$ \\n '\"\n", Some(&[b"A=b \\ \" c", b"B=d \" $ \\n '"])),
        (b"A='b\nc'\nB=\"d\\\ne\nf\"\nC=g\\\n h\n", Some(&[b"A=b\nc", b"B=de\nf", b"C=g h"])),
        (b"A='b' \"c\" d e\nB=x'y' \"z\"\n", Some(&[b"A=bcd e", b"B=x'y' \"z\""])),
        (b"A=b\\ \nB=c\\\\d\\e  \n", Some(&[b"A=b ", b"B=c\\de"])),
        (b"A=$B `id` $(id) ~ *\n", Some(&[b"A=$B `id` $(id) ~ *"])),
        (b"A=1\nA=2\nB=\n", Some(&[b"A=2", b"B="])),
        (b"export A=b\nA.B=c\n9=d\n=e\nF\nG=h\n", Some(&[b"G=h"])),
        (b"A='never closed\nB=c\n", Some(&[b"A=never closed\nB=c\n"])),
        (b"A=\"never closed\\", Some(&[b"A=never closed"])),
        (b"A=\xc3\xa4 \xf0\x9f\x98\x80\n", Some(&[b"A=\xc3\xa4 \xf0\x9f\x98\x80"])),
        (b"# \xff\nA=b\n", Some(&[b"A=b"])),
        (b"A=b\nB=\xff\n", None),
        (b"A=\xed\xa0\x80\n", None),
        (b"A=\xef\xbf\xbf\n", None),
        (b"A=\xf0\xaf\xbf\xbe\n", None),
        (b"A=b\0\n", None),
        (
            b"IFS=x\nPATH=/nowhere\nLC_ALL=C.UTF-8\nOPTIND=y\nname=z\n",
            Some(&[b"IFS=x", b"LC_ALL=C.UTF-8", b"OPTIND=y", b"PATH=/nowhere", b"name=z"]),
        ),
    ];
    let tools = Tools::new();
    let file = tools.folder().join("file");
    for shell in SHELLS {
        for (text, expected) in table {
            fs::write(&file, text).expect("it can be written");
            let mut command = tools.command(shell, Tool::Environment);
            let output = command.arg("-f").arg(&file).args(["--", "0", PRINTER]).output().expect("the shell runs");
            let found = Process::read(&output.stdout).pop().map(|process| process.environment);
            let expected = expected.map(|words| words.iter().map(|word| word.to_vec()).collect::<Vec<_>>());
            assert_eq!(found, expected, "{shell:?} {}\n{}", text.escape_ascii(), errors(&output));
            assert_eq!(output.status.code(), Some(if expected.is_some() { 0 } else { 223 }), "{shell:?}");
        }
    }
}

#[test]
fn what_is_set_last_wins() {
    let tools = Tools::new();
    let folder = tools.folder();
    for (name, text) in [("1.conf", "A=first file\nB=first file\n"), ("2.conf", "A=second file\n")] {
        fs::write(folder.join(name), text).expect("it can be written");
    }
    for shell in SHELLS {
        let mut command = tools.command(shell, Tool::Environment);
        command.env_clear().envs([("PATH", env::var("PATH").unwrap_or_default())]);
        command.envs([("HOME", "/passed"), ("PASSED", "passed \" on"), ("HIDDEN", "x"), ("option", "o")]);
        command.args(["-u", "root", "-p", "HOME", "-p", "PASSED", "-p", "option", "-p", "A", "-p", "UNKNOWN"]);
        command.arg("-f").arg(folder.join("?.conf")).arg("-o").arg(folder.join("missing"));
        command.args(["-d", "SHELL", "-d", "C=1", "-d", "D=2"]);
        command.args(["A=lost", "PASSED=won", "C=1", "D=1", "--", "3", "nice", "-n", "0", PRINTER, "$A"]);
        let output = command.output().expect("the shell runs");
        let process = Process::read(&output.stdout).pop();
        let found = process.map_or(errors(&output), |process| process.to_string());
        assert_eq!(
            found,
            "arguments:\n  $A\nenvironment:\n  A=second file\n  B=first file\n  D=1\n  HOME=/passed\n  \
             LOGNAME=root\n  PASSED=won\n  USER=root\n  option=o\n",
            "{shell:?}"
        );
    }
}

#[test]
fn what_goes_wrong_is_said() {
    let tools = Tools::new();
    let table: &[(&[&str], i32, &str)] = &[
        (&["-f", "/nonexistent", "--", "0", "true"], 223, "environment: /nonexistent: cannot be read\n"),
        (&["-f", "/", "--", "0", "true"], 223, "environment: /: cannot be read\n"),
        (&["-o", "/nonexistent", "--", "0", "true"], 0, ""),
        (&["-o", "/", "--", "0", "true"], 0, "environment: /: cannot be read\n"),
        (&["-u", "no such", "--", "0", "true"], 217, "environment: no user \"no such\"\n"),
        (&["A=b", "--", "0"], 2, "environment: no PROGRAM given\n"),
        (&["A=b", "--", "2", "nice"], 2, "environment: no PROGRAM given\n"),
    ];
    for shell in SHELLS {
        for (arguments, status, message) in table {
            let output = tools.command(shell, Tool::Environment).args(*arguments).output().expect("the shell runs");
            assert_eq!(
                (output.status.code(), &errors(&output)[..]),
                (Some(*status), *message),
                "{shell:?} {arguments:?}"
            );
        }
    }
}

/// A hundred assignments must not hold up a start. (It takes 10 ms; this is about not being quadratic.)
#[test]
fn a_long_file_is_read_in_no_time() {
    let tools = Tools::new();
    let file = tools.folder().join("file");
    let text: String = (0..1000).map(|at| format!("# number {at}\nNAME_{at}=\"a value of $some {at}\"\n")).collect();
    fs::write(&file, text).expect("it can be written");
    for shell in SHELLS {
        let start = Instant::now();
        let output = tools.command(shell, Tool::Environment).arg("-f").arg(&file).args(["--", "0", PRINTER]).output();
        assert_eq!(Process::read(&output.expect("the shell runs").stdout)[0].environment.len(), 1000);
        assert!(start.elapsed() < Duration::from_secs(5), "{shell:?}: {:?}", start.elapsed());
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One unit, and what the tool is told for it.
#[derive(Debug)]
struct Case {
    file: Vec<u8>,
    optional: bool,
    user: Option<&'static str>,
    assignments: Vec<&'static str>,
    unset: Vec<&'static str>,
    words: Vec<String>,
}

/// How many.
const CASES: usize = 400;

#[test]
fn systemd_makes_the_same_of_random_files_and_commands() {
    if let Some(missing) = missing() {
        assert!(
            env::var_os("SVLSP_ALLOW_SKIPS").is_some(),
            "this test needs {missing}; SVLSP_ALLOW_SKIPS=1 does without"
        );
        println!("SKIPPED: environment tool against systemd: no {missing}");
        return;
    }
    let mut random = Random::new("environment");
    let cases: Vec<Case> = (0..CASES).map(|_| random_case(&mut random)).collect();
    let tools = Tools::new();
    let file = tools.folder().join("file");
    let expected = under_systemd(&cases).expect("systemd can be booted");
    let started = expected.iter().flatten().count();
    assert!((CASES / 2..CASES).contains(&started), "{started} of {CASES} units were started");
    let mut differences = Vec::new();
    for (case, expected) in cases.iter().zip(expected) {
        for shell in SHELLS {
            fs::write(&file, &case.file).expect("it can be written");
            let mut command = tools.command(shell, Tool::Environment);
            command.arg("-x").arg(if case.optional { "-o" } else { "-f" }).arg(&file);
            command.args(case.user.iter().flat_map(|user| ["-u", user]));
            command.args(case.unset.iter().flat_map(|name| ["-d", name])).args(&case.assignments);
            let output = command.args(["--", "0", PRINTER]).args(&case.words).output().expect("the shell runs");
            let found = Process::read(&output.stdout).pop();
            if found != expected {
                let shown =
                    |process: &Option<Process>| process.as_ref().map_or("nothing".to_owned(), Process::to_string);
                let (found, expected) = (shown(&found), shown(&expected));
                differences.push(format!(
                    "{}\n{case:?}\nsystemd: {expected}{shell:?}: {found}{}",
                    case.file.escape_ascii(),
                    errors(&output)
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

fn random_case(random: &mut Random) -> Case {
    const USERS: &[&str] = &["root", "daemon", "www-data", "nobody", "sync"];
    const ASSIGNMENTS: &[&str] = &["A=a b", "B=x", "HOME=/h", "C=", "NOTIFY='a b' c\\ d \"e"];
    const UNSET: &[&str] = &["A", "B=x", "HOME", "C=x", "USER", "ABC"];
    let some = |random: &mut Random, all: &[&'static str]| -> Vec<&'static str> {
        all.iter().copied().filter(|_| random.below(3) == 0).collect()
    };
    Case {
        file: random_file(random),
        optional: random.below(3) == 0,
        user: (random.below(2) == 0).then(|| *random.of(USERS)),
        assignments: some(random, ASSIGNMENTS),
        unset: some(random, UNSET),
        words: (0..random.below(6)).map(|_| random_word(random)).collect(),
    }
}

/// Lines that people write, and slips.
fn random_file(random: &mut Random) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"A=b",
        b"B=",
        b"C=\"d e\"",
        b"ABC='f'",
        b"export ",
        b"A",
        b"B",
        b"=",
        b"=",
        b" ",
        b"  ",
        b"\t",
        b"\r",
        b"\n",
        b"\n",
        b"\n",
        b"\\\n",
        b"\\",
        b"'",
        b"\"",
        b"\"",
        b"$A",
        b"`",
        b"#",
        b";",
        b"x",
        b"y z",
        "ä".as_bytes(),
        "😀".as_bytes(),
        b"\\$",
        b"\\x",
        b"\\ ",
        b"*",
        b"LC_ALL=\x01",
        b"\x7f",
    ];
    const RARE: &[&[u8]] =
        &[b"\xff", b"\xc3", b"\xef\xbf\xbe", b"\xef\xb7\x90", b"\xed\xa0\x80", b"\xc0\x80", b"\0", b"\xf4\x90\x80\x80"];
    loop {
        let mut file = Vec::new();
        for _ in 0..random.below(30) {
            let pieces = if random.below(150) == 0 { RARE } else { PIECES };
            file.extend(*random.of(pieces));
        }
        // A backslash at the end of a comment took the next line with it before systemd 254.
        let has = |bytes: &[u8]| bytes.iter().any(|byte| file.contains(byte));
        let continued = file.windows(2).any(|pair| pair[0] == b'\\' && b"\r\n".contains(&pair[1]));
        if !continued || !has(b"#;") {
            return file;
        }
    }
}

fn random_word(random: &mut Random) -> String {
    const WORDS: &[&str] = &["$A", "$B", "$C", "$ABC", "$NOTIFY", "$UNKNOWN", "$", "$A/x", "${A}", "$HOME"];
    const PIECES: &[&str] =
        &["$A", "${B}", "${A", "${", "}", "$$", "$", ":", "-", "x", " ", "${NOTIFY}", "${A:-b}", "{", "'", "\\"];
    if random.below(2) == 0 {
        (*random.of(WORDS)).to_owned()
    } else {
        (0..1 + random.below(6)).map(|_| *random.of(PIECES)).collect()
    }
}

/// What systemd started for each case; `None` where it didn't.
fn under_systemd(cases: &[Case]) -> io::Result<Vec<Option<Process>>> {
    let program = ["container=docker", "/lib/systemd/systemd", "--system", "--unit=probe.target"];
    let mut world = World::new("environment", Path::new(PRINTER), &program, |shared| {
        let units = shared.join("units");
        let mut all = String::new();
        for (at, case) in cases.iter().enumerate() {
            fs::write(shared.join(format!("file{at}")), &case.file)?;
            fs::write(units.join(format!("case{at}.service")), unit(at, case))?;
            all.push_str(&format!("case{at}.service "));
        }
        let last = format!(
            "[Unit]\nDefaultDependencies=no\nAfter={all}\n\
             [Service]\nType=oneshot\nExecStart=/bin/touch /srv/observe/done\n"
        );
        fs::write(units.join("last.service"), last)?;
        fs::write(units.join("probe.target"), format!("[Unit]\nDefaultDependencies=no\nWants={all} last.service\n"))
    })?;
    world.until(|world| world.shared().join("done").exists())?;
    let started = |at: usize| {
        let output = fs::read(world.shared().join(format!("out{at}"))).ok()?;
        let mut process = Process::read(&output).pop()?;
        // What it adds of its own accord.
        const OWN: [&str; 5] = ["PATH=", "LANG=", "INVOCATION_ID=", "SYSTEMD_EXEC_PID=", "JOURNAL_STREAM="];
        process.environment.retain(|variable| !OWN.iter().any(|name| variable.starts_with(name.as_bytes())));
        Some(process)
    };
    Ok((0..cases.len()).map(started).collect())
}

fn unit(at: usize, case: &Case) -> String {
    let quoted = |word: &str| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%"));
    let list = |words: &[&str]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let words = case.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let user = case.user.map_or(String::new(), |user| format!("User={user}\n"));
    format!(
        "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\n{user}EnvironmentFile={}/srv/observe/file{at}\n\
         Environment={}\nUnsetEnvironment={}\nStandardOutput=file:/srv/observe/out{at}\nExecStart=/srv/probe {words}\n",
        if case.optional { "-" } else { "" },
        list(&case.assignments),
        list(&case.unset),
    )
}

/// What of this machine is not as it must be.
fn missing() -> Option<&'static str> {
    let needed =
        [(nix::unistd::Uid::effective().is_root(), "root"), (Path::new("/lib/systemd/systemd").exists(), "systemd")];
    needed.into_iter().find(|(there, _)| !there).map(|(_, name)| name)
}

#[test]
fn the_output_of_tools_is_not_mixed_up() {
    // Standard input belongs to the program.
    let tools = Tools::new();
    let file = tools.folder().join("file");
    fs::write(&file, "A=b\n").expect("it can be written");
    for shell in SHELLS {
        let mut command = tools.command(shell, Tool::Environment);
        command
            .arg("-f")
            .arg(&file)
            .args(["--", "0", "/bin/cat"])
            .stdin(Stdio::from(fs::File::open(&file).expect("a file")));
        assert_eq!(command.output().expect("the shell runs").stdout, b"A=b\n", "{shell:?}");
    }
}
