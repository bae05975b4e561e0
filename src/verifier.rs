//! The story of one verdict.

mod introspected;
mod issuers;

use alloc::{string::String, vec::Vec};

use crate::claims::claim_set::{Claims, Timestamps};
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Granted, Policy};
use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::Algorithm;
use crate::jose::header_cache::HeaderCache;
use crate::jose::json::{Object, Value};
use crate::jose::jwk::Key;
use crate::jose::key_set::{Candidates, KeySet};
use crate::jose::token::{EmptyPayload, UnverifiedToken, VerifiedToken};
use crate::rules::{Check, CheckStatus, Evidence, Rule, Trace};

/// Judges tokens by a policy and the keys it trusts.
#[derive(Debug, Default)]
pub struct Verifier {
    trusted: Vec<TrustedIssuer>,
    /// How many of them were given from the start.
    given: usize,
    /// Indices of the templates whose tenants have keys of their own.
    templates: Vec<usize>,
    /// Whether tokens of issuers that are not trusted yet are worth a question.
    asks: bool,
    /// The issuers that were admitted later: name and index, sorted by name.
    admitted: Vec<(String, usize)>,
    headers: HeaderCache,
    /// Who is asked about opaque tokens; nobody unless the caller says so.
    introspecting: Option<introspected::Introspecting>,
}

/// A policy and the keys that go with it. Keys of one issuer never check another's tokens.
#[derive(Debug)]
pub struct TrustedIssuer {
    /// What is demanded of this issuer's tokens.
    pub policy: Policy,
    /// The issuer's keys; `None` until they are loaded.
    pub keys: Option<KeySet>,
}

/// A token that passed, and what its verdict depends on from now on.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) token: VerifiedToken,
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding keeps verdicts"))]
    pub(crate) timestamps: Timestamps,
    /// The index of the trusted issuer whose policy judged.
    pub(crate) issuer: usize,
    /// Whether the token is bound to its sender in some way (RFC 7800 §3.1): it has the claim `cnf`.
    pub(crate) is_bound: bool,
}

/// A refusal, and where more keys might change it.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) error: Error,
    /// The index of the trusted issuer whose keys, fetched anew, might lift the refusal, and what they lack.
    pub(crate) lack: Option<(usize, Lack)>,
}

/// What other keys of the same issuer might change about a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// No keys are loaded at all.
    Keys,
    /// None of the keys is the token's; its `kid`, where it has one.
    Key(Option<String>),
    /// The key that the token names, or those that it might mean, do not fit it.
    OtherKey,
    /// Nobody knows yet whether the issuer of this name is trusted, or which keys it has.
    Issuer(String),
}

/// A verdict and its explanation, from one run of the rules: the signature is checked once.
#[derive(Debug)]
pub(crate) struct Examination {
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding gives both at once"))]
    pub(crate) outcome: Result<Verdict, Refused>,
    pub(crate) explanation: Explanation,
}

impl Verifier {
    /// A verifier for one policy and its keys.
    pub fn new(policy: Policy, keys: KeySet) -> Self {
        Self::with_issuers(alloc::vec![TrustedIssuer { policy, keys: Some(keys) }])
    }

    /// A verifier for several issuers, each with its own policy and keys. Without any, every token
    /// is refused.
    pub fn with_issuers(trusted: Vec<TrustedIssuer>) -> Self {
        Self { given: trusted.len(), trusted, ..Self::default() }
    }

    /// The verdict on a token at a moment of the caller's clock.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn verify(&self, token: impl AsRef<[u8]>, now: UnixTime) -> Result<VerifiedToken, Error> {
        self.judge(token.as_ref(), now, &mut Trace::off()).map(|verdict| verdict.token).map_err(|refused| refused.error)
    }

    /// The same verdict as a list of every check with its section and result.
    pub fn explain(&self, token: impl AsRef<[u8]>, now: UnixTime) -> Explanation {
        self.examine(token.as_ref(), now).explanation
    }

    /// What can be said of a token while no keys are at hand: every check but those of key and signature, which are
    /// listed as not reached. Nobody vouches for what the others found, so there is a refusal in any case:
    /// `keys_not_loaded` where no check fails.
    pub fn explain_without_keys(&self, token: impl AsRef<[u8]>, now: UnixTime) -> Explanation {
        let mut trace = Trace::on();
        let failed = self.judge_without_keys(token.as_ref(), now, &mut trace).err();
        let refusal = failed.unwrap_or_else(|| Error::new(ErrorCode::KeysNotLoaded));
        let header = self.readable_parts(token.as_ref(), &Trace::off()).0;
        Explanation { checks: self.all_checks(trace, token.as_ref()), refusal: Some(refusal), header, claims: None }
    }

    fn judge_without_keys(&self, token: &[u8], now: UnixTime, trace: &mut Trace) -> Result<(), Error> {
        let token = UnverifiedToken::parse_traced(token, self.max_token_size(), EmptyPayload::Refused, None, trace)?;
        let (_, trusted) = self.trusted_issuer(&token, trace).map_err(|refused| refused.error)?;
        let algorithm = trusted.policy.allow(token.header(), trace)?;
        trace.skip(Rule::Key);
        trace.skip(Rule::Signature);
        let (_, payload) = token.into_unverified_parts();
        let mut claims = Claims::parse(&payload, trace)?;
        trusted.policy.check(&mut claims, algorithm, now, trace)
    }

    pub(crate) fn judge(&self, token: &[u8], now: UnixTime, trace: &mut Trace) -> Result<Verdict, Refused> {
        let known = trace.is_off().then_some(&self.headers);
        let token = UnverifiedToken::parse_traced(token, self.max_token_size(), EmptyPayload::Refused, known, trace)?; // RFC 7515 §5.2
        let (index, trusted) = self.trusted_issuer(&token, trace)?; //                      RFC 8725 §3.8
        self.judge_parsed(token, (index, trusted), &trusted.policy, now, trace)
    }

    /// The verdict on another token of a trusted issuer, by demands of its own.
    fn judge_by(&self, index: usize, policy: &Policy, token: &[u8], now: UnixTime) -> Result<Verdict, Refused> {
        let token = UnverifiedToken::parse(token, policy.max_token_size)?;
        let trace = &mut Trace::off();
        match self.trusted.get(index) {
            Some(trusted) => self.judge_parsed(token, (index, trusted), policy, now, trace),
            None => Err(Error::new(ErrorCode::KeysNotLoaded).into()),
        }
    }

    #[inline(never)]
    fn judge_parsed(
        &self,
        token: UnverifiedToken<'_>,
        (index, trusted): (usize, &TrustedIssuer),
        policy: &Policy,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<Verdict, Refused> {
        let algorithm = policy.allow(token.header(), trace)?; //                            RFC 8725 §3.1
        let keys = trusted.find(&token, algorithm, trace).map_err(|error| {
            //              RFC 7517 §4.5
            let refused = Refused::lacking(index, token.header().kid(), error);
            if trusted.knows_foreign(&token) { refused.whatever_the_keys() } else { trusted.lack_of(refused) }
        })?;
        let (token, key) = token.check_signature(algorithm, &keys, trace).map_err(|error| {
            //     RFC 7515 §5.2 (8)
            Refused::lacking(index, None, error)
        })?;
        token.keep_header(&self.headers);
        let mut claims = Claims::parse(token.payload(), trace)?; //                            RFC 7519 §4
        Policy::check_key_issuer(key, &claims, trace)?; //                                  RFC 8725 §3.8
        policy.check(&mut claims, algorithm, now, trace)?; //                               RFC 7519 §4.1
        let is_bound = claims.contains("cnf");
        Ok(Verdict { timestamps: claims.into_timestamps(), issuer: index, is_bound, token })
    }

    /// To whom the token of a verdict was issued, and for what, by the policy that has judged: of a JWT, or by the word of
    /// its issuer.
    pub(crate) fn grant(&self, Verdict { token, issuer, .. }: &Verdict) -> Result<Granted, Error> {
        let claims = Claims::parse(token.payload(), &mut Trace::off())?;
        let policy = match token.is_vouched_for() {
            true => self.introspecting.as_ref().map(introspected::Introspecting::policy),
            false => self.trusted.get(*issuer).map(|trusted| &trusted.policy),
        };
        policy.map_or(Err(Error::new(ErrorCode::IssuerMismatch)), |policy| policy.grant(&claims))
    }

    /// The verdict and its explanation, from one run of the rules.
    pub(crate) fn examine(&self, token: &[u8], now: UnixTime) -> Examination {
        let mut trace = Trace::on();
        let outcome = self.judge(token, now, &mut trace);
        let (header, claims) = match &outcome {
            Ok(verdict) => (text(verdict.token.header_bytes()), text(verdict.token.payload())),
            Err(_) => self.readable_parts(token, &trace),
        };
        let refusal = outcome.as_ref().err().map(|refused| refused.error.clone());
        let explanation = Explanation { checks: self.all_checks(trace, token), refusal, header, claims };
        Examination { outcome, explanation }
    }

    /// The checks that were made, and those that were not reached.
    fn all_checks(&self, trace: Trace, token: &[u8]) -> Vec<Check> {
        let judge = self.trusted.get(self.issuer_index(token).unwrap_or_default());
        let applies = |rule| judge.is_some_and(|trusted| trusted.policy.applies(rule));
        let own = judge.into_iter().flat_map(|trusted| &trusted.policy.claim_rules);
        trace.finish(applies, own.map(|rule| (rule.name(), rule.spec())))
    }

    /// The header of a refused token; its claims only if the signature held and they could be read.
    fn readable_parts(&self, token: &[u8], trace: &Trace) -> (Option<String>, Option<String>) {
        let Ok(token) = UnverifiedToken::parse(token, self.max_token_size()) else { return (None, None) };
        let (header, payload) = token.into_unverified_parts();
        let is_readable = trace.status(Rule::ClaimsJson) == Some(CheckStatus::Passed);
        (text(&header), text(&payload).filter(|_| is_readable))
    }

    /// The trusted issuers, in the order in which they were given.
    pub fn trusted(&self) -> &[TrustedIssuer] {
        &self.trusted
    }

    /// Replaces the keys of a trusted issuer, e.g. after they were fetched again. Returns whether there
    /// is an issuer with that index.
    pub fn set_keys(&mut self, index: usize, keys: KeySet) -> bool {
        self.replace_keys(index, Some(keys))
    }

    /// Takes the keys of a trusted issuer away: its tokens are refused with `keys_not_loaded`. Returns whether there is
    /// an issuer with that index.
    pub fn remove_keys(&mut self, index: usize) -> bool {
        self.replace_keys(index, None)
    }

    fn replace_keys(&mut self, index: usize, keys: Option<KeySet>) -> bool {
        let trusted = self.trusted.get_mut(index);
        let found = trusted.is_some();
        if let Some(trusted) = trusted {
            trusted.keys = keys;
        }
        found
    }

    fn max_token_size(&self) -> usize {
        self.trusted.first().map_or(0, |trusted| trusted.policy.max_token_size)
    }
}

fn text(json: &[u8]) -> Option<String> {
    core::str::from_utf8(json).ok().map(String::from)
}

impl TrustedIssuer {
    /// Whether a token names another issuer: then no key of this one is its own, and none is worth a request. Nobody has
    /// checked that name, so it decides about nothing else.
    fn knows_foreign(&self, token: &UnverifiedToken<'_>) -> bool {
        let is_asked_for = self.policy.issuer.is_checked() && self.keys.is_some();
        let is_foreign = |claims: &Object<'_>| match claims.get("iss") {
            Some(Value::String(_)) => !self.policy.is_issuer(claims) || self.policy.foreign_tenant(claims).is_some(),
            _ => false,
        };
        is_asked_for && token.unverified_claims().is_some_and(|claims| claims.as_object().is_some_and(is_foreign))
    }

    /// A key that is published and cannot be used is no key that is missing: its token is told so at once.
    fn lack_of(&self, mut refused: Refused) -> Refused {
        if let Some((index, Lack::Key(Some(kid)))) = &refused.lack
            && self.keys.as_ref().is_some_and(|keys| keys.has_dropped(kid))
        {
            refused.lack = Some((*index, Lack::OtherKey));
        }
        refused
    }

    fn find(
        &self,
        token: &UnverifiedToken<'_>,
        algorithm: Algorithm,
        trace: &mut Trace,
    ) -> Result<Candidates<'_>, Error> {
        let found = match &self.keys {
            Some(keys) => keys.find(token.header(), algorithm),
            None => Err(Error::new(ErrorCode::KeysNotLoaded)),
        };
        trace.record(Rule::Key, found, |keys| {
            let kid = keys.first().and_then(Key::kid).unwrap_or("a key without kid");
            Evidence::new(token.header().kid().unwrap_or("no kid"), kid)
        })
    }
}

impl Refused {
    /// Marks the refusals that other keys of the issuer might lift.
    fn lacking(index: usize, kid: Option<&str>, error: Error) -> Self {
        let lack = match error.code() {
            ErrorCode::KeysNotLoaded => Lack::Keys,
            ErrorCode::KeyNotFound => Lack::Key(kid.map(String::from)),
            ErrorCode::SignatureMissing => return Self::from(error),
            _ => Lack::OtherKey,
        };
        Self { error, lack: Some((index, lack)) }
    }

    /// The same refusal, which other keys cannot lift.
    fn whatever_the_keys(self) -> Self {
        Self { lack: None, ..self }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, lack: None }
    }
}
