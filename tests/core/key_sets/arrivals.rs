//! Keys that are lacking: how often the issuer is asked, and which answer is final for whom.

use countersign::{Asker, Judged, Lack, Patience, Phase, RemoteKeySet, Span};

use crate::common::{
    DAY, OTHER, ask, ask_again, at, begin, by_address, fail, jwks, key, load, loaded, of, plain, respond, with, words,
};
use crate::stores::entry;

fn lacks(set: &mut RemoteKeySet, lack: &Lack, seconds: f64) -> String {
    words(&ask(set, Judged::Lacking(lack), Patience::Waits, seconds), None)
}

#[test]
fn an_answer_begun_after_the_token_came_is_final() {
    for lack in [key("new"), Lack::Key(None), OTHER] {
        let mut set = loaded();
        let demand = ask(&mut set, Judged::Lacking(&lack), Patience::Waits, 100.0);
        assert_eq!(words(&demand, None), "begin wait");
        respond(&mut set, demand.begin.unwrap(), of(200, &jwks(&["k1", "k2"])), 100.5);
        assert_eq!(words(&ask_again(&mut set, Judged::Lacking(&lack), demand.arrival, 100.5), None), "", "{lack:?}");
        // A token whose key has come needs nothing more.
        assert_eq!(words(&ask_again(&mut set, Judged::Passed, demand.arrival, 100.5), None), "");
    }
}

#[test]
fn an_answer_to_a_flight_that_was_under_way_is_not() {
    let mut set = loaded();
    let flight = begin(&mut set, 550.0);
    let late = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, 550.1);
    let other = ask(&mut set, Judged::Lacking(&OTHER), Patience::Waits, 550.1);
    assert_eq!((words(&late, Some(flight)), words(&other, Some(flight))), ("wait".into(), "wait".into()));
    respond(&mut set, flight, of(200, &jwks(&["k1", "k2"])), 550.2);
    // The answer brought news: its window is one second, from when the issuer was asked.
    let again = ask_again(&mut set, Judged::Lacking(&key("new")), late.arrival, 550.3);
    assert_eq!(again.refuse.as_ref().map(|error| error.code().as_str()), Some("keys_unavailable"));
    assert_eq!(again.arrival, late.arrival);
    let again = ask_again(&mut set, Judged::Lacking(&key("new")), late.arrival, 551.3);
    assert_eq!(again.wait, again.begin);
    respond(&mut set, again.begin.unwrap(), of(200, &jwks(&["k1", "k2"])), 551.4);
    assert_eq!(words(&ask_again(&mut set, Judged::Lacking(&key("new")), late.arrival, 551.5), None), "");
}

#[test]
fn what_an_answer_lacked_is_not_asked_for_again_for_half_a_minute() {
    let mut set = loaded();
    // The window reopens sooner than what is absent is forgotten.
    let mut short = RemoteKeySet::new(by_address(), with(&[(Span::Cooldown, 10.0)]), false);
    load(&mut short, &jwks(&["k1"]), 0.0);
    for set in [&mut set, &mut short] {
        let demand = ask(set, Judged::Lacking(&key("new")), Patience::Waits, 100.0);
        respond(set, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 100.0);
        assert_eq!(words(&ask_again(set, Judged::Lacking(&key("new")), demand.arrival, 101.0), None), "");
        let others = [key("other"), Lack::Key(None)].map(|lack| lacks(set, &lack, 105.0));
        assert!(others.iter().all(|words| words.starts_with("keys_unavailable ")), "{others:?}");
        for patience in [Patience::AtOnce, Patience::Waits, Patience::WaitedLong] {
            assert_eq!(words(&ask(set, Judged::Lacking(&key("new")), patience, 130.9), None), "", "{patience:?}");
        }
    }
    assert_eq!(lacks(&mut short, &key("new"), 131.0), "begin wait");
}

#[test]
fn what_is_absent_stays_so_in_every_phase_that_has_keys() {
    for (seconds, phase) in [(100.0, Phase::Fresh), (550.0, Phase::Due), (601.0, Phase::Stale), (700.0, Phase::Overdue)]
    {
        let mut set = RemoteKeySet::new(by_address(), with(&[(Span::Absence, 3_600.0)]), false);
        load(&mut set, &jwks(&["k1"]), -100.0);
        let demand = ask(&mut set, Judged::Lacking(&key("")), Patience::Waits, 0.0);
        respond(&mut set, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 0.0);
        ask_again(&mut set, Judged::Lacking(&key("")), demand.arrival, 0.0);
        assert_eq!(set.phase(at(seconds)), phase);
        assert_eq!(lacks(&mut set, &key(""), seconds), "");
        // A token without a kid is not one with an empty kid.
        assert_eq!(lacks(&mut set, &Lack::Key(None), seconds), "begin wait");
    }
}

#[test]
fn other_keys_forget_what_was_absent() {
    for text in [jwks(&["k1"]), jwks(&["k1", "k2"])] {
        let durations = with(&[(Span::Absence, 3_600.0)]);
        let mut set = RemoteKeySet::new(by_address(), durations, false);
        load(&mut set, &jwks(&["k1"]), -100.0);
        let demand = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, 0.0);
        respond(&mut set, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 0.0);
        ask_again(&mut set, Judged::Lacking(&key("new")), demand.arrival, 0.0);
        load(&mut set, &text, 545.0);
        assert_eq!(lacks(&mut set, &key("new"), 580.0), "begin wait");
    }
}

#[test]
fn thirty_two_absent_keys_are_remembered_and_the_oldest_make_room() {
    let mut set = loaded();
    let demand = ask(&mut set, Judged::Lacking(&key("a0")), Patience::Waits, 100.0);
    respond(&mut set, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 100.0);
    for number in 0..33 {
        ask_again(&mut set, Judged::Lacking(&key(&format!("a{number}"))), demand.arrival, 101.0);
    }
    // Known already: no other has to make room for it.
    ask_again(&mut set, Judged::Lacking(&key("a20")), demand.arrival, 101.0);
    assert_eq!(lacks(&mut set, &key("a0"), 102.0), "keys_unavailable 28");
    for number in 1..33 {
        assert_eq!(lacks(&mut set, &key(&format!("a{number}")), 102.0), "", "a{number}");
    }
}

#[test]
fn a_flood_of_invented_keys_costs_one_request_in_half_a_minute() {
    let mut set = loaded();
    let mut asked = Vec::new();
    for tenths in 1_000..2_000 {
        let seconds = f64::from(tenths) / 10.0;
        let demand = ask(&mut set, Judged::Lacking(&key(&format!("k{tenths}"))), Patience::Waits, seconds);
        if let Some(flight) = demand.begin {
            respond(&mut set, flight, of(200, &jwks(&["k1"])), seconds);
            asked.push(seconds);
        }
    }
    assert_eq!(asked, [100.0, 130.0, 160.0, 190.0]);
}

/// The window counts from when the issuer was asked, and is a second once after other keys came.
#[test]
fn the_short_window_is_for_one_answer_with_news() {
    let mut set = plain();
    let mut asked = Vec::new();
    let mut version = 0;
    for tenths in 0..800 {
        let seconds = f64::from(tenths) / 10.0;
        let demand = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, seconds);
        if let Some(flight) = demand.begin {
            // This issuer never gives the same answer twice.
            version += 1;
            respond(&mut set, flight, of(200, &jwks(&[&format!("v{version}")])), seconds);
            asked.push(seconds);
        }
    }
    // The first keys are no news.
    assert_eq!(asked, [0.0, 30.0, 31.0, 61.0, 62.0]);
}

#[test]
fn the_window_is_what_remains_of_it_in_whole_seconds() {
    let mut set = loaded();
    load(&mut set, &jwks(&["k1"]), 545.0);
    for (seconds, expected) in [
        (545.0, "keys_unavailable 30"),
        (545.25, "keys_unavailable 30"),
        (546.0, "keys_unavailable 29"),
        (574.5, "keys_unavailable 1"),
        (575.0, "begin wait"),
    ] {
        assert_eq!(lacks(&mut set, &key("new"), seconds), expected, "at {seconds}");
    }
}

#[test]
fn a_flight_in_the_store_does_not_count_as_asking_the_issuer() {
    let mut set = RemoteKeySet::new(by_address(), with(&[]), true);
    for (seconds, number) in [(0.0, 1), (1.0, 2), (2.0, 3)] {
        let demand = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, seconds);
        assert_eq!(words(&demand, None), "begin wait");
        set.store_answered(demand.begin.unwrap(), Some(&entry(&[&format!("v{number}")], seconds, 600.0)), at(seconds));
    }
}

#[test]
fn whoever_has_seen_four_flights_begin_waits_no_longer() {
    let newcomer = Asker { patience: Patience::Waits, arrival: None };
    // Each flight ends in the store of others, whose keys lack it too.
    for (lack, expected) in [(key("new"), "begin keys_unavailable 1"), (OTHER, "")] {
        let mut set = RemoteKeySet::new(by_address(), with(&[]), true);
        set.restore(&entry(&["v0"], 0.0, 600.0), at(0.0));
        let first = set.demand(Judged::Lacking(&lack), newcomer, at(1.0));
        assert_eq!((words(&first, None).as_str(), first.arrival), ("begin wait", 0));
        let mut flight = first.begin.unwrap();
        for number in 1..5 {
            let seconds = 2.0 * f64::from(number);
            set.store_answered(flight, Some(&entry(&[&format!("v{number}")], seconds, 600.0)), at(seconds));
            let again = ask_again(&mut set, Judged::Lacking(&lack), 0, seconds);
            if number == 4 {
                let words = [again.begin.map(|_| "begin keys_unavailable 1").unwrap_or_default()];
                assert_eq!(words, [expected]);
                assert_eq!((again.wait, again.refuse.is_some()), (None, !expected.is_empty()));
            } else {
                assert_eq!((again.begin, again.wait), (Some(flight + 1), Some(flight + 1)));
                flight += 1;
            }
        }
    }
    // Others began flights that failed, one after the other; a slow asker comes back.
    for (past, seconds) in [(false, 100.0), (true, 200.0)] {
        let mut set = if past { loaded() } else { plain() };
        if past {
            [100.0, 135.0, 170.0].into_iter().for_each(|seconds| fail(&mut set, seconds));
        } else {
            [0.0, 10.0, 20.0].into_iter().for_each(|seconds| fail(&mut set, seconds));
        }
        let flight = begin(&mut set, seconds + 5.0);
        for (arrival, expected) in [(flight - 4, "keys_unavailable 1"), (flight - 3, "wait")] {
            let demand = ask_again(&mut set, Judged::Lacking(&key("new")), arrival, seconds + 5.1);
            assert_eq!(demand.wait.is_some(), expected == "wait", "{demand:?}");
            assert_eq!(demand.refuse.is_some(), expected != "wait", "{demand:?}");
        }
    }
}

#[test]
fn failures_back_off_from_the_end_of_the_attempt() {
    for (bound, rests) in
        [(30.0, [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]), (5.0, [0.0, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0])]
    {
        let mut set = RemoteKeySet::new(by_address(), with(&[(Span::MaxBackoff, bound)]), false);
        let mut seconds = 0.0;
        for rest in rests {
            let flight = begin(&mut set, seconds);
            seconds += 3.0;
            respond(&mut set, flight, of(500, ""), seconds);
            let retry =
                |set: &mut RemoteKeySet, seconds| words(&ask(set, Judged::Passed, Patience::Waits, seconds), None);
            assert_eq!(set.status(at(seconds)).next_attempt, Some(rest));
            if rest > 0.0 {
                assert_eq!(retry(&mut set, seconds), format!("keys_unavailable {rest}"));
                assert_eq!(retry(&mut set, seconds + rest - 0.5), "keys_unavailable 1");
            }
            seconds += rest;
        }
        // An answer ends the row.
        load(&mut set, &jwks(&["k1"]), seconds);
        fail(&mut set, seconds + 700.0);
        assert_eq!(set.status(at(seconds + 700.0)).next_attempt, Some(0.0));
    }
}

#[test]
fn forty_failures_in_a_row_are_no_other_than_ten() {
    let mut set = RemoteKeySet::new(by_address(), with(&[(Span::MaxBackoff, 3_600.0)]), false);
    let rests: Vec<Option<f64>> = (0..40)
        .map(|number| {
            let seconds = 4_000.0 * f64::from(number);
            fail(&mut set, seconds);
            set.status(at(seconds)).next_attempt
        })
        .collect();
    assert_eq!(rests[..3], [Some(0.0), Some(1.0), Some(2.0)]);
    assert_eq!(rests[12..14], [Some(2_048.0), Some(3_600.0)]);
    assert!(rests[13..].iter().all(|rest| *rest == Some(3_600.0)));
}

/// The failure is that of everybody who waited, and its reason does not outlive it.
#[test]
fn a_failure_is_shared_until_an_answer_comes() {
    let mut set = plain();
    let waiting = [key("new"), OTHER].map(|lack| {
        let demand = ask(&mut set, Judged::Lacking(&lack), Patience::Waits, 0.0);
        assert_eq!(demand.wait, Some(1));
        (lack, demand.arrival)
    });
    respond(&mut set, 1, of(503, ""), 0.5);
    for (lack, arrival) in &waiting {
        let demand = ask_again(&mut set, Judged::Lacking(lack), *arrival, 0.5);
        assert_eq!(words(&demand, None), "keys_unavailable 1");
        let error = demand.refuse.unwrap();
        assert_eq!(error.found_value(), Some("status 503 (https://auth.example.com/jwks)"));
    }
    // Whoever comes after a first failure has not had a part in it, and asks at once.
    let later = ask(&mut set, Judged::Passed, Patience::Waits, 0.5);
    assert_eq!(words(&later, None), "begin wait");
    respond(&mut set, later.begin.unwrap(), of(200, &jwks(&["k1"])), 1.0);
    assert!(set.status(at(1.0)).last_error.is_none());
    // Too old, and nothing has failed since the answer: the keys are not loaded.
    let flight = begin(&mut set, 2.0 * DAY);
    let error = ask(&mut set, Judged::Passed, Patience::WaitedLong, 2.0 * DAY).refuse.unwrap();
    assert_eq!((error.code().as_str(), error.found_value()), ("keys_not_loaded", None));
    assert!(set.is_under_way(flight, at(2.0 * DAY)));
}

/// With keys at hand, too: each time at a moment at which somebody new would begin a flight.
#[test]
fn whoever_waited_for_a_flight_that_failed_begins_no_other() {
    for (judged, came, again, expected) in [
        (Judged::Lacking(&key("new")), 100.0, 131.0, "keys_unavailable 1"),
        (Judged::Lacking(&OTHER), 100.0, 131.0, ""),
        (Judged::Passed, 700.0, 700.5, ""),
        (Judged::Passed, 600.0 + DAY, 600.5 + DAY, "keys_unavailable 1"),
    ] {
        let mut set = loaded();
        let demand = ask(&mut set, judged, Patience::Waits, came);
        respond(&mut set, demand.begin.unwrap(), of(503, ""), came);
        let shared = ask_again(&mut set, judged, demand.arrival, again);
        assert_eq!(words(&shared, None), expected, "{judged:?} at {again}");
        assert!(ask(&mut set, judged, Patience::Waits, again).begin.is_some(), "{judged:?} at {again}");
    }
}

/// What was there and is no longer has been withdrawn: no request is needed to know that.
#[test]
fn keys_that_a_new_answer_no_longer_has_are_absent_at_once() {
    let replaced = || {
        let mut set = loaded();
        load(&mut set, &jwks(&["k2"]), 545.0);
        set
    };
    // The window after news is open for others.
    for (kid, seconds, expected) in
        [("k1", 545.0, ""), ("k1", 574.9, ""), ("k1", 575.0, "begin wait"), ("k3", 546.0, "begin wait")]
    {
        assert_eq!(lacks(&mut replaced(), &key(kid), seconds), expected, "{kid} at {seconds}");
    }
    // An entry of the store says so, too, as of when it was fetched.
    let mut set = loaded();
    assert!(set.restore(&entry(&["k2"], 100.0, 600.0), at(120.0)));
    assert_eq!([129.0, 130.0].map(|seconds| lacks(&mut set, &key("k1"), seconds)), ["", "begin wait"]);
}

#[test]
fn who_lacks_a_key_hears_which_one() {
    let mut set = loaded();
    let long = "k".repeat(10_000);
    for (lack, start) in [
        (key("new"), "an unknown key, and the issuer was asked a moment ago: new"),
        (Lack::Key(None), "an unknown key, and the issuer was asked a moment ago: no kid"),
        (key(&long), "an unknown key, and the issuer was asked a moment ago: kkkk"),
    ] {
        let error = ask(&mut set, Judged::Lacking(&lack), Patience::AtOnce, 0.0).refuse.unwrap();
        assert_eq!(error.claim_name(), Some("kid"));
        let found = error.found_value().unwrap();
        assert!(found.starts_with(start) && found.chars().count() <= 121, "{found}");
    }
}

/// An issuer that does not answer is left alone for the whole window, whatever its last answer brought.
#[test]
fn a_failure_ends_the_short_window() {
    let mut set = loaded();
    let mut asked = Vec::new();
    for tenths in 1_000..1_700 {
        let seconds = f64::from(tenths) / 10.0;
        let demand = ask(&mut set, Judged::Lacking(&key(&format!("k{tenths}"))), Patience::Waits, seconds);
        if let Some(flight) = demand.begin {
            respond(&mut set, flight, of(503, ""), seconds);
            asked.push(seconds);
        }
    }
    assert_eq!(asked, [100.0, 130.0, 160.0]);
}
