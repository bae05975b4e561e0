//! For how long an answer is fresh, and what comes after.

use countersign::{KeySetAnswer, Phase, RemoteKeySet, Span, Status};

use crate::common::{DAY, at, begin, by_address, fail, fly, jwks, kids, load, loaded, of, plain, with};

/// When keys with these headers cease to be fresh.
fn age(cache_control: Option<&str>, age: Option<&str>, spans: &[(Span, f64)]) -> f64 {
    let mut set = RemoteKeySet::new(by_address(), with(spans), false);
    fly(&mut set, KeySetAnswer { cache_control, age, ..of(200, &jwks(&["k1"])) }, 0.0);
    let due = set.status(at(0.0)).next_attempt.unwrap();
    let seconds = (due / 0.9).round();
    assert_eq!(set.phase(at(seconds - 0.5)), Phase::Due);
    assert_eq!(set.phase(at(seconds)), Phase::Stale);
    seconds
}

/// RFC 9111 §5.2.2 and §5.1; our bounds are a minute and a day, and ten minutes where nothing is said.
#[test]
fn an_answer_is_fresh_for_as_long_as_its_server_says_within_bounds() {
    let long = "9".repeat(400);
    let endless = format!("max-age={long}");
    for (control, spent, expected) in [
        (None, None, 600.0),
        (Some(""), None, 600.0),
        (Some("max-age=120"), None, 120.0),
        (Some("public, max-age=120, must-revalidate"), None, 120.0),
        (Some("public,max-age=120"), None, 120.0),
        (Some("MAX-AGE=120"), None, 120.0),
        (Some("max-age=\"120\""), None, 120.0),
        (Some("max-age = 120"), None, 120.0),
        (Some("max-age=00120"), None, 120.0),
        (Some("max-age=0"), None, 60.0),
        (Some("max-age=59"), None, 60.0),
        (Some("max-age=61"), None, 61.0),
        (Some("no-store"), None, 60.0),
        (Some("no-store, max-age=9999"), None, 60.0),
        (Some("max-age=9999, no-cache"), None, 60.0),
        (Some("max-age=9999, no-cache=\"set-cookie\""), None, 60.0),
        (Some("public,NO-CACHE"), None, 60.0),
        (Some("max-age=86399"), None, DAY - 1.0),
        (Some("max-age=86401"), None, DAY),
        (Some("max-age=99999999"), None, DAY),
        (Some(endless.as_str()), None, DAY),
        (Some("x-max-age=120"), None, 600.0),
        (Some("max-age=120, x-no-store, no-storex"), None, 120.0),
        (Some("max-age=soon"), None, 600.0),
        (Some("max-age"), None, 600.0),
        (Some("max-age="), None, 600.0),
        (Some("max-age=-120"), None, 600.0),
        (Some("max-age=+120"), None, 600.0),
        (Some("max-age=120.5"), None, 600.0),
        (Some("max-age=12 0"), None, 600.0),
        // RFC 9111 §4.2.1: of duplicates, the first or the strictest.
        (Some("max-age=120, max-age=9999"), None, 120.0),
        (Some("max-age=1000"), Some("700"), 300.0),
        (Some("max-age=1000"), Some(" 700 "), 300.0),
        (Some("max-age=1000"), Some("0"), 1_000.0),
        (Some("max-age=1000"), Some("5000"), 60.0),
        (Some("max-age=1000"), Some(long.as_str()), 60.0),
        (Some(endless.as_str()), Some(long.as_str()), 60.0),
        (Some("max-age=1000"), Some("old"), 1_000.0),
        (Some("max-age=1000"), Some("-700"), 1_000.0),
        (Some("max-age=1000"), Some(""), 1_000.0),
        (None, Some("500"), 600.0),
        (Some("no-cache"), Some("500"), 60.0),
    ] {
        assert_eq!(age(control, spent, &[]), expected, "{control:?}, {spent:?}");
    }
}

#[test]
fn the_bounds_of_an_age_can_be_set() {
    let spans = [(Span::DefaultAge, 90.0), (Span::MinAge, 30.0), (Span::MaxAge, 300.0)];
    for (control, expected) in
        [(None, 90.0), (Some("max-age=1"), 30.0), (Some("max-age=31"), 31.0), (Some("max-age=301"), 300.0)]
    {
        assert_eq!(age(control, None, &spans), expected, "{control:?}");
    }
    // A default beyond the bounds, and bounds that cross: the upper one holds.
    assert_eq!(age(None, None, &[(Span::DefaultAge, DAY), (Span::MaxAge, 3_600.0)]), 3_600.0);
    assert_eq!(age(None, None, &[(Span::DefaultAge, 30.0)]), 60.0);
    assert_eq!(age(None, None, &[(Span::MinAge, 3_600.0), (Span::MaxAge, 60.0)]), 60.0);
}

#[test]
fn phases_follow_each_other() {
    let set = loaded();
    for (seconds, phase, name) in [
        (0.0, Phase::Fresh, "fresh"),
        (539.9, Phase::Fresh, "fresh"),
        (540.0, Phase::Due, "fresh"),
        (599.9, Phase::Due, "fresh"),
        (600.0, Phase::Stale, "stale"),
        (629.9, Phase::Stale, "stale"),
        (630.0, Phase::Overdue, "stale"),
        (599.9 + DAY, Phase::Overdue, "stale"),
        (600.0 + DAY, Phase::TooOld, "too-old"),
        (1e9, Phase::TooOld, "too-old"),
    ] {
        assert_eq!((set.phase(at(seconds)), set.phase(at(seconds)).as_str()), (phase, name), "at {seconds}");
        assert_eq!(kids(&set, seconds).is_some(), phase != Phase::TooOld, "at {seconds}");
    }
    assert_eq!((plain().phase(at(0.0)), Phase::Empty.as_str()), (Phase::Empty, "empty"));
    assert!(plain().usable(at(0.0)).is_none());
}

/// Nine tenths of every whole age, exactly: no rounding makes a set due that is not said to be.
#[test]
fn a_refresh_is_due_when_the_status_says_so() {
    for age in 60..2_000 {
        let mut set = plain();
        let control = format!("max-age={age}");
        fly(&mut set, KeySetAnswer { cache_control: Some(&control), ..of(200, &jwks(&["k1"])) }, 0.0);
        let due = f64::from(age * 9 / 10);
        assert_eq!(set.phase(at(due - 0.01)), Phase::Fresh, "{age}");
        if age % 10 == 0 {
            assert_eq!((set.phase(at(due)), set.status(at(due)).next_attempt), (Phase::Due, Some(0.0)), "{age}");
        }
    }
}

#[test]
fn the_stale_bound_may_be_nothing_or_less_than_the_cool_down() {
    for (stale, cooldown, phases) in [
        (0.0, 30.0, [Phase::Due, Phase::TooOld, Phase::TooOld, Phase::TooOld]),
        (10.0, 30.0, [Phase::Due, Phase::Stale, Phase::TooOld, Phase::TooOld]),
        (10.0, 1.0, [Phase::Due, Phase::Overdue, Phase::TooOld, Phase::TooOld]),
        (7.0 * DAY, 3_600.0, [Phase::Due, Phase::Stale, Phase::Stale, Phase::Overdue]),
    ] {
        let durations = with(&[(Span::MaxStale, stale), (Span::Cooldown, cooldown)]);
        let mut set = RemoteKeySet::new(by_address(), durations, false);
        load(&mut set, &jwks(&["k1"]), 0.0);
        let found = [599.0, 605.0, 610.0, 4_200.0].map(|seconds| set.phase(at(seconds)));
        assert_eq!(found, phases, "{stale}, {cooldown}");
        assert_eq!(kids(&set, 605.0).is_some(), stale > 5.0);
        assert_eq!(kids(&set, 600.0).is_some(), stale > 0.0);
    }
}

#[test]
fn the_status_says_what_is_at_hand_and_when_the_issuer_is_asked_next() {
    let mut set = plain();
    let Status { phase, age, keys, last_error, next_attempt } = set.status(at(0.0));
    assert_eq!((phase, age, keys.is_none(), last_error.is_none()), (Phase::Empty, None, true, true));
    assert_eq!(next_attempt, Some(0.0));
    // One failure may be chance; after two, the issuer is left alone for a second.
    fail(&mut set, 0.0);
    assert_eq!(set.status(at(0.0)).next_attempt, Some(0.0));
    fail(&mut set, 0.0);
    let failed = set.status(at(0.25));
    assert_eq!((failed.next_attempt, failed.keys.is_none()), (Some(0.75), true));
    assert_eq!(failed.last_error.map(|error| error.code().as_str()), Some("keys_unavailable"));
    assert_eq!(set.status(at(60.0)).next_attempt, Some(0.0));
    let flight = begin(&mut set, 60.0);
    assert_eq!(set.status(at(60.0)).next_attempt, None);
    crate::common::respond(&mut set, flight, of(200, &jwks(&["k1", "k2"])), 60.0);
    let there = set.status(at(70.0));
    assert_eq!((there.phase, there.age, there.next_attempt), (Phase::Fresh, Some(10.0), Some(530.0)));
    assert_eq!((there.keys.map(countersign::KeySet::len), there.last_error.is_none()), (Some(2), true));
    let old = set.status(at(60.0 + 600.0 + DAY));
    assert_eq!((old.phase, old.age, old.keys.is_none()), (Phase::TooOld, Some(600.0 + DAY), true));
    assert_eq!(old.next_attempt, Some(0.0));
    for rest in [0.0, 1.0] {
        fail(&mut set, 600.0);
        assert_eq!(set.status(at(600.0)).next_attempt, Some(rest));
    }
}
