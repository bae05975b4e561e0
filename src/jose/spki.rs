//! Public keys in DER: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), alone or in an X.509 certificate, and RSAPublicKey
//! (RFC 8017 §A.1.1). A certificate is a container here: its chain and timestamps are not judged.

use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::{Algorithm, KeyKind};
use crate::jose::der::Element;
use crate::jose::jwk::{self, Key};
use crate::jose::verifying_key::VerifyingKey;
use crate::kernels::high::ed25519::Ed25519Key;

/// What the algorithm of a key may be: rsaEncryption, id-RSASSA-PSS (RFC 4055 §1.2), id-ecPublicKey (RFC 3279 §2.3)
/// and id-Ed25519 (RFC 8410 §3).
pub(super) const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"; // 1.2.840.113549.1.1.1
pub(super) const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"; // 1.2.840.113549.1.1.10
pub(super) const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01"; // 1.2.840.10045.2.1
pub(super) const ED25519: &[u8] = b"\x2b\x65\x70"; // 1.3.101.112

/// The named curves (RFC 5480 §2.1.1.1, RFC 8812 §3.1).
pub(super) const CURVES: [(&[u8], KeyKind); 4] = [
    (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", KeyKind::P256), // 1.2.840.10045.3.1.7
    (b"\x2b\x81\x04\x00\x22", KeyKind::P384),             // 1.3.132.0.34
    (b"\x2b\x81\x04\x00\x23", KeyKind::P521),             // 1.3.132.0.35
    (b"\x2b\x81\x04\x00\x0a", KeyKind::Secp256k1),        // 1.3.132.0.10
];

/// The hashes of RSASSA-PSS in JOSE (RFC 4055 §2.1, RFC 7518 §3.5): 2.16.840.1.101.3.4.2.1 to 3.
const PSS_HASHES: [(&[u8], Algorithm); 3] = [
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", Algorithm::Ps256),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x02", Algorithm::Ps384),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x03", Algorithm::Ps512),
];

/// id-mgf1 (RFC 4055 §2.2): 1.2.840.113549.1.1.8
const MGF1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";

/// The length of the salt where parameters name none (RFC 4055 §3.1).
const DEFAULT_SALT: usize = 20;

/// The key of a SubjectPublicKeyInfo.
pub(super) fn key(document: &[u8]) -> Result<Key, Error> {
    from_info(Element::parse(document))
}

/// The key of a certificate.
pub(super) fn certified_key(document: &[u8]) -> Result<Key, Error> {
    from_info(Element::parse(document).and_then(certified))
}

/// The key of an RSAPublicKey.
pub(super) fn rsa_key(document: &[u8]) -> Result<Key, Error> {
    let (n, e) = rsa_public_key(document).ok_or_else(malformed)?;
    Ok(Key::for_any_signature(KeyKind::Rsa, VerifyingKey::of_rsa_parts(n, e)?))
}

/// The subjectPublicKeyInfo of a certificate (RFC 5280 §4.1), found by its place.
fn certified(certificate: Element<'_>) -> Option<Element<'_>> {
    let [signed, _algorithm, _signature] = *certificate.members()? else { return None };
    let all = signed.members()?;
    // The version, which is [0], comes before the others (RFC 5280 §4.1.2.1) and may be left out.
    let version = usize::from(all.first()?.is_context_specific());
    // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
    all.get(version + 5).copied()
}

/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): an algorithm with parameters, and a bit string.
#[derive(Debug, PartialEq)]
struct PublicKey<'a> {
    algorithm: &'a [u8],
    parameters: Option<Element<'a>>,
    key: &'a [u8],
}

impl<'a> PublicKey<'a> {
    fn read(info: Element<'a>) -> Option<Self> {
        let [algorithm, key] = *info.members()? else { return None };
        let algorithm = algorithm.members()?;
        let parameters = algorithm.get(1).copied();
        Some(Self { algorithm: algorithm.first()?.object_identifier()?, parameters, key: key.whole_bytes()? })
    }
}

fn from_info(info: Option<Element<'_>>) -> Result<Key, Error> {
    let PublicKey { algorithm, parameters, key } = info.and_then(PublicKey::read).ok_or_else(malformed)?;
    match algorithm {
        RSA => rsa_key(key),
        RSA_PSS => {
            let only = parameters.map(|parameters| pss_algorithm(parameters).ok_or_else(other_pss)).transpose()?;
            Ok(rsa_key(key)?.for_pss(only))
        }
        EC => elliptic_curve(parameters.and_then(Element::object_identifier), key),
        ED25519 => {
            let key = Ed25519Key::from_bytes(key).ok_or_else(|| invalid("no canonical point of full order"))?;
            Ok(Key::for_any_signature(KeyKind::Ed25519, VerifyingKey::Ed25519(key)))
        }
        _ => Err(invalid("a key of another algorithm").expected("RSA, RSASSA-PSS, EC or Ed25519")),
    }
}

/// RSAPublicKey (RFC 8017 §A.1.1): modulus and exponent.
fn rsa_public_key(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let [n, e] = *Element::parse(key)?.members()? else { return None };
    Some((n.unsigned()?, e.unsigned()?))
}

/// The one algorithm whose signatures satisfy RSASSA-PSS-params (RFC 4055 §3.1): in JOSE the mask has the hash of the
/// message, and the salt its length (RFC 7518 §3.5), which is at least that of the parameters (RFC 4055 §3.3).
fn pss_algorithm(parameters: Element<'_>) -> Option<Algorithm> {
    let mut fields = [None; 4];
    let mut least = 0;
    for member in parameters.members()? {
        let (number, field) = member.explicit().filter(|(number, _)| *number >= least)?;
        *fields.get_mut(usize::from(number))? = Some(field);
        least = number + 1;
    }
    let [hash, mask, salt, trailer] = fields;
    let hash = identifier(hash?)?; // Left out it is SHA-1, as that of the mask.
    let [function, mask_hash] = *mask?.members()? else { return None };
    let &(_, algorithm) = PSS_HASHES.iter().find(|(name, _)| *name == hash)?;
    let salt = match salt.map(Element::unsigned) {
        None => DEFAULT_SALT,
        Some(length) => <[u8; 1]>::try_from(length?).ok()?[0].into(),
    };
    let is_mgf1 = function.object_identifier() == Some(MGF1) && identifier(mask_hash) == Some(hash);
    let has_trailer = trailer.is_none_or(|trailer| trailer.unsigned() == Some(&[1]));
    (is_mgf1 && has_trailer && salt <= algorithm.facts().hash.length()).then_some(algorithm)
}

/// The algorithm of an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
fn identifier(of: Element<'_>) -> Option<&[u8]> {
    of.members()?.first()?.object_identifier()
}

fn elliptic_curve(curve: Option<&[u8]>, point: &[u8]) -> Result<Key, Error> {
    // RFC 5480 §2.2: 4, then both coordinates at full length.
    let [4, coordinates @ ..] = point else { return Err(invalid("a compressed or empty point")) };
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    let Some(&(_, kind)) = CURVES.iter().find(|(name, _)| Some(*name) == curve) else {
        return Err(invalid("another curve").expected("P-256, P-384, P-521 or secp256k1"));
    };
    let key = jwk::point(kind, x, y).ok_or_else(|| invalid("no point of full length on the curve"))?;
    Ok(Key::for_any_signature(kind, key))
}

fn malformed() -> Error {
    invalid("malformed DER")
}

fn other_pss() -> Error {
    let expected = "one of SHA-256, SHA-384 and SHA-512, MGF1 with the same, and a salt of its length at most";
    invalid("RSASSA-PSS parameters of no algorithm of JOSE").cite("RFC 7518 §3.5").expected(expected)
}

fn invalid(found: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7468 §13").found(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// RSASSA-PSS-params of explicit fields, each with its number.
    fn parameters(fields: &[(u8, &[u8])]) -> Vec<u8> {
        let fields = fields.iter().map(|(number, field)| element(0xa0 | number, field)).collect::<Vec<_>>();
        element(0x30, &fields.concat())
    }

    fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
        [&[tag, contents.len() as u8], contents].concat()
    }

    fn hash(of: &[u8]) -> Vec<u8> {
        element(0x30, &[element(6, of), element(5, &[])].concat())
    }

    fn mask(function: &[u8], of: &[u8]) -> Vec<u8> {
        element(0x30, &[element(6, function), hash(of)].concat())
    }

    /// RFC 4055 §3.1 and §3.3, RFC 7518 §3.5.
    #[test]
    fn pss_parameters_bind_a_key_to_one_algorithm_of_jose_or_to_none() {
        let algorithm = |fields: &[(u8, &[u8])]| pss_algorithm(Element::parse(&parameters(fields))?);
        for (at, (name, expected)) in PSS_HASHES.into_iter().enumerate() {
            let (hash, mask, length) = (hash(name), mask(MGF1, name), expected.facts().hash.length() as u8);
            let salt = |length: u8| [2, 1, length];
            let only = |fields: &[(u8, &[u8])]| assert_eq!(algorithm(fields), Some(expected), "{fields:02x?}");
            only(&[(0, &hash), (1, &mask)]);
            only(&[(0, &hash), (1, &mask), (2, &salt(length))]);
            only(&[(0, &hash), (1, &mask), (2, &salt(0))]);
            only(&[(0, &hash), (1, &mask), (2, &salt(length)), (3, &[2, 1, 1])]);
            let none = |fields: &[(u8, &[u8])]| assert_eq!(algorithm(fields), None, "{fields:02x?}");
            none(&[(0, &hash), (1, &mask), (2, &salt(length + 1))]);
            none(&[(0, &hash), (1, &mask), (2, &[2, 2, 1, 0])]);
            none(&[(0, &hash), (1, &mask), (2, &[2, 1, 0xff])]);
            none(&[(0, &hash), (1, &mask), (3, &[2, 1, 2])]);
            none(&[(0, &hash), (1, &mask), (4, &[2, 1, 1])]);
            none(&[(1, &mask), (0, &hash)]);
            none(&[(0, &hash), (0, &hash), (1, &mask)]);
            none(&[(0, &hash), (1, &super::tests::mask(RSA, name))]);
            none(&[(0, &hash), (1, &super::tests::mask(MGF1, PSS_HASHES[(at + 1) % 3].0))]);
            // What is left out is SHA-1 (RFC 4055 §3.1).
            none(&[(0, &hash)]);
            none(&[(1, &mask)]);
        }
        assert_eq!(algorithm(&[]), None);
        assert_eq!(pss_algorithm(Element::parse(&[5, 0]).unwrap()), None);
    }

    /// What a key is made of: algorithm, curve, bytes; modulus and exponent where it has them.
    type Parts = (Vec<u8>, Option<Vec<u8>>, Vec<u8>, Option<(Vec<u8>, Vec<u8>)>);

    fn ours(label: &str, document: &[u8]) -> Option<Parts> {
        let whole = Element::parse(document)?;
        let info = if label == "CERTIFICATE" { certified(whole)? } else { whole };
        let PublicKey { algorithm, parameters, key } = PublicKey::read(info)?;
        let numbers = rsa_public_key(key).map(|(n, e)| (n.to_vec(), e.to_vec()));
        let curve = parameters.and_then(Element::object_identifier);
        Some((algorithm.to_vec(), curve.map(<[u8]>::to_vec), key.to_vec(), numbers))
    }

    /// The same by the crate der, and no tags of more bytes than one.
    fn theirs(label: &str, document: &[u8]) -> Option<Parts> {
        use ::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
        use ::der::{Decode, Reader, SliceReader, Tag, Tagged};

        fn members(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
            let mut all = Vec::new();
            let mut reader = SliceReader::new(sequence.value()).ok()?;
            while !reader.is_finished() {
                all.push(AnyRef::decode(&mut reader).ok().filter(|member| member.tag().number().value() < 31)?);
            }
            (sequence.tag() == Tag::Sequence).then_some(all)
        }
        fn identifier(value: &AnyRef<'_>) -> Option<Vec<u8>> {
            value.decode_as::<ObjectIdentifier>().ok().map(|identifier| identifier.as_bytes().to_vec())
        }
        fn number(value: AnyRef<'_>) -> Option<Vec<u8>> {
            value.decode_as::<UintRef<'_>>().ok().map(|number| number.as_bytes().to_vec())
        }
        fn numbers(key: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
            let [n, e] = *members(AnyRef::from_der(key).ok()?)? else { return None };
            Some((number(n)?, number(e)?))
        }

        let mut info = AnyRef::from_der(document).ok()?;
        if label == "CERTIFICATE" {
            let [signed, _algorithm, _signature] = *members(info)? else { return None };
            let all = members(signed)?;
            let version = usize::from(all.first()?.tag().is_context_specific());
            info = *all.get(version + 5)?;
        }
        let [algorithm, key] = *members(info)? else { return None };
        let algorithm = members(algorithm)?;
        let key = key.decode_as::<BitStringRef<'_>>().ok()?.as_bytes()?;
        let curve = algorithm.get(1).and_then(identifier);
        Some((identifier(algorithm.first()?)?, curve, key.to_vec(), numbers(key)))
    }

    #[test]
    fn agrees_with_der_on_all_neighbours_of_good_keys_and_certificates() {
        let keys: serde_json::Value = serde_json::from_str(include_str!("../../tests/corpus/keys.json")).unwrap();
        let texts = keys.as_object().unwrap().values().filter_map(serde_json::Value::as_str);
        let documents = texts.filter_map(|text| pem_rfc7468::decode_vec(text.trim().as_bytes()).ok());
        let mut count = 0;
        for (label, document) in documents {
            assert!(ours(label, &document).is_some(), "{label}");
            for at in 0..document.len() {
                let (before, after) = document.split_at(at);
                let check =
                    |text: &[u8]| assert_eq!(ours(label, text), theirs(label, text), "{label} {at} {text:02x?}");
                for byte in 0..=255 {
                    check(&[before, &[byte], &after[1..]].concat());
                }
                for byte in [0, 1, 0x30, 0x7f, 0x80, 0x81, 0x82, 0xff] {
                    check(&[before, &[byte], after].concat());
                }
                check(&[before, &after[1..]].concat());
                check(before);
            }
            count += 1;
        }
        assert!(count >= 13);
    }
}
