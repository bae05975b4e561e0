//! JSON Web Keys (RFC 7517): from text to keys that have been checked.

use alloc::{format, string::String, vec::Vec};

use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::{Algorithm, KeyKind};
use crate::jose::base64url;
use crate::jose::issuer_template::IssuerTemplate;
use crate::jose::json::{self, Object, Value};
use crate::jose::ml_dsa;
use crate::jose::verifying_key::VerifyingKey;
use crate::kernels::high::ecdsa::{P256Key, P384Key, P521Key, Secp256k1Key};
use crate::kernels::high::ed25519::Ed25519Key;

/// The curves of points by name (RFC 7518 §6.2.1.1, RFC 8812 §3.1).
pub(crate) const CURVES: [(&str, KeyKind); 4] =
    [("P-256", KeyKind::P256), ("P-384", KeyKind::P384), ("P-521", KeyKind::P521), ("secp256k1", KeyKind::Secp256k1)];

/// The members that make a key private (RFC 7518 §6.2.2, §6.3.2, RFC 8037 §2, RFC 9964 §3).
const PRIVATE_MEMBERS: &str = "d p q dp dq qi oth priv";

/// A key that has been checked: its numbers are sound, its strength suffices, nothing private.
#[derive(Clone, Debug)]
pub struct Key {
    kid: Option<String>,
    purpose: Purpose,
    /// The issuer whose tokens alone it may check, where it names one.
    issuer: Option<IssuerTemplate>,
    kind: KeyKind,
    material: VerifyingKey,
}

/// What a key says it may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Signatures of every algorithm that fits its kind.
    AnySignature,
    /// Signatures of RSASSA-PSS, by any hash (RFC 4055 §1.2).
    AnyPss,
    /// Signatures of the one algorithm that `alg` names (RFC 7517 §4.4).
    Only(Algorithm),
    /// Something else: encryption, signing, or an algorithm that is not known here.
    Other,
}

/// Whether a key can check signatures of an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Yes,
    No,
    /// The right kind, but shorter than the algorithm demands.
    TooShort,
}

impl Key {
    /// The key of a JWK's JSON text.
    ///
    /// # Errors
    /// `key_invalid`, `key_weak` or `key_private`, and the codes of malformed JSON.
    pub fn from_jwk(text: &[u8]) -> Result<Self, Error> {
        Self::from_object(&object(text)?)
    }

    /// A shared secret for HMAC, as bytes.
    ///
    /// # Errors
    /// `key_weak` below 32 bytes, `key_invalid` for what is in truth a public key.
    pub fn from_secret(bytes: Vec<u8>) -> Result<Self, Error> {
        let material = VerifyingKey::of_secret(&bytes)?;
        Ok(Self::for_any_signature(KeyKind::Secret, material))
    }

    /// A key that names no algorithm and no identifier, as PEM gives it.
    pub(crate) fn for_any_signature(kind: KeyKind, material: VerifyingKey) -> Self {
        Self { kid: None, purpose: Purpose::AnySignature, issuer: None, kind, material }
    }

    /// The same key under a name of the caller's.
    pub(super) fn with_kid(self, kid: &str) -> Self {
        Self { kid: Some(String::from(kid)), ..self }
    }

    /// The same key for RSASSA-PSS only: by one algorithm, or by any hash.
    pub(super) fn for_pss(self, only: Option<Algorithm>) -> Self {
        Self { purpose: only.map_or(Purpose::AnyPss, Purpose::Only), ..self }
    }

    pub(crate) fn from_object(jwk: &Object<'_>) -> Result<Self, Error> {
        let kty = required_text(jwk, "kty")?;
        if kty != "oct"
            && let Some(name) = PRIVATE_MEMBERS.split(' ').find(|name| jwk.contains(name))
        {
            return Err(Error::new(ErrorCode::KeyPrivate).claim(name));
        }
        let (kind, material) = match kty {
            "oct" => (KeyKind::Secret, VerifyingKey::of_secret(&bytes(jwk, "k")?)?),
            "RSA" => (KeyKind::Rsa, VerifyingKey::of_rsa_parts(&unsigned(jwk, "n")?, &unsigned(jwk, "e")?)?),
            "EC" => elliptic_curve(jwk)?,
            "OKP" => octet_key_pair(jwk)?,
            "AKP" => algorithm_key_pair(jwk)?,
            other => return Err(unknown("kty", "RFC 7517 §4.1", other, "AKP, EC, OKP, RSA or oct")),
        };
        let kid = optional_text(jwk, "kid")?.map(String::from);
        // Entra's member: no RFC has it, and a set of several issuers' keys says by it whose each is.
        let issuer = optional_text(jwk, "issuer")?.map(IssuerTemplate::of_key);
        let key = Self { kid, purpose: purpose(jwk)?, issuer, kind, material };
        match key.purpose {
            Purpose::Only(algorithm) if key.fit(algorithm) == Fit::TooShort => Err(too_short(algorithm)),
            _ => Ok(key),
        }
    }

    /// The key's identifier.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The issuer whose tokens alone the key may check, where it names one.
    pub(crate) const fn issuer(&self) -> Option<&IssuerTemplate> {
        self.issuer.as_ref()
    }

    /// The one algorithm that the key may be used with, where it names one.
    pub fn algorithm_name(&self) -> Option<&'static str> {
        match self.purpose {
            Purpose::Only(algorithm) => Some(algorithm.name()),
            Purpose::AnySignature | Purpose::AnyPss | Purpose::Other => None,
        }
    }

    pub(crate) fn fit(&self, algorithm: Algorithm) -> Fit {
        let named = match self.purpose {
            Purpose::AnySignature => true,
            Purpose::AnyPss => matches!(algorithm, Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512),
            Purpose::Only(only) => only == algorithm,
            Purpose::Other => false,
        };
        if !named || self.kind != algorithm.facts().key {
            return Fit::No;
        }
        match &self.material {
            VerifyingKey::Secret(secret) if !secret.is_long_enough(algorithm.facts().hash) => Fit::TooShort,
            _ => Fit::Yes,
        }
    }

    /// This key, read anew: with what is precomputed for the one that was read before.
    #[must_use]
    pub(crate) fn sharing(self, before: &Self) -> Self {
        if self.kind == before.kind { Self { material: before.material.clone(), ..self } } else { self }
    }

    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.material.verifies(algorithm, message, signature)
    }
}

pub(super) fn object(text: &[u8]) -> Result<Object<'_>, Error> {
    match json::parse(text).map_err(|fault| not_json(&fault))? {
        Value::Object(object) => Ok(object),
        other => Err(Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §4").found(other.kind()).expected("a JWK")),
    }
}

/// The refusal of a key with malformed JSON, distinct from that of a token.
pub(crate) fn not_json(fault: &Error) -> Error {
    let found = fault.found_value().unwrap_or(fault.code().meaning());
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §4").found(found).expected("JSON or PEM")
}

/// A duplicate member has no single meaning (RFC 7517 §4).
pub(crate) fn duplicate(name: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §4").claim(name).found("a duplicate member")
}

/// The refusal of a secret that is shorter than the algorithm's hash.
pub(crate) fn too_short(algorithm: Algorithm) -> Error {
    let expected = format!("at least {} bytes for {}", algorithm.facts().hash.length(), algorithm.name());
    Error::new(ErrorCode::KeyWeak).cite(algorithm.facts().spec).claim("k").expected(expected)
}

fn elliptic_curve(jwk: &Object<'_>) -> Result<(KeyKind, VerifyingKey), Error> {
    let curve = required_text(jwk, "crv")?;
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    let Some(&(_, kind)) = CURVES.iter().find(|(name, _)| *name == curve) else {
        return Err(unknown("crv", "RFC 7518 §6.2.1.1", curve, "P-256, P-384, P-521 or secp256k1"));
    };
    match point(kind, &x, &y) {
        Some(key) => Ok((kind, key)),
        None => Err(invalid("x").cite("RFC 7518 §6.2.1").found("no point of full length on the curve")),
    }
}

/// The key of a point on one of the [`CURVES`]; `None` if it is no point of full length.
pub(crate) fn point(kind: KeyKind, x: &[u8], y: &[u8]) -> Option<VerifyingKey> {
    match kind {
        KeyKind::P256 => P256Key::from_coordinates(x, y).map(VerifyingKey::P256),
        KeyKind::P384 => P384Key::from_coordinates(x, y).map(VerifyingKey::P384),
        KeyKind::P521 => P521Key::from_coordinates(x, y).map(VerifyingKey::P521),
        KeyKind::Secp256k1 => Secp256k1Key::from_coordinates(x, y).map(VerifyingKey::Secp256k1),
        _ => None,
    }
}

fn octet_key_pair(jwk: &Object<'_>) -> Result<(KeyKind, VerifyingKey), Error> {
    match required_text(jwk, "crv")? {
        "Ed25519" => Ed25519Key::from_bytes(&bytes(jwk, "x")?)
            .map(|key| (KeyKind::Ed25519, VerifyingKey::Ed25519(key)))
            .ok_or_else(|| invalid("x").cite("RFC 8037 §2").found("no canonical point of full order")),
        other => Err(unknown("crv", "RFC 7518 §6.2.1.1", other, "Ed25519")),
    }
}

/// RFC 9964 §3: `alg` is required and says what the key is.
fn algorithm_key_pair(jwk: &Object<'_>) -> Result<(KeyKind, VerifyingKey), Error> {
    let name = required_text(jwk, "alg")?;
    let kind =
        Algorithm::from_name(name).map(|algorithm| algorithm.facts().key).filter(|&kind| ml_dsa::is_ml_dsa(kind));
    let kind = kind.ok_or_else(|| unknown("alg", "RFC 9964 §3", name, "ML-DSA-44, ML-DSA-65 or ML-DSA-87"))?;
    match ml_dsa::key(kind, &bytes(jwk, "pub")?)? {
        Some(key) => Ok((kind, key)),
        None => Err(invalid("pub").cite("RFC 9964 §3").found("a public key of another length")),
    }
}

fn purpose(jwk: &Object<'_>) -> Result<Purpose, Error> {
    let for_signatures = optional_text(jwk, "use")?.is_none_or(|usage| usage == "sig"); // RFC 7517 §4.2
    let operations = jwk.get("key_ops").filter(|operations| **operations != Value::Null);
    let for_checking = operations.map_or(Ok(true), has_verify)?;
    let named = match optional_text(jwk, "alg")? {
        None => Purpose::AnySignature,
        Some(name) => Algorithm::from_name(name).map_or(Purpose::Other, Purpose::Only),
    };
    Ok(if for_signatures && for_checking { named } else { Purpose::Other })
}

/// Whether `verify` is among a key's operations, which are distinct (RFC 7517 §4.3).
fn has_verify(operations: &Value<'_>) -> Result<bool, Error> {
    let mut names = Vec::new();
    for operation in operations.as_array().ok_or_else(no_operations)? {
        names.push(operation.as_str().ok_or_else(no_operations)?);
    }
    let has_verify = names.contains(&"verify");
    if json::first_repeated(names).is_some() { Err(no_operations()) } else { Ok(has_verify) }
}

fn no_operations() -> Error {
    invalid("key_ops").cite("RFC 7517 §4.3").expected("an array of distinct strings")
}

pub(super) fn required_text<'v>(jwk: &'v Object<'_>, name: &str) -> Result<&'v str, Error> {
    optional_text(jwk, name)?.ok_or_else(|| invalid(name).found("nothing"))
}

/// A member that may be left out; `null` says no more than that.
fn optional_text<'v>(jwk: &'v Object<'_>, name: &str) -> Result<Option<&'v str>, Error> {
    if jwk.get(name) == Some(&Value::Null) {
        return Ok(None);
    }
    jwk.text(name).map_err(|kind| invalid(name).found(kind).expected("a string"))
}

pub(super) fn bytes(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(required_text(jwk, name)?.as_bytes())
        .map_err(|fault| invalid(name).cite("RFC 7515 §2").found(fault.describe()).expected("canonical base64url"))
}

/// A Base64urlUInt (RFC 7518 §2), without leading zeros. RFC 7518 §6.3.1.1 forbids them, and issuers publish them: the
/// number is the same.
fn unsigned(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, Error> {
    let bytes = bytes(jwk, name)?;
    if bytes.is_empty() {
        return Err(invalid(name).cite("RFC 7518 §2").found("no bytes"));
    }
    Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

/// The refusal of a value that is none of those known here.
pub(super) fn unknown(member: &str, spec: &'static str, found: &str, expected: &str) -> Error {
    invalid(member).cite(spec).found(found).expected(expected)
}

pub(super) fn invalid(member: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid).claim(member)
}
