//! What a decision still hangs on once every rule has passed: what only a store of the caller's knows. No question and no
//! reply leaves anything behind here, so any number of requests may be waiting at once.

use alloc::{format, string::String};
use core::time::Duration;

use crate::claims::numeric_date::UnixTime;
use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::kernels::low::hash::Hash;
use crate::oauth::dpop::Proof;

/// By how much the clocks of machines that share a store may differ: no proof is forgotten by one of them that another
/// still accepts.
const CLOCK_MARGIN: Duration = Duration::from_secs(10);

/// How long one call of a store may take unless the caller says otherwise: a request waits for it.
pub(crate) const DEFAULT_STORE_TIMEOUT: Duration = Duration::from_secs(2);

/// The bounds of that: a store on another continent answers within the least, no client waits longer than the most.
pub(crate) const STORE_TIMEOUTS: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(30)];

/// A question that a decision hangs on. Each is asked once, in the order in which they are given; the request passes when
/// [`Question::judge`] finds nothing against any reply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Is this the first use of a proof (RFC 9449 §11.1)? Whoever is asked remembers it in the same step, so that of two
    /// who ask at once one is told no.
    Replay {
        /// The proof: the SHA-256 of its key's thumbprint and its `jti`, base64url. It has the same length for every proof.
        key: String,
        /// The proof's own identifier, at most [`MAX_JTI_LEN`](crate::MAX_JTI_LEN) bytes.
        jti: String,
        /// Until when it has to be remembered, in seconds since 1970 of the clock that decided.
        until: i64,
    },
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<'r> {
    /// Yes or no.
    Said(bool),
    /// Whoever was asked failed, and why.
    Failed(&'r str),
    /// There was no answer in time.
    TimedOut,
}

impl Question {
    /// Whether a proof that was accepted at a moment is used for the first time.
    pub(super) fn replay(proof: &Proof, max_age: Duration, now: UnixTime) -> Self {
        let key = Hash::Sha256.digest(&[proof.thumbprint.as_bytes(), b".", proof.jti.as_bytes()]);
        // A proof that was made as far ahead as is allowed is good until its window has passed on both sides.
        let until = now.saturating_add(max_age).saturating_add(max_age).saturating_add(CLOCK_MARGIN);
        Self::Replay { key: base64url::encode(&key), jti: proof.jti.clone(), until: until.seconds() }
    }

    /// What it is about, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Replay { .. } => "replay",
        }
    }

    /// What a reply comes to.
    ///
    /// # Errors
    /// `dpop_replayed` for a proof that was used before; `store_unavailable` without an answer.
    pub fn judge(&self, reply: Reply<'_>) -> Result<(), Error> {
        judge(self.kind(), reply)
    }
}

/// The same by the kind of the question.
pub(crate) fn judge(kind: &str, reply: Reply<'_>) -> Result<(), Error> {
    let unavailable = |why: &str| Error::new(ErrorCode::StoreUnavailable).found(format!("{kind}: {why}"));
    match reply {
        Reply::Said(true) => Ok(()),
        Reply::Said(false) => Err(Error::new(ErrorCode::DpopReplayed)), // RFC 9449 §11.1
        // Nobody passes on the strength of a question that was not answered.
        Reply::Failed(why) => Err(unavailable(why)),
        Reply::TimedOut => Err(unavailable("no answer in time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(thumbprint: &str, jti: &str) -> Proof {
        let text = String::from;
        Proof { jti: text(jti), thumbprint: text(thumbprint), claims: text("{}"), header: text("{}") }
    }

    fn parts(thumbprint: &str, jti: &str, max_age: u64, now: u32) -> (String, i64) {
        let proof = proof(thumbprint, jti);
        let question = Question::replay(&proof, Duration::from_secs(max_age), UnixTime::from_seconds(now));
        let Question::Replay { key, until, .. } = question;
        (key, until)
    }

    #[test]
    fn a_key_of_its_own_for_each_proof() {
        let key = |thumbprint, jti| parts(thumbprint, jti, 60, 0).0;
        // printf 'T.1' | openssl dgst -sha256 -binary | basenc --base64url
        assert_eq!(key("T", "1"), "cpx8NZIDU3MXrHDcYKbmtFGiR99CjeMvdno5g5005qk");
        for other in [key("T", "2"), key("U", "1"), key("T.1", "")] {
            assert_ne!(other, key("T", "1"));
        }
        assert_eq!(key(&"T".repeat(43), &"j".repeat(256)).len(), 43);
    }

    #[test]
    fn remembered_for_both_sides_of_the_window() {
        assert_eq!(parts("T", "1", 60, 1000).1, 1000 + 60 + 60 + 10);
        assert_eq!(parts("T", "1", 0, 1000).1, 1010);
        assert!(parts("T", "1", u64::MAX, u32::MAX).1 > i64::from(u32::MAX), "saturates");
    }

    #[test]
    fn replies() {
        let question = Question::replay(&proof("T", "1"), Duration::ZERO, UnixTime::from_seconds(0));
        let code = |reply| question.judge(reply).map_err(|error| error.code());
        assert_eq!(code(Reply::Said(true)), Ok(()));
        assert_eq!(code(Reply::Said(false)), Err(ErrorCode::DpopReplayed));
        assert_eq!(code(Reply::Failed("socket closed")), Err(ErrorCode::StoreUnavailable));
        assert_eq!(code(Reply::TimedOut), Err(ErrorCode::StoreUnavailable));
        let found = |reply| question.judge(reply).unwrap_err().found_value().map(String::from);
        assert_eq!(found(Reply::Failed("socket closed")).as_deref(), Some("replay: socket closed"));
        assert_eq!(found(Reply::TimedOut).as_deref(), Some("replay: no answer in time"));
    }
}
