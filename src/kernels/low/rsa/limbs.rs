//! What a number modulo n is made of: digits of some radix 2^`BITS`, each in the form that multiplies fastest (its
//! *limb*), least significant first, with zeros on both sides.

use core::fmt::Debug;

/// One kind of limb: its radix, and how products of limbs are summed up.
pub(crate) trait Limbs: Copy + Debug {
    /// A digit in the form that multiplies fastest.
    type Limb: Copy + Debug;
    /// Sums of products in four neighbouring columns.
    type Sums;
    /// Bits of a digit, at most 52.
    const BITS: u32;

    /// Ready to multiply.
    fn new() -> Self;
    /// The limb of a digit below 2^`BITS`.
    fn limb(digit: u64) -> Self::Limb;
    /// The digit of a limb.
    fn digit(limb: Self::Limb) -> u64;
    /// Four empty columns.
    fn sums(self) -> Self::Sums;
    /// Adds `x[i] · y[len − 1 − i + c]` to column c, for all i below `x.len()` = len and c below 4. `y` has three
    /// limbs more than `x`.
    fn rows(self, sums: &mut Self::Sums, x: &[Self::Limb], y: &[Self::Limb]);
    /// Doubles what has been summed up.
    fn double(self, sums: &mut Self::Sums);
    /// The four columns, and what goes to the column above them. Modulo 2⁶⁴.
    fn columns(self, sums: Self::Sums) -> [u64; 5];
    /// What a column passes on to the next.
    fn carry(column: u64) -> u64;
}

/// Columns of a block.
pub(crate) const BLOCK: usize = 4;

/// Zeros on each side of a number, so that a window of four limbs may hang over its ends.
pub(crate) const PAD: usize = BLOCK;

/// The longest modulus, in bits.
pub(crate) const LARGEST: usize = 8192;

/// Digits of a number modulo one of so many bits: R ≥ 2⁴·n, and whole blocks.
pub(crate) const fn length(bits: usize, radix_bits: u32) -> usize {
    (bits + 4).div_ceil(radix_bits as usize).next_multiple_of(BLOCK)
}

/// Limbs that a number of so many digits takes up in memory.
pub(crate) const fn stored(length: usize) -> usize {
    length + 2 * PAD
}
