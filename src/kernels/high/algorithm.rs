//! What every scheme's `jwt_compact::Algorithm` is made with.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::num::NonZeroUsize;

use jwt_compact::AlgorithmSignature;

/// The signing key of an algorithm that only verifies: there is none.
#[derive(Clone, Copy, Debug)]
pub enum NoSigningKey {}

/// A signature of a fixed length, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature<const LENGTH: usize>(pub(super) [u8; LENGTH]);

impl<const LENGTH: usize> AlgorithmSignature for Signature<LENGTH> {
    const LENGTH: Option<NonZeroUsize> = NonZeroUsize::new(LENGTH);

    fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(slice.try_into().map_err(anyhow::Error::msg)?))
    }

    fn as_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0)
    }
}

/// A signature as long as the modulus of the RSA key that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaSignature(Vec<u8>);

impl AlgorithmSignature for RsaSignature {
    fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(slice.to_vec()))
    }

    fn as_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0)
    }
}

/// An algorithm that only verifies, with a function of key, message and signature.
///
/// The function stands beside the trait, which hands over to it, because `jwt_compact::Algorithm` wants a signature
/// that owns its bytes: a token's own check would copy those that it has at hand.
macro_rules! verifying_algorithm {
    ($(#[$doc:meta])* $algorithm:ident, $name:literal, $key:ty, $signature:ty, $verify:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $algorithm;

        impl $algorithm {
            /// Whether the signature, as it lies in the token, is the key's for the message.
            #[inline]
            pub(crate) fn verify(key: &$key, message: &[u8], signature: &[u8]) -> bool {
                let verify: fn(&$key, &[u8], &[u8]) -> bool = $verify;
                verify(key, message, signature)
            }
        }

        impl jwt_compact::Algorithm for $algorithm {
            type SigningKey = crate::kernels::high::algorithm::NoSigningKey;
            type VerifyingKey = $key;
            type Signature = $signature;

            fn name(&self) -> alloc::borrow::Cow<'static, str> {
                alloc::borrow::Cow::Borrowed($name)
            }

            fn sign(&self, signing_key: &Self::SigningKey, _message: &[u8]) -> Self::Signature {
                match *signing_key {}
            }

            fn verify_signature(&self, signature: &Self::Signature, key: &Self::VerifyingKey, message: &[u8]) -> bool {
                Self::verify(key, message, &jwt_compact::AlgorithmSignature::as_bytes(signature))
            }
        }
    };
}
pub(super) use verifying_algorithm;
