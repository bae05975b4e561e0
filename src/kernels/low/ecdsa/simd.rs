//! Limbs of two elements side by side, one of each in turn. In WebAssembly one instruction makes the products of
//! both, from the low or from the high halves of two vectors of 128 bits; elsewhere, in tests, they are made in turn.

use core::ops::{Add, Shl, Shr, Sub};

use super::limbs::{Factors, Lanes, Limbs, Sum};
use target::{Double, Packed};

/// Two elements of N limbs each, 2N at most [`LIMBS`].
pub struct Two;

impl Lanes for Two {
    type Sum = Double;

    #[inline(always)]
    fn factors<const N: usize>(limbs: &Limbs) -> impl Factors<Double> {
        Packed::<N>::new(limbs)
    }

    #[inline(always)]
    fn limbs<const N: usize>(sums: &[Double; N]) -> Limbs {
        target::limbs(sums)
    }
}

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod target {
    use core::arch::wasm32::{
        i32x4_shuffle, i64x2_add, i64x2_extmul_high_i32x4, i64x2_extmul_low_i32x4, i64x2_mul, i64x2_shl, i64x2_shuffle,
        i64x2_splat, i64x2_sub, u64x2_shr, v128, v128_and, v128_load, v128_load64_lane, v128_store, v128_store64_lane,
    };

    use super::super::limbs::LIMBS;
    use super::*;

    /// The sums of two elements.
    #[derive(Clone, Copy, Debug)]
    pub struct Double(v128);

    impl Add for Double {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(i64x2_add(self.0, other.0))
        }
    }

    impl Sub for Double {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(i64x2_sub(self.0, other.0))
        }
    }

    impl Shl<u32> for Double {
        type Output = Self;
        #[inline(always)]
        fn shl(self, bits: u32) -> Self {
            Self(i64x2_shl(self.0, bits))
        }
    }

    impl Shr<u32> for Double {
        type Output = Self;
        /// Machines have no shift of two signed numbers of 64 bits: a multiple of 2^bits, added before and taken
        /// away after, makes them positive. (At 2⁶³ the compiler would see through it.) Sums are within
        /// ±`MOST`.
        #[inline(always)]
        fn shr(self, bits: u32) -> Self {
            const MOST: i64 = i64::MAX - (1 << 58) + 1;
            Self(i64x2_sub(u64x2_shr(i64x2_add(self.0, i64x2_splat(MOST)), bits), i64x2_splat(MOST >> bits)))
        }
    }

    impl Sum for Double {
        #[inline(always)]
        fn of(number: i64) -> Self {
            Self(i64x2_splat(number))
        }

        #[inline(always)]
        fn times(self, factor: i32) -> Self {
            Self(i64x2_mul(self.0, i64x2_splat(i64::from(factor))))
        }

        #[inline(always)]
        fn low(self, bits: u32) -> Self {
            Self(v128_and(self.0, i64x2_splat((1 << bits) - 1)))
        }
    }

    /// The limbs of two elements in vectors of two limbs each: those of even index in the low half, those of
    /// odd index and the last one in the high half; and the same with their halves swapped.
    pub struct Packed<const N: usize> {
        straight: [v128; N],
        swapped: [v128; N],
    }

    impl<const N: usize> Packed<N> {
        #[inline(always)]
        pub fn new(limbs: &Limbs) -> Self {
            const { assert!(2 * N <= LIMBS) }
            let mut straight = [i64x2_splat(0); N];
            // SAFETY: the loads read 16 bytes of four limbs, or 8 of two, all among the first 2N, and need no alignment.
            #[allow(unsafe_code)] // From values, LLVM makes an emulated product of 64 by 64 bits.
            unsafe {
                for (index, vector) in straight[..N / 2].iter_mut().enumerate() {
                    *vector = v128_load(limbs.as_ptr().add(4 * index).cast());
                }
                if N % 2 == 1 {
                    straight[N / 2] = v128_load64_lane::<1>(straight[N / 2 - 1], limbs.as_ptr().add(2 * N - 2).cast());
                }
            }
            Self { straight, swapped: straight.map(|vector| i64x2_shuffle::<1, 0>(vector, vector)) }
        }

        #[inline(always)]
        const fn is_high(index: usize) -> bool {
            index % 2 == 1 || index == N - 1
        }
    }

    impl<const N: usize> Factors<Double> for Packed<N> {
        #[inline(always)]
        fn product(&self, index: usize, other: &Self, other_index: usize) -> Double {
            let matching = Self::is_high(index) == Self::is_high(other_index);
            let other = if matching { other.straight[other_index / 2] } else { other.swapped[other_index / 2] };
            let this = self.straight[index / 2];
            Double(if Self::is_high(index) {
                i64x2_extmul_high_i32x4(this, other)
            } else {
                i64x2_extmul_low_i32x4(this, other)
            })
        }
    }

    /// Stores two limbs of both elements at once, as [`Packed::new`] loads them: what is stored in parts is slow
    /// to load as a whole.
    #[inline(always)]
    pub fn limbs<const N: usize>(sums: &[Double; N]) -> Limbs {
        const { assert!(2 * N <= LIMBS) }
        let mut limbs = [0; LIMBS];
        // SAFETY: the stores write 16 bytes of four limbs, or 8 of two, all among the first 2N, and need no alignment.
        #[allow(unsafe_code)]
        unsafe {
            for index in 0..N / 2 {
                let both = i32x4_shuffle::<0, 2, 4, 6>(sums[2 * index].0, sums[2 * index + 1].0);
                v128_store(limbs.as_mut_ptr().add(4 * index).cast(), both);
            }
            if N % 2 == 1 {
                let last = sums[N - 1].0;
                v128_store64_lane::<0>(
                    i32x4_shuffle::<0, 2, 0, 2>(last, last),
                    limbs.as_mut_ptr().add(2 * N - 2).cast(),
                );
            }
        }
        limbs
    }
}

/// The same in plain Rust.
#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
mod target {
    use core::array::from_fn;

    use super::*;

    #[derive(Clone, Copy, Debug)]
    pub struct Double([i64; 2]);

    impl Add for Double {
        type Output = Self;
        fn add(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] + other.0[lane]))
        }
    }

    impl Sub for Double {
        type Output = Self;
        fn sub(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] - other.0[lane]))
        }
    }

    impl Shl<u32> for Double {
        type Output = Self;
        fn shl(self, bits: u32) -> Self {
            Self(self.0.map(|sum| sum << bits))
        }
    }

    impl Shr<u32> for Double {
        type Output = Self;
        fn shr(self, bits: u32) -> Self {
            Self(self.0.map(|sum| sum >> bits))
        }
    }

    impl Sum for Double {
        fn of(number: i64) -> Self {
            Self([number; 2])
        }

        fn times(self, factor: i32) -> Self {
            Self(self.0.map(|sum| sum * i64::from(factor)))
        }

        fn low(self, bits: u32) -> Self {
            Self(self.0.map(|sum| sum & ((1 << bits) - 1)))
        }
    }

    pub struct Packed<const N: usize>(Limbs);

    impl<const N: usize> Packed<N> {
        pub fn new(limbs: &Limbs) -> Self {
            Self(*limbs)
        }
    }

    impl<const N: usize> Factors<Double> for Packed<N> {
        fn product(&self, index: usize, other: &Self, other_index: usize) -> Double {
            Double(from_fn(|lane| i64::from(self.0[2 * index + lane]) * i64::from(other.0[2 * other_index + lane])))
        }
    }

    pub fn limbs<const N: usize>(sums: &[Double; N]) -> Limbs {
        from_fn(|index| if index < 2 * N { sums[index / 2].0[index % 2] as i32 } else { 0 })
    }
}
