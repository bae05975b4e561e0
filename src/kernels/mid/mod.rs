//! Numbers modulo n, points, and tables of what is worth precomputing.

pub(crate) mod ecdsa;
pub(crate) mod ed25519;
pub(crate) mod rsa;
