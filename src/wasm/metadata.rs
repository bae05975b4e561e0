//! Authorization server metadata (RFC 8414): where it lies, and what it says.

use serde::Serialize;
use std::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::options::wrong;
use crate::oauth::metadata::{AuthorizationServerMetadata, Purpose, well_known_urls};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    end_session_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    pushed_authorization_request_endpoint: Option<String>,
    require_pushed_authorization_requests: bool,
    authorization_response_iss_parameter_supported: bool,
}

/// The addresses at which an issuer's metadata is looked for, in this order.
#[wasm_bindgen(js_name = wellKnownUrls)]
pub fn well_known(issuer: &str) -> Result<Vec<String>, JsValue> {
    well_known_urls(issuer).map(Vec::from).map_err(|error| refusal(&error))
}

/// What a metadata document says, for a purpose of [`purpose_name`].
#[wasm_bindgen(js_name = parseMetadata)]
pub fn parse_metadata(text: &str, issuer: &str, purpose: &str) -> Result<JsValue, JsValue> {
    let purpose = purpose_of(purpose).ok_or_else(|| wrong("purpose", "expected keys, login or openid-login"))?;
    let metadata = AuthorizationServerMetadata::parse(text.as_bytes(), issuer, purpose);
    let metadata = metadata.map_err(|error| refusal(&error))?;
    Ok(answer(&Metadata {
        issuer: metadata.issuer,
        authorization_endpoint: metadata.authorization_endpoint,
        token_endpoint: metadata.token_endpoint,
        jwks_uri: metadata.jwks_uri,
        end_session_endpoint: metadata.end_session_endpoint,
        revocation_endpoint: metadata.revocation_endpoint,
        pushed_authorization_request_endpoint: metadata.pushed_authorization_request_endpoint,
        require_pushed_authorization_requests: metadata.require_pushed_authorization_requests,
        authorization_response_iss_parameter_supported: metadata.authorization_response_iss_parameter_supported,
    }))
}

/// A purpose by its name.
pub(super) const fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Keys => "keys",
        Purpose::Login { openid: false } => "login",
        Purpose::Login { openid: true } => "openid-login",
    }
}

fn purpose_of(name: &str) -> Option<Purpose> {
    let purposes = [Purpose::Keys, Purpose::Login { openid: false }, Purpose::Login { openid: true }];
    purposes.into_iter().find(|&purpose| purpose_name(purpose) == name)
}
