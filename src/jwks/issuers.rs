//! Issuers that somebody has to be asked about, as a function of the caller's: who is ours, until when, who waits. One
//! state machine, no I/O.
//!
//! | an issuer | a token of it |
//! |---|---|
//! | is not known | begins a question, or waits for the one under way; one of so many a second |
//! | is ours | is judged by the answer |
//! | is ours, and the answer is old | begins a question and waits a moment; is judged by the old answer if that fails |
//! | is not ours, or was asked about in vain | is refused without a question, for a while |
//!
//! Whoever sends tokens chooses their issuers. So nothing is kept for one that is not ours but its digest, in a table of
//! fixed size, and an issuer whose tokens have passed is displaced only by others whose tokens have passed.

use alloc::{format, string::String, vec::Vec};

use super::demand::{Asker, Patience, whole};
use super::issuer_limits::{IssuerLimit, IssuerLimits, MAX_NAME, MAX_REMEMBERED, MAX_REST, MAX_UNPROVEN};
use super::issuer_questions::Questions;
use super::moment::Moment;
use crate::error::{Error, ErrorCode};
use crate::kernels::low::hash::Hash;
use crate::oauth::url;

/// The issuers that were asked about, each with its answer.
#[derive(Debug)]
pub struct IssuerTable<A> {
    limits: IssuerLimits,
    allow_http: bool,
    /// Those that are ours, sorted by name.
    known: Vec<Known<A>>,
    /// Those that are not, the oldest first.
    remembered: Vec<Remembered>,
    questions: Questions,
    changes: u32,
    last_failure: String,
    /// The last moment seen.
    seen: Option<Moment>,
}

#[derive(Debug)]
struct Known<A> {
    name: String,
    answer: A,
    /// Which answer this is.
    version: u32,
    answered: Moment,
    /// When one of its tokens last passed.
    proven: Option<Moment>,
    failure: Option<Failure>,
}

#[derive(Debug)]
struct Remembered {
    digest: [u8; 32],
    at: Moment,
    /// It is not ours, unless the question failed.
    failure: Option<Failure>,
}

/// Failures in a row, and when the last of them was.
#[derive(Clone, Copy, Debug)]
struct Failure {
    count: u32,
    at: Moment,
}

/// What has to be done about an issuer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IssuerDemand {
    /// It is ours, by the answer of this number.
    pub known: Option<u32>,
    /// Begin this question.
    pub begin: Option<u32>,
    /// Wait until this question has been answered, and ask again.
    pub wait: Option<u32>,
    /// Wait for so many seconds at most.
    pub at_most: Option<f64>,
    /// Refuse the token with this.
    pub refuse: Option<Error>,
}

impl<A> IssuerTable<A> {
    /// A table that knows no issuer.
    pub fn new(limits: IssuerLimits, allow_http: bool) -> Self {
        Self {
            allow_http,
            known: Vec::new(),
            remembered: Vec::new(),
            questions: Questions::new(limits.get(IssuerLimit::Rate)),
            limits,
            changes: 0,
            last_failure: String::new(),
            seen: None,
        }
    }

    /// A number that is another one whenever an issuer has been added, replaced or removed.
    pub const fn changes(&self) -> u32 {
        self.changes
    }

    /// How many issuers are known to be ours, and how many are remembered that are not.
    pub fn len(&self) -> (usize, usize) {
        (self.known.len(), self.remembered.len())
    }

    /// Whether no issuer is known to be ours.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The answer about an issuer that is ours, and its number.
    pub fn answer(&self, name: &str) -> Option<(u32, &A)> {
        let known = &self.known[self.find(name).ok()?];
        Some((known.version, &known.answer))
    }

    /// Whether the answer of this number is still believed without a question.
    pub fn stands(&self, name: &str, version: u32, now: Moment) -> bool {
        let known = self.find(name).ok().map(|at| &self.known[at]);
        known.is_some_and(|known| known.version == version && self.is_believed(known.answered, now))
    }

    /// What has to be done about the issuer that a token names.
    pub fn demand(&mut self, name: &str, asker: Asker, now: Moment) -> IssuerDemand {
        self.observe(now);
        if !is_sane(name, self.allow_http) {
            return refuse(not_ours(name));
        }
        if let Ok(at) = self.find(name) {
            let known = &self.known[at];
            let age = now.since(known.answered);
            let bound = self.limits.get(IssuerLimit::KnownFor) + self.limits.get(IssuerLimit::MaxStale);
            if age < bound {
                return self.renew(at, asker, now);
            }
            self.forget(at);
        }
        self.ask(name, asker, now)
    }

    /// The issuer is ours: by an answer that may have to be renewed.
    fn renew(&mut self, at: usize, asker: Asker, now: Moment) -> IssuerDemand {
        let Known { name, version, answered, failure, .. } = &self.known[at];
        let known = IssuerDemand { known: Some(*version), ..IssuerDemand::default() };
        if self.is_believed(*answered, now) {
            return known;
        }
        let under_way = self.questions.about(name);
        let waits = asker.patience == Patience::Waits && failure.is_none();
        let begin = match (under_way, failure) {
            (None, Some(failure)) if failure.rest(now) > 0.0 => None,
            (None, _) => {
                let name = name.clone();
                Some(self.questions.begin(name, now))
            }
            (Some(_), _) => None,
        };
        let wait = under_way.or(begin).filter(|_| waits);
        let at_most = wait.map(|_| self.limits.get(IssuerLimit::Patience));
        IssuerDemand { begin, wait, at_most, ..known }
    }

    /// The issuer is not known.
    fn ask(&mut self, name: &str, asker: Asker, now: Moment) -> IssuerDemand {
        if let Some(remembered) = self.remembered_as(name) {
            match &remembered.failure {
                None if now.since(remembered.at) < self.limits.get(IssuerLimit::UnknownFor) => {
                    return refuse(not_ours(name));
                }
                Some(failure) if failure.rest(now) > 0.0 => return refuse(self.unavailable(name, failure.rest(now))),
                _ => {}
            }
        }
        let waits = asker.patience == Patience::Waits;
        if let Some(question) = self.questions.about(name) {
            return if waits { wait(question) } else { refuse(not_asked_yet(name)) };
        }
        if !self.questions.take(now) {
            let error = Error::new(ErrorCode::IssuerUnavailable).claim("iss").found(name);
            return refuse(error.expected("fewer unknown issuers at once").retry_after(1));
        }
        let begin = Some(self.questions.begin(String::from(name), now));
        match waits {
            true => IssuerDemand { begin, wait: begin, ..IssuerDemand::default() },
            false => IssuerDemand { begin, ..refuse(not_asked_yet(name)) },
        }
    }

    /// The issuer of a question. None where it has been answered, or its asker was taken for dead.
    pub fn question(&self, id: u32) -> Option<&str> {
        self.questions.name_of(id)
    }

    /// Whether a question has neither been answered nor died.
    pub fn is_under_way(&mut self, id: u32, now: Moment) -> bool {
        self.observe(now);
        self.question(id).is_some()
    }

    /// For how long a question may take, in seconds.
    pub fn timeout(&self) -> f64 {
        self.limits.get(IssuerLimit::Timeout)
    }

    /// Whoever performs a question is alive. Where they can vanish without a word, they say so several times a second.
    pub fn beat(&mut self, id: u32, now: Moment) {
        self.questions.beat(id, now);
    }

    /// A question was answered: the issuer is ours, by this answer.
    pub fn resolved(&mut self, id: u32, answer: A, now: Moment) {
        let Some(name) = self.questions.end(id) else { return };
        self.changes += 1;
        self.forget_remembered(&name);
        let version = self.changes;
        match self.find(&name) {
            Ok(at) => {
                let known = &mut self.known[at];
                (known.answer, known.version, known.answered, known.failure) = (answer, version, now, None);
            }
            Err(_) => {
                self.make_room();
                let at = self.find(&name).unwrap_or_else(|at| at);
                self.known.insert(at, Known { name, answer, version, answered: now, proven: None, failure: None });
            }
        }
    }

    /// A question was answered: the issuer is not ours.
    pub fn refused(&mut self, id: u32, now: Moment) {
        let Some(name) = self.questions.end(id) else { return };
        if let Ok(at) = self.find(&name) {
            self.forget(at);
        }
        self.remember(&name, None, now);
    }

    /// A question was not answered, for a reason in words. An earlier answer goes on serving.
    pub fn failed(&mut self, id: u32, reason: &str, now: Moment) {
        let Some(name) = self.questions.end(id) else { return };
        self.last_failure = crate::error::bounded(reason);
        let after = |before: Option<Failure>| Failure { count: before.map_or(0, |before| before.count) + 1, at: now };
        if let Ok(at) = self.find(&name) {
            self.known[at].failure = Some(after(self.known[at].failure));
            return;
        }
        let before = self.remembered_as(&name).and_then(|one| one.failure);
        self.remember(&name, Some(after(before)), now);
    }

    /// A token of an issuer has passed.
    pub fn passed(&mut self, name: &str, now: Moment) {
        let Ok(at) = self.find(name) else { return };
        if self.known[at].proven.replace(now).is_some() {
            return;
        }
        let proven = |one: &Known<A>| one.proven.map(|proven| proven.machine);
        if self.known.iter().filter_map(proven).count() > self.limits.get(IssuerLimit::Issuers) as usize {
            self.forget_oldest(proven);
        }
    }

    /// Among the issuers whose tokens have not passed yet.
    fn make_room(&mut self) {
        let unproven = |one: &Known<A>| one.proven.is_none().then_some(one.answered.machine);
        if self.known.iter().filter_map(unproven).count() >= MAX_UNPROVEN {
            self.forget_oldest(unproven);
        }
    }

    fn forget_oldest(&mut self, time_of: impl Fn(&Known<A>) -> Option<f64>) {
        let times = self.known.iter().enumerate().filter_map(|(at, one)| Some((at, time_of(one)?)));
        if let Some((at, _)) = times.min_by(|(_, one), (_, other)| one.total_cmp(other)) {
            self.forget(at);
        }
    }

    fn forget(&mut self, at: usize) {
        self.known.remove(at);
        self.changes += 1;
    }

    fn remember(&mut self, name: &str, failure: Option<Failure>, now: Moment) {
        self.forget_remembered(name);
        if self.remembered.len() == MAX_REMEMBERED {
            self.remembered.remove(0);
        }
        self.remembered.push(Remembered { digest: digest(name), at: now, failure });
    }

    fn remembered_as(&self, name: &str) -> Option<&Remembered> {
        let digest = digest(name);
        self.remembered.iter().find(|one| one.digest == digest)
    }

    fn forget_remembered(&mut self, name: &str) {
        let digest = digest(name);
        self.remembered.retain(|one| one.digest != digest);
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.known.binary_search_by(|known| known.name.as_str().cmp(name))
    }

    fn is_believed(&self, answered: Moment, now: Moment) -> bool {
        now.since(answered) < self.limits.get(IssuerLimit::KnownFor)
    }

    /// Takes notice of the time: clocks that were set back, questions whose askers have gone away.
    fn observe(&mut self, now: Moment) {
        if self.seen.is_some_and(|seen| now.is_before(seen)) {
            // What was measured by the clocks before means nothing now: answers serve, and are renewed at once.
            let old = now.earlier(self.limits.get(IssuerLimit::KnownFor));
            for known in &mut self.known {
                (known.answered, known.failure) = (old, None);
                known.proven = known.proven.map(|_| now);
            }
            self.remembered.clear();
            self.questions.clocks_were_set_back(now);
        }
        self.seen = Some(now);
        self.questions.bury(self.timeout(), now);
    }

    fn unavailable(&self, name: &str, seconds: f64) -> Error {
        let found = format!("{} ({name})", self.last_failure);
        Error::new(ErrorCode::IssuerUnavailable).claim("iss").found(found).retry_after(whole(seconds))
    }
}

impl Failure {
    /// The seconds for which nobody is asked again.
    fn rest(self, now: Moment) -> f64 {
        let doubled = 1_u32.checked_shl(self.count.saturating_sub(1)).unwrap_or(u32::MAX);
        f64::from(doubled).min(MAX_REST) - now.since(self.at)
    }
}

/// What an issuer looks like (RFC 8414 §2): nothing else reaches the caller's function.
fn is_sane(name: &str, allow_http: bool) -> bool {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#{}\\\"<>^`|".contains(&byte));
    name.len() <= MAX_NAME && is_plain && url::is_allowed(name, allow_http)
}

fn not_ours(name: &str) -> Error {
    let error = Error::new(ErrorCode::IssuerMismatch).cite("RFC 8725 §3.8").claim("iss").found(name);
    error.expected("an issuer that the function of the option issuer knows")
}

fn not_asked_yet(name: &str) -> Error {
    Error::new(ErrorCode::KeysNotLoaded).claim("iss").found(name).retry_after(1)
}

fn digest(name: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(&Hash::Sha256.digest(&[name.as_bytes()]));
    digest
}

fn wait(question: u32) -> IssuerDemand {
    IssuerDemand { wait: Some(question), ..IssuerDemand::default() }
}

fn refuse(error: Error) -> IssuerDemand {
    IssuerDemand { refuse: Some(error), ..IssuerDemand::default() }
}
