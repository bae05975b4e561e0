//! The token response (RFC 6749 §5, OpenID Connect Core §3.1.3.3).

use alloc::string::String;

use super::authorization_response::described;
use crate::claims::numeric_date::NumericDate;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};
use crate::jose::json_text::decimal;

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
    if !answered.eq_ignore_ascii_case(token_type) {
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
