//! Many sums of two points each in affine coordinates, which share an inversion: 6 products a sum, where an
//! addition to a Jacobian sum takes 11. As many sums as the curve has lanes are made side by side.

use alloc::vec::Vec;

use super::curve::Curve;
use super::field::Element;
use super::limb::Limb;
use super::point::Affine;

/// A line through two points of the curve, or the tangent in one. Coordinates are of weight 1; rise and run,
/// whose quotient is the slope, of weight 2, or 1 for the curve without room for two such factors.
pub struct Line<C, const N: usize, L = i32> {
    from: Affine<C, N, L>,
    /// The x of the other point.
    to: Element<C, N, L>,
    rise: Element<C, N, L>,
    run: Element<C, N, L>,
}

impl<C: Curve<N>, const N: usize> Line<C, N> {
    /// The line from a point to another, or to the opposite of that.
    pub fn chord(from: Affine<C, N>, to: &Affine<C, N>, negative: bool) -> Self {
        let rise = to.y.signed(negative).less(&from.y).fit();
        Self { rise, run: to.x.less(&from.x).fit(), to: to.x, from }
    }

    /// The line that touches the curve in a point. There is no point with y = 0, for the order of the group
    /// is odd.
    pub fn tangent(at: Affine<C, N>) -> Self {
        Self { rise: at.tangent(), run: at.y.plus(&at.y).fit(), to: at.x, from: at }
    }

    /// Whether the two points have the same x, so that there is no slope.
    pub fn is_vertical(&self) -> bool {
        self.run.is_zero()
    }

    /// The sums of the two points of each line. None is vertical.
    #[inline(never)]
    pub fn sums(lines: &[Self]) -> Vec<Affine<C, N>> {
        let lanes = C::Lanes::LANES;
        let mut beside: Vec<Line<C, N, C::Lanes>> = Vec::with_capacity(lines.len().div_ceil(lanes));
        let mut inverses = Vec::with_capacity(beside.capacity());
        for lines in lines.chunks(lanes) {
            let line = Line::beside(&lines[0], &lines[lines.len() - 1]);
            inverses.push(line.run);
            beside.push(line);
        }
        Element::invert_all(&mut inverses);
        let mut sums = Vec::with_capacity(beside.len() * lanes);
        for (line, inverse) in beside.iter().zip(&inverses) {
            let sum = line.sum(inverse);
            for lane in 0..lanes {
                sums.push(Affine { x: sum.x.lane(lane), y: sum.y.lane(lane) });
            }
        }
        sums.truncate(lines.len());
        sums
    }
}

impl<C: Curve<N>, const N: usize, L: Limb> Line<C, N, L> {
    /// A line in each lane; `a` alone if there is one.
    #[inline(always)]
    fn beside(a: &Line<C, N>, b: &Line<C, N>) -> Self {
        Self {
            from: Affine { x: Element::beside(&a.from.x, &b.from.x), y: Element::beside(&a.from.y, &b.from.y) },
            to: Element::beside(&a.to, &b.to),
            rise: Element::beside(&a.rise, &b.rise),
            run: Element::beside(&a.run, &b.run),
        }
    }

    /// The opposite of the third point of the curve on this line, which is the sum of the two.
    #[inline(never)]
    fn sum(&self, inverse_of_run: &Element<C, N, L>) -> Affine<C, N, L> {
        let slope = self.rise.times(inverse_of_run);
        let x = slope.squared().less(&self.from.x).less(&self.to).narrow(); // from W 3
        let y = slope.times(&self.from.x.less(&x).fit()).less(&self.from.y).narrow(); // from W 2
        Affine { x, y }
    }
}
