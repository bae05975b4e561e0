//! What JavaScript hands over: options, keys and moments, each refused by its name where it is of a wrong type.

use alloc::{format, string::String, vec::Vec};

use js_sys::{Array, JSON, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;

use super::MOST_INPUT;
use super::answers::error_data;
use crate::algorithm::Algorithm;
use crate::jwk::Key;
use crate::key_set::KeySet;
use crate::numeric_date::UnixTime;
use crate::policy::{Accepted, Policy};
use crate::profile::Profile;
use crate::token::DEFAULT_MAX_TOKEN_SIZE;
use crate::url;

/// The most verdicts that one verifier keeps.
const MOST_VERDICTS: f64 = 100_000.0;

/// An options object: each option is read by its name, so that a wrong type says which one it was.
pub(super) struct Options {
    value: JsValue,
}

/// Static keys, or where they are fetched.
pub(super) type Keys = (Option<KeySet>, Option<String>);

impl Options {
    pub(super) fn new(value: &JsValue, name: &str) -> Result<Self, JsValue> {
        if value.is_object() && !Array::is_array(value) {
            Ok(Self { value: value.clone() })
        } else {
            Err(type_error(name, "expected an object"))
        }
    }

    fn get(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        let value = Reflect::get(&self.value, &JsValue::from_str(name))?;
        Ok(if value.is_undefined() { None } else { Some(value) })
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.get(name)?.map(|value| text(&value, name)).transpose()
    }

    /// A string or a list of strings.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, JsValue> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        let texts = if let Some(text) = value.as_string() {
            Some(alloc::vec![text])
        } else if Array::is_array(&value) {
            value.unchecked_ref::<Array>().iter().map(|member| member.as_string()).collect()
        } else {
            None
        };
        texts.map(Some).ok_or_else(|| type_error(name, "expected a string or an array of strings"))
    }

    pub(super) fn seconds(&self, name: &str) -> Result<Option<UnixTime>, JsValue> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        let seconds = value.as_f64().and_then(UnixTime::from_seconds_f64);
        seconds.map(Some).ok_or_else(|| type_error(name, "expected a number of seconds, not negative"))
    }

    pub(super) fn size(&self, name: &str) -> Result<usize, JsValue> {
        let Some(value) = self.get(name)? else { return Ok(DEFAULT_MAX_TOKEN_SIZE) };
        match value.as_f64() {
            Some(octets) if octets >= 1.0 && octets <= MOST_INPUT as f64 && octets == octets as usize as f64 => {
                Ok(octets as usize)
            }
            _ => Err(type_error(name, "expected a whole number of octets, at most 16777216")),
        }
    }

    /// How many verdicts may be kept.
    pub(super) fn verdict_cache(&self) -> Result<usize, JsValue> {
        let Some(value) = self.get("verdictCache")? else { return Ok(0) };
        let most = Self::new(&value, "verdictCache")?.get("maxEntries")?.and_then(|value| value.as_f64());
        match most {
            Some(most) if (1.0..=MOST_VERDICTS).contains(&most) && most == most as usize as f64 => Ok(most as usize),
            _ => Err(type_error("verdictCache", "expected { maxEntries: a whole number from 1 to 100000 }")),
        }
    }

    pub(super) fn algorithms(&self) -> Result<Option<Vec<Algorithm>>, JsValue> {
        let name = "algorithms";
        let Some(names) = self.texts(name)? else { return Ok(None) };
        let known = |text: &String| {
            Algorithm::from_name(text)
                .ok_or_else(|| type_error(name, &format!("unknown algorithm {}", crate::error::bounded(text))))
        };
        names.iter().map(known).collect::<Result<_, _>>().map(Some)
    }

    /// An option that has to be given, and may be `null` to say that the claim is not checked.
    fn accepted(&self, name: &str) -> Result<Accepted, JsValue> {
        match self.get(name)? {
            None => Err(type_error(name, "required; pass null to say that it is not checked")),
            Some(null) if null.is_null() => Ok(Accepted::Any),
            Some(_) => {
                let texts = self.texts(name)?.unwrap_or_default();
                if texts.is_empty() {
                    Err(type_error(name, "expected at least one value"))
                } else {
                    Ok(Accepted::OneOf(texts))
                }
            }
        }
    }

    pub(super) fn policy(&self) -> Result<Policy, JsValue> {
        let profile = match self.text("profile")? {
            None => Profile::Jwt,
            Some(name) => Profile::from_name(&name)
                .ok_or_else(|| type_error("profile", "expected jwt, access-token, id-token or logout-token"))?,
        };
        let mut policy = Policy::new(profile, Accepted::Any, Accepted::Any);
        let own_audience = self.get("audience")?.is_some();
        if own_audience || !self.each_issuer_has("audience")? {
            policy.audience = self.accepted("audience")?;
        }
        policy.algorithms = self.algorithms()?;
        policy.types = match self.get("typ")? {
            Some(null) if null.is_null() => Some(Vec::new()),
            _ => self.texts("typ")?,
        };
        policy.subject = self.text("subject")?;
        policy.clock_tolerance = self.seconds("clockTolerance")?.unwrap_or(policy.clock_tolerance);
        policy.max_token_age = self.seconds("maxTokenAge")?;
        policy.required_claims = self.texts("requiredClaims")?.unwrap_or(policy.required_claims);
        policy.understood_extensions = self.texts("crit")?.unwrap_or_default();
        policy.max_token_size = self.size("maxTokenSize")?;
        policy.nonce = self.text("nonce")?;
        policy.access_token = self.text("accessToken")?;
        policy.authorization_code = self.text("code")?;
        policy.max_authentication_age = self.seconds("maxAge")?;
        policy.authentication_contexts = self.texts("acr")?;
        policy.scopes = self.texts("scope")?.unwrap_or_default();
        Ok(policy)
    }

    /// What one issuer's own options change.
    pub(super) fn refine(&self, policy: &mut Policy) -> Result<(), JsValue> {
        if self.get("audience")?.is_some() {
            policy.audience = self.accepted("audience")?;
        }
        if let Some(algorithms) = self.algorithms()? {
            policy.algorithms = Some(algorithms);
        }
        Ok(())
    }

    fn each_issuer_has(&self, name: &str) -> Result<bool, JsValue> {
        let list = match self.get("issuer")? {
            Some(list) if Array::is_array(&list) => list.unchecked_into::<Array>(),
            Some(one) => Array::of1(&one),
            None => return Ok(false),
        };
        let key = JsValue::from_str(name);
        Ok(list.length() > 0
            && list.iter().all(|issuer| {
                issuer.is_object() && Reflect::get(&issuer, &key).is_ok_and(|value| !value.is_undefined())
            }))
    }

    /// The issuers, each with its own options where it has any. Issuers that share static keys and
    /// have no options of their own are one entry.
    pub(super) fn issuers(&self) -> Result<Vec<(Accepted, Option<Self>)>, JsValue> {
        let name = "issuer";
        let list = match self.get(name)? {
            Some(list) if Array::is_array(&list) => list.unchecked_into::<Array>(),
            Some(one) if one.is_object() => Array::of1(&one),
            _ => return Ok(alloc::vec![(self.accepted(name)?, None)]),
        };
        let all_texts = list.iter().all(|issuer| issuer.is_string());
        if list.length() == 0 || (all_texts && self.get("keys")?.is_some()) {
            return Ok(alloc::vec![(self.accepted(name)?, None)]);
        }
        list.iter()
            .map(|issuer| match issuer.as_string() {
                Some(issuer) => Ok((Accepted::OneOf(alloc::vec![issuer]), None)),
                None => {
                    let own = Self::new(&issuer, name)?;
                    let issuer =
                        own.text(name)?.ok_or_else(|| type_error(name, "expected issuer in each issuer's options"))?;
                    Ok((Accepted::OneOf(alloc::vec![issuer]), Some(own)))
                }
            })
            .collect()
    }

    pub(super) fn keys(&self) -> Result<Keys, JsValue> {
        let keys = self.get("keys")?.map(|keys| key_set(&keys, "keys")).transpose()?;
        let jwks_uri = self.text("jwksUri")?;
        if keys.is_some() && jwks_uri.is_some() {
            return Err(type_error("jwksUri", "expected keys or jwksUri, not both"));
        }
        match jwks_uri {
            Some(uri) if !url::is_secure(&uri) => Err(type_error("jwksUri", "expected an https URL")),
            jwks_uri => Ok((keys, jwks_uri)),
        }
    }
}

pub(super) fn key_set(value: &JsValue, name: &str) -> Result<KeySet, JsValue> {
    if let Some(text) = value.as_string() {
        return KeySet::parse(text.as_bytes()).map_err(|error| error_data(&error));
    }
    if let Some(octets) = value.dyn_ref::<Uint8Array>() {
        let mut set = KeySet::default();
        set.add(Key::from_secret(octets.to_vec()).map_err(|error| error_data(&error))?);
        return Ok(set);
    }
    if Array::is_array(value) {
        let mut all = KeySet::default();
        for member in value.unchecked_ref::<Array>().iter() {
            all.append(key_set(&member, name)?);
        }
        return if all.is_empty() { Err(type_error(name, "expected at least one key")) } else { Ok(all) };
    }
    KeySet::parse(json_text(value, name)?.as_bytes()).map_err(|error| error_data(&error))
}

/// The JSON text of an object; a string is taken as JSON text itself.
pub(super) fn json_text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    let expected = || type_error(name, "expected a JWK, a JWK Set or PEM text");
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    if !value.is_object() || Array::is_array(value) {
        return Err(expected());
    }
    let text = JSON::stringify(value).map_err(|_| expected())?;
    text.as_string().ok_or_else(expected)
}

pub(super) fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| type_error(name, "expected a string"))
}

pub(super) fn moment(now: f64) -> Result<UnixTime, JsValue> {
    UnixTime::from_seconds_f64(now).ok_or_else(|| type_error("now", "expected seconds since 1970"))
}

pub(super) fn type_error(name: &str, what: &str) -> JsValue {
    TypeError::new(&format!("{name}: {what}")).into()
}
