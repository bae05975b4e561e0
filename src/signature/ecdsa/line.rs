//! Many sums of two points each in affine coordinates, which share an inversion: 6 products a sum, where an
//! addition to a Jacobian sum takes 11. As many sums as the field has lanes are made side by side.

use alloc::vec::Vec;

use super::field::{Element, Field};
use super::point::Affine;

/// A line through two points of the curve, or the tangent in one. Coordinates are of weight 1; rise and run,
/// whose quotient is the slope, of weight 2, or 1 for the curve without room for two such factors.
pub struct Line {
    from: Affine,
    /// The x of the other point.
    to: Element,
    rise: Element,
    run: Element,
}

impl Line {
    /// The line from a point to another.
    pub fn chord(from: &Affine, to: &Affine) -> Self {
        Self { from: *from, to: to.x, rise: to.y.minus(&from.y).fit(), run: to.x.minus(&from.x).fit() }
    }

    /// The line that touches the curve in a point. There is no point with y = 0, for the order of the group
    /// is odd.
    pub fn tangent(at: &Affine) -> Self {
        // The numerator 3x² + a is of weight 1.
        let x_squared = at.x.squared();
        let rise = x_squared.plus(&x_squared).plus(&x_squared).narrow().plus_a();
        Self { from: *at, to: at.x, rise, run: at.y.plus(&at.y).fit() }
    }

    /// Whether the two points have the same x, in any lane, so that there is no slope.
    pub fn is_vertical(&self) -> bool {
        self.run.is_zero()
    }

    /// The sums of the two points of each line. None is vertical.
    #[inline(never)]
    pub fn sums(field: &'static Field, lines: &[Self]) -> Vec<Affine> {
        let mut inverses: Vec<_> = lines.iter().map(|line| line.run).collect();
        Element::invert_all(field, &mut inverses);
        lines.iter().zip(&inverses).map(|(line, inverse)| line.sum(inverse)).collect()
    }

    /// The opposite of the third point of the curve on this line, which is the sum of the two.
    fn sum(&self, inverse_of_run: &Element) -> Affine {
        let slope = self.rise.times(inverse_of_run);
        let x = slope.squared().minus(&self.from.x).minus(&self.to).narrow(); // from W 3
        let y = slope.times(&self.from.x.minus(&x).fit()).minus(&self.from.y).narrow(); // from W 2
        Affine { x, y }
    }
}
