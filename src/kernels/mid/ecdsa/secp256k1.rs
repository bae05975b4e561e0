//! secp256k1 (SEC 2 §2.4.1): p = 2²⁵⁶ − 2³² − 977 in 9 limbs of 29 bits.

use super::curve::Curve;
use super::field::{Element, Field, Reduce, take_limb, unrolled};
use super::scalar::Modulus;
use crate::kernels::low::ecdsa::digits::{balanced, from_hex, padded};
use crate::kernels::low::ecdsa::limbs::{Columns, Limbs, One, Sum};

/// The curve secp256k1.
pub static SECP256K1: Curve = Curve {
    length: 32,
    field: &FIELD,
    lanes: &FIELD,
    order: Modulus::new(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        9,
        "581c69bc5e697f5e45bcd07c73c1a618ae5f03161103606ed243a8c37c6a0df3",
    ),
    b: from_hex("7", 30),
    generator: [
        from_hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 30),
        from_hex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 30),
    ],
    window: 8,
    worth_an_inversion: 32,
};

static FIELD: Field = Field {
    modulus: &Modulus::new("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 9, "0"),
    lanes: 1,
    length: 9,
    bits: BITS,
    top_bits: 256 - 8 * BITS,
    limit: 8,
    top: (1 << 28) + (1 << 8),
    prime: PRIME,
    one: balanced(from_hex("1", BITS as usize), BITS),
    radix_squared: balanced(from_hex("1", BITS as usize), BITS),
    used: padded([-1; 9]),
    a_is_minus_3: false,
    alone: &FIELD,
    times: Sparse::product::<One>,
    squared: Sparse::product_with_itself::<One>,
    carry: Element::carried::<BITS, 1>,
};

const BITS: u32 = 29;

/// 2²⁶¹ = 2⁵ · (2³² + 977) modulo p, of which 2³⁷ is 2⁸ one limb up.
const FOLD: i32 = 977 << 5;
const FOLD_UP: u32 = 8;

const PRIME: Limbs = padded([-977, -8, 0, 0, 0, 0, 0, 0, 1 << 24]);

/// The sparse form of p.
struct Sparse;

impl Reduce<9> for Sparse {
    /// The columns from 9 on are carried into limbs first, then folded to the bottom.
    ///
    /// Bounds: 9 products of factors within ±(2²⁸ + 2⁸), times `limit`, are within 2⁶²·², a carry within
    /// 2³⁴. The highest limb, a carry, times `FOLD` is within 2⁵⁰. What comes out at the top is then
    /// within 2⁴³, folded again within 2⁵⁸, and ends in the fourth limb with a carry of at most 1.
    #[inline(always)]
    fn reduce<S: Sum>(product: impl Columns<S>) -> [S; 9] {
        let mut high = [S::of(0); 9];
        let mut sum = S::of(0);
        unrolled!(K in 0 1 2 3 4 5 6 7 => {
            sum = sum + product.column(K + 9);
            high[K] = take_limb(&mut sum, BITS);
        });
        high[8] = sum;
        let mut limbs = [S::of(0); 9];
        sum = S::of(0);
        unrolled!(K in 0 1 2 3 4 5 6 7 8 => {
            sum = sum + product.column(K) + high[K].times(FOLD) + if K == 0 { S::of(0) } else { high[K.saturating_sub(1)] << FOLD_UP };
            limbs[K] = take_limb(&mut sum, BITS);
        });
        let high = sum + (high[8] << FOLD_UP);
        sum = limbs[0] + high.times(FOLD);
        limbs[0] = take_limb(&mut sum, BITS);
        sum = sum + limbs[1] + (high << FOLD_UP);
        limbs[1] = take_limb(&mut sum, BITS);
        sum = sum + limbs[2];
        limbs[2] = take_limb(&mut sum, BITS);
        limbs[3] = limbs[3] + sum;
        limbs
    }
}
