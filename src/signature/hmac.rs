//! HMAC with SHA-2 (RFC 7518 §3.2). The secret is the one input here that is not public: the
//! comparison runs in constant time.

use alloc::vec::Vec;
use core::fmt;

use subtle::ConstantTimeEq;

use super::verifying_scheme;
use crate::error::{Error, ErrorCode};
use crate::hash::{Digest, Hash};

/// What the key is padded with (RFC 2104 §2).
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

/// The block length of SHA-384 and SHA-512.
const LONGEST_BLOCK: usize = 128;

/// A shared secret that is not too short for any algorithm it is used with, and not a public key.
#[derive(Clone)]
pub(crate) struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    pub(crate) fn new(octets: Vec<u8>) -> Result<Self, Error> {
        if octets.len() < Hash::Sha256.length() {
            // RFC 7518 §3.2: a key of the hash's size or larger MUST be used.
            let found = alloc::format!("{} octets", octets.len());
            return Err(Error::new(ErrorCode::KeyWeak)
                .cite("RFC 7518 §3.2")
                .claim("k")
                .found(found)
                .expected("at least 32 octets"));
        }
        if let Some(form) = public_key_form(&octets) {
            // A public key taken for a secret lets everybody sign (RFC 8725 §2.1).
            return Err(Error::new(ErrorCode::KeyInvalid)
                .cite("RFC 8725 §2.1")
                .claim("k")
                .found(form)
                .expected("a random secret"));
        }
        Ok(Self(octets))
    }

    /// Whether the secret is at least as long as the hash (RFC 7518 §3.2).
    pub(crate) fn is_long_enough(&self, hash: Hash) -> bool {
        self.0.len() >= hash.length()
    }

    /// HMAC of the message (RFC 2104 §2).
    fn tag(&self, hash: Hash, message: &[u8]) -> Digest {
        let mut key = [0; LONGEST_BLOCK];
        let key = &mut key[..hash.block_length()];
        if self.0.len() > key.len() {
            key[..hash.length()].copy_from_slice(&hash.digest(&[&self.0]));
        } else {
            key[..self.0.len()].copy_from_slice(&self.0);
        }
        key.iter_mut().for_each(|octet| *octet ^= INNER);
        let inner = hash.digest(&[key, message]);
        key.iter_mut().for_each(|octet| *octet ^= INNER ^ OUTER);
        hash.digest(&[key, &inner])
    }
}

/// The public key form that these octets look like.
fn public_key_form(octets: &[u8]) -> Option<&'static str> {
    let has = |text: &str| octets.windows(text.len()).any(|window| window == text.as_bytes());
    let text = octets.trim_ascii_start();
    if has("-----BEGIN ") {
        Some("a PEM text")
    } else if text.starts_with(b"{") && has("\"kty\"") {
        Some("a JWK")
    } else if [&b"ssh-"[..], b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"].iter().any(|prefix| text.starts_with(prefix)) {
        Some("an OpenSSH public key")
    } else if is_der_sequence(octets) {
        Some("a DER key or certificate")
    } else {
        None
    }
}

/// Whether the octets are exactly one DER SEQUENCE that begins like a key: with another SEQUENCE
/// (SubjectPublicKeyInfo, certificate) or an INTEGER (PKCS #1, PKCS #8, SEC 1).
fn is_der_sequence(octets: &[u8]) -> bool {
    let (content, length) = match *octets {
        [0x30, length @ 0..=0x7f, ref content @ ..] => (content, usize::from(length)),
        [0x30, 0x81, length, ref content @ ..] => (content, usize::from(length)),
        [0x30, 0x82, high, low, ref content @ ..] => (content, usize::from(high) << 8 | usize::from(low)),
        _ => return false,
    };
    content.len() == length && matches!(content.first(), Some(0x30 | 0x02))
}

macro_rules! hmac_scheme {
    ($scheme:ident, $name:literal, $hash:expr) => {
        verifying_scheme!(
            #[doc = concat!("`", $name, "`")]
            $scheme,
            $name,
            Secret,
            |secret, message, tag| secret.tag($hash, message).ct_eq(tag).into()
        );
    };
}

hmac_scheme!(Hs256, "HS256", Hash::Sha256);
hmac_scheme!(Hs384, "HS384", Hash::Sha384);
hmac_scheme!(Hs512, "HS512", Hash::Sha512);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_keys_are_no_secrets() {
        let pem = b"\n -----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE".to_vec();
        let jwk = br#" {"crv":"P-256","kty":"EC","x":"AAAAAAAAAAAAAAAAAAAAAAAA"}"#.to_vec();
        let ssh = b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ".to_vec();
        let mut der = alloc::vec![0x30, 0x59, 0x30, 0x13];
        der.resize(0x5b, 7);
        for key in [pem, jwk, ssh, der] {
            assert_eq!(Secret::new(key).err().map(|error| error.code()), Some(ErrorCode::KeyInvalid));
        }
        assert!(Secret::new(alloc::vec![0x30; 32]).is_ok());
        assert_eq!(Secret::new(alloc::vec![1; 31]).err().map(|error| error.code()), Some(ErrorCode::KeyWeak));
    }
}
