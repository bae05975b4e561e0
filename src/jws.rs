//! A JSON Web Signature on its own (RFC 7515): whose octets are these? Claims are not looked at.

use alloc::{string::String, vec::Vec};

use crate::algorithm::Algorithm;
use crate::error::Error;
use crate::explain::Log;
use crate::key_set::KeySet;
use crate::policy::allow_algorithm;
use crate::token::{EmptyPayload, UnverifiedToken, VerifiedToken};

/// What a caller demands of a signature.
#[derive(Clone, Debug)]
pub struct SignaturePolicy {
    /// The allowed algorithms; `None` allows every asymmetric one that the key names or implies.
    pub algorithms: Option<Vec<Algorithm>>,
    /// Critical header extensions that the caller itself processes (RFC 7515 §4.1.11).
    pub understood_extensions: Vec<String>,
    /// How large the compact form may be, in octets.
    pub max_token_size: usize,
}

/// Checks the signature of a compact JWS, whatever its payload is.
///
/// # Errors
/// The codes from `token_too_large` to `signature_invalid`.
pub fn verify_signature(compact: &[u8], keys: &KeySet, policy: &SignaturePolicy) -> Result<VerifiedToken, Error> {
    let log = &mut Log::off();
    let token = UnverifiedToken::parse_logged(compact, policy.max_token_size, EmptyPayload::Allowed, None, log)?;
    let algorithm = allow_algorithm(token.header(), policy.algorithms.as_deref(), &policy.understood_extensions, log)?;
    let keys = keys.find(token.header(), algorithm)?;
    token.check_signature(algorithm, &keys, log)
}

/// The header's and payload's JSON of a token that nothing vouches for: for display and debugging.
///
/// # Errors
/// The codes of a malformed token.
pub fn decode_unverified(token: &[u8], max_token_size: usize) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let (header, payload) = UnverifiedToken::parse(token, max_token_size)?.into_unverified_parts();
    crate::claims::Claims::parse(&payload, &mut Log::off())?;
    Ok((header, payload))
}
