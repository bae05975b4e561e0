//! Every number of a key set's life, in seconds: what it is unless it is set, and within which bounds it may be.

/// What lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// For how long a key set is fresh whose server does not say: rotations announce themselves by days, not minutes.
    DefaultAge,
    /// The least time for which a key set is fresh, whatever its server says: no server is asked with every token.
    MinAge,
    /// The most time for which a key set is fresh, whatever its server says: a withdrawn key is noticed within a day.
    MaxAge,
    /// For how long beyond its age a key set serves while its issuer cannot be reached (RFC 5861 §4): an outage overnight
    /// refuses nobody.
    MaxStale,
    /// The least time between two requests for a key that the set lacks: a flood of invented keys costs one request.
    Cooldown,
    /// The same after an answer that brought new keys: where one key has been rotated, another may follow.
    CooldownAfterNews,
    /// The most time that an issuer is left alone after failures. The first rests are 0, 1, 2, 4 … seconds: one failure
    /// may be chance.
    MaxBackoff,
    /// For how long one request may take.
    Timeout,
    /// For how long one call of a store may take: a store that is slower than the issuer is of no use.
    StoreTimeout,
    /// For how long a token waits for a refresh although there are keys that pass it: what a person does not notice.
    Patience,
    /// For how long a discovered address of the key set is believed before it is looked up again.
    PlaceAge,
    /// For how long a key that a fresh answer did not have is known not to be there.
    Absence,
    /// How long before the end of its age a key set is renewed, at most a tenth of its age: the busy never see it stale.
    RenewAhead,
}

/// A duration by its name in JavaScript, its value unless it is set, and its bounds.
pub(crate) struct Entry {
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding reads options by name"))]
    pub(crate) name: &'static str,
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "for messages about options"))]
    pub(crate) unit: &'static str,
    pub(crate) default: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

pub(super) const fn entry(name: &'static str, default: f64, min: f64, max: f64) -> Entry {
    Entry { name, unit: "seconds", default, min, max }
}

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// How many durations there are.
pub(crate) const COUNT: usize = 13;

/// All of them, in the order of [`Span`].
pub(crate) const TABLE: [Entry; COUNT] = [
    entry("defaultAge", 600.0, 30.0, DAY),
    entry("minAge", 60.0, 30.0, HOUR),
    entry("maxAge", DAY, 60.0, 7.0 * DAY),
    entry("maxStale", DAY, 0.0, 7.0 * DAY),
    entry("cooldown", 30.0, 1.0, HOUR),
    entry("cooldownAfterNews", 1.0, 1.0, HOUR),
    entry("maxBackoff", 30.0, 1.0, HOUR),
    entry("timeout", 5.0, 0.1, 60.0),
    entry("storeTimeout", 1.0, 0.05, 10.0),
    entry("patience", 0.08, 0.0, 5.0),
    entry("placeAge", HOUR, 60.0, DAY),
    entry("absence", 30.0, 0.0, HOUR),
    entry("renewAhead", 0.5, 0.0, DAY),
];

/// The durations of one key set.
#[derive(Clone, Debug, PartialEq)]
pub struct Durations(pub(crate) [f64; COUNT]);

impl Default for Durations {
    fn default() -> Self {
        Self(TABLE.each_ref().map(|entry| entry.default))
    }
}

impl Durations {
    /// A duration in seconds.
    pub fn get(&self, span: Span) -> f64 {
        self.0[span as usize]
    }

    /// Sets a duration. Returns whether it is within its bounds; else nothing is changed.
    pub fn set(&mut self, span: Span, seconds: f64) -> bool {
        self.set_at(span as usize, seconds)
    }

    pub(crate) fn set_at(&mut self, at: usize, seconds: f64) -> bool {
        let holds = (TABLE[at].min..=TABLE[at].max).contains(&seconds);
        if holds {
            self.0[at] = seconds;
        }
        holds
    }

    /// An age within our bounds. Where the bounds cross, the upper one holds.
    pub(crate) fn clamp_age(&self, seconds: f64) -> f64 {
        seconds.max(self.get(Span::MinAge)).min(self.get(Span::MaxAge))
    }

    /// The rest after so many failures in a row: none after the first, then 1, 2, 4 … seconds.
    pub(crate) fn backoff(&self, failures: u32) -> f64 {
        let doubled = failures.checked_sub(2).map_or(0, |doublings| 1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
        f64::from(doubled).min(self.get(Span::MaxBackoff))
    }
}
