//! The first octet of a kind, looked for in words of eight.

const LOW: u64 = u64::MAX / 0xff;
const HIGH: u64 = LOW << 7;

/// Marks the octets of a word that are below a bound of at most 128, each by its highest bit. The lowest mark is always
/// right; those above it may owe to a borrow.
pub(crate) const fn below(word: u64, bound: u64) -> u64 {
    word.wrapping_sub(LOW * bound) & !word & HIGH
}

/// Marks the octets of a word that are this one, as [`below`] does.
pub(crate) const fn is(word: u64, octet: u8) -> u64 {
    below(word ^ (LOW * octet as u64), 1)
}

/// Where the first octet stands that `marks` marks, or how many octets there are. It never marks 0xff.
#[inline(always)]
pub(crate) fn first(octets: &[u8], marks: impl Fn(u64) -> u64) -> usize {
    let (words, rest) = octets.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return 8 * index + marks.trailing_zeros() as usize / 8;
        }
    }
    let mut last = [0xff; 8];
    last[..rest.len()].copy_from_slice(rest);
    let before = marks(u64::from_le_bytes(last)).trailing_zeros() as usize / 8;
    octets.len() - rest.len() + before.min(rest.len())
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn agrees(octets: &[u8]) {
        let control = |octet: u8| octet == b'"' || octet < 0x20;
        let found = first(octets, |word| is(word, b'"') | below(word, 0x20));
        assert_eq!(found, octets.iter().position(|&octet| control(octet)).unwrap_or(octets.len()), "{octets:x?}");
        let dot = first(octets, |word| is(word, b'.'));
        assert_eq!(dot, octets.iter().position(|&octet| octet == b'.').unwrap_or(octets.len()), "{octets:x?}");
    }

    #[test]
    fn agrees_with_a_look_at_each_octet() {
        for octet in 0..=255_u8 {
            for other in [b'a', b'.', b'/', b'"', b'#', 0, 0x1f, 0x20, 0x7f, 0x80, 0xff] {
                for at in 0..20 {
                    let octets: Vec<u8> = (0..20).map(|i| if i == at { octet } else { other }).collect();
                    agrees(&octets);
                    agrees(&octets[..at + 1]);
                    let with_plain_before = [&[b'a'; 20][..at], &octets[at..]].concat();
                    agrees(&with_plain_before);
                }
            }
        }
        agrees(b"");
    }
}
