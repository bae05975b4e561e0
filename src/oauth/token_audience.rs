//! Which addresses an access token may be sent to.

use alloc::vec::Vec;

use super::url;

/// Whether a request to `address` may carry the access token: its origin (RFC 6454 §4) is that of one that was named, and
/// nobody on the way can read it (RFC 6750 §5.3). A name without an origin opens nothing.
pub fn may_see_token(address: &str, named: &[&str]) -> bool {
    let origin = origin(address);
    origin.is_some() && named.iter().any(|named| self::origin(named) == origin)
}

/// The origin of a secure URL, its default port left out.
pub(crate) fn origin(address: &str) -> Option<Vec<u8>> {
    let (origin, ..) = url::parts(address).filter(|_| url::is_secure(address))?;
    url::normalized(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_see_a_token() {
        let named = [
            "https://api.example/v1",
            "urn:orders",
            "http://localhost:8080",
            "http://plain.example",
            "https://B.example:443",
        ];
        for address in
            ["https://api.example/", "https://api.example/v2?x#y", "http://localhost:8080/x", "https://b.example/"]
        {
            assert!(may_see_token(address, &named), "{address}");
        }
        for address in [
            "",
            "urn:orders",
            "http://api.example/",
            "https://api.example:8443/",
            "https://api.example.evil.example/",
            "https://api.example@evil.example/",
            "https://user@api.example/",
            "https://evil.example/https://api.example/",
            "http://localhost/",
            "http://localhost:8081/",
            "https://localhost:8080/",
            "http://plain.example/",
            "https://plain.example/",
            "javascript:https://api.example/",
        ] {
            assert!(!may_see_token(address, &named), "{address}");
        }
        assert!(!may_see_token("https://api.example/", &[]));
    }
}
