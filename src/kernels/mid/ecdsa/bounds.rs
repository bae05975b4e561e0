//! Tests of the arithmetic at the extremes of its bounds, against num-bigint.

use std::vec::Vec;

use num_bigint::{BigInt, BigUint, Sign};

use super::curve::Curve;
use super::field::{Element, Field};
use super::p256::P256;
use super::p384::P384;
use super::p521::P521;
use super::point::{Affine, Jacobian};
use super::scalar::{self, Modulus};
use super::secp256k1::SECP256K1;
use super::table::{Table, double_multiple};
use crate::kernels::low::ecdsa::limbs::{LIMBS, Limbs};
use crate::kernels::low::ecdsa::number;

/// Not for secrets: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
}

fn value(limbs: &[i32], bits: u32) -> BigInt {
    limbs.iter().rev().fold(BigInt::ZERO, |value, &limb| (value << bits) + limb)
}

fn number(modulus: &Modulus) -> BigInt {
    value(modulus.limbs(), 30)
}

fn limbs(number: &BigInt) -> number::Limbs {
    let (sign, bytes) = number.to_bytes_be();
    assert_ne!(sign, Sign::Minus);
    number::from_bytes(&bytes)
}

/// Runs a test on each curve.
macro_rules! on_each_curve {
    ($($name:ident)+) => {$(
        #[test]
        fn $name() {
            [&P256, &P384, &P521, &SECP256K1].into_iter().for_each(checks::$name);
        }
    )+};
}
on_each_curve!(constants magnitudes products lanes carrying multiples_of_p_are_zero inverses scalars sums_of_special_multiples);

mod checks {
    use super::*;

    /// R, such that a product of elements is a · b / R.
    fn radix(field: &Field) -> BigInt {
        value(&field.alone.one, field.bits)
    }

    /// Limbs at the bounds of a magnitude: all at the same bound, signs alternating, and at random.
    fn extremes(field: &Field, magnitude: i64) -> Vec<Limbs> {
        let limb = i32::try_from(magnitude * ((1 << (field.bits - 1)) + (1 << 8))).unwrap();
        let top = i32::try_from(magnitude * field.top).unwrap();
        let mut random = Random(magnitude as u64);
        let bounds: Limbs = core::array::from_fn(|index| match index + 1 {
            above if above > field.length => 0,
            at if at == field.length => top,
            _ => limb,
        });
        let mut extremes = std::vec![bounds, bounds.map(|limb| -limb)];
        for parity in 0..2 {
            extremes
                .push(core::array::from_fn(|index| if index % 2 == parity { bounds[index] } else { -bounds[index] }));
        }
        for _ in 0..40 {
            extremes.push(bounds.map(|limb| if random.next().is_multiple_of(2) { limb } else { -limb }));
            extremes.push(bounds.map(|limb| (random.next() as i64 % (i64::from(limb) + 1)) as i32));
        }
        extremes
    }

    /// What debug builds compare at every operation: one more in any limb, and the magnitude is the next one.
    pub(super) fn magnitudes(curve: &'static Curve) {
        for field in [curve.field, curve.lanes] {
            assert_eq!(Element::zero(field).magnitude(), 1);
            for at in 0..LIMBS {
                let magnitude = |limb: i64| {
                    let mut element = Element::zero(field);
                    element.limbs[at] = i32::try_from(limb).unwrap();
                    element.magnitude()
                };
                let bound = match field.length.checked_sub(at / field.lanes + 1) {
                    Some(0) => field.top,
                    Some(_) => (1 << (field.bits - 1)) + (1 << 8),
                    None => {
                        assert!([1, -1].map(magnitude).iter().all(|&needed| needed > field.limit));
                        continue;
                    }
                };
                for (needed, sign) in (1..=4).flat_map(|needed| [(needed, 1), (needed, -1)]) {
                    assert_eq!(magnitude(sign * needed * bound), needed);
                    assert_eq!(magnitude(sign * (needed * bound + 1)), needed + 1);
                }
            }
        }
    }

    pub(super) fn constants(curve: &'static Curve) {
        let field = curve.field;
        let p = number(field.modulus);
        assert_eq!(value(&field.prime, field.bits), p);
        assert_eq!(field.prime[field.length - 1], 1 << field.top_bits);
        assert!(field.top_bits < field.bits);
        assert_eq!(p.bits(), u64::from(curve.bits()));
        assert_eq!(number(&curve.order).bits(), u64::from(curve.bits()));
        assert_eq!(curve.length, curve.bits().div_ceil(8) as usize);
        let radix = radix(field);
        assert_eq!(&radix * &radix % &p, value(&field.radix_squared, field.bits));
        let montgomery = BigInt::from(1) << (field.bits * field.length as u32);
        assert!(radix == BigInt::from(1) || radix == montgomery % &p);
        assert_eq!((field.lanes, field.alone.modulus.limbs()), (1, field.modulus.limbs()));
        assert!((0..LIMBS).all(|index| field.used[index] == if index < field.length { -1 } else { 0 }));
        // Elements side by side are elements of the same field.
        let lanes = curve.lanes;
        assert!(core::ptr::eq(lanes.alone, field));
        for (wide, limbs) in [
            (lanes.prime, field.prime),
            (lanes.one, field.one),
            (lanes.radix_squared, field.radix_squared),
            (lanes.used, field.used),
        ] {
            for lane in 0..lanes.lanes {
                assert_eq!(Element { limbs: wide, field: lanes }.lane(lane).limbs, limbs);
            }
        }
        let bytes = Table::new(curve, &curve.generator()).bytes();
        assert!(bytes <= Table::MAX_BYTES && Table::MAX_BYTES <= 390 * 1024);
    }

    /// In debug builds the operations themselves check that results are of magnitude 1.
    pub(super) fn products(curve: &'static Curve) {
        products_of(curve.field);
        products_of(curve.lanes);
    }

    /// Different elements in each lane.
    fn products_of(field: &'static Field) {
        let (p, radix) = (number(field.modulus), radix(field));
        let alone = |limbs: &Limbs| Element { limbs: *limbs, field: field.alone };
        let pack = |a: &Limbs, b: &Limbs| Element::pack_lanes(field, &alone(a), &alone(b));
        let value_of = |element: &Element, lane| value(&element.lane(lane).limbs, field.bits);
        for a_magnitude in 1..=field.limit.min(7) {
            let (all_a, all_b) = (extremes(field, a_magnitude), extremes(field, (field.limit / a_magnitude).min(7)));
            for a in all_a.iter().zip(all_a.iter().rev()) {
                let a = pack(a.0, a.1);
                for b in all_b.iter().zip(all_b.iter().rev()) {
                    let b = pack(b.0, b.1);
                    let product = a.times(&b);
                    for lane in 0..field.lanes {
                        let expected = value_of(&a, lane) * value_of(&b, lane);
                        assert_eq!((value_of(&product, lane) * &radix - expected) % &p, BigInt::ZERO);
                    }
                }
                if a_magnitude * a_magnitude <= field.limit {
                    let square = a.squared();
                    for lane in 0..field.lanes {
                        let expected = value_of(&a, lane) * value_of(&a, lane);
                        assert_eq!((value_of(&square, lane) * &radix - expected) % &p, BigInt::ZERO);
                    }
                }
            }
        }
    }

    /// Both lanes say what each element says alone.
    pub(super) fn lanes(curve: &'static Curve) {
        for magnitude in 1..=2 {
            let elements: Vec<Element> = extremes(curve.field, magnitude)
                .into_iter()
                .chain([[0; LIMBS], curve.field.prime])
                .map(|limbs| Element { limbs, field: curve.field })
                .collect();
            for (a, b) in elements.iter().zip(elements.iter().rev()) {
                let (one, other) = (Element::pack_lanes(curve.lanes, a, b), Element::pack_lanes(curve.lanes, b, a));
                let lanes = [(a, b), (b, a)];
                for (lane, (a, b)) in lanes.into_iter().enumerate().take(curve.lanes.lanes) {
                    assert_eq!(one.lane(lane).limbs, a.limbs);
                    assert_eq!(one.plus(&other).lane(lane).limbs, a.plus(b).limbs);
                    assert_eq!(one.minus(&other).lane(lane).limbs, a.minus(b).limbs);
                    assert_eq!(one.carry().lane(lane).limbs, a.carry().limbs);
                    assert_eq!(one.plus_a().carry().lane(lane).limbs, a.plus_a().carry().limbs);
                }
                let any = (0..curve.lanes.lanes).any(|lane| lanes[lane].0.is_zero());
                assert_eq!(one.is_zero(), any);
            }
        }
    }

    pub(super) fn carrying(curve: &'static Curve) {
        let field = curve.field;
        let p = number(field.modulus);
        for magnitude in 1..=4 {
            for limbs in extremes(field, magnitude) {
                let element = Element { limbs, field };
                let carried = value(&element.carry().limbs, field.bits);
                assert_eq!((&carried - value(&limbs, field.bits)) % &p, BigInt::ZERO);
                // Within ±1.1 · p: canonical() counts on less than 2p.
                assert!(carried.magnitude() * BigUint::from(10_u8) < p.magnitude() * BigUint::from(11_u8));
                let canonical = value(&element.canonical(), field.bits);
                assert_eq!((&canonical - carried) % &p, BigInt::ZERO);
                assert!(canonical >= BigInt::ZERO && canonical < p);
                assert_eq!(element.is_zero(), canonical == BigInt::ZERO);
            }
        }
    }

    /// k · p for all |k| that fit, in limbs made uneven by moving units from limb to limb.
    pub(super) fn multiples_of_p_are_zero(curve: &'static Curve) {
        let field = curve.field;
        let mut random = Random(7);
        let largest = 4 * field.top / (1 << field.top_bits);
        for k in -largest..=largest {
            for round in 0..8 {
                let mut limbs = field.prime.map(|limb| k * i64::from(limb));
                let mut carry = 0;
                for (index, limb) in limbs.iter_mut().enumerate().take(field.length - 1) {
                    *limb += carry;
                    carry = *limb >> field.bits;
                    *limb -= carry << field.bits;
                    let unit = if round == 0 { 0 } else { (random.next() % 2) as i64 };
                    *limb -= unit << field.bits;
                    carry += unit;
                    assert!(index < LIMBS);
                }
                limbs[field.length - 1] += carry;
                if limbs[field.length - 1].abs() > 4 * field.top {
                    continue;
                }
                let mut limbs = limbs.map(|limb| i32::try_from(limb).unwrap());
                assert!(Element { limbs, field }.is_zero(), "{k}");
                let changed = &mut limbs[round % (field.length - 1)];
                *changed += if *changed > 0 { -1 } else { 1 };
                assert!(!Element { limbs, field }.is_zero(), "{k}");
            }
        }
    }

    /// Numbers that make scalars special: small ones, those near n and n / 2, powers of 2, runs of bits.
    fn specials(curve: &Curve) -> Vec<BigInt> {
        let n = number(&curve.order);
        let mut specials: Vec<_> = (0..20).map(BigInt::from).collect();
        specials.extend((1..20).map(|k| &n - k));
        specials.extend((0..4).flat_map(|k| [&n / 2_u8 + k, &n / 2_u8 - k]));
        for bit in [4, 5, 6, 7, 8, 9, 30, 31, 60, curve.bits() / 2, curve.bits() - 2, curve.bits() - 1] {
            specials.extend([(BigInt::from(1) << bit) - 1, BigInt::from(1) << bit, (BigInt::from(1) << bit) + 1]);
        }
        specials.retain(|special| *special < n);
        let mut random = Random(11);
        for _ in 0..20 {
            let bytes: Vec<_> = (0..curve.length).map(|_| random.next() as u8).collect();
            specials.push(BigInt::from_bytes_be(Sign::Plus, &bytes) % &n);
        }
        specials
    }

    /// Numbers that take Euclid's algorithm to its extremes: the most quotients there can be, all 1, and very
    /// large ones, first and later.
    pub(super) fn inverses(curve: &'static Curve) {
        for modulus in [&curve.order, curve.field.modulus] {
            let m = number(modulus);
            let mut numbers = specials(curve);
            let (mut less, mut more) = (BigInt::from(1), BigInt::from(1));
            while more < m {
                (less, more) = (more.clone(), less + more);
                let ratio = &m * &less / &more;
                numbers.extend([ratio.clone(), ratio + 1, more.clone()]);
            }
            for bit in 1..curve.bits() {
                let power = BigInt::from(1) << bit;
                let part: BigInt = &m / &power;
                numbers.extend([&part + 1, part.clone(), &part * 3, &m - &power, power - 1, m.clone() - part]);
            }
            let mut random = Random(3);
            for round in 0..2000_u64 {
                let bytes: Vec<_> = (0..=round as usize % curve.length).map(|_| random.next() as u8).collect();
                numbers.push(BigInt::from_bytes_be(Sign::Plus, &bytes));
            }
            for a in numbers {
                let a = a % &m;
                let inverse = value(&modulus.inverse(&limbs(&a)), 30);
                let expected = BigInt::from(u8::from(a != BigInt::ZERO));
                assert_eq!(&a * &inverse % &m, expected, "{a}");
                assert!(inverse < m);
            }
        }
    }

    pub(super) fn scalars(curve: &'static Curve) {
        let n = number(&curve.order);
        let specials = specials(curve);
        for a in &specials {
            let inverse = curve.order.inverse_times_radix(&limbs(a));
            for b in &specials {
                let quotient = value(&curve.order.multiply(&limbs(b), &inverse), 30);
                assert!(quotient < n);
                if *a != BigInt::ZERO {
                    assert_eq!((quotient * a - b) % &n, BigInt::ZERO);
                }
            }
            // The largest e: all the bits of a hash, as many as n has.
            let e = BigInt::from(1) << curve.bits();
            let quotient = value(&curve.order.multiply(&limbs(&(&e - 1)), &inverse), 30);
            assert!(quotient < n && (*a == BigInt::ZERO || (quotient * a - (e - 1)) % &n == BigInt::ZERO));
            for window in [5, curve.window] {
                let mut digits = std::vec![0; curve.bits().div_ceil(window) as usize];
                scalar::recode(&curve.order, &limbs(a), window, &mut digits);
                assert!(digits.iter().all(|digit| digit.unsigned_abs() <= 1 << (window - 1)));
                let sum = digits.iter().rev().fold(BigInt::ZERO, |sum, &digit| (sum << window) + digit);
                assert_eq!((sum - a) % &n, BigInt::ZERO);
            }
        }
    }

    /// G, 2 · G, 4 · G and so on, by doubling alone.
    fn doublings(curve: &Curve) -> Vec<Affine> {
        let mut doubled = Jacobian::infinity(curve.field);
        doubled.add(&curve.generator());
        let doublings = (0..curve.bits()).map(|_| {
            let current = doubled;
            doubled.double();
            current
        });
        Jacobian::to_affine(&doublings.collect::<Vec<_>>())
    }

    /// k · G by adding alone.
    fn multiple(curve: &Curve, doublings: &[Affine], k: &BigInt) -> Jacobian {
        let mut sum = Jacobian::infinity(curve.field);
        for (_, doubled) in (0..).zip(doublings).filter(|(bit, _)| k.bit(*bit)) {
            sum.add(doubled);
        }
        sum
    }

    /// u₁ · G + u₂ · d · G where additions meet equal and opposite points and infinity: G, −G, 2G and the like
    /// as keys, special scalars, and scalars that cancel.
    pub(super) fn sums_of_special_multiples(curve: &'static Curve) {
        let n = number(&curve.order);
        let generator = Table::new(curve, &curve.generator());
        let (specials, doublings) = (specials(curve), doublings(curve));
        let keys = [1, 2].map(BigInt::from);
        let mut turn = 0;
        for key in keys.iter().flat_map(|key| [key.clone(), &n - key]) {
            let point = Jacobian::to_affine(&[multiple(curve, &doublings, &key)])[0];
            let table = Table::new(curve, &point);
            let inverse = key.modinv(&n).unwrap();
            for (index, u1) in specials.iter().enumerate() {
                // Some others, and those for which the sum is 0, G or −G.
                let others = specials.iter().skip(index % 29).step_by(29).cloned();
                let cancelling = (-1..=1).map(|rest| ((rest - u1) * &inverse % &n + &n) % &n);
                for u2 in others.chain(cancelling) {
                    let sum = (u1 + &u2 * &key) % &n;
                    let expected = multiple(curve, &doublings, &sum);
                    // With and without each table, in turn: all four for each sum take minutes.
                    turn += 1;
                    let generator = Some(&generator).filter(|_| turn % 2 == 0);
                    let table = Some(&table).filter(|_| turn % 4 < 2);
                    let found = double_multiple(curve, [&limbs(u1), &limbs(&u2)], &point, generator, table);
                    assert!(found.equals(&expected), "{u1} {u2} {key}");
                }
            }
        }
    }
}
