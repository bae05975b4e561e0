//! A verifier for JavaScript, freed with the last reference to it.

use core::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::answers;
use super::last::Last;
use super::options::{Options, wrong};
use super::outcome::Outcome;
use super::policy;
use super::token_buffer::with_token;
use crate::claims::numeric_date::UnixTime;
use crate::claims::profile::Profile;
use crate::jose::key_set::KeySet;
use crate::rules::Trace;

/// The verdicts of one policy.
#[wasm_bindgen]
pub struct Verifier {
    inner: RefCell<crate::Verifier>,
    settings: JsValue,
    last: Last,
}

#[wasm_bindgen]
impl Verifier {
    /// A verifier of the options of `createVerifier`. Throws a `TypeError` that names the option which is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Verifier, JsValue> {
        let options = Options::read(options, "", &policy::NAMES)?;
        policy::verifier(&options, Profile::Jwt).map(Self::with)
    }

    /// The verifier of a client's ID tokens: they are for the client, and issued to it (OpenID Connect Core §3.1.3.7).
    #[wasm_bindgen(js_name = forClient)]
    pub fn for_client(options: &JsValue) -> Result<Verifier, JsValue> {
        let options = Options::read(options, "", &policy::CLIENT_NAMES)?;
        policy::client_verifier(&options).map(Self::with)
    }

    /// What the shell needs to know of the options.
    #[wasm_bindgen(getter)]
    pub fn settings(&self) -> JsValue {
        self.settings.clone()
    }

    /// Replaces the keys of the trusted issuer of an index by a key set that was fetched for it.
    #[wasm_bindgen(js_name = setKeys)]
    pub fn set_keys(&self, index: usize, text: &str) -> Result<(), JsValue> {
        let keys = KeySet::parse_published(text.as_bytes()).map_err(|error| answers::refusal(&error))?;
        self.inner.borrow_mut().set_keys(index, keys);
        Ok(())
    }

    /// The index of the trusted issuer that would judge the token in the buffer.
    #[wasm_bindgen(js_name = issuerIndex)]
    pub fn issuer_index(&self, length: usize) -> Option<usize> {
        with_token(length, |token| self.inner.borrow().issuer_index(token))
    }

    /// Why the last token was refused.
    pub fn refusal(&self) -> JsValue {
        self.last.with_error(answers::refusal).unwrap_or(JsValue::NULL)
    }

    /// The index of the trusted issuer whose keys lack the last token's.
    #[wasm_bindgen(js_name = lackingIssuer)]
    pub fn lacking_issuer(&self) -> Option<usize> {
        self.last.lacking_issuer()
    }

    /// The verdict on the token in the buffer as the list of its checks.
    pub fn explain(&self, length: usize, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now)?;
        let examination = with_token(length, |token| self.inner.borrow().examine(token, now));
        if let Err(refused) = examination.outcome {
            self.last.refuse(refused);
        }
        Ok(answers::explanation(&examination.explanation, None))
    }

    /// Caches in a slot what the last verdict depends on.
    #[wasm_bindgen(js_name = cacheVerdict)]
    pub fn cache_verdict(&self, slot: usize) {
        self.last.cache(slot);
    }

    /// Whether the verdict cached in a slot would be the same now, as long as the keys are the same.
    #[wasm_bindgen(js_name = stillHolds)]
    pub fn still_holds(&self, slot: usize, now: f64) -> bool {
        self.last.still_holds(slot, now, &self.inner.borrow())
    }
}

impl Verifier {
    fn with((inner, settings): (crate::Verifier, policy::Settings)) -> Self {
        Self { inner: RefCell::new(inner), last: Last::new(settings.slots()), settings: answers::answer(&settings) }
    }
}

/// The verdict of a verifier on the token in the buffer.
#[wasm_bindgen]
pub fn verify(verifier: &Verifier, length: usize, now: f64) -> Result<Outcome, JsValue> {
    let now = moment(now)?;
    let judged = with_token(length, |token| verifier.inner.borrow().judge(token, now, &mut Trace::off()));
    Ok(match judged {
        Ok(verdict) => verifier.last.pass(verdict),
        Err(refused) => verifier.last.refuse(refused),
    })
}

/// A moment of the caller's clock.
pub(super) fn moment(now: f64) -> Result<UnixTime, JsValue> {
    UnixTime::from_seconds_f64(now).ok_or_else(|| wrong("now", "must return the seconds since 1970 as a finite number"))
}
