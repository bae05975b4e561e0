//! RFC 7515: the examples of its appendix A, and what its text refuses.
#![allow(clippy::unwrap_used)]

use countersign::{
    Algorithm, Error, ErrorCode, KeySet, SignaturePolicy, VerifiedToken, decode_unverified, verify_detached_signature,
    verify_signature,
};

fn check(compact: &str, jwk: &str, algorithm: Algorithm) -> Result<VerifiedToken, Error> {
    let policy = SignaturePolicy { algorithms: Some(vec![algorithm]), crit: vec![], max_token_size: 4096 };
    verify_signature(compact.as_bytes(), &KeySet::parse(jwk.as_bytes())?, &policy)
}

const A1: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const A1_KEY: &str =
    r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
const A3: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const A3_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

#[test]
fn appendix_a_1_hs256() {
    let token = check(A1, A1_KEY, Algorithm::Hs256).unwrap();
    assert_eq!(token.payload(), b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
    assert_eq!(token.header().typ(), Some("JWT"));
}

#[test]
fn appendix_a_3_es256() {
    check(A3, A3_KEY, Algorithm::Es256).unwrap();
}

#[test]
fn rfc_8037_appendix_a_4_ed25519() {
    let compact = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let token = check(compact, jwk, Algorithm::EdDsa).unwrap();
    assert_eq!(token.payload(), b"Example of Ed25519 signing");
}

#[test]
fn appendix_a_5_unsecured_is_refused() {
    let compact = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    assert_eq!(check(compact, A3_KEY, Algorithm::Es256).unwrap_err().code(), ErrorCode::AlgNone);
}

#[test]
fn appendix_e_negative_example_for_crit() {
    // {"alg":"none","crit":["http://example.invalid/UNDEFINED"],"http://example.invalid/UNDEFINED":true}
    let compact = "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.";
    assert_eq!(check(compact, A3_KEY, Algorithm::Es256).unwrap_err().code(), ErrorCode::CritUnsupported);
}

#[test]
fn one_changed_character_anywhere_is_refused() {
    for (compact, jwk, algorithm) in [(A1, A1_KEY, Algorithm::Hs256), (A3, A3_KEY, Algorithm::Es256)] {
        for at in 0..compact.len() {
            let mut changed = compact.as_bytes().to_vec();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(check(&changed, jwk, algorithm).is_err(), "{at}");
        }
    }
}

#[test]
fn keys_do_not_cross_algorithms() {
    assert_eq!(check(A3, A1_KEY, Algorithm::Es256).unwrap_err().code(), ErrorCode::KeyUnsuitable);
    assert_eq!(check(A3, A3_KEY, Algorithm::Rs256).unwrap_err().code(), ErrorCode::AlgNotAllowed);
}

#[test]
fn section_2_what_is_wrong_with_a_segment_is_named() {
    for (token, segment, found) in [
        ("e30=.e30.e30", "header", "a character outside A-Z a-z 0-9 - _"),
        ("e30.e30+.e30", "payload", "a character outside A-Z a-z 0-9 - _"),
        ("e30.e30.e", "signature", "a length of 1 modulo 4"),
        ("e31.e30.e30", "header", "trailing bits that are not zero"),
    ] {
        let refusal = decode_unverified(token.as_bytes(), 4096).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::Base64urlInvalid);
        assert_eq!((refusal.claim_name(), refusal.found_value()), (Some(segment), Some(found)), "{token}");
    }
}

/// Appendix F: the payload is cut out of the compact form and travels on its own.
#[test]
fn appendix_f_detached_content() {
    for (compact, jwk, algorithm) in [(A1, A1_KEY, Algorithm::Hs256), (A3, A3_KEY, Algorithm::Es256)] {
        let payload = check(compact, jwk, algorithm).unwrap().payload().to_vec();
        let parts: Vec<&str> = compact.split('.').collect();
        let detached = format!("{}..{}", parts[0], parts[2]);
        let policy = SignaturePolicy { algorithms: Some(vec![algorithm]), crit: vec![], max_token_size: 4096 };
        let keys = KeySet::parse(jwk.as_bytes()).unwrap();
        let verify = |compact: &str, payload: &[u8]| {
            verify_detached_signature(compact.as_bytes(), payload, &keys, &policy)
                .map(|token| token.payload().to_vec())
                .map_err(|error| error.code())
        };
        assert_eq!(verify(&detached, &payload), Ok(payload.clone()));
        assert_eq!(verify(&detached, &payload[1..]), Err(ErrorCode::SignatureInvalid));
        assert_eq!(verify(&detached, b""), Err(ErrorCode::SignatureInvalid));
        assert_eq!(verify(&detached, parts[1].as_bytes()), Err(ErrorCode::SignatureInvalid));
        // Two payloads, even of one value, are one too many; and none at all is another than that which was signed.
        assert_eq!(verify(compact, &payload), Err(ErrorCode::TokenMalformed));
        assert_eq!(check(&detached, jwk, algorithm).unwrap_err().code(), ErrorCode::SignatureInvalid);
    }
}
