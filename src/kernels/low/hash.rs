//! The hash functions of SHA-2 (FIPS 180-4) that signatures and thumbprints are made with: sha2's compression
//! functions, and what goes around them once for all.

use core::ops::Deref;

use sha2::block_api::{compress256, compress512};

/// Octets of the largest block.
pub(crate) const LARGEST_BLOCK: usize = 128;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// A hash function's output.
pub(crate) struct Digest {
    octets: [u8; 64],
    length: usize,
}

/// What a hash function knows after some blocks.
#[derive(Clone, Copy)]
pub(crate) struct State {
    hash: Hash,
    words: Words,
    /// Octets so far.
    length: u64,
}

#[derive(Clone, Copy)]
enum Words {
    Narrow([u32; 8]),
    Wide([u64; 8]),
}

impl Hash {
    /// The length of its output in octets.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The length of a block in octets.
    pub(crate) const fn block(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => LARGEST_BLOCK,
        }
    }

    /// The digest of all parts, one behind the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Digest {
        State::new(self).digest(parts)
    }
}

/// FIPS 180-4 §5.3.4
const SHA384: [u64; 8] = [
    0xcbbb_9d5d_c105_9ed8,
    0x629a_292a_367c_d507,
    0x9159_015a_3070_dd17,
    0x152f_ecd8_f70e_5939,
    0x6733_2667_ffc0_0b31,
    0x8eb4_4a87_6858_1511,
    0xdb0c_2e0d_64f9_8fa7,
    0x47b5_481d_befa_4fa4,
];

/// FIPS 180-4 §5.3.5. The words of SHA-256 are the first halves of these (§5.3.3).
const SHA512: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

impl State {
    #[inline(never)]
    pub(crate) fn new(hash: Hash) -> Self {
        let words = match hash {
            Hash::Sha256 => Words::Narrow(SHA512.map(|word| (word >> 32) as u32)),
            Hash::Sha384 => Words::Wide(SHA384),
            Hash::Sha512 => Words::Wide(SHA512),
        };
        Self { hash, words, length: 0 }
    }

    /// Takes one block, which has the length of a block.
    pub(crate) fn absorb(&mut self, block: &[u8]) {
        debug_assert!(block.len() == self.hash.block());
        self.compress(block);
        self.length += block.len() as u64;
    }

    /// The digest of the blocks so far and all parts behind them.
    #[inline(never)]
    pub(crate) fn digest(mut self, parts: &[&[u8]]) -> Digest {
        let size = self.hash.block();
        let mut block = [0; LARGEST_BLOCK];
        let mut filled = 0;
        for &part in parts {
            self.length += part.len() as u64;
            let mut rest = part;
            while !rest.is_empty() {
                let whole = rest.len() & !(size - 1);
                if filled == 0 && whole > 0 {
                    self.compress(&rest[..whole]);
                    rest = &rest[whole..];
                    continue;
                }
                let (head, tail) = rest.split_at(rest.len().min(size - filled));
                block[filled..][..head.len()].copy_from_slice(head);
                (filled, rest) = (filled + head.len(), tail);
                if filled == size {
                    self.compress(&block[..size]);
                    filled = 0;
                }
            }
        }
        // §5.1: a one, zeros, and in the last eighth of a block the length in bits.
        block[filled] = 0x80;
        block[filled + 1..].fill(0);
        if filled >= size - size / 8 {
            self.compress(&block[..size]);
            block.fill(0);
        }
        block[size - 8..size].copy_from_slice(&big_endian(8 * self.length));
        self.compress(&block[..size]);
        let mut octets = [0; 64];
        for (index, to) in octets.as_chunks_mut().0.iter_mut().enumerate() {
            let word = match &self.words {
                Words::Wide(words) => words[index],
                Words::Narrow(words) if index < 4 => {
                    u64::from(words[2 * index]) << 32 | u64::from(words[2 * index + 1])
                }
                Words::Narrow(_) => 0,
            };
            *to = big_endian(word);
        }
        Digest { octets, length: self.hash.length() }
    }

    /// §6.2.2 and §6.4.2, for whole blocks.
    #[inline(never)]
    fn compress(&mut self, blocks: &[u8]) {
        match &mut self.words {
            Words::Narrow(words) => compress256(words, blocks.as_chunks().0),
            Words::Wide(words) => compress512(words, blocks.as_chunks().0),
        }
    }
}

/// A call, as WebAssembly has no instruction for it.
#[inline(never)]
fn big_endian(word: u64) -> [u8; 8] {
    word.to_be_bytes()
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.octets[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256, Sha384, Sha512};

    fn expected(hash: Hash, message: &[u8]) -> alloc::vec::Vec<u8> {
        match hash {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    #[test]
    fn digests_are_those_of_sha2_at_every_length_and_cut() {
        let message: alloc::vec::Vec<u8> = (0..400_u32).map(|i| (i * i) as u8).collect();
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            for length in 0..message.len() {
                let message = &message[..length];
                let expected = expected(hash, message);
                assert_eq!(*hash.digest(&[message]), *expected);
                for cut in (0..=length).step_by(7) {
                    let (head, tail) = message.split_at(cut);
                    let (middle, tail) = tail.split_at(tail.len() / 3);
                    assert_eq!(*hash.digest(&[head, middle, &[], tail]), *expected);
                }
                if let Some((block, rest)) = message.split_at_checked(hash.block()) {
                    let mut state = State::new(hash);
                    state.absorb(block);
                    assert_eq!(*state.digest(&[rest]), *expected);
                }
            }
        }
    }
}
