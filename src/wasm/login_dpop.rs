//! DPoP proofs of a login's requests (RFC 9449), and the nonces that servers give for them.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::answer;
use super::login::{LoginClient, refused};
use super::options::{Options, Read, string};
use crate::oauth::dpop_proof::{ProofAnswer, ProofKey, ProofRequest, repeats_proof};
use crate::oauth::random::random_token;

/// The request that a proof is for.
const REQUEST_NAMES: [&str; 4] = ["method", "url", "jwk", "accessToken"];

/// An answer to it.
const ANSWER_NAMES: [&str; 7] = ["url", "status", "challenge", "text", "sent", "nonce", "corrected"];

#[derive(Serialize)]
struct Unsigned<'u> {
    /// What has to be signed.
    input: &'u str,
    /// The nonce that is in it.
    nonce: Option<&'u str>,
}

#[wasm_bindgen]
impl LoginClient {
    /// What is to be signed for the proof of a request, by the server's time.
    #[wasm_bindgen(js_name = unsignedProof)]
    pub fn unsigned_proof(&self, request: &JsValue, now: f64) -> Result<JsValue, JsValue> {
        let options = Options::read(request, "", &REQUEST_NAMES)?;
        let text = |name| string(&options.required(name)?, name);
        let (method, url, access_token) = (text("method")?, text("url")?, options.string("accessToken")?);
        let key = ProofKey::read(&text("jwk")?).map_err(refused)?;
        let nonce = self.nonces.of(&url);
        let request = ProofRequest {
            method: &method,
            url: &url,
            access_token: access_token.as_deref(),
            nonce,
            jti: &random_token().map_err(refused)?,
            issued_at: now,
        };
        Ok(answer(&Unsigned { input: &key.signing_input(request), nonce }))
    }

    /// A request with a proof was answered. Returns whether it may succeed with another proof.
    #[wasm_bindgen(js_name = proofAnswered)]
    pub fn proof_answered(&mut self, answered: &JsValue) -> Read<bool> {
        let options = Options::read(answered, "", &ANSWER_NAMES)?;
        let number = |name| Ok::<_, JsValue>(options.get(name)?.and_then(|value| value.as_f64()).unwrap_or_default());
        let (url, text) = (string(&options.required("url")?, "url")?, options.string("text")?);
        let (challenge, sent) = (options.string("challenge")?, options.string("sent")?);
        // RFC 9449 §8.2: every answer may bring the next nonce.
        let nonce = options.string("nonce")?;
        if let Some(nonce) = &nonce {
            self.nonces.remember(&url, nonce);
        }
        Ok(repeats_proof(ProofAnswer {
            status: number("status")? as u16,
            challenge: challenge.as_deref(),
            text: text.as_deref().map(str::as_bytes),
            new_nonce: nonce.as_deref().filter(|nonce| Some(*nonce) != sent.as_deref()),
            corrected: number("corrected")?,
        }))
    }
}
