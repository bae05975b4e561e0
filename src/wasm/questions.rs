//! The questions of a decision, for the shell to put to the caller's stores, and what it reports.

use core::time::Duration;
use std::string::String;
use std::vec::Vec;

use js_sys::{JsString, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use super::answers::answer;
use super::options::{Options, Read, object, wrong};
use super::outcome::Replied;
use crate::error::Error;
use crate::resource_server::questions::{self, Question, REVOKED, Reply};

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct QuestionObject<'q> {
    kind: &'static str,
    key: Option<&'q str>,
    jti: Option<&'q str>,
    until: Option<f64>,
    sessions: Option<&'q [String]>,
    /// Seconds since 1970.
    issued: Option<f64>,
    /// Seconds.
    at_most: f64,
}

/// The questions as data, each with the time that it may take.
pub(super) fn to_list(questions: &[Question], timeout: Duration) -> JsValue {
    let at_most = timeout.as_secs_f64();
    let objects: Vec<QuestionObject<'_>> = questions
        .iter()
        .map(|question| match question {
            Question::Replay { key, jti, until } => QuestionObject {
                kind: question.kind(),
                key: Some(key),
                jti: Some(jti),
                until: Some(*until as f64),
                at_most,
                ..QuestionObject::default()
            },
            Question::Revoked(token) => QuestionObject {
                kind: question.kind(),
                sessions: Some(&token.sessions),
                issued: token.issued.map(|issued| issued as f64),
                at_most,
                ..QuestionObject::default()
            },
        })
        .collect();
    answer(&objects)
}

/// What a reply comes to.
pub(super) fn judge(kind: &str, issued: Option<f64>, how: Replied, what: &JsValue) -> Result<(), Error> {
    let text: String;
    let issued = issued.map(|issued| issued as i64);
    questions::judge(
        kind,
        issued,
        match (how, what.as_bool()) {
            (Replied::Said, _) if kind == REVOKED => match what.as_f64() {
                // No later than it is: a fraction counts as the whole second.
                Some(ended) if ended.is_finite() => Reply::Ended(Some(ended.ceil() as i64)),
                None if what.is_null() || what.is_undefined() => Reply::Ended(None),
                _ => Reply::Failed("the store answered neither a moment nor nothing"),
            },
            (Replied::Said, Some(said)) => Reply::Said(said),
            // What is neither yes nor no must not count as either.
            (Replied::Said, None) => Reply::Failed("the store answered neither true nor false"),
            (Replied::Failed, _) => {
                text = what.dyn_ref::<JsString>().map(String::from).unwrap_or_default();
                Reply::Failed(&text)
            }
            (Replied::TimedOut, _) => Reply::TimedOut,
        },
    )
}

/// A store of the caller's; null where there is none. Its function may be that of a class.
pub(super) fn store(options: &Options, name: &str, function: &str, parameters: &str) -> Read<JsValue> {
    let Some(store) = options.get(name)? else { return Ok(JsValue::NULL) };
    let has_function = Reflect::get(&store, &JsValue::from_str(function)).is_ok_and(|member| member.is_function());
    match object(&store).is_some() && has_function {
        true => Ok(store),
        false => Err(wrong(
            &options.path(name),
            &std::format!("expected an object with the function {function}({parameters})"),
        )),
    }
}
