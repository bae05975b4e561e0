//! What an authorization server answers: the authorization response (RFC 6749 §4.1.2, RFC 9207) and
//! the token response (RFC 6749 §5).

use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::json::{self, Object, Value};
use crate::json_text::decimal;
use crate::numeric_date::NumericDate;
use crate::policy::same_but_for_case;
use crate::url;

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
    Error::new(code).claim("error").found(described(error, description))
}

fn described(error: &str, description: Option<&str>) -> String {
    let (colon, description) = description.map_or(("", ""), |description| (": ", description));
    [error, colon, description].concat()
}

/// A parameter that stands once or not at all (RFC 6749 §3.1), in UTF-8 (RFC 6749 Appendix B).
fn single(query: &str, name: &str) -> Result<Option<String>, Error> {
    let fault = |spec, found| Error::new(ErrorCode::ResponseInvalid).cite(spec).claim(name).found(found);
    let mut value = None;
    for parameter in query.strip_prefix('?').unwrap_or(query).as_bytes().split(|&octet| octet == b'&') {
        let mut parts = parameter.splitn(2, |&octet| octet == b'=');
        if parts.next().is_some_and(|key| url::form_decoded(key) == name.as_bytes()) {
            if value.is_some() {
                return Err(fault("RFC 6749 §3.1", "a repeated parameter"));
            }
            value = Some(parts.next().unwrap_or_default());
        }
    }
    let text = value.map(|value| String::from_utf8(url::form_decoded(value)));
    text.transpose().map_err(|_| fault("RFC 6749 Appendix B", "octets that are not UTF-8"))
}

/// A successful token response.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// How it is used: `Bearer` or `DPoP`.
    pub token_type: String,
    /// Its lifetime in seconds, rounded down.
    pub expires_in: Option<u64>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The granted scope; the requested one where the server leaves it out.
    pub scope: Option<String>,
    /// The ID token, unchecked.
    pub id_token: Option<String>,
}

/// Reads a token response (RFC 6749 §5.1), or the server's error (§5.2). With `openid`, an ID token has to be
/// in it (OpenID Connect Core §3.1.3.3).
///
/// # Errors
/// `token_request_failed` with the server's own error; `token_response_invalid`.
pub fn token_response(status: u16, text: &[u8], token_type: &str, openid: bool) -> Result<TokenResponse, Error> {
    let value = json::parse(text);
    if status != 200 {
        return Err(token_error(status, value.ok().as_ref().and_then(Value::as_object)));
    }
    let value = value.map_err(|error| invalid("").found(error.code().as_str()))?;
    let response = value.as_object().ok_or_else(|| invalid("").found(value.kind()).expected("an object"))?;
    let answered = required(response, "token_type")?;
    if !same_but_for_case(&answered, token_type) {
        // RFC 6749 §7.1: a client MUST NOT use a token whose type it does not understand.
        return Err(invalid("token_type").cite("RFC 6749 §7.1").found(answered).expected(token_type));
    }
    if openid {
        required(response, "id_token").map_err(|error| error.cite("OpenID Connect Core §3.1.3.3"))?;
    }
    Ok(TokenResponse {
        access_token: required(response, "access_token")?,
        token_type: String::from(token_type),
        expires_in: lifetime(response)?,
        refresh_token: optional(response, "refresh_token")?,
        scope: optional(response, "scope")?,
        id_token: optional(response, "id_token")?,
    })
}

fn token_error(status: u16, response: Option<&Object<'_>>) -> Error {
    let text = |name| response.and_then(|response| response.get(name)).and_then(Value::as_str);
    let found = described(text("error").unwrap_or("no OAuth error"), text("error_description"));
    let found = [&*found, " (status ", &decimal(status.into()), ")"].concat();
    Error::new(ErrorCode::TokenRequestFailed).claim("error").found(&found)
}

fn lifetime(response: &Object<'_>) -> Result<Option<u64>, Error> {
    match response.get("expires_in") {
        None => Ok(None),
        Some(Value::Number(seconds)) => {
            let seconds = NumericDate::parse(seconds).map(|seconds| seconds.whole_seconds());
            seconds.map(Some).ok_or_else(|| invalid("expires_in").expected("seconds"))
        }
        Some(other) => Err(invalid("expires_in").found(other.kind()).expected("a number of seconds")),
    }
}

fn required(response: &Object<'_>, name: &str) -> Result<String, Error> {
    let text = optional(response, name)?.unwrap_or_default();
    if text.is_empty() { Err(invalid(name).found("nothing").expected("a string")) } else { Ok(text) }
}

/// A member that may be left out, or null.
fn optional(response: &Object<'_>, name: &str) -> Result<Option<String>, Error> {
    match response.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(String::from(&**text))),
        Some(other) => Err(invalid(name).found(other.kind()).expected("a string")),
    }
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::TokenResponseInvalid).claim(name)
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
        let none = ExpectedResponse { state: None, ..EXPECTED };
        assert_eq!(
            authorization_code("code=a&state=s1", none).map_err(|error| error.code()),
            Err(ErrorCode::StateMissing)
        );
    }

    /// RFC 9207 §2.4: without its announcement the issuer may be left out, and is still compared where it stands.
    #[test]
    fn an_issuer_that_was_not_announced() {
        let unannounced = ExpectedResponse { issuer_required: false, ..EXPECTED };
        let code = |query| authorization_code(query, unannounced).map_err(|error| error.code());
        assert_eq!(code("code=a&state=s1").as_deref(), Ok("a"));
        assert_eq!(code("code=a&state=s1&iss=https%3A%2F%2Fas.example").as_deref(), Ok("a"));
        assert_eq!(code("code=a&state=s1&iss=https%3A%2F%2Fother.example"), Err(ErrorCode::ResponseIssuerMismatch));
    }

    #[test]
    fn token_responses() {
        let code = |status, text: &str| {
            token_response(status, text.as_bytes(), "Bearer", false).map(drop).map_err(|error| error.code())
        };
        assert_eq!(
            code(200, r#"{"access_token":"a","token_type":"bearer","expires_in":300,"refresh_token":null}"#),
            Ok(())
        );
        for text in [
            "",
            "[]",
            r#"{"access_token":"a"}"#,
            r#"{"token_type":"Bearer"}"#,
            r#"{"access_token":"","token_type":"Bearer"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":"300"}"#,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":-1}"#,
            r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#,
            r#"{"access_token":"a","token_type":"Bearer","id_token":1}"#,
        ] {
            assert_eq!(code(200, text), Err(ErrorCode::TokenResponseInvalid), "{text}");
        }
        let refused = token_response(400, br#"{"error":"invalid_grant"}"#, "Bearer", false).unwrap_err();
        assert_eq!(
            (refused.code(), refused.found_value()),
            (ErrorCode::TokenRequestFailed, Some("invalid_grant (status 400)"))
        );
        let plain = br#"{"access_token":"a","token_type":"Bearer"}"#;
        let openid = token_response(200, plain, "Bearer", true).unwrap_err();
        assert_eq!((openid.code(), openid.claim_name()), (ErrorCode::TokenResponseInvalid, Some("id_token")));
        assert_eq!(code(502, "<html>"), Err(ErrorCode::TokenRequestFailed));
    }
}
