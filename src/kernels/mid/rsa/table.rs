//! What is precomputed for a key, and powers with it: RSAVP1 (RFC 8017 §5.2.2) in the arithmetic that this machine
//! is best at.

use alloc::vec;
use alloc::vec::Vec;

#[cfg(any(test, all(target_family = "wasm", target_feature = "simd128", feature = "wasm")))]
use super::fma_module as fma;
use super::montgomery::Modulus;
use crate::kernels::low::rsa::digits::{self, bits_of};
#[cfg(any(test, target_feature = "simd128"))]
use crate::kernels::low::rsa::f64x2::F64x2;
use crate::kernels::low::rsa::limbs::{Limbs, PAD, length, stored};
#[cfg(any(test, not(target_feature = "simd128")))]
use crate::kernels::low::rsa::portable::Portable;

/// A modulus with its precomputation: about 1 KB for 2048 bits with fused multiply-add or without SIMD, about 2 KB
/// else. Making one costs no more than a check.
#[derive(Clone, Debug)]
pub struct Table(Arithmetic);

#[derive(Clone, Debug)]
enum Arithmetic {
    #[cfg(any(test, not(target_feature = "simd128")))]
    Portable(Numbers<Portable>),
    #[cfg(any(test, target_feature = "simd128"))]
    F64x2(Numbers<F64x2>),
    #[cfg(any(test, all(target_family = "wasm", target_feature = "simd128", feature = "wasm")))]
    Fma { numbers: Vec<u64>, bits: usize },
}

impl Table {
    /// Bytes of the largest table: three numbers of 8192 bits in 352 doubles each.
    pub const BYTES: usize = 3 * 352 * 8;

    /// The table of an odd modulus, big-endian without leading zeros.
    #[cfg(not(test))]
    pub(crate) fn new(n: &[u8]) -> Self {
        #[cfg(all(target_family = "wasm", target_feature = "simd128", feature = "wasm"))]
        if fma::is_ready() {
            return Self::fma(n);
        }
        Self::local(n)
    }

    /// Tests take turns, so that every kind meets every test.
    #[cfg(test)]
    pub(crate) fn new(n: &[u8]) -> Self {
        use core::sync::atomic::{AtomicUsize, Ordering};
        static TURN: AtomicUsize = AtomicUsize::new(0);
        let [a, b, c] = Self::each(n);
        match TURN.fetch_add(1, Ordering::Relaxed) % 3 {
            0 => a,
            1 => b,
            _ => c,
        }
    }

    /// One table for each arithmetic.
    #[cfg(test)]
    pub(crate) fn each(n: &[u8]) -> [Self; 3] {
        [Self(Arithmetic::Portable(Numbers::new(n))), Self(Arithmetic::F64x2(Numbers::new(n))), Self::fma(n)]
    }

    /// The table for what the core does itself.
    #[cfg(not(test))]
    pub(crate) fn local(n: &[u8]) -> Self {
        #[cfg(not(target_feature = "simd128"))]
        return Self(Arithmetic::Portable(Numbers::new(n)));
        #[cfg(target_feature = "simd128")]
        return Self(Arithmetic::F64x2(Numbers::new(n)));
    }

    /// The table for fused multiply-add, which must be ready.
    #[cfg(any(test, all(target_family = "wasm", target_feature = "simd128", feature = "wasm")))]
    pub(crate) fn fma(n: &[u8]) -> Self {
        let bits = bits_of(n);
        let digits = digits::from_bytes(n, fma::BITS, length(bits, fma::BITS));
        Self(Arithmetic::Fma { numbers: fma::precompute(&digits, bits), bits })
    }

    /// base^exponent mod n, for a base below n. Both numbers are as long as n.
    pub(crate) fn power(&self, base: &[u8], exponent: u32) -> Vec<u8> {
        match &self.0 {
            #[cfg(any(test, not(target_feature = "simd128")))]
            Arithmetic::Portable(numbers) => numbers.power(base, exponent),
            #[cfg(any(test, target_feature = "simd128"))]
            Arithmetic::F64x2(numbers) => numbers.power(base, exponent),
            #[cfg(any(test, all(target_family = "wasm", target_feature = "simd128", feature = "wasm")))]
            Arithmetic::Fma { numbers, bits } => {
                let mut digits = digits::from_bytes(base, fma::BITS, numbers.len() / 3);
                fma::power(numbers, *bits, exponent, &mut digits);
                digits::to_bytes(&digits, fma::BITS, base.len())
            }
        }
    }
}

/// n, fold and square of a [`Modulus`], one behind the other.
#[derive(Clone, Debug)]
struct Numbers<L: Limbs>(Vec<L::Limb>);

impl<L: Limbs> Numbers<L> {
    fn new(n: &[u8]) -> Self {
        let bits = bits_of(n);
        let stored = stored(length(bits, L::BITS));
        let mut numbers = vec![L::limb(0); 4 * stored];
        let (number, rest) = numbers.split_at_mut(stored);
        let (fold, rest) = rest.split_at_mut(stored);
        let (square, scratch) = rest.split_at_mut(stored);
        write::<L>(number, n);
        Modulus::<L>::precompute(number, bits, fold, square, scratch);
        numbers.truncate(3 * stored);
        Self(numbers)
    }

    fn power(&self, base: &[u8], exponent: u32) -> Vec<u8> {
        let stored = self.0.len() / 3;
        let (n, rest) = self.0.split_at(stored);
        let (fold, square) = rest.split_at(stored);
        let mut work = vec![L::limb(0); 4 * stored];
        let (from, rest) = work.split_at_mut(stored);
        let (x, rest) = rest.split_at_mut(stored);
        let (y, scratch) = rest.split_at_mut(stored);
        write::<L>(from, base);
        Modulus::<L>::new(n, fold, square).power(from, exponent, x, y, scratch);
        let digits: Vec<u64> = x[PAD..].iter().map(|&limb| L::digit(limb)).collect();
        digits::to_bytes(&digits, L::BITS, base.len())
    }
}

/// Writes a big-endian number between its padding.
#[inline(never)]
fn write<L: Limbs>(limbs: &mut [L::Limb], number: &[u8]) {
    let digits = digits::from_bytes(number, L::BITS, limbs.len() - 2 * PAD);
    limbs[PAD..].iter_mut().zip(digits).for_each(|(limb, digit)| *limb = L::limb(digit));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Odd numbers of so many bits: all ones, one bit and one, runs of ones and zeros as long as each radix's digits.
    fn moduli(bits: usize) -> Vec<Vec<u8>> {
        let patterns: [fn(usize) -> bool; 6] = [
            |_| true,
            |_| false,
            |bit| bit / 24 % 2 == 0,
            |bit| bit / 27 % 2 == 0,
            |bit| bit / 52 % 2 == 0,
            |bit| bit % 52 != 1,
        ];
        let number = |pattern: fn(usize) -> bool| {
            let mut number = vec![0; bits.div_ceil(8)];
            for bit in (0..bits).filter(|&bit| bit == 0 || bit == bits - 1 || pattern(bit)) {
                let at = number.len() - 1 - bit / 8;
                number[at] |= 1 << (bit % 8);
            }
            number
        };
        patterns.map(number).into()
    }

    fn minus_one(odd: &[u8]) -> Vec<u8> {
        let mut number = odd.to_vec();
        if let Some(last) = number.last_mut() {
            *last -= 1;
        }
        number
    }

    #[test]
    fn all_arithmetics_agree_on_extreme_numbers() {
        for bits in [2048, 2049, 2051, 2076, 2077, 2104, 3072, 4096, 8191, 8192] {
            let moduli = moduli(bits);
            for n in &moduli {
                let tables = Table::each(n);
                for e in [3, 65537] {
                    let one = [vec![0; n.len() - 1], vec![1]].concat();
                    for (base, power) in
                        [(vec![0; n.len()], vec![0; n.len()]), (one.clone(), one), (minus_one(n), minus_one(n))]
                    {
                        // 0, 1 and −1 are their own odd powers.
                        assert!(tables.iter().all(|table| table.power(&base, e) == power));
                    }
                    for base in moduli.iter().filter(|&base| base < n) {
                        let [a, b, c] = tables.each_ref().map(|table| table.power(base, e));
                        assert!(a == b && a == c);
                    }
                }
            }
        }
    }

    #[test]
    fn small_powers_are_plain_products() {
        // 2^(e·k) < n needs no reduction.
        let n = vec![0xff; 256];
        let mut base = vec![0; 256];
        base[255 - 8] = 1; // 2⁶⁴
        let mut cube = vec![0; 256];
        cube[255 - 24] = 1; // 2¹⁹²
        for table in Table::each(&n) {
            assert_eq!(table.power(&base, 3), cube);
        }
    }
}
