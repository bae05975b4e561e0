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

/// Optional members that are null say nothing; a required one, or a private one, is no better for it.
#[test]
fn section_4_null_is_absence() {
    let jwk = |members: &str| format!(r#"{{"kty":"oct","k":"{}"{members}}}"#, "A".repeat(43));
    let all = r#","kid":null,"use":null,"alg":null,"key_ops":null,"x5u":null,"x5c":null,"x5t":null,"x5t#S256":null"#;
    let key = Key::from_jwk(jwk(all).as_bytes()).unwrap();
    assert_eq!((key.kid(), key.algorithm_name()), (None, None));
    for (member, value) in [("kid", "1"), ("use", "false"), ("alg", "[]"), ("key_ops", "{}"), ("key_ops", "[null]")] {
        let fault = Some((ErrorCode::KeyInvalid, Some(member.into())));
        assert_eq!(refusal(&jwk(&format!(r#","{member}":{value}"#))), fault);
    }
    for (jwk, member) in [(r#"{"kty":null}"#, "kty"), (r#"{"kty":"oct","k":null}"#, "k")] {
        assert_eq!(refusal(jwk), Some((ErrorCode::KeyInvalid, Some(member.into()))));
    }
    let private = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":null}"#;
    assert_eq!(refusal(private), Some((ErrorCode::KeyPrivate, Some("d".into()))));
}

/// RFC 7518 §2 and §6.3.1.1: the number counts, whatever zeros are in front of it.
#[test]
fn rfc_7518_section_6_3_1_1_leading_zeros() {
    let number = |octets: usize| format!("_{}", "_".repeat((octets * 8).div_ceil(6) - 1));
    let of = |n: &str, e: &str| refusal(&format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#));
    // 3 octets are 4 characters: 258 octets of ones, behind none, three and three hundred zeros.
    for zeros in ["", "AAAA", &"AAAA".repeat(100)] {
        let good = format!("{zeros}{}", number(258));
        assert_eq!(of(&good, "AQAB"), None);
        assert_eq!(of(&good, &format!("{zeros}AQAB")), None);
        let weak = |n: &str, e: &str| of(n, e).map(|(code, member)| (code, member.unwrap()));
        assert_eq!(weak(&format!("{zeros}{}", number(255)), "AQAB"), Some((ErrorCode::KeyWeak, "n".into())));
        assert_eq!(weak(&format!("{zeros}{}", number(1026)), "AQAB"), Some((ErrorCode::KeyInvalid, "n".into())));
        assert_eq!(weak(&good, &format!("{zeros}AAAB")), Some((ErrorCode::KeyWeak, "e".into())));
        assert_eq!(weak(&good, &format!("{zeros}AAAA")), Some((ErrorCode::KeyWeak, "e".into())));
        assert_eq!(weak(&good, &format!("{zeros}AQAA")), Some((ErrorCode::KeyWeak, "e".into())));
        assert_eq!(weak(&good, &format!("{zeros}AQAAAAAB")), Some((ErrorCode::KeyInvalid, "e".into())));
    }
    assert_eq!(of("", "AQAB"), Some((ErrorCode::KeyInvalid, Some("n".into()))));
    assert_eq!(of(&number(258), ""), Some((ErrorCode::KeyInvalid, Some("e".into()))));
    assert_eq!(of("AA", "AQAB"), Some((ErrorCode::KeyWeak, Some("n".into()))));
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
