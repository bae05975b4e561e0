//! The last verdict of an object, what it demands of its keys, and the object's cached verdicts.

use core::cell::RefCell;
use std::vec::Vec;

use wasm_bindgen::JsValue;

use super::demand::{Demand, Demanded, KeySets};
use super::issuers::{HasVerifier, Issuers, Standing};
use super::outcome::Outcome;
use super::token_buffer::lay_out;
use crate::claims::claim_set::Timestamps;
use crate::claims::numeric_date::UnixTime;
use crate::error::{Error, ErrorCode};
use crate::jwks::{Asker, Judged, Moment};
use crate::verifier::{Lack, Refused, Verdict, Verifier};

/// What a verdict depends on as time passes: the issuer whose policy passed a token, which of its keys did, and the
/// token's timestamps.
struct CachedVerdict {
    issuer: usize,
    /// By which answer the issuer is trusted, where somebody was asked.
    version: Option<u32>,
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

/// What judges tokens, and by what.
pub(super) struct Judges<'j> {
    pub(super) sets: &'j KeySets,
    pub(super) issuers: &'j Issuers,
    pub(super) verifier: &'j RefCell<dyn HasVerifier>,
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
    pub(super) fn pass(
        &self,
        Verdict { token, timestamps, issuer, .. }: Verdict,
        sets: &KeySets,
        issuers: &Issuers,
    ) -> Option<About> {
        let (version, generation) = (issuers.version(issuer), sets.generation(issuer));
        self.passed.replace(Some(CachedVerdict { issuer, version, generation, timestamps }));
        lay_out(token.into_parts());
        Some(About::Passed(issuer))
    }

    /// A question about an opaque token has to be answered before there is a verdict.
    pub(super) fn introspect(&self, begin: Option<u32>, wait: u32, arrival: Option<u32>) -> Outcome {
        self.refused.replace(Some(Error::new(ErrorCode::IntrospectionFailed)));
        let what = Demanded::Introspection { begin, wait, arrival };
        self.demand.replace(Some(Demand { what, outcome: Outcome::Refused }));
        Outcome::Demands
    }

    pub(super) fn refuse(&self, Refused { error, lack }: Refused) -> Option<About> {
        self.refused.replace(Some(error));
        lack.map(|(issuer, lack)| About::Lacking(issuer, lack))
    }

    /// The outcome of a verdict, after its issuer's standing and its key set were asked whether it stands.
    pub(super) fn settle(
        &self,
        outcome: Outcome,
        about: Option<About>,
        Judges { sets, issuers, verifier }: Judges<'_>,
        asker: Asker,
        now: Moment,
    ) -> Outcome {
        let standing = match &about {
            None => return outcome,
            Some(About::Passed(issuer)) => issuers.about(*issuer, true, asker, now),
            Some(About::Lacking(index, Lack::Issuer(name))) => issuers.unknown(*index, name, verifier, asker, now),
            Some(About::Lacking(issuer, _)) => issuers.about(*issuer, false, asker, now),
        };
        let (refuse, needs_work, what) = match (standing, about) {
            (Standing::Admitted(index, source), _) => (None, true, Demanded::Admitted(index, source, asker.arrival)),
            (Standing::Demand(mut demand), _) => {
                let refuse = demand.refuse.take();
                let needs_work = demand.begin.is_some() || demand.wait.is_some();
                (refuse, needs_work, Demanded::Question(demand, asker.arrival))
            }
            (Standing::Known, about) => {
                let (issuer, judged) = match &about {
                    Some(About::Passed(issuer)) => (*issuer, Judged::Passed),
                    Some(About::Lacking(issuer, lack)) => (*issuer, Judged::Lacking(lack)),
                    None => return outcome,
                };
                let Some(mut demand) = sets.demand(issuer, judged, asker, now) else { return outcome };
                let refuse = demand.refuse.take();
                (refuse, demand.begin.is_some() || demand.wait.is_some(), Demanded::Keys(issuer, demand))
            }
        };
        let outcome = match refuse {
            Some(error) => {
                self.refused.replace(Some(error));
                Outcome::Refused
            }
            None => outcome,
        };
        if !needs_work {
            return outcome;
        }
        self.demand.replace(Some(Demand { what, outcome }));
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

    /// The last verdict hangs on more than its token: no slot gets it.
    pub(super) fn keep_nothing(&self) {
        self.passed.replace(None);
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
        (sets, issuers): (&KeySets, &Issuers),
    ) -> bool {
        let cached = self.cached.borrow();
        cached.get(slot).and_then(Option::as_ref).is_some_and(
            |CachedVerdict { issuer, version, generation, timestamps }| {
                issuers.stands(*issuer, *version, at)
                    && sets.stands(*issuer, *generation, at)
                    && verifier
                        .trusted()
                        .get(*issuer)
                        .is_some_and(|trusted| trusted.policy.still_holds(timestamps, now))
            },
        )
    }
}
