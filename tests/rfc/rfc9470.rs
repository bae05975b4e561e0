//! Step-up authentication (RFC 9470): what an access token has to say about its user's login.
#![allow(clippy::unwrap_used)]

use core::time::Duration;

use countersign::testing::TestIssuer;
use countersign::{CheckStatus, ErrorCode, Profile, Request, ResourceServer, ResourceSettings, Verifier};
use serde_json::{Value, json};

const API: &str = "https://api.example.com";
const NOW: u32 = 1_800_000_000;

fn issuer() -> TestIssuer {
    TestIssuer::new("https://as.example.com", API)
}

fn verifier(profile: Profile, acr: &[&str], max_age: Option<u64>) -> Verifier {
    let issuer = issuer();
    let mut policy = issuer.policy(profile);
    policy.acr = (!acr.is_empty()).then(|| acr.iter().map(|&one| one.into()).collect());
    policy.max_authentication_age = max_age.map(Duration::from_secs);
    Verifier::new(policy, issuer.jwks())
}

fn token(claims: &[(&str, Value)]) -> String {
    let issuer = issuer();
    claims.iter().fold(issuer.token(), |token, (name, value)| token.claim(name, value.clone())).mint()
}

/// RFC 9470 §3: "the authentication event associated with the access token" is old, or of another class; or nothing is
/// said about it.
#[test]
fn what_does_not_meet_the_requirements() {
    for profile in [Profile::AccessToken, Profile::Jwt] {
        let verifier = verifier(profile, &["gold", "silver"], Some(60));
        let code = |claims: &[(&str, Value)]| {
            verifier.verify(token(claims), issuer().now()).map(drop).map_err(|error| (error.code(), error.spec()))
        };
        let spec = "RFC 9470 §3";
        let fresh = ("auth_time", json!(NOW - 60));
        for class in ["gold", "silver"] {
            assert_eq!(code(&[("acr", json!(class)), fresh.clone()]), Ok(()));
        }
        assert_eq!(code(&[("acr", json!("bronze")), fresh.clone()]), Err((ErrorCode::AcrMismatch, spec)));
        assert_eq!(code(&[fresh]), Err((ErrorCode::AcrMismatch, spec)));
        let gold = ("acr", json!("gold"));
        assert_eq!(code(&[gold.clone(), ("auth_time", json!(NOW - 61))]), Err((ErrorCode::AuthTimeTooOld, spec)));
        assert_eq!(code(core::slice::from_ref(&gold)), Err((ErrorCode::AuthTimeTooOld, spec)));
        assert_eq!(code(&[gold, ("auth_time", json!("1"))]).unwrap_err().0, ErrorCode::ClaimInvalid);
    }
}

#[test]
fn nothing_is_asked_unless_it_is_set() {
    let verifier = verifier(Profile::AccessToken, &[], None);
    assert!(verifier.verify(token(&[("auth_time", json!("never"))]), issuer().now()).is_ok());
    let checks = verifier.explain(token(&[]), issuer().now()).checks;
    assert!(checks.iter().all(|check| !check.name.starts_with("authentication")));
}

#[test]
fn the_explanation_has_both_rules() {
    let explanation = verifier(Profile::AccessToken, &["gold"], Some(60))
        .explain(token(&[("auth_time", json!(NOW - 1)), ("acr", json!("silver"))]), issuer().now());
    let row = |name| explanation.checks.iter().find(|check| check.name == name).unwrap();
    assert_eq!(row("authentication time").status, CheckStatus::Passed);
    let class = row("authentication context");
    assert_eq!((class.status, class.spec), (CheckStatus::Failed, "RFC 9470 §3"));
    assert_eq!((class.found.as_deref(), class.expected.as_deref()), (Some("silver"), Some("gold")));
}

/// RFC 9470 §3: the challenge says what is missing, and how to get it.
#[test]
fn the_challenge() {
    let server =
        ResourceServer::new(verifier(Profile::AccessToken, &["gold"], Some(5)), ResourceSettings::default()).unwrap();
    let authorization = format!("Bearer {}", token(&[("acr", json!("gold"))]));
    let request = Request {
        method: "GET",
        url: API,
        authorization: Some(&authorization),
        dpop: None,
        introspected: None,
        certificate: None,
    };
    let error = server.authorize(&request, issuer().now()).unwrap_err();
    let answer = server.answer(&error, &request, issuer().now());
    let challenge = answer.www_authenticate.unwrap();
    assert_eq!(answer.status, 401);
    assert!(
        challenge.starts_with(r#"Bearer error="insufficient_user_authentication", error_description=""#),
        "{challenge}"
    );
    assert!(challenge.ends_with(r#", acr_values="gold", max_age="5""#), "{challenge}");
    assert!(answer.body.starts_with(r#"{"error":"insufficient_user_authentication","#), "{}", answer.body);
}
