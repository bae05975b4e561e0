//! What leaves the core: plain objects by serde-wasm-bindgen, their members named as TypeScript names them.

use js_sys::JSON;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::{borrow::Cow, format, string::String};
use wasm_bindgen::prelude::*;

use crate::claims::explain::Explanation;
use crate::error::remedy::failure;
use crate::error::{Error, ErrorCode};
use crate::resource_server::challenge::{ChallengeParameters, challenge};

/// A refusal as data. Its tag tells it from anything else that may be thrown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal<'e> {
    tag: &'static str,
    code: &'static str,
    message: String,
    claim: Option<&'e str>,
    found: Option<&'e str>,
    expected: Option<&'e str>,
    spec: &'static str,
    help: String,
    oauth_error: Option<&'e str>,
    retry_after: Option<u32>,
    status: u16,
    challenge: Option<&'e str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained<'e> {
    valid: bool,
    code: Option<&'static str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    error: JsValue,
    checks: std::vec::Vec<Check<'e>>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    header: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claims: JsValue,
}

#[derive(Serialize)]
struct Check<'e> {
    name: Cow<'e, str>,
    spec: &'static str,
    status: &'static str,
    found: Option<&'e str>,
    expected: Option<&'e str>,
}

/// An answer as a plain object: maps are objects, and what is absent is `null`.
pub(super) fn answer(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// A refusal with the challenge of a bare resource.
pub(super) fn refusal(error: &Error) -> JsValue {
    refusal_with(error, challenge(error, ChallengeParameters::default()).as_deref())
}

/// A refusal with the challenge that its resource gives.
pub(super) fn refusal_with(error: &Error, challenge: Option<&str>) -> JsValue {
    answer(&Refusal {
        tag: "refusal",
        code: error.code().as_str(),
        message: error.message(),
        claim: error.claim_name(),
        found: error.found_value(),
        expected: error.expected_value(),
        spec: error.spec(),
        help: error.help(),
        oauth_error: error.oauth_error(),
        retry_after: error.retry_after_seconds(),
        status: error.code().status(),
        challenge,
    })
}

/// An explanation, its header and claims parsed.
pub(super) fn explanation(explanation: &Explanation, challenge: Option<&str>) -> JsValue {
    let error = explanation.refusal.as_ref();
    answer(&Explained {
        valid: error.is_none(),
        code: error.map(|error| error.code().as_str()),
        error: error.map_or(JsValue::NULL, |error| match challenge {
            Some(challenge) => refusal_with(error, Some(challenge)),
            None => refusal(error),
        }),
        checks: explanation.checks.iter().map(Check::from).collect(),
        header: explanation.header.as_deref().map_or(JsValue::NULL, json),
        claims: explanation.claims.as_deref().map_or(JsValue::NULL, json),
    })
}

/// JSON text of the core's own, parsed.
pub(super) fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or(JsValue::NULL)
}

impl<'e> From<&'e crate::rules::Check> for Check<'e> {
    fn from(check: &'e crate::rules::Check) -> Self {
        Self {
            name: match &check.claim {
                Some(claim) => Cow::Owned(format!("{} {claim}", check.name)),
                None => Cow::Borrowed(check.name),
            },
            spec: check.spec,
            status: check.status.as_str(),
            found: check.found.as_deref(),
            expected: check.expected.as_deref(),
        }
    }
}

/// The refusal for a request of the shell that failed: why, and at which address.
#[wasm_bindgen(js_name = fetchFailed)]
pub fn fetch_failed(code: &str, reason: &str, url: &str) -> JsValue {
    let known = ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code);
    let found = format!("{} ({url})", failure(reason));
    refusal(&Error::new(known.unwrap_or(ErrorCode::Internal)).found(found))
}
