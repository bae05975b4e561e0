//! `RS256`, `RS384`, `RS512` (RFC 7518 §3.3) and `PS256`, `PS384`, `PS512` (RFC 7518 §3.5).

use alloc::string::String;

use super::{Hash, Key, KeyError, Padding, Table};
use crate::error::{Error, ErrorCode};
use crate::jose::json_text::decimal;
use crate::kernels::hot::{Hot, Precomputed};
use crate::kernels::verifying_scheme;

const SIZES: &str = "2048 to 8192 bits";
const EXPONENTS: &str = "an odd exponent from 3 to 2³² − 1";

/// A key, and what is worth keeping for its next check.
#[derive(Clone, Debug)]
pub(crate) struct RsaKey {
    key: Key,
    table: Hot<Table>,
}

impl Precomputed for Table {
    const OCTETS: usize = Self::BYTES;
    /// A check without it makes one for the occasion.
    const EARNED_BY: u32 = 1;
}

impl RsaKey {
    /// The key of a modulus and an exponent, both big-endian without leading zeros.
    pub(crate) fn from_parts(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        // Zero has one octet in a JWK (RFC 7518 §2) and none here.
        let [n, e] = [n, e].map(|octets| if *octets == [0] { &[] } else { octets });
        let key = Key::from_parts(n, e).map_err(refusal)?;
        Ok(Self { key, table: Hot::new() })
    }

    #[inline(never)]
    fn verifies(&self, padding: Padding, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let table = self.table.table(|| self.key.table());
        self.key.verifies(padding, hash, message, signature, table.as_deref())
    }
}

#[inline(never)]
fn refusal(fault: KeyError) -> Error {
    const RSA: &str = "RFC 8017 §3.1";
    const JWK: &str = "RFC 7518 §6.3.1";
    let bits = |bits: usize| [&decimal(bits as u64), " bits"].concat();
    let (code, spec, member, found, expected) = match fault {
        KeyError::Short(length) => (ErrorCode::KeyWeak, "RFC 7518 §3.3", "n", bits(length), SIZES),
        KeyError::EvenModulus => (ErrorCode::KeyWeak, RSA, "n", String::from("an even modulus"), ""),
        KeyError::WeakExponent(e) => (ErrorCode::KeyWeak, RSA, "e", decimal(e.into()), EXPONENTS),
        KeyError::Long(length) => (ErrorCode::KeyInvalid, JWK, "n", bits(length), SIZES),
        KeyError::LongExponent => {
            (ErrorCode::KeyInvalid, JWK, "e", String::from("an exponent of more than 32 bits"), EXPONENTS)
        }
        KeyError::LeadingZero => (ErrorCode::KeyInvalid, JWK, "n", String::from("a leading zero octet"), ""),
    };
    let error = Error::new(code).cite(spec).claim(member).found(found);
    if expected.is_empty() { error } else { error.expected(expected) }
}

macro_rules! rsa_scheme {
    ($scheme:ident, $name:literal, $padding:expr, $hash:expr) => {
        verifying_scheme!(
            #[doc = concat!("`", $name, "`")]
            $scheme,
            $name,
            RsaKey,
            |key, message, signature| key.verifies($padding, $hash, message, signature)
        );
    };
}

rsa_scheme!(Rs256, "RS256", Padding::Pkcs1, Hash::Sha256);
rsa_scheme!(Rs384, "RS384", Padding::Pkcs1, Hash::Sha384);
rsa_scheme!(Rs512, "RS512", Padding::Pkcs1, Hash::Sha512);
rsa_scheme!(Ps256, "PS256", Padding::Pss, Hash::Sha256);
rsa_scheme!(Ps384, "PS384", Padding::Pss, Hash::Sha384);
rsa_scheme!(Ps512, "PS512", Padding::Pss, Hash::Sha512);
