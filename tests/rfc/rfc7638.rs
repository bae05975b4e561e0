//! RFC 7638: the examples of its section 3.1, of RFC 8037 appendix A.3 and of RFC 9278 section 4.
#![allow(clippy::unwrap_used)]

use countersign::{ErrorCode, thumbprint, thumbprint_uri};

#[test]
fn section_3_1_rsa() {
    let jwk = br#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
    assert_eq!(thumbprint(jwk).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    // RFC 9278 §4
    let uri = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    assert_eq!(thumbprint_uri(jwk).unwrap(), uri);
}

#[test]
fn rfc_8037_appendix_a_3_ed25519() {
    let public = br#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let private = br#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(thumbprint(public).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_eq!(thumbprint(private).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn a_set_is_no_key() {
    let refusal = thumbprint(br#"{"keys":[]}"#).unwrap_err();
    assert_eq!(refusal.found_value(), Some("a JWK Set"));
    assert_eq!(thumbprint(b"{}").unwrap_err().found_value(), Some("nothing"));
    // RFC 7517 §4: members that are not understood are ignored.
    let key = br#"{"kty":"oct","k":"AA","keys":[]}"#;
    assert_eq!(thumbprint(key).unwrap(), thumbprint(br#"{"k":"AA","kty":"oct"}"#).unwrap());
}

#[test]
fn incomplete_keys_are_refused() {
    for jwk in [
        "{}",
        "[]",
        "",
        r#"{"kty":"EC","crv":"P-256","x":"AA"}"#,
        r#"{"kty":"RSA","n":1,"e":"AQAB"}"#,
        r#"{"kty":"zzz"}"#,
        r#"{"keys":[{"kty":"oct","k":"AA"}]}"#,
    ] {
        assert_eq!(thumbprint(jwk.as_bytes()).unwrap_err().code(), ErrorCode::KeyInvalid, "{jwk}");
    }
}

/// Section 7: a thumbprint identifies a key only if one representation of it is right.
#[test]
fn section_7_leading_zeros_make_no_second_thumbprint() {
    for (n, e) in [("AAEB", "AQAB"), ("AQEB", "AAEAAQ")] {
        let refusal = thumbprint(format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#).as_bytes()).unwrap_err();
        assert_eq!((refusal.code(), refusal.spec()), (ErrorCode::KeyInvalid, "RFC 7638 §7"));
        assert_eq!(refusal.found_value(), Some("leading zero bytes"));
    }
    assert!(thumbprint(br#"{"kty":"RSA","n":"AQEB","e":"AQAB"}"#).is_ok());
}
