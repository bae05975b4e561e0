//! The test kit: its tokens pass our verifier and jwt-compact's own, and wrong ones are refused for what is wrong.
#![allow(clippy::unwrap_used)]

use core::time::Duration;

use countersign::testing::{TestIssuer, TestToken};
use countersign::{Profile, Verifier};
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{AlgorithmExt, UntrustedToken, alg::Es256};
use serde_json::{Value, json};

fn issuer() -> TestIssuer {
    TestIssuer::new("https://issuer.example", "https://api.example")
}

fn code(issuer: &TestIssuer, profile: Profile, token: TestToken<'_>) -> &'static str {
    let verifier = Verifier::new(issuer.policy(profile), issuer.jwks());
    verifier.verify(token.mint(), issuer.now()).map_or_else(|error| error.code().as_str(), |_| "accepted")
}

#[test]
fn access_tokens_and_id_tokens() {
    let issuer = issuer();
    let access = |token| code(&issuer, Profile::AccessToken, token);
    assert_eq!(access(issuer.token()), "accepted");
    assert_eq!(code(&issuer, Profile::IdToken, issuer.id_token("https://api.example")), "accepted");
    assert_eq!(access(issuer.id_token("https://api.example")), "typ_mismatch");
    for (wrong, expected) in [
        (issuer.token().claim("iss", "https://other.example"), "issuer_mismatch"),
        (issuer.token().claim("aud", json!(["a", "b"])), "audience_mismatch"),
        (issuer.token().claim("exp", 1_800_000_000), "token_expired"),
        (issuer.token().claim("exp", "soon"), "claim_invalid"),
        (issuer.token().without("client_id"), "claim_missing"),
        (issuer.token().without_header("typ"), "typ_mismatch"),
        (issuer.token().header("crit", json!(["x"])).header("x", 1), "crit_unsupported"),
        (issuer.token().header("kid", "unknown"), "key_not_found"),
    ] {
        assert_eq!(access(wrong), expected);
    }
    let attacker = TestIssuer::with_seed("https://issuer.example", "https://api.example", "attacker");
    assert_eq!(access(attacker.token()), "signature_invalid");
}

#[test]
fn keys_rotate_and_are_withdrawn() {
    let mut issuer = issuer();
    let before = issuer.token().mint();
    issuer.rotate();
    let verifier = Verifier::new(issuer.policy(Profile::AccessToken), issuer.jwks());
    for token in [before.clone(), issuer.token().mint(), issuer.token().header("kid", "key-1").mint()] {
        assert!(verifier.verify(token, issuer.now()).is_ok());
    }
    issuer.withdraw();
    assert_eq!(code(&issuer, Profile::AccessToken, issuer.token()), "accepted");
    assert_eq!(code(&issuer, Profile::AccessToken, issuer.token().header("kid", "key-2")), "key_not_found");
    let set: Value = serde_json::from_str(&issuer.jwks_json()).unwrap();
    let kids: Vec<_> = set["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert_eq!(kids, ["key-3"]);
}

#[test]
fn the_clock_goes_forward() {
    let mut issuer = issuer();
    let token = issuer.token().mint();
    let verifier = Verifier::new(issuer.policy(Profile::AccessToken), issuer.jwks());
    issuer.advance(Duration::from_secs(299));
    assert!(verifier.verify(&token, issuer.now()).is_ok());
    issuer.advance(Duration::from_secs(1));
    assert_eq!(verifier.verify(&token, issuer.now()).unwrap_err().code().as_str(), "token_expired");
    assert_eq!(code(&issuer, Profile::AccessToken, issuer.token()), "accepted");
}

#[test]
fn jwt_compact_takes_the_token_by_the_published_key() {
    let issuer = issuer();
    let set: Value = serde_json::from_str(&issuer.jwks_json()).unwrap();
    assert_eq!(set["keys"][0].get("d"), None);
    let jwk: JsonWebKey<'_> = serde_json::from_value(set["keys"][0].clone()).unwrap();
    let key = (&jwk).try_into().unwrap();
    let token = issuer.token().claim("scope", "orders:read").mint();
    let token = Es256.validator::<Value>(&key).validate(&UntrustedToken::new(&token).unwrap()).unwrap();
    assert_eq!(
        (&token.claims().custom["scope"], &token.claims().custom["sub"]),
        (&json!("orders:read"), &json!("user-1"))
    );
}
