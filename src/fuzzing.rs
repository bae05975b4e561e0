//! What the fuzz targets of `tests/fuzz` see besides the public interface. Compiled by cargo-fuzz
//! only, which sets `cfg(fuzzing)`; no part of the interface.

use alloc::{string::String, vec::Vec};
use core::{cmp::Ordering, time::Duration};

use crate::claims::claim_rule::ClaimRule;
use crate::claims::claim_set::Claims;
use crate::claims::numeric_date::{NumericDate, UnixTime};
use crate::error::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::json::{self, Value};
use crate::jose::json_text;
use crate::jose::jwk::Key;
use crate::rules::Trace;

pub use crate::jose::base64url::{Base64urlFault, decode as decode_base64url, encode as encode_base64url};

/// A JSON value as the core's reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, its members in the order of the text.
    Object(Vec<(String, Json)>),
}

impl From<&Value<'_>> for Json {
    fn from(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number(String::from(*number)),
            Value::String(text) => Self::String(String::from(text.as_ref())),
            Value::Array(values) => Self::Array(values.iter().map(Self::from).collect()),
            Value::Object(object) => {
                Self::Object(object.members().map(|(name, value)| (String::from(name), value.into())).collect())
            }
        }
    }
}

/// Reads one JSON text as tokens are read: duplicate members are refused.
///
/// # Errors
/// The codes of malformed JSON.
pub fn parse_json(bytes: &[u8]) -> Result<Json, Error> {
    json::parse(bytes).map(|value| Json::from(&value))
}

/// Reads one JSON text as key sets are read: the first duplicate member is reported.
///
/// # Errors
/// The codes of malformed JSON, except that of duplicate members.
pub fn parse_json_with_duplicates(bytes: &[u8]) -> Result<(Json, Option<String>), Error> {
    json::parse_with_duplicates(bytes).map(|value| (Json::from(&value), value.duplicate().map(String::from)))
}

/// Writes a JSON string.
pub fn write_json_string(text: &str) -> String {
    let mut out = String::new();
    json_text::write_string(&mut out, text);
    out
}

/// Compares the date of a claim with a moment; `None` if the number is no date. The number's grammar
/// has to have been checked.
pub fn compare_date(number: &str, moment: UnixTime) -> Option<Ordering> {
    NumericDate::parse(number).map(|date| date.compare(moment))
}

/// Whether the claims in a JSON text satisfy a rule.
///
/// # Errors
/// The codes of a malformed claims set.
pub fn claim_rule_holds(rule: &ClaimRule, claims: &[u8]) -> Result<bool, Error> {
    let claims = Claims::parse(claims, &mut Trace::off())?;
    Ok(rule.check(&claims, &mut Trace::off()).is_ok())
}

/// A moment, shifted first earlier and then later.
pub fn shifted(moment: UnixTime, earlier: Duration, later: Duration) -> UnixTime {
    moment.saturating_sub(earlier).saturating_add(later)
}

/// Whether a signature is valid under a key, regardless of its `alg`, `use` and `key_ops`.
pub fn verifies(key: &Key, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
    key.verifies(algorithm, message, signature)
}
