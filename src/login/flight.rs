//! What a session has under way, step by step: what its caller performs, and what it reports.

use alloc::string::String;

use super::ending::Ending;
use super::renewal::Renewal;
use super::session::{Effect, Session};
use super::sign_in::SignIn;
use crate::error::{Error, ErrorCode};

/// What a flight's caller has to do next, and within which time in seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Take the lock that one tab has at a time, and keep it until the flight has landed; then [`Session::locked`].
    Lock {
        /// In seconds.
        timeout: f64,
    },
    /// Read the store; then [`Session::store_read`].
    ReadStore {
        /// In seconds.
        timeout: f64,
    },
    /// Replace what the store holds; then [`Session::store_written`].
    WriteStore {
        /// The new entry; none: there shall be none.
        entry: Option<String>,
        /// In seconds.
        timeout: f64,
    },
    /// Send this to the other tabs, and wait for what one of them says; then [`Session::tab_answered`].
    AskTabs {
        /// The sign-in that a tab has to share to know an answer.
        lineage: String,
        /// The question.
        message: String,
        /// In seconds.
        timeout: f64,
    },
    /// Give this refresh token for new tokens (RFC 6749 §6); then [`Session::renewed`] or [`Session::not_renewed`].
    Renew {
        /// The refresh token.
        refresh_token: String,
        /// The thumbprint of the key that it is bound to (RFC 9449 §5).
        jkt: Option<String>,
    },
    /// Check an ID token; then [`Session::id_token_passed`] or [`Session::id_token_refused`].
    CheckIdToken {
        /// The ID token.
        id_token: String,
        /// The access token that came with it (OpenID Connect Core §3.1.3.8); none where it is an earlier one.
        access_token: Option<String>,
        /// As of when it is checked, in seconds since 1970, where that is not now.
        as_of: Option<f64>,
    },
    /// Revoke this refresh token (RFC 7009 §2.1), whether that succeeds or not; then [`Session::revoked`].
    Revoke {
        /// The refresh token.
        refresh_token: String,
        /// In seconds.
        timeout: f64,
    },
}

/// What a store answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredText<'t> {
    /// It has this entry.
    Entry(&'t str),
    /// It has none.
    Nothing,
    /// It failed.
    Failed,
}

/// How a flight ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Landing {
    /// There is a session, with an access token.
    SignedIn,
    /// There is no session; nothing failed.
    SignedOut {
        /// The ID token of the session that was ended, or is over: whom a server may be asked about.
        id_token: Option<String>,
    },
    /// It failed.
    Failed(Error),
}

/// One thing under way.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) id: u32,
    /// The session's epoch when it began. What arrives in a later one is dropped.
    pub(super) epoch: u32,
    pub(super) work: Work,
}

#[allow(clippy::large_enum_variant, reason = "a page has one or two of them")]
#[derive(Clone, Debug)]
pub(super) enum Work {
    SignIn(SignIn),
    Renewal(Renewal),
    Ending(Ending),
    Landed(Landing),
}

impl Session {
    /// What a flight's caller has to do next; none where it has landed.
    pub fn next_action(&mut self, flight: u32) -> Option<Action> {
        self.drop_outdated(flight);
        match &self.flights.iter().find(|one| one.id == flight)?.work {
            Work::SignIn(sign_in) => Some(sign_in.action()),
            Work::Renewal(renewal) => Some(renewal.action()),
            Work::Ending(ending) => Some(ending.action()),
            Work::Landed(_) => None,
        }
    }

    /// How a flight ended, once. One that has not ended, or that nobody knows, has failed.
    pub fn landing(&mut self, flight: u32) -> Landing {
        let at = self.flights.iter().position(|one| one.id == flight);
        let landing = match at.map(|at| self.flights.swap_remove(at).work) {
            Some(Work::Landed(landing)) => landing,
            _ => Landing::Failed(Error::new(ErrorCode::Internal).found("a flight that has not landed")),
        };
        if let Landing::Failed(error) = &landing {
            self.last_error = Some(error.clone());
        }
        landing
    }

    pub(super) fn begin(&mut self, work: Work) -> u32 {
        self.last_flight = self.last_flight.wrapping_add(1);
        self.flights.push(Flight { id: self.last_flight, epoch: self.epoch, work });
        self.last_flight
    }

    pub(super) fn land(&mut self, flight: u32, landing: Landing) {
        self.put(flight, Work::Landed(landing));
    }

    pub(super) fn put(&mut self, flight: u32, work: Work) {
        if let Some(flight) = self.flights.iter_mut().find(|one| one.id == flight) {
            flight.work = work;
        }
    }

    /// The work of a flight, to be put back or landed.
    pub(super) fn take(&mut self, flight: u32) -> Option<Work> {
        let flight = self.flights.iter().find(|one| one.id == flight)?;
        Some(flight.work.clone())
    }

    /// Whether the session has ended, or another has begun, since this flight began.
    pub(super) fn is_outdated(&self, flight: u32) -> bool {
        self.flights.iter().any(|one| one.id == flight && one.epoch != self.epoch)
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }
}
