//! DPoP proofs (RFC 9449) on their own.

use core::time::Duration;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::{answer, json, refusal};
use super::options::{Options, Read, string};
use super::policy_options::algorithms;
use super::token_buffer::with_token;
use super::verifier::moment;
use crate::error::{Error, ErrorCode};
use crate::oauth::dpop::{DEFAULT_MAX_AGE, Proof, ProofPolicy, verify_proof};

const NAMES: [&str; 9] = ["method", "url", "accessToken", "nonce", "thumbprint", "algorithms", "maxAge", "now", "seen"];

/// What a request demands of its proof (RFC 9449 §4.3).
#[wasm_bindgen]
pub struct DpopPolicy {
    policy: ProofPolicy,
    now: JsValue,
    seen: JsValue,
}

#[derive(Serialize)]
struct VerifiedProof<'p> {
    jti: &'p str,
    thumbprint: &'p str,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claims: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    header: JsValue,
}

#[wasm_bindgen]
impl DpopPolicy {
    /// Of the options of `verifyDpopProof`. Throws a `TypeError` that names the option which is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<DpopPolicy, JsValue> {
        let options = Options::read(options, "", &NAMES)?;
        let policy = ProofPolicy {
            method: string(&options.required("method")?, "method")?,
            url: string(&options.required("url")?, "url")?,
            access_token: options.string("accessToken")?,
            nonce: options.string("nonce")?,
            thumbprint: options.string("thumbprint")?,
            algorithms: algorithms(&options)?,
            max_age: max_age(&options)?,
        };
        Ok(Self { policy, now: options.function("now")?, seen: options.function("seen")? })
    }

    /// The caller's clock, if there is one.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> JsValue {
        self.now.clone()
    }

    /// The caller's store of proofs, if there is one.
    #[wasm_bindgen(getter)]
    pub fn seen(&self) -> JsValue {
        self.seen.clone()
    }

    /// The proof in the buffer, if it is valid. Whether its `jti` is new is for the caller's store to say.
    pub fn verify(&self, length: usize, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now)?;
        let proof = with_token(length, |proof| verify_proof(proof, &self.policy, now));
        Ok(verified(&proof.map_err(|error| refusal(&error))?))
    }
}

/// The refusal of a proof that was used before (RFC 9449 §11.1).
#[wasm_bindgen(js_name = proofReplayed)]
pub fn proof_replayed() -> JsValue {
    refusal(&Error::new(ErrorCode::DpopReplayed))
}

/// A proof as data.
pub(super) fn verified(proof: &Proof) -> JsValue {
    let Proof { jti, thumbprint, claims, header } = proof;
    answer(&VerifiedProof { jti, thumbprint, claims: json(claims), header: json(header) })
}

/// How old, or how far ahead, a proof may be.
pub(super) fn max_age(options: &Options) -> Read<Duration> {
    Ok(options.seconds("maxAge")?.unwrap_or(DEFAULT_MAX_AGE))
}
