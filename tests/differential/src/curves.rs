//! ECDSA on each curve against RustCrypto's: valid signatures, signatures with something changed, and
//! numbers, points and keys at the edges of the arithmetic.

use ecdsa::hazmat::verify_prehashed;
use ecdsa::{EcdsaCurve, Signature, SignatureSize};
use p256::elliptic_curve::array::ArraySize;
use p256::elliptic_curve::ops::{Invert, Reduce};
use p256::elliptic_curve::point::{AffineCoordinates, DecompressPoint};
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, Field, FieldBytes, FieldBytesSize, Group, ProjectivePoint, PublicKey, Scalar,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::octets::{difference, small, sum};
use crate::random::Random;
use crate::subject::{CURVE, Phase, Subject, encode, signing_input};
use crate::tally::Tally;

/// What JOSE calls a curve, and the end of its prime's difference to the order.
pub struct Names {
    pub curve: &'static str,
    pub algorithm: &'static str,
    /// p, hexadecimal.
    pub prime: &'static str,
}

/// Signatures that a key checks; each is judged in nine forms.
const SIGNATURES: usize = 112;
/// After every few keys come some that are made for one signature each, by `edge_key`.
const EDGES: u64 = 4;
const EDGE_KEYS: u64 = 24;

struct Run<'a, C: EcdsaCurve + CurveArithmetic> {
    names: &'a Names,
    random: &'a mut Random,
    tally: &'a mut Tally,
    cases: u64,
    length: usize,
    /// Octets of r or s at which something ends.
    edges: Vec<Vec<u8>>,
    order: Vec<u8>,
    curve: core::marker::PhantomData<C>,
}

/// A key of both sides.
struct Pair<C: EcdsaCurve + CurveArithmetic> {
    ours: Subject,
    theirs: ProjectivePoint<C>,
}

pub fn run<C>(names: &Names, cases: u64, random: &mut Random, tally: &mut Tally)
where
    C: EcdsaCurve + CurveArithmetic,
    Scalar<C>: Reduce<FieldBytes<C>>,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>:
        FromSec1Point<C> + ToSec1Point<C> + DecompressPoint<C> + AffineCoordinates<FieldRepr = FieldBytes<C>>,
    SignatureSize<C>: ArraySize,
{
    let length = FieldBytes::<C>::default().len();
    // −1 is the order less one.
    let minus_one: FieldBytes<C> = (-<Scalar<C> as Field>::ONE).into();
    let order = sum(&minus_one, &small(1, length));
    let prime = hex(names.prime, length);
    let gap = difference(&prime, &order);
    let mut edges = vec![order.clone(), prime.clone(), gap.clone(), vec![0xff; length]];
    for near in 1..=3 {
        let near = small(near, length);
        edges.extend([&order, &prime, &gap].map(|number| sum(number, &near)));
        edges.extend([&order, &prime, &gap].map(|number| difference(number, &near)));
        edges.push(near);
    }
    edges.push(small(0, length));
    let mut run = Run::<C> { names, random, tally, cases, length, edges, order, curve: core::marker::PhantomData };
    run.all();
}

impl<C> Run<'_, C>
where
    C: EcdsaCurve + CurveArithmetic,
    Scalar<C>: Reduce<FieldBytes<C>>,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>:
        FromSec1Point<C> + ToSec1Point<C> + DecompressPoint<C> + AffineCoordinates<FieldRepr = FieldBytes<C>>,
    SignatureSize<C>: ArraySize,
{
    fn all(&mut self) {
        let mut last = None;
        for group in 1_u64.. {
            if self.tally.cases >= self.cases {
                return;
            }
            if group % EDGES == 0 {
                (0..EDGE_KEYS).for_each(|_| self.edge_key());
            } else {
                self.common_key(&mut last);
            }
        }
    }

    /// A key with many signatures; sometimes a small multiple of the base point, or the opposite of one.
    fn common_key(&mut self, last: &mut Option<(Vec<u8>, Vec<u8>)>) {
        let multiple = small(1 + self.random.below(40) as u8, self.length);
        let secret = match self.random.below(8) {
            0 => self.scalar(&multiple),
            1 => -self.scalar(&multiple),
            _ => self.any_scalar(),
        };
        let point = ProjectivePoint::<C>::generator() * secret;
        let Some(mut pair) = self.pair(&point) else { return };
        self.damaged_keys(&point);
        // What another key signed.
        if let Some((payload, signature)) = last.take() {
            self.judge(&mut pair, &payload, &signature, false);
        }
        for _ in 0..SIGNATURES {
            let size = self.random.below(64);
            let payload = self.random.octets(size);
            let nonce = self.any_scalar();
            let z = self.hashed(&payload);
            let r = self.x_of(&(ProjectivePoint::<C>::generator() * nonce));
            let s = inverted::<C>(nonce).expect("not zero") * (z + r * secret);
            let signature = [octets::<C>(r), octets::<C>(s)].concat();
            if !self.judge(&mut pair, &payload, &signature, false) {
                self.tally.disagreement("a signature that was made by the book is refused");
            }
            self.changed(&mut pair, &payload, &signature);
            *last = Some((payload, signature));
        }
    }

    /// A signature in eight other forms.
    fn changed(&mut self, pair: &mut Pair<C>, payload: &[u8], signature: &[u8]) {
        let length = self.length;
        let (r, s) = signature.split_at(length);
        let high = [r, &difference(&self.order, s)].concat();
        if self.judge(pair, payload, &high, false) == s.iter().all(|&octet| octet == 0) {
            self.tally.disagreement("a signature with n − s is refused");
        }
        for _ in 0..7 {
            let (mut payload, mut changed) = (payload.to_vec(), signature.to_vec());
            match self.random.below(10) {
                0 | 1 => self.random.flip(&mut changed),
                2 if payload.is_empty() => payload.push(0),
                2 => self.random.flip(&mut payload),
                3 => changed[..length].copy_from_slice(&self.edge()),
                4 => changed[length..].copy_from_slice(&self.edge()),
                5 => {
                    changed[..length].copy_from_slice(&self.edge());
                    changed[length..].copy_from_slice(&self.edge());
                }
                6 => changed.rotate_left(length),
                7 if self.random.one_in(4) => match self.random.below(3) {
                    0 => changed.truncate(1 + self.random.below(2 * length - 1)),
                    1 => changed.push(0),
                    _ => changed.insert(0, 0),
                },
                7 => changed[length..].copy_from_slice(&octets::<C>(self.any_scalar())),
                8 => changed = self.random.octets(2 * length),
                _ => {
                    let half = if self.random.one_in(2) { 0..length } else { length..2 * length };
                    let wrapped =
                        if self.random.one_in(2) { sum } else { difference }(&changed[half.clone()], &self.order);
                    changed[half].copy_from_slice(&wrapped);
                }
            }
            self.judge(pair, &payload, &changed, false);
        }
    }

    /// A key that is made for one signature, whose nonce, point or s lies at an edge.
    fn edge_key(&mut self) {
        let payload = self.random.octets(20);
        let z = self.hashed(&payload);
        let base = ProjectivePoint::<C>::generator();
        let (r, s, key) = match self.random.below(5) {
            // The key for which (kG, s) is a signature.
            0 => {
                let (k, s) = (self.edge_scalar(), self.edge_scalar());
                (self.x_of(&(base * k)), s, Some(base * k))
            }
            // The same for a point that is known by its x only, which may be n or above.
            1 | 2 => {
                let mut x = FieldBytes::<C>::default();
                x.copy_from_slice(&self.edge());
                let odd = u8::from(self.random.one_in(2));
                let Some(point) = Option::<AffinePoint<C>>::from(AffinePoint::<C>::decompress(&x, odd.into())) else {
                    return;
                };
                let point = ProjectivePoint::<C>::from(point);
                (self.x_of(&point), self.edge_scalar(), Some(point))
            }
            // u₁G and u₂Q are the same point.
            3 => {
                let s = self.edge_scalar();
                let Some(inverse) = inverted::<C>(s) else { return };
                (self.x_of(&(base * (z * inverse + z * inverse))), s, None)
            }
            // u₁G and u₂Q are opposite points.
            _ => {
                let (r, s) = (self.edge_scalar(), self.edge_scalar());
                let Some(inverse) = inverted::<C>(r) else { return };
                let Some(mut pair) = self.pair(&-(base * (z * inverse))) else { return };
                self.judge(&mut pair, &payload, &[octets::<C>(r), octets::<C>(s)].concat(), true);
                return;
            }
        };
        let Some(inverse) = inverted::<C>(r) else { return };
        let key = match key {
            Some(point) => (point * s - base * z) * inverse,
            None => base * (z * inverse),
        };
        let Some(mut pair) = self.pair(&key) else { return };
        let signature = [octets::<C>(r), octets::<C>(s)].concat();
        if self.judge(&mut pair, &payload, &signature, true) == (s == Scalar::<C>::ZERO) {
            self.tally.disagreement("a constructed signature is refused");
        }
        self.changed(&mut pair, &payload, &signature);
    }

    /// Points beside the curve, and beyond p.
    fn damaged_keys(&mut self, point: &ProjectivePoint<C>) {
        let octets = (*point).into().to_sec1_point(false).as_bytes().to_vec();
        for _ in 0..3 {
            let mut damaged = octets[1..].to_vec();
            if self.random.one_in(2) {
                self.random.flip(&mut damaged);
            } else {
                let half = if self.random.one_in(2) { 0..self.length } else { self.length..2 * self.length };
                damaged[half].copy_from_slice(&self.edge());
            }
            self.key(&damaged);
        }
    }

    fn pair(&mut self, point: &ProjectivePoint<C>) -> Option<Pair<C>> {
        let octets = (*point).into().to_sec1_point(false).as_bytes().to_vec();
        // The point at infinity is no key.
        if octets.len() == 1 { None } else { self.key(&octets[1..]) }
    }

    /// A key by its coordinates, if it is one to both sides.
    fn key(&mut self, coordinates: &[u8]) -> Option<Pair<C>> {
        let (x, y) = coordinates.split_at(self.length);
        let curve = self.names.curve;
        let jwk = format!("{{\"kty\":\"EC\",\"crv\":\"{curve}\",\"x\":\"{}\",\"y\":\"{}\"}}", encode(x), encode(y));
        let theirs = PublicKey::<C>::from_sec1_bytes(&[&[4], coordinates].concat()).ok();
        let ours = Subject::new(jwk.clone(), CURVE, Phase::of(self.tally, self.cases));
        if ours.is_some() != theirs.is_some() {
            self.tally.disagreement(&format!("one takes the key {jwk}"));
        }
        self.tally.key(theirs.is_some());
        Some(Pair { ours: ours?, theirs: theirs?.to_projective() })
    }

    /// Both verdicts on a signature, which are to be the same. Returns theirs.
    fn judge(&mut self, pair: &mut Pair<C>, payload: &[u8], signature: &[u8], until_table: bool) -> bool {
        let algorithm = self.names.algorithm;
        let input = signing_input(algorithm, payload);
        let hash = self.hash(&input);
        let expected = Signature::<C>::from_slice(signature).is_ok_and(|signature| {
            // One library wants low s on secp256k1; JWS does not.
            let signature = if C::NORMALIZE_S { signature.normalize_s() } else { signature };
            verify_prehashed::<C>(&pair.theirs, &hash, &signature).is_ok()
        });
        let found = if until_table {
            pair.ours.verifies_until_table(self.tally, algorithm, &input, signature)
        } else {
            pair.ours.verifies(self.tally, algorithm, &input, signature)
        };
        self.tally.case(expected);
        if found != expected {
            let jwk = pair.ours.jwk();
            self.tally.disagreement(&format!("ours {found}, theirs {expected}: {jwk} {input} {signature:02x?}"));
        }
        expected
    }

    fn hash(&self, input: &str) -> Vec<u8> {
        match self.names.algorithm {
            "ES384" => Sha384::digest(input).to_vec(),
            "ES512" => Sha512::digest(input).to_vec(),
            _ => Sha256::digest(input).to_vec(),
        }
    }

    /// The scalar that a payload is hashed to.
    fn hashed(&self, payload: &[u8]) -> Scalar<C> {
        let hash = self.hash(&signing_input(self.names.algorithm, payload));
        let mut octets = vec![0; self.length - hash.len()];
        octets.extend(hash);
        self.scalar(&octets)
    }

    fn scalar(&self, octets: &[u8]) -> Scalar<C> {
        let mut fixed = FieldBytes::<C>::default();
        fixed.copy_from_slice(octets);
        <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&fixed)
    }

    fn any_scalar(&mut self) -> Scalar<C> {
        let octets = self.random.octets(self.length);
        self.scalar(&octets)
    }

    fn edge(&mut self) -> Vec<u8> {
        self.random.pick(&self.edges).clone()
    }

    /// At an edge of a number, of bits, or anywhere.
    fn edge_scalar(&mut self) -> Scalar<C> {
        let mut octets = match self.random.below(4) {
            0 => return self.any_scalar(),
            1 => self.edge(),
            _ => small(0, self.length),
        };
        if octets.iter().all(|&octet| octet == 0) {
            // Runs of ones.
            let (from, to) = (self.random.below(8 * self.length), self.random.below(8 * self.length));
            (from.min(to)..=from.max(to)).for_each(|bit| octets[bit / 8] |= 1 << (bit % 8));
        }
        self.scalar(&octets)
    }

    fn x_of(&self, point: &ProjectivePoint<C>) -> Scalar<C> {
        <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&(*point).into().x())
    }
}

fn inverted<C: CurveArithmetic>(scalar: Scalar<C>) -> Option<Scalar<C>> {
    Invert::invert(&scalar).into()
}

fn octets<C: CurveArithmetic>(scalar: Scalar<C>) -> Vec<u8> {
    Into::<FieldBytes<C>>::into(scalar).to_vec()
}

fn hex(text: &str, length: usize) -> Vec<u8> {
    let text = format!("{text:0>width$}", width = 2 * length);
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}
