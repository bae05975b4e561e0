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
use crate::resource_server::questions::{self, Question, Reply};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuestionObject<'q> {
    kind: &'static str,
    key: &'q str,
    jti: &'q str,
    until: f64,
    /// Seconds.
    at_most: f64,
}

/// The questions as data, each with the time that it may take.
pub(super) fn to_list(questions: &[Question], timeout: Duration) -> JsValue {
    let at_most = timeout.as_secs_f64();
    let objects: Vec<QuestionObject<'_>> = questions
        .iter()
        .map(|question| match question {
            Question::Replay { key, jti, until } => {
                QuestionObject { kind: question.kind(), key, jti, until: *until as f64, at_most }
            }
        })
        .collect();
    answer(&objects)
}

/// What a reply comes to.
pub(super) fn judge(kind: &str, how: Replied, what: &JsValue) -> Result<(), Error> {
    let text: String;
    questions::judge(
        kind,
        match (how, what.as_bool()) {
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

/// A store of used proofs: its function may be that of a class.
pub(super) fn replay_store(options: &Options) -> Read<JsValue> {
    let Some(store) = options.get("replay")? else { return Ok(JsValue::NULL) };
    let has_use = Reflect::get(&store, &JsValue::from_str("use")).is_ok_and(|member| member.is_function());
    match object(&store).is_some() && has_use {
        true => Ok(store),
        false => Err(wrong(&options.path("replay"), "expected an object with the function use(key, until)")),
    }
}
