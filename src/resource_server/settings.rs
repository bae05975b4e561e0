//! The settings of a resource server, besides the policy of its verifier.

use alloc::{string::String, vec::Vec};
use core::time::Duration;

use super::metadata_members::MetadataMembers;
use crate::invalid_option::InvalidOption;
use crate::jose::algorithm::Algorithm;
use crate::oauth::dpop_nonces::DpopNonce;
use crate::oauth::{dpop, url};

/// How a resource server presents itself; by default it states nothing.
#[derive(Clone, Debug, Default)]
pub struct ResourceSettings {
    /// The protection space that challenges name (RFC 9110 §11.5).
    pub realm: Option<String>,
    /// The resource identifier (RFC 9728 §1.2); by default the first https URL among the audiences, else the public
    /// origin.
    pub resource: Option<String>,
    /// Where the resource's metadata is served.
    pub metadata: MetadataLocation,
    /// What it says besides what follows from the other settings.
    pub members: MetadataMembers,
    /// The origin by which clients know this server, where it is behind a proxy.
    pub public_origin: Option<String>,
    /// Whether somebody knows which sessions have ended, and is asked about each token's.
    pub revocation: bool,
    /// How proofs are checked; where it is given, challenges and metadata offer DPoP.
    pub dpop: Option<DpopSettings>,
    /// How tokens that are bound to a client certificate are checked; where it is not given, they are refused.
    pub mtls: Option<MtlsSettings>,
    /// How long a call of a store may take: 0.05 to 30 seconds, by default 2.
    pub store_timeout: Option<Duration>,
}

/// Where a resource's metadata is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MetadataLocation {
    /// Nowhere.
    #[default]
    None,
    /// Here, at the path that RFC 9728 §3.1 defines.
    Here,
    /// Elsewhere: challenges point to this address.
    At(String),
}

/// How the proofs of tokens that are bound to a key are checked (RFC 9449 §4.3).
#[derive(Clone, Debug)]
pub struct DpopSettings {
    /// Whether every token has to be bound to a key and come with a proof: none passes as a bearer token.
    pub required: bool,
    /// The allowed algorithms; `None` allows every asymmetric one that the proof's key implies.
    pub algorithms: Option<Vec<Algorithm>>,
    /// How long ago, and how far ahead, a proof may have been made.
    pub max_age: Duration,
    /// The nonce that every proof has to repeat (RFC 9449 §9); without one, none is asked for.
    pub nonce: Option<DpopNonce>,
}

impl DpopSettings {
    pub(super) const DEFAULT: Self =
        Self { required: false, algorithms: None, max_age: dpop::DEFAULT_MAX_AGE, nonce: None };
}

impl Default for DpopSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How the certificates of tokens that are bound to one are checked (RFC 8705 §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MtlsSettings {
    /// Whether every token has to be bound to a certificate.
    pub required: bool,
}

/// The origin of a setting, without the slash that may end it.
pub(super) fn origin(setting: &str) -> Result<&str, InvalidOption> {
    match url::parts(setting) {
        Some((origin, "" | "/", "")) if url::is_secure(setting) => Ok(origin),
        _ => Err(InvalidOption::new("publicOrigin", "expected an https URL without path and query")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        assert_eq!(origin("https://api.example.com/").as_ref(), Ok(&"https://api.example.com"));
        assert_eq!(origin("http://localhost:8787").as_ref(), Ok(&"http://localhost:8787"));
        for wrong in ["", "api.example.com", "http://api.example.com", "https://a.example/x", "https://a.example?x"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
