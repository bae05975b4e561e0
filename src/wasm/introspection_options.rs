//! The options `tokens` and `introspection`: which tokens are opaque here, and how their issuer is asked about them.

use std::string::String;

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::answers::answer;
use super::assertion_key::{SigningKey, assertion_key};
use super::options::{Options, Read, wrong};
use crate::claims::policy::Accepted;
use crate::claims::profile::Profile;
use crate::oauth::introspection_request::{ClientAuthentication, IntrospectionClient};
use crate::oauth::url;
use crate::resource_server::introspections::{
    IntrospectionLimits, MAX_ACTIVE_FOR, MAX_ENTRIES, MAX_INACTIVE_FOR, MAX_TIMEOUT,
};
use crate::verifier::Verifier;

/// Which tokens only their issuer can read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opaque {
    /// None: all are JWTs.
    None,
    /// Those that are no JWTs of a trusted issuer.
    Others,
    /// All.
    All,
}

/// How an issuer is asked.
pub(super) struct IntrospectionOptions {
    pub(super) client: IntrospectionClient,
    pub(super) endpoint: Option<String>,
    pub(super) limits: IntrospectionLimits,
    /// The one of several trusted issuers that is asked.
    issuer: Option<String>,
    /// The private key that signs assertions.
    key: Option<SigningKey>,
    path: String,
}

/// What the shell needs to know of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IntrospectionSettings {
    /// The issuer that is asked.
    issuer: String,
    private_key: Option<SigningKey>,
}

const NAMES: [&str; 11] = [
    "issuer",
    "endpoint",
    "clientId",
    "clientSecret",
    "clientAuthentication",
    "privateKey",
    "signedAnswers",
    "cacheFor",
    "inactiveFor",
    "timeout",
    "maxEntries",
];

/// Reads both options, of which neither has an effect without the other.
#[inline(never)]
pub(super) fn introspection(options: &Options) -> Read<(Opaque, Option<IntrospectionOptions>)> {
    let path = options.path("tokens");
    let opaque = match options.string("tokens")?.as_deref() {
        None | Some("jwt") => Opaque::None,
        Some("both") => Opaque::Others,
        Some("opaque") => Opaque::All,
        Some(_) => return Err(wrong(&path, "expected jwt, opaque or both")),
    };
    let Some(value) = options.get("introspection")? else {
        if opaque == Opaque::None {
            return Ok((opaque, None));
        }
        return Err(wrong(&options.path("introspection"), "required: an opaque token says nothing by itself"));
    };
    if opaque == Opaque::None {
        return Err(wrong(&options.path("introspection"), "has no effect without tokens: \"opaque\" or \"both\""));
    }
    let own = Options::read(&value, &options.path("introspection"), &NAMES)?;
    let endpoint = own.string("endpoint")?;
    let allow_http = options.flag("allowHttp")?.unwrap_or(false);
    if endpoint.as_deref().is_some_and(|endpoint| !url::is_allowed(endpoint, allow_http)) {
        // RFC 7662 §4: the request has the token and our own secret in it.
        return Err(wrong(
            &own.path("endpoint"),
            "expected an https URL; inside a network of your own, allowHttp lifts that",
        ));
    }
    let (authentication, key) = authentication(&own)?;
    let id = own.string("clientId")?.ok_or_else(|| wrong(&own.path("clientId"), "required"))?;
    let client = IntrospectionClient { id, authentication, signed: own.flag("signedAnswers")?.unwrap_or(false) };
    let (limits, issuer, path) = (limits(&own)?, own.string("issuer")?, own.path("issuer"));
    Ok((opaque, Some(IntrospectionOptions { client, endpoint, limits, issuer, key, path })))
}

fn limits(own: &Options) -> Read<IntrospectionLimits> {
    let strict = IntrospectionLimits::default();
    let seconds = |name: &str, bounds: [f64; 2], expected: &str| {
        let Some(seconds) = own.seconds(name)? else { return Ok(None) };
        let seconds = seconds.as_secs_f64();
        let holds = (bounds[0]..=bounds[1]).contains(&seconds);
        if holds { Ok(Some(seconds)) } else { Err(wrong(&own.path(name), expected)) }
    };
    let active_for =
        seconds("cacheFor", [0.0, MAX_ACTIVE_FOR], "expected 0 to 300 seconds")?.unwrap_or(strict.active_for);
    Ok(IntrospectionLimits {
        active_for,
        // No longer than the others: who switches keeping off means both.
        inactive_for: seconds("inactiveFor", [0.0, MAX_INACTIVE_FOR], "expected 0 to 60 seconds")?
            .unwrap_or(strict.inactive_for.min(active_for)),
        timeout: seconds("timeout", [0.1, MAX_TIMEOUT], "expected 0.1 to 60 seconds")?.unwrap_or(strict.timeout),
        max_entries: own.integer("maxEntries", MAX_ENTRIES)?.unwrap_or(strict.max_entries),
    })
}

/// How the client shows who it is.
fn authentication(own: &Options) -> Read<(ClientAuthentication, Option<SigningKey>)> {
    let (secret, key) = (own.string("clientSecret")?, own.get("privateKey")?);
    let method = own.string("clientAuthentication")?;
    let path = own.path("clientAuthentication");
    match (secret, key) {
        (Some(_), Some(_)) => Err(wrong(&own.path("privateKey"), "expected clientSecret or privateKey, not both")),
        // RFC 7662 §2.1: "the endpoint MUST also require some form of authorization".
        (None, None) => Err(wrong(&own.path("clientSecret"), "required, or privateKey")),
        (None, Some(_)) if method.is_some() => {
            Err(wrong(&path, "has no effect beside privateKey, which signs an assertion"))
        }
        (None, Some(key)) => {
            let (assertion, key) = assertion_key(&key, &own.path("privateKey"))?;
            Ok((ClientAuthentication::PrivateKey(assertion), Some(key)))
        }
        (Some(secret), None) => match method.as_deref() {
            None | Some("client_secret_basic") => Ok((ClientAuthentication::SecretBasic(secret), None)),
            Some("client_secret_post") => Ok((ClientAuthentication::SecretPost(secret), None)),
            Some(_) => Err(wrong(&path, "expected client_secret_basic or client_secret_post")),
        },
    }
}

impl IntrospectionOptions {
    /// The same verifier, which asks the issuer that is meant; and what the shell needs to know.
    pub(super) fn open(self, verifier: Verifier, options: &Options, opaque: Opaque) -> Read<(Verifier, JsValue)> {
        let unused = [("keys", !self.client.signed), ("jwksUri", !self.client.signed), ("verdictCache", true)];
        for (name, _) in unused.into_iter().filter(|(_, is_unused)| *is_unused && opaque == Opaque::All) {
            if options.get(name)?.is_some() {
                return Err(wrong(
                    &options.path(name),
                    "has no effect with tokens: \"opaque\", which nobody has signed",
                ));
            }
        }
        let trusted = verifier.trusted();
        let named = |at: usize| match &trusted[at].policy.issuer {
            Accepted::OneOf(names) => names.first().cloned(),
            _ => None,
        };
        let found = match &self.issuer {
            None if trusted.len() == 1 => Some(0),
            None => return Err(wrong(&self.path, "required: several issuers are trusted, and one of them is asked")),
            Some(issuer) => (0..trusted.len()).find(|&at| named(at).as_ref() == Some(issuer)),
        };
        let (Some(index), Some(issuer)) = (found, found.and_then(named)) else {
            return Err(wrong(&self.path, "expected the identifier of one issuer that is trusted from the start"));
        };
        if matches!(trusted[index].policy.profile, Profile::IdToken | Profile::LogoutToken) {
            return Err(wrong(&self.path, "an opaque token is an access token; the profile says otherwise"));
        }
        let settings = IntrospectionSettings { issuer, private_key: self.key };
        Ok((verifier.introspecting(index, &self.client.id), answer(&settings)))
    }
}
