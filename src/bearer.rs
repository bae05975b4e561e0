//! Bearer tokens at a resource server (RFC 6750): the request's credentials and the challenge.

use alloc::{
    format,
    string::{String, ToString},
};

use crate::error::{Error, ErrorCode};

/// What a challenge says besides the error.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChallengeParameters<'p> {
    /// The protection space (RFC 7235 §2.2).
    pub realm: Option<&'p str>,
    /// The scopes that the resource needs, separated by spaces (RFC 6750 §3).
    pub scope: Option<&'p str>,
    /// The URL of the resource's metadata (RFC 9728 §5.1).
    pub resource_metadata: Option<&'p str>,
}

/// The token of an Authorization header (RFC 6750 §2.1).
///
/// # Errors
/// `token_missing` without bearer credentials; `request_invalid` for more than one.
pub fn bearer_token(authorization: Option<&str>) -> Result<&str, Error> {
    let missing = || Error::new(ErrorCode::TokenMissing);
    let (scheme, credentials) = authorization.ok_or_else(missing)?.trim().split_once(' ').ok_or_else(missing)?;
    let token = credentials.trim_start();
    if !scheme.eq_ignore_ascii_case("Bearer") || token.is_empty() {
        Err(missing())
    } else if token.contains(',') {
        // Two headers reach a fetch handler joined by a comma, which no token contains.
        Err(Error::new(ErrorCode::RequestInvalid).found("several credentials"))
    } else {
        Ok(token)
    }
}

/// The value of WWW-Authenticate (RFC 6750 §3), or nothing for a failure of the server itself.
pub fn challenge(error: &Error, parameters: ChallengeParameters<'_>) -> Option<String> {
    let kind = match error.code().status() {
        400 => Some("invalid_request"),
        403 => Some("insufficient_scope"),
        401 if error.code() == ErrorCode::TokenMissing => None, // RFC 6750 §3.1: no error without credentials
        401 => Some("invalid_token"),
        _ => return None,
    };
    let mut value = String::from("Bearer");
    let mut separator = " ";
    let mut parameter = |name: &str, text: Option<&str>| {
        if let Some(text) = text {
            value.push_str(&format!("{separator}{name}=\"{}\"", quotable(text)));
            separator = ", ";
        }
    };
    parameter("realm", parameters.realm);
    parameter("error", kind);
    parameter("error_description", kind.map(|_| format!("{}: {error}", error.code())).as_deref());
    parameter("scope", parameters.scope);
    parameter("resource_metadata", parameters.resource_metadata);
    Some(value)
}

/// The characters that RFC 6750 §3 allows in a value; others become a question mark.
fn quotable(text: &str) -> String {
    let spelled = text.to_string().replace('§', "section ").replace('"', "'");
    spelled.chars().map(|c| if matches!(c, ' '..='[' | ']'..='~') { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials() {
        let code = |header| bearer_token(header).map_err(|error| error.code());
        assert_eq!(code(Some("Bearer a.b.c")), Ok("a.b.c"));
        assert_eq!(code(Some("bearer   a.b.c")), Ok("a.b.c"));
        for missing in
            [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic YTpi"), Some("DPoP a.b.c"), Some("a.b.c")]
        {
            assert_eq!(code(missing), Err(ErrorCode::TokenMissing), "{missing:?}");
        }
        assert_eq!(code(Some("Bearer a.b.c, Bearer d.e.f")), Err(ErrorCode::RequestInvalid));
    }

    #[test]
    fn challenges() {
        let missing = challenge(
            &Error::new(ErrorCode::TokenMissing),
            ChallengeParameters { realm: Some("shop"), ..Default::default() },
        );
        assert_eq!(missing.as_deref(), Some("Bearer realm=\"shop\""));
        let scope = challenge(
            &Error::new(ErrorCode::InsufficientScope).found("a\"b\\c\u{e9}\n"),
            ChallengeParameters { scope: Some("read"), ..Default::default() },
        );
        let scope = scope.unwrap_or_default();
        assert!(
            scope.starts_with("Bearer error=\"insufficient_scope\", error_description=\"insufficient_scope: "),
            "{scope}"
        );
        assert!(scope.ends_with(", scope=\"read\"") && scope.is_ascii() && scope.contains("a'b?c??"), "{scope}");
        assert_eq!(challenge(&Error::new(ErrorCode::KeysUnavailable), ChallengeParameters::default()), None);
    }
}
