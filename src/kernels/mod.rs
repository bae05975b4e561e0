//! Signature checks, on three floors. A floor uses those below it and never one above:
//!
//! | floor | holds |
//! |---|---|
//! | [`low`] | words: hash functions, limbs, digits, products of limbs in vectors of two lanes |
//! | `mid` | numbers and points: fields, scalars, inverses, tables of multiples, Montgomery powers |
//! | [`high`] | the schemes, one file a family, behind `jwt_compact::Algorithm`; the cache of tables |
//!
//! Nothing here knows JOSE: which `alg` and which JWK stand for a scheme and a key is said in `jose`.
//!
//! Everything here is public but the HMAC secret, so only `high::hmac` has to run in constant time.

pub(crate) mod high;
pub(crate) mod low;
mod mid;
#[cfg(test)]
#[path = "../../tests/wycheproof/mod.rs"]
mod wycheproof;
