//! ECDSA (RFC 7518 §3.4, RFC 8812 §3.2): r and s side by side, each the length of the field, both
//! between 1 and n − 1. High s is as valid as low s.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::verifying_scheme;

macro_rules! curve {
    ($key:ident, $curve:ident, $length:literal, $scheme:ident, $name:literal, $hash:ty) => {
        /// A point on the curve, not the point at infinity.
        #[derive(Clone, Debug)]
        pub(crate) struct $key($curve::ecdsa::VerifyingKey);

        impl $key {
            /// The key of two coordinates of full length (RFC 7518 §6.2.1.2). `None` if a length is
            /// wrong or the point is not on the curve (RFC 8725 §3.4).
            pub(crate) fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
                if x.len() != $length || y.len() != $length {
                    return None;
                }
                let mut point = [4_u8; 1 + 2 * $length];
                point[1..=$length].copy_from_slice(x);
                point[$length + 1..].copy_from_slice(y);
                $curve::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().map(Self)
            }
        }

        verifying_scheme!(
            #[doc = concat!("`", $name, "`")]
            $scheme,
            $name,
            $key,
            |key, message, signature| {
                let Ok(signature) = $curve::ecdsa::Signature::from_slice(signature) else { return false };
                let signature = low_s!($curve, signature);
                key.0.verify_prehash(&<$hash>::digest(message), &signature).is_ok()
            }
        );
    };
}

/// The k256 crate checks low s only; JWS has no such rule (RFC 8812 §3.2), so high s is turned first.
macro_rules! low_s {
    (k256, $signature:ident) => {
        $signature.normalize_s()
    };
    ($curve:ident, $signature:ident) => {
        $signature
    };
}

curve!(P256Key, p256, 32, Es256, "ES256", Sha256);
curve!(P384Key, p384, 48, Es384, "ES384", Sha384);
curve!(P521Key, p521, 66, Es512, "ES512", Sha512);
curve!(Secp256k1Key, k256, 32, Es256k, "ES256K", Sha256);
