//! What a verifier demands, as data: the options, the defaults and what a provider has added, in one place.

use std::{borrow::ToOwned, string::String, vec, vec::Vec};

use serde::Serialize;

use crate::claims::claim_rule::ClaimRule;
use crate::claims::policy::{Accepted, AuthorizedParty, Policy};
use crate::jose::algorithm::Algorithm;

/// The policy for the tokens of one issuer. `null`: not compared.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyView<'p> {
    issuer: Option<Vec<String>>,
    audience: Option<Vec<String>>,
    /// Whether a token without an audience is judged by its client.
    audience_or_client: bool,
    profile: &'static str,
    typ: Option<&'p [String]>,
    algorithms: Option<Vec<&'static str>>,
    authorized_party: Option<&'p [String]>,
    client_claims: &'p [String],
    subject: Option<&'p str>,
    required_claims: Vec<&'p str>,
    scope: &'p [String],
    any_scope: &'p [String],
    claims: Vec<RuleView<'p>>,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
    max_token_size: usize,
}

/// A rule about a claim: its path, and what is expected there.
#[derive(Serialize)]
struct RuleView<'p> {
    claim: &'p str,
    expected: String,
}

impl<'p> From<&'p Policy> for PolicyView<'p> {
    fn from(policy: &'p Policy) -> Self {
        Self {
            issuer: accepted(&policy.issuer),
            audience: accepted(&policy.audience),
            audience_or_client: policy.audience_or_client,
            profile: policy.profile.name(),
            typ: policy.typ.as_deref(),
            algorithms: policy.algorithms.as_ref().map(|list| list.iter().copied().map(Algorithm::name).collect()),
            authorized_party: match &policy.authorized_party {
                AuthorizedParty::Unchecked => None,
                AuthorizedParty::OneOf(clients) | AuthorizedParty::IfPresent(clients) => Some(clients),
            },
            client_claims: &policy.client_claims,
            subject: policy.subject.as_deref(),
            required_claims: policy.required(),
            scope: &policy.scopes,
            any_scope: &policy.any_scopes,
            claims: policy.claim_rules.iter().map(rule).collect(),
            clock_tolerance: policy.clock_tolerance.as_secs_f64(),
            max_token_age: policy.max_token_age.map(|age| age.as_secs_f64()),
            max_token_size: policy.max_token_size,
        }
    }
}

fn rule(rule: &ClaimRule) -> RuleView<'_> {
    RuleView { claim: rule.name(), expected: rule.describe() }
}

fn accepted(accepted: &Accepted) -> Option<Vec<String>> {
    match accepted {
        Accepted::Any => None,
        Accepted::OneOf(values) => Some(values.clone()),
        Accepted::Template(template) => Some(vec![template.as_str().to_owned()]),
    }
}
