//! The end of a session, step by step: the store forgets it, and the server is told that its refresh token is of no use
//! any more.

use alloc::{string::String, vec::Vec};

use super::durations::{REVOCATION_TIMEOUT, STORE_TIMEOUT};
use super::flight::{Action, Landing, StoredText, Work};
use super::kept::Kept;
use super::session::{Session, Storage};
use super::tokens::Tokens;
use crate::error::Error;

/// An end under way.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    step: Step,
    /// The sign-in that ends; none: whichever the store has.
    lineage: Option<String>,
    /// Refresh tokens to be revoked.
    revoke: Vec<String>,
    id_token: Option<String>,
    /// Why somebody who wanted tokens gets none.
    error: Option<Error>,
}

#[derive(Clone, Debug)]
enum Step {
    Read,
    Erase,
    Revoke,
}

impl Ending {
    /// The session of this page ends.
    pub(super) fn new(held: Option<Tokens>, storage: Storage) -> Self {
        let step = if storage == Storage::Memory { Step::Revoke } else { Step::Read };
        let (revoke, id_token) = match held {
            Some(held) => (Vec::from_iter(held.refresh_token), held.id_token),
            None => (Vec::new(), None),
        };
        Self { step, lineage: None, revoke, id_token, error: None }
    }

    /// These tokens came too late, or are another user's: they are revoked, and what was stored of them goes.
    pub(super) fn dropping(tokens: Tokens, storage: Storage, error: Error) -> Self {
        let lineage = Some(tokens.lineage.clone());
        Self { lineage, error: Some(error), ..Self::new(Some(tokens), storage) }
    }

    pub(super) fn action(&self) -> Action {
        match &self.step {
            Step::Read => Action::ReadStore { timeout: STORE_TIMEOUT },
            Step::Erase => Action::WriteStore { entry: None, timeout: STORE_TIMEOUT },
            Step::Revoke => Action::Revoke {
                refresh_token: self.revoke.first().cloned().unwrap_or_default(),
                timeout: REVOCATION_TIMEOUT,
            },
        }
    }

    /// What is left to do, or how it ended.
    fn work(self) -> Work {
        match self.step {
            Step::Revoke if self.revoke.is_empty() => Work::Landed(match self.error {
                Some(error) => Landing::Failed(error),
                None => Landing::SignedOut { id_token: self.id_token },
            }),
            _ => Work::Ending(self),
        }
    }

    /// The store has this session, which ends with what is ended here.
    fn found(&mut self, stored: Kept) {
        let is_meant = self.lineage.as_ref().is_none_or(|lineage| *lineage == stored.lineage);
        if !is_meant {
            self.step = Step::Revoke;
            return;
        }
        self.step = Step::Erase;
        self.id_token = self.id_token.take().or(stored.id_token);
        if !self.revoke.contains(&stored.refresh_token) {
            self.revoke.push(stored.refresh_token);
        }
    }
}

impl Session {
    /// A refresh token is revoked, or could not be: it expires by itself.
    pub fn revoked(&mut self, flight: u32) {
        let Some(mut ending) = self.ending_of(flight) else { return };
        if !ending.revoke.is_empty() {
            ending.revoke.remove(0);
        }
        self.put(flight, ending.work());
    }

    /// The store answered a flight that ends a session. Returns whether it is one.
    pub(super) fn ending_read(&mut self, flight: u32, text: StoredText<'_>) -> bool {
        let Some(mut ending) = self.ending_of(flight) else { return false };
        match text {
            StoredText::Entry(text) => match Kept::read(text) {
                Some(stored) => ending.found(stored),
                None => ending.step = Step::Erase,
            },
            StoredText::Nothing => ending.step = Step::Revoke,
            // Whatever it has: it shall have nothing.
            StoredText::Failed => ending.step = Step::Erase,
        }
        self.put(flight, ending.work());
        true
    }

    /// The store forgot it. Returns whether the flight ends a session.
    pub(super) fn ending_written(&mut self, flight: u32) -> bool {
        let Some(mut ending) = self.ending_of(flight) else { return false };
        ending.step = Step::Revoke;
        self.put(flight, ending.work());
        true
    }

    /// What came too late, or is another user's, is revoked and forgotten.
    pub(super) fn drop_tokens(&mut self, flight: u32, tokens: Tokens, error: Error) {
        let work = Ending::dropping(tokens, self.storage, error).work();
        self.put(flight, work);
    }

    pub(super) fn begin_ending(&mut self, ending: Ending) -> u32 {
        let work = ending.work();
        self.begin(work)
    }

    /// Whether a session is being ended.
    pub(super) fn is_ending(&self) -> bool {
        self.flights.iter().any(|one| matches!(one.work, Work::Ending(_)))
    }

    fn ending_of(&self, flight: u32) -> Option<Ending> {
        match &self.flights.iter().find(|one| one.id == flight)?.work {
            Work::Ending(ending) => Some(ending.clone()),
            _ => None,
        }
    }
}
