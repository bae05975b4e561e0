//! How products are made: limbs of 32 bits, whose products are summed in 64 bits, column by column. The limbs are
//! those of one element ([`One`]), or of two side by side ([`Two`](super::simd::Two)), which then share all steps.

use core::fmt::Debug;
use core::ops::{Add, Shl, Shr, Sub};

/// Room for the limbs of an element of the largest field, or of two of a field with half as many.
pub const LIMBS: usize = 18;

/// The limbs of an element, least significant first, or of two elements side by side, one of each in turn; those
/// that the field does not use are zero.
pub type Limbs = [i32; LIMBS];

/// How many elements' limbs are side by side.
pub trait Lanes {
    /// What products of limbs are summed in.
    type Sum: Sum;

    /// Limbs to be multiplied, N of each element.
    fn factors<const N: usize>(limbs: &Limbs) -> impl Factors<Self::Sum>;
    /// The limbs of sums that fit into 32 bits.
    fn limbs<const N: usize>(sums: &[Self::Sum; N]) -> Limbs;
}

/// 64 bits a lane. Shifts to the right keep the sign.
pub trait Sum:
    Copy + Debug + 'static + Add<Output = Self> + Sub<Output = Self> + Shl<u32, Output = Self> + Shr<u32, Output = Self>
{
    /// This number, in each lane.
    fn of(number: i64) -> Self;
    /// This number times a constant.
    fn times(self, factor: i32) -> Self;
    /// The lowest bits, as a number from 0 to 2^bits − 1.
    fn low(self, bits: u32) -> Self;
}

/// The limbs of a factor.
pub trait Factors<S> {
    /// The product of one limb with one of another factor.
    fn product(&self, index: usize, other: &Self, other_index: usize) -> S;
}

/// A product, column by column.
pub trait Columns<S> {
    /// The sum that counts 2^(bits · k) times; 0 from k = 2N − 1 on.
    fn column(&self, k: usize) -> S;
}

/// a · b, both of N limbs.
pub struct Product<F, const N: usize>(pub F, pub F);

impl<S: Sum, F: Factors<S>, const N: usize> Columns<S> for Product<F, N> {
    /// The sum of a\[i\] · b\[k − i\].
    #[inline(always)]
    fn column(&self, k: usize) -> S {
        let mut sum = S::of(0);
        for i in (k + 1).saturating_sub(N)..N.min(k + 1) {
            sum = sum + self.0.product(i, &self.1, k - i);
        }
        sum
    }
}

/// a², of N limbs.
pub struct Square<F, const N: usize>(pub F);

impl<S: Sum, F: Factors<S>, const N: usize> Columns<S> for Square<F, N> {
    /// The sum of a\[i\] · a\[k − i\], each pair of factors once.
    #[inline(always)]
    fn column(&self, k: usize) -> S {
        let mut sum = S::of(0);
        for i in (k + 1).saturating_sub(N)..k.div_ceil(2) {
            sum = sum + self.0.product(i, &self.0, k - i);
        }
        sum = sum + sum;
        if k.is_multiple_of(2) && k / 2 < N {
            sum = sum + self.0.product(k / 2, &self.0, k / 2);
        }
        sum
    }
}

/// One element, which has the first N limbs.
pub struct One;

impl Lanes for One {
    type Sum = i64;

    #[inline(always)]
    fn factors<const N: usize>(limbs: &Limbs) -> impl Factors<i64> {
        limbs
    }

    #[inline(always)]
    fn limbs<const N: usize>(sums: &[i64; N]) -> Limbs {
        let mut limbs = [0; LIMBS];
        for (limb, sum) in limbs.iter_mut().zip(sums) {
            *limb = *sum as i32;
        }
        limbs
    }
}

impl Factors<i64> for &Limbs {
    #[inline(always)]
    fn product(&self, index: usize, other: &Self, other_index: usize) -> i64 {
        i64::from(self[index]) * i64::from(other[other_index])
    }
}

impl Sum for i64 {
    #[inline(always)]
    fn of(number: i64) -> Self {
        number
    }

    #[inline(always)]
    fn times(self, factor: i32) -> Self {
        self * i64::from(factor)
    }

    #[inline(always)]
    fn low(self, bits: u32) -> Self {
        self & ((1 << bits) - 1)
    }
}
