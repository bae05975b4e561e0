//! Public keys in PEM (RFC 7468): SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) and the key of an X.509
//! certificate. A certificate is a container here: its chain and dates are not judged.

use alloc::vec::Vec;

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

use crate::algorithm::KeyKind;
use crate::base64url;
use crate::error::{Error, ErrorCode};
use crate::jwk::Key;
use crate::signature::{Ed25519Key, P256Key, P384Key, P521Key, RsaKey, Secp256k1Key, VerifyingKey};

const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");

/// What a block begins with, before its label.
const BEGIN: &str = "-----BEGIN ";

/// Every line but the last has as many characters (RFC 7468 §3).
const LINE: usize = 64;

/// Whether a text is PEM rather than JSON.
pub(crate) fn is_pem(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(BEGIN.as_bytes())
}

/// The key of one PEM block.
pub(crate) fn key(text: &[u8]) -> Result<Key, Error> {
    let (label, document) = block(text.trim_ascii())
        .ok_or_else(|| invalid("a malformed PEM text").expected("one block with a public key or certificate"))?;
    match label {
        "PUBLIC KEY" => AnyRef::from_der(&document).map_err(|_| malformed()).and_then(from_spki),
        "CERTIFICATE" => from_certificate(&document),
        label if label.ends_with("PRIVATE KEY") => {
            Err(Error::new(ErrorCode::KeyPrivate).cite("RFC 7468 §10").found(label))
        }
        label => Err(invalid(label).expected("PUBLIC KEY or CERTIFICATE")),
    }
}

/// Label and content of a text that is one block, by the strict grammar (RFC 7468 §3).
fn block(text: &[u8]) -> Option<(&str, Vec<u8>)> {
    let text = core::str::from_utf8(text).ok()?;
    let (label, rest) = text.strip_prefix(BEGIN)?.split_once('-')?;
    let rest = after_line_end(rest.strip_prefix("----")?)?;
    let rest = rest.strip_suffix("-----")?.strip_suffix(label)?.strip_suffix("-----END ")?;
    let rest = before_line_end(rest)?;
    is_label(label).then_some((label, content(before_line_end(rest).unwrap_or(rest))?))
}

/// Printable characters, and single white space behind them.
fn is_label(label: &str) -> bool {
    let is_blank = |octet| octet == b' ' || octet == b'\t';
    let mut last = b' ';
    label.bytes().all(|octet| {
        let before = core::mem::replace(&mut last, octet);
        octet.is_ascii_graphic() || (is_blank(octet) && !is_blank(before))
    })
}

/// The octets of base64 in lines, with padding where the last line needs it.
fn content(mut text: &str) -> Option<Vec<u8>> {
    let mut unpadded = Vec::new();
    while text.len() > LINE {
        let (line, rest) = text.split_at_checked(LINE)?;
        unpadded.extend(line.bytes().map(as_base64url));
        text = after_line_end(rest)?;
    }
    let last = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    unpadded.extend(last.bytes().map(as_base64url));
    if unpadded.is_empty() || !text.len().is_multiple_of(4) {
        return None;
    }
    base64url::decode(&unpadded).ok()
}

/// The two alphabets differ in two characters (RFC 4648 §4 and §5).
const fn as_base64url(octet: u8) -> u8 {
    match octet {
        b'+' => b'-',
        b'/' => b'_',
        b'-' | b'_' => b'=', // in neither alphabet
        other => other,
    }
}

fn after_line_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\r', '\n']))
}

fn before_line_end(text: &str) -> Option<&str> {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\r', '\n']))
}

/// The subjectPublicKeyInfo of a certificate (RFC 5280 §4.1), found by its place.
fn from_certificate(document: &[u8]) -> Result<Key, Error> {
    let [signed, _algorithm, _signature] = *members(AnyRef::from_der(document).map_err(|_| malformed())?)? else {
        return Err(malformed());
    };
    let all = members(signed)?;
    let version = all.first().filter(|first| first.tag().is_context_specific()).map_or(0, |_| 1);
    // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
    from_spki(*all.get(version + 5).ok_or_else(malformed)?)
}

/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): an algorithm with parameters, and a bit string.
fn from_spki(info: AnyRef<'_>) -> Result<Key, Error> {
    let [algorithm, key] = *members(info)? else { return Err(malformed()) };
    let algorithm = members(algorithm)?;
    let object = |value: &AnyRef<'_>| value.decode_as::<ObjectIdentifier>().ok();
    let key: BitStringRef<'_> = key.decode_as().map_err(|_| malformed())?;
    let name = algorithm.first().and_then(object).ok_or_else(malformed)?;
    from_parts(name, algorithm.get(1).and_then(object), key.as_bytes().ok_or_else(malformed)?)
}

/// The members of a SEQUENCE.
fn members(sequence: AnyRef<'_>) -> Result<Vec<AnyRef<'_>>, Error> {
    let mut all = Vec::new();
    if sequence.tag() != Tag::Sequence {
        return Err(malformed());
    }
    let mut reader = SliceReader::new(sequence.value()).map_err(|_| malformed())?;
    while !reader.is_finished() {
        all.push(AnyRef::decode(&mut reader).map_err(|_| malformed())?);
    }
    Ok(all)
}

fn from_parts(algorithm: ObjectIdentifier, parameters: Option<ObjectIdentifier>, key: &[u8]) -> Result<Key, Error> {
    let (kind, material) = match algorithm {
        rfc5912::RSA_ENCRYPTION => {
            // RSAPublicKey (RFC 8017 §A.1.1)
            let [n, e] = *members(AnyRef::from_der(key).map_err(|_| malformed())?)? else { return Err(malformed()) };
            let (n, e) = (unsigned(n)?, unsigned(e)?);
            (KeyKind::Rsa, VerifyingKey::Rsa(RsaKey::from_parts(n.as_bytes(), e.as_bytes())?))
        }
        rfc5912::ID_EC_PUBLIC_KEY => elliptic_curve(parameters, key)?,
        rfc8410::ID_ED_25519 => {
            let key = Ed25519Key::from_octets(key).ok_or_else(|| invalid("no canonical point of full order"))?;
            (KeyKind::Ed25519, VerifyingKey::Ed25519(key))
        }
        _ => return Err(invalid("a key of another algorithm").expected("RSA, EC or Ed25519")),
    };
    Ok(Key::for_any_signature(kind, material))
}

/// A positive INTEGER, without the zero octet before a high bit.
fn unsigned(integer: AnyRef<'_>) -> Result<UintRef<'_>, Error> {
    integer.decode_as().map_err(|_| malformed())
}

fn elliptic_curve(curve: Option<ObjectIdentifier>, point: &[u8]) -> Result<(KeyKind, VerifyingKey), Error> {
    // RFC 5480 §2.2: 4, then both coordinates at full length.
    let [4, coordinates @ ..] = point else { return Err(invalid("a compressed or empty point")) };
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    let key = match curve {
        Some(rfc5912::SECP_256_R_1) => {
            P256Key::from_coordinates(x, y).map(|key| (KeyKind::P256, VerifyingKey::P256(key)))
        }
        Some(rfc5912::SECP_384_R_1) => {
            P384Key::from_coordinates(x, y).map(|key| (KeyKind::P384, VerifyingKey::P384(key)))
        }
        Some(rfc5912::SECP_521_R_1) => {
            P521Key::from_coordinates(x, y).map(|key| (KeyKind::P521, VerifyingKey::P521(key)))
        }
        Some(SECP256K1) => {
            Secp256k1Key::from_coordinates(x, y).map(|key| (KeyKind::Secp256k1, VerifyingKey::Secp256k1(key)))
        }
        _ => return Err(invalid("another curve").expected("P-256, P-384, P-521 or secp256k1")),
    };
    key.ok_or_else(|| invalid("no point of full length on the curve"))
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

    /// All texts that differ from `text` in one place: a part left out, or doubled, or another octet put in or over.
    fn neighbours(text: &str) -> impl Iterator<Item = Vec<u8>> {
        let octets = text.as_bytes();
        let swapped = *b"A/+-_=\r\n\t :\0\xff";
        (0..octets.len()).flat_map(move |at| {
            let (before, after) = octets.split_at(at);
            let shorter = [1, 2, 3, 4, 63, 64, 65].into_iter().filter_map(move |length| {
                let (part, rest) = after.split_at_checked(length)?;
                Some([[before, rest].concat(), [before, part, part, rest].concat()])
            });
            let other = swapped
                .into_iter()
                .map(move |octet| [[before, &[octet], after].concat(), [before, &[octet], &after[1..]].concat()]);
            shorter.chain(other).flatten()
        })
    }

    #[test]
    fn agrees_with_pem_rfc7468_on_all_neighbours_of_good_texts() {
        for length in [0, 1, 2, 3, 46, 47, 48, 49, 94, 95, 96, 97] {
            let octets: Vec<u8> = (0..length).map(|i| (i * 89 + 251) as u8).collect();
            for end in ["\n", "\r\n", "\r"] {
                for blank in ["", end, "\n\n"] {
                    for label in ["PUBLIC KEY", ""] {
                        let body = Base64::encode_string(&octets);
                        let lines: Vec<&str> =
                            body.as_bytes().chunks(LINE).filter_map(|line| core::str::from_utf8(line).ok()).collect();
                        let body = lines.join(end);
                        let text = format!("{BEGIN}{label}-----{end}{body}{end}{blank}-----END {label}-----");
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
}
