//! RFC 8725, JSON Web Token Best Current Practices: one test a section of §3 that the core enforces.
#![allow(clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{Accepted, Algorithm, ErrorCode, Key, KeySet, Policy, Profile, TrustedIssuer, UnixTime, Verifier};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const NOW: UnixTime = UnixTime::from_seconds(1_300_000_000);
const SECRET: [u8; 32] = *b"a secret of thirty-two octets!!!";
/// RFC 7515 §A.3: the key and the token.
const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

fn encode(text: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(text)
}

/// A token, its MAC made with any bytes as the secret.
fn token_by(secret: &[u8], header: &str, claims: &[u8]) -> String {
    let input = format!("{}.{}", encode(header.as_bytes()), encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", encode(&mac.finalize().into_bytes()))
}

fn token(header: &str, claims: &str) -> String {
    token_by(&SECRET, header, claims.as_bytes())
}

fn secret(bytes: &[u8]) -> KeySet {
    let mut keys = KeySet::default();
    keys.add(Key::from_secret(bytes.to_vec()).unwrap());
    keys
}

fn one(value: &str) -> Accepted {
    Accepted::OneOf(vec![value.into()])
}

/// A policy that demands nothing but a signature.
fn lax(profile: Profile) -> Policy {
    let mut policy = Policy::new(profile, Accepted::Any, Accepted::Any);
    policy.algorithms = Some(vec![Algorithm::Hs256]);
    policy.required_claims = Vec::new();
    policy
}

fn code(policy: Policy, keys: KeySet, token: &str) -> Option<ErrorCode> {
    Verifier::new(policy, keys).verify(token, NOW).err().map(|error| error.code())
}

/// §3.1: the caller names the algorithms, and a key is used with those that fit it only.
#[test]
fn section_3_1_algorithm_verification() {
    let keys = || KeySet::parse(P256.as_bytes()).unwrap();
    let policy = |algorithms| Policy { algorithms, ..Policy::new(Profile::Jwt, one("joe"), Accepted::Any) };
    assert_eq!(code(policy(None), keys(), ES256), None);
    assert_eq!(code(policy(Some(vec![Algorithm::Es256])), keys(), ES256), None);
    assert_eq!(code(policy(Some(vec![Algorithm::Rs256])), keys(), ES256), Some(ErrorCode::AlgNotAllowed));
    // The public key's text as an HMAC secret (§2.1): never without HS256 among the algorithms, and no secret then.
    let forged = token_by(P256.as_bytes(), r#"{"alg":"HS256"}"#, br#"{"iss":"joe","exp":1300819380}"#);
    assert_eq!(code(policy(None), keys(), &forged), Some(ErrorCode::AlgNotAllowed));
    assert_eq!(code(policy(Some(vec![Algorithm::Hs256])), keys(), &forged), Some(ErrorCode::KeyUnsuitable));
}

/// §3.2: none, in any spelling, is never accepted.
#[test]
fn section_3_2_appropriate_algorithms() {
    for alg in ["none", "None", "NONE", "nOnE", " none"] {
        for signature in ["", "AAAA"] {
            let token = format!("{}.{}.{signature}", encode(format!(r#"{{"alg":"{alg}"}}"#).as_bytes()), encode(b"{}"));
            assert_eq!(code(lax(Profile::Jwt), secret(&SECRET), &token), Some(ErrorCode::AlgNone), "{alg:?}");
        }
    }
}

/// §3.3: every operation is validated; of a token in three parts each part counts.
#[test]
fn section_3_3_validate_all_operations() {
    let genuine = token(r#"{"alg":"HS256"}"#, r#"{"sub":"u"}"#);
    assert_eq!(code(lax(Profile::Jwt), secret(&SECRET), &genuine), None);
    for at in 0..genuine.len() {
        let mut altered = genuine.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        assert!(code(lax(Profile::Jwt), secret(&SECRET), core::str::from_utf8(&altered).unwrap()).is_some(), "{at}");
    }
    let unsigned = genuine.rsplit_once('.').unwrap().0.to_owned() + ".";
    assert_eq!(code(lax(Profile::Jwt), secret(&SECRET), &unsigned), Some(ErrorCode::SignatureMissing));
}

/// §3.4: inputs of a key are validated: a point that is not on the curve is no key.
#[test]
fn section_3_4_validate_cryptographic_inputs() {
    let off_the_curve = P256.replace("5a0\"", "5a4\"");
    assert_eq!(KeySet::parse(off_the_curve.as_bytes()).unwrap_err().code(), ErrorCode::KeyInvalid);
}

/// §3.5: keys of enough entropy; a password is no key.
#[test]
fn section_3_5_sufficient_entropy() {
    assert_eq!(Key::from_secret(b"correct horse battery".to_vec()).unwrap_err().code(), ErrorCode::KeyWeak);
    let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&[7; 31]));
    assert_eq!(KeySet::parse(jwk.as_bytes()).unwrap_err().code(), ErrorCode::KeyWeak);
    // What everybody can read holds no entropy at all.
    let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&SECRET));
    assert_eq!(KeySet::parse_published(jwk.as_bytes()).unwrap_err().code(), ErrorCode::KeyUnsuitable);
}

/// §3.7: header and claims are UTF-8.
#[test]
fn section_3_7_use_utf_8() {
    let latin_1 = token_by(&SECRET, r#"{"alg":"HS256"}"#, b"{\"sub\":\"Ren\xe9\"}");
    assert_eq!(code(lax(Profile::Jwt), secret(&SECRET), &latin_1), Some(ErrorCode::Utf8Invalid));
    let utf_16: Vec<u8> = r#"{"sub":"u"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf_16 = token_by(&SECRET, r#"{"alg":"HS256"}"#, &utf_16);
    assert_eq!(code(lax(Profile::Jwt), secret(&SECRET), &utf_16), Some(ErrorCode::JsonInvalid));
}

/// §3.8: the keys belong to the issuer that the token names, and so does the subject.
#[test]
fn section_3_8_validate_issuer_and_subject() {
    let other = [b'x'; 32];
    let trusted = |name: &str, keys| TrustedIssuer {
        policy: Policy { issuer: one(name), ..lax(Profile::Jwt) },
        keys: Some(keys),
    };
    let verifier = Verifier::with_issuers(vec![trusted("ann", secret(&SECRET)), trusted("bob", secret(&other))]);
    let code_of = |claims| verifier.verify(token(r#"{"alg":"HS256"}"#, claims), NOW).err().map(|error| error.code());
    assert_eq!(code_of(r#"{"iss":"ann"}"#), None);
    assert_eq!(code_of(r#"{"iss":"bob"}"#), Some(ErrorCode::SignatureInvalid));
    assert_eq!(code_of(r#"{"iss":"eve"}"#), Some(ErrorCode::IssuerMismatch));
    let about = |subject: &str| Policy { subject: Some(subject.into()), ..lax(Profile::Jwt) };
    let token = token(r#"{"alg":"HS256"}"#, r#"{"sub":"u"}"#);
    assert_eq!(code(about("u"), secret(&SECRET), &token), None);
    assert_eq!(code(about("U"), secret(&SECRET), &token), Some(ErrorCode::SubjectMismatch));
}

/// §3.9: a token is meant for somebody, and refused by others.
#[test]
fn section_3_9_use_and_validate_audience() {
    let judged = |claims: &str| {
        let policy = Policy { audience: one("shop"), ..lax(Profile::Jwt) };
        code(policy, secret(&SECRET), &token(r#"{"alg":"HS256"}"#, claims))
    };
    assert_eq!(judged(r#"{"aud":"shop"}"#), None);
    assert_eq!(judged(r#"{"aud":["app","shop"]}"#), None);
    assert_eq!(judged(r#"{"aud":"shop.example"}"#), Some(ErrorCode::AudienceMismatch));
    assert_eq!(judged(r#"{"aud":[]}"#), Some(ErrorCode::AudienceMismatch));
    assert_eq!(judged("{}"), Some(ErrorCode::ClaimMissing));
}

/// §3.10: what a header says is not trusted: `kid` is compared and nothing else, keys and addresses in it are not read.
#[test]
fn section_3_10_do_not_trust_received_claims() {
    let forged = |header: &str| code(lax(Profile::Jwt), secret(&[b'x'; 32]), &token(header, "{}"));
    let jwk = format!(r#"{{"alg":"HS256","jwk":{{"kty":"oct","k":"{}"}}}}"#, encode(&SECRET));
    for header in [
        jwk.as_str(),
        r#"{"alg":"HS256","jku":"https://eve.example/keys"}"#,
        r#"{"alg":"HS256","x5u":"file:///etc/passwd","x5c":["AA"]}"#,
        r#"{"alg":"HS256","kid":"' OR 1=1 --"}"#,
    ] {
        assert_eq!(forged(header), Some(ErrorCode::SignatureInvalid), "{header}");
    }
}

/// §3.11: typ tells the kinds apart, and an access token has to have its own.
#[test]
fn section_3_11_use_explicit_typing() {
    let typed = |profile, header: &str| code(lax(profile), secret(&SECRET), &token(header, "{}"));
    let mismatch = Some(ErrorCode::TypMismatch);
    assert_eq!(typed(Profile::AccessToken, r#"{"alg":"HS256","typ":"JWT"}"#), mismatch);
    assert_eq!(typed(Profile::AccessToken, r#"{"alg":"HS256"}"#), mismatch);
    assert_eq!(typed(Profile::IdToken, r#"{"alg":"HS256","typ":"at+jwt"}"#), mismatch);
    assert_eq!(typed(Profile::LogoutToken, r#"{"alg":"HS256","typ":"dpop+jwt"}"#), mismatch);
    let secevent = Policy { typ: Some(vec!["secevent+jwt".into()]), ..lax(Profile::Jwt) };
    assert_eq!(code(secevent.clone(), secret(&SECRET), &token(r#"{"alg":"HS256","typ":"secevent+jwt"}"#, "{}")), None);
    assert_eq!(code(secevent, secret(&SECRET), &token(r#"{"alg":"HS256"}"#, "{}")), mismatch);
}

/// §3.12: the rules for the kinds of token exclude each other.
#[test]
fn section_3_12_mutually_exclusive_validation_rules() {
    let event = r#""events":{"http://schemas.openid.net/event/backchannel-logout":{}}"#;
    let claims = format!(r#"{{"iss":"ann","aud":"shop","sub":"u","exp":1300000300,"iat":1,"jti":"j",{event}}}"#);
    let judged = |profile, claims: &str| code(lax(profile), secret(&SECRET), &token(r#"{"alg":"HS256"}"#, claims));
    assert_eq!(judged(Profile::LogoutToken, &claims), None);
    assert_eq!(judged(Profile::IdToken, &claims), Some(ErrorCode::ClaimForbidden));
    let with_nonce = claims.replace(r#""jti""#, r#""nonce":"n","jti""#);
    assert_eq!(judged(Profile::LogoutToken, &with_nonce), Some(ErrorCode::ClaimForbidden));
}
