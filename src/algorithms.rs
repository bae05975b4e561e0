//! The signature algorithms by themselves, for users of [`jwt_compact`]: each type implements
//! [`jwt_compact::Algorithm`], so that jwt-compact's tokens can be checked with the same code as those of a
//! [`Verifier`](crate::Verifier). Claims, issuer and audience are then the caller's own affair.
//!
//! ```
//! use countersign::algorithms::{Hs256, Hs256Key};
//! use jwt_compact::{AlgorithmExt, Claims, Header, UntrustedToken};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = Hs256Key::new(b"a random secret of 32 bytes, say")?;
//! let claims = Claims::new(serde_json::json!({ "sub": "alice" }));
//! let token = Hs256.token(&Header::empty(), &claims, &key)?;
//!
//! let token = UntrustedToken::new(&token)?;
//! let token = Hs256.validator::<serde_json::Value>(&key).validate(&token)?;
//! assert_eq!(token.claims().custom["sub"], "alice");
//! # Ok(())
//! # }
//! ```
//!
//! | algorithms | key |
//! |---|---|
//! | [`Hs256`], [`Hs384`], [`Hs512`] | [`Hs256Key`], [`Hs384Key`], [`Hs512Key`]: these sign as well |
//! | [`Rs256`], [`Rs384`], [`Rs512`], [`Ps256`], [`Ps384`], [`Ps512`] | [`RsaKey`] |
//! | [`Es256`], [`Es384`], [`Es512`], [`Es256k`] | [`P256Key`], [`P384Key`], [`P521Key`], [`Secp256k1Key`] |
//! | [`Ed25519`], [`EdDsa`] | [`Ed25519Key`] |
//!
//! With the feature `ml-dsa` there are `MlDsa44`, `MlDsa65` and `MlDsa87` as well. A key that is too weak for its
//! algorithm, or no key at all, cannot be made.

pub use crate::kernels::high::algorithm::{NoSigningKey, RsaSignature, Signature};
pub use crate::kernels::high::ecdsa::{Es256, Es256k, Es384, Es512, P256Key, P384Key, P521Key, Secp256k1Key};
pub use crate::kernels::high::ed25519::{Ed25519, Ed25519Key, EdDsa};
pub use crate::kernels::high::hmac::{Hs256, Hs256Key, Hs384, Hs384Key, Hs512, Hs512Key, SecretError};
#[cfg(feature = "ml-dsa")]
pub use crate::kernels::high::ml_dsa::{MlDsa44, MlDsa44Key, MlDsa65, MlDsa65Key, MlDsa87, MlDsa87Key};
pub use crate::kernels::high::rsa::{Ps256, Ps384, Ps512, Rs256, Rs384, Rs512, RsaKey, RsaKeyError};
