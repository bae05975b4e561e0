//! A moment on two clocks.

/// A moment in seconds since 1970: on the caller's clock, which decides about tokens, and on the machine's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// By the clock of the policy.
    pub policy: f64,
    /// By the machine's own clock.
    pub machine: f64,
}

/// Seconds by which a clock may go back before what it said earlier is worth nothing.
const TOLERANCE: f64 = 1.0;

impl Moment {
    /// The seconds since an earlier moment, at least 0. A policy's clock may stand still (in tests), and a machine's may
    /// be set back: the longer time counts.
    pub fn since(self, earlier: Self) -> f64 {
        (self.policy - earlier.policy).max(self.machine - earlier.machine).max(0.0)
    }

    /// Whether both clocks have been set back behind a moment that they showed before.
    pub(super) fn is_before(self, seen: Self) -> bool {
        self.policy < seen.policy - TOLERANCE && self.machine < seen.machine - TOLERANCE
    }

    /// The moment as many seconds earlier.
    pub(super) fn earlier(self, seconds: f64) -> Self {
        Self { policy: self.policy - seconds, machine: self.machine - seconds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Moment = Moment { policy: 1_000.0, machine: 5_000.0 };

    const fn at(policy: f64, machine: f64) -> Moment {
        Moment { policy, machine }
    }

    #[test]
    fn both_clocks_set_back_by_more_than_the_tolerance() {
        for (now, is_before) in [
            (SEEN, false),
            (at(999.0, 4_999.0), false),
            (at(998.9, 4_998.9), true),
            (at(999.0, 4_000.0), false),
            (at(500.0, 4_999.0), false),
            (at(500.0, 6_000.0), false),
            (at(2_000.0, 4_000.0), false),
            (at(0.0, 0.0), true),
        ] {
            assert_eq!(now.is_before(SEEN), is_before, "{now:?}");
        }
    }

    #[test]
    fn the_longer_time_counts() {
        for (now, seconds) in [
            (SEEN, 0.0),
            (at(1_010.0, 5_000.0), 10.0),
            (at(1_000.0, 5_020.0), 20.0),
            (at(1_010.0, 5_020.0), 20.0),
            (at(900.0, 5_007.0), 7.0),
            (at(900.0, 4_900.0), 0.0),
        ] {
            assert_eq!(now.since(SEEN), seconds, "{now:?}");
        }
        assert_eq!(SEEN.earlier(7.0), at(993.0, 4_993.0));
    }
}
