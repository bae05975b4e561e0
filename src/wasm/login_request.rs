//! The authorization request of a login: what it asks for, by the options of `createLogin` and of `start`.

use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use std::{format, string::String, vec, vec::Vec};
use wasm_bindgen::prelude::*;

use super::answers::answer;
use super::login::{LoginClient, invalid, refused};
use super::options::{Options, Read, object, string, wrong};
use crate::login::silent;
use crate::login::transaction;
use crate::oauth::authorization_request::AuthorizationRequest;
use crate::oauth::demands::{Demands, layered};
use crate::oauth::form::{form, with_query};
use crate::oauth::pkce::Pkce;
use crate::oauth::random::random_token;

/// What one authorization request can be asked for.
const NAMES: [&str; 9] =
    ["prompt", "loginHint", "extra", "maxAge", "acrValues", "uiLocales", "claims", "idTokenHint", "dpopJkt"];

/// The parameters that an application adds to its requests.
#[derive(Default)]
pub(super) struct Wishes {
    /// As the application spells them.
    further: Vec<(String, String)>,
    /// Those that have an option of their own.
    named: Vec<(String, String)>,
    /// The authentication contexts on which it insists.
    acr: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'r> {
    state: &'r str,
    nonce: &'r str,
    verifier: &'r str,
    url: String,
    form: String,
    max_age: Option<f64>,
    acr: Option<Vec<String>>,
}

#[wasm_bindgen]
impl LoginClient {
    /// A new authorization request: its secrets, its form for a pushed request, and its URL for any other. What is
    /// added under the name of a parameter of the login's own is left out: nothing overrides those.
    #[wasm_bindgen(js_name = authorizationRequest)]
    pub fn authorization_request(&self, endpoint: &str, options: &JsValue) -> Result<JsValue, JsValue> {
        let options = Options::read(options, "", &NAMES)?;
        let (prompt, login_hint) = (options.string("prompt")?, options.string("loginHint")?);
        let (id_token_hint, dpop_jkt) = (options.string("idTokenHint")?, options.string("dpopJkt")?);
        let wishes = Wishes::read(&options, "extra")?;
        if let Some(name) = wishes.binding().filter(|_| !self.is_openid()) {
            return Err(wrong(name, "has no effect without openid in scope"));
        }
        let pkce = Pkce::generate().map_err(refused)?;
        let state = transaction::state(&self.state_prefix, &random_token().map_err(refused)?);
        let nonce = if self.is_openid() { random_token().map_err(refused)? } else { String::new() };
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
            id_token_hint: silent::hint(id_token_hint.as_deref()),
            dpop_jkt: dpop_jkt.as_deref(),
            extra: &[],
        };
        // What this request is asked for comes before what all are, and an option before a parameter.
        let extra = layered(&[&self.wishes.further, &self.wishes.named, &wishes.further, &wishes.named]);
        let extra = extra.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let extra: Vec<(&str, &str)> = extra.filter(|(name, _)| !request.sets(name)).collect();
        let demands = match self.is_openid() {
            true => Demands::of(&extra, wishes.acr.as_ref().or(self.wishes.acr.as_ref()).map(Vec::as_slice)),
            false => Ok(Demands::default()),
        };
        let demands = demands.map_err(invalid)?;
        let parameters = AuthorizationRequest { extra: &extra, ..request }.parameters().map_err(invalid)?;
        Ok(answer(&Request {
            state: &state,
            nonce: &nonce,
            verifier: &pkce.verifier,
            url: with_query(endpoint, &parameters),
            form: form(&parameters),
            max_age: demands.max_age.map(|seconds| seconds as f64),
            acr: demands.acr,
        }))
    }
}

impl Wishes {
    /// Reads the options `maxAge`, `acrValues`, `uiLocales` and `claims`, and further parameters by their names.
    pub(super) fn read(options: &Options, further: &str) -> Read<Self> {
        let mut named = Vec::new();
        if let Some(seconds) = max_age(options)? {
            named.push((String::from("max_age"), format!("{seconds}")));
        }
        let acr = options.strings("acrValues")?;
        let locales = options.strings("uiLocales")?;
        for (name, values) in [("acr_values", &acr), ("ui_locales", &locales)] {
            if let Some(values) = values {
                named.push((String::from(name), values.join(" ")));
            }
        }
        if let Some(claims) = options.get("claims")? {
            let claims = object(&claims).and_then(|claims| JSON::stringify(&claims).ok());
            let claims = claims.and_then(|text| text.as_string());
            let claims =
                claims.ok_or_else(|| wrong(&options.path("claims"), "expected an object that JSON can hold"))?;
            named.push((String::from("claims"), claims));
        }
        // The contexts of acr_values are separated by spaces (OpenID Connect Core §3.1.2.1).
        let acr = acr.map(|values| values.iter().flat_map(|value| value.split(' ')).map(String::from).collect());
        Ok(Self { further: texts(options, further)?, named, acr })
    }

    /// An option that binds the ID token.
    pub(super) fn binding(&self) -> Option<&'static str> {
        let has = |wanted: &str| self.named.iter().any(|(name, _)| name == wanted);
        [("max_age", "maxAge"), ("acr_values", "acrValues")].into_iter().find(|(name, _)| has(name)).map(|pair| pair.1)
    }
}

/// Whole seconds, exact in JavaScript.
fn max_age(options: &Options) -> Read<Option<u64>> {
    let Some(duration) = options.seconds("maxAge")? else { return Ok(None) };
    if duration.subsec_nanos() != 0 {
        return Err(wrong(&options.path("maxAge"), "expected whole seconds"));
    }
    Ok(Some(duration.as_secs()))
}

/// An object of strings, by their names.
pub(super) fn texts(options: &Options, name: &str) -> Read<Vec<(String, String)>> {
    let (Some(texts), path) = (options.get(name)?, options.path(name)) else { return Ok(vec![]) };
    let texts = object(&texts).ok_or_else(|| wrong(&path, "expected an object"))?;
    let mut parameters = Vec::new();
    for name in Object::keys(&texts).iter() {
        let value = Reflect::get(&texts, &name).map_err(|_| wrong(&path, "cannot be read"))?;
        let name = string(&name, &path)?;
        if !value.is_undefined() {
            let value = string(&value, &format!("{path}.{name}"))?;
            parameters.push((name, value));
        }
    }
    Ok(parameters)
}
