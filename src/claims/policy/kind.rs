//! Keeps the kinds of token apart by their claims (RFC 8725 §3.12).

use alloc::format;

use super::Policy;
use crate::claims::claim_set::Claims;
use crate::claims::profile::{LOGOUT_EVENT, Profile};
use crate::error::{Error, ErrorCode};
use crate::jose::json::Value;
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_kind(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let facts = self.profile.facts();
        if self.profile == Profile::Jwt {
            return Ok(());
        }
        let logout_event =
            claims.value("events").and_then(Value::as_object).and_then(|events| events.get(LOGOUT_EVENT));
        let forbidden = facts.forbidden.iter().copied().find(|name| claims.contains(name));
        let foreign =
            if self.profile == Profile::LogoutToken { forbidden } else { forbidden.or(logout_event.map(|_| "events")) };
        trace
            .judge(Rule::ForbiddenClaims, foreign.is_none(), ErrorCode::ClaimForbidden, || {
                Evidence::new(foreign.unwrap_or("none"), format!("only claims of the profile {}", facts.name))
            })
            .map_err(|error| error.claim(foreign.unwrap_or_default()))?;
        if self.profile == Profile::LogoutToken {
            self.check_logout(claims, logout_event, trace)?;
        }
        Ok(())
    }

    fn check_logout(&self, claims: &Claims<'_>, event: Option<&Value<'_>>, trace: &mut Trace) -> Result<(), Error> {
        // Back-Channel Logout 1.0 §2.4: the event's value is a JSON object; sub, sid or both.
        let holds = event.is_some_and(|event| event.as_object().is_some());
        if holds && !claims.contains("sub") && !claims.contains("sid") {
            let error = Error::new(ErrorCode::ClaimMissing)
                .cite(self.profile.facts().spec)
                .claim("sub")
                .expected("sub, sid or both");
            return Err(trace.refuse(Rule::LogoutEvent, error));
        }
        trace.judge(Rule::LogoutEvent, holds, ErrorCode::ClaimInvalid, || {
            Evidence::new(if event.is_some() { "an event that is no object" } else { "no logout event" }, LOGOUT_EVENT)
        })
    }
}
