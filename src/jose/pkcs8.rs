//! Private keys in DER (PKCS #8, RFC 5208 §5, RFC 5958 §2): of what kind one is. The key itself is not looked at.

use crate::jose::algorithm::KeyKind;
use crate::jose::der::Element;
use crate::jose::spki::{CURVES, EC, ED25519, RSA, RSA_PSS};

/// The kind of a private key, or what it is instead.
pub(crate) fn key_kind(document: &[u8]) -> Result<KeyKind, &'static str> {
    let (algorithm, parameters) = identifier(document).ok_or("no PKCS #8")?;
    match algorithm {
        RSA => Ok(KeyKind::Rsa),
        ED25519 => Ok(KeyKind::Ed25519),
        EC => {
            let curve = parameters.and_then(Element::object_identifier);
            CURVES.iter().find(|(name, _)| Some(*name) == curve).map(|(_, kind)| *kind).ok_or("a key on another curve")
        }
        // Which WebCrypto imports nowhere: the key of an RSA-PSS signature is rsaEncryption there.
        RSA_PSS => Err("a key of RSASSA-PSS"),
        _ => Err("a key of another algorithm"),
    }
}

/// PrivateKeyInfo: a version, an AlgorithmIdentifier, the key; perhaps attributes and the public key.
fn identifier(document: &[u8]) -> Option<(&[u8], Option<Element<'_>>)> {
    let members = Element::parse(document)?.members()?;
    let [version, algorithm, _key, ..] = members.as_slice() else { return None };
    version.unsigned()?;
    let algorithm = algorithm.members()?;
    Some((algorithm.first()?.object_identifier()?, algorithm.get(1).copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};

    #[test]
    fn kinds() {
        // RFC 8410 §10.3; the others by openssl genpkey, cut behind the AlgorithmIdentifier and an empty key.
        let ed25519 = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
        let bytes = |text| Base64::decode_vec(text).unwrap();
        assert_eq!(key_kind(&bytes(ed25519)), Ok(KeyKind::Ed25519));
        for (document, expected) in [
            ("MBoCAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEAA==", Ok(KeyKind::P256)),
            ("MBcCAQAwEAYHKoZIzj0CAQYFK4EEACIEAA==", Ok(KeyKind::P384)),
            ("MBcCAQAwEAYHKoZIzj0CAQYFK4EEACMEAA==", Ok(KeyKind::P521)),
            ("MBQCAQAwDQYJKoZIhvcNAQEBBQAEAA==", Ok(KeyKind::Rsa)),
            ("MBICAQAwCwYJKoZIhvcNAQEKBAA=", Err("a key of RSASSA-PSS")),
            ("MBACAQAwCQYHKoZIzj0CAQQA", Err("a key on another curve")),
            ("MAwCAQAwBQYDK2VuBAA=", Err("a key of another algorithm")),
            ("MAUCAQAEAA==", Err("no PKCS #8")),
            ("BAA=", Err("no PKCS #8")),
        ] {
            assert_eq!(key_kind(&bytes(document)), expected, "{document}");
        }
    }
}
