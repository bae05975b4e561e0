//! Whole numbers of up to 540 bits, in limbs of 30 bits.

use core::array::from_fn;

use super::digits;

/// Limbs of 30 bits, least significant first; those that the modulus does not use are zero.
pub type Limbs = [i32; LIMBS];

pub const LIMBS: usize = 18;
pub const BITS: u32 = 30;
pub const MASK: i32 = (1 << BITS) - 1;

/// The number of at most 66 big-endian bytes.
#[inline(never)]
pub fn from_bytes(bytes: &[u8]) -> Limbs {
    let mut number = [0; LIMBS];
    digits::repack(digits::of_bytes(bytes), 8, &mut number, BITS);
    number
}

/// Whether a < b, for limbs from 0 to 2³⁰ − 1.
pub fn is_below(a: &Limbs, b: &Limbs) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// Whether the number is zero.
pub fn is_zero(a: &Limbs) -> bool {
    a.iter().all(|&limb| limb == 0)
}

/// a + b, which fits.
pub fn add(a: &Limbs, b: &Limbs) -> Limbs {
    combine(a, b, |a, b| a + b)
}

/// a − b for b ≤ a.
pub fn subtract(a: &Limbs, b: &Limbs) -> Limbs {
    combine(a, b, |a, b| a - b)
}

/// Limb by limb, with carries; limbs are from 0 to 2³⁰ − 1, so a sum with a carry is within ±2³¹.
#[inline(never)]
fn combine(a: &Limbs, b: &Limbs, operation: fn(i64, i64) -> i64) -> Limbs {
    let mut carry = 0;
    from_fn(|index| {
        carry += operation(i64::from(a[index]), i64::from(b[index]));
        let limb = carry as i32 & MASK;
        carry >>= BITS;
        limb
    })
}
