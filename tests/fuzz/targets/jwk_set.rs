//! Keys: no text breaks the reader, no key breaks its siblings, what is accepted is sound, and no
//! key accepts a signature that nobody made. Input: how to wrap the rest, then JSON, PEM or DER.
#![no_main]

use std::sync::LazyLock;

use base64ct::{Base64, Encoding};
use countersign::{
    Algorithm, DEFAULT_MAX_TOKEN_SIZE, Error, Key, KeySet, SignaturePolicy, thumbprint, verify_signature,
};
use countersign_fuzz::invariants::check_error;
use countersign_fuzz::keys::{decode, encode};
use countersign_fuzz::tree::Tree;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

/// A token of each algorithm whose signature is noise of the right length.
static FORGERIES: LazyLock<Vec<(Algorithm, String)>> = LazyLock::new(|| {
    let lengths = |name: &str| match name {
        "HS256" => 32,
        "HS384" => 48,
        "ES384" => 96,
        "ES512" => 132,
        "ML-DSA-44" => 2420,
        "ML-DSA-65" => 3309,
        "ML-DSA-87" => 4627,
        name if name.starts_with("RS") || name.starts_with("PS") => 256,
        _ => 64,
    };
    let noise = |length: usize| (0..length).map(|i| (i * 37 % 120 + 1) as u8).collect::<Vec<u8>>();
    let token = |algorithm: Algorithm| {
        let header = format!(r#"{{"alg":"{}"}}"#, algorithm.name());
        format!("{}.{}.{}", encode(header.as_bytes()), encode(b"{}"), encode(&noise(lengths(algorithm.name()))))
    };
    Algorithm::all().map(|algorithm| (algorithm, token(algorithm))).collect()
});

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else { return };
    let text = match kind % 4 {
        1 => pem("PUBLIC KEY", data),
        2 => pem("CERTIFICATE", data),
        3 => pem("RSA PUBLIC KEY", data),
        _ => data.to_vec(),
    };
    let set = KeySet::parse(&text);
    match &set {
        Ok(set) => {
            set.dropped().iter().for_each(|key| check_error(&key.reason));
            refuses_forgeries(set);
        }
        Err(error) => check_error(error),
    }
    if kind % 4 != 0 {
        check_layouts(&text, &set);
    } else if text.trim_ascii_start().starts_with(b"{") || !may_be_pem(&text) {
        check_json(&text, &set);
    }
    if let Ok(key) = Key::from_secret(text.clone()) {
        assert!(text.len() >= 32 && key.kid().is_none());
    }
});

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let text = Base64::encode_string(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n")).into_bytes()
}

/// Whether a boundary of PEM stands anywhere.
fn may_be_pem(text: &[u8]) -> bool {
    text.windows(9).any(|part| part.starts_with(b"-----END ") || part == b"-----BEGI")
}

/// White space within a block, and text around it, change nothing (RFC 7468 §2).
fn check_layouts(text: &[u8], set: &Result<KeySet, Error>) {
    let text = std::str::from_utf8(text).expect("PEM of our own");
    for other in [
        text.replace('\n', "\r\n"),
        text.replace('\n', " "),
        text.replace('\n', "\\n"),
        text.replace('\n', "\n\t"),
        format!("key of July\n{text}and no more"),
    ] {
        let same = match (KeySet::parse(other.as_bytes()), set) {
            (Ok(other), Ok(set)) => other.len() == set.len(),
            (Err(other), Err(error)) => other == *error,
            _ => false,
        };
        assert!(same, "{other:?}");
    }
}

/// Keys by kid: as many as can be used, each under a name of the object's.
fn check_pem_by_kid(members: &[(String, Tree)], set: &Result<KeySet, Error>) {
    let Ok(set) = set else { return };
    assert_eq!(set.len() + set.dropped().len(), members.len());
    let named = |kid: Option<&str>| members.iter().any(|(name, _)| Some(&**name) == kid);
    assert!(set.keys().iter().all(|key| named(key.kid())), "a kid from nowhere");
}

fn refuses_forgeries(set: &KeySet) {
    for (algorithm, token) in FORGERIES.iter() {
        let policy = SignaturePolicy {
            algorithms: Some(vec![*algorithm]),
            crit: Vec::new(),
            max_token_size: DEFAULT_MAX_TOKEN_SIZE,
        };
        let verdict = verify_signature(token.as_bytes(), set, &policy);
        check_error(&verdict.expect_err("noise is a signature"));
    }
}

fn check_json(text: &[u8], set: &Result<KeySet, Error>) {
    let tree = match Tree::parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            assert!(set.is_err() || countersign_fuzz::compact::limit(&error).is_some(), "{error}");
            return;
        }
    };
    let Tree::Object(members) = &tree else {
        assert!(set.is_err());
        return;
    };
    if tree.depth() > 64 {
        assert!(set.is_err());
        return;
    }
    if !members.is_empty()
        && members.iter().all(|(_, value)| value.as_str().is_some_and(|text| may_be_pem(text.as_bytes())))
    {
        return check_pem_by_kid(members, set);
    }
    if tree.get("keys").is_none() {
        assert_eq!(set.is_ok(), Key::from_jwk(text).is_ok(), "a key alone");
        if set.is_ok() {
            check_key(&tree, text);
        }
        return;
    }
    let mut names: Vec<&String> = members.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    let duplicate = names.windows(2).any(|pair| pair[0] == pair[1]);
    let keys = match tree.get("keys") {
        Some(Tree::Array(keys)) if !duplicate => keys,
        _ => return assert!(set.is_err()),
    };
    // One bad key never breaks its siblings: each is as good in the set as it is alone.
    let alone: Vec<bool> = keys.iter().map(|key| Key::from_jwk(key.text().as_bytes()).is_ok()).collect();
    let good = alone.iter().filter(|&&good| good).count();
    match set {
        Ok(set) => assert_eq!((set.len(), set.dropped().len()), (good, keys.len() - good)),
        Err(_) => assert!(good == 0 && !keys.is_empty(), "good keys were refused"),
    }
    for (key, _) in keys.iter().zip(&alone).filter(|(_, good)| **good) {
        check_key(key, key.text().as_bytes());
    }
}

/// An accepted key is sound by the letter of RFC 7518 §6, and its thumbprint is that of RFC 7638.
fn check_key(jwk: &Tree, text: &[u8]) {
    assert!(!jwk.has_duplicate());
    let member = |name| jwk.get(name).and_then(Tree::as_str).expect(name);
    let octets = |name| decode(member(name).as_bytes()).expect(name);
    let kty = member("kty");
    if kty != "oct" {
        let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];
        assert!(private.iter().all(|name| jwk.get(name).is_none()), "a private key");
    }
    let mut is_canonical = true;
    let names: &[&str] = match kty {
        "oct" => {
            assert!(octets("k").len() >= 32);
            &["k", "kty"]
        }
        "RSA" => {
            // Leading zeros do not change a number (RFC 7518 §6.3.1.1), but its thumbprint (RFC 7638 §7).
            let [n, e] = ["n", "e"].map(octets);
            let has_zeros = [&n, &e].iter().any(|number| number[0] == 0 && number.len() > 1);
            let [n, e] = [n, e].map(|number| number.into_iter().skip_while(|&octet| octet == 0).collect::<Vec<u8>>());
            is_canonical = !has_zeros;
            assert!(n[n.len() - 1] % 2 == 1 && e[e.len() - 1] % 2 == 1 && e != [1]);
            assert!((256..=1024).contains(&n.len()) && (n.len() > 256 || n[0] >= 128));
            &["e", "kty", "n"]
        }
        "EC" => {
            let length = match member("crv") {
                "P-256" | "secp256k1" => 32,
                "P-384" => 48,
                "P-521" => 66,
                other => panic!("{other}"),
            };
            assert!(octets("x").len() == length && octets("y").len() == length);
            &["crv", "kty", "x", "y"]
        }
        "OKP" => {
            assert!(member("crv") == "Ed25519" && octets("x").len() == 32);
            &["crv", "kty", "x"]
        }
        "AKP" => {
            let length = match member("alg") {
                "ML-DSA-44" => 1312,
                "ML-DSA-65" => 1952,
                "ML-DSA-87" => 2592,
                other => panic!("{other}"),
            };
            assert_eq!(octets("pub").len(), length);
            &["alg", "kty", "pub"]
        }
        other => panic!("{other}"),
    };
    let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":\"{}\"", member(name))).collect();
    let canonical = format!("{{{}}}", members.join(","));
    let expected = Some(encode(&Sha256::digest(canonical))).filter(|_| is_canonical);
    assert_eq!(thumbprint(text).ok(), expected);
}
