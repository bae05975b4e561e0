//! P-384 (FIPS 186-5, SP 800-186 §3.2.1.4): p = 2³⁸⁴ − 2¹²⁸ − 2⁹⁶ + 2³² − 1 in 14 limbs of 28 bits,
//! Montgomery's form with R = 2³⁹².

use super::curve::Curve;
use super::field::{Element, Field, Reduce, at, take_limb, unrolled};
use super::scalar::Modulus;
use crate::kernels::low::ecdsa::digits::{balanced, from_hex, padded};
use crate::kernels::low::ecdsa::limbs::{Columns, Limbs, One, Sum};

/// The curve P-384 (`secp384r1`).
pub static P384: Curve = Curve {
    length: 48,
    field: &FIELD,
    lanes: &FIELD,
    order: Modulus::new(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        13,
        "4ee012b39bf213fb05b7a28266895d40d49174aab1cc5bf01eef2244b778a97703c3aaa8e03ebaca013e662b46922e28",
    ),
    b: from_hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef", 30),
    generator: [
        from_hex(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            30,
        ),
        from_hex(
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            30,
        ),
    ],
    window: 7,
    worth_an_inversion: 24,
};

static FIELD: Field = Field {
    modulus: &Modulus::new(
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        13,
        "0",
    ),
    lanes: 1,
    length: 14,
    bits: BITS,
    top_bits: 384 - 13 * BITS,
    limit: 8,
    // Elements are within ±2p.
    top: 1 << 21,
    prime: PRIME,
    one: balanced(from_hex("100000000ffffffffffffffff0000000100", BITS as usize), BITS),
    radix_squared: balanced(
        from_hex("10000000200000000fffffffe000000000000000200000000fffffffe000000010000", BITS as usize),
        BITS,
    ),
    used: padded([-1; 14]),
    a_is_minus_3: true,
    alone: &FIELD,
    times: Sparse::product::<One>,
    squared: Sparse::product_with_itself::<One>,
    carry: Element::carried::<BITS, 1>,
};

const BITS: u32 = 28;

const PRIME: Limbs = padded([-1, 1 << 4, 0, -(1 << 12), -(1 << 16), 0, 0, 0, 0, 0, 0, 0, 0, 1 << 20]);

/// The sparse form of p.
struct Sparse;

impl Reduce<14> for Sparse {
    /// −p⁻¹ = 1 modulo 2²⁸, so the multiple of p that clears a limb is the limb itself, and its product
    /// with p is four shifts.
    ///
    /// Bounds: 14 products of factors within ±(2²⁷ + 2⁸), times `limit`, are within 2⁶⁰·⁹; the shifts add
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
