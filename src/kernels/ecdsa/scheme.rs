//! `ES256`, `ES384`, `ES512` and `ES256K`: r and s side by side, each the length of the field (RFC 7518
//! §3.4, RFC 8812 §3.2). High s is as valid as low s.

use spin::Once;

use super::curve::Curve;
use super::p256::P256;
use super::p384::P384;
use super::p521::P521;
use super::secp256k1::SECP256K1;
use super::{Key, Table};
use crate::kernels::hot::{Hot, Precomputed};
use crate::kernels::low::hash::Hash;
use crate::kernels::verifying_scheme;

/// A key, and its table once it has earned one.
#[derive(Clone, Debug)]
struct EcKey {
    key: Key,
    table: Hot<Table>,
    /// The table of the base point, made with the first key's: all keys of a curve share it.
    generator_table: &'static Once<Table>,
}

impl Precomputed for Table {
    const OCTETS: usize = Self::MOST_OCTETS;
    /// A table costs about as much as this many checks without it.
    const EARNED_BY: u32 = 24;

    fn octets(&self) -> usize {
        Self::octets(self)
    }
}

impl EcKey {
    fn new(curve: &'static Curve, generator_table: &'static Once<Table>, x: &[u8], y: &[u8]) -> Option<Self> {
        Some(Self { key: Key::from_coordinates(curve, x, y)?, table: Hot::new(), generator_table })
    }

    #[inline(never)]
    fn verifies(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let Key { curve, .. } = self.key;
        let table = self.table.table(|| self.key.table());
        let generator = match table {
            Some(_) => Some(self.generator_table.call_once(|| Table::new(curve, &curve.generator()))),
            None => self.generator_table.get(),
        };
        self.key.verify(&hash.digest(&[message]), signature, table.as_deref(), generator)
    }
}

/// A curve's keys, and the scheme that they are for.
macro_rules! ecdsa_scheme {
    ($scheme:ident, $name:literal, $key:ident, $curve:ident, $hash:expr) => {
        #[doc = concat!("A key for `", $name, "`.")]
        #[derive(Clone, Debug)]
        pub(crate) struct $key(EcKey);

        impl $key {
            /// The key of two coordinates of full length (RFC 7518 §6.2.1.2). `None` if a length is wrong or the
            /// point is not on the curve (RFC 8725 §3.4).
            pub(crate) fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
                static GENERATOR_TABLE: Once<Table> = Once::new();
                EcKey::new(&$curve, &GENERATOR_TABLE, x, y).map(Self)
            }
        }

        verifying_scheme!(
            #[doc = concat!("`", $name, "`")]
            $scheme,
            $name,
            $key,
            |key, message, signature| key.0.verifies($hash, message, signature)
        );
    };
}

ecdsa_scheme!(Es256, "ES256", P256Key, P256, Hash::Sha256);
ecdsa_scheme!(Es384, "ES384", P384Key, P384, Hash::Sha384);
ecdsa_scheme!(Es512, "ES512", P521Key, P521, Hash::Sha512);
ecdsa_scheme!(Es256k, "ES256K", Secp256k1Key, SECP256K1, Hash::Sha256);
