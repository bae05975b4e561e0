//! A resource server (RFC 6750, RFC 9449 §7, RFC 9728): what it decides about a request, and how it answers.

use alloc::string::String;

use crate::error::{Error, ErrorCode, joined};
use crate::invalid_option::InvalidOption;
use crate::jose::key_set::KeySet;
use crate::oauth::scope;
use crate::verifier::Verifier;

pub(crate) mod authorize;
pub(crate) mod binding;
pub(crate) mod challenge;
pub(crate) mod credentials;
pub(crate) mod error_response;
pub(crate) mod introspections;
pub(crate) mod metadata;
pub(crate) mod settings;

use authorize::Request;
use challenge::ChallengeParameters;
use credentials::Scheme;
use error_response::{Answer, ErrorResponse};
use metadata::{Metadata, MetadataAnswer};
use settings::{ResourceSettings, origin};

/// A resource server: it decides about requests, and makes the answers to those that are refused.
#[derive(Debug)]
pub struct ResourceServer {
    verifier: Verifier,
    settings: ResourceSettings,
    public_origin: Option<String>,
    metadata: Metadata,
    /// The scopes that the resource needs, as challenges name them.
    scope: Option<String>,
}

impl ResourceServer {
    /// A resource server that judges tokens by a verifier.
    ///
    /// # Errors
    /// The setting that is invalid.
    pub fn new(verifier: Verifier, settings: ResourceSettings) -> Result<Self, InvalidOption> {
        let public_origin = settings.public_origin.as_deref().map(origin).transpose()?.map(String::from);
        let trusted = verifier.trusted();
        let metadata = Metadata::new(&settings, public_origin.as_deref(), trusted)?;
        let needed = scope::distinct(trusted.iter().flat_map(|trusted| &trusted.policy.scopes));
        let scope = (!needed.is_empty()).then(|| joined(&needed, " "));
        Ok(Self { verifier, settings, public_origin, metadata, scope })
    }

    /// The verifier that judges the tokens.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The same, to admit issuers and to dismiss them.
    pub fn verifier_mut(&mut self) -> &mut Verifier {
        &mut self.verifier
    }

    /// Whether the resource's metadata is served here.
    pub fn serves_metadata(&self) -> bool {
        self.metadata.is_served()
    }

    /// Replaces the keys of a trusted issuer, as [`Verifier::set_keys`] does.
    pub fn set_keys(&mut self, index: usize, keys: KeySet) -> bool {
        self.verifier.set_keys(index, keys)
    }

    /// Takes the keys of a trusted issuer away, as [`Verifier::remove_keys`] does.
    pub fn remove_keys(&mut self, index: usize) -> bool {
        self.verifier.remove_keys(index)
    }

    /// The answer to a request that was refused.
    pub fn answer(&self, error: &Error, request: &Request<'_>) -> Answer {
        let response = ErrorResponse::new(error);
        let nonce = self.settings.dpop.as_ref().and_then(|dpop| dpop.nonce.as_ref());
        Answer {
            status: response.status,
            www_authenticate: challenge::write(&response, self.parameters(request)),
            dpop_nonce: nonce.filter(|_| error.code() == ErrorCode::DpopNonceMismatch).cloned(),
            retry_after: response.retry_after(),
            body: response.body(),
        }
    }

    /// The answer to a request for the resource's metadata (RFC 9728 §3.2), if this is one.
    pub fn metadata(&self, method: &str, url: &str) -> Option<MetadataAnswer<'_>> {
        self.metadata.answer(method, url)
    }

    fn parameters(&self, request: &Request<'_>) -> ChallengeParameters<'_> {
        let dpop = self.settings.dpop.as_ref();
        ChallengeParameters {
            realm: self.settings.realm.as_deref(),
            scope: self.scope.as_deref(),
            resource_metadata: self.metadata.url.as_deref(),
            scheme: Scheme::of(request.authorization),
            proof_algorithms: dpop.and_then(|dpop| dpop.algorithms.as_deref()),
            offers_dpop: dpop.is_some(),
        }
    }
}

#[cfg(test)]
mod tests;
