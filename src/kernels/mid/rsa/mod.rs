//! Powers modulo a key's n.
//!
//! ```text
//! table.rs        powers with a key, in the arithmetic that this machine is best at
//! montgomery.rs   the algorithm, over limbs of any kind
//! fma_module.rs   the same algorithm behind the functions of rsa-fma.wasm
//! ```

#[cfg(any(test, all(target_family = "wasm", target_feature = "simd128", feature = "wasm")))]
mod fma_module;
mod montgomery;
pub(crate) mod table;
