//! ML-DSA (FIPS 204, RFC 9964 §4): the pure variant with an empty context.

use alloc::boxed::Box;
use core::fmt;

use ml_dsa::{EncodedVerifyingKey, Signature, VerifyingKey};

use super::algorithm::{Signature as FixedSignature, verifying_algorithm};

macro_rules! parameter_set {
    ($key:ident, $algorithm:ident, $parameters:ident, $name:literal, $signature:literal) => {
        #[doc = concat!("A public key of `", $name, "`.")]
        #[derive(Clone)]
        pub struct $key(Box<VerifyingKey<ml_dsa::$parameters>>);

        impl $key {
            /// The key of its encoding (FIPS 204 §7.2). `None` if the length is wrong.
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                let encoded = EncodedVerifyingKey::<ml_dsa::$parameters>::try_from(bytes).ok()?;
                Some(Self(Box::new(VerifyingKey::decode(&encoded))))
            }
        }

        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($key))
            }
        }

        verifying_algorithm!(
            #[doc = concat!("`", $name, "` (FIPS 204, RFC 9964 §4).")]
            $algorithm,
            $name,
            $key,
            FixedSignature<$signature>,
            |key, message, signature| {
                // RFC 9964 §4: the context is the empty string.
                Signature::try_from(signature)
                    .is_ok_and(|signature| key.0.verify_with_context(message, &[], &signature))
            }
        );
    };
}

parameter_set!(MlDsa44Key, MlDsa44, MlDsa44, "ML-DSA-44", 2420);
parameter_set!(MlDsa65Key, MlDsa65, MlDsa65, "ML-DSA-65", 3309);
parameter_set!(MlDsa87Key, MlDsa87, MlDsa87, "ML-DSA-87", 4627);
