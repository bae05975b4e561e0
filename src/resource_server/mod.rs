//! A resource server (RFC 6750, RFC 9449 §7, RFC 9728): what it decides about a request, and how it answers.

use alloc::{format, string::String};
use core::time::Duration;

use crate::claims::numeric_date::UnixTime;
use crate::error::{Error, joined};
use crate::invalid_option::InvalidOption;
use crate::jose::key_set::KeySet;
use crate::oauth::scope;
use crate::verifier::Verifier;

pub(crate) mod authorize;
pub(crate) mod binding;
pub(crate) mod certificate;
pub(crate) mod challenge;
pub(crate) mod credentials;
pub(crate) mod error_response;
pub(crate) mod introspections;
pub(crate) mod metadata;
pub(crate) mod metadata_members;
pub(crate) mod questions;
pub(crate) mod settings;

use authorize::Request;
use challenge::ChallengeParameters;
use credentials::Scheme;
use error_response::{Answer, ErrorResponse, INSUFFICIENT_USER_AUTHENTICATION};
use metadata::{Metadata, MetadataAnswer};
use questions::{DEFAULT_STORE_TIMEOUT, STORE_TIMEOUTS};
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
        if settings.store_timeout.is_some_and(|timeout| !(STORE_TIMEOUTS[0]..=STORE_TIMEOUTS[1]).contains(&timeout)) {
            return Err(InvalidOption::new("storeTimeout", "expected seconds from 0.05 to 30"));
        }
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

    /// The resource identifier (RFC 9728 §1.2), where there is one.
    pub fn resource(&self) -> Option<&str> {
        self.metadata.resource.as_deref()
    }

    /// Replaces the keys of a trusted issuer, as [`Verifier::set_keys`] does.
    pub fn set_keys(&mut self, index: usize, keys: KeySet) -> bool {
        self.verifier.set_keys(index, keys)
    }

    /// Takes the keys of a trusted issuer away, as [`Verifier::remove_keys`] does.
    pub fn remove_keys(&mut self, index: usize) -> bool {
        self.verifier.remove_keys(index)
    }

    /// How long a call of a store may take that a question is put to.
    pub fn store_timeout(&self) -> Duration {
        self.settings.store_timeout.unwrap_or(DEFAULT_STORE_TIMEOUT)
    }

    /// The nonce for the header DPoP-Nonce of every answer at a moment (RFC 9449 §8.2, §9), if proofs have to repeat one.
    pub fn dpop_nonce(&self, now: UnixTime) -> Option<String> {
        let nonce = self.settings.dpop.as_ref().and_then(|dpop| dpop.nonce.as_ref());
        nonce.map(|nonce| nonce.current(now))
    }

    /// The answer at a moment to a request that was refused.
    pub fn answer(&self, error: &Error, request: &Request<'_>, now: UnixTime) -> Answer {
        let response = ErrorResponse::new(error);
        Answer {
            status: response.status,
            www_authenticate: self.challenge(error, request),
            dpop_nonce: self.dpop_nonce(now),
            retry_after: response.retry_after(),
            body: response.body(),
        }
    }

    /// The answer to a request for the resource's metadata (RFC 9728 §3.2), if this is one.
    pub fn metadata(&self, method: &str, url: &str) -> Option<MetadataAnswer<'_>> {
        self.metadata.answer(method, url)
    }

    /// The challenge of the answer to a request that was refused.
    pub(crate) fn challenge(&self, error: &Error, request: &Request<'_>) -> Option<String> {
        let response = ErrorResponse::new(error);
        let (acr_values, max_age) = match response.error {
            Some(INSUFFICIENT_USER_AUTHENTICATION) => self.authentication(),
            _ => (None, None),
        };
        let parameters = ChallengeParameters {
            acr_values: acr_values.as_deref(),
            max_age: max_age.as_deref(),
            ..self.parameters(request)
        };
        challenge::write(&response, parameters)
    }

    /// How users have to have logged in: the classes, separated by spaces, and the age in seconds (RFC 9470 §3).
    fn authentication(&self) -> (Option<String>, Option<String>) {
        let policies = || self.verifier.trusted().iter().map(|trusted| &trusted.policy);
        let classes = scope::distinct(policies().flat_map(|policy| policy.acr.iter().flatten()));
        let age = policies().filter_map(|policy| policy.max_authentication_age).min();
        ((!classes.is_empty()).then(|| joined(&classes, " ")), age.map(|age| format!("{}", age.as_secs())))
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
            requires_dpop: dpop.is_some_and(|dpop| dpop.required),
            ..Default::default()
        }
    }
}

#[cfg(test)]
mod tests;
