//! Encoded messages (RFC 8017 §9), right or wrong in one way.

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::random::Random;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub fn bits(self) -> usize {
        match self {
            Self::Sha256 => 256,
            Self::Sha384 => 384,
            Self::Sha512 => 512,
        }
    }

    fn octets(self) -> usize {
        self.bits() / 8
    }

    /// The end of its object identifier.
    fn id(self) -> u8 {
        match self {
            Self::Sha256 => 1,
            Self::Sha384 => 2,
            Self::Sha512 => 3,
        }
    }

    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        let all = parts.concat();
        match self {
            Self::Sha256 => Sha256::digest(all).to_vec(),
            Self::Sha384 => Sha384::digest(all).to_vec(),
            Self::Sha512 => Sha512::digest(all).to_vec(),
        }
    }
}

/// In how many ways an encoding can be wrong; 0 is right.
pub const FAULTS: usize = 13;

/// EMSA-PKCS1-v1_5 (§9.2).
pub fn pkcs1(random: &mut Random, hash: Hash, message: &[u8], length: usize, fault: usize) -> Vec<u8> {
    let id = hash.id();
    let h = hash.digest(&[message]);
    let size = h.len() as u8;
    let mut info = vec![0x30, 17 + size, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, id, 5, 0, 4, size];
    let mut trailing = 0;
    match fault {
        1 => {
            // No NULL.
            info.drain(15..17);
            info[1] -= 2;
            info[3] -= 2;
        }
        2 => info[14] = id % 3 + 1,
        3 => trailing = 1 + random.below(7), // garbage behind
        4 => info.insert(1, 0x81),           // BER: the long form of a length
        5 => info.clear(),
        _ => {}
    }
    info.extend(h);
    let fill = if fault == 6 { 8 } else { length - 3 - info.len() - trailing };
    let mut encoded = vec![0, 1];
    encoded.extend(vec![0xff; fill]);
    encoded.push(0);
    encoded.extend(info);
    encoded.resize(length, 0x5a);
    match fault {
        7 => encoded[1] = 2,
        8 => encoded[1] = 0,
        9 => encoded[2 + random.below(fill)] = random.below(255) as u8,
        10 => encoded[2 + fill] = 1,
        11 => encoded[0] = 1,
        12 => encoded[2 + random.below(fill)] = 0,
        _ => {}
    }
    encoded
}

/// EMSA-PSS (§9.1.1).
pub fn pss(random: &mut Random, hash: Hash, message: &[u8], bits: usize, fault: usize) -> Vec<u8> {
    let encoded_bits = bits - 1;
    let length = encoded_bits.div_ceil(8);
    let size = hash.octets();
    let salt_length = match fault {
        1 => size - 1,
        2 => size + 1,
        3 => 0,
        4 => length - size - 2,
        _ => size,
    };
    let salt = random.octets(salt_length);
    let h = hash.digest(&[&[0; 8], &hash.digest(&[message]), &salt]);
    let padding = length - salt_length - size - 2;
    let mut block = vec![0; padding];
    block.push(1);
    block.extend(&salt);
    match fault {
        5 => block[0] ^= 0x80 >> (8 * length - encoded_bits),
        6 => block[random.below(padding)] ^= 1 << random.below(8),
        7 => block[padding] ^= 2,
        8 => block[padding] = 0,
        _ => {}
    }
    let mask_hash = if fault == 9 && hash != Hash::Sha512 { Hash::Sha512 } else { hash };
    let mask = (0_u32..).flat_map(|counter| mask_hash.digest(&[&h, &counter.to_be_bytes()]));
    block.iter_mut().zip(mask).for_each(|(octet, mask)| *octet ^= mask);
    let spare = 8 * length - encoded_bits;
    block[0] &= 0xff >> spare;
    if fault == 10 && spare > 0 {
        // A bit too many, though below n as often as not.
        block[0] |= 0x100_u16.wrapping_shr(spare as u32) as u8;
    }
    block.extend(h);
    block.push(if fault == 11 { 0xcc } else { 0xbc });
    if fault == 12 && length * 8 < bits {
        // The octet that the encoding has not, but the modulus has.
        block.insert(0, 1);
    }
    block
}
