//! RFC 7797: payloads that were signed as they are.
#![allow(clippy::unwrap_used)]

use countersign::{
    Accepted, Algorithm, ErrorCode, KeySet, Policy, Profile, SignaturePolicy, UnixTime, Verifier,
    verify_detached_signature, verify_signature,
};

/// That of RFC 7515 §A.1.1.
const KEY: &str =
    r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
/// §4.1: the header `{"alg":"HS256"}`.
const ENCODED: &str = "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ";
/// §4.2: the header `{"alg":"HS256","b64":false,"crit":["b64"]}`.
const UNENCODED: &str =
    "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
const PAYLOAD: &[u8] = b"$.02";

fn keys() -> KeySet {
    KeySet::parse(KEY.as_bytes()).unwrap()
}

fn policy() -> SignaturePolicy {
    SignaturePolicy { algorithms: Some(vec![Algorithm::Hs256]), crit: vec![], max_token_size: 4096 }
}

fn detached(compact: &str, payload: &[u8]) -> Result<Vec<u8>, ErrorCode> {
    verify_detached_signature(compact.as_bytes(), payload, &keys(), &policy())
        .map(|token| token.payload().to_vec())
        .map_err(|error| error.code())
}

#[test]
fn section_4_examples() {
    let encoded = verify_signature(ENCODED.as_bytes(), &keys(), &policy()).unwrap();
    assert_eq!(encoded.payload(), PAYLOAD);
    assert_eq!(detached(&ENCODED.replace(".JC4wMg.", ".."), PAYLOAD).as_deref(), Ok(PAYLOAD));
    assert_eq!(detached(UNENCODED, PAYLOAD).as_deref(), Ok(PAYLOAD));
    for other in [&b""[..], b"$.03", b"$.02\n", b"JC4wMg", b".$.02"] {
        assert_eq!(detached(UNENCODED, other), Err(ErrorCode::SignatureInvalid));
    }
}

/// §5.2 leaves compact tokens with an unencoded payload of their own to detaching: one with a "." could not be read.
#[test]
fn section_5_an_unencoded_payload_comes_beside_the_token() {
    let attached = UNENCODED.replace("..", ".JC4wMg.");
    assert_eq!(detached(&attached, PAYLOAD), Err(ErrorCode::TokenMalformed));
    for compact in [&attached, UNENCODED] {
        let error = verify_signature(compact.as_bytes(), &keys(), &policy()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::B64Unsupported);
    }
}

/// §6: b64 has to be critical where it is false. §3: it is a boolean.
#[test]
fn section_6_b64_is_critical() {
    for (header, code) in [
        // {"alg":"HS256","b64":false}
        ("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9", ErrorCode::CritInvalid),
        // {"alg":"HS256","b64":false,"crit":[]}
        ("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOltdfQ", ErrorCode::CritInvalid),
        // {"alg":"HS256","crit":["b64"]}
        ("eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiYjY0Il19", ErrorCode::CritInvalid),
        // {"alg":"HS256","b64":"false","crit":["b64"]}
        ("eyJhbGciOiJIUzI1NiIsImI2NCI6ImZhbHNlIiwiY3JpdCI6WyJiNjQiXX0", ErrorCode::HeaderInvalid),
        // {"alg":"HS256","b64":null,"crit":["b64"]}
        ("eyJhbGciOiJIUzI1NiIsImI2NCI6bnVsbCwiY3JpdCI6WyJiNjQiXX0", ErrorCode::HeaderInvalid),
    ] {
        let compact = format!("{header}..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY");
        assert_eq!(detached(&compact, PAYLOAD), Err(code), "{header}");
    }
    let missing = verify_detached_signature(b"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9..AA", PAYLOAD, &keys(), &policy());
    assert_eq!(missing.unwrap_err().spec(), "RFC 7797 §6");
}

/// §7: a JSON Web Token is always encoded.
#[test]
fn section_7_not_in_a_jwt() {
    // {"alg":"HS256","b64":false,"crit":["b64"]}.{}
    let token =
        "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.e30.A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
    let mut policy = Policy::new(Profile::Jwt, Accepted::Any, Accepted::Any);
    policy.algorithms = Some(vec![Algorithm::Hs256]);
    policy.crit = vec!["b64".into()];
    let refusal = Verifier::new(policy, keys()).verify(token, UnixTime::from_seconds(0)).unwrap_err();
    assert_eq!((refusal.code(), refusal.spec()), (ErrorCode::B64Unsupported, "RFC 7797 §7"));
}
