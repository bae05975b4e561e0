//! Ed25519 against ed25519-dalek's `verify_strict` with canonical keys.
//!
//! The edge cases are those of Chalkias, Garillot, Nikolaenko, "Taming the Many EdDSAs" (2020), made here
//! from the group's structure: small and mixed order in A and R, with and without the cofactorless
//! equation holding, encodings that are not canonical, s out of range.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as B, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha512};

use crate::random::Random;
use crate::subject::{CURVE, Phase, Subject, encode, signing_input};
use crate::tally::Tally;

/// Cases of one key.
const CASES: usize = 1000;

/// A key of both sides, and what made it.
struct Pair {
    ours: Subject,
    theirs: VerifyingKey,
    octets: [u8; 32],
    secret: Scalar,
    /// The part of small order.
    torsion: usize,
}

pub fn run(cases: u64, random: &mut Random, tally: &mut Tally) {
    let odd = odd_encodings();
    for group in 0_usize.. {
        if tally.cases >= cases {
            return;
        }
        let phase = Phase::of(tally, cases);
        // Encodings of no key, of a weak one, or of one that nobody has a secret for.
        Pair::new(tally, phase, odd[group % odd.len()], Scalar::ZERO, 0);
        let octets = random.octets(32).try_into().expect("32 octets");
        if let Some(mut pair) = Pair::new(tally, phase, octets, Scalar::ZERO, 0) {
            (0..4).for_each(|_| pair.case(random, tally, &odd));
        }
        let secret = scalar(random);
        // Half of the keys have a part of small order.
        let torsion = if random.one_in(2) { 0 } else { random.below(8) };
        let octets = (secret * B + EIGHT_TORSION[torsion]).compress().to_bytes();
        if let Some(mut pair) = Pair::new(tally, phase, octets, secret, torsion) {
            (0..CASES).for_each(|_| pair.case(random, tally, &odd));
        }
    }
}

impl Pair {
    fn new(tally: &mut Tally, phase: Phase, octets: [u8; 32], secret: Scalar, torsion: usize) -> Option<Self> {
        let jwk = format!("{{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"{}\"}}", encode(&octets));
        let ours = Subject::new(jwk.clone(), CURVE, phase);
        let theirs = VerifyingKey::from_bytes(&octets)
            .ok()
            .filter(|key| key.to_edwards().compress().to_bytes() == octets && !key.is_weak());
        if ours.is_some() != theirs.is_some() {
            tally.disagreement(&format!("one takes the key {jwk}"));
        }
        tally.key(theirs.is_some());
        Some(Self { ours: ours?, theirs: theirs?, octets, secret, torsion })
    }

    fn case(&mut self, random: &mut Random, tally: &mut Tally, odd: &[[u8; 32]]) {
        let algorithm = if random.one_in(2) { "EdDSA" } else { "Ed25519" };
        let size = random.below(96);
        let mut payload = random.octets(size);
        let mut input = signing_input(algorithm, &payload);
        let r_scalar = scalar(random);
        let r = r_scalar * B;
        let mut signature = self.sign(r.compress().to_bytes(), r_scalar, &input);
        match random.below(9) {
            0 | 1 => {}
            2 => random.flip(&mut signature),
            3 => {
                // Another message.
                payload.push(0);
                random.flip(&mut payload);
                input = signing_input(algorithm, &payload);
            }
            4 => {
                let s = signature[32..].try_into().expect("32 octets");
                signature[32..].copy_from_slice(&odd_scalar(random, s));
            }
            5 => {
                // Another R, and the s that this R would have if it were r · B: k depends on R's octets.
                let octets = match random.below(4) {
                    0 => *random.pick(odd),
                    1 => random.octets(32).try_into().expect("32 octets"),
                    // −R: only the sign differs from the right result.
                    _ => (-r).compress().to_bytes(),
                };
                signature = self.sign(octets, r_scalar, &input);
            }
            6 => {
                // R of small order: the equation can hold when r = 0.
                let r = EIGHT_TORSION[random.below(8)].compress().to_bytes();
                signature = self.sign(r, Scalar::ZERO, &input);
            }
            7 if random.one_in(8) => match random.below(3) {
                0 => signature.truncate(1 + random.below(63)),
                1 => signature.push(0),
                _ => signature.insert(0, 0),
            },
            _ => {
                // R of mixed order; in half the cases with the part that A brings in, if there is one.
                let mut torsion = random.below(8);
                let tries = if random.one_in(2) { 40 } else { 0 };
                for _ in 0..tries {
                    let r = (r + EIGHT_TORSION[torsion]).compress().to_bytes();
                    let brought = hash(&r, &self.octets, &input) * EIGHT_TORSION[self.torsion];
                    if (-EIGHT_TORSION[torsion]).compress() == brought.compress() {
                        break;
                    }
                    torsion = random.below(8);
                    payload.push(random.next() as u8);
                    input = signing_input(algorithm, &payload);
                }
                signature = self.sign(mixed(r, torsion), r_scalar, &input);
            }
        }
        let expected = Signature::from_slice(&signature)
            .is_ok_and(|signature| self.theirs.verify_strict(input.as_bytes(), &signature).is_ok());
        let found = self.ours.verifies(tally, algorithm, &input, &signature);
        tally.case(expected);
        if found != expected {
            let jwk = self.ours.jwk();
            tally.disagreement(&format!("ours {found}, theirs {expected}: {jwk} {input} {signature:02x?}"));
        }
    }

    /// R ‖ s with s = r + k · a.
    fn sign(&self, r: [u8; 32], r_scalar: Scalar, input: &str) -> Vec<u8> {
        let s = r_scalar + hash(&r, &self.octets, input) * self.secret;
        [r, s.to_bytes()].concat()
    }
}

fn mixed(r: EdwardsPoint, torsion: usize) -> [u8; 32] {
    (r + EIGHT_TORSION[torsion]).compress().to_bytes()
}

fn hash(r: &[u8; 32], a: &[u8; 32], message: &str) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(a).chain_update(message).finalize();
    Scalar::from_bytes_mod_order_wide(&hash.into())
}

fn scalar(random: &mut Random) -> Scalar {
    match random.below(16) {
        0 => Scalar::from(random.next() % 4),
        1 => -Scalar::from(1 + random.next() % 4),
        _ => Scalar::from_bytes_mod_order_wide(&random.octets(64).try_into().expect("64 octets")),
    }
}

/// s out of range or at its ends: s + L, s + 2L …, and fixed numbers around L.
fn odd_scalar(random: &mut Random, s: [u8; 32]) -> [u8; 32] {
    let mut one = [0; 32];
    one[0] = 1;
    let order = plus((-Scalar::ONE).to_bytes(), one);
    match random.below(11) {
        0 => [0; 32],
        1 => one,
        2 => (-Scalar::ONE).to_bytes(),
        3 => order,
        4 => plus(order, one),
        5 => core::array::from_fn(|i| if i == 31 { 0x10 } else { 0 }), // 2²⁵²
        6 => [0xff; 32],
        7 | 8 => plus(s, order),
        9 => plus(plus(s, order), order),
        _ => core::array::from_fn(|i| s[i] | u8::from(i == 31) << (4 + s[0] % 4)),
    }
}

/// The sum of little-endian numbers.
fn plus(number: [u8; 32], other: [u8; 32]) -> [u8; 32] {
    let mut carry = 0_u16;
    core::array::from_fn(|i| {
        carry += u16::from(number[i]) + u16::from(other[i]);
        let octet = carry as u8;
        carry >>= 8;
        octet
    })
}

/// Encodings that are not canonical, or of points of small order, or of none.
fn odd_encodings() -> Vec<[u8; 32]> {
    let mut encodings = vec![[0xff; 32]];
    for point in EIGHT_TORSION {
        let mut encoding = point.compress().to_bytes();
        encodings.push(encoding);
        encoding[31] ^= 0x80;
        encodings.push(encoding);
    }
    for low in 0..=18_u8 {
        // y + p, and the same y as it should be; either sign.
        let mut encoding = [0xff; 32];
        encoding[0] = 0xed + low;
        encodings.push(encoding);
        encoding[31] = 0x7f;
        encodings.push(encoding);
        let mut encoding = [0; 32];
        encoding[0] = low;
        encodings.push(encoding);
        encoding[31] = 0x80;
        encodings.push(encoding);
    }
    encodings
}
