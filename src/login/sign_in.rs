//! A login that has come back: what it brought is stored, and is the session of this page.

use super::durations::{SIGN_IN_LOCK_TIMEOUT, STORE_TIMEOUT};
use super::flight::{Action, Landing, Work};
use super::kept::Kept;
use super::message::Message;
use super::session::{Cause, Effect, Session, Storage, login_required};
use super::tokens::Tokens;

/// A sign-in under way.
#[derive(Clone, Debug)]
pub(super) struct SignIn {
    tokens: Tokens,
    /// Whether another tab may be about to store what it renews.
    waits: bool,
}

impl SignIn {
    pub(super) fn new(tokens: Tokens, storage: Storage) -> Self {
        Self { tokens, waits: storage == Storage::Shared }
    }

    pub(super) fn action(&self) -> Action {
        if self.waits {
            return Action::Lock { timeout: SIGN_IN_LOCK_TIMEOUT };
        }
        // Without a refresh token, what the store has is of an earlier session.
        Action::WriteStore { entry: Kept::of(&self.tokens).map(|kept| kept.text()), timeout: STORE_TIMEOUT }
    }
}

impl Session {
    /// No other tab renews now, or one takes too long for a user who waits. Returns whether the flight is a sign-in.
    pub(super) fn sign_in_locked(&mut self, flight: u32) -> bool {
        let Some(Work::SignIn(sign_in)) = self.take(flight) else { return false };
        self.put(flight, Work::SignIn(SignIn { waits: false, ..sign_in }));
        true
    }

    /// The store has it, or failed. Returns whether the flight is a sign-in.
    pub(super) fn sign_in_written(&mut self, flight: u32) -> bool {
        let Some(Work::SignIn(SignIn { tokens, .. })) = self.take(flight) else { return false };
        if self.is_outdated(flight) {
            let error = login_required("a session that has ended");
            self.drop_tokens(flight, tokens, error);
            return true;
        }
        if self.storage == Storage::Shared {
            self.effect(Effect::Tell(Message::Tokens(tokens.clone()).text()));
        }
        self.adopt(tokens, Cause::SignedIn);
        self.land(flight, Landing::SignedIn);
        true
    }
}
