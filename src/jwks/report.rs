//! What an operator hears of a key set, and how its failures are worded.

use alloc::{format, string::String};

use crate::error::{Error, ErrorCode};

/// What happened to a key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It was fetched, and is what it was before, or the first.
    Fetched,
    /// It was fetched, and has other keys than before.
    Rotated,
    /// It could not be fetched.
    Failed,
    /// It serves beyond its age, since it cannot be fetched.
    Stale,
    /// It serves no longer.
    TooOld,
}

impl News {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Rotated => "rotated",
            Self::Failed => "failed",
            Self::Stale => "stale",
            Self::TooOld => "too-old",
        }
    }
}

/// News of a key set, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What happened.
    pub news: News,
    /// Why the last attempt failed, if it did.
    pub error: Option<Error>,
    /// How many keys can be used now.
    pub keys: usize,
}

/// A refusal's own text says what to do next, and so would the one that it becomes the reason of.
pub(super) fn reason(error: &Error) -> String {
    let found = error.found_value().map(|found| format!(", {found}"));
    let claim = error.claim_name().map(|claim| format!(" ({claim})"));
    format!("{}{}{}", error.code().as_str(), claim.unwrap_or_default(), found.unwrap_or_default())
}

/// The reason first: an address may be long, and is cut off rather than the reason.
pub(super) fn unavailable(reason: &str, url: &str) -> Error {
    Error::new(ErrorCode::KeysUnavailable).found(format!("{reason} ({url})"))
}

/// A key set is missing for want of its issuer's metadata.
pub(super) fn because(error: &Error, name: &str) -> Error {
    let unavailable = unavailable(&reason(error), name);
    match error.expected_value() {
        Some(expected) => unavailable.expected(expected),
        None => unavailable,
    }
}
