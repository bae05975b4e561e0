//! What a failed renewal means: whether the session is over, and when the server may be asked again.

use super::durations::{CLIENT_REFUSED_REST, MAX_REST, MAX_RETRY_AFTER};
use crate::error::{Error, ErrorCode};

/// A renewal that failed, and until when no other is begun.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rest {
    pub(super) error: Error,
    since: f64,
    seconds: f64,
}

impl Rest {
    /// The rest after the last of so many failures in a row. `retry_after` is what the server asks for, in seconds.
    pub(super) fn after(failures: u32, error: Error, retry_after: Option<f64>, now: f64) -> Self {
        let seconds = match error.oauth_error() {
            // OpenID Connect Core §3.1.2.6: only the user can change what these name.
            Some("interaction_required" | "login_required" | "consent_required") => f64::INFINITY,
            // RFC 6749 §5.2: the fault lies in what client and server have agreed on.
            Some("invalid_client" | "unauthorized_client" | "unsupported_grant_type" | "invalid_request") => {
                CLIENT_REFUSED_REST
            }
            _ => retry_after.map_or_else(|| doubled(failures), |seconds| seconds.clamp(0.0, MAX_RETRY_AFTER)),
        };
        Self { error, since: now, seconds }
    }

    /// Whether it is over. A clock that was set back ends it.
    pub(super) fn is_over(&self, now: f64) -> bool {
        now < self.since || now - self.since >= self.seconds
    }
}

/// 0, 1, 2, 4 … seconds: one failure may be chance.
fn doubled(failures: u32) -> f64 {
    match failures {
        0 | 1 => 0.0,
        more => f64::from(1_u32 << (more - 2).min(10)).min(MAX_REST),
    }
}

/// Whether an ID token could not be checked, which says nothing about it: its keys cannot be had, or are not among those
/// of now.
pub(super) fn is_unchecked(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::KeysUnavailable
            | ErrorCode::KeysNotLoaded
            | ErrorCode::KeyNotFound
            | ErrorCode::KeyUnsuitable
            | ErrorCode::KeyInvalid
            | ErrorCode::MetadataUnavailable
            | ErrorCode::MetadataInvalid
            | ErrorCode::Internal
    )
}
