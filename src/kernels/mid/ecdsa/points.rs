//! Many points in as little memory as they need: as many limbs a coordinate as the field has.

use alloc::vec::Vec;

use super::field::{Element, Field};
use super::point::Affine;
use crate::kernels::low::ecdsa::limbs::LIMBS;

/// Points that can be read in any order. Behind the last is room for the limbs that are read, though unused, beyond it.
#[derive(Clone, Debug)]
pub struct Points {
    limbs: Vec<i32>,
    field: &'static Field,
}

/// A point to add, or to subtract.
pub struct SignedWindow<'a> {
    points: &'a Points,
    index: usize,
    negative: bool,
}

impl Points {
    /// Room for as many points.
    pub fn new(field: &'static Field, count: usize) -> Self {
        Self { limbs: alloc::vec![0; 2 * field.length * count + LIMBS - field.length], field }
    }

    /// How many bytes the points take.
    pub fn bytes(&self) -> usize {
        size_of_val(self.limbs.as_slice())
    }

    /// Puts a point in its place.
    pub fn set(&mut self, index: usize, point: &Affine) {
        let length = self.field.length;
        let (x, y) = self.limbs[2 * length * index..][..2 * length].split_at_mut(length);
        x.copy_from_slice(&point.x.limbs[..length]);
        y.copy_from_slice(&point.y.limbs[..length]);
    }

    /// The term for a digit, which 0 has none of, where the multiples of a point from 1 on begin at an index.
    pub fn multiple(&self, from: usize, digit: i16) -> Option<SignedWindow<'_>> {
        let index = from + usize::from(digit.unsigned_abs()).checked_sub(1)?;
        Some(SignedWindow { points: self, index, negative: digit < 0 })
    }
}

impl SignedWindow<'_> {
    /// The point, or its opposite.
    #[inline(never)]
    pub fn point(&self) -> Affine {
        let x = 2 * self.index * self.points.field.length;
        Affine { x: self.coordinate(x, false), y: self.coordinate(x + self.points.field.length, self.negative) }
    }

    /// The coordinate whose limbs begin at an index, or its opposite.
    #[inline(always)]
    fn coordinate(&self, from: usize, negative: bool) -> Element {
        let Points { limbs, field } = self.points;
        let sign = -i32::from(negative);
        let mut element = Element::zero(field);
        for ((target, limb), used) in element.limbs.iter_mut().zip(&limbs[from..from + LIMBS]).zip(&field.used) {
            *target = ((limb ^ sign) - sign) & used;
        }
        element
    }

    /// Something of each part of the memory.
    pub fn touch(&self) -> i32 {
        let length = 2 * self.points.field.length;
        let limbs = &self.points.limbs[length * self.index..][..length];
        limbs[0] ^ limbs[length / 2] ^ limbs[length - 1]
    }
}
