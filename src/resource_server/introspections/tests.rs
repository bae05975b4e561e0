//! States × events of the questions about opaque tokens.

use super::*;
use crate::oauth::introspection_request::ClientAuthentication;

fn with(limits: IntrospectionLimits) -> Introspections {
    let authentication = ClientAuthentication::SecretBasic(String::from("s"));
    let client = IntrospectionClient { id: String::from("api"), authentication, signed: false };
    Introspections::new(client, Some(String::from("https://as.example/introspect")), limits)
}

fn answer(status: u16, body: &'static str) -> IntrospectionResponse<'static> {
    IntrospectionResponse { status, content_type: Some("application/json"), body: body.as_bytes() }
}

const ACTIVE: &str = r#"{"active":true}"#;

fn active() -> Introspected {
    Introspected::Answer(Arc::new(IntrospectionAnswer::Active(ACTIVE.as_bytes().to_vec())))
}

fn inactive() -> Introspected {
    Introspected::Answer(Arc::new(IntrospectionAnswer::Inactive))
}

const fn begin(id: u32) -> Introspected {
    Introspected::Wait { begin: Some(id), wait: id }
}

const fn wait(id: u32) -> Introspected {
    Introspected::Wait { begin: None, wait: id }
}

fn code(introspected: &Introspected) -> Option<ErrorCode> {
    if let Introspected::Refused(error) = introspected { Some(error.code()) } else { None }
}

#[test]
fn one_question_for_all_who_come() {
    let mut server = with(IntrospectionLimits::default());
    assert_eq!(server.ask("a", None, false, 0.0), begin(1));
    for _ in 1..500 {
        assert_eq!(server.ask("a", None, false, 0.1), wait(1));
    }
    assert_eq!(server.ask("b", None, false, 0.1), begin(2), "another token");
    assert!(server.request(1, None).is_some_and(|request| request.body.starts_with("token=a&")));
    server.answered(1, &answer(200, ACTIVE), 0.2);
    assert_eq!(server.request(1, None), None, "the token's text is gone");
    assert!(!server.is_under_way(1, 0.2) && server.is_under_way(2, 0.2));
    assert_eq!(server.ask("a", Some(1), false, 0.2), active());
    assert_eq!(server.ask("a", None, false, 30.1), active());
    assert_eq!(server.ask("a", None, false, 30.2), begin(3), "too old");
}

/// For how long each kind of answer serves, and whom.
#[test]
fn how_long_answers_serve() {
    let none = IntrospectionLimits { active_for: 0.0, inactive_for: 0.0, ..IntrospectionLimits::default() };
    for (limits, response, serves_until) in [
        (IntrospectionLimits::default(), answer(200, ACTIVE), 30.0),
        (IntrospectionLimits::default(), answer(200, r#"{"active":false}"#), 5.0),
        (IntrospectionLimits::default(), answer(500, ""), 1.0),
        (IntrospectionLimits::default(), answer(401, ""), 1.0),
        (none, answer(200, ACTIVE), 0.0),
        (none, answer(200, r#"{"active":false}"#), 0.0),
        (none, answer(500, ""), 1.0),
    ] {
        let mut server = with(limits);
        server.ask("a", None, false, 100.0);
        server.answered(1, &response, 100.0);
        let first = server.ask("a", Some(1), false, 104.9);
        assert!(!matches!(first, Introspected::Wait { .. }), "{response:?}: who has waited for it");
        if serves_until > 0.0 {
            assert_eq!(server.ask("a", None, false, 99.9 + serves_until), first, "{response:?}");
        }
        assert_eq!(server.ask("a", None, false, 100.0 + serves_until), begin(2), "{response:?}");
    }
}

#[test]
fn an_answer_belongs_to_those_who_asked_before_it() {
    let mut server = with(IntrospectionLimits { active_for: 0.0, ..IntrospectionLimits::default() });
    server.ask("a", None, false, 0.0);
    server.answered(1, &answer(200, ACTIVE), 0.0);
    assert_eq!(server.ask("a", None, false, 1.0), begin(2));
    assert_eq!(server.ask("a", Some(2), false, 1.0), wait(2), "the older answer is none for this one");
    assert_eq!(server.ask("a", Some(1), false, 1.0), active());
    assert_eq!(server.ask("a", Some(1), false, 5.0), wait(2), "held for so long");
}

#[test]
fn the_last_answer_counts() {
    let mut server = with(IntrospectionLimits { active_for: 1.0, ..IntrospectionLimits::default() });
    server.ask("a", None, false, 0.0);
    server.answered(1, &answer(200, ACTIVE), 0.0);
    assert_eq!(server.ask("a", None, false, 2.0), begin(2));
    server.answered(2, &answer(200, r#"{"active":false}"#), 2.0);
    for waited in [None, Some(1), Some(2)] {
        assert_eq!(server.ask("a", waited, false, 2.1), inactive(), "{waited:?}");
    }
}

#[test]
fn a_question_whose_asker_dies() {
    let mut server = with(IntrospectionLimits::default());
    server.ask("a", None, false, 0.0);
    server.beat(1, 0.4);
    assert!(server.is_under_way(1, 0.8));
    assert!(!server.is_under_way(1, 1.0), "no sign of life");
    assert_eq!(server.ask("a", Some(1), false, 1.0), begin(2), "the next one takes over");
    server.answered(1, &answer(200, ACTIVE), 1.0);
    assert_eq!(server.ask("a", Some(1), false, 1.0), wait(2), "the dead say nothing");
    assert!(server.is_under_way(2, 16.4), "where nobody tells, the time-outs do");
    assert!(!server.is_under_way(2, 16.5));
}

#[test]
fn who_waits_too_long_is_refused() {
    let mut server = with(IntrospectionLimits::default());
    server.ask("a", None, false, 0.0);
    assert_eq!(code(&server.ask("a", Some(1), true, 1.0)), Some(ErrorCode::IntrospectionFailed));
    server.answered(1, &answer(200, ACTIVE), 1.0);
    assert_eq!(server.ask("a", Some(1), true, 1.0), active(), "unless there is an answer by now");
}

#[test]
fn questions_under_way_are_bounded() {
    let mut server = with(IntrospectionLimits::default());
    for at in 0..MAX_UNDER_WAY {
        assert_eq!(server.ask(&alloc::format!("{at}"), None, false, 0.0), begin(at as u32 + 1));
    }
    let refused = server.ask("one more", None, false, 0.0);
    assert!(matches!(&refused, Introspected::Refused(error) if error.retry_after_seconds() == Some(1)), "{refused:?}");
    assert_eq!(server.ask("0", None, false, 0.0), wait(1), "no question is needed for this one");
    server.failed(1, "reset", 0.0);
    assert_eq!(server.ask("one more", None, false, 0.0), begin(MAX_UNDER_WAY as u32 + 1));
}

/// Invented tokens displace each other, and no token that is active.
#[test]
fn answers_are_bounded() {
    let mut server = with(IntrospectionLimits { max_entries: 2, ..IntrospectionLimits::default() });
    let mut tell = |token: &str, body: &'static str| match server.ask(token, None, false, 0.0) {
        Introspected::Wait { begin: Some(id), .. } => {
            server.answered(id, &answer(200, body), 0.0);
            "asked"
        }
        _ => "known",
    };
    for token in ["a", "b"] {
        assert_eq!(tell(token, ACTIVE), "asked");
    }
    for token in ["x", "y", "z"] {
        assert_eq!(tell(token, r#"{"active":false}"#), "asked");
    }
    for (token, known) in [("a", "known"), ("b", "known"), ("y", "known"), ("z", "known"), ("x", "asked")] {
        assert_eq!(tell(token, r#"{"active":false}"#), known, "{token}");
    }
    assert_eq!(tell("c", ACTIVE), "asked");
    assert_eq!((tell("b", ACTIVE), tell("c", ACTIVE)), ("known", "known"));
    assert_eq!(tell("a", ACTIVE), "asked", "the oldest one went");
}

#[test]
fn a_clock_that_is_set_back_makes_answers_old() {
    let mut server = with(IntrospectionLimits::default());
    server.ask("a", None, false, 100.0);
    server.answered(1, &answer(200, ACTIVE), 100.0);
    assert_eq!(server.ask("a", None, false, 99.0), active());
    assert_eq!(server.ask("a", None, false, 98.9), begin(2));
}

#[test]
fn a_discovered_endpoint_is_looked_up_again() {
    let mut server = with(IntrospectionLimits::default());
    assert!(server.endpoint(1e9).is_some(), "the caller's own stays");
    server.endpoint = None;
    assert_eq!(server.endpoint(0.0), None);
    server.discovered(String::from("https://as.example/i"), 0.0);
    assert_eq!(server.endpoint(3_599.0), Some("https://as.example/i"));
    assert_eq!(server.endpoint(3_600.0), None);
}
