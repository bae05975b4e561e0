//! `HS256`, `HS384` and `HS512`: HMAC with SHA-2 (RFC 2104, RFC 7518 §3.2). The secret is the one input here that is
//! not public: the comparison runs in constant time.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::algorithm::Signature;
use crate::kernels::low::hash::Hash;

/// Why bytes are no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// It has fewer bytes than the hash (RFC 7518 §3.2).
    Short {
        /// The bytes it has.
        length: usize,
        /// The bytes it needs.
        least: usize,
    },
    /// It is a public key, in the form that is named: everybody could sign (RFC 8725 §2.1).
    PublicKey(&'static str),
}

/// An HMAC algorithm, its key, and how one is made.
macro_rules! hmac_algorithm {
    ($algorithm:ident, $name:literal, $about:literal, $key:ident, $hash:ident, $length:literal) => {
        #[doc = concat!("A shared secret for `", $name, "`: at least ", $length, " bytes, and no public key.")]
        #[derive(Clone)]
        pub struct $key(
            /// The states after the padded key (RFC 2104 §2), which every tag begins with.
            Hmac<$hash>,
        );

        impl $key {
            /// The key of a secret's bytes.
            ///
            /// # Errors
            /// The secret is too short (RFC 7518 §3.2) or is a public key (RFC 8725 §2.1).
            pub fn new(secret: &[u8]) -> Result<Self, SecretError> {
                match public_key_form(secret) {
                    Some(form) => Err(SecretError::PublicKey(form)),
                    None => Self::of_private(secret),
                }
            }

            /// RFC 7518 §3.2: a key of the same size as the hash output or larger MUST be used.
            fn of_private(secret: &[u8]) -> Result<Self, SecretError> {
                let short = SecretError::Short { length: secret.len(), least: $length };
                if secret.len() < $length {
                    return Err(short);
                }
                // HMAC itself takes keys of every length.
                Hmac::new_from_slice(secret).map(Self).map_err(|_| short)
            }
        }

        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($key))
            }
        }

        #[doc = concat!("`", $name, "`: ", $about, ".")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $algorithm;

        impl $algorithm {
            /// Whether the tag, as it lies in the token, is the key's for the message. Beside the trait for the same
            /// reason as in `verifying_algorithm`.
            #[inline(never)]
            pub(crate) fn verify(key: &$key, message: &[u8], tag: &[u8]) -> bool {
                let mut mac = key.0.clone();
                mac.update(message);
                mac.verify_slice(tag).is_ok() // in constant time, and only the whole tag
            }
        }

        impl jwt_compact::Algorithm for $algorithm {
            type SigningKey = $key;
            type VerifyingKey = $key;
            type Signature = Signature<$length>;

            fn name(&self) -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn sign(&self, key: &$key, message: &[u8]) -> Self::Signature {
                Signature(key.0.clone().chain_update(message).finalize().into_bytes().into())
            }

            fn verify_signature(&self, tag: &Self::Signature, key: &$key, message: &[u8]) -> bool {
                Self::verify(key, message, &tag.0)
            }
        }
    };
}

hmac_algorithm!(Hs256, "HS256", "HMAC with SHA-256 (RFC 7518 §3.2)", Hs256Key, Sha256, 32);
hmac_algorithm!(Hs384, "HS384", "HMAC with SHA-384 (RFC 7518 §3.2)", Hs384Key, Sha384, 48);
hmac_algorithm!(Hs512, "HS512", "HMAC with SHA-512 (RFC 7518 §3.2)", Hs512Key, Sha512, 64);

/// A shared secret with its key for each algorithm that it is long enough for.
#[derive(Clone, Debug)]
pub(crate) struct Secret(Box<Keys>);

#[derive(Clone, Debug)]
struct Keys {
    hs256: Hs256Key,
    hs384: Option<Hs384Key>,
    hs512: Option<Hs512Key>,
}

impl Secret {
    pub(crate) fn new(secret: &[u8]) -> Result<Self, SecretError> {
        let hs256 = Hs256Key::of_private(secret)?;
        if let Some(form) = public_key_form(secret) {
            return Err(SecretError::PublicKey(form));
        }
        let (hs384, hs512) = (Hs384Key::of_private(secret).ok(), Hs512Key::of_private(secret).ok());
        Ok(Self(Box::new(Keys { hs256, hs384, hs512 })))
    }

    /// Whether the secret is at least as long as the hash (RFC 7518 §3.2).
    pub(crate) fn is_long_enough(&self, hash: Hash) -> bool {
        match hash {
            Hash::Sha256 => true,
            Hash::Sha384 => self.0.hs384.is_some(),
            Hash::Sha512 => self.0.hs512.is_some(),
        }
    }

    /// Whether the tag is this secret's for the message; never for a hash that is longer than the secret.
    pub(crate) fn verifies(&self, hash: Hash, message: &[u8], tag: &[u8]) -> bool {
        match hash {
            Hash::Sha256 => Hs256::verify(&self.0.hs256, message, tag),
            Hash::Sha384 => self.0.hs384.as_ref().is_some_and(|key| Hs384::verify(key, message, tag)),
            Hash::Sha512 => self.0.hs512.as_ref().is_some_and(|key| Hs512::verify(key, message, tag)),
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { length, least } => write!(f, "the secret has {length} bytes, which is fewer than {least}"),
            Self::PublicKey(form) => write!(f, "the secret is {form}"),
        }
    }
}

impl core::error::Error for SecretError {}

/// The public key form that these bytes look like.
fn public_key_form(bytes: &[u8]) -> Option<&'static str> {
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let text = bytes.trim_ascii_start();
    if has("-----BEGIN ") {
        Some("a PEM text")
    } else if text.starts_with(b"{") && has("\"kty\"") {
        Some("a JWK")
    } else if [&b"ssh-"[..], b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"].iter().any(|prefix| text.starts_with(prefix)) {
        Some("an OpenSSH public key")
    } else if is_der_sequence(bytes) {
        Some("a DER key or certificate")
    } else {
        None
    }
}

/// Whether the bytes are exactly one DER SEQUENCE that begins like a key: with another SEQUENCE
/// (SubjectPublicKeyInfo, certificate) or an INTEGER (PKCS #1, PKCS #8, SEC 1).
fn is_der_sequence(bytes: &[u8]) -> bool {
    let (content, length) = match *bytes {
        [0x30, length @ 0..=0x7f, ref content @ ..] => (content, usize::from(length)),
        [0x30, 0x81, length, ref content @ ..] => (content, usize::from(length)),
        [0x30, 0x82, high, low, ref content @ ..] => (content, usize::from(high) << 8 | usize::from(low)),
        _ => return false,
    };
    content.len() == length && matches!(content.first(), Some(0x30 | 0x02))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use jwt_compact::Algorithm as _;
    use sha2::Digest;

    use super::*;

    const PUBLIC_KEYS: [&[u8]; 3] = [
        b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
        br#" {"crv":"P-256","kty":"EC","x":"AAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ",
    ];

    #[test]
    fn public_keys_are_no_secrets() {
        let mut der = alloc::vec![0x30, 0x59, 0x30, 0x13];
        der.resize(0x5b, 7);
        for key in PUBLIC_KEYS.into_iter().chain([&der[..]]) {
            assert!(matches!(Secret::new(key), Err(SecretError::PublicKey(_))));
            assert!(matches!(Hs256Key::new(key), Err(SecretError::PublicKey(_))));
        }
        assert!(Secret::new(&[0x30; 32]).is_ok());
    }

    #[test]
    fn secrets_are_as_long_as_the_hash() {
        let short = |length, least| Some(SecretError::Short { length, least });
        assert_eq!(Secret::new(&[1; 31]).err(), short(31, 32));
        assert_eq!(Hs256Key::new(&[1; 31]).err(), short(31, 32));
        assert_eq!(Hs384Key::new(&[1; 47]).err(), short(47, 48));
        assert_eq!(Hs512Key::new(&[1; 63]).err(), short(63, 64));
        for (length, fits) in [(32, [true, false, false]), (47, [true, false, false]), (48, [true, true, false])] {
            let secret = Secret::new(&alloc::vec![1; length]).unwrap();
            assert_eq!([Hash::Sha256, Hash::Sha384, Hash::Sha512].map(|hash| secret.is_long_enough(hash)), fits);
        }
        let secret = Secret::new(&[1; 48]).unwrap();
        let tag = reference::<Sha512>(&[1; 48], b"message", 128);
        assert!(!secret.is_long_enough(Hash::Sha512) && !secret.verifies(Hash::Sha512, b"message", &tag));
    }

    /// RFC 2104 §2, as it is written.
    fn reference<D: Digest>(secret: &[u8], message: &[u8], block: usize) -> Vec<u8> {
        let mut key = if secret.len() > block { D::digest(secret).to_vec() } else { secret.to_vec() };
        key.resize(block, 0);
        let padded = |pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
        let inner = D::new().chain_update(padded(0x36)).chain_update(message).finalize();
        D::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
    }

    #[test]
    fn tags_are_those_of_the_definition_at_every_length() {
        let bytes: Vec<u8> = (0..300_u32).map(|i| (i * i) as u8).collect();
        for length in 64..bytes.len() {
            let key = &bytes[..length];
            let secret = Secret::new(key).unwrap();
            for message in [&bytes[..], &bytes[..length - 32], b""] {
                for (hash, tag) in [
                    (Hash::Sha256, reference::<Sha256>(key, message, 64)),
                    (Hash::Sha384, reference::<Sha384>(key, message, 128)),
                    (Hash::Sha512, reference::<Sha512>(key, message, 128)),
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
            // Two are too short for a key here; HMAC itself puts zeros behind those (RFC 2104 §2).
            let mut secret = secret.to_vec();
            secret.resize(secret.len().max(64), 0);
            let hex =
                |tag: &[u8]| tag.iter().map(|byte| alloc::format!("{byte:02x}")).collect::<alloc::string::String>();
            assert_eq!(hex(&Hs256.sign(&Hs256Key::new(&secret).unwrap(), message).0), tags[0]);
            assert_eq!(hex(&Hs384.sign(&Hs384Key::new(&secret).unwrap(), message).0), tags[1]);
            assert_eq!(hex(&Hs512.sign(&Hs512Key::new(&secret).unwrap(), message).0), tags[2]);
        }
    }

    #[test]
    fn keys_are_not_shown() {
        let key = Hs256Key::new(&[7; 32]).unwrap();
        assert_eq!(alloc::format!("{key:?}"), "Hs256Key");
        assert!(!alloc::format!("{:?}", Secret::new(&[7; 32]).unwrap()).contains('7'));
    }
}
