//! P-384 (FIPS 186-5, SP 800-186 §3.2.1.4): p = 2³⁸⁴ − 2¹²⁸ − 2⁹⁶ + 2³² − 1 in 14 limbs of 28 bits,
//! Montgomery's form with R = 2³⁹².

use super::curve::Curve;
use super::field::{at, take_limb, unrolled};
use super::limb::{Columns, Sum};
use super::limbs::from_hex;
use super::scalar::Modulus;

/// The curve P-384 (`secp384r1`).
#[derive(Clone, Copy, Debug)]
pub struct P384;

const BITS: u32 = 28;

impl Curve<14> for P384 {
    const LENGTH: usize = 48;
    const FIELD_BITS: u32 = 384;
    const LIMB_BITS: u32 = BITS;
    const LIMIT: i64 = 8;
    /// Elements are within ±2p.
    const TOP: i64 = 1 << 21;
    const PRIME_LIMBS: [i32; 14] = [-1, 1 << 4, 0, -(1 << 12), -(1 << 16), 0, 0, 0, 0, 0, 0, 0, 0, 1 << 20];
    const ONE: [i32; 14] = from_hex("100000000ffffffffffffffff0000000100", 28);
    const RADIX_SQUARED: [i32; 14] =
        from_hex("10000000200000000fffffffe000000000000000200000000fffffffe000000010000", 28);
    const PRIME: Modulus = Modulus::new(
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        13,
        "0",
    );
    const ORDER: Modulus = Modulus::new(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        13,
        "4ee012b39bf213fb05b7a28266895d40d49174aab1cc5bf01eef2244b778a97703c3aaa8e03ebaca013e662b46922e28",
    );
    const A_IS_MINUS_3: bool = true;
    const B: &str = "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef";
    const GENERATOR: [&str; 2] = [
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
    ];
    const WINDOW: u32 = 7;
    const WORTH_AN_INVERSION: usize = 24;

    type Lanes = i32;

    /// −p⁻¹ = 1 modulo 2²⁸, so the multiple of p that clears a limb is the limb itself, and its product
    /// with p is four shifts.
    ///
    /// Bounds: 14 products of factors within ±(2²⁷ + 2⁸), times `LIMIT`, are within 2⁶⁰·⁹; the shifts add
    /// less than 2⁵⁰ and the carry less than 2³⁴. The result is within (4 · 8 / 256 + 1) p < 2p.
    #[inline(always)]
    fn reduce<S: Sum>(product: impl Columns<S>) -> [S; 14] {
        let mut multiples = [S::of(0); 14];
        let mut sum = S::of(0);
        unrolled!(K in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 => {
            sum = sum + product.column(K) + shifted(&multiples, K);
            multiples[K] = sum.low(BITS);
            sum = sum >> BITS;
        });
        let mut limbs = [S::of(0); 14];
        unrolled!(K in 14 15 16 17 18 19 20 21 22 23 24 25 26 => {
            sum = sum + product.column(K) + shifted(&multiples, K);
            limbs[K - 14] = take_limb(&mut sum, BITS);
        });
        limbs[13] = sum;
        limbs
    }
}

/// What the multiples of p add to column k.
#[inline(always)]
fn shifted<S: Sum>(multiples: &[S; 14], k: usize) -> S {
    (at(multiples, k, 1) << 4) - (at(multiples, k, 3) << 12) - (at(multiples, k, 4) << 16)
        + (at(multiples, k, 13) << 20)
}
