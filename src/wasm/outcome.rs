//! How a verdict ended, and who asked for it, as numbers that cost nothing to carry over.

use wasm_bindgen::prelude::wasm_bindgen;

/// How a verdict ended. Its details are read from the object that gave it.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Header and claims lie in the token buffer's frame.
    Passed = 0,
    /// Passed by more than its token: not to be kept, and `questions()` come first.
    Bound = 1,
    /// `refusal()` says why.
    Refused = 2,
    /// `demand()` says what has to be done about the keys, and which outcome stands.
    Demands = 3,
    /// There is no token, and none is required.
    Anonymous = 4,
}

/// What came of a question of `questions()`.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replied {
    /// An answer, whatever it is.
    Said = 0,
    /// Whoever was asked failed.
    Failed = 1,
    /// There was no answer in time.
    TimedOut = 2,
}

/// How long the caller of a verdict waits for better keys.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Not at all.
    AtOnce = 0,
    /// As long as a demand says.
    Waits = 1,
    /// No longer: it has waited as long as a demand said.
    WaitedLong = 2,
}
