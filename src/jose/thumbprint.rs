//! Thumbprints of keys (RFC 7638, RFC 9278).

use alloc::{format, string::String};

use super::base64url;
use super::json::{Object, Value};
use super::json_text::ObjectText;
use super::jwk::{bytes, invalid, object, required_text, unknown};
use crate::error::Error;
use crate::kernels::low::hash::Hash;

/// What a thumbprint is made of: the required members in lexicographic order (RFC 7638 §3.2, RFC 8037 §2,
/// RFC 9964 §6).
const REQUIRED_MEMBERS: [(&str, &str); 5] =
    [("EC", "crv kty x y"), ("RSA", "e kty n"), ("OKP", "crv kty x"), ("oct", "k kty"), ("AKP", "alg kty pub")];

/// The SHA-256 thumbprint of a JWK, base64url (RFC 7638 §3). Private members play no part.
///
/// # Errors
/// `key_invalid` when a member that the thumbprint needs is missing, or an RSA number has leading zeros.
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
    // RFC 7638 §7: a thumbprint identifies a key only where one representation of it is right. Elsewhere leading zeros
    // are taken for the number that they are; here they would give one key many thumbprints (RFC 7518 §6.3.1.1).
    for name in ["n", "e"] {
        if kty == "RSA" && matches!(*bytes(jwk, name)?, [0, _, ..]) {
            return Err(invalid(name).cite("RFC 7638 §7").found("leading zero bytes"));
        }
    }
    let mut text = ObjectText::new();
    for name in members.split(' ') {
        let member = jwk.get(name).and_then(Value::as_str).ok_or_else(|| invalid(name).expected("a string"))?;
        text.text(name, member);
    }
    Ok(base64url::encode(&Hash::Sha256.digest(&[text.finish().as_bytes()])))
}
