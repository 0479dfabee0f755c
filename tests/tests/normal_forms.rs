//! Time spans and calendar events mean what `systemd-analyze timespan` and `calendar` say.

use std::process::Command;

use svlsp_core::values::calendar;
use svlsp_core::values::time_span::{self, BareUnit};
use svlsp_tests::calendar_events;
use svlsp_tests::random::Random;
use svlsp_tests::samples;

#[test]
fn time_spans_have_the_normal_form_of_systemd() {
    let ours = |text: &str| Some(time_span::read(text, BareUnit::Seconds).ok()?.normal_form());
    let mut random = Random::new("time spans");
    let spans = (0..400).map(|_| (0..=random.below(3)).map(|_| term(&mut random)).collect()).collect();
    compare("time-span", spans, |text| systemd_analyze("timespan", "Human", text), ours);
}

#[test]
fn calendar_events_have_the_normal_form_of_systemd() {
    let mut random = Random::new("calendar events");
    let events = (0..600).map(|_| calendar_events::any(&mut random)).collect();
    let ours = |text: &str| Some(calendar::read(text).ok()?.normal_form());
    compare("timer", events, |text| systemd_analyze("calendar", "Normalized form", text), ours);
}

/// A number and a unit.
fn term(random: &mut Random) -> String {
    const UNITS: &[&str] = &["", "us", "ms", "s", "sec", "m", "min", "h", "hr", "d", "day", "w", "M", "month", "y"];
    let digits = random.below(6);
    let whole = random.below(10usize.pow(digits as u32));
    let fraction = if random.below(3) == 0 { format!(".{}", random.below(10_000)) } else { String::new() };
    let (blank, end) = (random.of(&["", " "]), random.of(&["", " "]));
    format!("{whole}{fraction}{blank}{}{end}", random.of(UNITS))
}

/// Tries the seeds of a value type, some slips in them, and `more`.
fn compare(
    seeds: &str,
    more: Vec<String>,
    theirs: impl Fn(&str) -> Option<String>,
    ours: impl Fn(&str) -> Option<String>,
) {
    let seeds = samples::seed_file(seeds);
    assert!(seeds.len() >= 20, "there are only {} seeds", seeds.len());
    let mut random = Random::new("normal forms");
    let slips: Vec<String> = (0..400).map(|_| samples::mutated(&seeds, &mut random)).collect();
    let (mut read, mut differences) = (0, Vec::new());
    for text in seeds.iter().chain(&slips).chain(&more).filter(|text| !text.is_empty()) {
        let (theirs, ours) = (theirs(text), ours(text));
        read += usize::from(theirs.is_some());
        if theirs != ours {
            differences.push(format!("{text:?}: systemd {theirs:?}, svlsp {ours:?}"));
        }
    }
    println!("{read} of {} values have a normal form", seeds.len() + slips.len() + more.len());
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

/// What stands behind `label` in the answer of a subcommand; `None` where it refuses the text.
fn systemd_analyze(subcommand: &str, label: &str, text: &str) -> Option<String> {
    let output = Command::new("systemd-analyze")
        .args([subcommand, "--", text])
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .output()
        .expect("systemd-analyze runs");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |line: &str| Some(line.trim_start().strip_prefix(label)?.strip_prefix(": ")?.to_owned());
    output.status.success().then(|| answer.lines().find_map(value)).flatten()
}
