//! What a session holds.

use alloc::string::String;

use super::durations::{RENEW_AHEAD, RENEW_AHEAD_SHARE};

/// The tokens of a session, and whose they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// When it came, in seconds since 1970.
    pub obtained_at: f64,
    /// When it expires, in seconds since 1970; none where the server does not say.
    pub expires_at: Option<f64>,
    /// The refresh token, if the server gives one.
    pub refresh_token: Option<String>,
    /// The ID token that was checked last.
    pub id_token: Option<String>,
    /// When it was checked, in seconds since 1970.
    pub checked_at: f64,
    /// Its subject.
    pub subject: Option<String>,
    /// The nonce of the login's own ID token.
    pub nonce: Option<String>,
    /// The granted scope (RFC 6749 §5.1).
    pub scope: String,
    /// The name of the sign-in that these tokens come from: tabs that share it share the session.
    pub lineage: String,
    /// How often they have been renewed since.
    pub generation: u32,
    /// The thumbprint of the key that they are bound to (RFC 9449 §6); none: whoever has them can use them.
    pub jkt: Option<String>,
}

impl Tokens {
    /// Seconds until the access token expires.
    pub fn seconds_left(&self, now: f64) -> f64 {
        self.expires_at.map_or(f64::INFINITY, |at| at - now)
    }

    /// Whether the access token has to be renewed before it is used.
    pub fn is_due(&self, now: f64) -> bool {
        self.seconds_left(now) <= self.renew_ahead()
    }

    /// When that is, in seconds since 1970; none: never.
    pub fn due_at(&self) -> Option<f64> {
        self.expires_at.map(|at| at - self.renew_ahead())
    }

    /// How long before its end the access token is due.
    fn renew_ahead(&self) -> f64 {
        let lifetime = self.expires_at.map_or(f64::INFINITY, |at| at - self.obtained_at);
        RENEW_AHEAD.min(lifetime * RENEW_AHEAD_SHARE)
    }
}

/// Whether two subjects are those of different users. A session without an ID token knows none.
pub(super) fn differ(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}
