//! Where an issuer keeps its key set.

use alloc::{string::String, vec::Vec};

use crate::error::Error;
use crate::jose::issuer_template::IssuerTemplate;
use crate::oauth::metadata;

/// Where the keys of one trusted issuer come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySource {
    /// The issuer identifier, from which the key set's address is discovered.
    pub issuer: Option<String>,
    /// The key set's address, where it is known.
    pub jwks_uri: Option<String>,
    /// Whether both may be plain http, for an issuer inside a network of one's own.
    pub allow_http: bool,
}

impl KeySource {
    /// A name for what is fetched, for messages and stores.
    pub fn name(&self) -> &str {
        self.jwks_uri.as_deref().or(self.issuer.as_deref()).unwrap_or_default()
    }

    /// The addresses at which the issuer's metadata may be.
    pub(super) fn well_known_urls(&self) -> Result<Vec<String>, Error> {
        metadata::key_discovery_urls(self.issuer.as_deref().unwrap_or_default(), self.allow_http).map(Vec::from)
    }

    /// The key set's address by an answer of one of those.
    pub(super) fn place(
        &self,
        url: &str,
        status: u16,
        text: &str,
        tokens_of: Option<&IssuerTemplate>,
    ) -> Result<String, Error> {
        let asked = metadata::AskedIssuer { issuer: self.issuer.as_deref().unwrap_or_default(), tokens_of };
        metadata::discovered_jwks_uri(url, status, text.as_bytes(), &asked, self.allow_http)
    }
}
