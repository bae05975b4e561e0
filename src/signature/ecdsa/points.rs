//! Many points in as little memory as they need: as many limbs a coordinate as the field has.

use alloc::vec::Vec;
use core::array::from_fn;

use super::field::{Element, Field, LIMBS};
use super::point::Affine;

/// Points that can be read in any order. Behind the last is room for the limbs that are read, though unused, beyond it.
#[derive(Clone, Debug)]
pub struct Points {
    limbs: Vec<i32>,
    field: &'static Field,
}

/// A point to add, or to subtract.
pub struct Term<'a> {
    points: &'a Points,
    index: usize,
    negative: bool,
}

impl Points {
    /// Room for as many points.
    pub fn new(field: &'static Field, count: usize) -> Self {
        Self { limbs: alloc::vec![0; 2 * field.length * count + LIMBS - field.length], field }
    }

    /// How many octets the points take.
    pub fn octets(&self) -> usize {
        size_of_val(self.limbs.as_slice())
    }

    /// Puts a point in its place.
    pub fn set(&mut self, index: usize, point: &Affine) {
        let length = self.field.length;
        let (x, y) = self.limbs[2 * length * index..][..2 * length].split_at_mut(length);
        x.copy_from_slice(&point.x.limbs[..length]);
        y.copy_from_slice(&point.y.limbs[..length]);
    }

    /// The point in a place.
    #[inline(never)]
    pub fn at(&self, index: usize) -> Affine {
        let length = self.field.length;
        let coordinate = |index: usize| {
            let limbs = &self.limbs[length * index..][..LIMBS];
            Element { limbs: from_fn(|index| if index < length { limbs[index] } else { 0 }), field: self.field }
        };
        Affine { x: coordinate(2 * index), y: coordinate(2 * index + 1) }
    }

    /// The term for a digit, which 0 has none of, where the multiples of a point from 1 on begin at an index.
    pub fn multiple(&self, from: usize, digit: i16) -> Option<Term<'_>> {
        let index = from + usize::from(digit.unsigned_abs()).checked_sub(1)?;
        Some(Term { points: self, index, negative: digit < 0 })
    }
}

impl Term<'_> {
    /// The point, or its opposite.
    pub fn point(&self) -> Affine {
        let Affine { x, y } = self.points.at(self.index);
        Affine { x, y: y.signed(self.negative) }
    }

    /// Something of each part of the memory.
    pub fn sample(&self) -> i32 {
        let length = 2 * self.points.field.length;
        let limbs = &self.points.limbs[length * self.index..][..length];
        limbs[0] ^ limbs[length / 2] ^ limbs[length - 1]
    }
}
