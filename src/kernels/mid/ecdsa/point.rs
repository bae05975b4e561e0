//! Points of y² = x³ + ax + b for a = −3 and a = 0: affine ones, and sums in Jacobian coordinates.
//!
//! The additions are complete: equal points, opposite points and the point at infinity are recognised,
//! since with public inputs a branch may tell them. The formulas are those of the Explicit-Formulas
//! Database (madd with its products by 2 left out, dbl-2001-b). `M` comments give the magnitudes of `field`;
//! those in brackets are for the curve without room for two factors of magnitude 2.

use alloc::vec::Vec;

use super::field::{Element, Field};
use crate::kernels::low::ecdsa::number;

/// A point of the curve that is not the point at infinity, or one in each lane of a field. Coordinates are of magnitude 1.
#[derive(Clone, Copy, Debug)]
pub struct Affine {
    pub x: Element,
    pub y: Element,
}

impl Affine {
    /// A point in each lane of a field; `a` alone if there is one.
    pub fn pack_lanes(field: &'static Field, a: &Self, b: &Self) -> Self {
        Self { x: Element::pack_lanes(field, &a.x, &b.x), y: Element::pack_lanes(field, &a.y, &b.y) }
    }

    /// The point in a lane.
    pub fn lane(&self, lane: usize) -> Self {
        Self { x: self.x.lane(lane), y: self.y.lane(lane) }
    }
}

/// A point (X / Z², Y / Z³), or the point at infinity. Coordinates are of magnitude 1.
#[derive(Clone, Copy, Debug)]
pub struct Jacobian {
    x: Element,
    y: Element,
    z: Element,
    is_infinity: bool,
}

impl From<&Affine> for Jacobian {
    fn from(&Affine { x, y }: &Affine) -> Self {
        Self { x, y, z: Element::one(x.field), is_infinity: false }
    }
}

impl Jacobian {
    pub const fn infinity(field: &'static Field) -> Self {
        let one = Element::one(field);
        Self { x: one, y: one, z: Element::zero(field), is_infinity: true }
    }

    /// Adds a point.
    #[inline(never)]
    pub fn add(&mut self, point: &Affine) {
        if self.is_infinity {
            *self = Self::from(point);
            return;
        }
        let z_squared = self.z.squared();
        let u2 = point.x.times(&z_squared);
        let s2 = point.y.times(&self.z.times(&z_squared));
        let h = u2.sub_carry(&self.x); // M 2 (1)
        let r = s2.sub_carry(&self.y); // M 2 (1)
        if h.is_zero() {
            // The same x: the same point, or the opposite one.
            if r.is_zero() {
                self.double();
            } else {
                *self = Self::infinity(self.x.field);
            }
            return;
        }
        let h_squared = h.squared(); // from M 4 (1)
        let h_cubed = h.times(&h_squared);
        let v = self.x.times(&h_squared);
        self.x = r.squared().minus(&h_cubed).minus(&v).minus(&v).carry(); // from M 4
        self.y = r.times(&v.sub_carry(&self.x)).minus(&self.y.times(&h_cubed)).carry(); // from M 2 · 2 (1)
        self.z = self.z.times(&h);
    }

    /// Doubles this point. There is no point with y = 0, for the order of the group is odd.
    #[inline(never)]
    pub fn double(&mut self) {
        let slope = if self.x.field.a_is_minus_3 {
            let z_squared = self.z.squared();
            self.x.sub_carry(&z_squared).times(&self.x.plus(&z_squared).carry_if_tight()) // from M 2 · 2 (1)
        } else {
            self.x.squared()
        };
        let slope = slope.plus(&slope).plus(&slope).carry();
        let y_squared = self.y.squared();
        let y_squared_2 = y_squared.plus(&y_squared); // M 2
        let y_squared_4 = y_squared_2.plus(&y_squared_2).carry();
        let v = self.x.times(&y_squared_4);
        self.z = self.z.times(&self.y.plus(&self.y)); // from M 2
        self.x = slope.squared().minus(&v).minus(&v).carry();
        self.y = slope.times(&v.sub_carry(&self.x)).minus(&y_squared_2.times(&y_squared_4)).carry();
    }

    /// Whether the affine x of this point is `x`, a number below p: X = x · Z² needs no inversion.
    #[inline(never)]
    pub fn has_x(&self, x: &number::Limbs) -> bool {
        let x = Element::from_limbs(self.x.field, x);
        !self.is_infinity && x.times(&self.z.squared()).minus(&self.x).is_zero()
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
    pub fn to_affine(points: &[Self]) -> Vec<Affine> {
        let mut inverses: Vec<_> = points.iter().map(|point| point.z).collect();
        Element::invert_all(&mut inverses);
        let affine = |(point, inverse): (&Self, &Element)| {
            let squared = inverse.squared();
            Affine { x: point.x.times(&squared), y: point.y.times(&squared.times(inverse)) }
        };
        points.iter().zip(&inverses).map(affine).collect()
    }
}
