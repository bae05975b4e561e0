//! Where the key set is, by the issuer's metadata.

use countersign::{Action, KeySource, RemoteKeySet, Span};

use crate::common::{ISSUER, address, at, begin, by_discovery, jwks, kids, of, respond, with};

const OAUTH: &str = "https://auth.example.com/.well-known/oauth-authorization-server";
const OPENID: &str = "https://auth.example.com/.well-known/openid-configuration";
const PLACE: &str = "https://keys.example.com/jwks";
const OTHER_PLACE: &str = "https://keys.example.com/other";

fn about(issuer: &str, jwks_uri: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{jwks_uri}"}}"#)
}

fn set() -> RemoteKeySet {
    RemoteKeySet::new(by_discovery(), with(&[]), false)
}

/// Performs a flight: for each address that has to be asked, the status and the text of its answer.
fn fly(set: &mut RemoteKeySet, exchanges: &[(&str, u16, &str)], seconds: f64) {
    let flight = begin(set, seconds);
    for (url, status, text) in exchanges {
        assert_eq!(address(set, flight, seconds), *url, "at {seconds}");
        set.answered(flight, of(*status, text), at(seconds));
    }
    let left = set.next_action(flight, at(seconds));
    assert!(matches!(left, None | Some(Action::WriteStore { .. })), "{left:?}");
    assert!(!set.is_under_way(flight, at(seconds)));
}

/// A set whose key set was found and fetched at the start.
fn found() -> RemoteKeySet {
    let mut set = set();
    fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, 200, &jwks(&["k1"]))], 0.0);
    set
}

fn reason(set: &RemoteKeySet, seconds: f64) -> String {
    set.status(at(seconds)).last_error.unwrap().found_value().unwrap().to_owned()
}

#[test]
fn metadata_is_looked_for_at_two_places() {
    assert_eq!(kids(&found(), 0.0), Some(vec!["k1".to_owned()]));
    for (status, text) in
        [(404, String::new()), (200, "<html>".into()), (200, about("https://evil.example.com", PLACE))]
    {
        let mut set = set();
        let exchanges =
            [(OAUTH, status, text.as_str()), (OPENID, 200, &about(ISSUER, PLACE)), (PLACE, 200, &jwks(&["k1"]))];
        fly(&mut set, &exchanges, 0.0);
        assert_eq!(kids(&set, 0.0), Some(vec!["k1".to_owned()]), "{status} {text}");
    }
    // No answer at all.
    let mut set = set();
    let flight = begin(&mut set, 0.0);
    assert_eq!(address(&mut set, flight, 0.0), OAUTH);
    set.failed(flight, "no answer within 5 s", at(5.0));
    respond(&mut set, flight, of(200, &about(ISSUER, PLACE)), 5.0);
    assert_eq!(address(&mut set, flight, 5.0), PLACE);
}

#[test]
fn the_path_of_an_issuer_goes_where_its_rfc_puts_it() {
    let source = KeySource { issuer: Some("https://auth.example.com/a/".into()), ..KeySource::default() };
    let mut set = RemoteKeySet::new(source, with(&[]), false);
    // RFC 8414 §3.1; OpenID Connect Discovery 1.0 §4.1.
    let urls = [
        "https://auth.example.com/.well-known/oauth-authorization-server/a",
        "https://auth.example.com/a/.well-known/openid-configuration",
    ];
    fly(&mut set, &urls.map(|url| (url, 404, "")), 0.0);
}

#[test]
fn where_both_places_fail_both_are_named() {
    let mut set = set();
    let flight = begin(&mut set, 0.0);
    respond(&mut set, flight, of(404, ""), 0.0);
    address(&mut set, flight, 0.0);
    set.failed(flight, "refused", at(0.0));
    let error = set.status(at(0.0)).last_error.unwrap();
    assert_eq!(error.code().as_str(), "keys_unavailable");
    let found = error.found_value().unwrap();
    // Both reasons come before any address, and what is not there comes last.
    assert!(found.starts_with("metadata_unavailable, refused; status 404 from https://auth.example.com/"), "{found}");
    assert!(found.chars().count() <= 121, "{found}");
    // Names that leave room for both.
    let source = KeySource { issuer: Some("https://a.test".into()), ..KeySource::default() };
    let mut set = RemoteKeySet::new(source, with(&[]), false);
    let flight = begin(&mut set, 0.0);
    respond(&mut set, flight, of(404, ""), 0.0);
    respond(&mut set, flight, of(500, ""), 0.0);
    let found = reason(&set, 0.0);
    assert_eq!(
        found,
        "metadata_unavailable, status 500; status 404 from https://a.test/.well-known/openid-configuration; \
         https://a.test/.well-…"
    );
}

/// Where two requests have failed, the issuer is left alone; from then on each flight is one more failure.
#[test]
fn a_flight_that_fails_at_both_places_counts_as_two_failures() {
    let mut set = set();
    for (seconds, rest) in [(0.0, 1.0), (1.0, 2.0), (3.0, 4.0)] {
        fly(&mut set, &[(OAUTH, 404, ""), (OPENID, 503, "")], seconds);
        assert_eq!(set.status(at(seconds)).next_attempt, Some(rest));
    }
    // No more than two, even where the last known place fails as well.
    let mut set = found();
    fly(&mut set, &[(OAUTH, 503, ""), (OPENID, 503, ""), (PLACE, 503, "")], 3_700.0);
    assert_eq!(set.status(at(3_700.0)).next_attempt, Some(1.0));
    // Nor fewer, where there is no answer at all.
    let mut set = self::set();
    let flight = begin(&mut set, 0.0);
    for url in [OAUTH, OPENID] {
        assert_eq!(address(&mut set, flight, 0.0), url);
        set.failed(flight, "refused", at(0.0));
    }
    assert_eq!(set.status(at(0.0)).next_attempt, Some(1.0));
    // After one failure that was known before, it is one more.
    let mut set = found();
    fly(&mut set, &[(PLACE, 503, "")], 600.0);
    fly(&mut set, &[(OAUTH, 503, ""), (OPENID, 503, ""), (PLACE, 503, "")], 600.0);
    assert_eq!(set.status(at(600.0)).next_attempt, Some(1.0));
}

#[test]
fn metadata_about_another_issuer_is_not_believed() {
    let mut set = set();
    let other = about("https://evil.example.com", PLACE);
    fly(&mut set, &[(OAUTH, 200, &other), (OPENID, 200, &other)], 0.0);
    let error = set.status(at(0.0)).last_error.unwrap().clone();
    assert!(error.found_value().unwrap().contains("metadata_invalid (issuer), https://evil.example.com"), "{error}");
    assert_eq!(error.expected_value(), Some(ISSUER));
    // The more informative one of two failures, whichever comes first.
    for exchanges in [[(OAUTH, 200, other.as_str()), (OPENID, 404, "")], [(OAUTH, 404, ""), (OPENID, 200, &other)]] {
        let mut set = self::set();
        fly(&mut set, &exchanges, 0.0);
        assert!(reason(&set, 0.0).contains("metadata_invalid"));
    }
}

#[test]
fn an_issuer_without_a_key_set_has_no_keys() {
    let mut set = set();
    let none = format!(r#"{{"issuer":"{ISSUER}"}}"#);
    fly(&mut set, &[(OAUTH, 200, &none), (OPENID, 200, &none)], 0.0);
    assert!(reason(&set, 0.0).contains("jwks_uri"), "{}", reason(&set, 0.0));
}

/// RFC 8414 §2: over plain http anyone on the network could choose the keys.
#[test]
fn plain_http_is_refused_unless_it_is_allowed() {
    let plain = "http://auth.example.com";
    let source = |issuer: &str, allow_http| KeySource { issuer: Some(issuer.into()), jwks_uri: None, allow_http };
    let mut set = RemoteKeySet::new(source(plain, false), with(&[]), false);
    for rest in [0.0, 1.0] {
        fly(&mut set, &[], 0.0);
        assert!(set.status(at(0.0)).last_error.is_some());
        assert_eq!(set.status(at(0.0)).next_attempt, Some(rest));
    }

    let mut set = RemoteKeySet::new(source(plain, true), with(&[]), false);
    let flight = begin(&mut set, 0.0);
    assert_eq!(address(&mut set, flight, 0.0), "http://auth.example.com/.well-known/oauth-authorization-server");
    respond(&mut set, flight, of(200, &about(plain, "http://auth.example.com/jwks")), 0.0);
    assert_eq!(address(&mut set, flight, 0.0), "http://auth.example.com/jwks");

    let insecure = about(ISSUER, "http://auth.example.com/jwks");
    let mut set = self::set();
    fly(&mut set, &[(OAUTH, 200, &insecure), (OPENID, 200, &insecure)], 0.0);
    assert!(reason(&set, 0.0).contains("jwks_uri"), "{}", reason(&set, 0.0));

    for wrong in ["", "auth.example.com", "https://auth.example.com/?a", "https://auth.example.com/#a"] {
        let mut set = RemoteKeySet::new(source(wrong, true), with(&[]), false);
        fly(&mut set, &[], 0.0);
        assert!(kids(&set, 0.0).is_none(), "{wrong}");
    }
}

#[test]
fn a_place_is_remembered_for_an_hour() {
    let mut set = found();
    for seconds in [600.0, 1_200.0, 3_599.0] {
        fly(&mut set, &[(PLACE, 200, &jwks(&["k1"]))], seconds);
    }
    let exchanges = [(OAUTH, 200, &*about(ISSUER, OTHER_PLACE)), (OTHER_PLACE, 200, &jwks(&["k2"]))];
    fly(&mut set, &exchanges, 4_200.0);
    fly(&mut set, &[(OTHER_PLACE, 200, &jwks(&["k2"]))], 4_800.0);
    let mut set = RemoteKeySet::new(by_discovery(), with(&[(Span::PlaceAge, 600.0)]), false);
    fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, 200, &jwks(&["k1"]))], 0.0);
    fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, 200, &jwks(&["k1"]))], 600.0);
}

#[test]
fn a_place_where_nothing_is_any_longer_is_looked_up_again_at_once() {
    for status in [404, 410] {
        let mut set = found();
        let moved = about(ISSUER, OTHER_PLACE);
        fly(&mut set, &[(PLACE, status, ""), (OAUTH, 200, &moved), (OTHER_PLACE, 200, &jwks(&["k2"]))], 600.0);
        assert_eq!(kids(&set, 600.0), Some(vec!["k2".to_owned()]));

        // It has not moved: it is gone.
        let mut set = found();
        fly(&mut set, &[(PLACE, status, ""), (OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, status, "")], 600.0);
        assert_eq!(kids(&set, 600.0), None);

        // Nobody says where it is: what its place says once more stands.
        let nowhere = [(PLACE, status, ""), (OAUTH, 503, ""), (OPENID, 503, "")];
        let once_more = |set: &mut RemoteKeySet, last: u16, text: &str| {
            fly(set, &[&nowhere[..], &[(PLACE, last, text)]].concat(), 600.0);
            kids(set, 600.0)
        };
        assert_eq!(once_more(&mut found(), status, ""), None);
        assert_eq!(once_more(&mut found(), 200, &jwks(&["k2"])), Some(vec!["k2".to_owned()]));
        // That is no word about the keys: they stay until there is one.
        let mut set = found();
        assert_eq!(once_more(&mut set, 503, ""), Some(vec!["k1".to_owned()]));
        fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, status, "")], 610.0);
        assert_eq!(kids(&set, 610.0), None);
    }
}

#[test]
fn a_place_that_was_just_looked_up_is_not_looked_up_again() {
    let mut set = set();
    fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, 404, "")], 0.0);
    assert!(reason(&set, 0.0).starts_with("status 404 (https://keys.example.com/jwks)"));
}

#[test]
fn after_a_failure_the_place_is_looked_up_again_and_still_is_better_than_none() {
    let mut set = found();
    fly(&mut set, &[(PLACE, 503, "")], 600.0);
    fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, 503, "")], 610.0);
    // No metadata: the keys may be where they were.
    fly(&mut set, &[(OAUTH, 503, ""), (OPENID, 503, ""), (PLACE, 200, &jwks(&["k2"]))], 620.0);
    assert_eq!(kids(&set, 620.0), Some(vec!["k2".to_owned()]));
    // The place was not found anew: it is looked up again the next time.
    fly(&mut set, &[(OAUTH, 200, &about(ISSUER, PLACE)), (PLACE, 200, &jwks(&["k2"]))], 1_220.0);
    fly(&mut set, &[(PLACE, 200, &jwks(&["k2"]))], 1_820.0);
    // There is nothing at the place, and no metadata.
    let mut set = found();
    fly(&mut set, &[(OAUTH, 503, ""), (OPENID, 503, ""), (PLACE, 404, "")], 3_700.0);
    assert_eq!(kids(&set, 3_700.0), None);
}
