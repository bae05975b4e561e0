//! Fixed keys whose private halves live here, so that a target can sign what it makes up.

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::KeySet;
use ed25519_dalek::Signer as _;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

/// Long enough for every HMAC.
pub const SECRET: [u8; 64] = *b"a secret of sixty-four octets that nobody but these targets know";

pub struct Keys {
    pub ed25519: ed25519_dalek::SigningKey,
    pub p256: p256::ecdsa::SigningKey,
    /// All three as trusted keys without `kid`, so that they fit any.
    pub set: KeySet,
}

pub static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let ed25519 = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let p256 = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
    let secret = json!({ "kty": "oct", "k": encode(&SECRET) });
    let set = json!({ "keys": [secret, ed25519_jwk(&ed25519), p256_jwk(&p256)] });
    let set = KeySet::parse(set.to_string().as_bytes()).unwrap();
    assert_eq!(set.len(), 3);
    Keys { ed25519, p256, set }
});

pub fn encode(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(std::str::from_utf8(text).ok()?).ok()
}

pub fn ed25519_jwk(key: &ed25519_dalek::SigningKey) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.verifying_key().as_bytes()) })
}

pub fn p256_jwk(key: &p256::ecdsa::SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let octets = point.as_bytes();
    json!({ "kty": "EC", "crv": "P-256", "x": encode(&octets[1..33]), "y": encode(&octets[33..]) })
}

/// Signs; an algorithm without a key here gives nothing.
pub fn sign(algorithm: &str, message: &[u8]) -> Option<Vec<u8>> {
    macro_rules! tag {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(&SECRET).unwrap();
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    Some(match algorithm {
        "HS256" => tag!(Sha256),
        "HS384" => tag!(Sha384),
        "HS512" => tag!(Sha512),
        "EdDSA" | "Ed25519" => KEYS.ed25519.sign(message).to_bytes().to_vec(),
        "ES256" => {
            let signature: p256::ecdsa::Signature = KEYS.p256.sign(message);
            signature.to_bytes().to_vec()
        }
        _ => return None,
    })
}

/// A token of these octets, signed as `algorithm` says; with 64 zeros in place of a signature where
/// nothing here can sign.
pub fn token(algorithm: &str, header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", encode(header), encode(payload));
    let signature = sign(algorithm, input.as_bytes()).unwrap_or_else(|| vec![0; 64]);
    format!("{input}.{}", encode(&signature))
}
