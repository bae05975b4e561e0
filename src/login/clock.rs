//! The device's clock, and by how much it is off: nobody can log in on a device that is ahead by more than an ID token
//! lives.

/// The most that a clock is corrected by, in seconds: time zones that were set as times, and forgotten days. What is
/// further off has other faults.
const MAX_OFFSET: f64 = 86_400.0;

/// What has to be added to the device's clock, by the `Date` of an answer (RFC 9110 §6.6.1): zero unless the answer
/// cannot have come between `sent` and `received`. All in seconds since 1970.
pub fn offset(date: f64, sent: f64, received: f64) -> f64 {
    // The date has whole seconds, and the device's clock may have no finer ones. It is behind, or ahead, or neither; `max` and
    // `min` pass over what is no number.
    let offset = (date - received - 1.0).max(0.0) + (date + 1.0 - sent).min(0.0);
    if offset.abs() <= MAX_OFFSET && received >= sent { offset } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: f64 = 1_800_000_000.0;

    #[test]
    fn clocks_that_agree_are_left_alone() {
        for (sent, received) in [(0.0, 0.0), (-3.0, 2.0), (0.9, 0.9), (1.0, 1.0), (-1.0, -1.0), (-30.0, 30.0)] {
            assert!(offset(DATE, DATE + sent, DATE + received).abs() < 1e-9, "{sent} {received}");
        }
    }

    /// Whatever the offset, the corrected clock says that the answer's second came between sending and receiving.
    #[test]
    fn a_clock_that_is_off_is_put_right() {
        for off in [-86_000.0, -360.0, -7.0, 7.0, 360.0, 86_000.0] {
            for took in [0.0, 1.5, 12.0] {
                let (sent, received) = (DATE + off, DATE + off + took);
                let learned = offset(DATE, sent, received);
                let (sent, received) = (sent + learned, received + learned);
                assert!(sent <= DATE + 1.0 && DATE - 1.0 <= received, "{off} {took}: {learned}");
                assert!((learned + off).abs() <= 1.0 + took, "{off} {took}: {learned}");
            }
        }
    }

    #[test]
    fn what_is_no_date_corrects_nothing() {
        for (date, sent, received) in [
            (f64::NAN, DATE, DATE),
            (f64::INFINITY, DATE, DATE),
            (0.0, DATE, DATE),
            (DATE, DATE + 90_000.0, DATE + 90_000.0),
            (DATE, DATE - 90_000.0, DATE - 90_000.0),
            // The clock was set meanwhile.
            (DATE, DATE + 500.0, DATE + 100.0),
            (DATE, f64::NAN, DATE),
        ] {
            assert!(offset(date, sent, received).abs() < 1e-9, "{date} {sent} {received}");
        }
    }
}
