//! What the access token grants (RFC 6749 §3.3, RFC 6750 §3.1).

use alloc::{string::String, vec::Vec};

use super::Policy;
use crate::claims::claim_set::{Claims, wrong_type};
use crate::error::{Error, ErrorCode, joined};
use crate::jose::json::Value;
use crate::rules::{Evidence, Rule, Trace};

/// The claims that may hold the scope: RFC 8693 §4.2, RFC 9068 §2.2.3; and what other servers call it. The first that is
/// there counts.
const SCOPE_CLAIMS: [&str; 2] = ["scope", "scp"];

impl Policy {
    pub(super) fn check_scope(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        if self.scopes.is_empty() && self.any_scopes.is_empty() {
            return Ok(());
        }
        let granted = granted(claims).map_err(|error| trace.refuse(Rule::Scope, error))?;
        let is_granted = |needed: &str| needed.is_empty() || granted.contains(&needed);
        let are_granted = |needed: &String| needed.split(' ').all(is_granted);
        let holds = self.scopes.iter().all(are_granted)
            && (self.any_scopes.is_empty() || self.any_scopes.iter().any(are_granted));
        trace.judge(Rule::Scope, holds, ErrorCode::InsufficientScope, || {
            Evidence::new(joined(&granted, " "), self.needed_scopes())
        })
    }

    fn needed_scopes(&self) -> String {
        let mut needed = joined(&self.scopes, " ");
        if !self.any_scopes.is_empty() {
            if !needed.is_empty() {
                needed.push_str(" and ");
            }
            needed.push_str(&joined(&self.any_scopes, " or "));
        }
        needed
    }
}

/// The values of the scope: one string, separated by spaces, or an array of strings.
pub(super) fn granted<'c>(claims: &'c Claims<'_>) -> Result<Vec<&'c str>, Error> {
    let Some((name, value)) = SCOPE_CLAIMS.iter().find_map(|name| Some((name, claims.value(name)?))) else {
        return Ok(Vec::new());
    };
    let expected = "a string, or an array of strings";
    match value {
        Value::String(text) => Ok(text.split(' ').collect()),
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().ok_or_else(|| wrong_type(name, value, expected))).collect()
        }
        other => Err(wrong_type(name, other, expected)),
    }
}
