//! Many sums of two points each in affine coordinates, which share an inversion: 6 products a sum, where an
//! addition to a Jacobian sum takes 11. As many sums as the field has lanes are made side by side.

use alloc::vec::Vec;

use super::field::Element;
use super::point::Affine;

/// A line through two points of the curve, or the tangent in one.
pub enum Line<'a> {
    Chord(&'a Affine, &'a Affine),
    Tangent(&'a Affine),
}

impl Line<'_> {
    /// The slope's numerator, of magnitude 2, or 1 for the curve without room for two such factors.
    fn rise(&self) -> Element {
        match self {
            Self::Chord(from, to) => to.y.sub_carry(&from.y),
            Self::Tangent(at) => {
                let x_squared = at.x.squared();
                x_squared.plus(&x_squared).plus(&x_squared).carry().plus_a()
            }
        }
    }

    /// The slope's denominator, of such magnitude. It is 0 only where the two points have the same x: there is no
    /// point with y = 0, for the order of the group is odd.
    fn run(&self) -> Element {
        match self {
            Self::Chord(from, to) => to.x.sub_carry(&from.x),
            Self::Tangent(at) => at.y.plus(&at.y).carry_if_tight(),
        }
    }

    /// The opposite of the third point of the curve on this line, which is the sum of the two.
    fn sum(&self, inverse_of_run: &Element) -> Affine {
        let (Self::Chord(from, to) | Self::Tangent(from @ to)) = self;
        let slope = self.rise().times(inverse_of_run);
        let x = slope.squared().minus(&from.x).minus(&to.x).carry(); // from M 3
        let y = slope.times(&from.x.sub_carry(&x)).minus(&from.y).carry(); // from M 2
        Affine { x, y }
    }
}

/// The sums of the two points of each line, in the same lanes; `None` if a line is vertical in one of them.
#[inline(never)]
pub fn sums(lines: &[Line<'_>]) -> Option<Vec<Affine>> {
    let mut inverses = Vec::with_capacity(lines.len());
    for line in lines {
        let run = line.run();
        if run.is_zero() {
            return None;
        }
        inverses.push(run);
    }
    Element::invert_all(&mut inverses);
    Some(lines.iter().zip(&inverses).map(|(line, inverse)| line.sum(inverse)).collect())
}
