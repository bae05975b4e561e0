//! PKCE (RFC 7636). The core makes its random numbers itself.

use serde::Serialize;
use std::string::String;
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use crate::oauth::pkce::{self, Pkce};

#[derive(Serialize)]
struct Pair<'p> {
    verifier: &'p str,
    challenge: &'p str,
    method: &'static str,
}

/// A fresh code verifier and its S256 challenge (RFC 7636 §4.1, §4.2).
#[wasm_bindgen(js_name = createPkce)]
pub fn create_pkce() -> Result<JsValue, JsValue> {
    let Pkce { verifier, challenge } = Pkce::generate().map_err(|error| refusal(&error))?;
    Ok(answer(&Pair { verifier: &verifier, challenge: &challenge, method: "S256" }))
}

/// The S256 challenge of a verifier (RFC 7636 §4.2).
#[wasm_bindgen(js_name = pkceChallenge)]
pub fn pkce_challenge(verifier: &JsValue) -> Result<String, JsValue> {
    pkce::challenge(&super::options::string(verifier, "verifier")?).map_err(|error| refusal(&error))
}

/// Whether a verifier belongs to a challenge (RFC 7636 §4.6).
#[wasm_bindgen(js_name = verifyPkce)]
pub fn verify_pkce(verifier: &JsValue, challenge: &JsValue, method: &JsValue) -> Result<bool, JsValue> {
    let verifier = super::options::string(verifier, "verifier")?;
    let challenge = super::options::string(challenge, "challenge")?;
    let method = (!method.is_undefined()).then(|| super::options::string(method, "method")).transpose()?;
    pkce::verify(&verifier, &challenge, method.as_deref()).map_err(|error| refusal(&error))
}
