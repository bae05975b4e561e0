//! One load of a key set: the store, the issuer's metadata, the key set itself, step by step.

use alloc::{string::String, vec::Vec};

use super::durations::Span;
use super::moment::Moment;
use super::remote_key_set::{Held, RemoteKeySet};
use super::report::News;
use super::stored::Stored;
use super::{freshness, report};
use crate::error::Error;
use crate::error::remedy::{self, HTML};
use crate::jose::key_set::KeySet;
use crate::oauth::metadata::{better_failure, metadata_unreachable};

/// What a flight's caller has to do next, and within which time in seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Read the store's entry of this name; then [`RemoteKeySet::store_answered`].
    ReadStore {
        /// The name of the entry.
        name: String,
        /// In seconds.
        timeout: f64,
    },
    /// Ask this address; then [`RemoteKeySet::answered`] or [`RemoteKeySet::failed`].
    Fetch {
        /// Secure, as far as the source has to be.
        url: String,
        /// In seconds.
        timeout: f64,
    },
    /// Keep this entry in case that this object is lost ([`RemoteKeySet::restore`]), and write it to the store if there is
    /// one. Nobody waits for it, and no answer is awaited.
    WriteStore {
        /// The name of the entry.
        name: String,
        /// The entry.
        entry: String,
        /// The seconds after which the entry is of no use.
        ttl: f64,
        /// In seconds.
        timeout: f64,
    },
}

/// An answer of an address, read to its end.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The header Cache-Control.
    pub cache_control: Option<&'a str>,
    /// The header Age.
    pub age: Option<&'a str>,
    /// The body.
    pub text: &'a str,
}

/// A load under way.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) id: u32,
    pub(super) begun: Moment,
    /// When its caller was last known to be alive, on the machine's clock; none where nobody needs to tell.
    pub(super) beat: Option<f64>,
    pub(super) failed_requests: u32,
    /// When the issuer was asked before this flight.
    pub(super) asked_before: Option<Moment>,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    ReadStore,
    /// Ask for the metadata: the addresses that are left, and why the one before failed.
    Discover {
        urls: Vec<String>,
        failure: Option<Error>,
    },
    Fetch {
        url: String,
        just_discovered: bool,
    },
}

impl Flight {
    pub(super) const fn new(id: u32, begun: Moment, asked_before: Option<Moment>) -> Self {
        Self { id, begun, beat: None, failed_requests: 0, asked_before, step: Step::ReadStore }
    }
}

/// Status codes by which a server says that there is nothing at an address (RFC 9110 §15.5.5, §15.5.11).
const GONE: [u16; 2] = [404, 410];

impl RemoteKeySet {
    /// What a flight's caller has to do next; `None`: the flight has landed, or another has taken its place.
    pub fn next_action(&mut self, flight: u32, now: Moment) -> Option<Action> {
        let name = String::from(self.source.name());
        let timeout = self.durations.get(Span::StoreTimeout);
        if let Some((_, entry, ttl)) = self.to_store.take_if(|(by, ..)| *by == flight) {
            return Some(Action::WriteStore { name, entry, ttl, timeout });
        }
        if matches!(self.current(flight)?.step, Step::ReadStore) {
            if self.has_store {
                return Some(Action::ReadStore { name, timeout });
            }
            self.locate(now);
        }
        let timeout = self.durations.get(Span::Timeout);
        match &self.current(flight)?.step {
            Step::ReadStore => None,
            Step::Discover { urls, .. } => urls.first().map(|url| Action::Fetch { url: url.clone(), timeout }),
            Step::Fetch { url, .. } => Some(Action::Fetch { url: url.clone(), timeout }),
        }
    }

    /// The store answered, or failed to. Returns whether its entry brought keys.
    pub fn store_answered(&mut self, flight: u32, entry: Option<&str>, now: Moment) -> bool {
        if !matches!(self.current(flight), Some(Flight { step: Step::ReadStore, .. })) {
            return false;
        }
        // Another process may have asked since we did: that spares the issuer a request.
        let is_newer = entry.is_some_and(|entry| self.restore(entry, now));
        if is_newer {
            self.refreshed();
        } else {
            self.locate(now);
        }
        is_newer
    }

    /// Takes the keys of an entry, if it is newer than the issuer's last word. Returns whether it was.
    pub fn restore(&mut self, entry: &str, now: Moment) -> bool {
        let stored = Stored::read(entry, now, &self.durations).filter(|stored| {
            // Entries have whole seconds.
            self.last_word().is_none_or(|said| stored.fetched.policy >= said.policy + 1.0)
        });
        let Some(stored) = stored else { return false };
        let Ok(keys) = KeySet::parse_published(stored.text.as_bytes()) else { return false };
        self.hold(Held::new(keys, &stored.text, stored.fetched, stored.age));
        true
    }

    /// An address answered.
    pub fn answered(&mut self, flight: u32, answer: Answer<'_>, now: Moment) {
        match self.current(flight).map(|flight| flight.step.clone()) {
            Some(Step::Discover { urls, failure }) => {
                let url = urls.first().map(String::as_str).unwrap_or_default();
                match self.source.place(url, answer.status, answer.text, self.tokens_of.as_ref()) {
                    Ok(place) => {
                        self.place = Some((place.clone(), now));
                        self.step(Step::Fetch { url: place, just_discovered: true });
                    }
                    Err(error) => {
                        self.count_failure(flight);
                        self.try_next(urls, failure, error, now);
                    }
                }
            }
            Some(Step::Fetch { url, just_discovered, .. }) => self.key_set_answered(&url, just_discovered, answer, now),
            _ => {}
        }
    }

    /// An address gave no answer, for a reason in words.
    pub fn failed(&mut self, flight: u32, reason: &str, now: Moment) {
        self.count_failure(flight);
        match self.current(flight).map(|flight| flight.step.clone()) {
            Some(Step::Discover { urls, failure }) => {
                let error = metadata_unreachable(urls.first().map(String::as_str).unwrap_or_default(), reason);
                self.try_next(urls, failure, error, now);
            }
            Some(Step::Fetch { url, .. }) => self.fail(remedy::failure(reason), &url, now),
            _ => {}
        }
    }

    fn key_set_answered(&mut self, url: &str, just_discovered: bool, answer: Answer<'_>, now: Moment) {
        if GONE.contains(&answer.status) {
            if self.source.jwks_uri.is_none() && !just_discovered {
                // The key set may have moved. Where nobody says so, it is asked for once more where it was.
                self.doubt_place(now);
                return self.locate(now);
            }
            // Who says that there is no key set has withdrawn it: that is no outage.
            self.withdraw(now);
            return self.fail(remedy::status(answer.status), url, now);
        }
        if answer.status != 200 {
            return self.fail(remedy::status(answer.status), url, now);
        }
        let keys = match KeySet::parse_published(answer.text.as_bytes()) {
            Ok(keys) => keys,
            Err(_) if remedy::is_markup(answer.text.as_bytes()) => return self.fail(HTML, url, now),
            Err(error) => return self.fail(report::reason(&error), url, now),
        };
        let age = freshness::age_of(answer.cache_control, answer.age, &self.durations);
        let held = Held::new(keys, answer.text, now, age);
        let before = self.held.is_some();
        let is_news = self.hold(held);
        // The first keys are no news: nothing says that the issuer is just rotating.
        let is_rotation = is_news && before;
        self.succeed(is_rotation);
        self.report(if is_rotation { News::Rotated } else { News::Fetched });
        let ttl = age + self.durations.get(Span::MaxStale);
        self.to_store = Some((self.answered, Stored::write(answer.text, now, age), ttl));
    }

    /// Asks the issuer: for the key set where its address is known, else for the address.
    fn locate(&mut self, now: Moment) {
        self.asked = Some(now);
        let known = match (&self.source.jwks_uri, &self.place) {
            (Some(url), _) => Some(url),
            (None, Some((url, at))) if now.since(*at) < self.durations.get(Span::PlaceAge) => Some(url),
            _ => None,
        };
        if let Some(url) = known.cloned() {
            return self.step(Step::Fetch { url, just_discovered: false });
        }
        match self.source.well_known_urls() {
            Ok(urls) => self.step(Step::Discover { urls, failure: None }),
            Err(error) => self.fail_with(report::because(&error, self.source.name()), now),
        }
    }

    /// After a failed look-up: the next address, then the one where the key set was last.
    fn try_next(&mut self, mut urls: Vec<String>, earlier: Option<Error>, error: Error, now: Moment) {
        urls.remove(0);
        let failure = match earlier {
            Some(earlier) => better_failure(earlier, error),
            None => error,
        };
        match (&self.place, urls.is_empty()) {
            (_, false) => self.step(Step::Discover { urls, failure: Some(failure) }),
            (Some((url, _)), true) => {
                let url = url.clone();
                self.step(Step::Fetch { url, just_discovered: true });
            }
            (None, true) => self.fail_with(report::because(&failure, self.source.name()), now),
        }
    }

    fn fail(&mut self, reason: impl AsRef<str>, url: &str, now: Moment) {
        self.doubt_place(now);
        self.fail_with(report::unavailable(reason.as_ref(), url), now);
    }

    /// The discovered address is looked up again before it is believed again, and still is better than none.
    fn doubt_place(&mut self, now: Moment) {
        if let Some((_, at)) = &mut self.place {
            *at = now.earlier(self.durations.get(Span::PlaceAge));
        }
    }

    fn count_failure(&mut self, flight: u32) {
        if let Some(current) = self.flight.as_mut().filter(|current| current.id == flight) {
            current.failed_requests += 1;
        }
    }

    fn current(&self, flight: u32) -> Option<&Flight> {
        self.flight.as_ref().filter(|current| current.id == flight)
    }

    fn step(&mut self, step: Step) {
        if let Some(flight) = &mut self.flight {
            flight.step = step;
        }
    }
}
