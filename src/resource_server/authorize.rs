//! The story of one request: scheme, token, verdict, binding, proof.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use super::ResourceServer;
use super::binding::{Confirmation, confirmation};
use super::certificate::ClientCertificate;
use super::credentials::{Scheme, credentials, proof};
use super::error_response::INVALID_DPOP_PROOF;
use super::questions::Question;
use super::settings::DpopSettings;
#[cfg(feature = "wasm")]
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::Granted;
use crate::error::{Error, ErrorCode};
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
    /// The certificate by which the client opened its connection, where something is known of it.
    pub certificate: Option<ClientCertificate<'r>>,
}

/// A request that may pass.
pub struct Authorized<'r> {
    /// How the access token was sent.
    pub scheme: Scheme,
    /// The access token itself, for calls on the user's behalf.
    pub access_token: &'r str,
    /// The proof that came with it.
    pub proof: Option<Proof>,
    /// What the decision still hangs on; a caller that cannot ask leaves it open.
    pub questions: Vec<Question>,
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
        Ok(self.check_request(request, scheme, access_token, verdict, now)?)
    }

    /// To whom the token of a request that may pass was issued, and for what.
    ///
    /// # Errors
    /// The claim that has another type than it should.
    pub fn grant(&self, authorized: &Authorized<'_>) -> Result<Granted, Error> {
        self.verifier.grant(&authorized.verdict)
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
        let decided =
            outcome.and_then(|verdict| Ok(self.check_request(request, scheme, access_token, verdict, now)?));
        (decided, Some(explanation))
    }

    /// What a request with a token that passed comes to.
    fn check_request<'r>(
        &self,
        request: &Request<'r>,
        scheme: Scheme,
        access_token: &'r str,
        verdict: Verdict,
        now: UnixTime,
    ) -> Result<Authorized<'r>, Error> {
        let proof = self.check_sender(request, scheme, access_token, &verdict, now)?;
        // First what leaves nothing behind: the proof of a token that is revoked need not be remembered.
        let payload = Some(verdict.token.payload()).filter(|_| self.settings.revocation);
        let revoked = payload.map(Question::revoked).transpose()?.flatten();
        let replay = proof.iter().map(|proof| Question::replay(proof, self.dpop().max_age, now));
        let questions = revoked.into_iter().chain(replay).collect();
        Ok(Authorized { scheme, access_token, proof, questions, verdict })
    }

    /// How proofs are checked.
    fn dpop(&self) -> &DpopSettings {
        self.settings.dpop.as_ref().unwrap_or(&DpopSettings::DEFAULT)
    }

    /// Checks that the sender of a token that is bound to a key has that key. `verdict` is that on
    /// the token.
    fn check_sender(
        &self,
        request: &Request<'_>,
        scheme: Scheme,
        access_token: &str,
        verdict: &Verdict,
        now: UnixTime,
    ) -> Result<Option<Proof>, Error> {
        let is_plain = scheme == Scheme::Bearer && !verdict.is_bound;
        let Confirmation { key, certificate } = match is_plain {
            true => Confirmation::default(),
            false => confirmation(scheme, verdict.token.payload(), self.settings.mtls.is_some())?, // RFC 7800 §3.1
        };
        let unbound = |spec| Error::new(ErrorCode::TokenUnbound).cite(spec).claim("cnf").found("Bearer");
        if key.is_none() && self.dpop().required {
            return Err(unbound("RFC 9449 §7.2").expected("DPoP"));
        }
        match certificate {
            Some(bound) => check_certificate(request.certificate, &bound)?, //             RFC 8705 §3
            None if self.settings.mtls.is_some_and(|mtls| mtls.required) => {
                return Err(unbound("RFC 8705 §3").expected("x5t#S256"));
            }
            None => {}
        }
        let Some(thumbprint) = key else { return Ok(None) };
        let proof = proof(request.dpop)?; //                                              RFC 9449 §4.3 (1)
        let DpopSettings { algorithms, max_age, nonce, .. } = self.dpop();
        let public = self.public_url(request.url);
        let expected = ExpectedProof {
            method: request.method,
            url: public.as_deref().unwrap_or(request.url),
            access_token: Some(access_token),
            nonce: nonce.as_ref(),
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

/// RFC 8705 §3: the certificate of the connection is the one that the token is bound to.
fn check_certificate(presented: Option<ClientCertificate<'_>>, bound: &str) -> Result<(), Error> {
    let found = presented.as_ref().map(|certificate| certificate.thumbprint().ok_or("a malformed certificate"));
    let found = found.unwrap_or(Err("no certificate"));
    match &found {
        Ok(thumbprint) if thumbprint == bound => Ok(()),
        found => {
            let found = found.as_ref().map_or_else(|&why| why, String::as_str);
            Err(Error::new(ErrorCode::CertificateMismatch).claim("cnf").found(found).expected(bound))
        }
    }
}

impl fmt::Debug for Authorized<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
