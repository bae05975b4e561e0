//! Random numbers from the runtime, where there is one.

use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::jose::base64url;

pub(crate) fn bytes() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Error::new(ErrorCode::Internal).found("no random numbers"))?;
    Ok(bytes)
}

/// 256 random bits, base64url: a `state`, a `nonce`, a `jti`.
///
/// # Errors
/// `internal` when the runtime has no random numbers.
pub fn random_token() -> Result<String, Error> {
    Ok(base64url::encode(&bytes()?))
}
