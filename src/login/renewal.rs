//! A renewal, step by step: under the lock, from the latest refresh token there is, and the new one stored before
//! anything else is judged.

use alloc::string::String;

use super::durations::{LOCK_TIMEOUT, STORE_TIMEOUT, TAB_TIMEOUT};
use super::failure::is_unchecked;
use super::flight::{Action, Landing, StoredText, Work};
use super::kept::Kept;
use super::message::Message;
use super::session::{Cause, Session, Storage, login_required};
use super::tokens::{Tokens, differ};
use crate::error::{Error, ErrorCode};
use crate::oauth::scope;
use crate::oauth::token_response::{PreviousGrant, TokenResponse, same_nonce, same_subject};

/// A renewal under way.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    /// What is renewed.
    kept: Option<Kept>,
    /// The access token that another one is wanted for.
    replaced: Option<String>,
    /// Whether the store had it, too.
    is_stored: bool,
    /// Whether the server has refused a refresh token already.
    retried: bool,
    pub(super) step: Step,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Lock,
    ReadStore,
    /// Nothing is renewed: is the store's session still that of this page's user?
    Compare,
    AskTabs(Kept),
    Renew(Kept),
    /// The server has refused this refresh token: does the store have another by now?
    ReadAgain(Kept, Error),
    /// The tokens have come: has the session been ended in another tab in the meantime?
    ReadBefore(Fresh),
    Write(Fresh),
    CheckIdToken(Fresh),
    /// All is checked.
    WriteChecked(Tokens),
    /// The server has refused the refresh token, and the store has no other.
    Erase(Kept, Error),
}

/// Tokens that came, with what is known of their user from before.
#[derive(Clone, Debug)]
pub(super) struct Fresh {
    pub(super) tokens: Tokens,
    /// The ID token that came with them, unchecked.
    pub(super) id_token: Option<String>,
}

impl Renewal {
    pub(super) fn new(storage: Storage, held: Option<&Tokens>) -> Self {
        let kept = held.and_then(Kept::of);
        let step = match (storage, &kept) {
            (Storage::Memory, Some(kept)) => Step::Renew(kept.clone()),
            // Without a store there is nothing to read: the first answer, that there is nothing, lands the flight.
            (Storage::Memory, None) => Step::ReadStore,
            _ => Step::Lock,
        };
        let replaced = held.map(|held| held.access_token.clone());
        Self { kept, replaced, is_stored: false, retried: false, step }
    }

    /// Nothing is renewed: another user may have logged in.
    pub(super) const fn comparing() -> Self {
        Self { kept: None, replaced: None, is_stored: false, retried: false, step: Step::Compare }
    }

    pub(super) const fn compares(&self) -> bool {
        matches!(self.step, Step::Compare)
    }

    pub(super) fn action(&self) -> Action {
        let timeout = STORE_TIMEOUT;
        match &self.step {
            Step::Lock => Action::Lock { timeout: LOCK_TIMEOUT },
            Step::ReadStore | Step::Compare | Step::ReadAgain(..) | Step::ReadBefore(_) => {
                Action::ReadStore { timeout }
            }
            Step::AskTabs(Kept { lineage, generation, .. }) => Action::AskTabs {
                lineage: lineage.clone(),
                message: Message::Ask { lineage: lineage.clone(), generation: *generation }.text(),
                timeout: TAB_TIMEOUT,
            },
            Step::Renew(Kept { refresh_token, jkt, .. }) => {
                Action::Renew { refresh_token: refresh_token.clone(), jkt: jkt.clone() }
            }
            Step::Write(Fresh { tokens, .. }) | Step::WriteChecked(tokens) => {
                Action::WriteStore { entry: Kept::of(tokens).map(|kept| kept.text()), timeout }
            }
            Step::CheckIdToken(Fresh { tokens, id_token }) => match id_token {
                Some(id_token) => Action::CheckIdToken {
                    id_token: id_token.clone(),
                    access_token: Some(tokens.access_token.clone()),
                    as_of: None,
                },
                None => Action::CheckIdToken {
                    id_token: tokens.id_token.clone().unwrap_or_default(),
                    access_token: None,
                    // It was good when it was checked; by now it may have expired, which ends no session.
                    as_of: Some(tokens.checked_at),
                },
            },
            Step::Erase(..) => Action::WriteStore { entry: None, timeout },
        }
    }
}

impl Session {
    /// The lock is ours, or another tab did not give it up in time.
    pub fn locked(&mut self, flight: u32, is_ours: bool, now: f64) {
        if self.sign_in_locked(flight) || self.drop_outdated(flight) {
            return;
        }
        let Some(Renewal { replaced, step: Step::Lock, .. }) = self.renewal_of(flight) else { return };
        if self.has_another(replaced.as_deref(), now) {
            self.land(flight, Landing::SignedIn);
        } else if is_ours {
            self.step(flight, Step::ReadStore);
        } else {
            // Two renewals at once would end the session: a refresh token is good for one (RFC 9700 §4.14.2).
            let error = Error::new(ErrorCode::TokenRequestFailed).found("another tab that has not ended its renewal");
            self.failed(flight, error, None, now);
        }
    }

    /// The store answered.
    pub fn store_read(&mut self, flight: u32, text: StoredText<'_>) {
        if self.ending_read(flight, text) || self.drop_outdated(flight) {
            return;
        }
        let stored = match text {
            StoredText::Entry(text) => Kept::read(text),
            StoredText::Nothing | StoredText::Failed => None,
        };
        let Some(Renewal { is_stored, step, .. }) = self.renewal_of(flight) else { return };
        match (step, stored) {
            (Step::ReadStore, stored) => self.choose(flight, stored),
            (Step::Compare, stored) => self.compare(flight, stored),
            (Step::ReadAgain(used, _), Some(stored)) if stored.refresh_token != used.refresh_token => {
                self.step(flight, Step::Renew(stored));
            }
            (Step::ReadAgain(used, error), Some(_)) => self.step(flight, Step::Erase(used, error)),
            (Step::ReadAgain(used, error), None) => self.refused_by_server(flight, used, error),
            (Step::ReadBefore(fresh), stored) => {
                let is_over = match &stored {
                    None => is_stored,
                    Some(stored) => differ(stored.subject.as_deref(), fresh.tokens.subject.as_deref()),
                };
                if is_over {
                    self.end(Cause::SignedOutElsewhere);
                    return self.drop_tokens(flight, fresh.tokens, has_ended());
                }
                self.step(flight, Step::Write(fresh));
            }
            _ => {}
        }
    }

    /// Another tab says something, which may be the answer; none: nobody did in time.
    pub fn tab_answered(&mut self, flight: u32, text: Option<&str>, now: f64) {
        if self.drop_outdated(flight) {
            return;
        }
        let Some(Renewal { replaced, step: Step::AskTabs(kept), .. }) = self.renewal_of(flight) else { return };
        let handed = match text.map(Message::read) {
            Some(Some(Message::Tokens(tokens))) if tokens.lineage == kept.lineage => tokens,
            Some(_) => return,
            // Nobody is there any more, whose tokens have come while the store was read.
            None if self.has_another(replaced.as_deref(), now) => return self.land(flight, Landing::SignedIn),
            None => return self.step(flight, Step::Renew(kept)),
        };
        let held = self.held.as_ref();
        let is_news =
            handed.generation >= kept.generation && held.is_none_or(|held| handed.generation >= held.generation);
        // Not compared with what is held: who listens to all tabs has heard the answer already.
        let is_of_use = replaced.as_ref() != Some(&handed.access_token)
            && handed.jkt.is_some() == self.is_bound
            && !handed.is_due(now);
        match Kept::of(&handed) {
            _ if is_news && is_of_use => self.step(flight, Step::WriteChecked(handed)),
            Some(newer) if is_news => self.step(flight, Step::Renew(newer)),
            _ => self.step(flight, Step::Renew(kept)),
        }
    }

    /// The refresh token that the server is asked with.
    pub fn asked_with(&self, flight: u32) -> Option<String> {
        match self.renewal_of(flight)?.step {
            Step::Renew(kept) => Some(kept.refresh_token),
            _ => None,
        }
    }

    /// The server has given new tokens (RFC 6749 §6). Some leave out what stays as it was.
    /// `jkt` is the thumbprint of the key that the tokens are bound to. Returns the response with what it has left out.
    pub fn renewed(&mut self, flight: u32, response: TokenResponse, jkt: Option<String>, now: f64) -> TokenResponse {
        let Some(Renewal { step: Step::Renew(kept), .. }) = self.renewal_of(flight) else { return response };
        let previous = PreviousGrant { scope: &kept.scope, refresh_token: Some(&kept.refresh_token) };
        let response = response.resolve(previous);
        let resolved = response.clone();
        // A login without openid: what nobody asked for is not read (RFC 6749 §5.1).
        let id_token = response.id_token.filter(|_| kept.id_token.is_some() || scope::has(&kept.scope, "openid"));
        let tokens = Tokens {
            access_token: response.access_token,
            obtained_at: now,
            expires_at: response.expires_in.map(|seconds| now + seconds as f64),
            refresh_token: response.refresh_token,
            id_token: kept.id_token,
            checked_at: kept.checked_at,
            subject: kept.subject,
            nonce: kept.nonce,
            scope: response.scope.unwrap_or_default(),
            lineage: kept.lineage,
            generation: kept.generation.wrapping_add(1),
            jkt,
        };
        let fresh = Fresh { tokens, id_token };
        match self.storage {
            _ if self.is_outdated(flight) => self.drop_tokens(flight, fresh.tokens, has_ended()),
            Storage::Shared => self.step(flight, Step::ReadBefore(fresh)),
            Storage::Tab => self.step(flight, Step::Write(fresh)),
            Storage::Memory => self.stored(flight, fresh),
        }
        resolved
    }

    /// The server gave none, or no answer came. `retry_after` is the header of that name, in seconds.
    pub fn not_renewed(&mut self, flight: u32, error: Error, retry_after: Option<f64>, now: f64) {
        let Some(Renewal { step: Step::Renew(kept), retried, .. }) = self.renewal_of(flight) else { return };
        if self.drop_outdated(flight) {
            return;
        }
        // Without its key a refresh token is of no use: the same as one that the server refuses.
        if !matches!(error.code(), ErrorCode::SessionEnded | ErrorCode::DpopKeyMissing) {
            self.failed(flight, error, retry_after, now);
        } else if self.storage == Storage::Memory {
            self.refused_by_server(flight, kept, error);
        } else if !retried {
            let step = Step::ReadAgain(kept, error);
            let renewal = Renewal { kept: None, replaced: None, is_stored: true, retried: true, step };
            self.put(flight, Work::Renewal(renewal));
        } else {
            self.step(flight, Step::Erase(kept, error));
        }
    }

    /// The store has what it was given, or has failed, which ends no session: it goes on in this page.
    pub fn store_written(&mut self, flight: u32) {
        if self.ending_written(flight) || self.sign_in_written(flight) || self.drop_outdated(flight) {
            return;
        }
        match self.renewal_of(flight).map(|renewal| renewal.step) {
            Some(Step::Write(fresh)) => self.stored(flight, fresh),
            Some(Step::WriteChecked(tokens)) => self.all_checked(flight, tokens),
            Some(Step::Erase(used, error)) => self.refused_by_server(flight, used, error),
            _ => {}
        }
    }

    /// The ID token passed, and is about this user; `now` is the server's time.
    pub fn id_token_passed(&mut self, flight: u32, subject: Option<String>, nonce: Option<&str>, now: f64) {
        if self.drop_outdated(flight) {
            return;
        }
        let Some(Renewal { step: Step::CheckIdToken(fresh), .. }) = self.renewal_of(flight) else { return };
        if let Err(error) = same_nonce(fresh.tokens.nonce.as_deref(), nonce) {
            return self.id_token_refused(flight, error, now);
        }
        let Fresh { mut tokens, id_token } = fresh;
        let was = tokens.subject.clone().unwrap_or_default();
        if differ(tokens.subject.as_deref(), subject.as_deref()) {
            // OpenID Connect Core §12.2: the subject "MUST be the same". This one is another user's session.
            let error = same_subject(&was, subject.as_deref().unwrap_or_default());
            let error = error.err().unwrap_or_else(|| Error::new(ErrorCode::SubjectMismatch));
            self.end(Cause::AnotherUser);
            return self.drop_tokens(flight, tokens, error);
        }
        tokens.subject = subject.or(tokens.subject);
        match id_token {
            None => self.all_checked(flight, tokens),
            Some(id_token) => {
                (tokens.id_token, tokens.checked_at) = (Some(id_token), now);
                match self.storage {
                    Storage::Memory => self.all_checked(flight, tokens),
                    Storage::Tab | Storage::Shared => self.step(flight, Step::WriteChecked(tokens)),
                }
            }
        }
    }

    /// The ID token did not pass. What could not be checked ends no session, and neither does a new ID token that is wrong;
    /// a kept one that is wrong was never ours.
    pub fn id_token_refused(&mut self, flight: u32, error: Error, now: f64) {
        if self.drop_outdated(flight) {
            return;
        }
        let Some(Renewal { step: Step::CheckIdToken(fresh), .. }) = self.renewal_of(flight) else { return };
        let Fresh { tokens, id_token } = fresh;
        if id_token.is_some() {
            self.keep_rotated(&tokens);
            self.failed(flight, error, None, now);
        } else if is_unchecked(error.code()) {
            self.all_checked(flight, tokens);
        } else {
            self.end(Cause::EndedByServer);
            self.drop_tokens(flight, tokens, error);
        }
    }

    /// Chooses what is renewed: what this page holds, or what the store has.
    fn choose(&mut self, flight: u32, stored: Option<Kept>) {
        let Some(renewal) = self.renewal_of(flight) else { return };
        let kept = &renewal.kept;
        // What the store still has of a session that is being ended, or was, is not there any more.
        let stored = stored.filter(|stored| !self.is_ending() && self.left.as_ref() != Some(&stored.lineage));
        if differ(kept_subject(kept.as_ref()), kept_subject(stored.as_ref())) {
            self.end(Cause::AnotherUser);
            return self.land(flight, Landing::Failed(login_required("another user's session")));
        }
        let is_newer = |stored: &Kept| {
            kept.as_ref().is_none_or(|kept| kept.lineage != stored.lineage || kept.generation < stored.generation)
        };
        let is_stored = stored.is_some();
        let step = match (stored, kept.clone()) {
            // Whoever has renewed it since may hand on the access token.
            (Some(stored), _) if is_newer(&stored) => Step::AskTabs(stored),
            // What all tabs share is the latest there is, unless a write has failed; what a tab has for itself, a copied tab
            // may have renewed.
            (Some(stored), Some(kept)) if self.storage == Storage::Shared && kept.generation <= stored.generation => {
                Step::Renew(stored)
            }
            (_, Some(kept)) => Step::AskTabs(kept),
            (_, None) => return self.land(flight, Landing::SignedOut { id_token: None }),
        };
        self.put(flight, Work::Renewal(Renewal { is_stored, step, ..renewal }));
    }

    /// Whether this page has been handed another access token than the one to be replaced, with time left.
    fn has_another(&self, replaced: Option<&str>, now: f64) -> bool {
        self.held.as_ref().is_some_and(|held| replaced != Some(&held.access_token) && !held.is_due(now))
    }

    fn compare(&mut self, flight: u32, stored: Option<Kept>) {
        let subject = self.held.as_ref().and_then(|held| held.subject.as_deref());
        if differ(subject, kept_subject(stored.as_ref())) {
            self.end(Cause::AnotherUser);
        }
        self.land(flight, Landing::SignedOut { id_token: None });
    }

    pub(super) fn renewal_of(&self, flight: u32) -> Option<Renewal> {
        match &self.flights.iter().find(|one| one.id == flight)?.work {
            Work::Renewal(renewal) => Some(renewal.clone()),
            _ => None,
        }
    }

    pub(super) fn step(&mut self, flight: u32, step: Step) {
        if let Some(renewal) = self.renewal_of(flight) {
            self.put(flight, Work::Renewal(Renewal { step, ..renewal }));
        }
    }
}

pub(super) fn has_ended() -> Error {
    login_required("a session that has ended")
}

fn kept_subject(kept: Option<&Kept>) -> Option<&str> {
    kept.and_then(|kept| kept.subject.as_deref())
}
