//! Every number of the table of issuers: what it is unless it is set, and within which bounds it may be.

use super::durations::{Entry, entry};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerLimit {
    /// How many issuers are kept whose tokens have passed; the one that was seen last the longest time ago makes room. With
    /// policy and keys one takes about 10 KiB.
    Issuers,
    /// Seconds for which an answer is believed: who is no customer any more is refused within minutes.
    KnownFor,
    /// Seconds for which an issuer that is not ours is not asked about again: a new customer waits for a minute at most.
    UnknownFor,
    /// Seconds beyond its time for which an answer serves while no other can be had: a database that is down for an hour
    /// refuses no customer.
    MaxStale,
    /// Questions a second about issuers that are not known: what a database does not notice.
    Rate,
    /// Seconds for which one question may take.
    Timeout,
    /// Seconds for which a token waits for a question although an earlier answer passes it: what a person does not notice.
    Patience,
}

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

const fn count(name: &'static str, default: f64, min: f64, max: f64) -> Entry {
    Entry { unit: "a number", ..entry(name, default, min, max) }
}

/// How many limits there are.
pub(crate) const LIMITS: usize = 7;

/// All of them, in the order of [`IssuerLimit`].
pub(crate) const LIMIT_TABLE: [Entry; LIMITS] = [
    count("maxIssuers", 500.0, 1.0, 10_000.0),
    entry("knownFor", 300.0, 1.0, DAY),
    entry("unknownFor", 60.0, 1.0, HOUR),
    entry("maxStale", HOUR, 0.0, DAY),
    count("questionsPerSecond", 20.0, 0.1, 1_000.0),
    entry("timeout", 5.0, 0.1, 60.0),
    entry("patience", 0.08, 0.0, 5.0),
];

/// Seconds of unused questions that may be asked at once: so many tenants' tokens meet a server that starts.
pub(super) const BURST: f64 = 10.0;

/// The most questions under way: a function that hangs is not called a hundred times more.
pub(super) const MAX_UNDER_WAY: usize = 100;

/// The most issuers whose tokens have not passed yet: whoever names our tenants in forged tokens displaces no other.
pub(super) const MAX_UNPROVEN: usize = 250;

/// The most issuers that are remembered as not ours, or as asked about in vain: those of a minute at the given rate.
pub(super) const MAX_REMEMBERED: usize = 2_000;

/// The most seconds of rest after failures in a row: 1, 2, 4 … seconds.
pub(super) const MAX_REST: f64 = 30.0;

/// The most bytes of an issuer that is asked about: the longest that providers have are a third of it.
pub(super) const MAX_NAME: usize = 512;

/// The limits of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuerLimits(pub(crate) [f64; LIMITS]);

impl Default for IssuerLimits {
    fn default() -> Self {
        Self(LIMIT_TABLE.each_ref().map(|entry| entry.default))
    }
}

impl IssuerLimits {
    /// A limit.
    pub fn get(&self, limit: IssuerLimit) -> f64 {
        self.0[limit as usize]
    }

    /// Sets a limit. Returns whether it is within its bounds; else nothing is changed.
    pub fn set(&mut self, limit: IssuerLimit, value: f64) -> bool {
        self.set_at(limit as usize, value)
    }

    pub(crate) fn set_at(&mut self, at: usize, value: f64) -> bool {
        let holds = (LIMIT_TABLE[at].min..=LIMIT_TABLE[at].max).contains(&value);
        if holds {
            self.0[at] = value;
        }
        holds
    }
}
