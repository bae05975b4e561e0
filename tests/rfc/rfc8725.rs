//! RFC 8725, JSON Web Token Best Current Practices: one test a section of §3 that the core enforces.
#![allow(clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{
    Accepted, Algorithm, ErrorCode, IssuerTemplate, Key, KeySet, Policy, Profile, TrustedIssuer, UnixTime, Verifier,
};
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

/// §3.8: "that the cryptographic keys used for the cryptographic operations in the JWT belong to the issuer", as the member
/// `issuer` of a key tells (Microsoft identity platform, claims validation: validate the signing key issuer).
#[test]
fn section_3_8_a_key_belongs_to_its_issuer() {
    let acme = "https://login.example/acme/v2.0";
    let keys = |issuer: &str| {
        let secret = encode(&SECRET);
        KeySet::parse(format!(r#"{{"kty":"oct","k":"{secret}","issuer":{issuer}}}"#).as_bytes())
    };
    let of = |issuer: &str, tid: &str| token(r#"{"alg":"HS256"}"#, &format!(r#"{{"iss":"{issuer}","tid":"{tid}"}}"#));
    for (issuer, tid, expected) in [
        (r#""https://login.example/{tenantid}/v2.0""#, "acme", None),
        (r#""https://login.example/{tid}/v2.0""#, "acme", None),
        (r#""https://login.example/acme/v2.0""#, "globex", None),
        ("null", "globex", None),
        (r#""https://login.example/{tenantid}/v2.0""#, "globex", Some(ErrorCode::IssuerMismatch)),
        (r#""https://login.example/{tenantid}/v1.0""#, "acme", Some(ErrorCode::IssuerMismatch)),
        (r#""https://login.example/globex/v2.0""#, "acme", Some(ErrorCode::IssuerMismatch)),
        (r#""""#, "acme", Some(ErrorCode::IssuerMismatch)),
    ] {
        assert_eq!(code(lax(Profile::Jwt), keys(issuer).unwrap(), &of(acme, tid)), expected, "{issuer} {tid}");
    }
    assert_eq!(keys("7").unwrap_err().claim_name(), Some("issuer"));
    // A forged token is told that it is one, whatever it names.
    let forged = token_by(&[7; 32], r#"{"alg":"HS256"}"#, br#"{"iss":"https://login.example/globex/v2.0"}"#);
    let marked = keys(r#""https://login.example/acme/v2.0""#).unwrap();
    assert_eq!(code(lax(Profile::Jwt), marked, &forged), Some(ErrorCode::SignatureInvalid));
}

/// §3.8: the issuer of a tenant is judged by the token's own claim, after the signature.
#[test]
fn section_3_8_tenants_of_a_template() {
    let template = || Accepted::Template(IssuerTemplate::parse("https://login.example/{tid}/v2.0").unwrap());
    let policy = |template| Policy { issuer: template, ..lax(Profile::Jwt) };
    let of = |issuer: &str, tid: &str| token(r#"{"alg":"HS256"}"#, &format!(r#"{{"iss":"{issuer}","tid":"{tid}"}}"#));
    let acme = of("https://login.example/acme/v2.0", "acme");
    assert_eq!(code(policy(template()), secret(&SECRET), &acme), None);
    for (issuer, tid) in [("acme/v2.0", "globex"), ("a/b/v2.0", "a/b"), ("../v2.0", ".."), ("acme/v1.0", "acme")] {
        let refused = code(policy(template()), secret(&SECRET), &of(&format!("https://login.example/{issuer}"), tid));
        assert_eq!(refused, Some(ErrorCode::IssuerMismatch), "{issuer} {tid}");
    }
    // As an audience a template accepts nothing.
    let audience = Policy { audience: template(), ..lax(Profile::Jwt) };
    let named = token(r#"{"alg":"HS256"}"#, r#"{"aud":"https://login.example/acme/v2.0","tid":"acme"}"#);
    assert_eq!(code(audience, secret(&SECRET), &named), Some(ErrorCode::AudienceMismatch));

    // Where each tenant has keys of its own, it is judged by them alone, and until then it lacks them.
    let given = TrustedIssuer { policy: policy(template()), keys: None };
    let mut verifier = Verifier::with_issuers(vec![given]).with_tenants_of(0);
    let code_of = |verifier: &Verifier, token: &str| verifier.verify(token, NOW).err().map(|error| error.code());
    assert_eq!(code_of(&verifier, &acme), Some(ErrorCode::KeysNotLoaded));
    for (name, key) in [("acme", SECRET), ("globex", [7; 32])] {
        let tenant = TrustedIssuer { keys: Some(secret(&key)), ..verifier.tenant_of(0).unwrap() };
        verifier.admit(&format!("https://login.example/{name}/v2.0"), tenant);
    }
    assert_eq!(code_of(&verifier, &acme), None);
    let foreign = of("https://login.example/globex/v2.0", "globex");
    assert_eq!(code_of(&verifier, &foreign), Some(ErrorCode::SignatureInvalid));
    let crossed = of("https://login.example/acme/v2.0", "globex");
    assert_eq!(code_of(&verifier, &crossed), Some(ErrorCode::IssuerMismatch));
    assert_eq!(verifier.issuer_index(&acme), Some(1));
    assert_eq!(verifier.dismiss("https://login.example/acme/v2.0"), Some(1));
    assert_eq!(verifier.dismiss("https://login.example/acme/v2.0"), None);
    assert_eq!(code_of(&verifier, &acme), Some(ErrorCode::KeysNotLoaded));
    // The place of one that was dismissed is taken by the next.
    let tenant = TrustedIssuer { keys: Some(secret(&SECRET)), ..verifier.tenant_of(0).unwrap() };
    assert_eq!(verifier.admit("https://login.example/umbrella/v2.0", tenant), 1);
}

/// §3.8: an issuer that somebody has to be asked about is none until then.
#[test]
fn section_3_8_issuers_that_are_asked_about() {
    let prototype = Policy { issuer: Accepted::OneOf(Vec::new()), ..lax(Profile::Jwt) };
    let mut verifier = Verifier::with_issuers(vec![TrustedIssuer { policy: prototype, keys: None }]).asking();
    let token = token(r#"{"alg":"HS256"}"#, r#"{"iss":"https://a.example"}"#);
    let code_of = |verifier: &Verifier| verifier.verify(&token, NOW).err().map(|error| error.code());
    assert_eq!(code_of(&verifier), Some(ErrorCode::KeysNotLoaded));
    let policy = Policy { issuer: one("https://a.example"), ..lax(Profile::Jwt) };
    let trusted = || TrustedIssuer { policy: policy.clone(), keys: Some(secret(&SECRET)) };
    assert_eq!(verifier.admit("https://a.example", trusted()), 1);
    assert_eq!(code_of(&verifier), None);
    // Another answer about the same issuer takes its place.
    assert_eq!(verifier.admit("https://a.example", TrustedIssuer { keys: Some(secret(&[7; 32])), ..trusted() }), 1);
    assert_eq!(code_of(&verifier), Some(ErrorCode::SignatureInvalid));
    assert_eq!(verifier.dismiss("https://a.example"), Some(1));
    assert_eq!(code_of(&verifier), Some(ErrorCode::KeysNotLoaded));
    assert!(verifier.is_open());
}
