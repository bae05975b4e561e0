//! Countersign: one verdict on a token, the same in every runtime.
//!
//! A token goes in at [`Verifier::verify`] and a verdict comes out. On the way it passes, in this
//! order, through `token` (take it apart), `policy` (is its algorithm allowed?), `key_set` (which
//! trusted key?), `signature` (does it hold?), `claims` and `policy` again (is it meant for us,
//! now?). Whatever is refused is refused with an [`ErrorCode`] and the section of the RFC.
//!
//! ```
//! use countersign::{Accepted, KeySet, Policy, Profile, UnixTime, Verifier};
//!
//! # fn main() -> Result<(), countersign::Error> {
//! let keys = KeySet::parse(br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
//! let issuer = Accepted::OneOf(vec!["https://auth.example.com".into()]);
//! let verifier = Verifier::new(Policy::new(Profile::Jwt, issuer, Accepted::Any), keys);
//!
//! let refusal = verifier.verify("not.a.token", UnixTime::from_seconds(1_700_000_000)).unwrap_err();
//! assert_eq!(refusal.code().as_str(), "base64url_invalid");
//! # Ok(())
//! # }
//! ```
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

extern crate alloc;
#[cfg(test)]
extern crate std;

/// The Rust of the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

mod algorithm;
mod authorization;
mod base64url;
mod bearer;
mod claims;
mod der;
mod dpop;
mod error;
mod explain;
/// What the fuzz targets of `tests/fuzz` see of the inside; no other build has it.
#[cfg(fuzzing)]
pub mod fuzzing;
mod hash;
mod header;
mod json;
mod json_text;
mod jwk;
mod jws;
mod key_set;
mod known_headers;
mod metadata;
mod numeric_date;
mod pem;
mod pkce;
mod policy;
mod profile;
#[cfg(feature = "std")]
mod random;
mod search;
mod signature;
mod texts;
mod token;
mod url;
mod verifier;
#[cfg(feature = "wasm")]
mod wasm;

pub use algorithm::Algorithm;
pub use authorization::{ExpectedResponse, TokenResponse, authorization_code, token_response};
pub use bearer::{
    ChallengeParameters, Scheme, bound_key, challenge as bearer_challenge, credentials, proof as dpop_proof,
};
pub use claims::Claims;
pub use dpop::{Proof, ProofPolicy, verify_proof};
pub use error::{Error, ErrorCode};
pub use explain::{Check, CheckStatus, Explanation};
pub use header::Header;
pub use jwk::{Key, thumbprint, thumbprint_uri};
pub use jws::{SignaturePolicy, decode_unverified, verify_signature};
pub use key_set::{DroppedKey, KeySet};
pub use metadata::check as check_metadata;
pub use numeric_date::UnixTime;
pub use pkce::{Pkce, challenge as pkce_challenge, verify as verify_pkce};
pub use policy::{Accepted, Policy};
pub use profile::Profile;
#[cfg(feature = "std")]
pub use random::random_token;
pub use token::{DEFAULT_MAX_TOKEN_SIZE, UnverifiedToken, VerifiedToken};
pub use url::is_secure as is_secure_url;
pub use verifier::{TrustedIssuer, Verifier};
