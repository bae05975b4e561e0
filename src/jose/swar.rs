//! SIMD within a register: finds the first byte of a kind, eight at a time.

const LOW: u64 = u64::MAX / 0xff;
const HIGH: u64 = LOW << 7;

/// Marks the bytes of a word that are below a bound of at most 128, each by its highest bit. The lowest mark is always
/// right; those above it may come from a borrow.
pub(crate) const fn below(word: u64, bound: u64) -> u64 {
    word.wrapping_sub(LOW * bound) & !word & HIGH
}

/// Marks the bytes of a word that are this one, as [`below`] does.
pub(crate) const fn is(word: u64, byte: u8) -> u64 {
    below(word ^ (LOW * byte as u64), 1)
}

/// The index of the first byte that `marks` marks, or the length. It never marks 0xff.
#[inline(always)]
pub(crate) fn first(bytes: &[u8], marks: impl Fn(u64) -> u64) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return 8 * index + marks.trailing_zeros() as usize / 8;
        }
    }
    let mut last = [0xff; 8];
    last[..rest.len()].copy_from_slice(rest);
    let before = marks(u64::from_le_bytes(last)).trailing_zeros() as usize / 8;
    bytes.len() - rest.len() + before.min(rest.len())
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn agrees(bytes: &[u8]) {
        let control = |byte: u8| byte == b'"' || byte < 0x20;
        let found = first(bytes, |word| is(word, b'"') | below(word, 0x20));
        assert_eq!(found, bytes.iter().position(|&byte| control(byte)).unwrap_or(bytes.len()), "{bytes:x?}");
        let dot = first(bytes, |word| is(word, b'.'));
        assert_eq!(dot, bytes.iter().position(|&byte| byte == b'.').unwrap_or(bytes.len()), "{bytes:x?}");
    }

    #[test]
    fn agrees_with_a_look_at_each_byte() {
        for byte in 0..=255_u8 {
            for other in [b'a', b'.', b'/', b'"', b'#', 0, 0x1f, 0x20, 0x7f, 0x80, 0xff] {
                for at in 0..20 {
                    let bytes: Vec<u8> = (0..20).map(|i| if i == at { byte } else { other }).collect();
                    agrees(&bytes);
                    agrees(&bytes[..at + 1]);
                    let with_plain_before = [&[b'a'; 20][..at], &bytes[at..]].concat();
                    agrees(&with_plain_before);
                }
            }
        }
        agrees(b"");
    }
}
