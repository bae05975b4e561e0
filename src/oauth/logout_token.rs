//! Back-channel logout (OpenID Connect Back-Channel Logout 1.0): the request that carries a logout token, what a token that
//! has passed its profile ends, and which access tokens that revokes. A session is known by a digest.

use alloc::{format, string::String, vec::Vec};

use super::form::parameter;
use crate::claims::claim_set::Claims;
use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::jose::json_text::ObjectText;
use crate::kernels::low::hash::Hash;
use crate::rules::Trace;

/// What a logout token ends, for whoever keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSessions {
    /// The sessions, each by a digest: 43 characters of base64url.
    pub sessions: Vec<String>,
    /// When they ended by the issuer's clock (`iat`), in seconds since 1970.
    pub at: i64,
    /// The token itself, by a digest; whoever sees it again has seen it before.
    pub token: String,
    /// The token's identifier.
    pub jti: String,
    /// When the token expires, in seconds since 1970.
    pub token_until: i64,
}

/// The sessions that an access token may belong to, and when it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSessions {
    /// Each by its digest; the end of any of them may revoke the token.
    pub sessions: Vec<String>,
    /// When the token was issued (`iat`), in whole seconds since 1970.
    pub issued: Option<i64>,
}

/// What a digest stands for.
#[derive(Clone, Copy)]
enum Of {
    /// One session (`sid`).
    Session,
    /// All sessions of a subject.
    All,
    /// Some session of a subject: what has no `sid` may belong to it.
    Some,
}

/// The logout token of a request (Back-Channel Logout §2.5).
///
/// # Errors
/// `request_invalid`
pub fn logout_token(method: &str, content_type: Option<&str>, body: &str) -> Result<String, Error> {
    let invalid = |found: &str, expected: &str| {
        Error::new(ErrorCode::RequestInvalid).cite(REQUEST).claim("logout_token").found(found).expected(expected)
    };
    if method != "POST" {
        return Err(invalid(method, "POST"));
    }
    let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or("nothing").trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(invalid(media_type, "application/x-www-form-urlencoded"));
    }
    match parameter(body, "logout_token") {
        Ok(Some(token)) if !token.is_empty() => Ok(token),
        Ok(_) => Err(invalid("nothing", "one parameter logout_token")),
        Err(why) => Err(invalid(why, "one parameter logout_token")),
    }
}

const REQUEST: &str = "OpenID Connect Back-Channel Logout §2.5";

/// What a logout token ends whose claims (JSON) have passed the profile of logout tokens.
///
/// # Errors
/// `claim_missing` for claims that have not passed it; the codes of malformed claims.
pub fn ended_sessions(claims: &[u8]) -> Result<EndedSessions, Error> {
    let claims = Claims::parse(claims, &mut Trace::off())?;
    let missing = |name: &str| Error::new(ErrorCode::ClaimMissing).claim(name);
    let issuer = claims.text("iss")?.ok_or_else(|| missing("iss"))?;
    let jti = claims.text("jti")?.ok_or_else(|| missing("jti"))?;
    let (subject, session) = (claims.text("sub")?, claims.text("sid")?);
    // §2.4: without `sid`, "the intent is that all sessions at the RP for the End-User identified by the iss and sub Claims
    // be logged out".
    let sessions = match (session, subject) {
        (Some(session), None) => [Some(digest(Of::Session, issuer, session)), None],
        (Some(session), Some(subject)) => {
            [Some(digest(Of::Session, issuer, session)), Some(digest(Of::Some, issuer, subject))]
        }
        (None, Some(subject)) => [Some(digest(Of::All, issuer, subject)), None],
        (None, None) => return Err(missing("sub")),
    };
    let timestamps = claims.timestamps();
    Ok(EndedSessions {
        sessions: sessions.into_iter().flatten().collect(),
        at: timestamps.issued_seconds().ok_or_else(|| missing("iat"))?,
        token: base64url::encode(&Hash::Sha256.digest(&[issuer.as_bytes(), b"\0jti\0", jti.as_bytes()])),
        jti: String::from(jti),
        token_until: timestamps.expiration_seconds().ok_or_else(|| missing("exp"))?,
    })
}

/// The sessions that an access token may belong to, by its claims (JSON). None for one without `sub` and `sid`: no logout
/// can mean it.
///
/// # Errors
/// The codes of malformed claims.
pub fn token_sessions(claims: &[u8]) -> Result<TokenSessions, Error> {
    let claims = Claims::parse(claims, &mut Trace::off())?;
    let issuer = claims.text("iss")?.unwrap_or_default();
    let (subject, session) = (claims.text("sub")?, claims.text("sid")?);
    let of_subject = |of| subject.map(|subject| digest(of, issuer, subject));
    let one = match session {
        Some(session) => Some(digest(Of::Session, issuer, session)),
        // A token that does not say to which session it belongs may belong to any of its subject's.
        None => of_subject(Of::Some),
    };
    let sessions = one.into_iter().chain(of_subject(Of::All)).collect();
    Ok(TokenSessions { sessions, issued: claims.timestamps().issued_seconds() })
}

/// Whether a token that was issued at a moment is revoked by the end of a session, the latest of those that it may belong
/// to. What was issued afterwards belongs to a new one, or has outlived it (Back-Channel Logout §2.7, `offline_access`); in
/// the very second of the end nobody can tell.
pub fn is_revoked(issued: Option<i64>, ended: Option<i64>) -> bool {
    ended.is_some_and(|ended| issued.is_none_or(|issued| issued <= ended))
}

/// The answer to a logout request (Back-Channel Logout §2.8): its status, and its body where it failed.
pub fn logout_answer(failure: Option<&Error>) -> (u16, Option<String>) {
    let Some(error) = failure else { return (200, None) };
    let mut body = ObjectText::new();
    // What failed on our side says nothing to the server about its request but that.
    let (name, description) = match error.code().is_outage() {
        true => ("temporarily_unavailable", String::from(error.code().as_str())),
        false => ("invalid_request", format!("{}: {}", error.code(), error.message())),
    };
    body.text("error", name).text("error_description", &description);
    // "If the logout request was invalid or the logout failed, the RP MUST respond with HTTP 400 Bad Request."
    (400, Some(body.finish()))
}

/// Identifiers of users stay out of stores. The parts cannot run into each other: none has a NUL in its kind.
fn digest(of: Of, issuer: &str, name: &str) -> String {
    let kind: &[u8] = match of {
        Of::Session => b"\0sid\0",
        Of::All => b"\0sub\0",
        Of::Some => b"\0one of sub\0",
    };
    base64url::encode(&Hash::Sha256.digest(&[issuer.as_bytes(), kind, name.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

    #[test]
    fn requests() {
        let token = |method, content_type, body| logout_token(method, content_type, body).map_err(|error| error.code());
        assert_eq!(token("POST", FORM, "logout_token=a.b.c").as_deref(), Ok("a.b.c"));
        let charset = Some("Application/X-WWW-Form-Urlencoded; charset=utf-8");
        assert_eq!(token("POST", charset, "x=1&logout%5Ftoken=a%2Eb.c").as_deref(), Ok("a.b.c"));
        for (method, content_type, body) in [
            ("GET", FORM, "logout_token=a"),
            ("POST", None, "logout_token=a"),
            ("POST", Some("application/json"), r#"{"logout_token":"a"}"#),
            ("POST", FORM, ""),
            ("POST", FORM, "logout_token="),
            ("POST", FORM, "logout_token"),
            ("POST", FORM, "token=a"),
            ("POST", FORM, "logout_token=a&logout_token=a"),
            ("POST", FORM, "logout_token=a&logout%5ftoken=b"),
            ("POST", FORM, "logout_token=%"),
            ("POST", FORM, "logout_token=%ff"),
        ] {
            assert_eq!(token(method, content_type, body), Err(ErrorCode::RequestInvalid), "{method} {body}");
        }
    }

    /// Who is logged out by whom, and who is not: sessions `s`, `t` of the subjects `ada`, `bob`; times in seconds.
    #[test]
    fn what_a_logout_revokes() {
        let logouts = [r#""sub":"ada""#, r#""sid":"s""#, r#""sub":"ada","sid":"s""#];
        for (token, revoked) in [
            (r#""sub":"ada","iat":99"#, [true, false, true]),
            (r#""sub":"ada","iat":100"#, [true, false, true]),
            (r#""sub":"ada","iat":100.5"#, [true, false, true]),
            (r#""sub":"ada","iat":101"#, [false, false, false]),
            (r#""sub":"ada""#, [true, false, true]),
            (r#""sub":"ada","sid":"s","iat":99"#, [true, true, true]),
            (r#""sub":"ada","sid":"s","iat":101"#, [false, false, false]),
            (r#""sub":"ada","sid":"t","iat":99"#, [true, false, false]),
            (r#""sid":"s","iat":99"#, [false, true, true]),
            (r#""sub":"bob","sid":"t","iat":99"#, [false, false, false]),
            (r#""sub":"bob","iat":99"#, [false, false, false]),
            (r#""sub":"s","iat":99"#, [false, false, false]),
            (r#""iat":99"#, [false, false, false]),
        ] {
            let token = token_sessions(format!(r#"{{"iss":"i",{token}}}"#).as_bytes()).unwrap();
            for (logout, revoked) in logouts.into_iter().zip(revoked) {
                let logout = format!(r#"{{"iss":"i",{logout},"jti":"j","iat":100,"exp":160}}"#);
                let ended = ended_sessions(logout.as_bytes()).unwrap();
                let met = ended.sessions.iter().any(|session| token.sessions.contains(session));
                let found = is_revoked(token.issued, met.then_some(ended.at));
                assert_eq!(found, revoked, "{token:?} {logout}");
            }
        }
        let of_another = token_sessions(br#"{"iss":"k","sub":"ada","sid":"s","iat":1}"#).unwrap();
        let ended = ended_sessions(br#"{"iss":"i","sub":"ada","sid":"s","jti":"j","iat":100,"exp":160}"#).unwrap();
        assert!(!ended.sessions.iter().any(|session| of_another.sessions.contains(session)), "another issuer");
    }

    #[test]
    fn what_has_not_passed_the_profile_ends_nothing() {
        for claims in [
            "{}",
            r#"{"iss":"i","jti":"j","iat":1,"exp":2}"#,
            r#"{"iss":"i","sub":"ada","iat":1,"exp":2}"#,
            r#"{"sub":"ada","jti":"j","iat":1,"exp":2}"#,
            r#"{"iss":"i","sub":"ada","jti":"j","exp":2}"#,
            r#"{"iss":"i","sub":"ada","jti":"j","iat":1}"#,
        ] {
            assert_eq!(ended_sessions(claims.as_bytes()).unwrap_err().code(), ErrorCode::ClaimMissing, "{claims}");
        }
    }

    #[test]
    fn answers() {
        assert_eq!(logout_answer(None), (200, None));
        let (status, body) = logout_answer(Some(&Error::new(ErrorCode::TokenExpired)));
        assert_eq!(status, 400);
        assert!(body.unwrap().starts_with(r#"{"error":"invalid_request","error_description":"token_expired: "#));
        let outage = Error::new(ErrorCode::KeysUnavailable).found("https://10.0.0.7/");
        let body = r#"{"error":"temporarily_unavailable","error_description":"keys_unavailable"}"#;
        assert_eq!(logout_answer(Some(&outage)), (400, Some(String::from(body))));
    }
}
