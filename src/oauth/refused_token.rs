//! Whether a resource server's response rejects the access token (RFC 6750 §3).

/// Whether an answer refuses the access token itself, so that a new one may help. Of a 401 without a challenge nothing
/// else is known: a page sees the header of another origin only where that origin exposes it.
pub fn refuses_token(status: u16, challenge: Option<&str>) -> bool {
    status == 401 && challenge.is_none_or(|challenge| parameters(challenge).any(is_invalid_token))
}

/// RFC 6750 §3.1: the token "is expired, revoked, malformed, or invalid for other reasons".
fn is_invalid_token(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    // The first parameter of a challenge stands behind its scheme.
    let name = name.trim_end().rsplit([' ', '\t']).next().unwrap_or_default();
    let value = value.trim();
    let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    name.eq_ignore_ascii_case("error") && unquoted == "invalid_token"
}

/// The parts of a `WWW-Authenticate` value between its commas, those in quoted strings aside (RFC 9110 §11.6.1).
fn parameters(challenge: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    challenge.split(move |character| {
        let separates = character == ',' && !quoted;
        quoted ^= character == '"' && !escaped;
        escaped = quoted && character == '\\' && !escaped;
        separates
    })
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
