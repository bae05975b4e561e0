//! Who issued the token, by a name or by a template (RFC 7519 §4.1.1), and with whose key (RFC 8725 §3.8).

use alloc::borrow::Cow;

use super::{Accepted, Policy};
use crate::claims::claim_rule::ClaimRule;
use crate::claims::claim_set::{Claims, display_claim};
use crate::error::{Error, ErrorCode};
use crate::jose::issuer_template::{IssuerTemplate, Unfit};
use crate::jose::json::{Object, Value};
use crate::jose::jwk::Key;
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_issuer(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let named = claims.text("iss")?;
        match &self.issuer {
            Accepted::Template(template) => judge(Rule::Issuer, template, claims, trace),
            accepted => trace.judge(Rule::Issuer, accepted.accepts(named), ErrorCode::IssuerMismatch, || {
                Evidence::new(display_claim(claims, "iss"), accepted.describe())
            }),
        }
    }

    /// RFC 8725 §3.8: "that the cryptographic keys used for the cryptographic operations in the JWT belong to the issuer".
    pub(crate) fn check_key_issuer(key: Option<&Key>, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        key.and_then(Key::issuer).map_or(Ok(()), |issuer| judge(Rule::KeyIssuer, issuer, claims, trace))
    }

    /// Whether a rule of the caller's says which tenants of a template are ours.
    pub fn knows_tenants(&self) -> bool {
        match &self.issuer {
            Accepted::Template(template) => template.claims().all(|claim| {
                let is_about = |rule: &ClaimRule| rule.limits(claim);
                self.claim_rules.iter().any(is_about) || claim == "sub" && self.subject.is_some()
            }),
            _ => true,
        }
    }

    /// The first rule about the tenant that claims do not meet, which nobody has checked.
    pub(crate) fn foreign_tenant(&self, claims: &Object<'_>) -> Option<&ClaimRule> {
        let Accepted::Template(template) = &self.issuer else { return None };
        let is_broken = |rule: &&ClaimRule, claim: &str| rule.limits(claim) && !rule.holds(claims.get(claim));
        template.claims().find_map(|claim| self.claim_rules.iter().find(|rule| is_broken(rule, claim)))
    }

    /// Whether these claims, which nobody has checked, name an issuer of this policy.
    pub(crate) fn is_issuer(&self, claims: &Object<'_>) -> bool {
        let named = claims.get("iss").and_then(Value::as_str);
        match &self.issuer {
            Accepted::Template(template) => {
                let text = |claim: &str| claims.get(claim).and_then(Value::as_str).map(Cow::Borrowed);
                template.fill(text).is_ok_and(|filled| named == Some(&filled))
            }
            accepted => accepted.is_checked() && accepted.accepts(named),
        }
    }
}

fn judge(rule: Rule, template: &IssuerTemplate, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
    let named = claims.text("iss")?;
    let text = |claim: &str| claims.value(claim).and_then(Value::as_str).map(Cow::Borrowed);
    match template.fill(text) {
        Ok(filled) => trace.judge(rule, named == Some(&filled), ErrorCode::IssuerMismatch, || {
            Evidence::new(display_claim(claims, "iss"), template.describe_by(text))
        }),
        Err(unfit @ Unfit { claim }) => trace.judge(rule, false, ErrorCode::IssuerMismatch, || {
            Evidence::new(unfit.found(text(claim)), template.describe())
        }),
    }
}
