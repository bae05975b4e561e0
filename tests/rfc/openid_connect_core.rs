//! OpenID Connect Core 1.0 with errata set 2: the audiences, the authorized party and the hashes of an ID token.
#![allow(clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{
    Accepted, Algorithm, AuthorizedParty, Error, ErrorCode, Key, KeySet, Policy, Profile, UnixTime, Verifier,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const SECRET: [u8; 32] = *b"a secret of thirty-two octets!!!";

fn token(claims: &str) -> String {
    let encode = |text: &[u8]| Base64UrlUnpadded::encode_string(text);
    let claims = format!(r#"{{"iss":"ann","sub":"u","exp":1800000300,"iat":1799999900{claims}}}"#);
    let input = format!("{}.{}", encode(br#"{"alg":"HS256"}"#), encode(claims.as_bytes()));
    let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", encode(&mac.finalize().into_bytes()))
}

fn refusal(profile: Profile, change: impl FnOnce(&mut Policy), claims: &str) -> Option<Error> {
    let one = |value: &str| Accepted::OneOf(vec![value.into()]);
    let mut policy = Policy::new(profile, one("ann"), one("shop"));
    policy.algorithms = Some(vec![Algorithm::Hs256]);
    policy.typ = Some(Vec::new());
    policy.required_claims = Vec::new();
    change(&mut policy);
    let mut keys = KeySet::default();
    keys.add(Key::from_secret(SECRET.to_vec()).unwrap());
    Verifier::new(policy, keys).verify(token(claims), UnixTime::from_seconds(1_800_000_000)).err()
}

fn code(profile: Profile, change: impl FnOnce(&mut Policy), claims: &str) -> Option<ErrorCode> {
    refusal(profile, change, claims).map(|error| error.code())
}

/// §3.1.3.7 (3): "The ID Token MUST be rejected if the ID Token does not list the Client as a valid audience, or if it
/// contains additional audiences not trusted by the Client."
#[test]
fn additional_audiences_have_to_be_trusted() {
    let judged = |trusted: &[&str], claims: &str| {
        let trusted: Vec<String> = trusted.iter().map(|&one| one.into()).collect();
        code(Profile::IdToken, |policy| policy.trusted_audiences = trusted, claims)
    };
    let mismatch = Some(ErrorCode::AudienceMismatch);
    assert_eq!(judged(&[], r#","aud":"shop""#), None);
    assert_eq!(judged(&[], r#","aud":["shop","shop"]"#), None);
    assert_eq!(judged(&[], r#","aud":["shop","app"]"#), mismatch);
    assert_eq!(judged(&[], r#","aud":["app","shop"],"azp":"shop""#), mismatch);
    assert_eq!(judged(&["app"], r#","aud":["app","shop"]"#), None);
    assert_eq!(judged(&["app"], r#","aud":["app","shop","tv"]"#), mismatch);
    assert_eq!(judged(&["app"], r#","aud":["app"]"#), mismatch);
    assert_eq!(judged(&["app"], r#","aud":"app""#), mismatch);
    assert_eq!(judged(&["APP"], r#","aud":["app","shop"]"#), mismatch);
    assert_eq!(judged(&["app"], r#","aud":["shop",""]"#), mismatch);
    let several = |policy: &mut Policy| policy.audience = Accepted::OneOf(vec!["shop".into(), "app".into()]);
    assert_eq!(code(Profile::IdToken, several, r#","aud":["app","shop"]"#), None);
    let error = refusal(Profile::IdToken, |_| (), r#","aud":["shop","app"]"#).unwrap();
    assert_eq!((error.spec(), error.found_value()), ("OpenID Connect Core §3.1.3.7", Some("app")));
}

/// RFC 7519 §4.1.3: to other tokens additional audiences are no matter.
#[test]
fn other_tokens_may_have_any_further_audience() {
    let events = r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#;
    for (profile, more) in [
        (Profile::Jwt, String::new()),
        (Profile::AccessToken, r#","client_id":"c","jti":"j""#.into()),
        (Profile::LogoutToken, format!(r#","jti":"j","events":{events}"#)),
    ] {
        assert_eq!(code(profile, |_| (), &format!(r#","aud":["app","shop"]{more}"#)), None, "{profile:?}");
    }
}

/// §2 and §3.1.3.7 with errata set 2: azp says to whom the token was issued, and the audience alone decides, unless the
/// caller compares it.
#[test]
fn the_authorized_party_is_compared_where_it_is_asked_for() {
    let parties = || vec![String::from("shop"), String::from("till")];
    for profile in [Profile::Jwt, Profile::IdToken] {
        for azp in ["", r#","azp":"shop""#, r#","azp":"android""#, r#","azp":"""#] {
            assert_eq!(code(profile, |_| (), &format!(r#","aud":"shop"{azp}"#)), None, "{azp}");
        }
        let required = |azp: &str| {
            let change = |policy: &mut Policy| policy.authorized_party = AuthorizedParty::OneOf(parties());
            code(profile, change, &format!(r#","aud":"shop"{azp}"#))
        };
        let if_present = |azp: &str| {
            let change = |policy: &mut Policy| policy.authorized_party = AuthorizedParty::IfPresent(parties());
            code(profile, change, &format!(r#","aud":"shop"{azp}"#))
        };
        assert_eq!((required(""), if_present("")), (Some(ErrorCode::ClaimMissing), None));
        for (azp, expected) in [
            (r#","azp":"shop""#, None),
            (r#","azp":"till""#, None),
            (r#","azp":"Shop""#, Some(ErrorCode::AuthorizedPartyMismatch)),
            (r#","azp":"""#, Some(ErrorCode::AuthorizedPartyMismatch)),
            (r#","azp":["shop"]"#, Some(ErrorCode::ClaimInvalid)),
            (r#","azp":null"#, Some(ErrorCode::ClaimInvalid)),
        ] {
            assert_eq!((required(azp), if_present(azp)), (expected, expected), "{azp}");
        }
    }
}

/// §3.3.2.11: c_hash is required where a code came with the ID token; §3.1.3.6: at_hash is optional.
#[test]
fn a_code_needs_its_hash() {
    let half = |value: &str| Base64UrlUnpadded::encode_string(&Sha256::digest(value)[..16]);
    let with_code = |policy: &mut Policy| policy.authorization_code = Some("code".into());
    let with_token = |policy: &mut Policy| policy.access_token = Some("token".into());
    let judged =
        |change: fn(&mut Policy), claim: &str| code(Profile::IdToken, change, &format!(r#","aud":"shop"{claim}"#));
    assert_eq!(judged(with_code, &format!(r#","c_hash":"{}""#, half("code"))), None);
    assert_eq!(judged(with_code, &format!(r#","c_hash":"{}""#, half("Code"))), Some(ErrorCode::CHashMismatch));
    assert_eq!(judged(with_token, ""), None);
    let error = refusal(Profile::IdToken, with_code, r#","aud":"shop""#).unwrap();
    assert_eq!((error.code(), error.claim_name()), (ErrorCode::ClaimMissing, Some("c_hash")));
    assert_eq!(error.spec(), "OpenID Connect Core §3.3.2.11");
}
