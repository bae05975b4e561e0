//! The answer of an introspection endpoint about a token (RFC 7662 §2.2), plain or signed (RFC 9701): whether there is
//! one, and what it says. What it says is judged by the policy that judges a JWT's claims (`src/verifier/introspected.rs`).

use alloc::{format, string::String, vec::Vec};

use crate::claims::policy::{Accepted, Policy};
use crate::claims::profile::Profile;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;
use core::time::Duration;

/// The media type of a signed answer (RFC 9701 §5), also without `application/` the type of its JWT.
pub(crate) const SIGNED_TYPE: &str = "application/token-introspection+jwt";

/// How large an answer may be, in bytes: as large as the token that would say the same. Answers are kept in memory.
pub(crate) const MAX_ANSWER: usize = DEFAULT_MAX_TOKEN_SIZE;

/// How long ago a signed answer may have been made: it is kept for five minutes at most, and clocks differ.
const MAX_SIGNED_AGE: Duration = Duration::from_secs(600);

/// The error of RFC 7009 §2.2.1 by which servers say of a token that they give no such tokens as access tokens. RFC 7662
/// §2.2 would have them say that it is not active.
const UNSUPPORTED: &str = "unsupported_token_type";

/// What an introspection endpoint has said about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntrospectionAnswer {
    /// The token is active: the answer's JSON, which has its claims.
    Active(Vec<u8>),
    /// The token is not active; nothing else is said (RFC 7662 §2.2).
    Inactive,
    /// A JWT whose signature is still to be checked (RFC 9701 §5).
    Signed(String),
}

/// An HTTP answer as it came.
#[derive(Clone, Copy, Debug)]
pub struct IntrospectionResponse<'r> {
    /// The HTTP status.
    pub status: u16,
    /// The header Content-Type.
    pub content_type: Option<&'r str>,
    /// The body.
    pub body: &'r [u8],
}

/// Judges the answer of an introspection endpoint; `signed`: only a signed one is taken.
///
/// # Errors
/// `introspection_unauthorized`, `introspection_failed` or `introspection_response_invalid`.
pub fn introspection_answer(response: &IntrospectionResponse<'_>, signed: bool) -> Result<IntrospectionAnswer, Error> {
    let IntrospectionResponse { status, content_type, body } = *response;
    if status != 200 {
        // A signed answer would have to be signed.
        let is_no_token = !signed && status == 400 && error_name(body).as_deref() == Some(UNSUPPORTED);
        return if is_no_token { Ok(IntrospectionAnswer::Inactive) } else { Err(failure(status, body)) };
    }
    if body.len() > MAX_ANSWER {
        return Err(invalid("").found(format!("{} bytes", body.len())).expected(format!("at most {MAX_ANSWER}")));
    }
    let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or("nothing").trim();
    if media_type.eq_ignore_ascii_case(SIGNED_TYPE) {
        let text = core::str::from_utf8(body).map_err(|_| invalid("").cite("RFC 9701 §5").found("no text"))?;
        return Ok(IntrospectionAnswer::Signed(String::from(text.trim_ascii())));
    }
    if signed {
        return Err(invalid("content-type").cite("RFC 9701 §5").found(media_type).expected(SIGNED_TYPE));
    }
    // RFC 7662 §2.2: "a JSON object in "application/json" format".
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(invalid("content-type").found(media_type).expected("application/json"));
    }
    members_of(body)
}

/// Judges the JSON of an answer: is the token active, and one that may be sent as an access token?
pub(crate) fn members_of(text: &[u8]) -> Result<IntrospectionAnswer, Error> {
    let value = json::parse(text).map_err(|fault| {
        let found = fault.found_value().unwrap_or(fault.code().meaning());
        invalid("").cite(fault.spec()).found(found).expected("strict JSON")
    })?;
    let members = value.as_object().ok_or_else(|| invalid("").found(value.kind()).expected("an object"))?;
    // RFC 7662 §2.2: "active" is REQUIRED, a boolean. A text is not: "false" would be true in many languages.
    match members.get("active") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => return Ok(IntrospectionAnswer::Inactive),
        other => return Err(invalid("active").found(other.map_or("nothing", Value::kind)).expected("a boolean")),
    }
    check_token_type(members)?;
    Ok(IntrospectionAnswer::Active(text.to_vec()))
}

/// RFC 7662 §2.2: "token_type", OPTIONAL, as in RFC 6749 §5.1: an access token is `Bearer` or `DPoP` (RFC 9449 §5). One
/// whose type says that it is bound has to name its key, or it would pass without a proof. Some servers name the kind of
/// token there, by the words of RFC 7009 §2.1: `access_token` says as much as nothing, `refresh_token` is refused.
fn check_token_type(members: &Object<'_>) -> Result<(), Error> {
    let found = members.text("token_type");
    let found = found.map_err(|kind| invalid("token_type").found(kind).expected("a string"))?;
    let is = |name: &str| found.is_some_and(|found| found.eq_ignore_ascii_case(name));
    if found.is_some() && !is("Bearer") && !is("DPoP") && found != Some("access_token") {
        return Err(Error::new(ErrorCode::TypMismatch)
            .cite("RFC 7662 §2.2")
            .claim("token_type")
            .found(found.unwrap_or_default())
            .expected("Bearer or DPoP"));
    }
    if is("DPoP") && !members.contains("cnf") {
        return Err(invalid("cnf").cite("RFC 9449 §6.2").found("nothing").expected("the key of a DPoP token"));
    }
    Ok(())
}

/// The refusal of an answer that is none. Only what it says about our own credentials is told apart.
fn failure(status: u16, body: &[u8]) -> Error {
    let error = error_name(body);
    let error = error.as_deref();
    // RFC 7662 §2.3: "an HTTP 401 (Unauthorized) error response"; RFC 6749 §5.2: invalid_client.
    let is_ours = matches!(status, 401 | 403) || matches!(error, Some("invalid_client" | "unauthorized_client"));
    let code = if is_ours { ErrorCode::IntrospectionUnauthorized } else { ErrorCode::IntrospectionFailed };
    let found = error.map_or_else(|| format!("status {status}"), |error| format!("{error} (status {status})"));
    Error::new(code).found(found).expected("status 200")
}

/// The `error` of an error response (RFC 6749 §5.2).
fn error_name(body: &[u8]) -> Option<String> {
    let value = json::parse(body.get(..MAX_ANSWER).unwrap_or(body)).ok()?;
    value.as_object()?.text("error").ok()?.map(String::from)
}

/// What is demanded of the JWT of a signed answer (RFC 9701 §5), by what is demanded of the issuer's access tokens.
pub(crate) fn signed_policy(tokens: &Policy, client_id: &str) -> Policy {
    // "aud": "the resource server receiving the token introspection response", by the name that it has as a client, or as
    // the audience of tokens.
    let mut names = alloc::vec![String::from(client_id)];
    if let Accepted::OneOf(audiences) = &tokens.audience {
        names.extend_from_slice(audiences);
    }
    let text = |names: [&str; 1]| names.map(String::from).to_vec();
    Policy {
        // "iss", "aud", "iat" and "token_introspection" are REQUIRED; "exp" is not.
        required_claims: text(["token_introspection"]),
        max_token_age: Some(MAX_SIGNED_AGE),
        // "typ": "MUST be set to token-introspection+jwt", so that no other JWT of the issuer is taken for an answer.
        typ: Some(text(["token-introspection+jwt"])),
        algorithms: tokens.algorithms.clone(),
        clock_tolerance: tokens.clock_tolerance,
        ..Policy::new(Profile::Jwt, tokens.issuer.clone(), Accepted::OneOf(names))
    }
}

/// The answer inside a signed one, once its signature and its own claims hold (RFC 9701 §5).
pub(crate) fn members_of_signed(payload: &[u8]) -> Result<IntrospectionAnswer, Error> {
    // "token_introspection": "A JSON object containing the members of the token introspection response".
    let text = json::member_text(payload, "token_introspection").unwrap_or_default();
    members_of(text.as_bytes()).map_err(|error| match error.code() {
        ErrorCode::IntrospectionResponseInvalid if error.claim_name().is_none_or(str::is_empty) => {
            error.claim("token_introspection").cite("RFC 9701 §5")
        }
        _ => error,
    })
}

/// A signed answer that does not hold: the fault is the server's, not the token's.
pub(crate) fn signed_refused(error: &Error) -> Error {
    let found = format!("{}: {}", error.code(), error.found_value().unwrap_or(error.code().meaning()));
    let refused = invalid(error.claim_name().unwrap_or_default()).cite("RFC 9701 §5").found(found);
    error.expected_value().into_iter().fold(refused, |refused, expected| refused.expected(expected))
}

/// The refusal where an endpoint gave no answer.
pub(crate) fn unreachable(reason: &str) -> Error {
    Error::new(ErrorCode::IntrospectionFailed).found(crate::error::remedy::failure(reason))
}

fn invalid(name: &str) -> Error {
    let error = Error::new(ErrorCode::IntrospectionResponseInvalid);
    if name.is_empty() { error } else { error.claim(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorCode::{IntrospectionFailed, IntrospectionResponseInvalid, IntrospectionUnauthorized, TypMismatch};

    const JSON: Option<&str> = Some("application/json");

    fn judged(status: u16, content_type: Option<&str>, body: &str) -> Result<IntrospectionAnswer, ErrorCode> {
        let response = IntrospectionResponse { status, content_type, body: body.as_bytes() };
        introspection_answer(&response, false).map_err(|error| error.code())
    }

    /// RFC 7662 §2.2, the two examples.
    #[test]
    fn examples() {
        let active = r#"{"active":true,"client_id":"l238j323ds-23ij4","username":"jdoe","scope":"read write dolphin",
            "sub":"Z5O3upPC88QrAjx00dis","aud":"https://protected.example.net/resource","iss":"https://server.example.com/",
            "exp":1419356238,"iat":1419350238,"extension_field":"twenty-seven"}"#;
        assert_eq!(judged(200, JSON, active), Ok(IntrospectionAnswer::Active(active.as_bytes().to_vec())));
        assert_eq!(judged(200, JSON, r#"{"active":false}"#), Ok(IntrospectionAnswer::Inactive));
        let signed = Some("application/token-introspection+jwt; charset=utf-8");
        assert_eq!(judged(200, signed, " a.b.c\n"), Ok(IntrospectionAnswer::Signed(String::from("a.b.c"))));
    }

    #[test]
    fn active_answers() {
        for (content_type, body) in [
            ("Application/JSON;charset=UTF-8", r#"{"active":true}"#),
            ("application/json", r#" { "token_type" : "bearer" , "active" : true } "#),
            ("application/json", r#"{"active":true,"token_type":"DPoP","cnf":{"jkt":"T"}}"#),
            // django-allauth.
            ("application/json", r#"{"active":true,"token_type":"access_token"}"#),
        ] {
            assert!(matches!(judged(200, Some(content_type), body), Ok(IntrospectionAnswer::Active(_))), "{body}");
        }
        // Whatever else an answer about an inactive token says, it says nothing.
        assert_eq!(
            judged(200, JSON, r#"{"active":false,"token_type":1,"sub":"ada"}"#),
            Ok(IntrospectionAnswer::Inactive)
        );
    }

    /// oidc-provider, asked about a JWT where it gives opaque tokens: an ID token, or whatever a stranger has written.
    #[test]
    fn a_kind_of_token_that_the_server_gives_no_word_about() {
        let body =
            r#"{"error":"unsupported_token_type","error_description":"Structured JWT Tokens cannot be introspected"}"#;
        assert_eq!(judged(400, JSON, body), Ok(IntrospectionAnswer::Inactive));
        // What is no answer of the endpoint, or not signed where it has to be, says nothing about the token.
        for status in [401, 403] {
            assert_eq!(judged(status, JSON, body), Err(IntrospectionUnauthorized));
        }
        for status in [200, 404, 500, 503] {
            assert!(judged(status, JSON, body).is_err(), "{status}");
        }
        let response = IntrospectionResponse { status: 400, content_type: JSON, body: body.as_bytes() };
        assert_eq!(introspection_answer(&response, true).unwrap_err().code(), IntrospectionFailed);
    }

    #[test]
    fn answers_that_are_none() {
        let long = format!(r#"{{"active":true,"a":"{}"}}"#, "a".repeat(MAX_ANSWER));
        let deep = format!(r#"{{"active":true,"a":{}{}}}"#, "[".repeat(70), "]".repeat(70));
        for (status, content_type, body, code) in [
            (200, JSON, "", IntrospectionResponseInvalid),
            (200, JSON, "[]", IntrospectionResponseInvalid),
            (200, JSON, "true", IntrospectionResponseInvalid),
            (200, JSON, "{}", IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":"true"}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":"false"}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":1}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":null}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":[true]}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"Active":true}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":false,"active":true}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true,"acti\u0076e":false}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true,"cnf":{"jkt":"a","jkt":"b"}}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true}{"active":true}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true,}"#, IntrospectionResponseInvalid),
            (200, JSON, "\u{feff}{\"active\":true}", IntrospectionResponseInvalid),
            (200, JSON, "<!doctype html><p>Hello</p>", IntrospectionResponseInvalid),
            (200, JSON, &long, IntrospectionResponseInvalid),
            (200, JSON, &deep, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true,"token_type":1}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true,"token_type":"DPoP"}"#, IntrospectionResponseInvalid),
            (200, JSON, r#"{"active":true,"token_type":"N_A"}"#, TypMismatch),
            (200, JSON, r#"{"active":true,"token_type":"refresh_token"}"#, TypMismatch),
            (200, JSON, r#"{"active":true,"token_type":"Access_Token"}"#, TypMismatch),
            (200, JSON, r#"{"active":true,"token_type":"id_token"}"#, TypMismatch),
            (200, None, r#"{"active":true}"#, IntrospectionResponseInvalid),
            (200, Some("text/html"), r#"{"active":true}"#, IntrospectionResponseInvalid),
            (200, Some("application/jsonp"), r#"{"active":true}"#, IntrospectionResponseInvalid),
            (200, Some("application/jwt"), "a.b.c", IntrospectionResponseInvalid),
            (201, JSON, r#"{"active":true}"#, IntrospectionFailed),
            (204, None, "", IntrospectionFailed),
            (302, None, "", IntrospectionFailed),
            (400, JSON, r#"{"error":"invalid_request"}"#, IntrospectionFailed),
            (400, JSON, r#"{"error":"invalid_client"}"#, IntrospectionUnauthorized),
            (401, JSON, r#"{"active":true}"#, IntrospectionUnauthorized),
            (403, None, "", IntrospectionUnauthorized),
            (404, Some("text/html"), "", IntrospectionFailed),
            (429, None, "", IntrospectionFailed),
            (500, JSON, r#"{"active":true}"#, IntrospectionFailed),
        ] {
            assert_eq!(judged(status, content_type, body), Err(code), "{status} {content_type:?} {body}");
        }
    }

    #[test]
    fn a_plain_answer_where_only_signed_ones_are_taken() {
        let response = IntrospectionResponse { status: 200, content_type: JSON, body: br#"{"active":true}"# };
        let refused = introspection_answer(&response, true).unwrap_err();
        assert_eq!((refused.code(), refused.spec()), (IntrospectionResponseInvalid, "RFC 9701 §5"));
    }

    #[test]
    fn the_answer_inside_a_signed_one() {
        let inside = |payload: &str| members_of_signed(payload.as_bytes()).map_err(|error| error.code());
        let payload =
            r#"{"iss":"a","x":{"token_introspection":1},"token_introspection" : {"active" :true} ,"aud":"b"}"#;
        assert_eq!(inside(payload), Ok(IntrospectionAnswer::Active(br#"{"active" :true}"#.to_vec())));
        assert_eq!(inside(r#"{"token_introspectio\u006e":{"active":false}}"#), Ok(IntrospectionAnswer::Inactive));
        for payload in [
            "{}",
            r#"{"token_introspection":"{\"active\":true}"}"#,
            r#"{"token_introspection":true}"#,
            r#"{"token_introspection":{}}"#,
            r#"{"active":true,"token_introspection":{"active":"true"}}"#,
        ] {
            assert_eq!(inside(payload), Err(IntrospectionResponseInvalid), "{payload}");
        }
    }
}
