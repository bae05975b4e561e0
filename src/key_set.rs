//! JWK Sets (RFC 7517 §5): which keys may check a token.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use crate::algorithm::Algorithm;
use crate::error::{Error, ErrorCode};
use crate::header::Header;
use crate::json::{self, Object, Value};
use crate::jwk::{self, Fit, Key, too_short};
use crate::pem;

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
    /// Reads a JWK Set, or a single JWK, from its JSON text, or one public key or certificate from PEM.
    ///
    /// # Errors
    /// The codes of malformed JSON; `key_invalid` when the text is neither; the first key's own
    /// refusal when no key of the set is usable. A set without members is valid.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut set = Self::default();
        if pem::is_pem(text) {
            set.add(pem::key(text)?);
            return Ok(set);
        }
        let value = json::parse_with_duplicates(text).map_err(|fault| jwk::not_json(&fault))?;
        match value {
            Value::Object(object) if object.contains("keys") => set.add_set(object)?,
            single => set.add(key_of(&single)?),
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

    fn add_set(&mut self, set: Object<'_>) -> Result<(), Error> {
        if let Some(name) = set.duplicate() {
            return Err(jwk::duplicate(name));
        }
        let members = set.into_members().find_map(|(name, value)| (name == "keys").then_some(value));
        let Some(Value::Array(members)) = members else {
            return Err(Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §5.1").claim("keys").expected("an array"));
        };
        for member in members {
            // One bad or unknown key never breaks its siblings (RFC 7517 §5).
            match key_of(&member) {
                Ok(key) => self.add(key),
                Err(reason) => {
                    let kid = member.as_object().and_then(|jwk| jwk.get("kid")).and_then(Value::as_str);
                    self.dropped.push(DroppedKey { kid: kid.map(String::from), reason });
                }
            }
        }
        Ok(())
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

fn key_of(value: &Value<'_>) -> Result<Key, Error> {
    match (value, value.duplicate()) {
        (_, Some(name)) => Err(jwk::duplicate(name)),
        (Value::Object(jwk), None) => Key::from_object(jwk),
        (other, None) => Err(Error::new(ErrorCode::KeyInvalid)
            .cite("RFC 7517 §5")
            .found(other.kind())
            .expected("a JWK or a JWK Set")),
    }
}
