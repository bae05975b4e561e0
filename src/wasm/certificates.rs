//! The option `mtls`: where the certificate is found by which a client opened its connection (RFC 8705 §3).

use std::string::String;

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, Request};

use super::guard_options::is_required;
use super::options::{Options, Read, wrong};
use crate::resource_server::certificate::ClientCertificate;
use crate::resource_server::settings::MtlsSettings;

/// Where certificates are looked for.
#[derive(Default)]
pub(super) enum Certificates {
    #[default]
    Nowhere,
    /// In a header of this name, which a proxy sets.
    Header(String),
    /// In `request.cf.tlsClientAuth`.
    Cloudflare,
}

/// The certificate of one request.
pub(super) enum Found {
    None,
    Header(String),
    Fingerprint(String),
}

const NAMES: [&str; 3] = ["mode", "header", "cloudflare"];

/// Reads the option.
pub(super) fn read(options: &Options) -> Read<(Certificates, Option<MtlsSettings>)> {
    let Some(value) = options.get("mtls")? else { return Ok((Certificates::Nowhere, None)) };
    let path = options.path("mtls");
    if let Some(text) = value.as_string() {
        return match text.as_str() {
            "cloudflare" => Ok((Certificates::Cloudflare, Some(MtlsSettings::default()))),
            _ => Err(wrong(&path, "expected cloudflare, or an object with header or cloudflare")),
        };
    }
    let mtls = Options::read(&value, &path, &NAMES)?;
    let mode = mtls.string("mode")?.map(|mode| is_required(&mode, &mtls.path("mode"))).transpose()?;
    let settings = MtlsSettings { required: mode.unwrap_or_default() };
    let place = match (mtls.string("header")?, mtls.flag("cloudflare")?.unwrap_or_default()) {
        (Some(name), false) if is_field_name(&name) => Certificates::Header(name),
        (Some(_), false) => return Err(wrong(&mtls.path("header"), "expected the name of a header")),
        (None, true) => Certificates::Cloudflare,
        _ => return Err(wrong(&path, "expected either header or cloudflare: true")),
    };
    Ok((place, Some(settings)))
}

/// RFC 9110 §5.1
fn is_field_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

impl Certificates {
    pub(super) fn of(&self, request: &Request, headers: &Headers) -> Found {
        match self {
            Self::Nowhere => Found::None,
            Self::Header(name) => headers.get(name).ok().flatten().map_or(Found::None, Found::Header),
            Self::Cloudflare => cloudflare(request).map_or(Found::None, Found::Fingerprint),
        }
    }
}

impl Found {
    pub(super) fn as_certificate(&self) -> Option<ClientCertificate<'_>> {
        match self {
            Self::None => None,
            Self::Header(value) => Some(ClientCertificate::Header(value)),
            Self::Fingerprint(digits) => Some(ClientCertificate::Fingerprint(digits)),
        }
    }
}

/// The fingerprint of a certificate that Cloudflare has verified.
fn cloudflare(request: &Request) -> Option<String> {
    let cf = JsValue::from_str("cf");
    // The platform has it in the class of requests; what lies in every object was put there by somebody else.
    let everything = Object::get_prototype_of(&Object::new());
    if Object::get_own_property_descriptor(&everything, &cf).is_object() {
        return None;
    }
    let cf = Reflect::get(request, &cf).ok()?;
    let auth = own(&cf, "tlsClientAuth")?;
    let text = |name| own(&auth, name).and_then(|value| value.as_string());
    let is_verified =
        text("certPresented").as_deref() == Some("1") && text("certVerified").as_deref() == Some("SUCCESS");
    text("certFingerprintSHA256").filter(|_| is_verified)
}

/// A member that an object has itself.
fn own(object: &JsValue, name: &str) -> Option<JsValue> {
    let object = object.dyn_ref::<Object>()?;
    let descriptor = Object::get_own_property_descriptor(object, &JsValue::from_str(name));
    descriptor.is_object().then(|| Reflect::get(object, &JsValue::from_str(name)).ok()).flatten()
}
