//! RFC 7517 and RFC 7518 §6: what a key has to be, and what it may be used for.
#![allow(clippy::unwrap_used)]

use countersign::{ErrorCode, Key};

fn refusal(jwk: &str) -> Option<(ErrorCode, Option<String>)> {
    Key::from_jwk(jwk.as_bytes()).err().map(|error| (error.code(), error.claim_name().map(String::from)))
}

#[test]
fn section_4_the_kind_of_key_is_required_and_known() {
    for jwk in ["{}", r#"{"kty":1}"#, r#"{"kty":"zzz"}"#, r#"{"kty":"EC\u0000"}"#] {
        assert_eq!(refusal(jwk), Some((ErrorCode::KeyInvalid, Some("kty".into()))), "{jwk}");
    }
    assert_eq!(refusal("[]"), Some((ErrorCode::KeyInvalid, None)));
    assert_eq!(refusal("{"), Some((ErrorCode::KeyInvalid, None)));
}

/// §4.5: kid is a string.
#[test]
fn section_4_5_the_identifier() {
    let jwk = |kid: &str| format!(r#"{{"kty":"oct","k":"{}"{kid}}}"#, "A".repeat(43));
    assert_eq!(Key::from_jwk(jwk(r#","kid":"a""#).as_bytes()).unwrap().kid(), Some("a"));
    assert_eq!(Key::from_jwk(jwk("").as_bytes()).unwrap().kid(), None);
    assert_eq!(refusal(&jwk(r#","kid":1"#)), Some((ErrorCode::KeyInvalid, Some("kid".into()))));
}

/// RFC 7518 §2: a Base64urlUInt has the fewest octets, and zero is one octet.
#[test]
fn rfc_7518_section_2_numbers() {
    let found = |n: &str| {
        let jwk = format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB"}}"#);
        Key::from_jwk(jwk.as_bytes()).unwrap_err().found_value().map(String::from)
    };
    assert_eq!(found("").as_deref(), Some("no bytes"));
    assert_eq!(found("AAE").as_deref(), Some("leading zero bytes"));
    assert_ne!(found("AA").as_deref(), Some("leading zero bytes"));
}

/// RFC 7518 §3.2: a secret is at least as long as the hash of the algorithm that it names.
#[test]
fn rfc_7518_section_3_2_secrets() {
    let jwk = |octets: usize, alg: &str| {
        let k = "A".repeat((octets * 4).div_ceil(3));
        refusal(&format!(r#"{{"kty":"oct","k":"{k}","alg":"{alg}"}}"#))
    };
    for (alg, octets) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        assert_eq!(jwk(octets, alg), None, "{alg}");
        assert_eq!(jwk(octets - 1, alg), Some((ErrorCode::KeyWeak, Some("k".into()))), "{alg}");
    }
}
