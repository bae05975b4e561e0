//! GF(p), p = 2²⁵⁵ − 19: ten limbs of 26 and 25 bits in turn.
//!
//! The arithmetic is fiat-crypto's, generated with a machine-checked proof (Erbsen et al., "Simple
//! High-Level Code For Cryptographic Arithmetic", IEEE S&P 2019). Its bounds are types here, so the
//! compiler checks them: a product or a carried value is a [`Field`] (limbs up to 2²⁶ and 2²⁵), one
//! sum or difference of two is a [`Loose`] (limbs up to 3 · 2²⁶ and 3 · 2²⁵), and only products and
//! carries take a `Loose`.

use alloc::vec::Vec;
use core::hint::black_box;
use core::ops::{Add, Neg, Sub};

use fiat_crypto::curve25519_32 as fiat;

/// The bits of each limb. Loops that run once a message hide their length (`black_box`), to stay loops.
const WIDTHS: [u32; 10] = [26, 25, 26, 25, 26, 25, 26, 25, 26, 25];

/// An element of the field; limbs at most 2²⁶ (even) and 2²⁵ (odd).
#[derive(Clone, Copy)]
pub(crate) struct Field([u32; 10]);

/// A sum or difference of two elements; limbs at most 3 · 2²⁶ (even) and 3 · 2²⁵ (odd).
#[derive(Clone, Copy)]
pub(crate) struct Loose([u32; 10]);

/// What can be multiplied: limbs within the bounds of [`Loose`].
pub(crate) trait Factor {
    /// The limbs.
    fn limbs(&self) -> &[u32; 10];
}

impl Factor for Field {
    fn limbs(&self) -> &[u32; 10] {
        &self.0
    }
}

impl Factor for Loose {
    fn limbs(&self) -> &[u32; 10] {
        &self.0
    }
}

/// Limbs that fiat-crypto calls tight. The assertion is the bound of its specification.
fn tight(limbs: &[u32; 10]) -> fiat::fiat_25519_tight_field_element {
    debug_assert!(within(limbs, 1));
    fiat::fiat_25519_tight_field_element(*limbs)
}

/// Limbs that fiat-crypto calls loose, among them all tight ones.
fn loose(limbs: &[u32; 10]) -> fiat::fiat_25519_loose_field_element {
    debug_assert!(within(limbs, 3));
    fiat::fiat_25519_loose_field_element(*limbs)
}

/// Whether even limbs are at most `factor` · 2²⁶ and odd ones at most `factor` · 2²⁵.
fn within(limbs: &[u32; 10], factor: u32) -> bool {
    limbs.iter().zip([factor << 26, factor << 25].iter().cycle()).all(|(limb, bound)| limb <= bound)
}

impl Field {
    pub(crate) const ZERO: Self = Self::small(0);
    pub(crate) const ONE: Self = Self::small(1);

    /// An integer below 2²⁵.
    pub(crate) const fn small(value: u32) -> Self {
        Self([value, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    /// The element of 32 bytes, little-endian; the highest bit must be clear.
    pub(crate) const fn from_literal(bytes: &[u8; 32]) -> Self {
        let mut out = fiat::fiat_25519_tight_field_element([0; 10]);
        fiat::fiat_25519_from_bytes(&mut out, bytes);
        Self(out.0)
    }

    /// The element of 32 bytes, little-endian; `None` if the number is not below p.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let mut limbs = [0; 10];
        let (mut word, mut held) = (0_u64, 0);
        let mut next = bytes.iter();
        for (limb, width) in black_box(&mut limbs[..]).iter_mut().zip(WIDTHS) {
            while held < width {
                word |= next.next().map_or(0, |&byte| u64::from(byte)) << held;
                held += 8;
            }
            *limb = word as u32 & ((1 << width) - 1);
            word >>= width;
            held -= width;
        }
        let element = Self(limbs);
        (element.to_bytes() == *bytes).then_some(element)
    }

    /// The canonical encoding: the number below p, little-endian.
    ///
    /// The limbs make a number x below 2²⁵⁵ + 2²³⁰, so q = (x + 19) >> 255 is 1 if x ≥ p and else 0, and
    /// x − q · p is x + 19 · q without bit 255.
    #[inline(never)]
    pub(crate) fn to_bytes(self) -> [u8; 32] {
        debug_assert!(within(&self.0, 1));
        let mut q = 19;
        for (limb, width) in self.0.iter().zip(WIDTHS) {
            q = (limb + q) >> width;
        }
        let mut bytes = [0; 32];
        let (mut word, mut held) = (u64::from(19 * q), 0);
        let mut limbs = self.0.iter().zip(WIDTHS);
        for byte in black_box(&mut bytes[..]) {
            if held < 8
                && let Some((&limb, width)) = limbs.next()
            {
                word += u64::from(limb) << held;
                held += width;
            }
            *byte = word as u8;
            word >>= 8;
            held = held.saturating_sub(8);
        }
        bytes[31] &= 0x7f;
        bytes
    }

    /// The sum with small limbs.
    #[inline(never)]
    pub(crate) fn plus(&self, other: &Self) -> Self {
        (self + other).carry()
    }

    /// The difference with small limbs.
    #[inline(never)]
    pub(crate) fn minus(&self, other: &Self) -> Self {
        (self - other).carry()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.to_bytes() == [0; 32]
    }

    /// Whether the number below p is odd: the "sign" of RFC 8032 §5.1.2.
    pub(crate) fn is_odd(&self) -> bool {
        self.to_bytes()[0] & 1 == 1
    }

    /// self^(2^count).
    #[inline(never)]
    fn square_times(mut self, count: u8) -> Self {
        for _ in 0..count {
            self = square(&self);
        }
        self
    }

    /// self^(2²⁵² − 3), the exponent (p − 5) / 8 of RFC 8032 §5.1.3: 251 S and 11 M.
    #[inline(never)]
    pub(crate) fn power_252_3(&self) -> Self {
        // From e_m = self^(2ᵐ − 1) to e_(m+n) = e_m^(2ⁿ) · e_n: each time n, and which of the powers before is e_n.
        // m is 1, 2, 4, 5, 10, 20, 40, 50, 100, 200 and 250; the last step makes 2²⁵² − 4 + 1 of 2²⁵⁰ − 1.
        const STEPS: &[(u8, u8)] =
            &[(1, 0), (2, 1), (1, 0), (5, 3), (10, 4), (20, 5), (10, 4), (50, 7), (100, 8), (50, 7), (2, 0)];
        let mut powers = Vec::with_capacity(STEPS.len());
        let mut power = *self;
        for &(n, other) in black_box(STEPS) {
            powers.push(power);
            power = product(&power.square_times(n), &powers[usize::from(other)]);
        }
        power
    }

    /// 1 / self, and 0 for 0: self^(p − 2), and p − 2 = 8 · (2²⁵² − 3) + 3.
    pub(crate) fn invert(&self) -> Self {
        product(&self.power_252_3().square_times(3), &product(&square(self), self))
    }
}

impl Loose {
    /// The same element with small limbs.
    fn carry(&self) -> Field {
        let mut out = fiat::fiat_25519_tight_field_element([0; 10]);
        fiat::fiat_25519_carry(&mut out, &loose(&self.0));
        Field(out.0)
    }
}

impl From<Field> for Loose {
    fn from(element: Field) -> Self {
        Self(element.0)
    }
}

/// a · b.
#[inline]
pub(crate) fn product(a: &impl Factor, b: &impl Factor) -> Field {
    multiply(a.limbs(), b.limbs())
}

/// a².
#[inline]
pub(crate) fn square(a: &impl Factor) -> Field {
    multiply_by_itself(a.limbs())
}

#[inline(never)]
fn multiply(a: &[u32; 10], b: &[u32; 10]) -> Field {
    let mut out = fiat::fiat_25519_tight_field_element([0; 10]);
    fiat::fiat_25519_carry_mul(&mut out, &loose(a), &loose(b));
    Field(out.0)
}

#[inline(never)]
fn multiply_by_itself(a: &[u32; 10]) -> Field {
    let mut out = fiat::fiat_25519_tight_field_element([0; 10]);
    fiat::fiat_25519_carry_square(&mut out, &loose(a));
    Field(out.0)
}

impl Add for &Field {
    type Output = Loose;

    #[inline]
    fn add(self, other: Self) -> Loose {
        let mut out = fiat::fiat_25519_loose_field_element([0; 10]);
        fiat::fiat_25519_add(&mut out, &tight(&self.0), &tight(&other.0));
        Loose(out.0)
    }
}

impl Sub for &Field {
    type Output = Loose;

    #[inline]
    fn sub(self, other: Self) -> Loose {
        let mut out = fiat::fiat_25519_loose_field_element([0; 10]);
        fiat::fiat_25519_sub(&mut out, &tight(&self.0), &tight(&other.0));
        Loose(out.0)
    }
}

impl Neg for &Field {
    type Output = Field;

    fn neg(self) -> Field {
        Field::ZERO.minus(self)
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.minus(other).is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// p − 1, p, p + 1 … and limbs at their bounds, as limbs.
    fn extremes() -> [[u32; 10]; 8] {
        let top = |factor: u32| core::array::from_fn(|i| factor << if i % 2 == 0 { 26 } else { 25 });
        let full: [u32; 10] = core::array::from_fn(|i| if i % 2 == 0 { 0x3ff_ffff } else { 0x1ff_ffff });
        let p = core::array::from_fn(|i| if i == 0 { full[0] - 18 } else { full[i] });
        let p_minus_1 = core::array::from_fn(|i| p[i] - u32::from(i == 0));
        let p_plus_1 = core::array::from_fn(|i| p[i] + u32::from(i == 0));
        let one = core::array::from_fn(|i| u32::from(i == 0));
        let last = core::array::from_fn(|i| if i == 9 { 1 << 25 } else { 0 });
        [top(1), full, p, p_minus_1, p_plus_1, one, last, [0; 10]]
    }

    /// The number below p of limbs, by schoolbook: independent of fiat.
    fn slow(limbs: &[u32; 10]) -> [u8; 32] {
        let mut number = [0_u64; 34];
        for (i, &limb) in limbs.iter().enumerate() {
            let position = (51 * i).div_ceil(2);
            for bit in (0..32).filter(|bit| limb >> bit & 1 == 1) {
                number[(position + bit) / 8] += 1 << ((position + bit) % 8);
            }
        }
        reduce(&mut number)
    }

    fn reduce(number: &mut [u64]) -> [u8; 32] {
        loop {
            let mut carry = 0;
            for byte in number.iter_mut() {
                carry += *byte;
                *byte = carry & 0xff;
                carry >>= 8;
            }
            assert_eq!(carry, 0);
            let high: u64 = number[32..].iter().rev().fold(0, |high, byte| high << 8 | byte);
            let over = high << 1 | number[31] >> 7;
            if over == 0 {
                break;
            }
            number[31] &= 0x7f;
            number[32..].fill(0);
            number[0] += 19 * over;
        }
        let bytes: [u8; 32] = core::array::from_fn(|i| number[i] as u8);
        let mut p = [0xff; 32];
        (p[0], p[31]) = (0xed, 0x7f);
        if bytes.iter().rev().ge(p.iter().rev()) {
            return core::array::from_fn(|i| if i == 0 { bytes[0] - 0xed } else { 0 });
        }
        bytes
    }

    fn slow_product(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
        // Horner over the bits of a: double and add.
        let mut result = [0_u64; 34];
        for bit in (0..256).rev() {
            for byte in &mut result {
                *byte *= 2;
            }
            if a[bit / 8] >> (bit % 8) & 1 == 1 {
                for (byte, &other) in result.iter_mut().zip(b) {
                    *byte += u64::from(other);
                }
            }
            let reduced = reduce(&mut result);
            for (byte, &other) in result.iter_mut().zip(&reduced) {
                *byte = u64::from(other);
            }
        }
        reduce(&mut result)
    }

    #[test]
    fn operations_hold_at_the_bounds() {
        let slow_sum = |a: &[u8; 32], b: &[u8; 32]| {
            let mut number = [0_u64; 34];
            for i in 0..32 {
                number[i] = u64::from(a[i]) + u64::from(b[i]);
            }
            reduce(&mut number)
        };
        for a in extremes() {
            let element = Field(a);
            let value = slow(&a);
            assert_eq!(element.to_bytes(), value);
            assert_eq!(square(&element).to_bytes(), slow_product(&value, &value));
            assert_eq!(slow_sum(&(-&element).to_bytes(), &value), [0; 32]);
            assert_eq!(product(&element.invert(), &element) == Field::ONE, !element.is_zero());
            for b in extremes() {
                let other = Field(b);
                let other_value = slow(&b);
                assert_eq!((&element + &other).carry().to_bytes(), slow_sum(&value, &other_value));
                assert_eq!(slow_sum(&(&element - &other).carry().to_bytes(), &other_value), value);
                assert_eq!(product(&element, &other).to_bytes(), slow_product(&value, &other_value));
                assert_eq!(element == other, value == other_value);
                // The largest operands that sums and differences can make.
                for (left, right) in [(&element + &other, &element - &other), (&other - &element, &other - &element)] {
                    let expected = slow_product(&left.carry().to_bytes(), &right.carry().to_bytes());
                    assert_eq!(product(&left, &right).to_bytes(), expected);
                }
            }
        }
        let loose = Loose(core::array::from_fn(|i| 3 << (26 - i % 2)));
        let value = slow(&loose.0);
        assert_eq!(loose.carry().to_bytes(), value);
        assert_eq!(square(&loose).to_bytes(), slow_product(&value, &value));
        assert_eq!(product(&loose, &loose).to_bytes(), slow_product(&value, &value));
    }

    #[test]
    fn bytes_are_canonical() {
        let mut p = [0xff; 32];
        (p[0], p[31]) = (0xed, 0x7f);
        for offset in 0..=18 {
            let mut bytes = p;
            bytes[0] += offset;
            assert!(Field::from_bytes(&bytes).is_none());
            assert_eq!(Field::from_literal(&bytes).to_bytes(), Field::small(offset.into()).to_bytes());
        }
        p[0] -= 1;
        assert!(Field::from_bytes(&p).is_some_and(|element| element.to_bytes() == p));
        p[31] |= 0x80;
        assert!(Field::from_bytes(&p).is_none());
    }
}
