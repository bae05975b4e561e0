//! What an answer of the key set's address does to the keys at hand.

use std::ptr;

use countersign::{Action, Judged, Patience, Phase, RemoteKeySet};

use crate::common::{
    DAY, JWKS, ask, at, begin, by_address, fail, fly, jwks, kids, load, loaded, of, plain, respond, with, words,
};

fn of_one(kid: &str) -> Option<Vec<String>> {
    Some(vec![kid.to_owned()])
}

#[test]
fn a_flight_asks_the_address_once() {
    let mut set = plain();
    let flight = begin(&mut set, 0.0);
    let asked = Some(Action::Fetch { url: JWKS.into(), timeout: 5.0 });
    assert_eq!(set.next_action(flight, at(0.0)), asked);
    // Asked twice, it says the same.
    assert_eq!(set.next_action(flight, at(0.1)), asked);
    assert_eq!(set.next_action(flight + 1, at(0.1)), None);
    set.answered(flight, of(200, &jwks(&["k1"])), at(0.2));
    assert!(!set.is_under_way(flight, at(0.2)));
    let written = set.next_action(flight, at(0.3));
    assert!(matches!(written, Some(Action::WriteStore { .. })), "{written:?}");
    assert_eq!(set.next_action(flight, at(0.3)), None);
}

#[test]
fn every_key_set_replaces_all_keys() {
    for text in [
        r#"{"keys":[]}"#,
        r#"{"keys":[{"kty":"zzz","kid":"k1"}]}"#,
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"k1"}]}"#,
        r#"{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","kid":"k1"}]}"#,
        r#"{"keys":[1]}"#,
    ] {
        let mut set = loaded();
        load(&mut set, text, 550.0);
        assert_eq!(kids(&set, 550.0), Some(vec![]), "{text}");
        assert_eq!((set.phase(at(550.0)), set.generation()), (Phase::Fresh, 2));
    }
    let mut set = loaded();
    load(&mut set, &jwks(&["k2", "k3"]), 550.0);
    assert_eq!(kids(&set, 550.0), Some(vec!["k2".into(), "k3".into()]));
    // One malformed key breaks none of its siblings (RFC 7517 §5).
    load(&mut set, &jwks(&["k4"]).replace(r#""keys":["#, r#""keys":[{},"#), 1_150.0);
    assert_eq!(kids(&set, 1_150.0), of_one("k4"));
}

#[test]
fn what_is_no_key_set_is_a_failure_and_keeps_the_keys() {
    for text in ["", "<html>", "null", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":1}"#, r#"{"keys":[],"keys":[]}"#] {
        let mut set = loaded();
        load(&mut set, text, 550.0);
        assert_eq!(kids(&set, 599.0 + DAY), of_one("k1"), "{text}");
        assert_eq!((set.generation(), set.phase(at(550.0))), (1, Phase::Due));
        let status = set.status(at(550.0));
        assert_eq!(status.next_attempt, Some(0.0));
        let error = status.last_error.unwrap();
        assert!(error.found_value().unwrap().ends_with("(https://auth.example.com/jwks)"), "{error}");
        assert!(set.usable(at(600.0 + DAY)).is_none());
    }
}

#[test]
fn other_statuses_are_failures_and_keep_the_keys() {
    for status in [0, 100, 201, 204, 301, 304, 400, 401, 403, 405, 429, 500, 502, 503, 504, 999] {
        let mut set = loaded();
        fly(&mut set, of(status, &jwks(&["k2"])), 550.0);
        assert_eq!(kids(&set, 599.0 + DAY), of_one("k1"), "{status}");
        let found = set.status(at(550.0)).last_error.and_then(|error| error.found_value().map(str::to_owned));
        let said = match status {
            0 => String::from("a redirect"), // A browser says no more of it (Fetch §2.2.6).
            301 => String::from("a redirect, status 301"),
            _ => format!("status {status}"),
        };
        assert_eq!(found, Some(format!("{said} ({JWKS})")));
    }
    let mut set = loaded();
    let flight = begin(&mut set, 550.0);
    set.next_action(flight, at(550.0));
    set.failed(flight, "no answer within 5 s", at(555.0));
    assert_eq!(set.next_action(flight, at(555.0)), None);
    assert_eq!((kids(&set, 555.0), set.status(at(555.0)).next_attempt), (of_one("k1"), Some(0.0)));
    assert_eq!(
        set.status(at(555.0)).last_error.and_then(|error| error.found_value()),
        Some("no answer within 5 s (https://auth.example.com/jwks)")
    );
}

/// RFC 9110 §15.5.5, §15.5.11: nothing is there (any longer).
#[test]
fn a_key_set_that_is_gone_is_withdrawn() {
    for status in [404, 410] {
        let mut set = loaded();
        let flight = fly(&mut set, of(status, ""), 550.0);
        assert!(kids(&set, 550.0).is_none());
        assert_eq!((set.generation(), set.phase(at(550.0))), (2, Phase::Empty));
        assert_eq!(set.next_action(flight, at(550.5)), None);
        // It is the first failure: whoever comes next asks again, and what was withdrawn is not "not loaded".
        let demand = ask(&mut set, Judged::Passed, Patience::AtOnce, 550.5);
        assert_eq!(words(&demand, None), "begin keys_unavailable 1");
        // The same keys come back: they are new ones.
        respond(&mut set, demand.begin.unwrap(), of(200, &jwks(&["k1"])), 552.0);
        assert_eq!((kids(&set, 552.0), set.generation()), (of_one("k1"), 3));
    }
}

#[test]
fn the_same_text_is_the_same_keys() {
    let mut set = loaded();
    let before = set.usable(at(0.0)).unwrap().clone();
    load(&mut set, &jwks(&["k1"]), 550.0);
    assert!(ptr::eq(before.keys(), set.usable(at(550.0)).unwrap().keys()));
    assert_eq!((set.generation(), set.phase(at(1_000.0))), (1, Phase::Fresh));
    load(&mut set, &jwks(&["k1"]).replace("\"keys\":", "\"keys\": "), 1_100.0);
    assert!(!ptr::eq(before.keys(), set.usable(at(1_100.0)).unwrap().keys()));
    assert_eq!(set.generation(), 2);
}

/// What comes from a flight that is over changes nothing.
#[test]
fn only_the_flight_under_way_is_heard() {
    let mut set = loaded();
    let flight = begin(&mut set, 550.0);
    for wrong in [0, 1, flight + 1, u32::MAX] {
        set.answered(wrong, of(200, &jwks(&["k2"])), at(550.0));
        set.answered(wrong, of(404, ""), at(550.0));
        set.failed(wrong, "late", at(550.0));
        set.store_answered(wrong, Some(&crate::stores::entry(&["k3"], 549.0, 600.0)), at(550.0));
        assert!(!set.is_under_way(wrong, at(550.0)) && set.is_under_way(flight, at(550.0)));
    }
    // Nor does an answer that nobody asked for.
    set.answered(flight, of(200, &jwks(&["k2"])), at(550.0));
    set.failed(flight, "early", at(550.0));
    assert!(set.is_under_way(flight, at(550.0)));
    respond(&mut set, flight, of(200, &jwks(&["k1"])), 550.0);
    set.answered(flight, of(200, &jwks(&["k2"])), at(550.0));
    set.failed(flight, "late", at(550.0));
    assert_eq!((kids(&set, 550.0), set.generation()), (of_one("k1"), 1));
    assert!(set.status(at(550.0)).last_error.is_none());
}

#[test]
fn a_store_answers_only_where_it_was_asked() {
    let mut set = loaded();
    let flight = begin(&mut set, 550.0);
    crate::common::address(&mut set, flight, 550.0);
    set.store_answered(flight, Some(&crate::stores::entry(&["k3"], 549.0, 600.0)), at(550.0));
    assert_eq!((kids(&set, 550.0), set.is_under_way(flight, at(550.0))), (of_one("k1"), true));
}

#[test]
fn each_wait_and_each_timeout_can_be_set() {
    use countersign::Span;
    let durations = with(&[(Span::Timeout, 7.0), (Span::StoreTimeout, 2.0), (Span::Patience, 1.5)]);
    let mut set = RemoteKeySet::new(by_address(), durations, true);
    let flight = begin(&mut set, 0.0);
    assert_eq!(set.next_action(flight, at(0.0)), Some(Action::ReadStore { name: JWKS.into(), timeout: 2.0 }));
    set.store_answered(flight, None, at(0.0));
    assert_eq!(set.next_action(flight, at(0.0)), Some(Action::Fetch { url: JWKS.into(), timeout: 7.0 }));
    set.answered(flight, of(200, &jwks(&["k1"])), at(0.0));
    match set.next_action(flight, at(0.0)) {
        Some(Action::WriteStore { name, timeout, ttl, .. }) => {
            assert_eq!((name.as_str(), timeout, ttl), (JWKS, 2.0, 600.0 + DAY));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(words(&ask(&mut set, Judged::Passed, Patience::Waits, 700.0), None), "begin wait 1.5");
}

#[test]
fn there_are_keys_until_the_issuer_has_no_key_set_any_more() {
    let mut set = plain();
    assert!(!set.has_keys());
    load(&mut set, &jwks(&["k1"]), 0.0);
    assert!(set.has_keys());
    fly(&mut set, of(404, ""), 700.0);
    assert!(!set.has_keys());
}

#[test]
fn an_outage_of_a_day_refuses_nobody_and_ends_with_the_first_answer() {
    let mut set = loaded();
    for hour in 1..24 {
        let seconds = 3_600.0 * f64::from(hour);
        assert_eq!(ask(&mut set, Judged::Passed, Patience::AtOnce, seconds).refuse, None);
        if hour == 1 {
            let flight = ask(&mut set, Judged::Passed, Patience::AtOnce, seconds).begin;
            assert_eq!(flight, None, "one flight at once");
            respond(&mut set, 2, of(503, ""), seconds);
        } else {
            respond(&mut set, hour + 1, of(503, ""), seconds);
        }
    }
    load(&mut set, &jwks(&["k1"]), 600.0 + DAY);
    assert_eq!(words(&ask(&mut set, Judged::Passed, Patience::Waits, 601.0 + DAY), None), "");
    fail(&mut set, 1_200.0 + DAY);
    assert_eq!(kids(&set, 1_200.0 + DAY), of_one("k1"));
}
