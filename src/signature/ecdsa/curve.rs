//! What makes one curve different from another: y² = x³ + ax + b modulo p, with a group of prime
//! order n, and how to reduce modulo p.

use core::fmt::Debug;

use super::limb::{Columns, Limb, Sum};
use super::scalar::Modulus;

/// A curve whose field elements have N limbs.
pub trait Curve<const N: usize>: Copy + Debug + 'static {
    /// Octets of a coordinate and of each half of a signature.
    const LENGTH: usize;
    /// Bits of p, and of n.
    const FIELD_BITS: u32;
    /// Bits of a limb.
    const LIMB_BITS: u32;
    /// The largest product of weights that [`Curve::reduce`] takes (see `field`).
    const LIMIT: i64;
    /// Bound of the top limb of a reduced element.
    const TOP: i64;
    /// p in limbs, sparse: some are negative, the lowest is −1 or −977.
    const PRIME_LIMBS: [i32; N];
    /// 1 as elements have it: R modulo p in Montgomery's form.
    const ONE: [i32; N];
    /// R² modulo p, or 1 where elements are not in Montgomery's form.
    const RADIX_SQUARED: [i32; N];
    /// p, to invert with.
    const PRIME: Modulus;
    /// n.
    const ORDER: Modulus;
    /// Whether a = −3; it is 0 if not.
    const A_IS_MINUS_3: bool;
    /// b, in hexadecimal.
    const B: &str;
    /// The coordinates of the base point, in hexadecimal.
    const GENERATOR: [&str; 2];
    /// Bits of a digit of a scalar that a table serves with one addition.
    const WINDOW: u32;
    /// How many points make it worth an inversion to add them in pairs (measured).
    const WORTH_AN_INVERSION: usize;

    /// How many of many sums of points are made side by side: one with `i32`, two with `Pair` (measured).
    type Lanes: Limb;

    /// Reduces a product. The result fits into limbs of weight 1, and is R times too small in Montgomery's
    /// form.
    fn reduce<S: Sum>(product: impl Columns<S>) -> [S; N];
}
