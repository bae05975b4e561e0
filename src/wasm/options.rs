//! What JavaScript hands over: a JSON object, its members read by name, so that a wrong type says which one it was.
//! How TypeScript writes what JSON has no word for: `pkg-template/src/options.ts`.

use alloc::{string::String, vec::Vec};
use core::{cell::Cell, slice, time::Duration};

use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, AuthorizedParty, Policy};
use crate::claims::profile::Profile;
use crate::error::{Error, bounded};
use crate::jose::algorithm::Algorithm;
use crate::jose::json::{Object, Value};
use crate::jose::jwk::Key;
use crate::jose::key_set::KeySet;
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;
use crate::oauth::url;

/// The most octets that a token may have.
pub(super) const MOST_INPUT: usize = 16 * 1024 * 1024;

/// The most verdicts that one verifier keeps.
const MOST_VERDICTS: f64 = 100_000.0;

/// The member of an object that stands for octets: no object of a caller has a name like it.
const OCTETS: &str = "\0octets";

/// What is wrong with a moment that is none.
pub(super) const NO_MOMENT: &str = "now: expected seconds since 1970";

/// What is wrong with the arguments of a call, if anything is: the text of a `TypeError`. The first fault counts; reading
/// goes on, so that no reader has two ways out, and whoever reads asks in the end.
#[derive(Default)]
pub(super) struct Faults(Cell<Option<String>>);

impl Faults {
    #[inline(never)]
    pub(super) fn add(&self, name: &str, what: &str) {
        let first = self.0.take();
        self.0.set(first.or_else(|| Some([name, ": ", what].concat())));
    }

    pub(super) fn moment(&self, seconds: f64) -> UnixTime {
        UnixTime::from_seconds_f64(seconds).unwrap_or_else(|| {
            self.0.set(self.0.take().or_else(|| Some(String::from(NO_MOMENT))));
            UnixTime::from_seconds(0)
        })
    }

    pub(super) fn is_none(&self) -> bool {
        let first = self.0.take();
        let none = first.is_none();
        self.0.set(first);
        none
    }

    pub(super) fn take(&self) -> Option<String> {
        self.0.take()
    }
}

/// The members of an object.
#[derive(Clone, Copy)]
pub(super) struct Options<'v> {
    /// None: the value was no object.
    members: Option<&'v Object<'v>>,
    faults: &'v Faults,
}

impl<'v> Options<'v> {
    /// The members of a value; none, where it is no object.
    pub(super) fn new(value: Option<&'v Value<'v>>, name: &str, faults: &'v Faults) -> Self {
        let members = value.and_then(Value::as_object);
        if members.is_none() {
            faults.add(name, "expected an object");
        }
        Self { members, faults }
    }

    /// A member. What is `undefined` out there does not cross.
    #[inline(never)]
    pub(super) fn get(self, name: &str) -> Option<&'v Value<'v>> {
        self.members?.get(name)
    }

    #[inline(never)]
    pub(super) fn text(self, name: &str) -> Option<&'v str> {
        let value = self.get(name)?;
        if value.as_str().is_none() {
            self.faults.add(name, "expected a string");
        }
        value.as_str()
    }

    #[inline(never)]
    pub(super) fn owned(self, name: &str) -> Option<String> {
        self.text(name).map(owned)
    }

    /// A text that has to be there; or else `what` is wrong with it.
    #[inline(never)]
    pub(super) fn needed(self, name: &str, what: &str) -> &'v str {
        if self.get(name).is_none() {
            self.faults.add(name, what);
        }
        self.text(name).unwrap_or_default()
    }

    /// A string or a list of strings.
    #[inline(never)]
    pub(super) fn texts(self, name: &str) -> Option<Vec<String>> {
        let values = match self.get(name)? {
            Value::Array(values) => values,
            one => slice::from_ref(one),
        };
        let mut texts = Vec::new();
        for value in values {
            match value {
                Value::String(text) => texts.push(owned(text)),
                _ => self.faults.add(name, "expected a string or an array of strings"),
            }
        }
        Some(texts)
    }

    #[inline(never)]
    fn number(self, name: &str) -> Option<f64> {
        // A number crosses as the 64 bits that it is, written as an integer: exact, and with words for NaN and infinity.
        let Some(Value::Number(digits)) = self.get(name) else { return None };
        let bits = digits.bytes().fold(0_u64, |bits, digit| bits.wrapping_mul(10).wrapping_add(u64::from(digit & 15)));
        Some(f64::from_bits(bits))
    }

    /// A whole number from 1 to `most`.
    #[inline(never)]
    fn whole(self, name: &str, most: f64) -> Option<usize> {
        let number = self.number(name)?;
        let whole = number as usize;
        ((1.0..=most).contains(&number) && number == whole as f64).then_some(whole)
    }

    /// An index, or a status, that TypeScript gave; never one of a caller.
    pub(super) fn index(self, name: &str) -> usize {
        self.number(name).unwrap_or_default() as usize
    }

    pub(super) fn is_true(self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    #[inline(never)]
    pub(super) fn seconds(self, name: &str) -> Option<Duration> {
        self.get(name)?;
        let seconds = self.number(name).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        if seconds.is_none() {
            self.faults.add(name, "expected a number of seconds, not negative");
        }
        seconds
    }

    #[inline(never)]
    pub(super) fn max_token_size(self) -> usize {
        let name = "maxTokenSize";
        let size = self.whole(name, MOST_INPUT as f64);
        if size.is_none() && self.get(name).is_some() {
            self.faults.add(name, "expected a whole number of octets, at most 16777216");
        }
        size.unwrap_or(DEFAULT_MAX_TOKEN_SIZE)
    }

    /// How many verdicts may be kept.
    pub(super) fn verdict_cache(self) -> usize {
        let name = "verdictCache";
        let Some(value) = self.get(name) else { return 0 };
        let most = Options::new(Some(value), name, self.faults).whole("maxEntries", MOST_VERDICTS);
        if most.is_none() {
            self.faults.add(name, "expected { maxEntries: a whole number from 1 to 100000 }");
        }
        most.unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn algorithms(self) -> Option<Vec<Algorithm>> {
        let name = "algorithms";
        let mut algorithms = Vec::new();
        for text in self.texts(name)? {
            match Algorithm::from_name(&text) {
                Some(algorithm) => algorithms.push(algorithm),
                None => self.faults.add(name, &["unknown algorithm ", &bounded(&text)].concat()),
            }
        }
        Some(algorithms)
    }

    /// An option that has to be given, and may be `null` to say that the claim is not checked.
    #[inline(never)]
    fn accepted(self, name: &str) -> Accepted {
        match self.get(name) {
            None => self.faults.add(name, "required; pass null to say that it is not checked"),
            Some(Value::Null) => return Accepted::Any,
            Some(_) => {}
        }
        let texts = self.texts(name).unwrap_or_default();
        if texts.is_empty() {
            self.faults.add(name, "expected at least one value");
        }
        Accepted::OneOf(texts)
    }

    pub(super) fn profile(self) -> Profile {
        let profile = self.text("profile").map_or(Some(Profile::Jwt), Profile::from_name);
        if profile.is_none() {
            self.faults.add("profile", "expected jwt, access-token, id-token or logout-token");
        }
        profile.unwrap_or_default()
    }

    /// All that `createVerifier` demands of a token, but for the issuer.
    pub(super) fn demands(self, policy: &mut Policy) {
        if self.get("audience").is_some() || !self.each_issuer_has("audience") {
            policy.audience = self.accepted("audience");
        }
        policy.algorithms = self.algorithms();
        if self.get("typ") == Some(&Value::Null) {
            policy.typ = Some(Vec::new());
        } else {
            self.set_texts("typ", &mut policy.typ);
        }
        self.set_text("subject", &mut policy.subject);
        self.set_list("trustedAudiences", &mut policy.trusted_audiences);
        if let Some(parties) = self.texts("authorizedParty") {
            policy.authorized_party = AuthorizedParty::OneOf(parties);
        }
        policy.clock_tolerance = self.seconds("clockTolerance").unwrap_or(policy.clock_tolerance);
        self.set_seconds("maxTokenAge", &mut policy.max_token_age);
        self.set_list("requiredClaims", &mut policy.required_claims);
        self.set_list("crit", &mut policy.crit);
        policy.max_token_size = self.max_token_size();
        self.set_text("nonce", &mut policy.nonce);
        self.set_text("accessToken", &mut policy.access_token);
        self.set_text("code", &mut policy.authorization_code);
        self.set_seconds("maxAge", &mut policy.max_authentication_age);
        self.set_texts("acr", &mut policy.acr);
        self.set_list("scope", &mut policy.scopes);
    }

    #[inline(never)]
    fn set_text(self, name: &str, place: &mut Option<String>) {
        *place = self.owned(name);
    }

    #[inline(never)]
    fn set_seconds(self, name: &str, place: &mut Option<Duration>) {
        *place = self.seconds(name);
    }

    #[inline(never)]
    fn set_texts(self, name: &str, place: &mut Option<Vec<String>>) {
        *place = self.texts(name);
    }

    /// What is not given stays as it is.
    #[inline(never)]
    fn set_list(self, name: &str, place: &mut Vec<String>) {
        if let Some(texts) = self.texts(name) {
            *place = texts;
        }
    }

    /// The issuers where they are a list, or one with its own options.
    fn issuer_list(self) -> &'v [Value<'v>] {
        match self.get("issuer") {
            Some(Value::Array(list)) => list,
            Some(one @ Value::Object(_)) => slice::from_ref(one),
            _ => &[],
        }
    }

    fn each_issuer_has(self, name: &str) -> bool {
        let list = self.issuer_list();
        let has = |issuer: &Value<'_>| issuer.as_object().is_some_and(|own| own.contains(name));
        !list.is_empty() && list.iter().all(has)
    }

    /// The issuers that are judged apart. None: all of them are, or the one is, a single entry; so are those that
    /// share static keys and have no options of their own.
    pub(super) fn issuers(self) -> &'v [Value<'v>] {
        let list = self.issuer_list();
        let all_texts = list.iter().all(|issuer| issuer.as_str().is_some());
        if all_texts && self.get("keys").is_some() { &[] } else { list }
    }

    /// What an entry in the list of issuers says, or all of them where none is judged apart; and the keys, the
    /// issuer's own where it has some.
    pub(super) fn issuer(self, entry: Option<&'v Value<'v>>, policy: &mut Policy) -> Result<Keys, Error> {
        let name = "issuer";
        let mut own = self;
        policy.issuer = match entry {
            None => self.accepted(name),
            Some(Value::String(issuer)) => Accepted::OneOf(alloc::vec![owned(issuer)]),
            entry => {
                own = Self::new(entry, name, self.faults);
                let issuer = own.needed(name, "expected issuer in each issuer's options");
                Accepted::OneOf(alloc::vec![owned(issuer)])
            }
        };
        let mut keys = (None, None);
        for options in [own, self] {
            if keys.0.is_none() && keys.1.is_none() {
                keys = options.keys()?;
            }
        }
        if own.get("audience").is_some() {
            policy.audience = own.accepted("audience");
        }
        if let Some(algorithms) = own.algorithms() {
            policy.algorithms = Some(algorithms);
        }
        Ok(keys)
    }

    fn keys(self) -> Result<Keys, Error> {
        let keys = self.get("keys").map(|keys| key_set(keys, self.faults)).transpose()?;
        let jwks_uri = self.owned("jwksUri");
        if let Some(uri) = &jwks_uri {
            if keys.is_some() {
                self.faults.add("jwksUri", "expected keys or jwksUri, not both");
            } else if !url::is_secure(uri) {
                self.faults.add("jwksUri", "expected an https URL");
            }
        }
        Ok((keys, jwks_uri))
    }

    /// The keys of an option that has to be there.
    pub(super) fn key_set(self) -> Result<KeySet, Error> {
        key_set(self.get("keys").unwrap_or(&Value::Null), self.faults)
    }
}

/// Never inlined: a copy takes more code than it seems to.
#[inline(never)]
fn owned(text: &str) -> String {
    String::from(text)
}

/// Static keys, or where they are fetched.
type Keys = (Option<KeySet>, Option<String>);

/// The keys of a member named `keys`.
#[inline(never)]
fn key_set(value: &Value<'_>, faults: &Faults) -> Result<KeySet, Error> {
    let mut set = KeySet::default();
    match value {
        Value::String(text) => return KeySet::parse(text.as_bytes()),
        Value::Array(members) => {
            for member in members {
                set.append(key_set(member, faults)?);
            }
            if set.is_empty() {
                faults.add("keys", "expected at least one key");
            }
        }
        Value::Object(object) => match object.get(OCTETS).and_then(Value::as_str) {
            Some(octets) => set.add(Key::from_secret(octets.chars().map(|octet| octet as u8).collect())?),
            None => return KeySet::from_value(value),
        },
        _ => faults.add("keys", NO_KEY),
    }
    Ok(set)
}

pub(super) const NO_KEY: &str = "expected a JWK, a JWK Set or PEM text";
