//! Public keys in PEM (RFC 7468): SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) and the key of an X.509
//! certificate. A certificate is a container here: its chain and timestamps are not judged.

use alloc::vec::Vec;

use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::KeyKind;
use crate::jose::base64url;
use crate::jose::der::Element;
use crate::jose::jwk::{self, Key};
use crate::jose::verifying_key::VerifyingKey;
use crate::kernels::high::ed25519::Ed25519Key;

/// What the algorithm of a key may be: rsaEncryption, id-ecPublicKey (RFC 3279 §2.3) and id-Ed25519 (RFC 8410 §3).
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"; // 1.2.840.113549.1.1.1
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01"; // 1.2.840.10045.2.1
const ED25519: &[u8] = b"\x2b\x65\x70"; // 1.3.101.112

/// The named curves (RFC 5480 §2.1.1.1, RFC 8812 §3.1).
const CURVES: [(&[u8], KeyKind); 4] = [
    (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", KeyKind::P256), // 1.2.840.10045.3.1.7
    (b"\x2b\x81\x04\x00\x22", KeyKind::P384),             // 1.3.132.0.34
    (b"\x2b\x81\x04\x00\x23", KeyKind::P521),             // 1.3.132.0.35
    (b"\x2b\x81\x04\x00\x0a", KeyKind::Secp256k1),        // 1.3.132.0.10
];

/// What a block begins with, before its label.
const BEGIN: &[u8] = b"-----BEGIN ";

/// Every line but the last has as many characters (RFC 7468 §3).
const LINE: usize = 64;

const LINE_ENDS: [&[u8]; 3] = [b"\r\n", b"\r", b"\n"];

/// Whether a text is PEM rather than JSON.
pub(crate) fn is_pem(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(BEGIN)
}

/// The key of one PEM block.
pub(crate) fn key(text: &[u8]) -> Result<Key, Error> {
    let (label, document) = block(text.trim_ascii())
        .ok_or_else(|| invalid("a malformed PEM text").expected("one block with a public key or certificate"))?;
    let whole = Element::parse(&document);
    let info = match label {
        "PUBLIC KEY" => whole,
        "CERTIFICATE" => whole.and_then(certified),
        label if label.ends_with("PRIVATE KEY") => {
            return Err(Error::new(ErrorCode::KeyPrivate).cite("RFC 7468 §10").found(label));
        }
        label => return Err(invalid(label).expected("PUBLIC KEY or CERTIFICATE")),
    };
    from_parts(info.and_then(PublicKey::read).ok_or_else(malformed)?)
}

/// Label and content of a text that is one block, by the strict grammar (RFC 7468 §3).
fn block(text: &[u8]) -> Option<(&str, Vec<u8>)> {
    let rest = text.strip_prefix(BEGIN)?;
    let (label, rest) = rest.split_at(rest.iter().position(|&byte| byte == b'-')?);
    let rest = after_line_end(rest.strip_prefix(b"-----")?)?;
    let rest = rest.strip_suffix(b"-----")?.strip_suffix(label)?.strip_suffix(b"-----END ")?;
    let rest = before_line_end(rest)?;
    let content = content(before_line_end(rest).unwrap_or(rest))?;
    let label = core::str::from_utf8(label).ok()?;
    is_label(label).then_some((label, content))
}

/// Printable characters, separated by single blanks.
fn is_label(label: &str) -> bool {
    let is_blank = |byte| byte == b' ' || byte == b'\t';
    let mut last = b' ';
    label.bytes().all(|byte| {
        let before = core::mem::replace(&mut last, byte);
        byte.is_ascii_graphic() || (is_blank(byte) && !is_blank(before))
    })
}

/// The bytes of base64 in lines, with padding where the last line needs it.
fn content(mut text: &[u8]) -> Option<Vec<u8>> {
    let mut unpadded = Vec::new();
    loop {
        let (mut line, rest) = text.split_at(text.len().min(LINE));
        if !line.len().is_multiple_of(4) {
            return None;
        }
        if rest.is_empty() {
            line = line.strip_suffix(b"==").or_else(|| line.strip_suffix(b"=")).unwrap_or(line);
        }
        for byte in line {
            unpadded.push(as_base64url(*byte));
        }
        if rest.is_empty() {
            break;
        }
        text = after_line_end(rest)?;
    }
    if unpadded.is_empty() { None } else { base64url::decode(&unpadded).ok() }
}

/// The two alphabets differ in two characters (RFC 4648 §4 and §5).
const fn as_base64url(byte: u8) -> u8 {
    match byte {
        b'+' => b'-',
        b'/' => b'_',
        b'-' | b'_' => b'=', // in neither alphabet
        other => other,
    }
}

fn after_line_end(text: &[u8]) -> Option<&[u8]> {
    LINE_ENDS.iter().find_map(|end| text.strip_prefix(*end))
}

fn before_line_end(text: &[u8]) -> Option<&[u8]> {
    LINE_ENDS.iter().find_map(|end| text.strip_suffix(*end))
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
    /// The parameters that are an object identifier.
    curve: Option<&'a [u8]>,
    key: &'a [u8],
}

impl<'a> PublicKey<'a> {
    fn read(info: Element<'a>) -> Option<Self> {
        let [algorithm, key] = *info.members()? else { return None };
        let algorithm = algorithm.members()?;
        let curve = algorithm.get(1).and_then(|parameters| parameters.object_identifier());
        Some(Self { algorithm: algorithm.first()?.object_identifier()?, curve, key: key.whole_bytes()? })
    }
}

fn from_parts(PublicKey { algorithm, curve, key }: PublicKey<'_>) -> Result<Key, Error> {
    match algorithm {
        RSA => {
            let (n, e) = rsa_public_key(key).ok_or_else(malformed)?;
            Ok(Key::for_any_signature(KeyKind::Rsa, VerifyingKey::of_rsa_parts(n, e)?))
        }
        EC => elliptic_curve(curve, key),
        ED25519 => {
            let key = Ed25519Key::from_bytes(key).ok_or_else(|| invalid("no canonical point of full order"))?;
            Ok(Key::for_any_signature(KeyKind::Ed25519, VerifyingKey::Ed25519(key)))
        }
        _ => Err(invalid("a key of another algorithm").expected("RSA, EC or Ed25519")),
    }
}

/// RSAPublicKey (RFC 8017 §A.1.1): modulus and exponent.
fn rsa_public_key(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let [n, e] = *Element::parse(key)?.members()? else { return None };
    Some((n.unsigned()?, e.unsigned()?))
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

fn invalid(found: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7468 §13").found(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};
    use base64ct::{Base64, Encoding};

    /// All texts that differ from `text` in one place: a part left out, or doubled, or another byte put in or over.
    fn neighbours(text: &str) -> impl Iterator<Item = Vec<u8>> {
        let bytes = text.as_bytes();
        let swapped = *b"A/+-_=\r\n\t :\0\xff";
        (0..bytes.len()).flat_map(move |at| {
            let (before, after) = bytes.split_at(at);
            let shorter = [1, 2, 3, 4, 63, 64, 65].into_iter().filter_map(move |length| {
                let (part, rest) = after.split_at_checked(length)?;
                Some([[before, rest].concat(), [before, part, part, rest].concat()])
            });
            let other = swapped
                .into_iter()
                .map(move |byte| [[before, &[byte], after].concat(), [before, &[byte], &after[1..]].concat()]);
            shorter.chain(other).flatten()
        })
    }

    #[test]
    fn agrees_with_pem_rfc7468_on_all_neighbours_of_good_texts() {
        for length in [0, 1, 2, 3, 46, 47, 48, 49, 94, 95, 96, 97] {
            let bytes: Vec<u8> = (0..length).map(|i| (i * 89 + 251) as u8).collect();
            for end in ["\n", "\r\n", "\r"] {
                for blank in ["", end, "\n\n"] {
                    for label in ["PUBLIC KEY", ""] {
                        let body = Base64::encode_string(&bytes);
                        let lines: Vec<&str> =
                            body.as_bytes().chunks(LINE).filter_map(|line| core::str::from_utf8(line).ok()).collect();
                        let body = lines.join(end);
                        let text = format!("-----BEGIN {label}-----{end}{body}{end}{blank}-----END {label}-----");
                        for text in neighbours(&text).chain([text.clone().into_bytes()]) {
                            let text = text.trim_ascii();
                            if is_pem(text) {
                                let theirs = pem_rfc7468::decode_vec(text).ok();
                                assert_eq!(block(text), theirs, "{:?}", String::from_utf8_lossy(text));
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn agrees_with_pem_rfc7468_on_every_short_label_of_edge_bytes() {
        let edges = *b"A!~ \t-\0\x7f\xc3";
        for length in 0..=5_u32 {
            for mut n in 0..edges.len().pow(length) {
                let mut label = [0; 5];
                for byte in &mut label[..length as usize] {
                    *byte = edges[n % edges.len()];
                    n /= edges.len();
                }
                let label = &label[..length as usize];
                let text = [BEGIN, label, b"-----\nAAAA\n-----END ", label, b"-----"].concat();
                assert_eq!(block(&text), pem_rfc7468::decode_vec(&text).ok(), "{:?}", String::from_utf8_lossy(label));
            }
        }
    }

    /// What a key is made of: algorithm, curve, bytes; modulus and exponent where it has them.
    type Parts = (Vec<u8>, Option<Vec<u8>>, Vec<u8>, Option<(Vec<u8>, Vec<u8>)>);

    fn ours(label: &str, document: &[u8]) -> Option<Parts> {
        let whole = Element::parse(document)?;
        let info = if label == "CERTIFICATE" { certified(whole)? } else { whole };
        let PublicKey { algorithm, curve, key } = PublicKey::read(info)?;
        let numbers = rsa_public_key(key).map(|(n, e)| (n.to_vec(), e.to_vec()));
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
