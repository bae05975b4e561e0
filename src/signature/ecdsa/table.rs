//! Tables of multiples of a point, and the sum u₁G + u₂Q with and without them.
//!
//! A scalar is split into signed digits of w bits. With a [`Table`] of all 2^(w · i) · j · P each digit
//! costs one addition and there are no doublings at all; without, j · P alone serves all digits, with
//! w doublings between them that both scalars share (Straus's method). The points from tables are added
//! pair by pair in affine coordinates first: many such sums share one inversion, which is cheap here.

use alloc::vec::Vec;
use core::hint::black_box;

use super::curve::Curve;
use super::line::Line;
use super::number;
use super::point::{Affine, Jacobian};
use super::scalar::recode;

/// Digits of the longest scalar, 521 bits, in the shortest windows, 5 bits.
const MOST_DIGITS: usize = 521_usize.div_ceil(SMALL_WINDOW as usize);

/// Bits of a digit where there is no table.
const SMALL_WINDOW: u32 = 5;

/// The multiples j · 2^(w · i) · P of a point P, for each position i of a digit and each j from 1 to
/// 2^(w − 1), in this order. The top digit has fewer bits and fewer multiples.
#[derive(Clone, Debug)]
pub struct Table<C, const N: usize>(Vec<Affine<C, N>>);

impl<C: Curve<N>, const N: usize> Table<C, N> {
    /// Digits of a scalar. A scalar is below n / 2, that is, one bit shorter than the field; that bit
    /// takes the last carry.
    const DIGITS: usize = C::FIELD_BITS.div_ceil(C::WINDOW) as usize;

    /// The greatest absolute value of a digit.
    const MULTIPLES: usize = 1 << (C::WINDOW - 1);

    /// The greatest value of the top digit: what is left of FIELD_BITS − 1 bits, and a carry.
    const TOP_MULTIPLES: usize = 1 << (C::FIELD_BITS - 1 - C::WINDOW * (Self::DIGITS as u32 - 1));

    /// How many octets a table takes.
    pub const BYTES: usize = ((Self::DIGITS - 1) * Self::MULTIPLES + Self::TOP_MULTIPLES) * size_of::<Affine<C, N>>();

    /// The table of a point: 2^(w − 1) affine additions a digit, which share a few inversions.
    #[inline(never)]
    pub fn new(point: &Affine<C, N>) -> Self {
        let mut bases = Vec::with_capacity(Self::DIGITS);
        let mut base = Jacobian::from(*point);
        for digit in 0..Self::DIGITS {
            bases.push(base);
            if digit + 1 < Self::DIGITS {
                (0..C::WINDOW).for_each(|_| base.double());
            }
        }
        Self(multiples(&Jacobian::to_affine(&bases), Self::MULTIPLES, Self::TOP_MULTIPLES))
    }

    /// How many octets this table takes.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The terms that add up to x · P, for x below n.
    #[inline(never)]
    fn terms<'a>(&'a self, x: &number::Limbs, terms: &mut Vec<Term<'a, C, N>>) {
        let mut digits = [0; MOST_DIGITS];
        recode(&C::ORDER, x, C::WINDOW, &mut digits[..Self::DIGITS]);
        for (multiples, digit) in self.0.chunks(Self::MULTIPLES).zip(digits) {
            if let Some(term) = term(multiples, digit) {
                terms.push(term);
            }
        }
    }
}

/// A point to add, or to subtract.
type Term<'a, C, const N: usize> = (&'a Affine<C, N>, bool);

/// The term for a digit, which 0 has none of.
fn term<C: Curve<N>, const N: usize>(multiples: &[Affine<C, N>], digit: i16) -> Option<Term<'_, C, N>> {
    let index = usize::from(digit.unsigned_abs()).checked_sub(1)?;
    Some((multiples.get(index)?, digit < 0))
}

/// u₁ · G + u₂ · Q, with the tables of G and Q if they are there.
#[inline(never)]
pub fn double_multiple<C: Curve<N>, const N: usize>(
    [u1, u2]: [&number::Limbs; 2],
    point: &Affine<C, N>,
    generator_table: Option<&Table<C, N>>,
    table: Option<&Table<C, N>>,
) -> Jacobian<C, N> {
    let mut terms = Vec::with_capacity(2 * Table::<C, N>::DIGITS);
    generator_table.iter().for_each(|table| table.terms(u1, &mut terms));
    table.iter().for_each(|table| table.terms(u2, &mut terms));
    let mut sum = match (generator_table, table) {
        (Some(_), Some(_)) => Jacobian::INFINITY,
        (Some(_), None) => climb(&[*point], &[u2]),
        (None, Some(_)) => climb(&[Affine::generator()], &[u1]),
        (None, None) => climb(&[*point, Affine::generator()], &[u2, u1]),
    };
    // The points lie anywhere in some 600 KB. Reading a little of each first lets the processor fetch them all
    // at once.
    black_box(terms.iter().fold(0, |sample, (point, _)| sample ^ point.sample()));
    add_terms(&mut sum, &terms);
    sum
}

/// The sum of these multiples of at most two points that have no table.
#[inline(never)]
fn climb<C: Curve<N>, const N: usize>(points: &[Affine<C, N>], scalars: &[&number::Limbs]) -> Jacobian<C, N> {
    const MULTIPLES: usize = 1 << (SMALL_WINDOW - 1);
    let mut digits = [[0; MOST_DIGITS]; 2];
    let count = C::FIELD_BITS.div_ceil(SMALL_WINDOW) as usize;
    for (digits, scalar) in digits.iter_mut().zip(scalars) {
        recode(&C::ORDER, scalar, SMALL_WINDOW, &mut digits[..count]);
    }
    let multiples = multiples(points, MULTIPLES, MULTIPLES);
    let mut sum = Jacobian::INFINITY;
    for position in (0..count).rev() {
        (0..SMALL_WINDOW).for_each(|_| sum.double());
        for (multiples, digits) in multiples.chunks(MULTIPLES).zip(&digits) {
            if let Some((point, negative)) = term(multiples, digits[position]) {
                sum.add(point, negative);
            }
        }
    }
    sum
}

/// Adds all terms: in pairs as long as there are many, then one by one.
#[inline(never)]
fn add_terms<C: Curve<N>, const N: usize>(sum: &mut Jacobian<C, N>, terms: &[Term<'_, C, N>]) {
    if terms.len() >= C::WORTH_AN_INVERSION
        && let Some(sums) = add_pairs(terms)
    {
        let terms: Vec<_> = sums.iter().map(|point| (point, false)).collect();
        return add_terms(sum, &terms);
    }
    terms.iter().for_each(|&(point, negative)| sum.add(point, negative));
}

/// The sums of two terms each. `None` if the two points of a pair have the same x, which nobody meets by chance.
#[inline(never)]
fn add_pairs<C: Curve<N>, const N: usize>(terms: &[Term<'_, C, N>]) -> Option<Vec<Affine<C, N>>> {
    let (pairs, odd) = terms.as_chunks();
    let mut lines = Vec::with_capacity(pairs.len());
    for [(a, a_negative), (b, b_negative)] in pairs {
        lines.push(Line::chord(a.signed(*a_negative), b, *b_negative));
    }
    if lines.iter().any(Line::is_vertical) {
        return None;
    }
    let mut sums = Line::sums(&lines);
    sums.extend(odd.iter().map(|(point, negative)| point.signed(*negative)));
    Some(sums)
}

/// The multiples from 1 to `count` of each base, one base after the other; of the last base only those up
/// to `last_count`. Both are powers of 2.
///
/// From the first m multiples come the next m, each by an affine addition of the m-th, for all bases at
/// once so that they share an inversion. The divisors are never 0: the points are of a prime order
/// far above the multiples, so that m · B is not ±j · B for j < m, and y is not 0.
#[inline(never)]
fn multiples<C: Curve<N>, const N: usize>(
    bases: &[Affine<C, N>],
    count: usize,
    last_count: usize,
) -> Vec<Affine<C, N>> {
    let Some(last) = bases.len().checked_sub(1) else { return Vec::new() };
    let mut points = Vec::with_capacity(last * count + last_count);
    for (index, base) in bases.iter().enumerate() {
        points.resize(points.len() + if index == last { last_count } else { count }, *base);
    }
    let mut known = 1;
    while known < count {
        let mut lines = Vec::with_capacity(bases.len() * known);
        let grows = |points: &&mut [Affine<C, N>]| points.len() > known;
        for points in points.chunks_mut(count).filter(grows) {
            let m = points[known - 1];
            lines.extend(points[..known - 1].iter().map(|point| Line::chord(*point, &m, false)));
            lines.push(Line::tangent(m));
        }
        let sums = Line::sums(&lines);
        for (points, sums) in points.chunks_mut(count).filter(grows).zip(sums.chunks(known)) {
            points[known..2 * known].copy_from_slice(sums);
        }
        known *= 2;
    }
    points
}
