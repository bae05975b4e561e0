//! Inverses modulo a prime, in variable time: Euclid's algorithm as Lehmer has it (Euclid's algorithm for
//! large numbers, Amer. Math. Monthly 45, 1938). The leading 60 bits of two numbers tell some 17 quotients;
//! what these do to the whole numbers is then done at once.

use crate::kernels::low::ecdsa::digits::shifted;
use crate::kernels::low::ecdsa::number::{BITS, LIMBS, Limbs, MASK, add, is_below, is_zero, subtract};

/// x⁻¹ modulo the prime m, for x from 0 to m − 1; 0 for 0. All numbers fit into `length` limbs.
#[inline(never)]
pub fn inverse(m: &Limbs, x: &Limbs, length: usize) -> Limbs {
    let mut euclid = Euclid { a: *m, b: *x, f: [0; LIMBS], g: [0; LIMBS], odd: false };
    euclid.g[0] = 1;
    let mut used = length;
    while !is_zero(&euclid.b) {
        while euclid.a[used - 1] == 0 {
            used -= 1;
        }
        match Quotients::of_leading_bits(&euclid.a[..used], &euclid.b[..used]) {
            Some(quotients) => euclid.apply(&quotients, used, length),
            None => euclid.divide(),
        }
    }
    // a = 1 = ∓f · x now, unless x was 0, and f is.
    if euclid.odd || is_zero(&euclid.f) { euclid.f } else { subtract(m, &euclid.f) }
}

/// Invariants: a ≥ b ≥ 0, f ≥ 0, g ≥ 0 and f · b + g · a = m, so that none of them is above m. After an even
/// number of quotients a = −f · x and b = g · x modulo m; after an odd number a = f · x and b = −g · x.
struct Euclid {
    a: Limbs,
    b: Limbs,
    f: Limbs,
    g: Limbs,
    odd: bool,
}

impl Euclid {
    /// Limbs and factors are below 2³⁰, so a sum is within ±2⁶¹ and a carry within ±2³¹. The results fit.
    #[inline(always)]
    fn apply(&mut self, quotients: &Quotients, used: usize, length: usize) {
        let Quotients { a: [p, q], b: [r, s], odd } = *quotients;
        let sign = if odd { -1 } else { 1 };
        let signed = [[p * sign, -q * sign], [-r * sign, s * sign]];
        combine(signed, &mut self.a[..used], &mut self.b[..used]);
        combine([[p, q], [r, s]], &mut self.f[..length], &mut self.g[..length]);
        self.odd ^= odd;
    }

    /// One quotient, whatever its size, bit by bit: rarely needed, but for the last.
    #[cold]
    #[inline(never)]
    fn divide(&mut self) {
        while !is_below(&self.a, &self.b) {
            let shift = bits(&self.a) - bits(&self.b);
            let shift = if is_below(&self.a, &shifted(&self.b, shift, BITS)) { shift - 1 } else { shift };
            self.a = subtract(&self.a, &shifted(&self.b, shift, BITS));
            self.f = add(&self.f, &shifted(&self.g, shift, BITS));
        }
        core::mem::swap(&mut self.a, &mut self.b);
        core::mem::swap(&mut self.f, &mut self.g);
        self.odd = !self.odd;
    }
}

/// What some quotients of Euclid's algorithm do: a becomes ±(p · a − q · b) and b becomes ±(s · b − r · a), with
/// plus signs if their number is even; f becomes p · f + q · g and g becomes r · f + s · g. All are below 2³⁰.
struct Quotients {
    a: [i64; 2],
    b: [i64; 2],
    odd: bool,
}

impl Quotients {
    /// The quotients that the leading 60 bits of a and b tell for certain, if there are any. The last limb of
    /// a is not 0.
    ///
    /// Let the bits be x and y, so that a is from x to x + 1 in units of their last bit, and b from y to
    /// y + 1. Then ±(p · a − q · b) is less than max(p, q) from what the bits tell, and q ≥ p but for a itself.
    /// So the true rest is from 0 to below the true divisor, and the quotient right, if the rest of the
    /// bits is at least q and the difference to the divisor at least q of the one plus q of the other.
    #[inline(always)]
    fn of_leading_bits(a: &[i32], b: &[i32]) -> Option<Self> {
        let bits = 32 - a.last()?.leading_zeros();
        let leading = |number: &[i32]| {
            let limb =
                |back| number.len().checked_sub(back).map_or(0, |index| u64::from(number[index].cast_unsigned()));
            match number.len() {
                1 => limb(1),
                2 => limb(1) << BITS | limb(2),
                _ => (limb(1) << BITS | limb(2)) << (BITS - bits) | limb(3) >> bits,
            }
        };
        let (mut x, mut y) = (leading(a), leading(b));
        let uncertain = if a.len() > 2 { u64::MAX } else { 0 };
        let (mut p, mut q, mut r, mut s) = (1, 0, 0, 1);
        let mut odd = false;
        while y != 0 {
            let quotient = x / y;
            if quotient >> BITS != 0 {
                break;
            }
            let rest = x - quotient * y;
            let next = q + quotient * s;
            if next >> BITS != 0 || rest < next & uncertain || y - rest < (next + s) & uncertain {
                break;
            }
            (p, q, r, s) = (r, s, p + quotient * r, next);
            (x, y) = (y, rest);
            odd = !odd;
        }
        let signed = |factor: u64| factor.cast_signed();
        (q != 0).then(|| Self { a: [p, q].map(signed), b: [r, s].map(signed), odd })
    }
}

/// The two sums of `first` and `second` with these factors, which are from 0 to what the limbs have room for.
#[inline(always)]
fn combine([[p, q], [r, s]]: [[i64; 2]; 2], first: &mut [i32], second: &mut [i32]) {
    let second = &mut second[..first.len()];
    let (mut a, mut b) = (0_i64, 0_i64);
    for index in 0..first.len() {
        let limbs = (i64::from(first[index]), i64::from(second[index]));
        a += p * limbs.0 + q * limbs.1;
        b += r * limbs.0 + s * limbs.1;
        first[index] = a as i32 & MASK;
        second[index] = b as i32 & MASK;
        a >>= BITS;
        b >>= BITS;
    }
    debug_assert!(a == 0 && b == 0);
}

/// How many bits a number has.
fn bits(number: &Limbs) -> u32 {
    let top = number.iter().rposition(|&limb| limb != 0);
    top.map_or(0, |index| index as u32 * BITS + 32 - number[index].leading_zeros())
}
