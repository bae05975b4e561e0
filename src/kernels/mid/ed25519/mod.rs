//! edwards25519 in variable time.
//!
//! | file | holds |
//! |---|---|
//! | `field` | GF(2²⁵⁵ − 19): fiat-crypto's proved arithmetic, powers, canonical bytes |
//! | `scalar` | integers mod L: reduction of a SHA-512 hash, signed digits |
//! | `point` | the group law, encoding and decoding |
//! | `table` | tables of multiples: products without doublings |

mod field;
pub(crate) mod point;
pub(crate) mod scalar;
pub(crate) mod table;
