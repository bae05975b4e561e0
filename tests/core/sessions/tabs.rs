//! What a page does about each thing that another tab says.

use countersign::login::{Action, Cause, Demand, Effect, Landing, Session, Storage, StoredText, Tokens};

use super::events::{START, effects, handed, signed_in, tokens};

/// A session that has been renewed three times, its access token due half a minute before 300 seconds.
fn renewed(storage: Storage) -> Session {
    signed_in(storage, Tokens { generation: 3, ..tokens(Some(300.0), Some("rt-3")) })
}

/// Who has newer tokens of that sign-in, or the same with time left, hands them on; all others say nothing.
#[test]
fn who_answers_a_tab_that_asks() {
    for (lineage, generation, seconds, answers) in [
        ("first", 2, 0.0, true),
        ("first", 2, 280.0, true),
        ("first", 3, 0.0, true),
        ("first", 3, 280.0, false),
        ("first", 4, 0.0, false),
        ("second", 2, 0.0, false),
    ] {
        let mut session = renewed(Storage::Shared);
        let asks = format!(r#"{{"type":"ask","lineage":"{lineage}","generation":{generation}}}"#);
        assert_eq!(session.heard(&asks, START + seconds), None);
        let told = effects(&mut session);
        match told.as_slice() {
            [Effect::Tell(text)] => assert!(answers && text.contains(r#""accessToken":"at-0""#), "{asks}"),
            [] => assert!(!answers, "{asks} after {seconds} s"),
            other => panic!("{other:?}"),
        }
    }
}

/// The server has refused a refresh token in another tab: that ends the session here if it is the same.
#[test]
fn a_session_that_the_server_ended_in_another_tab() {
    for (lineage, expected) in [("first", &[Effect::Changed(Cause::EndedByServer)][..]), ("second", &[])] {
        let mut session = renewed(Storage::Shared);
        assert_eq!(session.heard(&format!(r#"{{"type":"ended","lineage":"{lineage}"}}"#), START), None);
        assert_eq!(effects(&mut session)[..], *expected, "{lineage}");
        assert_eq!(session.tokens().is_none(), lineage == "first");
    }
}

/// A logout elsewhere leaves work where something is held, and in a tab whose store is its own.
#[test]
fn a_logout_in_another_tab() {
    for (storage, is_signed_in, is_left) in [
        (Storage::Memory, true, true),
        (Storage::Tab, true, true),
        (Storage::Shared, true, true),
        (Storage::Memory, false, false),
        (Storage::Tab, false, true),
        (Storage::Shared, false, false),
    ] {
        let mut session = if is_signed_in { renewed(storage) } else { Session::new(storage) };
        assert_eq!(session.heard(r#"{"type":"ended"}"#, START).is_some(), is_left, "{storage:?} {is_signed_in}");
        assert_eq!(session.tokens(), None);
    }
}

/// A page that has not read its store yet when the user logs out elsewhere: until the entry is forgotten, nobody is brought
/// back by it.
#[test]
fn what_is_being_forgotten_is_not_restored() {
    let mut writer = Session::new(Storage::Tab);
    let signing_in = writer.signed_in(tokens(Some(300.0), Some("rt-0")));
    let Some(Action::WriteStore { entry: Some(entry), .. }) = writer.next_action(signing_in) else { panic!() };
    for is_ended in [false, true] {
        let mut session = Session::new(Storage::Tab);
        if is_ended {
            assert!(session.heard(r#"{"type":"ended"}"#, START).is_some());
        }
        let restoring = session.restore(Some(true), START);
        assert!(matches!(session.next_action(restoring), Some(Action::Lock { .. })));
        session.locked(restoring, true, START);
        assert!(matches!(session.next_action(restoring), Some(Action::ReadStore { .. })));
        session.store_read(restoring, StoredText::Entry(&entry));
        let is_over = session.next_action(restoring).is_none();
        assert_eq!(is_over, is_ended);
        if is_over {
            assert_eq!(session.landing(restoring), Landing::SignedOut { id_token: None });
        }
    }
}

/// Tokens of this sign-in are taken where they are newer, by pages whose store other tabs write to.
#[test]
fn tokens_that_are_handed_on() {
    for (storage, generation, is_taken) in [
        (Storage::Shared, 2, false),
        (Storage::Shared, 3, false),
        (Storage::Shared, 4, true),
        (Storage::Tab, 3, false),
        (Storage::Tab, 4, true),
        (Storage::Memory, 4, false),
    ] {
        let mut session = renewed(storage);
        assert_eq!(session.heard(&handed("first", generation, "at-n", 900.0), START), None);
        let expected = if is_taken { "at-n" } else { "at-0" };
        assert_eq!(session.access_token(None, START).as_deref(), Ok(expected), "{storage:?} {generation}");
    }
}

/// Tokens of another sign-in: whose session the shared store has now is asked where they are another user's.
#[test]
fn tokens_of_another_sign_in() {
    for (storage, subject, is_asked) in
        [(Storage::Shared, "bob", true), (Storage::Shared, "ada", false), (Storage::Tab, "bob", false)]
    {
        let mut session = renewed(storage);
        let text =
            handed("second", 0, "at-n", 900.0).replace("\"openid\"", &format!(r#""openid","subject":"{subject}""#));
        assert_eq!(session.heard(&text, START).is_some(), is_asked, "{storage:?} {subject}");
        assert_eq!(session.access_token(None, START).as_deref(), Ok("at-0"));
    }
}

/// Each refusal says what is missing.
#[test]
fn why_nobody_is_logged_in() {
    let found =
        |session: &mut Session, refused: Option<&str>, seconds: f64| match session.demand(refused, START + seconds) {
            Demand::Refuse(error) => error.found_value().unwrap().to_owned(),
            other => panic!("{other:?}"),
        };
    let without = || signed_in(Storage::Memory, tokens(Some(300.0), None));
    assert_eq!(found(&mut Session::new(Storage::Memory), None, 0.0), "no session");
    assert_eq!(found(&mut without(), Some("at-0"), 0.0), "no refresh token");
    assert_eq!(found(&mut without(), None, 300.0), "an expired access token and no refresh token");
    let mut idle = without();
    idle.set_idle_timeout(Some(60.0));
    idle.activity_read(Some("1700000000"));
    assert_eq!(found(&mut idle, None, 60.0), "a session that was idle for too long");
    let renewable = renewed(Storage::Memory);
    assert_eq!(renewable.access_token(None, START + 299.5).as_deref(), Ok("at-0"));
    assert!(renewable.access_token(None, START + 300.0).is_err(), "at its end it is over (RFC 6749 §5.1, expires_in)");
}
