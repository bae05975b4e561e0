//! HMAC with SHA-2 (RFC 7518 §3.2). The secret is the one input here that is not public: the
//! comparison runs in constant time.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::verifying_scheme;
use crate::error::{Error, ErrorCode};
use crate::hash::Hash;

/// A shared secret that is not too short for any algorithm it is used with, and not a public key.
#[derive(Clone)]
pub(crate) struct Secret {
    /// Its length in octets.
    length: usize,
    states: Box<States>,
}

/// The states after the padded key (RFC 2104 §2), which every check begins with.
#[derive(Clone)]
struct States {
    hs256: Hmac<Sha256>,
    hs384: Hmac<Sha384>,
    hs512: Hmac<Sha512>,
}

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
        let states = States { hs256: padded(&octets)?, hs384: padded(&octets)?, hs512: padded(&octets)? };
        Ok(Self { length: octets.len(), states: Box::new(states) })
    }

    /// Whether the secret is at least as long as the hash (RFC 7518 §3.2).
    pub(crate) fn is_long_enough(&self, hash: Hash) -> bool {
        self.length >= hash.length()
    }
}

/// The state after the padded key, of any length.
fn padded<M: KeyInit>(octets: &[u8]) -> Result<M, Error> {
    M::new_from_slice(octets).map_err(|_| Error::new(ErrorCode::KeyInvalid).claim("k"))
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
    ($scheme:ident, $name:literal, $state:ident) => {
        verifying_scheme!(
            #[doc = concat!("`", $name, "`")]
            $scheme,
            $name,
            Secret,
            |secret, message, tag| secret.states.$state.clone().chain_update(message).verify_slice(tag).is_ok()
        );
    };
}

hmac_scheme!(Hs256, "HS256", hs256);
hmac_scheme!(Hs384, "HS384", hs384);
hmac_scheme!(Hs512, "HS512", hs512);

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
