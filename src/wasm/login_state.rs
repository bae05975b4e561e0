//! What a login keeps in a browser, as texts: its requests under way, and how often it has asked by itself.

use serde::Serialize;
use std::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

use super::answers::{answer, json, refusal};
use super::login::LoginClient;
use super::options::{Options, Read, wrong};
use crate::login::clock;
use crate::login::silent::{self, Attempt};
use crate::login::transaction::{Answer, MAX_APP_STATE, Match, Transaction, Transactions};
use crate::oauth::demands::Demands;

/// What a request under way is remembered by.
const NAMES: [&str; 12] = [
    "state", "nonce", "verifier", "returnTo", "appState", "silent", "maxAge", "acr", "jkt", "stepUp", "repeat",
    "subject",
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    mark: String,
    attempts: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    /// What the tab keeps from now on.
    kept: Option<String>,
    transaction: Option<Found>,
    /// Where the user wanted to be.
    return_to: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    refusal: JsValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    state: String,
    verifier: String,
    nonce: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    app_state: JsValue,
    silent: bool,
    max_age: Option<f64>,
    acr: Option<Vec<String>>,
    jkt: Option<String>,
    step_up: Option<String>,
    repeat: Option<String>,
    subject: Option<String>,
}

#[wasm_bindgen]
impl LoginClient {
    /// What the tab keeps with one request more.
    #[wasm_bindgen(js_name = withTransaction)]
    pub fn with_transaction(&self, kept: &str, request: &JsValue, now: f64) -> Result<Option<String>, JsValue> {
        let options = Options::read(request, "", &NAMES)?;
        let text = |name| options.string(name).map(Option::unwrap_or_default);
        let transaction = Transaction {
            state: text("state")?,
            verifier: text("verifier")?,
            nonce: text("nonce")?,
            return_to: text("returnTo")?,
            app_state: app_state(&options)?,
            silent: options.flag("silent")?.unwrap_or_default(),
            demands: Demands {
                max_age: options.seconds("maxAge")?.map(|seconds| seconds.as_secs()),
                acr: options.strings("acr")?,
            },
            jkt: options.string("jkt")?,
            step_up: options.string("stepUp")?,
            repeat: options.string("repeat")?,
            subject: options.string("subject")?,
        };
        let mut transactions = Transactions::read(kept, self.transaction_lifetime);
        transactions.add(transaction, now);
        Ok(transactions.write())
    }

    /// Takes out the request to which an answer with this state belongs, or refuses the answer.
    #[wasm_bindgen(js_name = takeTransaction)]
    pub fn take_transaction(&self, kept: &str, state: Option<String>, address: &str, now: f64) -> JsValue {
        let mut transactions = Transactions::read(kept, self.transaction_lifetime);
        let answered = Answer { state: state.as_deref(), address, redirect_uri: &self.redirect_uri };
        let (transaction, return_to, refusal) = match transactions.take(answered, now) {
            Match::Found(mut found) => {
                let return_to = core::mem::take(&mut found.return_to);
                (Some(Found::from(found)), Some(return_to), JsValue::NULL)
            }
            Match::Refused { error, return_to } => (None, return_to, refusal(&error)),
        };
        answer(&Taken { kept: transactions.write(), transaction, return_to, refusal })
    }
}

/// Whether a page may ask by itself, and what to keep before it does: `null` where it may not.
#[wasm_bindgen(js_name = silentAttempt)]
pub fn silent_attempt(
    mark: Option<String>,
    attempts: Option<String>,
    acted: Option<f64>,
    now: f64,
    reloaded: bool,
) -> JsValue {
    let attempt = silent::attempt(mark.as_deref(), attempts.as_deref(), acted, now, reloaded);
    attempt.map_or(JsValue::NULL, kept)
}

/// What to keep where the server knows no session.
#[wasm_bindgen(js_name = silentRefused)]
pub fn silent_refused(mark: Option<String>, now: f64) -> JsValue {
    kept(silent::refused(mark.as_deref(), now))
}

/// What has to be added to the device's clock, by the date of an answer.
#[wasm_bindgen(js_name = clockOffset)]
pub fn clock_offset(date: f64, sent: f64, received: f64) -> f64 {
    clock::offset(date, sent, received)
}

fn kept(Attempt { mark, attempts }: Attempt) -> JsValue {
    answer(&Kept { mark, attempts })
}

/// The application's own state, as JSON.
fn app_state(options: &Options) -> Read<Option<String>> {
    let text = options.string("appState")?;
    match text {
        Some(text) if text.len() > MAX_APP_STATE => Err(wrong("appState", "expected no more than 4096 bytes of JSON")),
        text => Ok(text),
    }
}

impl From<Transaction> for Found {
    fn from(transaction: Transaction) -> Self {
        let Transaction { state, verifier, nonce, app_state, silent, demands, jkt, step_up, repeat, subject, .. } =
            transaction;
        Self {
            state,
            verifier,
            nonce: Some(nonce).filter(|nonce| !nonce.is_empty()),
            app_state: app_state.as_deref().map_or(JsValue::UNDEFINED, json),
            silent,
            max_age: demands.max_age.map(|seconds| seconds as f64),
            acr: demands.acr,
            jkt,
            step_up,
            repeat,
            subject,
        }
    }
}
