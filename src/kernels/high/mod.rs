//! The signature schemes, one file a family: their keys, and their `jwt_compact::Algorithm`.

pub(crate) mod algorithm;
pub(crate) mod ecdsa;
pub(crate) mod ed25519;
pub(crate) mod hmac;
#[cfg(feature = "ml-dsa")]
pub(crate) mod ml_dsa;
#[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
pub(crate) mod ml_dsa_module;
pub(crate) mod rsa;
mod rsa_encoding;
mod table_cache;
