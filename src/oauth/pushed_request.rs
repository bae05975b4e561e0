//! The answer to a pushed authorization request (RFC 9126 §2.2, §2.3).

use alloc::string::String;

use super::error_response::endpoint_error;
use super::token_response::lifetime;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};

/// A request that the server has stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequest {
    /// Its reference (RFC 9126 §2.2).
    pub request_uri: String,
    /// How long the server stores it, in seconds.
    pub expires_in: Option<u64>,
}

/// Judges the answer of a pushed authorization request endpoint; `Err` of an answer is the reason why there is none.
/// `None`: the request goes through the browser instead, as it may where the server does not insist (RFC 9126 §5).
///
/// # Errors
/// `token_request_failed` or `token_response_invalid`, where the server insists.
pub fn pushed_request(answer: Result<(u16, &[u8]), &str>, required: bool) -> Result<Option<PushedRequest>, Error> {
    let judged = match answer {
        Ok((status, text)) => judge(status, text),
        Err(reason) => Err(Error::new(ErrorCode::TokenRequestFailed).cite("RFC 9126 §2").found(reason)),
    };
    match judged {
        Ok(pushed) => Ok(Some(pushed)),
        Err(error) if required => Err(error),
        Err(_) => Ok(None),
    }
}

fn judge(status: u16, text: &[u8]) -> Result<PushedRequest, Error> {
    let value = json::parse(text);
    let response = value.as_ref().ok().and_then(Value::as_object);
    // RFC 9126 §2.2: "a 201 HTTP status code".
    match response {
        Some(response) if status == 201 => read(response),
        _ if status == 201 => Err(invalid("").expected("a JSON object")),
        _ => Err(endpoint_error(ErrorCode::TokenRequestFailed, status, response).cite("RFC 9126 §2.3")),
    }
}

fn read(response: &Object<'_>) -> Result<PushedRequest, Error> {
    match response.get("request_uri") {
        Some(Value::String(uri)) if !uri.is_empty() => {
            Ok(PushedRequest { request_uri: String::from(&**uri), expires_in: lifetime(response)? })
        }
        other => Err(invalid("request_uri").found(other.map_or("nothing", Value::kind)).expected("a string")),
    }
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::TokenResponseInvalid).cite("RFC 9126 §2.2").claim(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required(status: u16, text: &str) -> Result<PushedRequest, Error> {
        pushed_request(Ok((status, text.as_bytes())), true).map(Option::unwrap)
    }

    /// RFC 9126 §2.2, the example.
    #[test]
    fn a_request_that_was_taken() {
        let text = r#"{"request_uri": "urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2", "expires_in": 90}"#;
        let pushed = required(201, text).unwrap();
        assert_eq!((&*pushed.request_uri, pushed.expires_in), ("urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2", Some(90)));
        assert_eq!(required(200, text).unwrap_err().code(), ErrorCode::TokenRequestFailed);
    }

    /// RFC 9126 §2.3, the example.
    #[test]
    fn a_request_that_was_refused() {
        let text = r#"{"error": "invalid_request", "error_description": "The redirect_uri is not valid for the given client"}"#;
        let error = required(400, text).unwrap_err();
        assert_eq!((error.code(), error.oauth_error()), (ErrorCode::TokenRequestFailed, Some("invalid_request")));
        assert_eq!(pushed_request(Ok((400, text.as_bytes())), false), Ok(None));
    }

    #[test]
    fn answers_that_name_no_request() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"request_uri":1}"#,
            r#"{"request_uri":""}"#,
            r#"{"request_uri":"a","expires_in":true}"#,
        ] {
            assert_eq!(required(201, text).unwrap_err().code(), ErrorCode::TokenResponseInvalid, "{text}");
        }
        assert_eq!(required(502, "<html>").unwrap_err().oauth_error(), None);
        let unreachable = pushed_request(Err("no complete answer within 5 s"), true).unwrap_err();
        assert_eq!(unreachable.found_value(), Some("no complete answer within 5 s"));
        assert_eq!(pushed_request(Err("offline"), false), Ok(None));
    }
}
