//! How a verdict ended, as a number that costs nothing to carry over.

use wasm_bindgen::prelude::wasm_bindgen;

/// How a verdict ended. Its details are read from the object that gave it.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Header and claims lie in the token buffer's frame.
    Passed = 0,
    /// Passed by a DPoP proof, whose `jti` the caller's store has to know as new.
    PassedWithProof = 1,
    /// `refusal()` says why.
    Refused = 2,
    /// Refused, and keys fetched again for the issuer of index `lackingIssuer()` might lift it.
    LacksKey = 3,
}
