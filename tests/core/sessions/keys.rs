//! Sessions whose tokens are bound to a key (RFC 9449): what another key, or none, comes to.

use countersign::login::{Action, Cause, Effect, Landing, Session, Storage, StoredText};
use countersign::{ErrorCode, Grant, token_response};

const NOW: f64 = 1_700_000_000.0;
const BOUND: &str = r#"{"refreshToken":"rt-1","scope":"","lineage":"first","generation":1,"jkt":"key-1"}"#;
const UNBOUND: &str = r#"{"refreshToken":"rt-1","scope":"","lineage":"first","generation":1}"#;

fn handed(jkt: Option<&str>) -> String {
    let jkt = jkt.map(|jkt| format!(r#","jkt":"{jkt}""#)).unwrap_or_default();
    format!(
        r#"{{"type":"tokens","lineage":"first","generation":1,"accessToken":"at-1","scope":"","obtainedAt":1700000000,"checkedAt":1700000000,"expiresAt":1700000300,"refreshToken":"rt-1"{jkt}}}"#
    )
}

/// A page that has found this in the store and asks the other tabs.
fn asking(is_bound: bool, entry: &str) -> (Session, u32) {
    let mut session = Session::new(Storage::Shared);
    session.set_bound(is_bound);
    let flight = session.restore(None, NOW);
    session.locked(flight, true, NOW);
    session.store_read(flight, StoredText::Entry(entry));
    assert!(matches!(session.next_action(flight), Some(Action::AskTabs { .. })));
    (session, flight)
}

fn causes(session: &mut Session) -> Vec<Cause> {
    let effects = std::iter::from_fn(|| session.next_effect());
    effects.filter_map(|effect| if let Effect::Changed(cause) = effect { Some(cause) } else { None }).collect()
}

#[test]
fn a_renewal_is_made_with_the_key_of_its_refresh_token() {
    for (entry, jkt) in [(BOUND, Some("key-1")), (UNBOUND, None)] {
        let (mut session, flight) = asking(true, entry);
        session.tab_answered(flight, None, NOW);
        let renew = Action::Renew { refresh_token: "rt-1".into(), jkt: jkt.map(Into::into) };
        assert_eq!(session.next_action(flight), Some(renew));
        let text = br#"{"access_token":"at-2","token_type":"DPoP","expires_in":300,"refresh_token":"rt-2"}"#;
        let response = token_response(200, text, "DPoP", Grant::RefreshToken).unwrap();
        session.renewed(flight, response, Some("key-2".into()), NOW);
        session.store_read(flight, StoredText::Entry(entry));
        let Some(Action::WriteStore { entry: Some(kept), .. }) = session.next_action(flight) else { panic!() };
        assert!(kept.contains(r#""jkt":"key-2""#), "{kept}");
        session.store_written(flight);
        assert_eq!(session.landing(flight), Landing::SignedIn);
        assert_eq!(session.tokens().unwrap().jkt.as_deref(), Some("key-2"));
        let mut other = Session::new(Storage::Shared);
        other.resume(&session.snapshot().unwrap());
        assert_eq!(other.tokens(), session.tokens());
    }
}

#[test]
fn without_its_key_a_session_ends_and_nothing_is_kept() {
    let (mut session, flight) = asking(true, BOUND);
    session.tab_answered(flight, None, NOW);
    let missing = session.key_missing(None);
    session.not_renewed(flight, missing, None, NOW);
    // Another tab may have logged in again, with another key.
    assert!(matches!(session.next_action(flight), Some(Action::ReadStore { .. })));
    session.store_read(flight, StoredText::Entry(BOUND));
    assert!(matches!(session.next_action(flight), Some(Action::WriteStore { entry: None, .. })));
    session.store_written(flight);
    assert!(matches!(session.landing(flight), Landing::SignedOut { .. }));

    let (mut session, flight) = asking(true, BOUND);
    session.tab_answered(flight, Some(&handed(Some("key-1"))), NOW);
    session.store_written(flight);
    assert_eq!(session.landing(flight), Landing::SignedIn);
    causes(&mut session);
    for other in [None, Some("key-2")] {
        assert_eq!(session.key_missing(other).code(), ErrorCode::DpopKeyMissing);
        assert!(session.tokens().is_some(), "another key is not missed");
    }
    session.key_missing(Some("key-1"));
    assert!(session.tokens().is_none());
    assert_eq!(causes(&mut session), vec![Cause::KeyMissing]);
}

/// A page of another version may be open in another tab.
#[test]
fn tokens_that_are_used_in_another_way_are_not_taken_from_other_tabs() {
    for (is_bound, jkt, taken) in
        [(true, Some("key-1"), true), (true, None, false), (false, Some("key-1"), false), (false, None, true)]
    {
        let (mut session, flight) = asking(is_bound, if is_bound { BOUND } else { UNBOUND });
        session.tab_answered(flight, Some(&handed(jkt)), NOW);
        let is_taken = matches!(session.next_action(flight), Some(Action::WriteStore { entry: Some(_), .. }));
        assert_eq!(is_taken, taken, "{is_bound} {jkt:?}");
        // Nor are they taken without having been asked for.
        session.heard(&handed(jkt), NOW);
        let restores = std::iter::from_fn(|| session.next_effect()).any(|effect| effect == Effect::Restore);
        assert!(!restores, "a renewal is no sign-in");
    }
}
