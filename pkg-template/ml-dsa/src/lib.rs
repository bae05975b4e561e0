//! `ml-dsa.wasm`: ML-DSA (FIPS 204, RFC 9964 §4) for the WebAssembly build, in a module that only its users download.
//!
//! It imports nothing and has a memory of its own. JavaScript lays key, message and signature one behind the other into
//! its buffer (pkg-template/src/core/ml-dsa.ts). What it returns is trusted like the core itself.
#![cfg(target_family = "wasm")]
// Exports carry their plain names.
#![allow(unsafe_code)]

use std::cell::RefCell;

use ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, Signature, VerifyingKey};

/// Keys that have been decoded: to expand one takes longer than to check a signature with it.
const MAX_KEYS: usize = 16;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static KEYS: RefCell<Vec<(Vec<u8>, Key)>> = const { RefCell::new(Vec::new()) };
}

enum Key {
    MlDsa44(Box<VerifyingKey<MlDsa44>>),
    MlDsa65(Box<VerifyingKey<MlDsa65>>),
    MlDsa87(Box<VerifyingKey<MlDsa87>>),
}

/// The address of a buffer of `length` bytes, good for the next call.
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> usize {
    BUFFER.with_borrow_mut(|buffer| {
        *buffer = vec![0; length];
        buffer.as_ptr() as usize
    })
}

/// Whether the buffer begins with a public key of the parameter set 44, 65 or 87 (FIPS 204 §7.2).
#[unsafe(no_mangle)]
pub extern "C" fn is_key(parameter_set: u32, key: usize) -> bool {
    BUFFER.with_borrow(|buffer| buffer.get(..key).is_some_and(|key| Key::decode(parameter_set, key).is_some()))
}

/// Whether the signature that ends the buffer is the key's for the message between them.
#[unsafe(no_mangle)]
pub extern "C" fn verify(parameter_set: u32, key: usize, message: usize) -> bool {
    BUFFER.with_borrow(|buffer| {
        let Some((key, rest)) = buffer.split_at_checked(key) else { return false };
        let Some((message, signature)) = rest.split_at_checked(message) else { return false };
        KEYS.with_borrow_mut(|keys| {
            let at = match keys.iter().position(|(encoded, _)| encoded == key) {
                Some(at) => at,
                None => {
                    let Some(decoded) = Key::decode(parameter_set, key) else { return false };
                    keys.truncate(MAX_KEYS - 1);
                    keys.insert(0, (key.to_vec(), decoded));
                    0
                }
            };
            keys[..=at].rotate_right(1);
            keys[0].1.verify(message, signature)
        })
    })
}

impl Key {
    fn decode(parameter_set: u32, key: &[u8]) -> Option<Self> {
        match parameter_set {
            44 => Some(Self::MlDsa44(Box::new(VerifyingKey::decode(
                &EncodedVerifyingKey::<MlDsa44>::try_from(key).ok()?,
            )))),
            65 => Some(Self::MlDsa65(Box::new(VerifyingKey::decode(
                &EncodedVerifyingKey::<MlDsa65>::try_from(key).ok()?,
            )))),
            87 => Some(Self::MlDsa87(Box::new(VerifyingKey::decode(
                &EncodedVerifyingKey::<MlDsa87>::try_from(key).ok()?,
            )))),
            _ => None,
        }
    }

    /// RFC 9964 §4: the pure variant, and the context is the empty string.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        macro_rules! holds {
            ($key:expr) => {
                Signature::try_from(signature).is_ok_and(|signature| $key.verify_with_context(message, &[], &signature))
            };
        }
        match self {
            Self::MlDsa44(key) => holds!(key),
            Self::MlDsa65(key) => holds!(key),
            Self::MlDsa87(key) => holds!(key),
        }
    }
}
