//! Numbers below an odd modulus of 256 to 521 bits, in limbs of 30 bits: the scalars of a signature
//! check (modulo the order of the group), and field inverses (modulo the field's prime). One code for
//! all sizes: the modulus knows how many limbs are in use.

use super::limbs;

/// Limbs of 30 bits, least significant first; those that the modulus does not use are zero.
pub type Limbs = [i32; LIMBS];

const LIMBS: usize = 18;
const BITS: u32 = 30;
const MASK: i32 = (1 << BITS) - 1;

/// An odd modulus m with two constants made from it.
#[derive(Debug)]
pub struct Modulus {
    limbs: Limbs,
    /// How many limbs are in use: at least 6 bits more than m has.
    length: usize,
    /// m⁻¹ modulo 2³⁰.
    inverse: i32,
    /// Montgomery's R = 2^(30 · length) modulo m.
    radix: Limbs,
}

impl Modulus {
    /// The modulus of `hex` and, for Montgomery products, R mod m.
    pub const fn new(hex: &str, length: usize, radix: &str) -> Self {
        let limbs: Limbs = limbs::from_hex(hex, BITS as usize);
        // Newton's iteration doubles the right bits: m · m = 1 modulo 8, then 6, 12, 24, 48 bits.
        let mut inverse = limbs[0];
        let mut round = 0;
        while round < 4 {
            inverse = inverse.wrapping_mul(2_i32.wrapping_sub(limbs[0].wrapping_mul(inverse)));
            round += 1;
        }
        Self { limbs, length, inverse: inverse & MASK, radix: limbs::from_hex(radix, BITS as usize) }
    }

    /// The number of big-endian octets, if it is below m.
    #[inline(never)]
    pub fn parse(&self, octets: &[u8]) -> Option<Limbs> {
        let number = from_octets(octets);
        is_below(&number, &self.limbs).then_some(number)
    }

    /// m itself.
    pub const fn limbs(&self) -> &Limbs {
        &self.limbs
    }

    /// a · b · R⁻¹ modulo m: the multiplication of Montgomery (Math. Comp. 44, 1985), limb by limb.
    ///
    /// Limbs are below 2³⁰ and a · b < R · m: then a limb's sum is below 2⁶⁰ + 2⁶⁰ + 2³², and the
    /// result before the last step below 2m.
    #[inline(never)]
    pub fn multiply(&self, a: &Limbs, b: &Limbs) -> Limbs {
        debug_assert!(a.iter().chain(b).all(|&limb| limb & MASK == limb));
        let negated_inverse = self.inverse.wrapping_neg();
        let mut total = [0; LIMBS];
        let (b_low, m_low) = (i64::from(b[0]), i64::from(self.limbs[0]));
        for &limb in &a[..self.length] {
            let limb = i64::from(limb);
            let low = limb * b_low + i64::from(total[0]);
            let quotient = i64::from((low as i32).wrapping_mul(negated_inverse) & MASK);
            let mut carry = (low + quotient * m_low) >> BITS;
            for index in 1..self.length {
                carry += limb * i64::from(b[index]) + quotient * i64::from(self.limbs[index]) + i64::from(total[index]);
                total[index - 1] = carry as i32 & MASK;
                carry >>= BITS;
            }
            total[self.length - 1] = carry as i32;
        }
        if is_below(&total, &self.limbs) { total } else { subtract(&total, &self.limbs) }
    }

    /// x + m, for x below m.
    pub fn plus(&self, x: &Limbs) -> Limbs {
        add(x, &self.limbs, LIMBS)
    }

    /// x and false, or m − x and true: whichever number is smaller.
    #[inline(never)]
    pub fn halve(&self, x: &Limbs) -> (Limbs, bool) {
        let negative = subtract(&self.limbs, x);
        if is_below(&negative, x) { (negative, true) } else { (*x, false) }
    }

    /// R · x⁻¹ modulo m, so that a Montgomery product with it divides by x; 0 for 0.
    pub fn inverse_times_radix(&self, x: &Limbs) -> Limbs {
        self.divide(self.radix, x)
    }

    /// x⁻¹ modulo m; 0 for 0.
    pub fn inverse(&self, x: &Limbs) -> Limbs {
        let mut one = [0; LIMBS];
        one[0] = 1;
        self.divide(one, x)
    }

    /// numerator · x⁻¹ modulo m, for both from 0 to m − 1: the "safegcd" of Bernstein and Yang (Fast
    /// constant-time gcd computation and modular inversion, TCHES 2019/3) in its variable-time form,
    /// 30 division steps at a time, as libsecp256k1 has it (doc/safegcd_implementation.md).
    ///
    /// Invariants: f = d · x and g = e · x modulo m, up to the numerator; f is odd; f and g stay
    /// within ±m and d and e between −2m and m.
    #[inline(never)]
    fn divide(&self, numerator: Limbs, x: &Limbs) -> Limbs {
        let (mut f, mut g) = (self.limbs, *x);
        let (mut d, mut e) = ([0; LIMBS], numerator);
        let mut eta = -1;
        let mut used = self.length;
        // At most (45907 · bits + 26313) / 19929 steps for these sizes (ibid., theorem 11.2), which is
        // fewer than 30 · 3 · length; in practice the loop ends with g = 0.
        for _ in 0..3 * self.length {
            let steps = Steps::next(&mut eta, f[0], g[0]);
            steps.apply_modulo(&mut d[..self.length], &mut e[..self.length], self);
            steps.apply(&mut f[..used], &mut g[..used]);
            if g[..used].iter().all(|&limb| limb == 0) {
                break;
            }
            // A top limb that only extends the sign goes into the one below.
            let (f_top, g_top) = (f[used - 1], g[used - 1]);
            if used > 1 && f_top == f_top >> 31 && g_top == g_top >> 31 {
                f[used - 2] |= f_top << BITS;
                g[used - 2] |= g_top << BITS;
                used -= 1;
            }
        }
        // f = ±1 now, unless x was 0. d is between −2m and m.
        let negate = f[used - 1] < 0;
        let d = if d[self.length - 1] < 0 { add(&d, &self.limbs, self.length) } else { d };
        let d = if negate { subtract_signed(&[0; LIMBS], &d, self.length) } else { d };
        if d[self.length - 1] < 0 { add(&d, &self.limbs, self.length) } else { d }
    }
}

/// What 30 division steps do to f and g: 2³⁰ · (f, g) becomes (u · f + v · g, q · f + r · g).
/// |u| + |v| ≤ 2³⁰ and |q| + |r| ≤ 2³⁰.
struct Steps<T = i32> {
    u: T,
    v: T,
    q: T,
    r: T,
}

impl Steps {
    fn map<T>(&self, convert: fn(i32) -> T) -> Steps<T> {
        Steps { u: convert(self.u), v: convert(self.v), q: convert(self.q), r: convert(self.r) }
    }

    /// The steps for the lowest 30 bits of f and g; f is odd. `eta` is minus the delta of the paper.
    fn next(eta: &mut i32, f: i32, g: i32) -> Self {
        let (mut f, mut g) = (f, g);
        let (mut u, mut v, mut q, mut r) = (1_i32, 0_i32, 0_i32, 1_i32);
        let mut left = BITS;
        loop {
            // All the steps in which g is even, at once.
            let zeros = (g | -1 << left).trailing_zeros();
            g >>= zeros;
            u = u.wrapping_shl(zeros);
            v = v.wrapping_shl(zeros);
            *eta -= zeros as i32;
            left -= zeros;
            if left == 0 {
                return Self { u, v, q, r };
            }
            if *eta < 0 {
                *eta = -*eta;
                (f, g) = (g, f.wrapping_neg());
                (u, q) = (q, u.wrapping_neg());
                (v, r) = (r, v.wrapping_neg());
            }
            // The next steps only add f to g where g is odd: a multiple of f that clears as many of g's
            // low bits as there are such steps, at most 6, for f · (f² − 2) is −f⁻¹ modulo 2⁶.
            let limit = (*eta as u32 + 1).min(left).min(6);
            let inverse = f.wrapping_mul(f).wrapping_sub(2);
            let w = g.wrapping_mul(f).wrapping_mul(inverse) & ((1 << limit) - 1);
            g = g.wrapping_add(f.wrapping_mul(w));
            q = q.wrapping_add(u.wrapping_mul(w));
            r = r.wrapping_add(v.wrapping_mul(w));
        }
    }

    /// Applies the steps to f and g, exactly.
    ///
    /// Limbs are below 2³⁰ but the signed top one, so a sum is within 2³⁰ · 2³¹ plus a carry of 2³².
    fn apply(&self, f: &mut [i32], g: &mut [i32]) {
        let Steps { u, v, q, r } = self.map(i64::from);
        let g = &mut g[..f.len()];
        let (mut f_carry, mut g_carry) = (0_i64, 0_i64);
        for index in 0..f.len() {
            let (f_limb, g_limb) = (i64::from(f[index]), i64::from(g[index]));
            f_carry += u * f_limb + v * g_limb;
            g_carry += q * f_limb + r * g_limb;
            // The lowest limbs are 0 now, and all others move down.
            if index > 0 {
                f[index - 1] = f_carry as i32 & MASK;
                g[index - 1] = g_carry as i32 & MASK;
            }
            debug_assert!(index > 0 || (f_carry | g_carry) as i32 & MASK == 0);
            f_carry >>= BITS;
            g_carry >>= BITS;
        }
        debug_assert!(i32::try_from(f_carry).is_ok() && i32::try_from(g_carry).is_ok());
        set_top(f, f_carry);
        set_top(g, g_carry);
    }

    /// Applies the steps to d and e modulo m: a multiple of m makes the sums divisible by 2³⁰, chosen so
    /// that both stay between −2m and m.
    ///
    /// A sum is within 2³⁰ · 2³⁰ (|u| + |v| ≤ 2³⁰) + 2³¹ · 2³⁰ (the multiple of m) plus a carry of 2³².
    fn apply_modulo(&self, d: &mut [i32], e: &mut [i32], modulus: &Modulus) {
        let (Some(&d_top), Some(&e_top)) = (d.last(), e.last()) else { return };
        let (d_sign, e_sign) = (d_top >> 31, e_top >> 31);
        let mut d_multiple = (self.u & d_sign).wrapping_add(self.v & e_sign);
        let mut e_multiple = (self.q & d_sign).wrapping_add(self.r & e_sign);
        let d_low = self.u.wrapping_mul(d[0]).wrapping_add(self.v.wrapping_mul(e[0]));
        let e_low = self.q.wrapping_mul(d[0]).wrapping_add(self.r.wrapping_mul(e[0]));
        d_multiple = d_multiple.wrapping_sub(modulus.inverse.wrapping_mul(d_low).wrapping_add(d_multiple) & MASK);
        e_multiple = e_multiple.wrapping_sub(modulus.inverse.wrapping_mul(e_low).wrapping_add(e_multiple) & MASK);

        let Steps { u, v, q, r } = self.map(i64::from);
        let (d_multiple, e_multiple) = (i64::from(d_multiple), i64::from(e_multiple));
        let (e, m) = (&mut e[..d.len()], &modulus.limbs[..d.len()]);
        let (mut d_carry, mut e_carry) = (0_i64, 0_i64);
        for index in 0..d.len() {
            let (d_limb, e_limb, m_limb) = (i64::from(d[index]), i64::from(e[index]), i64::from(m[index]));
            d_carry += u * d_limb + v * e_limb + d_multiple * m_limb;
            e_carry += q * d_limb + r * e_limb + e_multiple * m_limb;
            if index > 0 {
                d[index - 1] = d_carry as i32 & MASK;
                e[index - 1] = e_carry as i32 & MASK;
            }
            debug_assert!(index > 0 || (d_carry | e_carry) as i32 & MASK == 0);
            d_carry >>= BITS;
            e_carry >>= BITS;
        }
        set_top(d, d_carry);
        set_top(e, e_carry);
    }
}

fn set_top(limbs: &mut [i32], value: i64) {
    if let Some(top) = limbs.last_mut() {
        *top = value as i32;
    }
}

/// The number of at most 66 big-endian octets.
#[inline(never)]
pub fn from_octets(octets: &[u8]) -> Limbs {
    let mut number = [0; LIMBS];
    limbs::repack(limbs::octets(octets), 8, &mut number, BITS);
    number
}

/// Whether a < b, for limbs from 0 to 2³⁰ − 1.
pub fn is_below(a: &Limbs, b: &Limbs) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// Whether the number is zero.
pub fn is_zero(a: &Limbs) -> bool {
    a.iter().all(|&limb| limb == 0)
}

/// a + b in `length` limbs, of which the top one has the sign and takes what is left.
fn add(a: &Limbs, b: &Limbs, length: usize) -> Limbs {
    combine(a, b, length, |a, b| a + b)
}

/// a − b for b ≤ a.
fn subtract(a: &Limbs, b: &Limbs) -> Limbs {
    combine(a, b, LIMBS, |a, b| a - b)
}

fn subtract_signed(a: &Limbs, b: &Limbs, length: usize) -> Limbs {
    combine(a, b, length, |a, b| a - b)
}

/// Limb by limb, with carries; limbs are within ±2³⁰, so a sum is within ±(2³¹ − 1) as i64.
#[inline(never)]
fn combine(a: &Limbs, b: &Limbs, length: usize, operation: fn(i64, i64) -> i64) -> Limbs {
    let mut result = [0; LIMBS];
    let mut carry = 0;
    for (index, limb) in result.iter_mut().enumerate().take(length) {
        carry += operation(i64::from(a[index]), i64::from(b[index]));
        *limb = if index + 1 == length { carry as i32 } else { carry as i32 & MASK };
        carry >>= BITS;
    }
    result
}

/// Signed digits of `window` bits, from −2^(window − 1) to 2^(window − 1), least significant first: the
/// sum of digit · 2^(window · index) is x modulo m. `target` has room for as many bits as m has: x or
/// m − x has one less, and the last carry takes it.
#[inline(never)]
pub fn recode(modulus: &Modulus, x: &Limbs, window: u32, target: &mut [i16]) {
    let (x, negate) = modulus.halve(x);
    let (mut buffer, mut filled, mut next, mut carry) = (0_u64, 0, 0, 0);
    for digit in target.iter_mut() {
        if filled < window {
            buffer |= (x.get(next).map_or(0, |&limb| u64::from(limb.cast_unsigned()))) << filled;
            filled += BITS;
            next += 1;
        }
        let value = (buffer & ((1 << window) - 1)) as i16 + carry;
        buffer >>= window;
        filled -= window;
        carry = i16::from(value > 1 << (window - 1));
        let value = value - (carry << window);
        *digit = if negate { -value } else { value };
    }
    debug_assert!(carry == 0 && buffer == 0 && x.iter().skip(next).all(|&limb| limb == 0), "no room for all digits");
}
