//! The options of a verifier, read into a policy an issuer.

use std::{string::String, vec::Vec};

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::admission::{Admission, AdmissionSettings};
use super::issuer_entry::{IssuerEntry, Layers, issuer_entries, refuse_overridden};
use super::key_options::{self, KeySource};
use super::options::{Options, Read, string, wrong};
use super::policy_options::{max_token_size, provider, refuse_without_effect};
use super::schema::schema;
use super::trusted_issuer::{key_source, trusted_issuer};
use crate::claims::policy::{Accepted, AuthorizedParty, Policy};
use crate::claims::profile::Profile;
use crate::claims::provider::Provider;
use crate::verifier::{TrustedIssuer, Verifier};

/// The most verdicts that one verifier keeps.
const MAX_VERDICTS: usize = 100_000;

/// The options of `createVerifier`.
pub(super) const NAMES: [&str; 36] = [
    "issuer",
    "audience",
    "trustedAudiences",
    "authorizedParty",
    "keys",
    "jwksUri",
    "metadataIssuer",
    "anyTenant",
    "algorithms",
    "profile",
    "typ",
    "subject",
    "clockTolerance",
    "maxTokenAge",
    "requiredClaims",
    "crit",
    "nonce",
    "accessToken",
    "code",
    "maxAge",
    "acr",
    "scope",
    "anyScope",
    "claims",
    "check",
    "schema",
    "provider",
    "maxTokenSize",
    "verdictCache",
    "now",
    "allowHttp",
    "fetch",
    "cache",
    "keySets",
    "onKeys",
    "issuerTable",
];

/// The options of the verifier of one client's ID tokens.
pub(super) const CLIENT_NAMES: [&str; 14] = [
    "issuer",
    "clientId",
    "trustedAudiences",
    "jwksUri",
    "nonce",
    "accessToken",
    "maxAge",
    "acr",
    "clockTolerance",
    "now",
    "fetch",
    "cache",
    "keySets",
    "userinfo",
];

/// What the shell needs to know of a verifier's options: it reads none of them itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Settings {
    sources: Vec<KeySource>,
    /// How many verdicts may be cached.
    slots: usize,
    /// In bytes.
    max_token_size: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    now: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    fetch: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    cache: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    on_keys: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    check: JsValue,
    /// How issuers are admitted later; none where all are known.
    issuers: Option<AdmissionSettings>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    schema: JsValue,
}

impl Settings {
    /// How many verdicts may be cached.
    pub(super) const fn slots(&self) -> usize {
        self.slots
    }
}

/// What the options of a verifier come to.
pub(super) struct Made {
    pub(super) verifier: Verifier,
    pub(super) settings: Settings,
    /// How issuers are admitted later; none where all are known.
    pub(super) admission: Option<Admission>,
    /// Whose tokens are expected.
    pub(super) providers: Vec<&'static Provider>,
}

/// A verifier of options. `route`: what a single route puts in the place of some of them.
pub(super) fn verifier(options: &Options, route: Option<&Options>, default: Profile) -> Read<Made> {
    let entries = issuer_entries(options)?;
    refuse_overridden(options, &entries)?;
    let mut trusted = Vec::new();
    let mut sources = Vec::new();
    let mut providers = Vec::new();
    for entry in &entries {
        let layers = Layers { route, own: entry.own(), shared: options };
        providers.extend(provider(layers.of(&["provider"])?)?);
        let (issuer, source) = trusted_issuer(layers, entry.accepted(), default)?;
        trusted.push(issuer);
        sources.push(source);
    }
    let is_id_token = |trusted: &TrustedIssuer| trusted.policy.profile == Profile::IdToken;
    if !trusted.iter().any(is_id_token) {
        refuse_without_effect(options, trusted.first().map_or(default, |trusted| trusted.policy.profile))?;
    }
    refuse_any_tenant(options, &trusted)?;
    let admission = Admission::read(options, route, default, &sources)?;
    let made = assemble(Layers { route, own: None, shared: options }, trusted, sources, admission)?;
    Ok(Made { providers, ..made })
}

/// The verifier of one client's ID tokens (OpenID Connect Core §3.1.3.7), or of the signed answers of a userinfo endpoint
/// (§5.3.2).
pub(super) fn client_verifier(options: &Options) -> Read<Made> {
    let client = Vec::from([string(&options.required("clientId")?, &options.path("clientId"))?]);
    let is_userinfo = options.flag("userinfo")?.unwrap_or_default();
    let profile = if is_userinfo { Profile::Jwt } else { Profile::IdToken };
    let mut strict = Policy::new(profile, Accepted::Any, Accepted::OneOf(client.clone()));
    if is_userinfo {
        // OpenID Connect Core §5.3.2: a signed answer has "the Claims iss (issuer) and aud (audience)"; it need not expire.
        strict.required_claims = ["iss", "aud", "sub"].map(String::from).into();
    }
    let policy = Policy {
        trusted_audiences: options.strings("trustedAudiences")?.unwrap_or_default(),
        authorized_party: AuthorizedParty::IfPresent(client),
        nonce: options.string("nonce")?,
        access_token: options.string("accessToken")?,
        // OpenID Connect Core §3.1.3.7 (12), (13): what the request has asked for.
        max_authentication_age: options.seconds("maxAge")?,
        acr: options.strings("acr")?,
        clock_tolerance: options.seconds("clockTolerance")?.unwrap_or(strict.clock_tolerance),
        ..strict
    };
    let mut trusted = Vec::new();
    let mut sources = Vec::new();
    for entry in issuer_entries(options)? {
        let IssuerEntry::Shared(issuer @ Accepted::OneOf(_)) = entry else {
            return Err(wrong(&options.path("issuer"), "expected the identifier of one issuer"));
        };
        let layers = Layers { route: None, own: None, shared: options };
        let policy = Policy { issuer, ..policy.clone() };
        let (keys, source) = key_source(layers, &policy)?;
        trusted.push(TrustedIssuer { policy, keys });
        sources.push(source);
    }
    assemble(Layers { route: None, own: None, shared: options }, trusted, sources, None)
}

#[inline(never)]
fn assemble(
    layers: Layers<'_>,
    trusted: Vec<TrustedIssuer>,
    sources: Vec<KeySource>,
    admission: Option<Admission>,
) -> Read<Made> {
    let options = layers.shared;
    key_options::refuse_without_effect(options, &sources)?;
    let mut verifier = Verifier::with_issuers(trusted);
    if let Some(admission) = &admission {
        verifier = admission.open(verifier);
    }
    let settings = Settings {
        sources,
        slots: verdict_slots(options)?,
        max_token_size: max_token_size(options)?,
        now: options.function("now")?,
        fetch: options.function("fetch")?,
        cache: key_options::cache(options)?,
        on_keys: options.function("onKeys")?,
        check: layers.of(&["check"])?.function("check")?,
        issuers: admission.as_ref().map(Admission::settings).transpose()?,
        schema: schema(layers.of(&["schema"])?)?,
    };
    Ok(Made { verifier, settings, admission, providers: Vec::new() })
}

/// A shared `anyTenant` is for a template that has no rule about its tenants.
fn refuse_any_tenant(options: &Options, trusted: &[TrustedIssuer]) -> Read<()> {
    if options.flag("anyTenant")? == Some(true) && trusted.iter().all(|trusted| trusted.policy.knows_tenants()) {
        return Err(wrong(&options.path("anyTenant"), NO_TENANTS));
    }
    Ok(())
}

/// Why `anyTenant` has no effect.
pub(super) const NO_TENANTS: &str = "has no effect: issuer is no template, or claims say which tenants are ours";

fn verdict_slots(options: &Options) -> Read<usize> {
    let path = options.path("verdictCache");
    let Some(value) = options.get("verdictCache")? else { return Ok(0) };
    let entries = Options::read(&value, &path, &["maxEntries"])?;
    entries.integer("maxEntries", MAX_VERDICTS)?.ok_or_else(|| wrong(&entries.path("maxEntries"), "required"))
}
