//! The option `claims`: what single claims have to be.

use std::vec::Vec;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::options::{Options, Read, elements, object, string, wrong};
use crate::claims::claim_rule::{ClaimRule, ClaimTest, ClaimValue};

/// The names of tests; a value or an array of values alone is the test whether the claim is one of them.
const TESTS: [&str; 7] = ["equals", "oneOf", "includes", "all", "any", "pattern", "present"];

const EXPECTED: &str =
    "expected a text, a whole number, true, false, null, an array of these, or an object with a test";

/// Every rule of the option, in the order of its members.
pub(super) fn claim_rules(options: &Options) -> Read<Vec<ClaimRule>> {
    let mut rules = Vec::new();
    let Some(value) = options.get("claims")? else { return Ok(rules) };
    let path = options.path("claims");
    let members = object(&value).ok_or_else(|| wrong(&path, "expected an object"))?;
    for (name, value) in own_members(&members, &path)? {
        let at = std::format!("{path}.{name}");
        for test in tests(&value, &at)? {
            rules.push(ClaimRule::new(&name, test).map_err(|error| wrong(&at, error.expected))?);
        }
    }
    Ok(rules)
}

/// The tests that a rule's value stands for: all of them have to hold.
fn tests(value: &JsValue, path: &str) -> Read<Vec<ClaimTest>> {
    if object(value).is_none() {
        return Ok(std::vec![ClaimTest::OneOf(values(value, path)?)]);
    }
    let given = Options::read(value, path, &TESTS)?;
    let mut tests = Vec::new();
    for name in TESTS {
        let Some(value) = given.get(name)? else { continue };
        let path = given.path(name);
        tests.push(match name {
            "equals" | "includes" if Array::is_array(&value) => return Err(wrong(&path, "expected one value")),
            "equals" | "oneOf" => ClaimTest::OneOf(values(&value, &path)?),
            "includes" | "all" => ClaimTest::All(values(&value, &path)?),
            "any" => ClaimTest::Any(values(&value, &path)?),
            "pattern" => ClaimTest::Pattern(string(&value, &path)?),
            _ if value.is_truthy() && value.as_bool().is_some() => ClaimTest::Present,
            _ if value.as_bool().is_some() => ClaimTest::Absent,
            _ => return Err(wrong(&path, "expected true, or false for a claim that must not be there")),
        });
    }
    if tests.is_empty() {
        Err(wrong(path, "expected a test: equals, oneOf, includes, all, any, pattern or present"))
    } else {
        Ok(tests)
    }
}

/// A value, or the elements of an array of values.
fn values(value: &JsValue, path: &str) -> Read<Vec<ClaimValue>> {
    if !Array::is_array(value) {
        return Ok(std::vec![scalar(value, path)?]);
    }
    let values: Vec<ClaimValue> =
        elements(value, path)?.iter().map(|(element, path)| scalar(element, path)).collect::<Read<_>>()?;
    if values.is_empty() { Err(wrong(path, "expected at least one value")) } else { Ok(values) }
}

fn scalar(value: &JsValue, path: &str) -> Read<ClaimValue> {
    if value.is_string() {
        return string(value, path).map(ClaimValue::Text);
    }
    if value.is_null() {
        return Ok(ClaimValue::Null);
    }
    if let Some(truth) = value.as_bool() {
        return Ok(ClaimValue::Bool(truth));
    }
    // Whole numbers are exact below 2⁵³.
    let number = value.as_f64().filter(|number| number.abs() < 9_007_199_254_740_992.0);
    let integer = number.map(|number| number as i64).filter(|&integer| Some(integer as f64) == number);
    integer.map(ClaimValue::Integer).ok_or_else(|| wrong(path, EXPECTED))
}

/// The own members of an object whose names are the caller's choice; `undefined` is absence.
fn own_members(object: &Object, path: &str) -> Read<Vec<(std::string::String, JsValue)>> {
    let keys = Reflect::own_keys(object).map_err(|_| wrong(path, "cannot be read"))?;
    let mut members = Vec::new();
    for key in keys.iter() {
        let Some(name) = key.as_string() else { continue };
        let value = Reflect::get(object.unchecked_ref(), &key);
        let value =
            value.map_err(|_| wrong(&std::format!("{path}.{}", crate::error::bounded(&name)), "cannot be read"))?;
        if !value.is_undefined() {
            members.push((name, value));
        }
    }
    Ok(members)
}
