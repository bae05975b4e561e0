//! Key sets from text: JSON, PEM, or PEM in JSON.

use alloc::string::String;
use alloc::sync::Arc;

use super::{DroppedKey, KeySet};
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};
use crate::jose::jwk::{self, Key};
use crate::jose::pem;

/// Where a key set comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The caller's own configuration, which may contain secrets.
    Configured,
    /// It was fetched.
    Published,
}

impl KeySet {
    pub(super) fn parse_from(text: &[u8], source: Source) -> Result<Self, Error> {
        let mut set = Self::default();
        if pem::is_pem(text) {
            let keys = pem::keys(text)?;
            let is_single = keys.len() == 1;
            keys.into_iter().for_each(|key| set.push(key, None));
            set.sort();
            return if is_single { set.usable() } else { set.usable_from(source) };
        }
        let value = json::parse_with_duplicates(text).map_err(|fault| jwk::not_json(&fault))?;
        match value.as_object() {
            Some(object) if is_pem_by_kid(object) => set.add_pem_by_kid(object)?,
            Some(object) if object.contains("keys") => set.add_set(object, source)?,
            _ => set.add(key_of(&value, source)?),
        }
        set.usable_from(source)
    }

    fn add_set(&mut self, set: &Object<'_>, source: Source) -> Result<(), Error> {
        refuse_duplicate(set)?;
        let Some(members) = set.get("keys").and_then(Value::as_array) else {
            return Err(Error::new(ErrorCode::KeyInvalid).cite("RFC 7517 §5.1").claim("keys").expected("an array"));
        };
        for member in members {
            let kid = member.as_object().and_then(|jwk| jwk.get("kid")).and_then(Value::as_str);
            self.push(key_of(member, source), kid);
        }
        self.sort();
        Ok(())
    }

    /// As the keys of Firebase's session cookies are published: `{ kid: certificate, … }`.
    fn add_pem_by_kid(&mut self, set: &Object<'_>) -> Result<(), Error> {
        refuse_duplicate(set)?;
        for (kid, text) in set.members() {
            let key = pem::key(text.as_str().unwrap_or_default().as_bytes());
            if let Err(reason) = &key
                && reason.code() == ErrorCode::KeyPrivate
            {
                return Err(reason.clone());
            }
            self.push(key.map(|key| key.with_kid(kid)), Some(kid));
        }
        self.sort();
        Ok(())
    }

    /// One bad or unknown key never breaks its siblings (RFC 7517 §5).
    fn push(&mut self, key: Result<Key, Error>, kid: Option<&str>) {
        let own = Arc::make_mut(&mut self.0);
        match key {
            Ok(key) => own.keys.push(key),
            Err(reason) => own.dropped.push(DroppedKey { kid: kid.map(String::from), reason }),
        }
    }

    fn usable_from(self, source: Source) -> Result<Self, Error> {
        if source == Source::Published { Ok(self) } else { self.usable() }
    }

    fn usable(self) -> Result<Self, Error> {
        match self.0.dropped.first() {
            Some(DroppedKey { reason, .. }) if self.0.keys.is_empty() => Err(reason.clone()),
            _ => Ok(self),
        }
    }
}

/// Whether every member is a key in PEM. Of a JWK or a JWK Set none is.
fn is_pem_by_kid(object: &Object<'_>) -> bool {
    let is_pem = |value: &Value<'_>| value.as_str().is_some_and(|text| pem::is_pem(text.as_bytes()));
    object.members().next().is_some() && object.members().all(|(_, value)| is_pem(value))
}

fn refuse_duplicate(set: &Object<'_>) -> Result<(), Error> {
    set.duplicate().map_or(Ok(()), |name| Err(jwk::duplicate(name)))
}

fn key_of(value: &Value<'_>, source: Source) -> Result<Key, Error> {
    match (value, value.duplicate()) {
        (_, Some(name)) => Err(jwk::duplicate(name)),
        // RFC 7517 §9.2: symmetric keys must be protected from disclosure; this one was published.
        (Value::Object(jwk), None) if source == Source::Published && jwk.text("kty") == Ok(Some("oct")) => {
            Err(Error::new(ErrorCode::KeyUnsuitable)
                .cite("RFC 7517 §9.2")
                .claim("kty")
                .found("oct, a shared secret that everybody can read")
                .expected("a public key"))
        }
        (Value::Object(jwk), None) => Key::from_object(jwk),
        (other, None) => Err(Error::new(ErrorCode::KeyInvalid)
            .cite("RFC 7517 §5")
            .found(other.kind())
            .expected("a JWK or a JWK Set")),
    }
}
