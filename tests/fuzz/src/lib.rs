//! What the fuzz targets share: keys that sign inside a target, independent judges of the same
//! questions (`tree`, `decimal`, `oracle`), and what every refusal and explanation must satisfy.

pub mod compact;
pub mod decimal;
pub mod demands;
pub mod invariants;
pub mod key_set_model;
pub mod keys;
pub mod numbers;
pub mod oracle;
pub mod scene;
pub mod session_model;
pub mod tree;

/// Splits a fuzz input at its NUL octets; what is missing is empty.
pub fn parts<const N: usize>(data: &[u8]) -> [&[u8]; N] {
    let mut parts = data.splitn(N, |&octet| octet == 0);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
