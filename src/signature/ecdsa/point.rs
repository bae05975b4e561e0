//! Points of y² = x³ + ax + b for a = −3 and a = 0: affine ones, and sums in Jacobian coordinates.
//!
//! The additions are complete: equal points, opposite points and the point at infinity are recognised,
//! since with public inputs a branch may tell them. The formulas are those of the Explicit-Formulas
//! Database (madd with its products by 2 left out, dbl-2001-b). `W` comments give the weights of `field`;
//! those in brackets are for the curve without room for two factors of weight 2.

use alloc::vec::Vec;

use super::curve::Curve;
use super::field::Element;
use super::limbs;
use super::number;

/// A point of the curve that is not the point at infinity, or one in each lane of a limb. Coordinates are of weight 1.
#[derive(Clone, Copy, Debug)]
pub struct Affine<C, const N: usize, L = i32> {
    pub x: Element<C, N, L>,
    pub y: Element<C, N, L>,
}

impl<C: Curve<N>, const N: usize> Affine<C, N> {
    /// The point of two coordinates, if both are below p and the equation of the curve holds.
    #[inline(never)]
    pub fn from_octets(x: &[u8], y: &[u8]) -> Option<Self> {
        if x.len() != C::LENGTH || y.len() != C::LENGTH {
            return None;
        }
        let point = Self { x: Element::from_limbs(&C::PRIME.parse(x)?), y: Element::from_limbs(&C::PRIME.parse(y)?) };
        point.is_on_curve().then_some(point)
    }

    #[inline(never)]
    pub fn generator() -> Self {
        let [x, y] = const { [limbs::from_hex(C::GENERATOR[0], 30), limbs::from_hex(C::GENERATOR[1], 30)] };
        Self { x: Element::from_limbs(&x), y: Element::from_limbs(&y) }
    }

    fn is_on_curve(&self) -> bool {
        let b = Element::from_limbs(&const { limbs::from_hex(C::B, 30) });
        // x · (x² − 3) + b − y²: weight 3.
        let x_squared = self.x.squared();
        let factor = if C::A_IS_MINUS_3 { minus_3(&x_squared) } else { x_squared };
        self.x.times(&factor).plus(&b).minus(&self.y.squared()).is_zero()
    }

    /// This point, or its opposite.
    pub fn signed(&self, negative: bool) -> Self {
        Self { x: self.x, y: self.y.signed(negative) }
    }

    /// The slope's numerator in a doubling: 3x² + a, of weight 1.
    pub fn tangent(&self) -> Element<C, N> {
        let x_squared = self.x.squared();
        let tripled = x_squared.plus(&x_squared).plus(&x_squared).narrow();
        if C::A_IS_MINUS_3 { minus_3(&tripled) } else { tripled }
    }

    /// Something of each part of the memory.
    pub fn sample(&self) -> i32 {
        self.x.sample() ^ self.y.sample()
    }
}

/// a − 3, of weight 1.
fn minus_3<C: Curve<N>, const N: usize>(a: &Element<C, N>) -> Element<C, N> {
    a.minus(&Element::ONE).minus(&Element::ONE).minus(&Element::ONE).narrow()
}

/// A point (X / Z², Y / Z³), or the point at infinity. Coordinates are of weight 1.
#[derive(Clone, Copy, Debug)]
pub struct Jacobian<C, const N: usize> {
    x: Element<C, N>,
    y: Element<C, N>,
    z: Element<C, N>,
    is_infinity: bool,
}

impl<C: Curve<N>, const N: usize> From<Affine<C, N>> for Jacobian<C, N> {
    fn from(point: Affine<C, N>) -> Self {
        Self { x: point.x, y: point.y, z: Element::ONE, is_infinity: false }
    }
}

impl<C: Curve<N>, const N: usize> Jacobian<C, N> {
    pub const INFINITY: Self = Self { x: Element::ONE, y: Element::ONE, z: Element::ZERO, is_infinity: true };

    /// Adds a point, or its opposite.
    #[inline(never)]
    pub fn add(&mut self, point: &Affine<C, N>, negative: bool) {
        if self.is_infinity {
            *self = Self::from(point.signed(negative));
            return;
        }
        let z_squared = self.z.squared();
        let u2 = point.x.times(&z_squared);
        let s2 = point.y.signed(negative).times(&self.z.times(&z_squared));
        let h = u2.less(&self.x).fit(); // W 2 (1)
        let r = s2.less(&self.y).fit(); // W 2 (1)
        if h.is_zero() {
            // The same x: the same point, or the opposite one.
            if r.is_zero() {
                self.double();
            } else {
                *self = Self::INFINITY;
            }
            return;
        }
        let h_squared = h.squared(); // from W 4 (1)
        let h_cubed = h.times(&h_squared);
        let v = self.x.times(&h_squared);
        self.x = r.squared().less(&h_cubed).less(&v).less(&v).narrow(); // from W 4
        self.y = r.times(&v.less(&self.x).fit()).less(&self.y.times(&h_cubed)).narrow(); // from W 2 · 2 (1)
        self.z = self.z.times(&h);
    }

    /// Doubles this point. There is no point with y = 0, for the order of the group is odd.
    #[inline(never)]
    pub fn double(&mut self) {
        let slope = if C::A_IS_MINUS_3 {
            let z_squared = self.z.squared();
            self.x.minus(&z_squared).fit().times(&self.x.plus(&z_squared).fit()) // from W 2 · 2 (1)
        } else {
            self.x.squared()
        };
        let slope = slope.plus(&slope).plus(&slope).narrow();
        let y_squared = self.y.squared();
        let y_squared_2 = y_squared.plus(&y_squared); // W 2
        let y_squared_4 = y_squared_2.plus(&y_squared_2).narrow();
        let v = self.x.times(&y_squared_4);
        self.z = self.z.times(&self.y.plus(&self.y)); // from W 2
        self.x = slope.squared().minus(&v).minus(&v).narrow();
        self.y = slope.times(&v.minus(&self.x).fit()).minus(&y_squared_2.times(&y_squared_4)).narrow();
    }

    /// Whether the affine x of this point is `x`, a number below p: X = x · Z² needs no inversion.
    #[inline(never)]
    pub fn has_x(&self, x: &number::Limbs) -> bool {
        !self.is_infinity && Element::from_limbs(x).times(&self.z.squared()).minus(&self.x).is_zero()
    }

    /// Whether this is the same point.
    #[cfg(test)]
    pub fn equals(&self, other: &Self) -> bool {
        let affine = |point: &Self| if point.is_infinity { None } else { Self::to_affine(&[*point]).pop() };
        match (affine(self), affine(other)) {
            (None, None) => true,
            (Some(a), Some(b)) => a.x.minus(&b.x).is_zero() && a.y.minus(&b.y).is_zero(),
            _ => false,
        }
    }

    /// The affine forms of `points`, none of which is the point at infinity.
    #[inline(never)]
    pub fn to_affine(points: &[Self]) -> Vec<Affine<C, N>> {
        let mut inverses: Vec<_> = points.iter().map(|point| point.z).collect();
        Element::invert_all(&mut inverses);
        let affine = |(point, inverse): (&Self, Element<C, N>)| {
            let squared = inverse.squared();
            Affine { x: point.x.times(&squared), y: point.y.times(&squared.times(&inverse)) }
        };
        points.iter().zip(inverses).map(affine).collect()
    }
}
