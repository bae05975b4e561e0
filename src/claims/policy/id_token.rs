//! The rules of an ID token about the login that requested it (OpenID Connect Core §3.1.3.7, §3.3.2.10), two of which an
//! API may ask of access tokens as well (RFC 9470).

use alloc::format;

use super::{Policy, is_one_of};
use crate::claims::claim_set::{Claims, display_claim, section};
use crate::claims::numeric_date::UnixTime;
use crate::claims::profile::Profile;
use crate::error::{Error, ErrorCode, joined};
use crate::jose::algorithm::Algorithm;
use crate::jose::base64url;
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_nonce(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let Some(nonce) = &self.nonce else { return Ok(()) };
        let found = claims.text("nonce")?;
        let code = if found.is_some() { ErrorCode::NonceMismatch } else { ErrorCode::ClaimMissing };
        trace.judge(Rule::Nonce, found == Some(nonce), code, Evidence::redacted)
    }

    pub(super) fn check_hashes(
        &self,
        claims: &Claims<'_>,
        algorithm: Algorithm,
        trace: &mut Trace,
    ) -> Result<(), Error> {
        if let Some(access_token) = &self.access_token {
            // OpenID Connect Core §3.1.3.6: at_hash is optional where the token endpoint issued the ID token.
            let holds = claims.text("at_hash")?.is_none_or(|hash| is_half_hash(hash, access_token, algorithm));
            trace.judge(Rule::AccessTokenHash, holds, ErrorCode::AtHashMismatch, Evidence::redacted)?;
        }
        if let Some(code) = &self.authorization_code {
            // OpenID Connect Core §3.3.2.11: c_hash is required where a code came with the ID token.
            let Some(hash) = claims.text("c_hash")? else {
                let error = Error::new(ErrorCode::ClaimMissing).cite(section("c_hash")).claim("c_hash");
                return Err(
                    trace.refuse(Rule::CodeHash, error.found("nothing").expected("c_hash, since a code is given"))
                );
            };
            let holds = is_half_hash(hash, code, algorithm);
            trace.judge(Rule::CodeHash, holds, ErrorCode::CHashMismatch, Evidence::redacted)?;
        }
        Ok(())
    }

    pub(super) fn check_auth_time(
        &self,
        claims: &mut Claims<'_>,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<(), Error> {
        if self.max_authentication_age.is_none() && self.profile != Profile::IdToken {
            return Ok(()); // Nobody asks for it.
        }
        claims.read_auth_time().map_err(|error| trace.refuse(Rule::AuthenticationTime, error))?;
        let Some(max_age) = self.max_authentication_age else {
            trace
                .record_pass(Rule::AuthenticationTime, || Evidence::new(display_claim(claims, "auth_time"), "any age"));
            return Ok(());
        };
        // OpenID Connect Core §3.1.2.1: with max_age the ID token MUST include auth_time.
        let code = self.unauthenticated(claims.contains("auth_time"), ErrorCode::AuthTimeTooOld);
        let oldest = now.saturating_sub(self.clock_tolerance).saturating_sub(max_age);
        trace.judge_by(
            Rule::AuthenticationTime,
            self.step_up(),
            claims.timestamps().auth_time_since(oldest),
            code,
            || Evidence::new(display_claim(claims, "auth_time"), format!("at least {}", oldest.seconds())),
        )
    }

    pub(super) fn check_acr(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let Some(accepted) = &self.acr else { return Ok(()) };
        let context = claims.text("acr")?;
        let code = self.unauthenticated(context.is_some(), ErrorCode::AcrMismatch);
        let holds = context.is_some_and(|context| is_one_of(context, accepted));
        trace.judge_by(Rule::AuthenticationContext, self.step_up(), holds, code, || {
            Evidence::new(context.unwrap_or("nothing"), joined(accepted, " or "))
        })
    }
}

impl Policy {
    /// The code of a refusal by how the user has logged in. An access token that does not say how is one of a login that
    /// has to be repeated (RFC 9470 §3); an ID token has to say what was asked for.
    fn unauthenticated(&self, is_present: bool, code: ErrorCode) -> ErrorCode {
        if is_present || self.profile != Profile::IdToken { code } else { ErrorCode::ClaimMissing }
    }

    /// The section by which an access token is asked how its user has logged in.
    fn step_up(&self) -> Option<&'static str> {
        (self.profile != Profile::IdToken).then_some("RFC 9470 §3")
    }
}

/// Whether a claim is the left half of the value's hash, base64url; the hash is the one that the token's algorithm
/// signs (OpenID Connect Core §3.1.3.6).
fn is_half_hash(claim: &str, value: &str, algorithm: Algorithm) -> bool {
    let hash = algorithm.facts().hash;
    base64url::encode(&hash.digest(&[value.as_bytes()])[..hash.length() / 2]) == claim
}
