//! Refusals that come back: a `TokenError` that the shell gives to its guard.

use std::string::String;

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::options::{Read, wrong};
use crate::error::{Error, ErrorCode};

/// The refusal that a `TokenError` was made of.
pub(super) fn error_of(error: &JsValue) -> Read<Error> {
    let text = |name: &str| own_text(error, name);
    let code = text("code").and_then(|code| ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code));
    let mut refusal = Error::new(code.ok_or_else(|| wrong("error", "expected a TokenError"))?);
    if let Some(claim) = text("claim") {
        refusal = refusal.claim(&claim);
    }
    if let Some(found) = text("found") {
        refusal = refusal.found(found);
    }
    if let Some(expected) = text("expected") {
        refusal = refusal.expected(expected);
    }
    if let Some(oauth_error) = text("oauthError") {
        refusal = refusal.oauth(&oauth_error);
    }
    if let Some(seconds) = own_value(error, "retryAfter").and_then(|value| value.as_f64()) {
        refusal = refusal.retry_after(seconds as u32);
    }
    Ok(refusal)
}

/// A text that an object has itself.
fn own_text(object: &JsValue, name: &str) -> Option<String> {
    own_value(object, name)?.as_string()
}

fn own_value(object: &JsValue, name: &str) -> Option<JsValue> {
    let name = JsValue::from_str(name);
    let own = Reflect::get_own_property_descriptor(object.dyn_ref::<Object>()?, &name).ok()?;
    Reflect::get(&own, &JsValue::from_str("value")).ok()
}
