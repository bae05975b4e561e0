//! Whole numbers as digits of some power of two, little end first, and how to get from one power
//! to another. Bytes are digits of 8 bits.

use core::array::from_fn;

/// The digits of `BITS` bits of a hexadecimal number, for the constants of a curve.
pub const fn from_hex<const N: usize>(hex: &str, bits: usize) -> [i32; N] {
    let hex = hex.as_bytes();
    let mut limbs = [0; N];
    let mut index = 0;
    while index < hex.len() * 4 {
        let digit = hex[hex.len() - 1 - index / 4];
        let value = (if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }) as i32;
        limbs[index / bits] |= (value >> (index % 4) & 1) << (index % bits);
        index += 1;
    }
    limbs
}

/// The same number with digits from −2^(bits − 1) to 2^(bits − 1) − 1, but for the top one.
pub const fn balanced<const N: usize>(mut limbs: [i32; N], bits: u32) -> [i32; N] {
    let mut index = 0;
    while index < N - 1 {
        let carry = (limbs[index] + (1 << (bits - 1))) >> bits;
        limbs[index] -= carry << bits;
        limbs[index + 1] += carry;
        index += 1;
    }
    limbs
}

/// Limbs, and zeros above.
pub const fn padded<const N: usize, const M: usize>(limbs: [i32; N]) -> [i32; M] {
    let mut padded = [0; M];
    let mut index = 0;
    while index < N {
        padded[index] = limbs[index];
        index += 1;
    }
    padded
}

/// Each limb twice, as many as there is room for.
pub const fn doubled<const N: usize>(limbs: [i32; N]) -> [i32; N] {
    let mut doubled = limbs;
    let mut index = 0;
    while index < N {
        doubled[index] = limbs[index / 2];
        index += 1;
    }
    doubled
}

/// Splits one number again: digits of `from` bits become digits of `to` bits, both at most 30. Digits
/// that `target` has no room for are lost, so it must have room for all that are not zero.
pub fn repack(digits: impl Iterator<Item = u32>, from: u32, target: &mut [i32], to: u32) {
    let mut digits = digits.fuse();
    let (mut buffer, mut filled) = (0_u64, 0);
    for limb in target {
        while filled < to {
            buffer |= u64::from(digits.next().unwrap_or(0)) << filled;
            filled += from;
        }
        *limb = (buffer & ((1 << to) - 1)) as i32;
        buffer >>= to;
        filled -= to;
    }
}

/// The digits of big-endian bytes, for [`repack`].
pub fn of_bytes(big_endian: &[u8]) -> impl Iterator<Item = u32> {
    big_endian.iter().rev().map(|&byte| u32::from(byte))
}

/// The digits of limbs that are not negative, for [`repack`].
pub fn of_limbs(limbs: &[i32]) -> impl Iterator<Item = u32> {
    limbs.iter().map(|&limb| limb.cast_unsigned())
}

/// A number times 2^by in limbs of `bits` bits, of which it must leave enough at the top.
pub fn shifted<const N: usize>(number: &[i32; N], by: u32, bits: u32) -> [i32; N] {
    let (whole, rest) = ((by / bits) as usize, by % bits);
    let limb = |index: usize, less: usize| index.checked_sub(less).map_or(0, |index| i64::from(number[index]));
    from_fn(|index| {
        let both = limb(index, whole) << bits | limb(index, whole + 1);
        (both >> (bits - rest) & ((1 << bits) - 1)) as i32
    })
}
