//! Limbs of 28 to 30 bits, for curves of 256 to 521 bits.

pub(crate) mod digits;
pub(crate) mod limbs;
pub(crate) mod number;
pub(crate) mod simd;
