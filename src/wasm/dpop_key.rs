//! The key of a login's DPoP proofs (RFC 9449): made and used by the platform's WebCrypto, which lets nobody read its private
//! half, not even this core.

use js_sys::{Array, JSON, Object, Promise, Reflect};
use serde::Serialize;
use std::string::String;
use wasm_bindgen::prelude::*;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::answers::{answer, refusal};
use super::options::{Read, wrong};
use crate::oauth::dpop_proof::{ProofKey, signed_proof};

#[derive(Serialize)]
struct PublicKey {
    jwk: String,
    jkt: String,
}

/// Makes a key pair for ES256 that cannot be exported. Throws a `TypeError` where there is no WebCrypto.
#[wasm_bindgen(js_name = generateDpopKey)]
pub fn generate_dpop_key() -> Read<Promise> {
    // "sign" is all that the private key is for; the public one can be exported in any case.
    let usages = Array::of1(&"sign".into());
    subtle()?.generate_key_with_object(&algorithm("namedCurve", "P-256"), false, &usages).map_err(|_| unusable())
}

/// Exports the public half of such a pair, for [`dpop_public_key`].
#[wasm_bindgen(js_name = exportDpopKey)]
pub fn export_dpop_key(pair: &JsValue) -> Read<Promise> {
    subtle()?.export_key("jwk", &half(pair, "publicKey")?).map_err(|_| unusable())
}

/// The JWK of an exported key, as proofs have it, and its thumbprint.
#[wasm_bindgen(js_name = dpopPublicKey)]
pub fn dpop_public_key(exported: &JsValue) -> Result<JsValue, JsValue> {
    let text = JSON::stringify(exported).ok().and_then(|text| text.as_string()).unwrap_or_default();
    let ProofKey { jwk, thumbprint } = ProofKey::read(&text).map_err(|error| refusal(&error))?;
    Ok(answer(&PublicKey { jwk, jkt: thumbprint }))
}

/// Signs with the private half.
#[wasm_bindgen(js_name = signDpopProof)]
pub fn sign_dpop_proof(pair: &JsValue, signing_input: &str) -> Read<Promise> {
    let key = half(pair, "privateKey")?;
    let signed = subtle()?.sign_with_object_and_u8_array(&algorithm("hash", "SHA-256"), &key, signing_input.as_bytes());
    signed.map_err(|_| unusable())
}

/// The proof: what was signed, and the signature.
#[wasm_bindgen(js_name = dpopProof)]
pub fn dpop_proof(signing_input: &str, signature: &[u8]) -> String {
    signed_proof(signing_input, signature)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = crypto)]
    static CRYPTO: Option<Crypto>;
}

fn subtle() -> Read<SubtleCrypto> {
    // Pages that were not loaded by https have no SubtleCrypto.
    let subtle = CRYPTO.with(|crypto| crypto.as_ref().map(Crypto::subtle)).filter(|subtle| !subtle.is_undefined());
    subtle.ok_or_else(unusable)
}

fn algorithm(name: &str, value: &str) -> Object {
    let algorithm = Object::new();
    for (name, value) in [("name", "ECDSA"), (name, value)] {
        // A new object takes any member.
        let _ = Reflect::set(&algorithm, &name.into(), &value.into());
    }
    algorithm
}

fn half(pair: &JsValue, name: &str) -> Read<CryptoKey> {
    let key = Reflect::get(pair, &name.into()).ok().and_then(|key| key.dyn_into::<CryptoKey>().ok());
    key.ok_or_else(unusable)
}

fn unusable() -> JsValue {
    wrong(
        "dpop",
        "needs WebCrypto with ES256, which this browser does not have or this page may not use (it was not loaded by https)",
    )
}
