//! Which claims have to be there, and the types of those that a profile gives one (RFC 7519 §4).

use alloc::{string::String, vec::Vec};

use super::{AuthorizedParty, Policy};
use crate::claims::claim_set::{Claims, section};
use crate::error::{Error, ErrorCode, List};
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_required(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let facts = self.profile.facts();
        let required = self.required();
        let is_missing = |name: &&str| !claims.contains(name) && !self.stands_in(claims, name);
        if let Some(&name) = required.iter().find(|name| is_missing(name)) {
            let spec = if facts.required.contains(&name) { facts.spec } else { section(name) };
            let error = Error::new(ErrorCode::ClaimMissing).cite(spec).claim(name).found("nothing").expected(name);
            return Err(trace.refuse(Rule::RequiredClaims, error));
        }
        trace.record(Rule::RequiredClaims, facts.texts.iter().try_for_each(|name| claims.text(name).map(drop)), |()| {
            let mut names = List::new(", ");
            required.iter().for_each(|name| names.add(name));
            Evidence::new("all present", names.finish().unwrap_or_default())
        })
    }

    /// The claims that have to be present, each once: the profile's, the caller's, and those that another demand is about.
    pub(crate) fn required(&self) -> Vec<&str> {
        let is_demanded = |name: &&str| !self.optional_claims.iter().any(|optional| optional == name);
        let mut names: Vec<&str> = self.profile.facts().required.iter().copied().filter(is_demanded).collect();
        names.extend(self.required_claims.iter().map(|name| name.as_str()));
        for (name, demanded) in [
            ("iss", self.issuer.is_checked()),
            ("aud", self.audience.is_checked()),
            ("sub", self.subject.is_some()),
            ("iat", self.max_token_age.is_some()),
        ] {
            if demanded {
                names.push(name);
            }
        }
        if matches!(self.authorized_party, AuthorizedParty::OneOf(_)) {
            names.extend(self.client_claims.first().map(String::as_str));
        }
        let mut once: Vec<&str> = Vec::new();
        for name in names {
            if !once.contains(&name) {
                once.push(name);
            }
        }
        once
    }

    /// Whether another claim says what a missing one would: an audience may be left out for a client, and a client may
    /// have several names.
    fn stands_in(&self, claims: &Claims<'_>, name: &str) -> bool {
        let is_client = self.client_claims.first().is_some_and(|first| first == name);
        (name == "aud" && self.audience_or_client || is_client)
            && self.client_claims.iter().any(|other| claims.contains(other))
    }
}
