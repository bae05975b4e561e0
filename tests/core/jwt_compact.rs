//! jwt-compact makes tokens, with its own algorithms where it has them, and checks them through ours.
#![allow(clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::algorithms::{
    Ed25519, Ed25519Key, EdDsa, Es256, Hs256, Hs256Key, Hs384, Hs384Key, Hs512, Hs512Key, P256Key, Ps256, Ps384, Ps512,
    Rs256, Rs384, Rs512, RsaKey, RsaKeyError, SecretError,
};
use jwt_compact::jwk::{JsonWebKey, JwkError};
use jwt_compact::{Algorithm, AlgorithmExt, Claims, Header, Token, UntrustedToken, ValidationError, alg};
use serde_json::{Value, json};

/// The key pair of RFC 7515, appendix A.2.
const RSA: &str = r#"{
    "kty": "RSA",
    "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "e": "AQAB",
    "d": "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    "p": "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    "q": "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    "dp": "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    "dq": "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    "qi": "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuMWvtlsV8cGIWyc-Dh9Y1pnk2JEBkNrLYOgG-VzTwnb7p1PqxQE-Pbb5yNmAaEQjGSdRhCxR5y3d3Vb-_1LsfVhEdWvSJMDAOlVeEsr2fnxWMz5U5tLwTXDmXKr4PGs"
}"#;

/// The key pair of RFC 7515, appendix A.3.
const EC: &str = r#"{
    "kty": "EC", "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
}"#;

/// The key pair of RFC 8037, appendix A.1.
const OKP: &str = r#"{
    "kty": "OKP", "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
}"#;

/// A member of a JWK as bytes.
fn member(jwk: &str, name: &str) -> Vec<u8> {
    let jwk: Value = serde_json::from_str(jwk).unwrap();
    Base64UrlUnpadded::decode_vec(jwk[name].as_str().unwrap()).unwrap()
}

/// jwt-compact's own key of a JWK.
fn signing_key<K: for<'k> TryFrom<&'k JsonWebKey<'k>, Error = JwkError>>(jwk: &str) -> K {
    let jwk: JsonWebKey<'_> = serde_json::from_str(jwk).unwrap();
    K::try_from(&jwk).unwrap()
}

fn sign<A: Algorithm>(algorithm: &A, key: &A::SigningKey) -> String {
    algorithm.token(&Header::empty(), &Claims::new(json!({ "sub": "alice" })), key).unwrap()
}

fn check<A: Algorithm>(algorithm: &A, key: &A::VerifyingKey, token: &str) -> Result<Token<Value>, ValidationError> {
    algorithm.validator(key).validate(&UntrustedToken::new(token).unwrap())
}

/// A token of `signer` holds under `verifier`, and nothing else does.
fn holds<S: Algorithm, V: Algorithm>(signer: &S, signing: &S::SigningKey, verifier: &V, verifying: &V::VerifyingKey) {
    let token = sign(signer, signing);
    let name = verifier.name();
    assert_eq!(check(verifier, verifying, &token).unwrap().claims().custom["sub"], "alice", "{name}");

    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
    let with_signature = |signature: &[u8]| format!("{input}.{}", Base64UrlUnpadded::encode_string(signature));
    for bit in (0..8 * signature.len()).step_by(101) {
        let mut wrong = signature.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        let refusal = check(verifier, verifying, &with_signature(&wrong));
        assert!(matches!(refusal, Err(ValidationError::InvalidSignature)), "{name} {bit}");
    }
    assert!(check(verifier, verifying, &with_signature(&signature[1..])).is_err(), "{name}");
    assert!(check(verifier, verifying, &with_signature(&[&signature[..], &[0]].concat())).is_err(), "{name}");

    let (header, payload) = input.split_once('.').unwrap();
    let other = Base64UrlUnpadded::encode_string(br#"{"sub":"mallory"}"#);
    assert_ne!(payload, other);
    let forged = format!("{header}.{other}.{}", Base64UrlUnpadded::encode_string(&signature));
    assert!(matches!(check(verifier, verifying, &forged), Err(ValidationError::InvalidSignature)), "{name}");

    let unnamed = format!("{}.{payload}.", Base64UrlUnpadded::encode_string(br#"{"alg":"none"}"#));
    let refusal = check(verifier, verifying, &unnamed);
    assert!(matches!(refusal, Err(ValidationError::AlgorithmMismatch { .. })), "{name}");
}

#[test]
fn ecdsa() {
    let public = P256Key::from_coordinates(&member(EC, "x"), &member(EC, "y")).unwrap();
    holds(&alg::Es256, &signing_key(EC), &Es256, &public);
    assert!(P256Key::from_coordinates(&member(EC, "x"), &member(EC, "x")).is_none());
}

#[test]
fn ed25519() {
    let public = Ed25519Key::from_bytes(&member(OKP, "x")).unwrap();
    holds(&alg::Ed25519, &signing_key(OKP), &EdDsa, &public);
    holds(&alg::Ed25519::with_specific_name(), &signing_key(OKP), &Ed25519, &public);
    assert!(Ed25519Key::from_bytes(&[0; 32]).is_none());
}

#[test]
fn rsa() {
    let (n, e) = (member(RSA, "n"), member(RSA, "e"));
    let (private, public) = (signing_key(RSA), RsaKey::from_parts(&n, &e).unwrap());
    holds(&alg::Rsa::rs256(), &private, &Rs256, &public);
    holds(&alg::Rsa::rs384(), &private, &Rs384, &public);
    holds(&alg::Rsa::rs512(), &private, &Rs512, &public);
    holds(&alg::Rsa::ps256(), &private, &Ps256, &public);
    holds(&alg::Rsa::ps384(), &private, &Ps384, &public);
    holds(&alg::Rsa::ps512(), &private, &Ps512, &public);
    assert_eq!(RsaKey::from_parts(&n[..128], &e).err(), Some(RsaKeyError::Short(1024)));
}

/// Ours sign here as well.
#[test]
fn hmac() {
    let secret: Vec<u8> = (0..64).collect();
    let (hs256, hs384, hs512) =
        (Hs256Key::new(&secret).unwrap(), Hs384Key::new(&secret).unwrap(), Hs512Key::new(&secret).unwrap());
    let theirs = (alg::Hs256Key::new(&secret), alg::Hs384Key::new(&secret), alg::Hs512Key::new(&secret));
    holds(&alg::Hs256, &theirs.0, &Hs256, &hs256);
    holds(&alg::Hs384, &theirs.1, &Hs384, &hs384);
    holds(&alg::Hs512, &theirs.2, &Hs512, &hs512);
    holds(&Hs256, &hs256, &alg::Hs256, &theirs.0);
    holds(&Hs384, &hs384, &alg::Hs384, &theirs.1);
    holds(&Hs512, &hs512, &alg::Hs512, &theirs.2);
    holds(&Hs256, &hs256, &Hs256, &hs256);
    assert_eq!(Hs512Key::new(&secret[1..]).err(), Some(SecretError::Short { length: 63, least: 64 }));
}
