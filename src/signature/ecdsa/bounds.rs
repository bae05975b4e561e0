//! Tests of the arithmetic at the extremes of its bounds, against num-bigint.

use std::vec::Vec;

use num_bigint::{BigInt, BigUint, Sign};

use super::curve::Curve;
use super::field::Element;
use super::limb::Limb;
use super::number;
use super::pair::Pair;
use super::point::{Affine, Jacobian};
use super::scalar::{self, Modulus};
use super::table::{Table, double_multiple};
use super::{P256, P384, P521, Secp256k1};

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
    let (sign, octets) = number.to_bytes_be();
    assert_ne!(sign, Sign::Minus);
    number::from_octets(&octets)
}

/// Runs a generic test on each curve.
macro_rules! on_each_curve {
    ($($name:ident)+) => {$(
        #[test]
        fn $name() {
            checks::$name::<P256, 9>();
            checks::$name::<P384, 14>();
            checks::$name::<P521, 18>();
            checks::$name::<Secp256k1, 9>();
        }
    )+};
}
on_each_curve!(constants products pairs narrowing multiples_of_p_are_zero inverses scalars sums_of_special_multiples);

mod checks {
    use super::*;

    /// R, such that a product of elements is a · b / R.
    fn radix<C: Curve<N>, const N: usize>() -> BigInt {
        value(&C::ONE, C::LIMB_BITS)
    }

    /// Elements at the bounds of a weight: all limbs at the same bound, signs alternating, and at random.
    fn extremes<C: Curve<N>, const N: usize>(weight: i64) -> Vec<[i32; N]> {
        let limb = i32::try_from(weight * ((1 << (C::LIMB_BITS - 1)) + (1 << 8))).unwrap();
        let top = i32::try_from(weight * C::TOP).unwrap();
        let mut random = Random(weight as u64);
        let bounds: [i32; N] = core::array::from_fn(|index| if index == N - 1 { top } else { limb });
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

    pub(super) fn constants<C: Curve<N>, const N: usize>() {
        let p = number(&C::PRIME);
        assert_eq!(value(&C::PRIME_LIMBS, C::LIMB_BITS), p);
        assert_eq!(p.bits(), u64::from(C::FIELD_BITS));
        assert_eq!(number(&C::ORDER).bits(), u64::from(C::FIELD_BITS));
        assert_eq!(C::LENGTH, C::FIELD_BITS.div_ceil(8) as usize);
        let radix = radix::<C, N>();
        assert_eq!(&radix * &radix % &p, value(&C::RADIX_SQUARED, C::LIMB_BITS));
        let montgomery = BigInt::from(1) << (C::LIMB_BITS * N as u32);
        assert!(radix == BigInt::from(1) || radix == montgomery % &p);
        assert!(Table::<C, N>::BYTES <= 400_000);
        assert_eq!(Table::<C, N>::new(&Affine::generator()).bytes(), Table::<C, N>::BYTES);
    }

    /// In debug builds the operations themselves check that results are of weight 1.
    pub(super) fn products<C: Curve<N>, const N: usize>() {
        products_of::<C, N, i32>();
        products_of::<C, N, Pair>();
    }

    /// Different elements in each lane.
    fn products_of<C: Curve<N>, const N: usize, L: Limb>() {
        let (p, radix) = (number(&C::PRIME), radix::<C, N>());
        let beside = |a: &[i32; N], b: &[i32; N]| Element::<C, N, L>::beside(&Element::new(*a), &Element::new(*b));
        let value_of = |element: &Element<C, N, L>, lane| value(element.lane(lane).limbs(), C::LIMB_BITS);
        for a_weight in 1..=C::LIMIT.min(7) {
            let (all_a, all_b) = (extremes::<C, N>(a_weight), extremes::<C, N>((C::LIMIT / a_weight).min(7)));
            for a in all_a.iter().zip(all_a.iter().rev()) {
                let a = beside(a.0, a.1);
                for b in all_b.iter().zip(all_b.iter().rev()) {
                    let b = beside(b.0, b.1);
                    let product = a.times(&b);
                    for lane in 0..L::LANES {
                        let expected = value_of(&a, lane) * value_of(&b, lane);
                        assert_eq!((value_of(&product, lane) * &radix - expected) % &p, BigInt::ZERO);
                    }
                }
                if a_weight * a_weight <= C::LIMIT {
                    let square = a.squared();
                    for lane in 0..L::LANES {
                        let expected = value_of(&a, lane) * value_of(&a, lane);
                        assert_eq!((value_of(&square, lane) * &radix - expected) % &p, BigInt::ZERO);
                    }
                }
            }
        }
    }

    /// Both lanes of a pair say what each element says alone.
    pub(super) fn pairs<C: Curve<N>, const N: usize>() {
        for weight in 1..=2 {
            let elements: Vec<Element<C, N>> =
                extremes::<C, N>(weight).iter().map(|limbs| Element::new(*limbs)).collect();
            for (a, b) in elements.iter().zip(elements.iter().rev()) {
                let (one, other) = (Element::<C, N, Pair>::beside(a, b), Element::beside(b, a));
                let lanes = [(a, b), (b, a)];
                for (lane, (a, b)) in lanes.into_iter().enumerate() {
                    assert_eq!(one.plus(&other).lane(lane).limbs(), a.plus(b).limbs());
                    assert_eq!(one.minus(&other).lane(lane).limbs(), a.minus(b).limbs());
                    assert_eq!(one.narrow().lane(lane).limbs(), a.narrow().limbs());
                }
            }
        }
    }

    pub(super) fn narrowing<C: Curve<N>, const N: usize>() {
        let p = number(&C::PRIME);
        for weight in 1..=4 {
            for a in extremes::<C, N>(weight) {
                let element = Element::<C, N>::new(a);
                let narrow = value(element.narrow().limbs(), C::LIMB_BITS);
                assert_eq!((&narrow - value(&a, C::LIMB_BITS)) % &p, BigInt::ZERO);
                // Within ±1.1 · p: canonical() counts on less than 2p.
                assert!(narrow.magnitude() * BigUint::from(10_u8) < p.magnitude() * BigUint::from(11_u8));
                let canonical = value(&element.canonical(), C::LIMB_BITS);
                assert_eq!((&canonical - narrow) % &p, BigInt::ZERO);
                assert!(canonical >= BigInt::ZERO && canonical < p);
                assert_eq!(element.is_zero(), canonical == BigInt::ZERO);
            }
        }
    }

    /// k · p for all |k| that fit, in limbs made uneven by moving units from limb to limb.
    pub(super) fn multiples_of_p_are_zero<C: Curve<N>, const N: usize>() {
        let mut random = Random(7);
        let largest = 4 * C::TOP / (1 << (C::FIELD_BITS - (N as u32 - 1) * C::LIMB_BITS));
        for k in -largest..=largest {
            for round in 0..8 {
                let mut limbs = C::PRIME_LIMBS.map(|limb| k * i64::from(limb));
                let mut carry = 0;
                for (index, limb) in limbs.iter_mut().enumerate().take(N - 1) {
                    *limb += carry;
                    carry = *limb >> C::LIMB_BITS;
                    *limb -= carry << C::LIMB_BITS;
                    let unit = if round == 0 { 0 } else { (random.next() % 2) as i64 };
                    *limb -= unit << C::LIMB_BITS;
                    carry += unit;
                    assert!(index < N);
                }
                limbs[N - 1] += carry;
                if limbs[N - 1].abs() > 4 * C::TOP {
                    continue;
                }
                let mut limbs = limbs.map(|limb| i32::try_from(limb).unwrap());
                assert!(Element::<C, N>::new(limbs).is_zero(), "{k}");
                limbs[round % (N - 1)] += if limbs[round % (N - 1)] > 0 { -1 } else { 1 };
                assert!(!Element::<C, N>::new(limbs).is_zero(), "{k}");
            }
        }
    }

    /// Numbers that make scalars special: small ones, those near n and n / 2, powers of 2, runs of bits.
    fn specials<C: Curve<N>, const N: usize>() -> Vec<BigInt> {
        let n = number(&C::ORDER);
        let mut specials: Vec<_> = (0..20).map(BigInt::from).collect();
        specials.extend((1..20).map(|k| &n - k));
        specials.extend((0..4).flat_map(|k| [&n / 2_u8 + k, &n / 2_u8 - k]));
        for bit in [4, 5, 6, 7, 8, 9, 30, 31, 60, C::FIELD_BITS / 2, C::FIELD_BITS - 2, C::FIELD_BITS - 1] {
            specials.extend([(BigInt::from(1) << bit) - 1, BigInt::from(1) << bit, (BigInt::from(1) << bit) + 1]);
        }
        specials.retain(|special| *special < n);
        let mut random = Random(11);
        for _ in 0..20 {
            let octets: Vec<_> = (0..C::LENGTH).map(|_| random.next() as u8).collect();
            specials.push(BigInt::from_bytes_be(Sign::Plus, &octets) % &n);
        }
        specials
    }

    /// Numbers that take Euclid's algorithm to its extremes: the most quotients there can be, all 1, and very
    /// large ones, first and later.
    pub(super) fn inverses<C: Curve<N>, const N: usize>() {
        for modulus in [&C::ORDER, &C::PRIME] {
            let m = number(modulus);
            let mut numbers = specials::<C, N>();
            let (mut less, mut more) = (BigInt::from(1), BigInt::from(1));
            while more < m {
                (less, more) = (more.clone(), less + more);
                let ratio = &m * &less / &more;
                numbers.extend([ratio.clone(), ratio + 1, more.clone()]);
            }
            for bit in 1..C::FIELD_BITS {
                let power = BigInt::from(1) << bit;
                let part: BigInt = &m / &power;
                numbers.extend([&part + 1, part.clone(), &part * 3, &m - &power, power - 1, m.clone() - part]);
            }
            let mut random = Random(3);
            for round in 0..2000_u64 {
                let octets: Vec<_> = (0..=round as usize % C::LENGTH).map(|_| random.next() as u8).collect();
                numbers.push(BigInt::from_bytes_be(Sign::Plus, &octets));
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

    pub(super) fn scalars<C: Curve<N>, const N: usize>() {
        let n = number(&C::ORDER);
        let specials = specials::<C, N>();
        for a in &specials {
            let inverse = C::ORDER.inverse_times_radix(&limbs(a));
            for b in &specials {
                let quotient = value(&C::ORDER.multiply(&limbs(b), &inverse), 30);
                assert!(quotient < n);
                if *a != BigInt::ZERO {
                    assert_eq!((quotient * a - b) % &n, BigInt::ZERO);
                }
            }
            // The largest e: all the bits of a hash, as many as n has.
            let e = BigInt::from(1) << C::FIELD_BITS;
            let quotient = value(&C::ORDER.multiply(&limbs(&(&e - 1)), &inverse), 30);
            assert!(quotient < n && (*a == BigInt::ZERO || (quotient * a - (e - 1)) % &n == BigInt::ZERO));
            for window in [5, C::WINDOW] {
                let mut digits = std::vec![0; C::FIELD_BITS.div_ceil(window) as usize];
                scalar::recode(&C::ORDER, &limbs(a), window, &mut digits);
                assert!(digits.iter().all(|digit| digit.unsigned_abs() <= 1 << (window - 1)));
                let sum = digits.iter().rev().fold(BigInt::ZERO, |sum, &digit| (sum << window) + digit);
                assert_eq!((sum - a) % &n, BigInt::ZERO);
            }
        }
    }

    /// k · G by doubling and adding alone.
    fn multiple<C: Curve<N>, const N: usize>(k: &BigInt) -> Jacobian<C, N> {
        let mut sum = Jacobian::INFINITY;
        for bit in (0..k.bits()).rev() {
            sum.double();
            if k.bit(bit) {
                sum.add(&Affine::generator(), false);
            }
        }
        sum
    }

    /// u₁ · G + u₂ · d · G where additions meet equal and opposite points and infinity: G, −G, 2G and the like
    /// as keys, special scalars, and scalars that cancel.
    pub(super) fn sums_of_special_multiples<C: Curve<N>, const N: usize>() {
        let n = number(&C::ORDER);
        let generator = Table::<C, N>::new(&Affine::generator());
        let specials = specials::<C, N>();
        let keys = [1, 2].map(BigInt::from);
        let mut turn = 0;
        for key in keys.iter().flat_map(|key| [key.clone(), &n - key]) {
            let point = Jacobian::to_affine(&[multiple::<C, N>(&key)])[0];
            let table = Table::new(&point);
            for (index, u1) in specials.iter().enumerate() {
                // Some others, and those for which the sum is 0, G or −G.
                let others = specials.iter().skip(index % 29).step_by(29).cloned();
                let inverse = key.modinv(&n).unwrap();
                let cancelling = (-1..=1).map(|rest| ((rest - u1) * &inverse % &n + &n) % &n);
                for u2 in others.chain(cancelling) {
                    let sum = (u1 + &u2 * &key) % &n;
                    let expected = multiple::<C, N>(&sum);
                    // With and without each table, in turn: all four for each sum take minutes.
                    turn += 1;
                    let generator = Some(&generator).filter(|_| turn % 2 == 0);
                    let table = Some(&table).filter(|_| turn % 4 < 2);
                    let found = double_multiple([&limbs(u1), &limbs(&u2)], &point, generator, table);
                    assert!(found.equals(&expected), "{u1} {u2} {key}");
                }
            }
        }
    }
}

#[test]
fn keys_are_validated() {
    let hex = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16).unwrap().to_bytes_be();
    let [x, y] = P256::GENERATOR.map(hex);
    let p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    let key = |x: &[u8], y: &[u8]| super::Key::<P256, 9>::from_coordinates(x, y);
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
