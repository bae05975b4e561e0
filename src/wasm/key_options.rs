//! The options that say where an issuer's keys come from, and how they live.

use std::{borrow::Cow, format, string::String, vec::Vec};

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::keys::key_set;
use super::options::{Options, Read, object, wrong};
use crate::claims::policy::Accepted;
use crate::jose::issuer_template::IssuerTemplate;
use crate::jose::key_set::KeySet;
use crate::jwks::durations::{Durations, Entry, TABLE};
use crate::oauth::url;

/// Where the keys of one trusted issuer come from, as the shell hands it to the key set that it makes or shares.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeySource {
    issuer: Option<String>,
    jwks_uri: Option<String>,
    /// Whose metadata says where they are, if not the issuer's own.
    metadata_issuer: Option<String>,
    allow_http: bool,
    /// Whether the caller gave the keys themselves.
    loaded: bool,
    /// Whether they are those of issuers that are not known yet.
    open: bool,
    durations: Vec<f64>,
}

/// Static keys, or where they are fetched.
#[derive(Default)]
pub(super) struct KeyOptions {
    static_keys: Option<KeySet>,
    jwks_uri: Option<String>,
    metadata_issuer: Option<String>,
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
        let metadata_issuer = options.string("metadataIssuer")?;
        if let Some(issuer) = &metadata_issuer {
            let path = options.path("metadataIssuer");
            if static_keys.is_some() {
                return Err(wrong(&path, "has no effect: the keys are given, and nothing is fetched"));
            }
            if jwks_uri.is_some() {
                return Err(wrong(&path, "has no effect: jwksUri says where the key set is"));
            }
            if !url::is_allowed(issuer, allow_http) {
                return Err(wrong(&path, "expected an https URL; inside a network of your own, allowHttp lifts that"));
            }
        }
        Ok(Self { static_keys, jwks_uri, metadata_issuer, allow_http })
    }

    /// Keys at an address that is known to be secure, or that has to be discovered.
    pub(super) fn at(jwks_uri: Option<String>) -> Self {
        Self { jwks_uri, ..Self::default() }
    }

    /// Whether they say nothing.
    pub(super) const fn is_none(&self) -> bool {
        let has_place = self.jwks_uri.is_some() || self.metadata_issuer.is_some();
        self.static_keys.is_none() && !has_place && !self.allow_http
    }

    /// The keys of one issuer, or where they are.
    pub(super) fn source(self, accepted: &Accepted, durations: Durations) -> Read<(Option<KeySet>, KeySource)> {
        let Self { static_keys, jwks_uri, metadata_issuer, allow_http } = self;
        let loaded = static_keys.is_some();
        let is_known = loaded || jwks_uri.is_some() || metadata_issuer.is_some();
        let (issuer, open) = match accepted {
            Accepted::Any if !is_known => {
                return Err(wrong("keys", "expected keys or jwksUri, since there is no issuer to discover them from"));
            }
            Accepted::Any => (None, false),
            Accepted::OneOf(names) => (names.first().cloned(), names.is_empty()),
            Accepted::Template(template) => (Some(String::from(template.as_str())), !is_known),
        };
        let mut source = KeySource {
            issuer,
            jwks_uri,
            metadata_issuer,
            allow_http,
            loaded,
            open,
            durations: Vec::from(durations.0),
        };
        source.open |= source.has_tenants_places(accepted)?;
        Ok((static_keys, source))
    }
}

impl KeySource {
    /// Whether the keys are those of issuers that are not known yet.
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    pub(super) const fn allow_http(&self) -> bool {
        self.allow_http
    }

    /// Whether an address holds claims, so that each tenant has keys of its own.
    fn has_tenants_places(&self, accepted: &Accepted) -> Read<bool> {
        let mut found = false;
        for (name, place) in [("jwksUri", &self.jwks_uri), ("metadataIssuer", &self.metadata_issuer)] {
            let Some(place) = place.as_deref().filter(|place| IssuerTemplate::is_template(place)) else { continue };
            let place = IssuerTemplate::parse(place).map_err(|error| wrong(name, error.expected))?;
            let known: Vec<&str> = match accepted {
                Accepted::Template(template) => template.claims().collect(),
                _ => Vec::new(),
            };
            if !place.claims().all(|claim| known.contains(&claim)) {
                return Err(wrong(name, "expected no claims but those of the issuer's own template"));
            }
            found = true;
        }
        Ok(found)
    }

    /// Where the keys of one tenant of a template are.
    pub(super) fn of_tenant(&self, issuer: &str, template: &IssuerTemplate) -> Option<Self> {
        let values = template.values_in(issuer)?;
        let value_of =
            |claim: &str| values.iter().find(|(name, _)| *name == claim).map(|(_, value)| Cow::Borrowed(*value));
        let filled = |place: &Option<String>| {
            place
                .as_deref()
                .map(|place| IssuerTemplate::of_key(place).fill(value_of).ok())
                .map_or(Some(None), |text| text.map(Some))
        };
        Some(Self {
            issuer: Some(String::from(issuer)),
            jwks_uri: filled(&self.jwks_uri)?,
            metadata_issuer: filled(&self.metadata_issuer)?,
            open: false,
            ..self.clone()
        })
    }
}

/// Options about what is fetched, where nothing is.
pub(super) fn refuse_without_effect(options: &Options, sources: &[KeySource]) -> Read<()> {
    for name in ["keySets", "onKeys", "fetch", "cache"] {
        if sources.iter().all(|source| source.loaded && !source.open) && options.get(name)?.is_some() {
            return Err(wrong(&options.path(name), "has no effect: the keys are given, and nothing is fetched"));
        }
    }
    Ok(())
}

/// The option `keySets`: how key sets live, in seconds.
pub(super) fn durations(options: &Options) -> Read<Durations> {
    let mut durations = Durations::default();
    numbers(options, "keySets", &TABLE, &mut |at, seconds| durations.set_at(at, seconds))?;
    Ok(durations)
}

/// An option whose members are numbers within the bounds of a table.
pub(super) fn numbers(
    options: &Options,
    name: &str,
    table: &[Entry],
    set: &mut dyn FnMut(usize, f64) -> bool,
) -> Read<()> {
    let Some(value) = options.get(name)? else { return Ok(()) };
    let names: Vec<&str> = table.iter().map(|entry| entry.name).collect();
    let given = Options::read(&value, &options.path(name), &names)?;
    for (at, entry) in table.iter().enumerate() {
        let Some(value) = given.get(entry.name)? else { continue };
        if !value.as_f64().is_some_and(|number| set(at, number)) {
            return Err(wrong(&given.path(entry.name), &expected(entry)));
        }
    }
    Ok(())
}

/// What may be given, for a message.
fn expected(entry: &Entry) -> String {
    let bound = |number: f64| {
        let thousandths = (number * 1_000.0) as u64;
        match thousandths % 1_000 {
            0 => format!("{}", thousandths / 1_000),
            rest => format!("{}.{rest:03}", thousandths / 1_000),
        }
    };
    format!("expected {} from {} to {}", entry.unit, bound(entry.min), bound(entry.max))
}

/// A store of key sets: its functions may be those of a class.
pub(super) fn cache(options: &Options) -> Read<JsValue> {
    let Some(cache) = options.get("cache")? else { return Ok(JsValue::NULL) };
    let has = |name: &str| Reflect::get(&cache, &JsValue::from_str(name)).is_ok_and(|member| member.is_function());
    let complete = object(&cache).is_some() && has("get") && has("set");
    if complete { Ok(cache) } else { Err(wrong(&options.path("cache"), "expected an object with get and set")) }
}
