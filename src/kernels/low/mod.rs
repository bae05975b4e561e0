//! Words, digits and blocks: no number theory yet.

pub(crate) mod ecdsa;
pub(crate) mod hash;
pub(crate) mod rsa;
