//! The story of one verdict.

use alloc::{string::String, vec::Vec};

use crate::claims::claim_set::Timestamps;
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, Policy};
use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::Algorithm;
use crate::jose::header_cache::HeaderCache;
use crate::jose::json;
use crate::jose::json_text::decimal;
use crate::jose::jwk::Key;
use crate::jose::key_set::KeySet;
use crate::jose::token::{EmptyPayload, UnverifiedToken, VerifiedToken};
use crate::rules::{CheckStatus, Evidence, Rule, Trace};

/// Judges tokens by a policy and the keys it trusts.
#[derive(Debug)]
pub struct Verifier {
    trusted: Vec<TrustedIssuer>,
    headers: HeaderCache,
}

/// A policy and the keys that go with it. Keys of one issuer never check another's tokens.
#[derive(Debug)]
pub struct TrustedIssuer {
    /// What is demanded of this issuer's tokens.
    pub policy: Policy,
    /// The issuer's keys; `None` until they are loaded.
    pub keys: Option<KeySet>,
}

/// A token that passed, and what its verdict hangs on from now on.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) token: VerifiedToken,
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding keeps verdicts"))]
    pub(crate) timestamps: Timestamps,
    /// The index of the trusted issuer whose policy judged.
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding keeps verdicts"))]
    pub(crate) issuer: usize,
}

/// A refusal, and where more keys might change it.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) error: Error,
    /// The trusted issuer whose keys lack what the token needs.
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding fetches keys"))]
    pub(crate) lacks_key: Option<usize>,
}

impl Verifier {
    /// A verifier for one policy and its keys.
    pub fn new(policy: Policy, keys: KeySet) -> Self {
        Self::with_issuers(alloc::vec![TrustedIssuer { policy, keys: Some(keys) }])
    }

    /// A verifier for several issuers, each with its own policy and keys. Without any, every token
    /// is refused.
    pub fn with_issuers(trusted: Vec<TrustedIssuer>) -> Self {
        Self { trusted, headers: HeaderCache::default() }
    }

    /// The verdict on a token at a moment of the caller's clock.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn verify(&self, token: impl AsRef<[u8]>, now: UnixTime) -> Result<VerifiedToken, Error> {
        self.judge(token.as_ref(), now, &mut Trace::off()).map(|verdict| verdict.token).map_err(|refused| refused.error)
    }

    /// The same verdict, told as every check, its section and what became of it.
    pub fn explain(&self, token: impl AsRef<[u8]>, now: UnixTime) -> Explanation {
        self.explain_refused(token.as_ref(), now).0
    }

    pub(crate) fn judge(&self, token: &[u8], now: UnixTime, trace: &mut Trace) -> Result<Verdict, Refused> {
        let known = trace.is_off().then_some(&self.headers);
        let token = UnverifiedToken::parse_traced(token, self.max_token_size(), EmptyPayload::Refused, known, trace)?; // RFC 7515 §5.2
        let (index, trusted) = self.trusted_issuer(&token, trace)?; //                      RFC 8725 §3.8
        let algorithm = trusted.policy.allow(token.header(), trace)?; //                    RFC 8725 §3.1
        let keys = trusted.find(&token, algorithm, trace).map_err(Refused::lacks_key(index))?; // RFC 7517 §4.5
        let token = token.check_signature(algorithm, &keys, trace)?; //                     RFC 7515 §5.2 (8)
        token.keep_header(&self.headers);
        let mut claims = token.claims_traced(trace)?; //                                    RFC 7519 §4
        trusted.policy.check(&mut claims, algorithm, now, trace)?; //                       RFC 7519 §4.1
        Ok(Verdict { timestamps: claims.into_timestamps(), issuer: index, token })
    }

    pub(crate) fn explain_refused(&self, token: &[u8], now: UnixTime) -> (Explanation, Option<Refused>) {
        let mut trace = Trace::on();
        let refused = self.judge(token, now, &mut trace).err();
        let mut explanation = Explanation {
            checks: Vec::new(),
            refusal: refused.as_ref().map(|refused| refused.error.clone()),
            header: None,
            claims: None,
        };
        if let Ok(token) = UnverifiedToken::parse(token, self.max_token_size()) {
            let (header, payload) = token.into_unverified_parts();
            explanation.header = String::from_utf8(header).ok();
            if trace.status(Rule::Signature) == Some(CheckStatus::Passed)
                && json::parse(&payload).is_ok_and(|claims| claims.as_object().is_some())
            {
                explanation.claims = String::from_utf8(payload).ok();
            }
        }
        explanation.checks =
            trace.finish(|rule| self.trusted.first().is_some_and(|trusted| trusted.policy.applies(rule)));
        (explanation, refused)
    }

    /// The trusted issuers, in the order in which they were given.
    pub fn trusted(&self) -> &[TrustedIssuer] {
        &self.trusted
    }

    /// Replaces the keys of a trusted issuer, e.g. when they are fetched anew. Says whether there
    /// is an issuer of that index.
    pub fn set_keys(&mut self, index: usize, keys: KeySet) -> bool {
        let trusted = self.trusted.get_mut(index);
        let found = trusted.is_some();
        if let Some(trusted) = trusted {
            trusted.keys = Some(keys);
        }
        found
    }

    fn max_token_size(&self) -> usize {
        self.trusted.first().map_or(0, |trusted| trusted.policy.max_token_size)
    }

    /// With several issuers the token's own word chooses whose policy and keys judge it; it can
    /// choose among trusted ones only, and each policy judges the claim again.
    fn trusted_issuer(&self, token: &UnverifiedToken<'_>, trace: &mut Trace) -> Result<(usize, &TrustedIssuer), Error> {
        if let [only] = self.trusted.as_slice() {
            return Ok((0, only));
        }
        let named = token.issuer_hint();
        let accepts = |trusted: &TrustedIssuer| match (&trusted.policy.issuer, &named) {
            (Accepted::OneOf(issuers), Some(named)) => issuers.contains(named),
            _ => false,
        };
        let position = self.trusted.iter().position(accepts);
        trace.judge(Rule::TrustedIssuer, position.is_some(), ErrorCode::IssuerMismatch, || {
            Evidence::new(
                named.as_deref().unwrap_or("no readable issuer"),
                ["one of ", &decimal(self.trusted.len() as u64), " trusted issuers"].concat(),
            )
        })?;
        let index = position.unwrap_or_default();
        Ok((index, &self.trusted[index]))
    }
}

impl TrustedIssuer {
    fn find(&self, token: &UnverifiedToken<'_>, algorithm: Algorithm, trace: &mut Trace) -> Result<Vec<&Key>, Error> {
        let found = match &self.keys {
            Some(keys) => keys.find(token.header(), algorithm),
            None => Err(Error::new(ErrorCode::KeysNotLoaded)),
        };
        trace.record(Rule::Key, found, |keys| {
            let kid = keys.first().and_then(|key| key.kid()).unwrap_or("a key without kid");
            Evidence::new(token.header().kid().unwrap_or("no kid"), kid)
        })
    }
}

impl Refused {
    /// Marks the refusals that fetching the keys again might lift.
    fn lacks_key(index: usize) -> impl FnOnce(Error) -> Self {
        move |error| {
            let curable =
                matches!(error.code(), ErrorCode::KeysNotLoaded | ErrorCode::KeyNotFound | ErrorCode::KeyUnsuitable);
            Self { error, lacks_key: curable.then_some(index) }
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, lacks_key: None }
    }
}
