//! An issuer's key set as it lives: fetched, kept, refreshed, given up. One state machine, no I/O.
//!
//! A [`RemoteKeySet`] is asked with each verdict whether the verdict stands ([`RemoteKeySet::demand`]). Where it says to
//! begin a [flight](flight), its caller performs the flight's actions one by one and tells how each ended, until there
//! are no more. Time is an argument, on two clocks ([`Moment`]); every number is a [`Duration`](durations::Span).
//!
//! | phase | since the set was fetched | a token that passes |
//! |---|---|---|
//! | empty | never | waits for the keys |
//! | fresh | less than its age, but for the last moment | passes |
//! | due | less than its age, the last moment | passes, a refresh begins behind it |
//! | stale | less than the cool-down beyond its age | passes, a refresh begins behind it |
//! | overdue | less than the stale bound beyond its age | waits a moment for the refresh; passes if it is slow or fails |
//! | too old | more | waits for the keys |

mod absent;
mod demand;
pub(crate) mod durations;
mod flight;
mod freshness;
pub(crate) mod issuer_limits;
mod issuer_questions;
mod issuers;
mod moment;
mod remote_key_set;
mod report;
mod source;
mod status;
mod stored;

pub use demand::{Asker, Demand, Judged, Patience};
pub use durations::{Durations, Span};
pub use flight::{Action, Answer};
pub use issuer_limits::{IssuerLimit, IssuerLimits};
pub use issuers::{IssuerDemand, IssuerTable};
pub use moment::Moment;
pub use remote_key_set::RemoteKeySet;
pub use report::{News, Report};
pub use source::KeySource;
pub use status::{Phase, Status};
