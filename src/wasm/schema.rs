//! The option `schema`: a Standard Schema, which the shell asks about claims that every rule has passed.

use std::string::String;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::answers::refusal;
use super::options::{Options, Read, wrong};
use crate::error::{Error, ErrorCode};

/// The function of a schema, for the shell to call; `null` where there is none.
pub(super) fn schema(options: &Options) -> Read<JsValue> {
    let Some(schema) = options.get("schema")? else { return Ok(JsValue::NULL) };
    let member = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let is_object = schema.is_function() || schema.is_object() && !schema.is_null();
    let standard = if is_object { member(&schema, "~standard") } else { JsValue::UNDEFINED };
    let is_known = member(&standard, "version").as_f64() == Some(1.0);
    let validate = if is_known { member(&standard, "validate") } else { JsValue::UNDEFINED };
    if validate.is_function() {
        return Ok(validate);
    }
    let expected = "expected a Standard Schema of version 1, as zod, valibot and arktype make them";
    Err(wrong(&options.path("schema"), expected))
}

/// The refusal of claims that a function or a schema of the caller does not accept: where in them, and why.
#[wasm_bindgen(js_name = claimRefused)]
pub fn claim_refused(claim: Option<String>, found: Option<String>, expected: Option<String>) -> JsValue {
    let mut error = Error::new(ErrorCode::ClaimRefused);
    if let Some(claim) = claim.filter(|claim| !claim.is_empty()) {
        error = error.claim(&claim);
    }
    if let Some(found) = found {
        error = error.found(found);
    }
    if let Some(expected) = expected {
        error = error.expected(expected);
    }
    refusal(&error)
}
