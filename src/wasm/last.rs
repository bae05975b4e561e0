//! The last verdict of an object, what it demands of its keys, and the object's cached verdicts.

use core::cell::RefCell;
use std::vec::Vec;

use wasm_bindgen::JsValue;

use super::demand::{Demand, KeySets};
use super::outcome::Outcome;
use super::token_buffer::lay_out;
use crate::claims::claim_set::Timestamps;
use crate::claims::numeric_date::UnixTime;
use crate::error::Error;
use crate::jwks::{Asker, Judged, Moment};
use crate::verifier::{Lack, Refused, Verdict, Verifier};

/// What a verdict depends on as time passes: the issuer whose policy passed a token, which of its keys did, and the
/// token's timestamps.
struct CachedVerdict {
    issuer: usize,
    generation: Option<u32>,
    timestamps: Timestamps,
}

/// The last refusal or pass, and cached verdicts by slot.
pub(super) struct Last {
    refused: RefCell<Option<Error>>,
    passed: RefCell<Option<CachedVerdict>>,
    demand: RefCell<Option<Demand>>,
    cached: RefCell<Vec<Option<CachedVerdict>>>,
}

/// What a verdict says about the keys of an issuer.
pub(super) enum About {
    Passed(usize),
    Lacking(usize, Lack),
}

impl Last {
    pub(super) fn new(slots: usize) -> Self {
        let cached = RefCell::new((0..slots).map(|_| None).collect());
        Self { refused: RefCell::default(), passed: RefCell::default(), demand: RefCell::default(), cached }
    }

    /// Lays header and claims out, and remembers what the verdict depends on.
    pub(super) fn pass(&self, Verdict { token, timestamps, issuer, .. }: Verdict, sets: &KeySets) -> Option<About> {
        self.passed.replace(Some(CachedVerdict { issuer, generation: sets.generation(issuer), timestamps }));
        lay_out(token.into_parts());
        Some(About::Passed(issuer))
    }

    pub(super) fn refuse(&self, Refused { error, lack }: Refused) -> Option<About> {
        self.refused.replace(Some(error));
        lack.map(|(issuer, lack)| About::Lacking(issuer, lack))
    }

    /// The outcome of a verdict, after its key set was asked whether it stands.
    pub(super) fn settle(
        &self,
        outcome: Outcome,
        about: Option<About>,
        sets: &KeySets,
        asker: Asker,
        now: Moment,
    ) -> Outcome {
        let (issuer, judged) = match &about {
            None => return outcome,
            Some(About::Passed(issuer)) => (*issuer, Judged::Passed),
            Some(About::Lacking(issuer, lack)) => (*issuer, Judged::Lacking(lack)),
        };
        let Some(mut demand) = sets.demand(issuer, judged, asker, now) else { return outcome };
        let outcome = match demand.refuse.take() {
            Some(error) => {
                self.refused.replace(Some(error));
                Outcome::Refused
            }
            None => outcome,
        };
        if demand.begin.is_none() && demand.wait.is_none() {
            return outcome;
        }
        self.demand.replace(Some(Demand { issuer, demand, outcome }));
        Outcome::Demands
    }

    /// What the last verdict demands of its keys.
    pub(super) fn demand(&self) -> JsValue {
        self.demand.borrow().as_ref().map_or(JsValue::NULL, Demand::to_object)
    }

    /// Calls a function with the last refusal, if there is one.
    pub(super) fn with_error<T>(&self, say: impl FnOnce(&Error) -> T) -> Option<T> {
        self.refused.borrow().as_ref().map(say)
    }

    pub(super) fn cache(&self, slot: usize) {
        if let Some(place) = self.cached.borrow_mut().get_mut(slot) {
            *place = self.passed.take();
        }
    }

    pub(super) fn still_holds(
        &self,
        slot: usize,
        now: UnixTime,
        at: Moment,
        verifier: &Verifier,
        sets: &KeySets,
    ) -> bool {
        let cached = self.cached.borrow();
        cached.get(slot).and_then(Option::as_ref).is_some_and(|CachedVerdict { issuer, generation, timestamps }| {
            sets.stands(*issuer, *generation, at)
                && verifier.trusted().get(*issuer).is_some_and(|trusted| trusted.policy.still_holds(timestamps, now))
        })
    }
}
