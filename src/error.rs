//! Why a token, a key or a response was refused.

mod code;
pub(crate) mod remedy;
mod text;

use alloc::{boxed::Box, string::String};
use core::fmt;

pub use code::ErrorCode;
pub(crate) use text::{List, bounded, joined};

/// A refusal: its code, what was found, what was wanted and where the rule is written. It never
/// contains the token or a secret, and its text is bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Refusal>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    code: ErrorCode,
    spec: &'static str,
    claim: Option<String>,
    found: Option<String>,
    expected: Option<String>,
    oauth_error: Option<String>,
    retry_after: Option<u32>,
}

impl Error {
    /// A refusal with the specification that its code names.
    #[inline(never)]
    pub fn new(code: ErrorCode) -> Self {
        let (claim, found, expected, oauth_error, retry_after) = (None, None, None, None, None);
        Self(Box::new(Refusal { code, spec: code.spec(), claim, found, expected, oauth_error, retry_after }))
    }

    /// The same refusal, citing another section.
    pub(crate) fn cite(mut self, spec: &'static str) -> Self {
        self.0.spec = spec;
        self
    }

    /// The same refusal, naming the claim, header or option at fault.
    #[inline(never)]
    pub(crate) fn claim(mut self, name: &str) -> Self {
        self.0.claim = Some(bounded(name));
        self
    }

    /// The same refusal, saying what was found.
    #[inline(always)]
    pub(crate) fn found(self, value: impl AsRef<str>) -> Self {
        self.found_text(value.as_ref())
    }

    #[inline(never)]
    fn found_text(mut self, value: &str) -> Self {
        self.0.found = Some(bounded(value));
        self
    }

    /// The same refusal, saying what was expected.
    #[inline(always)]
    pub(crate) fn expected(self, value: impl AsRef<str>) -> Self {
        self.expected_text(value.as_ref())
    }

    #[inline(never)]
    fn expected_text(mut self, value: &str) -> Self {
        self.0.expected = Some(bounded(value));
        self
    }

    /// The same refusal, with the error that an OAuth response names.
    pub(crate) fn oauth(mut self, error: &str) -> Self {
        self.0.oauth_error = Some(bounded(error));
        self
    }

    /// The same refusal, saying in how many seconds another attempt may end otherwise.
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Where the rule is written, e.g. `RFC 7519 §4.1.4`.
    pub fn spec(&self) -> &'static str {
        self.0.spec
    }

    /// What can be done next: what fits the values of this refusal, or else [`ErrorCode::remedy`].
    pub fn remedy(&self) -> &'static str {
        remedy::remedy(self.0.code, self.found_value(), self.expected_value())
    }

    /// The address of the page about the code: [`ErrorCode::help`].
    pub fn help(&self) -> String {
        self.0.code.help()
    }

    /// The claim, header or key member at fault.
    pub fn claim_name(&self) -> Option<&str> {
        self.0.claim.as_deref()
    }

    /// What was found, shortened to 120 characters.
    pub fn found_value(&self) -> Option<&str> {
        self.0.found.as_deref()
    }

    /// What was wanted, shortened to 120 characters.
    pub fn expected_value(&self) -> Option<&str> {
        self.0.expected.as_deref()
    }

    /// The error of an OAuth response, e.g. `invalid_grant` (RFC 6749 §5.2), shortened to 120 characters.
    pub fn oauth_error(&self) -> Option<&str> {
        self.0.oauth_error.as_deref()
    }

    /// In how many seconds another attempt may end otherwise (RFC 9110 §10.2.3), where that is known.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after
    }
}

impl Error {
    /// The whole refusal as a sentence or two: what failed, found, wanted, what to do, and the section.
    pub(crate) fn message(&self) -> String {
        let Refusal { code, spec, claim, found, expected, .. } = &*self.0;
        let mut text = String::from(code.meaning());
        let mut add = |before: &str, value: Option<&str>, after: &str| {
            if let Some(value) = value {
                [before, value, after].into_iter().for_each(|part| text.push_str(part));
            }
        };
        add(" (", claim.as_deref(), ")");
        add(": found ", found.as_deref(), "");
        add(if found.is_some() { ", expected " } else { ": expected " }, expected.as_deref(), "");
        add(". ", Some(remedy::remedy(*code, found.as_deref(), expected.as_deref())), "");
        add(" (", Some(*spec).filter(|spec| !spec.is_empty()), ")");
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn text_is_bounded_and_printable() {
        let error = Error::new(ErrorCode::IssuerMismatch).found("\u{1b}[31m".repeat(10_000)).claim("iss");
        let text = error.to_string();
        assert!(text.chars().count() < 400, "{text}");
        assert!(!text.contains('\u{1b}'));
    }
}
