//! An issuer's key set for JavaScript, which performs what the core decides. Verifiers and guards share it.

use std::{cell::RefCell, rc::Rc, string::String, vec::Vec};

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::{self, answer, refusal};
use super::demand::{Demand, Demanded, asker_of};
use super::options::{Options, elements, wrong};
use super::outcome::{Outcome, Patience};
use crate::jwks::durations::Durations;
use crate::jwks::{Action, Answer, Judged, KeySource, Moment, RemoteKeySet as Core};

/// The key set of one issuer.
#[wasm_bindgen]
pub struct RemoteKeySet {
    inner: Rc<RefCell<Core>>,
}

/// What a flight's caller has to do next.
#[derive(Default, Serialize)]
struct ActionObject<'a> {
    kind: &'a str,
    name: Option<&'a str>,
    url: Option<&'a str>,
    entry: Option<&'a str>,
    ttl: Option<f64>,
    timeout: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportObject<'r> {
    #[serde(rename = "type")]
    kind: &'r str,
    issuer: Option<&'r str>,
    jwks_uri: Option<&'r str>,
    keys: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    error: JsValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusObject<'s> {
    issuer: Option<&'s str>,
    jwks_uri: Option<&'s str>,
    state: &'s str,
    age: Option<f64>,
    keys: Vec<KeyObject<'s>>,
    dropped: Vec<DroppedObject<'s>>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    last_error: JsValue,
    next_attempt: Option<f64>,
}

#[derive(Serialize)]
struct KeyObject<'s> {
    kid: Option<&'s str>,
    alg: Option<&'s str>,
}

#[derive(Serialize)]
struct DroppedObject<'s> {
    kid: Option<&'s str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    reason: JsValue,
}

#[wasm_bindgen]
impl RemoteKeySet {
    /// A key set of a source that the settings of a verifier or guard name. `has_store`: whether entries can be read.
    #[wasm_bindgen(constructor)]
    pub fn new(source: &JsValue, has_store: bool) -> Result<RemoteKeySet, JsValue> {
        let names = ["issuer", "jwksUri", "metadataIssuer", "allowHttp", "loaded", "open", "durations"];
        let source = Options::read(source, "source", &names)?;
        let mut durations = Durations::default();
        for (at, (seconds, path)) in elements(&source.required("durations")?, "durations")?.iter().enumerate() {
            if !seconds.as_f64().is_some_and(|seconds| durations.set_at(at, seconds)) {
                return Err(wrong(path, "out of bounds"));
            }
        }
        let text = |name| Ok::<_, JsValue>(source.get(name)?.and_then(|value| value.as_string()));
        let allow_http = source.flag("allowHttp")?.unwrap_or(false);
        let (issuer, jwks_uri, asked) = (text("issuer")?, text("jwksUri")?, text("metadataIssuer")?);
        let set = match (issuer, asked) {
            (Some(issuer), Some(asked)) => {
                let source = KeySource { issuer: Some(asked), jwks_uri, allow_http };
                Core::new(source, durations, has_store).for_tokens_of(&issuer)
            }
            (issuer, asked) => {
                Core::new(KeySource { issuer: issuer.or(asked), jwks_uri, allow_http }, durations, has_store)
            }
        };
        Ok(Self { inner: Rc::new(RefCell::new(set)) })
    }

    /// What has to be done before the keys can be used at all. Throws `keys_unavailable`.
    pub fn load(&self, now: f64, machine: f64, patience: Patience, arrival: Option<u32>) -> Result<JsValue, JsValue> {
        let asker = asker_of(patience, arrival);
        let mut demand = self.inner.borrow_mut().demand(Judged::Passed, asker, at(now, machine)?);
        match demand.refuse.take() {
            Some(error) => Err(refusal(&error)),
            None => Ok(Demand { what: Demanded::Keys(0, demand), outcome: Outcome::Passed }.to_object()),
        }
    }

    /// What a flight's caller has to do next; `undefined`: nothing more.
    pub fn next(&self, flight: u32, now: f64, machine: f64) -> Result<JsValue, JsValue> {
        let action = self.inner.borrow_mut().next_action(flight, at(now, machine)?);
        Ok(action.map_or(JsValue::UNDEFINED, |action| object_of(&action)))
    }

    /// The store answered, with an entry or without. Returns whether it brought keys.
    #[wasm_bindgen(js_name = storeAnswered)]
    pub fn store_answered(&self, flight: u32, entry: Option<String>, now: f64, machine: f64) -> Result<bool, JsValue> {
        Ok(self.inner.borrow_mut().store_answered(flight, entry.as_deref(), at(now, machine)?))
    }

    /// An address answered.
    #[expect(clippy::too_many_arguments, reason = "an answer, a flight and a moment, without objects in between")]
    pub fn answered(
        &self,
        flight: u32,
        status: u16,
        cache_control: Option<String>,
        age: Option<String>,
        text: &str,
        now: f64,
        machine: f64,
    ) -> Result<(), JsValue> {
        let answer = Answer { status, cache_control: cache_control.as_deref(), age: age.as_deref(), text };
        self.inner.borrow_mut().answered(flight, answer, at(now, machine)?);
        Ok(())
    }

    /// An address gave no answer.
    pub fn failed(&self, flight: u32, reason: &str, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().failed(flight, reason, at(now, machine)?);
        Ok(())
    }

    /// The caller of a flight is alive.
    pub fn beat(&self, flight: u32, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().beat(flight, at(now, machine)?);
        Ok(())
    }

    /// Whether a flight has neither landed nor died.
    #[wasm_bindgen(js_name = isUnderWay)]
    pub fn is_under_way(&self, flight: u32, now: f64, machine: f64) -> Result<bool, JsValue> {
        Ok(self.inner.borrow_mut().is_under_way(flight, at(now, machine)?))
    }

    /// Whether there are keys, so that their entry is worth keeping.
    #[wasm_bindgen(js_name = hasKeys)]
    pub fn has_keys(&self) -> bool {
        self.inner.borrow().has_keys()
    }

    /// Takes the keys of an entry that an object of this class gave before.
    pub fn restore(&self, entry: &str, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().restore(entry, at(now, machine)?);
        Ok(())
    }

    /// What happened since this was last called.
    #[wasm_bindgen(js_name = takeReports)]
    pub fn take_reports(&self) -> Vec<JsValue> {
        let reports = self.inner.borrow_mut().take_reports();
        let set = self.inner.borrow();
        let objects = reports.iter().map(|report| {
            answer(&ReportObject {
                kind: report.news.as_str(),
                issuer: set.issuer(),
                jwks_uri: set.source().jwks_uri.as_deref(),
                keys: report.keys,
                error: report.error.as_ref().map_or(JsValue::NULL, answers::refusal),
            })
        });
        objects.collect()
    }

    /// The state of the key set at a moment.
    pub fn status(&self, now: f64, machine: f64) -> Result<JsValue, JsValue> {
        let set = self.inner.borrow();
        let status = set.status(at(now, machine)?);
        let dropped = status.keys.map(|keys| keys.dropped()).unwrap_or_default();
        Ok(answer(&StatusObject {
            issuer: set.issuer(),
            jwks_uri: set.source().jwks_uri.as_deref(),
            state: status.phase.as_str(),
            age: status.age,
            keys: keys(status.keys),
            dropped: dropped
                .iter()
                .map(|key| DroppedObject { kid: key.kid.as_deref(), reason: refusal(&key.reason) })
                .collect(),
            last_error: status.last_error.map_or(JsValue::NULL, refusal),
            next_attempt: status.next_attempt,
        }))
    }
}

impl RemoteKeySet {
    pub(super) fn shared(&self) -> Rc<RefCell<Core>> {
        Rc::clone(&self.inner)
    }
}

fn keys(set: Option<&crate::KeySet>) -> Vec<KeyObject<'_>> {
    let keys = set.map(crate::KeySet::keys).unwrap_or_default();
    keys.iter().map(|key| KeyObject { kid: key.kid(), alg: key.algorithm_name() }).collect()
}

fn object_of(action: &Action) -> JsValue {
    match action {
        Action::ReadStore { name, timeout } => {
            answer(&ActionObject { kind: "read-store", name: Some(name), timeout: *timeout, ..Default::default() })
        }
        Action::Fetch { url, timeout } => {
            answer(&ActionObject { kind: "fetch", url: Some(url), timeout: *timeout, ..Default::default() })
        }
        Action::WriteStore { name, entry, ttl, timeout } => answer(&ActionObject {
            kind: "write-store",
            name: Some(name),
            entry: Some(entry),
            ttl: Some(*ttl),
            timeout: *timeout,
            url: None,
        }),
    }
}

/// A moment of two clocks. Throws a `TypeError` for a clock that gives no time.
pub(super) fn at(policy: f64, machine: f64) -> Result<Moment, JsValue> {
    super::verifier::moment(policy)?;
    Ok(Moment { policy, machine })
}
