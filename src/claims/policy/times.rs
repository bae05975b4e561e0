//! When the token may be used (RFC 7519 §4.1.4 to §4.1.6), and which of a verdict's rules time can change.

use alloc::format;
use core::cmp::Ordering;

use super::Policy;
#[cfg(any(test, feature = "wasm"))]
use crate::claims::claim_set::Timestamps;
use crate::claims::claim_set::{Claims, display_claim};
use crate::claims::numeric_date::UnixTime;
use crate::error::{Error, ErrorCode};
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_times(&self, claims: &Claims<'_>, now: UnixTime, trace: &mut Trace) -> Result<(), Error> {
        let (early, late) = (now.saturating_sub(self.clock_tolerance), now.saturating_add(self.clock_tolerance));
        let evidence = |name: &str, relation: &str, moment: UnixTime| {
            Evidence::new(display_claim(claims, name), format!("{relation} {}", moment.seconds()))
        };

        let timestamps = claims.timestamps();
        trace.judge(Rule::Expiration, timestamps.is_unexpired(early), ErrorCode::TokenExpired, || {
            evidence("exp", "later than", early)
        })?;
        trace.judge(Rule::NotBefore, timestamps.is_in_force(late), ErrorCode::TokenNotYetValid, || {
            evidence("nbf", "at most", late)
        })?;

        let Some(max_age) = self.max_token_age else {
            trace.record_pass(Rule::Age, || Evidence::new(display_claim(claims, "iat"), "any age"));
            return Ok(());
        };
        if timestamps.issued(late) == Ordering::Greater {
            return trace.judge(Rule::Age, false, ErrorCode::TokenIssuedInFuture, || evidence("iat", "at most", late));
        }
        let oldest = early.saturating_sub(max_age);
        trace.judge(Rule::Age, timestamps.issued(oldest) != Ordering::Less, ErrorCode::TokenTooOld, || {
            evidence("iat", "at least", oldest)
        })
    }

    /// Whether an earlier verdict would be the same now: the rules that time can change, and no others.
    #[cfg(any(test, feature = "wasm"))]
    pub(crate) fn still_holds(&self, timestamps: &Timestamps, now: UnixTime) -> bool {
        let (early, late) = (now.saturating_sub(self.clock_tolerance), now.saturating_add(self.clock_tolerance));
        let young = self.max_token_age.is_none_or(|max_age| {
            timestamps.issued(late) != Ordering::Greater
                && timestamps.issued(early.saturating_sub(max_age)) != Ordering::Less
        });
        let recent =
            self.max_authentication_age.is_none_or(|max_age| timestamps.auth_time_since(early.saturating_sub(max_age)));
        timestamps.is_unexpired(early) && timestamps.is_in_force(late) && young && recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::policy::Accepted;
    use crate::claims::profile::Profile;
    use core::time::Duration;

    const NOW: u32 = 1_800_000_000;

    /// Whether a verdict on these claims is still valid some seconds later, or earlier.
    fn holds(policy: &Policy, claims: &str, later: i32) -> bool {
        let mut claims = Claims::parse(claims.as_bytes(), &mut Trace::off()).unwrap();
        claims.read_auth_time().unwrap();
        policy.still_holds(&claims.into_timestamps(), UnixTime::from_seconds(NOW.wrapping_add_signed(later)))
    }

    #[test]
    fn a_cached_verdict_is_judged_by_time_again() {
        let policy = Policy::new(Profile::Jwt, Accepted::Any, Accepted::Any);
        let claims = alloc::format!(r#"{{"exp":{},"nbf":{NOW},"iat":{NOW},"auth_time":{NOW}}}"#, NOW + 100);
        // RFC 7519 §4.1.4 and §4.1.5: the last second before exp, and nbf itself.
        for (later, expected) in [(-1, false), (0, true), (99, true), (100, false)] {
            assert_eq!(holds(&policy, &claims, later), expected, "{later}");
        }
        let tolerant = Policy { clock_tolerance: Duration::from_secs(10), ..policy.clone() };
        for (later, expected) in [(-11, false), (-10, true), (109, true), (110, false)] {
            assert_eq!(holds(&tolerant, &claims, later), expected, "{later}");
        }
        let young = Policy { max_token_age: Some(Duration::from_secs(60)), ..policy.clone() };
        for (later, expected) in [(0, true), (60, true), (61, false)] {
            assert_eq!(holds(&young, &claims, later), expected, "{later}");
        }
        let issued = alloc::format!(r#"{{"iat":{NOW}}}"#);
        for (later, expected) in [(-1, false), (0, true), (60, true), (61, false)] {
            assert_eq!(holds(&young, &issued, later), expected, "{later}");
        }
        assert!(!holds(&young, "{}", 0));
        // OpenID Connect Core §3.1.2.1, RFC 9470 §3
        let recent = Policy { max_authentication_age: Some(Duration::from_secs(60)), ..policy };
        for (later, expected) in [(0, true), (60, true), (61, false)] {
            assert_eq!(holds(&recent, &claims, later), expected, "{later}");
        }
        assert!(!holds(&recent, "{}", 0));
    }
}
