//! What JavaScript is answered, as JSON: members are named as TypeScript names them.

use alloc::string::String;

use crate::claims::explain::Explanation;
use crate::error::Error;
use crate::jose::json_text::{self, ArrayText, ObjectText, decimal};
use crate::resource_server::challenge::{self, ChallengeParameters};

const NULL: &str = "null";

/// A refusal as data.
pub(super) fn error_text(error: &Error) -> String {
    ObjectText::new()
        .text("code", error.code().as_str())
        .text("message", &error.message())
        .optional("claim", error.claim_name())
        .optional("found", error.found_value())
        .optional("expected", error.expected_value())
        .text("spec", error.spec())
        .number("status", error.code().status().into())
        .optional("challenge", challenge::challenge(error, ChallengeParameters::default()).as_deref())
        .finish()
}

/// `lacks_key` is the index of the trusted issuer whose keys lack the token's.
pub(super) fn explanation_text(explanation: &Explanation, lacks_key: Option<usize>) -> String {
    let mut checks = ArrayText::new();
    for check in &explanation.checks {
        let shown = ObjectText::new()
            .text("name", check.name)
            .text("spec", check.spec)
            .text("status", check.status.as_str())
            .json("found", &nullable(check.found.as_deref()))
            .json("expected", &nullable(check.expected.as_deref()))
            .finish();
        checks.json(&shown);
    }
    let refusal = explanation.refusal.as_ref();
    ObjectText::new()
        .json("valid", boolean(refusal.is_none()))
        .json("code", &nullable(refusal.map(|error| error.code().as_str())))
        .json("error", &refusal.map_or_else(|| String::from(NULL), error_text))
        .json("checks", &checks.finish())
        .json("header", explanation.header.as_deref().unwrap_or(NULL))
        .json("claims", explanation.claims.as_deref().unwrap_or(NULL))
        .json("lacksKey", &lacks_key.map_or_else(|| String::from(NULL), |index| decimal(index as u64)))
        .finish()
}

#[inline(never)]
fn nullable(text: Option<&str>) -> String {
    text.map_or_else(|| String::from(NULL), quoted)
}

pub(super) fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    json_text::write_string(&mut out, text);
    out
}
