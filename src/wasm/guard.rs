//! A guard for JavaScript: it decides about requests in one crossing.

use core::cell::RefCell;
use std::{format, string::String, vec::Vec};

use wasm_bindgen::prelude::*;
use web_sys::{Headers, Request};

use super::answers;
use super::certificates::Certificates;
use super::demand::{KeySets, Whose, asker_of};
use super::guard_answers::{Answer, Grant, MetadataAnswer};
use super::guard_options::{self, GuardSettings};
use super::introspector::{Introspector, OpaqueTokens};
use super::issuer_table::IssuerTable;
use super::issuers::Issuers;
use super::last::{Judges, Last};
use super::options::{Options, wrong};
use super::outcome::{Outcome, Patience, Replied};
use super::questions;
use super::refusals::error_of;
use super::remote_key_set::{RemoteKeySet, at};
use super::token_places::TokenPlaces;
use super::verifier::moment;
use crate::claims::explain::Explanation;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::Granted;
use crate::error::{Error, ErrorCode};
use crate::oauth::introspection::IntrospectionAnswer;
use crate::resource_server::ResourceServer;
use crate::resource_server::authorize::{self, Authorized};
use crate::resource_server::credentials::{Scheme, credentials};
use crate::resource_server::introspections::Introspected;
use crate::resource_server::questions::Question;
use crate::rules::Trace;

/// The decisions of one resource server.
#[wasm_bindgen]
pub struct Guard {
    server: RefCell<ResourceServer>,
    settings: JsValue,
    places: TokenPlaces,
    required: bool,
    /// Whether somebody asks for the grant of each token that passes.
    tells_grants: bool,
    opaque: OpaqueTokens,
    /// Whether there is somebody to put questions to.
    has_stores: bool,
    certificates: Certificates,
    sets: KeySets,
    issuers: Issuers,
    last: Last,
    /// The last request's credentials and proof.
    seen: RefCell<Seen>,
}

#[derive(Default)]
struct Seen {
    authorization: Option<String>,
    token: String,
    granted: Option<Granted>,
    questions: Vec<Question>,
    explanation: Option<Explanation>,
}

#[wasm_bindgen]
impl Guard {
    /// A guard of the options of `guard` or, in front of a handler, of `protect`. Throws a `TypeError` that names the
    /// option which is wrong. `route`: what a single route puts in the place of some of them; else `undefined`. `tells_grants`:
    /// whether [`Guard::grant`] will be asked.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, before_handler: bool, route: &JsValue, tells_grants: bool) -> Result<Guard, JsValue> {
        let options = Options::read(options, "", &guard_options::NAMES)?;
        if !before_handler && options.get("cors")?.is_some() {
            return Err(wrong("cors", "has no effect with guard, which answers no page; use protect"));
        }
        let (server, settings) = guard_options::guard(&options, route)?;
        let GuardSettings { slots, places, required, opaque, has_stores, certificates, settings, admission } = settings;
        Ok(Self {
            server: RefCell::new(server),
            settings,
            places,
            required,
            tells_grants,
            opaque: OpaqueTokens::new(opaque),
            has_stores,
            certificates,
            sets: KeySets::default(),
            issuers: Issuers::new(admission),
            last: Last::new(slots),
            seen: RefCell::default(),
        })
    }

    /// What the shell needs to know of the options.
    #[wasm_bindgen(getter)]
    pub fn settings(&self) -> JsValue {
        self.settings.clone()
    }

    /// Takes the keys of the trusted issuer of an index from a key set, from now on.
    pub fn attach(&self, index: usize, set: &RemoteKeySet) {
        self.sets.attach(index, set.shared());
    }

    /// Asks a table about issuers, from now on.
    #[wasm_bindgen(js_name = attachIssuers)]
    pub fn attach_issuers(&self, table: &IssuerTable) {
        self.issuers.attach(table.shared());
    }

    /// Asks about opaque tokens there, from now on.
    #[wasm_bindgen(js_name = attachIntrospector)]
    pub fn attach_introspector(&self, introspector: &Introspector) {
        self.opaque.attach(introspector);
    }

    /// A question was answered, by whatever the caller's function gave.
    #[wasm_bindgen(js_name = issuerAnswered)]
    pub fn issuer_answered(&self, id: u32, answer: &JsValue, now: f64, machine: f64) -> Result<(), JsValue> {
        self.issuers.answered(id, answer, at(now, machine)?);
        Ok(())
    }

    /// The indices of the issuers that have been admitted.
    pub fn admitted(&self) -> Vec<usize> {
        self.issuers.indices()
    }

    /// Decides about a request, for a caller that waits for keys or does not; with `explain`, as the list of its checks
    /// as well. `found` is the token where a function of the caller's has looked for it; `waited` the first question about
    /// it that the request has waited for.
    #[expect(clippy::too_many_arguments, reason = "one crossing, without objects in between")]
    pub fn authorize(
        &self,
        request: &Request,
        found: Option<String>,
        now: f64,
        machine: f64,
        explain: bool,
        patience: Patience,
        arrival: Option<u32>,
        waited: Option<u32>,
    ) -> Result<Outcome, JsValue> {
        let (now, at) = (moment(now)?, at(now, machine)?);
        if !request.is_object() {
            return Err(not_a_request());
        }
        let headers = request.headers();
        let authorization = match (found, self.places.is_none()) {
            (Some(token), _) => {
                Ok(Some(token).filter(|token| !token.is_empty()).map(|token| format!("Bearer {token}")))
            }
            (None, true) => Ok(header(&headers, "authorization")?),
            (None, false) => self.places.credentials(&headers, header(&headers, "authorization")?.as_deref()),
        };
        let authorization = match authorization {
            Ok(authorization) => authorization,
            Err(error) => {
                self.last.refuse(error.into());
                self.seen.replace(Seen::default());
                return Ok(Outcome::Refused);
            }
        };
        let by_proof = Scheme::of(authorization.as_deref()) == Some(Scheme::Dpop);
        let (method, url, dpop) = match by_proof {
            true => (request.method(), request.url(), header(&headers, "dpop")?),
            false => Default::default(),
        };
        let certificate = self.certificates.of(request, &headers);
        let asked = authorize::Request {
            method: &method,
            url: &url,
            authorization: authorization.as_deref(),
            dpop: dpop.as_deref(),
            introspected: None,
            certificate: certificate.as_certificate(),
        };
        self.issuers.keep_up(&self.server, &self.sets);
        let token = credentials(authorization.as_deref()).map_or("", |(_, token)| token);
        let too_long = patience == Patience::WaitedLong;
        let known = self.opaque.known(self.server.borrow().verifier(), token, waited, too_long, at.machine);
        let answer = match known {
            None => None,
            Some(Introspected::Answer(answer)) => Some(answer),
            Some(Introspected::Refused(error)) => {
                self.last.refuse(error.into());
                self.seen.replace(Seen { authorization, ..Seen::default() });
                return Ok(Outcome::Refused);
            }
            Some(Introspected::Wait { begin, wait }) => {
                self.seen.replace(Seen { authorization, ..Seen::default() });
                return Ok(self.last.introspect(begin, wait, arrival));
            }
        };
        let asked = authorize::Request { introspected: answer.as_deref(), ..asked };
        let whose = match (&answer, self.server.borrow().verifier()) {
            (Some(_), verifier) => verifier.introspected_issuer().map_or(Whose::None, Whose::One),
            (None, verifier) => Whose::of(verifier, token.as_bytes()),
        };
        self.sets.hand_over(whose, at, |issuer, keys| {
            match keys {
                Some(keys) => self.server.borrow_mut().set_keys(issuer, keys),
                None => self.server.borrow_mut().remove_keys(issuer),
            };
        });
        let server = self.server.borrow();
        let (decided, mut explanation) = match explain {
            true => server.examine(&asked, now),
            false => (server.authorize_traced(&asked, now, &mut Trace::off()), None),
        };
        let mut seen = Seen::default();
        let decided = decided.and_then(|authorized| {
            seen.granted = self.tells_grants.then(|| server.grant(&authorized)).transpose()?;
            Ok(authorized)
        });
        let (outcome, about) = match decided {
            Ok(Authorized { access_token, questions, verdict, .. }) => {
                seen.token = String::from(access_token);
                seen.questions = if self.has_stores { questions } else { Vec::new() };
                let is_bound = verdict.is_bound || !seen.questions.is_empty();
                let outcome = if is_bound { Outcome::Bound } else { Outcome::Passed };
                let about = self.last.pass(verdict, &self.sets, &self.issuers);
                let (outcome, about) = match answer.as_deref() {
                    None => (outcome, about),
                    // What nobody has signed needs no keys, and no verdict on it is kept.
                    Some(answer) => {
                        (Outcome::Bound, about.filter(|_| matches!(answer, IntrospectionAnswer::Signed(_))))
                    }
                };
                if outcome == Outcome::Bound {
                    self.last.keep_nothing();
                }
                (outcome, about)
            }
            Err(refused) if !self.required && refused.error.code() == ErrorCode::TokenMissing => {
                self.seen.replace(Seen::default());
                return Ok(Outcome::Anonymous);
            }
            Err(refused) => (Outcome::Refused, self.last.refuse(refused)),
        };
        drop(server);
        let judges = Judges { sets: &self.sets, issuers: &self.issuers, verifier: &self.server };
        let outcome = self.last.settle(outcome, about, judges, asker_of(patience, arrival), at);
        if let Some(explanation) = explanation.as_mut().filter(|explanation| explanation.refusal.is_some()) {
            explanation.refusal = self.last.with_error(Clone::clone); // The key set may have the last word.
        }
        self.seen.replace(Seen { authorization, explanation, ..seen });
        Ok(outcome)
    }

    /// The answer to a request for the resource's metadata; `undefined` if it asks for something else (RFC 9728 §3).
    pub fn metadata(&self, request: &Request) -> JsValue {
        // Read before the server is borrowed: what a request's own getter throws leaves nothing borrowed.
        let (method, url) = (request.method(), request.url());
        let server = self.server.borrow();
        server.metadata(&method, &url).map_or(JsValue::UNDEFINED, |metadata| {
            answers::answer(&MetadataAnswer { status: metadata.status, headers: metadata.headers, body: metadata.body })
        })
    }

    /// To whom the last request's access token was issued, and for what, if it may pass; else `null`.
    pub fn grant(&self) -> JsValue {
        self.seen.borrow_mut().granted.take().map_or(JsValue::NULL, |granted| answers::answer(&Grant::from(granted)))
    }

    /// The last request's access token.
    pub fn token(&self) -> String {
        self.seen.borrow().token.clone()
    }

    /// What the last decision still hangs on, in the order in which to ask.
    pub fn questions(&self) -> JsValue {
        questions::to_list(&self.seen.borrow().questions, self.server.borrow().store_timeout())
    }

    /// Whether a request passes by the reply to a question of this kind (`issued`: as the question has it); if not, it
    /// becomes the last one, refused. `what`: what was said, or why there is no answer. Nothing else is kept of a request
    /// that waits.
    pub fn replied(
        &self,
        authorization: Option<String>,
        kind: &str,
        issued: Option<f64>,
        how: Replied,
        what: &JsValue,
    ) -> bool {
        match questions::judge(kind, issued, how, what) {
            Ok(()) => true,
            Err(error) => {
                self.refuse(authorization, error);
                false
            }
        }
    }

    /// The last decision as the list of its checks; `null` where there was no token to judge.
    pub fn explanation(&self) -> JsValue {
        let seen = self.seen.borrow();
        seen.explanation.as_ref().map_or(JsValue::NULL, |explanation| {
            let challenge = self.last_challenge(&seen);
            answers::explanation(explanation, challenge.as_deref())
        })
    }

    /// Why the last request was refused, with the challenge that it is answered with.
    pub fn refusal(&self) -> JsValue {
        let challenge = self.last_challenge(&self.seen.borrow());
        let refusal = self.last.with_error(|error| answers::refusal_with(error, challenge.as_deref()));
        refusal.unwrap_or(JsValue::NULL)
    }

    /// What the last decision demands of its keys.
    pub fn demand(&self) -> JsValue {
        self.last.demand()
    }

    /// Refuses the last request, whose claims a function or a schema of the caller does not accept.
    #[wasm_bindgen(js_name = refuseClaims)]
    pub fn refuse_claims(&self, authorization: Option<String>, refusal: &JsValue) -> Result<(), JsValue> {
        self.refuse(authorization, error_of(refusal)?);
        Ok(())
    }

    /// The answer to the last request, which was refused.
    #[wasm_bindgen(js_name = lastAnswer)]
    pub fn last_answer(&self, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now)?;
        let seen = self.seen.borrow();
        let answer = self.last.with_error(|error| self.answer_to(error, seen.authorization.as_deref(), now));
        Ok(answer.unwrap_or(JsValue::NULL))
    }

    /// The answer to a request that was refused by this error.
    pub fn answer(&self, error: &JsValue, now: f64) -> Result<JsValue, JsValue> {
        Ok(self.answer_to(&error_of(error)?, None, moment(now)?))
    }

    /// The nonce for the header DPoP-Nonce of every answer, if proofs have to repeat one.
    #[wasm_bindgen(js_name = dpopNonce)]
    pub fn dpop_nonce(&self, now: f64) -> Result<Option<String>, JsValue> {
        Ok(self.server.borrow().dpop_nonce(moment(now)?))
    }

    /// Caches in a slot what the last verdict depends on.
    #[wasm_bindgen(js_name = cacheVerdict)]
    pub fn cache_verdict(&self, slot: usize) {
        self.last.cache(slot);
    }

    /// Whether the verdict cached in a slot would be the same now, without a word to its key set.
    #[wasm_bindgen(js_name = stillHolds)]
    pub fn still_holds(&self, slot: usize, now: f64, machine: f64) -> Result<bool, JsValue> {
        let (now, at) = (moment(now)?, at(now, machine)?);
        Ok(self.last.still_holds(slot, now, at, self.server.borrow().verifier(), (&self.sets, &self.issuers)))
    }
}

impl Guard {
    /// A request with this header becomes the last one, refused.
    fn refuse(&self, authorization: Option<String>, error: Error) {
        self.seen.replace(Seen { authorization, ..Seen::default() });
        self.last.refuse(error.into());
    }

    fn answer_to(&self, error: &Error, authorization: Option<&str>, now: UnixTime) -> JsValue {
        let answer = self.server.borrow().answer(error, &bare(authorization), now);
        answers::answer(&Answer {
            status: answer.status,
            www_authenticate: answer.www_authenticate,
            dpop_nonce: answer.dpop_nonce,
            retry_after: answer.retry_after,
            body: answer.body,
        })
    }

    fn last_challenge(&self, seen: &Seen) -> Option<String> {
        let request = bare(seen.authorization.as_deref());
        self.last.with_error(|error| self.server.borrow().challenge(error, &request)).flatten()
    }
}

/// What a challenge depends on: the scheme of the request.
const fn bare(authorization: Option<&str>) -> authorize::Request<'_> {
    authorize::Request { method: "", url: "", authorization, dpop: None, introspected: None, certificate: None }
}

/// A header of a request of any class; `TypeError` for anything else.
fn header(headers: &Headers, name: &str) -> Result<Option<String>, JsValue> {
    headers.get(name).map_err(|_| not_a_request())
}

fn not_a_request() -> JsValue {
    wrong("request", "expected a Request, or an object with method, url and headers that have get()")
}
