//! A resource server (RFC 6750, RFC 9449 §7, RFC 9728): what it decides about a request.

pub(crate) mod bearer;
