//! Limbs for every target: digits of 27 bits in 32-bit words, summed up in 64 bits.
//!
//! A product of two digits is at most (2²⁷ − 1)² < 2⁵⁴ − 2²⁷. A column of a reduction sums up at most one product for
//! each digit of x and one for each digit that is folded or cleared: 2·304 for the longest modulus (8192 bits). Both
//! and a carry below 2³⁷ stay below 2⁶⁴: 608·2⁵⁴ < 2^63.25.

use super::limbs::Limbs;

/// 27 bits: the most that leave room for the sums of the longest modulus. 76 of them hold a modulus of 2048 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

impl Limbs for Portable {
    type Limb = u32;
    type Sums = [u64; 4];
    const BITS: u32 = 27;

    fn new() -> Self {
        Self
    }

    #[inline(always)]
    fn limb(digit: u64) -> u32 {
        debug_assert!(digit >> Self::BITS == 0);
        digit as u32
    }

    #[inline(always)]
    fn digit(limb: u32) -> u64 {
        u64::from(limb)
    }

    #[inline(always)]
    fn sums(self) -> [u64; 4] {
        [0; 4]
    }

    #[inline(always)]
    fn rows(self, sums: &mut [u64; 4], x: &[u32], y: &[u32]) {
        debug_assert!(y.len() == x.len() + 3);
        for (&x, y) in x.iter().zip(y.windows(4).rev()) {
            for (sum, &y) in sums.iter_mut().zip(y) {
                *sum += u64::from(x) * u64::from(y);
            }
        }
    }

    #[inline(always)]
    fn double(self, sums: &mut [u64; 4]) {
        *sums = sums.map(|sum| 2 * sum);
    }

    #[inline(always)]
    fn columns(self, [a, b, c, d]: [u64; 4]) -> [u64; 5] {
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
    fn the_longest_column_of_the_largest_digits_is_exact() {
        let digit = (1_u32 << Portable::BITS) - 1;
        let rows = 2 * length(LARGEST, Portable::BITS);
        let mut sums = Portable.sums();
        Portable.rows(&mut sums, &vec![digit; rows], &vec![digit; rows + 3]);
        // With the largest carry of the column below.
        let exact = u128::from(digit).pow(2) * rows as u128;
        let column = Portable.columns(sums)[0];
        assert_eq!(u128::from(column), exact);
        assert!(column.checked_add(Portable::carry(u64::MAX)).is_some());
    }
}
