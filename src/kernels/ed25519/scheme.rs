//! `EdDSA` and `Ed25519` (RFC 8037 §3.1, RFC 9864 §2.2).

use spin::Once;

use super::{Generator, Key, Table, verify};
use crate::kernels::hot::{Hot, Precomputed};
use crate::kernels::verifying_scheme;

/// A key, and its table once it has earned one.
#[derive(Clone, Debug)]
pub(crate) struct Ed25519Key {
    key: Key,
    table: Hot<Table>,
}

impl Precomputed for Table {
    const OCTETS: usize = Self::BYTES;
    /// A table costs about as much as this many checks without it.
    const EARNED_BY: u32 = 24;
}

impl Ed25519Key {
    /// The key of 32 octets. `None` if they are not the one encoding of a point on the curve, or if
    /// the point is of small order.
    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        Some(Self { key: Key::from_octets(octets)?, table: Hot::new() })
    }

    /// The base point's table is made with the first key's, and serves all keys.
    #[inline(never)]
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        static GENERATOR: Once<Generator> = Once::new();
        let table = self.table.table(|| self.key.table());
        let generator = match table {
            Some(_) => Some(GENERATOR.call_once(Generator::new)),
            None => GENERATOR.get(),
        };
        verify(&self.key, message, signature, table.as_deref(), generator)
    }
}

verifying_scheme!(
    /// `EdDSA` and `Ed25519`
    Ed25519,
    "Ed25519",
    Ed25519Key,
    |key, message, signature| key.verifies(message, signature)
);
