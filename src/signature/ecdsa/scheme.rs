//! `ES256`, `ES384`, `ES512` and `ES256K`: r and s side by side, each the length of the field (RFC 7518
//! §3.4, RFC 8812 §3.2). High s is as valid as low s.

use spin::Once;

use super::{Curve, Key, P256, P384, P521, Secp256k1, Table};
use crate::hash::Hash;
use crate::signature::hot::{Hot, Precomputed};
use crate::signature::verifying_scheme;

/// A key, and its table once it has earned one.
#[derive(Clone, Debug)]
pub(crate) struct EcKey<C: Curve<N>, const N: usize> {
    key: Key<C, N>,
    table: Hot<Table<C, N>>,
}

pub(crate) type P256Key = EcKey<P256, 9>;
pub(crate) type P384Key = EcKey<P384, 14>;
pub(crate) type P521Key = EcKey<P521, 18>;
pub(crate) type Secp256k1Key = EcKey<Secp256k1, 9>;

impl<C: Curve<N> + Send + Sync, const N: usize> Precomputed for Table<C, N> {
    const OCTETS: usize = Self::BYTES;
    /// A table costs about as much as this many checks without it.
    const EARNED_BY: u32 = 24;
}

impl<C: Curve<N> + Send + Sync, const N: usize> EcKey<C, N> {
    /// The key of two coordinates of full length (RFC 7518 §6.2.1.2). `None` if a length is wrong or the
    /// point is not on the curve (RFC 8725 §3.4).
    pub(crate) fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
        Some(Self { key: Key::from_coordinates(x, y)?, table: Hot::new() })
    }

    /// The base point's table is made with the first key's, and serves all keys of the curve.
    fn verifies(&self, hash: Hash, message: &[u8], signature: &[u8], generator: &Once<Table<C, N>>) -> bool {
        let table = self.table.table(|| self.key.table());
        let generator = match table {
            Some(_) => Some(generator.call_once(Key::<C, N>::generator_table)),
            None => generator.get(),
        };
        self.key.verify(&hash.digest(&[message]), signature, table.as_deref(), generator)
    }
}

macro_rules! ecdsa_scheme {
    ($scheme:ident, $name:literal, $key:ty, $curve:ty, $limbs:literal, $hash:expr) => {
        verifying_scheme!(
            #[doc = concat!("`", $name, "`")]
            $scheme,
            $name,
            $key,
            |key, message, signature| {
                static GENERATOR: Once<Table<$curve, $limbs>> = Once::new();
                key.verifies($hash, message, signature, &GENERATOR)
            }
        );
    };
}

ecdsa_scheme!(Es256, "ES256", P256Key, P256, 9, Hash::Sha256);
ecdsa_scheme!(Es384, "ES384", P384Key, P384, 14, Hash::Sha384);
ecdsa_scheme!(Es512, "ES512", P521Key, P521, 18, Hash::Sha512);
ecdsa_scheme!(Es256k, "ES256K", Secp256k1Key, Secp256k1, 9, Hash::Sha256);
