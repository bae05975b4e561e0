//! Every phase, what is going on, how the token was judged and how long its asker waits: the demand.

use countersign::{Judged, Patience, Phase, RemoteKeySet, Span};

use crate::common::{DAY, OTHER, ask, at, begin, by_address, fail, jwks, key, load, loaded, plain, with, words};

/// What is going on while somebody asks.
#[derive(Clone, Copy, Debug)]
enum Scene {
    /// Nothing, and nobody asked the issuer lately.
    Idle,
    /// A flight is under way, the first after a success.
    Flying,
    /// A flight is under way after a failure.
    Again,
    /// The third failure in a row was half a second ago: 1.5 of 2 seconds are left.
    Resting,
    /// The first failure was five seconds ago: it has no rest, the window for keys that are lacking is closed for another 25.
    Closed,
}

use Scene::{Again, Closed, Flying, Idle, Resting};

/// When a key set of ten minutes that was fetched at the start is in this phase.
fn moment_of(phase: Phase) -> f64 {
    match phase {
        Phase::Empty | Phase::Fresh => 100.0,
        Phase::Due => 550.0,
        Phase::Stale => 610.0,
        Phase::Overdue => 700.0,
        Phase::TooOld => 601.0 + DAY,
    }
}

fn staged(phase: Phase, scene: Scene) -> (RemoteKeySet, Option<u32>) {
    let mut set = if phase == Phase::Empty { plain() } else { loaded() };
    let now = moment_of(phase);
    let flight = match scene {
        Idle => None,
        Flying => Some(begin(&mut set, now - 0.1)),
        Again => {
            fail(&mut set, now - 5.0);
            Some(begin(&mut set, now - 0.1))
        }
        Resting => {
            [70.0, 35.0, 0.5].into_iter().for_each(|earlier| fail(&mut set, now - earlier));
            None
        }
        Closed => {
            fail(&mut set, now - 5.0);
            None
        }
    };
    assert_eq!(set.phase(at(now)), phase);
    (set, flight)
}

const PATIENCE: [Patience; 3] = [Patience::AtOnce, Patience::Waits, Patience::WaitedLong];

/// For [`PATIENCE`], in words.
type Row = [&'static str; 3];

/// A verdict that stands.
const STANDS: Row = ["", "", ""];
/// A refresh behind the verdict.
const BEHIND: Row = ["begin", "begin", "begin"];
/// A key is lacking: one request tells, and who cannot wait does not know.
const ASKS: Row = ["begin keys_unavailable 1", "begin wait", "begin keys_unavailable 1"];
const JOINS: Row = ["keys_unavailable 1", "wait", "keys_unavailable 1"];
const RESTS: Row = ["keys_unavailable 2"; 3];
/// A key is lacking: the window is longer than the rest.
const RESTS_LONGER: Row = ["keys_unavailable 30"; 3];
const WINDOW: Row = ["keys_unavailable 25"; 3];
/// Keys do not fit: the refusal stands unless one request lifts it.
const TRIES: Row = ["begin", "begin wait", "begin"];
const TRIES_ALONG: Row = ["", "wait", ""];

fn check(phase: Phase, scene: Scene, passed: Row, lacking: Row, other: Row) {
    let new = key("new");
    for (judged, row) in [(Judged::Passed, passed), (Judged::Lacking(&new), lacking), (Judged::Lacking(&OTHER), other)]
    {
        for (patience, expected) in PATIENCE.into_iter().zip(row) {
            let (mut set, flight) = staged(phase, scene);
            let demand = ask(&mut set, judged, patience, moment_of(phase));
            assert_eq!(words(&demand, flight), expected, "{phase:?}, {scene:?}, {judged:?}, {patience:?}");
            // Whoever begins nothing leaves what is under way.
            assert!(flight.is_none_or(|flight| set.is_under_way(flight, at(moment_of(phase)))));
        }
    }
}

#[test]
fn without_keys_everybody_waits_for_the_one_flight_and_shares_its_failure() {
    for phase in [Phase::Empty, Phase::TooOld] {
        for (scene, row) in [
            // Nothing has failed: they are not loaded.
            (Idle, ["begin keys_not_loaded 1", "begin wait", "begin keys_not_loaded 1"]),
            (Flying, ["keys_not_loaded 1", "wait", "keys_not_loaded 1"]),
            (Again, ["keys_unavailable 1", "wait", "keys_unavailable 1"]),
            (Resting, RESTS),
            (Closed, ["begin keys_unavailable 1", "begin wait", "begin keys_unavailable 1"]),
        ] {
            check(phase, scene, row, row, row);
        }
    }
}

#[test]
fn fresh_keys_serve() {
    check(Phase::Fresh, Idle, STANDS, ASKS, TRIES);
    check(Phase::Fresh, Flying, STANDS, JOINS, TRIES_ALONG);
    check(Phase::Fresh, Resting, STANDS, RESTS_LONGER, STANDS);
    check(Phase::Fresh, Closed, STANDS, WINDOW, STANDS);
}

#[test]
fn keys_near_the_end_of_their_age_or_just_beyond_are_renewed_behind_the_verdict() {
    for phase in [Phase::Due, Phase::Stale] {
        check(phase, Idle, BEHIND, ASKS, TRIES);
        check(phase, Flying, STANDS, JOINS, TRIES_ALONG);
        check(phase, Again, STANDS, JOINS, TRIES_ALONG);
        check(phase, Resting, STANDS, RESTS_LONGER, STANDS);
        check(phase, Closed, BEHIND, WINDOW, STANDS);
    }
}

#[test]
fn overdue_keys_are_waited_for_a_moment_unless_the_network_is_known_to_fail() {
    check(Phase::Overdue, Idle, ["begin", "begin wait 0.08", "begin"], ASKS, TRIES);
    check(Phase::Overdue, Flying, ["", "wait 0.08", ""], JOINS, TRIES_ALONG);
    check(Phase::Overdue, Again, STANDS, JOINS, TRIES_ALONG);
    check(Phase::Overdue, Resting, STANDS, RESTS_LONGER, STANDS);
    check(Phase::Overdue, Closed, BEHIND, WINDOW, STANDS);
}

/// Without any failure: an age of a minute within a window of an hour.
#[test]
fn the_window_is_closed_after_a_success_too() {
    for (seconds, phase, passed) in
        [(10.0, Phase::Fresh, STANDS), (56.0, Phase::Due, BEHIND), (61.0, Phase::Stale, BEHIND)]
    {
        for (judged, row) in [
            (Judged::Passed, passed),
            (Judged::Lacking(&key("new")), ["keys_unavailable 3600"; 3]),
            (Judged::Lacking(&OTHER), STANDS),
        ] {
            for (patience, expected) in PATIENCE.into_iter().zip(row) {
                let durations =
                    with(&[(Span::DefaultAge, 60.0), (Span::Cooldown, 3_600.0), (Span::CooldownAfterNews, 1.0)]);
                let mut set = RemoteKeySet::new(by_address(), durations, false);
                load(&mut set, &jwks(&["k1"]), -60.0);
                // The same keys again: no news, so that the long window holds.
                load(&mut set, &jwks(&["k1"]), 0.0);
                assert_eq!(set.phase(at(seconds)), phase);
                let expected = expected.replace("3600", &format!("{}", 3_600.0 - seconds));
                let demand = ask(&mut set, judged, patience, seconds);
                assert_eq!(words(&demand, None), expected, "{phase:?}, {judged:?}, {patience:?}");
            }
        }
    }
}

#[test]
fn a_verifier_that_has_not_been_given_the_keys_is_like_one_whose_keys_do_not_fit() {
    let mut set = loaded();
    let demand = ask(&mut set, Judged::Lacking(&countersign::Lack::Keys), Patience::Waits, 100.0);
    assert_eq!(words(&demand, None), "begin wait");
}

#[test]
fn a_verdict_is_settled_where_asking_would_demand_nothing() {
    for (phase, settled) in [
        (Phase::Empty, [false; 5]),
        (Phase::TooOld, [false; 5]),
        (Phase::Due, [false, true, true, true, false]),
        (Phase::Stale, [false, true, true, true, false]),
        (Phase::Overdue, [false, false, true, true, false]),
    ] {
        for (scene, expected) in [Idle, Flying, Again, Resting, Closed].into_iter().zip(settled) {
            let (set, _) = staged(phase, scene);
            assert_eq!(set.is_settled(at(moment_of(phase))), expected, "{phase:?}, {scene:?}");
        }
    }
    for scene in [Idle, Flying, Resting, Closed] {
        assert!(staged(Phase::Fresh, scene).0.is_settled(at(100.0)), "{scene:?}");
    }
}
