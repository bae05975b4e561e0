//! Tokens on their own: a look at one, and a signature without claims (RFC 7515).

use js_sys::{Array, Uint8Array};
use std::vec::Vec;
use wasm_bindgen::prelude::*;

use super::answers::{json, refusal};
use super::keys::{key_set, text_or_bytes};
use super::options::{Options, Read};
use super::policy_options::{algorithms, max_token_size};
use super::token_buffer::{MAX_INPUT_LEN, with_token};
use crate::claims::claim_set::decode_unverified as decode;
use crate::jose::jws::{self, SignaturePolicy};

/// Header and claims of the token in the buffer, whose signature is not checked.
#[wasm_bindgen(js_name = decodeUnverified)]
pub fn decode_unverified(length: usize) -> Result<Array, JsValue> {
    let decoded = with_token(length, |token| decode(token, MAX_INPUT_LEN));
    let (header, payload) = decoded.map_err(|error| refusal(&error))?;
    Ok(Array::of2(&parsed(&header), &parsed(&payload)))
}

/// Header and payload of the compact JWS in the buffer, if its signature is valid (RFC 7515 §5.2).
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(length: usize, keys: &JsValue, options: &JsValue) -> Result<Array, JsValue> {
    // A copy: keys and options may have getters, which may call us with another token.
    let token = with_token(length, <[u8]>::to_vec);
    let keys = key_set(keys, "keys")?;
    let (policy, payload) = signature_policy(options)?;
    let verified = match payload {
        None => jws::verify_signature(&token, &keys, &policy),
        Some(payload) => jws::verify_detached_signature(&token, &payload, &keys, &policy),
    };
    let (header, payload) = verified.map_err(|error| refusal(&error))?.into_parts();
    Ok(Array::of2(&parsed(&header), &Uint8Array::from(&*payload)))
}

/// How a signature is checked, and the payload that came beside it.
fn signature_policy(options: &JsValue) -> Read<(SignaturePolicy, Option<Vec<u8>>)> {
    let options = match options.is_undefined() {
        true => &js_sys::Object::new().into(),
        false => options,
    };
    let options = Options::read(options, "", &["algorithms", "crit", "maxTokenSize", "payload"])?;
    let payload = options.get("payload")?;
    let payload = payload.map(|payload| text_or_bytes(&payload, &options.path("payload"))).transpose()?;
    let policy = SignaturePolicy {
        algorithms: algorithms(&options)?,
        crit: options.strings("crit")?.unwrap_or_default(),
        max_token_size: max_token_size(&options)?,
    };
    Ok((policy, payload))
}

fn parsed(text: &[u8]) -> JsValue {
    core::str::from_utf8(text).map_or(JsValue::NULL, json)
}
