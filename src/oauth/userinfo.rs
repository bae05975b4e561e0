//! The answer of a userinfo endpoint (OpenID Connect Core §5.3), judged by the ID token that the user logged in with.

use super::error_response::endpoint_error;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Value};

/// Judges an answer: a JSON object about this very subject, and nobody else's.
///
/// # Errors
/// `token_request_failed`, `token_response_invalid` or `subject_mismatch`.
pub fn check_userinfo(status: u16, content_type: Option<&str>, text: &[u8], subject: &str) -> Result<(), Error> {
    let value = json::parse(text);
    let claims = value.as_ref().ok().and_then(Value::as_object);
    if status != 200 {
        return Err(endpoint_error(ErrorCode::TokenRequestFailed, status, claims).cite("OpenID Connect Core §5.3.3"));
    }
    // OpenID Connect Core §5.3.2: a signed or encrypted answer is of type application/jwt. None was asked for.
    if content_type.is_some_and(is_jwt) {
        return Err(invalid("").found("a signed or encrypted answer (application/jwt)").expected("JSON"));
    }
    let Some(claims) = claims else { return Err(invalid("").expected("a JSON object")) };
    match claims.get("sub") {
        // "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token".
        Some(Value::String(found)) if **found == *subject => Ok(()),
        Some(Value::String(found)) => Err(Error::new(ErrorCode::SubjectMismatch)
            .cite("OpenID Connect Core §5.3.2")
            .claim("sub")
            .found(&**found)
            .expected(subject)),
        // "The sub (subject) Claim MUST always be returned".
        other => Err(invalid("sub").found(other.map_or("nothing", Value::kind)).expected("a string")),
    }
}

fn is_jwt(content_type: &str) -> bool {
    content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/jwt")
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::TokenResponseInvalid).cite("OpenID Connect Core §5.3.2").claim(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OpenID Connect Core §5.3.2, the example.
    const EXAMPLE: &str = r#"{"sub":"248289761001","name":"Jane Doe","given_name":"Jane","family_name":"Doe",
        "preferred_username":"j.doe","email":"janedoe@example.com","picture":"http://example.com/janedoe/me.jpg"}"#;

    #[test]
    fn of_the_user() {
        for content_type in [None, Some("application/json"), Some("application/json; charset=utf-8")] {
            assert_eq!(check_userinfo(200, content_type, EXAMPLE.as_bytes(), "248289761001"), Ok(()));
        }
    }

    #[test]
    fn of_somebody_else_or_of_nobody() {
        use ErrorCode::{SubjectMismatch, TokenRequestFailed, TokenResponseInvalid};
        let jwt = Some("Application/JWT; charset=utf-8");
        for (status, content_type, text, code) in [
            (200, None, EXAMPLE, SubjectMismatch),
            (200, None, r#"{"sub":"ADA"}"#, SubjectMismatch),
            (200, None, r#"{"sub":"ada "}"#, SubjectMismatch),
            (200, None, r#"{"sub":""}"#, SubjectMismatch),
            (200, None, r#"{"sub":null}"#, TokenResponseInvalid),
            (200, None, r#"{"sub":["ada"]}"#, TokenResponseInvalid),
            (200, None, r#"{"sub":"bob","sub":"ada"}"#, TokenResponseInvalid),
            (200, None, r#"{"name":"Ada"}"#, TokenResponseInvalid),
            (200, None, "[]", TokenResponseInvalid),
            (200, None, "", TokenResponseInvalid),
            (200, jwt, r#"{"sub":"ada"}"#, TokenResponseInvalid),
            (204, None, "", TokenRequestFailed),
            (302, None, r#"{"sub":"ada"}"#, TokenRequestFailed),
            (401, None, r#"{"error":"invalid_token"}"#, TokenRequestFailed),
        ] {
            let error = check_userinfo(status, content_type, text.as_bytes(), "ada").unwrap_err();
            assert_eq!(error.code(), code, "{status} {text}");
        }
    }
}
