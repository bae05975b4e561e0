//! The options of a guard, beside those of its verifier.

use std::string::String;

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use super::admission::Admission;
use super::answers::answer;
use super::dpop::max_age;
use super::introspection_options::{Opaque, introspection};
use super::options::{Options, Read, string, wrong};
use super::policy::{self, Made};
use super::policy_options::algorithms;
use super::token_places::TokenPlaces;
use crate::claims::profile::Profile;
use crate::oauth::url;
use crate::resource_server::ResourceServer;
use crate::resource_server::settings::{DpopSettings, MetadataLocation, ResourceSettings};

const OWN_NAMES: [&str; 11] = [
    "realm",
    "resource",
    "resourceMetadata",
    "publicOrigin",
    "cors",
    "dpop",
    "onVerdict",
    "token",
    "required",
    "tokens",
    "introspection",
];

/// The options of `guard` and `protect`.
pub(super) const NAMES: [&str; OWN_NAMES.len() + policy::NAMES.len()] = joined();

const fn joined() -> [&'static str; OWN_NAMES.len() + policy::NAMES.len()] {
    let mut names = [""; OWN_NAMES.len() + policy::NAMES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = if at < OWN_NAMES.len() { OWN_NAMES[at] } else { policy::NAMES[at - OWN_NAMES.len()] };
        at += 1;
    }
    names
}

/// What a route may put in the place of a guard's options, whichever issuer a token has.
const ROUTE_NAMES: [&str; 5] = ["scope", "anyScope", "claims", "check", "schema"];

/// What the shell needs to know of a guard's options.
pub(super) struct GuardSettings {
    pub(super) slots: usize,
    pub(super) places: TokenPlaces,
    /// Whether a request without a token is refused.
    pub(super) required: bool,
    /// Which tokens only their issuer can read.
    pub(super) opaque: Opaque,
    pub(super) settings: JsValue,
    /// How issuers are admitted later.
    pub(super) admission: Option<Admission>,
}

/// A resource server of options, and what the shell needs to know of them.
pub(super) fn guard(options: &Options, route: &JsValue) -> Read<(ResourceServer, GuardSettings)> {
    let route = (!route.is_undefined()).then(|| Options::read(route, "", &ROUTE_NAMES)).transpose()?;
    let Made { verifier, settings, admission, providers } =
        policy::verifier(options, route.as_ref(), Profile::AccessToken)?;
    if settings.slots() > 0 && options.get("onVerdict")?.is_some() {
        return Err(wrong("verdictCache", "has no effect beside onVerdict, for which every check is run each time"));
    }
    let (opaque, own) = introspection(options)?;
    let (verifier, introspection) = match own {
        Some(own) => own.open(verifier, options, opaque)?,
        None => (verifier, JsValue::NULL),
    };
    let dpop = dpop(options)?;
    let resource = ResourceSettings {
        realm: options.string("realm")?,
        resource: options.string("resource")?,
        metadata: metadata(options)?,
        public_origin: options.string("publicOrigin")?,
        dpop: dpop.as_ref().map(|(settings, _)| settings.clone()),
    };
    let server = ResourceServer::new(verifier, resource).map_err(|error| wrong(&error.name, error.expected))?;
    let (slots, result) = (settings.slots(), answer(&settings));
    let set = |name: &str, value: &JsValue| Reflect::set(&result, &JsValue::from_str(name), value).map(drop);
    set("origins", &origins(options)?)?;
    set("seen", &dpop.map_or(JsValue::NULL, |(_, seen)| seen))?;
    set("servesMetadata", &JsValue::from_bool(server.serves_metadata()))?;
    set("introspection", &introspection)?;
    set("onVerdict", &options.function("onVerdict")?)?;
    let (places, token) = TokenPlaces::read(options, &providers)?;
    set("token", &token)?;
    set("places", &list(&places.headers()))?;
    let required = options.flag("required")?.unwrap_or(true);
    Ok((server, GuardSettings { slots, places, required, opaque, settings: result, admission }))
}

/// How proofs are checked, and the caller's store of them.
fn dpop(options: &Options) -> Read<Option<(DpopSettings, JsValue)>> {
    let Some(value) = options.get("dpop")? else { return Ok(None) };
    let dpop = Options::read(&value, &options.path("dpop"), &["algorithms", "maxAge", "nonce", "seen"])?;
    let settings =
        DpopSettings { algorithms: algorithms(&dpop)?, max_age: max_age(&dpop)?, nonce: dpop.string("nonce")? };
    Ok(Some((settings, dpop.function("seen")?)))
}

/// Served here, elsewhere (an address, or an object of class URL), or nowhere.
fn metadata(options: &Options) -> Read<MetadataLocation> {
    let Some(value) = options.get("resourceMetadata")? else { return Ok(MetadataLocation::None) };
    let path = options.path("resourceMetadata");
    match value.as_bool() {
        Some(true) => return Ok(MetadataLocation::Here),
        Some(false) => return Ok(MetadataLocation::None),
        None => {}
    }
    let href = if value.is_string() { Some(value.clone()) } else { href(&value) };
    // RFC 9728 §5.1: the parameter is a URL, which clients fetch.
    match href.map(|href| string(&href, &path)).transpose()? {
        Some(url) if url::is_secure(&url) => Ok(MetadataLocation::At(url)),
        _ => Err(wrong(&path, "expected true, false or an https URL")),
    }
}

/// The address of an object of class URL.
fn href(value: &JsValue) -> Option<JsValue> {
    let href = value.is_object().then(|| Reflect::get(value, &JsValue::from_str("href")).ok()).flatten();
    href.filter(JsValue::is_string)
}

/// The origins whose pages may call: a list; `null` where none may.
fn origins(options: &Options) -> Read<JsValue> {
    let Some(value) = options.get("cors")? else { return Ok(JsValue::NULL) };
    let cors = Options::read(&value, &options.path("cors"), &["origin"])?;
    let origins: Option<std::vec::Vec<String>> = cors.strings("origin")?;
    let origins = origins.ok_or_else(|| wrong(&cors.path("origin"), "required"))?;
    Ok(list(&origins))
}

fn list(texts: &[impl AsRef<str>]) -> JsValue {
    texts.iter().map(|text| JsValue::from_str(text.as_ref())).collect::<Array>().into()
}
