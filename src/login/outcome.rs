//! How a renewal ends: with tokens that are stored and checked, with a failure after which the session goes on, or with its
//! end.

use super::failure::Rest;
use super::flight::Landing;
use super::kept::Kept;
use super::message::Message;
use super::renewal::{Fresh, Renewal, Step, has_ended};
use super::session::{Cause, Effect, Session, Storage};
use super::tokens::Tokens;
use crate::error::{Error, ErrorCode};

impl Session {
    /// The refresh token is where it survives: now everything else may fail.
    pub(super) fn stored(&mut self, flight: u32, fresh: Fresh) {
        let is_known = self.held.is_some() || fresh.tokens.id_token.is_none();
        if fresh.id_token.is_none() && is_known {
            self.all_checked(flight, fresh.tokens);
        } else {
            self.step(flight, Step::CheckIdToken(fresh));
        }
    }

    pub(super) fn all_checked(&mut self, flight: u32, tokens: Tokens) {
        let cause = if self.held.is_some() { Cause::Renewed } else { Cause::Restored };
        self.tell(&tokens);
        self.adopt(tokens, cause);
        self.land(flight, Landing::SignedIn);
    }

    /// The access token stays the one there was, the refresh token is the new one.
    pub(super) fn keep_rotated(&mut self, tokens: &Tokens) {
        let Some(held) = self.held.as_mut().filter(|held| held.lineage == tokens.lineage) else { return };
        held.refresh_token.clone_from(&tokens.refresh_token);
        held.generation = tokens.generation;
        let held = held.clone();
        self.tell(&held);
    }

    pub(super) fn tell(&mut self, tokens: &Tokens) {
        if self.storage != Storage::Memory {
            self.effect(Effect::Tell(Message::Tokens(tokens.clone()).text()));
        }
    }

    /// RFC 6749 §5.2, invalid_grant, or the key of the refresh token is gone: the session is over. The mark stays: at the
    /// server it may go on.
    pub(super) fn refused_by_server(&mut self, flight: u32, used: Kept, error: Error) {
        if let Some(held) = &self.held {
            let lineage = Some(held.lineage.clone());
            if self.storage != Storage::Memory {
                self.effect(Effect::Tell(Message::Ended { lineage }.text()));
            }
        }
        let is_restoring = self.held.is_none();
        self.end(if error.code() == ErrorCode::DpopKeyMissing { Cause::KeyMissing } else { Cause::EndedByServer });
        // Whoever looked for a session has found that there is none.
        let landing =
            if is_restoring { Landing::SignedOut { id_token: used.id_token } } else { Landing::Failed(error) };
        self.land(flight, landing);
    }

    pub(super) fn failed(&mut self, flight: u32, error: Error, retry_after: Option<f64>, now: f64) {
        self.failures = self.failures.saturating_add(1);
        self.rest = Some(Rest::after(self.failures, error.clone(), retry_after, now));
        self.effect(Effect::RenewalFailed(error.clone()));
        self.land(flight, Landing::Failed(error));
    }

    /// A flight that began in an earlier session does nothing to this one: what has come is revoked, and nothing else is
    /// begun. Returns whether it is one.
    pub(super) fn drop_outdated(&mut self, flight: u32) -> bool {
        let Some(Renewal { step, .. }) = self.renewal_of(flight).filter(|_| self.is_outdated(flight)) else {
            return false;
        };
        match step {
            Step::ReadBefore(fresh) | Step::Write(fresh) | Step::CheckIdToken(fresh) => {
                self.drop_tokens(flight, fresh.tokens, has_ended());
            }
            Step::WriteChecked(tokens) => self.drop_tokens(flight, tokens, has_ended()),
            _ => self.land(flight, Landing::Failed(has_ended())),
        }
        true
    }
}
