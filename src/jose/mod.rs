//! Tokens and keys as JOSE has them (RFC 7515, RFC 7517, RFC 7518): from text to a valid signature.

pub(crate) mod algorithm;
pub(crate) mod base64url;
pub(crate) mod der;
pub(crate) mod header;
pub(crate) mod header_cache;
pub(crate) mod header_rules;
pub(crate) mod issuer_template;
pub(crate) mod json;
pub(crate) mod json_text;
pub(crate) mod jwk;
pub(crate) mod jws;
pub(crate) mod key_set;
pub(crate) mod ml_dsa;
pub(crate) mod pem;
#[cfg(any(feature = "wasm", test))]
pub(crate) mod pkcs8;
mod spki;
pub(crate) mod swar;
pub(crate) mod thumbprint;
pub(crate) mod token;
pub(crate) mod verifying_key;
