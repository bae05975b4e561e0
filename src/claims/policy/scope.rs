//! What the access token grants (RFC 6749 §3.3, RFC 6750 §3.1).

use super::Policy;
use crate::claims::claim_set::Claims;
use crate::error::{Error, ErrorCode, joined};
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_scope(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        if self.scopes.is_empty() {
            return Ok(());
        }
        // RFC 9068 §2.2.3, RFC 8693 §4.2: one string, its values separated by spaces.
        let granted = claims.text("scope").map_err(|error| trace.refuse(Rule::Scope, error))?.unwrap_or_default();
        let is_granted = |needed: &str| needed.is_empty() || granted.split(' ').any(|token| token == needed);
        let holds = self.scopes.iter().all(|needed| needed.split(' ').all(is_granted));
        trace.judge(Rule::Scope, holds, ErrorCode::InsufficientScope, || {
            Evidence::new(granted, joined(&self.scopes, " "))
        })
    }
}
