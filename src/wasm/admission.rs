//! Issuers that are admitted later: tenants of a template, and those that a function of the caller's knows.

use std::{string::String, vec::Vec};

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::issuer_entry::{ISSUER_NAMES, Layers};
use super::key_options::{KeySource, numbers};
use super::options::{Options, Read, string, wrong};
use super::trusted_issuer::trusted_issuer;
use crate::claims::policy::Accepted;
use crate::claims::profile::Profile;
use crate::jwks::IssuerLimits;
use crate::jwks::issuer_limits::LIMIT_TABLE;
use crate::verifier::{TrustedIssuer, Verifier};

/// What has to be known of the options when an issuer is admitted.
pub(super) struct Admission {
    shared: Options,
    route: Option<Options>,
    default: Profile,
    asks: JsValue,
    /// The templates whose tenants have keys of their own, by index.
    templates: Vec<(usize, KeySource)>,
}

/// What the shell needs to know.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdmissionSettings {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    ask: JsValue,
    limits: Vec<f64>,
    allow_http: bool,
}

impl Admission {
    /// None where every issuer is known from the start.
    pub(super) fn read(
        options: &Options,
        route: Option<&Options>,
        default: Profile,
        sources: &[KeySource],
    ) -> Read<Option<Self>> {
        let asks = options.get("issuer")?.filter(JsValue::is_function).unwrap_or(JsValue::NULL);
        let open = sources.iter().enumerate().filter(|(_, source)| source.is_open() && asks.is_null());
        let templates: Vec<(usize, KeySource)> = open.map(|(index, source)| (index, source.clone())).collect();
        if asks.is_null() && templates.is_empty() {
            return match options.get("issuerTable")? {
                Some(_) => Err(wrong(&options.path("issuerTable"), "has no effect: all issuers are known")),
                None => Ok(None),
            };
        }
        Ok(Some(Self { shared: options.clone(), route: route.cloned(), default, asks, templates }))
    }

    /// The same verifier, which may be told of further issuers.
    pub(super) fn open(&self, verifier: Verifier) -> Verifier {
        let verifier = if self.asks.is_null() { verifier } else { verifier.asking() };
        self.templates.iter().fold(verifier, |verifier, (index, _)| verifier.with_tenants_of(*index))
    }

    /// Whether a function of the caller's is asked; else the options say all.
    pub(super) fn asks(&self) -> bool {
        !self.asks.is_null()
    }

    pub(super) fn settings(&self) -> Read<AdmissionSettings> {
        let allow_http = self.shared.flag("allowHttp")?.unwrap_or(false)
            || self.templates.iter().any(|(_, source)| source.allow_http());
        Ok(AdmissionSettings { ask: self.asks.clone(), limits: limits(&self.shared)?, allow_http })
    }

    /// The policy and the key set of a tenant of a template.
    pub(super) fn tenant(&self, index: usize, name: &str, verifier: &Verifier) -> Option<(TrustedIssuer, KeySource)> {
        let (_, source) = self.templates.iter().find(|(template, _)| *template == index)?;
        let trusted = verifier.tenant_of(index)?;
        let source = match &trusted.policy.issuer {
            Accepted::Template(template) => source.of_tenant(name, template)?,
            _ => return None,
        };
        Some((trusted, source))
    }

    /// The policy and the keys of an issuer by an answer about it. Throws a `TypeError` for one that is none.
    pub(super) fn answered(&self, name: &str, answer: &JsValue) -> Read<(TrustedIssuer, KeySource)> {
        let own = Options::read(answer, "issuer()", &ISSUER_NAMES)?;
        let path = own.path("issuer");
        if string(&own.required("issuer")?, &path)? != name {
            return Err(wrong(&path, "expected the issuer that was asked about"));
        }
        let layers = Layers { route: self.route.as_ref(), own: Some(&own), shared: &self.shared };
        trusted_issuer(layers, Accepted::OneOf(Vec::from([String::from(name)])), self.default)
    }
}

/// The option `issuerTable`: how many issuers are kept, how long, and how often somebody is asked.
fn limits(options: &Options) -> Read<Vec<f64>> {
    let mut limits = IssuerLimits::default();
    numbers(options, "issuerTable", &LIMIT_TABLE, &mut |at, limit| limits.set_at(at, limit))?;
    Ok(Vec::from(limits.0))
}
