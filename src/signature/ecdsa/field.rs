//! Arithmetic modulo the prime of a curve, for the curves of `p256`, `p384`, `p521` and `secp256k1`.
//!
//! An element is N limbs of `LIMB_BITS` bits with signs, so that a difference needs no multiple of the
//! prime. Products are made column by column in 64 bits and reduced by the curve, which knows the
//! sparse form of its prime; every other operation is here, once for all.
//!
//! # Bounds
//! The **weight** of an element says how far it is from reduced: at weight w each limb is within
//! ±w · (2^(LIMB_BITS − 1) + 2⁸), and the top limb within ±w · `TOP`. Products and [`Element::narrow`]
//! have weight 1; sums and differences add the weights. A product takes factors whose weights
//! multiplied come to at most `LIMIT`. Debug builds check the weights at every operation.

use alloc::vec::Vec;
use core::array::from_fn;
use core::marker::PhantomData;

use super::curve::Curve;
use super::limb::{Columns, Limb, Product, Square, Sum};
use super::limbs;
use super::number;

/// A number modulo the prime of C, or as many side by side as a limb has lanes; see the module's notes for what
/// the limbs may be.
#[derive(Clone, Copy, Debug)]
pub struct Element<C, const N: usize, L = i32>([L; N], PhantomData<C>);

/// How far above 2^(LIMB_BITS − 1) a reduced limb may be.
const SLACK: i64 = 1 << 8;

impl<C: Curve<N>, const N: usize, L: Limb> Element<C, N, L> {
    /// An element in each lane; `a` alone if there is one.
    #[inline(always)]
    pub fn beside(a: &Element<C, N>, b: &Element<C, N>) -> Self {
        let mut limbs = [L::of(0); N];
        for (index, limb) in limbs.iter_mut().enumerate() {
            *limb = L::beside(a.0[index], b.0[index]);
        }
        Self::new(limbs)
    }

    /// The element in a lane.
    #[inline(always)]
    pub fn lane(&self, lane: usize) -> Element<C, N> {
        let mut limbs = [0; N];
        for (index, limb) in limbs.iter_mut().enumerate() {
            *limb = self.0[index].lane(lane);
        }
        Element::new(limbs)
    }

    /// a · b, where weight(a) · weight(b) ≤ `LIMIT`.
    #[inline(never)]
    pub fn times(&self, other: &Self) -> Self {
        debug_assert!(self.weight() * other.weight() <= C::LIMIT);
        Self::reduced(Product::<_, N>(L::factors(&self.0), L::factors(&other.0)))
    }

    /// a², where weight(a)² ≤ `LIMIT`.
    #[inline(never)]
    pub fn squared(&self) -> Self {
        debug_assert!(self.weight() * self.weight() <= C::LIMIT);
        Self::reduced(Square::<_, N>(L::factors(&self.0)))
    }

    #[inline(always)]
    fn reduced(product: impl Columns<L::Sum>) -> Self {
        let element = Self::new(L::of_sums(C::reduce(product)));
        debug_assert!(element.weight() == 1, "{element:?}");
        element
    }

    /// a + b, limb by limb: the weights add up, to at most 4.
    #[inline(never)]
    pub fn plus(&self, other: &Self) -> Self {
        let mut limbs = self.0;
        for (limb, other) in limbs.iter_mut().zip(&other.0) {
            *limb = *limb + *other;
        }
        Self::new(limbs).checked()
    }

    /// a − b, limb by limb: the weights add up, to at most 4.
    #[inline(never)]
    pub fn minus(&self, other: &Self) -> Self {
        self.difference(other)
    }

    /// The same as [`Self::minus`], for hot places: inlined where that pays.
    #[inline(always)]
    pub fn less(&self, other: &Self) -> Self {
        if N > 9 { self.minus(other) } else { self.difference(other) }
    }

    #[inline(always)]
    fn difference(&self, other: &Self) -> Self {
        let mut limbs = self.0;
        for (limb, other) in limbs.iter_mut().zip(&other.0) {
            *limb = *limb - *other;
        }
        Self::new(limbs).checked()
    }

    /// This element, brought to weight 1 if the curve's products have no room for two factors of
    /// weight 2.
    pub fn fit(self) -> Self {
        if C::LIMIT < 5 { self.narrow() } else { self }
    }

    /// The same element at weight 1, from at most 4.
    ///
    /// Takes away the multiple of p that the top limb tells, then carries from each limb to the next,
    /// all at once: a carry is within ±8, which the slack of 2⁸ covers.
    #[inline(never)]
    pub fn narrow(&self) -> Self {
        let multiple = (self.0[N - 1] + L::of(1 << (Self::TOP_BITS - 1))) >> Self::TOP_BITS;
        let limbs: [L; N] = from_fn(|index| self.0[index] - multiple.times(C::PRIME_LIMBS[index]));
        let carry = |index: usize| (limbs[index] + L::of(1 << (C::LIMB_BITS - 1))) >> C::LIMB_BITS;
        let element = Self::new(from_fn(|index| {
            let out = if index < N - 1 { carry(index) << C::LIMB_BITS } else { L::of(0) };
            let into = if index > 0 { carry(index - 1) } else { L::of(0) };
            limbs[index] - out + into
        }));
        debug_assert!(element.weight() == 1, "{self:?}");
        element
    }

    /// How many bits of the top limb belong to a number below p.
    const TOP_BITS: u32 = C::FIELD_BITS - (N as u32 - 1) * C::LIMB_BITS;

    /// Inverts all of `elements` at the price of one inversion and three products each (Montgomery's
    /// trick). None of them is 0 modulo p.
    #[inline(never)]
    pub fn invert_all(elements: &mut [Self]) {
        let mut products = Vec::with_capacity(elements.len());
        let mut product = Self::beside(&Element::ONE, &Element::ONE);
        for element in &*elements {
            products.push(product);
            product = product.times(element);
        }
        let mut inverse = product.inverted();
        for (element, product) in elements.iter_mut().zip(&products).rev() {
            let rest = inverse.times(element);
            *element = inverse.times(product);
            inverse = rest;
        }
    }

    /// 1 / a, with one inversion for all lanes. No lane is 0 modulo p.
    fn inverted(&self) -> Self {
        let invert = |element: Element<C, N>| Element::from_limbs(&C::PRIME.inverse(&element.to_limbs()));
        let (a, b) = (self.lane(0), self.lane(L::LANES - 1));
        if L::LANES == 1 {
            return Self::beside(&invert(a), &b);
        }
        let inverse = invert(a.times(&b));
        Self::beside(&inverse.times(&b), &inverse.times(&a))
    }

    fn checked(self) -> Self {
        debug_assert!(self.weight() <= 4);
        self
    }

    /// The weight that the limbs need; only debug builds ask.
    fn weight(&self) -> i64 {
        let bound = |index| if index == N - 1 { C::TOP } else { (1 << (C::LIMB_BITS - 1)) + SLACK };
        let weight = |limb: i32, bound: i64| (i64::from(limb).abs() + bound - 1) / bound;
        let limbs = (0..L::LANES * N).map(|index| (self.0[index % N].lane(index / N), index % N));
        limbs.map(|(limb, index)| weight(limb, bound(index))).max().unwrap_or(1).max(1)
    }
}

impl<C: Curve<N>, const N: usize> Element<C, N> {
    pub const ZERO: Self = Self::new([0; N]);
    pub const ONE: Self = Self::new(limbs::balanced(C::ONE, C::LIMB_BITS));

    /// The element of a number below the prime, in the scalars' form.
    #[inline(never)]
    pub fn from_limbs(number: &number::Limbs) -> Self {
        let mut element = [0; N];
        limbs::repack(limbs::digits(number), 30, &mut element, C::LIMB_BITS);
        // Limbs of full length are of weight 2; R² is of weight 1.
        Self::new(element).times(&Self::new(limbs::balanced(C::RADIX_SQUARED, C::LIMB_BITS)))
    }

    /// The number from 0 to p − 1 that this is, in the scalars' form.
    #[inline(never)]
    fn to_limbs(self) -> number::Limbs {
        let mut one = [0; N];
        one[0] = 1;
        let mut number = number::Limbs::default();
        limbs::repack(limbs::digits(&self.times(&Self::new(one)).canonical()), C::LIMB_BITS, &mut number, 30);
        number
    }

    /// a, or −a; of the weight of a.
    #[inline(always)]
    pub fn signed(&self, negative: bool) -> Self {
        let mask = -i32::from(negative);
        let mut limbs = self.0;
        for limb in &mut limbs {
            *limb = (*limb ^ mask) - mask;
        }
        Self::new(limbs)
    }

    /// Whether this is 0 modulo p; of weight at most 4.
    pub fn is_zero(&self) -> bool {
        // Every multiple k · p within the bounds has |k| < 64, and its lowest limb is that of k · p's.
        let unused = 32 - C::LIMB_BITS;
        let low = self.0[0] << unused >> unused;
        low.unsigned_abs() <= 64 * C::PRIME_LIMBS[0].unsigned_abs() && self.canonical() == [0; N]
    }

    /// The limbs of this number modulo p, from 0 to p − 1, none of them negative. (In Montgomery's
    /// form the number is a · R.)
    pub(super) fn canonical(&self) -> [i32; N] {
        // Within ±1.1 · p now.
        let mut limbs = self.narrow().0;
        canonicalize(&mut limbs, &C::PRIME_LIMBS, C::LIMB_BITS);
        limbs
    }

    /// Something of the memory at either end.
    pub fn sample(&self) -> i32 {
        self.0[0] ^ self.0[N - 1]
    }

    #[cfg(test)]
    pub fn limbs(&self) -> &[i32; N] {
        &self.0
    }
}

impl<C, const N: usize, L> Element<C, N, L> {
    pub const fn new(limbs: [L; N]) -> Self {
        Self(limbs, PhantomData)
    }
}

/// Brings a number within ±2p to 0 .. p − 1, without negative limbs.
#[inline(never)]
fn canonicalize(limbs: &mut [i32], prime: &[i32], bits: u32) {
    // Carries from limb to limb leave the sign in the top one: up from below 0, then down to below 0,
    // then up once.
    while add_carrying(limbs, prime, 0, bits) < 0 {
        add_carrying(limbs, prime, 1, bits);
    }
    while add_carrying(limbs, prime, -1, bits) >= 0 {}
    add_carrying(limbs, prime, 1, bits);
}

/// Adds a multiple of the prime and carries, so that all limbs but the top one are from 0 to
/// 2^bits − 1; says what that is then.
fn add_carrying(limbs: &mut [i32], prime: &[i32], multiple: i32, bits: u32) -> i32 {
    let (mut carry, top) = (0, limbs.len().saturating_sub(1));
    for (index, (limb, prime)) in limbs.iter_mut().zip(prime).enumerate() {
        let sum = *limb + multiple * prime + carry;
        *limb = if index == top { sum } else { sum & ((1 << bits) - 1) };
        carry = sum >> bits;
    }
    limbs.last().map_or(0, |&top| top)
}

/// Repeats a block for each of a few constants, so that every index in it is a constant.
macro_rules! unrolled {
    ($index:ident in $($value:literal)+ => $block:block) => {
        $({
            const $index: usize = $value;
            $block
        })+
    };
}
pub(super) use unrolled;

/// Takes the lowest `bits` bits of a sum, from −2^(bits − 1) to 2^(bits − 1) − 1, and leaves the rest.
#[inline(always)]
pub fn take_limb<S: Sum>(sum: &mut S, bits: u32) -> S {
    let carry = (*sum + S::of(1 << (bits - 1))) >> bits;
    let limb = *sum - (carry << bits);
    *sum = carry;
    limb
}

/// The value at k − distance, or 0 where there is none.
#[inline(always)]
pub fn at<S: Sum, const N: usize>(values: &[S; N], k: usize, distance: usize) -> S {
    if (distance..distance + N).contains(&k) { values[k - distance] } else { S::of(0) }
}
