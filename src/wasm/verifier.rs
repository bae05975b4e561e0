//! A verifier for JavaScript, freed with the last reference to it.

use core::cell::RefCell;

use std::vec::Vec;
use wasm_bindgen::prelude::*;

use super::answers;
use super::demand::{KeySets, Whose, asker_of};
use super::issuer_table::IssuerTable;
use super::issuers::Issuers;
use super::last::{Judges, Last};
use super::logout;
use super::options::{Options, wrong};
use super::outcome::{Outcome, Patience};
use super::policy;
use super::policy_view::PolicyView;
use super::remote_key_set::{RemoteKeySet, at};
use super::token_buffer::with_token;
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::claims::profile::Profile;
use crate::jwks::{Asker, Moment};
use crate::rules::Trace;
use crate::verifier::{Examination, Refused, Verdict};

/// The verdicts of one policy.
#[wasm_bindgen]
pub struct Verifier {
    inner: RefCell<crate::Verifier>,
    settings: JsValue,
    sets: KeySets,
    issuers: Issuers,
    last: Last,
    explanation: RefCell<Option<Explanation>>,
}

#[wasm_bindgen]
impl Verifier {
    /// A verifier of the options of `createVerifier`. Throws a `TypeError` that names the option which is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Verifier, JsValue> {
        let options = Options::read(options, "", &policy::NAMES)?;
        policy::verifier(&options, None, Profile::Jwt).map(Self::with)
    }

    /// The verifier of a client's ID tokens: they are for the client, and issued to it (OpenID Connect Core §3.1.3.7).
    #[wasm_bindgen(js_name = forClient)]
    pub fn for_client(options: &JsValue) -> Result<Verifier, JsValue> {
        let options = Options::read(options, "", &policy::CLIENT_NAMES)?;
        policy::client_verifier(&options).map(Self::with)
    }

    /// The verifier of the logout tokens of a receiver (OpenID Connect Back-Channel Logout §2.6).
    #[wasm_bindgen(js_name = forLogout)]
    pub fn for_logout(options: &JsValue) -> Result<Verifier, JsValue> {
        logout::verifier(options).map(Self::with)
    }

    /// What the shell needs to know of the options.
    #[wasm_bindgen(getter)]
    pub fn settings(&self) -> JsValue {
        self.settings.clone()
    }

    /// What is demanded, for each of the issuers.
    #[wasm_bindgen(getter)]
    pub fn policy(&self) -> JsValue {
        let inner = self.inner.borrow();
        answers::answer(&inner.trusted().iter().map(|trusted| PolicyView::from(&trusted.policy)).collect::<Vec<_>>())
    }

    /// Takes the keys of the trusted issuer of an index from a key set, from now on.
    pub fn attach(&self, index: usize, set: &RemoteKeySet) {
        self.sets.attach(index, set.shared());
    }

    /// Asks a table about issuers, from now on.
    #[wasm_bindgen(js_name = attachIssuers)]
    pub fn attach_issuers(&self, table: &IssuerTable) {
        self.issuers.attach(table.shared());
    }

    /// A question was answered, by whatever the caller's function gave.
    #[wasm_bindgen(js_name = issuerAnswered)]
    pub fn issuer_answered(&self, id: u32, answer: &JsValue, now: f64, machine: f64) -> Result<(), JsValue> {
        self.issuers.answered(id, answer, at(now, machine)?);
        Ok(())
    }

    /// The indices of the issuers that have been admitted.
    pub fn admitted(&self) -> Vec<usize> {
        self.issuers.indices()
    }

    /// Why the last token was refused.
    pub fn refusal(&self) -> JsValue {
        self.last.with_error(answers::refusal).unwrap_or(JsValue::NULL)
    }

    /// What the last verdict demands of its keys.
    pub fn demand(&self) -> JsValue {
        self.last.demand()
    }

    /// The last verdict of `explain` as the list of its checks; `null` where there is none on the token, as `refusal()`
    /// says why.
    pub fn explanation(&self) -> JsValue {
        let explanation = self.explanation.borrow();
        let refusal = explanation.as_ref().and_then(|explanation| explanation.refusal.as_ref());
        let is_verdict = refusal.is_none_or(|error| !error.code().is_outage());
        explanation
            .as_ref()
            .filter(|_| is_verdict)
            .map_or(JsValue::NULL, |explanation| answers::explanation(explanation, None))
    }

    /// Caches in a slot what the last verdict depends on.
    #[wasm_bindgen(js_name = cacheVerdict)]
    pub fn cache_verdict(&self, slot: usize) {
        self.last.cache(slot);
    }

    /// Whether the verdict cached in a slot would be the same now, without a word to its key set.
    #[wasm_bindgen(js_name = stillHolds)]
    pub fn still_holds(&self, slot: usize, now: f64, machine: f64) -> Result<bool, JsValue> {
        let (now, at) = (moment(now)?, at(now, machine)?);
        Ok(self.last.still_holds(slot, now, at, &self.inner.borrow(), (&self.sets, &self.issuers)))
    }
}

impl Verifier {
    fn with(policy::Made { verifier, settings, admission, .. }: policy::Made) -> Self {
        Self {
            inner: RefCell::new(verifier),
            issuers: Issuers::new(admission),
            settings: answers::answer(&settings),
            sets: KeySets::default(),
            last: Last::new(settings.slots()),
            explanation: RefCell::default(),
        }
    }

    /// Brings the verifier's keys up to date.
    fn hand_over(&self, token: &[u8], at: Moment) {
        self.issuers.keep_up(&self.inner, &self.sets);
        let whose = Whose::of(&self.inner.borrow(), token);
        self.sets.hand_over(whose, at, |issuer, keys| {
            match keys {
                Some(keys) => self.inner.borrow_mut().set_keys(issuer, keys),
                None => self.inner.borrow_mut().remove_keys(issuer),
            };
        });
    }

    fn settle(&self, judged: Result<Verdict, Refused>, asker: Asker, at: Moment) -> Outcome {
        let (outcome, about) = match judged {
            Ok(verdict) => (Outcome::Passed, self.last.pass(verdict, &self.sets, &self.issuers)),
            Err(refused) => (Outcome::Refused, self.last.refuse(refused)),
        };
        let judges = Judges { sets: &self.sets, issuers: &self.issuers, verifier: &self.inner };
        self.last.settle(outcome, about, judges, asker, at)
    }
}

/// The verdict of a verifier on the token in the buffer, for a caller that waits or does not.
#[wasm_bindgen]
pub fn verify(
    verifier: &Verifier,
    length: usize,
    now: f64,
    machine: f64,
    patience: Patience,
    arrival: Option<u32>,
) -> Result<Outcome, JsValue> {
    let (now, at) = (moment(now)?, at(now, machine)?);
    let judged = with_token(length, |token| {
        verifier.hand_over(token, at);
        verifier.inner.borrow().judge(token, now, &mut Trace::off())
    });
    Ok(verifier.settle(judged, asker_of(patience, arrival), at))
}

/// The same verdict with the list of its checks.
#[wasm_bindgen]
pub fn explain(
    verifier: &Verifier,
    length: usize,
    now: f64,
    machine: f64,
    patience: Patience,
    arrival: Option<u32>,
) -> Result<Outcome, JsValue> {
    let (now, at) = (moment(now)?, at(now, machine)?);
    let Examination { outcome, mut explanation } = with_token(length, |token| {
        verifier.hand_over(token, at);
        verifier.inner.borrow().examine(token, now)
    });
    let outcome = verifier.settle(outcome, asker_of(patience, arrival), at);
    if explanation.refusal.is_some() {
        explanation.refusal = verifier.last.with_error(Clone::clone); // The key set may have the last word.
    }
    verifier.explanation.replace(Some(explanation));
    Ok(outcome)
}

/// Every check of the token in the buffer that needs no key, as a list.
#[wasm_bindgen(js_name = explainWithoutKeys)]
pub fn explain_without_keys(verifier: &Verifier, length: usize, now: f64) -> Result<JsValue, JsValue> {
    let now = moment(now)?;
    let explanation = with_token(length, |token| verifier.inner.borrow().explain_without_keys(token, now));
    Ok(answers::explanation(&explanation, None))
}

/// A moment of the caller's clock.
pub(super) fn moment(now: f64) -> Result<UnixTime, JsValue> {
    UnixTime::from_seconds_f64(now).ok_or_else(|| wrong("now", "must return the seconds since 1970 as a finite number"))
}
