//! Thumbprints of keys (RFC 7638, RFC 9278).

use std::string::String;
use wasm_bindgen::prelude::*;

use super::answers::refusal;
use super::keys::jwk_text;
use crate::jose::thumbprint::{thumbprint, thumbprint_uri};

/// The SHA-256 thumbprint of a JWK, base64url (RFC 7638 §3).
#[wasm_bindgen(js_name = jwkThumbprint)]
pub fn jwk_thumbprint(jwk: &JsValue) -> Result<String, JsValue> {
    thumbprint(jwk_text(jwk)?.as_bytes()).map_err(|error| refusal(&error))
}

/// The thumbprint as a URI (RFC 9278 §3).
#[wasm_bindgen(js_name = jwkThumbprintUri)]
pub fn jwk_thumbprint_uri(jwk: &JsValue) -> Result<String, JsValue> {
    thumbprint_uri(jwk_text(jwk)?.as_bytes()).map_err(|error| refusal(&error))
}
