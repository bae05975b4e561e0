//! `ES256`, `ES384`, `ES512` and `ES256K` (FIPS 186-5 §6.4.2; RFC 7518 §3.4, RFC 8812 §3.2), in variable time:
//! everything that a check sees is public.
//!
//! A check computes R = u₁G + u₂Q with u₁ = e / s and u₂ = r / s modulo n and compares the x of R with
//! r. Signatures are r and s side by side, each the length of the field. High s is as valid as low s.

use spin::Once;

use super::algorithm::{Signature, verifying_algorithm};
use super::table_cache::{Precomputed, TableCache};
use crate::kernels::low::ecdsa::number;
use crate::kernels::low::hash::Hash;
use crate::kernels::mid::ecdsa::curve::Curve;
use crate::kernels::mid::ecdsa::p256::P256;
use crate::kernels::mid::ecdsa::p384::P384;
use crate::kernels::mid::ecdsa::p521::P521;
use crate::kernels::mid::ecdsa::point::Affine;
use crate::kernels::mid::ecdsa::scalar::Modulus;
use crate::kernels::mid::ecdsa::secp256k1::SECP256K1;
use crate::kernels::mid::ecdsa::table::{self, Table};

#[cfg(test)]
#[path = "ecdsa_tests.rs"]
mod tests;

/// A curve's keys, and the algorithm that they are for.
macro_rules! ecdsa_algorithm {
    ($algorithm:ident, $name:literal, $about:literal, $key:ident, $curve:ident, $hash:expr, $signature:literal) => {
        #[doc = concat!("A public key for `", $name, "`.")]
        #[derive(Clone, Debug)]
        pub struct $key(EcKey);

        impl $key {
            /// The key of two coordinates, big-endian and of full length (RFC 7518 §6.2.1.2). `None` if a length is
            /// wrong, a coordinate is not below p, or the point is not on the curve (RFC 8725 §3.4).
            pub fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
                static GENERATOR_TABLE: Once<Table> = Once::new();
                EcKey::new(&$curve, &GENERATOR_TABLE, x, y).map(Self)
            }
        }

        verifying_algorithm!(
            #[doc = concat!("`", $name, "`: ", $about, ".")]
            $algorithm,
            $name,
            $key,
            Signature<$signature>,
            |key, message, signature| key.0.verifies($hash, message, signature)
        );
    };
}

ecdsa_algorithm!(Es256, "ES256", "ECDSA on P-256 with SHA-256 (RFC 7518 §3.4)", P256Key, P256, Hash::Sha256, 64);
ecdsa_algorithm!(Es384, "ES384", "ECDSA on P-384 with SHA-384 (RFC 7518 §3.4)", P384Key, P384, Hash::Sha384, 96);
ecdsa_algorithm!(Es512, "ES512", "ECDSA on P-521 with SHA-512 (RFC 7518 §3.4)", P521Key, P521, Hash::Sha512, 132);
ecdsa_algorithm!(
    Es256k,
    "ES256K",
    "ECDSA on secp256k1 with SHA-256 (RFC 8812 §3.2)",
    Secp256k1Key,
    SECP256K1,
    Hash::Sha256,
    64
);

/// A key, and its table once it is worth its price.
#[derive(Clone, Debug)]
struct EcKey {
    key: Key,
    table: TableCache<Table>,
    /// The table of the base point, made with the first key's: all keys of a curve share it.
    generator_table: &'static Once<Table>,
}

impl Precomputed for Table {
    const BYTES: usize = Self::MAX_BYTES;
    /// A table costs about as much as this many checks without it.
    const BUILD_AFTER: u32 = 24;

    fn bytes(&self) -> usize {
        Self::bytes(self)
    }
}

impl EcKey {
    fn new(curve: &'static Curve, generator_table: &'static Once<Table>, x: &[u8], y: &[u8]) -> Option<Self> {
        Some(Self { key: Key::from_coordinates(curve, x, y)?, table: TableCache::new(), generator_table })
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

/// A public key: a point on a curve, not the point at infinity.
#[derive(Clone, Debug)]
pub struct Key {
    curve: &'static Curve,
    point: Affine,
}

impl Key {
    /// The key of two coordinates of full length (RFC 7518 §6.2.1.2). `None` if a length is wrong, a
    /// coordinate is not below p, or the point is not on the curve (RFC 8725 §3.4). All these curves have
    /// a prime order, so there is no small subgroup to land in.
    pub fn from_coordinates(curve: &'static Curve, x: &[u8], y: &[u8]) -> Option<Self> {
        Some(Self { curve, point: curve.point(x, y)? })
    }

    /// The table that makes checks with this key fast.
    pub fn table(&self) -> Table {
        Table::new(self.curve, &self.point)
    }

    /// Whether `signature`, r and s side by side, is this key's for the message with this hash. The
    /// tables must be this key's and the base point's; without one the check is slower.
    ///
    /// The scalar e is the hash's leftmost bits, as many as n has (FIPS 186-5 §6.4.2). A hash is at most
    /// 64 bytes long, which is shorter than the order of P-521.
    pub fn verify(&self, hash: &[u8], signature: &[u8], table: Option<&Table>, generator: Option<&Table>) -> bool {
        let Curve { length, order, field, .. } = self.curve;
        let Some(Scalars { r, u1, u2 }) = Scalars::new(order, *length, hash, signature) else { return false };
        let point = table::double_multiple(self.curve, [&u1, &u2], &self.point, generator, table);
        // x modulo n is r: x is r, or r + n if that is below p.
        let wrapped = order.plus(&r);
        point.has_x(&r) || (number::is_below(&wrapped, field.modulus.limbs()) && point.has_x(&wrapped))
    }
}

/// The numbers of a check: r, u₁ = e / s and u₂ = r / s modulo n.
struct Scalars {
    r: number::Limbs,
    u1: number::Limbs,
    u2: number::Limbs,
}

impl Scalars {
    #[inline(never)]
    fn new(order: &Modulus, length: usize, hash: &[u8], signature: &[u8]) -> Option<Self> {
        if signature.len() != 2 * length || hash.len() > 64 {
            return None;
        }
        let (r, s) = signature.split_at_checked(length)?;
        let (r, s) = (order.parse(r)?, order.parse(s)?);
        if number::is_zero(&r) || number::is_zero(&s) {
            return None;
        }
        let e = number::from_bytes(hash.get(..length).unwrap_or(hash));
        let inverse = order.inverse_times_radix(&s);
        Some(Self { r, u1: order.multiply(&e, &inverse), u2: order.multiply(&r, &inverse) })
    }
}
