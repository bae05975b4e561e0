//! `Ed25519` and `EdDSA` (RFC 8032 §5.1.7; RFC 9864 §2.2, RFC 8037 §3.1), strict, in variable time: everything here is public.
//!
//! A signature R ‖ s of a message M by the key A holds exactly when
//! - A and R are the one canonical encoding of a point on the curve (RFC 8032 §5.1.3), and neither
//!   point is of small order;
//! - s < L, the order of the base point B (RFC 8032 §5.1.7 step 1; excludes malleability);
//! - \[s\]B = R + \[k\]A with k = SHA-512(R ‖ A ‖ M) mod L: the equation without the cofactor.
//!
//! This is `verify_strict` of ed25519-dalek with canonical A. R is never decompressed: the check is
//! that \[s\]B − \[k\]A encodes to the bytes of R, and encodings are canonical and on the curve.
//!
//! Cost in field multiplications M and squarings S: with both tables 74 mixed additions of 7 M and
//! one inversion (254 S); without tables 253 doublings (4 S + 3 M) and about 100 additions of 8 M.

use alloc::vec::Vec;
use core::fmt;

use spin::Once;

use super::algorithm::{Signature, verifying_algorithm};
use super::table_cache::{Precomputed, TableCache};
use crate::kernels::low::hash::Hash;
use crate::kernels::mid::ed25519::point::{self, Point, WindowedNaf};
use crate::kernels::mid::ed25519::scalar::Scalar;
use crate::kernels::mid::ed25519::table::Windows;

/// A public key for `Ed25519` and `EdDSA`, and its table once that is worth its price.
#[derive(Clone, Debug)]
pub struct Ed25519Key {
    key: Key,
    table: TableCache<Table>,
}

impl Precomputed for Table {
    const BYTES: usize = Self::BYTES;
    /// A table costs about as much as this many checks without it.
    const BUILD_AFTER: u32 = 24;
}

impl Ed25519Key {
    /// The key of 32 bytes. `None` if they are not the one encoding of a point on the curve, or if
    /// the point is of small order.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self { key: Key::from_bytes(bytes)?, table: TableCache::new() })
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

verifying_algorithm!(
    /// `Ed25519`: EdDSA on edwards25519, under its fully specified name (RFC 9864 §2.2).
    Ed25519,
    "Ed25519",
    Ed25519Key,
    Signature<64>,
    |key, message, signature| key.verifies(message, signature)
);

verifying_algorithm!(
    /// `EdDSA`: the same under its polymorphic name (RFC 8037 §3.1), with keys on edwards25519 alone.
    EdDsa,
    "EdDSA",
    Ed25519Key,
    Signature<64>,
    |key, message, signature| key.verifies(message, signature)
);

/// 42 additions for 165 KB a key; 7 would be 36 for 284 KB.
const KEY_WIDTH: usize = 6;

/// 32 additions for 478 KB in all.
const GENERATOR_WIDTH: usize = 8;

/// A public key: the canonical encoding of a point that is not of small order.
#[derive(Clone)]
pub struct Key {
    bytes: [u8; 32],
    /// −A, what the equation needs.
    negated: Point,
}

impl Key {
    /// The key of 32 bytes (RFC 8032 §5.1.2). `None` if they are not the one encoding of a point
    /// on the curve, or if the point is of small order: such a key verifies what nobody signed.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 32] = bytes.try_into().ok()?;
        let point = Point::from_bytes(&bytes)?;
        (!point.is_small_order()).then(|| Self { bytes, negated: point.negate() })
    }

    /// Multiples of this key, for a key that checks many signatures. Costs about as much as ten
    /// checks without it.
    pub fn table(&self) -> Table {
        Table(Windows::new(&self.negated, KEY_WIDTH))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.bytes).finish()
    }
}

/// Multiples of −A, of one key A.
pub struct Table(Windows);

impl Table {
    /// What a table occupies.
    pub const BYTES: usize = Windows::bytes(KEY_WIDTH);
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Table")
    }
}

/// Multiples of the base point B, one table for all keys.
pub struct Generator(Windows);

impl Generator {
    /// Builds the table. Costs about as much as 25 checks without it.
    pub fn new() -> Self {
        Self(Windows::new(&Point::base(), GENERATOR_WIDTH))
    }
}

impl Default for Generator {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generator")
    }
}

/// Whether `signature` is the key's for `message`. The tables change the time only; `table` has to
/// be the key's own.
pub fn verify(
    key: &Key,
    message: &[u8],
    signature: &[u8],
    table: Option<&Table>,
    generator: Option<&Generator>,
) -> bool {
    let Ok(signature) = <&[u8; 64]>::try_from(signature) else { return false };
    let (r, s) = signature.split_at(32);
    let Some(s) = Scalar::from_bytes(s) else { return false };
    let k = Scalar::from_hash(&Hash::Sha512.digest(&[r, &key.bytes, message]));

    // What has no table goes first, on one ladder of doublings; tables then add to what it found.
    let mut terms = Vec::with_capacity(2);
    if generator.is_none() {
        terms.push(WindowedNaf::new(&s, &Point::base()));
    }
    if table.is_none() {
        terms.push(WindowedNaf::new(&k, &key.negated));
    }
    let mut sum = point::straus(&terms);
    if let Some(Generator(windows)) = generator {
        windows.add_product(&mut sum, &s);
    }
    if let Some(Table(windows)) = table {
        windows.add_product(&mut sum, &k);
    }
    !sum.is_small_order() && sum.to_bytes() == *r
}
