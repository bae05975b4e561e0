//! A back-channel logout receiver for JavaScript: what a request says, what it ends, how it is answered.

use std::string::String;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::options::{Options, Read, wrong};
use super::outcome::Replied;
use super::policy::{self, Made};
use super::questions::{self, store};
use super::refusals::error_of;
use crate::claims::profile::Profile;
use crate::oauth::logout_token;
use crate::resource_server::questions::{DEFAULT_STORE_TIMEOUT, STORE_TIMEOUTS};

/// The options of `logoutReceiver`: of a policy, what is of use for a logout token.
const NAMES: [&str; 20] = [
    "issuer",
    "audience",
    "keys",
    "jwksUri",
    "metadataIssuer",
    "algorithms",
    "typ",
    "clockTolerance",
    "maxTokenAge",
    "maxTokenSize",
    "now",
    "allowHttp",
    "fetch",
    "cache",
    "keySets",
    "onKeys",
    "sessions",
    "replay",
    "keepFor",
    "storeTimeout",
];

/// For how long a session that has ended is kept, in seconds, unless the caller says otherwise: few access tokens live
/// longer than a day.
const KEEP_FOR: f64 = 86_400.0;

/// The bounds of that: no access token lives for less than a minute, and one that lives for more than a year is none.
const KEPT: [f64; 2] = [60.0, 366.0 * 86_400.0];

/// For how long beyond its end a logout token is remembered, in seconds: clocks differ, and a policy may allow for that.
const REMEMBERED_BEYOND: i64 = 600;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    sessions: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    replay: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    now: JsValue,
    keep_for: f64,
    store_timeout: f64,
}

/// What a logout token ends, for the caller's stores.
#[derive(Serialize)]
struct Ended {
    sessions: std::vec::Vec<String>,
    at: f64,
    until: f64,
    token: String,
    #[serde(rename = "tokenUntil")]
    token_until: f64,
}

#[derive(Serialize)]
struct LogoutAnswer {
    status: u16,
    body: Option<String>,
}

/// The options of a receiver.
fn read(options: &JsValue) -> Read<Options> {
    Options::read(options, "", &NAMES)
}

/// The verifier of logout tokens.
pub(super) fn verifier(options: &JsValue) -> Read<Made> {
    policy::verifier(&read(options)?, None, Profile::LogoutToken)
}

/// What the shell needs to know of a receiver's own options.
#[wasm_bindgen(js_name = logoutSettings)]
pub fn settings(options: &JsValue) -> Result<JsValue, JsValue> {
    let options = read(options)?;
    let sessions = store(&options, "sessions", "end", "sessions, at, until")?;
    if sessions.is_null() {
        return Err(wrong("sessions", "required: who keeps which sessions have ended"));
    }
    let keep_for = options.seconds("keepFor")?.map_or(KEEP_FOR, |seconds| seconds.as_secs_f64());
    if !(KEPT[0]..=KEPT[1]).contains(&keep_for) {
        return Err(wrong("keepFor", "expected 60 to 31622400 seconds, at least the life of an access token"));
    }
    let store_timeout = options.seconds("storeTimeout")?.unwrap_or(DEFAULT_STORE_TIMEOUT);
    if !(STORE_TIMEOUTS[0]..=STORE_TIMEOUTS[1]).contains(&store_timeout) {
        return Err(wrong("storeTimeout", "expected seconds from 0.05 to 30"));
    }
    let replay = store(&options, "replay", "use", "key, until")?;
    let now = options.function("now")?;
    Ok(answer(&Settings { sessions, replay, now, keep_for, store_timeout: store_timeout.as_secs_f64() }))
}

/// The logout token of a request. Throws a refusal.
#[wasm_bindgen(js_name = logoutToken)]
pub fn token(method: &str, content_type: Option<String>, body: &str) -> Result<String, JsValue> {
    logout_token::logout_token(method, content_type.as_deref(), body).map_err(|error| refusal(&error))
}

/// What a logout token ends whose claims have passed.
#[wasm_bindgen(js_name = endedSessions)]
pub fn ended(claims: &str, keep_for: f64, now: f64) -> Result<JsValue, JsValue> {
    let ended = logout_token::ended_sessions(claims.as_bytes()).map_err(|error| refusal(&error))?;
    Ok(answer(&Ended {
        sessions: ended.sessions,
        at: ended.at as f64,
        until: now + keep_for,
        token: ended.token,
        token_until: ended.token_until.saturating_add(REMEMBERED_BEYOND) as f64,
    }))
}

/// What a call of one of the caller's stores comes to. `kind`: `"sessions"`, who were told what has ended, or `"logout"`,
/// who were asked whether the token is new. Throws a refusal.
#[wasm_bindgen(js_name = logoutReplied)]
pub fn replied(kind: &str, how: Replied, what: &JsValue) -> Result<(), JsValue> {
    questions::judge(kind, None, how, what).map_err(|error| refusal(&error))
}

/// The answer to a logout request, which failed by this error or has done what it asked for.
#[wasm_bindgen(js_name = logoutAnswer)]
pub fn answer_to(error: &JsValue) -> Result<JsValue, JsValue> {
    let error = (!error.is_undefined()).then(|| error_of(error)).transpose()?;
    let (status, body) = logout_token::logout_answer(error.as_ref());
    Ok(answer(&LogoutAnswer { status, body }))
}
