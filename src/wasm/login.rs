//! The login of one client: what it sends, and what the answers mean. No request is made here.

use js_sys::{Object, Reflect};
use serde::Serialize;
use std::{format, string::String, vec::Vec};
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::options::{Options, Read, object, string, wrong};
use crate::error::{Error, ErrorCode};
use crate::invalid_option::InvalidOption;
use crate::oauth::authorization_request::{AuthorizationRequest, pushed_parameters};
use crate::oauth::authorization_response::{ExpectedResponse, authorization_code};
use crate::oauth::form::{form, with_query};
use crate::oauth::logout_request::LogoutRequest;
use crate::oauth::pkce::Pkce;
use crate::oauth::pushed_request;
use crate::oauth::random::random_token;
use crate::oauth::refused_token::refuses_token;
use crate::oauth::scope;
use crate::oauth::token_request::{TokenRequest, revocation_parameters};
use crate::oauth::token_response::{self, Grant, PreviousGrant};

/// What the core has to know of the options of `createLogin`.
const NAMES: [&str; 6] = ["issuer", "clientId", "redirectUri", "postLogoutRedirectUri", "scope", "resource"];

/// What one authorization request can be asked for.
const REQUEST_NAMES: [&str; 3] = ["prompt", "loginHint", "extra"];

/// One client at one authorization server.
#[wasm_bindgen]
pub struct LoginClient {
    issuer: String,
    client_id: String,
    redirect_uri: String,
    post_logout_redirect_uri: Option<String>,
    scope: String,
    resources: Vec<String>,
}

#[derive(Serialize)]
struct Request<'r> {
    state: &'r str,
    nonce: &'r str,
    verifier: &'r str,
    url: String,
    form: String,
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
        Ok(Self {
            issuer: required("issuer")?,
            client_id: required("clientId")?,
            redirect_uri: required("redirectUri")?,
            post_logout_redirect_uri: options.string("postLogoutRedirectUri")?,
            scope: options.string("scope")?.unwrap_or_else(|| String::from("openid")),
            resources: options.strings("resource")?.unwrap_or_default(),
        })
    }

    /// What metadata is read for, as `metadataOfResponse` calls it.
    #[wasm_bindgen(getter, js_name = metadataPurpose)]
    pub fn metadata_purpose(&self) -> String {
        String::from(if self.is_openid() { "openid-login" } else { "login" })
    }

    /// A new authorization request: its secrets, its form for a pushed request, and its URL for any other. What `extra`
    /// names beside a parameter of the login's own is left out: nothing overrides those.
    #[wasm_bindgen(js_name = authorizationRequest)]
    pub fn authorization_request(&self, endpoint: &str, options: &JsValue) -> Result<JsValue, JsValue> {
        let options = Options::read(options, "", &REQUEST_NAMES)?;
        let (prompt, login_hint) = (options.string("prompt")?, options.string("loginHint")?);
        let extra = extra(&options)?;
        let pkce = Pkce::generate().map_err(refused)?;
        let (state, nonce) = (random_token().map_err(refused)?, random_token().map_err(refused)?);
        let resources = self.resources();
        let request = AuthorizationRequest {
            client_id: &self.client_id,
            redirect_uri: &self.redirect_uri,
            scope: &self.scope,
            resources: &resources,
            state: &state,
            nonce: &nonce,
            code_challenge: &pkce.challenge,
            prompt: prompt.as_deref(),
            login_hint: login_hint.as_deref(),
            extra: &[],
        };
        let extra = extra.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let extra: Vec<(&str, &str)> = extra.filter(|(name, _)| !request.sets(name)).collect();
        let parameters = AuthorizationRequest { extra: &extra, ..request }.parameters().map_err(invalid)?;
        let verifier = &pkce.verifier;
        let (url, form) = (with_query(endpoint, &parameters), form(&parameters));
        Ok(answer(&Request { state: &state, nonce: &nonce, verifier, url, form }))
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
    /// nobody is logged in and a `silent` request asked for no more than that (OpenID Connect Core §3.1.2.6).
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
            Err(error) if silent && error.code() == ErrorCode::LoginRequired => Ok(None),
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

    /// The answer to a [`code_form`](Self::code_form), or to the refresh form of a refresh token; with what it leaves
    /// out. `scope` is what was granted before.
    #[wasm_bindgen(js_name = tokenResponse)]
    pub fn token_response(
        &self,
        status: u16,
        text: &str,
        refresh_token: Option<String>,
        scope: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let grant = match refresh_token {
            Some(_) => Grant::RefreshToken,
            None => Grant::AuthorizationCode { openid: self.is_openid() },
        };
        let response = token_response::token_response(status, text.as_bytes(), "Bearer", grant).map_err(refused)?;
        let previous =
            PreviousGrant { scope: scope.as_deref().unwrap_or(&self.scope), refresh_token: refresh_token.as_deref() };
        let response = response.resolve(previous);
        Ok(answer(&Tokens::from(response)))
    }

    /// The form that revokes a refresh token.
    #[wasm_bindgen(js_name = revocationForm)]
    pub fn revocation_form(&self, refresh_token: &str) -> String {
        form(&revocation_parameters(&self.client_id, refresh_token))
    }

    /// Where the browser goes to sign out.
    #[wasm_bindgen(js_name = logoutUrl)]
    pub fn logout_url(&self, endpoint: &str, id_token: Option<String>) -> String {
        let request = LogoutRequest {
            client_id: &self.client_id,
            id_token_hint: id_token.as_deref(),
            post_logout_redirect_uri: self.post_logout_redirect_uri.as_deref(),
        };
        request.url(endpoint)
    }

    fn token_request<'c>(&'c self, resources: &'c [&'c str]) -> TokenRequest<'c> {
        TokenRequest { client_id: &self.client_id, resources }
    }

    fn resources(&self) -> Vec<&str> {
        self.resources.iter().map(String::as_str).collect()
    }

    fn is_openid(&self) -> bool {
        scope::has(&self.scope, "openid")
    }
}

/// The refusal of a call that needs a session, where there is none.
#[wasm_bindgen(js_name = loginRequired)]
pub fn login_required(found: &str) -> JsValue {
    refused(Error::new(ErrorCode::LoginRequired).found(found))
}

/// Refuses a renewed ID token that is about another user.
#[wasm_bindgen(js_name = sameSubject)]
pub fn same_subject(previous: &str, renewed: &str) -> Result<(), JsValue> {
    token_response::same_subject(previous, renewed).map_err(refused)
}

/// Whether a resource's answer refuses the access token itself.
#[wasm_bindgen(js_name = refusesToken)]
pub fn refuses_access_token(status: u16, challenge: Option<String>) -> bool {
    refuses_token(status, challenge.as_deref())
}

/// Further parameters, by their names.
fn extra(options: &Options) -> Read<Vec<(String, String)>> {
    let (Some(extra), path) = (options.get("extra")?, options.path("extra")) else { return Ok(Vec::new()) };
    let extra = object(&extra).ok_or_else(|| wrong(&path, "expected an object"))?;
    let mut parameters = Vec::new();
    for name in Object::keys(&extra).iter() {
        let value = Reflect::get(&extra, &name).map_err(|_| wrong(&path, "cannot be read"))?;
        let name = string(&name, &path)?;
        if !value.is_undefined() {
            let value = string(&value, &format!("{path}.{name}"))?;
            parameters.push((name, value));
        }
    }
    Ok(parameters)
}

fn refused(error: Error) -> JsValue {
    refusal(&error)
}

fn invalid(option: InvalidOption) -> JsValue {
    wrong(&option.name, option.expected)
}
