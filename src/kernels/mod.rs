//! Signature checks, one file a family, each behind `jwt_compact::Algorithm`.
//!
//! Everything here is public but the HMAC secret, so only `hmac` has to run in constant time.

mod ecdsa;
mod ed25519;
mod hmac;
mod hot;
pub(crate) mod low;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
mod rsa;
#[cfg(test)]
#[path = "../../tests/wycheproof/mod.rs"]
mod wycheproof;

use alloc::borrow::Cow;
use alloc::vec::Vec;

use jwt_compact::{Algorithm as Scheme, AlgorithmSignature};

use crate::jose::algorithm::Algorithm;

pub(crate) use ecdsa::scheme::{P256Key, P384Key, P521Key, Secp256k1Key};
pub(crate) use ed25519::scheme::Ed25519Key;
pub(crate) use hmac::Secret;
#[cfg(feature = "ml-dsa")]
pub(crate) use ml_dsa::{MlDsa44Key, MlDsa65Key, MlDsa87Key};
pub(crate) use rsa::scheme::RsaKey;

/// A checked key that signatures can be verified with.
#[derive(Clone, Debug)]
pub(crate) enum VerifyingKey {
    Secret(Secret),
    Rsa(RsaKey),
    P256(P256Key),
    P384(P384Key),
    P521(P521Key),
    Secp256k1(Secp256k1Key),
    Ed25519(Ed25519Key),
    #[cfg(feature = "ml-dsa")]
    MlDsa44(MlDsa44Key),
    #[cfg(feature = "ml-dsa")]
    MlDsa65(MlDsa65Key),
    #[cfg(feature = "ml-dsa")]
    MlDsa87(MlDsa87Key),
}

impl VerifyingKey {
    /// Whether `signature` is this key's for `message` under `algorithm`. An algorithm that does
    /// not fit the kind of key never verifies.
    #[inline(never)]
    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = &Octets::try_from_slice(signature) else { return false };
        match (algorithm, self) {
            (Algorithm::Hs256, Self::Secret(key)) => check(&hmac::Hs256, key, message, signature),
            (Algorithm::Hs384, Self::Secret(key)) => check(&hmac::Hs384, key, message, signature),
            (Algorithm::Hs512, Self::Secret(key)) => check(&hmac::Hs512, key, message, signature),
            (Algorithm::Rs256, Self::Rsa(key)) => check(&rsa::scheme::Rs256, key, message, signature),
            (Algorithm::Rs384, Self::Rsa(key)) => check(&rsa::scheme::Rs384, key, message, signature),
            (Algorithm::Rs512, Self::Rsa(key)) => check(&rsa::scheme::Rs512, key, message, signature),
            (Algorithm::Ps256, Self::Rsa(key)) => check(&rsa::scheme::Ps256, key, message, signature),
            (Algorithm::Ps384, Self::Rsa(key)) => check(&rsa::scheme::Ps384, key, message, signature),
            (Algorithm::Ps512, Self::Rsa(key)) => check(&rsa::scheme::Ps512, key, message, signature),
            (Algorithm::Es256, Self::P256(key)) => check(&ecdsa::scheme::Es256, key, message, signature),
            (Algorithm::Es384, Self::P384(key)) => check(&ecdsa::scheme::Es384, key, message, signature),
            (Algorithm::Es512, Self::P521(key)) => check(&ecdsa::scheme::Es512, key, message, signature),
            (Algorithm::Es256k, Self::Secp256k1(key)) => check(&ecdsa::scheme::Es256k, key, message, signature),
            (Algorithm::EdDsa | Algorithm::Ed25519, Self::Ed25519(key)) => {
                check(&ed25519::scheme::Ed25519, key, message, signature)
            }
            #[cfg(feature = "ml-dsa")]
            (Algorithm::MlDsa44, Self::MlDsa44(key)) => check(&ml_dsa::MlDsa44, key, message, signature),
            #[cfg(feature = "ml-dsa")]
            (Algorithm::MlDsa65, Self::MlDsa65(key)) => check(&ml_dsa::MlDsa65, key, message, signature),
            #[cfg(feature = "ml-dsa")]
            (Algorithm::MlDsa87, Self::MlDsa87(key)) => check(&ml_dsa::MlDsa87, key, message, signature),
            _ => false,
        }
    }
}

fn check<S: Scheme<Signature = Octets>>(scheme: &S, key: &S::VerifyingKey, message: &[u8], signature: &Octets) -> bool {
    scheme.verify_signature(signature, key, message)
}

/// The signing key of an algorithm that only verifies: there is none.
#[derive(Clone, Copy, Debug)]
pub enum NoSigningKey {}

/// A signature of unchecked octets: each scheme judges them in its own terms.
#[derive(Clone, Debug)]
pub struct Octets(Vec<u8>);

impl AlgorithmSignature for Octets {
    fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(slice.to_vec()))
    }

    fn as_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0)
    }
}

/// Implements `jwt_compact::Algorithm` for a scheme that only verifies.
macro_rules! verifying_scheme {
    ($(#[$doc:meta])* $scheme:ident, $name:literal, $key:ty, $verify:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $scheme;

        impl jwt_compact::Algorithm for $scheme {
            type SigningKey = crate::kernels::NoSigningKey;
            type VerifyingKey = $key;
            type Signature = crate::kernels::Octets;

            fn name(&self) -> alloc::borrow::Cow<'static, str> {
                alloc::borrow::Cow::Borrowed($name)
            }

            fn sign(&self, signing_key: &Self::SigningKey, _message: &[u8]) -> Self::Signature {
                match *signing_key {}
            }

            fn verify_signature(&self, signature: &Self::Signature, key: &Self::VerifyingKey, message: &[u8]) -> bool {
                let verify: fn(&$key, &[u8], &[u8]) -> bool = $verify;
                verify(key, message, &signature.0)
            }
        }
    };
}
use verifying_scheme;
