//! Arithmetic modulo the prime of a curve, for the curves of `p256`, `p384`, `p521` and `secp256k1`.
//!
//! An element is a few limbs of `bits` bits with signs, so that a difference needs no multiple of the
//! prime. Products are made column by column in 64 bits and reduced by the curve, which knows the
//! sparse form of its prime; every other operation is here, once for all.
//!
//! # Bounds
//! The **magnitude** of an element says how far it is from reduced: at magnitude m each limb is within
//! ±m · (2^(bits − 1) + 2⁸), and the top limb within ±m · `top`. Products and [`Element::carry`]
//! have magnitude 1; sums and differences add the magnitudes. A product takes factors whose magnitudes
//! multiplied come to at most `limit`. Debug builds check the magnitudes at every operation.

use alloc::vec::Vec;
use core::array::from_fn;
use core::fmt;

use super::scalar::Modulus;
use crate::kernels::low::ecdsa::digits;
use crate::kernels::low::ecdsa::limbs::{Columns, LIMBS, Lanes, Limbs, Product, Square, Sum};
use crate::kernels::low::ecdsa::number;

/// The numbers modulo a prime p, or as many of them side by side as there are lanes.
pub struct Field {
    /// p, to invert with.
    pub modulus: &'static Modulus,
    /// How many elements share the limbs: 1 or 2.
    pub lanes: usize,
    /// How many limbs an element has.
    pub length: usize,
    /// Bits of a limb.
    pub bits: u32,
    /// How many bits of the top limb belong to a number below p; fewer than a limb has.
    pub top_bits: u32,
    /// The largest product of magnitudes that the curve's products take.
    pub limit: i64,
    /// Bound of the top limb of a reduced element.
    pub top: i64,
    /// p in limbs, sparse: some are negative, the lowest is −1 or −977, the top one 2^top_bits.
    pub prime: Limbs,
    /// 1 as elements have it: R modulo p in Montgomery's form.
    pub one: Limbs,
    /// R² modulo p, or 1 where elements are not in Montgomery's form.
    pub radix_squared: Limbs,
    /// All bits of the limbs that an element has.
    pub used: Limbs,
    /// Whether the curve has a = −3; it is 0 if not.
    pub a_is_minus_3: bool,
    /// The field with one lane.
    pub alone: &'static Self,
    /// a · b, reduced.
    pub times: fn(&Element, &Element) -> Element,
    /// a², reduced.
    pub squared: fn(&Element) -> Element,
    /// [`Element::carried`] for the limbs and lanes.
    pub carry: fn(&Element) -> Element,
}

impl Field {
    /// Bits of p.
    pub const fn size(&self) -> u32 {
        (self.length as u32 - 1) * self.bits + self.top_bits
    }

    /// Two elements side by side, whose products these are.
    pub const fn two(
        &self,
        times: fn(&Element, &Element) -> Element,
        squared: fn(&Element) -> Element,
        carry: fn(&Element) -> Element,
    ) -> Self {
        Self {
            lanes: 2,
            prime: digits::doubled(self.prime),
            one: digits::doubled(self.one),
            radix_squared: digits::doubled(self.radix_squared),
            used: digits::doubled(self.used),
            times,
            squared,
            carry,
            ..*self
        }
    }
}

/// How a curve reduces products of elements of N limbs.
pub trait Reduce<const N: usize> {
    /// The result fits into limbs of magnitude 1, and is R times too small in Montgomery's form.
    fn reduce<S: Sum>(product: impl Columns<S>) -> [S; N];

    /// For [`Field::times`].
    fn product<L: Lanes>(a: &Element, b: &Element) -> Element {
        let product = Product::<_, N>(L::factors::<N>(&a.limbs), L::factors::<N>(&b.limbs));
        Element { limbs: L::limbs(&Self::reduce(product)), field: a.field }
    }

    /// For [`Field::squared`].
    fn square<L: Lanes>(a: &Element) -> Element {
        let square = Square::<_, N>(L::factors::<N>(&a.limbs));
        Element { limbs: L::limbs(&Self::reduce(square)), field: a.field }
    }

    /// For [`Field::squared`], where a square of its own is not worth its size.
    fn product_with_itself<L: Lanes>(a: &Element) -> Element {
        Self::product::<L>(a, a)
    }
}

/// A number modulo the prime of a field, or as many side by side as the field has lanes; see the module's notes for
/// what the limbs may be.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Element {
    pub limbs: Limbs,
    pub field: &'static Field,
}

/// How far above 2^(bits − 1) a reduced limb may be.
const SLACK: i64 = 1 << 8;

impl Element {
    /// 0, in each lane.
    pub const fn zero(field: &'static Field) -> Self {
        Self { limbs: [0; LIMBS], field }
    }

    /// 1, in each lane.
    pub const fn one(field: &'static Field) -> Self {
        Self { limbs: field.one, field }
    }

    /// The element of a number below the prime, in the scalars' form.
    #[inline(never)]
    pub fn from_limbs(field: &'static Field, number: &number::Limbs) -> Self {
        let mut element = Self::zero(field);
        digits::repack(digits::of_limbs(number), number::BITS, &mut element.limbs[..field.length], field.bits);
        // Limbs of full length are of magnitude 2; R² is of magnitude 1.
        element.times(&Self { limbs: field.radix_squared, field })
    }

    /// The number from 0 to p − 1 that this is, in the scalars' form.
    fn to_limbs(self) -> number::Limbs {
        let mut one = Self::zero(self.field);
        one.limbs[0] = 1;
        let mut number = number::Limbs::default();
        let canonical = self.times(&one).canonical();
        digits::repack(digits::of_limbs(&canonical), self.field.bits, &mut number, number::BITS);
        number
    }

    /// An element in each lane of a field; `a` alone if there is one.
    #[inline(never)]
    pub fn pack_lanes(field: &'static Field, a: &Self, b: &Self) -> Self {
        if field.lanes == 1 {
            return *a;
        }
        Self { limbs: from_fn(|index| if index % 2 == 0 { a.limbs[index / 2] } else { b.limbs[index / 2] }), field }
    }

    /// The element in a lane.
    #[inline(never)]
    pub fn lane(&self, lane: usize) -> Self {
        let Field { lanes, alone, .. } = *self.field;
        let limbs = from_fn(|index| self.limbs.get(index * lanes + lane).copied().unwrap_or(0));
        Self { limbs, field: alone }
    }

    /// a · b, where magnitude(a) · magnitude(b) ≤ `limit`.
    #[inline(always)]
    pub fn times(&self, other: &Self) -> Self {
        debug_assert!(self.magnitude() * other.magnitude() <= self.field.limit);
        (self.field.times)(self, other).reduced()
    }

    /// a², where magnitude(a)² ≤ `limit`.
    #[inline(always)]
    pub fn squared(&self) -> Self {
        debug_assert!(self.magnitude() * self.magnitude() <= self.field.limit);
        (self.field.squared)(self).reduced()
    }

    /// a + b, limb by limb: the magnitudes add up, to at most 4.
    #[inline(never)]
    pub fn plus(&self, other: &Self) -> Self {
        let limbs = from_fn(|index| self.limbs[index] + other.limbs[index]);
        Self { limbs, field: self.field }.checked()
    }

    /// a − b, limb by limb: the magnitudes add up, to at most 4.
    #[inline(never)]
    pub fn minus(&self, other: &Self) -> Self {
        let limbs = from_fn(|index| self.limbs[index] - other.limbs[index]);
        Self { limbs, field: self.field }.checked()
    }

    /// a − b, brought to magnitude 1 if the curve's products have no room for two factors of magnitude 2.
    #[inline(always)]
    pub fn sub_carry(&self, other: &Self) -> Self {
        if self.field.limit < 5 { self.minus(other).carry() } else { self.minus(other) }
    }

    /// This element and the curve's a, of magnitude 1.
    pub fn plus_a(self) -> Self {
        let one = Self::one(self.field);
        if self.field.a_is_minus_3 { self.minus(&one).minus(&one).minus(&one).carry() } else { self }
    }

    /// This element, brought to magnitude 1 if the curve's products have no room for two factors of
    /// magnitude 2.
    pub fn carry_if_tight(self) -> Self {
        if self.field.limit < 5 { self.carry() } else { self }
    }

    /// The same element at magnitude 1, from at most 4.
    #[inline(always)]
    pub fn carry(&self) -> Self {
        (self.field.carry)(self).reduced()
    }

    /// For [`Field::carry`], with limbs of so many bits in so many lanes: as constants they leave whole vectors.
    ///
    /// Takes away the multiple of p that the top limb tells, then carries from each limb to the next,
    /// all at once: a carry is within ±8, which the slack of 2⁸ covers.
    pub fn carried<const BITS: u32, const LANES: usize>(&self) -> Self {
        let Field { length, top_bits, .. } = *self.field;
        let top = (length - 1) * LANES;
        let multiple = |lane| (self.limbs[top + lane] + (1 << (top_bits - 1))) >> top_bits;
        let multiples = [multiple(0), multiple(LANES - 1)];
        let limbs: Limbs = from_fn(|index| self.limbs[index] - multiples[index % 2] * self.field.prime[index]);
        // From the top limb nothing is carried: what is left of it has at most top_bits bits, with the sign.
        let carries: Limbs = from_fn(|index| (limbs[index] + (1 << (BITS - 1))) >> BITS);
        let into = |index: usize| if index < LANES { 0 } else { carries[index - LANES] };
        let limbs = from_fn(|index| limbs[index] - (carries[index] << BITS) + into(index));
        Self { limbs, field: self.field }
    }

    /// Inverts all of `elements` at the price of one inversion and three products each (Montgomery's
    /// trick). None of them is 0 modulo p.
    #[inline(never)]
    pub fn invert_all(elements: &mut [Self]) {
        let Some((first, others)) = elements.split_first_mut() else { return };
        // The product of all elements before each of the others, and of all.
        let mut products = Vec::with_capacity(others.len() + 1);
        products.push(*first);
        for (index, element) in others.iter().enumerate() {
            products.push(products[index].times(element));
        }
        let mut inverse = products[others.len()].inverted();
        for (element, product) in others.iter_mut().zip(&products).rev() {
            let rest = inverse.times(element);
            *element = inverse.times(product);
            inverse = rest;
        }
        *first = inverse;
    }

    /// 1 / a, with one inversion for all lanes. No lane is 0 modulo p.
    fn inverted(&self) -> Self {
        let Field { lanes, modulus, alone, .. } = *self.field;
        // With two lanes 1 / a is b / (a · b), and 1 / b is a / (a · b).
        let inverse = |element: Self| Self::from_limbs(alone, &modulus.inverse(&element.to_limbs()));
        if lanes == 1 {
            return inverse(*self);
        }
        let (a, b) = (self.lane(0), self.lane(1));
        let inverse = inverse(a.times(&b));
        Self::pack_lanes(self.field, &inverse.times(&b), &inverse.times(&a))
    }

    /// Whether this is 0 modulo p, in any lane; of magnitude at most 4.
    pub fn is_zero(&self) -> bool {
        (0..self.field.lanes).any(|lane| {
            // Every multiple k · p within the bounds has |k| < 64, and its lowest limb is that of k · p's.
            let unused = 32 - self.field.bits;
            let low = self.limbs[lane] << unused >> unused;
            low.unsigned_abs() <= 64 * self.field.prime[0].unsigned_abs() && self.lane(lane).canonical() == [0; LIMBS]
        })
    }

    /// The limbs of this number modulo p, from 0 to p − 1, none of them negative, where there is one lane. (In
    /// Montgomery's form the number is a · R.)
    pub(super) fn canonical(&self) -> Limbs {
        // Within ±1.1 · p now.
        let mut limbs = self.carry().limbs;
        canonicalize(&mut limbs[..self.field.length], &self.field.prime, self.field.bits);
        limbs
    }

    fn reduced(self) -> Self {
        debug_assert!(self.magnitude() == 1, "{self:?}");
        self
    }

    fn checked(self) -> Self {
        debug_assert!(self.magnitude() <= 4);
        self
    }

    /// The magnitude that the limbs need; only debug builds ask.
    pub(super) fn magnitude(&self) -> i64 {
        let Field { lanes, length, bits, top, .. } = *self.field;
        let (used, unused) = self.limbs.split_at(length * lanes);
        let (lower, tops) = used.split_at(used.len() - lanes);
        let largest = |limbs: &[i32]| i64::from(limbs.iter().fold(0, |most, limb| limb.unsigned_abs().max(most)));
        let needed = |limbs, bound| (largest(limbs) + bound - 1) / bound;
        // What is no limb of this field is 0, whatever the magnitude.
        let beyond = if largest(unused) == 0 { 1 } else { 1 << 31 };
        needed(lower, (1 << (bits - 1)) + SLACK).max(needed(tops, top)).max(beyond)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Field")
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
