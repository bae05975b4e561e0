//! Keys as callers hand them over: JWK, JWK Set, text, or the bytes of a secret.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Symbol, Uint8Array};
use std::string::String;
use wasm_bindgen::JsValue;

use super::answers::refusal;
use super::options::{Read, elements, object, string, wrong};
use crate::error::Error;
use crate::jose::json_text::write_string;
use crate::jose::jwk::Key;
use crate::jose::key_set::KeySet;
use crate::jose::pem::is_pem;

/// Deeper than any key.
const MAX_DEPTH: usize = 32;

const EXPECTED: &str = "expected a JWK, a JWK Set, PEM text, a KeyObject or the bytes of a secret";

/// The keys of an option or argument.
pub(super) fn key_set(value: &JsValue, path: &str) -> Read<KeySet> {
    if Array::is_array(value) {
        let mut set = KeySet::default();
        for (element, path) in elements(value, path)? {
            set.append(key_set(&element, &path)?);
        }
        return if set.is_empty() { Err(wrong(path, "expected at least one key")) } else { Ok(set) };
    }
    if value.is_string() {
        return of_text(&string(value, path)?).map_err(|error| refusal(&error));
    }
    if let Some(bytes) = bytes(value) {
        let mut set = KeySet::default();
        set.add(Key::from_secret(bytes).map_err(|error| refusal(&error))?);
        return Ok(set);
    }
    if object(value).is_none() || ArrayBuffer::is_view(value) {
        return Err(wrong(path, EXPECTED));
    }
    KeySet::parse(json_text(value, path)?.as_bytes()).map_err(|error| refusal(&error))
}

fn of_text(text: &str) -> Result<KeySet, Error> {
    KeySet::parse(text.as_bytes()).map_err(|error| match is_json_or_pem(text) {
        true => error,
        // A secret as text is never guessed to be one: any other text that is no key would be a secret as well.
        false => error
            .found("other text")
            .expected("JSON or PEM; a shared secret as bytes, new TextEncoder().encode(secret)"),
    })
}

fn is_json_or_pem(text: &str) -> bool {
    text.trim_ascii_start().starts_with(['{', '[']) || is_pem(text.as_bytes())
}

/// The JSON text of one key. A string is taken as that text itself.
pub(super) fn jwk_text(value: &JsValue) -> Read<String> {
    if value.is_string() {
        return string(value, "jwk");
    }
    if object(value).is_none() || ArrayBuffer::is_view(value) {
        return Err(wrong("jwk", "expected a JWK"));
    }
    json_text(value, "jwk")
}

/// Text in UTF-8, or bytes.
pub(super) fn text_or_bytes(value: &JsValue, path: &str) -> Read<std::vec::Vec<u8>> {
    match bytes(value) {
        Some(bytes) => Ok(bytes),
        None if value.is_string() => Ok(string(value, path)?.into_bytes()),
        None => Err(wrong(path, "expected a string or a Uint8Array")),
    }
}

/// The bytes of a Uint8Array of any realm: under Jest and in iframes, `instanceof` is of no use.
pub(super) fn bytes(value: &JsValue) -> Option<std::vec::Vec<u8>> {
    let tag = ArrayBuffer::is_view(value).then(|| Reflect::get(value, &Symbol::to_string_tag()).ok()).flatten();
    let is_bytes = tag.and_then(|tag| tag.as_string()).is_some_and(|tag| tag == "Uint8Array");
    is_bytes.then(|| Uint8Array::new(value).to_vec())
}

/// A value as JSON text by its own properties: no `toJSON` runs, and nothing inherited counts.
fn json_text(value: &JsValue, path: &str) -> Read<String> {
    let mut text = String::new();
    write_json(&mut text, value, path, 0)?;
    Ok(text)
}

fn write_json(text: &mut String, value: &JsValue, path: &str, depth: usize) -> Read<()> {
    if depth > MAX_DEPTH {
        return Err(wrong(path, "nested too deeply"));
    }
    if value.is_string() {
        write_string(text, &string(value, path)?);
    } else if Array::is_array(value) {
        text.push('[');
        for (index, (element, path)) in elements(value, path)?.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write_json(text, element, path, depth + 1)?;
        }
        text.push(']');
    } else if let Some(object) = object(value) {
        write_members(text, &object, path, depth)?;
    } else if let Some(truth) = value.as_bool() {
        text.push_str(if truth { "true" } else { "false" });
    } else if value.is_null() {
        text.push_str("null");
    } else if value.as_f64().is_some_and(f64::is_finite) {
        // No member of a key that is read is a number: which one it is does not count.
        text.push('0');
    } else {
        return Err(wrong(path, "expected a value of JSON"));
    }
    Ok(())
}

fn write_members(text: &mut String, object: &Object, path: &str, depth: usize) -> Read<()> {
    let keys = Reflect::own_keys(object).map_err(|_| wrong(path, "cannot be read"))?;
    text.push('{');
    let mut first = true;
    for key in keys.iter() {
        if !key.is_string() {
            continue;
        }
        let member = Reflect::get(object, &key).map_err(|_| wrong(path, "cannot be read"))?;
        if member.is_undefined() {
            continue;
        }
        if !core::mem::take(&mut first) {
            text.push(',');
        }
        write_string(text, &string(&key, path)?);
        text.push(':');
        write_json(text, &member, path, depth + 1)?;
    }
    text.push('}');
    Ok(())
}
