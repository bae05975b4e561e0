//! What makes one curve different from another: y² = x³ + ax + b modulo p, with a group of prime
//! order n. How to reckon modulo p is in its `Field`.

use core::fmt;

use super::field::{Element, Field};
use super::point::Affine;
use super::scalar::Modulus;
use crate::kernels::low::ecdsa::number;

/// A curve, one of those in `p256`, `p384`, `p521` and `secp256k1`.
pub struct Curve {
    /// Bytes of a coordinate and of each half of a signature.
    pub length: usize,
    /// The numbers modulo p.
    pub field: &'static Field,
    /// As many of them side by side as are worth it where many sums of points are made (measured).
    pub lanes: &'static Field,
    /// n.
    pub order: Modulus,
    /// b, in the scalars' form.
    pub b: number::Limbs,
    /// The coordinates of the base point, in the scalars' form.
    pub generator: [number::Limbs; 2],
    /// Bits of a digit of a scalar that a table serves with one addition.
    pub window: u32,
    /// How many points make it worth an inversion to add them in pairs (measured).
    pub worth_an_inversion: usize,
}

impl Curve {
    /// Bits of p, and of n.
    pub const fn bits(&self) -> u32 {
        self.field.size()
    }

    /// The point of two coordinates of full length, if both are below p and the equation of the curve holds.
    #[inline(never)]
    pub fn point(&self, x: &[u8], y: &[u8]) -> Option<Affine> {
        if x.len() != self.length || y.len() != self.length {
            return None;
        }
        let element = |bytes| Some(Element::from_limbs(self.field, &self.field.modulus.parse(bytes)?));
        let point = Affine { x: element(x)?, y: element(y)? };
        let b = Element::from_limbs(self.field, &self.b);
        // x · (x² − 3) + b − y²: magnitude 3.
        let difference = point.x.times(&point.x.squared().plus_a()).plus(&b).minus(&point.y.squared());
        difference.is_zero().then_some(point)
    }

    /// The base point.
    #[inline(never)]
    pub fn generator(&self) -> Affine {
        let [x, y] = &self.generator;
        Affine { x: Element::from_limbs(self.field, x), y: Element::from_limbs(self.field, y) }
    }
}

impl fmt::Debug for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Curve")
    }
}
