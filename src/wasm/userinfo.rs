//! Answers of a userinfo endpoint (OpenID Connect Core §5.3).

use std::string::String;
use wasm_bindgen::prelude::*;

use super::login::refused;
use crate::oauth::userinfo::{check_subject, check_userinfo, is_about_user, signed_userinfo};

/// The JWT of a signed answer, whose signature is not checked yet; `undefined` where the answer is JSON.
#[wasm_bindgen(js_name = signedUserinfo)]
pub fn signed_userinfo_answer(
    status: u16,
    content_type: Option<String>,
    text: &str,
) -> Result<Option<String>, JsValue> {
    let jwt = signed_userinfo(status, content_type.as_deref(), text).map_err(refused)?;
    Ok(jwt.map(String::from))
}

/// Throws where an answer is not about this subject.
#[wasm_bindgen(js_name = checkUserinfo)]
pub fn check_userinfo_answer(status: u16, text: &str, subject: &str) -> Result<(), JsValue> {
    check_userinfo(status, text.as_bytes(), subject).map_err(refused)
}

/// Throws where a signed answer is about another subject.
#[wasm_bindgen(js_name = checkUserinfoSubject)]
pub fn check_userinfo_subject(found: Option<String>, subject: &str) -> Result<(), JsValue> {
    check_subject(found.as_deref(), subject).map_err(refused)
}

/// Whether a claim tells of the user, and not of a token or of the login.
#[wasm_bindgen(js_name = isAboutUser)]
pub fn is_claim_about_user(claim: &str) -> bool {
    is_about_user(claim)
}
