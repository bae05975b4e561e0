//! Which trusted issuer judges a token: one of the caller's, a tenant of a template, or one that was asked for.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::{Lack, Refused, TrustedIssuer, Verifier};
use crate::claims::policy::{Accepted, Policy};
use crate::claims::profile::Profile;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{Object, Value};
use crate::jose::token::UnverifiedToken;
use crate::rules::{Evidence, Rule, Trace};

/// What the unverified claims of a token choose. They can choose among trusted issuers only, and the policy judges the
/// same claims again once the signature holds.
enum Choice<'v> {
    Issuer(usize),
    /// Of this template, by this name; its keys are not known yet.
    Tenant(usize, String),
    /// Of no issuer that is known.
    Unknown(String),
    /// Of this template, and not ours by a rule.
    Foreign(Evidence<'v>),
    None,
}

impl Verifier {
    /// The same verifier, where each tenant of a template has keys of its own: its tokens lack an issuer
    /// ([`Lack::Issuer`]) until that is admitted.
    #[must_use]
    pub fn with_tenants_of(mut self, index: usize) -> Self {
        self.templates.push(index);
        self
    }

    /// The same verifier, where a token of an issuer that is not trusted is worth a question ([`Lack::Issuer`]). The first
    /// of its policies says how large a token may be.
    #[must_use]
    pub fn asking(mut self) -> Self {
        self.asks = true;
        self
    }

    /// Whether issuers may be admitted later.
    pub fn is_open(&self) -> bool {
        self.asks || !self.templates.is_empty()
    }

    /// Trusts an issuer from now on, by its name; another one of that name is replaced. Returns its index.
    pub fn admit(&mut self, name: &str, trusted: TrustedIssuer) -> usize {
        match self.admitted.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
            Ok(at) => {
                let index = self.admitted[at].1;
                self.trusted[index] = trusted;
                index
            }
            Err(at) => {
                let index = self.vacant().unwrap_or(self.trusted.len());
                match self.trusted.get_mut(index) {
                    Some(place) => *place = trusted,
                    None => self.trusted.push(trusted),
                }
                self.admitted.insert(at, (String::from(name), index));
                index
            }
        }
    }

    /// Trusts an issuer that was admitted no longer. Returns the index that it had.
    pub fn dismiss(&mut self, name: &str) -> Option<usize> {
        let at = self.admitted.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        let (_, index) = self.admitted.remove(at);
        self.trusted[index] = nobody();
        Some(index)
    }

    /// The policy for a tenant of a template.
    pub fn tenant_of(&self, index: usize) -> Option<TrustedIssuer> {
        let policy = self.trusted.get(index)?.policy.clone();
        Some(TrustedIssuer { policy, keys: None })
    }

    /// The place of an issuer that was dismissed.
    fn vacant(&self) -> Option<usize> {
        (self.given..self.trusted.len()).find(|&at| is_nobody(&self.trusted[at].policy.issuer))
    }

    /// The index of the trusted issuer whose policy and keys would judge this token, so that they can be loaded before;
    /// `None` where there is none. It depends on unverified claims of the token, so it decides nothing but which keys
    /// to load. A single issuer judges every token.
    pub fn issuer_index(&self, token: impl AsRef<[u8]>) -> Option<usize> {
        if self.is_only() {
            return Some(0);
        }
        let token = UnverifiedToken::parse(token.as_ref(), self.max_token_size()).ok()?;
        match self.choose(token.unverified_claims().as_ref().and_then(Value::as_object)?) {
            Choice::Issuer(index) | Choice::Tenant(index, _) => Some(index),
            Choice::Unknown(_) | Choice::Foreign(_) | Choice::None => None,
        }
    }

    fn is_only(&self) -> bool {
        self.trusted.len() == 1 && !self.is_open()
    }

    pub(super) fn trusted_issuer(
        &self,
        token: &UnverifiedToken<'_>,
        trace: &mut Trace,
    ) -> Result<(usize, &TrustedIssuer), Refused> {
        if self.is_only() {
            return Ok((0, &self.trusted[0]));
        }
        let claims = token.unverified_claims();
        let claims = claims.as_ref().and_then(Value::as_object);
        let named = claims.and_then(|claims| claims.get("iss")).and_then(Value::as_str);
        let found = || Evidence::new(named.unwrap_or("no readable issuer"), self.describe_trusted());
        let (index, refused) = match claims.map_or(Choice::None, |claims| self.choose(claims)) {
            Choice::Issuer(index) => (Some(index), None),
            Choice::Tenant(index, name) => return Err(Self::unknown(index, name, trace)),
            Choice::Unknown(name) => return Err(Self::unknown(0, name, trace)),
            Choice::Foreign(evidence) => (None, Some(evidence)),
            Choice::None => (None, None),
        };
        trace
            .judge(Rule::TrustedIssuer, index.is_some(), ErrorCode::IssuerMismatch, || refused.unwrap_or_else(found))?;
        let index = index.unwrap_or_default();
        Ok((index, &self.trusted[index]))
    }

    fn describe_trusted(&self) -> String {
        match self.trusted.get(..self.given) {
            _ if self.asks => String::from("an issuer that the function of the option issuer knows"),
            Some([TrustedIssuer { policy: Policy { issuer: Accepted::Template(template), .. }, .. }]) => {
                template.describe()
            }
            _ => format!("one of {} trusted issuers", self.given),
        }
    }

    fn unknown(index: usize, name: String, trace: &mut Trace) -> Refused {
        let error = Error::new(ErrorCode::KeysNotLoaded).claim("iss").found(&name);
        Refused { error: trace.refuse(Rule::TrustedIssuer, error), lack: Some((index, Lack::Issuer(name))) }
    }

    fn choose(&self, claims: &Object<'_>) -> Choice<'static> {
        let Some(named) = claims.get("iss").and_then(Value::as_str) else { return Choice::None };
        let fixed = |trusted: &TrustedIssuer| match &trusted.policy.issuer {
            Accepted::OneOf(issuers) => issuers.iter().any(|issuer| issuer == named),
            _ => false,
        };
        if let Some(index) = self.trusted.iter().take(self.given).position(fixed) {
            return Choice::Issuer(index);
        }
        if let Ok(at) = self.admitted.binary_search_by(|(known, _)| known.as_str().cmp(named)) {
            return Choice::Issuer(self.admitted[at].1);
        }
        let templates = self.trusted.iter().enumerate().take(self.given);
        let chosen = templates.filter(|(_, trusted)| trusted.policy.is_issuer(claims)).map(|(index, _)| index).next();
        match chosen {
            Some(index) if self.templates.contains(&index) => self.choose_tenant(index, named, claims),
            Some(index) => Choice::Issuer(index),
            None => self.choose_by_likeness(named, claims),
        }
    }

    /// A tenant whose keys are its own: whether it is ours is seen before anything is fetched for it.
    fn choose_tenant(&self, index: usize, named: &str, claims: &Object<'_>) -> Choice<'static> {
        match self.trusted[index].policy.foreign_tenant(claims) {
            Some(rule) => {
                let found =
                    claims.get(rule.claim()).map_or(Cow::Borrowed("nothing"), crate::claims::claim_set::display);
                Choice::Foreign(Evidence::new(
                    format!("{} {found}", rule.claim()),
                    format!("a tenant of ours, whose {} is {}", rule.claim(), rule.describe()),
                ))
            }
            None => Choice::Tenant(index, String::from(named)),
        }
    }

    /// What is no issuer of a template may look like one: its policy says best what is wrong.
    fn choose_by_likeness(&self, named: &str, claims: &Object<'_>) -> Choice<'static> {
        let alike = self.trusted.iter().take(self.given).position(|trusted| match &trusted.policy.issuer {
            Accepted::Template(template) => template.resembles(named),
            _ => false,
        });
        match alike {
            Some(index) if self.templates.contains(&index) => {
                let Accepted::Template(template) = &self.trusted[index].policy.issuer else { return Choice::None };
                let text = |claim: &str| claims.get(claim).and_then(Value::as_str).map(Cow::Borrowed);
                Choice::Foreign(Evidence::new(String::from(named), template.describe_by(text)))
            }
            Some(index) => Choice::Issuer(index),
            None if self.asks => Choice::Unknown(String::from(named)),
            None => Choice::None,
        }
    }
}

/// What stands in the place of an issuer that was dismissed: it accepts no token.
fn nobody() -> TrustedIssuer {
    TrustedIssuer { policy: Policy::new(Profile::Jwt, Accepted::OneOf(Vec::new()), Accepted::Any), keys: None }
}

fn is_nobody(issuer: &Accepted) -> bool {
    matches!(issuer, Accepted::OneOf(issuers) if issuers.is_empty())
}
