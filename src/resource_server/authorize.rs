//! The story of one request: scheme, token, verdict, binding, proof.

use alloc::{format, string::String};
use core::fmt;

use super::ResourceServer;
use super::binding::bound_key;
use super::credentials::{Scheme, credentials, proof};
use super::error_response::INVALID_DPOP_PROOF;
use super::settings::DpopSettings;
#[cfg(feature = "wasm")]
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::error::Error;
use crate::jose::token::VerifiedToken;
use crate::oauth::dpop::{ExpectedProof, Proof, verify_expected};
use crate::oauth::introspection::IntrospectionAnswer;
use crate::oauth::url;
use crate::rules::Trace;
#[cfg(feature = "wasm")]
use crate::verifier::Examination;
use crate::verifier::{Refused, Verdict};

/// What is read of a request.
#[derive(Clone, Copy)]
pub struct Request<'r> {
    /// The method.
    pub method: &'r str,
    /// The URL, or what follows the host in it.
    pub url: &'r str,
    /// The header Authorization.
    pub authorization: Option<&'r str>,
    /// The header DPoP.
    pub dpop: Option<&'r str>,
    /// What its issuer has said about a token that is opaque here (RFC 7662 §2.2); of a JWT nothing.
    pub introspected: Option<&'r IntrospectionAnswer>,
}

/// A request that may pass.
pub struct Authorized<'r> {
    /// How the access token was sent.
    pub scheme: Scheme,
    /// The access token itself, for calls on the user's behalf.
    pub access_token: &'r str,
    /// The proof that came with it. Whether its `jti` is new is for the caller's store to say (RFC 9449 §11.1).
    pub proof: Option<Proof>,
    pub(crate) verdict: Verdict,
}

impl Authorized<'_> {
    /// The token, verified.
    pub fn token(&self) -> &VerifiedToken {
        &self.verdict.token
    }
}

impl ResourceServer {
    /// Decides about a request at a moment of the caller's clock.
    ///
    /// # Errors
    /// The first rule that the request breaks.
    pub fn authorize<'r>(&self, request: &Request<'r>, now: UnixTime) -> Result<Authorized<'r>, Error> {
        self.authorize_traced(request, now, &mut Trace::off()).map_err(|refused| refused.error)
    }

    pub(crate) fn authorize_traced<'r>(
        &self,
        request: &Request<'r>,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<Authorized<'r>, Refused> {
        let (scheme, access_token) = credentials(request.authorization)?; //              RFC 6750 §2.1
        let verdict = match request.introspected {
            None => self.verifier.judge(access_token.as_bytes(), now, trace)?, //         RFC 6750 §3.1, RFC 9068 §4
            Some(answer) => self.verifier.judge_introspected(answer, now, trace)?, //     RFC 7662 §2.2
        };
        let proof = self.check_sender(request, scheme, access_token, &verdict, now)?;
        Ok(Authorized { scheme, access_token, proof, verdict })
    }

    /// The same decision with the list of its checks, from one run of the rules; no list where there was no
    /// token to judge.
    #[cfg(feature = "wasm")]
    pub(crate) fn examine<'r>(
        &self,
        request: &Request<'r>,
        now: UnixTime,
    ) -> (Result<Authorized<'r>, Refused>, Option<Explanation>) {
        let (scheme, access_token) = match credentials(request.authorization) {
            Ok(credentials) => credentials,
            Err(error) => return (Err(error.into()), None),
        };
        let Examination { outcome, explanation } = match request.introspected {
            None => self.verifier.examine(access_token.as_bytes(), now),
            Some(answer) => self.verifier.examine_introspected(answer, now),
        };
        let decided = outcome.and_then(|verdict| {
            let proof = self.check_sender(request, scheme, access_token, &verdict, now)?;
            Ok(Authorized { scheme, access_token, proof, verdict })
        });
        (decided, Some(explanation))
    }

    /// Checks that the sender of a token that is bound to a key has that key. `verdict` is that on
    /// the token.
    pub(crate) fn check_sender(
        &self,
        request: &Request<'_>,
        scheme: Scheme,
        access_token: &str,
        verdict: &Verdict,
        now: UnixTime,
    ) -> Result<Option<Proof>, Error> {
        if scheme == Scheme::Bearer && !verdict.is_bound {
            return Ok(None);
        }
        let Some(thumbprint) = bound_key(scheme, verdict.token.payload())? else { return Ok(None) }; //    RFC 7800 §3.1
        let proof = proof(request.dpop)?; //                                              RFC 9449 §4.3 (1)
        let DpopSettings { algorithms, max_age, nonce } = self.settings.dpop.as_ref().unwrap_or(&DpopSettings::DEFAULT);
        let public = self.public_url(request.url);
        let expected = ExpectedProof {
            method: request.method,
            url: public.as_deref().unwrap_or(request.url),
            access_token: Some(access_token),
            nonce: nonce.as_deref(),
            thumbprint: Some(&thumbprint),
            algorithms: algorithms.as_deref(),
            max_age: *max_age,
        };
        // RFC 9449 §7.1: an error in a proof has a name of its own.
        let proof =
            verify_expected(proof.as_bytes(), &expected, now).map_err(|error| error.oauth(INVALID_DPOP_PROOF))?;
        Ok(Some(proof))
    }

    /// The URL by which the client knows what it asked for: htu is compared with it (RFC 9449 §4.3).
    fn public_url(&self, url: &str) -> Option<String> {
        let origin = self.public_origin.as_deref()?;
        Some(format!("{origin}{}", url::path(url)?))
    }
}

impl fmt::Debug for Authorized<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
