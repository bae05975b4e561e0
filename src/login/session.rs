//! The state of a session, and what its page may do with it.

use alloc::{collections::VecDeque, string::String, vec::Vec};

use super::ending::Ending;
use super::failure::Rest;
use super::flight::{Flight, Landing, Work};
use super::message::Message;
use super::renewal::Renewal;
use super::sign_in::SignIn;
use super::tokens::{Tokens, differ};
use crate::error::{Error, ErrorCode};

/// Where the refresh token outlives the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere.
    Memory,
    /// In a store of this tab. A copied tab has the same entry.
    Tab,
    /// In a store that all tabs share.
    Shared,
}

/// Why a session changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The user has logged in.
    SignedIn,
    /// The tokens were renewed, here or in another tab.
    Renewed,
    /// The session of an earlier page, or of another tab, goes on.
    Restored,
    /// The user has logged out.
    SignedOut,
    /// The user has logged out in another tab.
    SignedOutElsewhere,
    /// The server refused the refresh token.
    EndedByServer,
    /// The access token has expired, and there is no refresh token.
    Expired,
    /// Another user has logged in.
    AnotherUser,
    /// Nobody has been there for too long.
    Idle,
    /// The key that the tokens are bound to is gone.
    KeyMissing,
}

/// What has to be done beside; nobody waits for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The session is another now, or none.
    Changed(Cause),
    /// A renewal failed; the session goes on.
    RenewalFailed(Error),
    /// The access token is about to expire.
    Expiring,
    /// Perform this flight.
    Perform(u32),
    /// Somebody has logged in in another tab: call [`Session::restore`].
    Restore,
    /// Remember this text for [`Session::activity_read`].
    KeepActivity(String),
    /// Send this to the other tabs.
    Tell(String),
    /// Remember that this browser has a session.
    SetMark,
    /// Forget it, and the key that tokens are bound to: the user has logged out.
    RemoveMark,
}

/// What to do about an access token that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// Use this one.
    Use(String),
    /// Perform this flight, or wait for whoever does; then ask [`Session::access_token`].
    Renew(u32),
    /// There is none.
    Refuse(Error),
}

/// The session of one page.
#[derive(Debug)]
pub struct Session {
    pub(super) storage: Storage,
    /// Whether its tokens are bound to a key (RFC 9449).
    pub(super) is_bound: bool,
    /// Grows whenever a session begins or ends.
    pub(super) epoch: u32,
    pub(super) held: Option<Tokens>,
    pub(super) rest: Option<Rest>,
    pub(super) failures: u32,
    /// Why the last flight failed, until there are tokens again.
    pub(super) last_error: Option<Error>,
    /// Whether it has been said that the access token is about to expire.
    pub(super) is_announced: bool,
    /// The sign-in that was logged out of last on this page.
    pub(super) left: Option<String>,
    /// The access token that ran out before it was used, for which another renewal was begun.
    ran_out: Option<String>,
    /// In seconds.
    pub(super) idle_timeout: Option<f64>,
    /// When the user was there last.
    pub(super) last_active: Option<f64>,
    pub(super) flights: Vec<Flight>,
    pub(super) last_flight: u32,
    pub(super) effects: VecDeque<Effect>,
}

impl Session {
    /// Nobody is signed in yet.
    pub fn new(storage: Storage) -> Self {
        Self {
            storage,
            is_bound: false,
            epoch: 0,
            held: None,
            rest: None,
            failures: 0,
            last_error: None,
            is_announced: false,
            left: None,
            ran_out: None,
            idle_timeout: None,
            last_active: None,
            flights: Vec::new(),
            last_flight: 0,
            effects: VecDeque::new(),
        }
    }

    /// Whether its tokens are bound to a key (RFC 9449): then others are not taken from other tabs.
    pub const fn set_bound(&mut self, is_bound: bool) {
        self.is_bound = is_bound;
    }

    /// What the session holds, if somebody is signed in.
    pub const fn tokens(&self) -> Option<&Tokens> {
        self.held.as_ref()
    }

    /// The session as text, for [`Self::resume`]. It holds secrets.
    pub fn snapshot(&self) -> Option<String> {
        self.held.as_ref().map(|held| Message::Tokens(held.clone()).text())
    }

    /// Takes up the session of an object that was lost.
    pub fn resume(&mut self, snapshot: &str) {
        if let Some(Message::Tokens(tokens)) = Message::read(snapshot) {
            self.held = Some(tokens);
        }
    }

    /// The next of the effects, in their order.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// An access token is wanted. `refused` is one that a resource server has refused.
    pub fn demand(&mut self, refused: Option<&str>, now: f64) -> Demand {
        let was_signed_in = self.held.is_some();
        self.age(now);
        let Some(tokens) = &self.held else {
            let found = match was_signed_in {
                true if self.is_idle(now) => "a session that was idle for too long",
                true => "an expired access token and no refresh token",
                false => "no session",
            };
            return Demand::Refuse(login_required(found));
        };
        let is_refused = refused == Some(tokens.access_token.as_str());
        if !is_refused && !tokens.is_due(now) {
            return Demand::Use(tokens.access_token.clone());
        }
        let is_resting = self.rest.as_ref().is_some_and(|rest| !rest.is_over(now));
        if tokens.refresh_token.is_none() || is_resting {
            return self.access_token(refused, now).map_or_else(Demand::Refuse, Demand::Use);
        }
        Demand::Renew(self.renewal(false))
    }

    /// The same after a renewal. What it brought may have run out before the page came to use it, since the page slept or
    /// was held up: then it is renewed once more, unless it had no time from the start.
    pub fn demand_again(&mut self, refused: Option<&str>, now: f64) -> Demand {
        let has_run_out = |held: &&Tokens| held.seconds_left(now) <= 0.0 && held.seconds_left(held.obtained_at) > 0.0;
        let ran_out = self.held.as_ref().filter(has_run_out).map(|held| held.access_token.clone());
        if self.last_error.is_none() && ran_out.is_some() && ran_out != self.ran_out {
            self.ran_out = ran_out;
            return self.demand(refused, now);
        }
        self.access_token(refused, now).map_or_else(Demand::Refuse, Demand::Use)
    }

    /// Whether there may be another access token than one that a resource server has refused.
    pub fn can_replace(&self, refused: &str) -> bool {
        self.held.as_ref().is_some_and(|held| held.refresh_token.is_some() || held.access_token != refused)
    }

    /// The access token after a renewal, whether that succeeded or not: one that has time left serves on.
    ///
    /// # Errors
    /// What the last renewal failed with; `login_required` where there is no session, or no way to renew it.
    pub fn access_token(&self, refused: Option<&str>, now: f64) -> Result<String, Error> {
        match &self.held {
            Some(tokens) if refused != Some(tokens.access_token.as_str()) && tokens.seconds_left(now) > 0.0 => {
                Ok(tokens.access_token.clone())
            }
            Some(tokens) if tokens.refresh_token.is_none() => Err(login_required("no refresh token")),
            // The server has given the same one again, which it takes for good: what the resource server says to it stands.
            Some(tokens) if self.last_error.is_none() && tokens.seconds_left(now) > 0.0 => {
                Ok(tokens.access_token.clone())
            }
            _ => Err(self.last_error.clone().unwrap_or_else(|| login_required("no session"))),
        }
    }

    /// Brings back the session that a store or another tab has. `mark` says whether this browser remembers a session; none
    /// where it cannot tell. Returns the flight.
    pub fn restore(&mut self, mark: Option<bool>, now: f64) -> u32 {
        if self.held.is_none() && self.is_idle(now) {
            // What is left of it waits for nobody; nor shall the server be asked to bring it back.
            self.effect(Effect::RemoveMark);
            return self.begin_ending(Ending::new(None, self.storage));
        }
        if mark == Some(false) && self.held.is_none() {
            // The mark goes first when the user logs out: what is left was not forgotten in time.
            return self.begin_ending(Ending::new(None, self.storage));
        }
        self.renewal(true)
    }

    /// The user has logged in: these are the tokens, each of them checked. Returns the flight.
    pub fn signed_in(&mut self, tokens: Tokens) -> u32 {
        self.epoch = self.epoch.wrapping_add(1);
        self.begin(Work::SignIn(SignIn::new(tokens, self.storage)))
    }

    /// The user logs out. The session is over at once; what is left to do is the flight that is returned.
    pub fn sign_out(&mut self) -> u32 {
        self.leave(Cause::SignedOut)
    }

    /// The session ends, here and in all tabs, with all that is kept of it.
    pub(super) fn leave(&mut self, cause: Cause) -> u32 {
        self.note_left();
        let ending = Ending::new(self.held.take(), self.storage);
        self.over(cause);
        self.effect(Effect::RemoveMark);
        self.effect(Effect::Tell(Message::Ended { lineage: None }.text()));
        self.begin_ending(ending)
    }

    /// The user has logged out in another tab. Returns the flight, where there is something to do.
    pub fn signed_out_elsewhere(&mut self) -> Option<u32> {
        self.note_left();
        let held = self.held.take();
        if held.is_some() {
            self.over(Cause::SignedOutElsewhere);
        } else {
            // What is being restored now has ended, too.
            self.epoch = self.epoch.wrapping_add(1);
        }
        // A copied tab may have an entry of its own, which nobody else forgets.
        let is_left = held.is_some() || self.storage == Storage::Tab;
        is_left.then(|| self.begin_ending(Ending::new(held, self.storage)))
    }

    /// A key is gone, and with it the use of what is bound to it: of the session, if it is the one of this thumbprint.
    pub fn key_missing(&mut self, jkt: Option<&str>) -> Error {
        if jkt.is_some() && self.held.as_ref().is_some_and(|held| held.jkt.as_deref() == jkt) {
            self.end(Cause::KeyMissing);
        }
        Error::new(ErrorCode::DpopKeyMissing)
    }

    /// Another tab says something. Returns a flight, where there is something to do.
    pub fn heard(&mut self, text: &str, now: f64) -> Option<u32> {
        match Message::read(text)? {
            Message::Ask { lineage, generation } => self.asked(&lineage, generation, now),
            Message::Tokens(tokens) => return self.handed(tokens),
            Message::Ended { lineage } => {
                let is_ours =
                    self.held.as_ref().is_some_and(|held| lineage.as_ref().is_none_or(|one| *one == held.lineage));
                match lineage {
                    None => return self.signed_out_elsewhere(),
                    // The server has refused the refresh token that this tab has as well.
                    Some(_) if is_ours => self.end(Cause::EndedByServer),
                    Some(_) => {}
                }
            }
        }
        None
    }

    /// Ends the session, if there is one.
    pub(super) fn end(&mut self, cause: Cause) {
        if self.held.take().is_some() {
            self.over(cause);
        }
    }

    fn note_left(&mut self) {
        if let Some(held) = &self.held {
            self.left = Some(held.lineage.clone());
        }
    }

    fn over(&mut self, cause: Cause) {
        self.epoch = self.epoch.wrapping_add(1);
        (self.rest, self.failures, self.last_error) = (None, 0, None);
        self.effect(Effect::Changed(cause));
    }

    /// The renewal under way, or a new one.
    fn renewal(&mut self, restoring: bool) -> u32 {
        let is_renewal = |work: &Work| matches!(work, Work::Renewal(renewal) if !renewal.compares());
        let is_under_way = |one: &&Flight| one.epoch == self.epoch && is_renewal(&one.work);
        if let Some(flight) = self.flights.iter().find(is_under_way) {
            return flight.id;
        }
        if self.held.is_some() && restoring {
            return self.begin(Work::Landed(Landing::SignedIn));
        }
        let renewal = Renewal::new(self.storage, self.held.as_ref());
        self.begin(Work::Renewal(renewal))
    }

    fn asked(&mut self, lineage: &str, generation: u32, now: f64) {
        let Some(held) = self.held.as_ref().filter(|held| held.lineage == lineage) else { return };
        // Who knows no more says nothing: whoever asks waits for somebody who does.
        if held.generation > generation || (held.generation == generation && !held.is_due(now)) {
            let answer = Message::Tokens(held.clone()).text();
            self.effect(Effect::Tell(answer));
        }
    }

    /// Another tab has renewed the session. Tokens of another sign-in may be of an earlier one: whose session it is now, the
    /// store says. Returns the flight that asks it.
    fn handed(&mut self, tokens: Tokens) -> Option<u32> {
        if tokens.jkt.is_some() != self.is_bound {
            // Of a page of another version, whose tokens are used in another way.
            return None;
        }
        let Some(held) = &self.held else {
            // Only of a sign-in: a renewal may have been under way when the user logged out. What it is worth, the mark and
            // the store say.
            let is_new = tokens.generation == 0 && self.left.as_ref() != Some(&tokens.lineage);
            if self.storage == Storage::Shared && is_new {
                self.effect(Effect::Restore);
            }
            return None;
        };
        if held.lineage == tokens.lineage {
            if self.storage != Storage::Memory && tokens.generation > held.generation {
                self.adopt(tokens, Cause::Renewed);
            }
            return None;
        }
        let is_doubtful = self.storage == Storage::Shared && differ(held.subject.as_deref(), tokens.subject.as_deref());
        is_doubtful.then(|| self.begin(Work::Renewal(Renewal::comparing())))
    }

    /// These are the tokens now.
    pub(super) fn adopt(&mut self, tokens: Tokens, cause: Cause) {
        if self.held.as_ref().is_none_or(|held| held.lineage != tokens.lineage) {
            // Another session: what is still renewed of the one before comes too late.
            self.epoch = self.epoch.wrapping_add(1);
        }
        if cause == Cause::SignedIn || self.last_active.is_none() {
            self.was_active(tokens.obtained_at);
        }
        self.held = Some(tokens);
        (self.rest, self.failures, self.last_error, self.is_announced) = (None, 0, None, false);
        self.effect(Effect::SetMark);
        self.effect(Effect::Changed(cause));
    }
}

/// The refusal of a call that needs a session, where there is none.
pub(super) fn login_required(found: &str) -> Error {
    Error::new(ErrorCode::LoginRequired).found(found)
}
