//! Powers modulo an odd number, once for every kind of limb.
//!
//! A number is a row of digits in radix B = 2^`BITS`, least significant first. Products are summed column by
//! column, four columns (a *block*) at a time, and low blocks are taken away in Montgomery's manner: R = B^L, and
//! a product of x and y is x·y·R⁻¹ mod n. Two things differ from the textbook.
//!
//! - **Folding.** With `fold` = B⁻⁴ mod n, a low block d at column k is worth d·fold at column k + 4. So the four
//!   digits of a block are multiplied as they are: no digit waits for a product with −n⁻¹, as it would in
//!   Montgomery's own step. Only the last low block takes that step, four times, because a fold would leave the
//!   result 4 digits longer than n.
//! - **Lazy results.** Results are below 3n, not n. Let x, y < 3n and R ≥ 16n. The folds add at most
//!   (B^(L−4) − 1)·B⁴·fold < R·n and the last block at most R·n. The result is below (9n² + 2·R·n) / R < 3n.
//!
//! Everything is public here, so time may depend on the values.

use core::array;
use core::ops::Range;

use crate::kernels::low::rsa::limbs::{self, BLOCK, LARGEST, Limbs, PAD, stored};

/// Bits that a number is shifted by at most: digits of 52 bits leave room for so many.
const SHIFT: usize = 8;

/// An odd modulus with its precomputation. All three numbers are below or equal to n and stored with their padding.
pub(crate) struct Modulus<'a, L: Limbs> {
    limbs: L,
    n: &'a [L::Limb],
    /// B⁻⁴ mod n.
    fold: &'a [L::Limb],
    /// R² mod n.
    square: &'a [L::Limb],
    /// −n⁻¹ mod B.
    inverse: u64,
    /// L, the digits of each number.
    length: usize,
}

impl<'a, L: Limbs> Modulus<'a, L> {
    const MASK: u64 = (1 << L::BITS) - 1;

    /// A modulus with what [`precompute`](Self::precompute) found for it.
    pub(crate) fn new(n: &'a [L::Limb], fold: &'a [L::Limb], square: &'a [L::Limb]) -> Self {
        debug_assert!(n.len() == fold.len() && n.len() == square.len() && n.len() % BLOCK == 0);
        debug_assert!(n.len() <= stored(limbs::length(LARGEST, L::BITS)));
        let lowest = L::digit(n[PAD]);
        debug_assert!(lowest % 2 == 1, "an even modulus");
        // Newton: each step doubles the number of right bits, from the 3 that an odd number has as its own inverse.
        let mut inverse = lowest;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        Self {
            limbs: L::new(),
            n,
            fold,
            square,
            inverse: inverse.wrapping_neg() & Self::MASK,
            length: n.len() - 2 * PAD,
        }
    }

    /// Finds `fold` and `square` for an n of exactly so many bits.
    pub(crate) fn precompute(
        n: &[L::Limb],
        bits: usize,
        fold: &mut [L::Limb],
        square: &mut [L::Limb],
        scratch: &mut [L::Limb],
    ) {
        let length = n.len() - 2 * PAD;
        debug_assert!(length == limbs::length(bits, L::BITS));
        // 1·R/B⁴ · 1 · R⁻¹. All low blocks but the last are zero, so no fold is needed to find it.
        fold.fill(L::limb(0));
        square.fill(L::limb(0));
        fold[PAD + length - BLOCK] = L::limb(1);
        square[PAD] = L::limb(1);
        Modulus::<L>::new(n, n, n).multiply(fold, square, scratch);

        // 2^bits mod n is 2^bits − n. Shifts make it R·2^start; then squarings, which double the exponent of 2 beside
        // R, and shifts, make it R·R.
        let modulus = Modulus::<L>::new(n, fold, n);
        modulus.complement(square, bits);
        let exponent = length * L::BITS as usize;
        let steps = exponent.ilog2() - 5;
        let mut left = exponent - bits + (exponent >> steps);
        while left > 0 {
            let count = left.min(SHIFT);
            modulus.shift(square, count, bits);
            left -= count;
        }
        for step in (0..steps).rev() {
            modulus.square(square, scratch);
            modulus.shift(square, (exponent >> step) % 2, bits);
        }
    }

    /// base^exponent mod n to `x`, fully reduced. `base` is below n, `exponent` odd and at least 3. `y` and `scratch`
    /// may hold anything.
    pub(crate) fn power(
        &self,
        base: &[L::Limb],
        exponent: u32,
        x: &mut [L::Limb],
        y: &mut [L::Limb],
        scratch: &mut [L::Limb],
    ) {
        debug_assert!(exponent % 2 == 1 && exponent >= 3);
        x.copy_from_slice(base);
        self.multiply(x, self.square, scratch);
        y.copy_from_slice(x);
        for bit in (0..exponent.ilog2()).rev() {
            self.square(x, scratch);
            if (exponent >> bit) % 2 == 1 {
                // The last factor is not in Montgomery's form, and so takes the result out of it.
                self.multiply(x, if bit == 0 { base } else { y }, scratch);
            }
        }
        self.reduce(x);
    }

    /// x·y·R⁻¹ mod n to `x`. All three are below 3n.
    fn multiply(&self, x: &mut [L::Limb], y: &[L::Limb], digits: &mut [L::Limb]) {
        self.montgomery(x, Some(y), digits);
    }

    /// x²·R⁻¹ mod n to `x`. Both are below 3n.
    fn square(&self, x: &mut [L::Limb], digits: &mut [L::Limb]) {
        self.montgomery(x, None, digits);
    }

    /// x·y or x² divided by R, modulo n. The result goes to `x`, each block of it after the last sum that may read
    /// it. One function for both, as code to download costs more than a branch a block.
    #[inline(never)]
    fn montgomery(&self, x: &mut [L::Limb], y: Option<&[L::Limb]>, digits: &mut [L::Limb]) {
        let length = self.length;
        let last = length - BLOCK;
        let mut carry = 0;
        for block in (0..2 * length).step_by(BLOCK) {
            let mut sums = self.limbs.sums();
            match y {
                Some(y) => self.convolve(&mut sums, x, 0..length, y, block + BLOCK),
                None => self.convolve_square(&mut sums, x, block),
            }
            self.convolve(&mut sums, digits, 0..last.min(block), self.fold, block);
            if block >= length {
                // A fixed number of rows, if some of them meet padding alone.
                let n = &self.n[PAD + block - length + 1..][..7];
                self.limbs.rows(&mut sums, &digits[PAD + last..PAD + length], n);
            }
            let columns = self.limbs.columns(sums);
            let settled =
                if block == last { self.clear(columns, &mut carry) } else { settle::<L>(columns, &mut carry) };
            let to = if block < length { &mut digits[PAD + block..] } else { &mut x[PAD + block - length..] };
            store::<L>(to, settled);
        }
        debug_assert!(carry == 0, "a result of more than L digits");
    }

    /// Adds a block of x² to four empty columns.
    #[inline(always)]
    fn convolve_square(&self, sums: &mut L::Sums, x: &[L::Limb], block: usize) {
        // Column c is 2·Σ x[i]·x[c − i] for i < c − i, and x[c/2]² if c is even. In rows below half of the block's
        // first column, all four products are doubled ones.
        let half = block / 2;
        self.convolve(sums, x, 0..half, x, block + BLOCK);
        // Of the next two rows, these are: x[half]·x[half + 1], …
        let zero = L::limb(0);
        let [a, b, c, d] = array::from_fn(|i| x[PAD + half + i]);
        self.limbs.rows(sums, &[a], &[zero, b, c, d]);
        self.limbs.rows(sums, &[b], &[zero, zero, zero, c]);
        self.limbs.double(sums);
        // … and these are the squares.
        self.limbs.rows(sums, &[a], &[a, zero, zero, zero]);
        self.limbs.rows(sums, &[b], &[zero, zero, b, zero]);
    }

    /// Adds to the four columns below `above` what the given digits of x, times y, add to them.
    #[inline(always)]
    fn convolve(&self, sums: &mut L::Sums, x: &[L::Limb], digits: Range<usize>, y: &[L::Limb], above: usize) {
        // The columns of row i are the digits of y below above − i. Before and after these rows, that is padding.
        let start = digits.start.max((above + 1).saturating_sub(BLOCK + self.length));
        let end = digits.end.min(above);
        self.limbs.rows(sums, &x[PAD + start..PAD + end], &y[PAD + above - 3 - end..PAD + above - start]);
    }

    /// The four digits which, as factors of n, make the four columns zero: Montgomery's own step (Mathematics of
    /// Computation 44, 1985).
    #[inline(never)]
    fn clear(&self, mut columns: [u64; 5], carry: &mut u64) -> [u64; 4] {
        let factors = array::from_fn(|i| {
            let factor = columns[i].wrapping_add(*carry).wrapping_mul(self.inverse) & Self::MASK;
            let mut sums = self.limbs.sums();
            self.limbs.rows(&mut sums, &[L::limb(factor)], &self.n[PAD - i..PAD - i + BLOCK]);
            for (column, product) in columns.iter_mut().zip(self.limbs.columns(sums)) {
                *column = column.wrapping_add(product);
            }
            let column = columns[i].wrapping_add(*carry);
            debug_assert!(column & Self::MASK == 0);
            *carry = L::carry(column);
            factor
        });
        *carry = carry.wrapping_add(columns[4]);
        factors
    }

    /// 2^bits − n.
    fn complement(&self, x: &mut [L::Limb], bits: usize) {
        let radix_bits = L::BITS as usize;
        let mut borrow = 0;
        for i in 0..self.length {
            let digit = if i == bits / radix_bits { 1_u64 << (bits % radix_bits) } else { 0 };
            let digit = digit.wrapping_sub(L::digit(self.n[PAD + i])).wrapping_sub(borrow);
            borrow = digit >> 63;
            x[PAD + i] = L::limb(digit & Self::MASK);
        }
        debug_assert!(borrow == 0);
    }

    /// x·2^count mod n, for an x below 3n, a count up to `SHIFT` and an n of so many bits.
    #[inline(never)]
    fn shift(&self, x: &mut [L::Limb], count: usize, bits: usize) {
        // The highest digits give the quotient, or one more or less: it is below 3·2⁸, and the quotient of their
        // values differs from the exact one by less than 2⁻³⁰. With one less than that, the rest is in [0, 3n].
        let top = PAD + (bits - 1) / L::BITS as usize;
        let high = |limbs: &[L::Limb]| {
            let digits = limbs[top - 2..=top + 1].iter().rev().map(|&limb| L::digit(limb) as f64);
            digits.fold(0.0, |high, digit| high * (1_u64 << L::BITS) as f64 + digit)
        };
        let quotient = ((high(x) * (1_u64 << count) as f64 / high(self.n)) as u64).saturating_sub(1);
        self.subtract(x, count, quotient.cast_signed());
        self.reduce(x);
    }

    /// x mod n, for an x of a few times n.
    fn reduce(&self, x: &mut [L::Limb]) {
        while !self.is_above(x) {
            self.subtract(x, 0, 1);
        }
    }

    /// Whether n is above x. The highest digits nearly always tell.
    #[inline(never)]
    fn is_above(&self, x: &[L::Limb]) -> bool {
        let mut digits = x.iter().zip(self.n).rev().map(|(&x, &n)| (L::digit(x), L::digit(n)));
        digits.find(|(x, n)| x != n).is_some_and(|(x, n)| x < n)
    }

    /// x·2^count − factor·n, which is not negative, for a count up to `SHIFT` and a factor of up to 10 bits.
    #[inline(never)]
    fn subtract(&self, x: &mut [L::Limb], count: usize, factor: i64) {
        let mut carry = 0;
        for (limb, &n) in x.iter_mut().zip(self.n) {
            // Within ±2⁶².
            let digit = (L::digit(*limb) << count).cast_signed() - factor * L::digit(n).cast_signed() + carry;
            carry = digit >> L::BITS;
            *limb = L::limb(digit.cast_unsigned() & Self::MASK);
        }
        debug_assert!(carry == 0);
    }
}

/// The digits of four columns.
#[inline(always)]
fn settle<L: Limbs>(columns: [u64; 5], carry: &mut u64) -> [u64; 4] {
    let mask = (1 << L::BITS) - 1;
    let [a, b, c, d, above] = columns;
    let settled = [a, b, c, d].map(|column| {
        let column = column.wrapping_add(*carry);
        *carry = L::carry(column);
        column & mask
    });
    *carry = carry.wrapping_add(above);
    settled
}

#[inline(always)]
fn store<L: Limbs>(limbs: &mut [L::Limb], digits: [u64; 4]) {
    limbs[..BLOCK].copy_from_slice(&digits.map(L::limb));
}
