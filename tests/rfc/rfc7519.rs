//! RFC 7519 and what stands on it: each refusal cites the section that defines the claim.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{
    Accepted, Algorithm, Error, ErrorCode, Key, KeySet, Policy, Profile, TrustedIssuer, UnixTime, VerifiedToken,
    Verifier, decode_unverified,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);
const HEADER: &str = r#"{"alg":"HS256"}"#;

fn token(secret: &[u8; 32], claims: &str) -> String {
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let input = format!("{}.{}", encode(HEADER), encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes()))
}

fn keys(secret: &[u8; 32]) -> KeySet {
    let mut keys = KeySet::default();
    keys.add(Key::from_secret(secret.to_vec()).unwrap());
    keys
}

fn policy(issuer: Accepted) -> Policy {
    let mut policy = Policy::new(Profile::Jwt, issuer, Accepted::Any);
    policy.algorithms = Some(vec![Algorithm::Hs256]);
    policy.required_claims.clear();
    policy
}

fn verify(policy: Policy, claims: &str) -> Result<VerifiedToken, Error> {
    Verifier::new(policy, keys(&[b'k'; 32])).verify(token(&[b'k'; 32], claims), NOW)
}

#[test]
fn a_missing_claim_cites_its_definition() {
    for (name, section) in [
        ("iss", "RFC 7519 §4.1.1"),
        ("sub", "RFC 7519 §4.1.2"),
        ("aud", "RFC 7519 §4.1.3"),
        ("exp", "RFC 7519 §4.1.4"),
        ("nbf", "RFC 7519 §4.1.5"),
        ("iat", "RFC 7519 §4.1.6"),
        ("jti", "RFC 7519 §4.1.7"),
        ("client_id", "RFC 9068 §2.2"),
        ("scope", "RFC 9068 §2.2.3"),
        ("nonce", "OpenID Connect Core §2"),
        ("auth_time", "OpenID Connect Core §2"),
        ("acr", "OpenID Connect Core §2"),
        ("azp", "OpenID Connect Core §2"),
        ("at_hash", "OpenID Connect Core §3.1.3.6"),
        ("c_hash", "OpenID Connect Core §3.3.2.11"),
        ("events", "OpenID Connect Back-Channel Logout §2.4"),
        ("sid", "OpenID Connect Back-Channel Logout §2.4"),
        ("https://claims.example.com/role", "RFC 7519 §4.3"),
    ] {
        let mut policy = policy(Accepted::Any);
        policy.required_claims = vec![name.into()];
        let refusal = verify(policy, "{}").unwrap_err();
        assert_eq!((refusal.code(), refusal.spec()), (ErrorCode::ClaimMissing, section));
        assert_eq!((refusal.claim_name(), refusal.expected_value()), (Some(name), Some(name)));
    }
}

#[test]
fn section_4_1_a_claim_of_another_type_says_what_was_found() {
    for (claims, name, found, expected) in [
        (r#"{"iss":true}"#, "iss", "a boolean", "a string"),
        (r#"{"sub":null}"#, "sub", "null", "a string"),
        (r#"{"sub":1}"#, "sub", "a number", "a string"),
        (r#"{"jti":[]}"#, "jti", "an array", "a string"),
        (r#"{"aud":{}}"#, "aud", "an object", "a string or an array of strings"),
        (r#"{"aud":["a",1]}"#, "aud", "an array with other members", "a string or an array of strings"),
        (r#"{"exp":"1"}"#, "exp", "a string", "a number of seconds"),
        (r#"{"iat":-1}"#, "iat", "-1", "seconds since 1970, not negative and finite"),
    ] {
        let refusal = verify(policy(Accepted::Any), claims).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::ClaimInvalid);
        assert_eq!(
            (refusal.claim_name(), refusal.found_value(), refusal.expected_value()),
            (Some(name), Some(found), Some(expected))
        );
    }
}

#[test]
fn section_4_1_dates_and_subject() {
    let code = |claims: &str| {
        let mut policy = policy(Accepted::Any);
        policy.max_token_age = Some(Duration::from_secs(60));
        policy.subject = Some("u".into());
        verify(policy, claims).err().map(|error| error.code())
    };
    for (dates, expected) in [
        (r#""iat":1800000000"#, None),
        (r#""iat":1799999940"#, None),
        (r#""iat":1799999939.9"#, Some(ErrorCode::TokenTooOld)),
        (r#""iat":1800000000.1"#, Some(ErrorCode::TokenIssuedInFuture)),
        (r#""iat":1800000000,"exp":1800000000.1"#, None),
        (r#""iat":1800000000,"exp":1800000000"#, Some(ErrorCode::TokenExpired)),
        (r#""iat":1800000000,"nbf":1800000000"#, None),
        (r#""iat":1800000000,"nbf":1800000000.1"#, Some(ErrorCode::TokenNotYetValid)),
    ] {
        assert_eq!(code(&format!(r#"{{"sub":"u",{dates}}}"#)), expected, "{dates}");
    }
    assert_eq!(code(r#"{"sub":"U","iat":1800000000}"#), Some(ErrorCode::SubjectMismatch));
    assert_eq!(code(r#"{"sub":"u"}"#), Some(ErrorCode::ClaimMissing));
}

#[test]
fn section_7_2_the_claims_of_a_verified_token() {
    let text = r#"{"iss":"ann","aud":["a","b"],"exp":1800000001}"#;
    let verified = verify(policy(Accepted::Any), text).unwrap();
    let claims = verified.claims().unwrap();
    assert_eq!((claims.text("iss"), claims.text("sub")), (Ok(Some("ann")), Ok(None)));
    assert_eq!(claims.audience(), Ok(Some(vec!["a", "b"])));
    assert!(claims.contains("exp") && !claims.contains("nbf"));
    assert_eq!((verified.header_bytes(), verified.payload()), (HEADER.as_bytes(), text.as_bytes()));
    assert_eq!(verified.header().alg(), "HS256");
    let unverified = decode_unverified(token(&[b'x'; 32], text).as_bytes(), 4096).unwrap();
    assert_eq!(unverified, (HEADER.into(), text.into()));
}

/// RFC 8725 §3.8: each issuer's tokens are checked with its own keys.
#[test]
fn the_issuer_chooses_among_trusted_ones() {
    let trusted = |name: &str, secret| TrustedIssuer {
        policy: policy(Accepted::OneOf(vec![name.into()])),
        keys: Some(keys(secret)),
    };
    let (one, other) = ([b'1'; 32], [b'2'; 32]);
    let verifier = Verifier::with_issuers(vec![trusted("ann", &one), trusted("bob", &other)]);
    let code = |secret, claims| verifier.verify(token(secret, claims), NOW).err().map(|error| error.code());
    assert_eq!(code(&one, r#"{"iss":"ann"}"#), None);
    assert_eq!(code(&other, r#"{"iss":"bob"}"#), None);
    assert_eq!(code(&other, r#"{"iss":"ann"}"#), Some(ErrorCode::SignatureInvalid));
    for claims in [r#"{"iss":"eve"}"#, r#"{"iss":1}"#, "{}", "[]"] {
        assert_eq!(code(&one, claims), Some(ErrorCode::IssuerMismatch), "{claims}");
    }
}

#[test]
fn the_keys_of_a_trusted_issuer_are_replaced() {
    let (old, new) = ([b'1'; 32], [b'2'; 32]);
    let mut verifier = Verifier::with_issuers(vec![TrustedIssuer { policy: policy(Accepted::Any), keys: None }]);
    let code = |verifier: &Verifier, secret| verifier.verify(token(secret, "{}"), NOW).err().map(|error| error.code());
    assert_eq!(code(&verifier, &old), Some(ErrorCode::KeysNotLoaded));
    assert!(verifier.set_keys(0, keys(&old)));
    assert_eq!((code(&verifier, &old), code(&verifier, &new)), (None, Some(ErrorCode::SignatureInvalid)));
    assert!(verifier.set_keys(0, keys(&new)) && !verifier.set_keys(1, keys(&old)));
    assert_eq!((code(&verifier, &old), code(&verifier, &new)), (Some(ErrorCode::SignatureInvalid), None));
    let held: Vec<_> = verifier.trusted().iter().map(|trusted| trusted.keys.as_ref().map(KeySet::len)).collect();
    assert_eq!(held, [Some(1)]);
}

/// Tokens of one issuer share their header: once a signature has vouched for it, it is not read again.
#[test]
fn a_header_is_read_once() {
    let verifier = Verifier::new(policy(Accepted::Any), keys(&[b'k'; 32]));
    let verified = |claims| verifier.verify(token(&[b'k'; 32], claims), NOW).unwrap();
    let (one, other) = (verified(r#"{"sub":"a"}"#), verified(r#"{"sub":"b"}"#));
    assert!(std::ptr::eq(one.header(), other.header()));
}

/// RFC 7515 §7.1: three segments; RFC 7516 §7.1 has five.
#[test]
fn other_numbers_of_segments_are_told() {
    for (token, code, found) in [
        ("", ErrorCode::TokenMalformed, "1 segments"),
        ("e30.e30", ErrorCode::TokenMalformed, "2 segments"),
        ("e30.e30.e30.e30", ErrorCode::TokenMalformed, "4 segments"),
        ("e30.e30.e30.e30.e30", ErrorCode::TokenEncrypted, "5 segments"),
        ("e30.e30.e30.e30.e30.e30", ErrorCode::TokenMalformed, "6 segments"),
        (".e30.e30", ErrorCode::TokenMalformed, "an empty header"),
        ("e30..e30", ErrorCode::TokenMalformed, "an empty payload"),
    ] {
        let refusal = decode_unverified(token.as_bytes(), 4096).unwrap_err();
        assert_eq!((refusal.code(), refusal.found_value()), (code, Some(found)), "{token}");
    }
}
