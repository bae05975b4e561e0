//! PKCE against a recomputation, and DPoP proofs, signed here, against the letter of RFC 9449 §4.3
//! and the crate `url`. Input: kind, then a PKCE triple separated by NUL, a proof as it is, or data
//! for a proof.
#![no_main]

use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use countersign::{Algorithm, Pkce, ProofPolicy, UnixTime, pkce_challenge, verify_pkce, verify_proof};
use countersign_fuzz::invariants::check_error;
use countersign_fuzz::keys::{KEYS, SECRET, ed25519_jwk, encode, p256_jwk, token};
use countersign_fuzz::parts;
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

const NOW: u32 = 1_800_000_000;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else { return };
    match kind % 4 {
        0 => pkce(data),
        1 => drop(
            verify_proof(data, &policy(&Plan::default()), UnixTime::from_seconds(NOW))
                .map_err(|error| check_error(&error)),
        ),
        _ => {
            let Ok(plan) = Plan::arbitrary(&mut Unstructured::new(data)) else { return };
            dpop(&plan);
        }
    }
});

fn pkce(data: &[u8]) {
    let [verifier, challenge, method] = parts::<3>(data).map(std::str::from_utf8);
    let (Ok(verifier), Ok(challenge), Ok(method)) = (verifier, challenge, method) else { return };
    // RFC 7636 §4.1
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let sound = |text: &str| (43..=128).contains(&text.len()) && text.chars().all(unreserved);
    let s256 = |verifier: &str| encode(&Sha256::digest(verifier));

    let made = pkce_challenge(verifier);
    assert_eq!(made.as_deref().ok(), sound(verifier).then(|| s256(verifier)).as_deref());
    if let Ok(made) = &made {
        assert_eq!(verify_pkce(verifier, made, None), Ok(true));
        assert_eq!(verify_pkce(verifier, made, Some("S256")), Ok(true));
        assert_eq!(verify_pkce(verifier, verifier, Some("plain")), Ok(true));
    }
    for method in [None, Some("S256"), Some("plain"), Some(method)] {
        match verify_pkce(verifier, challenge, method) {
            Ok(answer) => {
                let expected = if method == Some("plain") { verifier.to_owned() } else { s256(verifier) };
                assert_eq!((answer, sound(verifier)), (expected == challenge, true));
                assert!(matches!(method, None | Some("S256" | "plain")));
            }
            Err(error) => {
                check_error(&error);
                let expected = if !sound(verifier) {
                    "pkce_verifier_invalid"
                } else if !matches!(method, None | Some("S256" | "plain")) {
                    "pkce_method_unsupported"
                } else {
                    "pkce_challenge_invalid"
                };
                assert_eq!(error.code().as_str(), expected);
            }
        }
    }
    if let Some(random) = data.first_chunk() {
        let pair = Pkce::from_random(*random);
        assert_eq!(verify_pkce(&pair.verifier, &pair.challenge, None), Ok(true));
    }
}

#[derive(Arbitrary, Debug, Default)]
struct Plan<'a> {
    key: u8,
    algorithm: u8,
    algorithms: Option<bool>,
    typ: u8,
    method: (u8, u8),
    url: (Location<'a>, Location<'a>),
    same_url: bool,
    age: i8,
    fraction: bool,
    jti: u8,
    exp: Option<i8>,
    nbf: Option<i8>,
    /// What the policy wants, and what the proof has: nonce, access token, thumbprint.
    nonce: (u8, u8),
    access_token: (u8, u8),
    thumbprint: u8,
    damage: u8,
}

#[derive(Arbitrary, Debug, Default)]
struct Location<'a> {
    scheme: u8,
    authority: u8,
    port: u8,
    path: &'a str,
    free: Option<&'a str>,
}

impl Location<'_> {
    fn text(&self) -> String {
        let pick = |list: &[&'static str], at: u8| list[usize::from(at) % list.len()];
        let scheme = pick(&["https", "https", "http", "HTTPS", "ftp", ""], self.scheme);
        let authority = pick(
            &[
                "a.example",
                "a.example",
                "A.EXAMPLE",
                "b.example",
                "[::1]",
                "u@a.example",
                "U@a.example",
                "%61.example",
                "",
            ],
            self.authority,
        );
        let port = pick(&["", "", ":443", ":80", ":8443", ":", ":0443"], self.port);
        self.free.map_or_else(|| format!("{scheme}://{authority}{port}/{}", self.path), String::from)
    }
}

fn policy(plan: &Plan<'_>) -> ProofPolicy {
    let optional = |choice: u8| [None, Some("one"), Some("two"), Some("")][usize::from(choice) % 4].map(String::from);
    let thumbprints = [None, Some(jwk_thumbprint(0)), Some(jwk_thumbprint(1)), Some(String::from("x"))];
    ProofPolicy {
        method: ["GET", "POST", "get", ""][usize::from(plan.method.0) % 4].to_owned(),
        url: plan.url.0.text(),
        access_token: optional(plan.access_token.0),
        nonce: optional(plan.nonce.0),
        thumbprint: thumbprints[usize::from(plan.thumbprint) % 4].clone(),
        algorithms: plan.algorithms.map(|both| {
            let names: &[&str] = if both { &["EdDSA", "Ed25519", "ES256", "HS256"] } else { &["ES256", "HS256"] };
            names.iter().filter_map(|name| Algorithm::from_name(name)).collect()
        }),
        max_age: Duration::from_secs(60),
    }
}

/// The keys that a proof may carry; only the first two are public ones that sign here.
fn jwk(key: u8) -> Value {
    let (mut ed25519, mut p256) = (ed25519_jwk(&KEYS.ed25519), p256_jwk(&KEYS.p256));
    match key % 8 {
        0 | 6 => ed25519,
        1 | 7 => p256,
        2 => json!({ "kty": "oct", "k": encode(&SECRET) }),
        3 => {
            ed25519["d"] = json!(encode(KEYS.ed25519.as_bytes()));
            ed25519
        }
        4 => {
            p256["use"] = json!("enc");
            p256
        }
        _ => Value::Null,
    }
}

fn jwk_thumbprint(key: u8) -> String {
    // serde_json writes members in lexicographic order, which is that of RFC 7638.
    encode(&Sha256::digest(jwk(key).to_string()))
}

fn dpop(plan: &Plan<'_>) {
    let algorithm = ["EdDSA", "ES256", "Ed25519", "HS256"][usize::from(plan.algorithm) % 4];
    let typ =
        ["dpop+jwt", "application/dpop+jwt", "DPoP+JWT", "dpop+jwt", "JWT", "at+jwt", ""][usize::from(plan.typ) % 7];
    let policy = policy(plan);
    let htm = ["GET", "POST", "get", ""][usize::from(plan.method.1) % 4];
    let htu = if plan.same_url { policy.url.clone() } else { plan.url.1.text() };
    let jti = ["one", "two", ""][usize::from(plan.jti) % 3];
    let mut claims = json!({ "htm": htm, "htu": htu, "jti": jti });
    let seconds = |offset: i8| i64::from(NOW) + i64::from(offset);
    claims["iat"] = if plan.fraction { json!(seconds(plan.age) as f64 + 0.5) } else { json!(seconds(plan.age)) };
    for (name, offset) in [("exp", plan.exp), ("nbf", plan.nbf)] {
        if let Some(offset) = offset {
            claims[name] = json!(seconds(offset));
        }
    }
    let found = |choice: u8| [None, Some("one"), Some("two")][usize::from(choice) % 3];
    if let Some(nonce) = found(plan.nonce.1) {
        claims["nonce"] = json!(nonce);
    }
    if let Some(access_token) = found(plan.access_token.1) {
        claims["ath"] = json!(encode(&Sha256::digest(access_token)));
    }
    let header = json!({ "typ": typ, "alg": algorithm, "jwk": jwk(plan.key) });
    let mut proof = token(algorithm, header.to_string().as_bytes(), claims.to_string().as_bytes()).into_bytes();
    let signed = plan.damage < 224;
    if !signed {
        let at = proof.len() - 2 - usize::from(plan.damage - 224);
        proof[at] = if proof[at] == b'A' { b'B' } else { b'A' };
    }

    let verdict = verify_proof(&proof, &policy, UnixTime::from_seconds(NOW));
    let age = i64::from(plan.age);
    let holds = signed
        && typ.to_ascii_lowercase().ends_with("dpop+jwt")
        && matches!((plan.key % 8, algorithm), (0 | 6, "EdDSA" | "Ed25519") | (1 | 7, "ES256"))
        && policy.algorithms.as_ref().is_none_or(|list| list.iter().any(|one| one.name() == algorithm))
        && htm == policy.method
        && !htm.is_empty()
        && !jti.is_empty()
        && age >= -60
        && (age < 60 || age == 60 && !plan.fraction)
        && plan.exp.is_none_or(|exp| exp > 0)
        && plan.nbf.is_none_or(|nbf| nbf <= 0)
        && policy.nonce.as_deref().is_none_or(|nonce| found(plan.nonce.1) == Some(nonce))
        && policy.access_token.as_deref().is_none_or(|token| found(plan.access_token.1) == Some(token))
        && policy.thumbprint.as_ref().is_none_or(|bound| *bound == jwk_thumbprint(plan.key % 8 % 6));
    match verdict {
        Ok(accepted) => {
            assert!(holds, "{plan:?} {policy:?}");
            assert_eq!((accepted.jti.as_str(), accepted.thumbprint), (jti, jwk_thumbprint(plan.key % 8 % 6)));
            assert_same_location(&htu, &policy.url);
        }
        Err(error) => {
            check_error(&error);
            assert!(!holds || htu != policy.url || !is_plain(&htu), "{error} {plan:?} {policy:?}");
        }
    }
}

/// Whether nobody can doubt that this is an http URL.
fn is_plain(url: &str) -> bool {
    ["https://a.example/", "http://a.example/"].iter().any(|prefix| url.starts_with(prefix))
        && url.bytes().all(|octet| octet.is_ascii_graphic())
}

/// URLs that count as equal are equal to a browser's parser as well.
fn assert_same_location(one: &str, other: &str) {
    let (Ok(one), Ok(other)) = (Url::parse(one), Url::parse(other)) else { return };
    let origin = |url: &Url| {
        let text = |text: Option<&str>| text.map(String::from);
        (url.scheme().to_owned(), text(url.host_str()), url.port_or_known_default(), url.username().to_owned())
    };
    let path = |url: &Url| percent_decode_str(url.path()).collect::<Vec<u8>>();
    assert_eq!(origin(&one), origin(&other), "{one} {other}");
    assert_eq!(path(&one), path(&other), "{one} {other}");
}
