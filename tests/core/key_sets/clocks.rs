//! Flights whose callers vanish, and clocks that are set.

use countersign::{Judged, Moment, News, Patience, Phase, RemoteKeySet};

use crate::common::{
    OTHER, START, ask, ask_again, at, begin, fail, jwks, key, kids, load, loaded, news, of, plain, respond, words,
};

#[test]
fn a_flight_without_a_sign_of_life_is_followed_by_another_and_the_second_time_by_a_rest() {
    for mut set in [plain(), loaded()] {
        let first = begin(&mut set, 700.0);
        set.next_action(first, at(700.0));
        set.beat(first, at(700.0));
        set.beat(first, at(700.4));
        assert!(set.is_under_way(first, at(700.9)));
        assert!(!set.is_under_way(first, at(701.0)));
        news(&mut set);
        // It is dead, whatever it says later.
        set.beat(first, at(701.0));
        set.answered(first, of(200, &jwks(&["k2"])), at(701.0));
        assert_ne!(kids(&set, 701.0), Some(vec!["k2".to_owned()]));
        assert!(set.take_reports().is_empty() && set.status(at(701.0)).last_error.is_none());
        let second = begin(&mut set, 701.0);
        set.beat(second, at(701.0));
        assert!(!set.is_under_way(second, at(702.0)));
        assert_eq!(news(&mut set), [News::Failed]);
        let status = set.status(at(702.25));
        assert_eq!(status.next_attempt, Some(0.75));
        let found = status.last_error.unwrap().found_value();
        assert_eq!(found, Some("the request was cut off (https://auth.example.com/jwks)"));
        // Every further death is another failure.
        let third = begin(&mut set, 703.0);
        set.beat(third, at(703.0));
        assert!(!set.is_under_way(third, at(704.0)));
        assert_eq!(set.status(at(704.0)).next_attempt, Some(2.0));
        // An answer ends the row of deaths.
        load(&mut set, &jwks(&["k1"]), 706.0);
        let flight = begin(&mut set, 1_400.0);
        set.beat(flight, at(1_400.0));
        assert!(!set.is_under_way(flight, at(1_401.0)));
        assert!(set.status(at(1_401.0)).last_error.is_none());
    }
}

#[test]
fn a_sign_of_life_is_for_its_own_flight() {
    let mut set = plain();
    let flight = begin(&mut set, 0.0);
    set.beat(flight, at(0.0));
    set.beat(flight + 1, at(5.0));
    set.beat(flight - 1, at(5.0));
    assert!(!set.is_under_way(flight, at(5.0)));
    // Exactly half a second is no death.
    let flight = begin(&mut set, 10.0);
    set.beat(flight, at(10.0));
    assert!(set.is_under_way(flight, at(10.5)));
}

/// Whoever gives the same verdict again and again would else never ask, and nobody would begin another.
#[test]
fn a_verdict_is_not_settled_by_a_dead_flight() {
    let mut set = loaded();
    let flight = begin(&mut set, 550.0);
    set.beat(flight, at(550.0));
    assert!(set.is_settled(at(550.5)) && !set.is_settled(at(550.6)));
    assert_eq!(words(&ask(&mut set, Judged::Passed, Patience::AtOnce, 550.6), None), "begin");
}

/// Six requests of five seconds and the store's second.
#[test]
fn a_flight_that_needs_no_signs_of_life_is_over_when_all_its_timeouts_are() {
    let mut set = plain();
    let flight = begin(&mut set, 0.0);
    assert!(set.is_under_way(flight, at(31.0)));
    assert!(!set.is_under_way(flight, at(31.1)));
}

#[test]
fn the_request_of_a_dead_flight_does_not_close_the_window() {
    let mut set = loaded();
    let first = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, 100.0);
    let flight = first.begin.unwrap();
    set.next_action(flight, at(100.0));
    set.beat(flight, at(100.0));
    let again = ask_again(&mut set, Judged::Lacking(&key("new")), first.arrival, 101.0);
    assert_eq!((again.begin, again.wait), (Some(flight + 1), Some(flight + 1)));
    set.next_action(flight + 1, at(101.0));
    set.beat(flight + 1, at(101.0));
    let again = ask_again(&mut set, Judged::Lacking(&key("new")), first.arrival, 102.0);
    assert_eq!(words(&again, None), "keys_unavailable 1");
    // But an earlier request does.
    let mut set = loaded();
    load(&mut set, &jwks(&["k1"]), 550.0);
    load(&mut set, &jwks(&["k1"]), 1_095.0);
    let mut flights = begin_in_store(&mut set, 1_700.0);
    flights.extend(begin_in_store(&mut set, 1_701.0));
    assert_eq!(flights.len(), 2);
}

fn begin_in_store(set: &mut RemoteKeySet, seconds: f64) -> Vec<u32> {
    let flight = begin(set, seconds);
    set.beat(flight, at(seconds));
    assert!(!set.is_under_way(flight, at(seconds + 0.6)));
    vec![flight]
}

/// The first successor of a dead flight may ask; the window is what it was before the dead one.
#[test]
fn the_window_is_what_it_was_before_a_flight_died() {
    let mut set = loaded();
    load(&mut set, &jwks(&["k1"]), 540.0);
    // Within a window of a second, nobody may ask for a lacking key; a refresh may.
    let flight = {
        fail(&mut set, 1_090.0);
        begin(&mut set, 1_092.0)
    };
    set.next_action(flight, at(1_092.0));
    set.beat(flight, at(1_092.0));
    let demand = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, 1_093.0);
    assert_eq!(words(&demand, None), "keys_unavailable 27");
}

#[test]
fn the_clock_that_has_gone_further_counts() {
    let mut set = loaded();
    let moment = |policy: f64, machine: f64| Moment { policy: START + policy, machine: START + machine };
    for (now, phase) in [
        (moment(0.0, 600.0), Phase::Stale),
        (moment(600.0, 0.0), Phase::Stale),
        (moment(-1e6, 550.0), Phase::Due),
        (moment(550.0, -1e6), Phase::Due),
        (moment(-1e6, -1e6), Phase::Fresh),
    ] {
        assert_eq!(set.phase(now), phase, "{now:?}");
    }
    // One clock alone that is set back makes nothing of what was before worthless.
    [600.0, 600.0].into_iter().for_each(|seconds| fail(&mut set, seconds));
    let asker = countersign::Asker { patience: Patience::Waits, arrival: None };
    assert_eq!(set.demand(Judged::Passed, asker, moment(100.0, 600.5)).begin, None);
    assert_eq!(set.demand(Judged::Passed, asker, moment(600.6, 100.0)).begin, None);
    assert_eq!(set.status(moment(600.75, 600.75)).next_attempt, Some(0.25));
}

#[test]
fn clocks_that_are_set_back_make_keys_stale_and_forget_every_wait() {
    let mut set = loaded();
    let demand = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, 100.0);
    respond(&mut set, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 100.0);
    ask_again(&mut set, Judged::Lacking(&key("new")), demand.arrival, 100.0);
    [645.0, 645.0].into_iter().for_each(|seconds| fail(&mut set, seconds));
    // A second is nothing.
    ask(&mut set, Judged::Passed, Patience::AtOnce, 645.5);
    assert_eq!(ask(&mut set, Judged::Passed, Patience::AtOnce, 644.5).begin, None);
    assert_eq!(set.phase(at(644.5)), Phase::Due);
    // An hour is: the keys serve, and are renewed at once, whatever has failed.
    let demand = ask(&mut set, Judged::Passed, Patience::Waits, -3_600.0);
    assert_eq!((words(&demand, None).as_str(), set.phase(at(-3_600.0))), ("begin", Phase::Stale));
    assert_eq!(kids(&set, -3_600.0), Some(vec!["k1".to_owned()]));
    respond(&mut set, demand.begin.unwrap(), of(503, ""), -3_600.0);
    // The window is open, the absent key is not remembered.
    let mut other = loaded();
    let demand = ask(&mut other, Judged::Lacking(&key("new")), Patience::Waits, 100.0);
    respond(&mut other, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 100.0);
    ask_again(&mut other, Judged::Lacking(&key("new")), demand.arrival, 100.0);
    let demand = ask(&mut other, Judged::Lacking(&key("new")), Patience::Waits, 50.0);
    assert_eq!(words(&demand, None), "begin wait");
}

#[test]
fn a_flight_goes_on_when_clocks_are_set_back() {
    for beats in [true, false] {
        let mut set = loaded();
        let flight = begin(&mut set, 600.0);
        if beats {
            set.beat(flight, at(600.0));
        }
        assert!(set.is_under_way(flight, at(-3_600.0)));
        if beats {
            assert!(set.is_under_way(flight, at(-3_599.6)));
            assert!(!set.is_under_way(flight, at(-3_599.0)), "it can still die");
        } else {
            assert!(set.is_under_way(flight, at(-3_569.1)));
            assert!(!set.is_under_way(flight, at(-3_568.0)), "it can still die");
        }
    }
}

/// What was before the flight was measured by the clocks before, too.
#[test]
fn a_flight_that_dies_after_clocks_were_set_back_leaves_the_window_open() {
    let mut set = loaded();
    let flight = begin(&mut set, 600.0);
    set.next_action(flight, at(600.0));
    set.beat(flight, at(600.0));
    assert!(set.is_under_way(flight, at(-3_600.0)));
    assert!(!set.is_under_way(flight, at(-3_599.0)));
    let demand = ask(&mut set, Judged::Lacking(&key("new")), Patience::Waits, -3_599.0);
    assert_eq!(words(&demand, None), "begin wait");
}

#[test]
fn a_place_is_looked_up_again_when_clocks_are_set_back() {
    let mut set = RemoteKeySet::new(crate::common::by_discovery(), Default::default(), false);
    let metadata = r#"{"issuer":"https://auth.example.com","jwks_uri":"https://auth.example.com/keys"}"#;
    let flight = begin(&mut set, 0.0);
    respond(&mut set, flight, of(200, metadata), 0.0);
    respond(&mut set, flight, of(200, &jwks(&["k1"])), 0.0);
    let flight = begin(&mut set, -100.0);
    assert!(crate::common::address(&mut set, flight, -100.0).contains(".well-known"));
}

#[test]
fn clocks_that_jump_ahead_age_everything() {
    let mut set = loaded();
    let flight = begin(&mut set, 100.0);
    set.beat(flight, at(100.0));
    // The caller is given up, and the keys are too old: another flight begins.
    let demand = ask(&mut set, Judged::Passed, Patience::Waits, 1e8);
    assert_eq!((demand.begin, demand.wait), (Some(flight + 1), Some(flight + 1)));
    assert!(kids(&set, 1e8).is_none());
    // Set back again, they serve.
    ask(&mut set, Judged::Lacking(&OTHER), Patience::AtOnce, 101.0);
    assert_eq!((kids(&set, 101.0), set.phase(at(101.0))), (Some(vec!["k1".to_owned()]), Phase::Stale));
}
