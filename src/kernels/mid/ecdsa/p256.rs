//! P-256 (FIPS 186-5, SP 800-186 §3.2.1.3): p = 2²⁵⁶ − 2²²⁴ + 2¹⁹² + 2⁹⁶ − 1 in 9 limbs of 29 bits,
//! Montgomery's form with R = 2²⁶¹.

use super::curve::Curve;
use super::field::{Element, Field, Reduce, at, take_limb, unrolled};
use super::scalar::Modulus;
use crate::kernels::low::ecdsa::digits::{balanced, from_hex, padded};
use crate::kernels::low::ecdsa::limbs::{Columns, Limbs, One, Sum};
use crate::kernels::low::ecdsa::simd::Two;

/// The curve P-256 (`secp256r1`).
pub static P256: Curve = Curve {
    length: 32,
    field: &FIELD,
    lanes: &TWO,
    order: Modulus::new(
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        9,
        "55aba83afc16484a92b6bec59619076a9ea8ca2ae130785e017644694887ac57",
    ),
    b: from_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 30),
    generator: [
        from_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", 30),
        from_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", 30),
    ],
    window: 8,
    worth_an_inversion: 16,
};

static FIELD: Field = Field {
    modulus: &Modulus::new("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 9, "0"),
    lanes: 1,
    length: 9,
    bits: BITS,
    top_bits: 256 - 8 * BITS,
    limit: 8,
    // Elements are within ±2p.
    top: 1 << 25,
    prime: PRIME,
    one: balanced(from_hex("1fffffffdfffffffffffffffffffffffe0000000000000000000000020", BITS as usize), BITS),
    radix_squared: balanced(
        from_hex("13fffffff7fffffffffffffffbffffffeffffffffc000000000000000c00", BITS as usize),
        BITS,
    ),
    used: padded([-1; 9]),
    a_is_minus_3: true,
    alone: &FIELD,
    times: Sparse::product::<One>,
    squared: Sparse::square::<One>,
    carry: Element::carried::<BITS, 1>,
};

/// Two elements side by side.
static TWO: Field = FIELD.two(Sparse::product::<Two>, Sparse::square::<Two>, Element::carried::<BITS, 2>);

const BITS: u32 = 29;

const PRIME: Limbs = padded([-1, 0, 0, 1 << 9, 0, 0, 1 << 18, -(1 << 21), 1 << 24]);

/// The sparse form of p.
struct Sparse;

impl Reduce<9> for Sparse {
    /// −p⁻¹ = 1 modulo 2²⁹, so the multiple of p that clears a limb is the limb itself, and its product
    /// with p is four shifts.
    ///
    /// Bounds: 9 products of factors within ±(2²⁸ + 2⁸), times `limit`, are within 2⁶²·²; the shifts add
    /// less than 2⁵⁴ and the carry less than 2³⁴. The result is within (4 · 8 / 32 + 1) p = 2p.
    #[inline(always)]
    fn reduce<S: Sum>(product: impl Columns<S>) -> [S; 9] {
        let mut multiples = [S::of(0); 9];
        let mut sum = S::of(0);
        unrolled!(K in 0 1 2 3 4 5 6 7 8 => {
            sum = sum + product.column(K) + shifted(&multiples, K);
            multiples[K] = sum.low(BITS);
            sum = sum >> BITS;
        });
        let mut limbs = [S::of(0); 9];
        unrolled!(K in 9 10 11 12 13 14 15 16 => {
            sum = sum + product.column(K) + shifted(&multiples, K);
            limbs[K - 9] = take_limb(&mut sum, BITS);
        });
        limbs[8] = sum;
        limbs
    }
}

/// What the multiples of p add to column k.
#[inline(always)]
fn shifted<S: Sum>(multiples: &[S; 9], k: usize) -> S {
    (at(multiples, k, 3) << 9) + (at(multiples, k, 6) << 18) - (at(multiples, k, 7) << 21) + (at(multiples, k, 8) << 24)
}
