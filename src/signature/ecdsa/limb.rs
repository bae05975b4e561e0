//! What elements are made of: limbs of 32 bits, whose products are summed in 64 bits. A limb is an `i32`, or a
//! [`Pair`](super::pair::Pair) with one limb of each of two elements, which then share all steps.

use core::array::from_fn;
use core::fmt::Debug;
use core::ops::{Add, Shl, Shr, Sub};

/// Integers, one or several side by side. Shifts to the right keep the sign.
pub trait Integer:
    Copy + Debug + 'static + Add<Output = Self> + Sub<Output = Self> + Shl<u32, Output = Self> + Shr<u32, Output = Self>
{
    /// This number, in each lane.
    fn of(number: i64) -> Self;
    /// This number times a constant.
    fn times(self, factor: i32) -> Self;
}

/// The limb of one element, or of as many as there are lanes.
pub trait Limb: Integer {
    /// What products of limbs are summed in.
    type Sum: Sum;
    /// How many elements share a limb: 1 or 2.
    const LANES: usize;

    /// The limbs of as many elements as there are lanes; of `a` alone if there is one.
    fn beside(a: i32, b: i32) -> Self;
    /// The limb of one of the elements.
    fn lane(self, lane: usize) -> i32;
    /// Limbs to be multiplied.
    fn factors<const N: usize>(limbs: &[Self; N]) -> impl Factors<Self::Sum>;
    /// The limbs of sums that fit into 32 bits.
    fn of_sums<const N: usize>(sums: [Self::Sum; N]) -> [Self; N];
}

/// 64 bits a lane.
pub trait Sum: Integer {
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
    /// The sum that counts 2^(LIMB_BITS · k) times; 0 from k = 2N − 1 on.
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

impl Integer for i32 {
    #[inline(always)]
    fn of(number: i64) -> Self {
        number as i32
    }

    #[inline(always)]
    fn times(self, factor: i32) -> Self {
        self * factor
    }
}

impl Limb for i32 {
    type Sum = i64;
    const LANES: usize = 1;

    #[inline(always)]
    fn beside(a: i32, _: i32) -> Self {
        a
    }

    #[inline(always)]
    fn lane(self, _: usize) -> i32 {
        self
    }

    #[inline(always)]
    fn factors<const N: usize>(limbs: &[Self; N]) -> impl Factors<i64> {
        limbs
    }

    #[inline(always)]
    fn of_sums<const N: usize>(sums: [i64; N]) -> [i32; N] {
        from_fn(|index| sums[index] as i32)
    }
}

impl<const N: usize> Factors<i64> for &[i32; N] {
    #[inline(always)]
    fn product(&self, index: usize, other: &Self, other_index: usize) -> i64 {
        i64::from(self[index]) * i64::from(other[other_index])
    }
}

impl Integer for i64 {
    #[inline(always)]
    fn of(number: i64) -> Self {
        number
    }

    #[inline(always)]
    fn times(self, factor: i32) -> Self {
        self * i64::from(factor)
    }
}

impl Sum for i64 {
    #[inline(always)]
    fn low(self, bits: u32) -> Self {
        self & ((1 << bits) - 1)
    }
}
