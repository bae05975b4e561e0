//! Authorization server metadata (RFC 8414, OpenID Connect Discovery): where to ask, and what an answer says.

use std::string::String;
use std::vec::Vec;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::refusals::error_of;
use crate::oauth::metadata::{
    AuthorizationServerMetadata, Purpose, better_failure, metadata_unreachable, well_known_urls,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'m> {
    issuer: &'m str,
    jwks_uri: Option<&'m str>,
    authorization_endpoint: Option<&'m str>,
    token_endpoint: Option<&'m str>,
    pushed_authorization_request_endpoint: Option<&'m str>,
    require_pushed_authorization_requests: bool,
    revocation_endpoint: Option<&'m str>,
    end_session_endpoint: Option<&'m str>,
    userinfo_endpoint: Option<&'m str>,
    introspection_endpoint: Option<&'m str>,
    authorization_response_iss_parameter_supported: bool,
}

/// The addresses of an issuer's metadata, in the order in which to ask.
#[wasm_bindgen(js_name = wellKnownUrls)]
pub fn urls(issuer: &str) -> Result<Vec<String>, JsValue> {
    well_known_urls(issuer).map(Vec::from).map_err(|error| refusal(&error))
}

/// What the answer of one of these places says, for a purpose: `keys`, `introspection`, `login` or `openid-login`.
#[wasm_bindgen(js_name = metadataOfResponse)]
pub fn metadata_of_response(
    url: &str,
    status: u16,
    text: &str,
    issuer: &str,
    purpose: &str,
) -> Result<JsValue, JsValue> {
    let metadata =
        AuthorizationServerMetadata::from_response(url, status, text.as_bytes(), issuer, purpose_of(purpose));
    metadata.map(|metadata| metadata_object(&metadata)).map_err(|error| refusal(&error))
}

/// What two documents of one issuer say together; what the second is refused for counts for nothing.
#[wasm_bindgen(js_name = metadataOfDocuments)]
pub fn metadata_of_documents(text: &str, other: &str, issuer: &str, purpose: &str) -> Result<JsValue, JsValue> {
    let read = |text: &str| AuthorizationServerMetadata::parse(text.as_bytes(), issuer, purpose_of(purpose));
    let metadata = read(text).map_err(|error| refusal(&error))?;
    Ok(metadata_object(&match read(other) {
        Ok(other) => metadata.complemented(other),
        Err(_) => metadata,
    }))
}

/// The refusal where a place gave no answer.
#[wasm_bindgen(js_name = metadataUnreachable)]
pub fn unreachable(url: &str, reason: &str) -> JsValue {
    refusal(&metadata_unreachable(url, reason))
}

/// Of two failures, the more informative one.
#[wasm_bindgen(js_name = betterFailure)]
pub fn better(first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    Ok(refusal(&better_failure(error_of(first)?, error_of(second)?)))
}

/// A purpose by its name.
pub(super) const fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Keys => "keys",
        Purpose::Introspection => "introspection",
        Purpose::Login { openid: false } => "login",
        Purpose::Login { openid: true } => "openid-login",
    }
}

fn purpose_of(name: &str) -> Purpose {
    let purposes = [Purpose::Introspection, Purpose::Login { openid: false }, Purpose::Login { openid: true }];
    purposes.into_iter().find(|&purpose| purpose_name(purpose) == name).unwrap_or(Purpose::Keys)
}

fn metadata_object(metadata: &AuthorizationServerMetadata) -> JsValue {
    answer(&Metadata {
        issuer: &metadata.issuer,
        jwks_uri: metadata.jwks_uri.as_deref(),
        authorization_endpoint: metadata.authorization_endpoint.as_deref(),
        token_endpoint: metadata.token_endpoint.as_deref(),
        pushed_authorization_request_endpoint: metadata.pushed_authorization_request_endpoint.as_deref(),
        require_pushed_authorization_requests: metadata.require_pushed_authorization_requests,
        revocation_endpoint: metadata.revocation_endpoint.as_deref(),
        end_session_endpoint: metadata.end_session_endpoint.as_deref(),
        userinfo_endpoint: metadata.userinfo_endpoint.as_deref(),
        introspection_endpoint: metadata.introspection_endpoint.as_deref(),
        authorization_response_iss_parameter_supported: metadata.authorization_response_iss_parameter_supported,
    })
}
