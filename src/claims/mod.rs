//! The claims of a token (RFC 7519 §4), and what a caller demands of them.

pub(crate) mod claim_rule;
pub(crate) mod claim_set;
pub(crate) mod explain;
pub(crate) mod numeric_date;
pub(crate) mod policy;
pub(crate) mod profile;
pub(crate) mod provider;
