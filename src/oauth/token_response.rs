//! The token response (RFC 6749 §5, OpenID Connect Core §3.1.3.3).

use alloc::string::String;

use super::error_response::endpoint_error;
use crate::claims::numeric_date::NumericDate;
use crate::error::remedy::ID_TOKEN;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};

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

/// What was given for the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// An authorization code (RFC 6749 §4.1.3).
    AuthorizationCode {
        /// Whether an ID token has to come with the tokens (OpenID Connect Core §3.1.3.3).
        openid: bool,
    },
    /// A refresh token (RFC 6749 §6); an ID token may be left out (OpenID Connect Core §12.2).
    RefreshToken,
}

/// What was granted before, for what a response may leave out.
#[derive(Clone, Copy, Debug, Default)]
pub struct PreviousGrant<'p> {
    /// The scope that was granted, or else requested.
    pub scope: &'p str,
    /// The refresh token that was used, if one was.
    pub refresh_token: Option<&'p str>,
}

impl TokenResponse {
    /// The response with everything that it may leave out: the scope is the one that was requested or granted before
    /// (RFC 6749 §5.1, §6), and the refresh token stays unless a new one comes (RFC 6749 §6).
    pub fn resolve(mut self, previous: PreviousGrant<'_>) -> Self {
        self.scope.get_or_insert_with(|| String::from(previous.scope));
        self.refresh_token = self.refresh_token.or_else(|| previous.refresh_token.map(String::from));
        self
    }
}

/// Whether a renewed ID token is about the same user as the one before.
///
/// # Errors
/// `subject_mismatch`
pub fn same_subject(previous: &str, renewed: &str) -> Result<(), Error> {
    if previous == renewed {
        return Ok(());
    }
    // OpenID Connect Core §12.2: "its sub Claim Value MUST be the same as in the ID Token issued when the original
    // authentication occurred".
    Err(Error::new(ErrorCode::SubjectMismatch)
        .cite("OpenID Connect Core §12.2")
        .claim("sub")
        .found(renewed)
        .expected(previous))
}

/// Whether a renewed ID token belongs to the same login as the one before, by its nonce where it has one.
///
/// # Errors
/// `nonce_mismatch`
pub fn same_nonce(previous: Option<&str>, renewed: Option<&str>) -> Result<(), Error> {
    match (previous, renewed) {
        // OpenID Connect Core §12.2: "it SHOULD NOT have a nonce Claim …; however, if it is present, its value MUST be
        // the same as in the ID Token issued at the time of the original authentication".
        (Some(previous), Some(renewed)) if previous != renewed => Err(Error::new(ErrorCode::NonceMismatch)
            .cite("OpenID Connect Core §12.2")
            .claim("nonce")
            .found("another nonce")
            .expected("none, or the one of the login")),
        _ => Ok(()),
    }
}

/// Reads a token response (RFC 6749 §5.1), or the server's error (§5.2).
///
/// # Errors
/// `token_request_failed` with the server's own error, `session_ended` where that ends the session;
/// `token_response_invalid`.
pub fn token_response(status: u16, text: &[u8], token_type: &str, grant: Grant) -> Result<TokenResponse, Error> {
    let value = json::parse(text);
    let named = value.as_ref().ok().and_then(Value::as_object).filter(|response| names_error(response));
    // Some servers answer with 201, and some put the error of RFC 6749 §5.2 into an answer of status 200.
    if !(200..300).contains(&status) || named.is_some() {
        return Err(token_error(status, value.as_ref().ok().and_then(Value::as_object), grant));
    }
    let value = value.map_err(|error| invalid("").found(error.code().as_str()))?;
    let response = value.as_object().ok_or_else(|| invalid("").found(value.kind()).expected("an object"))?;
    let answered = token(response, "token_type")?;
    let answered = answered.ok_or_else(|| invalid("token_type").found("nothing").expected(token_type))?;
    if !answered.eq_ignore_ascii_case(token_type) {
        // RFC 6749 §7.1: a client MUST NOT use a token whose type it does not understand.
        return Err(invalid("token_type").cite("RFC 6749 §7.1").found(answered).expected(token_type));
    }
    let id_token = match grant {
        Grant::AuthorizationCode { openid: true } => {
            let given = token(response, "id_token")
                .and_then(|given| given.ok_or_else(|| invalid("id_token").found("nothing").expected(ID_TOKEN)));
            Some(given.map_err(|error| error.cite("OpenID Connect Core §3.1.3.3"))?)
        }
        // RFC 6749 §5.1: the client "MUST ignore unrecognized value names"; without openid nobody asked for this one, and
        // it answers no nonce. Some servers send one all the same, an empty one too.
        Grant::AuthorizationCode { openid: false } => None,
        Grant::RefreshToken => token(response, "id_token")?,
    };
    Ok(TokenResponse {
        access_token: required(response, "access_token")?,
        token_type: String::from(token_type),
        expires_in: lifetime(response)?,
        refresh_token: token(response, "refresh_token")?,
        scope: optional(response, "scope")?,
        id_token,
    })
}

/// The same of the answer to a request that had these secrets in it. Some servers repeat one where they say what is wrong
/// with it; the refusal does not.
///
/// # Errors
/// Those of [`token_response`].
pub fn answer_to(
    secrets: &[&str],
    status: u16,
    text: &str,
    token_type: &str,
    grant: Grant,
) -> Result<TokenResponse, Error> {
    token_response(status, text.as_bytes(), token_type, grant).map_err(|error| {
        let shown = secrets
            .iter()
            .filter(|secret| !secret.is_empty())
            .fold(String::from(text), |text, secret| text.replace(secret, "…"));
        token_response(status, shown.as_bytes(), token_type, grant).err().unwrap_or(error)
    })
}

fn names_error(response: &Object<'_>) -> bool {
    response.get("error").and_then(Value::as_str).is_some_and(|error| !error.is_empty())
}

fn token_error(status: u16, response: Option<&Object<'_>>, grant: Grant) -> Error {
    // RFC 6749 §5.2: invalid_grant says that the refresh token "is invalid, expired, revoked".
    let error = response.and_then(|response| response.get("error")).and_then(Value::as_str);
    let code = match (grant, error) {
        (Grant::RefreshToken, Some("invalid_grant")) => ErrorCode::SessionEnded,
        // OpenID Connect Core §3.1.2.6: it takes the user.
        (Grant::RefreshToken, Some("interaction_required" | "login_required" | "consent_required")) => {
            ErrorCode::LoginRequired
        }
        _ => ErrorCode::TokenRequestFailed,
    };
    endpoint_error(code, status, response)
}

pub(super) fn lifetime(response: &Object<'_>) -> Result<Option<u64>, Error> {
    match response.get("expires_in") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(seconds)) => {
            let seconds = NumericDate::parse(seconds).map(|seconds| seconds.whole_seconds());
            seconds.map(Some).ok_or_else(|| invalid("expires_in").expected("seconds"))
        }
        // Digits in a string can mean nothing else, and real servers send them.
        Some(Value::String(digits)) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let seconds = digits.parse().ok();
            seconds.map(Some).ok_or_else(|| invalid("expires_in").found(&**digits).expected("seconds"))
        }
        Some(other) => Err(invalid("expires_in").found(other.kind()).expected("a number of seconds")),
    }
}

fn required(response: &Object<'_>, name: &str) -> Result<String, Error> {
    token(response, name)?.ok_or_else(|| invalid(name).found("nothing").expected("a string"))
}

/// A member that may be left out. RFC 6749 Appendix A.12, A.17: a token has one character at least.
fn token(response: &Object<'_>, name: &str) -> Result<Option<String>, Error> {
    Ok(optional(response, name)?.filter(|text| !text.is_empty()))
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

    const CODE: Grant = Grant::AuthorizationCode { openid: false };

    #[test]
    fn token_responses() {
        let code = |status, text: &str| {
            token_response(status, text.as_bytes(), "Bearer", CODE).map(drop).map_err(|error| error.code())
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
            r#"{"access_token":"a","token_type":"Bearer","expires_in":"soon"}"#,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":""}"#,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":"-1"}"#,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":"99999999999999999999"}"#,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":-1}"#,
            r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#,
            r#"{"access_token":"a","token_type":"Bearer","refresh_token":1}"#,
        ] {
            assert_eq!(code(200, text), Err(ErrorCode::TokenResponseInvalid), "{text}");
        }
        let odd = br#"{"access_token":"a","token_type":"Bearer","id_token":1}"#;
        for grant in [Grant::AuthorizationCode { openid: true }, Grant::RefreshToken] {
            let error = token_response(200, odd, "Bearer", grant).unwrap_err();
            assert_eq!((error.code(), error.claim_name()), (ErrorCode::TokenResponseInvalid, Some("id_token")));
        }
        let refused = token_response(400, br#"{"error":"invalid_grant"}"#, "Bearer", CODE).unwrap_err();
        assert_eq!(
            (refused.code(), refused.found_value()),
            (ErrorCode::TokenRequestFailed, Some("invalid_grant (status 400)"))
        );
        let plain = br#"{"access_token":"a","token_type":"Bearer"}"#;
        let openid = token_response(200, plain, "Bearer", Grant::AuthorizationCode { openid: true }).unwrap_err();
        assert_eq!((openid.code(), openid.claim_name()), (ErrorCode::TokenResponseInvalid, Some("id_token")));
        assert_eq!(code(502, "<html>"), Err(ErrorCode::TokenRequestFailed));
    }

    /// RFC 6749 §5.2: the error has a field of its own, and a refresh token that is no good ends the session.
    #[test]
    fn errors_by_name() {
        let error = |text: &str, grant| {
            let error = token_response(400, text.as_bytes(), "Bearer", grant).unwrap_err();
            (error.code(), error.oauth_error().map(String::from))
        };
        let text = r#"{"error":"invalid_grant","error_description":"expired"}"#;
        let name = Some(String::from("invalid_grant"));
        assert_eq!(error(text, Grant::RefreshToken), (ErrorCode::SessionEnded, name.clone()));
        assert_eq!(error(text, CODE), (ErrorCode::TokenRequestFailed, name));
        let other = error(r#"{"error":"invalid_grant2"}"#, Grant::RefreshToken);
        assert_eq!(other, (ErrorCode::TokenRequestFailed, Some(String::from("invalid_grant2"))));
        for asks in ["interaction_required", "login_required", "consent_required"] {
            let text = alloc::format!(r#"{{"error":"{asks}"}}"#);
            assert_eq!(error(&text, Grant::RefreshToken), (ErrorCode::LoginRequired, Some(asks.into())));
            assert_eq!(error(&text, CODE).0, ErrorCode::TokenRequestFailed);
        }
        for unnamed in ["", "{}", "[]", r#"{"error":1}"#, r#"{"error_description":"invalid_grant"}"#] {
            assert_eq!(error(unnamed, Grant::RefreshToken), (ErrorCode::TokenRequestFailed, None), "{unnamed}");
        }
        let long = error(&alloc::format!(r#"{{"error":"{}"}}"#, "x".repeat(1000)), CODE).1;
        assert!(long.is_some_and(|name| name.chars().count() <= 121));
    }

    /// What servers do beside RFC 6749 §5.1 and §5.2, and means one thing only.
    #[test]
    fn manners_of_servers() {
        for (text, seconds) in [
            (r#"{"access_token":"a","token_type":"BEARER","expires_in":"3599"}"#, Some(3599)),
            (r#"{"access_token":"a","token_type":"bearer","expires_in":null}"#, None),
            (r#"{"access_token":"a","token_type":"Bearer","expires_in":300,"error":null}"#, Some(300)),
        ] {
            for status in [200, 201] {
                assert_eq!(
                    token_response(status, text.as_bytes(), "Bearer", CODE).unwrap().expires_in,
                    seconds,
                    "{text}"
                );
            }
        }
        let text =
            br#"{"error":"bad_verification_code","error_description":"used","access_token":"a","token_type":"Bearer"}"#;
        let refused = token_response(200, text, "Bearer", CODE).unwrap_err();
        assert_eq!(
            (refused.code(), refused.oauth_error(), refused.found_value()),
            (
                ErrorCode::TokenRequestFailed,
                Some("bad_verification_code"),
                Some("bad_verification_code: used (status 200)")
            )
        );
        let ended = token_response(200, br#"{"error":"invalid_grant"}"#, "Bearer", Grant::RefreshToken).unwrap_err();
        assert_eq!(ended.code(), ErrorCode::SessionEnded);
        let moved = token_response(302, br#"{"access_token":"a","token_type":"Bearer"}"#, "Bearer", CODE).unwrap_err();
        assert_eq!(moved.code(), ErrorCode::TokenRequestFailed);
    }

    /// RFC 6749 §5.1: "The client MUST ignore unrecognized value names in the response".
    #[test]
    fn an_id_token_that_nobody_asked_for_is_not_read() {
        for id_token in [r#""e30.e30.x""#, r#""""#, "1", "null"] {
            let text = alloc::format!(r#"{{"access_token":"a","token_type":"Bearer","id_token":{id_token}}}"#);
            assert_eq!(token_response(200, text.as_bytes(), "Bearer", CODE).unwrap().id_token, None, "{id_token}");
        }
        let asked = br#"{"access_token":"a","token_type":"Bearer","id_token":"h.p.s"}"#;
        for grant in [Grant::AuthorizationCode { openid: true }, Grant::RefreshToken] {
            assert_eq!(token_response(200, asked, "Bearer", grant).unwrap().id_token.as_deref(), Some("h.p.s"));
        }
    }

    /// RFC 6749 Appendix A.17: a refresh token has one character at least. The one there was stays.
    #[test]
    fn an_empty_token_is_none() {
        let text = br#"{"access_token":"a","token_type":"Bearer","refresh_token":"","id_token":""}"#;
        let renewed = token_response(200, text, "Bearer", Grant::RefreshToken).unwrap();
        assert_eq!((&renewed.refresh_token, &renewed.id_token), (&None, &None));
        let kept = renewed.resolve(PreviousGrant { scope: "", refresh_token: Some("r1") });
        assert_eq!(kept.refresh_token.as_deref(), Some("r1"));
    }

    #[test]
    fn a_refusal_repeats_nothing_that_was_sent() {
        let answer = |text: &str| answer_to(&["c0de", "", "ver1fier"], 400, text, "Bearer", CODE).unwrap_err();
        let error = answer(r#"{"error":"bad ver1fier","error_description":"c0de (c0de) and ver1fier"}"#);
        assert_eq!(error.oauth_error(), Some("bad …"));
        assert_eq!(error.found_value(), Some("bad …: … (…) and … (status 400)"));
        // Before it is shortened.
        let long = answer(&alloc::format!(r#"{{"error":"a","error_description":"{}ver1fier"}}"#, "x".repeat(114)));
        assert!(long.found_value().is_some_and(|found| !found.contains("ver")));
        assert_eq!(answer(r#"{"error":"a"}"#), token_response(400, br#"{"error":"a"}"#, "Bearer", CODE).unwrap_err());
        let kept = r#"{"access_token":"a","token_type":"Bearer","refresh_token":"c0de"}"#;
        assert_eq!(answer_to(&["c0de"], 200, kept, "Bearer", CODE).unwrap().refresh_token.as_deref(), Some("c0de"));
    }

    #[test]
    fn what_a_response_leaves_out() {
        let read = |text: &str| token_response(200, text.as_bytes(), "Bearer", Grant::RefreshToken).unwrap();
        let previous = PreviousGrant { scope: "openid a", refresh_token: Some("r1") };
        let kept = read(r#"{"access_token":"a","token_type":"Bearer"}"#).resolve(previous);
        assert_eq!((kept.scope.as_deref(), kept.refresh_token.as_deref()), (Some("openid a"), Some("r1")));
        let new =
            read(r#"{"access_token":"a","token_type":"Bearer","scope":"","refresh_token":"r2"}"#).resolve(previous);
        assert_eq!((new.scope.as_deref(), new.refresh_token.as_deref()), (Some(""), Some("r2")));
        let none = read(r#"{"access_token":"a","token_type":"Bearer"}"#).resolve(PreviousGrant::default());
        assert_eq!(none.refresh_token, None);
    }

    #[test]
    fn a_renewal_has_no_nonce_or_the_same() {
        for (previous, renewed) in [(Some("n"), None), (Some("n"), Some("n")), (None, Some("n")), (None, None)] {
            assert_eq!(same_nonce(previous, renewed), Ok(()));
        }
        let error = same_nonce(Some("n"), Some("N")).unwrap_err();
        assert_eq!((error.code(), error.spec()), (ErrorCode::NonceMismatch, "OpenID Connect Core §12.2"));
    }

    #[test]
    fn a_renewal_is_about_the_same_user() {
        assert_eq!(same_subject("ada", "ada"), Ok(()));
        let error = same_subject("ada", "bob").unwrap_err();
        assert_eq!((error.code(), error.spec()), (ErrorCode::SubjectMismatch, "OpenID Connect Core §12.2"));
    }
}
