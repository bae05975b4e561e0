//! Whether a resource server's response rejects the access token (RFC 6750 §3).

use super::challenge;

/// Whether an answer refuses the access token itself, so that a new one may help. Of a 401 without a challenge nothing
/// else is known: a page sees the header of another origin only where that origin exposes it.
pub fn refuses_token(status: u16, challenge: Option<&str>) -> bool {
    // RFC 6750 §3.1: the token "is expired, revoked, malformed, or invalid for other reasons".
    status == 401 && challenge.is_none_or(|challenge| challenge::has_error(challenge, "invalid_token"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges() {
        for (challenge, refuses) in [
            // RFC 6750 §3, the example.
            (r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#, true),
            (r#"Bearer error="invalid_token""#, true),
            ("bearer error=invalid_token", true),
            ("Bearer\tERROR = \"invalid_token\"", true),
            (r#"Basic realm="a", Bearer error="invalid_token""#, true),
            (r#"Bearer realm="a\", error=\"", error="invalid_token""#, true),
            (r#"Bearer realm="a""#, false),
            (r#"Bearer error="insufficient_scope""#, false),
            (r#"Bearer error="invalid_token2""#, false),
            (r#"Bearer xerror="invalid_token""#, false),
            (r#"Bearer error_description="no, error=invalid_token""#, false),
            (r#"Bearer realm="a\", error=\"invalid_token", scope="b""#, false),
            (r#"DPoP error="use_dpop_nonce""#, false),
            ("invalid_token", false),
            ("", false),
        ] {
            assert_eq!(refuses_token(401, Some(challenge)), refuses, "{challenge}");
            assert!(!refuses_token(403, Some(challenge)));
        }
        assert!(refuses_token(401, None));
        assert!(!refuses_token(400, None) && !refuses_token(200, None));
    }
}
