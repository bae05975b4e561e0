//! What an operator hears.

use countersign::{Judged, News, Patience, RemoteKeySet};

use crate::common::{DAY, OTHER, ask, at, fail, fly, jwks, key, load, loaded, news, of, plain};
use crate::stores::entry;

fn pass(set: &mut RemoteKeySet, seconds: f64) {
    for _ in 0..3 {
        ask(set, Judged::Passed, Patience::AtOnce, seconds);
    }
}

#[test]
fn fetched_rotated_and_failed() {
    let mut set = plain();
    load(&mut set, &jwks(&["k1"]), 0.0);
    let first = set.take_reports();
    assert_eq!((first.len(), first[0].news, first[0].keys, first[0].error.is_none()), (1, News::Fetched, 1, true));
    load(&mut set, &jwks(&["k1"]), 550.0);
    assert_eq!(news(&mut set), [News::Fetched]);
    load(&mut set, &jwks(&["k1", "k2"]), 1_100.0);
    let rotated = set.take_reports();
    assert_eq!((rotated.len(), rotated[0].news, rotated[0].keys), (1, News::Rotated, 2));
    fail(&mut set, 1_650.0);
    let failed = set.take_reports();
    assert_eq!((failed.len(), failed[0].news, failed[0].keys), (1, News::Failed, 2));
    assert!(failed[0].error.as_ref().unwrap().found_value().unwrap().starts_with("status 503"));
    fly(&mut set, of(404, ""), 1_660.0);
    let gone = set.take_reports();
    assert_eq!((gone.len(), gone[0].news, gone[0].keys), (1, News::Failed, 0));
    load(&mut set, &jwks(&["k1"]), 1_670.0);
    assert_eq!(news(&mut set), [News::Fetched]);
    assert!(set.take_reports().is_empty());
}

#[test]
fn stale_and_too_old_are_told_once() {
    let mut set = loaded();
    assert_eq!(news(&mut set), [News::Fetched]);
    // Overdue, but nothing is known to fail.
    pass(&mut set, 700.0);
    assert!(set.take_reports().is_empty());
    fly_on(&mut set, 2, 700.0);
    pass(&mut set, 700.5);
    fly_on(&mut set, 3, 700.5);
    pass(&mut set, 701.0);
    pass(&mut set, 800.0);
    let stale = set.take_reports();
    assert_eq!(stale.iter().map(|report| report.news).collect::<Vec<_>>(), [News::Failed, News::Stale, News::Failed]);
    assert!(stale[1].error.is_some() && stale[1].keys == 1);
    fly_on(&mut set, 4, 800.0);
    pass(&mut set, 900.0);
    assert_eq!(news(&mut set), [News::Failed]);
    pass(&mut set, 600.0 + DAY);
    pass(&mut set, 700.0 + DAY);
    let old = set.take_reports();
    assert_eq!(old.iter().map(|report| report.news).collect::<Vec<_>>(), [News::TooOld, News::Failed]);
    // With new keys the story begins again.
    load(&mut set, &jwks(&["k1"]), 800.0 + DAY);
    fail(&mut set, 1_500.0 + DAY);
    pass(&mut set, 1_500.5 + DAY);
    assert_eq!(news(&mut set), [News::Fetched, News::Failed, News::Stale]);
}

/// The flight under way fails.
fn fly_on(set: &mut RemoteKeySet, flight: u32, seconds: f64) {
    crate::common::respond(set, flight, of(503, ""), seconds);
}

#[test]
fn only_keys_that_serve_beyond_their_age_are_stale_news() {
    for (seconds, expected) in [(550.0, vec![]), (610.0, vec![]), (700.0, vec![News::Stale])] {
        let mut set = loaded();
        fail(&mut set, seconds);
        set.take_reports();
        ask(&mut set, Judged::Lacking(&key("new")), Patience::AtOnce, seconds + 0.1);
        ask(&mut set, Judged::Lacking(&OTHER), Patience::AtOnce, seconds + 0.1);
        assert!(set.take_reports().is_empty());
        pass(&mut set, seconds + 0.1);
        assert_eq!(news(&mut set), expected, "at {seconds}");
    }
}

#[test]
fn whoever_looks_finds_keys_too_old() {
    let mut set = loaded();
    set.take_reports();
    assert!(!set.is_under_way(7, at(600.0 + DAY)));
    assert_eq!(news(&mut set), [News::TooOld]);
}

#[test]
fn the_store_is_no_news() {
    let mut set = loaded();
    set.take_reports();
    assert!(set.restore(&entry(&["k2"], 100.0, 600.0), at(200.0)));
    assert!(set.take_reports().is_empty());
}

#[test]
fn sixteen_reports_wait_for_whoever_takes_them() {
    let mut set = loaded();
    (0..20).for_each(|number| fail(&mut set, 3_600.0 * f64::from(number + 1)));
    load(&mut set, &jwks(&["k2"]), DAY);
    let told = news(&mut set);
    assert_eq!((told.len(), told[0], told[15]), (16, News::Failed, News::Rotated));
}

#[test]
fn news_have_names() {
    let all = [News::Fetched, News::Rotated, News::Failed, News::Stale, News::TooOld];
    assert_eq!(all.map(News::as_str), ["fetched", "rotated", "failed", "stale", "too-old"]);
}
