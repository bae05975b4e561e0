//! Protected resource metadata (RFC 9728): which tells clients the authorization servers of this resource.

use alloc::{format, string::String, vec::Vec};

use super::settings::{MetadataLocation, ResourceSettings};
use crate::claims::policy::Accepted;
use crate::invalid_option::InvalidOption;
use crate::jose::json_text::{ObjectText, write_string};
use crate::oauth::{scope, url};
use crate::verifier::TrustedIssuer;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The answer to a request for the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataAnswer<'m> {
    /// The HTTP status.
    pub status: u16,
    /// The headers, all of them.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body, JSON; none for every method but GET.
    pub body: Option<&'m str>,
}

/// A document that is public, for pages of every origin.
const DOCUMENT: &[(&str, &str)] =
    &[("content-type", "application/json; charset=utf-8"), ("access-control-allow-origin", "*")];

/// The answer to a preflight (Fetch §3.3.3): browsers ask where a client sends headers of its own.
const PREFLIGHT: &[(&str, &str)] = &[
    ("allow", "GET, HEAD, OPTIONS"),
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, HEAD"),
    ("access-control-allow-headers", "*"),
];

/// RFC 9110 §15.5.6
const OTHER_METHOD: &[(&str, &str)] = &[("allow", "GET, HEAD, OPTIONS"), ("access-control-allow-origin", "*")];

/// The metadata of one resource.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// The address that challenges point to (RFC 9728 §5.1).
    pub(super) url: Option<String>,
    /// The path and the text of the document that is served here.
    document: Option<(String, String)>,
}

impl Metadata {
    pub(super) fn new(
        settings: &ResourceSettings,
        public_origin: Option<&str>,
        trusted: &[TrustedIssuer],
    ) -> Result<Self, InvalidOption> {
        settings.members.check()?;
        let resource = identifier(settings, public_origin, trusted)?;
        match &settings.metadata {
            MetadataLocation::None => Ok(Self::default()),
            MetadataLocation::At(url) => Ok(Self { url: Some(url.clone()), document: None }),
            MetadataLocation::Here => {
                let Some((origin, path, query)) = resource.and_then(url::parts) else {
                    return Err(InvalidOption::new(
                        "resource",
                        "expected an https URL, since no audience is one and the metadata has to name it",
                    ));
                };
                // RFC 9728 §3.1: inserted between host and path; a slash that ends the host is removed.
                let path = format!("{WELL_KNOWN}{}", if path == "/" { "" } else { path });
                let url = format!("{}{path}{query}", public_origin.unwrap_or(origin));
                let text = text(resource.unwrap_or_default(), settings, trusted);
                Ok(Self { url: Some(url), document: Some((path, text)) })
            }
        }
    }

    pub(super) const fn is_served(&self) -> bool {
        self.document.is_some()
    }

    /// The answer to a request for the document. The path alone decides: behind a proxy the host is not the public one.
    pub(super) fn answer(&self, method: &str, url: &str) -> Option<MetadataAnswer<'_>> {
        let (path, text) = self.document.as_ref()?;
        if url::path(url)? != path {
            return None;
        }
        let (status, headers, body) = match method {
            "GET" => (200, DOCUMENT, Some(text.as_str())), // RFC 9728 §3.2
            "HEAD" => (200, DOCUMENT, None),
            "OPTIONS" => (204, PREFLIGHT, None),
            _ => (405, OTHER_METHOD, None),
        };
        Some(MetadataAnswer { status, headers, body })
    }
}

/// The resource identifier: a URL with the scheme https and without a fragment (RFC 9728 §1.2).
fn identifier<'s>(
    settings: &'s ResourceSettings,
    public_origin: Option<&'s str>,
    trusted: &'s [TrustedIssuer],
) -> Result<Option<&'s str>, InvalidOption> {
    let is_identifier = |one: &&str| url::is_secure(one) && !one.contains('#');
    if let Some(resource) = settings.resource.as_deref() {
        return match Some(resource).filter(is_identifier) {
            None => Err(InvalidOption::new("resource", "expected an https URL without a fragment")),
            identifier => Ok(identifier),
        };
    }
    let audiences = trusted.iter().flat_map(|trusted| values(&trusted.policy.audience));
    Ok(audiences.map(String::as_str).find(is_identifier).or(public_origin))
}

/// The document's text (RFC 9728 §2).
fn text(resource: &str, settings: &ResourceSettings, trusted: &[TrustedIssuer]) -> String {
    let mut issuers: Vec<&str> = Vec::new();
    for issuer in trusted.iter().flat_map(|trusted| values(&trusted.policy.issuer)) {
        if !issuers.contains(&issuer.as_str()) {
            issuers.push(issuer);
        }
    }
    let mut text = ObjectText::new();
    text.text("resource", resource);
    // RFC 9728 §3.2: a parameter with no values is left out.
    let mut list = |name, values: &[&str]| {
        if !values.is_empty() {
            text.json(name, &array(values));
        }
    };
    list("authorization_servers", &issuers);
    let members = &settings.members;
    let needed = trusted.iter().flat_map(|trusted| &trusted.policy.scopes);
    list("scopes_supported", &scope::distinct(needed.chain(&members.scopes_supported)));
    if members.bearer_methods_supported.is_empty() {
        list("bearer_methods_supported", &["header"]); // RFC 6750 §2.1
    }
    if let Some(dpop) = &settings.dpop {
        let algorithms = super::challenge::proof_algorithms(dpop.algorithms.as_deref());
        list("dpop_signing_alg_values_supported", &algorithms);
    }
    for (name, values) in members.lists() {
        list(name, &values.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let mut flag = |name, holds: bool| {
        if holds {
            text.json(name, "true");
        }
    };
    flag("dpop_bound_access_tokens_required", settings.dpop.as_ref().is_some_and(|dpop| dpop.required));
    flag("tls_client_certificate_bound_access_tokens", settings.mtls.is_some());
    for (name, value) in members.texts() {
        text.text(name, value);
    }
    text.finish()
}

fn values(accepted: &Accepted) -> &[String] {
    match accepted {
        Accepted::Any | Accepted::Template(_) => &[],
        Accepted::OneOf(values) => values,
    }
}

fn array(values: &[&str]) -> String {
    let mut text = String::from("[");
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write_string(&mut text, value);
    }
    text.push(']');
    text
}
