//! Words and blocks: no number theory yet.

pub(crate) mod hash;
