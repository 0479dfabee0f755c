//! What a check costs grows with its input and no faster.
//!
//! Each input is checked, reported in every format and mended at some size;
//! if that takes long enough to be measured, it is compared with a quarter of
//! the size. `cargo test --release --test scaling -- --ignored --nocapture`
//! prints what the largest inputs cost.

use std::time::{Duration, Instant};

use clap::ValueEnum;
use svlsp::report::{Format, Report};
use svlsp::workspace::check::Overlay;
use svlsp::workspace::plan::Surroundings;
use svlsp::workspace::supervisord::Configuration;
use svlsp::workspace::{Checker, Found, Plan, Reach, fix};
use svlsp_core::backends::Target;
use svlsp_core::fate::Backend;
use svlsp_core::rules::Selection;
use svlsp_core::schema::{DIRECTIVES, Directive, SECTIONS, UnitKind, Version};
use svlsp_core::syntax::supervisord::scan_decoded;
use svlsp_core::text;
use svlsp_core::units::supervisord::{Around, Config};
use svlsp_core::units::{FileFacts, Role};
use svlsp_core::values::ValueType;
use svlsp_tests::samples::{seed_file, type_name};

/// What takes less than this isn't measured any further.
const SHORT: Duration = Duration::from_millis(250);

/// How much longer four times the input may take: 4 is linear, 16 quadratic.
const MOST: f64 = 8.0;

/// The sizes of one file and of one value in bytes, and how many files there are.
const FILE: usize = 1 << 15;
const VALUE: usize = 1 << 15;
const FILES: usize = 1_000;

/// Files by path.
type Files = Vec<(String, Vec<u8>)>;

/// An input of any size.
type Case<'a> = (String, Box<dyn Fn(usize) -> Files + 'a>);

#[test]
fn long_files_cost_what_they_are_long() {
    assert_linear(&files(), FILE);
}

#[test]
fn configurations_of_supervisord_cost_what_they_are_long() {
    assert_growth(&configurations(), 1 << 17, reading);
}

#[test]
fn configurations_of_supervisord_are_checked_as_fast_as_they_are_read() {
    assert_linear(&many_programs(), FILE);
}

#[test]
fn long_values_cost_what_they_are_long() {
    assert_linear(&values(), VALUE);
}

#[test]
fn many_files_cost_what_they_are_many() {
    assert_linear(&trees(), FILES);
}

#[test]
#[ignore = "for the release profile: prints what the largest inputs cost"]
fn the_largest_inputs() {
    for (cases, size) in [(files(), 15 << 20), (values(), (1 << 20) - 64), (trees(), 20_000)] {
        for (name, case) in &cases {
            // A line may have 1 MiB.
            let size = if name.starts_with("a line") { size.min((1 << 20) - 64) } else { size };
            let cost = cost(case(size));
            if cost > Duration::from_millis(700) {
                println!("{:6.2} s  {name}", cost.as_secs_f64());
            }
        }
    }
}

fn assert_linear(cases: &[Case], size: usize) {
    assert_growth(cases, size, cost);
}

fn assert_growth(cases: &[Case], size: usize, cost: impl Fn(Files) -> Duration) {
    let mut bad = Vec::new();
    for (name, case) in cases {
        let mut growth = f64::INFINITY;
        // A busy machine can spoil a measurement.
        for _ in 0..3 {
            let large = cost(case(size));
            growth = match large < SHORT {
                true => 0.0,
                false => growth.min(large.as_secs_f64() / cost(case(size / 4)).as_secs_f64()),
            };
            if growth <= MOST {
                break;
            }
        }
        if growth > MOST {
            bad.push(format!("  {name}: four times the size costs {growth:.1} times as much"));
        }
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}

/// How long it takes to read a configuration of supervisord.
fn reading(files: Files) -> Duration {
    let start = Instant::now();
    let decoded: Vec<_> = files.iter().map(|(_, text)| text::decode(text)).collect();
    let files: Vec<_> = decoded.iter().map(scan_decoded).collect();
    let around = Around { here: vec!["/srv".to_owned(); files.len()], ..Around::default() };
    let config = Config::new(&files, &around);
    drop(config.units());
    start.elapsed()
}

/// One configuration of supervisord, made of the same lines again and again; `N` is a number.
fn configurations() -> Vec<Case<'static>> {
    const START: &str = "[supervisord]\n[program:a]\ncommand=a\n";
    let lines = [
        "kN=v\n",
        "priority=N\n",
        "[program:pN]\ncommand=a\n",
        "[program:a]\npriority=N\n",
        "[rpcinterface:rN]\na=b\n",
        "[DEFAULT]\nkN=%(here)s\n[rpcinterface:rN]\na=b\n[program:pN]\ncommand=a\n",
        "[group:gN]\nprograms=a\n",
        "[fcgi-program:fN]\ncommand=a\nsocket=unix:///N\n",
        "[program:pN]\ncommand=a\nnumprocs=9\nprocess_name=%(process_num)s\nenvironment=A%(process_num)s=b\n",
        "[include]\nfiles=a b\n",
        "environment=A=b,\n ",
        "  # c\n",
        "\n",
        " v\n",
        "a ;# ;# ",
        "#",
        "nonsense\n",
    ];
    let case = |line: &'static str| -> Case {
        let text = move |size: usize| {
            let lines = (0..size / line.len()).map(|at| line.replace('N', &at.to_string()));
            format!("{START}{}", lines.collect::<String>())
        };
        (
            format!("lines {line:?}"),
            Box::new(move |size| vec![("supervisord.conf".to_owned(), text(size).into_bytes())]),
        )
    };
    lines.into_iter().map(case).collect()
}

/// One configuration of supervisord: sections with numbers, and one group with the names `nN` in it.
fn many_programs() -> Vec<Case<'static>> {
    let cases = [
        ("members of a group", "[program:nN]\ncommand=/a\n"),
        ("members that aren't there", "[program:pN]\ncommand=/a\n"),
        ("groups", "[program:nN]\ncommand=/a\n[group:gN]\nprograms=nN\n"),
        ("programs without a command", "[program:nN]\nstartsecs=1\n"),
        ("programs refused together", "[program:nN]\ncommand=/a\nnumprocs=2\n"),
        ("unknown keys", "[program:nN]\ncommand=/a\nautostrat=true\n"),
        ("keys that are lost", "[program:nN]\ncommand=/a\nstdout_events_enabled=true\n"),
        ("listeners", "[eventlistener:nN]\ncommand=/a\n"),
        ("lines that are nothing", "[program:nN]\ncommand=/a\nnonsense\n"),
    ];
    let case = |(name, section): (&'static str, &'static str)| -> Case {
        let text = move |size: usize| {
            let count = size / section.len();
            let names: Vec<String> = (0..count).map(|at| format!("n{at}")).collect();
            let sections: String = (0..count).map(|at| section.replace('N', &at.to_string())).collect();
            format!("[supervisord]\n{sections}[group:all]\nprograms={}\n", names.join(","))
        };
        (name.to_owned(), Box::new(move |size| one("supervisord.conf", text(size))))
    };
    cases.into_iter().map(case).collect()
}

/// How long it takes to check, report and mend some files.
fn cost(files: Files) -> Duration {
    let (mut found, mut configurations) = (Vec::new(), Vec::new());
    let mut overlay = Overlay::new();
    let mut files = files;
    files.sort();
    for (at, (path, text)) in files.into_iter().enumerate() {
        let facts = FileFacts { role: Role::of(&path), ..FileFacts::default() };
        if facts.role == Some(Role::Supervisord) {
            let (files, here) = (vec![path.clone().into()], vec!["/srv".to_owned()]);
            configurations.push(Configuration { files, here, complete: true, missing: Vec::new() });
        }
        found.push(Found { path: path.into(), real: None, reach: Reach::Given, facts });
        overlay.insert(at as u32, text);
    }
    let selection = Selection::of(|_| true);
    let targets = Backend::ALL.map(Target::new);
    let checker =
        Checker { selection: &selection, version: Version::LATEST, targets: &targets, excerpts: true, threads: 1 };
    let start = Instant::now();
    let mut plan = Plan::new(found, &Surroundings { configurations: &configurations, ..Surroundings::default() });
    plan.scopes.iter_mut().for_each(|scope| scope.workspace.complete = true);
    let outcome = checker.run(&mut plan, &overlay);
    for format in Format::value_variants() {
        let report =
            Report { findings: &outcome.findings, paths: &plan, failures: &outcome.failures, status: 1, color: false };
        format.write(&report, &mut std::io::sink()).expect("a sink takes everything");
    }
    let mended = fix::mend(&checker, &mut plan, &overlay, outcome);
    mended.diff(&plan);
    start.elapsed()
}

/// One file of many lines.
fn files() -> Vec<Case<'static>> {
    const START: &str = "[Unit]\nDescription=a\n[Service]\nExecStart=/bin/true\n";
    let lines = [
        "A=\n",
        "ExecStrt=1\n",
        "a\n",
        "=\n",
        "\n",
        "\0",
        "\r",
        "# a\n",
        "# a\n\n",
        "[X]\n",
        "[Sevice]\n",
        "[Service]\n",
        "[Service\n",
        "[\"]\n",
        "[Service]\nAfter=a.service\n",
        "[Unit]\nAfter=b.service\n",
        "[Install]\nWantedBy=b.target\n",
        "After=a.service\n",
        "StartLimitInterval=1\n",
        "[Service]\nStartLimitInterval=1\n",
        "MemoryLimit=1\n",
        "User=a\nUser=b\n",
        "User=a # b\n",
        "ExecStart=/bin/a > b\n",
        "ExecStart=/bin/echo %i\n",
        "ExecStart=\n",
        "Environment=A=$A\n",
        "Environment=A=\u{a0}\n",
        "Restart=sometimes\n",
        "Restart=ON-FAILURE\n",
        "ConditionVersion=1\n",
        "A=\\ \n",
        "a \\ \n",
        "A=\\\n",
        "A=\\\n\n",
        "ExecStart=/bin/a \\\n  b\n",
        "ExecStart=/bin/a \\\nUser=b\n\n",
        "# svlsp: ignore[unknown-directive]\n",
        "# svlsp: ignore[unknown-directive]\nA=\n",
        "# svlsp: ignore[unknown-directive]\nUser=a\n",
        "# svlsp: ignore[unknown-directiv]\n",
        "# svlsp: ignore[unknown-directive, invalid-value]\n\n",
        "# svlsp: ingore\n",
    ];
    let mut cases: Vec<Case> = Vec::new();
    for line in lines {
        let text = move |size| format!("{START}{}", repeat(line, size));
        cases.push((format!("lines {line:?}"), Box::new(move |size| one("a.service", text(size)))));
    }
    for line in ["a=1\n", "# svlsp: ignore-file[unknown-directive]\n", "# svlsp: ignore[unknown-directive]\n"] {
        let text = move |size| format!("{}{START}{}", repeat(line, size / 2), repeat("A=\n", size / 2));
        cases.push((format!("first {line:?}"), Box::new(move |size| one("a.service", text(size)))));
    }
    let bytes = |size| [START.as_bytes(), &b"\xff\n".repeat(size / 2)].concat();
    cases.push(("bytes that aren't UTF-8".into(), Box::new(move |size| one("a.service", bytes(size)))));
    let bytes = |size| [START.as_bytes(), b"A=", &b"a\xff".repeat(size / 2)].concat();
    cases.push(("a line that isn't UTF-8".into(), Box::new(move |size| one("a.service", bytes(size)))));
    let alias = |size| format!("{START}[Install]\nAlias=b@c.service\n{START}{}", repeat("ExecStart=%i\n", size));
    cases.push(("a template under another name".into(), Box::new(move |size| one("a.service", alias(size)))));
    let other = |size| repeat("[X]\na=1\nb\n", size);
    cases.push(("another format".into(), Box::new(move |size| one("a.network", other(size)))));
    cases
}

/// One value of each type, made of the same piece again and again.
fn values() -> Vec<Case<'static>> {
    let pieces = [
        "a ",
        "%i",
        "%n",
        "%z ",
        "\"",
        "\"a\" ",
        "'a",
        "\\",
        "\\x41",
        "\\d ",
        "{",
        "${A}",
        "$A ",
        ",",
        "a,",
        ":",
        "a:b ",
        "/",
        "/a",
        "/../",
        "=",
        "A=1 ",
        ";",
        " ; /bin/a",
        "a > ",
        "# ",
        "#",
        "~",
        "!",
        "-",
        "@",
        "1",
        "1,",
        "1-2 ",
        "1h ",
        "*",
        "..",
        "é",
        "\u{a0}",
        "“a ",
        "a.service ",
        "b.servce ",
        "CAP_KILLL ",
        "date +%Y ",
        "\\\n",
        "\\\n# a\n",
        "\\\nUser=b",
    ];
    let mut types = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    for directive in DIRECTIVES {
        let name = type_name(directive.value);
        let kind = name.split_once("set-").map_or(name.clone(), |(kind, _)| kind.to_owned());
        if types.contains(&kind) {
            continue;
        }
        types.push(kind);
        let (section, path) = home(directive);
        let start = if matches!(directive.value, ValueType::Exec) { "/bin/a " } else { "" };
        let mut add = |piece: String| {
            let line = format!("[{section}]\n{}={start}", directive.name);
            let name = format!("{} of {piece:?}", directive.name);
            let text = move |size| format!("{line}{}\n", repeat(&piece, size));
            cases.push((name, Box::new(move |size| one(path, text(size)))));
        };
        // One in a few, another few for each type, and all for command lines.
        let few = if start.is_empty() { 8 } else { 1 };
        let shift = types.len();
        pieces.iter().skip(shift % few).step_by(few).for_each(|piece| add((*piece).to_owned()));
        for seed in seed_file(&name).into_iter().take(1) {
            add(format!("{seed} "));
            add(seed);
        }
    }
    cases
}

/// Many files.
fn trees() -> Vec<Case<'static>> {
    let unit = |text: String| format!("[Unit]\n{text}[Service]\nExecStart=/bin/true\n").into_bytes();
    let path = |at: usize| format!("u{at}.service");
    let many = move |size: usize, text: &dyn Fn(usize) -> String| -> Files {
        (0..size).map(|at| (path(at), unit(text(at)))).collect()
    };
    let own = move |name: &str, text: String| (name.to_owned(), unit(text));
    vec![
        (
            "a ring of units".into(),
            Box::new(move |size| many(size, &|at| format!("After=u{}.service\n", (at + 1) % size))),
        ),
        (
            "units that all come after each other".into(),
            Box::new(move |size| {
                let side = (size as f64).sqrt() as usize;
                let all: String = (0..side).map(|to| format!("u{}.service ", to * 7919 % side)).collect();
                many(side, &|_| format!("After={all}\nRequires={all}\n"))
            }),
        ),
        (
            "units that want one".into(),
            Box::new(move |size| many(size, &|_| "Requires=u0.service\nBefore=u1.service\n".to_owned())),
        ),
        (
            "one unit that requires all".into(),
            Box::new(move |size| {
                let mut files = many(size, &|_| String::new());
                files.push(own("z.service", (0..size).map(|at| format!("Requires=u{at}.service\n")).collect()));
                files
            }),
        ),
        (
            "units that name others that aren't there".into(),
            Box::new(move |size| many(size, &|at| format!("Requires=v{at}.service w{at}.service\n"))),
        ),
        (
            "units with the same alias".into(),
            Box::new(move |size| many(size, &|_| "[Install]\nAlias=a.service\n".to_owned())),
        ),
        (
            "drop-ins of one unit".into(),
            Box::new(move |size| {
                let drop_in = |at| (format!("a.service.d/{at}.conf"), b"[Service]\nUser=a\nExecStart=/b\n".to_vec());
                (0..size).map(drop_in).chain([own("a.service", String::new())]).collect()
            }),
        ),
        (
            "drop-ins without a unit".into(),
            Box::new(|size| {
                let drop_in = |at| (format!("a{at}@.service.d/a.conf"), b"[Service]\nUser=a\n".to_vec());
                (0..size).map(drop_in).collect()
            }),
        ),
        (
            "instances and drop-ins of a template".into(),
            Box::new(move |size| {
                let mut files: Files = (0..size).map(|at| (format!("a@{at}.service"), unit(String::new()))).collect();
                files.extend((0..size).map(|at| (format!("a@{at}.service.d/a.conf"), b"[Service]\nA=1\n".to_vec())));
                files
            }),
        ),
        (
            "one directory below another".into(),
            Box::new(move |size| {
                let depth = size / 8;
                (0..depth).map(|at| (format!("{}a.service", "d/".repeat(at)), unit(String::new()))).collect()
            }),
        ),
        (
            "units side by side in directories".into(),
            Box::new(move |size| {
                (0..size).map(|at| (format!("d{at}/a.service"), unit("After=b.service\n".into()))).collect()
            }),
        ),
        (
            "names with many dashes".into(),
            Box::new(move |size| {
                (0..size).map(|at| (format!("{}{at}.service", "a-".repeat(100)), unit(String::new()))).collect()
            }),
        ),
    ]
}

/// A section that has the directive, and the path of a unit of the kind.
fn home(directive: &Directive) -> (&'static str, &'static str) {
    let has =
        |section: &&svlsp_core::schema::Section| section.get(directive.name).is_some_and(|it| it.key == directive.key);
    let section = SECTIONS.iter().find(has).expect("every directive has a section");
    let path = match section.kind {
        Some(UnitKind::Mount) => "a.mount",
        Some(UnitKind::Automount) => "a.automount",
        Some(UnitKind::Path) => "a.path",
        Some(UnitKind::Scope) => "a.scope",
        Some(UnitKind::Slice) => "a.slice",
        Some(UnitKind::Socket) => "a.socket",
        Some(UnitKind::Swap) => "a.swap",
        Some(UnitKind::Timer) => "a.timer",
        _ => "a.service",
    };
    (section.name, path)
}

fn one(path: &str, text: impl Into<Vec<u8>>) -> Files {
    vec![(path.to_owned(), text.into())]
}

/// `piece` as often as it fits into `size` bytes.
fn repeat(piece: &str, size: usize) -> String {
    piece.repeat(size / piece.len())
}
