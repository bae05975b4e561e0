//! What can be seen of a key set from outside.

use super::durations::Span;
use super::moment::Moment;
use super::remote_key_set::RemoteKeySet;
use crate::error::Error;
use crate::jose::key_set::KeySet;

/// How old a key set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has been fetched.
    Empty,
    /// Within its age.
    Fresh,
    /// Near the end of its age: it is renewed before anybody has to wait.
    Due,
    /// A moment beyond its age: it serves while it is renewed.
    Stale,
    /// Further beyond its age: it serves where it cannot be renewed.
    Overdue,
    /// Beyond the stale bound: it serves nobody.
    TooOld,
}

impl Phase {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Fresh | Self::Due => "fresh",
            Self::Stale | Self::Overdue => "stale",
            Self::TooOld => "too-old",
        }
    }
}

/// The state of a key set at a moment.
#[derive(Clone, Debug)]
pub struct Status<'s> {
    /// How old it is.
    pub phase: Phase,
    /// Seconds since it was fetched.
    pub age: Option<f64>,
    /// The keys that serve.
    pub keys: Option<&'s KeySet>,
    /// Why the last attempt failed; none since the last one that did not.
    pub last_error: Option<&'s Error>,
    /// Seconds until a token leads to the next attempt; none while one is under way.
    pub next_attempt: Option<f64>,
}

/// The most of its age that a key set may be renewed ahead.
const MAX_AHEAD: f64 = 0.1;

impl RemoteKeySet {
    /// The state at a moment.
    pub fn status(&self, now: Moment) -> Status<'_> {
        let held = self.held.as_ref();
        let age = held.map(|held| now.since(held.fetched));
        let due = held.zip(age).map_or(0.0, |(held, age)| self.due_at(held.age) - age);
        Status {
            phase: self.phase(now),
            age,
            keys: self.usable(now),
            last_error: self.last_error.as_ref(),
            next_attempt: self.flight.is_none().then(|| self.resting(now).max(due).max(0.0)),
        }
    }

    /// The seconds after which keys of an age are renewed.
    fn due_at(&self, age: f64) -> f64 {
        age - self.durations.get(Span::RenewAhead).min(age * MAX_AHEAD)
    }

    /// How old the key set is at a moment.
    pub fn phase(&self, now: Moment) -> Phase {
        let Some(held) = &self.held else { return Phase::Empty };
        let elapsed = now.since(held.fetched);
        let beyond = elapsed - held.age;
        // RFC 5861 §4: beyond its age an answer may serve where there is no other, and only for so long.
        if beyond >= self.durations.get(Span::MaxStale) {
            Phase::TooOld
        } else if beyond >= self.durations.get(Span::Cooldown) {
            Phase::Overdue
        } else if beyond >= 0.0 {
            Phase::Stale
        } else if elapsed >= self.due_at(held.age) {
            Phase::Due
        } else {
            Phase::Fresh
        }
    }
}
