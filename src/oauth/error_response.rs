//! The error of an authorization server, as a response names it (RFC 6749 §4.1.2.1, §5.2).

use alloc::{format, string::String};

use crate::error::{Error, ErrorCode};
use crate::jose::json::{Object, Value};

/// The refusal with an error response's own words: by name for programs, with its description for people.
pub(super) fn described(code: ErrorCode, error: &str, description: Option<&str>) -> Error {
    let found = description.map_or_else(|| String::from(error), |description| format!("{error}: {description}"));
    Error::new(code).claim("error").found(found).oauth(error)
}

/// The refusal of a request to an endpoint that answers in JSON (RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 9126 §2.3).
pub(super) fn endpoint_error(code: ErrorCode, status: u16, response: Option<&Object<'_>>) -> Error {
    let text = |name| response.and_then(|response| response.get(name)).and_then(Value::as_str);
    match text("error") {
        None => Error::new(code).claim("error").found(format!("no OAuth error (status {status})")),
        Some(error) => {
            let refusal = described(code, error, text("error_description"));
            let found = format!("{} (status {status})", refusal.found_value().unwrap_or_default());
            refusal.found(found)
        }
    }
}
