//! Dates compared on paper: the decimals of a JSON number against the decimals of a moment.

use std::cmp::Ordering;

/// A moment, or a duration, in parts of 2⁻⁵² of a second.
pub type Units = i128;

const PER_SECOND: f64 = 4_503_599_627_370_496.0;

/// The exact units of a finite double that is not negative; what is finer than a unit is cut.
pub fn units(seconds: f64) -> Units {
    ((seconds.trunc() as Units) << 52) + (seconds.fract() * PER_SECOND) as Units
}

/// Whether a JSON number is a NumericDate: neither negative nor beyond the largest double. Of the
/// spellings that round to that double those are dates whose first 17 digits are not above its own.
pub fn is_date(number: &str) -> bool {
    let value: f64 = number.parse().expect("a JSON number");
    let digits = digits(mantissa(number));
    let largest = f64::MAX.to_string()[..17].to_owned();
    let beyond = value > f64::MAX || (value == f64::MAX && digits[..digits.len().min(17)] > largest[..]);
    !beyond && (digits.is_empty() || !number.starts_with('-'))
}

/// The digits from the first that is not zero.
fn digits(mantissa: &str) -> String {
    mantissa.chars().filter(char::is_ascii_digit).skip_while(|&digit| digit == '0').collect()
}

/// How a date lies to a moment.
pub fn compare(number: &str, moment: Units) -> Ordering {
    if moment < 0 {
        return Ordering::Greater;
    }
    let (whole, fraction) = expanded(number);
    let moment_whole = (moment >> 52).to_string();
    let moment_fraction = format!("{:.52}", (moment & ((1 << 52) - 1)) as f64 / PER_SECOND);
    let moment_fraction = &moment_fraction[2..];
    let whole = whole.trim_start_matches('0');
    let moment_whole = moment_whole.trim_start_matches('0');
    whole
        .len()
        .cmp(&moment_whole.len())
        .then_with(|| whole.cmp(moment_whole))
        .then_with(|| fraction.trim_end_matches('0').cmp(moment_fraction.trim_end_matches('0')))
}

fn mantissa(number: &str) -> &str {
    number.split(['e', 'E']).next().unwrap_or_default()
}

/// The digits before and behind the point, without an exponent. Exponents beyond all moments are
/// shortened to ±400, behind which no comparison changes.
fn expanded(number: &str) -> (String, String) {
    let (mantissa, power) = number.trim_start_matches('-').split_once(['e', 'E']).unwrap_or((number, "0"));
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.as_str();
    let leading = digits.len() - digits.trim_start_matches('0').len();
    if leading == digits.len() {
        return (String::new(), String::new());
    }
    let power = power.parse::<i128>().unwrap_or(if power.starts_with('-') { i64::MIN.into() } else { i64::MAX.into() });
    let point = (whole.len() as i128 - leading as i128 + power).clamp(-400, 400);
    let digits = &digits[leading..];
    if point <= 0 {
        (String::new(), "0".repeat(point.unsigned_abs() as usize) + digits)
    } else if digits.len() <= point as usize {
        (digits.to_owned() + &"0".repeat(point as usize - digits.len()), String::new())
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        (whole.to_owned(), fraction.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_paper() {
        assert_eq!(compare("1.5e0", units(1.5)), Ordering::Equal);
        assert_eq!(compare("0.1", units(0.1)), Ordering::Greater);
        assert_eq!(compare("15000e-4", units(1.5)), Ordering::Equal);
        assert_eq!(compare("1e-999999999999999999999", 0), Ordering::Greater);
        assert_eq!(compare("1e-999999999999999999999", 1), Ordering::Less);
        assert_eq!(compare("-0", 0), Ordering::Equal);
        assert!(is_date("-0.0e5") && !is_date("-1e-400") && !is_date("1e400"));
        assert!(is_date("1.7976931348623157e308") && is_date("0.0179769313486231579e310"));
        assert!(!is_date("1.7976931348623158e308") && !is_date("1.7976931348623159e308"));
    }
}
