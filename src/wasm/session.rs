//! A login's session for JavaScript, which performs what the core decides.

use std::string::String;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answers::{answer, refusal};
use super::login::{Tokens as TokenResponseObject, token_type};
use super::options::Options;
use super::session_effects::effect_object;
use crate::error::{Error, ErrorCode};
use crate::login::{Action, Demand, Landing, Session, Storage, StoredText, Tokens};
use crate::oauth::random::random_token;
use crate::oauth::token_response::{Grant, answer_to};

/// The session of one page.
#[wasm_bindgen]
pub struct LoginSession {
    inner: Session,
}

/// What to do about an access token that is wanted: use it, or perform a flight.
#[derive(Serialize)]
struct DemandObject<'d> {
    token: Option<&'d str>,
    /// The key that it is bound to.
    jkt: Option<&'d str>,
    flight: Option<u32>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ActionObject<'a> {
    kind: &'a str,
    timeout: Option<f64>,
    entry: Option<&'a str>,
    lineage: Option<&'a str>,
    message: Option<&'a str>,
    refresh_token: Option<&'a str>,
    id_token: Option<&'a str>,
    access_token: Option<&'a str>,
    as_of: Option<f64>,
    jkt: Option<&'a str>,
}

/// How a flight ended that did not fail.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LandingObject<'l> {
    id_token: Option<&'l str>,
}

/// What a page may know of the session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionObject<'s> {
    scope: &'s str,
    id_token: Option<&'s str>,
    expires_at: Option<f64>,
    lineage: &'s str,
    jkt: Option<&'s str>,
}

#[wasm_bindgen]
impl LoginSession {
    /// Nobody is signed in yet. `storage` says where the refresh token outlives the page: `memory`, `tab` or `shared`;
    /// it ends after so many seconds without the user. `is_bound`: its tokens are bound to a key (RFC 9449).
    #[wasm_bindgen(constructor)]
    pub fn new(storage: &str, idle_timeout: Option<f64>, is_bound: bool) -> Self {
        let storage = match storage {
            "tab" => Storage::Tab,
            "shared" => Storage::Shared,
            _ => Storage::Memory,
        };
        let mut inner = Session::new(storage);
        inner.set_idle_timeout(idle_timeout);
        inner.set_bound(is_bound);
        Self { inner }
    }

    /// The session; `undefined` where there is none.
    #[wasm_bindgen(getter)]
    pub fn current(&self) -> JsValue {
        self.inner.tokens().map_or(JsValue::UNDEFINED, |tokens| {
            answer(&SessionObject {
                scope: &tokens.scope,
                id_token: tokens.id_token.as_deref(),
                expires_at: tokens.expires_at,
                lineage: &tokens.lineage,
                jkt: tokens.jkt.as_deref(),
            })
        })
    }

    /// The session as text, for [`Self::resume`]. It holds secrets.
    #[wasm_bindgen(getter)]
    pub fn snapshot(&self) -> Option<String> {
        self.inner.snapshot()
    }

    /// Takes up the session of an object that was lost.
    pub fn resume(&mut self, snapshot: &str) {
        self.inner.resume(snapshot);
    }

    /// An access token is wanted; `refused` is one that a resource server has refused. Throws where there is none.
    pub fn demand(&mut self, refused: Option<String>, now: f64) -> Result<JsValue, JsValue> {
        let demand = self.inner.demand(refused.as_deref(), now);
        demand_object(&self.inner, demand)
    }

    /// The same after a renewal, whether that succeeded or not.
    #[wasm_bindgen(js_name = demandAgain)]
    pub fn demand_again(&mut self, refused: Option<String>, now: f64) -> Result<JsValue, JsValue> {
        let demand = self.inner.demand_again(refused.as_deref(), now);
        demand_object(&self.inner, demand)
    }

    /// Whether there may be another access token than one that a resource server has refused.
    #[wasm_bindgen(js_name = canReplace)]
    pub fn can_replace(&self, refused: &str) -> bool {
        self.inner.can_replace(refused)
    }

    /// Brings back the session that a store or another tab has. `mark` says whether this browser remembers a session;
    /// `undefined` where it cannot tell.
    pub fn restore(&mut self, mark: Option<bool>, now: f64) -> u32 {
        self.inner.restore(mark, now)
    }

    /// The user has logged in: a token response, the subject and nonce of the ID token that was checked, and when, by the
    /// server's time; and the thumbprint of the key that the tokens are bound to.
    #[wasm_bindgen(js_name = signedIn)]
    pub fn signed_in(
        &mut self,
        response: &JsValue,
        subject: Option<String>,
        nonce: Option<String>,
        now: f64,
        checked_at: f64,
        jkt: Option<String>,
    ) -> Result<u32, JsValue> {
        let response = Options::read(response, "response", &RESPONSE_NAMES)?;
        let text = |name| Ok::<_, JsValue>(response.get(name)?.and_then(|value| value.as_string()));
        let tokens = Tokens {
            access_token: text("accessToken")?.unwrap_or_default(),
            obtained_at: now,
            expires_at: response.get("expiresIn")?.and_then(|value| value.as_f64()).map(|seconds| now + seconds),
            refresh_token: text("refreshToken")?,
            id_token: text("idToken")?,
            checked_at,
            subject,
            nonce,
            scope: text("scope")?.unwrap_or_default(),
            lineage: random_token().map_err(|error| refusal(&error))?,
            generation: 0,
            jkt,
        };
        Ok(self.inner.signed_in(tokens))
    }

    /// The user logs out.
    #[wasm_bindgen(js_name = signOut)]
    pub fn sign_out(&mut self) -> u32 {
        self.inner.sign_out()
    }

    /// The user has logged out in another tab.
    #[wasm_bindgen(js_name = signedOutElsewhere)]
    pub fn signed_out_elsewhere(&mut self) -> Option<u32> {
        self.inner.signed_out_elsewhere()
    }

    /// A key is gone: the one of this thumbprint, where it is the session's. Always throws.
    #[wasm_bindgen(js_name = keyMissing)]
    pub fn key_missing(&mut self, jkt: Option<String>) -> Result<(), JsValue> {
        Err(refusal(&self.inner.key_missing(jkt.as_deref())))
    }

    /// Another tab says something. Returns a flight, where there is something to do.
    pub fn heard(&mut self, message: &str, now: f64) -> Option<u32> {
        self.inner.heard(message, now)
    }

    /// Time has passed.
    pub fn tick(&mut self, now: f64) {
        self.inner.tick(now);
    }

    /// For how many seconds `tick` has nothing to do; `undefined`: for good.
    #[wasm_bindgen(js_name = secondsToTick)]
    pub fn seconds_to_tick(&self, now: f64) -> Option<f64> {
        self.inner.seconds_to_tick(now)
    }

    /// The user has done something on this page.
    pub fn acted(&mut self, now: f64) {
        self.inner.acted(now);
    }

    /// What the browser remembers of the user's last action on any page.
    #[wasm_bindgen(js_name = activityRead)]
    pub fn activity_read(&mut self, text: Option<String>) {
        self.inner.activity_read(text.as_deref());
    }

    /// What a flight's caller has to do next; `undefined`: nothing more.
    pub fn next(&mut self, flight: u32) -> JsValue {
        self.inner.next_action(flight).map_or(JsValue::UNDEFINED, |action| action_object(&action))
    }

    /// How a flight ended, once. Throws what it failed with.
    pub fn landing(&mut self, flight: u32) -> Result<JsValue, JsValue> {
        match self.inner.landing(flight) {
            Landing::SignedIn => Ok(answer(&LandingObject { id_token: None })),
            Landing::SignedOut { id_token } => Ok(answer(&LandingObject { id_token: id_token.as_deref() })),
            Landing::Failed(error) => Err(refusal(&error)),
        }
    }

    /// The next thing that has to be done beside; `undefined`: nothing more.
    #[wasm_bindgen(js_name = nextEffect)]
    pub fn next_effect(&mut self) -> JsValue {
        self.inner.next_effect().map_or(JsValue::UNDEFINED, |effect| effect_object(&effect))
    }

    /// The lock is ours, or another tab did not give it up in time.
    pub fn locked(&mut self, flight: u32, is_ours: bool, now: f64) {
        self.inner.locked(flight, is_ours, now);
    }

    /// The store answered, with an entry or without, or it `failed`.
    #[wasm_bindgen(js_name = storeRead)]
    pub fn store_read(&mut self, flight: u32, entry: Option<String>, failed: bool) {
        let text = match &entry {
            Some(entry) => StoredText::Entry(entry),
            None if failed => StoredText::Failed,
            None => StoredText::Nothing,
        };
        self.inner.store_read(flight, text);
    }

    /// The store has what it was given, or failed.
    #[wasm_bindgen(js_name = storeWritten)]
    pub fn store_written(&mut self, flight: u32) {
        self.inner.store_written(flight);
    }

    /// Another tab answered, or nobody did in time.
    #[wasm_bindgen(js_name = tabAnswered)]
    pub fn tab_answered(&mut self, flight: u32, message: Option<String>, now: f64) {
        self.inner.tab_answered(flight, message.as_deref(), now);
    }

    /// The token endpoint answered; `jkt` is the thumbprint of the key that was proved. Returns the tokens; throws the
    /// server's refusal.
    pub fn answered(
        &mut self,
        flight: u32,
        status: u16,
        retry_after: Option<String>,
        text: &str,
        jkt: Option<String>,
        now: f64,
    ) -> Result<JsValue, JsValue> {
        let sent = self.inner.asked_with(flight).unwrap_or_default();
        match answer_to(&[&sent], status, text, token_type(jkt.is_some()), Grant::RefreshToken) {
            Ok(response) => Ok(answer(&TokenResponseObject::from(self.inner.renewed(flight, response, jkt, now)))),
            Err(error) => {
                // RFC 9110 §10.2.3: seconds; a date is left to the usual rest.
                let seconds =
                    retry_after.and_then(|text| text.trim().parse().ok()).map(|seconds: u32| f64::from(seconds));
                self.inner.not_renewed(flight, error.clone(), seconds, now);
                Err(refusal(&error))
            }
        }
    }

    /// The token endpoint gave no answer, or could not be asked.
    #[wasm_bindgen(js_name = notAnswered)]
    pub fn not_answered(&mut self, flight: u32, error: &JsValue, now: f64) {
        self.inner.not_renewed(flight, error_of(error), None, now);
    }

    /// The ID token passed; `now` is the server's time.
    #[wasm_bindgen(js_name = idTokenPassed)]
    pub fn id_token_passed(&mut self, flight: u32, subject: Option<String>, nonce: Option<String>, now: f64) {
        self.inner.id_token_passed(flight, subject, nonce.as_deref(), now);
    }

    /// The ID token did not pass.
    #[wasm_bindgen(js_name = idTokenRefused)]
    pub fn id_token_refused(&mut self, flight: u32, error: &JsValue, now: f64) {
        self.inner.id_token_refused(flight, error_of(error), now);
    }

    /// A refresh token is revoked, or could not be.
    pub fn revoked(&mut self, flight: u32) {
        self.inner.revoked(flight);
    }
}

fn demand_object(session: &Session, demand: Demand) -> Result<JsValue, JsValue> {
    let jkt = session.tokens().and_then(|held| held.jkt.as_deref());
    match demand {
        Demand::Use(token) => Ok(answer(&DemandObject { token: Some(&token), jkt, flight: None })),
        Demand::Renew(flight) => Ok(answer(&DemandObject { token: None, jkt: None, flight: Some(flight) })),
        Demand::Refuse(error) => Err(refusal(&error)),
    }
}

const RESPONSE_NAMES: [&str; 6] = ["accessToken", "tokenType", "expiresIn", "refreshToken", "scope", "idToken"];

/// An error that has gone through JavaScript: one of ours as it was, any other by what it says.
fn error_of(error: &JsValue) -> Error {
    let member = |name: &str| js_sys::Reflect::get(error, &name.into()).ok().and_then(|value| value.as_string());
    let code = member("code").and_then(|code| ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code));
    let Some(code) = code else {
        return Error::new(ErrorCode::Internal).found(member("message").unwrap_or_default());
    };
    let mut core = Error::new(code);
    if let Some(claim) = member("claim") {
        core = core.claim(&claim);
    }
    if let Some(found) = member("found") {
        core = core.found(found);
    }
    if let Some(expected) = member("expected") {
        core = core.expected(expected);
    }
    core
}

fn action_object(action: &Action) -> JsValue {
    let object = ActionObject::default();
    let object = match action {
        Action::Lock { timeout } => ActionObject { kind: "lock", timeout: Some(*timeout), ..object },
        Action::ReadStore { timeout } => ActionObject { kind: "read-store", timeout: Some(*timeout), ..object },
        Action::WriteStore { entry, timeout } => {
            ActionObject { kind: "write-store", entry: entry.as_deref(), timeout: Some(*timeout), ..object }
        }
        Action::AskTabs { lineage, message, timeout } => ActionObject {
            kind: "ask-tabs",
            lineage: Some(lineage),
            message: Some(message),
            timeout: Some(*timeout),
            ..object
        },
        Action::Renew { refresh_token, jkt } => {
            ActionObject { kind: "renew", refresh_token: Some(refresh_token), jkt: jkt.as_deref(), ..object }
        }
        Action::CheckIdToken { id_token, access_token, as_of } => ActionObject {
            kind: "check-id-token",
            id_token: Some(id_token),
            access_token: access_token.as_deref(),
            as_of: *as_of,
            ..object
        },
        Action::Revoke { refresh_token, timeout } => {
            ActionObject { kind: "revoke", refresh_token: Some(refresh_token), timeout: Some(*timeout), ..object }
        }
    };
    answer(&object)
}
