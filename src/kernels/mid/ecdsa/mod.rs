//! Sums of multiples of points on P-256, P-384, P-521 and secp256k1, in variable time.
//!
//! What makes them fast where the same few keys check many signatures:
//! - a table of multiples for the key and one for the base point: no doublings, one addition a digit (`table`);
//! - limbs of 28 or 29 bits in 64-bit columns and the sparse form of each prime (`field`, and a file a
//!   curve), which suits machines without a 128-bit product, WebAssembly among them;
//! - sums of two points each, many at once, which share an inversion (`batch_add`), two side by side in the lanes
//!   of vectors on P-256 (`low::ecdsa::limbs`, `low::ecdsa::simd`);
//! - variable-time inversions (`inverse`), and none of Z at the end: X = r · Z² is compared.
//!
//! All of it is there once, for all curves: a `Curve` says what makes one different, and its `Field` how to make
//! products modulo its prime. These alone are written out for each curve.
//!
//! Reading order: `curve`, `table`, `points`, `batch_add`, `point`, `field`, then a curve of its own; `scalar` and
//! `inverse` stand by themselves.

mod batch_add;
#[cfg(test)]
mod bounds;
pub(crate) mod curve;
mod field;
mod inverse;
pub(crate) mod p256;
pub(crate) mod p384;
pub(crate) mod p521;
pub(crate) mod point;
mod points;
pub(crate) mod scalar;
pub(crate) mod secp256k1;
pub(crate) mod table;
