//! The options of a verifier, read into a policy an issuer.

use std::{format, string::String, vec, vec::Vec};

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::claim_rules::claim_rules;
use super::key_options::{self, KeyOptions, KeySource};
use super::options::{Options, Read, elements, object, string, wrong};
use super::schema::schema;
use super::token_buffer::MAX_INPUT_LEN;
use crate::claims::policy::{Accepted, AuthorizedParty, Policy};
use crate::claims::profile::Profile;
use crate::claims::provider::{PROVIDERS, Provider};
use crate::error::bounded;
use crate::jose::algorithm::Algorithm;
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;
use crate::verifier::{TrustedIssuer, Verifier};

/// The most verdicts that one verifier keeps.
const MAX_VERDICTS: usize = 100_000;

/// The options of `createVerifier`.
pub(super) const NAMES: [&str; 33] = [
    "issuer",
    "audience",
    "trustedAudiences",
    "authorizedParty",
    "keys",
    "jwksUri",
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
];

/// The options of the verifier of one client's ID tokens.
pub(super) const CLIENT_NAMES: [&str; 13] = [
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
];

/// The options of one entry in a list of issuers.
const ISSUER_NAMES: [&str; 6] = ["issuer", "audience", "keys", "jwksUri", "allowHttp", "algorithms"];

/// What only the rules of an ID token read (OpenID Connect Core §3.1.3.7).
const ID_TOKEN_NAMES: [&str; 6] = ["nonce", "accessToken", "code", "maxAge", "acr", "trustedAudiences"];

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
    #[serde(with = "serde_wasm_bindgen::preserve")]
    schema: JsValue,
}

impl Settings {
    /// How many verdicts may be cached.
    pub(super) const fn slots(&self) -> usize {
        self.slots
    }
}

/// A verifier of options, and what the shell needs to know of them.
pub(super) fn verifier(options: &Options, default_profile: Profile) -> Read<(Verifier, Settings)> {
    let profile = profile(options)?.unwrap_or(default_profile);
    refuse_without_effect(options, profile)?;
    let entries = issuer_entries(options)?;
    refuse_overridden(options, &entries)?;
    let shared = shared_policy(options, profile, &entries)?;
    assemble(options, &entries, &shared)
}

/// The verifier of one client's ID tokens (OpenID Connect Core §3.1.3.7).
pub(super) fn client_verifier(options: &Options) -> Read<(Verifier, Settings)> {
    let client = vec![string(&options.required("clientId")?, &options.path("clientId"))?];
    let strict = Policy::new(Profile::IdToken, Accepted::Any, Accepted::OneOf(client.clone()));
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
    assemble(options, &issuer_entries(options)?, &policy)
}

/// A verifier of one policy for several issuers.
fn assemble(options: &Options, entries: &[IssuerEntry], shared: &Policy) -> Read<(Verifier, Settings)> {
    let mut trusted = Vec::new();
    let mut sources = Vec::new();
    for entry in entries {
        let (issuer, source) = trusted_issuer(options, entry, shared)?;
        trusted.push(issuer);
        sources.push(source);
    }
    key_options::refuse_without_effect(options, &sources)?;
    let settings = Settings {
        sources,
        slots: verdict_slots(options)?,
        max_token_size: max_token_size(options)?,
        now: options.function("now")?,
        fetch: options.function("fetch")?,
        cache: key_options::cache(options)?,
        on_keys: options.function("onKeys")?,
        check: options.function("check")?,
        schema: schema(options)?,
    };
    Ok((Verifier::with_issuers(trusted), settings))
}

/// An option without effect is refused: the caller believes that it is checked.
fn refuse_without_effect(options: &Options, profile: Profile) -> Read<()> {
    for name in ID_TOKEN_NAMES {
        if profile != Profile::IdToken && options.get(name)?.is_some() {
            let what = format!("has no effect with the profile {}; it needs profile: \"id-token\"", profile.name());
            return Err(wrong(&options.path(name), &what));
        }
    }
    Ok(())
}

/// What every entry has of its own is read from no shared option.
fn refuse_overridden(options: &Options, entries: &[IssuerEntry]) -> Read<()> {
    for names in [&["audience"][..], &["algorithms"], &["keys", "jwksUri", "allowHttp"]] {
        let mut overridden = true;
        for entry in entries {
            let mut has_own = false;
            for name in names {
                has_own |= entry.has(name)?;
            }
            overridden &= has_own;
        }
        for name in names {
            if overridden && options.get(name)?.is_some() {
                return Err(wrong(&options.path(name), "has no effect: every entry of issuer has its own"));
            }
        }
    }
    Ok(())
}

/// What one entry of `issuer` says: all of it, several names that share everything, or options of its own.
enum IssuerEntry {
    Shared(Accepted),
    Own(Options, String),
}

fn issuer_entries(options: &Options) -> Read<Vec<IssuerEntry>> {
    let path = options.path("issuer");
    let Some(value) = options.get("issuer")? else {
        return Err(wrong(&path, "required; pass null to say that it is not checked"));
    };
    if value.is_null() {
        return Ok(vec![IssuerEntry::Shared(Accepted::Any)]);
    }
    if !Array::is_array(&value) {
        return Ok(vec![issuer_entry(&value, &path)?]);
    }
    let elements = elements(&value, &path)?;
    if elements.is_empty() {
        return Err(wrong(&path, "expected at least one value"));
    }
    let entries: Vec<IssuerEntry> =
        elements.iter().map(|(element, path)| issuer_entry(element, path)).collect::<Read<_>>()?;
    for (index, entry) in entries.iter().enumerate() {
        if entries.iter().take(index).any(|earlier| earlier.issuer() == entry.issuer()) {
            return Err(wrong(&format!("{path}[{index}]"), "a second entry for the same issuer is never reached"));
        }
    }
    // Names that share static keys are judged by one policy.
    let names: Option<Vec<String>> = entries.iter().map(IssuerEntry::shared_name).collect();
    match names {
        Some(names) if options.get("keys")?.is_some() => Ok(vec![IssuerEntry::Shared(Accepted::OneOf(names))]),
        _ => Ok(entries),
    }
}

fn issuer_entry(value: &JsValue, path: &str) -> Read<IssuerEntry> {
    if object(value).is_none() {
        let issuer =
            value.as_string().ok_or_else(|| wrong(path, "expected a string, an object with issuer, or null"))?;
        string(value, path)?;
        return Ok(IssuerEntry::Shared(Accepted::OneOf(vec![issuer])));
    }
    let own = Options::read(value, path, &ISSUER_NAMES)?;
    let issuer = string(&own.required("issuer")?, &own.path("issuer"))?;
    Ok(IssuerEntry::Own(own, issuer))
}

impl IssuerEntry {
    fn issuer(&self) -> Option<&str> {
        match self {
            Self::Shared(Accepted::OneOf(names)) => names.first().map(String::as_str),
            Self::Shared(Accepted::Any) => None,
            Self::Own(_, issuer) => Some(issuer),
        }
    }

    fn shared_name(&self) -> Option<String> {
        match self {
            Self::Shared(Accepted::OneOf(_)) => self.issuer().map(String::from),
            _ => None,
        }
    }

    fn own(&self) -> Option<&Options> {
        match self {
            Self::Shared(_) => None,
            Self::Own(own, _) => Some(own),
        }
    }

    fn accepted(&self) -> Accepted {
        match self {
            Self::Shared(accepted) => accepted.clone(),
            Self::Own(_, issuer) => Accepted::OneOf(vec![issuer.clone()]),
        }
    }

    fn has(&self, name: &str) -> Read<bool> {
        Ok(match self.own() {
            Some(own) => own.get(name)?.is_some(),
            None => false,
        })
    }
}

/// What all issuers have in common.
fn shared_policy(options: &Options, profile: Profile, entries: &[IssuerEntry]) -> Read<Policy> {
    let mut policy = Policy::new(profile, Accepted::Any, Accepted::Any);
    // Some providers' tokens have no audience: something else shows that they are ours.
    let mut needs_none = provider(options)?.is_some_and(|provider| !provider.has_audience(profile));
    let mut each_has_audience = true;
    for entry in entries {
        each_has_audience &= entry.has("audience")?;
    }
    needs_none |= each_has_audience;
    if options.get("audience")?.is_some() || !needs_none {
        policy.audience = accepted(options, "audience")?;
    }
    policy.trusted_audiences = options.strings("trustedAudiences")?.unwrap_or_default();
    if let Some(parties) = options.strings("authorizedParty")? {
        policy.authorized_party = AuthorizedParty::OneOf(parties);
    }
    policy.algorithms = algorithms(options)?;
    policy.typ = match options.get("typ")? {
        Some(typ) if typ.is_null() => Some(Vec::new()),
        _ => options.strings("typ")?,
    };
    policy.subject = options.string("subject")?;
    policy.clock_tolerance = options.seconds("clockTolerance")?.unwrap_or(policy.clock_tolerance);
    policy.max_token_age = options.seconds("maxTokenAge")?;
    policy.required_claims = options.strings("requiredClaims")?.unwrap_or(policy.required_claims);
    policy.crit = options.strings("crit")?.unwrap_or_default();
    policy.max_token_size = max_token_size(options)?;
    policy.nonce = options.string("nonce")?;
    policy.access_token = options.string("accessToken")?;
    policy.authorization_code = options.string("code")?;
    policy.max_authentication_age = options.seconds("maxAge")?;
    policy.acr = options.strings("acr")?;
    policy.scopes = options.strings("scope")?.unwrap_or_default();
    policy.any_scopes = options.strings("anyScope")?.unwrap_or_default();
    policy.claim_rules = claim_rules(options)?;
    if let Some(provider) = provider(options)? {
        let is_named = options.get("profile")?.is_some();
        provider.complete(&mut policy, is_named).map_err(|error| wrong(&options.path(&error.name), error.expected))?;
    }
    Ok(policy)
}

/// A policy for one entry, and where its keys come from: its own where it has some.
fn trusted_issuer(options: &Options, entry: &IssuerEntry, shared: &Policy) -> Read<(TrustedIssuer, KeySource)> {
    let mut policy = Policy { issuer: entry.accepted(), ..shared.clone() };
    if let Some(provider) = provider(options)? {
        provider.complete_issuer(&mut policy.issuer);
    }
    let mut keys = KeyOptions::default();
    if let Some(own) = entry.own() {
        keys = KeyOptions::read(own)?;
        if own.get("audience")?.is_some() {
            policy.audience = accepted(own, "audience")?;
        }
        policy.algorithms = algorithms(own)?.or(policy.algorithms);
    }
    if keys.is_none() {
        keys = KeyOptions::read(options)?;
    }
    if keys.is_none()
        && let (Some(provider), Some(issuer)) = (provider(options)?, entry.issuer())
    {
        keys = KeyOptions::at(provider.jwks_uri(issuer));
    }
    let (static_keys, source) = keys.source(entry.issuer(), key_options::durations(options)?)?;
    Ok((TrustedIssuer { policy, keys: static_keys }, source))
}

/// An option that has to be given, and may be `null` to say that the claim is not checked.
fn accepted(options: &Options, name: &str) -> Read<Accepted> {
    let path = options.path(name);
    match options.get(name)? {
        None => Err(wrong(&path, "required; pass null to say that it is not checked")),
        Some(value) if value.is_null() => Ok(Accepted::Any),
        Some(_) => match options.strings(name)?.unwrap_or_default() {
            values if values.is_empty() => Err(wrong(&path, "expected at least one value")),
            values => Ok(Accepted::OneOf(values)),
        },
    }
}

/// The provider whose tokens are expected.
pub(super) fn provider(options: &Options) -> Read<Option<&'static Provider>> {
    let Some(name) = options.string("provider")? else { return Ok(None) };
    let known = || {
        let names: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
        wrong(&options.path("provider"), &format!("expected one of {}", names.join(", ")))
    };
    Provider::from_name(&name).map(Some).ok_or_else(known)
}

fn profile(options: &Options) -> Read<Option<Profile>> {
    let Some(name) = options.string("profile")? else { return Ok(None) };
    let expected = "expected jwt, access-token, id-token or logout-token";
    Profile::from_name(&name).map(Some).ok_or_else(|| wrong(&options.path("profile"), expected))
}

pub(super) fn algorithms(options: &Options) -> Read<Option<Vec<Algorithm>>> {
    let Some(names) = options.strings("algorithms")? else { return Ok(None) };
    let known = |name: &String| {
        let unknown = || wrong(&options.path("algorithms"), &format!("unknown algorithm {}", bounded(name)));
        Algorithm::from_name(name).ok_or_else(unknown)
    };
    names.iter().map(known).collect::<Read<_>>().map(Some)
}

pub(super) fn max_token_size(options: &Options) -> Read<usize> {
    Ok(options.integer("maxTokenSize", MAX_INPUT_LEN)?.unwrap_or(DEFAULT_MAX_TOKEN_SIZE))
}

fn verdict_slots(options: &Options) -> Read<usize> {
    let path = options.path("verdictCache");
    let Some(value) = options.get("verdictCache")? else { return Ok(0) };
    let entries = Options::read(&value, &path, &["maxEntries"])?;
    entries.integer("maxEntries", MAX_VERDICTS)?.ok_or_else(|| wrong(&entries.path("maxEntries"), "required"))
}
