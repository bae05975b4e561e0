//! Whole tokens against the crate `jsonwebtoken` with RustCrypto below it: what is accepted here for
//! HS256, EdDSA and ES256 is accepted there as well, and what is refused here for its form, signature,
//! issuer, audience or subject is refused there.
//!
//! Dates are compared by `decimal`, since `jsonwebtoken` knows no clock but the system's. Headers
//! whose foreign members (`jwk`, `x5c`, …) it reads, and we never do, are left out.
//! Input: algorithm and demands, header, NUL, claims, NUL, what to do to the signature.
#![no_main]

use std::sync::LazyLock;

use countersign::{Accepted, Algorithm, DEFAULT_MAX_TOKEN_SIZE, Policy, Profile, UnixTime};
use countersign_fuzz::keys::{KEYS, decode, encode, sign, token};
use countersign_fuzz::{compact, decimal, parts};
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{DecodingKey, Validation};
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::Verifier as _;
use serde_json::Value;

const NOW: u32 = 1_800_000_000;
const ISSUER: &str = "https://auth.example.com";
const AUDIENCE: &str = "https://api.shop.example.com";
const SUBJECT: &str = "user-1";
/// Header members that `jsonwebtoken` reads and Countersign must not.
const FOREIGN: [&str; 10] = ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "enc", "zip", "url", "nonce"];

/// The crate's own choices of cryptography are large to build or old: RustCrypto as the other targets
/// have it, which is not what Countersign checks with.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: |algorithm, _| Ok(Box::new(RustCrypto(*algorithm))),
    key_utils: KeyUtils::new_unimplemented(),
};

struct RustCrypto(jsonwebtoken::Algorithm);

impl JwtVerifier for RustCrypto {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.0
    }
}

impl Verifier<Vec<u8>> for RustCrypto {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let holds = match self.0 {
            jsonwebtoken::Algorithm::HS256 => sign("HS256", message).is_some_and(|tag| tag == *signature),
            jsonwebtoken::Algorithm::EdDSA => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| KEYS.ed25519.verifying_key().verify_strict(message, &signature).is_ok()),
            jsonwebtoken::Algorithm::ES256 => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| KEYS.p256.verifying_key().verify(message, &signature).is_ok()),
            _ => false,
        };
        if holds { Ok(()) } else { Err(signature::Error::new()) }
    }
}

/// The key's family is all that `jsonwebtoken` looks at before it asks the provider.
static THEIR_KEYS: LazyLock<[(jsonwebtoken::Algorithm, DecodingKey); 3]> = LazyLock::new(|| {
    PROVIDER.install_default().expect("no other provider");
    [
        (jsonwebtoken::Algorithm::HS256, DecodingKey::from_secret(&[])),
        (jsonwebtoken::Algorithm::EdDSA, DecodingKey::from_ed_der(&[])),
        (jsonwebtoken::Algorithm::ES256, DecodingKey::from_ec_der(&[])),
    ]
});

fuzz_target!(|data: &[u8]| {
    let Some((&[choice, demands], data)) = data.split_first_chunk() else { return };
    let [header, claims, damage] = parts::<3>(data);
    let name = ["HS256", "EdDSA", "ES256"][usize::from(choice) % 3];

    let Some(rest) = header.trim_ascii_start().strip_prefix(b"{") else { return };
    let comma = if rest.trim_ascii_start().starts_with(b"}") { "" } else { "," };
    let header = [format!("{{\"alg\":\"{name}\"{comma}").as_bytes(), rest].concat();
    let token = damaged(token(name, &header, claims), damage);
    if token.len() > DEFAULT_MAX_TOKEN_SIZE {
        return;
    }

    let demanded = |bit: u8, value: &str| (demands & bit != 0).then(|| value.to_owned());
    let accepted = |value: Option<String>| value.map_or(Accepted::Any, |value| Accepted::OneOf(vec![value]));
    let (issuer, audience, subject) = (demanded(1, ISSUER), demanded(2, AUDIENCE), demanded(4, SUBJECT));
    let mut policy = Policy::new(Profile::Jwt, accepted(issuer.clone()), accepted(audience.clone()));
    policy.subject.clone_from(&subject);
    policy.algorithms = Some(vec![Algorithm::from_name(name).unwrap()]);
    if demands & 8 != 0 {
        policy.required_claims.clear();
    }
    let required = policy.required_claims.clone();
    let ours = countersign::Verifier::new(policy, KEYS.set.clone()).verify(&token, UnixTime::from_seconds(NOW));

    let (algorithm, key) = &THEIR_KEYS[usize::from(choice) % 3];
    let mut validation = Validation::new(*algorithm);
    (validation.validate_exp, validation.validate_nbf) = (false, false);
    validation.required_spec_claims.clear();
    validation.validate_aud = audience.is_some();
    for (name, value, set) in [
        ("iss", issuer, Validation::set_issuer as fn(&mut Validation, &[String])),
        ("aud", audience, Validation::set_audience),
        ("sub", subject, |validation, values| validation.sub = values.first().cloned()),
    ] {
        if let Some(value) = value {
            validation.required_spec_claims.insert(name.to_owned());
            set(&mut validation, &[value]);
        }
    }
    let theirs = jsonwebtoken::decode::<Value>(&token, key, &validation);

    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(serde_json::from_slice::<Value>(ours.payload()).unwrap(), theirs.claims);
            assert!(required.iter().all(|name| theirs.claims.get(name).is_some()));
            check_dates(&theirs.claims);
        }
        (Ok(ours), Err(error)) => {
            let header: Option<Value> = serde_json::from_slice(ours.header_bytes()).ok();
            let foreign = header.is_some_and(|header| FOREIGN.iter().any(|name| header.get(name).is_some()));
            let limit = [ours.header_bytes(), ours.payload()].iter().any(|octets| {
                serde_json::from_slice::<Value>(octets).is_err_and(|error| compact::limit(&error).is_some())
            });
            assert!(foreign || limit, "accepted, but jsonwebtoken says {error}: {token}");
        }
        (Err(error), Ok(_)) => {
            let ours_alone = [
                "json_duplicate_member",
                "json_too_deep",
                "header_invalid",
                "crit_invalid",
                "crit_unsupported",
                "b64_unsupported",
                "claims_invalid",
                "claim_missing",
                "claim_invalid",
                "token_expired",
                "token_not_yet_valid",
            ];
            let code = error.code().as_str();
            assert!(ours_alone.contains(&code), "{code}, but jsonwebtoken accepts: {token}");
        }
        (Err(_), Err(_)) => {}
    }
});

/// What `jsonwebtoken` leaves to its own clock.
fn check_dates(claims: &Value) {
    // Doubles, as it reads them; within their precision there is no telling.
    let date = |name: &str| claims.get(name).and_then(Value::as_f64);
    assert!(date("exp").is_none_or(|exp| exp > f64::from(NOW) - 1e-6), "expired");
    assert!(date("nbf").is_none_or(|nbf| nbf < f64::from(NOW) + 1e-6), "not yet valid");
    for name in ["exp", "nbf", "iat"] {
        if let Some(value) = claims.get(name) {
            assert!(value.is_number() && decimal::is_date(&value.to_string()), "{name} {value}");
        }
    }
}

/// Changes the signature: the first octet says how, the others where.
fn damaged(mut token: String, damage: &[u8]) -> String {
    let Some((&how, rest)) = damage.split_first() else { return token };
    let at = token.rfind('.').unwrap() + 1;
    let mut signature = decode(&token.as_bytes()[at..]).unwrap();
    match how % 4 {
        0 => rest.iter().enumerate().for_each(|(i, octet)| {
            let length = signature.len();
            signature[i % length] ^= octet;
        }),
        1 => signature.extend_from_slice(rest),
        2 => signature.truncate(usize::from(rest.first().copied().unwrap_or_default())),
        _ => {
            token.push_str(&String::from_utf8_lossy(rest));
            return token;
        }
    }
    token.truncate(at);
    token + &encode(&signature)
}
