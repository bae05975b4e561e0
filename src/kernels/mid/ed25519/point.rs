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

/// A point (X/Z, Y/Z) with T = XY/Z in two factors: what comes next decides whether their product is needed.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    x: Field,
    y: Field,
    z: Field,
    t: [Loose; 2],
}

/// An addend with Z = 1: (y − x)/2, (y + x)/2, d·x·y.
pub(crate) type Affine = [Field; 3];

/// Any addend: Y − X, Y + X, 2·d·T, and 2·Z.
pub(crate) struct Addend {
    affine: Affine,
    z: Field,
}

/// Odd numbers up to 15.
const ODD_MULTIPLES: usize = 8;

/// A factor and the odd multiples from 1 to 15 of a point, for [`straus`].
pub(crate) struct WindowedNaf {
    form: [i8; 254],
    multiples: Vec<Addend>,
}

impl Point {
    /// The point of its encoding (RFC 8032 §5.1.3). `None` if there is none or another encoding is
    /// the canonical one.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let mut magnitude = *bytes;
        magnitude[31] &= 0x7f;
        let y = Field::from_bytes(&magnitude)?;
        let yy = square(&y);
        // x² = u / v; v is never zero, since −1/d is not a square.
        let u = yy.minus(&Field::ONE);
        let v = product(&D, &yy).plus(&Field::ONE);
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
        let sign = bytes[31] > 0x7f;
        if x.is_odd() != sign {
            x = -&x;
        }
        // Zero is its own negative: step 4.
        (x.is_odd() == sign).then(|| Self::new(x, y))
    }

    /// The base point B.
    pub(crate) fn base() -> Self {
        Self::new(BASE_X, BASE_Y)
    }

    /// (0, 1), the neutral element.
    pub(crate) fn neutral() -> Self {
        Self::new(Field::ZERO, Field::ONE)
    }

    #[inline(never)]
    fn new(x: Field, y: Field) -> Self {
        Self { x, y, z: Field::ONE, t: [x.into(), y.into()] }
    }

    pub(crate) fn negate(&self) -> Self {
        // Z is 1 for a key.
        debug_assert!(self.z == Field::ONE);
        Self::new(-&self.x, self.y)
    }

    pub(crate) fn coordinates(&self) -> [Field; 3] {
        [self.x, self.y, self.z]
    }

    /// The point (E/G, H/F), in which additions and doublings end: 3 M.
    #[inline(never)]
    fn complete(&mut self, [e, f, g, h]: [Loose; 4]) {
        self.x = product(&e, &f);
        self.y = product(&g, &h);
        self.z = product(&f, &g);
        self.t = [e, h];
    }

    /// §3.1 for a = −1, with `z` for 2·Z₁·Z₂ (or all halved, as in [`Affine`]):
    /// 7 M, and 1 for `z`. The negative of an addend has minus and plus swapped and the other sign
    /// in the product.
    #[inline(never)]
    fn add(&mut self, [minus, plus, dt]: &Affine, z: &Field, negative: bool) {
        let (minus, plus) = if negative { (plus, minus) } else { (minus, plus) };
        let a = product(&(&self.y - &self.x), minus);
        let b = product(&(&self.y + &self.x), plus);
        let c = product(&product(&self.t[0], &self.t[1]), dt);
        let (mut f, mut g) = (z - &c, z + &c);
        if negative {
            core::mem::swap(&mut f, &mut g);
        }
        self.complete([&b - &a, f, g, &b + &a]);
    }

    pub(crate) fn add_affine(&mut self, addend: &Affine, negative: bool) {
        let z = self.z;
        self.add(addend, &z, negative);
    }

    pub(crate) fn add_addend(&mut self, addend: &Addend, negative: bool) {
        self.add(&addend.affine, &product(&self.z, &addend.z), negative);
    }

    #[inline(never)]
    pub(crate) fn addend(&self) -> Addend {
        let t = product(&self.t[0], &self.t[1]);
        Addend {
            affine: [self.y.minus(&self.x), self.y.plus(&self.x), product(&t, &D.plus(&D))],
            z: self.z.plus(&self.z),
        }
    }

    /// §3.3 for a = −1, all four signs turned: 4 S and 3 M.
    #[inline(never)]
    pub(crate) fn double(&mut self) {
        let xx = square(&self.x);
        let yy = square(&self.y);
        let zz = square(&self.z);
        let sum = xx.plus(&yy);
        let difference = xx.minus(&yy);
        self.complete([
            &sum - &square(&(&self.x + &self.y)),
            &zz.plus(&zz) + &difference,
            difference.into(),
            sum.into(),
        ]);
    }

    /// Whether eight times the point is the neutral element. The eight such points: x = 0 (orders 1
    /// and 2), y = 0 (order 4), x² + y² = 0 (order 8: doubled, it has y = 0).
    pub(crate) fn is_small_order(&self) -> bool {
        self.x.is_zero() || self.y.is_zero() || square(&self.x).plus(&square(&self.y)).is_zero()
    }

    /// The canonical encoding (RFC 8032 §5.1.2).
    pub(crate) fn to_bytes(self) -> [u8; 32] {
        let inverse = self.z.invert();
        let mut bytes = product(&self.y, &inverse).to_bytes();
        bytes[31] |= u8::from(product(&self.x, &inverse).is_odd()) << 7;
        bytes
    }
}

/// Makes addends of X, Y and Z, with one inversion for all (Montgomery's trick). No Z is zero.
#[inline(never)]
pub(crate) fn to_affine(points: &mut [[Field; 3]]) {
    let mut total = Field::ONE;
    let mut before = Vec::with_capacity(points.len());
    for [_, _, z] in &*points {
        before.push(total);
        total = product(&total, z);
    }
    let mut half = product(&total.invert(), &HALF);
    for ([x, y, z], before) in points.iter_mut().zip(&before).rev() {
        let half_of_this = product(&half, before);
        half = product(&half, z);
        let (minus, plus) = (product(&y.minus(x), &half_of_this), product(&y.plus(x), &half_of_this));
        // plus + minus = y and plus − minus = x.
        *z = product(&D, &product(&plus.plus(&minus), &plus.minus(&minus)));
        (*x, *y) = (minus, plus);
    }
}

impl WindowedNaf {
    #[inline(never)]
    pub(crate) fn new(factor: &Scalar, point: &Point) -> Self {
        let mut multiple = *point;
        multiple.double();
        let twice = multiple.addend();
        multiple = *point;
        let mut multiples = Vec::with_capacity(ODD_MULTIPLES);
        while multiples.len() < ODD_MULTIPLES {
            multiples.push(multiple.addend());
            multiple.add_addend(&twice, false);
        }
        Self { form: factor.non_adjacent_form(), multiples }
    }
}

/// The sum of the products of all terms, on one ladder of doublings (Straus). Without any term it
/// costs nothing.
pub(crate) fn straus(terms: &[WindowedNaf]) -> Point {
    let mut sum = Point::neutral();
    if terms.is_empty() {
        return sum;
    }
    for position in (0..254).rev() {
        sum.double();
        for WindowedNaf { form, multiples } in terms {
            let digit = form[position];
            if digit != 0 {
                // Odd and at most 15 in size, so the index is at most 7.
                sum.add_addend(&multiples[usize::from(digit.unsigned_abs() / 2)], digit < 0);
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
        assert!(HALF.plus(&HALF) == Field::ONE);
        assert!(product(&BASE_Y, &Field::small(5)) == Field::small(4));
        assert_eq!(Point::base().to_bytes(), ED25519_BASEPOINT_POINT.compress().to_bytes());
    }

    fn bytes(point: &Point) -> [u8; 32] {
        let Point { x, y, z, t } = point;
        assert!(product(&product(&t[0], &t[1]), z) == product(x, y)); // T agrees
        point.to_bytes()
    }

    fn with(mut point: Point, step: impl FnOnce(&mut Point)) -> [u8; 32] {
        step(&mut point);
        bytes(&point)
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
            let ours = Point::from_bytes(&encoding).filter(|ours| ours.to_bytes() == encoding);
            let Some(mut ours) = ours else { unreachable!("{encoding:02x?}") };
            assert_eq!(ours.is_small_order(), point.is_small_order());
            assert_eq!(bytes(&ours.negate()), (-point).compress().to_bytes());
            // With another Z than 1.
            ours.add_addend(&Point::base().addend(), false);
            let point = point + ED25519_BASEPOINT_POINT;
            assert_eq!(ours.is_small_order(), point.is_small_order());
            assert_eq!(with(ours, Point::double), (point + point).compress().to_bytes());
            let mut affine = [ours.coordinates(), Point::base().coordinates()];
            to_affine(&mut affine);
            for other in &points {
                let Some(left) = Point::from_bytes(&other.compress().to_bytes()) else { unreachable!() };
                let (sum, difference) = ((other + point).compress(), (other - point).compress());
                assert_eq!(with(left, |left| left.add_addend(&ours.addend(), false)), sum.to_bytes());
                assert_eq!(with(left, |left| left.add_addend(&ours.addend(), true)), difference.to_bytes());
                assert_eq!(with(left, |left| left.add_affine(&affine[0], false)), sum.to_bytes());
                assert_eq!(with(left, |left| left.add_affine(&affine[0], true)), difference.to_bytes());
            }
        }
    }
}
