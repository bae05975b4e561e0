//! The JavaScript binding: marshalling, and nothing else. Numbers alone are parameters. Tokens, headers and payloads
//! are octets in buffers that JavaScript reads and writes directly; everything else crosses there as JSON text.

mod answers;
mod bare;
mod exchange;
mod held;
mod operations;
mod options;

use alloc::string::String;

use wasm_bindgen::prelude::*;

use self::exchange::{LACKS_KEY, with_exchange};
use self::held::not_held;
use self::options::{Faults, NO_MOMENT};
use crate::claims::numeric_date::UnixTime;
use crate::rules::Trace;
use crate::verifier::Verdict;

/// The address of a buffer for a token of `length` octets, kept for the tokens to come; 0, and a refusal, where that
/// is too much.
#[wasm_bindgen]
pub fn input(length: usize) -> usize {
    with_exchange(|exchange| exchange.token_buffer(length))
}

/// The address of a buffer for a request of `length` octets, good for the next call.
#[wasm_bindgen]
pub fn request(length: usize) -> usize {
    with_exchange(|exchange| exchange.request_buffer(length))
}

/// The address of four numbers: address and length of the last payload, or answer, then of its header.
#[wasm_bindgen]
pub fn frame() -> usize {
    with_exchange(|exchange| exchange.frame.as_ptr() as usize)
}

/// Does what the request asks for: its answer, as JSON, lies where payloads lie. `length` is that of the token in the
/// input buffer, where the operation needs one; and `now` the time, likewise.
#[wasm_bindgen]
pub fn call(operation: u32, length: usize, now: f64) -> u32 {
    with_exchange(|exchange| {
        let faults = Faults::default();
        let answer = operations::answer(exchange, operation, length, now, &faults);
        match faults.take() {
            Some(wrong) => exchange.wrong(wrong),
            None => exchange.answer(answer),
        }
    })
}

/// The verdict of a verifier on the token in the input buffer.
#[wasm_bindgen]
pub fn verify(verifier: usize, length: usize, now: f64) -> u32 {
    with_exchange(|exchange| {
        let Some(now) = UnixTime::from_seconds_f64(now) else { return exchange.wrong(String::from(NO_MOMENT)) };
        let Some(held) = exchange.verifiers.get(verifier) else { return exchange.answer(Err(not_held())) };
        match held.inner.judge(exchange.token(length), now, &mut Trace::off()) {
            Ok(Verdict { token, timestamps, issuer }) => {
                exchange.lasting = Some((issuer, timestamps));
                exchange.answer(Ok(token.into_parts()))
            }
            Err(refused) => {
                let answer = exchange.answer(Err(refused.error));
                refused.lacks_key.map_or(answer, |index| LACKS_KEY + index as u32)
            }
        }
    })
}

/// Keeps in a slot what the last verdict hangs on.
#[wasm_bindgen]
pub fn keep(verifier: usize, slot: usize) {
    with_exchange(|exchange| {
        let lasting = exchange.lasting.take();
        if let Some(kept) = exchange.verifiers.get_mut(verifier).and_then(|held| held.kept.get_mut(slot)) {
            *kept = lasting;
        }
    });
}

/// Whether the verdict kept in a slot is still the verdict. Its keys are for the caller to watch.
#[wasm_bindgen(js_name = stillHolds)]
pub fn still_holds(verifier: usize, slot: usize, now: f64) -> bool {
    with_exchange(|exchange| {
        UnixTime::from_seconds_f64(now)
            .zip(exchange.verifiers.get(verifier))
            .is_some_and(|(now, held)| held.still_holds(slot, now))
    })
}

/// Forgets a verifier.
#[wasm_bindgen]
pub fn release(verifier: usize) {
    with_exchange(|exchange| exchange.verifiers.release(verifier));
}
