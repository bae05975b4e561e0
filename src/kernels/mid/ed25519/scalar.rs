//! Integers modulo L = 2²⁵² + c, c = 27742317777372353535851937790883648493: the order of the base point.

use core::hint::black_box;

/// Bits of a limb, so that 2²⁵² is the weight of limb 9.
const BITS: usize = 28;
const LIMBS: usize = 10;

/// c, below 2¹²⁵. The limbs of L are these, but that the last one is 1.
const C: [i64; LIMBS] = [0xcf5_d3ed, 0x126_31a5, 0x79c_d658, 0xf9d_ea2f, 0x14de, 0, 0, 0, 0, 0];

/// An integer from 0 to L − 1, in limbs below 2²⁸.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scalar([u32; LIMBS]);

impl Scalar {
    /// The number of 32 bytes, little-endian. `None` if it is not below L (RFC 8032 §5.1.7 step 1).
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let reduced = Self::from_hash(bytes);
        let mut limbs = black_box(&reduced.0[..]).iter().enumerate(); // a loop, not ten comparisons in a row
        let is_reduced = limbs.all(|(index, &reduced)| limb(bytes, index) == reduced);
        (bytes.len() == 32 && is_reduced).then_some(reduced)
    }

    /// The number of a hash, little-endian, modulo L.
    ///
    /// Limb by limb from the top, x becomes x · 2²⁸ + limb, and that less q · L for q its bits from 2²⁵² up.
    /// What is left is low − q · c, with 0 ≤ low < 2²⁵². By induction, −1 ≤ q ≤ 2²⁸ and −2²⁸ · c ≤ x < L: such
    /// an x, if negative, is above −2¹⁵³, so its bits above 2²²⁴ are −1 as well, and if it is 2²⁵² or more, it is
    /// below 2²⁵² + 2¹²⁵, so these bits are 2²⁸.
    #[inline(never)]
    pub(crate) fn from_hash(hash: &[u8]) -> Self {
        let mut x = [0_i64; LIMBS];
        for index in (0..(8 * hash.len()).div_ceil(BITS)).rev() {
            let q = (x[LIMBS - 1] << BITS) + x[LIMBS - 2];
            x.copy_within(..LIMBS - 2, 1);
            (x[0], x[LIMBS - 1]) = (limb(hash, index).into(), 0);
            subtract(&mut x, q);
        }
        if x[LIMBS - 1] < 0 {
            x[LIMBS - 1] += 1; // the 2²⁵² of L
            subtract(&mut x, -1);
        }
        debug_assert!(x[LIMBS - 1] >= 0);
        Self(x.map(|limb| limb as u32))
    }

    /// The [`count`] digits of base 2^`width`, lowest first: from −2^(width − 1) to
    /// 2^(width − 1) − 1, but the highest from 0 to [`last`].
    ///
    /// The highest digit holds all bits from there up. A scalar of 2²⁵² or more is below
    /// 2²⁵² + 2¹²⁵: its bits before the highest digit are zero and carry nothing, so that digit is
    /// just `last`; with any other scalar it is smaller before the carry.
    pub(crate) fn digits(&self, width: usize) -> impl Iterator<Item = i32> {
        let mut carry = 0;
        (1..=count(width)).map(move |number| {
            let is_last = number == count(width);
            let value = self.bits((number - 1) * width, if is_last { 16 } else { width }) + carry;
            carry = if is_last { 0 } else { (value + (1 << (width - 1))) >> width };
            value - (carry << width)
        })
    }

    /// Digits of base 2, lowest first: zero, or odd from −15 to 15 and followed by four zeros. The
    /// highest is at most a carry out of bit 252.
    pub(crate) fn non_adjacent_form(&self) -> [i8; 254] {
        let mut form = [0; 254];
        let mut carry = 0;
        let mut position = 0;
        while let Some(digit) = form.get_mut(position) {
            let window = self.bits(position, 5) as i8 + carry;
            if window & 1 == 0 {
                position += 1;
                continue;
            }
            carry = window >> 4;
            *digit = window - (carry << 5);
            position += 5;
        }
        form
    }

    /// `count` bits (up to 29) from bit `position`; beyond the last limb, zeros.
    #[inline(never)]
    fn bits(&self, position: usize, count: usize) -> i32 {
        let limb = |index: usize| self.0.get(index).map_or(0, |&limb| u64::from(limb));
        let both = limb(position / BITS) | limb(position / BITS + 1) << BITS;
        (both >> (position % BITS)) as i32 & ((1 << count) - 1)
    }
}

/// How many digits of base 2^`width` a scalar has, `width` from 2 to 15.
pub(crate) const fn count(width: usize) -> usize {
    252_usize.div_ceil(width)
}

/// The largest value of the highest digit of base 2^`width`.
pub(crate) const fn last(width: usize) -> usize {
    1 << (252 - width * (count(width) - 1))
}

/// 28 bits of a little-endian number: limb `index`. Beyond its end, zeros.
#[inline(never)]
fn limb(bytes: &[u8], index: usize) -> u32 {
    let from_here = bytes.iter().skip(index * BITS / 8).take(4);
    from_here.rev().fold(0, |word, &byte| word << 8 | u32::from(byte)) >> (index * BITS % 8) & ((1 << BITS) - 1)
}

/// x − q · c, for limbs below 2²⁸ and a q of up to 2²⁸ in magnitude: sums are within ±2⁵⁷, and the last limb takes
/// the last carry, with its sign.
#[inline(never)]
fn subtract(x: &mut [i64; LIMBS], q: i64) {
    let mut carry = 0;
    for (limb, c) in x.iter_mut().zip(C) {
        carry += *limb - q * c;
        *limb = carry & ((1 << BITS) - 1);
        carry >>= BITS;
    }
    x[LIMBS - 1] |= carry << BITS;
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::scalar::Scalar as Reference;

    use super::*;

    /// L, little-endian.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, //
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];

    fn bytes(scalar: &Scalar) -> [u8; 32] {
        core::array::from_fn(|i| scalar.bits(8 * i, 8) as u8)
    }

    /// Numbers of `N` bytes: near multiples of powers of two and of L, and some random ones.
    fn samples<const N: usize>() -> alloc::vec::Vec<[u8; N]> {
        let mut samples = alloc::vec![[0; N], [0xff; N]];
        for bit in 0..8 * N {
            let mut power = [0; N];
            power[bit / 8] = 1 << (bit % 8);
            let mut below: [u8; N] = core::array::from_fn(|i| if i < bit / 8 { 0xff } else { 0 });
            below[bit / 8] = power[bit / 8] - 1;
            samples.extend([power, below, below.map(|byte| !byte)]);
            // 2^bit · L, and one more or less.
            for offset in [-1_i32, 0, 1] {
                let mut carry = offset;
                samples.push(core::array::from_fn(|i| {
                    let low = i.checked_sub(bit / 8).and_then(|i| ORDER.get(i)).map_or(0, |&byte| i32::from(byte));
                    carry += low << (bit % 8);
                    let byte = carry as u8;
                    carry >>= 8;
                    byte
                }));
            }
        }
        let mut state = 1_u64;
        samples.extend((0..20_000).map(|_| {
            core::array::from_fn(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
        }));
        samples
    }

    #[test]
    fn hashes_are_reduced() {
        for hash in samples::<64>() {
            let expected = Reference::from_bytes_mod_order_wide(&hash).to_bytes();
            assert_eq!(bytes(&Scalar::from_hash(&hash)), expected, "{hash:02x?}");
        }
    }

    #[test]
    fn bytes_below_the_order_are_taken() {
        for bytes in samples::<32>() {
            let expected: Option<Reference> = Reference::from_canonical_bytes(bytes).into();
            let ours = Scalar::from_bytes(&bytes);
            assert_eq!(ours.map(|scalar| self::bytes(&scalar)), expected.map(|_| bytes), "{bytes:02x?}");
        }
        assert!(Scalar::from_bytes(&ORDER).is_none());
        assert!(Scalar::from_bytes(&[0; 31]).is_none() && Scalar::from_bytes(&[0; 33]).is_none());
    }

    #[test]
    fn digits_and_forms_have_the_value() {
        for bytes in samples::<32>() {
            let Some(scalar) = Scalar::from_bytes(&bytes) else { continue };
            let expected = Reference::from_bytes_mod_order(bytes);
            let signed = |digit: i32| {
                let size = Reference::from(digit.unsigned_abs());
                if digit < 0 { -size } else { size }
            };
            for width in [5, 6, 7, 8, 9] {
                let (count, last) = (count(width), last(width) as i32);
                let half = 1 << (width - 1);
                let base = Reference::from(1_u64 << width);
                let digits: alloc::vec::Vec<i32> = scalar.digits(width).collect();
                assert_eq!(digits.len(), count);
                assert!(digits[..count - 1].iter().all(|digit| (-half..half).contains(digit)));
                assert!((0..=last).contains(&digits[count - 1]));
                let value = digits.iter().rev().fold(Reference::ZERO, |value, &digit| value * base + signed(digit));
                assert_eq!(value, expected);
            }
            let form = scalar.non_adjacent_form();
            let value = form.iter().rev().fold(Reference::ZERO, |value, &digit| value + value + signed(digit.into()));
            assert_eq!(value, expected);
            assert!(form.iter().all(|&digit| digit == 0 || (digit & 1 == 1 && (-15..=15).contains(&digit))));
            assert!(form.windows(5).all(|digits| digits.iter().filter(|&&digit| digit != 0).count() <= 1));
        }
    }
}
