//! What JavaScript is answered: plain objects, their members as TypeScript names them. They cross as JSON text,
//! which costs less than a call for each member.

use alloc::{format, string::String};

use js_sys::JSON;
use wasm_bindgen::prelude::*;

use crate::bearer::{self, ChallengeParameters};
use crate::error::Error;
use crate::explain::{Check, Explanation};
use crate::json_text::{self, ObjectText};
use crate::key_set::{DroppedKey, KeySet};
use crate::verifier::Refused;

/// The object of a JSON text that was written here, or checked.
pub(super) fn object(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or_else(|fault| fault)
}

/// A refusal as data.
pub(super) fn error_data(error: &Error) -> JsValue {
    object(&error_text(error))
}

fn error_text(error: &Error) -> String {
    ObjectText::new()
        .text("code", error.code().as_str())
        .text("message", &format!("{error}"))
        .optional("claim", error.claim_name())
        .optional("found", error.found_value())
        .optional("expected", error.expected_value())
        .text("spec", error.spec())
        .number("status", error.code().status())
        .optional("challenge", bearer::challenge(error, ChallengeParameters::default()).as_deref())
        .finish()
}

/// How many keys of a set can be used, and what is wrong with the others.
pub(super) fn key_report(keys: &KeySet) -> JsValue {
    let dropped = |key: &DroppedKey| {
        ObjectText::new()
            .optional("kid", key.kid.as_deref())
            .text("code", key.reason.code().as_str())
            .text("message", &format!("{}", key.reason))
            .finish()
    };
    let report = ObjectText::new()
        .number("accepted", keys.len() as u64)
        .json("dropped", &json_text::array(keys.dropped().iter().map(dropped)));
    object(&report.finish())
}

pub(super) fn explanation_data(explanation: &Explanation, refused: Option<&Refused>) -> JsValue {
    let nullable = |text: Option<&str>| text.map_or_else(|| String::from("null"), quoted);
    let check = |check: &Check| {
        ObjectText::new()
            .text("name", check.name)
            .text("spec", check.spec)
            .text("status", check.status.as_str())
            .json("found", &nullable(check.found.as_deref()))
            .json("expected", &nullable(check.expected.as_deref()))
            .finish()
    };
    let refusal = explanation.refusal.as_ref();
    let lacks_key = refused.and_then(|refused| refused.lacks_key);
    let data = ObjectText::new()
        .json("valid", if refusal.is_none() { "true" } else { "false" })
        .json("code", &nullable(refusal.map(|error| error.code().as_str())))
        .json("error", &refusal.map_or_else(|| String::from("null"), error_text))
        .json("checks", &json_text::array(explanation.checks.iter().map(check)))
        .json("header", explanation.header.as_deref().unwrap_or("null"))
        .json("claims", explanation.claims.as_deref().unwrap_or("null"))
        .json("lacksKey", &lacks_key.map_or_else(|| String::from("null"), |index| format!("{index}")));
    object(&data.finish())
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    json_text::write_string(&mut out, text);
    out
}
