//! HMAC with SHA-2 (RFC 7518 §3.2). The secret is the one input here that is not public: the
//! comparison runs in constant time.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use subtle::ConstantTimeEq;

use super::verifying_scheme;
use crate::error::{Error, ErrorCode};
use crate::jose::json_text::decimal;
use crate::kernels::low::hash::{Hash, LARGEST_BLOCK, State};

/// A shared secret that is not too short for any algorithm it is used with, and not a public key.
#[derive(Clone)]
pub(crate) struct Secret {
    /// Its length in octets.
    length: usize,
    /// For each hash, in the order of [`Hash`].
    keyed: Box<[Keyed]>,
}

/// The states after the padded key (RFC 2104 §2), which every check begins with.
#[derive(Clone, Copy)]
struct Keyed {
    inner: State,
    outer: State,
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
            let found = [&decimal(octets.len() as u64), " octets"].concat();
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
        let hashes = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
        Ok(Self { length: octets.len(), keyed: hashes.iter().map(|&hash| Keyed::new(hash, &octets)).collect() })
    }

    /// Whether the secret is at least as long as the hash (RFC 7518 §3.2).
    pub(crate) fn is_long_enough(&self, hash: Hash) -> bool {
        self.length >= hash.length()
    }

    /// RFC 7518 §3.2, RFC 2104 §2
    #[inline(never)]
    fn verifies(&self, hash: Hash, message: &[u8], tag: &[u8]) -> bool {
        let Keyed { inner, outer } = self.keyed[hash as usize];
        outer.digest(&[&inner.digest(&[message])]).ct_eq(tag).into()
    }
}

impl Keyed {
    #[inline(never)]
    fn new(hash: Hash, secret: &[u8]) -> Self {
        let mut key = [0; LARGEST_BLOCK];
        let key = &mut key[..hash.block()];
        if secret.len() <= key.len() {
            key[..secret.len()].copy_from_slice(secret);
        } else {
            // RFC 2104 §2: a key longer than a block is hashed first.
            key[..hash.length()].copy_from_slice(&hash.digest(&[secret]));
        }
        let mut keyed = Self { inner: State::new(hash), outer: State::new(hash) };
        for (state, pad) in [(&mut keyed.inner, 0x36), (&mut keyed.outer, 0x36 ^ 0x5c)] {
            key.iter_mut().for_each(|octet| *octet ^= pad);
            state.absorb(key);
        }
        keyed
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
            |secret, message, tag| secret.verifies($hash, message, tag)
        );
    };
}

hmac_scheme!(Hs256, "HS256", Hash::Sha256);
hmac_scheme!(Hs384, "HS384", Hash::Sha384);
hmac_scheme!(Hs512, "HS512", Hash::Sha512);

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Sha256, Sha384, Sha512};

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

    fn reference<M: Mac + KeyInit>(secret: &[u8], message: &[u8]) -> Vec<u8> {
        <M as KeyInit>::new_from_slice(secret).unwrap().chain_update(message).finalize().into_bytes().to_vec()
    }

    #[test]
    fn tags_are_those_of_rustcrypto_at_every_length() {
        let octets: Vec<u8> = (0..300_u32).map(|i| (i * i) as u8).collect();
        for length in 32..octets.len() {
            let secret = Secret::new(octets[..length].to_vec()).unwrap();
            for message in [&octets[..], &octets[..length - 32], b""] {
                for (hash, tag) in [
                    (Hash::Sha256, reference::<Hmac<Sha256>>(&octets[..length], message)),
                    (Hash::Sha384, reference::<Hmac<Sha384>>(&octets[..length], message)),
                    (Hash::Sha512, reference::<Hmac<Sha512>>(&octets[..length], message)),
                ] {
                    assert!(secret.verifies(hash, message, &tag));
                    assert!(!secret.verifies(hash, message, &tag[1..]) && !secret.verifies(hash, message, b""));
                    assert!(!secret.verifies(hash, message, &[&tag[..], &[0]].concat()));
                    for bit in 0..8 * tag.len() {
                        let mut wrong = tag.clone();
                        wrong[bit / 8] ^= 1 << (bit % 8);
                        assert!(!secret.verifies(hash, message, &wrong));
                    }
                }
            }
        }
    }

    /// RFC 4231 §4.2, §4.3 and §4.7
    #[test]
    fn tags_of_rfc4231() {
        let vectors: [(&[u8], &[u8], [&str; 3]); 3] = [
            (
                &[0x0b; 20],
                b"Hi There",
                [
                    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                    "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
                    "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
                ],
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                [
                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                    "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
                    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
                ],
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                [
                    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                    "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
                    "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
                ],
            ),
        ];
        for (secret, message, tags) in vectors {
            for (hash, tag) in [Hash::Sha256, Hash::Sha384, Hash::Sha512].into_iter().zip(tags) {
                // Some are too short for a Secret.
                let Keyed { inner, outer } = Keyed::new(hash, secret);
                let digest = outer.digest(&[&inner.digest(&[message])]);
                assert_eq!(digest.iter().map(|octet| alloc::format!("{octet:02x}")).collect::<String>(), tag);
            }
        }
    }
}
