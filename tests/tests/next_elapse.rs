//! Calendar events elapse when `systemd-analyze calendar` says so.

use std::collections::BTreeSet;

use svlsp_core::schema::Version;
use svlsp_core::values::calendar::{self, Calendar, Zone as EventZone};
use svlsp_tests::calendar_events::{self, Zone};
use svlsp_tests::random::Random;
use svlsp_tests::samples;

/// The systemd that is asked.
const VERSION: Version = Version(252);
/// How often each event elapses in this test.
const TIMES: usize = 6;

#[test]
fn events_elapse_as_systemd_says() {
    let mut random = Random::new("next elapse");
    let random_events: Vec<String> = (0..2500).map(|_| calendar_events::any(&mut random)).collect();
    let events: BTreeSet<String> = samples::seed_file("timer").into_iter().chain(random_events).collect();
    let mut events: Vec<(String, Calendar)> =
        events.into_iter().filter_map(|text| calendar::read(&text).ok().map(|event| (text, event))).collect();
    // The rules of named zones are those of the machine.
    events.retain(|(_, event)| !matches!(event.zone, EventZone::Named(_)));
    assert!(events.len() >= 500, "only {} events were tried", events.len());
    let texts: Vec<String> = events.iter().map(|(text, _)| text.clone()).collect();

    let (mut compared, mut never, mut caught, mut differences) = (0, 0, 0, Vec::new());
    for zone in Zone::all() {
        for after in zone.times(&mut random) {
            let theirs = calendar_events::elapses(&texts, after, TIMES, &zone);
            for ((text, event), theirs) in events.iter().zip(&theirs) {
                // A stale daylight saving flag takes systemd back in time, for ever.
                let Some(theirs) = theirs else {
                    caught += 1;
                    continue;
                };
                let next = |after: &u64| event.next_elapse(*after, VERSION, |seconds| zone.offset(seconds));
                let ours = std::iter::successors(next(&(after * 1_000_000)), next);
                let ours: Vec<u64> = ours.take(TIMES).map(|micros| micros / 1_000_000).collect();
                compared += 1;
                never += usize::from(theirs.is_empty());
                if ours != *theirs {
                    differences
                        .push(format!("TZ={} --base-time=@{after} {text}\n  {ours:?}, systemd\n  {theirs:?}", zone.tz));
                }
            }
        }
    }
    println!("{} events, {compared} times: never {never}, systemd in a loop {caught}", events.len());
    assert!(caught * 100 < compared, "systemd is caught in a loop {caught} times");
    // Where a step leads over a midnight that the clock skips or shows twice, systemd goes on with the
    // daylight saving flag of where the step led, and finds the other midnight or the one after.
    let few = differences.len() * 5000 < compared;
    println!("{} differ\n{}", differences.len(), differences[..differences.len().min(20)].join("\n"));
    assert!(few, "{} of {compared} differ", differences.len());
}
