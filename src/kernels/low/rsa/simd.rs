//! Two doubles side by side.

pub(crate) use target::*;

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod target {
    use core::arch::wasm32::{f64x2_splat, i64x2_add, i64x2_splat, u64x2_extract_lane, v128, v128_load};

    pub(crate) type Lanes = v128;

    #[inline(always)]
    pub(crate) fn zero() -> Lanes {
        i64x2_splat(0)
    }

    #[inline(always)]
    pub(crate) fn splat(a: f64) -> Lanes {
        f64x2_splat(a)
    }

    #[inline(always)]
    pub(crate) fn load(limbs: &[f64; 2]) -> Lanes {
        // SAFETY: the reference is to 16 bytes, and this load needs no alignment.
        #[allow(unsafe_code)] // From values, LLVM makes loads of 8 bytes and shuffles.
        unsafe {
            v128_load(limbs.as_ptr().cast())
        }
    }

    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    pub(crate) fn add(a: Lanes, b: Lanes) -> Lanes {
        core::arch::wasm32::f64x2_add(a, b)
    }

    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    pub(crate) fn subtract(a: Lanes, b: Lanes) -> Lanes {
        core::arch::wasm32::f64x2_sub(a, b)
    }

    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    pub(crate) fn multiply(a: Lanes, b: Lanes) -> Lanes {
        core::arch::wasm32::f64x2_mul(a, b)
    }

    /// a·b + c, rounded once on the machines that [`is_fused`](super::super::fma::is_fused) admits.
    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    pub(crate) fn multiply_add(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
        core::arch::wasm32::f64x2_relaxed_madd(a, b, c)
    }

    /// The sum of two doubles' bits as integers.
    #[inline(always)]
    pub(crate) fn add_bits(a: Lanes, b: Lanes) -> Lanes {
        i64x2_add(a, b)
    }

    #[inline(always)]
    pub(crate) fn bits([a, b]: [Lanes; 2]) -> [u64; 4] {
        [u64x2_extract_lane::<0>(a), u64x2_extract_lane::<1>(a), u64x2_extract_lane::<0>(b), u64x2_extract_lane::<1>(b)]
    }
}

/// The same in plain Rust, for tests.
#[cfg(not(target_family = "wasm"))]
mod target {
    use core::array::from_fn;

    pub(crate) type Lanes = [f64; 2];

    pub(crate) fn zero() -> Lanes {
        [0.0; 2]
    }

    pub(crate) fn splat(a: f64) -> Lanes {
        [a; 2]
    }

    pub(crate) fn load(limbs: &[f64; 2]) -> Lanes {
        *limbs
    }

    pub(crate) fn add(a: Lanes, b: Lanes) -> Lanes {
        from_fn(|i| a[i] + b[i])
    }

    pub(crate) fn subtract(a: Lanes, b: Lanes) -> Lanes {
        from_fn(|i| a[i] - b[i])
    }

    pub(crate) fn multiply(a: Lanes, b: Lanes) -> Lanes {
        from_fn(|i| a[i] * b[i])
    }

    pub(crate) fn multiply_add(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
        from_fn(|i| a[i].mul_add(b[i], c[i]))
    }

    pub(crate) fn add_bits(a: Lanes, b: Lanes) -> Lanes {
        from_fn(|i| f64::from_bits(a[i].to_bits().wrapping_add(b[i].to_bits())))
    }

    pub(crate) fn bits([a, b]: [Lanes; 2]) -> [u64; 4] {
        [a[0].to_bits(), a[1].to_bits(), b[0].to_bits(), b[1].to_bits()]
    }
}
