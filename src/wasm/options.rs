//! Options as callers hand them over: own properties only, every name known, `undefined` the same as absent.
//!
//! A wrong option is a `TypeError` that begins with the path of the option, for example `issuer[1].audience`.

use core::time::Duration;

use js_sys::{Array, JsString, Object, Reflect, TypeError};
use wasm_bindgen::{JsCast, JsValue};

use super::nearest::nearest;
use crate::error::bounded;
use std::{format, string::String, vec::Vec};

/// What a reader throws.
pub(super) type Read<T> = Result<T, JsValue>;

/// The own properties of an object, all of them with known names.
#[derive(Clone)]
pub(super) struct Options {
    object: Object,
    /// The names that the object has itself.
    present: Vec<String>,
    path: String,
}

impl Options {
    /// Reads which options there are. `path` is empty for an argument that is the options themselves.
    pub(super) fn read(value: &JsValue, path: &str, known: &[&str]) -> Read<Self> {
        let named = if path.is_empty() { "options" } else { path };
        let object = object(value).ok_or_else(|| wrong(named, "expected an object"))?;
        let keys = Reflect::own_keys(&object).map_err(|_| unreadable(named))?;
        let mut present = Vec::new();
        for key in keys.iter() {
            // What is not a string is a symbol, which names no option.
            let Some(name) = key.as_string() else { continue };
            let path = join(path, &name);
            if !known.contains(&&*name) {
                return Err(wrong(&path, &unknown(&name, known)));
            }
            present.push(name);
        }
        Ok(Self { object, present, path: String::from(path) })
    }

    /// Where an option stands, for a message.
    pub(super) fn path(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// An option's value; none where it is absent or `undefined`.
    pub(super) fn get(&self, name: &str) -> Read<Option<JsValue>> {
        if !self.present.iter().any(|present| present == name) {
            return Ok(None);
        }
        let value = Reflect::get(&self.object, &JsValue::from_str(name));
        let value = value.map_err(|_| unreadable(&self.path(name)))?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    /// An option that has to be there.
    pub(super) fn required(&self, name: &str) -> Read<JsValue> {
        self.get(name)?.ok_or_else(|| wrong(&self.path(name), "required"))
    }

    pub(super) fn string(&self, name: &str) -> Read<Option<String>> {
        self.map(name, string)
    }

    /// A string or a list of strings.
    pub(super) fn strings(&self, name: &str) -> Read<Option<Vec<String>>> {
        self.map(name, strings)
    }

    pub(super) fn seconds(&self, name: &str) -> Read<Option<Duration>> {
        self.map(name, |value, path| {
            // Whole seconds are exact below 2⁵³.
            let seconds = value.as_f64().filter(|seconds| (0.0..9_007_199_254_740_992.0).contains(seconds));
            let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            duration.ok_or_else(|| wrong(path, "expected a number of seconds, not negative"))
        })
    }

    /// A whole number from 1 to `max`.
    pub(super) fn integer(&self, name: &str, max: usize) -> Read<Option<usize>> {
        self.map(name, |value, path| {
            let number = value.as_f64().unwrap_or_default();
            let integer = number as usize;
            let holds = (1..=max).contains(&integer) && integer as f64 == number;
            if holds { Ok(integer) } else { Err(wrong(path, &format!("expected a whole number from 1 to {max}"))) }
        })
    }

    pub(super) fn flag(&self, name: &str) -> Read<Option<bool>> {
        self.map(name, |value, path| value.as_bool().ok_or_else(|| wrong(path, "expected true or false")))
    }

    /// A function, for the shell to call.
    pub(super) fn function(&self, name: &str) -> Read<JsValue> {
        let function = self.map(name, |value, path| {
            if value.is_function() { Ok(value.clone()) } else { Err(wrong(path, "expected a function")) }
        })?;
        Ok(function.unwrap_or(JsValue::NULL))
    }

    fn map<T>(&self, name: &str, read: impl FnOnce(&JsValue, &str) -> Read<T>) -> Read<Option<T>> {
        self.get(name)?.map(|value| read(&value, &self.path(name))).transpose()
    }
}

/// A `TypeError` about an option.
pub(super) fn wrong(path: &str, what: &str) -> JsValue {
    TypeError::new(&format!("{}: {what}", bounded(path))).into()
}

fn unreadable(path: &str) -> JsValue {
    wrong(path, "cannot be read")
}

/// The value as an object that is no array; none for anything else.
pub(super) fn object(value: &JsValue) -> Option<Object> {
    let is_object = value.is_object() && !value.is_null() && !Array::is_array(value);
    is_object.then(|| value.clone().unchecked_into())
}

/// A string of whole characters: half a surrogate pair is no text, and nothing is put in its place.
pub(super) fn string(value: &JsValue, path: &str) -> Read<String> {
    let text = value.as_string().ok_or_else(|| wrong(path, "expected a string"))?;
    let replaced = text.contains(char::REPLACEMENT_CHARACTER);
    if replaced && !value.unchecked_ref::<JsString>().is_valid_utf16() {
        return Err(wrong(path, "expected whole characters, found half a surrogate pair"));
    }
    Ok(text)
}

fn strings(value: &JsValue, path: &str) -> Read<Vec<String>> {
    if !Array::is_array(value) {
        let text = value.as_string().ok_or_else(|| wrong(path, "expected a string or an array of strings"))?;
        return string(value, path).map(|_| std::vec![text]);
    }
    elements(value, path)?.iter().map(|(element, path)| string(element, path)).collect()
}

/// More elements than any option needs.
const MAX_ELEMENTS: u32 = 1_000_000;

/// The elements of an array with their paths.
pub(super) fn elements(value: &JsValue, path: &str) -> Read<Vec<(JsValue, String)>> {
    let array: &Array = value.unchecked_ref();
    let length = Reflect::get(array, &JsValue::from_str("length")).ok().and_then(|length| length.as_f64());
    let length = length.filter(|&length| length <= f64::from(MAX_ELEMENTS)).ok_or_else(|| unreadable(path))?;
    let mut elements = Vec::new();
    for index in 0..length as u32 {
        let path = format!("{path}[{index}]");
        elements.push((Reflect::get_u32(array, index).map_err(|_| unreadable(&path))?, path));
    }
    Ok(elements)
}

fn join(path: &str, name: &str) -> String {
    let name = bounded(name);
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => format!("unknown option; did you mean {near}?"),
        None => format!("unknown option; known here: {}", known.join(", ")),
    }
}
