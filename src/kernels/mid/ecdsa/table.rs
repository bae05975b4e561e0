//! Tables of multiples of a point, and the sum u₁G + u₂Q with and without them.
//!
//! A scalar is split into signed digits of w bits. With a [`Table`] of all 2^(w · i) · j · P each digit
//! costs one addition and there are no doublings at all; without, j · P alone serves all digits, with
//! w doublings between them that both scalars share (Straus's method). The points from tables are added
//! pair by pair in affine coordinates first: many such sums share one inversion, which is cheap here.

use alloc::vec::Vec;
use core::hint::black_box;

use super::batch_add::{self, Line};
use super::curve::Curve;
use super::point::{Affine, Jacobian};
use super::points::{Points, SignedWindow};
use super::scalar::recode;
use crate::kernels::low::ecdsa::number;

/// Digits of the longest scalar, 521 bits, in the shortest windows, 5 bits.
const MOST_DIGITS: usize = 521_usize.div_ceil(SMALL_WINDOW as usize);

/// Bits of a digit where there is no table.
const SMALL_WINDOW: u32 = 5;

/// The multiples j · 2^(w · i) · P of a point P, for each position i of a digit and each j from 1 to
/// 2^(w − 1), in this order. The top digit has fewer bits and fewer multiples.
#[derive(Clone, Debug)]
pub struct Table(Points);

impl Table {
    /// How many bytes the largest table takes: 87 digits of up to 32 multiples on P-521.
    pub const MAX_BYTES: usize = 399_360;

    /// The table of a point: 2^(w − 1) affine additions a digit, which share a few inversions.
    #[inline(never)]
    pub fn new(curve: &Curve, point: &Affine) -> Self {
        let digits = curve.bits().div_ceil(curve.window);
        let mut base = Jacobian::from(point);
        let mut bases = Vec::with_capacity(digits as usize);
        bases.push(base);
        for _ in 1..digits {
            (0..curve.window).for_each(|_| base.double());
            bases.push(base);
        }
        // A scalar is below n / 2, that is, one bit shorter than the field; that bit takes the last carry. So the
        // greatest value of the top digit is what is left of these bits, and a carry.
        let top_multiples = 1 << (curve.bits() - 1 - curve.window * (digits - 1));
        Self(multiples(curve, &Jacobian::to_affine(&bases), 1 << (curve.window - 1), top_multiples))
    }

    /// How many bytes this table takes.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// The terms that add up to x · P, for x below n.
    #[inline(never)]
    fn terms<'a>(&'a self, curve: &Curve, x: &number::Limbs, terms: &mut Vec<SignedWindow<'a>>) {
        let count = curve.bits().div_ceil(curve.window) as usize;
        let mut digits = [0; MOST_DIGITS];
        recode(&curve.order, x, curve.window, &mut digits[..count]);
        for (index, digit) in digits[..count].iter().enumerate() {
            terms.extend(self.0.multiple(index << (curve.window - 1), *digit));
        }
    }
}

/// u₁ · G + u₂ · Q, with the tables of G and Q if they are there.
#[inline(never)]
pub fn double_multiple(
    curve: &Curve,
    [u1, u2]: [&number::Limbs; 2],
    point: &Affine,
    generator_table: Option<&Table>,
    table: Option<&Table>,
) -> Jacobian {
    let mut terms = Vec::with_capacity(2 * MOST_DIGITS);
    let (mut points, mut scalars) = (Vec::new(), Vec::new());
    match generator_table {
        Some(table) => table.terms(curve, u1, &mut terms),
        None => {
            points.push(curve.generator());
            scalars.push(u1);
        }
    }
    match table {
        Some(table) => table.terms(curve, u2, &mut terms),
        None => {
            points.push(*point);
            scalars.push(u2);
        }
    }
    let mut sum = straus(curve, &points, &scalars);
    // The points lie anywhere in some 600 KB. Reading a little of each first lets the processor fetch them all
    // at once.
    black_box(terms.iter().fold(0, |touched, term| touched ^ term.touch()));
    add_terms(&mut sum, curve, &terms);
    sum
}

/// The sum of these multiples of at most two points that have no table.
#[inline(never)]
fn straus(curve: &Curve, points: &[Affine], scalars: &[&number::Limbs]) -> Jacobian {
    const MULTIPLES: usize = 1 << (SMALL_WINDOW - 1);
    let mut sum = Jacobian::infinity(curve.field);
    if points.is_empty() {
        return sum;
    }
    let mut digits = [[0; MOST_DIGITS]; 2];
    let count = curve.bits().div_ceil(SMALL_WINDOW) as usize;
    for (digits, scalar) in digits.iter_mut().zip(scalars) {
        recode(&curve.order, scalar, SMALL_WINDOW, &mut digits[..count]);
    }
    let multiples = multiples(curve, points, MULTIPLES, MULTIPLES);
    for position in (0..count).rev() {
        (0..SMALL_WINDOW).for_each(|_| sum.double());
        for (index, digits) in digits[..points.len()].iter().enumerate() {
            if let Some(term) = multiples.multiple(index * MULTIPLES, digits[position]) {
                sum.add(&term.point());
            }
        }
    }
    sum
}

/// Adds all terms: in pairs as long as there are many, then one by one.
#[inline(never)]
fn add_terms(sum: &mut Jacobian, curve: &Curve, terms: &[SignedWindow<'_>]) {
    let lanes = curve.lanes.lanes;
    let (terms, rest) = terms.split_at(terms.len() - terms.len() % lanes);
    rest.iter().for_each(|term| sum.add(&term.point()));
    let pack =
        |terms: &[SignedWindow<'_>]| Affine::pack_lanes(curve.lanes, &terms[0].point(), &terms[lanes - 1].point());
    let mut points: Vec<_> = terms.chunks(lanes).map(pack).collect();
    while points.len() * lanes >= curve.worth_an_inversion
        && let Some(sums) = add_pairs(&points)
    {
        points = sums;
    }
    for point in &points {
        (0..lanes).for_each(|lane| sum.add(&point.lane(lane)));
    }
}

/// The sums of two points each. `None` if the two points of a pair have the same x, which nobody meets by chance.
fn add_pairs(points: &[Affine]) -> Option<Vec<Affine>> {
    let (pairs, odd) = points.as_chunks();
    let lines: Vec<_> = pairs.iter().map(|[a, b]| Line::Chord(a, b)).collect();
    let mut sums = batch_add::sums(&lines)?;
    sums.extend(odd);
    Some(sums)
}

/// The multiples from 1 to `count` of each base, one base after the other; of the last base only those up
/// to `last_count`. Both are powers of 2.
///
/// From the first m multiples come the next m, each by an affine addition of the m-th, for all bases at
/// once so that they share an inversion; as many bases side by side as the field has lanes (if that is two,
/// `last_count` is `count`). The divisors are
/// never 0: the points are of a prime order far above the multiples, so that m · B is not ±j · B for j < m, and
/// y is not 0.
#[inline(never)]
fn multiples(curve: &Curve, bases: &[Affine], count: usize, last_count: usize) -> Points {
    let lanes = curve.lanes.lanes;
    debug_assert!(lanes == 1 || last_count == count);
    let pack = |bases: &[Affine]| Affine::pack_lanes(curve.lanes, &bases[0], &bases[bases.len() - 1]);
    // A row of multiples for each base, or for those side by side.
    let mut rows: Vec<Vec<Affine>> = bases.chunks(lanes).map(|bases| alloc::vec![pack(bases)]).collect();
    let mut known = 1;
    while known < count {
        let growing = rows.len() - usize::from(known >= last_count);
        let rows = &mut rows[..growing];
        let mut lines = Vec::with_capacity(growing * known);
        for row in &*rows {
            let m = &row[known - 1];
            lines.extend(row[..known - 1].iter().map(|point| Line::Chord(point, m)));
            lines.push(Line::Tangent(m));
        }
        let sums = batch_add::sums(&lines).unwrap_or_default();
        for (row, sums) in rows.iter_mut().zip(sums.chunks(known)) {
            row.extend_from_slice(sums);
        }
        known *= 2;
    }
    let mut points = Points::new(curve.field, (bases.len() - 1) * count + last_count);
    for (index, row) in rows.iter().enumerate() {
        for lane in 0..lanes.min(bases.len() - index * lanes) {
            for (multiple, point) in row.iter().enumerate() {
                points.set((index * lanes + lane) * count + multiple, &point.lane(lane));
            }
        }
    }
    points
}
