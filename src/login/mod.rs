//! A user's session as a page holds it: signed in, renewed, handed on to other tabs, ended. One state machine, no I/O.
//!
//! A [`Session`] is asked with each use of the access token what to do ([`Session::demand`]). Where it begins a
//! [flight], its caller performs the flight's actions one by one and tells how each ended, until there are no more. What
//! happens beside (somebody has to be told, a mark to be set) comes out as [effects](Effect). Time is an argument, in
//! seconds since 1970; every number is in [`durations`].
//!
//! | phase | what holds | an access token is wanted |
//! |---|---|---|
//! | signed out | nothing | `login_required` |
//! | signed in | an access token with time left | it is used |
//! | due | one that is about to expire, and a refresh token | a renewal begins, once for all callers; all tabs that share the session wait for one |
//! | resting | the same, and a renewal that has just failed | it is used while it has time; the failure's error afterwards |
//! | expired | an access token without time, and no refresh token | the session ends |
//! | idle | anything, and nobody there for as long as `idleTimeout` | the session ends |
//!
//! What happens without being asked, [`Session::tick`] decides; [`Session::seconds_to_tick`] says when to call it.
//!
//! Besides, `transaction` says what to remember of a request under way and what an answer belongs to, `silent` when a page
//! may ask by itself, `clock` what time it is, and `spans` what of it can be set.
//!
//! What always holds, whatever the order of events:
//! - A logout is never undone: what arrives for an earlier epoch is revoked and dropped.
//! - A refresh token that arrived is never lost: it is stored before anything else is judged.
//! - Two subjects never share a page: another subject is another session.
//! - A session ends by its user, by the server's word about its own refresh token, by its age, or for want of its user or of
//!   the key that its tokens are bound to.
//!   Nothing else ends it.

pub(crate) mod clock;
pub mod durations;
mod ending;
mod failure;
mod flight;
mod kept;
mod message;
mod moments;
pub(crate) mod nonces;
mod outcome;
mod renewal;
mod session;
mod sign_in;
pub(crate) mod silent;
#[cfg(feature = "wasm")]
pub(crate) mod spans;
pub(crate) mod step_ups;
mod tokens;
pub(crate) mod transaction;

pub use flight::{Action, Landing, StoredText};
pub use session::{Cause, Demand, Effect, Session, Storage};
pub use tokens::Tokens;
