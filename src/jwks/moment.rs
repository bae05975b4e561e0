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
