//! The options of a guard, beside those of its verifier.

use std::string::String;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::admission::Admission;
use super::answers::answer;
use super::certificates::{self, Certificates};
use super::dpop::max_age;
use super::introspection_options::{Opaque, introspection};
use super::options::{Options, Read, string, wrong};
use super::policy::{self, Made};
use super::policy_options::algorithms;
use super::questions::store;
use super::resource_metadata;
use super::token_places::TokenPlaces;
use crate::claims::profile::Profile;
use crate::oauth::dpop_nonces::{DpopNonce, Nonces};
use crate::resource_server::ResourceServer;
use crate::resource_server::settings::{DpopSettings, ResourceSettings};

const OWN_NAMES: [&str; 15] = [
    "realm",
    "resource",
    "resourceMetadata",
    "publicOrigin",
    "cors",
    "dpop",
    "mtls",
    "storeTimeout",
    "onVerdict",
    "token",
    "required",
    "tokens",
    "introspection",
    "revoked",
    "onOutcome",
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
const ROUTE_NAMES: [&str; 7] = ["scope", "anyScope", "acr", "maxAge", "claims", "check", "schema"];

/// What the shell needs to know of a guard's options.
pub(super) struct GuardSettings {
    pub(super) slots: usize,
    pub(super) places: TokenPlaces,
    /// Whether a request without a token is refused.
    pub(super) required: bool,
    /// Which tokens only their issuer can read.
    pub(super) opaque: Opaque,
    /// Whether there is somebody to put questions to.
    pub(super) has_stores: bool,
    /// Where the certificates of connections are found.
    pub(super) certificates: Certificates,
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
    let Dpop { settings: dpop, replay, seen } = dpop(options)?;
    let (certificates, mtls) = certificates::read(options)?;
    let (metadata, members) = resource_metadata::read(options)?;
    let store_timeout = options.seconds("storeTimeout")?;
    let has_nonces = dpop.as_ref().is_some_and(|dpop| dpop.nonce.is_some());
    let revoked = store(options, "revoked", "ended", "sessions")?;
    if settings.slots() > 0 && !revoked.is_null() {
        return Err(wrong("verdictCache", "has no effect beside revoked, which is asked about each request"));
    }
    let has_stores = !replay.is_null() || !seen.is_null() || !revoked.is_null();
    if store_timeout.is_some() && !has_stores {
        return Err(wrong("storeTimeout", "has no effect without a store, for example dpop.replay"));
    }
    let resource = ResourceSettings {
        realm: options.string("realm")?,
        resource: options.string("resource")?,
        metadata,
        members,
        public_origin: options.string("publicOrigin")?,
        dpop,
        mtls,
        store_timeout,
        revocation: !revoked.is_null(),
    };
    let server = ResourceServer::new(verifier, resource).map_err(|error| wrong(&error.name, error.expected))?;
    let (slots, result) = (settings.slots(), answer(&settings));
    let set = |name: &str, value: &JsValue| Reflect::set(&result, &JsValue::from_str(name), value).map(drop);
    set("origins", &origins(options)?)?;
    set("replay", &replay)?;
    set("revoked", &revoked)?;
    set("seen", &seen)?;
    set("hasNonces", &JsValue::from_bool(has_nonces))?;
    set("servesMetadata", &JsValue::from_bool(server.serves_metadata()))?;
    set("introspection", &introspection)?;
    set("onOutcome", &options.function("onOutcome")?)?;
    set("resource", &server.resource().map_or(JsValue::NULL, JsValue::from_str))?;
    set("onVerdict", &options.function("onVerdict")?)?;
    let (places, token) = TokenPlaces::read(options, &providers)?;
    set("token", &token)?;
    set("places", &list(&places.headers()))?;
    let required = options.flag("required")?.unwrap_or(true);
    let own = GuardSettings { slots, places, required, opaque, has_stores, certificates, settings: result, admission };
    Ok((server, own))
}

/// How proofs are checked, and the caller's store of them.
struct Dpop {
    settings: Option<DpopSettings>,
    replay: JsValue,
    seen: JsValue,
}

fn dpop(options: &Options) -> Read<Dpop> {
    let Some(value) = options.get("dpop")? else {
        return Ok(Dpop { settings: None, replay: JsValue::NULL, seen: JsValue::NULL });
    };
    let path = options.path("dpop");
    if let Some(mode) = value.as_string() {
        let settings = DpopSettings { required: is_required(&mode, &path)?, ..DpopSettings::default() };
        return Ok(Dpop { settings: Some(settings), replay: JsValue::NULL, seen: JsValue::NULL });
    }
    let dpop = Options::read(&value, &path, &DPOP_NAMES)?;
    let mode = dpop.string("mode")?.map(|mode| is_required(&mode, &dpop.path("mode"))).transpose()?;
    let settings = DpopSettings {
        required: mode.unwrap_or_default(),
        algorithms: algorithms(&dpop)?,
        max_age: max_age(&dpop)?,
        nonce: nonce(&dpop)?,
    };
    let (replay, seen) = (store(&dpop, "replay", "use", "key, until")?, dpop.function("seen")?);
    if !replay.is_null() && !seen.is_null() {
        return Err(wrong(&dpop.path("seen"), "has no effect beside replay, which is asked in its place"));
    }
    Ok(Dpop { settings: Some(settings), replay, seen })
}

const DPOP_NAMES: [&str; 7] = ["mode", "algorithms", "maxAge", "nonce", "nonces", "replay", "seen"];

/// Whether unbound tokens are refused.
pub(super) fn is_required(mode: &str, path: &str) -> Read<bool> {
    match mode {
        "allowed" => Ok(false),
        "required" => Ok(true),
        _ => Err(wrong(path, "expected allowed or required")),
    }
}

/// The nonce that proofs have to repeat: one that the caller changes, or those of a secret.
fn nonce(dpop: &Options) -> Read<Option<DpopNonce>> {
    let fixed = dpop.string("nonce")?;
    let Some(value) = dpop.get("nonces")? else { return Ok(fixed.map(DpopNonce::Fixed)) };
    if fixed.is_some() {
        return Err(wrong(&dpop.path("nonce"), "has no effect beside nonces"));
    }
    let nonces = Options::read(&value, &dpop.path("nonces"), &["secret", "window"])?;
    let secret = nonces.required("secret")?;
    let secret = match secret.dyn_ref::<Uint8Array>() {
        Some(bytes) => bytes.to_vec(),
        None => string(&secret, &nonces.path("secret"))?.into_bytes(),
    };
    let made = Nonces::new(&secret, nonces.seconds("window")?);
    made.map(|nonces| Some(DpopNonce::Issued(nonces))).map_err(|error| wrong(&nonces.path(&error.name), error.expected))
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
