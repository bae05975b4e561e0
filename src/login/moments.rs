//! What becomes of a session as time passes, without anybody's call: it is about to expire, it ends by its age, or because
//! nobody is there any more.

use alloc::{format, string::String};

use super::durations::{ACTIVITY_STEP, MAX_WAIT, MIN_WAIT};
use super::session::{Cause, Effect, Session};

impl Session {
    /// After how many seconds without the user a session ends; none: it does not end by that.
    pub const fn set_idle_timeout(&mut self, seconds: Option<f64>) {
        self.idle_timeout = seconds;
    }

    /// Time has passed.
    pub fn tick(&mut self, now: f64) {
        self.age(now);
        if !self.is_announced && self.held.as_ref().is_some_and(|held| held.is_due(now)) {
            self.is_announced = true;
            self.effect(Effect::Expiring);
        }
    }

    /// Ends the session if its time is over.
    pub(super) fn age(&mut self, now: f64) {
        let Some(held) = &self.held else { return };
        // RFC 6749 §5.1: without a refresh token nothing follows on the access token.
        if held.refresh_token.is_none() && held.seconds_left(now) <= 0.0 {
            return self.end(Cause::Expired);
        }
        if self.is_idle(now) {
            let flight = self.leave(Cause::Idle);
            self.effect(Effect::Perform(flight));
        }
    }

    /// For how many seconds [`Self::tick`] has nothing to do; none: for good.
    pub fn seconds_to_tick(&self, now: f64) -> Option<f64> {
        let held = self.held.as_ref()?;
        let due = held.due_at().filter(|_| !self.is_announced);
        let end = held.expires_at.filter(|_| held.refresh_token.is_none());
        let idle = self.idle_timeout.zip(self.last_active).map(|(seconds, since)| since + seconds);
        let next = [due, end, idle].into_iter().flatten().reduce(f64::min)?;
        Some((next - now).clamp(MIN_WAIT, MAX_WAIT))
    }

    /// The user has done something on this page. It is too late for a session that has ended by now.
    pub fn acted(&mut self, now: f64) {
        self.age(now);
        let is_news = |last: f64| now - last >= ACTIVITY_STEP || now < last;
        if self.held.is_some() && self.last_active.is_none_or(is_news) {
            self.was_active(now);
        }
    }

    /// What the browser remembers of the user's last action, on any page: the text of [`Effect::KeepActivity`].
    pub fn activity_read(&mut self, text: Option<&str>) {
        let at = text.and_then(|text| text.parse().ok()).map(|seconds: u32| f64::from(seconds));
        if let Some(at) = at.filter(|at| self.last_active.is_none_or(|last| *at > last)) {
            self.last_active = Some(at);
        }
    }

    /// Whether nobody has been there for too long.
    pub(super) fn is_idle(&self, now: f64) -> bool {
        self.idle_timeout.zip(self.last_active).is_some_and(|(seconds, since)| now - since >= seconds)
    }

    /// The user was there at that moment.
    pub(super) fn was_active(&mut self, at: f64) {
        if self.idle_timeout.is_some() {
            self.last_active = Some(at);
            self.effect(Effect::KeepActivity(text(at)));
        }
    }
}

/// Whole seconds since 1970.
fn text(at: f64) -> String {
    format!("{}", at.max(0.0) as u32)
}
