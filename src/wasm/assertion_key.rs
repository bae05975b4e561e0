//! The option `introspection.privateKey`: a private key in the forms that people have, and what it signs with. WebCrypto
//! signs; this core never sees the key of a `CryptoKey`.

use js_sys::{Reflect, Symbol, Uint8Array};
use serde::Serialize;
use std::{format, string::String};
use wasm_bindgen::JsValue;

use super::options::{Options, Read, elements, object, wrong};
use crate::jose::algorithm::{Algorithm, KeyKind};
use crate::jose::jwk::CURVES;
use crate::jose::{pem, pkcs8};
use crate::kernels::low::hash::Hash;
use crate::oauth::introspection_request::AssertionKey;

/// The key for the shell, which signs with it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SigningKey {
    /// How WebCrypto's `importKey` calls the form of the key; none where the key is WebCrypto's own.
    format: Option<&'static str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    parameters: Parameters,
}

/// How WebCrypto calls an algorithm: the parameters of both `importKey` and `sign`.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    name: &'static str,
    hash: &'static str,
    named_curve: &'static str,
    /// In bytes, for RSA-PSS: as long as the hash (RFC 7518 §3.5).
    salt_length: usize,
}

const EXPECTED: &str = "expected a private JWK, a CryptoKey for signing, or PEM (PKCS #8)";

const ALGORITHMS: &str = "expected a key for ES256, ES384, ES512, EdDSA, RS256, RS384, RS512, PS256, PS384 or PS512";

/// The algorithm that the caller names beside a key, and where.
type Named = Option<(String, String)>;

/// Reads the option: a key, or `{ key, alg, kid }` where the key itself does not say so.
pub(super) fn assertion_key(value: &JsValue, path: &str) -> Read<(AssertionKey, SigningKey)> {
    if object(value).is_none_or(|object| member(&object, "key").is_undefined()) {
        return read(value, path, None, None);
    }
    let own = Options::read(value, path, &["key", "alg", "kid"])?;
    let (key, path) = (own.required("key")?, own.path("key"));
    if !key.is_string() && !is_crypto_key(&key) {
        return Err(wrong(&path, "expected a CryptoKey for signing, or PEM (PKCS #8)"));
    }
    read(&key, &path, own.string("alg")?.map(|alg| (alg, own.path("alg"))), own.string("kid")?)
}

fn read(value: &JsValue, path: &str, alg: Named, kid: Option<String>) -> Read<(AssertionKey, SigningKey)> {
    let (algorithm, kid, format, key) = if let Some(text) = value.as_string() {
        let document = pem::private_key(text.as_bytes()).map_err(|found| wrong_pem(path, &found))?;
        let kind = pkcs8::key_kind(&document).map_err(|found| wrong_pem(path, found))?;
        if kind == KeyKind::Rsa && alg.is_none() {
            return Err(wrong(path, "expected { key, alg }: an RSA key does not say whether it is for RS256 or PS256"));
        }
        let algorithm = choose(&|algorithm, _| algorithm.facts().key == kind, alg, path)?;
        (algorithm, kid, Some("pkcs8"), Uint8Array::from(&*document).into())
    } else if is_crypto_key(value) {
        (of_crypto_key(value, alg, path)?, kid, None, value.clone())
    } else {
        let text = |name: &str| member(value, name).as_string();
        if text("d").is_none() {
            return Err(wrong(path, EXPECTED));
        }
        let kind = jwk_kind(&text("kty").unwrap_or_default(), &text("crv").unwrap_or_default());
        let alg = text("alg").map(|alg| (alg, String::from(path)));
        let algorithm = choose(&|algorithm, _| Some(algorithm.facts().key) == kind, alg, path)?;
        (algorithm, text("kid"), Some("jwk"), value.clone())
    };
    let (algorithm, parameters) = algorithm;
    Ok((AssertionKey { algorithm: String::from(algorithm.name()), kid }, SigningKey { format, key, parameters }))
}

/// The algorithm that is named, or the first that fits: the names of RFC 7518 §3.1 and RFC 8037 §3.1 come first.
fn choose(fits: &dyn Fn(Algorithm, &Parameters) -> bool, alg: Named, path: &str) -> Read<(Algorithm, Parameters)> {
    let (named, path) = alg.as_ref().map_or((None, path), |(alg, path)| (Some(alg.as_str()), path));
    Algorithm::all()
        .filter(|algorithm| named.is_none_or(|name| algorithm.name() == name))
        .filter_map(|algorithm| Some((algorithm, parameters(algorithm)?)))
        .find(|(algorithm, parameters)| fits(*algorithm, parameters))
        .ok_or_else(|| wrong(path, ALGORITHMS))
}

/// What WebCrypto signs with; none where it does not sign by that.
fn parameters(algorithm: Algorithm) -> Option<Parameters> {
    let facts = algorithm.facts();
    let hash = match facts.hash {
        Hash::Sha256 => "SHA-256",
        Hash::Sha384 => "SHA-384",
        Hash::Sha512 => "SHA-512",
    };
    let (name, named_curve, hash) = match facts.key {
        KeyKind::P256 => ("ECDSA", "P-256", hash),
        KeyKind::P384 => ("ECDSA", "P-384", hash),
        KeyKind::P521 => ("ECDSA", "P-521", hash),
        KeyKind::Ed25519 => ("Ed25519", "", ""),
        KeyKind::Rsa if facts.name.starts_with('P') => ("RSA-PSS", "", hash),
        KeyKind::Rsa => ("RSASSA-PKCS1-v1_5", "", hash),
        _ => return None,
    };
    Some(Parameters { name, hash, named_curve, salt_length: facts.hash.length() })
}

/// RFC 7518 §6.1, RFC 8037 §2.
fn jwk_kind(kty: &str, crv: &str) -> Option<KeyKind> {
    match (kty, crv) {
        ("EC", _) => CURVES.iter().find(|(name, _)| *name == crv).map(|(_, kind)| *kind),
        ("OKP", "Ed25519") => Some(KeyKind::Ed25519),
        ("RSA", _) => Some(KeyKind::Rsa),
        _ => None,
    }
}

/// The algorithm that WebCrypto itself holds a key to.
fn of_crypto_key(key: &JsValue, alg: Named, path: &str) -> Read<(Algorithm, Parameters)> {
    let may_sign =
        elements(&member(key, "usages"), path)?.iter().any(|(usage, _)| usage.as_string().as_deref() == Some("sign"));
    if member(key, "type").as_string().as_deref() != Some("private") || !may_sign {
        return Err(wrong(path, "expected a private CryptoKey with the usage sign"));
    }
    let of = member(key, "algorithm");
    let text = |value: &JsValue, name: &str| member(value, name).as_string();
    let (name, curve, hash) = (text(&of, "name"), text(&of, "namedCurve"), text(&member(&of, "hash"), "name"));
    let fits = |_: Algorithm, known: &Parameters| {
        let has_hash = hash.as_deref().is_none_or(|hash| hash == known.hash);
        name.as_deref() == Some(known.name) && curve.as_deref().unwrap_or_default() == known.named_curve && has_hash
    };
    choose(&fits, alg, path)
}

/// By its tag: in iframes and under Jest, `instanceof` is of no use. What has one here is no copy of the caller's.
fn is_crypto_key(value: &JsValue) -> bool {
    let tag = object(value).and_then(|object| Reflect::get(&object, &Symbol::to_string_tag()).ok());
    tag.and_then(|tag| tag.as_string()).is_some_and(|tag| tag == "CryptoKey")
}

fn member(value: &JsValue, name: &str) -> JsValue {
    object(value).and_then(|object| Reflect::get(&object, &name.into()).ok()).unwrap_or_default()
}

fn wrong_pem(path: &str, found: &str) -> JsValue {
    wrong(path, &format!("expected PEM with one PRIVATE KEY (PKCS #8, without a passphrase), found {found}"))
}
