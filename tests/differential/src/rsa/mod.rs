//! RSASSA-PKCS1-v1_5 and RSASSA-PSS against RustCrypto's `rsa`: valid, corrupted and malformed at every
//! layer, and edge values.

mod encoding;
mod signer;

use num_bigint::BigUint;
use rsa::signature::Verifier;
use rsa::{BoxedUint, PublicKey, pkcs1v15, pss};
use sha2::{Sha256, Sha384, Sha512};

use crate::random::Random;
use crate::subject::{Phase, RSA, Subject, encode, signing_input};
use crate::tally::Tally;
use encoding::{FAULTS, Hash};
use signer::Signer;

/// Encodings that a key signs; each signature is judged in six forms.
const ENCODINGS: usize = 180;
const EXPONENTS: [u32; 7] = [65537, 65537, 65537, 3, 3, 17, 4_294_967_291];

/// What a signature is said to be.
#[derive(Clone, Copy)]
struct Scheme {
    pss: bool,
    hash: Hash,
}

/// A key of both sides, and its secret.
struct Pair {
    ours: Subject,
    theirs: PublicKey,
    signer: Signer,
    /// The octet of an encoding that is wrong next.
    position: usize,
}

pub fn run(sizes: &[usize], cases: u64, random: &mut Random, tally: &mut Tally) {
    while tally.cases < cases {
        let (bits, e) = (*random.pick(sizes), *random.pick(&EXPONENTS));
        let signer = Signer::new(random, bits, e);
        let phase = Phase::of(tally, cases);
        let mut pair = Pair::new(signer, phase);
        tally.key(true);
        // All positions in turn, over all keys.
        pair.position = tally.keys as usize * ENCODINGS / 4;
        for _ in 0..ENCODINGS {
            if tally.cases < cases {
                pair.encoding(random, tally);
            }
        }
    }
}

impl Pair {
    fn new(signer: Signer, phase: Phase) -> Self {
        let n = signer.n.to_bytes_be();
        let e: Vec<u8> = signer.e.to_be_bytes().into_iter().skip_while(|&octet| octet == 0).collect();
        let jwk = format!("{{\"kty\":\"RSA\",\"n\":\"{}\",\"e\":\"{}\"}}", encode(&n), encode(&e));
        let modulus = BoxedUint::from_be_slice_vartime(&n);
        let theirs = PublicKey::new_with_size_limits(modulus, BoxedUint::from(signer.e), 2048..=8192);
        Self {
            ours: Subject::new(jwk, RSA, phase).expect("a key"),
            theirs: theirs.expect("a key"),
            signer,
            position: 0,
        }
    }

    /// A signature of an encoding, half of them right, as it is and damaged.
    fn encoding(&mut self, random: &mut Random, tally: &mut Tally) {
        let scheme = Scheme { pss: random.one_in(2), hash: *random.pick(&[Hash::Sha256, Hash::Sha384, Hash::Sha512]) };
        let size = random.below(80);
        let mut payload = random.octets(size);
        let input = signing_input(scheme.name(), &payload);
        let kind = random.below(4);
        let fault = if kind == 0 { 1 + random.below(FAULTS - 1) } else { 0 };
        let mut encoded = if scheme.pss {
            encoding::pss(random, scheme.hash, input.as_bytes(), self.signer.bits, fault)
        } else {
            encoding::pkcs1(random, scheme.hash, input.as_bytes(), self.signer.octets, fault)
        };
        if kind == 1 {
            // One octet wrong, each in its turn.
            let at = self.position % encoded.len();
            encoded[at] ^= 1 + random.below(255) as u8;
            self.position += 1;
        }
        let s = self.signer.sign(&encoded);
        let signature = self.signer.octets_of(&s);
        if !self.judge(tally, scheme, &input, &signature) && kind > 1 {
            tally.disagreement("a signature that was made by the book is refused");
        }
        let mut flipped = signature.clone();
        random.flip(&mut flipped);
        self.judge(tally, scheme, &input, &flipped);
        let edge = self.edge(random, &s);
        self.judge(tally, scheme, &input, &edge);
        let mut resized = signature.clone();
        match random.below(5) {
            0 => resized.insert(0, 0),
            1 => resized.push(0),
            2 => drop(resized.pop()),
            3 => drop(resized.remove(0)),
            _ => resized = random.octets(self.signer.octets),
        }
        self.judge(tally, scheme, &input, &resized);
        payload.push(1);
        self.judge(tally, scheme, &signing_input(scheme.name(), &payload), &signature);
        // The right signature of another scheme: padding or hash differ.
        let other = if random.one_in(2) {
            Scheme { pss: !scheme.pss, ..scheme }
        } else {
            Scheme { hash: if scheme.hash == Hash::Sha512 { Hash::Sha256 } else { Hash::Sha512 }, ..scheme }
        };
        self.judge(tally, other, &signing_input(other.name(), &payload), &signature);
    }

    fn edge(&self, random: &mut Random, s: &BigUint) -> Vec<u8> {
        let n = &self.signer.n;
        self.signer.octets_of(&match random.below(8) {
            0 => BigUint::ZERO,
            1 => BigUint::from(1_u8),
            2 => n - 1_u8,
            3 => n.clone(),
            4 => n + 1_u8,
            5 => n - s,
            _ => n + s, // congruent, often no longer than n
        })
    }

    /// Both verdicts on a signature, which are to be the same. Returns theirs.
    fn judge(&mut self, tally: &mut Tally, scheme: Scheme, input: &str, signature: &[u8]) -> bool {
        let expected = self.their_verdict(scheme, input.as_bytes(), signature);
        let found = self.ours.verifies(tally, scheme.name(), input, signature);
        if expected && !found && signature.len() != self.signer.octets {
            tally.refused_by("a signature as long as n (RFC 8017 §8)");
            return expected;
        }
        tally.case(expected);
        if found != expected {
            let jwk = self.ours.jwk();
            tally.disagreement(&format!("ours {found}, theirs {expected}: {jwk} {input} {signature:02x?}"));
        }
        expected
    }

    fn their_verdict(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        macro_rules! judge {
            ($hash:ty, $salt:literal) => {
                if scheme.pss {
                    pss::Signature::try_from(signature).is_ok_and(|signature| {
                        let key = pss::VerifyingKey::<$hash>::new_with_salt_len(self.theirs.clone(), $salt);
                        key.verify(message, &signature).is_ok()
                    })
                } else {
                    pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| {
                        let key = pkcs1v15::VerifyingKey::<$hash>::new(self.theirs.clone());
                        key.verify(message, &signature).is_ok()
                    })
                }
            };
        }
        match scheme.hash {
            Hash::Sha256 => judge!(Sha256, 32),
            Hash::Sha384 => judge!(Sha384, 48),
            Hash::Sha512 => judge!(Sha512, 64),
        }
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match (self.pss, self.hash) {
            (false, Hash::Sha256) => "RS256",
            (false, Hash::Sha384) => "RS384",
            (false, Hash::Sha512) => "RS512",
            (true, Hash::Sha256) => "PS256",
            (true, Hash::Sha384) => "PS384",
            (true, Hash::Sha512) => "PS512",
        }
    }
}
