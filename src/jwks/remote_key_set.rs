//! The state of one issuer's key set.

use alloc::{string::String, vec::Vec};

use super::absent::{Absent, MAX_ABSENT};
use super::durations::{Durations, Span};
use super::flight::Flight;
use super::moment::Moment;
use super::report::{News, Report, unavailable};
use super::source::KeySource;
use super::status::Phase;
use crate::error::Error;
use crate::jose::issuer_template::IssuerTemplate;
use crate::jose::jwk::Key;
use crate::jose::key_set::KeySet;
use crate::kernels::low::hash::Hash;

/// The key set of one issuer, which may be fetched anew.
#[derive(Debug)]
pub struct RemoteKeySet {
    pub(super) source: KeySource,
    /// Whose tokens the keys check, where the source names another issuer's metadata.
    pub(super) tokens_of: Option<IssuerTemplate>,
    pub(super) durations: Durations,
    pub(super) has_store: bool,
    pub(super) held: Option<Held>,
    /// When the issuer said that there are no keys (any longer).
    withdrawn: Option<Moment>,
    /// Which keys these are: another number whenever they change.
    generation: u32,
    /// The discovered address, and when it was discovered.
    pub(super) place: Option<(String, Moment)>,
    pub(super) flight: Option<Flight>,
    /// How many flights have begun.
    pub(super) flights: u32,
    /// The last flight that brought the issuer's answer.
    pub(super) answered: u32,
    /// When the issuer was last asked.
    pub(super) asked: Option<Moment>,
    /// Whether its last answer brought other keys.
    brought_news: bool,
    /// Failures in a row, and which flight the last of them was, and when.
    pub(super) failures: u32,
    pub(super) failed: Option<(u32, Moment)>,
    pub(super) last_error: Option<Error>,
    /// Flights in a row whose callers have gone away.
    deaths: u32,
    pub(super) absent: Absent,
    /// An entry that is to be written by the caller of a flight, and its time to live.
    pub(super) to_store: Option<(u32, String, f64)>,
    reports: Vec<Report>,
    told: Option<News>,
    /// The last moment seen.
    seen: Option<Moment>,
}

/// The keys at hand.
#[derive(Clone, Debug)]
pub(super) struct Held {
    keys: KeySet,
    digest: [u8; 32],
    pub(super) fetched: Moment,
    /// Seconds for which they are fresh.
    pub(super) age: f64,
}

/// How many reports wait for whoever takes them; older ones are dropped.
const MAX_REPORTS: usize = 16;

/// Seconds without a sign of life after which a flight's caller is taken for dead.
pub(super) const LIFE_SIGN: f64 = 0.5;

/// The most requests in one flight: two look-ups, the key set, and once more each where it has moved.
const MAX_STEPS: f64 = 6.0;

impl Held {
    pub(super) fn new(keys: KeySet, text: &str, fetched: Moment, age: f64) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(&Hash::Sha256.digest(&[text.as_bytes()]));
        Self { keys, digest, fetched, age }
    }
}

impl RemoteKeySet {
    /// A key set of which nothing is known yet. `has_store`: whether its caller can read entries of a store.
    pub fn new(source: KeySource, durations: Durations, has_store: bool) -> Self {
        Self {
            source,
            tokens_of: None,
            durations,
            has_store,
            held: None,
            withdrawn: None,
            generation: 0,
            place: None,
            flight: None,
            flights: 0,
            answered: 0,
            asked: None,
            brought_news: false,
            failures: 0,
            failed: None,
            last_error: None,
            deaths: 0,
            absent: Absent::default(),
            to_store: None,
            reports: Vec::new(),
            told: None,
            seen: None,
        }
    }

    /// The same key set for the tokens of another issuer, or of a template of issuers, than the one whose metadata says
    /// where it is: the metadata may be about either.
    #[must_use]
    pub fn for_tokens_of(self, issuer: &str) -> Self {
        Self { tokens_of: Some(IssuerTemplate::of_key(issuer)), ..self }
    }

    /// The issuer, or the template of issuers, whose tokens the keys check.
    pub fn issuer(&self) -> Option<&str> {
        self.tokens_of.as_ref().map(IssuerTemplate::as_str).or(self.source.issuer.as_deref())
    }

    /// Where the keys come from.
    pub const fn source(&self) -> &KeySource {
        &self.source
    }

    /// The keys that may serve at a moment: none past their age and the stale bound.
    pub fn usable(&self, now: Moment) -> Option<&KeySet> {
        let held = self.held.as_ref()?;
        (self.phase(now) != Phase::TooOld).then_some(&held.keys)
    }

    /// Which keys these are: the number changes whenever they do.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The caller of a flight is alive. Where callers can vanish without a word, it says so several times a second.
    pub fn beat(&mut self, flight: u32, now: Moment) {
        if let Some(flight) = self.flight.as_mut().filter(|current| current.id == flight) {
            flight.beat = Some(now.machine);
        }
    }

    /// Whether a flight has neither landed nor died.
    pub fn is_under_way(&mut self, flight: u32, now: Moment) -> bool {
        self.observe(now);
        self.flight.as_ref().is_some_and(|current| current.id == flight)
    }

    /// Whether there are keys at all: an entry of keys that were given up must not come back by [`Self::restore`].
    pub const fn has_keys(&self) -> bool {
        self.held.is_some()
    }

    /// What happened since it was last asked for.
    pub fn take_reports(&mut self) -> Vec<Report> {
        core::mem::take(&mut self.reports)
    }

    /// Whether a verdict that was made with these keys earlier may be given again as it is.
    pub fn is_settled(&self, now: Moment) -> bool {
        let is_flying = self.flight.as_ref().is_some_and(|flight| !self.is_dead(flight, now));
        let is_seen_to = is_flying || self.resting(now) > 0.0;
        match self.phase(now) {
            Phase::Fresh => true,
            Phase::Due | Phase::Stale => is_seen_to,
            Phase::Overdue => is_seen_to && self.failures > 0,
            Phase::Empty | Phase::TooOld => false,
        }
    }

    /// The flight under way.
    pub(super) fn under_way(&self) -> Option<u32> {
        self.flight.as_ref().map(|flight| flight.id)
    }

    pub(super) fn begin(&mut self, now: Moment) -> u32 {
        self.flights += 1;
        self.flight = Some(Flight::new(self.flights, now, self.asked));
        self.flights
    }

    /// Takes notice of the time: clocks that were set back, flights that have died, keys that have grown too old.
    pub(super) fn observe(&mut self, now: Moment) {
        if self.seen.is_some_and(|seen| now.is_before(seen)) {
            self.clocks_were_set_back(now);
        }
        self.seen = Some(now);
        if self.flight.as_ref().is_some_and(|flight| self.is_dead(flight, now)) {
            self.bury(now);
        }
        if self.phase(now) == Phase::TooOld {
            self.tell_once(News::TooOld);
        }
    }

    /// Whether the caller of a flight has gone away, or should be done by far.
    fn is_dead(&self, flight: &Flight, now: Moment) -> bool {
        let silent = flight.beat.is_some_and(|beat| now.machine - beat > LIFE_SIGN);
        let limit = self.durations.get(Span::Timeout) * MAX_STEPS + self.durations.get(Span::StoreTimeout);
        silent || now.machine - flight.begun.machine > limit
    }

    /// What was measured by the clocks before means nothing now: the keys serve, and are renewed at once.
    fn clocks_were_set_back(&mut self, now: Moment) {
        if let Some(held) = &mut self.held {
            held.fetched = now.earlier(held.age);
        }
        self.withdrawn = self.withdrawn.map(|_| now);
        (self.asked, self.failed, self.place) = (None, None, None);
        if let Some(flight) = &mut self.flight {
            (flight.begun, flight.asked_before) = (now, None);
            flight.beat = flight.beat.map(|_| now.machine);
        }
        self.absent.clear();
    }

    /// The caller of the flight under way has gone away. Whoever asks next begins another; only the first time without
    /// a rest, since a client that leaves must not make us ask again and again.
    fn bury(&mut self, now: Moment) {
        let Some(flight) = self.flight.take() else { return };
        self.deaths += 1;
        self.asked = flight.asked_before;
        if self.deaths > 1 {
            self.failures = self.failures.max(1);
            self.fail_with(unavailable("the request was cut off", self.source.name()), now);
        }
    }

    /// Takes keys. Returns whether they are others than before.
    pub(super) fn hold(&mut self, held: Held) -> bool {
        let same = self.held.take_if(|before| before.digest == held.digest);
        let is_news = same.is_none();
        self.absent.clear();
        // What was there and is no longer has been withdrawn: nobody needs to ask once more.
        for kid in self.held.iter().flat_map(|before| before.keys.keys()).filter_map(Key::kid).take(MAX_ABSENT) {
            if !held.keys.has(kid) {
                self.absent.add(Some(kid), held.fetched);
            }
        }
        // The same text is the same keys: verdicts and tables that were made with them stay good.
        let keys = same.map_or(held.keys, |before| before.keys);
        self.held = Some(Held { keys, ..held });
        self.generation += u32::from(is_news);
        self.told = None;
        is_news
    }

    /// Gives the keys up.
    pub(super) fn withdraw(&mut self, now: Moment) {
        self.held = None;
        self.withdrawn = Some(now);
        self.generation += 1;
    }

    /// When the issuer last had a say about the keys, as far as is known.
    pub(super) fn last_word(&self) -> Option<Moment> {
        self.held.as_ref().map(|held| held.fetched).or(self.withdrawn)
    }

    /// The issuer has answered.
    pub(super) fn succeed(&mut self, is_news: bool) {
        self.answered = self.under_way().unwrap_or(self.answered);
        // Once in a row: there are servers that never give the same answer twice.
        self.brought_news = is_news && !self.brought_news;
        self.refreshed();
    }

    /// The flight under way has brought keys.
    pub(super) fn refreshed(&mut self) {
        self.flight = None;
        (self.failures, self.deaths) = (0, 0);
        (self.failed, self.last_error) = (None, None);
    }

    /// The flight under way has ended without an answer.
    pub(super) fn fail_with(&mut self, error: Error, now: Moment) {
        self.brought_news = false;
        let requests = self.flight.take().map_or(1, |flight| flight.failed_requests);
        // One failed request is followed by another at once; where two have failed, the issuer is left alone.
        self.failures += if self.failures == 0 { requests.clamp(1, 2) } else { 1 };
        self.failed = Some((self.flights, now));
        self.last_error = Some(error);
        self.report(News::Failed);
    }

    /// The seconds for which the issuer is left alone after failures: counted from the end of the attempt.
    pub(super) fn resting(&self, now: Moment) -> f64 {
        self.failed.map_or(0.0, |(_, failed)| self.durations.backoff(self.failures) - now.since(failed))
    }

    /// The seconds until a key that is lacking may be asked for.
    pub(super) fn window(&self, now: Moment) -> f64 {
        let span = if self.brought_news { Span::CooldownAfterNews } else { Span::Cooldown };
        self.asked.map_or(0.0, |asked| self.durations.get(span) - now.since(asked))
    }

    pub(super) fn report(&mut self, news: News) {
        if self.reports.len() == MAX_REPORTS {
            self.reports.remove(0);
        }
        let keys = self.held.as_ref().map_or(0, |held| held.keys.len());
        self.reports.push(Report { news, error: self.last_error.clone(), keys });
    }

    /// Reports a state when it begins, and not with each token that meets it.
    pub(super) fn tell_once(&mut self, news: News) {
        if self.told != Some(news) {
            self.told = Some(news);
            self.report(news);
        }
    }
}
