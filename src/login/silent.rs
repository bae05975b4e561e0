//! Requests without interaction (`prompt=none`, OpenID Connect Core §3.1.2.1), by which a page brings back the session
//! that its browser had: when one may be sent.
//!
//! Three texts are kept. The browser's *mark* says whether there was a session; the tab's *attempts* say how often it has
//! asked by itself, and *acted* when its user last did something. A server may answer with a page of its own, and then
//! nobody comes back to say how it went: so the mark is changed before the page is left, and put back by the session. It is
//! never removed but by signing out, since other tabs take its removal for that.

use alloc::{format, string::String};

/// How often a tab asks by itself, without its user doing anything in between.
const MAX_ATTEMPTS: u32 = 3;

/// The same where the page was loaded again: by its user, who is not asked to click first, or by a script.
const MAX_RELOADS: u32 = 10;

/// Seconds after which earlier attempts no longer count.
const WINDOW: f64 = 60.0;

/// Seconds in which another tab's attempt is taken for one under way: a browser that starts opens its tabs at once.
const UNDER_WAY: f64 = 15.0;

/// Characters beyond which an ID token is no hint: addresses that are too long are refused by servers.
const MAX_HINT: usize = 4_096;

/// The mark of a browser that had a session.
pub const SESSION: &str = "1";

/// The mark of a browser whose session the server no longer knows: nothing to ask the core about.
const NOBODY: &str = "";

/// An attempt that may be made: what to keep before it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The browser's mark.
    pub mark: String,
    /// The tab's attempts.
    pub attempts: String,
}

/// Whether a page may ask by itself. Attempts before the user `acted` are not counted; where the page was `reloaded`,
/// that may have been the user. Times are seconds since 1970.
pub fn attempt(
    mark: Option<&str>,
    attempts: Option<&str>,
    acted: Option<f64>,
    now: f64,
    reloaded: bool,
) -> Option<Attempt> {
    let (count, last) = attempts.and_then(counted).unwrap_or((0, f64::NEG_INFINITY));
    // Whole seconds, as attempts have them: what happened in the same second was before the attempt.
    let count = if acted.is_some_and(|acted| whole(acted) as f64 > last) { 0 } else { count };
    let is_recent = (now - last).abs() < WINDOW;
    let may_ask = match mark {
        Some(SESSION) => true,
        // One that has not come back: this tab has seen how it ends; another may still be on its way.
        Some(mark) => {
            let since = mark.strip_prefix("2 ").and_then(|since| since.parse::<u64>().ok());
            !is_recent && since.is_some_and(|since| (now - since as f64).abs() < UNDER_WAY)
        }
        None => false,
    };
    let count = if is_recent { count } else { 0 };
    let most = if reloaded { MAX_RELOADS } else { MAX_ATTEMPTS };
    (may_ask && count < most)
        .then(|| Attempt { mark: format!("2 {}", whole(now)), attempts: format!("{} {}", count + 1, whole(now)) })
}

/// What to keep where the server says that nobody is logged in. A session of another tab keeps its mark; this tab asks
/// no more by itself.
pub fn refused(mark: Option<&str>, now: f64) -> Attempt {
    let mark = if mark == Some(SESSION) { SESSION } else { NOBODY };
    Attempt { mark: String::from(mark), attempts: format!("{MAX_RELOADS} {}", whole(now)) }
}

/// The ID token that a request may name as a hint (OpenID Connect Core §3.1.2.1).
pub fn hint(id_token: Option<&str>) -> Option<&str> {
    id_token.filter(|token| token.len() <= MAX_HINT)
}

fn counted(attempts: &str) -> Option<(u32, f64)> {
    let (count, last) = attempts.split_once(' ')?;
    // Whole numbers: to read others costs a download 20 KiB.
    Some((count.parse().ok()?, last.parse::<u64>().ok()? as f64))
}

fn whole(seconds: f64) -> u64 {
    seconds.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_800_000_000.0;
    /// The user has done something, a second after the first attempt.
    const LATER: Option<f64> = Some(NOW + 1.0);

    #[test]
    fn only_where_there_was_a_session() {
        assert!(attempt(Some("1"), None, None, NOW, false).is_some());
        for mark in [None, Some(NOBODY), Some("0"), Some("2"), Some("2 "), Some("2 x"), Some("2 NaN"), Some("true")] {
            assert_eq!(attempt(mark, None, None, NOW, true), None, "{mark:?}");
        }
    }

    /// LOCKED OUT: the server keeps the visitor, who comes back by hand. From then on the page shows itself.
    #[test]
    fn a_server_that_does_not_answer_is_asked_once() {
        let first = attempt(Some("1"), None, None, NOW, false).unwrap();
        for later in [1.0, 14.0, 16.0, 59.0, 61.0, 86_400.0] {
            // Nor where the user has done something since.
            for (acted, reloaded) in [(None, false), (None, true), (Some(NOW + 0.5), false), (LATER, false)] {
                let next = attempt(Some(&first.mark), Some(&first.attempts), acted, NOW + later, reloaded);
                assert_eq!(next, None, "{later} {acted:?}");
            }
        }
    }

    /// A browser that starts with several tabs: each asks, whoever is first.
    #[test]
    fn tabs_that_open_together_all_ask() {
        let first = attempt(Some("1"), None, None, NOW, false).unwrap();
        assert!(attempt(Some(&first.mark), None, None, NOW + 2.0, false).is_some());
        assert_eq!(attempt(Some(&first.mark), None, None, NOW + 15.0, false), None);
        assert_eq!(attempt(Some(&first.mark), None, None, NOW - 15.0, false), None, "a clock that was set back");
    }

    #[test]
    fn no_cycle_without_the_user() {
        for (reloaded, most) in [(false, 3), (true, 10)] {
            let mut attempts = None;
            let mut now = NOW;
            for _ in 0..most {
                // Each succeeds, and the page loads itself again.
                let next = attempt(Some("1"), attempts.as_deref(), None, now, reloaded).unwrap();
                attempts = Some(next.attempts);
                now += 2.0;
            }
            let asked = |acted, now| attempt(Some("1"), attempts.as_deref(), acted, now, reloaded);
            // In the second of the last attempt, or before it, nothing is new.
            for acted in [None, LATER, Some(now - 1.1), Some(f64::NAN), Some(-1.0)] {
                assert_eq!(asked(acted, now), None, "{acted:?}");
            }
            assert!(asked(Some(now - 1.0), now).is_some(), "the user has done something");
            // A minute after the last attempt nobody goes in a circle any more.
            assert_eq!(asked(None, now - 2.0 + 59.9), None);
            assert!(asked(None, now - 2.0 + 60.0).is_some());
        }
    }

    #[test]
    fn a_refusal_keeps_another_tabs_mark() {
        assert_eq!(refused(Some("1"), NOW).mark, "1");
        let refused = refused(Some("2 1800000000"), NOW);
        assert_eq!(attempt(Some(&refused.mark), None, None, NOW, true), None);
        assert_eq!(attempt(Some("1"), Some(&refused.attempts), None, NOW + 1.0, true), None);
    }

    #[test]
    fn hints_of_bearable_length() {
        assert_eq!(hint(None), None);
        assert_eq!(hint(Some("a.b.c")), Some("a.b.c"));
        assert_eq!(hint(Some(&"x".repeat(4_097))), None);
    }
}
