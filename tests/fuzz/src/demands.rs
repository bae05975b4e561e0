//! A policy and its options as JSON, as the cases of `tests/corpus` have them.

use std::time::Duration;

use countersign::{Accepted, Algorithm, AuthorizedParty, KeySet, Policy, Profile, UnixTime};
use serde::Deserialize;
use serde_json::Value;

/// One case: what a token is judged by.
#[derive(Deserialize)]
pub struct Case {
    pub token: Option<String>,
    pub keys: Value,
    pub policy: Value,
    pub now: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Demands {
    issuer: Value,
    audience: Value,
    algorithms: Option<Vec<String>>,
    profile: Option<String>,
    typ: Option<Value>,
    subject: Option<String>,
    clock_tolerance: Option<f64>,
    max_token_age: Option<f64>,
    required_claims: Option<Vec<String>>,
    crit: Option<Vec<String>>,
    nonce: Option<String>,
    access_token: Option<String>,
    code: Option<String>,
    max_age: Option<f64>,
    acr: Option<Value>,
    max_token_size: Option<usize>,
    scope: Option<Value>,
    authorized_party: Option<Value>,
    trusted_audiences: Option<Value>,
}

/// The policy of an options object; `None` where an option has the wrong type.
pub fn policy(options: &Value) -> Option<Policy> {
    let demands = Demands::deserialize(options).ok()?;
    let profile = demands.profile.map_or(Some(Profile::Jwt), |name| Profile::from_name(&name))?;
    let mut policy = Policy::new(profile, accepted(&demands.issuer)?, accepted(&demands.audience)?);
    if let Some(names) = demands.algorithms {
        policy.algorithms = Some(names.iter().map(|name| Algorithm::from_name(name)).collect::<Option<_>>()?);
    }
    policy.typ = optional(demands.typ.as_ref(), texts)?;
    policy.subject = demands.subject;
    policy.clock_tolerance = duration(demands.clock_tolerance.unwrap_or_default())?;
    policy.max_token_age = optional(demands.max_token_age, duration)?;
    policy.required_claims = demands.required_claims.unwrap_or(policy.required_claims);
    policy.crit = demands.crit.unwrap_or_default();
    policy.nonce = demands.nonce;
    policy.access_token = demands.access_token;
    policy.authorization_code = demands.code;
    policy.max_authentication_age = optional(demands.max_age, duration)?;
    policy.acr = optional(demands.acr.as_ref(), texts)?;
    policy.max_token_size = demands.max_token_size.unwrap_or(policy.max_token_size);
    policy.scopes = optional(demands.scope.as_ref(), texts)?.unwrap_or_default();
    policy.trusted_audiences = optional(demands.trusted_audiences.as_ref(), texts)?.unwrap_or_default();
    if let Some(parties) = &demands.authorized_party {
        policy.authorized_party = AuthorizedParty::OneOf(texts(parties)?);
    }
    Some(policy)
}

/// The keys of a JWK, a JWK Set or a PEM text.
pub fn keys(value: &Value) -> Option<KeySet> {
    match value {
        Value::String(text) => KeySet::parse(text.as_bytes()).ok(),
        other => KeySet::parse(other.to_string().as_bytes()).ok(),
    }
}

pub fn seconds(seconds: f64) -> Option<UnixTime> {
    UnixTime::from_seconds_f64(seconds)
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

fn optional<T, U>(value: Option<T>, read: impl FnOnce(T) -> Option<U>) -> Option<Option<U>> {
    value.map_or(Some(None), |value| read(value).map(Some))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => values.iter().map(|value| value.as_str().map(String::from)).collect(),
        _ => None,
    }
}

fn accepted(value: &Value) -> Option<Accepted> {
    if value.is_null() { Some(Accepted::Any) } else { texts(value).map(Accepted::OneOf) }
}
