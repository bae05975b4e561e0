//! The answer of a userinfo endpoint (OpenID Connect Core §5.3), judged by the ID token that the user logged in with.

use super::error_response::endpoint_error;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Value};

/// Judges an answer: a JSON object about this very subject, and nobody else's.
///
/// # Errors
/// `token_request_failed`, `token_response_invalid` or `subject_mismatch`.
pub fn check_userinfo(status: u16, text: &[u8], subject: &str) -> Result<(), Error> {
    let value = json::parse(text);
    let claims = value.as_ref().ok().and_then(Value::as_object);
    if status != 200 {
        return Err(endpoint_error(ErrorCode::TokenRequestFailed, status, claims).cite("OpenID Connect Core §5.3.3"));
    }
    let Some(claims) = claims else { return Err(invalid("").expected("a JSON object")) };
    match claims.get("sub") {
        None | Some(Value::String(_)) => check_subject(claims.get("sub").and_then(Value::as_str), subject),
        Some(other) => Err(invalid("sub").found(other.kind()).expected("a string")),
    }
}

/// Whether an answer is about the user who is logged in.
///
/// # Errors
/// `token_response_invalid` or `subject_mismatch`.
pub fn check_subject(found: Option<&str>, subject: &str) -> Result<(), Error> {
    match found {
        // "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token".
        Some(found) if found == subject => Ok(()),
        Some(found) => Err(Error::new(ErrorCode::SubjectMismatch)
            .cite("OpenID Connect Core §5.3.2")
            .claim("sub")
            .found(found)
            .expected(subject)),
        // "The sub (subject) Claim MUST always be returned".
        None => Err(invalid("sub").found("nothing").expected("a string")),
    }
}

/// The JWT of a signed answer, which is of type application/jwt (OpenID Connect Core §5.3.2); none where it is none.
///
/// # Errors
/// `token_response_invalid`: it is encrypted, and nobody here has a key for that.
pub fn signed_userinfo<'t>(status: u16, content_type: Option<&str>, text: &'t str) -> Result<Option<&'t str>, Error> {
    if status != 200 || !content_type.is_some_and(is_jwt) {
        return Ok(None);
    }
    let jwt = text.trim();
    // RFC 7516 §3.1: five parts.
    if jwt.bytes().filter(|&byte| byte == b'.').count() == 4 {
        return Err(invalid("").found("an encrypted answer").expected("a signed one, or JSON"));
    }
    Ok(Some(jwt))
}

/// Whether a claim tells of the user, and not of the token that it stands in or of the login: of these, only an ID token
/// says anything (OpenID Connect Core §2, §3.1.3.6; Front-Channel Logout §3).
pub fn is_about_user(claim: &str) -> bool {
    const OTHERS: [&str; 15] = [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "azp",
        "at_hash",
        "c_hash",
        "sid",
    ];
    !OTHERS.contains(&claim)
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
            assert_eq!(signed_userinfo(200, content_type, EXAMPLE), Ok(None));
        }
        assert_eq!(check_userinfo(200, EXAMPLE.as_bytes(), "248289761001"), Ok(()));
    }

    #[test]
    fn of_somebody_else_or_of_nobody() {
        use ErrorCode::{SubjectMismatch, TokenRequestFailed, TokenResponseInvalid};
        for (status, text, code) in [
            (200, EXAMPLE, SubjectMismatch),
            (200, r#"{"sub":"ADA"}"#, SubjectMismatch),
            (200, r#"{"sub":"ada "}"#, SubjectMismatch),
            (200, r#"{"sub":""}"#, SubjectMismatch),
            (200, r#"{"sub":null}"#, TokenResponseInvalid),
            (200, r#"{"sub":["ada"]}"#, TokenResponseInvalid),
            (200, r#"{"sub":"bob","sub":"ada"}"#, TokenResponseInvalid),
            (200, r#"{"name":"Ada"}"#, TokenResponseInvalid),
            (200, "[]", TokenResponseInvalid),
            (200, "", TokenResponseInvalid),
            (204, "", TokenRequestFailed),
            (302, r#"{"sub":"ada"}"#, TokenRequestFailed),
            (401, r#"{"error":"invalid_token"}"#, TokenRequestFailed),
        ] {
            let error = check_userinfo(status, text.as_bytes(), "ada").unwrap_err();
            assert_eq!(error.code(), code, "{status} {text}");
        }
    }

    #[test]
    fn signed_answers() {
        for content_type in ["application/jwt", "Application/JWT; charset=utf-8"] {
            assert_eq!(signed_userinfo(200, Some(content_type), "a.b.c\n"), Ok(Some("a.b.c")));
            assert_eq!(signed_userinfo(401, Some(content_type), "a.b.c"), Ok(None));
            let encrypted = signed_userinfo(200, Some(content_type), "a.b.c.d.e").unwrap_err();
            assert_eq!(encrypted.code(), ErrorCode::TokenResponseInvalid);
        }
        assert_eq!(check_subject(Some("ada"), "ada"), Ok(()));
        assert_eq!(check_subject(None, "ada").unwrap_err().code(), ErrorCode::TokenResponseInvalid);
    }

    #[test]
    fn what_tells_of_the_user() {
        assert!(["email", "acr_values", "ISS", ""].into_iter().all(is_about_user));
        assert!(!["iss", "sub", "exp", "auth_time", "acr", "c_hash", "sid"].into_iter().any(is_about_user));
    }
}
