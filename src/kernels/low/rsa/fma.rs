//! Limbs for hardware with fused multiply-add: digits of 52 bits in doubles, products exact in two halves.
//!
//! After Emmart, Zheng and Weems, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic on
//! the GPU" (ARITH 2018), but for rounding to nearest, the only mode that WebAssembly has. For digits x and y in
//! [0, 2⁵² − 1], every operation rounded once, to nearest, ties to even:
//!
//! - `high` = fma(x, y, 2¹⁰⁴). As xy ≤ 2¹⁰⁴ − 2⁵³ + 1, the exact sum lies in [2¹⁰⁴, 2¹⁰⁵ − 2⁵³ + 1], where doubles are
//!   the multiples of 2⁵². So high = 2¹⁰⁴ + h·2⁵² with 0 ≤ h ≤ 2⁵² − 2, and l = xy − h·2⁵² is in [−2⁵¹, 2⁵¹].
//! - `rest` = (2¹⁰⁴ − 3·2⁵¹) − high = −(2h + 3)·2⁵¹. 2h + 3 ≤ 2⁵³ − 1: exact. So is the constant, (2⁵³ − 3)·2⁵¹.
//! - `low` = fma(x, y, rest) = l − 3·2⁵¹, an integer in [−2⁵³, −2⁵²]: exact.
//!
//! Read as integers, the bits of `high` are those of 2¹⁰⁴ plus h, and the bits of `low` are those of −3·2⁵¹ minus l
//! (from −2⁵² to −2⁵³, the bits of doubles count the units). So integer sums of these bits, less the bits of the
//! constants times the number of products, are sums of h and of −l, modulo 2⁶⁴.
//!
//! A column of a reduction sums up at most one product for each digit of x and one for each digit that is folded or
//! cleared: 2·160 for the longest modulus (8192 bits). With |l| ≤ 2⁵¹ there, h < 2⁵² from the column below, and a
//! carry below 2¹⁰, it stays below 2⁶¹ in magnitude: exact as a signed 64-bit integer.

use super::limbs::Limbs;
use super::simd::{self, Lanes};

/// 52 bits: the most that a product in two doubles allows. 40 of them hold a modulus of 2048 bits.
///
/// The constants are values at run time: V8 makes a constant vector anew, in three instructions, at each use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fma {
    high: Lanes,
    high_and_low: Lanes,
}

/// 2¹⁰⁴
const HIGH: f64 = (1_u128 << 104) as f64;

/// 2¹⁰⁴ − 3·2⁵¹
const HIGH_AND_LOW: f64 = ((1_u128 << 104) - (3 << 51)) as f64;

/// −3·2⁵¹
const LOW: f64 = -((3_u64 << 51) as f64);

/// 2⁵²: the bits of this and a digit are the bits of their sum.
const UNIT: f64 = (1_u64 << 52) as f64;

/// Sums of bits; index 0 is for columns 0 and 1, index 1 for columns 2 and 3.
pub(crate) struct Sums {
    high: [Lanes; 2],
    low: [Lanes; 2],
    /// How many products each column has.
    products: u64,
}

impl Limbs for Fma {
    type Limb = f64;
    type Sums = Sums;
    const BITS: u32 = 52;

    fn new() -> Self {
        let value = |constant| simd::splat(core::hint::black_box(constant));
        Self { high: value(HIGH), high_and_low: value(HIGH_AND_LOW) }
    }

    #[inline(always)]
    fn limb(digit: u64) -> f64 {
        debug_assert!(digit >> Self::BITS == 0);
        f64::from_bits(digit | UNIT.to_bits()) - UNIT
    }

    #[inline(always)]
    fn digit(limb: f64) -> u64 {
        (limb + UNIT).to_bits() ^ UNIT.to_bits()
    }

    #[inline(always)]
    fn sums(self) -> Sums {
        Sums { high: [simd::zero(); 2], low: [simd::zero(); 2], products: 0 }
    }

    #[inline(always)]
    fn rows(self, sums: &mut Sums, x: &[f64], y: &[f64]) {
        debug_assert!(y.len() == x.len() + 3);
        sums.products += x.len() as u64;
        for (&x, y) in x.iter().zip(y.windows(4).rev()) {
            if let Some(window) = y.first_chunk::<4>() {
                let [low, _, high] = pairs(window);
                self.row(sums, x, [low, high]);
            }
        }
    }

    #[inline(always)]
    fn double(self, sums: &mut Sums) {
        sums.high = sums.high.map(|sum| simd::add_bits(sum, sum));
        sums.low = sums.low.map(|sum| simd::add_bits(sum, sum));
        sums.products *= 2;
    }

    #[inline(always)]
    fn columns(self, sums: Sums) -> [u64; 5] {
        let high = HIGH.to_bits().wrapping_mul(sums.products);
        let low = LOW.to_bits().wrapping_mul(sums.products);
        let [h0, h1, h2, h3] = simd::bits(sums.high).map(|sum| sum.wrapping_sub(high));
        let [l0, l1, l2, l3] = simd::bits(sums.low).map(|sum| low.wrapping_sub(sum));
        [l0, l1.wrapping_add(h0), l2.wrapping_add(h1), l3.wrapping_add(h2), h3]
    }

    #[inline(always)]
    fn carry(column: u64) -> u64 {
        (column.cast_signed() >> Self::BITS).cast_unsigned()
    }
}

impl Fma {
    /// One digit of x times four of y.
    #[inline(always)]
    fn row(self, sums: &mut Sums, x: f64, y: [Lanes; 2]) {
        let x = simd::splat(x);
        for (pair, y) in y.into_iter().enumerate() {
            let high = simd::multiply_add(x, y, self.high);
            let low = simd::multiply_add(x, y, simd::subtract(self.high_and_low, high));
            sums.high[pair] = simd::add_bits(sums.high[pair], high);
            sums.low[pair] = simd::add_bits(sums.low[pair], low);
        }
    }
}

/// Each two neighbours.
#[inline(always)]
fn pairs<const LENGTH: usize, const PAIRS: usize>(limbs: &[f64; LENGTH]) -> [Lanes; PAIRS] {
    const { assert!(LENGTH == PAIRS + 1) };
    core::array::from_fn(|i| simd::load(limbs[i..].first_chunk().unwrap_or(&[0.0; 2])))
}

/// Whether multiply-add rounds once here. WebAssembly allows it to round twice, but the same way every time.
#[cfg(target_family = "wasm")]
pub(crate) fn is_fused() -> bool {
    // (2⁵² − 1)² − (2¹⁰⁴ − 2⁵³) = 1, which a product rounded on its own loses.
    let digit = core::hint::black_box(UNIT - 1.0);
    let product = simd::multiply_add(simd::splat(digit), simd::splat(digit), simd::splat(-(UNIT * UNIT - 2.0 * UNIT)));
    simd::bits([product; 2]) == [1_f64.to_bits(); 4]
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::super::limbs::{LARGEST, length};
    use super::*;

    const LARGEST_DIGIT: u64 = (1 << Fma::BITS) - 1;

    /// Digits around every power of two, and runs of ones and zeros.
    fn digits() -> Vec<u64> {
        let powers = (0..Fma::BITS).map(|bit| 1_u64 << bit);
        let around =
            powers.flat_map(|power| [power - 1, power, power + 1, LARGEST_DIGIT - power, LARGEST_DIGIT ^ power]);
        let runs =
            [0x5555_5555_5555_5555, 0xaaaa_aaaa_aaaa_aaaa, 0x0000_ffff_0000_ffff, 0x00ff_00ff_00ff_00ff, u64::MAX];
        around.chain(runs).map(|digit| digit & LARGEST_DIGIT).collect()
    }

    /// The value of four equal columns.
    fn value([low, both, .., high]: [u64; 5]) -> i128 {
        assert_eq!(both, low.wrapping_add(high));
        i128::from(low.cast_signed()) + (i128::from(high.cast_signed()) << Fma::BITS)
    }

    #[test]
    fn products_are_exact() {
        let limbs = Fma::new();
        for &x in &digits() {
            for &y in &digits() {
                let mut sums = limbs.sums();
                limbs.rows(&mut sums, &[Fma::limb(x)], &[Fma::limb(y); 4]);
                let columns = limbs.columns(sums);
                assert_eq!(value(columns), i128::from(x) * i128::from(y), "{x:x} {y:x}");
                // The bounds that the sums rely on.
                assert!(columns[0].cast_signed().unsigned_abs() <= 1 << 51);
                assert!(columns[4] < 1 << 52);
            }
        }
    }

    #[test]
    fn half_way_products_are_exact() {
        // xy = 2⁵¹ modulo 2⁵²: the two nearest multiples of 2⁵² are equally near.
        let limbs = Fma::new();
        for shift in 0..=51 {
            for odd in [1, 3, 5, 0x1_2345_6789] {
                let (x, y) = ((odd << shift) & LARGEST_DIGIT, 1_u64 << (51 - shift));
                let mut sums = limbs.sums();
                limbs.rows(&mut sums, &[Fma::limb(x)], &[Fma::limb(y); 4]);
                assert_eq!(value(limbs.columns(sums)), i128::from(x) * i128::from(y));
            }
        }
    }

    #[test]
    fn the_longest_columns_are_exact() {
        let limbs = Fma::new();
        let rows = length(LARGEST, Fma::BITS);
        for (x, y) in
            [(LARGEST_DIGIT, LARGEST_DIGIT), (1 << 51, LARGEST_DIGIT), (1 << 51, 1), (0, LARGEST_DIGIT), (3, 1 << 51)]
        {
            let mut sums = limbs.sums();
            // As in a square: half of the rows doubled, then as many to fold.
            let (x_limbs, y_limbs) = (vec![Fma::limb(x); rows], vec![Fma::limb(y); rows + 3]);
            limbs.rows(&mut sums, &x_limbs[..rows / 2], &y_limbs[..rows / 2 + 3]);
            limbs.double(&mut sums);
            limbs.rows(&mut sums, &x_limbs, &y_limbs);
            let columns = limbs.columns(sums);
            assert_eq!(value(columns), i128::from(x) * i128::from(y) * 2 * rows as i128);
            for column in columns {
                assert!(column.cast_signed().unsigned_abs() < 1 << 61);
            }
        }
    }

    #[test]
    fn digits_keep_their_value() {
        for digit in digits() {
            assert_eq!(Fma::digit(Fma::limb(digit)), digit);
        }
    }
}
