//! Which key checks which `alg`: JOSE's names beside the schemes of the kernels.

use alloc::format;
use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::Algorithm;
use crate::kernels::high::ecdsa::{Es256, Es256k, Es384, Es512, P256Key, P384Key, P521Key, Secp256k1Key};
use crate::kernels::high::ed25519::{Ed25519, Ed25519Key};
use crate::kernels::high::hmac::{Secret, SecretError};
#[cfg(feature = "ml-dsa")]
use crate::kernels::high::ml_dsa::{MlDsa44, MlDsa44Key, MlDsa65, MlDsa65Key, MlDsa87, MlDsa87Key};
#[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
use crate::kernels::high::ml_dsa_module::MlDsaKey;
use crate::kernels::high::rsa::{Ps256, Ps384, Ps512, Rs256, Rs384, Rs512, RsaKey, RsaKeyError};
use crate::kernels::low::hash::Hash;

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
    #[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
    MlDsa(MlDsaKey),
}

impl VerifyingKey {
    /// The key of a shared secret.
    pub(crate) fn of_secret(secret: &[u8]) -> Result<Self, Error> {
        Secret::new(secret).map(Self::Secret).map_err(no_secret)
    }

    /// The key of an RSA modulus and exponent, both big-endian without leading zeros.
    pub(crate) fn of_rsa_parts(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        RsaKey::from_parts(n, e).map(Self::Rsa).map_err(no_rsa_key)
    }

    /// Whether `signature` is this key's for `message` under `algorithm`. An algorithm that does
    /// not fit the kind of key never verifies.
    #[inline(never)]
    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (algorithm, self) {
            (Algorithm::Hs256, Self::Secret(key)) => key.verifies(Hash::Sha256, message, signature),
            (Algorithm::Hs384, Self::Secret(key)) => key.verifies(Hash::Sha384, message, signature),
            (Algorithm::Hs512, Self::Secret(key)) => key.verifies(Hash::Sha512, message, signature),
            (Algorithm::Rs256, Self::Rsa(key)) => Rs256::verify(key, message, signature),
            (Algorithm::Rs384, Self::Rsa(key)) => Rs384::verify(key, message, signature),
            (Algorithm::Rs512, Self::Rsa(key)) => Rs512::verify(key, message, signature),
            (Algorithm::Ps256, Self::Rsa(key)) => Ps256::verify(key, message, signature),
            (Algorithm::Ps384, Self::Rsa(key)) => Ps384::verify(key, message, signature),
            (Algorithm::Ps512, Self::Rsa(key)) => Ps512::verify(key, message, signature),
            (Algorithm::Es256, Self::P256(key)) => Es256::verify(key, message, signature),
            (Algorithm::Es384, Self::P384(key)) => Es384::verify(key, message, signature),
            (Algorithm::Es512, Self::P521(key)) => Es512::verify(key, message, signature),
            (Algorithm::Es256k, Self::Secp256k1(key)) => Es256k::verify(key, message, signature),
            (Algorithm::EdDsa | Algorithm::Ed25519, Self::Ed25519(key)) => Ed25519::verify(key, message, signature),
            #[cfg(feature = "ml-dsa")]
            (Algorithm::MlDsa44, Self::MlDsa44(key)) => MlDsa44::verify(key, message, signature),
            #[cfg(feature = "ml-dsa")]
            (Algorithm::MlDsa65, Self::MlDsa65(key)) => MlDsa65::verify(key, message, signature),
            #[cfg(feature = "ml-dsa")]
            (Algorithm::MlDsa87, Self::MlDsa87(key)) => MlDsa87::verify(key, message, signature),
            #[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
            (Algorithm::MlDsa44, Self::MlDsa(key)) => key.verifies(44, message, signature),
            #[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
            (Algorithm::MlDsa65, Self::MlDsa(key)) => key.verifies(65, message, signature),
            #[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
            (Algorithm::MlDsa87, Self::MlDsa(key)) => key.verifies(87, message, signature),
            _ => false,
        }
    }
}

fn no_secret(fault: SecretError) -> Error {
    let (code, spec, found, expected) = match fault {
        SecretError::Short { length, least } => {
            (ErrorCode::KeyWeak, "RFC 7518 §3.2", format!("{length} bytes"), format!("at least {least} bytes"))
        }
        SecretError::PublicKey(form) => {
            (ErrorCode::KeyInvalid, "RFC 8725 §2.1", String::from(form), String::from("a random secret"))
        }
    };
    Error::new(code).cite(spec).claim("k").found(found).expected(expected)
}

#[inline(never)]
fn no_rsa_key(fault: RsaKeyError) -> Error {
    const RSA: &str = "RFC 8017 §3.1";
    const JWK: &str = "RFC 7518 §6.3.1";
    const SIZES: &str = "2048 to 8192 bits";
    const EXPONENTS: &str = "an odd exponent from 3 to 2³² − 1";
    let (code, spec, member, found, expected) = match fault {
        RsaKeyError::Short(bits) => (ErrorCode::KeyWeak, "RFC 7518 §3.3", "n", format!("{bits} bits"), SIZES),
        RsaKeyError::EvenModulus => (ErrorCode::KeyWeak, RSA, "n", String::from("an even modulus"), ""),
        RsaKeyError::WeakExponent(e) => (ErrorCode::KeyWeak, RSA, "e", format!("{e}"), EXPONENTS),
        RsaKeyError::Long(bits) => (ErrorCode::KeyInvalid, JWK, "n", format!("{bits} bits"), SIZES),
        RsaKeyError::LongExponent => {
            (ErrorCode::KeyInvalid, JWK, "e", String::from("an exponent of more than 32 bits"), EXPONENTS)
        }
        RsaKeyError::LeadingZero => (ErrorCode::KeyInvalid, JWK, "n", String::from("a leading zero byte"), ""),
    };
    let error = Error::new(code).cite(spec).claim(member).found(found);
    if expected.is_empty() { error } else { error.expected(expected) }
}
