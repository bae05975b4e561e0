//! NumericDate (RFC 7519 §2): seconds since 1970, kept as the decimal that was written, so that
//! fractions compare exactly and nothing wraps.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// The digits of the largest finite IEEE 754 double, 1.797…e308. A larger number is no date.
const LARGEST: &[u8] = b"17976931348623157";
const LARGEST_EXPONENT: i64 = 309;

/// Whole seconds at and above which a date is later than any clock.
const FAR_FUTURE: u64 = 1 << 60;

/// A moment of the caller's clock, exact: seconds and 2⁻⁵² parts of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime {
    seconds: i64,
    /// Below 2⁵².
    fraction: u64,
}

impl UnixTime {
    /// A moment in whole seconds since 1970-01-01T00:00:00Z.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self { seconds: seconds as i64, fraction: 0 }
    }

    /// A moment, or a duration, in seconds with a fraction; `None` unless it is finite, not
    /// negative and below 2⁵³.
    pub fn from_seconds_f64(seconds: f64) -> Option<Self> {
        // Below 2⁵³ whole seconds are exact; the fraction of such a double has at most 52 bits, or
        // (below one second) is cut there.
        if !(0.0..9_007_199_254_740_992.0).contains(&seconds) {
            return None;
        }
        let whole = seconds as i64;
        let fraction = (seconds - whole as f64) * 4_503_599_627_370_496.0;
        Some(Self { seconds: whole, fraction: fraction as u64 })
    }

    /// Later by a duration.
    pub(crate) const fn later(self, duration: Self) -> Self {
        let fraction = self.fraction + duration.fraction;
        Self {
            seconds: self.seconds + duration.seconds + (fraction >> 52) as i64,
            fraction: fraction & ((1 << 52) - 1),
        }
    }

    /// Earlier by a duration; may lie before 1970.
    pub(crate) const fn earlier(self, duration: Self) -> Self {
        let borrow = (self.fraction < duration.fraction) as i64;
        Self {
            seconds: self.seconds - duration.seconds - borrow,
            fraction: (self.fraction + ((borrow as u64) << 52)) - duration.fraction,
        }
    }

    /// Whole seconds, rounded down, for a message.
    pub(crate) const fn seconds(self) -> i64 {
        self.seconds
    }
}

/// A date of a claim, never negative: 0.d₁d₂d₃… × 10^exponent, without leading or trailing zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumericDate {
    digits: Vec<u8>,
    exponent: i64,
}

impl NumericDate {
    /// Reads a JSON number whose grammar has been checked. `None` if it is negative or beyond the
    /// largest finite double (1e400 is not "never expires").
    pub(crate) fn parse(number: &str) -> Option<Self> {
        let (negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
        let (mantissa, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|digit| digit - b'0').collect();
        let leading = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..leading);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Self { digits, exponent: 0 });
        }
        // Lengths are below 2³² and the power is clamped, so this cannot overflow.
        let exponent = whole.len() as i64 - leading as i64 + clamped(power);
        let date = Self { digits, exponent };
        (!negative && date.is_finite()).then_some(date)
    }

    fn is_finite(&self) -> bool {
        let shown: Vec<u8> = self.digits.iter().take(LARGEST.len()).map(|digit| digit + b'0').collect();
        self.exponent < LARGEST_EXPONENT || (self.exponent == LARGEST_EXPONENT && shown.as_slice() <= LARGEST)
    }

    /// How this date lies to a moment, exactly.
    pub(crate) fn compare(&self, moment: UnixTime) -> Ordering {
        if moment.seconds < 0 {
            return Ordering::Greater;
        }
        self.whole_seconds().cmp(&moment.seconds.unsigned_abs()).then_with(|| self.compare_fraction(moment.fraction))
    }

    /// The whole seconds, or [`FAR_FUTURE`] where there are more.
    pub(crate) fn whole_seconds(&self) -> u64 {
        if self.exponent > 18 {
            return FAR_FUTURE;
        }
        let places = usize::try_from(self.exponent).unwrap_or(0);
        let seconds = (0..places).fold(0, |seconds: u64, i| seconds * 10 + u64::from(self.digit(i as i64)));
        seconds.min(FAR_FUTURE)
    }

    /// Compares the decimals behind the point with a binary fraction, digit by digit.
    fn compare_fraction(&self, mut fraction: u64) -> Ordering {
        let mut place = self.exponent;
        // 52 bits have at most 52 decimals; from there on the fraction is zero.
        for _ in 0..=52 {
            let product = u128::from(fraction) * 10;
            let order = self.digit(place).cmp(&((product >> 52) as u8));
            if order != Ordering::Equal {
                return order;
            }
            fraction = product as u64 & ((1 << 52) - 1);
            place += 1;
        }
        let more = place < self.digits.len() as i64 && !self.digits.is_empty();
        if more { Ordering::Greater } else { Ordering::Equal }
    }

    fn digit(&self, place: i64) -> u8 {
        usize::try_from(place).ok().and_then(|place| self.digits.get(place)).copied().unwrap_or(0)
    }
}

/// A decimal exponent, held within ±10⁹: beyond it every number is zero or infinite alike.
fn clamped(power: &str) -> i64 {
    let (negative, digits) = match power.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let size = digits.iter().fold(0_i64, |size, &digit| (size * 10 + i64::from(digit - b'0')).min(1_000_000_000));
    if negative { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(number: &str, moment: f64) -> Ordering {
        NumericDate::parse(number).unwrap().compare(UnixTime::from_seconds_f64(moment).unwrap())
    }

    #[test]
    fn spellings_of_one_moment_are_equal() {
        for number in ["1700000000", "1.7e9", "17E8", "1700000000.0", "17000000000e-1", "0.17e10", "1700000000.000e0"] {
            assert_eq!(compare(number, 1_700_000_000.0), Ordering::Equal, "{number}");
        }
        for zero in ["0", "-0", "0.0", "-0e999", "0e-999"] {
            assert_eq!(compare(zero, 0.0), Ordering::Equal, "{zero}");
        }
    }

    #[test]
    fn fractions_compare_exactly() {
        assert_eq!(compare("1700000000.5", 1_700_000_000.5), Ordering::Equal);
        assert_eq!(
            compare("1700000000.50000000000000000000000000000000000000000000000000000000001", 1_700_000_000.5),
            Ordering::Greater
        );
        assert_eq!(compare("1700000000.49999999999999999999999999", 1_700_000_000.5), Ordering::Less);
        assert_eq!(compare("1e-300", 0.0), Ordering::Less.reverse());
        assert_eq!(compare("1699999999.9999999999999999999999", 1_700_000_000.0), Ordering::Less);
        // 0.1 as a double is 0.1000000000000000055…; the decimal 0.1 lies just below it.
        assert_eq!(
            compare("1000.1", 1000.1_f64),
            if 1000.1_f64 - 1000.0 > 0.1 { Ordering::Less } else { Ordering::Greater }
        );
    }

    #[test]
    fn nothing_wraps_and_infinity_is_no_date() {
        for number in
            ["18446744073709551616", "18446744073709551617", "1e300", "1.7976931348623157e308", "999999999999999999"]
        {
            assert_eq!(compare(number, 9_007_199_254_740_991.0), Ordering::Greater, "{number}");
        }
        for number in ["1e400", "1e309", "1.8e308", "1e99999999999999999999", "-1", "-1e-9", "-1700000000"] {
            assert_eq!(NumericDate::parse(number), None, "{number}");
        }
    }

    #[test]
    fn moments_shift_exactly() {
        let at = |seconds: f64| UnixTime::from_seconds_f64(seconds).unwrap();
        assert_eq!(at(10.25).earlier(at(0.5)), at(9.75));
        assert_eq!(at(10.75).later(at(0.5)), at(11.25));
        assert!(at(1.0).earlier(at(2.5)) < at(0.0));
        assert_eq!(NumericDate::parse("0").unwrap().compare(at(1.0).earlier(at(2.5))), Ordering::Greater);
        for wrong in [f64::NAN, f64::INFINITY, -1.0, 9_007_199_254_740_992.0] {
            assert_eq!(UnixTime::from_seconds_f64(wrong), None);
        }
    }
}
