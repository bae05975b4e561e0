//! Ed25519 (RFC 8032 §5.1.7) with one meaning in every runtime: canonical encodings, s below the
//! group's order, no points of small order, and the equation without the cofactor.

use ed25519_dalek::{Signature, VerifyingKey};

use super::verifying_scheme;

/// A canonical point that is not of small order.
#[derive(Clone, Debug)]
pub(crate) struct Ed25519Key(VerifyingKey);

impl Ed25519Key {
    /// The key of 32 octets. `None` if they are not the one encoding of a point on the curve, or if
    /// the point is of small order: such a key verifies what nobody signed.
    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        let octets: &[u8; 32] = octets.try_into().ok()?;
        let key = VerifyingKey::from_bytes(octets).ok()?;
        let canonical = key.to_edwards().compress().as_bytes() == octets;
        (canonical && !key.is_weak()).then_some(Self(key))
    }
}

verifying_scheme!(
    /// `EdDSA` and `Ed25519`
    Ed25519, "Ed25519", Ed25519Key,
    |key, message, signature| {
        Signature::from_slice(signature).is_ok_and(|signature| key.0.verify_strict(message, &signature).is_ok())
    }
);
