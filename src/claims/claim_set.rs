//! The claims set (RFC 7519 §4): an object whose registered claims have the right types.

use alloc::{borrow::Cow, vec::Vec};
use core::{cmp::Ordering, slice};

use crate::claims::numeric_date::{NumericDate, UnixTime};
use crate::error::{Error, ErrorCode, List};
use crate::jose::json::{self, Object, Value};
use crate::jose::token::{UnverifiedToken, VerifiedToken};
use crate::rules::{Evidence, Rule, Trace};

/// The claims of a token whose signature is valid.
#[derive(Debug)]
pub struct Claims<'a> {
    object: Object<'a>,
    timestamps: Timestamps,
}

/// The timestamps of a token: what its verdict depends on as time passes. An expiration time that is absent is later
/// than every moment, any other date earlier.
#[derive(Debug)]
pub(crate) struct Timestamps {
    expiration: NumericDate,
    not_before: NumericDate,
    issued_at: NumericDate,
    /// Read only where a policy asks for it.
    authenticated: NumericDate,
}

impl Timestamps {
    /// RFC 7519 §4.1.4: "on or after" the expiration time the token is refused.
    pub(crate) fn is_unexpired(&self, now: UnixTime) -> bool {
        self.expiration.compare(now) == Ordering::Greater
    }

    /// RFC 7519 §4.1.5: "before" its not-before time it is refused.
    pub(crate) fn is_in_force(&self, now: UnixTime) -> bool {
        self.not_before.compare(now) != Ordering::Greater
    }

    /// Compares the time of issue with a moment; a token without one is older than any.
    pub(crate) fn issued(&self, moment: UnixTime) -> Ordering {
        self.issued_at.compare(moment)
    }

    /// The time of issue in whole seconds since 1970; `None` where it is absent.
    pub(crate) fn issued_seconds(&self) -> Option<i64> {
        self.issued_at.seconds()
    }

    /// The expiration time likewise.
    pub(crate) fn expiration_seconds(&self) -> Option<i64> {
        self.expiration.seconds()
    }

    /// Whether the user is known to have logged in at a moment or after it.
    pub(crate) fn auth_time_since(&self, moment: UnixTime) -> bool {
        self.authenticated.compare(moment) != Ordering::Less
    }
}

impl VerifiedToken {
    /// The claims, read for the first time.
    ///
    /// # Errors
    /// The codes of malformed JSON, `claims_invalid` and `claim_invalid`.
    pub fn claims(&self) -> Result<Claims<'_>, Error> {
        Claims::parse(self.payload(), &mut Trace::off())
    }
}

/// The header's and payload's JSON of a token without a check of its signature: for display and debugging.
///
/// # Errors
/// The codes of a malformed token, and those of claims of a wrong type.
pub fn decode_unverified(token: &[u8], max_token_size: usize) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let (header, payload) = UnverifiedToken::parse(token, max_token_size)?.into_unverified_parts();
    // The token may be a forgery as large as the caller allows: only the members that are read are kept in memory.
    Claims::from_object(object(json::parse_members(&payload, &["aud"]))?)?;
    Ok((header, payload))
}

impl<'a> Claims<'a> {
    pub(crate) fn parse(payload: &'a [u8], trace: &mut Trace) -> Result<Self, Error> {
        let object = trace.record(Rule::ClaimsJson, object(json::parse(payload)), |_| Evidence::found("an object"))?;
        trace.record(Rule::ClaimTypes, Self::from_object(object), |claims| {
            let mut names = List::new(", ");
            for (name, _) in claims.object.members() {
                names.add(name);
            }
            Evidence::found(names.finish().unwrap_or_default())
        })
    }

    fn from_object(object: Object<'a>) -> Result<Self, Error> {
        let timestamps = Timestamps {
            expiration: date(&object, "exp", NumericDate::MAX)?,
            not_before: date(&object, "nbf", NumericDate::MIN)?,
            issued_at: date(&object, "iat", NumericDate::MIN)?,
            authenticated: NumericDate::MIN,
        };
        let claims = Self { object, timestamps };
        for name in ["iss", "sub", "jti"] {
            claims.text(name)?;
        }
        claims.audience_members()?;
        Ok(claims)
    }

    /// Whether the claim is present, with any value.
    pub fn contains(&self, name: &str) -> bool {
        self.object.contains(name)
    }

    /// A claim that is a string.
    ///
    /// # Errors
    /// `claim_invalid` when it is of another type.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Error> {
        match self.object.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(name, other, "a string")),
        }
    }

    /// The audience: one string or an array of strings (RFC 7519 §4.1.3).
    ///
    /// # Errors
    /// `claim_invalid` when it is anything else.
    pub fn audience(&self) -> Result<Option<Vec<&str>>, Error> {
        let members = self.audience_members()?;
        Ok(members.map(|members| members.iter().filter_map(Value::as_str).collect()))
    }

    /// The members of the audience, all of them strings.
    pub(crate) fn audience_members(&self) -> Result<Option<&[Value<'a>]>, Error> {
        let expected = "a string or an array of strings";
        match self.object.get("aud") {
            None => Ok(None),
            Some(one @ Value::String(_)) => Ok(Some(slice::from_ref(one))),
            Some(Value::Array(values)) if values.iter().all(|value| value.as_str().is_some()) => Ok(Some(values)),
            Some(Value::Array(_)) => Err(invalid("aud").found("an array with other members").expected(expected)),
            Some(other) => Err(wrong_type("aud", other, expected)),
        }
    }

    pub(crate) fn timestamps(&self) -> &Timestamps {
        &self.timestamps
    }

    pub(crate) fn into_timestamps(self) -> Timestamps {
        self.timestamps
    }

    /// Reads `auth_time` (OpenID Connect Core §2).
    pub(crate) fn read_auth_time(&mut self) -> Result<(), Error> {
        self.timestamps.authenticated = date(&self.object, "auth_time", NumericDate::MIN)?;
        Ok(())
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value<'a>> {
        self.object.get(name)
    }
}

/// The payload as the object that it has to be (RFC 7519 §7.2).
fn object(payload: Result<Value<'_>, Error>) -> Result<Object<'_>, Error> {
    match payload.map_err(|error| error.claim("payload"))? {
        Value::Object(object) => Ok(object),
        other => Err(Error::new(ErrorCode::ClaimsInvalid).found(other.kind()).expected("an object")),
    }
}

fn date(object: &Object<'_>, name: &'static str, absent: NumericDate) -> Result<NumericDate, Error> {
    match object.get(name) {
        None => Ok(absent),
        Some(Value::Number(number)) => NumericDate::parse(number)
            .ok_or_else(|| invalid(name).found(number).expected("seconds since 1970, not negative and finite")),
        Some(other) => Err(wrong_type(name, other, "a number of seconds")),
    }
}

pub(crate) fn wrong_type(name: &str, value: &Value<'_>, expected: &str) -> Error {
    invalid(name).found(value.kind()).expected(expected)
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::ClaimInvalid).cite(section(name)).claim(name)
}

/// Claims, and where they are defined.
const SECTIONS: &str = "\
iss RFC 7519 §4.1.1
sub RFC 7519 §4.1.2
aud RFC 7519 §4.1.3
exp RFC 7519 §4.1.4
nbf RFC 7519 §4.1.5
iat RFC 7519 §4.1.6
jti RFC 7519 §4.1.7
client_id RFC 9068 §2.2
scope RFC 9068 §2.2.3
nonce OpenID Connect Core §2
auth_time OpenID Connect Core §2
acr OpenID Connect Core §2
azp OpenID Connect Core §2
at_hash OpenID Connect Core §3.1.3.6
c_hash OpenID Connect Core §3.3.2.11
events OpenID Connect Back-Channel Logout §2.4
sid OpenID Connect Back-Channel Logout §2.4";

/// Where a claim is defined.
pub(crate) fn section(name: &str) -> &'static str {
    let sections = SECTIONS.split('\n').filter_map(|line| line.split_once(' '));
    sections.filter(|(claim, _)| *claim == name).map(|(_, section)| section).next().unwrap_or("RFC 7519 §4.3")
}

/// A claim as text for a message.
pub(crate) fn display_claim<'v>(claims: &'v Claims<'_>, name: &str) -> Cow<'v, str> {
    claims.object.get(name).map_or(Cow::Borrowed("nothing"), display)
}

/// A value as text for a message.
pub(crate) fn display<'v>(value: &'v Value<'_>) -> Cow<'v, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Borrowed(number),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Array(values) => {
            let mut texts = List::new(", ");
            for value in values {
                if let Value::String(text) = value {
                    texts.add(text);
                }
            }
            texts.finish().map_or(Cow::Borrowed("an empty array"), Cow::Owned)
        }
        other => Cow::Borrowed(other.kind()),
    }
}
