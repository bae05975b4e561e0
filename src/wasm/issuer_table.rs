//! A table of issuers for JavaScript, which calls the function that is asked. Verifiers and guards share it.

use std::{cell::RefCell, rc::Rc, string::String};

use wasm_bindgen::prelude::*;

use super::options::{elements, wrong};
use super::remote_key_set::at;
use crate::jwks::{IssuerLimits, IssuerTable as Core};

/// The issuers that somebody has to be asked about.
#[wasm_bindgen]
pub struct IssuerTable {
    inner: Rc<RefCell<Core<JsValue>>>,
}

#[wasm_bindgen]
impl IssuerTable {
    /// A table by the settings of a verifier or guard.
    #[wasm_bindgen(constructor)]
    pub fn new(limits: &JsValue, allow_http: bool) -> Result<IssuerTable, JsValue> {
        let mut given = IssuerLimits::default();
        for (at, (limit, path)) in elements(limits, "limits")?.iter().enumerate() {
            if !limit.as_f64().is_some_and(|limit| given.set_at(at, limit)) {
                return Err(wrong(path, "out of bounds"));
            }
        }
        Ok(Self { inner: Rc::new(RefCell::new(Core::new(given, allow_http))) })
    }

    /// The issuer that a question is about; `undefined` where it has ended.
    pub fn question(&self, id: u32) -> Option<String> {
        self.inner.borrow().question(id).map(String::from)
    }

    /// For how long a question may take, in seconds.
    #[wasm_bindgen(getter)]
    pub fn timeout(&self) -> f64 {
        self.inner.borrow().timeout()
    }

    /// Whether a question has neither been answered nor died.
    #[wasm_bindgen(js_name = isUnderWay)]
    pub fn is_under_way(&self, id: u32, now: f64, machine: f64) -> Result<bool, JsValue> {
        Ok(self.inner.borrow_mut().is_under_way(id, at(now, machine)?))
    }

    /// Whoever performs a question is alive.
    pub fn beat(&self, id: u32, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().beat(id, at(now, machine)?);
        Ok(())
    }

    /// A question was not answered.
    pub fn failed(&self, id: u32, reason: &str, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().failed(id, reason, at(now, machine)?);
        Ok(())
    }
}

impl IssuerTable {
    pub(super) fn shared(&self) -> Rc<RefCell<Core<JsValue>>> {
        Rc::clone(&self.inner)
    }
}
