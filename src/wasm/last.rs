//! The last verdict of an object, and its cached verdicts.

use core::cell::RefCell;
use std::vec::Vec;

use super::outcome::Outcome;
use super::token_buffer::lay_out;
use crate::claims::claim_set::Timestamps;
use crate::claims::numeric_date::UnixTime;
use crate::error::Error;
use crate::verifier::{Refused, Verdict, Verifier};

/// What a verdict depends on as time passes: the issuer whose policy passed a token, and the token's timestamps.
type CachedVerdict = (usize, Timestamps);

/// The last refusal or pass, and cached verdicts by slot.
pub(super) struct Last {
    refused: RefCell<Option<(Error, Option<usize>)>>,
    passed: RefCell<Option<CachedVerdict>>,
    cached: RefCell<Vec<Option<CachedVerdict>>>,
}

impl Last {
    pub(super) fn new(slots: usize) -> Self {
        let cached = RefCell::new((0..slots).map(|_| None).collect());
        Self { refused: RefCell::default(), passed: RefCell::default(), cached }
    }

    /// Lays header and claims out, and remembers what the verdict depends on.
    pub(super) fn pass(&self, Verdict { token, timestamps, issuer, .. }: Verdict) -> Outcome {
        self.passed.replace(Some((issuer, timestamps)));
        lay_out(token.into_parts());
        Outcome::Passed
    }

    pub(super) fn refuse(&self, Refused { error, lacks_key }: Refused) -> Outcome {
        self.refused.replace(Some((error, lacks_key)));
        if lacks_key.is_some() { Outcome::LacksKey } else { Outcome::Refused }
    }

    /// Calls a function with the last refusal, if there is one.
    pub(super) fn with_error<T>(&self, say: impl FnOnce(&Error) -> T) -> Option<T> {
        self.refused.borrow().as_ref().map(|(error, _)| say(error))
    }

    pub(super) fn lacking_issuer(&self) -> Option<usize> {
        self.refused.borrow().as_ref().and_then(|(_, issuer)| *issuer)
    }

    pub(super) fn cache(&self, slot: usize) {
        if let Some(place) = self.cached.borrow_mut().get_mut(slot) {
            *place = self.passed.take();
        }
    }

    pub(super) fn still_holds(&self, slot: usize, now: f64, verifier: &Verifier) -> bool {
        let cached = self.cached.borrow();
        let verdict = cached.get(slot).and_then(Option::as_ref);
        verdict.zip(UnixTime::from_seconds_f64(now)).is_some_and(|((issuer, timestamps), now)| {
            verifier.trusted().get(*issuer).is_some_and(|trusted| trusted.policy.still_holds(timestamps, now))
        })
    }
}
