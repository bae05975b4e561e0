//! A key set in a store of the caller's: what it holds, and when it was fetched.

use alloc::{format, string::String};

use super::durations::{Durations, Span};
use super::freshness::delta_seconds;
use super::moment::Moment;
use crate::jose::json::{self, Value};
use crate::jose::json_text::ObjectText;

/// Seconds by which the clock of who wrote an entry may be ahead of ours.
const SKEW: f64 = 30.0;

/// A key set as it is stored.
pub(super) struct Stored {
    pub(super) text: String,
    pub(super) fetched: Moment,
    /// In seconds.
    pub(super) age: f64,
}

impl Stored {
    /// Reads an entry. None where it is malformed, comes from the future, or is too old to serve.
    pub(super) fn read(entry: &str, now: Moment, durations: &Durations) -> Option<Self> {
        let value = json::parse(entry.as_bytes()).ok()?;
        let object = value.as_object()?;
        let number = |name: &str| match object.get(name) {
            Some(Value::Number(text)) => delta_seconds(text.split('.').next().unwrap_or_default()),
            _ => None,
        };
        let elapsed = now.policy - number("at")?;
        let age = durations.clamp_age(number("age")?);
        let text = object.get("text").and_then(Value::as_str)?;
        let is_usable = elapsed >= -SKEW && elapsed < age + durations.get(Span::MaxStale);
        is_usable.then(|| Self { text: String::from(text), fetched: now.earlier(elapsed.max(0.0)), age })
    }

    /// The text of an entry.
    pub(super) fn write(text: &str, fetched: Moment, age: f64) -> String {
        let mut entry = ObjectText::new();
        // A clock in hand may stand before 1970 nowhere: the binding refuses that.
        let number = |seconds: f64| format!("{}", seconds.max(0.0) as u64);
        entry.text("text", text).json("at", &number(fetched.policy)).json("age", &number(age));
        entry.finish()
    }
}
