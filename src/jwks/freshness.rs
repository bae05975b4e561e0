//! For how long an answer is fresh (RFC 9111 §4.2).

use super::durations::{Durations, Span};

/// The seconds for which an answer is fresh by its headers Cache-Control and Age, within our bounds.
pub(super) fn age_of(cache_control: Option<&str>, age: Option<&str>, durations: &Durations) -> f64 {
    let mut max_age = None;
    for directive in cache_control.unwrap_or_default().split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let name = name.trim();
        // RFC 9111 §5.2: directives are compared without case.
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return durations.clamp_age(0.0);
        }
        if name.eq_ignore_ascii_case("max-age") && max_age.is_none() {
            // RFC 9111 §5.2: a recipient ought to accept both the token and the quoted form.
            max_age = delta_seconds(value.trim().trim_matches('"'));
        }
    }
    // RFC 9111 §4.2.3: what a cache on the way has kept it for is over.
    let spent = age.and_then(|age| delta_seconds(age.trim())).unwrap_or(0.0);
    durations.clamp_age(max_age.map_or(durations.get(Span::DefaultAge), |max_age| max_age - spent))
}

/// Whole seconds (RFC 9111 §1.2.2): digits, however many; what is no number is none.
pub(super) fn delta_seconds(text: &str) -> Option<f64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.bytes().fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0')))
}
