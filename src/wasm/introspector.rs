//! The questions about opaque tokens for JavaScript, which asks them. A guard and its routes share them.

use std::{cell::RefCell, format, rc::Rc, string::String};

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::guard_options;
use super::introspection_options::{Opaque, introspection};
use super::options::Options;
use super::remote_key_set::at;
use crate::oauth::introspection::IntrospectionResponse;
use crate::oauth::random::random_token;
use crate::resource_server::introspections::{Introspected, Introspections};
use crate::verifier::Verifier;

/// What an authorization server has said about opaque tokens.
#[wasm_bindgen]
pub struct Introspector {
    inner: Rc<RefCell<Introspections>>,
}

/// A request as the shell sends it.
#[derive(Serialize)]
struct RequestObject<'r> {
    authorization: Option<&'r str>,
    accept: &'r str,
    body: &'r str,
}

#[wasm_bindgen]
impl Introspector {
    /// The questions of a guard, by its options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Introspector, JsValue> {
        let (_, own) = introspection(&Options::read(options, "", &guard_options::NAMES)?)?;
        let own = own.ok_or_else(|| super::options::wrong("introspection", "required"))?;
        let inner = Introspections::new(own.client, own.endpoint, own.limits);
        Ok(Self { inner: Rc::new(RefCell::new(inner)) })
    }

    /// For how long one request may take, in seconds.
    #[wasm_bindgen(getter)]
    pub fn timeout(&self) -> f64 {
        self.inner.borrow().timeout()
    }

    /// Where to ask; `undefined`: the issuer's metadata says so.
    pub fn endpoint(&self, now: f64, machine: f64) -> Result<Option<String>, JsValue> {
        let now = at(now, machine)?.machine;
        Ok(self.inner.borrow().endpoint(now).map(String::from))
    }

    /// The issuer's metadata says where to ask.
    pub fn discovered(&self, endpoint: String, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().discovered(endpoint, at(now, machine)?.machine);
        Ok(())
    }

    /// What has to be signed to show who asks the issuer; `undefined`: nothing.
    #[wasm_bindgen(js_name = assertionInput)]
    pub fn assertion_input(&self, issuer: &str, now: f64, machine: f64) -> Result<Option<String>, JsValue> {
        let (jti, now) = (random_token().map_err(|error| refusal(&error))?, at(now, machine)?.policy);
        Ok(self.inner.borrow().client().assertion_input(issuer, &jti, now as u64))
    }

    /// The request of a question; `undefined` where it has ended. `input` and `signature`: of the assertion.
    pub fn request(&self, id: u32, input: Option<String>, signature: Option<String>) -> JsValue {
        let assertion = input.zip(signature).map(|(input, signature)| format!("{input}.{signature}"));
        self.inner.borrow().request(id, assertion.as_deref()).map_or(JsValue::UNDEFINED, |request| {
            let authorization = request.authorization.as_deref();
            answer(&RequestObject { authorization, accept: request.accept, body: &request.body })
        })
    }

    /// The endpoint has answered.
    pub fn answered(
        &self,
        id: u32,
        status: u16,
        content_type: Option<String>,
        text: &str,
        now: f64,
        machine: f64,
    ) -> Result<(), JsValue> {
        let content_type = content_type.as_deref();
        let response = IntrospectionResponse { status, content_type, body: text.as_bytes() };
        self.inner.borrow_mut().answered(id, &response, at(now, machine)?.machine);
        Ok(())
    }

    /// The endpoint could not be asked.
    pub fn failed(&self, id: u32, reason: &str, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().failed(id, reason, at(now, machine)?.machine);
        Ok(())
    }

    /// Whoever performs a question is alive.
    pub fn beat(&self, id: u32, now: f64, machine: f64) -> Result<(), JsValue> {
        self.inner.borrow_mut().beat(id, at(now, machine)?.machine);
        Ok(())
    }

    /// Whether a question has neither been answered nor died.
    #[wasm_bindgen(js_name = isUnderWay)]
    pub fn is_under_way(&self, id: u32, now: f64, machine: f64) -> Result<bool, JsValue> {
        Ok(self.inner.borrow_mut().is_under_way(id, at(now, machine)?.machine))
    }
}

/// Which tokens of a guard are opaque, and who is asked about them.
pub(super) struct OpaqueTokens {
    which: Opaque,
    introspections: RefCell<Option<Rc<RefCell<Introspections>>>>,
}

impl OpaqueTokens {
    pub(super) fn new(which: Opaque) -> Self {
        Self { which, introspections: RefCell::default() }
    }

    /// Asks there from now on.
    pub(super) fn attach(&self, introspector: &Introspector) {
        self.introspections.replace(Some(Rc::clone(&introspector.inner)));
    }

    /// What is known of a token that is opaque here; none where it is judged as a JWT. `waited`: the first question about it
    /// that the request has waited for; `too_long`: it waits no longer.
    pub(super) fn known(
        &self,
        verifier: &Verifier,
        token: &str,
        waited: Option<u32>,
        too_long: bool,
        now: f64,
    ) -> Option<Introspected> {
        let is_opaque = match self.which {
            _ if token.is_empty() => false,
            Opaque::None => false,
            Opaque::Others => verifier.is_opaque(token),
            Opaque::All => true,
        };
        let introspections = self.introspections.borrow();
        let introspections = introspections.as_ref().filter(|_| is_opaque)?;
        Some(match verifier.check_opaque(token) {
            Ok(()) => introspections.borrow_mut().ask(token, waited, too_long, now),
            Err(error) => Introspected::Refused(error),
        })
    }
}
