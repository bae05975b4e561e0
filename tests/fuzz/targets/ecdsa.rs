//! ECDSA on all four curves against RustCrypto: keys, and signatures that are valid by construction
//! at the edges of the arithmetic, or wrong in one place.
#![no_main]

use arbitrary::Arbitrary;
use countersign::fuzzing::verifies;
use countersign::{Algorithm, Key};
use countersign_fuzz::keys::encode;
use countersign_fuzz::numbers::Number;
use ecdsa::hazmat::verify_prehashed;
use ecdsa::{EcdsaCurve, Signature, SignatureSize};
use libfuzzer_sys::fuzz_target;
use p256::elliptic_curve::array::ArraySize;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::{AffineCoordinates, DecompressPoint};
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, Field, FieldBytes, FieldBytesSize, Group, ProjectivePoint, PublicKey, Scalar,
};
use serde_json::json;
use sha2::{Digest, Sha256, Sha384, Sha512};

#[derive(Arbitrary, Debug)]
struct Plan<'a> {
    curve: u8,
    case: Case<'a>,
    damage: Option<Damage>,
    /// Whether the key checks often enough to earn a table.
    often: u8,
    message: &'a [u8],
}

#[derive(Arbitrary, Debug)]
enum Case<'a> {
    /// The key for which (kG, s) is a signature of the message.
    Nonce(Number<'a>, Number<'a>),
    /// The same for a point that is known by its x only, which may be n or above.
    Point(Number<'a>, bool, Number<'a>),
    /// u₁G and u₂Q are the same point.
    Doubling(Number<'a>),
    /// u₁G and u₂Q are opposite points.
    Cancelling(Number<'a>, Number<'a>),
    /// Any private key, r and s.
    Any(Number<'a>, Number<'a>, Number<'a>),
}

#[derive(Arbitrary, Debug)]
enum Damage {
    Bit(u16),
    Shorter,
    Longer,
    /// n is added to r or s, if that has room.
    Wrapped(bool),
    HighS,
    KeyBit(u16),
    Message,
}

fuzz_target!(|plan: Plan<'_>| {
    match plan.curve % 4 {
        0 => check::<p256::NistP256>(&plan, "P-256", "ES256", &Sha256::digest(plan.message)),
        1 => check::<p384::NistP384>(&plan, "P-384", "ES384", &Sha384::digest(plan.message)),
        2 => check::<p521::NistP521>(&plan, "P-521", "ES512", &Sha512::digest(plan.message)),
        _ => check::<k256::Secp256k1>(&plan, "secp256k1", "ES256K", &Sha256::digest(plan.message)),
    }
});

fn check<C>(plan: &Plan<'_>, curve: &str, algorithm: &str, hash: &[u8])
where
    C: EcdsaCurve + CurveArithmetic,
    Scalar<C>: Reduce<FieldBytes<C>>,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>:
        FromSec1Point<C> + ToSec1Point<C> + DecompressPoint<C> + AffineCoordinates<FieldRepr = FieldBytes<C>>,
    SignatureSize<C>: ArraySize,
{
    let reduced = |octets: &FieldBytes<C>| <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(octets);
    let scalar = |number: &Number<'_>| {
        let mut octets = FieldBytes::<C>::default();
        number.fill(&order::<C>(), &mut octets);
        reduced(&octets)
    };
    let one = |text: &[u8]| {
        let mut octets = FieldBytes::<C>::default();
        let length = octets.len();
        // A hash longer than n keeps its left end; a shorter one stands at the right.
        let text = &text[..text.len().min(length)];
        octets[length - text.len()..].copy_from_slice(text);
        reduced(&octets)
    };
    let z = one(hash);
    let generator = ProjectivePoint::<C>::generator();
    let inverted = |x: Scalar<C>| Option::<Scalar<C>>::from(Field::invert(&x));
    let x_of = |point: &ProjectivePoint<C>| reduced(&(*point).into().x());

    let made = match &plan.case {
        Case::Nonce(k, s) => {
            let (point, s) = (generator * scalar(k), scalar(s));
            let r = x_of(&point);
            inverted(r).map(|inverse| ((point * s - generator * z) * inverse, r, s))
        }
        Case::Point(x, odd, s) => {
            let mut octets = FieldBytes::<C>::default();
            x.fill(&order::<C>(), &mut octets);
            let point: Option<AffinePoint<C>> = AffinePoint::<C>::decompress(&octets, u8::from(*odd).into()).into();
            let Some(point) = point else { return };
            let (point, s) = (ProjectivePoint::<C>::from(point), scalar(s));
            let r = x_of(&point);
            inverted(r).map(|inverse| ((point * s - generator * z) * inverse, r, s))
        }
        Case::Doubling(s) => inverted(scalar(s)).and_then(|inverse| {
            let r = x_of(&(generator * (z * inverse + z * inverse)));
            Some((generator * (z * inverted(r)?), r, scalar(s)))
        }),
        Case::Cancelling(r, s) => {
            inverted(scalar(r)).map(|inverse| (-(generator * (z * inverse)), scalar(r), scalar(s)))
        }
        Case::Any(d, r, s) => Some((generator * scalar(d), scalar(r), scalar(s))),
    };
    let Some((q, r, s)) = made else { return };
    let by_construction = matches!(plan.case, Case::Nonce(..) | Case::Point(..) | Case::Doubling(_));

    let point = q.into().to_sec1_point(false);
    let mut key = point.as_bytes().to_vec();
    if key.len() == 1 {
        return; // the point at infinity is no key
    }
    let mut signature = [Into::<FieldBytes<C>>::into(r).as_slice(), Into::<FieldBytes<C>>::into(s).as_slice()].concat();
    let mut message = plan.message.to_vec();
    let length = signature.len() / 2;
    match &plan.damage {
        None => {}
        Some(Damage::Bit(at)) => flip(&mut signature, *at),
        Some(Damage::Shorter) => drop(signature.pop()),
        Some(Damage::Longer) => signature.push(0),
        Some(Damage::Wrapped(first)) => {
            let half = if *first { &mut signature[..length] } else { &mut signature[length..] };
            add(half, &order::<C>());
        }
        Some(Damage::HighS) => signature[length..].copy_from_slice(&Into::<FieldBytes<C>>::into(-s)),
        Some(Damage::KeyBit(at)) => flip(&mut key[1..], *at),
        Some(Damage::Message) => message.push(0),
    }

    let theirs = PublicKey::<C>::from_sec1_bytes(&key).ok();
    let (x, y) = key[1..].split_at(length);
    let jwk = json!({ "kty": "EC", "crv": curve, "x": encode(x), "y": encode(y) });
    let ours = Key::from_jwk(jwk.to_string().as_bytes()).ok();
    assert_eq!(ours.is_some(), theirs.is_some(), "{curve}: one takes the key {jwk}");
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return };

    let damaged_hash;
    let hash = if message.len() == plan.message.len() {
        hash
    } else {
        damaged_hash = match algorithm {
            "ES384" => Sha384::digest(&message).to_vec(),
            "ES512" => Sha512::digest(&message).to_vec(),
            _ => Sha256::digest(&message).to_vec(),
        };
        &damaged_hash
    };
    let expected = Signature::<C>::from_slice(&signature).is_ok_and(|signature| {
        // One library wants low s on secp256k1; JWS does not.
        let signature = if C::NORMALIZE_S { signature.normalize_s() } else { signature };
        verify_prehashed::<C>(&theirs.to_projective(), hash, &signature).is_ok()
    });
    if by_construction && matches!(plan.damage, None | Some(Damage::HighS)) && s != Scalar::<C>::ZERO {
        assert!(expected, "{curve}: the construction is wrong {plan:?}");
    }
    let algorithm = Algorithm::from_name(algorithm).unwrap();
    let times = if plan.often % 32 == 0 { 26 } else { 1 };
    for time in 0..times {
        let found = verifies(&ours, algorithm, &message, &signature);
        assert_eq!(found, expected, "{curve}, check {time}: {jwk} {signature:02x?} {message:02x?}");
    }
}

fn order<C: CurveArithmetic>() -> Vec<u8> {
    // −1 is the order less one.
    let minus_one: FieldBytes<C> = (-<Scalar<C> as Field>::ONE).into();
    let mut order = minus_one.to_vec();
    add(&mut order, &[1]);
    order
}

fn flip(octets: &mut [u8], at: u16) {
    let at = usize::from(at) % (octets.len() * 8);
    octets[at / 8] ^= 1 << (at % 8);
}

/// Adds big-endian numbers; what has no room is lost.
fn add(to: &mut [u8], number: &[u8]) {
    let mut carry = 0;
    for (i, octet) in to.iter_mut().rev().enumerate() {
        let other = number.iter().rev().nth(i).copied().unwrap_or_default();
        let sum = u16::from(*octet) + u16::from(other) + carry;
        *octet = sum as u8;
        carry = sum >> 8;
    }
}
