//! A verifier that JavaScript holds: it frees itself when nobody holds it any more.

use core::cell::RefCell;
use std::vec::Vec;

use wasm_bindgen::prelude::*;

use super::answers;
use super::options::{Options, wrong};
use super::outcome::Outcome;
use super::policy;
use super::token_buffer::{lay_out, with_token};
use crate::claims::claim_set::Timestamps;
use crate::claims::numeric_date::UnixTime;
use crate::claims::profile::Profile;
use crate::error::Error;
use crate::jose::key_set::KeySet;
use crate::rules::Trace;
use crate::verifier::{Refused, Verdict};

/// The issuer whose policy passed a token, and the token's timestamps: what a verdict hangs on as time passes.
type CachedVerdict = (usize, Timestamps);

/// The verdicts of one policy, and what the last one left behind.
#[wasm_bindgen]
pub struct Verifier {
    inner: RefCell<crate::Verifier>,
    settings: JsValue,
    last: RefCell<Last>,
    cached: RefCell<Vec<Option<CachedVerdict>>>,
}

#[derive(Default)]
struct Last {
    refused: Option<(Error, Option<usize>)>,
    passed: Option<CachedVerdict>,
}

#[wasm_bindgen]
impl Verifier {
    /// A verifier of the options of `createVerifier`. Throws a `TypeError` that names the option which is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Verifier, JsValue> {
        let options = Options::read(options, "", &policy::NAMES)?;
        let (inner, settings) = policy::verifier(&options, Profile::Jwt)?;
        Ok(Self {
            inner: RefCell::new(inner),
            cached: RefCell::new((0..settings.slots()).map(|_| None).collect()),
            settings: answers::answer(&settings),
            last: RefCell::default(),
        })
    }

    /// What the shell needs to know of the options.
    #[wasm_bindgen(getter)]
    pub fn settings(&self) -> JsValue {
        self.settings.clone()
    }

    /// Replaces the keys of the trusted issuer of an index by a key set that was fetched for it.
    #[wasm_bindgen(js_name = setKeys)]
    pub fn set_keys(&self, index: usize, text: &str) -> Result<(), JsValue> {
        let keys = KeySet::parse(text.as_bytes()).map_err(|error| answers::refusal(&error))?;
        self.inner.borrow_mut().set_keys(index, keys);
        Ok(())
    }

    /// The verdict on the token in the buffer.
    pub fn verify(&self, length: usize, now: f64) -> Result<Outcome, JsValue> {
        let now = moment(now)?;
        let judged = with_token(length, |token| self.inner.borrow().judge(token, now, &mut Trace::off()));
        Ok(self.last.borrow_mut().keep(judged))
    }

    /// Why the last token was refused.
    pub fn refusal(&self) -> JsValue {
        self.last.borrow().refused.as_ref().map_or(JsValue::NULL, |(error, _)| answers::refusal(error))
    }

    /// The index of the trusted issuer whose keys lack the last token's.
    #[wasm_bindgen(js_name = lackingIssuer)]
    pub fn lacking_issuer(&self) -> Option<usize> {
        self.last.borrow().refused.as_ref().and_then(|(_, issuer)| *issuer)
    }

    /// The verdict on the token in the buffer as the list of its checks, and how it ended.
    pub fn explain(&self, length: usize, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now)?;
        let (explanation, refused) = with_token(length, |token| self.inner.borrow().explain_refused(token, now));
        self.last.borrow_mut().refused = refused.map(|refused| (refused.error, refused.lacks_key));
        Ok(answers::explanation(&explanation, None))
    }

    /// Keeps in a slot what the last verdict hangs on.
    #[wasm_bindgen(js_name = cacheVerdict)]
    pub fn cache_verdict(&self, slot: usize) {
        if let Some(place) = self.cached.borrow_mut().get_mut(slot) {
            *place = self.last.borrow_mut().passed.take();
        }
    }

    /// Whether the verdict kept in a slot is still the verdict. Its keys are for the caller to watch.
    #[wasm_bindgen(js_name = stillHolds)]
    pub fn still_holds(&self, slot: usize, now: f64) -> bool {
        let (cached, inner) = (self.cached.borrow(), self.inner.borrow());
        let verdict = cached.get(slot).and_then(Option::as_ref);
        verdict.zip(UnixTime::from_seconds_f64(now)).is_some_and(|((issuer, timestamps), now)| {
            inner.trusted().get(*issuer).is_some_and(|trusted| trusted.policy.still_holds(timestamps, now))
        })
    }
}

impl Last {
    fn keep(&mut self, judged: Result<Verdict, Refused>) -> Outcome {
        match judged {
            Ok(Verdict { token, timestamps, issuer }) => {
                self.passed = Some((issuer, timestamps));
                lay_out(token.into_parts());
                Outcome::Passed
            }
            Err(Refused { error, lacks_key }) => {
                self.refused = Some((error, lacks_key));
                if lacks_key.is_some() { Outcome::LacksKey } else { Outcome::Refused }
            }
        }
    }
}

/// A moment of the caller's clock.
pub(super) fn moment(now: f64) -> Result<UnixTime, JsValue> {
    UnixTime::from_seconds_f64(now).ok_or_else(|| wrong("now", "must return the seconds since 1970 as a finite number"))
}
