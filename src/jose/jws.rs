//! A JSON Web Signature on its own (RFC 7515): the payload may be any bytes, and no claims are read.

use alloc::{string::String, vec::Vec};

use crate::error::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::header_rules::{Payload, allow_algorithm};
use crate::jose::key_set::KeySet;
use crate::jose::token::{EmptyPayload, UnverifiedToken, VerifiedToken};
use crate::rules::Trace;

/// What a caller demands of a signature.
#[derive(Clone, Debug)]
pub struct SignaturePolicy {
    /// The allowed algorithms; `None` allows every asymmetric one that the key names or implies.
    pub algorithms: Option<Vec<Algorithm>>,
    /// Critical header extensions that the caller itself processes (RFC 7515 §4.1.11).
    pub crit: Vec<String>,
    /// How large the compact form may be, in bytes.
    pub max_token_size: usize,
}

/// Checks the signature of a compact JWS with any payload.
///
/// # Errors
/// The codes from `token_too_large` to `signature_invalid`.
pub fn verify_signature(compact: &[u8], keys: &KeySet, policy: &SignaturePolicy) -> Result<VerifiedToken, Error> {
    check(parse(compact, policy)?, Payload::Encoded, keys, policy)
}

/// Checks the signature of a compact JWS whose payload came beside it (RFC 7515 Appendix F), encoded or not
/// (RFC 7797).
///
/// # Errors
/// As [`verify_signature`]; `token_malformed` if the token has a payload of its own.
pub fn verify_detached_signature(
    compact: &[u8],
    payload: &[u8],
    keys: &KeySet,
    policy: &SignaturePolicy,
) -> Result<VerifiedToken, Error> {
    check(parse(compact, policy)?.with_detached_payload(payload)?, Payload::AnyEncoding, keys, policy)
}

fn parse<'t>(compact: &'t [u8], policy: &SignaturePolicy) -> Result<UnverifiedToken<'t>, Error> {
    let trace = &mut Trace::off();
    UnverifiedToken::parse_traced(compact, policy.max_token_size, EmptyPayload::Allowed, None, trace)
}

fn check(
    token: UnverifiedToken<'_>,
    payload: Payload,
    keys: &KeySet,
    policy: &SignaturePolicy,
) -> Result<VerifiedToken, Error> {
    let trace = &mut Trace::off();
    let algorithm = allow_algorithm(token.header(), policy.algorithms.as_deref(), &policy.crit, payload, trace)?;
    let keys = keys.find(token.header(), algorithm)?;
    token.check_signature(algorithm, &keys, trace).map(|(token, _)| token)
}
