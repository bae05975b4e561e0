//! Authorization requests under way, as one tab remembers them, and which of them an answer belongs to.
//!
//! The tab keeps one text, a JSON array of records. A record that was answered stays without its secrets, so that an
//! answer that comes again is told from one that nobody awaits; so does one that has waited too long.
//!
//! | the answer's state | |
//! |---|---|
//! | of a request under way | it is judged, and the request is over |
//! | of a request that was answered, or waited too long | `state_missing`, with where the user wanted to be |
//! | of none, while others are under way | `state_mismatch` |
//! | of none, and none is under way | `state_missing`: begun in another tab, or never |

use alloc::{format, string::String, vec::Vec};

use crate::error::{Error, ErrorCode, joined};
use crate::jose::json::{self, Object, Value};
use crate::jose::json_text::ObjectText;
use crate::oauth::demands::Demands;
use crate::oauth::scope::scope_tokens;
use crate::oauth::url;

/// The most records of requests under way, and of those that are over. The oldest go first.
const MAX_RECORDS: usize = 8;

/// Bytes of an application's own state, as JSON.
pub const MAX_APP_STATE: usize = 4_096;

/// A `state` (RFC 6749 §10.12): this login knows it by the `prefix`, and nobody guesses the `random` part.
pub fn state(prefix: &str, random: &str) -> String {
    format!("{prefix}{random}")
}

/// One authorization request under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// What the answer repeats.
    pub state: String,
    /// A secret until the code is exchanged (RFC 7636 §4.1).
    pub verifier: String,
    /// What the ID token repeats.
    pub nonce: String,
    /// Where the user wants to be afterwards.
    pub return_to: String,
    /// What the application wants to know afterwards: JSON.
    pub app_state: Option<String>,
    /// Whether the page asked by itself, and not the user.
    pub silent: bool,
    /// What the ID token has to show.
    pub demands: Demands,
    /// The thumbprint of the key that the code is bound to (RFC 9449 §10).
    pub jkt: Option<String>,
    /// What an API has demanded of the login, by name (RFC 9470).
    pub step_up: Option<String>,
    /// The address that is asked again afterwards.
    pub repeat: Option<String>,
    /// For whom: the subject of the session that asked.
    pub subject: Option<String>,
}

/// What an answer belongs to.
#[allow(clippy::large_enum_variant, reason = "one at a time")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// A request under way.
    Found(Transaction),
    /// None that it could belong to.
    Refused {
        /// Why.
        error: Error,
        /// Where the user wanted to be, where that is known.
        return_to: Option<String>,
    },
}

#[derive(Clone, Debug)]
struct Record {
    transaction: Transaction,
    /// In whole seconds since 1970.
    created: u64,
    used: bool,
}

/// An answer, as far as it says what it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Its `state`.
    pub state: Option<&'a str>,
    /// The address that it came to.
    pub address: &'a str,
    /// The address that it was to come to.
    pub redirect_uri: &'a str,
}

/// The requests that one tab remembers of one login.
#[derive(Clone, Debug, Default)]
pub struct Transactions {
    records: Vec<Record>,
    /// In seconds.
    lifetime: f64,
}

impl Transactions {
    /// Reads what the tab keeps. What is no record is none.
    pub fn read(text: &str, lifetime: f64) -> Self {
        let value = json::parse(text.as_bytes());
        let records = match value.as_ref().ok() {
            Some(Value::Array(records)) => {
                records.iter().filter_map(|record| Record::read(record.as_object()?)).collect()
            }
            _ => Vec::new(),
        };
        Self { records, lifetime }
    }

    /// Remembers a request.
    pub fn add(&mut self, transaction: Transaction, now: f64) {
        self.records.push(Record { transaction, created: whole(now), used: false });
        self.tidy(now);
    }

    /// Takes out the request that an answer with this state belongs to: an answer is good for one use.
    pub fn take(&mut self, answer: Answer<'_>, now: f64) -> Match {
        let state = answer.state;
        let lifetime = self.lifetime;
        let awaited = self.records.iter().any(|record| record.is_under_way(now, lifetime));
        let found = self.records.iter_mut().find(|record| state == Some(&record.transaction.state));
        let matched = match found {
            Some(record) if record.is_under_way(now, lifetime) => {
                record.used = true;
                Match::Found(record.strip())
            }
            Some(record) => record.refusal(now, lifetime),
            None => Match::Refused { error: unknown(answer, awaited), return_to: None },
        };
        self.tidy(now);
        matched
    }

    /// What the tab is to keep; nothing where it need not keep anything.
    pub fn write(&self) -> Option<String> {
        if self.records.is_empty() {
            return None;
        }
        let mut text = String::new();
        for record in &self.records {
            text.push(if text.is_empty() { '[' } else { ',' });
            text.push_str(&record.write());
        }
        text.push(']');
        Some(text)
    }

    /// Takes the secrets of what is over, and the oldest of what is too much.
    fn tidy(&mut self, now: f64) {
        let lifetime = self.lifetime;
        for record in self.records.iter_mut().filter(|record| !record.is_under_way(now, lifetime)) {
            record.strip();
        }
        for is_over in [false, true] {
            let kind = |record: &Record| record.is_under_way(now, lifetime) != is_over;
            let mut surplus = self.records.iter().filter(|record| kind(record)).count().saturating_sub(MAX_RECORDS);
            self.records.retain(|record| {
                let goes = surplus > 0 && kind(record);
                surplus -= usize::from(goes);
                !goes
            });
        }
    }
}

impl Record {
    fn is_under_way(&self, now: f64, lifetime: f64) -> bool {
        // Without its verifier a record can exchange no code.
        !self.used && !self.transaction.verifier.is_empty() && (now - self.created as f64).abs() < lifetime
    }

    /// Takes out all but what tells a late answer.
    fn strip(&mut self) -> Transaction {
        let Transaction { state, return_to, .. } = &self.transaction;
        let rest = Transaction { state: state.clone(), return_to: return_to.clone(), ..Transaction::default() };
        core::mem::replace(&mut self.transaction, rest)
    }

    fn refusal(&self, now: f64, lifetime: f64) -> Match {
        let error = Error::new(ErrorCode::StateMissing).claim("state");
        let error = if self.used {
            error.found("an answer that was used already").expected("each answer once")
        } else {
            let age = format!("an answer after {} s", whole(now - self.created as f64));
            let expected = format!("one within {} s, the transactionLifetime", whole(lifetime));
            error.found(age).expected(expected)
        };
        Match::Refused { error, return_to: Some(self.transaction.return_to.clone()) }
    }

    /// The members of a record are strings, all of them, and absent where they are empty.
    fn read(record: &Object<'_>) -> Option<Self> {
        let number = |name| text(record, name).parse::<u64>().ok();
        let present = |name| Some(text(record, name)).filter(|text| !text.is_empty());
        let transaction = Transaction {
            state: present("state")?,
            verifier: text(record, "verifier"),
            nonce: text(record, "nonce"),
            return_to: text(record, "returnTo"),
            app_state: present("appState"),
            silent: present("silent").is_some(),
            demands: Demands {
                max_age: number("maxAge"),
                acr: record.get("acr").map(|_| scope_tokens(&text(record, "acr")).map(String::from).collect()),
            },
            jkt: present("jkt"),
            step_up: present("stepUp"),
            repeat: present("repeat"),
            subject: present("subject"),
        };
        Some(Self { created: number("createdAt")?, used: present("used").is_some(), transaction })
    }

    fn write(&self) -> String {
        let Transaction { state, verifier, nonce, return_to, app_state, silent, demands, .. } = &self.transaction;
        let Transaction { jkt, step_up, repeat, subject, .. } = &self.transaction;
        let flag = |flag| if flag { "true" } else { "" };
        let acr = demands.acr.as_ref().map(|acr| joined(acr, " "));
        let max_age = demands.max_age.map(|seconds| format!("{seconds}")).unwrap_or_default();
        let mut record = ObjectText::new();
        for (name, value) in [
            ("state", &**state),
            ("returnTo", return_to),
            ("createdAt", &format!("{}", self.created)),
            ("verifier", verifier),
            ("nonce", nonce),
            ("appState", app_state.as_deref().unwrap_or_default()),
            ("jkt", jkt.as_deref().unwrap_or_default()),
            ("stepUp", step_up.as_deref().unwrap_or_default()),
            ("repeat", repeat.as_deref().unwrap_or_default()),
            ("subject", subject.as_deref().unwrap_or_default()),
            ("silent", flag(*silent)),
            ("used", flag(self.used)),
            ("maxAge", &max_age),
        ] {
            if !value.is_empty() {
                record.text(name, value);
            }
        }
        // No context at all is one that nothing satisfies. They have no spaces in them (OpenID Connect Core §3.1.2.1).
        if let Some(acr) = acr {
            record.text("acr", &acr);
        }
        record.finish()
    }
}

/// A member; empty where it is absent, or no string.
#[inline(never)]
fn text(record: &Object<'_>, name: &str) -> String {
    String::from(record.get(name).and_then(Value::as_str).unwrap_or_default())
}

/// The refusal of an answer whose state this tab does not know.
fn unknown(answer: Answer<'_>, awaited: bool) -> Error {
    if awaited {
        let found = if answer.state.is_some() { "another state" } else { "no state" };
        return Error::new(ErrorCode::StateMismatch).claim("state").found(found);
    }
    let error = Error::new(ErrorCode::StateMissing).claim("state");
    let place = |url| url::parts(url).map(|(origin, path, _)| format!("{origin}{path}"));
    if let (Some(arrived), Some(expected)) = (place(answer.address), place(answer.redirect_uri))
        && arrived != expected
    {
        // What a tab keeps, it keeps for one origin.
        return error.found(format!("an answer at {arrived}")).expected(format!("one at {expected}, the redirectUri"));
    }
    error
        .found("no login that this tab has begun")
        .expected("the answer in the tab that began: a link in a mail may open another")
}

fn whole(seconds: f64) -> u64 {
    seconds.max(0.0) as u64
}
