//! The two encodings of a message that RSA signs (RFC 8017 §9).

use alloc::vec;

use crate::kernels::low::hash::Hash;

/// Whether `encoded` is the EMSA-PKCS1-v1_5 encoding of the message (§9.2), as long as the modulus. There is one
/// such encoding, and it is compared as a whole: nothing in it is parsed, and parameters other than NULL, which
/// §8.2.2 allows verifiers to take, are refused.
pub(super) fn is_pkcs1_v1_5(encoded: &[u8], hash: Hash, message: &[u8]) -> bool {
    let length = hash.length() as u8;
    let identifier = match hash {
        Hash::Sha256 => 1,
        Hash::Sha384 => 2,
        Hash::Sha512 => 3,
    };
    // A zero byte, then DigestInfo: SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING } (§9.2,
    // note 1)
    let head = [
        0,
        0x30,
        17 + length,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        identifier, //
        0x05,
        0x00,
        0x04,
        length,
    ];
    let mut expected = vec![0xff; encoded.len()];
    let padding = encoded.len().wrapping_sub(head.len() + hash.length());
    let Some((start, end)) = expected.split_at_mut_checked(padding) else { return false };
    // 0x00, 0x01 and eight bytes of padding at least
    let Some(([first, second], [_, _, _, _, _, _, _, _, ..])) = start.split_first_chunk_mut() else { return false };
    (*first, *second) = (0, 1);
    end[..head.len()].copy_from_slice(&head);
    end[head.len()..].copy_from_slice(&hash.digest(&[message]));
    *encoded == *expected
}

/// Whether `encoded` is an EMSA-PSS encoding of the message (§9.1.2) for a modulus of `bits` bits, with MGF1 of the
/// same hash and a salt of its length. `encoded` is as long as the modulus.
pub(super) fn is_pss(encoded: &[u8], bits: usize, hash: Hash, message: &[u8]) -> bool {
    let length = hash.length();
    // §8.1.2 (2c): the encoding has modBits − 1 bits, so it can be an byte shorter than the modulus.
    let encoded_bits = bits - 1;
    let Some(excess) = encoded.len().checked_sub(encoded_bits.div_ceil(8)) else { return false };
    let (excess, encoded) = encoded.split_at(excess);
    if excess.iter().any(|&byte| byte != 0) {
        return false;
    }
    // Steps 3 to 5: maskedDB, H and 0xbc.
    let [rest @ .., 0xbc] = encoded else { return false };
    let Some((masked, h)) = rest.split_at_checked(rest.len().wrapping_sub(length)) else { return false };
    let Some(zeros) = masked.len().checked_sub(length + 1) else { return false };
    // Step 6: the bits of the first byte that are too many are zero.
    let first_mask = 0xff >> (8 * encoded.len() - encoded_bits);
    let mut block = masked.to_vec();
    if block[0] & !first_mask != 0 {
        return false;
    }
    // Steps 7 to 9: DB.
    mask(&mut block, hash, h);
    block[0] &= first_mask;
    // Steps 10 and 11: zeros, 0x01, salt.
    let (padding, salt) = block.split_at(zeros + 1);
    let is_padded = padding[..zeros].iter().all(|&byte| byte == 0) && padding[zeros] == 1;
    // Steps 12 to 14.
    is_padded && *hash.digest(&[&[0; 8], &hash.digest(&[message]), salt]) == *h
}

/// Puts on or takes off the mask of MGF1 (§B.2.1).
#[inline(never)]
fn mask(block: &mut [u8], hash: Hash, seed: &[u8]) {
    for (counter, bytes) in (0_u32..).zip(block.chunks_mut(hash.length())) {
        let mask = hash.digest(&[seed, &counter.to_be_bytes()]);
        bytes.iter_mut().zip(&*mask).for_each(|(byte, mask)| *byte ^= mask);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn pkcs1(length: usize, head: &[u8], hash: Hash, message: &[u8]) -> Vec<u8> {
        let digest = hash.digest(&[message]);
        let padding = alloc::vec![0xff; length - 3 - head.len() - digest.len()];
        [&[0, 1], &*padding, &[0], head, &digest].concat()
    }

    #[test]
    fn only_the_one_encoding_with_null_is_taken() {
        // RFC 8017 §9.2, note 1
        let head = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
        let right = pkcs1(256, &head, Hash::Sha256, b"message");
        assert!(is_pkcs1_v1_5(&right, Hash::Sha256, b"message"));
        assert!(!is_pkcs1_v1_5(&right, Hash::Sha512, b"message"));
        for at in 0..right.len() {
            let mut wrong = right.clone();
            wrong[at] ^= 1;
            assert!(!is_pkcs1_v1_5(&wrong, Hash::Sha256, b"message"));
        }
        // §8.2.2, note: no NULL.
        let head = [0x30, 0x2f, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 4, 0x20];
        assert!(!is_pkcs1_v1_5(&pkcs1(256, &head, Hash::Sha256, b"message"), Hash::Sha256, b"message"));
        assert!(!is_pkcs1_v1_5(&[], Hash::Sha256, b"message"));
        assert!(!is_pkcs1_v1_5(&[0; 40], Hash::Sha256, b"message"));
    }

    /// §9.1.1
    fn pss(bits: usize, hash: Hash, message: &[u8], salt: &[u8]) -> Vec<u8> {
        let length = (bits - 1).div_ceil(8);
        let h = hash.digest(&[&[0; 8], &hash.digest(&[message]), salt]);
        let mut block = alloc::vec![0; length - h.len() - salt.len() - 2];
        block.push(1);
        block.extend(salt);
        mask(&mut block, hash, &h);
        block[0] &= 0xff >> (8 * length - (bits - 1));
        let excess = alloc::vec![0; bits.div_ceil(8) - length];
        [&*excess, &*block, &*h, &[0xbc]].concat()
    }

    #[test]
    fn every_bit_of_pss_counts_at_every_length() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            for bits in 2048..=2057 {
                let right = pss(bits, hash, b"message", &alloc::vec![7; hash.length()]);
                assert_eq!(right.len(), bits.div_ceil(8));
                assert!(is_pss(&right, bits, hash, b"message"));
                assert!(!is_pss(&right, bits, hash, b"other"));
                for bit in 0..8 * right.len() {
                    let mut wrong = right.clone();
                    wrong[bit / 8] ^= 1 << (bit % 8);
                    assert!(!is_pss(&wrong, bits, hash, b"message"), "{bits} {bit}");
                }
                for salt in [0, hash.length() - 1, hash.length() + 1] {
                    assert!(!is_pss(&pss(bits, hash, b"message", &alloc::vec![7; salt]), bits, hash, b"message"));
                }
            }
        }
    }

    #[test]
    fn short_input_is_refused() {
        for length in 0..140 {
            assert!(!is_pss(&alloc::vec![0xbc; length], 8 * length + 1, Hash::Sha512, b"message"));
            assert!(!is_pss(&alloc::vec![0xbc; length], (8 * length).max(1), Hash::Sha512, b"message"));
        }
    }
}
