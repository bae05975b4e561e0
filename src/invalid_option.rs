//! What is wrong with an option that the caller gave: a fault of the program, not of a token.

use alloc::string::String;
use core::fmt;

/// An invalid option, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    /// The option.
    pub name: String,
    /// What it has to be.
    pub expected: &'static str,
}

impl InvalidOption {
    pub(crate) fn new(name: &str, expected: &'static str) -> Self {
        Self { name: crate::error::bounded(name), expected }
    }
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        f.write_str(": ")?;
        f.write_str(self.expected)
    }
}

impl core::error::Error for InvalidOption {}
