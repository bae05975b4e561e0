//! The options that say where an issuer's keys come from, and how they live.

use std::{format, string::String, vec::Vec};

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::keys::key_set;
use super::options::{Options, Read, object, wrong};
use crate::jose::key_set::KeySet;
use crate::jwks::durations::{Durations, Entry, TABLE};
use crate::oauth::url;

/// Where the keys of one trusted issuer come from, as the shell hands it to the key set that it makes or shares.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeySource {
    issuer: Option<String>,
    jwks_uri: Option<String>,
    allow_http: bool,
    /// Whether the caller gave the keys themselves.
    loaded: bool,
    durations: Vec<f64>,
}

/// Static keys, or where they are fetched.
#[derive(Default)]
pub(super) struct KeyOptions {
    static_keys: Option<KeySet>,
    jwks_uri: Option<String>,
    allow_http: bool,
}

impl KeyOptions {
    pub(super) fn read(options: &Options) -> Read<Self> {
        let static_keys = options.get("keys")?.map(|keys| key_set(&keys, &options.path("keys"))).transpose()?;
        let jwks_uri = options.string("jwksUri")?;
        let allow_http = options.flag("allowHttp")?.unwrap_or(false);
        if static_keys.is_some() && allow_http {
            return Err(wrong(&options.path("allowHttp"), "has no effect: the keys are given, and nothing is fetched"));
        }
        if let Some(uri) = &jwks_uri {
            let path = options.path("jwksUri");
            if static_keys.is_some() {
                return Err(wrong(&path, "expected keys or jwksUri, not both"));
            }
            if !url::is_allowed(uri, allow_http) {
                return Err(wrong(&path, "expected an https URL; inside a network of your own, allowHttp lifts that"));
            }
        }
        Ok(Self { static_keys, jwks_uri, allow_http })
    }

    /// Keys at an address that is known to be secure, or that has to be discovered.
    pub(super) fn at(jwks_uri: Option<String>) -> Self {
        Self { jwks_uri, ..Self::default() }
    }

    /// Whether they say nothing.
    pub(super) const fn is_none(&self) -> bool {
        self.static_keys.is_none() && self.jwks_uri.is_none() && !self.allow_http
    }

    /// The keys of one issuer, or where they are.
    pub(super) fn source(self, issuer: Option<&str>, durations: Durations) -> Read<(Option<KeySet>, KeySource)> {
        let Self { static_keys, jwks_uri, allow_http } = self;
        if static_keys.is_none() && jwks_uri.is_none() && issuer.is_none() {
            return Err(wrong("keys", "expected keys or jwksUri, since there is no issuer to discover them from"));
        }
        let (issuer, loaded) = (issuer.map(String::from), static_keys.is_some());
        let durations = Vec::from(durations.0);
        Ok((static_keys, KeySource { issuer, jwks_uri, allow_http, loaded, durations }))
    }
}

/// Options about what is fetched, where nothing is.
pub(super) fn refuse_without_effect(options: &Options, sources: &[KeySource]) -> Read<()> {
    for name in ["keySets", "onKeys", "fetch", "cache"] {
        if sources.iter().all(|source| source.loaded) && options.get(name)?.is_some() {
            return Err(wrong(&options.path(name), "has no effect: the keys are given, and nothing is fetched"));
        }
    }
    Ok(())
}

/// The option `keySets`: how key sets live, in seconds.
pub(super) fn durations(options: &Options) -> Read<Durations> {
    let mut durations = Durations::default();
    let Some(value) = options.get("keySets")? else { return Ok(durations) };
    let given = Options::read(&value, &options.path("keySets"), &TABLE.each_ref().map(|entry| entry.name))?;
    for (at, entry) in TABLE.iter().enumerate() {
        let Some(value) = given.get(entry.name)? else { continue };
        if !value.as_f64().is_some_and(|seconds| durations.set_at(at, seconds)) {
            return Err(wrong(&given.path(entry.name), &expected(entry)));
        }
    }
    Ok(durations)
}

/// What may be given, for a message.
fn expected(duration: &Entry) -> String {
    let bound = |seconds: f64| {
        let thousandths = (seconds * 1_000.0) as u64;
        match thousandths % 1_000 {
            0 => format!("{}", thousandths / 1_000),
            rest => format!("{}.{rest:03}", thousandths / 1_000),
        }
    };
    format!("expected seconds from {} to {}", bound(duration.min), bound(duration.max))
}

/// A store of key sets: its functions may be those of a class.
pub(super) fn cache(options: &Options) -> Read<JsValue> {
    let Some(cache) = options.get("cache")? else { return Ok(JsValue::NULL) };
    let has = |name: &str| Reflect::get(&cache, &JsValue::from_str(name)).is_ok_and(|member| member.is_function());
    let complete = object(&cache).is_some() && has("get") && has("set");
    if complete { Ok(cache) } else { Err(wrong(&options.path("cache"), "expected an object with get and set")) }
}
