//! The group of edwards25519, −x² + y² = 1 + d·x²·y² (RFC 8032 §5.1), with the complete formulas
//! of Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (ASIACRYPT 2008), §3.1 and
//! §3.3: no case needs an exception, since −1 is a square modulo p and d is not.

use alloc::vec::Vec;

use super::field::{Field, Loose, product, square};
use super::scalar::Scalar;

/// d = −121665 / 121666.
const D: Field = Field::from_literal(&[
    0xa3, 0x78, 0x59, 0x13, 0xca, 0x4d, 0xeb, 0x75, 0xab, 0xd8, 0x41, 0x41, 0x4d, 0x0a, 0x70, 0x00, //
    0x98, 0xe8, 0x79, 0x77, 0x79, 0x40, 0xc7, 0x8c, 0x73, 0xfe, 0x6f, 0x2b, 0xee, 0x6c, 0x03, 0x52,
]);

/// 2^((p − 1) / 4), a square root of −1.
const ROOT_OF_MINUS_ONE: Field = Field::from_literal(&[
    0xb0, 0xa0, 0x0e, 0x4a, 0x27, 0x1b, 0xee, 0xc4, 0x78, 0xe4, 0x2f, 0xad, 0x06, 0x18, 0x43, 0x2f, //
    0xa7, 0xd7, 0xfb, 0x3d, 0x99, 0x00, 0x4d, 0x2b, 0x0b, 0xdf, 0xc1, 0x4f, 0x80, 0x24, 0x83, 0x2b,
]);

/// (p + 1) / 2.
const HALF: Field = Field::from_literal(&[
    0xf7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, //
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f,
]);

const BASE_X: Field = Field::from_literal(&[
    0x1a, 0xd5, 0x25, 0x8f, 0x60, 0x2d, 0x56, 0xc9, 0xb2, 0xa7, 0x25, 0x95, 0x60, 0xc7, 0x2c, 0x69, //
    0x5c, 0xdc, 0xd6, 0xfd, 0x31, 0xe2, 0xa4, 0xc0, 0xfe, 0x53, 0x6e, 0xcd, 0xd3, 0x36, 0x69, 0x21,
]);

/// 4 / 5.
const BASE_Y: Field = Field::from_literal(&[
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, //
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
]);

/// A point (X/Z, Y/Z).
#[derive(Clone, Copy)]
pub(super) struct Projective {
    x: Field,
    y: Field,
    z: Field,
}

/// A point (X/Z, Y/Z) with T = XY/Z.
#[derive(Clone, Copy)]
pub(super) struct Extended {
    x: Field,
    y: Field,
    z: Field,
    t: Field,
}

/// The point (E/G, H/F) that additions and doublings end in, before their last multiplications:
/// what comes next decides which of these are needed.
#[derive(Clone, Copy)]
pub(super) struct Completed {
    e: Loose,
    f: Loose,
    g: Loose,
    h: Loose,
}

/// An addend with Z = 1: (y − x)/2, (y + x)/2, d·x·y.
#[derive(Clone, Copy)]
pub(super) struct Affine {
    minus: Field,
    plus: Field,
    product: Field,
}

/// Any addend: Y − X, Y + X, 2·d·T, and 2·Z.
pub(super) struct Addend {
    affine: Affine,
    z: Field,
}

/// A factor and the odd multiples from 1 to 15 of a point, for [`ladder`].
pub(super) struct Term {
    form: [i8; 254],
    multiples: [Addend; 8],
}

impl Extended {
    /// The point of its encoding (RFC 8032 §5.1.3). `None` if there is none or another encoding is
    /// the canonical one.
    pub(super) fn from_octets(octets: &[u8; 32]) -> Option<Self> {
        let mut magnitude = *octets;
        magnitude[31] &= 0x7f;
        let y = Field::from_octets(&magnitude)?;
        let yy = square(&y);
        // x² = u / v; v is never zero, since −1/d is not a square.
        let u = (&yy - &Field::ONE).carry();
        let v = (&product(&D, &yy) + &Field::ONE).carry();
        // x = u·v³ · (u·v⁷)^((p − 5) / 8), step 3.
        let v3 = product(&square(&v), &v);
        let uv7 = product(&u, &product(&square(&v3), &v));
        let mut x = product(&product(&u, &v3), &uv7.power_252_3());
        let vxx = product(&v, &square(&x));
        if vxx == -&u {
            x = product(&x, &ROOT_OF_MINUS_ONE);
        } else if vxx != u {
            return None;
        }
        let sign = octets[31] > 0x7f;
        if x.is_odd() != sign {
            x = -&x;
        }
        // Zero is its own negative: step 4.
        (x.is_odd() == sign).then(|| Self::new(x, y))
    }

    /// The base point B.
    pub(super) fn base() -> Self {
        Self::new(BASE_X, BASE_Y)
    }

    fn new(x: Field, y: Field) -> Self {
        Self { x, y, z: Field::ONE, t: product(&x, &y) }
    }

    pub(super) fn negate(&self) -> Self {
        Self { x: -&self.x, t: -&self.t, ..*self }
    }

    pub(super) fn projective(&self) -> Projective {
        Projective { x: self.x, y: self.y, z: self.z }
    }

    /// §3.1 for a = −1, with `z` for 2·Z₁·Z₂ (or all halved, as in [`Affine`]):
    /// 7 M, and 1 for `z`. The negative of an addend has minus and plus swapped and the other sign
    /// in the product.
    #[inline(never)]
    fn add(&self, addend: &Affine, z: &Field, negative: bool) -> Completed {
        let (minus, plus) = if negative { (&addend.plus, &addend.minus) } else { (&addend.minus, &addend.plus) };
        let a = product(&(&self.y - &self.x), minus);
        let b = product(&(&self.y + &self.x), plus);
        let c = product(&self.t, &addend.product);
        let (f, g) = if negative { (z + &c, z - &c) } else { (z - &c, z + &c) };
        Completed { e: &b - &a, f, g, h: &b + &a }
    }

    pub(super) fn add_affine(&self, addend: &Affine, negative: bool) -> Completed {
        self.add(addend, &self.z, negative)
    }

    pub(super) fn add_addend(&self, addend: &Addend, negative: bool) -> Completed {
        self.add(&addend.affine, &product(&self.z, &addend.z), negative)
    }

    pub(super) fn addend(&self) -> Addend {
        let affine = Affine {
            minus: (&self.y - &self.x).carry(),
            plus: (&self.y + &self.x).carry(),
            product: product(&self.t, &(&D + &D)),
        };
        Addend { affine, z: (&self.z + &self.z).carry() }
    }
}

impl Projective {
    /// §3.3 for a = −1, all four signs turned: 4 S.
    #[inline(never)]
    pub(super) fn double(&self) -> Completed {
        let xx = square(&self.x);
        let yy = square(&self.y);
        let zz = square(&self.z);
        let sum = &xx + &yy;
        let difference = (&xx - &yy).carry();
        Completed {
            e: &sum.carry() - &square(&(&self.x + &self.y)),
            f: &(&zz + &zz).carry() + &difference,
            g: difference.into(),
            h: sum,
        }
    }

    /// Whether eight times the point is the neutral element. The eight such points: x = 0 (orders 1
    /// and 2), y = 0 (order 4), x² + y² = 0 (order 8: doubled, it has y = 0).
    pub(super) fn is_small_order(&self) -> bool {
        self.x.is_zero() || self.y.is_zero() || (&square(&self.x) + &square(&self.y)).carry().is_zero()
    }

    /// The canonical encoding (RFC 8032 §5.1.2).
    pub(super) fn to_octets(self) -> [u8; 32] {
        let inverse = self.z.invert();
        let mut octets = product(&self.y, &inverse).to_octets();
        octets[31] |= u8::from(product(&self.x, &inverse).is_odd()) << 7;
        octets
    }
}

impl Completed {
    /// (0, 1), the neutral element.
    pub(super) fn neutral() -> Self {
        let one = Field::ONE.into();
        Self { e: Field::ZERO.into(), f: one, g: one, h: one }
    }

    /// 3 M.
    #[inline(never)]
    pub(super) fn projective(&self) -> Projective {
        Projective { x: product(&self.e, &self.f), y: product(&self.g, &self.h), z: product(&self.f, &self.g) }
    }

    /// 4 M.
    #[inline(never)]
    pub(super) fn extended(&self) -> Extended {
        let Projective { x, y, z } = self.projective();
        Extended { x, y, z, t: product(&self.e, &self.h) }
    }
}

impl Affine {
    /// The addends of points, with one inversion for all (Montgomery's trick). No z is zero.
    pub(super) fn from_projective(mut points: Vec<Projective>) -> Vec<Self> {
        let mut total = Field::ONE;
        let before: Vec<Field> = points
            .iter()
            .map(|point| {
                let before = total;
                total = product(&total, &point.z);
                before
            })
            .collect();
        let mut inverse = total.invert();
        for (point, before) in points.iter_mut().zip(before).rev() {
            let z = point.z;
            point.z = product(&inverse, &before);
            inverse = product(&inverse, &z);
        }
        // In place: both types have three field elements.
        points
            .into_iter()
            .map(|Projective { x, y, z: inverse }| {
                let half = product(&inverse, &HALF);
                let (minus, plus) = (product(&(&y - &x), &half), product(&(&y + &x), &half));
                // plus + minus = y and plus − minus = x.
                Self { minus, plus, product: product(&D, &product(&(&plus + &minus), &(&plus - &minus))) }
            })
            .collect()
    }
}

impl Term {
    pub(super) fn new(factor: &Scalar, point: &Extended) -> Self {
        let twice = point.projective().double().extended().addend();
        let mut multiple = *point;
        let multiples = core::array::from_fn(|i| {
            if i > 0 {
                multiple = multiple.add_addend(&twice, false).extended();
            }
            multiple.addend()
        });
        Self { form: factor.non_adjacent_form(), multiples }
    }
}

/// The sum of the products of all terms, on one ladder of doublings (Straus). Without any term it
/// costs nothing.
pub(super) fn ladder(terms: [Option<Term>; 2]) -> Completed {
    let mut sum = Completed::neutral();
    if terms.iter().all(Option::is_none) {
        return sum;
    }
    for position in (0..254).rev() {
        sum = sum.projective().double();
        for Term { form, multiples } in terms.iter().flatten() {
            let digit = form[position];
            if digit != 0 {
                // Odd and at most 15 in size, so the index is at most 7.
                let multiple = &multiples[usize::from(digit.unsigned_abs() / 2)];
                sum = sum.extended().add_addend(multiple, digit < 0);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::edwards::EdwardsPoint;

    use super::*;

    #[test]
    fn constants() {
        assert!(product(&D, &Field::small(121_666)) == -&Field::small(121_665));
        assert!(square(&ROOT_OF_MINUS_ONE) == -&Field::ONE);
        assert!((&HALF + &HALF).carry() == Field::ONE);
        assert!(product(&BASE_Y, &Field::small(5)) == Field::small(4));
        assert_eq!(Extended::base().projective().to_octets(), ED25519_BASEPOINT_POINT.compress().to_bytes());
    }

    fn octets(point: &Completed) -> [u8; 32] {
        // Both ways out, and T agrees.
        let Extended { x, y, z, t } = point.extended();
        assert!(product(&t, &z) == product(&x, &y));
        assert_eq!(point.projective().to_octets(), Projective { x, y, z }.to_octets());
        Projective { x, y, z }.to_octets()
    }

    /// All pairs of points of small, large and mixed order, equal, opposite and neutral ones among
    /// them.
    #[test]
    fn the_formulas_are_complete() {
        let multiples = [0_u64, 1, 1 << 40].map(curve25519_dalek::scalar::Scalar::from);
        let points: Vec<EdwardsPoint> = multiples
            .iter()
            .flat_map(|k| [*k, -k])
            .flat_map(|k| EIGHT_TORSION.map(|small| k * ED25519_BASEPOINT_POINT + small))
            .collect();
        for point in &points {
            let encoding = point.compress().to_bytes();
            let ours = Extended::from_octets(&encoding).filter(|ours| ours.projective().to_octets() == encoding);
            let Some(ours) = ours else { unreachable!("{encoding:02x?}") };
            assert_eq!(ours.projective().is_small_order(), point.is_small_order());
            assert_eq!(ours.negate().projective().to_octets(), (-point).compress().to_bytes());
            // With another Z than 1.
            let ours = ours.add_addend(&Extended::base().addend(), false).extended();
            let point = point + ED25519_BASEPOINT_POINT;
            assert_eq!(ours.projective().is_small_order(), point.is_small_order());
            assert_eq!(octets(&ours.projective().double()), (point + point).compress().to_bytes());
            let affine = Affine::from_projective(alloc::vec![ours.projective()]);
            for other in &points {
                let Some(left) = Extended::from_octets(&other.compress().to_bytes()) else { unreachable!() };
                let (sum, difference) = ((other + point).compress(), (other - point).compress());
                assert_eq!(octets(&left.add_addend(&ours.addend(), false)), sum.to_bytes());
                assert_eq!(octets(&left.add_addend(&ours.addend(), true)), difference.to_bytes());
                assert_eq!(octets(&left.add_affine(&affine[0], false)), sum.to_bytes());
                assert_eq!(octets(&left.add_affine(&affine[0], true)), difference.to_bytes());
            }
        }
    }
}
