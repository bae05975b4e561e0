//! The functions of `rsa-fma.wasm`: `low/rsa/fma.rs` in a module of its own, for where runtime and machine have what it
//! needs.

/// Bits of a digit.
pub(crate) const BITS: u32 = 52;

/// Digits of the longest number.
#[cfg(target_family = "wasm")]
const DIGITS: usize = 160;

#[cfg(target_family = "wasm")]
pub(crate) use module::is_ready;
pub(crate) use module::{power, precompute};

#[cfg(target_family = "wasm")]
mod module {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::DIGITS;

    /// The exports of `rsa-fma.wasm` or, where it cannot work, functions of which `ready` returns 0. Linked once,
    /// when the core is instantiated.
    #[allow(unsafe_code)] // The signatures are those of pkg-template/rsa-fma; all of them take any value.
    mod import {
        #[link(wasm_import_module = "rsa-fma")]
        unsafe extern "C" {
            pub(crate) safe fn ready() -> bool;
            pub(crate) safe fn set(index: usize, a: u64, b: u64, c: u64, d: u64);
            pub(crate) safe fn get(index: usize) -> u64;
            pub(crate) safe fn precompute(bits: usize);
            pub(crate) safe fn power(bits: usize, exponent: u32);
        }
    }

    pub(crate) fn is_ready() -> bool {
        import::ready()
    }

    /// n, fold and square, one behind the other.
    pub(crate) fn precompute(n: &[u64], bits: usize) -> Vec<u64> {
        set(0, n);
        import::precompute(bits);
        let mut table = vec![0; 3 * n.len()];
        for (i, number) in table.chunks_exact_mut(n.len()).enumerate() {
            get(i * DIGITS, number);
        }
        table
    }

    /// base^exponent mod n, in place of the base.
    pub(crate) fn power(table: &[u64], bits: usize, exponent: u32, base: &mut [u64]) {
        for (i, number) in table.chunks_exact(base.len()).enumerate() {
            set(i * DIGITS, number);
        }
        set(3 * DIGITS, base);
        import::power(bits, exponent);
        get(3 * DIGITS, base);
    }

    fn get(index: usize, digits: &mut [u64]) {
        for (i, digit) in digits.iter_mut().enumerate() {
            *digit = import::get(index + i);
        }
    }

    fn set(index: usize, digits: &[u64]) {
        for (i, digits) in digits.chunks_exact(4).enumerate() {
            if let &[a, b, c, d] = digits {
                import::set(index + 4 * i, a, b, c, d);
            }
        }
    }
}

/// The same work in plain Rust, for tests.
#[cfg(not(target_family = "wasm"))]
mod module {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::super::montgomery::Modulus;
    use crate::kernels::low::rsa::fma::Fma;
    use crate::kernels::low::rsa::limbs::{Limbs, PAD};

    pub(crate) fn precompute(n: &[u64], bits: usize) -> Vec<u64> {
        let n = limbs(n);
        let [mut fold, mut square, mut scratch] = [0, 1, 2].map(|_| vec![0.0; n.len()]);
        Modulus::<Fma>::precompute(&n, bits, &mut fold, &mut square, &mut scratch);
        [n, fold, square].iter().flat_map(|limbs| digits(limbs)).collect()
    }

    pub(crate) fn power(table: &[u64], _bits: usize, exponent: u32, base: &mut [u64]) {
        let length = base.len();
        let [n, fold, square] = [0, 1, 2].map(|i| limbs(&table[i * length..(i + 1) * length]));
        let from = limbs(base);
        let [mut x, mut y, mut scratch] = [0, 1, 2].map(|_| vec![0.0; from.len()]);
        Modulus::<Fma>::new(&n, &fold, &square).power(&from, exponent, &mut x, &mut y, &mut scratch);
        base.copy_from_slice(&digits(&x));
    }

    fn limbs(digits: &[u64]) -> Vec<f64> {
        let mut limbs = vec![0.0; digits.len() + 2 * PAD];
        limbs[PAD..].iter_mut().zip(digits).for_each(|(limb, &digit)| *limb = Fma::limb(digit));
        limbs
    }

    fn digits(limbs: &[f64]) -> Vec<u64> {
        limbs[PAD..limbs.len() - PAD].iter().map(|&limb| Fma::digit(limb)).collect()
    }
}
