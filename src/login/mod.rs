//! The life of a login, as far as it needs no I/O: what to remember of it, what an answer belongs to, when a page may ask
//! by itself, and what time it is. Texts go in and out; the shell stores them.

pub(crate) mod clock;
pub(crate) mod silent;
#[cfg(feature = "wasm")]
pub(crate) mod spans;
pub(crate) mod transaction;
