//! The hash functions of SHA-2 (FIPS 180-4) that signatures and thumbprints are made with.

use core::ops::Deref;

use sha2::{Sha256, Sha384, Sha512};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// A hash function's output.
pub(crate) struct Digest {
    bytes: [u8; 64],
    length: usize,
}

impl Hash {
    /// The length of its output in bytes.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of all parts, one behind the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Digest {
        match self {
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

#[inline(never)]
fn digest<D: sha2::Digest>(parts: &[&[u8]]) -> Digest {
    let mut hasher = D::new();
    parts.iter().for_each(|part| hasher.update(part));
    let output = hasher.finalize();
    let mut bytes = [0; 64];
    bytes[..output.len()].copy_from_slice(&output);
    Digest { bytes, length: output.len() }
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use super::*;

    /// FIPS 180-2, appendices B, C and D: the message "abc".
    #[test]
    fn digests_of_fips_180() {
        let expected = [
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ];
        for (hash, expected) in [Hash::Sha256, Hash::Sha384, Hash::Sha512].into_iter().zip(expected) {
            let digest = hash.digest(&[b"a", b"", b"bc"]);
            assert_eq!(digest.len(), hash.length());
            assert_eq!(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), expected);
        }
    }
}
