//! Integers modulo L = 2²⁵² + 27742317777372353535851937790883648493, the order of the base point.

/// L, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, //
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Limbs of 28 bits, so that 2²⁵² is the weight of limb 9.
const BITS: usize = 28;
const LIMBS: usize = 9;

/// An integer from 0 to L − 1, little-endian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scalar([u8; 32]);

impl Scalar {
    /// The number of 32 octets, little-endian. `None` if it is not below L (RFC 8032 §5.1.7 step 1).
    pub(super) fn from_octets(octets: &[u8]) -> Option<Self> {
        let octets: [u8; 32] = octets.try_into().ok()?;
        octets.iter().rev().lt(ORDER.iter().rev()).then_some(Self(octets))
    }

    /// The number of a hash, little-endian, modulo L.
    pub(super) fn from_hash(hash: &[u8; 64]) -> Self {
        // With c = L − 2²⁵² < 2¹²⁵: low + 2²⁵² · high ≡ low − c · high. Three times over:
        // x < 2⁵¹², y = c · (x >> 252) < 2³⁸⁵, z = c · (y >> 252) < 2²⁵⁸, w = c · (z >> 252) < 2¹³¹.
        let x: [u32; 19] = core::array::from_fn(|i| bits(hash, i * BITS, BITS));
        let y = times_c(&x[LIMBS..]);
        let z = times_c(&y[LIMBS..]);
        let w = times_c(&z[LIMBS..]);
        // −2²⁵² − 2¹³¹ < x_low − y_low + z_low − w < 2²⁵³: L is added twice or subtracted once at
        // most. Each limb is between −2²⁹ and 2²⁹.
        let mut limbs: [i32; LIMBS] = core::array::from_fn(|i| x[i] as i32 - y[i] as i32 + z[i] as i32 - w[i] as i32);
        carry(&mut limbs);
        let order: [i32; LIMBS] = core::array::from_fn(|i| bits(&ORDER, i * BITS, BITS + i / 8) as i32);
        while limbs[LIMBS - 1] < 0 {
            limbs = core::array::from_fn(|i| limbs[i] + order[i]);
            carry(&mut limbs);
        }
        if limbs.iter().rev().ge(order.iter().rev()) {
            limbs = core::array::from_fn(|i| limbs[i] - order[i]);
            carry(&mut limbs);
        }
        Self(octets(&limbs))
    }

    /// The [`count`] digits of base 2^`width`, lowest first: from −2^(width − 1) to
    /// 2^(width − 1) − 1, but the highest from 0 to [`last`].
    ///
    /// The highest digit holds all bits from there up. A scalar of 2²⁵² or more is below
    /// 2²⁵² + 2¹²⁵: its bits before the highest digit are zero and carry nothing, so that digit is
    /// just `last`; with any other scalar it is smaller before the carry.
    pub(super) fn digits(&self, width: usize) -> impl Iterator<Item = i32> {
        let mut carry = 0;
        (1..=count(width)).map(move |number| {
            let is_last = number == count(width);
            let value = bits(&self.0, (number - 1) * width, if is_last { 16 } else { width }) as i32 + carry;
            carry = if is_last { 0 } else { (value + (1 << (width - 1))) >> width };
            value - (carry << width)
        })
    }

    /// Digits of base 2, lowest first: zero, or odd from −15 to 15 and followed by four zeros. The
    /// highest is at most a carry out of bit 252.
    pub(super) fn non_adjacent_form(&self) -> [i8; 254] {
        let mut form = [0; 254];
        let mut carry = 0;
        let mut position = 0;
        while let Some(digit) = form.get_mut(position) {
            let window = bits(&self.0, position, 5) as i8 + carry;
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
}

/// How many digits of base 2^`width` a scalar has, `width` from 2 to 15.
pub(super) const fn count(width: usize) -> usize {
    252_usize.div_ceil(width)
}

/// The largest value of the highest digit of base 2^`width`.
pub(super) const fn last(width: usize) -> usize {
    1 << (252 - width * (count(width) - 1))
}

/// `count` bits (up to 29) from bit `position` of a little-endian number; beyond its end, zeros.
#[inline(never)]
fn bits(octets: &[u8], position: usize, count: usize) -> u32 {
    let word = octets.iter().skip(position / 8).take(5).rev().fold(0, |word: u64, &octet| word << 8 | u64::from(octet));
    (word >> (position % 8)) as u32 & ((1 << count) - 1)
}

/// c · high, for up to ten limbs below 2²⁸: each column is below 5 · 2⁵⁶, the product below 2³⁸⁵.
fn times_c(high: &[u32]) -> [u32; 14] {
    debug_assert!(high.len() <= 10 && high.iter().all(|&limb| limb < 1 << BITS));
    let mut columns = [0_u64; 14];
    for (i, &limb) in high.iter().enumerate() {
        for (j, column) in columns[i..].iter_mut().take(5).enumerate() {
            *column += u64::from(limb) * u64::from(bits(&ORDER[..16], j * BITS, BITS));
        }
    }
    let mut carry = 0;
    let product = columns.map(|column| {
        let sum = column + carry;
        carry = sum >> BITS;
        sum as u32 & ((1 << BITS) - 1)
    });
    debug_assert!(carry == 0);
    product
}

/// Limbs from 0 to 2²⁸ − 1, with the rest and the sign in the last one; for limbs below 2³⁰ in
/// absolute value.
fn carry(limbs: &mut [i32; LIMBS]) {
    debug_assert!(limbs.iter().all(|limb| limb.unsigned_abs() < 1 << 30));
    for i in 0..LIMBS - 1 {
        limbs[i + 1] += limbs[i] >> BITS;
        limbs[i] &= (1 << BITS) - 1;
    }
}

/// Limbs from 0 to 2²⁸ − 1, the last one to 2²⁹ − 1, as octets.
fn octets(limbs: &[i32; LIMBS]) -> [u8; 32] {
    debug_assert!(limbs.iter().enumerate().all(|(i, limb)| (0..1 << (BITS + i / 8)).contains(limb)));
    let mut octets = [0; 32];
    let (mut word, mut held) = (0_u64, 0);
    let mut limbs = limbs.iter();
    for octet in &mut octets {
        if held < 8 {
            word |= limbs.next().map_or(0, |&limb| limb as u64) << held;
            held += BITS;
        }
        *octet = word as u8;
        word >>= 8;
        held = held.saturating_sub(8);
    }
    octets
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::scalar::Scalar as Reference;

    use super::*;

    /// Numbers of `N` octets: near multiples of powers of two and of L, and some random ones.
    fn samples<const N: usize>() -> alloc::vec::Vec<[u8; N]> {
        let mut samples = alloc::vec![[0; N], [0xff; N]];
        for bit in 0..8 * N {
            let mut power = [0; N];
            power[bit / 8] = 1 << (bit % 8);
            let mut below: [u8; N] = core::array::from_fn(|i| if i < bit / 8 { 0xff } else { 0 });
            below[bit / 8] = power[bit / 8] - 1;
            samples.extend([power, below, below.map(|octet| !octet)]);
            // 2^bit · L, and one more or less.
            for offset in [-1_i32, 0, 1] {
                let mut carry = offset;
                samples.push(core::array::from_fn(|i| {
                    let low = i.checked_sub(bit / 8).and_then(|i| ORDER.get(i)).map_or(0, |&octet| i32::from(octet));
                    carry += low << (bit % 8);
                    let octet = carry as u8;
                    carry >>= 8;
                    octet
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
            assert_eq!(Scalar::from_hash(&hash).0, expected, "{hash:02x?}");
        }
    }

    #[test]
    fn octets_below_the_order_are_taken() {
        for octets in samples::<32>() {
            let expected: Option<Reference> = Reference::from_canonical_bytes(octets).into();
            assert_eq!(Scalar::from_octets(&octets).is_some(), expected.is_some(), "{octets:02x?}");
        }
        assert!(Scalar::from_octets(&ORDER).is_none());
        assert!(Scalar::from_octets(&[0; 31]).is_none() && Scalar::from_octets(&[0; 33]).is_none());
    }

    #[test]
    fn digits_and_forms_have_the_value() {
        for octets in samples::<32>() {
            let Some(scalar) = Scalar::from_octets(&octets) else { continue };
            let expected = Reference::from_bytes_mod_order(octets);
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
