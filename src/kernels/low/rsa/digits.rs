//! Big-endian numbers as digits of some power of two, and back.

use alloc::vec;
use alloc::vec::Vec;

/// Bits of a big-endian number without leading zeros.
pub(crate) fn bits_of(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// A big-endian number in so many digits of up to 56 bits, lowest first: enough for all of it.
#[inline(never)]
pub(crate) fn from_bytes(number: &[u8], radix_bits: u32, length: usize) -> Vec<u64> {
    // Zeros before it, so that every digit lies in a word of eight bytes.
    let mut bytes = vec![0; length * radix_bits as usize / 8 + 8];
    let end = bytes.len();
    bytes[end - number.len()..].copy_from_slice(number);
    let digit = |index| {
        let bit = index * radix_bits as usize;
        let word = bytes[..end - bit / 8].last_chunk().map_or(0, |word| u64::from_be_bytes(*word));
        word >> (bit % 8) & ((1 << radix_bits) - 1)
    };
    (0..length).map(digit).collect()
}

/// The inverse of [`from_bytes`].
#[inline(never)]
pub(crate) fn to_bytes(digits: &[u64], radix_bits: u32, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let (mut rest, mut bits) = (0_u64, 0);
    let mut digits = digits.iter();
    for byte in bytes.iter_mut().rev() {
        if bits < 8 {
            rest |= digits.next().map_or(0, |&digit| digit) << bits;
            bits += radix_bits;
        }
        *byte = rest as u8;
        rest >>= 8;
        bits -= 8;
    }
    bytes
}
