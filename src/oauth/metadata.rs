//! Authorization server metadata (RFC 8414, OpenID Connect Discovery).

use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};
use crate::oauth::url;

/// Checks a metadata document: it is about the issuer that was asked, has the members that the
/// caller needs, and names secure endpoints only.
///
/// # Errors
/// `metadata_invalid`, and the codes of malformed JSON.
pub fn check(text: &[u8], issuer: &str, needed: &[String]) -> Result<(), Error> {
    let value = json::parse(text)?;
    let metadata = value.as_object().ok_or_else(|| invalid("").found(value.kind()).expected("an object"))?;
    // RFC 8414 §3.3: "MUST be identical to the authorization server's issuer identifier".
    let named = member(metadata, "issuer")?;
    if named != Some(issuer) {
        return Err(invalid("issuer").found(named.unwrap_or("nothing")).expected(issuer));
    }
    for (name, value) in metadata.members() {
        let endpoint = name == "jwks_uri" || name.ends_with("_endpoint");
        if endpoint && !value.as_str().is_some_and(url::is_secure) {
            return Err(invalid(name)
                .cite("RFC 8414 §2")
                .found(value.as_str().unwrap_or(value.kind()))
                .expected("an https URL"));
        }
    }
    for name in needed {
        if member(metadata, name)?.is_none() {
            return Err(invalid(name).cite("RFC 8414 §2").found("nothing").expected("a URL"));
        }
    }
    check_pkce(metadata)
}

/// A server that lists its code challenge methods has to list S256 (RFC 7636 §4.2).
fn check_pkce(metadata: &Object<'_>) -> Result<(), Error> {
    let methods = metadata.get("code_challenge_methods_supported").and_then(Value::as_array);
    match methods {
        Some(methods) if !methods.iter().any(|method| method.as_str() == Some("S256")) => {
            Err(invalid("code_challenge_methods_supported").cite("RFC 7636 §4.2").expected("S256"))
        }
        _ => Ok(()),
    }
}

fn member<'v>(metadata: &'v Object<'_>, name: &str) -> Result<Option<&'v str>, Error> {
    metadata.text(name).map_err(|kind| invalid(name).found(kind).expected("a string"))
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::MetadataInvalid).claim(name)
}
