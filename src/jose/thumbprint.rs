//! Thumbprints of keys (RFC 7638, RFC 9278).

use alloc::{format, string::String};

use super::base64url;
use super::json::{Object, Value};
use super::json_text::ObjectText;
use super::jwk::{invalid, object, required_text, unknown};
use crate::error::Error;
use crate::kernels::low::hash::Hash;

/// What a thumbprint is made of: the required members in lexicographic order (RFC 7638 §3.2, RFC 8037 §2,
/// RFC 9964 §6).
const REQUIRED_MEMBERS: [(&str, &str); 5] =
    [("EC", "crv kty x y"), ("RSA", "e kty n"), ("OKP", "crv kty x"), ("oct", "k kty"), ("AKP", "alg kty pub")];

/// The SHA-256 thumbprint of a JWK, base64url (RFC 7638 §3). Private members play no part.
///
/// # Errors
/// `key_invalid` when a member that the thumbprint needs is missing.
pub fn thumbprint(jwk: &[u8]) -> Result<String, Error> {
    let key = object(jwk)?;
    if key.contains("keys") && !key.contains("kty") {
        return Err(unknown("kty", "RFC 7638 §3", "a JWK Set", "one key of it"));
    }
    thumbprint_of(&key)
}

/// The thumbprint as a URI, `urn:ietf:params:oauth:jwk-thumbprint:sha-256:…` (RFC 9278 §3).
///
/// # Errors
/// As [`thumbprint`].
pub fn thumbprint_uri(jwk: &[u8]) -> Result<String, Error> {
    Ok(format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{}", thumbprint(jwk)?))
}

pub(crate) fn thumbprint_of(jwk: &Object<'_>) -> Result<String, Error> {
    let kty = required_text(jwk, "kty")?;
    let Some((_, members)) = REQUIRED_MEMBERS.iter().find(|(name, _)| *name == kty) else {
        return Err(invalid("kty").found(kty).expected("AKP, EC, OKP, RSA or oct"));
    };
    let mut text = ObjectText::new();
    for name in members.split(' ') {
        let member = jwk.get(name).and_then(Value::as_str).ok_or_else(|| invalid(name).expected("a string"))?;
        text.text(name, member);
    }
    Ok(base64url::encode(&Hash::Sha256.digest(&[text.finish().as_bytes()])))
}
