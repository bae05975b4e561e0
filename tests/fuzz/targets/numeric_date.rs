//! Dates against a comparison on paper: a JSON number and a moment, shifted by two durations.
//! Input: three doubles, then the number.
#![no_main]

use std::time::Duration;

use countersign::UnixTime;
use countersign::fuzzing::{Json, compare_date, parse_json, shifted};
use countersign_fuzz::decimal::{compare, is_date, units};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (f64, f64, f64, &[u8])| {
    let (now, earlier, later, number) = input;
    let Ok(Json::Number(number)) = parse_json(number) else { return };
    let moment = |seconds: f64| {
        let moment = UnixTime::from_seconds_f64(seconds);
        assert_eq!(moment.is_some(), (0.0..2_f64.powi(53)).contains(&seconds));
        moment
    };
    // A duration as nanoseconds, and the units that they come to.
    let duration = |seconds: f64| Duration::try_from_secs_f64(seconds).ok().filter(|by| by.as_secs() < 1 << 40);
    let (Some(at), Some(by), Some(to)) = (moment(now), duration(earlier), duration(later)) else { return };
    let parts = |by: Duration| ((by.as_nanos() as i128) << 52) / 1_000_000_000;
    let theirs = is_date(&number)
        .then(|| [units(now), units(now) - parts(by) + parts(to)].map(|moment| compare(&number, moment)));
    let ours = [at, shifted(at, by, to)].map(|moment| compare_date(&number, moment));
    assert_eq!(ours, theirs.map_or([None; 2], |orders| orders.map(Some)), "{number} {now} {earlier} {later}");
});
