//! What a decision still hangs on once every rule has passed: what only a store of the caller's knows. No question and no
//! reply leaves anything behind here, so any number of requests may be waiting at once.

use alloc::{format, string::String};
use core::time::Duration;

use crate::claims::numeric_date::UnixTime;
use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::kernels::low::hash::Hash;
use crate::oauth::dpop::Proof;
use crate::oauth::logout_token::{TokenSessions, is_revoked, token_sessions};

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
    /// Has a session ended that the token may belong to (OpenID Connect Back-Channel Logout §2.7)?
    Revoked(TokenSessions),
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<'r> {
    /// Yes or no.
    Said(bool),
    /// When the last of the sessions ended, in seconds since 1970; none has.
    Ended(Option<i64>),
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

    /// Whether the session of a token has ended, by the token's claims; none for a token that belongs to nobody's session.
    pub(super) fn revoked(claims: &[u8]) -> Result<Option<Self>, Error> {
        let token = token_sessions(claims)?;
        Ok((!token.sessions.is_empty()).then_some(Self::Revoked(token)))
    }

    /// What it is about, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Replay { .. } => "replay",
            Self::Revoked(_) => REVOKED,
        }
    }

    /// What a reply comes to.
    ///
    /// # Errors
    /// `dpop_replayed` for a proof that was used before; `store_unavailable` without an answer.
    pub fn judge(&self, reply: Reply<'_>) -> Result<(), Error> {
        let issued = if let Self::Revoked(token) = self { token.issued } else { None };
        judge(self.kind(), issued, reply)
    }
}

/// What [`Question::Revoked`] is about, in a word.
pub(crate) const REVOKED: &str = "revoked";

/// What a receiver of logout tokens asks: whether one is new (Back-Channel Logout §2.6), in a word.
pub(crate) const LOGOUT: &str = "logout";

/// The same by the kind of the question. `issued`: when the token was, where sessions are asked for.
pub(crate) fn judge(kind: &str, issued: Option<i64>, reply: Reply<'_>) -> Result<(), Error> {
    let unavailable = |why: &str| Error::new(ErrorCode::StoreUnavailable).found(format!("{kind}: {why}"));
    match reply {
        Reply::Ended(ended) if kind == REVOKED => match is_revoked(issued, ended) {
            false => Ok(()),
            true => Err(Error::new(ErrorCode::TokenRevoked)), //        Back-Channel Logout §2.7
        },
        Reply::Said(_) if kind == REVOKED => Err(unavailable("no moment")),
        Reply::Ended(_) => Err(unavailable("neither true nor false")),
        Reply::Said(true) => Ok(()),
        Reply::Said(false) if kind == LOGOUT => Err(Error::new(ErrorCode::TokenReplayed).claim("jti")),
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
        match question {
            Question::Replay { key, until, .. } => (key, until),
            Question::Revoked(_) => panic!("a question about something else"),
        }
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

    /// RFC 8725 §3.8 aside, a session is one of its issuer's; what is asked, and what comes of each reply.
    #[test]
    fn ended_sessions() {
        assert_eq!(Question::revoked(br#"{"iss":"i","iat":1}"#).unwrap(), None);
        let question = Question::revoked(br#"{"iss":"i","sub":"ada","sid":"s","iat":100}"#).unwrap().unwrap();
        let code = |reply| question.judge(reply).map_err(|error| error.code());
        for (reply, expected) in [
            (Reply::Ended(None), Ok(())),
            (Reply::Ended(Some(99)), Ok(())),
            (Reply::Ended(Some(100)), Err(ErrorCode::TokenRevoked)),
            (Reply::Ended(Some(101)), Err(ErrorCode::TokenRevoked)),
            (Reply::Said(true), Err(ErrorCode::StoreUnavailable)),
            (Reply::Said(false), Err(ErrorCode::StoreUnavailable)),
            (Reply::Failed("socket closed"), Err(ErrorCode::StoreUnavailable)),
            (Reply::TimedOut, Err(ErrorCode::StoreUnavailable)),
        ] {
            assert_eq!(code(reply), expected, "{reply:?}");
        }
    }

    #[test]
    fn replies() {
        let question = Question::replay(&proof("T", "1"), Duration::ZERO, UnixTime::from_seconds(0));
        let code = |reply| question.judge(reply).map_err(|error| error.code());
        assert_eq!(code(Reply::Said(true)), Ok(()));
        assert_eq!(code(Reply::Said(false)), Err(ErrorCode::DpopReplayed));
        assert_eq!(code(Reply::Failed("socket closed")), Err(ErrorCode::StoreUnavailable));
        assert_eq!(code(Reply::TimedOut), Err(ErrorCode::StoreUnavailable));
        assert_eq!(code(Reply::Ended(None)), Err(ErrorCode::StoreUnavailable), "no answer to this question");
        let logout = |reply| judge(LOGOUT, None, reply).map_err(|error| error.code());
        assert_eq!(logout(Reply::Said(true)), Ok(()));
        assert_eq!(logout(Reply::Said(false)), Err(ErrorCode::TokenReplayed));
        assert_eq!(logout(Reply::TimedOut), Err(ErrorCode::StoreUnavailable));
        let found = |reply| question.judge(reply).unwrap_err().found_value().map(String::from);
        assert_eq!(found(Reply::Failed("socket closed")).as_deref(), Some("replay: socket closed"));
        assert_eq!(found(Reply::TimedOut).as_deref(), Some("replay: no answer in time"));
    }
}
