//! JWK Sets (RFC 7517 §5): which keys may check a token.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use crate::algorithm::Algorithm;
use crate::error::{Error, ErrorCode};
use crate::header::Header;
use crate::json::{self, Object, Value};
use crate::jwk::{Fit, Key, too_short};

/// How many keys one token may be tried with; a set may hold many keys without an identifier.
const MOST_TRIES: usize = 16;

/// The keys of one issuer.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<Key>,
    by_kid: BTreeMap<String, Vec<usize>>,
    without_kid: Vec<usize>,
    dropped: Vec<DroppedKey>,
}

/// A member of a set that could not be used, and why. Its siblings are not affected.
#[derive(Clone, Debug)]
pub struct DroppedKey {
    /// The key's identifier, where it has one.
    pub kid: Option<String>,
    /// What is wrong with it.
    pub reason: Error,
}

impl KeySet {
    /// Reads a JWK Set, or a single JWK, from its JSON text.
    ///
    /// # Errors
    /// The codes of malformed JSON; `key_invalid` when the text is neither; the first key's own
    /// refusal when no key of the set is usable. A set without members is valid.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut set = Self::default();
        match json::parse_with_duplicates(text)? {
            Value::Object(object) => set.add_object(object)?,
            other => return Err(not_a_set(&other)),
        }
        set.usable()
    }

    /// Adds a key.
    pub fn add(&mut self, key: Key) {
        let at = self.keys.len();
        match key.kid() {
            Some(kid) => self.by_kid.entry(String::from(kid)).or_default().push(at),
            None => self.without_kid.push(at),
        }
        self.keys.push(key);
    }

    /// Adds all keys of another set.
    pub fn append(&mut self, other: Self) {
        other.keys.into_iter().for_each(|key| self.add(key));
        self.dropped.extend(other.dropped);
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no key to check with.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The members that could not be used.
    pub fn dropped(&self) -> &[DroppedKey] {
        &self.dropped
    }

    fn add_object(&mut self, object: Object<'_>) -> Result<(), Error> {
        if !object.contains("keys") {
            self.add(Key::from_object(&object)?);
            return Ok(());
        }
        if let Some(name) = object.duplicate() {
            return Err(Error::new(ErrorCode::JsonDuplicateMember).cite("RFC 7517 §5").found(name));
        }
        let keys = object.into_members().find_map(|(name, value)| (name == "keys").then_some(value));
        let Some(Value::Array(keys)) = keys else {
            return Err(Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §5.1").claim("keys").expected("an array"));
        };
        for key in keys {
            self.add_member(&key);
        }
        Ok(())
    }

    /// One bad or unknown key never breaks its siblings (RFC 7517 §5).
    fn add_member(&mut self, member: &Value<'_>) {
        let key = match (member, member.duplicate()) {
            (_, Some(name)) => Err(Error::new(ErrorCode::JsonDuplicateMember).cite("RFC 7517 §4").found(name)),
            (Value::Object(jwk), None) => Key::from_object(jwk),
            (other, None) => Err(not_a_set(other)),
        };
        match key {
            Ok(key) => self.add(key),
            Err(reason) => {
                let kid = member.as_object().and_then(|jwk| jwk.get("kid")).and_then(Value::as_str);
                self.dropped.push(DroppedKey { kid: kid.map(String::from), reason });
            }
        }
    }

    fn usable(self) -> Result<Self, Error> {
        match self.dropped.first() {
            Some(DroppedKey { reason, .. }) if self.keys.is_empty() => Err(reason.clone()),
            _ => Ok(self),
        }
    }

    /// The keys that may check a token, best first, at most 16: those with its `kid`, then those
    /// without any; without a `kid`, all (RFC 7515 §6). The `kid` is compared and nothing else.
    ///
    /// # Errors
    /// `key_not_found`, `key_unsuitable`, or `key_weak` for a secret too short for the algorithm.
    pub(crate) fn find(&self, header: &Header, algorithm: Algorithm) -> Result<Vec<&Key>, Error> {
        let named = header.kid().and_then(|kid| self.by_kid.get(kid));
        let mut candidates = 0_usize;
        let mut short = false;
        let mut suitable = Vec::new();
        let mut consider = |key| {
            candidates += 1;
            match Key::fit(key, algorithm) {
                Fit::Yes => suitable.push(key),
                Fit::TooShort => short = true,
                Fit::No => {}
            }
            suitable.len() < MOST_TRIES
        };
        match header.kid() {
            Some(_) => drop(named.into_iter().flatten().chain(&self.without_kid).all(|&at| consider(&self.keys[at]))),
            None => drop(self.keys.iter().all(consider)),
        }
        if !suitable.is_empty() {
            Ok(suitable)
        } else if short {
            Err(too_short(algorithm))
        } else if candidates == 0 {
            let found = header.kid().unwrap_or("a token without kid");
            Err(Error::new(ErrorCode::KeyNotFound).claim("kid").found(found).expected(self.describe()))
        } else {
            Err(Error::new(ErrorCode::KeyUnsuitable)
                .claim("alg")
                .found(algorithm.name())
                .expected("a key whose kty, crv, alg, use and key_ops fit"))
        }
    }

    fn describe(&self) -> String {
        match self.by_kid.len() {
            0 => alloc::format!("one of {} keys without kid", self.keys.len()),
            _ => self.by_kid.keys().take(4).map(String::as_str).collect::<Vec<_>>().join(", "),
        }
    }
}

fn not_a_set(value: &Value<'_>) -> Error {
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §5").found(value.kind()).expected("a JWK or a JWK Set")
}
