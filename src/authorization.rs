//! What an authorization server answers: the authorization response (RFC 6749 §4.1.2, RFC 9207) and
//! the token response (RFC 6749 §5).

use alloc::{borrow::Cow, format, string::String};

use crate::error::{Error, ErrorCode};
use crate::json::{self, Object, Value};
use crate::numeric_date::NumericDate;

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
        (Some(code), None) if !code.is_empty() => Ok(code.into_owned()),
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
    description.map_or_else(|| String::from(error), |description| format!("{error}: {description}"))
}

/// A parameter that stands once or not at all (RFC 6749 §3.1).
fn single<'q>(query: &'q str, name: &'static str) -> Result<Option<Cow<'q, str>>, Error> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => {
            Err(Error::new(ErrorCode::ResponseInvalid).cite("RFC 6749 §3.1").claim(name).found("a repeated parameter"))
        }
    }
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
    let needed = |name| {
        member(response, name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| invalid(name).found("nothing").expected("a string"))
    };
    let answered = needed("token_type")?;
    if !answered.eq_ignore_ascii_case(token_type) {
        // RFC 6749 §7.1: a client MUST NOT use a token whose type it does not understand.
        return Err(invalid("token_type").cite("RFC 6749 §7.1").found(answered).expected(token_type));
    }
    if openid {
        needed("id_token").map_err(|error| error.cite("OpenID Connect Core §3.1.3.3"))?;
    }
    Ok(TokenResponse {
        access_token: String::from(needed("access_token")?),
        token_type: String::from(token_type),
        expires_in: lifetime(response)?,
        refresh_token: member(response, "refresh_token")?.map(String::from),
        scope: member(response, "scope")?.map(String::from),
        id_token: member(response, "id_token")?.map(String::from),
    })
}

fn token_error(status: u16, response: Option<&Object<'_>>) -> Error {
    let text = |name| response.and_then(|response| response.get(name)).and_then(Value::as_str);
    let found = described(text("error").unwrap_or("no OAuth error"), text("error_description"));
    Error::new(ErrorCode::TokenRequestFailed).claim("error").found(format!("{found} (status {status})"))
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

fn member<'v>(response: &'v Object<'_>, name: &'static str) -> Result<Option<&'v str>, Error> {
    match response.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(invalid(name).found(other.kind()).expected("a string")),
    }
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::TokenResponseInvalid).claim(name)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(code(&query), Err(refusal), "{query}");
        }
        let none = ExpectedResponse { state: None, ..EXPECTED };
        assert_eq!(
            authorization_code("code=a&state=s1", none).map_err(|error| error.code()),
            Err(ErrorCode::StateMissing)
        );
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
