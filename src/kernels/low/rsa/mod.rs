//! Limbs of numbers of 2048 to 8192 bits, in three kinds:
//!
//! ```text
//! limbs.rs       what a kind of limb has to say
//! portable.rs      27 bits in integers, for every target
//! f64x2.rs         24 bits in doubles, for WebAssembly with SIMD
//! fma.rs           52 bits in doubles, for WebAssembly with relaxed SIMD: compiled into a module of its own
//! simd.rs        two doubles side by side
//! digits.rs      big-endian numbers as digits
//! ```

pub(crate) mod digits;
#[cfg(any(test, target_feature = "simd128"))]
pub(crate) mod f64x2;
#[cfg(test)]
pub(crate) mod fma;
pub(crate) mod limbs;
#[cfg(any(test, not(target_feature = "simd128")))]
pub(crate) mod portable;
#[cfg(any(test, target_feature = "simd128"))]
pub(crate) mod simd;
