//! What a login's session wants done beside, for JavaScript.

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::answers::{answer, refusal};
use crate::login::{Cause, Effect};

#[derive(Default, Serialize)]
struct EffectObject<'e> {
    kind: &'e str,
    event: Option<&'e str>,
    cause: Option<&'e str>,
    message: Option<&'e str>,
    flight: Option<u32>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    error: JsValue,
}

/// An effect as data.
pub(super) fn effect_object(effect: &Effect) -> JsValue {
    let object = EffectObject::default();
    let object = match effect {
        Effect::Changed(cause) => {
            EffectObject { kind: "changed", event: Some(event_name(*cause)), cause: Some(cause_name(*cause)), ..object }
        }
        Effect::Expiring => EffectObject { kind: "expiring", ..object },
        Effect::Perform(flight) => EffectObject { kind: "perform", flight: Some(*flight), ..object },
        Effect::Restore => EffectObject { kind: "restore", ..object },
        Effect::KeepActivity(text) => EffectObject { kind: "keep-activity", message: Some(text), ..object },
        Effect::RenewalFailed(error) => EffectObject { kind: "renewal-failed", error: refusal(error), ..object },
        Effect::Tell(message) => EffectObject { kind: "tell", message: Some(message), ..object },
        Effect::SetMark => EffectObject { kind: "set-mark", ..object },
        Effect::RemoveMark => EffectObject { kind: "remove-mark", ..object },
    };
    answer(&object)
}

/// What a page is told of a change.
const fn event_name(cause: Cause) -> &'static str {
    match cause {
        Cause::SignedIn | Cause::Renewed | Cause::Restored => cause_name(cause),
        _ => "signed-out",
    }
}

const fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::SignedIn => "signed-in",
        Cause::Renewed => "renewed",
        Cause::Restored => "restored",
        Cause::SignedOut => "signed-out",
        Cause::SignedOutElsewhere => "signed-out-elsewhere",
        Cause::EndedByServer => "ended-by-server",
        Cause::Expired => "expired",
        Cause::AnotherUser => "another-user",
        Cause::Idle => "idle",
        Cause::KeyMissing => "key-missing",
    }
}
