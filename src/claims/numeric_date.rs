//! NumericDate (RFC 7519 §2): seconds since 1970, read so that fractions compare exactly and nothing wraps.

use alloc::vec::Vec;
use core::{cmp::Ordering, time::Duration};

/// The digits of the largest finite IEEE 754 double, 1.797…e308. A larger number is no date.
const MAX_FINITE: u64 = 17_976_931_348_623_157;
const MAX_FINITE_DIGITS: i64 = 17;
const MAX_FINITE_EXPONENT: i64 = 309;

/// Whole seconds at and above which a date is later than any clock.
const FAR_FUTURE: u64 = 1 << 60;

/// Decimals after which a moment's 52 bits are all zero.
const MAX_DECIMALS: i64 = 20;

/// A moment of the caller's clock, exact, in parts of 2⁻⁵² of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(i128);

impl UnixTime {
    /// The latest moment, 2⁶² seconds after 1970.
    pub const MAX: Self = Self(1 << 114);
    /// The earliest moment, as far before 1970.
    pub const MIN: Self = Self(-(1 << 114));

    /// A moment in whole seconds since 1970-01-01T00:00:00Z.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self((seconds as i128) << 52)
    }

    /// A moment in seconds since 1970 with a fraction; `None` unless it is finite, not negative and below 2⁵³.
    pub fn from_seconds_f64(seconds: f64) -> Option<Self> {
        // Below 2⁵³ whole seconds are exact; the fraction of such a double has at most 52 bits, or
        // (below one second) is cut there.
        if !(0.0..9_007_199_254_740_992.0).contains(&seconds) {
            return None;
        }
        let whole = seconds as i64;
        let fraction = (seconds - whole as f64) * 4_503_599_627_370_496.0;
        Some(Self((i128::from(whole) << 52) + i128::from(fraction as i64)))
    }

    /// Later by a duration; `None` beyond [`UnixTime::MAX`].
    pub const fn checked_add(self, duration: Duration) -> Option<Self> {
        // A moment is at most 2¹¹⁴ parts and a duration below 2¹¹⁶: nothing overflows.
        let sum = self.0 + parts(duration);
        if sum <= Self::MAX.0 { Some(Self(sum)) } else { None }
    }

    /// Earlier by a duration, perhaps before 1970; `None` beyond [`UnixTime::MIN`].
    pub const fn checked_sub(self, duration: Duration) -> Option<Self> {
        let difference = self.0 - parts(duration);
        if difference >= Self::MIN.0 { Some(Self(difference)) } else { None }
    }

    /// Later by a duration, at most [`UnixTime::MAX`].
    pub(crate) const fn saturating_add(self, duration: Duration) -> Self {
        match self.checked_add(duration) {
            Some(later) => later,
            None => Self::MAX,
        }
    }

    /// Earlier by a duration, at least [`UnixTime::MIN`].
    pub(crate) const fn saturating_sub(self, duration: Duration) -> Self {
        match self.checked_sub(duration) {
            Some(earlier) => earlier,
            None => Self::MIN,
        }
    }

    /// Whole seconds, rounded down.
    pub(crate) const fn seconds(self) -> i64 {
        (self.0 >> 52) as i64
    }
}

/// A duration in parts of 2⁻⁵² of a second, rounded down: a nanosecond has 4.5 million of them.
const fn parts(duration: Duration) -> i128 {
    // In two steps of 64 bits: a division of 128 is a kilobyte of code where the machine has none.
    const BILLION: u64 = 1_000_000_000;
    let shifted = (duration.subsec_nanos() as u64) << 32;
    let parts = ((shifted / BILLION) << 20) | (((shifted % BILLION) << 20) / BILLION);
    ((duration.as_secs() as i128) << 52) + parts as i128
}

/// A date of a claim, never negative, in parts of 2⁻⁵³ of a second: twice the parts of a moment, and one more
/// where the date is later than they say, since not every decimal ends in 52 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumericDate(i128);

impl NumericDate {
    /// Later than every moment.
    pub(crate) const MAX: Self = Self(i128::MAX);
    /// Earlier than every moment.
    pub(crate) const MIN: Self = Self(i128::MIN);

    /// Whole seconds, rounded down; `None` for a date that is absent.
    pub(crate) fn seconds(self) -> Option<i64> {
        (self != Self::MAX && self != Self::MIN).then_some((self.0 >> 53) as i64)
    }

    /// Reads a JSON number whose grammar has been checked. `None` if it is negative or beyond the
    /// largest finite double (1e400 is not "never expires").
    pub(crate) fn parse(number: &str) -> Option<Self> {
        let unsigned = number.strip_prefix('-').unwrap_or(number);
        let mut parts = unsigned.as_bytes().splitn(2, |byte| matches!(byte, b'e' | b'E'));
        let (mantissa, power) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let point = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
        let written: Vec<u8> = mantissa.iter().copied().filter(|&byte| byte != b'.').collect();
        let first = written.iter().position(|&byte| byte != b'0').unwrap_or(written.len());
        let digits = written.get(first..).unwrap_or_default();
        if digits.is_empty() {
            return Some(Self(0));
        }
        // The date is 0.d₁d₂d₃… × 10^exponent. Lengths are below 2³² and the power is clamped, so this cannot overflow.
        let exponent = point as i64 - first as i64 + clamped(power);
        let is_finite = exponent < MAX_FINITE_EXPONENT
            || (exponent == MAX_FINITE_EXPONENT && leading(digits, MAX_FINITE_DIGITS) <= MAX_FINITE);
        if number.starts_with('-') || !is_finite {
            return None;
        }
        let seconds = if exponent > 19 { FAR_FUTURE } else { leading(digits, exponent).min(FAR_FUTURE) };
        // From the last decimal to the first: each adds itself and moves what is behind it by one place.
        let (mut parts, mut more) = (0, false);
        for place in (exponent.max(-MAX_DECIMALS)..digits.len() as i64).rev() {
            let shifted = (digit(digits, place) << 52) + parts;
            parts = shifted / 10;
            more |= parts * 10 != shifted;
        }
        Some(Self((i128::from(seconds) << 53) + i128::from(parts << 1 | u64::from(more))))
    }

    /// Compares this date with a moment, exactly.
    pub(crate) fn compare(&self, moment: UnixTime) -> Ordering {
        self.0.cmp(&(moment.0 << 1))
    }

    /// The whole seconds, or [`FAR_FUTURE`] where there are more.
    pub(crate) fn whole_seconds(&self) -> u64 {
        (self.0 >> 53) as u64
    }
}

/// The number that a count of digits begins with.
#[inline(never)]
fn leading(digits: &[u8], count: i64) -> u64 {
    (0..count).fold(0, |number, place| number * 10 + digit(digits, place))
}

/// The digit at a place, zero where none is written.
#[inline(never)]
fn digit(digits: &[u8], place: i64) -> u64 {
    let byte = usize::try_from(place).ok().and_then(|place| digits.get(place));
    byte.map_or(0, |byte| u64::from(byte - b'0'))
}

/// A decimal exponent, clamped to ±10⁹: beyond it every number is zero or infinite alike.
fn clamped(power: &[u8]) -> i64 {
    let (negative, digits) = match power {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let size = digits.iter().fold(0, |size, &digit| (size * 10 + i64::from(digit - b'0')).min(1_000_000_000));
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
        // 0.1 as a double is 0.1000000000000000055…; the decimal 0.1 is just below it.
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
        let by = Duration::from_secs_f64;
        assert_eq!(at(10.25).checked_sub(by(0.5)), Some(at(9.75)));
        assert_eq!(at(10.75).checked_add(by(0.5)), Some(at(11.25)));
        assert_eq!(at(10.0).checked_add(by(0.125)), Some(at(10.125)));
        let before_1970 = at(1.0).checked_sub(by(2.5)).unwrap();
        assert!(before_1970 < at(0.0));
        assert_eq!(NumericDate::parse("0").unwrap().compare(before_1970), Ordering::Greater);
        for wrong in [f64::NAN, f64::INFINITY, -1.0, 9_007_199_254_740_992.0] {
            assert_eq!(UnixTime::from_seconds_f64(wrong), None);
        }
    }

    #[test]
    fn moments_never_wrap() {
        let latest = UnixTime::from_seconds_f64(9_007_199_254_740_991.0).unwrap();
        assert_eq!((latest.checked_add(Duration::MAX), latest.checked_sub(Duration::MAX)), (None, None));
        assert!(latest.checked_add(Duration::from_secs(1 << 60)).is_some_and(|later| later > latest));
        assert_eq!(UnixTime::MAX.checked_add(Duration::from_nanos(1)), None);
        assert_eq!(UnixTime::MIN.checked_sub(Duration::from_nanos(1)), None);
        assert_eq!(UnixTime::MAX.saturating_add(Duration::MAX), UnixTime::MAX);
        assert_eq!(UnixTime::MIN.saturating_sub(Duration::MAX), UnixTime::MIN);
        assert_eq!(UnixTime::MAX.checked_sub(Duration::ZERO), Some(UnixTime::MAX));
        // The absent dates lie beyond both, and an actual one between them.
        for (date, order) in [(NumericDate::MAX, Ordering::Greater), (NumericDate::MIN, Ordering::Less)] {
            assert_eq!((date.compare(UnixTime::MAX), date.compare(UnixTime::MIN)), (order, order));
        }
        let date = NumericDate::parse("1e300").unwrap();
        assert_eq!((date.compare(UnixTime::MAX), date.compare(UnixTime::MIN)), (Ordering::Less, Ordering::Greater));
    }

    #[test]
    fn whole_seconds_are_exact_below_the_far_future() {
        for (number, seconds) in [
            ("0.9", 0),
            ("1700000000.9", 1_700_000_000),
            ("999999999999999999", 999_999_999_999_999_999),
            ("1e18", 1_000_000_000_000_000_000),
            ("1152921504606846975.9", FAR_FUTURE - 1),
            ("1152921504606846976", FAR_FUTURE),
            ("9999999999999999999", FAR_FUTURE),
            ("1e19", FAR_FUTURE),
            ("1e300", FAR_FUTURE),
        ] {
            assert_eq!(NumericDate::parse(number).unwrap().whole_seconds(), seconds, "{number}");
        }
    }

    #[test]
    fn seconds_are_rounded_down() {
        let at = |seconds: f64| UnixTime::from_seconds_f64(seconds).unwrap();
        for (moment, seconds) in [
            (at(0.5), 0),
            (at(1_700_000_000.9), 1_700_000_000),
            (at(0.0).saturating_sub(Duration::from_millis(500)), -1),
            (at(1.0).saturating_sub(Duration::from_secs(12)), -11),
        ] {
            assert_eq!(moment.seconds(), seconds);
        }
    }
}
