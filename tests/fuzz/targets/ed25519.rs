//! Ed25519 against ed25519-dalek's `verify_strict` with canonical keys: points with a part of small
//! order, encodings that are not canonical, s at its bounds.
#![no_main]

use arbitrary::Arbitrary;
use countersign::fuzzing::verifies;
use countersign::{Algorithm, Key};
use countersign_fuzz::keys::encode;
use countersign_fuzz::numbers::Number;
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, VerifyingKey};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use sha2::{Digest, Sha512};

/// L, big-endian.
const ORDER: [u8; 32] = [
    0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c, 0xd6, 0x58, 0x12,
    0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed,
];

#[derive(Arbitrary, Debug)]
struct Plan<'a> {
    key: Point<'a>,
    nonce: Point<'a>,
    /// How the two points are encoded.
    encodings: (Encoding<'a>, Encoding<'a>),
    s: Response<'a>,
    flip: Option<u16>,
    length: i8,
    often: u8,
    message: &'a [u8],
}

/// A multiple of the base point and a point of small order.
#[derive(Arbitrary, Debug)]
struct Point<'a> {
    scalar: Number<'a>,
    torsion: u8,
}

#[derive(Arbitrary, Debug)]
enum Encoding<'a> {
    Canonical,
    CanonicalToo,
    CanonicalAsWell,
    /// y + p where there is room, that is, for y below 19; and x = 0 with its sign set.
    Other,
    /// Any y, and its sign.
    Any(Number<'a>, bool),
}

#[derive(Arbitrary, Debug)]
enum Response<'a> {
    Right,
    RightToo,
    RightAsWell,
    PlusOrder,
    Negated,
    Any(Number<'a>),
}

fuzz_target!(|plan: Plan<'_>| {
    let (a, key) = plan.key.point();
    let (r, nonce) = plan.nonce.point();
    let key = plan.encodings.0.octets(&key);
    let nonce = plan.encodings.1.octets(&nonce);
    let hash = Sha512::new().chain_update(nonce).chain_update(key).chain_update(plan.message).finalize();
    let right = r + Scalar::from_bytes_mod_order_wide(&hash.into()) * a;
    let s = match &plan.s {
        Response::Right | Response::RightToo | Response::RightAsWell => right.to_bytes(),
        Response::PlusOrder => plus_order(right.to_bytes()),
        Response::Negated => (-right).to_bytes(),
        Response::Any(number) => little_endian(number),
    };
    let mut signature = [nonce, s].concat();
    if let Some(at) = plan.flip {
        signature[usize::from(at) / 8 % 64] ^= 1 << (at % 8);
    }
    match plan.length {
        1 => signature.push(0),
        -1 => drop(signature.pop()),
        _ => {}
    }

    let theirs = VerifyingKey::from_bytes(&key).ok().filter(|point| {
        let canonical = point.to_edwards().compress().as_bytes() == &key;
        canonical && !point.is_weak()
    });
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(&key) });
    let ours = Key::from_jwk(jwk.to_string().as_bytes()).ok();
    assert_eq!(ours.is_some(), theirs.is_some(), "one takes the key {jwk}");
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return };
    let expected =
        Signature::from_slice(&signature).is_ok_and(|signature| theirs.verify_strict(plan.message, &signature).is_ok());
    let times = if plan.often % 32 == 0 { 26 } else { 1 };
    for time in 0..times {
        let name = if time % 2 == 0 { "EdDSA" } else { "Ed25519" };
        let found = verifies(&ours, Algorithm::from_name(name).unwrap(), plan.message, &signature);
        assert_eq!(found, expected, "check {time}: {jwk} {signature:02x?} {:02x?}", plan.message);
    }
});

impl Point<'_> {
    fn point(&self) -> (Scalar, EdwardsPoint) {
        let scalar = Scalar::from_bytes_mod_order(little_endian(&self.scalar));
        // Half of the points have no part of small order.
        let torsion = if self.torsion < 128 { 0 } else { usize::from(self.torsion % 8) };
        (scalar, ED25519_BASEPOINT_POINT * scalar + EIGHT_TORSION[torsion])
    }
}

impl Encoding<'_> {
    fn octets(&self, point: &EdwardsPoint) -> [u8; 32] {
        let mut octets = point.compress().to_bytes();
        match self {
            Self::Other => {
                let low = octets[0];
                if low < 19 && octets[1..31].iter().all(|&octet| octet == 0) && octets[31] & 0x7f == 0 {
                    let sign = octets[31];
                    octets = [0xff; 32];
                    octets[0] = 0xed + low;
                    octets[31] = 0x7f | sign;
                } else {
                    octets[31] ^= 0x80;
                }
            }
            Self::Any(y, sign) => {
                octets = little_endian(y);
                octets[31] = octets[31] & 0x7f | u8::from(*sign) << 7;
            }
            _ => {}
        }
        octets
    }
}

fn little_endian(number: &Number<'_>) -> [u8; 32] {
    let mut octets = [0; 32];
    number.fill(&ORDER, &mut octets);
    octets.reverse();
    octets
}

fn plus_order(mut s: [u8; 32]) -> [u8; 32] {
    s.reverse();
    let mut carry = 0;
    for (octet, other) in s.iter_mut().zip(ORDER).rev() {
        let sum = u16::from(*octet) + u16::from(other) + carry;
        (*octet, carry) = (sum as u8, sum >> 8);
    }
    s.reverse();
    s
}
