//! The verifiers that JavaScript holds, by number.

use alloc::{boxed::Box, vec::Vec};

use crate::claims::claim_set::Timestamps;
use crate::claims::numeric_date::UnixTime;
use crate::error::{Error, ErrorCode};
use crate::verifier::Verifier;

/// The issuer whose policy passed a token, and the token's timestamps.
pub(super) type Lasting = (usize, Timestamps);

/// A verifier, driven by `createVerifier`.
pub(super) struct Held {
    pub(super) inner: Verifier,
    /// The verdicts that JavaScript keeps, by their slots.
    pub(super) kept: Vec<Option<Lasting>>,
}

impl Held {
    pub(super) fn still_holds(&self, slot: usize, now: UnixTime) -> bool {
        self.kept.get(slot).and_then(Option::as_ref).is_some_and(|(issuer, timestamps)| {
            self.inner.trusted().get(*issuer).is_some_and(|trusted| trusted.policy.still_holds(timestamps, now))
        })
    }
}

/// All of them; the number of one that was released is given again.
pub(super) struct Verifiers(Vec<Option<Box<Held>>>);

impl Verifiers {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    #[inline(never)]
    pub(super) fn hold(&mut self, held: Held) -> usize {
        let free = self.0.iter().position(Option::is_none);
        let number = free.unwrap_or_else(|| {
            self.0.push(None);
            self.0.len() - 1
        });
        if let Some(place) = self.0.get_mut(number) {
            *place = Some(Box::new(held));
        }
        number
    }

    pub(super) fn get(&self, number: usize) -> Option<&Held> {
        self.0.get(number)?.as_deref()
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut Held> {
        self.0.get_mut(number)?.as_deref_mut()
    }

    pub(super) fn release(&mut self, number: usize) {
        if let Some(place) = self.0.get_mut(number) {
            *place = None;
        }
    }
}

/// TypeScript asks for no verifier that it has released.
pub(super) fn not_held() -> Error {
    Error::new(ErrorCode::Internal).found("a verifier that was released")
}
