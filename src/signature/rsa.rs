//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8, RFC 7518 §3.3 and §3.5).

use rsa::pkcs1v15;
use rsa::pss;
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PublicKey};
use sha2::{Sha256, Sha384, Sha512};

use super::verifying_scheme;
use crate::error::{Error, ErrorCode};

/// RFC 7518 §3.3: a key of 2048 bits or larger MUST be used.
const SMALLEST: usize = 2048;

/// What one check may cost is bounded.
const LARGEST: usize = 8192;

/// The public exponent may have 32 bits; larger ones only make checks expensive.
const LARGEST_EXPONENT_OCTETS: usize = 4;

/// A public key with a modulus of 2048 to 8192 bits and an odd exponent of at least 3.
#[derive(Clone, Debug)]
pub(crate) struct RsaKey(PublicKey);

impl RsaKey {
    /// The key of a modulus and an exponent, both big-endian without leading zeros.
    pub(crate) fn from_parts(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
        let size = || alloc::format!("{bits} bits");
        if bits < SMALLEST {
            return Err(Error::new(ErrorCode::KeyWeak)
                .cite("RFC 7518 §3.3")
                .claim("n")
                .found(size())
                .expected("2048 to 8192 bits"));
        }
        if bits > LARGEST {
            return Err(invalid("n").found(size()).expected("2048 to 8192 bits"));
        }
        if n.last().is_none_or(|last| last % 2 == 0) {
            return Err(Error::new(ErrorCode::KeyWeak).cite("RFC 8017 §3.1").claim("n").found("an even modulus"));
        }
        if e.len() > LARGEST_EXPONENT_OCTETS {
            return Err(invalid("e")
                .found("an exponent of more than 32 bits")
                .expected("an odd exponent from 3 to 2³² − 1"));
        }
        let exponent = e.iter().fold(0_u32, |exponent, &octet| exponent << 8 | u32::from(octet));
        if exponent < 3 || exponent.is_multiple_of(2) {
            let found = alloc::format!("{exponent}");
            return Err(Error::new(ErrorCode::KeyWeak)
                .cite("RFC 8017 §3.1")
                .claim("e")
                .found(found)
                .expected("an odd exponent of at least 3"));
        }
        let n = BoxedUint::from_be_slice_vartime(n);
        PublicKey::new_with_size_limits(n, BoxedUint::from(exponent), SMALLEST..=LARGEST)
            .map(Self)
            .map_err(|_| invalid("n").found("a modulus that RSA cannot work with"))
    }
}

fn invalid(member: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7518 §6.3.1").claim(member)
}

macro_rules! rsa_schemes {
    ($pkcs1:ident, $pkcs1_name:literal, $pss:ident, $pss_name:literal, $hash:ty, $salt:literal) => {
        verifying_scheme!(
            #[doc = concat!("`", $pkcs1_name, "`")]
            $pkcs1,
            $pkcs1_name,
            RsaKey,
            |key, message, signature| {
                signature.len() == key.0.size()
                    && pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| {
                        pkcs1v15::VerifyingKey::<$hash>::new(key.0.clone()).verify(message, &signature).is_ok()
                    })
            }
        );
        verifying_scheme!(
            #[doc = concat!("`", $pss_name, "`: MGF1 with the same hash, a salt of the hash's length (RFC 7518 §3.5)")]
            $pss,
            $pss_name,
            RsaKey,
            |key, message, signature| {
                signature.len() == key.0.size()
                    && pss::Signature::try_from(signature).is_ok_and(|signature| {
                        pss::VerifyingKey::<$hash>::new_with_salt_len(key.0.clone(), $salt)
                            .verify(message, &signature)
                            .is_ok()
                    })
            }
        );
    };
}

rsa_schemes!(Rs256, "RS256", Ps256, "PS256", Sha256, 32);
rsa_schemes!(Rs384, "RS384", Ps384, "PS384", Sha384, 48);
rsa_schemes!(Rs512, "RS512", Ps512, "PS512", Sha512, 64);
