//! Entries of a store that others write as well.

use countersign::{Action, Judged, Patience, Phase, RemoteKeySet, Span};

use crate::common::{
    DAY, ISSUER, JWKS, START, address, ask, at, begin, by_address, by_discovery, fly, jwks, kids, loaded, news, of,
    respond, with, words,
};

/// An entry as it is stored: keys that were fetched so many seconds after the start.
pub fn entry(kids: &[&str], seconds: f64, age: f64) -> String {
    let text = jwks(kids).replace('"', "\\\"");
    format!(r#"{{"text":"{text}","at":{},"age":{age}}}"#, START + seconds)
}

fn stored() -> RemoteKeySet {
    RemoteKeySet::new(by_address(), with(&[]), true)
}

fn of_one(kid: &str) -> Option<Vec<String>> {
    Some(vec![kid.to_owned()])
}

/// Returns whether the entry brought keys.
fn read(set: &mut RemoteKeySet, flight: u32, entry: Option<&str>, seconds: f64) -> bool {
    let action = set.next_action(flight, at(seconds));
    assert_eq!(action, Some(Action::ReadStore { name: JWKS.into(), timeout: 1.0 }));
    set.store_answered(flight, entry, at(seconds))
}

#[test]
fn an_entry_spares_the_request() {
    let mut set = stored();
    let demand = ask(&mut set, Judged::Passed, Patience::Waits, 100.0);
    let flight = demand.begin.unwrap();
    assert!(read(&mut set, flight, Some(&entry(&["k1"], 40.0, 600.0)), 100.0));
    assert_eq!(set.next_action(flight, at(100.0)), None);
    assert_eq!(words(&ask(&mut set, Judged::Passed, Patience::Waits, 100.0), None), "");
    let status = set.status(at(100.0));
    assert_eq!((status.phase, status.age, status.next_attempt), (Phase::Fresh, Some(60.0), Some(480.0)));
    assert_eq!((kids(&set, 100.0), set.generation()), (of_one("k1"), 1));
    assert!(set.take_reports().is_empty());
}

#[test]
fn an_entry_is_as_old_as_it_says() {
    for (fetched, phase) in [
        (100.0, Some(Phase::Fresh)),
        // The clock of who wrote it is ahead of ours.
        (130.0, Some(Phase::Fresh)),
        (131.0, None),
        (1e6, None),
        (100.0 - 540.0, Some(Phase::Due)),
        (100.0 - 600.0, Some(Phase::Stale)),
        (100.0 - 640.0, Some(Phase::Overdue)),
        (101.0 - 600.0 - DAY, Some(Phase::Overdue)),
        (100.0 - 600.0 - DAY, None),
        (-1e6, None),
    ] {
        let mut set = stored();
        let flight = begin(&mut set, 100.0);
        assert_eq!(read(&mut set, flight, Some(&entry(&["k1"], fetched, 600.0)), 100.0), phase.is_some());
        assert_eq!(set.phase(at(100.0)), phase.unwrap_or(Phase::Empty), "fetched at {fetched}");
        assert_eq!(set.is_under_way(flight, at(100.0)), phase.is_none());
        if phase.is_none() {
            assert_eq!(address(&mut set, flight, 100.0), JWKS);
        } else if fetched > 100.0 {
            assert_eq!(set.status(at(100.0)).age, Some(0.0), "no younger than now");
        }
    }
}

#[test]
fn the_age_of_an_entry_is_within_our_bounds() {
    for (age, expected) in [(0.0, 60.0), (59.0, 60.0), (120.0, 120.0), (86_401.0, DAY), (1e12, DAY), (1e30, DAY)] {
        let mut set = stored();
        assert!(set.restore(&entry(&["k1"], 0.0, age), at(0.0)), "{age}");
        assert_eq!(set.phase(at(expected - 0.5)), Phase::Due, "{age}");
        assert_eq!(set.phase(at(expected)), Phase::Stale, "{age}");
    }
    let mut set = RemoteKeySet::new(by_address(), with(&[(Span::MinAge, 3_600.0)]), true);
    assert!(set.restore(&entry(&["k1"], 0.0, 60.0), at(3_000.0)));
    assert_eq!(set.phase(at(3_000.0)), Phase::Fresh);
}

#[test]
fn a_malformed_entry_is_none() {
    let good = entry(&["k1"], 0.0, 600.0);
    let at_start = format!("\"at\":{START}");
    assert!(good.contains(&at_start));
    let wrong = [
        String::new(),
        "null".into(),
        "[]".into(),
        "{}".into(),
        good[..good.len() - 1].into(),
        good.replace(&at_start, "\"at\":\"1700000000\""),
        good.replace(&at_start, "\"at\":null"),
        good.replace(&at_start, "\"at\":-1700000000"),
        good.replace(&at_start, "\"at\":1.7e9"),
        good.replace(&at_start, "\"at\":17e8"),
        good.replace(&at_start, "\"when\":1700000000"),
        good.replace("\"age\":600", "\"age\":\"600\""),
        good.replace("\"age\":600", "\"age\":1e12"),
        good.replace("\"age\":600", "\"age\":-600"),
        good.replace("\"age\":600", "\"old\":600"),
        good.replace("\"age\":600", "\"age\":600,\"age\":600"),
        good.replace("\"text\":", "\"jwks\":"),
        good.replace("\\\"keys\\\":[", "\\\"keys\\\":"),
        format!(r#"{{"text":{},"at":{START},"age":600}}"#, jwks(&["k1"])),
        format!(r#"{{"text":"","at":{START},"age":600}}"#),
    ];
    for wrong in wrong {
        assert_ne!(wrong, good);
        let mut set = stored();
        let flight = begin(&mut set, 0.0);
        assert!(!read(&mut set, flight, Some(&wrong), 0.0), "{wrong}");
        assert_eq!((set.phase(at(0.0)), address(&mut set, flight, 0.0).as_str()), (Phase::Empty, JWKS), "{wrong}");
    }
    // Written by another version, with more members and parts of seconds.
    let mut set = stored();
    let more = good.replace(&at_start, &format!("\"more\":[],{at_start}.75")).replace("600", "600.5");
    assert!(set.restore(&more, at(1.0)));
}

#[test]
fn without_an_entry_the_issuer_is_asked() {
    let mut set = stored();
    let flight = begin(&mut set, 0.0);
    assert!(!read(&mut set, flight, None, 0.9));
    respond(&mut set, flight, of(200, &jwks(&["k1"])), 1.9);
    match set.next_action(flight, at(1.9)) {
        Some(Action::WriteStore { name, entry: written, ttl, timeout }) => {
            assert_eq!((name.as_str(), ttl, timeout), (JWKS, 600.0 + DAY, 1.0));
            // Whole seconds.
            assert_eq!(written, entry(&["k1"], 1.0, 600.0));
            let mut other = stored();
            assert!(other.restore(&written, at(5.0)));
            assert_eq!(kids(&other, 5.0), of_one("k1"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(set.next_action(flight, at(1.9)), None);
    // The next flight does not write what this one brought.
    let flight = begin(&mut set, 560.0);
    read(&mut set, flight, None, 560.0);
    assert_eq!(address(&mut set, flight, 560.0), JWKS);
}

#[test]
fn only_a_newer_entry_than_what_is_at_hand_is_taken() {
    for (fetched, taken) in [(-600.0, false), (0.0, false), (0.9, false), (1.0, true), (500.0, true)] {
        let mut set = loaded();
        assert_eq!(set.restore(&entry(&["k2"], f64::floor(fetched), 600.0), at(550.0)), taken, "{fetched}");
        assert_eq!(kids(&set, 550.0), of_one(if taken { "k2" } else { "k1" }));
        assert_eq!(set.generation(), if taken { 2 } else { 1 });
    }
    // The same keys, seen by somebody later: as new as that.
    let mut set = loaded();
    assert!(set.restore(&entry(&["k1"], 500.0, 600.0), at(550.0)));
    assert_eq!((set.generation(), set.phase(at(550.0))), (1, Phase::Fresh));
}

/// The issuer's last word counts, and not what a store still has from before.
#[test]
fn an_entry_does_not_bring_back_what_the_issuer_has_withdrawn() {
    for status in [404, 410] {
        let mut set = stored();
        let flight = begin(&mut set, 0.0);
        read(&mut set, flight, None, 0.0);
        respond(&mut set, flight, of(200, &jwks(&["k1"])), 0.0);
        let Some(Action::WriteStore { entry: written, .. }) = set.next_action(flight, at(0.0)) else { panic!() };
        let flight = begin(&mut set, 550.0);
        read(&mut set, flight, Some(&written), 550.0);
        respond(&mut set, flight, of(status, ""), 550.0);
        assert!(kids(&set, 550.0).is_none());
        let flight = begin(&mut set, 560.0);
        assert!(!read(&mut set, flight, Some(&written), 560.0));
        assert_eq!(kids(&set, 560.0), None, "{status}");
        assert!(!set.restore(&written, at(560.0)) && !set.restore(&entry(&["k1"], 550.0, 600.0), at(560.0)));
        // What somebody fetched since then is newer.
        assert!(set.restore(&entry(&["k1"], 551.0, 600.0), at(560.0)));
    }
}

#[test]
fn what_was_withdrawn_stays_so_when_clocks_are_set_back() {
    let mut set = loaded();
    fly(&mut set, of(404, ""), 550.0);
    assert!(!set.is_under_way(0, at(-3_600.0)));
    assert!(!set.restore(&entry(&["k1"], -3_600.0, 600.0), at(-3_580.0)));
    assert!(set.restore(&entry(&["k2"], -3_599.0, 600.0), at(-3_580.0)));
}

#[test]
fn a_newer_entry_ends_failures_and_is_no_news_of_the_issuer() {
    let mut set = stored();
    let flight = begin(&mut set, 0.0);
    read(&mut set, flight, None, 0.0);
    respond(&mut set, flight, of(503, ""), 0.0);
    let flight = begin(&mut set, 2.0);
    read(&mut set, flight, Some(&entry(&["k1"], 1.0, 600.0)), 2.0);
    assert!(set.status(at(2.0)).last_error.is_none());
    assert_eq!(news(&mut set), [countersign::News::Failed]);
    // The next failure is the first.
    let flight = begin(&mut set, 551.0);
    read(&mut set, flight, Some(&entry(&["k1"], 1.0, 600.0)), 551.0);
    respond(&mut set, flight, of(503, ""), 551.0);
    assert_eq!(set.status(at(551.0)).next_attempt, Some(0.0));
}

#[test]
fn an_entry_is_named_by_the_address_or_by_the_issuer() {
    for (source, expected) in [(by_address(), JWKS), (by_discovery(), ISSUER), (Default::default(), "")] {
        let mut set = RemoteKeySet::new(source, with(&[]), true);
        let flight = begin(&mut set, 0.0);
        match set.next_action(flight, at(0.0)) {
            Some(Action::ReadStore { name, .. }) => assert_eq!(name, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_entry_is_kept_where_there_is_no_store_too() {
    let mut set = loaded();
    let flight = fly(&mut set, of(200, &jwks(&["k2"])), 550.0);
    let written = set.next_action(flight, at(550.0));
    let Some(Action::WriteStore { entry: written, .. }) = written else { panic!("{written:?}") };
    let mut again = crate::common::plain();
    assert!(again.restore(&written, at(560.0)));
    assert_eq!((kids(&again, 560.0), again.status(at(560.0)).age), (of_one("k2"), Some(10.0)));
}

/// A clock before 1970 writes an entry that is too old for everybody.
#[test]
fn an_entry_has_no_sign() {
    let mut set = crate::common::plain();
    let flight = begin(&mut set, -1e10);
    respond(&mut set, flight, of(200, &jwks(&["k1"])), -1e10);
    let written = set.next_action(flight, at(-1e10));
    let Some(Action::WriteStore { entry: written, .. }) = written else { panic!("{written:?}") };
    assert!(written.contains("\"at\":0,"), "{written}");
}
