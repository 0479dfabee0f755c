//! The scripts that wait for timers: they compute what `svlsp` computes, in dash and in busybox alone.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use svlsp_core::backends::timer;
use svlsp_core::backends::tools::Tool;
use svlsp_core::schema::Version;
use svlsp_core::values::calendar::{self, Calendar, Zone as EventZone};
use svlsp_tests::calendar_events::{self, Zone};
use svlsp_tests::random::Random;
use svlsp_tests::samples;
use svlsp_tests::tools::{SHELLS, Tools};

#[test]
fn next_elapse_computes_what_the_library_computes() {
    let tools = Tools::new();
    let paths = [env::var_os("PATH").expect("there is a path"), busybox_alone(&tools.folder()).into()];
    let mut random = Random::new("timer tools");
    let more = (0..300).map(|_| calendar_events::any(&mut random));
    let events = samples::seed_file("timer").into_iter().chain(more).filter_map(|text| calendar::read(&text).ok());
    let events: Vec<Calendar> = events.filter(|event| !matches!(event.zone, EventZone::Named(_))).collect();
    let zones = Zone::all();
    let mut compared = 0;
    for (at, event) in events.iter().enumerate() {
        let zone = &zones[at % zones.len()];
        let times = zone.times(&mut random);
        for (turn, (shell, path)) in SHELLS.iter().zip(&paths).cycle().take(6).enumerate() {
            // The first times are of any kind, then come those before midnight and at changes of the clock.
            let from = turn.min(times.len() - 1);
            let after = times[from + random.below(times.len() - from)];
            let next = event.next_elapse(after * 1_000_000, Version::LATEST, |seconds| zone.offset(seconds));
            let expected = next.map_or(String::new(), |micros| format!("{}\n", micros.div_ceil(1_000_000)));
            let output = tools
                .command(shell, Tool::NextElapse)
                .arg(after.to_string())
                .args(timer::event(event))
                .env_clear()
                .env("PATH", path)
                .env("TZ", zone.tz)
                .output()
                .expect("the shell runs");
            let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert_eq!(stdout, expected, "{shell:?}: {} after {after} TZ={} {stderr}", event.normal_form(), zone.tz);
            assert_eq!(stderr, "");
            compared += 1;
        }
    }
    assert!(compared >= 1000, "only {compared} times were compared");
}

/// A directory that has the programs the tool needs, all of them busybox.
fn busybox_alone(folder: &Path) -> PathBuf {
    let bin = folder.join("bin");
    fs::create_dir(&bin).expect("it can be written");
    let path = env::var_os("PATH").expect("there is a path");
    let busybox = env::split_paths(&path).map(|folder| folder.join("busybox")).find(|file| file.exists());
    for name in ["busybox", "date"] {
        symlink(busybox.as_ref().expect("busybox is installed"), bin.join(name)).expect("it can be written");
    }
    bin
}
