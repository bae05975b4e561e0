//! The authorization response (RFC 6749 §4.1.2, RFC 9207 §2).

use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::oauth::error_response::described;
use crate::oauth::url;

/// What the client remembers of its authorization request.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedResponse<'e> {
    /// The `state` of a login that this browser began; `None` when it began none.
    pub state: Option<&'e str>,
    /// The issuer that was asked.
    pub issuer: &'e str,
    /// Whether the server has announced `authorization_response_iss_parameter_supported`.
    pub issuer_required: bool,
}

/// Takes the authorization code from the query of a redirect.
///
/// # Errors
/// `state_missing`, `state_mismatch`, `response_issuer_mismatch`, `access_denied`,
/// `login_required`, `authorization_error` or `response_invalid`.
pub fn authorization_code(query: &str, expected: ExpectedResponse<'_>) -> Result<String, Error> {
    let parameter = |name: &'static str| single(query, name);

    // RFC 6749 §10.12: first of all, does this answer belong to a login of this browser?
    let Some(expected_state) = expected.state else { return Err(Error::new(ErrorCode::StateMissing)) };
    let state = parameter("state")?;
    if state.as_deref() != Some(expected_state) {
        let found = if state.is_some() { "another state" } else { "no state" };
        return Err(Error::new(ErrorCode::StateMismatch).claim("state").found(found));
    }
    // RFC 9207 §2.4: compared as strings, nothing normalized; for errors as well.
    match parameter("iss")? {
        Some(issuer) if issuer == expected.issuer => {}
        None if !expected.issuer_required => {}
        issuer => {
            let found = issuer.as_deref().unwrap_or("nothing");
            return Err(Error::new(ErrorCode::ResponseIssuerMismatch)
                .claim("iss")
                .found(found)
                .expected(expected.issuer));
        }
    }
    match (parameter("code")?, parameter("error")?) {
        (Some(code), None) if !code.is_empty() => Ok(code),
        (None, Some(error)) => Err(server_error(&error, parameter("error_description")?.as_deref())),
        _ => Err(Error::new(ErrorCode::ResponseInvalid).expected("either code or error")),
    }
}

fn server_error(error: &str, description: Option<&str>) -> Error {
    let code = match error {
        "access_denied" => ErrorCode::AccessDenied,
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
            ErrorCode::LoginRequired
        }
        _ => ErrorCode::AuthorizationError,
    };
    described(code, error, description)
}

/// A parameter that occurs once or not at all (RFC 6749 §3.1), in UTF-8 (RFC 6749 Appendix B).
fn single(query: &str, name: &str) -> Result<Option<String>, Error> {
    let fault = |spec, found| Error::new(ErrorCode::ResponseInvalid).cite(spec).claim(name).found(found);
    let mut value = None;
    for parameter in query.strip_prefix('?').unwrap_or(query).as_bytes().split(|&byte| byte == b'&') {
        let mut parts = parameter.splitn(2, |&byte| byte == b'=');
        if parts.next().is_some_and(|key| url::form_decoded(key) == name.as_bytes()) {
            if value.is_some() {
                return Err(fault("RFC 6749 §3.1", "a repeated parameter"));
            }
            value = Some(parts.next().unwrap_or_default());
        }
    }
    let text = value.map(|value| String::from_utf8(url::form_decoded(value)));
    text.transpose().map_err(|_| fault("RFC 6749 Appendix B", "bytes that are not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const EXPECTED: ExpectedResponse<'_> =
        ExpectedResponse { state: Some("s1"), issuer: "https://as.example", issuer_required: true };

    fn code(query: &str) -> Result<String, ErrorCode> {
        authorization_code(query, EXPECTED).map_err(|error| error.code())
    }

    #[test]
    fn authorization_responses() {
        let iss = "iss=https%3A%2F%2Fas.example";
        assert_eq!(code(&format!("?code=a%2Fb&state=s1&{iss}")).as_deref(), Ok("a/b"));
        for (query, refusal) in [
            (format!("code=a&{iss}"), ErrorCode::StateMismatch),
            (format!("code=a&state=s2&{iss}"), ErrorCode::StateMismatch),
            (format!("code=a&state=s1&state=s1&{iss}"), ErrorCode::ResponseInvalid),
            (format!("code=a&code=b&state=s1&{iss}"), ErrorCode::ResponseInvalid),
            (String::from("code=a&state=s1"), ErrorCode::ResponseIssuerMismatch),
            (String::from("code=a&state=s1&iss=https%3A%2F%2Fas.example%2F"), ErrorCode::ResponseIssuerMismatch),
            (String::from("error=access_denied&state=s1"), ErrorCode::ResponseIssuerMismatch),
            (format!("error=access_denied&state=s1&{iss}"), ErrorCode::AccessDenied),
            (format!("error=login_required&state=s1&{iss}"), ErrorCode::LoginRequired),
            (format!("error=server_error&state=s1&{iss}"), ErrorCode::AuthorizationError),
            (format!("code=a&error=x&state=s1&{iss}"), ErrorCode::ResponseInvalid),
            (format!("code=&state=s1&{iss}"), ErrorCode::ResponseInvalid),
            (format!("state=s1&{iss}"), ErrorCode::ResponseInvalid),
            (format!("code=%ff&state=s1&{iss}"), ErrorCode::ResponseInvalid),
            (format!("code=a&c%6fde=b&state=s1&{iss}"), ErrorCode::ResponseInvalid),
        ] {
            assert_eq!(code(&query), Err(refusal), "{query}");
        }
        let denied = authorization_code(&format!("error=access_denied&error_description=no&state=s1&{iss}"), EXPECTED);
        let denied = denied.unwrap_err();
        assert_eq!((denied.oauth_error(), denied.found_value()), (Some("access_denied"), Some("access_denied: no")));
        let none = ExpectedResponse { state: None, ..EXPECTED };
        assert_eq!(
            authorization_code("code=a&state=s1", none).map_err(|error| error.code()),
            Err(ErrorCode::StateMissing)
        );
    }

    /// RFC 9207 §2.4: without its announcement the issuer may be left out, and is still compared where it is present.
    #[test]
    fn an_issuer_that_was_not_announced() {
        let unannounced = ExpectedResponse { issuer_required: false, ..EXPECTED };
        let code = |query| authorization_code(query, unannounced).map_err(|error| error.code());
        assert_eq!(code("code=a&state=s1").as_deref(), Ok("a"));
        assert_eq!(code("code=a&state=s1&iss=https%3A%2F%2Fas.example").as_deref(), Ok("a"));
        assert_eq!(code("code=a&state=s1&iss=https%3A%2F%2Fother.example"), Err(ErrorCode::ResponseIssuerMismatch));
    }
}
