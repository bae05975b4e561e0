//! The error of an authorization server, as a response names it (RFC 6749 §4.1.2.1, §5.2).

use alloc::string::String;

use crate::error::{Error, ErrorCode};
use crate::jose::json::{Object, Value};
use crate::jose::json_text::decimal;

/// The refusal with an error response's own words: by name for programs, with its description for people.
pub(super) fn described(code: ErrorCode, error: &str, description: Option<&str>) -> Error {
    let (colon, description) = description.map_or(("", ""), |description| (": ", description));
    Error::new(code).claim("error").found([error, colon, description].concat()).oauth(error)
}

/// The refusal of a request to an endpoint that answers in JSON (RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 9126 §2.3).
pub(super) fn endpoint_error(code: ErrorCode, status: u16, response: Option<&Object<'_>>) -> Error {
    let text = |name| response.and_then(|response| response.get(name)).and_then(Value::as_str);
    let status: String = [" (status ", &decimal(status.into()), ")"].concat();
    match text("error") {
        None => Error::new(code).claim("error").found(["no OAuth error", &status].concat()),
        Some(error) => {
            let refusal = described(code, error, text("error_description"));
            let found = [refusal.found_value().unwrap_or_default(), &status].concat();
            refusal.found(found)
        }
    }
}
