//! Opaque tokens at a resource server: who is asked about them, what is kept of the answers, who waits. One state machine,
//! no I/O.
//!
//! | what is known of a token | a request with it |
//! |---|---|
//! | nothing | begins a question, and waits for it |
//! | a question is under way | waits for that one |
//! | an answer, not too old | is judged by it, each time anew: `exp` may have come |
//! | an old answer | begins a question; but it is the answer of those who have waited for it |
//! | a failure, a moment ago | shares it |
//!
//! A token is known by its SHA-256. Its text is kept while a question about it is under way, and no longer. Answers about
//! tokens that are not active are kept apart: whoever sends invented ones displaces no other.

use alloc::{string::String, sync::Arc, vec::Vec};

use crate::error::{Error, ErrorCode};
use crate::kernels::low::hash::Hash;
use crate::oauth::introspection::{IntrospectionAnswer, IntrospectionResponse, introspection_answer, unreachable};
use crate::oauth::introspection_request::{IntrospectionClient, IntrospectionRequest};

/// How many questions may be under way: each is a request of ours that a stranger's token leads to.
const MAX_UNDER_WAY: usize = 1_000;

/// For how long a failure is the answer to the same token, in seconds: who comes in a crowd waits once.
const FAILED_FOR: f64 = 1.0;

/// For how long an answer is held for those who have waited for it, in seconds: on Workers they look for it themselves.
const HANDED_OVER_FOR: f64 = 5.0;

/// After how many seconds without a sign of life whoever performs a question is taken for dead.
const LIFE_SIGN: f64 = 0.5;

/// Seconds by which the clock may go back before an answer is worth nothing.
const TOLERANCE: f64 = 1.0;

/// For how long a discovered endpoint is believed, in seconds: a server that moves it serves the old one for a while.
const PLACE_AGE: f64 = 3_600.0;

/// How long answers are kept, and how long one may take. All in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntrospectionLimits {
    /// For how long an answer about an active token serves: so long a revoked token may still pass. 0: for nobody but those
    /// who have asked at the same time.
    pub active_for: f64,
    /// The same for a token that is not active.
    pub inactive_for: f64,
    /// For how long one request may take.
    pub timeout: f64,
    /// How many answers are kept, of either kind.
    pub max_entries: usize,
}

impl Default for IntrospectionLimits {
    fn default() -> Self {
        Self { active_for: 30.0, inactive_for: 5.0, timeout: 5.0, max_entries: 1_000 }
    }
}

/// The bounds of [`IntrospectionLimits`]: a revoked token passes for five minutes at most.
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding reads options"))]
pub(crate) const MAX_ACTIVE_FOR: f64 = 300.0;
/// One that is not active may be, a moment later: it was asked about before the server knew it.
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding reads options"))]
pub(crate) const MAX_INACTIVE_FOR: f64 = 60.0;
/// Whoever waits longer has gone.
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding reads options"))]
pub(crate) const MAX_TIMEOUT: f64 = 60.0;
/// Each entry has up to 16 KiB.
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "only the binding reads options"))]
pub(crate) const MAX_ENTRIES: usize = 100_000;

/// What is known about a token, or has to be found out.
#[derive(Clone, Debug, PartialEq)]
pub enum Introspected {
    /// The server's answer.
    Answer(Arc<IntrospectionAnswer>),
    /// It could not be asked.
    Refused(Error),
    /// Begin this question, if one is named; wait for that one, and ask again.
    Wait {
        /// The question to begin.
        begin: Option<u32>,
        /// The question to wait for.
        wait: u32,
    },
}

/// The answers of one authorization server, and the questions under way.
#[derive(Debug)]
pub struct Introspections {
    client: IntrospectionClient,
    limits: IntrospectionLimits,
    endpoint: Option<String>,
    /// When the endpoint was discovered; none where the caller named it.
    discovered: Option<f64>,
    active: Kept,
    others: Kept,
    under_way: Vec<Question>,
    /// How many questions have been asked.
    asked: u32,
}

struct Question {
    id: u32,
    digest: [u8; 32],
    token: String,
    begun: f64,
    /// When whoever asks was last known to be alive; none where nobody needs to tell.
    beat: Option<f64>,
}

/// Answers, sorted by the digest of their token.
#[derive(Debug, Default)]
struct Kept(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    digest: [u8; 32],
    /// The question that it answers.
    question: u32,
    at: f64,
    /// For how long it serves.
    life: f64,
    answer: Result<Arc<IntrospectionAnswer>, Error>,
}

impl Introspections {
    /// The questions of a client. `endpoint`: where they are asked, if the issuer's metadata need not say so.
    pub fn new(client: IntrospectionClient, endpoint: Option<String>, limits: IntrospectionLimits) -> Self {
        let (active, others) = (Kept::default(), Kept::default());
        Self { client, limits, endpoint, discovered: None, active, others, under_way: Vec::new(), asked: 0 }
    }

    /// Who asks.
    pub const fn client(&self) -> &IntrospectionClient {
        &self.client
    }

    /// For how long one request may take, in seconds.
    pub const fn timeout(&self) -> f64 {
        self.limits.timeout
    }

    /// What is known about a token at a moment of the machine's clock. `waited`: the first question that the same request
    /// has waited for; `too_long`: it waits no longer.
    pub fn ask(&mut self, token: &str, waited: Option<u32>, too_long: bool, now: f64) -> Introspected {
        self.bury(now);
        let digest = digest(token);
        if let Some(entry) = self.active.find(&digest).or_else(|| self.others.find(&digest))
            && entry.serves(waited, now)
        {
            return match &entry.answer {
                Ok(answer) => Introspected::Answer(Arc::clone(answer)),
                Err(error) => Introspected::Refused(error.clone()),
            };
        }
        if too_long {
            return Introspected::Refused(unreachable("no answer in time"));
        }
        if let Some(question) = self.under_way.iter().find(|question| question.digest == digest) {
            return Introspected::Wait { begin: None, wait: question.id };
        }
        if self.under_way.len() >= MAX_UNDER_WAY {
            let error = Error::new(ErrorCode::IntrospectionFailed).found("too many questions at once");
            return Introspected::Refused(error.retry_after(1));
        }
        self.asked += 1;
        let id = self.asked;
        self.under_way.push(Question { id, digest, token: String::from(token), begun: now, beat: None });
        Introspected::Wait { begin: Some(id), wait: id }
    }

    /// Where to ask; none until it has been discovered, or discovered again.
    pub fn endpoint(&self, now: f64) -> Option<&str> {
        let is_believed = self.discovered.is_none_or(|discovered| is_within(discovered, PLACE_AGE, now));
        self.endpoint.as_deref().filter(|_| is_believed)
    }

    /// The issuer's metadata says where to ask.
    pub fn discovered(&mut self, endpoint: String, now: f64) {
        (self.endpoint, self.discovered) = (Some(endpoint), Some(now));
    }

    /// The request of a question; none where it has been answered, or its asker was taken for dead.
    pub fn request(&self, id: u32, assertion: Option<&str>) -> Option<IntrospectionRequest> {
        let question = self.under_way.iter().find(|question| question.id == id)?;
        Some(self.client.request(&question.token, assertion))
    }

    /// Whether a question has neither been answered nor died.
    pub fn is_under_way(&mut self, id: u32, now: f64) -> bool {
        self.bury(now);
        self.under_way.iter().any(|question| question.id == id)
    }

    /// Whoever performs a question is alive. Where they can vanish without a word, they say so several times a second.
    pub fn beat(&mut self, id: u32, now: f64) {
        if let Some(question) = self.under_way.iter_mut().find(|question| question.id == id) {
            question.beat = Some(now);
        }
    }

    /// The endpoint has answered a question.
    pub fn answered(&mut self, id: u32, response: &IntrospectionResponse<'_>, now: f64) {
        let answer = introspection_answer(response, self.client.signed);
        self.end(id, answer, now);
    }

    /// A question could not be asked, or the endpoint gave no answer.
    pub fn failed(&mut self, id: u32, reason: &str, now: f64) {
        self.end(id, Err(unreachable(reason)), now);
    }

    fn end(&mut self, id: u32, answer: Result<IntrospectionAnswer, Error>, now: f64) {
        let Some(at) = self.under_way.iter().position(|question| question.id == id) else { return };
        let Question { digest, .. } = self.under_way.swap_remove(at);
        let is_active = matches!(answer, Ok(IntrospectionAnswer::Active(_) | IntrospectionAnswer::Signed(_)));
        let life = match &answer {
            Ok(IntrospectionAnswer::Inactive) => self.limits.inactive_for,
            Ok(_) => self.limits.active_for,
            Err(_) => FAILED_FOR,
        };
        // Only the last answer counts: a token that has been revoked is not active by an older one.
        self.active.remove(&digest);
        self.others.remove(&digest);
        let kept = if is_active { &mut self.active } else { &mut self.others };
        kept.insert(
            Entry { digest, question: id, at: now, life, answer: answer.map(Arc::new) },
            self.limits.max_entries,
        );
    }

    /// Gives up the questions whose askers have gone away, or should be done by far.
    fn bury(&mut self, now: f64) {
        // The endpoint's metadata may be asked for at two addresses before.
        let longest = 3.0 * self.limits.timeout + LIFE_SIGN;
        self.under_way.retain(|question| {
            let is_silent = question.beat.is_some_and(|beat| !is_within(beat, LIFE_SIGN, now));
            !is_silent && is_within(question.begun, longest, now)
        });
    }
}

/// The token is not shown.
impl core::fmt::Debug for Question {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Question").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Kept {
    fn place(&self, digest: &[u8; 32]) -> Result<usize, usize> {
        self.0.binary_search_by(|entry| entry.digest.cmp(digest))
    }

    fn find(&self, digest: &[u8; 32]) -> Option<&Entry> {
        self.place(digest).ok().map(|at| &self.0[at])
    }

    fn remove(&mut self, digest: &[u8; 32]) {
        if let Ok(at) = self.place(digest) {
            self.0.remove(at);
        }
    }

    /// Adds an entry that is not there yet, if need be in the place of the oldest one.
    fn insert(&mut self, entry: Entry, max: usize) {
        self.0.retain(|old| is_within(old.at, old.life.max(HANDED_OVER_FOR), entry.at));
        if self.0.len() >= max
            && let Some(oldest) = (0..self.0.len()).min_by_key(|&at| self.0[at].question)
        {
            self.0.remove(oldest);
        }
        let at = self.place(&entry.digest).unwrap_or_else(|at| at);
        self.0.insert(at, entry);
    }
}

impl Entry {
    /// Whether this is the answer to a request: of everybody while it is young, then of those who have waited for it.
    fn serves(&self, waited: Option<u32>, now: f64) -> bool {
        let has_waited = waited.is_some_and(|waited| self.question >= waited);
        has_waited && is_within(self.at, HANDED_OVER_FOR, now) || self.life > 0.0 && is_within(self.at, self.life, now)
    }
}

/// Whether something that was is younger than so many seconds. A clock that was set back makes it old.
fn is_within(then: f64, seconds: f64, now: f64) -> bool {
    now - then < seconds && then - now <= TOLERANCE
}

fn digest(token: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(&Hash::Sha256.digest(&[token.as_bytes()]));
    digest
}

#[cfg(test)]
mod tests;
