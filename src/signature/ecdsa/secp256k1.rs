//! secp256k1 (SEC 2 §2.4.1): p = 2²⁵⁶ − 2³² − 977 in 9 limbs of 29 bits.

use super::curve::Curve;
use super::field::{take_limb, unrolled};
use super::limb::{Columns, Sum};
use super::limbs::from_hex;
use super::scalar::Modulus;

/// The curve secp256k1.
#[derive(Clone, Copy, Debug)]
pub struct Secp256k1;

const BITS: u32 = 29;

/// 2²⁶¹ = 2⁵ · (2³² + 977) modulo p, of which 2³⁷ is 2⁸ one limb up.
const FOLD: i32 = 977 << 5;
const FOLD_UP: u32 = 8;

impl Curve<9> for Secp256k1 {
    const LENGTH: usize = 32;
    const FIELD_BITS: u32 = 256;
    const LIMB_BITS: u32 = BITS;
    const LIMIT: i64 = 8;
    const TOP: i64 = (1 << 28) + (1 << 8);
    const PRIME_LIMBS: [i32; 9] = [-977, -8, 0, 0, 0, 0, 0, 0, 1 << 24];
    const ONE: [i32; 9] = from_hex("1", 29);
    const RADIX_SQUARED: [i32; 9] = from_hex("1", 29);
    const PRIME: Modulus = Modulus::new("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 9, "0");
    const ORDER: Modulus = Modulus::new(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        9,
        "581c69bc5e697f5e45bcd07c73c1a618ae5f03161103606ed243a8c37c6a0df3",
    );
    const A_IS_MINUS_3: bool = false;
    const B: &str = "7";
    const GENERATOR: [&str; 2] = [
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
    ];
    const WINDOW: u32 = 8;
    const WORTH_AN_INVERSION: usize = 32;

    type Lanes = i32;

    /// The columns from 9 on are carried into limbs first, then folded to the bottom.
    ///
    /// Bounds: 9 products of factors within ±(2²⁸ + 2⁸), times `LIMIT`, are within 2⁶²·², a carry within
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
