//! Authorization server metadata (RFC 8414, OpenID Connect Discovery).

use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::json::{self, Object, Value};

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
        if endpoint && !value.as_str().is_some_and(is_secure_url) {
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
    match metadata.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(invalid(name).found(other.kind()).expected("a string")),
    }
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::MetadataInvalid).claim(name)
}

/// Whether a URL is https, or http to this very machine (RFC 8252 §8.3).
pub fn is_secure_url(url: &str) -> bool {
    if url.bytes().any(|octet| octet <= b' ' || octet == b'\\' || octet == 0x7f) {
        return false;
    }
    let authority = |rest: &str| rest.split(['/', '?', '#']).next().map(String::from).unwrap_or_default();
    if let Some(rest) = url.strip_prefix("https://") {
        let authority = authority(rest);
        return !authority.is_empty() && !authority.contains('@');
    }
    url.strip_prefix("http://").is_some_and(|rest| {
        let authority = authority(rest);
        let (host, port) = match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => authority.split_at(colon),
            _ => (authority.as_str(), ":"),
        };
        ["localhost", "127.0.0.1", "[::1]"].contains(&host) && port[1..].bytes().all(|octet| octet.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_urls() {
        for url in [
            "https://a.example",
            "https://a.example:8443/x?y#z",
            "http://localhost",
            "http://localhost:4102/jwks",
            "http://127.0.0.1:1",
            "http://[::1]:80/",
            "http://[::1]",
        ] {
            assert!(is_secure_url(url), "{url}");
        }
        for url in [
            "",
            "https://",
            "https:///x",
            "http://a.example",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "http://127.0.0.1.evil.example",
            "http://localhost:80@evil.example",
            "https://u:p@a.example",
            "ftp://a",
            "javascript:alert(1)",
            "data:,x",
            "//a.example",
            "https://a b",
            "https://a\\b",
            "http://localhost\\@evil.example",
        ] {
            assert!(!is_secure_url(url), "{url}");
        }
    }
}
