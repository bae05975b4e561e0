//! The facts about each signature algorithm (RFC 7518 §3, RFC 8037, RFC 8812, RFC 9864, RFC 9964), once.

use crate::kernels::low::hash::Hash;

/// A JWS signature or MAC algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// ECDSA on secp256k1 with SHA-256.
    Es256k,
    /// EdDSA on Ed25519, under the polymorphic name of RFC 8037.
    EdDsa,
    /// EdDSA on Ed25519, under its fully specified name (RFC 9864).
    Ed25519,
    /// ML-DSA with the parameter set ML-DSA-44.
    MlDsa44,
    /// ML-DSA with the parameter set ML-DSA-65.
    MlDsa65,
    /// ML-DSA with the parameter set ML-DSA-87.
    MlDsa87,
}

/// The kind of key an algorithm checks with: `kty`, and `crv` where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// `oct`
    Secret,
    /// `RSA`
    Rsa,
    /// `EC`, `P-256`
    P256,
    /// `EC`, `P-384`
    P384,
    /// `EC`, `P-521`
    P521,
    /// `EC`, `secp256k1`
    Secp256k1,
    /// `OKP`, `Ed25519`
    Ed25519,
    /// `AKP`, `ML-DSA-44`
    MlDsa44,
    /// `AKP`, `ML-DSA-65`
    MlDsa65,
    /// `AKP`, `ML-DSA-87`
    MlDsa87,
}

pub(crate) struct Facts {
    pub(crate) algorithm: Algorithm,
    pub(crate) name: &'static str,
    pub(crate) key: KeyKind,
    /// What signs, and what at_hash and c_hash are made with (OpenID Connect Core §3.1.3.6).
    pub(crate) hash: Hash,
    pub(crate) spec: &'static str,
}

const fn facts(algorithm: Algorithm, name: &'static str, key: KeyKind, hash: Hash, spec: &'static str) -> Facts {
    Facts { algorithm, name, key, hash, spec }
}

/// One row an algorithm, in the order of [`Algorithm`].
static TABLE: &[Facts] = &[
    facts(Algorithm::Hs256, "HS256", KeyKind::Secret, Hash::Sha256, "RFC 7518 §3.2"),
    facts(Algorithm::Hs384, "HS384", KeyKind::Secret, Hash::Sha384, "RFC 7518 §3.2"),
    facts(Algorithm::Hs512, "HS512", KeyKind::Secret, Hash::Sha512, "RFC 7518 §3.2"),
    facts(Algorithm::Rs256, "RS256", KeyKind::Rsa, Hash::Sha256, "RFC 7518 §3.3"),
    facts(Algorithm::Rs384, "RS384", KeyKind::Rsa, Hash::Sha384, "RFC 7518 §3.3"),
    facts(Algorithm::Rs512, "RS512", KeyKind::Rsa, Hash::Sha512, "RFC 7518 §3.3"),
    facts(Algorithm::Ps256, "PS256", KeyKind::Rsa, Hash::Sha256, "RFC 7518 §3.5"),
    facts(Algorithm::Ps384, "PS384", KeyKind::Rsa, Hash::Sha384, "RFC 7518 §3.5"),
    facts(Algorithm::Ps512, "PS512", KeyKind::Rsa, Hash::Sha512, "RFC 7518 §3.5"),
    facts(Algorithm::Es256, "ES256", KeyKind::P256, Hash::Sha256, "RFC 7518 §3.4"),
    facts(Algorithm::Es384, "ES384", KeyKind::P384, Hash::Sha384, "RFC 7518 §3.4"),
    facts(Algorithm::Es512, "ES512", KeyKind::P521, Hash::Sha512, "RFC 7518 §3.4"),
    facts(Algorithm::Es256k, "ES256K", KeyKind::Secp256k1, Hash::Sha256, "RFC 8812 §3.2"),
    facts(Algorithm::EdDsa, "EdDSA", KeyKind::Ed25519, Hash::Sha512, "RFC 8037 §3.1"),
    facts(Algorithm::Ed25519, "Ed25519", KeyKind::Ed25519, Hash::Sha512, "RFC 9864 §2.2"),
    facts(Algorithm::MlDsa44, "ML-DSA-44", KeyKind::MlDsa44, Hash::Sha512, "RFC 9964 §4"),
    facts(Algorithm::MlDsa65, "ML-DSA-65", KeyKind::MlDsa65, Hash::Sha512, "RFC 9964 §4"),
    facts(Algorithm::MlDsa87, "ML-DSA-87", KeyKind::MlDsa87, Hash::Sha512, "RFC 9964 §4"),
];

impl Algorithm {
    /// Every algorithm that is known here. ML-DSA can be checked with the feature `ml-dsa` only.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|facts| facts.algorithm)
    }

    /// The algorithm of an `alg` value. Names are case-sensitive (RFC 7515 §4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|facts| facts.name == name).map(|facts| facts.algorithm)
    }

    /// The value of `alg`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Whether the same secret signs and checks. Such an algorithm has to be allowed by name.
    pub fn is_symmetric(self) -> bool {
        self.facts().key == KeyKind::Secret
    }

    pub(crate) fn facts(self) -> &'static Facts {
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (row, facts) in TABLE.iter().enumerate() {
            assert_eq!(facts.algorithm as usize, row);
            assert_eq!(Algorithm::from_name(facts.name), Some(facts.algorithm));
        }
        assert_eq!(Algorithm::from_name("es256"), None);
        assert_eq!(Algorithm::from_name("none"), None);
    }
}
