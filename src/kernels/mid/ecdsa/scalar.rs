//! Numbers below an odd modulus of 256 to 521 bits, in limbs of 30 bits: the scalars of a signature
//! check (modulo the order of the group), and field inverses (modulo the field's prime). One code for
//! all sizes: the modulus knows how many limbs are in use.

use super::inverse::inverse;
use crate::kernels::low::ecdsa::digits;
use crate::kernels::low::ecdsa::number::{BITS, LIMBS, Limbs, MASK, add, from_bytes, is_below, subtract};

/// An odd modulus m with two constants made from it.
#[derive(Debug)]
pub struct Modulus {
    limbs: Limbs,
    /// How many limbs are in use: at least 6 bits more than m has.
    length: usize,
    /// m⁻¹ modulo 2³⁰.
    inverse: i32,
    /// The square of Montgomery's R = 2^(30 · length) modulo m.
    radix_squared: Limbs,
}

impl Modulus {
    /// The modulus of `hex` and, for divisions, R² mod m.
    pub const fn new(hex: &str, length: usize, radix_squared: &str) -> Self {
        let limbs: Limbs = digits::from_hex(hex, BITS as usize);
        // Newton's iteration doubles the right bits: m · m = 1 modulo 8, then 6, 12, 24, 48 bits.
        let mut inverse = limbs[0];
        let mut round = 0;
        while round < 4 {
            inverse = inverse.wrapping_mul(2_i32.wrapping_sub(limbs[0].wrapping_mul(inverse)));
            round += 1;
        }
        Self { limbs, length, inverse: inverse & MASK, radix_squared: digits::from_hex(radix_squared, BITS as usize) }
    }

    /// The number of big-endian bytes, if it is below m.
    #[inline(never)]
    pub fn parse(&self, bytes: &[u8]) -> Option<Limbs> {
        let number = from_bytes(bytes);
        is_below(&number, &self.limbs).then_some(number)
    }

    /// m itself.
    pub const fn limbs(&self) -> &Limbs {
        &self.limbs
    }

    /// a · b · R⁻¹ modulo m: the multiplication of Montgomery (Math. Comp. 44, 1985), limb by limb.
    ///
    /// Limbs are below 2³⁰ and a · b < R · m: then a limb's sum is below 2⁶⁰ + 2⁶⁰ + 2³², and the
    /// result before the last step below 2m.
    #[inline(never)]
    pub fn multiply(&self, a: &Limbs, b: &Limbs) -> Limbs {
        debug_assert!(a.iter().chain(b).all(|&limb| limb & MASK == limb));
        let negated_inverse = self.inverse.wrapping_neg();
        let mut total = [0; LIMBS];
        let (b_low, m_low) = (i64::from(b[0]), i64::from(self.limbs[0]));
        for &limb in &a[..self.length] {
            let limb = i64::from(limb);
            let low = limb * b_low + i64::from(total[0]);
            let quotient = i64::from((low as i32).wrapping_mul(negated_inverse) & MASK);
            let mut carry = (low + quotient * m_low) >> BITS;
            for index in 1..self.length {
                carry += limb * i64::from(b[index]) + quotient * i64::from(self.limbs[index]) + i64::from(total[index]);
                total[index - 1] = carry as i32 & MASK;
                carry >>= BITS;
            }
            total[self.length - 1] = carry as i32;
        }
        if is_below(&total, &self.limbs) { total } else { subtract(&total, &self.limbs) }
    }

    /// x + m, for x below m.
    pub fn plus(&self, x: &Limbs) -> Limbs {
        add(x, &self.limbs)
    }

    /// x and false, or m − x and true: whichever number is smaller.
    #[inline(never)]
    pub fn halve(&self, x: &Limbs) -> (Limbs, bool) {
        let negative = subtract(&self.limbs, x);
        if is_below(&negative, x) { (negative, true) } else { (*x, false) }
    }

    /// R · x⁻¹ modulo m, so that a Montgomery product with it divides by x; 0 for 0.
    pub fn inverse_times_radix(&self, x: &Limbs) -> Limbs {
        self.multiply(&self.inverse(x), &self.radix_squared)
    }

    /// x⁻¹ modulo m; 0 for 0.
    pub fn inverse(&self, x: &Limbs) -> Limbs {
        inverse(&self.limbs, x, self.length)
    }
}

/// Signed digits of `window` bits, from −2^(window − 1) to 2^(window − 1), least significant first: the
/// sum of digit · 2^(window · index) is x modulo m. `target` has room for as many bits as m has: x or
/// m − x has one less, and the last carry takes it.
#[inline(never)]
pub fn recode(modulus: &Modulus, x: &Limbs, window: u32, target: &mut [i16]) {
    let (x, negate) = modulus.halve(x);
    let (mut buffer, mut filled, mut next, mut carry) = (0_u64, 0, 0, 0);
    for digit in target.iter_mut() {
        if filled < window {
            buffer |= (x.get(next).map_or(0, |&limb| u64::from(limb.cast_unsigned()))) << filled;
            filled += BITS;
            next += 1;
        }
        let value = (buffer & ((1 << window) - 1)) as i16 + carry;
        buffer >>= window;
        filled -= window;
        carry = i16::from(value > 1 << (window - 1));
        let value = value - (carry << window);
        *digit = if negate { -value } else { value };
    }
    debug_assert!(carry == 0 && buffer == 0 && x.iter().skip(next).all(|&limb| limb == 0), "no room for all digits");
}
