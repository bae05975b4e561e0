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
    octets: [u8; 64],
    length: usize,
}

impl Hash {
    /// The length of its output in octets.
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
            Self::Sha256 => run::<Sha256>(parts),
            Self::Sha384 => run::<Sha384>(parts),
            Self::Sha512 => run::<Sha512>(parts),
        }
    }
}

fn run<D: sha2::Digest>(parts: &[&[u8]]) -> Digest {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    let mut digest = Digest { octets: [0; 64], length: <D as sha2::Digest>::output_size() };
    digest.octets[..digest.length].copy_from_slice(&hash.finalize());
    digest
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.octets[..self.length]
    }
}
