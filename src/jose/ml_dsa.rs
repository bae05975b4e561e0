//! Whether ML-DSA can be checked here (RFC 9964). Its names are always known, so that a refusal can say what is
//! missing; its code is large and linked only on request.

use crate::error::Error;
use crate::jose::algorithm::{Algorithm, KeyKind};
use crate::jose::verifying_key::VerifyingKey;

/// Whether signatures of an algorithm can be checked: all but ML-DSA always can.
pub(crate) fn is_available(algorithm: Algorithm) -> bool {
    is_linked() || !is_ml_dsa(algorithm.facts().key)
}

pub(crate) fn is_ml_dsa(kind: KeyKind) -> bool {
    matches!(kind, KeyKind::MlDsa44 | KeyKind::MlDsa65 | KeyKind::MlDsa87)
}

/// Whether the code is there.
fn is_linked() -> bool {
    #[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
    return crate::kernels::high::ml_dsa_module::is_linked();
    #[cfg(not(all(feature = "wasm", not(feature = "ml-dsa"))))]
    return cfg!(feature = "ml-dsa");
}

/// The key of a public key's bytes (FIPS 204 §7.2); `None` if the length is wrong.
///
/// # Errors
/// `key_unsuitable` where the code is not linked.
#[cfg(feature = "ml-dsa")]
pub(crate) fn key(kind: KeyKind, public: &[u8]) -> Result<Option<VerifyingKey>, Error> {
    use crate::kernels::high::ml_dsa::{MlDsa44Key, MlDsa65Key, MlDsa87Key};
    Ok(match kind {
        KeyKind::MlDsa44 => MlDsa44Key::from_bytes(public).map(VerifyingKey::MlDsa44),
        KeyKind::MlDsa65 => MlDsa65Key::from_bytes(public).map(VerifyingKey::MlDsa65),
        KeyKind::MlDsa87 => MlDsa87Key::from_bytes(public).map(VerifyingKey::MlDsa87),
        _ => None,
    })
}

#[cfg(all(feature = "wasm", not(feature = "ml-dsa")))]
pub(crate) fn key(kind: KeyKind, public: &[u8]) -> Result<Option<VerifyingKey>, Error> {
    let parameter_set = match kind {
        _ if !is_linked() => return Err(not_linked()),
        KeyKind::MlDsa44 => 44,
        KeyKind::MlDsa65 => 65,
        _ => 87,
    };
    let key = crate::kernels::high::ml_dsa_module::MlDsaKey::from_bytes(parameter_set, public);
    Ok(key.map(VerifyingKey::MlDsa))
}

#[cfg(not(any(feature = "wasm", feature = "ml-dsa")))]
pub(crate) fn key(_: KeyKind, _: &[u8]) -> Result<Option<VerifyingKey>, Error> {
    Err(not_linked())
}

#[cfg(not(feature = "ml-dsa"))]
fn not_linked() -> Error {
    let error = Error::new(crate::error::ErrorCode::KeyUnsuitable).cite("RFC 9964 §3").claim("kty");
    error.found("AKP").expected(crate::error::remedy::ML_DSA)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::jwk::Key;

    #[test]
    fn every_other_algorithm_is_available() {
        for algorithm in Algorithm::all() {
            let ml_dsa = algorithm.name().starts_with("ML-DSA");
            assert_eq!(is_available(algorithm), !ml_dsa || cfg!(feature = "ml-dsa"), "{}", algorithm.name());
        }
    }

    #[test]
    #[cfg(not(feature = "ml-dsa"))]
    fn a_key_says_what_is_missing() {
        let refusal = Key::from_jwk(br#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}"#).unwrap_err();
        assert_eq!(refusal.code().as_str(), "key_unsuitable");
        let message = alloc::string::ToString::to_string(&refusal);
        assert!(
            message.contains("import \"countersign/ml-dsa\" once (JavaScript), or enable the feature ml-dsa (Rust)")
        );
    }

    #[test]
    fn an_unknown_parameter_set_is_no_key() {
        let refusal = Key::from_jwk(br#"{"kty":"AKP","alg":"ML-DSA-45","pub":"AAAA"}"#).unwrap_err();
        assert_eq!((refusal.code().as_str(), refusal.claim_name()), ("key_invalid", Some("alg")));
        if cfg!(feature = "ml-dsa") {
            let refusal = Key::from_jwk(br#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}"#).unwrap_err();
            assert_eq!((refusal.code().as_str(), refusal.claim_name()), ("key_invalid", Some("pub")));
        }
    }
}
