//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8): `RS256`, `RS384`, `RS512` (RFC 7518 §3.3) and `PS256`, `PS384`,
//! `PS512` (RFC 7518 §3.5).

use alloc::boxed::Box;
use core::fmt;

use super::algorithm::{RsaSignature, verifying_algorithm};
use super::rsa_encoding;
use super::table_cache::{Precomputed, TableCache};
use crate::kernels::low::hash::Hash;
use crate::kernels::low::rsa::digits::bits_of;
use crate::kernels::low::rsa::limbs::LARGEST;
use crate::kernels::mid::rsa::table::Table;

/// An RSA public key with a modulus of 2048 to 8192 bits and an odd exponent of 3 to 2³² − 1, and what is worth keeping
/// for its next check.
#[derive(Clone, Debug)]
pub struct RsaKey {
    key: Key,
    table: TableCache<Table>,
}

macro_rules! rsa_algorithm {
    ($algorithm:ident, $name:literal, $about:literal, $padding:expr, $hash:expr) => {
        verifying_algorithm!(
            #[doc = concat!("`", $name, "`: ", $about, ".")]
            $algorithm,
            $name,
            RsaKey,
            RsaSignature,
            |key, message, signature| key.verifies($padding, $hash, message, signature)
        );
    };
}

rsa_algorithm!(Rs256, "RS256", "RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3)", Padding::Pkcs1, Hash::Sha256);
rsa_algorithm!(Rs384, "RS384", "RSASSA-PKCS1-v1_5 with SHA-384 (RFC 7518 §3.3)", Padding::Pkcs1, Hash::Sha384);
rsa_algorithm!(Rs512, "RS512", "RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518 §3.3)", Padding::Pkcs1, Hash::Sha512);
rsa_algorithm!(Ps256, "PS256", "RSASSA-PSS with SHA-256 (RFC 7518 §3.5)", Padding::Pss, Hash::Sha256);
rsa_algorithm!(Ps384, "PS384", "RSASSA-PSS with SHA-384 (RFC 7518 §3.5)", Padding::Pss, Hash::Sha384);
rsa_algorithm!(Ps512, "PS512", "RSASSA-PSS with SHA-512 (RFC 7518 §3.5)", Padding::Pss, Hash::Sha512);

impl Precomputed for Table {
    const BYTES: usize = Self::BYTES;
    /// A check without it makes one for the occasion.
    const BUILD_AFTER: u32 = 1;
}

impl RsaKey {
    /// The key of a modulus and an exponent, both big-endian without leading zeros; 0 may be one byte.
    ///
    /// # Errors
    /// What is wrong with the numbers, or too weak.
    pub fn from_parts(n: &[u8], e: &[u8]) -> Result<Self, RsaKeyError> {
        // Zero has one byte in a JWK (RFC 7518 §2) and none here.
        let [n, e] = [n, e].map(|bytes| if *bytes == [0] { &[] } else { bytes });
        Ok(Self { key: Key::from_parts(n, e)?, table: TableCache::new() })
    }

    #[inline(never)]
    fn verifies(&self, padding: Padding, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let table = self.table.table(|| self.key.table());
        self.key.verifies(padding, hash, message, signature, table.as_deref())
    }
}

/// RFC 7518 §3.3: a key of 2048 bits or larger MUST be used.
const SMALLEST: usize = 2048;

/// The public exponent may have 32 bits; larger ones only make checks expensive.
const MAX_EXPONENT_BYTES: usize = 4;

/// How a message is encoded before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Padding {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS: MGF1 with the same hash, a salt of the hash's length.
    Pss,
}

/// Why two numbers are no RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RsaKeyError {
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
    /// A number begins with a zero byte.
    LeadingZero,
}

impl fmt::Display for RsaKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(bits) => write!(f, "the modulus has {bits} bits, which is fewer than {SMALLEST}"),
            Self::Long(bits) => write!(f, "the modulus has {bits} bits, which is more than {LARGEST}"),
            Self::EvenModulus => f.write_str("the modulus is even"),
            Self::LongExponent => f.write_str("the exponent has more than 32 bits"),
            Self::WeakExponent(e) => write!(f, "the exponent {e} is even or below 3"),
            Self::LeadingZero => f.write_str("a number begins with a zero byte"),
        }
    }
}

impl core::error::Error for RsaKeyError {}

/// The numbers of a key.
#[derive(Clone, Debug)]
struct Key {
    /// Big-endian; the first byte is not zero.
    n: Box<[u8]>,
    e: u32,
}

impl Key {
    /// The key of a modulus and an exponent, both big-endian without leading zeros.
    fn from_parts(n: &[u8], e: &[u8]) -> Result<Self, RsaKeyError> {
        if n.first() == Some(&0) || e.first() == Some(&0) {
            return Err(RsaKeyError::LeadingZero);
        }
        let bits = bits_of(n);
        if bits < SMALLEST {
            return Err(RsaKeyError::Short(bits));
        }
        if bits > LARGEST {
            return Err(RsaKeyError::Long(bits));
        }
        if n.last().is_none_or(|last| last % 2 == 0) {
            return Err(RsaKeyError::EvenModulus);
        }
        if e.len() > MAX_EXPONENT_BYTES {
            return Err(RsaKeyError::LongExponent);
        }
        let e = e.iter().fold(0_u32, |e, &byte| e << 8 | u32::from(byte));
        if e < 3 || e.is_multiple_of(2) {
            return Err(RsaKeyError::WeakExponent(e));
        }
        Ok(Self { n: n.into(), e })
    }

    /// What is worth keeping for the next check with this key.
    fn table(&self) -> Table {
        Table::new(&self.n)
    }

    /// Whether `signature` is this key's for `message` (§8.1.2, §8.2.2). Without a table, which must be this key's,
    /// one is made for the occasion.
    fn verifies(&self, padding: Padding, hash: Hash, message: &[u8], signature: &[u8], table: Option<&Table>) -> bool {
        // Step 1; and §5.2.2 step 1, as bytes of one length compare like the numbers.
        if signature.len() != self.n.len() || signature >= &*self.n {
            return false;
        }
        let encoded = match table {
            Some(table) => table.power(signature, self.e),
            None => self.table().power(signature, self.e),
        };
        match padding {
            Padding::Pkcs1 => rsa_encoding::is_pkcs1_v1_5(&encoded, hash, message),
            Padding::Pss => rsa_encoding::is_pss(&encoded, bits_of(&self.n), hash, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn error(n: &[u8], e: &[u8]) -> Option<RsaKeyError> {
        Key::from_parts(n, e).err()
    }

    #[test]
    fn weak_and_malformed_keys_are_refused() {
        let n = vec![0xff; 256];
        assert_eq!(error(&n, &[1, 0, 1]), None);
        assert_eq!(error(&n, &[3]), None);
        assert_eq!(error(&n, &[0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(error(&vec![0xff; 1024], &[3]), None);
        assert_eq!(error(&[vec![0x7f], vec![0xff; 255]].concat(), &[3]), Some(RsaKeyError::Short(2047)));
        assert_eq!(error(&[vec![1], vec![0xff; 1024]].concat(), &[3]), Some(RsaKeyError::Long(8193)));
        assert_eq!(error(&[vec![0xff; 255], vec![0xfe]].concat(), &[3]), Some(RsaKeyError::EvenModulus));
        assert_eq!(error(&[vec![0], n.clone()].concat(), &[3]), Some(RsaKeyError::LeadingZero));
        assert_eq!(error(&n, &[0, 3]), Some(RsaKeyError::LeadingZero));
        assert_eq!(error(&n, &[1, 0, 0, 0, 1]), Some(RsaKeyError::LongExponent));
        assert_eq!(error(&n, &[]), Some(RsaKeyError::WeakExponent(0)));
        assert_eq!(error(&n, &[1]), Some(RsaKeyError::WeakExponent(1)));
        assert_eq!(error(&n, &[1, 0, 0]), Some(RsaKeyError::WeakExponent(65536)));
        assert_eq!(error(&[], &[]), Some(RsaKeyError::Short(0)));
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
