//! When an API's demand for another login (RFC 9470) may send the user to the authorization server: not again for what has
//! just been done.

use alloc::{format, string::String};

use crate::oauth::step_up::StepUp;

/// Seconds after a login for which the same demand is not made of the user again, unless the API was content in between.
const WINDOW: f64 = 60.0;

/// Characters of an address that is asked again after the login: what servers take in any case (RFC 9110 §4.1).
const MAX_ADDRESS: usize = 8_000;

/// A demand, as it is remembered.
pub fn name(asked: &StepUp) -> String {
    let max_age = asked.max_age.map(|seconds| format!("{seconds}")).unwrap_or_default();
    format!("{max_age} {}", asked.acr_values.as_deref().unwrap_or_default())
}

/// What a tab keeps when a login has come back that such a demand has begun.
pub fn done(name: &str, now: f64) -> String {
    format!("{} {name}", now.max(0.0) as u64)
}

/// Whether a demand may be passed on to the user. `kept`: what the tab has kept last.
pub fn may_begin(kept: Option<&str>, asked: &StepUp, now: f64) -> bool {
    let kept = kept.and_then(|kept| kept.split_once(' '));
    kept.is_none_or(|(at, done)| {
        let at = at.parse().map_or(f64::NEG_INFINITY, |at: u64| at as f64);
        done != name(asked) || (now - at).abs() >= WINDOW
    })
}

/// The address of a request that can be made again after the login: it changes nothing (RFC 9110 §9.2.1).
pub fn repeatable<'u>(method: &str, url: &'u str) -> Option<&'u str> {
    (method == "GET" && url.len() <= MAX_ADDRESS).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_800_000_000.0;

    #[test]
    fn the_same_demand_is_made_once() {
        let asked = StepUp { acr_values: Some("mfa pwd".into()), max_age: Some(5) };
        let other = StepUp { acr_values: None, ..asked.clone() };
        let kept = done(&name(&asked), NOW);
        assert!(may_begin(None, &asked, NOW));
        for now in [NOW, NOW + 59.0, NOW - 59.0] {
            assert!(!may_begin(Some(&kept), &asked, now), "{now}");
            assert!(may_begin(Some(&kept), &other, now), "{now}");
        }
        assert!(may_begin(Some(&kept), &asked, NOW + 60.0) && may_begin(Some(&kept), &asked, NOW - 60.0));
        for odd in ["", "x", "x 5 mfa pwd"] {
            assert!(may_begin(Some(odd), &asked, NOW), "{odd}");
        }
    }

    #[test]
    fn what_is_made_again() {
        let longest = "x".repeat(8_000);
        assert_eq!(repeatable("GET", &longest), Some(&*longest));
        for (method, url) in
            [("POST", "https://a.example/"), ("get", "https://a.example/"), ("GET", &*"x".repeat(8_001))]
        {
            assert_eq!(repeatable(method, url), None);
        }
    }
}
