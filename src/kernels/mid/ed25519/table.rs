//! Tables of multiples of one point: a product with it is a few additions and no doubling.

use alloc::vec::Vec;

use super::point::{self, Affine, Point};
use super::scalar::{self, Scalar};

/// The multiples j · 2^(width · i) · P for each digit i of [`Scalar::digits`] and each size j ≥ 1
/// that this digit can have: one row a digit, of 2^(width − 1) entries but for the last.
pub(crate) struct Windows {
    width: usize,
    entries: Vec<Affine>,
}

impl Windows {
    /// What a table of this width occupies.
    pub(crate) const fn bytes(width: usize) -> usize {
        (((scalar::count(width) - 1) << (width - 1)) + scalar::last(width)) * size_of::<Affine>()
    }

    #[inline(never)]
    pub(crate) fn new(point: &Point, width: usize) -> Self {
        let rows = scalar::count(width);
        let mut entries = Vec::with_capacity(Self::bytes(width) / size_of::<Affine>());
        let mut multiple = *point;
        for row in 1..=rows {
            let first = multiple.addend();
            for index in 0..if row == rows { scalar::last(width) } else { 1 << (width - 1) } {
                if index > 0 {
                    multiple.add_addend(&first, false);
                }
                entries.push(multiple.coordinates());
            }
            // Twice 2^(width − 1) times the first of this row is the first of the next.
            multiple.double();
        }
        point::to_affine(&mut entries);
        Self { width, entries }
    }

    /// Adds factor · P to the sum.
    #[inline(never)]
    pub(crate) fn add_product(&self, sum: &mut Point, factor: &Scalar) {
        for (row, digit) in factor.digits(self.width).enumerate() {
            if digit != 0 {
                // The size is at most that of the row (see `digits`), so the index is in the table.
                let entry = &self.entries[(row << (self.width - 1)) + digit.unsigned_abs() as usize - 1];
                sum.add_affine(entry, digit < 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for width in 4..=8 {
            let windows = Windows::new(&Point::base(), width);
            assert_eq!(windows.entries.len() * size_of::<Affine>(), Windows::bytes(width));
            assert_eq!(windows.entries.capacity(), windows.entries.len());
        }
        assert_eq!((Windows::bytes(6), Windows::bytes(8)), (165_120, 478_080));
    }
}
