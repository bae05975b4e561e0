//! `rsa-fma.wasm`: powers modulo n by fused multiply-add, for runtimes with relaxed SIMD.
//!
//! A module of its own, because one with these instructions does not load elsewhere. It imports nothing and has its
//! own small memory. Numbers come and go by digits of 52 bits, as arguments and results, so that the core can import
//! these functions as they are, without JavaScript between. What it returns is trusted like the core itself.
#![cfg_attr(target_family = "wasm", no_std)]
#![cfg(target_family = "wasm")]
// Exports carry their plain names.
#![allow(unsafe_code)]

/// Those of the core's kernels that this module is made of, at the same paths.
#[path = "../../../src/kernels"]
mod kernels {
    pub(crate) mod low {
        pub(crate) mod rsa {
            pub(crate) mod fma;
            pub(crate) mod limbs;
            pub(crate) mod simd;
        }
    }
    pub(crate) mod mid {
        pub(crate) mod rsa {
            pub(crate) mod montgomery;
        }
    }
}

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use kernels::low::rsa::fma::{self, Fma};
use kernels::low::rsa::limbs::{LARGEST, Limbs, PAD, length, stored};
use kernels::mid::rsa::montgomery::Modulus;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

const DIGITS: usize = length(LARGEST, Fma::BITS);
const STORED: usize = stored(DIGITS);

/// Four numbers, each from a multiple of `DIGITS`: n, what `precompute` finds for it, and the base or the power.
static NUMBERS: [AtomicU64; 4 * DIGITS] = [const { AtomicU64::new(0) }; 4 * DIGITS];

const N: usize = 0;
const FOLD: usize = DIGITS;
const SQUARE: usize = 2 * DIGITS;
const BASE: usize = 3 * DIGITS;

/// Whether multiply-add is fused on this machine. If not, nothing else here may be used.
#[unsafe(no_mangle)]
pub extern "C" fn ready() -> bool {
    fma::is_fused()
}

/// Sets four digits.
#[unsafe(no_mangle)]
pub extern "C" fn set(index: usize, a: u64, b: u64, c: u64, d: u64) {
    for (number, digit) in NUMBERS.iter().skip(index).zip([a, b, c, d]) {
        number.store(digit & ((1 << Fma::BITS) - 1), Relaxed);
    }
}

/// A digit.
#[unsafe(no_mangle)]
pub extern "C" fn get(index: usize) -> u64 {
    NUMBERS.get(index).map_or(0, |number| number.load(Relaxed))
}

/// Finds the numbers that go with an n of so many bits.
#[unsafe(no_mangle)]
pub extern "C" fn precompute(bits: usize) {
    let Some(stored) = checked(bits) else { return };
    let [mut n, mut fold, mut square, mut scratch] = [[0.0; STORED]; 4];
    load(N, &mut n[..stored]);
    Modulus::<Fma>::precompute(&n[..stored], bits, &mut fold[..stored], &mut square[..stored], &mut scratch[..stored]);
    save(FOLD, &fold[..stored]);
    save(SQUARE, &square[..stored]);
}

/// base^exponent mod n, in place of the base.
#[unsafe(no_mangle)]
pub extern "C" fn power(bits: usize, exponent: u32) {
    let Some(stored) = checked(bits) else { return };
    let [mut n, mut fold, mut square, mut base, mut x, mut y, mut scratch] = [[0.0; STORED]; 7];
    load(N, &mut n[..stored]);
    load(FOLD, &mut fold[..stored]);
    load(SQUARE, &mut square[..stored]);
    load(BASE, &mut base[..stored]);
    let modulus = Modulus::<Fma>::new(&n[..stored], &fold[..stored], &square[..stored]);
    modulus.power(&base[..stored], exponent, &mut x[..stored], &mut y[..stored], &mut scratch[..stored]);
    save(BASE, &x[..stored]);
}

fn checked(bits: usize) -> Option<usize> {
    (bits <= LARGEST).then(|| stored(length(bits, Fma::BITS)))
}

fn load(from: usize, limbs: &mut [f64]) {
    let digits = limbs.len() - 2 * PAD;
    for (limb, number) in limbs[PAD..PAD + digits].iter_mut().zip(&NUMBERS[from..]) {
        *limb = Fma::limb(number.load(Relaxed));
    }
}

fn save(to: usize, limbs: &[f64]) {
    for (number, &limb) in NUMBERS[to..].iter().zip(&limbs[PAD..limbs.len() - PAD]) {
        number.store(Fma::digit(limb), Relaxed);
    }
}
