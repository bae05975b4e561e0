//! A verdict as the list of its checks.

use alloc::{string::String, vec::Vec};

use crate::error::Error;
use crate::rules::Check;

/// A verdict as a list of checks, in the order in which they ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Every check that the policy asks for.
    pub checks: Vec<Check>,
    /// Why the token was refused; `None` for a valid one.
    pub refusal: Option<Error>,
    /// The header's JSON, where it could be read.
    pub header: Option<String>,
    /// The claims' JSON, where the signature is valid.
    pub claims: Option<String>,
}
