//! JSON values as the reader gives them, borrowed from the text where they can be.

use alloc::{borrow::Cow, vec::Vec};
use core::num::NonZeroU32;

/// A JSON value. Strings without escapes and all numbers borrow the text they came from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// The number as it was written; its grammar has been checked.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Object<'a>),
}

/// A JSON object, its members in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a> {
    pub(super) members: Vec<(Cow<'a, str>, Value<'a>)>,
    /// The index of the first member whose name is a repetition; in few bits, since every value has this size.
    pub(super) duplicate: Option<NonZeroU32>,
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The member's text; where the value is no string, what it is.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, &'static str> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(other.kind()),
        }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.members.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The first repeated member name of this object itself.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        let (name, _) = self.members.get(self.duplicate?.get() as usize)?;
        Some(name)
    }
}

impl<'a> Value<'a> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_array(&self) -> Option<&[Value<'a>]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The first member name that is repeated within one object, at any depth.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        match self {
            Self::Array(values) => values.iter().find_map(Value::duplicate),
            Self::Object(object) => {
                object.duplicate().or_else(|| object.members().find_map(|(_, value)| value.duplicate()))
            }
            _ => None,
        }
    }

    /// What this is, in the words of RFC 8259 §3, for an error text.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
