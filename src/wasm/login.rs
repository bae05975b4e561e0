//! The login of one client: what it sends, and what the answers mean. No request is made here.

use serde::Serialize;
use std::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::login_request::{Wishes, texts};
use super::options::{Options, Read, string, wrong};
use crate::error::Error;
use crate::invalid_option::InvalidOption;
use crate::login::durations::{METADATA_AGE, STORE_TIMEOUT};
use crate::login::nonces::NoncesByOrigin;
use crate::login::spans::{IDLE, REQUEST, SILENT, Span, TOKEN_REQUEST, TOLERANCE, TRANSACTION};
use crate::oauth::authorization_request::pushed_parameters;
use crate::oauth::authorization_response::{ExpectedResponse, authorization_code};
use crate::oauth::form::{form, with_query};
use crate::oauth::logout_request::LogoutRequest;
use crate::oauth::pushed_request;
use crate::oauth::refused_token::refuses_token;
use crate::oauth::scope;
use crate::oauth::token_audience::may_see_token;
use crate::oauth::token_request::{TokenRequest, revocation_parameters};
use crate::oauth::token_response::{self, Grant, PreviousGrant, answer_to};

/// What the core has to know of the options of `createLogin`.
const NAMES: [&str; 21] = [
    "issuer",
    "clientId",
    "redirectUri",
    "postLogoutRedirectUri",
    "scope",
    "resource",
    "parameters",
    "maxAge",
    "acrValues",
    "uiLocales",
    "claims",
    "clockTolerance",
    "transactionLifetime",
    "timeout",
    "silentTimeout",
    "idleTimeout",
    "statePrefix",
    "trustedAudiences",
    "silent",
    "dpop",
    "userinfo",
];

/// One client at one authorization server.
#[wasm_bindgen]
pub struct LoginClient {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    post_logout_redirect_uri: Option<String>,
    pub(super) scope: String,
    resources: Vec<String>,
    /// What every authorization request asks for.
    pub(super) wishes: Wishes,
    /// By which this login knows its own `state`.
    pub(super) state_prefix: String,
    pub(super) transaction_lifetime: f64,
    timeout: Option<f64>,
    silent_timeout: f64,
    idle_timeout: Option<f64>,
    /// Whether tokens are bound to a key (RFC 9449), and the nonces for its proofs.
    is_bound: bool,
    pub(super) nonces: NoncesByOrigin,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tokens {
    access_token: String,
    token_type: String,
    expires_in: Option<f64>,
    refresh_token: Option<String>,
    scope: Option<String>,
    id_token: Option<String>,
}

impl From<token_response::TokenResponse> for Tokens {
    fn from(response: token_response::TokenResponse) -> Self {
        Self {
            access_token: response.access_token,
            token_type: response.token_type,
            expires_in: response.expires_in.map(|seconds| seconds as f64),
            refresh_token: response.refresh_token,
            scope: response.scope,
            id_token: response.id_token,
        }
    }
}

#[wasm_bindgen]
impl LoginClient {
    /// The client of these options; the scope is `openid` where none is given.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<LoginClient, JsValue> {
        let options = Options::read(options, "", &NAMES)?;
        let required = |name: &str| string(&options.required(name)?, name);
        let client = Self {
            issuer: required("issuer")?,
            client_id: required("clientId")?,
            redirect_uri: required("redirectUri")?,
            post_logout_redirect_uri: options.string("postLogoutRedirectUri")?,
            scope: options.string("scope")?.unwrap_or_else(|| String::from("openid")),
            resources: options.strings("resource")?.unwrap_or_default(),
            wishes: Wishes::read(&options, "parameters")?,
            state_prefix: options.string("statePrefix")?.unwrap_or_default(),
            transaction_lifetime: seconds(&options, &TRANSACTION)?.unwrap_or(TRANSACTION.default),
            timeout: seconds(&options, &REQUEST)?,
            silent_timeout: seconds(&options, &SILENT)?.unwrap_or(SILENT.default),
            idle_timeout: seconds(&options, &IDLE)?,
            is_bound: options.flag("dpop")?.unwrap_or_default(),
            nonces: NoncesByOrigin::default(),
        };
        seconds(&options, &TOLERANCE)?;
        client.refuse_without_effect(&options)?;
        Ok(client)
    }

    /// What metadata is read for, as `metadataOfResponse` calls it.
    #[wasm_bindgen(getter, js_name = metadataPurpose)]
    pub fn metadata_purpose(&self) -> String {
        String::from(if self.is_openid() { "openid-login" } else { "login" })
    }

    /// Whether metadata that an earlier page has discovered so many seconds ago is believed. A clock may have been set back.
    #[wasm_bindgen(js_name = believesMetadata)]
    pub fn believes_metadata(&self, age: f64) -> bool {
        age.abs() < METADATA_AGE
    }

    /// For how many seconds a request to the server may take.
    #[wasm_bindgen(getter, js_name = requestTimeout)]
    pub fn request_timeout(&self) -> f64 {
        self.timeout.unwrap_or(REQUEST.default)
    }

    /// For how many seconds a request for tokens may take.
    #[wasm_bindgen(getter, js_name = tokenTimeout)]
    pub fn token_timeout(&self) -> f64 {
        self.timeout.unwrap_or(TOKEN_REQUEST.default)
    }

    /// For how many seconds one call of a store may take.
    #[wasm_bindgen(getter, js_name = storeTimeout)]
    pub fn store_timeout(&self) -> f64 {
        STORE_TIMEOUT
    }

    /// For how many seconds an answer to an authorization request is awaited.
    #[wasm_bindgen(getter, js_name = transactionLifetime)]
    pub fn transaction_lifetime(&self) -> f64 {
        self.transaction_lifetime
    }

    /// For how many seconds a page waits for a request without interaction.
    #[wasm_bindgen(getter, js_name = silentTimeout)]
    pub fn silent_timeout(&self) -> f64 {
        self.silent_timeout
    }

    /// After how many seconds without the user a session ends; none: it does not end by that.
    #[wasm_bindgen(getter, js_name = idleTimeout)]
    pub fn idle_timeout(&self) -> Option<f64> {
        self.idle_timeout
    }

    /// The name of a request that was pushed (RFC 9126 §2.2); none where it goes through the browser instead. `text` is
    /// the answer's, or without a status the reason why there is none.
    #[wasm_bindgen(js_name = pushedRequest)]
    pub fn pushed_request(&self, status: Option<u16>, text: &str, required: bool) -> Result<Option<String>, JsValue> {
        let answer = status.map(|status| (status, text.as_bytes())).ok_or(text);
        let pushed = pushed_request::pushed_request(answer, required).map_err(refused)?;
        Ok(pushed.map(|pushed| pushed.request_uri))
    }

    /// Where the browser goes for a request that was pushed (RFC 9126 §4).
    #[wasm_bindgen(js_name = pushedUrl)]
    pub fn pushed_url(&self, endpoint: &str, request_uri: &str) -> String {
        with_query(endpoint, &pushed_parameters(&self.client_id, request_uri))
    }

    /// The authorization code of a redirect's query. `state` is that of a login which this browser began. None where
    /// a `silent` request was answered with an error: it asked whether somebody is logged in, and nobody is to be
    /// disturbed by it (OpenID Connect Core §3.1.2.6).
    #[wasm_bindgen(js_name = authorizationCode)]
    pub fn authorization_code(
        &self,
        query: &str,
        state: Option<String>,
        issuer_required: bool,
        silent: bool,
    ) -> Result<Option<String>, JsValue> {
        let expected = ExpectedResponse { state: state.as_deref(), issuer: &self.issuer, issuer_required };
        match authorization_code(query, expected) {
            Ok(code) => Ok(Some(code)),
            Err(error) if silent && error.oauth_error().is_some() => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    /// The form that gives a code for tokens.
    #[wasm_bindgen(js_name = codeForm)]
    pub fn code_form(&self, code: &str, verifier: &str) -> String {
        let resources = self.resources();
        form(&self.token_request(&resources).for_code(code, &self.redirect_uri, verifier))
    }

    /// The form that gives a refresh token for tokens.
    #[wasm_bindgen(js_name = refreshForm)]
    pub fn refresh_form(&self, refresh_token: &str) -> String {
        let resources = self.resources();
        form(&self.token_request(&resources).for_refresh_token(refresh_token))
    }

    /// The answer to a [`code_form`](Self::code_form) of this code and verifier, with what it leaves out.
    #[wasm_bindgen(js_name = tokenResponse)]
    pub fn token_response(&self, status: u16, text: &str, code: &str, verifier: &str) -> Result<JsValue, JsValue> {
        let grant = Grant::AuthorizationCode { openid: self.is_openid() };
        let response = answer_to(&[code, verifier], status, text, token_type(self.is_bound), grant).map_err(refused)?;
        Ok(answer(&Tokens::from(response.resolve(PreviousGrant { scope: &self.scope, refresh_token: None }))))
    }

    /// The form that revokes a refresh token.
    #[wasm_bindgen(js_name = revocationForm)]
    pub fn revocation_form(&self, refresh_token: &str) -> String {
        form(&revocation_parameters(&self.client_id, refresh_token))
    }

    /// Where the browser goes to sign out. `options` may have further parameters in `extra`.
    #[wasm_bindgen(js_name = logoutUrl)]
    pub fn logout_url(&self, endpoint: &str, id_token: Option<String>, options: &JsValue) -> Result<String, JsValue> {
        let extra = texts(&Options::read(options, "", &["extra"])?, "extra")?;
        let extra: Vec<(&str, &str)> = extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = LogoutRequest {
            client_id: &self.client_id,
            id_token_hint: id_token.as_deref(),
            post_logout_redirect_uri: self.post_logout_redirect_uri.as_deref(),
            extra: &extra,
        };
        Ok(request.url(endpoint))
    }

    fn token_request<'c>(&'c self, resources: &'c [&'c str]) -> TokenRequest<'c> {
        TokenRequest { client_id: &self.client_id, resources }
    }

    /// What is about ID tokens has no effect where none is asked for, nor has a time-out of what is never done.
    fn refuse_without_effect(&self, options: &Options) -> Read<()> {
        let without_openid = "has no effect without openid in scope";
        if let Some(name) = self.wishes.binding().filter(|_| !self.is_openid()) {
            return Err(wrong(name, without_openid));
        }
        for name in ["trustedAudiences", TOLERANCE.name, "userinfo"] {
            if !self.is_openid() && options.get(name)?.is_some() {
                return Err(wrong(name, without_openid));
            }
        }
        if options.string("silent")?.as_deref() == Some("never") && options.get(SILENT.name)?.is_some() {
            return Err(wrong(SILENT.name, "has no effect with silent: \"never\""));
        }
        Ok(())
    }

    pub(super) fn resources(&self) -> Vec<&str> {
        self.resources.iter().map(String::as_str).collect()
    }

    pub(super) fn is_openid(&self) -> bool {
        scope::has(&self.scope, "openid")
    }
}

/// How the access token is used that was asked for (RFC 6750 §6.1.1, RFC 9449 §5): any other is refused.
pub(super) const fn token_type(is_bound: bool) -> &'static str {
    if is_bound { "DPoP" } else { "Bearer" }
}

/// Whether a resource's answer refuses the access token itself.
#[wasm_bindgen(js_name = refusesToken)]
pub fn refuses_access_token(status: u16, challenge: Option<String>) -> bool {
    refuses_token(status, challenge.as_deref())
}

/// Whether a request to this address may carry the access token, by the addresses that were named.
#[wasm_bindgen(js_name = maySeeToken)]
pub fn may_see_access_token(address: &str, named: Vec<String>) -> bool {
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    may_see_token(address, &named)
}

/// A time-out or a lifetime within its bounds.
fn seconds(options: &Options, span: &Span) -> Read<Option<f64>> {
    let Some(seconds) = options.seconds(span.name)? else { return Ok(None) };
    let seconds = Some(seconds.as_secs_f64()).filter(|&seconds| span.allows(seconds));
    seconds.map(Some).ok_or_else(|| wrong(&options.path(span.name), span.expected))
}

pub(super) fn refused(error: Error) -> JsValue {
    refusal(&error)
}

pub(super) fn invalid(option: InvalidOption) -> JsValue {
    wrong(&option.name, option.expected)
}
