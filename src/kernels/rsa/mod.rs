//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8, RFC 7518 §3.3 and §3.5).
//!
//! ```text
//! mod.rs            keys and verdicts
//! encoding.rs       the two encodings of a message
//! table.rs          powers modulo a key's n, in one of the arithmetics
//! montgomery.rs     the algorithm, over limbs of any kind:
//! portable.rs         27 bits in integers, for every target
//! doubles.rs          24 bits in doubles, for WebAssembly with SIMD
//! fused.rs            52 bits in doubles, for WebAssembly with relaxed SIMD: a module of its own, behind
//! fused_module.rs       its functions
//! lanes.rs          two doubles side by side
//! ```

#[cfg(any(test, target_feature = "simd128"))]
mod doubles;
mod encoding;
#[cfg(test)]
mod fused;
#[cfg(any(test, all(target_family = "wasm", target_feature = "simd128", feature = "wasm")))]
mod fused_module;
#[cfg(any(test, target_feature = "simd128"))]
mod lanes;
mod montgomery;
#[cfg(any(test, not(target_feature = "simd128")))]
mod portable;
pub(super) mod scheme;
mod table;

use alloc::boxed::Box;

use montgomery::LARGEST;

use crate::kernels::low::hash::Hash;
use table::Table;

/// RFC 7518 §3.3: a key of 2048 bits or larger MUST be used.
const SMALLEST: usize = 2048;

/// The public exponent may have 32 bits; larger ones only make checks expensive.
const LARGEST_EXPONENT_OCTETS: usize = 4;

/// How a message is encoded before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS: MGF1 with the same hash, a salt of the hash's length.
    Pss,
}

/// Why two numbers are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The modulus has fewer than 2048 bits: this many.
    Short(usize),
    /// The modulus has more than 8192 bits: this many.
    Long(usize),
    /// The modulus is even.
    EvenModulus,
    /// The exponent has more than 32 bits.
    LongExponent,
    /// The exponent is even, or below 3.
    WeakExponent(u32),
    /// A number begins with a zero octet.
    LeadingZero,
}

/// A public key with a modulus of 2048 to 8192 bits and an odd exponent of 3 to 2³² − 1.
#[derive(Clone, Debug)]
pub struct Key {
    /// Big-endian; the first octet is not zero.
    n: Box<[u8]>,
    e: u32,
}

impl Key {
    /// The key of a modulus and an exponent, both big-endian without leading zeros.
    pub fn from_parts(n: &[u8], e: &[u8]) -> Result<Self, KeyError> {
        if n.first() == Some(&0) || e.first() == Some(&0) {
            return Err(KeyError::LeadingZero);
        }
        let bits = table::bits_of(n);
        if bits < SMALLEST {
            return Err(KeyError::Short(bits));
        }
        if bits > LARGEST {
            return Err(KeyError::Long(bits));
        }
        if n.last().is_none_or(|last| last % 2 == 0) {
            return Err(KeyError::EvenModulus);
        }
        if e.len() > LARGEST_EXPONENT_OCTETS {
            return Err(KeyError::LongExponent);
        }
        let e = e.iter().fold(0_u32, |e, &octet| e << 8 | u32::from(octet));
        if e < 3 || e.is_multiple_of(2) {
            return Err(KeyError::WeakExponent(e));
        }
        Ok(Self { n: n.into(), e })
    }

    /// What is worth keeping for the next check with this key.
    pub fn table(&self) -> Table {
        Table::new(&self.n)
    }

    /// Whether `signature` is this key's for `message` (§8.1.2, §8.2.2). Without a table, which must be this key's,
    /// one is made for the occasion.
    pub fn verifies(
        &self,
        padding: Padding,
        hash: Hash,
        message: &[u8],
        signature: &[u8],
        table: Option<&Table>,
    ) -> bool {
        // Step 1; and §5.2.2 step 1, as octets of one length compare like the numbers.
        if signature.len() != self.n.len() || signature >= &*self.n {
            return false;
        }
        let encoded = match table {
            Some(table) => table.power(signature, self.e),
            None => self.table().power(signature, self.e),
        };
        match padding {
            Padding::Pkcs1 => encoding::is_pkcs1_v1_5(&encoded, hash, message),
            Padding::Pss => encoding::is_pss(&encoded, table::bits_of(&self.n), hash, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn error(n: &[u8], e: &[u8]) -> Option<KeyError> {
        Key::from_parts(n, e).err()
    }

    #[test]
    fn weak_and_malformed_keys_are_refused() {
        let n = vec![0xff; 256];
        assert_eq!(error(&n, &[1, 0, 1]), None);
        assert_eq!(error(&n, &[3]), None);
        assert_eq!(error(&n, &[0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(error(&vec![0xff; 1024], &[3]), None);
        assert_eq!(error(&[vec![0x7f], vec![0xff; 255]].concat(), &[3]), Some(KeyError::Short(2047)));
        assert_eq!(error(&[vec![1], vec![0xff; 1024]].concat(), &[3]), Some(KeyError::Long(8193)));
        assert_eq!(error(&[vec![0xff; 255], vec![0xfe]].concat(), &[3]), Some(KeyError::EvenModulus));
        assert_eq!(error(&[vec![0], n.clone()].concat(), &[3]), Some(KeyError::LeadingZero));
        assert_eq!(error(&n, &[0, 3]), Some(KeyError::LeadingZero));
        assert_eq!(error(&n, &[1, 0, 0, 0, 1]), Some(KeyError::LongExponent));
        assert_eq!(error(&n, &[]), Some(KeyError::WeakExponent(0)));
        assert_eq!(error(&n, &[1]), Some(KeyError::WeakExponent(1)));
        assert_eq!(error(&n, &[1, 0, 0]), Some(KeyError::WeakExponent(65536)));
        assert_eq!(error(&[], &[]), Some(KeyError::Short(0)));
    }

    #[test]
    fn signatures_that_are_no_number_below_n_are_refused() {
        let n = vec![0xff; 256];
        let key = Key::from_parts(&n, &[3]).unwrap();
        let too_long = [vec![0], vec![1; 256]].concat();
        for signature in [&[][..], &[1], &[1; 255], &[1; 257], &too_long, &n] {
            for padding in [Padding::Pkcs1, Padding::Pss] {
                assert!(!key.verifies(padding, Hash::Sha256, b"", signature, None));
            }
        }
    }
}
