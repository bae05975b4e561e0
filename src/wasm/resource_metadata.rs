//! The option `resourceMetadata`: where the metadata of a resource is served, and what it says (RFC 9728).

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::options::{Options, Read, object, string, wrong};
use crate::oauth::url;
use crate::resource_server::metadata_members::MetadataMembers;
use crate::resource_server::settings::MetadataLocation;

const NAMES: [&str; 10] = [
    "resource_name",
    "resource_documentation",
    "resource_policy_uri",
    "resource_tos_uri",
    "jwks_uri",
    "signed_metadata",
    "scopes_supported",
    "bearer_methods_supported",
    "resource_signing_alg_values_supported",
    "authorization_details_types_supported",
];

/// Served here, with or without members of its own; elsewhere (an address, or an object of class URL); or nowhere.
pub(super) fn read(options: &Options) -> Read<(MetadataLocation, MetadataMembers)> {
    let none = MetadataMembers::default();
    let Some(value) = options.get("resourceMetadata")? else { return Ok((MetadataLocation::None, none)) };
    let path = options.path("resourceMetadata");
    match value.as_bool() {
        Some(true) => return Ok((MetadataLocation::Here, none)),
        Some(false) => return Ok((MetadataLocation::None, none)),
        None => {}
    }
    let href = if value.is_string() { Some(value.clone()) } else { href(&value) };
    if let Some(href) = href {
        // RFC 9728 §5.1: the parameter is a URL, which clients fetch.
        let url = Some(string(&href, &path)?).filter(|url| url::is_secure(url));
        let url = url.ok_or_else(|| wrong(&path, EXPECTED))?;
        return Ok((MetadataLocation::At(url), none));
    }
    if object(&value).is_none() {
        return Err(wrong(&path, EXPECTED));
    }
    let given = Options::read(&value, &path, &NAMES)?;
    let list = |name: &str| given.strings(name).map(Option::unwrap_or_default);
    let members = MetadataMembers {
        resource_name: given.string("resource_name")?,
        resource_documentation: given.string("resource_documentation")?,
        resource_policy_uri: given.string("resource_policy_uri")?,
        resource_tos_uri: given.string("resource_tos_uri")?,
        jwks_uri: given.string("jwks_uri")?,
        signed_metadata: given.string("signed_metadata")?,
        scopes_supported: list("scopes_supported")?,
        bearer_methods_supported: list("bearer_methods_supported")?,
        resource_signing_alg_values_supported: list("resource_signing_alg_values_supported")?,
        authorization_details_types_supported: list("authorization_details_types_supported")?,
    };
    members.check().map_err(|error| wrong(&given.path(&error.name), error.expected))?;
    Ok((MetadataLocation::Here, members))
}

const EXPECTED: &str = "expected true, false, an https URL or an object with members of the metadata";

/// The address of an object of class URL.
fn href(value: &JsValue) -> Option<JsValue> {
    let href = value.is_object().then(|| Reflect::get(value, &JsValue::from_str("href")).ok()).flatten();
    href.filter(JsValue::is_string)
}
