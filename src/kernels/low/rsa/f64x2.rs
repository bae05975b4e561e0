//! Limbs for WebAssembly with SIMD: digits of 24 bits in doubles.
//!
//! A lane multiplies doubles in one instruction, and integers of 32 bits in ten (V8). A product of two digits is at
//! most (2²⁴ − 1)², and 16 of them are below 2⁵² − 2²⁸: sums of doubles that are exact, as long as they move on to
//! 64-bit integers every 16 rows. They do so by an addition of 2⁵²: for a whole number s < 2⁵², the bits of 2⁵² + s,
//! as an integer, are those of 2⁵² plus s.
//!
//! A column of a reduction sums up at most 2·344 products for the longest modulus (8192 bits): below 2⁵⁸.

use super::limbs::Limbs;
use super::simd::{self, Lanes};

/// 24 bits: 88 of them hold a modulus of 2048 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct F64x2 {
    /// 2⁵². A value at run time: V8 makes a constant vector anew, in three instructions, at each use.
    unit: Lanes,
}

/// 2⁵²
const UNIT: f64 = (1_u64 << 52) as f64;

/// Products that a double can sum up.
const ROWS: usize = 16;

/// Sums of bits: columns 0 and 1, columns 2 and 3.
pub(crate) struct Sums {
    bits: [Lanes; 2],
    /// How often 2⁵² has been added to each column.
    units: u64,
}

impl Limbs for F64x2 {
    type Limb = f64;
    type Sums = Sums;
    const BITS: u32 = 24;

    fn new() -> Self {
        Self { unit: simd::splat(core::hint::black_box(UNIT)) }
    }

    #[inline(always)]
    fn limb(digit: u64) -> f64 {
        debug_assert!(digit >> Self::BITS == 0);
        digit as u32 as f64
    }

    #[inline(always)]
    fn digit(limb: f64) -> u64 {
        (limb + UNIT).to_bits() ^ UNIT.to_bits()
    }

    #[inline(always)]
    fn sums(self) -> Sums {
        Sums { bits: [simd::zero(); 2], units: 0 }
    }

    #[inline(always)]
    fn rows(self, sums: &mut Sums, x: &[f64], mut y: &[f64]) {
        debug_assert!(y.len() == x.len() + 3);
        for x in x.chunks(ROWS) {
            let mut exact = [simd::zero(); 2];
            for (&x, y) in x.iter().zip(y.windows(4).rev()) {
                let x = simd::splat(x);
                if let Some((low, high)) = y.first_chunk().zip(y.last_chunk()) {
                    exact[0] = simd::add(exact[0], simd::multiply(x, simd::load(low)));
                    exact[1] = simd::add(exact[1], simd::multiply(x, simd::load(high)));
                }
            }
            y = y.get(..y.len() - x.len()).unwrap_or_default();
            for (bits, exact) in sums.bits.iter_mut().zip(exact) {
                *bits = simd::add_bits(*bits, simd::add(exact, self.unit));
            }
            sums.units += 1;
        }
    }

    #[inline(always)]
    fn double(self, sums: &mut Sums) {
        sums.bits = sums.bits.map(|bits| simd::add_bits(bits, bits));
        sums.units *= 2;
    }

    #[inline(always)]
    fn columns(self, sums: Sums) -> [u64; 5] {
        let units = UNIT.to_bits().wrapping_mul(sums.units);
        let [a, b, c, d] = simd::bits(sums.bits).map(|bits| bits.wrapping_sub(units));
        [a, b, c, d, 0]
    }

    #[inline(always)]
    fn carry(column: u64) -> u64 {
        column >> Self::BITS
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::super::limbs::{LARGEST, length};
    use super::*;

    #[test]
    fn columns_of_the_largest_digits_are_exact() {
        let digit = (1_u64 << F64x2::BITS) - 1;
        for rows in [1, 15, 16, 17, 32, 33, 2 * length(LARGEST, F64x2::BITS)] {
            let limbs = F64x2::new();
            let mut sums = limbs.sums();
            limbs.rows(&mut sums, &vec![digit as f64; rows], &vec![digit as f64; rows + 3]);
            let exact = digit * digit * rows as u64;
            assert!(exact < 1 << 58);
            assert_eq!(limbs.columns(sums), [exact, exact, exact, exact, 0]);
        }
    }

    #[test]
    fn digits_keep_their_value() {
        for digit in [0, 1, (1 << 23) - 1, 1 << 23, (1 << 24) - 1] {
            assert_eq!(F64x2::digit(F64x2::limb(digit)), digit);
        }
    }
}
