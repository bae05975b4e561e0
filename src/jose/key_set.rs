//! JWK Sets (RFC 7517 §5): which keys may check a token.

mod text;

use alloc::{collections::BinaryHeap, format, string::String, sync::Arc, vec::Vec};

use self::text::Source;
use crate::error::{Error, ErrorCode, bounded, joined};
use crate::jose::algorithm::Algorithm;
use crate::jose::header::Header;
use crate::jose::jwk::{Fit, Key, too_short};

/// How many keys one token may be tried with: a set may have many keys without an identifier.
const MAX_TRIES: usize = 16;

/// Fewer keys than these are put in their places one by one; more are sorted at once.
const FEW_KEYS: usize = 8;

/// The keys of one issuer. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Arc<Keys>);

#[derive(Clone, Debug, Default)]
struct Keys {
    keys: Vec<Key>,
    /// The keys' indices, sorted by identifier: those without one first, equal ones as they were added.
    by_kid: Vec<usize>,
    /// How many have no identifier.
    without_kid: usize,
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

/// The keys that a token is tried with.
#[derive(Debug, Default)]
pub(crate) struct Candidates<'s> {
    tried: Vec<&'s Key>,
    /// How many there are; more than 16 are not tried.
    found: usize,
}

impl<'s> Candidates<'s> {
    /// A key that was chosen already.
    pub(crate) fn only(key: &'s Key) -> Self {
        Self { tried: alloc::vec![key], found: 1 }
    }

    fn add(&mut self, key: &'s Key) {
        if self.tried.len() < MAX_TRIES {
            self.tried.push(key);
        }
        self.found += 1;
    }

    /// The first of them.
    pub(crate) fn first(&self) -> Option<&'s Key> {
        self.tried.first().copied()
    }

    /// The key that a signature is by.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Option<&'s Key> {
        self.tried.iter().copied().find(|key| key.verifies(algorithm, message, signature))
    }

    /// How many were tried, for a message, and how many were left out.
    pub(crate) fn describe(&self) -> String {
        let noun = if self.found == 1 { "key" } else { "keys" };
        match self.tried.len() {
            tried if tried < self.found => format!("{tried} of {} {noun}", self.found),
            tried => format!("{tried} {noun}"),
        }
    }
}

impl KeySet {
    /// Reads a JWK Set, or a single JWK, from its JSON text; or public keys and certificates in PEM, each of which is a
    /// key of the set; or a JSON object of these, one a member, whose names are the keys' identifiers. A certificate is
    /// trusted for its key: neither its chain nor its time is looked at.
    ///
    /// # Errors
    /// `key_invalid` when the text is none of these; the first key's own refusal when no key of the set is usable;
    /// `key_private` when any block of PEM is a private key. A set without members is valid.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        Self::parse_from(text, Source::Configured)
    }

    /// Reads a key set that was fetched from where everybody can read it: as [`KeySet::parse`], but a shared secret
    /// (`oct`) in it is dropped and never used, since every reader could sign with it (RFC 7517 §9.2); and a set of which
    /// no key is usable is a set without keys, since its issuer has published no other.
    ///
    /// # Errors
    /// The codes of malformed JSON; `key_invalid` when the text is no key set; a single key's own refusal.
    pub fn parse_published(text: &[u8]) -> Result<Self, Error> {
        Self::parse_from(text, Source::Published)
    }

    /// Adds a key.
    pub fn add(&mut self, key: Key) {
        let at = self.first_behind(|kid| kid > key.kid());
        let own = Arc::make_mut(&mut self.0);
        own.by_kid.insert(at, own.keys.len());
        own.without_kid += usize::from(key.kid().is_none());
        own.keys.push(key);
    }

    /// Adds all keys of another set.
    pub fn append(&mut self, other: Self) {
        let Keys { keys, dropped, .. } = Arc::unwrap_or_clone(other.0);
        if keys.len() < FEW_KEYS {
            keys.into_iter().for_each(|key| self.add(key));
        } else {
            Arc::make_mut(&mut self.0).keys.extend(keys);
            self.sort();
        }
        Arc::make_mut(&mut self.0).dropped.extend(dropped);
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.0.keys.len()
    }

    /// Whether there is no key to check with.
    pub fn is_empty(&self) -> bool {
        self.0.keys.is_empty()
    }

    /// The keys that can be used, as they were added.
    pub fn keys(&self) -> &[Key] {
        &self.0.keys
    }

    /// Whether a key of this identifier was there, and was dropped.
    pub(crate) fn has_dropped(&self, kid: &str) -> bool {
        self.0.dropped.iter().any(|dropped| dropped.kid.as_deref() == Some(kid))
    }

    /// Whether a key has this identifier.
    pub(crate) fn has(&self, kid: &str) -> bool {
        !self.named(kid).is_empty()
    }

    /// The members that could not be used.
    pub fn dropped(&self) -> &[DroppedKey] {
        &self.0.dropped
    }

    /// Puts all keys in their places. A heap sorts in less code than a slice.
    fn sort(&mut self) {
        let own = Arc::make_mut(&mut self.0);
        let heap: BinaryHeap<(Option<&str>, usize)> = own.keys.iter().map(Key::kid).zip(0..).collect();
        own.by_kid = heap.into_sorted_vec().into_iter().map(|(_, at)| at).collect();
        own.without_kid = own.keys.iter().filter(|key| key.kid().is_none()).count();
    }

    /// The index in `by_kid` of the first identifier after a point of the order.
    fn first_behind(&self, behind: impl Fn(Option<&str>) -> bool) -> usize {
        self.0.by_kid.partition_point(|&at| !behind(self.kid(at)))
    }

    /// The indices of the keys of one identifier.
    fn named(&self, kid: &str) -> &[usize] {
        let kid = Some(kid);
        let places = self.first_behind(|other| other >= kid)..self.first_behind(|other| other > kid);
        self.0.by_kid.get(places).unwrap_or_default()
    }

    /// The indices of the keys without one.
    fn unnamed(&self) -> &[usize] {
        self.0.by_kid.get(..self.0.without_kid).unwrap_or_default()
    }

    /// The keys that may check a token, best first: those with its `kid`, then those without any; without a `kid`, all
    /// (RFC 7515 §6). The `kid` is compared and nothing else. At most 16 are tried.
    ///
    /// # Errors
    /// `key_not_found`, `key_unsuitable`, or `key_weak` for a secret too short for the algorithm.
    pub(crate) fn find(&self, header: &Header, algorithm: Algorithm) -> Result<Candidates<'_>, Error> {
        let (named, others) = match header.kid() {
            None => (&[][..], &[][..]),
            Some(kid) => (self.named(kid), self.unnamed()),
        };
        let candidates = if header.kid().is_none() { self.0.keys.len() } else { named.len() + others.len() };
        let mut short = false;
        let mut suitable = Candidates::default();
        for i in 0..candidates {
            let at = match header.kid() {
                None => i,
                Some(_) if i < named.len() => named[i],
                Some(_) => others[i - named.len()],
            };
            match self.0.keys[at].fit(algorithm) {
                Fit::Yes => suitable.add(&self.0.keys[at]),
                Fit::TooShort => short = true,
                Fit::No => {}
            }
        }
        if suitable.found > 0 {
            Ok(suitable)
        } else if short {
            Err(too_short(algorithm))
        } else if let Some(dropped) = header.kid().and_then(|kid| self.dropped_as(kid)).filter(|_| named.is_empty()) {
            Err(dropped)
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

    /// The refusal that names a key which the issuer has published, and why it was dropped.
    fn dropped_as(&self, kid: &str) -> Option<Error> {
        let reason = &self.0.dropped.iter().find(|dropped| dropped.kid.as_deref() == Some(kid))?.reason;
        let member = reason.claim_name().map(|name| format!(" ({name})")).unwrap_or_default();
        let detail = reason.found_value().map(|found| format!(": {found}")).unwrap_or_default();
        let found = format!("{}{member} in the published key {}{detail}", reason.code().as_str(), bounded(kid));
        let error = Error::new(ErrorCode::KeyNotFound).claim("kid").found(found);
        Some(error.expected(reason.expected_value().unwrap_or("a key that can be used")))
    }

    /// The first identifiers, for a message.
    fn describe(&self) -> String {
        let mut kids: Vec<&str> = Vec::new();
        for &at in self.0.by_kid.iter().skip(self.0.without_kid) {
            let kid = self.kid(at).unwrap_or_default();
            if kids.last() != Some(&kid) {
                kids.push(kid);
            }
            if kids.len() == 4 {
                break;
            }
        }
        if kids.is_empty() {
            return format!("one of {} keys without kid", self.0.keys.len());
        }
        joined(&kids, ", ")
    }

    /// The identifier of the key at an index.
    fn kid(&self, at: usize) -> Option<&str> {
        self.0.keys.get(at).and_then(Key::kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn key(kid: Option<usize>) -> Key {
        let kid = kid.map(|kid| format!(r#","kid":"k{kid:03}""#)).unwrap_or_default();
        Key::from_jwk(format!(r#"{{"kty":"oct","k":"{}"{kid}}}"#, "A".repeat(86)).as_bytes()).unwrap()
    }

    /// One key in four has no identifier, and each identifier occurs twice.
    fn keys(count: usize) -> impl Iterator<Item = Key> {
        (0..count).map(move |i| key((i % 4 != 0).then_some(i * 7 % (count / 2))))
    }

    #[test]
    fn keys_are_found_by_kid_in_the_order_in_which_they_were_added() {
        for count in [1, 2, 7, 8, 9, 64, 257] {
            let count = count * 2;
            let mut one_by_one = KeySet::default();
            keys(count).for_each(|key| one_by_one.add(key));
            let mut sorted = KeySet::default();
            sorted.append(one_by_one.clone());
            assert_eq!((&one_by_one.0.by_kid, one_by_one.0.without_kid), (&sorted.0.by_kid, sorted.0.without_kid));

            let kids: Vec<Option<&str>> = sorted.keys().iter().map(Key::kid).collect();
            for kid in &kids {
                let places: Vec<usize> = (0..count).filter(|&at| kids[at] == *kid).collect();
                assert_eq!(kid.map_or(sorted.unnamed(), |kid| sorted.named(kid)), places);
            }
            assert!(sorted.named("k").is_empty() && sorted.named("k999").is_empty());
        }
    }

    #[test]
    fn keys_that_can_be_used_are_counted() {
        let none = KeySet::parse(br#"{"keys":[]}"#).unwrap();
        assert_eq!((none.len(), none.is_empty(), none.dropped().len()), (0, true, 0));
        let text = format!(r#"{{"keys":[{{"kty":"zzz","kid":"a"}},{{"kty":"oct","k":"{}"}}]}}"#, "A".repeat(86));
        let one = KeySet::parse(text.as_bytes()).unwrap();
        assert_eq!((one.len(), one.is_empty(), one.dropped().len()), (1, false, 1));
        assert_eq!(one.dropped()[0].kid.as_deref(), Some("a"));
    }

    #[test]
    fn a_published_secret_is_no_key() {
        let secret = format!(r#"{{"kty":"oct","k":"{}","kid":"s"}}"#, "A".repeat(86));
        let public = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"p"}"#;
        let set = format!(r#"{{"keys":[{secret},{public},{{"kty":"zzz"}}]}}"#);
        let configured = KeySet::parse(set.as_bytes()).unwrap();
        assert_eq!((configured.len(), configured.dropped().len()), (2, 1));
        let published = KeySet::parse_published(set.as_bytes()).unwrap();
        let dropped: Vec<_> = published.dropped().iter().map(|one| (one.kid.as_deref(), one.reason.code())).collect();
        assert_eq!(dropped, [(Some("s"), ErrorCode::KeyUnsuitable), (None, ErrorCode::KeyInvalid)]);
        assert_eq!((published.len(), published.keys()[0].kid()), (1, Some("p")));
        let refusal = KeySet::parse_published(secret.as_bytes()).unwrap_err();
        assert_eq!((refusal.code(), refusal.spec()), (ErrorCode::KeyUnsuitable, "RFC 7517 §9.2"));
        assert!(!refusal.message().contains("AAAA"), "{refusal}");
        let none = KeySet::parse_published(format!(r#"{{"keys":[{secret}]}}"#).as_bytes()).unwrap();
        assert_eq!((none.len(), none.dropped().len()), (0, 1));
        // That a secret was published is reported before anything else that is wrong with it.
        let weak = KeySet::parse_published(br#"{"kty":"oct","k":"AA"}"#).unwrap_err();
        assert_eq!(weak.code(), ErrorCode::KeyUnsuitable);
    }

    #[test]
    fn the_first_identifiers_are_shown() {
        let mut set = KeySet::default();
        (0..3).for_each(|_| set.add(key(None)));
        assert_eq!(set.describe(), "one of 3 keys without kid");
        for kid in [5, 3, 5, 9, 1, 7] {
            set.add(key(Some(kid)));
        }
        assert_eq!(set.describe(), "k001, k003, k005, k007");
    }

    #[test]
    fn what_was_not_tried_is_said() {
        let header =
            crate::jose::json::parse(br#"{"alg":"HS256"}"#).and_then(|value| Header::from_value(&value)).unwrap();
        for (count, said) in
            [(1, "1 key"), (2, "2 keys"), (16, "16 keys"), (17, "16 of 17 keys"), (40, "16 of 40 keys")]
        {
            let mut set = KeySet::default();
            (0..count).for_each(|_| set.add(key(None)));
            assert_eq!(set.find(&header, Algorithm::Hs256).unwrap().describe(), said);
        }
    }
}
