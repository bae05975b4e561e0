//! Single events: which state follows, and what is to be done.

use countersign::login::{Action, Cause, Demand, Effect, Landing, Session, Storage, StoredText, Tokens};
use countersign::{Error, ErrorCode, Grant, token_response};

pub(super) const START: f64 = 1_700_000_000.0;

pub(super) fn tokens(lifetime: Option<f64>, refresh_token: Option<&str>) -> Tokens {
    Tokens {
        access_token: "at-0".into(),
        obtained_at: START,
        expires_at: lifetime.map(|seconds| START + seconds),
        refresh_token: refresh_token.map(Into::into),
        id_token: Some("id-0".into()),
        checked_at: START,
        subject: Some("ada".into()),
        nonce: Some("n-0".into()),
        scope: "openid".into(),
        lineage: "first".into(),
        generation: 0,
        jkt: None,
    }
}

pub(super) fn effects(session: &mut Session) -> Vec<Effect> {
    std::iter::from_fn(|| session.next_effect()).collect()
}

pub(super) fn signed_in(storage: Storage, tokens: Tokens) -> Session {
    let mut session = Session::new(storage);
    let flight = session.signed_in(tokens);
    if let Some(Action::Lock { .. }) = session.next_action(flight) {
        session.locked(flight, true, START);
    }
    assert!(matches!(session.next_action(flight), Some(Action::WriteStore { .. })));
    session.store_written(flight);
    assert_eq!(session.next_action(flight), None);
    assert_eq!(session.landing(flight), Landing::SignedIn);
    effects(&mut session);
    session
}

fn renewal(session: &mut Session, seconds: f64) -> u32 {
    match session.demand(None, START + seconds) {
        Demand::Renew(flight) => flight,
        other => panic!("{other:?}"),
    }
}

fn answer(session: &mut Session, flight: u32, text: &str, seconds: f64) {
    let response = token_response(200, text.as_bytes(), "Bearer", Grant::RefreshToken).unwrap();
    session.renewed(flight, response, None, START + seconds);
}

fn refused(status: u16, text: &str) -> Error {
    token_response(status, text.as_bytes(), "Bearer", Grant::RefreshToken).unwrap_err()
}

const RENEWED: &str = r#"{"access_token":"at-1","token_type":"Bearer","expires_in":300,"refresh_token":"rt-1"}"#;

/// Renewed half a minute before its end, or in the last fifth of a short life; one without an end never.
#[test]
fn when_an_access_token_is_renewed() {
    for (lifetime, used, renewed) in [
        (Some(300.0), 269.0, Some(270.0)),
        (Some(20.0), 15.5, Some(16.0)),
        (Some(10.0), 7.5, Some(8.0)),
        (None, 1e9, None),
    ] {
        let mut session = signed_in(Storage::Memory, tokens(lifetime, Some("rt-0")));
        assert_eq!(session.demand(None, START + used), Demand::Use("at-0".into()), "{lifetime:?}");
        if let Some(seconds) = renewed {
            let flight = renewal(&mut session, seconds);
            assert_eq!(session.demand(None, START + seconds), Demand::Renew(flight), "once for all callers");
        }
    }
}

#[test]
fn a_token_that_was_refused_is_replaced_once() {
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
    assert!(session.can_replace("at-0"));
    let Demand::Renew(flight) = session.demand(Some("at-0"), START) else { panic!() };
    assert_eq!(session.next_action(flight), Some(Action::Renew { refresh_token: "rt-0".into(), jkt: None }));
    assert_eq!(session.asked_with(flight).as_deref(), Some("rt-0"));
    answer(&mut session, flight, RENEWED, 0.0);
    assert_eq!(session.landing(flight), Landing::SignedIn);
    assert_eq!(session.asked_with(flight), None);
    assert_eq!(session.demand(Some("at-0"), START), Demand::Use("at-1".into()));
    assert_eq!(session.access_token(Some("at-0"), START).as_deref(), Ok("at-1"));
    let mut alone = signed_in(Storage::Memory, tokens(Some(300.0), None));
    assert!(!alone.can_replace("at-0") && alone.can_replace("another"));
    assert!(
        matches!(alone.demand(Some("at-0"), START), Demand::Refuse(error) if error.code() == ErrorCode::LoginRequired)
    );
}

/// Some servers give the access token they have given for as long as it lasts, or one with the same claims in the same
/// second: it is no reason to say that nobody is logged in.
#[test]
fn a_renewal_that_brings_the_refused_token_again() {
    let same = RENEWED.replace("at-1", "at-0");
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
    let Demand::Renew(flight) = session.demand(Some("at-0"), START) else { panic!() };
    answer(&mut session, flight, &same, 0.0);
    assert_eq!(session.landing(flight), Landing::SignedIn);
    assert_eq!(session.access_token(Some("at-0"), START).as_deref(), Ok("at-0"));
    // Not one that is over, nor after a renewal that has failed.
    let over = session.access_token(Some("at-0"), START + 300.0).unwrap_err();
    assert_eq!(over.code(), ErrorCode::LoginRequired);
    let Demand::Renew(flight) = session.demand(Some("at-0"), START) else { panic!() };
    session.not_renewed(flight, refused(503, ""), None, START);
    assert!(matches!(session.landing(flight), Landing::Failed(_)));
    let failed = session.access_token(Some("at-0"), START).unwrap_err();
    assert_eq!(failed.code(), ErrorCode::TokenRequestFailed);
}

/// RFC 6749 §5.1: a login without openid has no ID token, whatever a server sends at renewals.
#[test]
fn an_id_token_that_nobody_asked_for() {
    let renewed = RENEWED.replace('}', r#","id_token":"e30.e30.x"}"#);
    let plain = Tokens {
        id_token: None,
        subject: None,
        nonce: None,
        scope: "read".into(),
        ..tokens(Some(300.0), Some("rt-0"))
    };
    let mut session = signed_in(Storage::Memory, plain.clone());
    let flight = renewal(&mut session, 280.0);
    answer(&mut session, flight, &renewed, 280.0);
    assert_eq!(session.next_action(flight), None, "nothing is checked");
    assert_eq!(session.landing(flight), Landing::SignedIn);
    assert_eq!(session.tokens().and_then(|tokens| tokens.id_token.clone()), None);
    // Where one was asked for, it is checked, though none came at first.
    let mut session = signed_in(Storage::Memory, Tokens { scope: "openid read".into(), ..plain });
    let flight = renewal(&mut session, 280.0);
    answer(&mut session, flight, &renewed, 280.0);
    assert!(matches!(session.next_action(flight), Some(Action::CheckIdToken { .. })));
}

/// A page that slept while its tokens were renewed, or was held up for longer than they live, is not without a session.
#[test]
fn what_a_renewal_brought_has_run_out_before_it_is_used() {
    let renewed = |token: &str, lifetime: u32| {
        format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{lifetime},"refresh_token":"rt-n"}}"#)
    };
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
    for (token, seconds) in [("at-1", 280.0), ("at-2", 5_000.0)] {
        let flight = renewal(&mut session, seconds);
        answer(&mut session, flight, &renewed(token, 60), seconds);
        assert_eq!(session.landing(flight), Landing::SignedIn);
        let Demand::Renew(again) = session.demand_again(None, START + seconds + 60.0) else { panic!("{token}") };
        answer(&mut session, again, &renewed("at-n", 300), seconds + 60.0);
        assert_eq!(session.landing(again), Landing::SignedIn);
        assert_eq!(session.demand_again(None, START + seconds + 61.0), Demand::Use("at-n".into()));
    }
    // Once for each token; and one that has no time from the start is asked for no second time.
    let flight = renewal(&mut session, 9_000.0);
    answer(&mut session, flight, &renewed("at-3", 60), 9_000.0);
    let Demand::Renew(again) = session.demand_again(None, START + 9_100.0) else { panic!() };
    session.not_renewed(again, refused(503, ""), None, START + 9_100.0);
    assert_eq!(session.landing(again), Landing::Failed(refused(503, "")));
    assert_eq!(session.demand_again(None, START + 9_100.0), Demand::Refuse(refused(503, "")));
    let flight = renewal(&mut session, 9_200.0);
    answer(&mut session, flight, &renewed("at-4", 0), 9_200.0);
    assert!(matches!(session.demand_again(None, START + 9_200.0), Demand::Refuse(_)));
}

/// A session without a refresh token ends with its access token, and says so.
#[test]
fn a_session_ends_by_its_age() {
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), None));
    session.tick(START + 299.0);
    assert!(session.tokens().is_some());
    session.tick(START + 300.0);
    assert_eq!(session.tokens(), None);
    assert_eq!(effects(&mut session), [Effect::Expiring, Effect::Changed(Cause::Expired)]);
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), None));
    let Demand::Refuse(error) = session.demand(None, START + 300.0) else { panic!() };
    assert_eq!(error.code(), ErrorCode::LoginRequired);
    assert_eq!(effects(&mut session), [Effect::Changed(Cause::Expired)]);
}

/// After failures the server is left alone, for as long as they say.
#[test]
fn rests() {
    let outage = || refused(503, "");
    let oauth = |error: &str| refused(400, &format!(r#"{{"error":"{error}"}}"#));
    for (error, retry_after, rests) in [
        (outage(), None, [0.0, 1.0, 2.0, 4.0]),
        (outage(), Some(7.0), [7.0; 4]),
        (outage(), Some(1e9), [300.0; 4]),
        (oauth("invalid_client"), None, [60.0; 4]),
        (oauth("unauthorized_client"), Some(1.0), [60.0; 4]),
        (oauth("temporarily_unavailable"), None, [0.0, 1.0, 2.0, 4.0]),
    ] {
        let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
        let mut seconds = 400.0;
        for rest in rests {
            let flight = renewal(&mut session, seconds);
            session.not_renewed(flight, error.clone(), retry_after, START + seconds);
            assert_eq!(session.landing(flight), Landing::Failed(error.clone()));
            if rest > 0.0 {
                for at in [seconds, seconds + rest - 0.5] {
                    let Demand::Refuse(told) = session.demand(None, START + at) else { panic!() };
                    assert_eq!(told, error);
                }
            }
            seconds += rest;
        }
        assert!(session.tokens().is_some(), "an outage ends no session");
        // A clock that was set back does not make the rest longer.
        assert!(matches!(session.demand(Some("at-0"), START + 100.0), Demand::Renew(_)));
    }
    for error in ["interaction_required", "login_required", "consent_required"] {
        let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 290.0);
        session.not_renewed(flight, oauth(error), None, START + 290.0);
        session.landing(flight);
        assert_eq!(session.demand(None, START + 299.0), Demand::Use("at-0".into()), "it serves to its last second");
        assert!(matches!(session.demand(None, START + 1e8), Demand::Refuse(_)), "only the user can change that");
    }
}

/// A store that takes nothing keeps an old refresh token, which would end the family if it were used again.
#[test]
fn a_store_that_is_full_ends_no_session() {
    for storage in [Storage::Tab, Storage::Shared] {
        let login = tokens(Some(300.0), Some("rt-0"));
        let mut session = signed_in(storage, login.clone());
        let stored = stored_entry(storage, login);
        for round in 1..4 {
            let seconds = 400.0 * f64::from(round);
            let flight = renewal(&mut session, seconds);
            let (mut used, mut is_written) = (String::new(), false);
            while let Some(action) = session.next_action(flight) {
                match action {
                    Action::Lock { .. } => session.locked(flight, true, START + seconds),
                    Action::ReadStore { .. } => session.store_read(flight, StoredText::Entry(&stored)),
                    Action::AskTabs { .. } => session.tab_answered(flight, None, START + seconds),
                    Action::WriteStore { .. } => {
                        is_written = true;
                        session.store_written(flight);
                    }
                    Action::Renew { refresh_token, .. } => {
                        used = refresh_token;
                        let members = format!(r#""access_token":"at-{round}","refresh_token":"rt-{round}""#);
                        let text = format!(r#"{{{members},"token_type":"Bearer","expires_in":300}}"#);
                        answer(&mut session, flight, &text, seconds);
                    }
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(session.landing(flight), Landing::SignedIn);
            assert_eq!(used, format!("rt-{}", round - 1));
            assert!(is_written, "it is tried again");
        }
    }
}

/// What the store has of a login.
fn stored_entry(storage: Storage, tokens: Tokens) -> String {
    let mut session = Session::new(storage);
    let flight = session.signed_in(tokens);
    if let Some(Action::Lock { .. }) = session.next_action(flight) {
        session.locked(flight, true, START);
    }
    match session.next_action(flight) {
        Some(Action::WriteStore { entry: Some(entry), .. }) => entry,
        other => panic!("{other:?}"),
    }
}

/// Another tab has logged out while the server was asked: the store has nothing any more, and is given nothing.
#[test]
fn a_logout_in_another_tab_while_tokens_are_renewed() {
    let entry = stored_entry(Storage::Shared, tokens(Some(300.0), Some("rt-0")));
    for (stored, is_over) in [(StoredText::Entry(&entry), false), (StoredText::Nothing, true)] {
        let mut session = signed_in(Storage::Shared, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        session.locked(flight, true, START + 280.0);
        session.store_read(flight, StoredText::Entry(&entry));
        assert!(matches!(session.next_action(flight), Some(Action::Renew { .. })));
        answer(&mut session, flight, RENEWED, 280.0);
        assert!(matches!(session.next_action(flight), Some(Action::ReadStore { .. })));
        session.store_read(flight, stored);
        match session.next_action(flight) {
            Some(Action::WriteStore { entry: Some(_), .. }) => assert!(!is_over),
            Some(Action::ReadStore { .. }) => {
                assert!(is_over && session.tokens().is_none());
                session.store_read(flight, StoredText::Nothing);
                let Some(Action::Revoke { refresh_token, .. }) = session.next_action(flight) else { panic!() };
                assert_eq!(refresh_token, "rt-1");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The refresh token is stored before the ID token is checked, and stays whatever comes of that.
#[test]
fn a_rotated_token_is_stored_first() {
    let with_id = RENEWED.replace('}', r#","id_token":"id-1"}"#);
    for storage in [Storage::Memory, Storage::Tab, Storage::Shared] {
        for code in [ErrorCode::KeysUnavailable, ErrorCode::SignatureInvalid] {
            let mut session = signed_in(storage, tokens(Some(300.0), Some("rt-0")));
            let flight = renewal(&mut session, 280.0);
            let mut stored = None;
            loop {
                match session.next_action(flight) {
                    Some(Action::Lock { .. }) => session.locked(flight, true, START + 280.0),
                    Some(Action::ReadStore { .. }) => session.store_read(flight, StoredText::Nothing),
                    Some(Action::AskTabs { .. }) => session.tab_answered(flight, None, START + 280.0),
                    Some(Action::Renew { .. }) => answer(&mut session, flight, &with_id, 280.0),
                    Some(Action::WriteStore { entry, .. }) => {
                        stored = entry;
                        session.store_written(flight);
                    }
                    Some(Action::CheckIdToken { id_token, access_token, as_of }) => {
                        assert_eq!((id_token.as_str(), access_token.as_deref(), as_of), ("id-1", Some("at-1"), None));
                        assert_eq!(stored.is_some(), storage != Storage::Memory);
                        session.id_token_refused(flight, Error::new(code), START + 280.0);
                    }
                    None => break,
                    other => panic!("{other:?}"),
                }
            }
            assert!(matches!(session.landing(flight), Landing::Failed(_)));
            assert!(stored.is_none_or(|entry| entry.contains("rt-1")));
            assert_eq!(session.access_token(None, START + 281.0).as_deref(), Ok("at-0"), "it has time left");
            assert_eq!(session.tokens().unwrap().refresh_token.as_deref(), Some("rt-1"));
        }
    }
}

#[test]
fn another_user_in_a_renewal_is_no_user_of_this_page() {
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
    let flight = renewal(&mut session, 280.0);
    answer(&mut session, flight, &RENEWED.replace('}', r#","id_token":"id-1"}"#), 280.0);
    session.id_token_passed(flight, Some("bob".into()), None, START + 280.0);
    assert_eq!(session.tokens(), None);
    let Some(Action::Revoke { refresh_token, .. }) = session.next_action(flight) else { panic!() };
    assert_eq!(refresh_token, "rt-1");
    session.revoked(flight);
    let Landing::Failed(error) = session.landing(flight) else { panic!() };
    assert_eq!((error.code(), error.spec()), (ErrorCode::SubjectMismatch, "OpenID Connect Core §12.2"));
}

/// OpenID Connect Core §12.2: no nonce, or that of the login.
#[test]
fn a_renewed_id_token_has_the_nonce_of_the_login_or_none() {
    for (nonce, passes) in [(None, true), (Some("n-0"), true), (Some("n-1"), false)] {
        let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        answer(&mut session, flight, &RENEWED.replace('}', r#","id_token":"id-1"}"#), 280.0);
        session.id_token_passed(flight, Some("ada".into()), nonce, START + 280.0);
        let landing = session.landing(flight);
        assert_eq!(landing == Landing::SignedIn, passes, "{nonce:?}");
        assert_eq!(session.tokens().unwrap().refresh_token.as_deref(), Some("rt-1"));
        if let Landing::Failed(error) = landing {
            assert_eq!(error.code(), ErrorCode::NonceMismatch);
        }
    }
}

/// What comes after a logout is revoked and dropped, and nothing is stored any more.
#[test]
fn a_logout_is_not_undone_by_an_answer_that_comes_late() {
    for storage in [Storage::Memory, Storage::Tab, Storage::Shared] {
        let mut session = signed_in(storage, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        while !matches!(session.next_action(flight), Some(Action::Renew { .. })) {
            match session.next_action(flight) {
                Some(Action::Lock { .. }) => session.locked(flight, true, START + 280.0),
                Some(Action::ReadStore { .. }) => session.store_read(flight, StoredText::Nothing),
                Some(Action::AskTabs { .. }) => session.tab_answered(flight, None, START + 280.0),
                other => panic!("{other:?}"),
            }
        }
        session.sign_out();
        assert_eq!(session.tokens(), None);
        let told = effects(&mut session);
        assert_eq!(told[..2], [Effect::Changed(Cause::SignedOut), Effect::RemoveMark]);
        answer(&mut session, flight, RENEWED, 280.0);
        let mut revoked = Vec::new();
        loop {
            match session.next_action(flight) {
                Some(Action::ReadStore { .. }) => session.store_read(flight, StoredText::Nothing),
                Some(Action::Revoke { refresh_token, .. }) => {
                    revoked.push(refresh_token);
                    session.revoked(flight);
                }
                None => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(revoked, ["rt-1"]);
        assert_eq!(session.tokens(), None);
        assert_eq!(effects(&mut session), []);
    }
}

/// A store that has the session again after a logout (a copied tab wrote it late) brings nothing back on this page.
#[test]
fn what_was_signed_out_here_is_not_restored() {
    let entry = stored_entry(Storage::Tab, tokens(Some(300.0), Some("rt-0")));
    let mut session = signed_in(Storage::Tab, tokens(Some(300.0), Some("rt-0")));
    let flight = session.sign_out();
    session.store_read(flight, StoredText::Entry(&entry));
    session.store_written(flight);
    session.revoked(flight);
    assert!(matches!(session.landing(flight), Landing::SignedOut { .. }));
    for (stored, restores) in [(entry.clone(), false), (entry.replace("\"first\"", "\"second\""), true)] {
        let flight = session.restore(None, START);
        session.locked(flight, true, START);
        session.store_read(flight, StoredText::Entry(&stored));
        match session.next_action(flight) {
            Some(Action::AskTabs { lineage, .. }) => assert!(restores && lineage == "second", "{stored}"),
            None => assert!(!restores && matches!(session.landing(flight), Landing::SignedOut { .. }), "{stored}"),
            other => panic!("{other:?}"),
        }
    }
}

/// Without its mark, what a store still has is a session that somebody has logged out of.
#[test]
fn an_entry_without_its_mark_is_forgotten() {
    let entry = r#"{"refreshToken":"rt-0","scope":"openid","lineage":"first","checkedAt":1700000000,"generation":0}"#;
    let mut session = Session::new(Storage::Tab);
    let flight = session.restore(Some(false), START);
    session.store_read(flight, StoredText::Entry(entry));
    assert!(matches!(session.next_action(flight), Some(Action::WriteStore { entry: None, .. })));
    session.store_written(flight);
    assert!(matches!(session.next_action(flight), Some(Action::Revoke { .. })));
    session.revoked(flight);
    assert!(matches!(session.landing(flight), Landing::SignedOut { .. }));
    // With it, and where nobody can tell, the session is restored.
    for mark in [Some(true), None] {
        let mut session = Session::new(Storage::Tab);
        let flight = session.restore(mark, START);
        assert!(matches!(session.next_action(flight), Some(Action::Lock { .. })), "{mark:?}");
    }
}

/// A kept ID token was good when it was kept: what can't be checked now ends nothing; what is wrong was never ours.
#[test]
fn a_kept_id_token() {
    let entry = r#"{"refreshToken":"rt-0","scope":"openid","lineage":"first","checkedAt":1600000000,"generation":3,
        "idToken":"id-0","subject":"ada"}"#;
    for (code, is_restored) in [
        (ErrorCode::KeysUnavailable, true),
        (ErrorCode::KeyNotFound, true),
        (ErrorCode::SignatureInvalid, false),
        (ErrorCode::AudienceMismatch, false),
    ] {
        let mut session = Session::new(Storage::Shared);
        let flight = session.restore(None, START);
        session.locked(flight, true, START);
        session.store_read(flight, StoredText::Entry(entry));
        assert!(matches!(session.next_action(flight), Some(Action::AskTabs { .. })));
        session.tab_answered(flight, None, START);
        answer(&mut session, flight, RENEWED, 0.0);
        session.store_read(flight, StoredText::Entry(entry));
        session.store_written(flight);
        let action = session.next_action(flight);
        let expected =
            Action::CheckIdToken { id_token: "id-0".into(), access_token: None, as_of: Some(1_600_000_000.0) };
        assert_eq!(action, Some(expected));
        session.id_token_refused(flight, Error::new(code), START);
        assert_eq!(session.tokens().is_some(), is_restored, "{code:?}");
        if is_restored {
            let tokens = session.tokens().unwrap();
            assert_eq!((tokens.generation, tokens.checked_at), (4, 1_600_000_000.0));
            assert!(effects(&mut session).contains(&Effect::Changed(Cause::Restored)));
        }
    }
}

/// It is said once for each access token that it is about to expire, and the page knows when to look.
#[test]
fn what_is_about_to_expire_is_announced_once() {
    let mut session = signed_in(Storage::Memory, tokens(Some(300.0), Some("rt-0")));
    assert_eq!(session.seconds_to_tick(START), Some(270.0));
    session.tick(START + 269.0);
    assert_eq!(effects(&mut session), []);
    session.tick(START + 270.0);
    assert_eq!(effects(&mut session), [Effect::Expiring]);
    session.tick(START + 299.0);
    assert_eq!(effects(&mut session), []);
    assert_eq!(session.seconds_to_tick(START + 270.0), None, "with a refresh token it does not end by itself");
    let flight = renewal(&mut session, 280.0);
    answer(&mut session, flight, RENEWED, 280.0);
    effects(&mut session);
    assert_eq!(session.seconds_to_tick(START + 280.0), Some(270.0));
    session.tick(START + 550.0);
    assert_eq!(effects(&mut session), [Effect::Expiring]);
    // Without a refresh token it ends.
    let mut alone = signed_in(Storage::Memory, tokens(Some(300.0), None));
    alone.tick(START + 270.0);
    assert_eq!(alone.seconds_to_tick(START + 270.0), Some(30.0));
    assert_eq!(signed_in(Storage::Memory, tokens(None, None)).seconds_to_tick(START), None);
    assert_eq!(Session::new(Storage::Memory).seconds_to_tick(START), None);
    // Timers wait for a day at most, and never not at all.
    assert_eq!(signed_in(Storage::Memory, tokens(Some(1e9), None)).seconds_to_tick(START), Some(86_400.0));
    assert_eq!(alone.seconds_to_tick(START + 400.0), Some(0.1));
}

fn idle(storage: Storage) -> Session {
    let mut session = Session::new(storage);
    session.set_idle_timeout(Some(600.0));
    let flight = session.signed_in(tokens(None, Some("rt-0")));
    if storage == Storage::Shared {
        session.locked(flight, true, START);
    }
    session.store_written(flight);
    assert_eq!(session.landing(flight), Landing::SignedIn);
    assert!(effects(&mut session).contains(&Effect::KeepActivity("1700000000".into())), "a login is an action");
    session
}

#[test]
fn a_session_ends_when_nobody_is_there() {
    let mut session = idle(Storage::Shared);
    assert_eq!(session.seconds_to_tick(START), Some(600.0));
    session.tick(START + 599.0);
    assert!(session.tokens().is_some());
    session.tick(START + 600.0);
    assert_eq!(session.tokens(), None);
    let told = effects(&mut session);
    let [Effect::Changed(Cause::Idle), Effect::RemoveMark, Effect::Tell(ended), Effect::Perform(flight)] = &told[..]
    else {
        panic!("{told:?}")
    };
    assert!(ended.contains("ended"));
    assert!(matches!(session.next_action(*flight), Some(Action::ReadStore { .. })));
    session.store_read(*flight, StoredText::Nothing);
    assert!(
        matches!(session.next_action(*flight), Some(Action::Revoke { refresh_token, .. }) if refresh_token == "rt-0")
    );
    // A call that comes too late says why; so does an action.
    let mut session = idle(Storage::Shared);
    let Demand::Refuse(error) = session.demand(None, START + 600.0) else { panic!() };
    assert_eq!(
        (error.code(), error.found_value()),
        (ErrorCode::LoginRequired, Some("a session that was idle for too long"))
    );
    let mut session = idle(Storage::Shared);
    session.acted(START + 600.0);
    assert_eq!(session.tokens(), None);
}

#[test]
fn who_does_something_stays() {
    let mut session = idle(Storage::Shared);
    session.acted(START + 0.5);
    assert_eq!(effects(&mut session), [], "not each key that is pressed is remembered");
    session.acted(START + 500.0);
    assert_eq!(effects(&mut session), [Effect::KeepActivity("1700000500".into())]);
    session.acted(START + 500.0);
    assert_eq!(effects(&mut session), []);
    // A clock that was set back: what it says now counts.
    session.acted(START + 499.0);
    assert_eq!(effects(&mut session), [Effect::KeepActivity("1700000499".into())]);
    session.acted(START + 500.0);
    assert_eq!(effects(&mut session), [Effect::KeepActivity("1700000500".into())]);
    session.tick(START + 1_099.0);
    // In another tab, later.
    session.activity_read(Some("1700001000"));
    session.activity_read(Some("1700000200"));
    for nothing in [None, Some(""), Some("soon"), Some("-1"), Some("1e99")] {
        session.activity_read(nothing);
    }
    session.tick(START + 1_599.0);
    assert!(session.tokens().is_some());
    assert_eq!(session.seconds_to_tick(START + 1_100.0), Some(500.0));
    session.tick(START + 1_600.0);
    assert_eq!(session.tokens(), None);
    // What visitors do is nothing to remember, and without the option nothing is.
    effects(&mut session);
    session.acted(START + 1_700.0);
    let mut without = signed_in(Storage::Shared, tokens(None, Some("rt-0")));
    without.acted(START + 1e6);
    assert_eq!((effects(&mut session), effects(&mut without)), (vec![], vec![]));
}

/// A renewal is no action of the user, or nobody would ever be idle; a sign-in is one.
#[test]
fn what_counts_as_an_action() {
    let mut session = idle(Storage::Memory);
    let Demand::Renew(flight) = session.demand(Some("at-0"), START + 280.0) else { panic!() };
    answer(&mut session, flight, RENEWED, 280.0);
    assert_eq!(session.landing(flight), Landing::SignedIn);
    assert_eq!(effects(&mut session), [Effect::SetMark, Effect::Changed(Cause::Renewed)]);
    let again = Tokens { obtained_at: START + 500.0, lineage: "second".into(), ..tokens(None, Some("rt-2")) };
    let flight = session.signed_in(again);
    session.store_written(flight);
    assert!(effects(&mut session).contains(&Effect::KeepActivity("1700000500".into())));
}

/// A page that comes later does not bring back what has waited for too long; it forgets it.
#[test]
fn what_was_idle_is_not_restored() {
    let late = |seconds| {
        let mut session = Session::new(Storage::Shared);
        session.set_idle_timeout(Some(600.0));
        session.activity_read(Some("1700000000"));
        let flight = session.restore(Some(true), START + seconds);
        (session.next_action(flight), effects(&mut session))
    };
    assert!(matches!(late(599.0), (Some(Action::Lock { .. }), told) if told.is_empty()));
    assert!(matches!(late(600.0), (Some(Action::ReadStore { .. }), told) if told == [Effect::RemoveMark]));
}

/// A sign-in reaches the tabs that are signed out; whether there is anything to restore, mark and store say.
#[test]
fn a_sign_in_reaches_other_tabs() {
    let mut first = Session::new(Storage::Shared);
    let flight = first.signed_in(tokens(Some(300.0), Some("rt-0")));
    first.locked(flight, true, START);
    first.store_written(flight);
    let message = |session: &mut Session| {
        effects(session)
            .into_iter()
            .find_map(|one| if let Effect::Tell(text) = one { Some(text) } else { None })
            .unwrap()
    };
    let told = message(&mut first);
    for (storage, expected) in [(Storage::Shared, &[Effect::Restore][..]), (Storage::Tab, &[]), (Storage::Memory, &[])]
    {
        let mut other = Session::new(storage);
        assert_eq!(other.heard(&told, START), None);
        assert_eq!(effects(&mut other), expected, "{storage:?}");
    }
    // Who has logged out of that very sign-in is not brought back by what was said before.
    let mut left = signed_in(Storage::Shared, tokens(Some(300.0), Some("rt-0")));
    left.sign_out();
    effects(&mut left);
    left.heard(&told, START);
    assert_eq!(effects(&mut left), []);
    // Nor by a renewal that was under way.
    left.heard(&told.replace(r#""generation":0"#, r#""generation":1"#).replace("first", "second"), START);
    assert_eq!(effects(&mut left), []);
    left.heard(&told.replace("first", "second"), START);
    assert_eq!(effects(&mut left), [Effect::Restore]);
}

const ENTRY: &str =
    r#"{"refreshToken":"rt-3","scope":"openid","lineage":"first","checkedAt":1700000000,"generation":3}"#;

/// What another tab hands on.
pub(super) fn handed(lineage: &str, generation: u32, access_token: &str, expires_in: f64) -> String {
    format!(
        r#"{{"type":"tokens","lineage":"{lineage}","generation":{generation},"accessToken":"{access_token}","scope":"openid",
            "obtainedAt":{START},"checkedAt":{START},"expiresAt":{},"refreshToken":"rt-{generation}"}}"#,
        START + expires_in
    )
}

/// A flight that has read the store's entry, and asks the other tabs.
fn asking(session: &mut Session, flight: u32) {
    session.locked(flight, true, START + 280.0);
    session.store_read(flight, StoredText::Entry(ENTRY));
    let Some(Action::AskTabs { lineage, message, .. }) = session.next_action(flight) else { panic!() };
    assert_eq!(lineage, "first");
    assert!(message.contains(r#""generation":3"#));
}

/// Another tab's tokens are taken where they are of this sign-in, no older than the store's, and of use.
#[test]
fn what_another_tab_answers() {
    let renews = |session: &mut Session, flight, refresh_token: &str| {
        assert_eq!(session.next_action(flight), Some(Action::Renew { refresh_token: refresh_token.into(), jkt: None }));
    };
    let restoring = || {
        let mut session = Session::new(Storage::Shared);
        let flight = session.restore(None, START);
        asking(&mut session, flight);
        (session, flight)
    };
    let (mut session, flight) = restoring();
    for foreign in [handed("second", 9, "at-9", 900.0), r#"{"type":"ended","lineage":"second"}"#.into(), "{".into()] {
        session.tab_answered(flight, Some(&foreign), START + 280.0);
        assert!(matches!(session.next_action(flight), Some(Action::AskTabs { .. })), "{foreign}");
    }
    for (generation, expires_in, next) in [
        (3, 900.0, None),
        (4, 900.0, None),
        (2, 900.0, Some("rt-3")),
        (3, 281.0, Some("rt-3")),
        (4, 281.0, Some("rt-4")),
    ] {
        let (mut session, flight) = restoring();
        session.tab_answered(flight, Some(&handed("first", generation, "at-n", expires_in)), START + 280.0);
        match next {
            Some(refresh_token) => renews(&mut session, flight, refresh_token),
            None => {
                let Some(Action::WriteStore { entry, .. }) = session.next_action(flight) else { panic!() };
                assert!(entry.unwrap().contains(&format!("rt-{generation}")));
                session.store_written(flight);
                assert_eq!(session.landing(flight), Landing::SignedIn);
                assert_eq!(session.access_token(None, START + 280.0).as_deref(), Ok("at-n"));
            }
        }
    }
    // Nobody answers in time.
    let (mut session, flight) = restoring();
    session.tab_answered(flight, None, START + 280.0);
    renews(&mut session, flight, "rt-3");
    // An access token that a resource server has refused is of no use, whoever hands it on.
    for (access_token, is_of_use) in [("at-0", false), ("at-n", true)] {
        let mut session = signed_in(Storage::Shared, tokens(Some(900.0), Some("rt-0")));
        let Demand::Renew(flight) = session.demand(Some("at-0"), START + 280.0) else { panic!() };
        asking(&mut session, flight);
        session.tab_answered(flight, Some(&handed("first", 3, access_token, 900.0)), START + 280.0);
        match is_of_use {
            true => assert!(matches!(session.next_action(flight), Some(Action::WriteStore { .. }))),
            false => renews(&mut session, flight, "rt-3"),
        }
    }
}

/// A tab hears the others' tokens before they are the answer to its question, or before it has one: one renewal serves all,
/// as long as what was heard has time left.
#[test]
fn tokens_that_are_heard_before_they_are_an_answer() {
    let renewing = || {
        let mut session = signed_in(Storage::Shared, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        (session, flight)
    };
    // The first to hear an answer is the session itself.
    let told = handed("first", 3, "at-n", 900.0);
    let (mut session, flight) = renewing();
    asking(&mut session, flight);
    session.heard(&told, START + 280.0);
    session.tab_answered(flight, Some(&told), START + 280.0);
    assert!(matches!(session.next_action(flight), Some(Action::WriteStore { .. })), "no renewal");
    session.store_written(flight);
    assert_eq!(session.landing(flight), Landing::SignedIn);

    for (expires_in, serves) in [(900.0, true), (281.0, false)] {
        let told = handed("first", 3, "at-n", expires_in);
        let landed = |session: &mut Session, flight| {
            assert_eq!(session.next_action(flight), None, "no renewal");
            assert_eq!(session.landing(flight), Landing::SignedIn);
            assert_eq!(session.access_token(None, START + 280.0).as_deref(), Ok("at-n"));
        };
        // While it waits for the lock.
        let (mut session, flight) = renewing();
        session.heard(&told, START + 280.0);
        session.locked(flight, true, START + 280.0);
        match serves {
            true => landed(&mut session, flight),
            false => assert!(matches!(session.next_action(flight), Some(Action::ReadStore { .. }))),
        }
        // While it reads the store; and then nobody is there any more.
        let (mut session, flight) = renewing();
        session.locked(flight, true, START + 280.0);
        session.heard(&told, START + 280.0);
        session.store_read(flight, StoredText::Entry(ENTRY));
        assert!(matches!(session.next_action(flight), Some(Action::AskTabs { .. })));
        session.tab_answered(flight, None, START + 280.0);
        match serves {
            true => landed(&mut session, flight),
            false => {
                let renews = Action::Renew { refresh_token: "rt-3".into(), jkt: None };
                assert_eq!(session.next_action(flight), Some(renews));
            }
        }
    }
}

/// RFC 6749 §5.2: after invalid_grant the store is asked once whether another tab has another refresh token by now.
#[test]
fn a_refresh_token_that_the_server_refuses() {
    let ended = || refused(400, r#"{"error":"invalid_grant"}"#);
    for storage in [Storage::Tab, Storage::Shared] {
        for (stored, next) in [
            (StoredText::Entry(ENTRY), "another"),
            (StoredText::Entry(r#"{"refreshToken":"rt-0","scope":"","lineage":"first","generation":0}"#), "the same"),
            (StoredText::Nothing, "none"),
            (StoredText::Failed, "none"),
        ] {
            let mut session = signed_in(storage, tokens(Some(300.0), Some("rt-0")));
            let flight = renewal(&mut session, 280.0);
            session.locked(flight, true, START + 280.0);
            session.store_read(flight, StoredText::Nothing);
            if matches!(session.next_action(flight), Some(Action::AskTabs { .. })) {
                session.tab_answered(flight, None, START + 280.0);
            }
            assert_eq!(session.next_action(flight), Some(Action::Renew { refresh_token: "rt-0".into(), jkt: None }));
            session.not_renewed(flight, ended(), None, START + 280.0);
            assert!(matches!(session.next_action(flight), Some(Action::ReadStore { .. })));
            session.store_read(flight, stored);
            if next == "another" {
                assert_eq!(
                    session.next_action(flight),
                    Some(Action::Renew { refresh_token: "rt-3".into(), jkt: None })
                );
                session.not_renewed(flight, ended(), None, START + 280.0);
            }
            if next != "none" {
                // It is this very token that is of no use: nobody else shall try it.
                assert!(matches!(session.next_action(flight), Some(Action::WriteStore { entry: None, .. })), "{next}");
                session.store_written(flight);
            }
            assert_eq!(session.tokens(), None, "{next}");
            assert!(
                matches!(session.landing(flight), Landing::Failed(error) if error.code() == ErrorCode::SessionEnded)
            );
            assert!(effects(&mut session).contains(&Effect::Changed(Cause::EndedByServer)));
        }
    }
    // Whoever only looked for a session has found that there is none.
    let mut session = Session::new(Storage::Shared);
    let flight = session.restore(None, START);
    asking(&mut session, flight);
    session.tab_answered(flight, None, START);
    session.not_renewed(flight, ended(), None, START);
    session.store_read(flight, StoredText::Entry(ENTRY));
    session.store_written(flight);
    assert!(matches!(session.landing(flight), Landing::SignedOut { .. }));
}

/// A report that was on its way when another user logged in on this page.
#[test]
fn what_an_earlier_sessions_flight_reports_changes_nothing() {
    let bobs = |entry: &str| entry.replace(r#""lineage":"first""#, r#""lineage":"third","subject":"eve""#);
    let to_lock = |_: &mut Session, _| {};
    let to_store = |session: &mut Session, flight| session.locked(flight, true, START + 280.0);
    let to_erase = |session: &mut Session, flight| {
        session.locked(flight, true, START + 280.0);
        session.store_read(flight, StoredText::Nothing);
        session.tab_answered(flight, None, START + 280.0);
        session.not_renewed(flight, refused(400, r#"{"error":"invalid_grant"}"#), None, START + 280.0);
        let entry = r#"{"refreshToken":"rt-0","scope":"","lineage":"first","generation":0}"#;
        session.store_read(flight, StoredText::Entry(entry));
    };
    let lock_fails = |session: &mut Session, flight| session.locked(flight, false, START + 280.0);
    let other_user = |session: &mut Session, flight| session.store_read(flight, StoredText::Entry(&bobs(ENTRY)));
    let erased = |session: &mut Session, flight| session.store_written(flight);
    type Step<'s> = &'s dyn Fn(&mut Session, u32);
    let stories: [(Step<'_>, Step<'_>); 3] = [(&to_lock, &lock_fails), (&to_store, &other_user), (&to_erase, &erased)];
    for (before, report) in stories {
        let mut session = signed_in(Storage::Tab, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        before(&mut session, flight);
        let bob = Tokens { subject: Some("bob".into()), lineage: "second".into(), ..tokens(Some(900.0), Some("rt-b")) };
        let login = session.signed_in(bob.clone());
        session.store_written(login);
        effects(&mut session);
        report(&mut session, flight);
        assert_eq!(session.tokens(), Some(&bob));
        assert_eq!(effects(&mut session), []);
        assert!(matches!(session.landing(flight), Landing::Failed(error) if error.code() == ErrorCode::LoginRequired));
        assert_eq!(session.demand(None, START + 280.0), Demand::Use("at-0".into()));
    }
}

/// Whether another user has logged in is looked up beside a renewal, not in its place.
#[test]
fn a_doubt_about_the_user_is_no_renewal() {
    for (stored, is_over) in [("eve", true), ("ada", false)] {
        let mut session = signed_in(Storage::Shared, tokens(Some(300.0), Some("rt-0")));
        let eves = handed("second", 0, "at-e", 900.0).replace(r#""scope""#, r#""subject":"eve","scope""#);
        let doubt = session.heard(&eves, START).expect("a flight that asks the store");
        assert!(matches!(session.demand(None, START + 280.0), Demand::Renew(flight) if flight != doubt));
        assert!(matches!(session.next_action(doubt), Some(Action::ReadStore { .. })));
        let entry = ENTRY.replace(r#""scope""#, &format!(r#""subject":"{stored}","scope""#));
        session.store_read(doubt, StoredText::Entry(&entry));
        assert_eq!(session.tokens().is_none(), is_over, "{stored}");
        assert_eq!(effects(&mut session).contains(&Effect::Changed(Cause::AnotherUser)), is_over);
    }
}

/// Tokens that have come are revoked wherever a logout meets them; and who shares a session hears of its renewal, or its end.
#[test]
fn tokens_that_a_logout_meets_on_their_way() {
    let with_id = RENEWED.replace('}', r#","id_token":"id-1"}"#);
    for steps in 1..=4 {
        let mut session = signed_in(Storage::Shared, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        session.locked(flight, true, START + 280.0);
        session.store_read(flight, StoredText::Nothing);
        if matches!(session.next_action(flight), Some(Action::AskTabs { .. })) {
            session.tab_answered(flight, None, START + 280.0);
        }
        answer(&mut session, flight, &with_id, 280.0);
        for step in 1..steps {
            match step {
                1 => session.store_read(flight, StoredText::Nothing),
                2 => session.store_written(flight),
                _ => session.id_token_passed(flight, Some("ada".into()), None, START + 280.0),
            }
        }
        session.sign_out();
        effects(&mut session);
        let mut revoked = Vec::new();
        while let Some(action) = session.next_action(flight) {
            match action {
                Action::ReadStore { .. } => session.store_read(flight, StoredText::Nothing),
                Action::Revoke { refresh_token, .. } => {
                    revoked.push(refresh_token);
                    session.revoked(flight);
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(revoked, ["rt-1"], "{steps}");
        assert_eq!(session.tokens(), None);
        assert_eq!(effects(&mut session), []);
    }
}

#[test]
fn what_other_tabs_are_told() {
    for (storage, told) in [(Storage::Memory, false), (Storage::Tab, true), (Storage::Shared, true)] {
        for granted in [true, false] {
            let mut session = signed_in(storage, tokens(Some(300.0), Some("rt-0")));
            let flight = renewal(&mut session, 280.0);
            while let Some(action) = session.next_action(flight) {
                match action {
                    Action::Lock { .. } => session.locked(flight, true, START + 280.0),
                    Action::ReadStore { .. } => session.store_read(flight, StoredText::Nothing),
                    Action::AskTabs { .. } => session.tab_answered(flight, None, START + 280.0),
                    Action::Renew { .. } if granted => answer(&mut session, flight, RENEWED, 280.0),
                    Action::Renew { .. } => {
                        session.not_renewed(flight, refused(400, r#"{"error":"invalid_grant"}"#), None, START + 280.0);
                    }
                    Action::WriteStore { .. } => session.store_written(flight),
                    other => panic!("{other:?}"),
                }
            }
            let (kind, secret) = if granted { ("tokens", "at-1") } else { ("ended", "first") };
            let is_it =
                |effect: &Effect| matches!(effect, Effect::Tell(text) if text.contains(kind) && text.contains(secret));
            assert_eq!(effects(&mut session).iter().any(is_it), told, "{storage:?} {granted}");
        }
    }
}

/// What came too late goes from the store only where the store has it: another sign-in's entry stays.
#[test]
fn an_earlier_sessions_tokens_leave_a_later_ones_entry() {
    for (lineage, is_erased) in [("first", true), ("second", false)] {
        let mut session = signed_in(Storage::Tab, tokens(Some(300.0), Some("rt-0")));
        let flight = renewal(&mut session, 280.0);
        session.locked(flight, true, START + 280.0);
        session.store_read(flight, StoredText::Nothing);
        session.tab_answered(flight, None, START + 280.0);
        session.signed_in(Tokens { lineage: "second".into(), ..tokens(Some(900.0), Some("rt-b")) });
        answer(&mut session, flight, RENEWED, 280.0);
        assert!(matches!(session.next_action(flight), Some(Action::ReadStore { .. })));
        session.store_read(flight, StoredText::Entry(&ENTRY.replace("first", lineage)));
        let erases = matches!(session.next_action(flight), Some(Action::WriteStore { entry: None, .. }));
        assert_eq!(erases, is_erased, "{lineage}");
    }
}
