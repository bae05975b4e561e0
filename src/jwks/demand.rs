//! What a verdict asks of the key set that it was made with: does it stand, is something to be fetched, who waits?

use alloc::format;

use super::durations::Span;
use super::moment::Moment;
use super::remote_key_set::RemoteKeySet;
use super::report::News;
use super::status::Phase;
use crate::error::remedy::UNKNOWN_KEY;
use crate::error::{Error, ErrorCode, bounded};
use crate::verifier::Lack;

/// How a token was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged<'j> {
    /// It passed under these keys.
    Passed,
    /// It was refused, and other keys might lift that.
    Lacking(&'j Lack),
}

/// Who asks for the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// How long it waits.
    pub patience: Patience,
    /// The number that an earlier [`Demand`] gave to the same asker.
    pub arrival: Option<u32>,
}

/// How long an asker waits for better keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Not at all.
    AtOnce,
    /// Until the keys that it waits for have come, or as long as the demand says.
    Waits,
    /// No longer: it has waited as long as the demand said.
    WaitedLong,
}

/// What has to be done about a verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demand {
    /// Begin this flight.
    pub begin: Option<u32>,
    /// Wait until this flight has landed, and judge again.
    pub wait: Option<u32>,
    /// Wait for so many seconds at most.
    pub at_most: Option<f64>,
    /// Refuse with this, whatever the verdict.
    pub refuse: Option<Error>,
    /// What [`Asker::arrival`] is from now on.
    pub arrival: u32,
}

/// How many flights an asker may see begin while it waits: one that it joined, its own, and one for each that died.
const MAX_FLIGHTS: u32 = 4;

impl RemoteKeySet {
    /// What has to be done about a verdict that was made with these keys.
    pub fn demand(&mut self, judged: Judged<'_>, asker: Asker, now: Moment) -> Demand {
        self.observe(now);
        let arrival = asker.arrival.unwrap_or(self.flights);
        let demand = match (self.phase(now), judged) {
            (Phase::Empty | Phase::TooOld, _) => self.without_keys(asker, arrival, now),
            (Phase::Fresh, Judged::Passed) => Demand::default(),
            (Phase::Due | Phase::Stale, Judged::Passed) => self.behind(asker, now),
            (Phase::Overdue, Judged::Passed) => self.overdue(asker, now),
            (_, Judged::Lacking(Lack::Key(kid))) => self.lacking(kid.as_deref(), asker, arrival, now),
            (_, Judged::Lacking(_)) => self.lacking_other(asker, arrival, now),
        };
        Demand { arrival, ..demand }
    }

    /// There are no keys: everybody waits for the one flight, and shares its failure.
    fn without_keys(&mut self, asker: Asker, arrival: u32, now: Moment) -> Demand {
        if let Some(flight) = self.under_way() {
            return match asker.patience {
                Patience::Waits if self.flights.saturating_sub(arrival) < MAX_FLIGHTS => wait(flight),
                _ => refuse(self.unavailable(now)),
            };
        }
        if self.resting(now) > 0.0 || self.has_shared_failure(asker) {
            return refuse(self.unavailable(now));
        }
        match asker.patience {
            Patience::Waits => self.begin_and_wait(now),
            _ => Demand { begin: Some(self.begin(now)), ..refuse(self.unavailable(now)) },
        }
    }

    /// The keys serve, and are renewed behind the verdict.
    fn behind(&mut self, asker: Asker, now: Moment) -> Demand {
        let may_begin = self.under_way().is_none() && self.resting(now) <= 0.0 && !self.has_shared_failure(asker);
        Demand { begin: may_begin.then(|| self.begin(now)), ..Demand::default() }
    }

    /// The keys are so old that one of them may long have been withdrawn. Who can, waits a moment to hear of it; not for
    /// a network that is known to fail.
    fn overdue(&mut self, asker: Asker, now: Moment) -> Demand {
        if self.failures > 0 {
            self.tell_once(News::Stale);
        }
        let waits = asker.patience == Patience::Waits && self.failures == 0;
        let demand = match self.under_way() {
            Some(flight) if waits => wait(flight),
            Some(_) => return Demand::default(),
            None if waits => self.begin_and_wait(now),
            None => return self.behind(asker, now),
        };
        Demand { at_most: Some(self.durations.get(Span::Patience)), ..demand }
    }

    /// No key has the token's identifier: it may be new. One request a window tells; who comes while nobody may ask
    /// hears that we do not know, which is no word about the token.
    fn lacking(&mut self, kid: Option<&str>, asker: Asker, arrival: u32, now: Moment) -> Demand {
        if self.answered > arrival {
            self.absent.add(kid, now);
            return Demand::default();
        }
        if self.absent.has(kid, now, self.durations.get(Span::Absence)) {
            return Demand::default();
        }
        let waits = asker.patience == Patience::Waits && self.flights.saturating_sub(arrival) < MAX_FLIGHTS;
        if let Some(flight) = self.under_way() {
            return if waits { wait(flight) } else { refuse(self.unknown(kid, 1.0)) };
        }
        if self.resting(now) > 0.0 || self.has_shared_failure(asker) {
            return refuse(self.unavailable(now).retry_after(whole(self.resting(now).max(self.window(now)))));
        }
        let closed = self.window(now);
        if closed > 0.0 {
            return refuse(self.unknown(kid, closed));
        }
        if waits {
            return self.begin_and_wait(now);
        }
        Demand { begin: Some(self.begin(now)), ..refuse(self.unknown(kid, 1.0)) }
    }

    /// The keys that the token means do not fit it: one of them may have been replaced. One request a window tells; else
    /// the refusal stands, since most such tokens are forged.
    fn lacking_other(&mut self, asker: Asker, arrival: u32, now: Moment) -> Demand {
        let waits = asker.patience == Patience::Waits;
        if self.answered > arrival || self.flights.saturating_sub(arrival) >= MAX_FLIGHTS {
            return Demand::default();
        }
        match self.under_way() {
            Some(flight) if waits => return wait(flight),
            Some(_) => return Demand::default(),
            None if self.has_shared_failure(asker) => return Demand::default(),
            None if self.resting(now) > 0.0 || self.window(now) > 0.0 => return Demand::default(),
            None => {}
        }
        if waits { self.begin_and_wait(now) } else { self.behind(asker, now) }
    }

    /// Whether the asker has waited for a flight that failed: then that is its answer, too.
    fn has_shared_failure(&self, asker: Asker) -> bool {
        asker.arrival.zip(self.failed).is_some_and(|(arrival, (flight, _))| flight >= arrival)
    }

    fn begin_and_wait(&mut self, now: Moment) -> Demand {
        let flight = self.begin(now);
        Demand { begin: Some(flight), ..wait(flight) }
    }

    /// The refusal for want of any keys, with the reason of the last failure if there was one.
    fn unavailable(&self, now: Moment) -> Error {
        let error = self.last_error.clone().unwrap_or_else(|| Error::new(ErrorCode::KeysNotLoaded));
        error.retry_after(whole(self.resting(now)))
    }

    /// The refusal for want of knowledge about one key.
    fn unknown(&self, kid: Option<&str>, seconds: f64) -> Error {
        let kid = bounded(kid.unwrap_or("no kid"));
        let found = format!("{UNKNOWN_KEY}, and the issuer was asked a moment ago: {kid}");
        Error::new(ErrorCode::KeysUnavailable).claim("kid").found(found).retry_after(whole(seconds))
    }
}

fn wait(flight: u32) -> Demand {
    Demand { wait: Some(flight), ..Demand::default() }
}

fn refuse(error: Error) -> Demand {
    Demand { refuse: Some(error), ..Demand::default() }
}

/// Whole seconds, at least one (RFC 9110 §10.2.3: "a non-negative decimal integer").
pub(super) fn whole(seconds: f64) -> u32 {
    let floor = seconds as u32;
    (floor + u32::from(f64::from(floor) < seconds)).max(1)
}
