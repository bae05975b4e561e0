//! Proof Key for Code Exchange (RFC 7636).

use alloc::{format, string::String};

use subtle::ConstantTimeEq;

use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::kernels::low::hash::Hash;
use crate::oauth::url::is_unreserved;

/// A code verifier, which stays with the client, and its S256 code challenge, which is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Pkce {
    /// The code verifier: 43 characters, 256 random bits.
    pub verifier: String,
    /// The code challenge of the method S256.
    pub challenge: String,
}

impl Pkce {
    /// A pair from 32 random bytes (RFC 7636 §4.1).
    pub fn from_random(bytes: [u8; 32]) -> Self {
        let verifier = base64url::encode(&bytes);
        Self { challenge: s256(&verifier), verifier }
    }

    /// A pair from the operating system's random numbers.
    ///
    /// # Errors
    /// `internal` when the system has none.
    #[cfg(feature = "std")]
    pub fn generate() -> Result<Self, Error> {
        crate::oauth::random::bytes().map(Self::from_random)
    }
}

/// The S256 code challenge of a code verifier (RFC 7636 §4.2).
///
/// # Errors
/// `pkce_verifier_invalid` unless the verifier has 43 to 128 unreserved characters.
pub fn challenge(verifier: &str) -> Result<String, Error> {
    check_verifier(verifier)?;
    Ok(s256(verifier))
}

/// Whether a code verifier answers a code challenge (RFC 7636 §4.6). Without a method this is S256:
/// `plain` has to be asked for.
///
/// # Errors
/// `pkce_verifier_invalid`, `pkce_challenge_invalid` or `pkce_method_unsupported` for malformed input.
pub fn verify(verifier: &str, challenge: &str, method: Option<&str>) -> Result<bool, Error> {
    check_verifier(verifier)?;
    let computed = match method {
        None | Some("S256") => {
            check_s256_challenge(challenge)?;
            s256(verifier)
        }
        Some("plain") => {
            // RFC 7636 §4.2: a plain challenge has the grammar of a verifier.
            check_verifier(challenge).map_err(|_| challenge_invalid())?;
            String::from(verifier)
        }
        Some(other) => {
            return Err(Error::new(ErrorCode::PkceMethodUnsupported).claim("method").found(other).expected("S256"));
        }
    };
    Ok(computed.as_bytes().ct_eq(challenge.as_bytes()).into())
}

fn check_verifier(verifier: &str) -> Result<(), Error> {
    let error = |found: &str| Error::new(ErrorCode::PkceVerifierInvalid).claim("verifier").found(found);
    if !(43..=128).contains(&verifier.len()) {
        Err(error(&format!("{} bytes", verifier.len())).expected("43 to 128"))
    } else if !verifier.bytes().all(is_unreserved) {
        Err(error("a reserved character"))
    } else {
        Ok(())
    }
}

/// An S256 challenge is the one base64url text of 32 bytes.
fn check_s256_challenge(challenge: &str) -> Result<(), Error> {
    match base64url::decode(challenge.as_bytes()) {
        Ok(bytes) if bytes.len() == 32 => Ok(()),
        _ => Err(challenge_invalid()),
    }
}

fn challenge_invalid() -> Error {
    Error::new(ErrorCode::PkceChallengeInvalid).claim("challenge")
}

fn s256(verifier: &str) -> String {
    base64url::encode(&Hash::Sha256.digest(&[verifier.as_bytes()]))
}
