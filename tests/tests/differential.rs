//! Every value is taken or refused exactly as the installed systemd does it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use svlsp_core::diagnostic::Severity;
use svlsp_core::rules::{self, Selection, Target};
use svlsp_core::schema::{self, Directive, Empty, Manager, Version};
use svlsp_core::syntax;
use svlsp_core::units::{Unit, UnitName};
use svlsp_core::values::{self, Context, ProblemKind, ValueType};
use svlsp_tests::oracle::{self, Answer, Case};
use svlsp_tests::random::Random;
use svlsp_tests::samples;

/// The systemd whose behaviour the knowledge base holds for this test.
const VERSION: u16 = 252;
/// Settings of one type that all seeds are tried on; the others get a part of them.
const THOROUGH: usize = 4;

/// One value of one setting.
struct Sample {
    section: &'static str,
    directive: &'static Directive,
    value: String,
    unit: String,
}

#[test]
fn values_are_taken_and_refused_as_systemd_does() {
    match oracle::version() {
        Some(VERSION) => {}
        found => {
            panic!("this test needs systemd-analyze {VERSION} (Debian 12: apt-get install systemd); found {found:?}")
        }
    }
    let only = env::var("SVLSP_DIFF_TYPE").ok();
    let samples = samples(only.as_deref());
    let cases: Vec<Case> = samples.iter().map(case).collect();
    let answers = answers(&samples, &cases);

    let mut exceptions = Exceptions::read();
    let mut tally: BTreeMap<String, Tally> = BTreeMap::new();
    for ((sample, case), answer) in samples.iter().zip(&cases).zip(&answers) {
        if asks_for_another_machine(sample) {
            continue;
        }
        let kind = samples::type_name(sample.directive.value);
        let last = case.text.lines().count();
        let of_line = answer.lines.iter().filter(|(line, _)| *line >= last).map(|(_, message)| message);
        let of_unit = answer.unit.iter().filter(|_| sample.section == "Install");
        let messages: Vec<&str> = of_line.chain(of_unit).map(String::as_str).collect();
        let theirs: Vec<&str> = messages.iter().copied().filter(|message| !only_a_remark(message)).collect();
        let file = syntax::scan(&case.text);
        let value = file.directives.last().map_or("", |directive| directive.value.text()).to_owned();
        let ours = problem(sample, file);
        let tally = tally.entry(kind.clone()).or_default();
        tally.values += 1;
        tally.refused += usize::from(!theirs.is_empty());
        if theirs.is_empty() == ours.is_none() || exceptions.cover(sample.directive, &value, &kind) {
            continue;
        }
        tally.differences.push(format!(
            "  {}={}\n      systemd: {}\n      svlsp:   {}",
            sample.directive.name,
            sample.value.escape_debug(),
            if theirs.is_empty() { "takes it".to_owned() } else { format!("refuses it: {}", theirs.join(" | ")) },
            ours.map_or("takes it".to_owned(), |message| format!("refuses it: {message}")),
        ));
    }
    let failures = report(&tally);
    assert!(failures == 0, "{failures} value types differ from systemd {VERSION}; see above");
    if only.is_none() {
        exceptions.assert_used();
        assert!(samples.len() >= 20_000, "only {} values were tried", samples.len());
    }
}

#[derive(Default)]
struct Tally {
    values: usize,
    refused: usize,
    differences: Vec<String>,
}

/// Prints the differences, then the sums; returns how many types differ.
fn report(tally: &BTreeMap<String, Tally>) -> usize {
    let shown = if env::var_os("SVLSP_DIFF_ALL").is_some() { usize::MAX } else { 25 };
    let mut failures = 0;
    let mut text = String::new();
    for (kind, tally) in tally.iter().filter(|(_, tally)| !tally.differences.is_empty()) {
        failures += 1;
        writeln!(text, "\n{kind}: {} of {} values differ", tally.differences.len(), tally.values).unwrap();
        for difference in tally.differences.iter().take(shown) {
            writeln!(text, "{difference}").unwrap();
        }
        if tally.differences.len() > shown {
            writeln!(text, "  … (SVLSP_DIFF_ALL=1 SVLSP_DIFF_TYPE={kind} shows them all)").unwrap();
        }
    }
    writeln!(text, "\n{:32} {:>7} {:>7} {:>7}", "value type", "values", "refused", "differ").unwrap();
    for (kind, tally) in tally {
        let (values, refused, differ) = (tally.values, tally.refused, tally.differences.len());
        writeln!(text, "{kind:32} {values:>7} {refused:>7} {differ:>7}").unwrap();
    }
    let sum = |of: fn(&Tally) -> usize| tally.values().map(of).sum::<usize>();
    let differ = sum(|tally| tally.differences.len());
    writeln!(text, "{:32} {:>7} {:>7} {differ:>7}", "all", sum(|t| t.values), sum(|t| t.refused)).unwrap();
    println!("{text}");
    failures
}

/// What systemd says about each of the cases.
fn answers(samples: &[Sample], cases: &[Case]) -> Vec<Answer> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let installs = |at: &usize| samples[*at].section == "Install";
    let mut answers = vec![Answer::default(); cases.len()];
    for (ask, wanted) in [(oracle::verify as fn(&[Case], &Path) -> _, false), (oracle::enable, true)] {
        let indices: Vec<usize> = (0..cases.len()).filter(|at| installs(at) == wanted).collect();
        let some: Vec<Case> = indices.iter().map(|&at| cases[at].clone()).collect();
        let said: std::io::Result<Vec<Answer>> = ask(&some, scratch);
        for (at, answer) in indices.into_iter().zip(said.expect("systemd's tools run")) {
            answers[at] = answer;
        }
    }
    answers
}

/// The values to try, of one value type or all.
fn samples(only: Option<&str>) -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::new();
    let mut tried: BTreeMap<String, Vec<&'static Directive>> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (section, name) in oracle::settings().expect("systemd lists its settings") {
        let Some((section, directive)) = schema::section(&section).and_then(|s| Some((s.name, s.get(&name)?))) else {
            unknown.push(format!("{section}.{name}"));
            continue;
        };
        let kind = samples::type_name(directive.value);
        if only.is_some_and(|only| only != kind) || untestable(section) {
            continue;
        }
        let seeds = samples::seeds(directive.value);
        let tried = tried.entry(kind).or_default();
        let again = tried.iter().any(|other| std::ptr::eq(*other, directive));
        tried.push(directive);
        let (some, slips) = match (again, tried.len() <= THOROUGH) {
            (false, true) => (None, 80),
            (false, false) => (Some(40), 20),
            (true, _) => (Some(8), 4),
        };
        let mut random = Random::new(&format!("{section}.{name}"));
        let mut values = match some {
            None => seeds.clone(),
            Some(some) => (0..some).map(|_| random.of(&seeds).clone()).collect(),
        };
        values.extend((0..slips).map(|_| samples::mutated(&seeds, &mut random)));
        values.sort();
        values.dedup();
        for value in values {
            let unit = format!("t{}{}", samples.len(), unit_suffix(section, directive.name));
            samples.push(Sample { section, directive, value, unit });
        }
    }
    assert!(unknown.is_empty(), "systemd has settings that the knowledge base lacks: {unknown:?}");
    samples
}

/// systemd doesn't load scopes from files.
fn untestable(section: &str) -> bool {
    section == "Scope"
}

fn unit_suffix(section: &str, directive: &str) -> &'static str {
    match section {
        "Install" if directive == "DefaultInstance" => "@.service",
        "Install" => ".service",
        "Socket" => ".socket",
        "Mount" => ".mount",
        "Automount" => ".automount",
        "Swap" => ".swap",
        "Timer" => ".timer",
        "Path" => ".path",
        "Slice" => ".slice",
        _ => "@a-b.service",
    }
}

/// A unit whose last line is the sample.
fn case(sample: &Sample) -> Case {
    let Sample { section, directive, value, unit } = sample;
    let stem = unit.split('.').next().unwrap_or_default();
    let head = match *section {
        "Socket" => "[Socket]\nListenStream=/run/x\n".to_owned(),
        "Mount" => format!("[Mount]\nWhat=/dev/x\nWhere=/{stem}\n"),
        "Automount" => format!("[Automount]\nWhere=/{stem}\n"),
        "Swap" => format!("[Swap]\nWhat=/{stem}\n"),
        "Timer" => "[Timer]\nOnBootSec=1h\n".to_owned(),
        "Path" => "[Path]\nPathExists=/x\n".to_owned(),
        "Slice" => "[Slice]\n".to_owned(),
        _ => "[Service]\nExecStart=/bin/true\n".to_owned(),
    };
    Case { name: unit.clone(), text: format!("{head}[{section}]\n{}={value}\n", directive.name) }
}

/// What svlsp has against the last line of `file`.
fn problem(sample: &Sample, file: syntax::File) -> Option<String> {
    let unit = UnitName::parse(&sample.unit)?;
    if !sample.directive.kinds.contains(unit.kind()) {
        return Some("not for this kind of unit".to_owned());
    }
    let directive = file.directives.last()?;
    let value = directive.value.text();
    if value.is_empty() {
        return (sample.directive.empty == Empty::Refused).then(|| "it is empty".to_owned());
    }
    let context =
        Context { directive: sample.directive, version: Version(VERSION), manager: Manager::System, unit: Some(&unit) };
    let mut problems = Vec::new();
    values::check(value, &context, &mut problems);
    let refused = problems.into_iter().find(|problem| problem.kind == ProblemKind::Refused);
    refused.map(|problem| problem.message).or_else(|| refused_by_enable(sample, &unit, file))
}

/// What `systemctl enable` refuses by the unit's name and kind; that is a rule's business.
fn refused_by_enable(sample: &Sample, unit: &UnitName, file: syntax::File) -> Option<String> {
    if sample.section != "Install" {
        return None;
    }
    let target = Target { version: Version(VERSION), manager: Manager::System };
    let findings = rules::check_unit(&Unit::new(unit, &[file]), target, &Selection::default());
    findings.into_iter().find(|finding| finding.severity == Severity::Error).map(|finding| finding.message)
}

/// A kernel has only the personalities of its own architecture.
fn asks_for_another_machine(sample: &Sample) -> bool {
    match sample.directive.value {
        ValueType::Set(set) if sample.directive.name == "Personality" => {
            set.get(sample.value.trim()).is_some_and(|word| !word.text.starts_with("x86"))
        }
        _ => false,
    }
}

/// Messages that come with a value which is taken all the same.
fn only_a_remark(message: &str) -> bool {
    const REMARKS: &[&str] = &[
        "Ignoring unknown escape sequences",
        "is obsolete, replacing by",
        "will be removed soon.",
        "is obsolete, automatically updating to",
        "references a path below legacy directory",
        "is unsafe, as it disables systemd's process lifecycle management",
        "Special user nobody configured",
    ];
    REMARKS.iter().any(|part| message.contains(part))
}

/// Differences that are known and explained: `later.txt` holds what a later
/// systemd reads differently, `exceptions.txt` the others.
struct Exceptions {
    entries: Vec<Exception>,
}

struct Exception {
    /// The directive with a `=`, or the value type.
    subject: String,
    /// The value; a `*` stands for any text.
    value: String,
    used: bool,
}

impl Exceptions {
    /// Reads lines of subject, value, version (`later.txt` only) and reason, with tabs in between.
    fn read() -> Self {
        let mut entries = Vec::new();
        for (file, columns) in [("later.txt", 4), ("exceptions.txt", 3)] {
            let lines = lines(file);
            assert!(file != "exceptions.txt" || lines.len() <= 10, "{file} may have ten lines at the most");
            for line in lines {
                let fields: Vec<&str> = line.split('\t').collect();
                assert_eq!(fields.len(), columns, "{file}: {line}");
                if columns == 4 {
                    let since: u16 = fields[2].parse().unwrap_or_else(|_| panic!("{file}: no version: {line}"));
                    assert!(since > VERSION, "{file}: {line}");
                }
                entries.push(Exception { subject: fields[0].into(), value: fields[1].into(), used: false });
            }
        }
        Exceptions { entries }
    }

    fn cover(&mut self, directive: &Directive, value: &str, kind: &str) -> bool {
        let directive = format!("{}=", directive.name);
        let covering = |entry: &&mut Exception| {
            (entry.subject == directive || entry.subject == kind) && matches(&entry.value, value)
        };
        self.entries.iter_mut().find(covering).is_some_and(|entry| {
            entry.used = true;
            true
        })
    }

    fn assert_used(&self) {
        let unused = self.entries.iter().filter(|entry| !entry.used);
        let unused: Vec<String> = unused.map(|entry| format!("{} {}", entry.subject, entry.value)).collect();
        assert!(unused.is_empty(), "listed differences that aren't there (any more): {unused:#?}");
    }
}

/// Whether `text` is `pattern`, in which a `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text
            .strip_prefix(head)
            .is_some_and(|text| (0..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))),
    }
}

/// The lines of a list of this test, comments left out.
fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).map(str::to_owned).collect()
}
