//! The verdict on a token that is opaque here, by the word of its issuer (RFC 7662): the same policy judges what the
//! answer says, but for what a signature would show.

use alloc::{format, string::String, vec::Vec};

#[cfg(feature = "wasm")]
use super::{Examination, text};
use super::{Refused, Verdict, Verifier};
use crate::claims::claim_set::Claims;
#[cfg(feature = "wasm")]
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, Policy};
use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::Algorithm;
use crate::jose::json::Value;
use crate::jose::token::{UnverifiedToken, VerifiedToken};
use crate::oauth::introspection::{IntrospectionAnswer, members_of_signed, signed_policy, signed_refused};
#[cfg(feature = "wasm")]
use crate::rules::Check;
use crate::rules::{Evidence, Rule, Trace};

/// The trusted issuer that is asked about opaque tokens.
#[derive(Debug)]
pub(super) struct Introspecting {
    index: usize,
    /// What is demanded of an answer's claims.
    policy: Policy,
    /// The same of one that names no issuer (RFC 7662 §2.2: "iss", OPTIONAL): whoever was asked has answered.
    unnamed: Policy,
    /// What is demanded of the JWT that a signed answer is.
    signed: Policy,
}

/// What RFC 9068 §2.2 requires of a JWT, and RFC 7662 §2.2 does not of an answer. A caller may require it all the same.
const NOT_REQUIRED: [&str; 4] = ["sub", "client_id", "iat", "jti"];

/// How an answer names the client (RFC 7662 §2.2), whatever the issuer's JWTs do.
const CLIENT: &str = "client_id";

impl Introspecting {
    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl Verifier {
    /// The same verifier, where the trusted issuer of an index is asked about opaque tokens. `client_id`: who asks, to whom
    /// its signed answers are addressed. An index without an issuer changes nothing.
    #[must_use]
    pub fn introspecting(mut self, index: usize, client_id: &str) -> Self {
        self.introspecting = self.trusted.get(index).map(|trusted| {
            let mut policy = trusted.policy.clone();
            policy.optional_claims.extend(NOT_REQUIRED.map(String::from));
            if !policy.client_claims.iter().any(|name| name == CLIENT) {
                policy.client_claims.push(String::from(CLIENT));
            }
            let mut unnamed = policy.clone();
            // A template leaves open which of its issuers it is.
            if let Accepted::OneOf(_) = unnamed.issuer {
                unnamed.issuer = Accepted::Any;
                unnamed.optional_claims.push(String::from("iss"));
            }
            Introspecting { index, policy, unnamed, signed: signed_policy(&trusted.policy, client_id) }
        });
        self
    }

    /// Whether a token is none of a trusted issuer's JWTs, so that only its issuer can say what it is. What looks like one is
    /// judged as one, and refused as one.
    pub fn is_opaque(&self, token: impl AsRef<[u8]>) -> bool {
        let Ok(token) = UnverifiedToken::parse(token.as_ref(), self.max_token_size()) else { return true };
        let claims = token.unverified_claims();
        let Some(claims) = claims.as_ref().and_then(Value::as_object) else { return true };
        // Where a function knows the issuers, each of them may be ours.
        let may_be_ours = self.asks && claims.contains("iss");
        let is_ours = |policy: &Policy| !policy.issuer.is_checked() || policy.is_issuer(claims);
        !may_be_ours && !self.trusted.iter().any(|trusted| is_ours(&trusted.policy))
    }

    /// Whether an opaque token can be one at all: no server is asked about anything else.
    ///
    /// # Errors
    /// `token_too_large` or `token_malformed`.
    pub fn check_opaque(&self, token: &str) -> Result<(), Error> {
        let max = self.max_token_size();
        if token.len() > max {
            let error = Error::new(ErrorCode::TokenTooLarge).found(format!("{} bytes", token.len()));
            return Err(error.expected(format!("at most {max}")));
        }
        // RFC 6750 §2.1: b64token. The last two are characters of RFC 6749 Appendix A.12 alone, in the tokens of Salesforce
        // and of Cloudflare's workers-oauth-provider.
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/!:".contains(&byte);
        let characters = token.trim_end_matches('=');
        if characters.is_empty() || !characters.bytes().all(is_token) {
            return Err(Error::new(ErrorCode::TokenMalformed)
                .cite("RFC 6750 §2.1")
                .found("other characters than a token has"));
        }
        Ok(())
    }

    /// The verdict on an opaque token.
    ///
    /// # Errors
    /// The first rule that the answer breaks.
    pub fn verify_introspected(&self, answer: &IntrospectionAnswer, now: UnixTime) -> Result<VerifiedToken, Error> {
        let verdict = self.judge_introspected(answer, now, &mut Trace::off());
        verdict.map(|verdict| verdict.token).map_err(|refused| refused.error)
    }

    pub(crate) fn judge_introspected(
        &self,
        answer: &IntrospectionAnswer,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<Verdict, Refused> {
        let Some(Introspecting { index, policy, unnamed, .. }) = &self.introspecting else {
            return Err(Error::new(ErrorCode::IntrospectionFailed).found("no issuer to ask").into());
        };
        let payload = self.active_payload(answer, now, trace)?;
        let mut claims = Claims::parse(&payload, trace)?;
        let policy = if claims.contains("iss") { policy } else { unnamed };
        // The algorithm is read for the hashes of an ID token, which no opaque token is.
        policy.check(&mut claims, Algorithm::Es256, now, trace)?;
        let is_bound = claims.contains("cnf");
        let timestamps = claims.into_timestamps();
        Ok(Verdict { timestamps, issuer: *index, is_bound, token: VerifiedToken::vouched_for(payload) })
    }

    /// The index of the trusted issuer that is asked about opaque tokens.
    #[cfg(feature = "wasm")]
    pub(crate) fn introspected_issuer(&self) -> Option<usize> {
        self.introspecting.as_ref().map(|introspecting| introspecting.index)
    }

    /// The verdict and its explanation, from one run of the rules.
    #[cfg(feature = "wasm")]
    pub(crate) fn examine_introspected(&self, answer: &IntrospectionAnswer, now: UnixTime) -> Examination {
        let mut trace = Trace::on();
        let outcome = self.judge_introspected(answer, now, &mut trace);
        let claims = outcome.as_ref().ok().and_then(|verdict| text(verdict.token.payload()));
        let refusal = outcome.as_ref().err().map(|refused| refused.error.clone());
        Examination {
            outcome,
            explanation: Explanation { checks: self.later_checks(trace), refusal, header: None, claims },
        }
    }

    /// The checks that were made, and those that were not reached: none of them is about a token's own text.
    #[cfg(feature = "wasm")]
    fn later_checks(&self, trace: Trace) -> Vec<Check> {
        let policy = self.introspecting.as_ref().map(|introspecting| &introspecting.policy);
        let is_later = |rule| rule as usize > Rule::Introspection as usize;
        let applies = |rule| is_later(rule) && policy.is_some_and(|policy| policy.applies(rule));
        let own = policy.into_iter().flat_map(|policy| &policy.claim_rules);
        trace.finish(applies, own.map(|rule| (rule.name(), rule.spec())))
    }

    /// The JSON of an answer about an active token.
    fn active_payload(
        &self,
        answer: &IntrospectionAnswer,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<Vec<u8>, Refused> {
        let opened;
        let answer = match answer {
            IntrospectionAnswer::Signed(jwt) => {
                opened = self.open(jwt, now).map_err(|Refused { error, lack }| Refused {
                    error: trace.refuse(Rule::Introspection, error),
                    lack,
                })?;
                &opened
            }
            plain => plain,
        };
        let IntrospectionAnswer::Active(payload) = answer else {
            let error = Error::new(ErrorCode::TokenInactive).found("active: false");
            return Err(trace.refuse(Rule::Introspection, error).into());
        };
        trace.record_pass(Rule::Introspection, || Evidence::new("active", "active"));
        Ok(payload.clone())
    }

    /// The answer inside a signed one (RFC 9701 §5), which the issuer's own keys have signed.
    fn open(&self, jwt: &str, now: UnixTime) -> Result<IntrospectionAnswer, Refused> {
        let Some(Introspecting { index, signed, .. }) = &self.introspecting else {
            return Err(Error::new(ErrorCode::IntrospectionFailed).into());
        };
        let verdict = self.judge_by(*index, signed, jwt.as_bytes(), now).map_err(|Refused { error, lack }| {
            // Keys that are not there yet say nothing about the answer.
            Refused { error: if error.code().is_outage() { error } else { signed_refused(&error) }, lack }
        })?;
        Ok(members_of_signed(verdict.token.payload())?)
    }
}
