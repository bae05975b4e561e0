//! A resource server that wants to see another login (RFC 9470), for the page that has the user.

use serde::Serialize;
use std::{format, string::String};
use wasm_bindgen::prelude::*;

use super::answers::answer;
use crate::login::step_ups::{done, may_begin, name, repeatable};
use crate::oauth::step_up::StepUp;

/// What the authorization request has more (RFC 9470 §4).
#[derive(Serialize)]
struct Parameters {
    acr_values: Option<String>,
    max_age: Option<String>,
}

#[derive(Serialize)]
struct StepUpObject {
    /// By which the same demand is known again.
    name: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    parameters: JsValue,
    /// The address that is asked again where the page was left.
    repeat: Option<String>,
}

/// What an answer to a request asks of the user; `null` where it asks for nothing. `false`: for what has just been done.
/// `kept` is what the tab has kept of the last such login.
#[wasm_bindgen(js_name = stepUpOf)]
pub fn step_up_of(
    status: u16,
    challenge: Option<String>,
    method: &str,
    url: &str,
    kept: Option<String>,
    now: f64,
) -> JsValue {
    let Some(asked) = StepUp::of(status, challenge.as_deref()) else { return JsValue::NULL };
    if !may_begin(kept.as_deref(), &asked, now) {
        return JsValue::FALSE;
    }
    let repeat = repeatable(method, url).map(String::from);
    let name = name(&asked);
    let max_age = asked.max_age.map(|seconds| format!("{seconds}"));
    let parameters = answer(&Parameters { acr_values: asked.acr_values, max_age });
    answer(&StepUpObject { name, parameters, repeat })
}

/// What a tab keeps when such a login has come back.
#[wasm_bindgen(js_name = stepUpDone)]
pub fn step_up_done(name: &str, now: f64) -> String {
    done(name, now)
}
