//! The JavaScript binding: marshalling, and nothing else. Options and refusals cross as values,
//! tokens and claims as octets in two buffers that JavaScript reads and writes directly.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::cell::RefCell;

use js_sys::{Array, JSON, Object, Reflect, TypeError, Uint8Array};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

use crate::algorithm::Algorithm;
use crate::authorization::{self, ExpectedResponse};
use crate::bearer::{self, ChallengeParameters};
use crate::dpop::{self, ProofPolicy};
use crate::error::{Error, ErrorCode};
use crate::jwk::{self, Key};
use crate::jws::{self, SignaturePolicy};
use crate::key_set::{DroppedKey, KeySet};
use crate::metadata;
use crate::numeric_date::UnixTime;
use crate::pkce::{self, Pkce};
use crate::policy::{Accepted, Policy};
use crate::profile::Profile;
use crate::token::{DEFAULT_MAX_TOKEN_SIZE, VerifiedToken};
use crate::verifier::{Refused, TrustedIssuer};

/// The most octets that a caller may hand over at once.
const MOST_INPUT: usize = 16 * 1024 * 1024;

/// How old, or how far ahead, a DPoP proof may be unless the caller says otherwise (RFC 9449 §11.1).
const PROOF_LIFETIME: UnixTime = UnixTime::from_seconds(60);

/// Answers of `Verifier.verify` and its siblings; 2 + i names the trusted issuer whose keys lack one.
const VERIFIED: u32 = 0;
const REFUSED: u32 = 1;
const LACKS_KEY: u32 = 2;

/// What both sides of the boundary read and write.
#[derive(Default)]
struct Exchange {
    input: Vec<u8>,
    payload: Vec<u8>,
    header: Vec<u8>,
    /// Where the last payload and header lie: address, length, address, length.
    frame: Box<[usize; 4]>,
    refusal: Option<Error>,
}

std::thread_local! {
    static EXCHANGE: RefCell<Exchange> = RefCell::default();
}

impl Exchange {
    fn answer(&mut self, verdict: Result<(Vec<u8>, Vec<u8>), Error>) -> u32 {
        match verdict {
            Ok((header, payload)) => {
                *self.frame = [payload.as_ptr() as usize, payload.len(), header.as_ptr() as usize, header.len()];
                (self.header, self.payload) = (header, payload);
                self.refusal = None;
                VERIFIED
            }
            Err(error) => {
                self.refusal = Some(error);
                REFUSED
            }
        }
    }

    fn token(&self, length: usize) -> &[u8] {
        self.input.get(..length).unwrap_or_default()
    }
}

fn with_exchange<T>(work: impl FnOnce(&mut Exchange) -> T) -> T {
    EXCHANGE.with(|exchange| work(&mut exchange.borrow_mut()))
}

/// The address of an input buffer of at least `length` octets.
#[wasm_bindgen]
pub fn input(length: usize) -> Result<usize, JsValue> {
    if length > MOST_INPUT {
        let error = Error::new(ErrorCode::TokenTooLarge);
        return Err(error_data(&error.found(format!("{length} octets")).expected(format!("at most {MOST_INPUT}"))));
    }
    Ok(with_exchange(|exchange| {
        if exchange.input.len() < length {
            exchange.input.resize(length.next_power_of_two().max(DEFAULT_MAX_TOKEN_SIZE), 0);
        }
        exchange.input.as_ptr() as usize
    }))
}

/// The address of four numbers: address and length of the last payload, then of its header.
#[wasm_bindgen]
pub fn frame() -> usize {
    with_exchange(|exchange| exchange.frame.as_ptr() as usize)
}

/// The last refusal, once.
#[wasm_bindgen(js_name = takeError)]
pub fn take_error() -> JsValue {
    with_exchange(|exchange| exchange.refusal.take()).map_or(JsValue::UNDEFINED, |error| error_data(&error))
}

/// A verifier, driven by `createVerifier`.
#[wasm_bindgen]
pub struct Verifier {
    inner: crate::verifier::Verifier,
    sources: Vec<Source>,
}

/// Where an issuer's keys come from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    issuer: Option<String>,
    jwks_uri: Option<String>,
    loaded: bool,
}

#[wasm_bindgen]
impl Verifier {
    /// Reads the options of `createVerifier`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Verifier, JsValue> {
        let options = Options::new(options, "options")?;
        let shared = options.policy()?;
        let mut trusted = Vec::new();
        let mut sources = Vec::new();
        for (issuer, own) in options.issuers()? {
            let mut policy = shared.clone();
            policy.issuer = issuer;
            let own_keys = own.as_ref().map(Options::keys).transpose()?.unwrap_or_default();
            if let Some(own) = &own {
                own.refine(&mut policy)?;
            }
            let (keys, jwks_uri) =
                if own_keys.0.is_some() || own_keys.1.is_some() { own_keys } else { options.keys()? };
            let named = match &policy.issuer {
                Accepted::OneOf(issuers) => issuers.first().cloned(),
                Accepted::Any => None,
            };
            if keys.is_none() && jwks_uri.is_none() && named.is_none() {
                return Err(type_error(
                    "keys",
                    "expected keys or jwksUri, since there is no issuer to discover them from",
                ));
            }
            sources.push(Source { issuer: named, jwks_uri, loaded: keys.is_some() });
            trusted.push(TrustedIssuer { policy, keys });
        }
        Ok(Self { inner: crate::verifier::Verifier::with_issuers(trusted), sources })
    }

    /// Where the keys of each trusted issuer come from.
    pub fn sources(&self) -> Result<JsValue, JsValue> {
        to_value(&self.sources)
    }

    /// Replaces the keys of one trusted issuer.
    #[wasm_bindgen(js_name = setKeys)]
    pub fn set_keys(&mut self, index: usize, keys: &JsValue) -> Result<JsValue, JsValue> {
        let keys = key_set(keys, "keys")?;
        let report = KeyReport::new(&keys);
        if !self.inner.set_keys(index, keys) {
            return Err(type_error("index", "no such issuer"));
        }
        to_value(&report)
    }

    /// The verdict on the token in the input buffer.
    pub fn verify(&self, length: usize, now: f64) -> Result<u32, JsValue> {
        let now = moment(now)?;
        Ok(with_exchange(|exchange| {
            let verdict = self.inner.judge(exchange.token(length), now, &mut crate::explain::Log::off());
            let lacks_key = verdict.as_ref().err().and_then(|refused| refused.lacks_key);
            let answer = exchange.answer(verdict.map(parts).map_err(|refused| refused.error));
            lacks_key.map_or(answer, |index| LACKS_KEY + index as u32)
        }))
    }

    /// The same verdict as a list of checks. `lacksKey` names the issuer whose keys lack one.
    pub fn explain(&self, length: usize, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now)?;
        let (explanation, refused) = with_exchange(|exchange| self.inner.explain_refused(exchange.token(length), now));
        explanation_data(&explanation, refused.as_ref())
    }
}

/// Checks the signature of the compact JWS in the input buffer.
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(length: usize, keys: &JsValue, options: &JsValue) -> Result<u32, JsValue> {
    let options = if options.is_undefined() {
        Options { value: Object::new().into() }
    } else {
        Options::new(options, "options")?
    };
    let policy = SignaturePolicy {
        algorithms: options.algorithms()?,
        understood_extensions: options.texts("crit")?.unwrap_or_default(),
        max_token_size: options.size("maxTokenSize")?,
    };
    let keys = key_set(keys, "keys")?;
    Ok(with_exchange(|exchange| {
        let verdict = jws::verify_signature(exchange.token(length), &keys, &policy);
        exchange.answer(verdict.map(parts))
    }))
}

/// Reads the token in the input buffer without checking anything but its form.
#[wasm_bindgen(js_name = decodeUnverified)]
pub fn decode_unverified(length: usize) -> u32 {
    with_exchange(|exchange| {
        let decoded = jws::decode_unverified(exchange.token(length), MOST_INPUT);
        exchange.answer(decoded)
    })
}

/// Checks the DPoP proof in the input buffer against the request that it came with. Whether its jti
/// is new is for the caller's store to say.
#[wasm_bindgen(js_name = verifyDpopProof)]
pub fn verify_dpop_proof(length: usize, options: &JsValue, now: f64) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Shown {
        jti: String,
        thumbprint: String,
    }
    let options = Options::new(options, "options")?;
    let needed = |name| options.text(name)?.ok_or_else(|| type_error(name, "required"));
    let policy = ProofPolicy {
        method: needed("method")?,
        url: needed("url")?,
        access_token: options.text("accessToken")?,
        nonce: options.text("nonce")?,
        thumbprint: options.text("thumbprint")?,
        algorithms: options.algorithms()?,
        max_age: options.seconds("maxAge")?.unwrap_or(PROOF_LIFETIME),
    };
    let now = moment(now)?;
    let proof = with_exchange(|exchange| dpop::verify_proof(exchange.token(length), &policy, now))
        .map_err(|error| error_data(&error))?;
    let data = to_value(&Shown { jti: proof.jti, thumbprint: proof.thumbprint })?;
    Reflect::set(&data, &JsValue::from_str("claims"), &JSON::parse(&proof.claims)?)?;
    Reflect::set(&data, &JsValue::from_str("header"), &JSON::parse(&proof.header)?)?;
    Ok(data)
}

/// A fresh code verifier and its challenge.
#[wasm_bindgen(js_name = createPkce)]
pub fn create_pkce() -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Pair {
        verifier: String,
        challenge: String,
        method: &'static str,
    }
    let Pkce { verifier, challenge } = Pkce::generate().map_err(|error| error_data(&error))?;
    to_value(&Pair { verifier, challenge, method: "S256" })
}

/// The S256 challenge of a code verifier.
#[wasm_bindgen(js_name = pkceChallenge)]
pub fn pkce_challenge(verifier: &JsValue) -> Result<String, JsValue> {
    pkce::challenge(&text(verifier, "verifier")?).map_err(|error| error_data(&error))
}

/// Whether a code verifier answers a challenge.
#[wasm_bindgen(js_name = verifyPkce)]
pub fn verify_pkce(verifier: &JsValue, challenge: &JsValue, method: &JsValue) -> Result<bool, JsValue> {
    let method = if method.is_undefined() { None } else { Some(text(method, "method")?) };
    pkce::verify(&text(verifier, "verifier")?, &text(challenge, "challenge")?, method.as_deref())
        .map_err(|error| error_data(&error))
}

/// The SHA-256 thumbprint of a JWK.
#[wasm_bindgen(js_name = jwkThumbprint)]
pub fn jwk_thumbprint(key: &JsValue) -> Result<String, JsValue> {
    jwk::thumbprint(json_text(key, "jwk")?.as_bytes()).map_err(|error| error_data(&error))
}

/// 256 random bits, base64url.
#[wasm_bindgen(js_name = randomToken)]
pub fn random_token() -> Result<String, JsValue> {
    crate::random::random_token().map_err(|error| error_data(&error))
}

/// Checks a metadata document of a server and returns it.
#[wasm_bindgen(js_name = checkMetadata)]
pub fn check_metadata(document: &str, issuer: &str, needed: Vec<String>) -> Result<JsValue, JsValue> {
    metadata::check(document.as_bytes(), issuer, &needed).map_err(|error| error_data(&error))?;
    JSON::parse(document)
}

/// Takes the code from the query of an authorization response.
#[wasm_bindgen(js_name = authorizationCode)]
pub fn authorization_code(
    query: &str,
    state: Option<String>,
    issuer: &str,
    issuer_required: bool,
) -> Result<String, JsValue> {
    let expected = ExpectedResponse { state: state.as_deref(), issuer, issuer_required };
    authorization::authorization_code(query, expected).map_err(|error| error_data(&error))
}

/// Reads a token response.
#[wasm_bindgen(js_name = tokenResponse)]
pub fn token_response(status: u16, body: &str, token_type: &str, openid: bool) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Response {
        access_token: String,
        token_type: String,
        expires_in: Option<f64>,
        refresh_token: Option<String>,
        scope: Option<String>,
        id_token: Option<String>,
    }
    let response = authorization::token_response(status, body.as_bytes(), token_type, openid)
        .map_err(|error| error_data(&error))?;
    let authorization::TokenResponse { access_token, token_type, expires_in, refresh_token, scope, id_token } =
        response;
    to_value(&Response { access_token, token_type, expires_in, refresh_token, scope, id_token })
}

/// The token of an Authorization header.
#[wasm_bindgen(js_name = bearerToken)]
pub fn bearer_token(authorization: Option<String>) -> Result<String, JsValue> {
    bearer::bearer_token(authorization.as_deref()).map(String::from).map_err(|error| error_data(&error))
}

/// A refusal of the code, as TypeScript raises one for a failed fetch or an ended session.
#[wasm_bindgen]
pub fn refusal(code: &str, found: Option<String>) -> JsValue {
    let code = ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code).unwrap_or(ErrorCode::Internal);
    let error = Error::new(code);
    error_data(&found.map_or(error.clone(), |found| error.found(found)))
}

/// The challenge to a refusal with the parameters of a resource: the code and what was found and
/// expected are those of the error that crossed before.
#[wasm_bindgen]
pub fn challenge(
    error: &JsValue,
    realm: Option<String>,
    scope: Option<String>,
    resource_metadata: Option<String>,
) -> Option<String> {
    let member = |name| Reflect::get(error, &JsValue::from_str(name)).ok().and_then(|value| value.as_string());
    let code = member("code").and_then(|code| ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code));
    let mut refusal = Error::new(code.unwrap_or(ErrorCode::Internal));
    for (name, set) in [
        ("claim", Error::claim as fn(Error, &str) -> Error),
        ("found", |e, v| e.found(v)),
        ("expected", |e, v| e.expected(v)),
    ] {
        if let Some(value) = member(name) {
            refusal = set(refusal, &value);
        }
    }
    let parameters = ChallengeParameters {
        realm: realm.as_deref(),
        scope: scope.as_deref(),
        resource_metadata: resource_metadata.as_deref(),
    };
    bearer::challenge(&refusal, parameters)
}

fn parts(token: VerifiedToken) -> (Vec<u8>, Vec<u8>) {
    token.into_parts()
}

// Options: each is read by its name, so that a wrong type says which one it was.

struct Options {
    value: JsValue,
}

type Keys = (Option<KeySet>, Option<String>);

impl Options {
    fn new(value: &JsValue, name: &str) -> Result<Self, JsValue> {
        if value.is_object() && !Array::is_array(value) {
            Ok(Self { value: value.clone() })
        } else {
            Err(type_error(name, "expected an object"))
        }
    }

    fn get(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        let value = Reflect::get(&self.value, &JsValue::from_str(name))?;
        Ok(if value.is_undefined() { None } else { Some(value) })
    }

    fn read<T: DeserializeOwned>(&self, name: &str, expected: &str) -> Result<Option<T>, JsValue> {
        self.get(name)?
            .map(|value| {
                serde_wasm_bindgen::from_value(value).map_err(|_| type_error(name, &format!("expected {expected}")))
            })
            .transpose()
    }

    fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.read(name, "a string")
    }

    /// A string or a list of strings.
    fn texts(&self, name: &str) -> Result<Option<Vec<String>>, JsValue> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(String),
            Many(Vec<String>),
        }
        Ok(self.read(name, "a string or an array of strings")?.map(|texts| match texts {
            OneOrMany::One(text) => alloc::vec![text],
            OneOrMany::Many(texts) => texts,
        }))
    }

    fn seconds(&self, name: &str) -> Result<Option<UnixTime>, JsValue> {
        let expected = "a number of seconds, not negative";
        let seconds: Option<f64> = self.read(name, expected)?;
        seconds
            .map(|seconds| {
                UnixTime::from_seconds_f64(seconds).ok_or_else(|| type_error(name, &format!("expected {expected}")))
            })
            .transpose()
    }

    fn size(&self, name: &str) -> Result<usize, JsValue> {
        let octets: Option<f64> = self.read(name, "a number of octets")?;
        match octets {
            None => Ok(DEFAULT_MAX_TOKEN_SIZE),
            Some(octets) if octets >= 1.0 && octets <= MOST_INPUT as f64 && octets == octets.trunc() => {
                Ok(octets as usize)
            }
            Some(_) => Err(type_error(name, "expected a whole number of octets, at most 16777216")),
        }
    }

    fn algorithms(&self) -> Result<Option<Vec<Algorithm>>, JsValue> {
        let name = "algorithms";
        let Some(names) = self.texts(name)? else { return Ok(None) };
        let known = |text: &String| {
            Algorithm::from_name(text)
                .ok_or_else(|| type_error(name, &format!("unknown algorithm {}", crate::error::bounded(text))))
        };
        names.iter().map(known).collect::<Result<_, _>>().map(Some)
    }

    /// An option that has to be given, and may be `null` to say that the claim is not checked.
    fn accepted(&self, name: &str) -> Result<Accepted, JsValue> {
        match self.get(name)? {
            None => Err(type_error(name, "required; pass null to say that it is not checked")),
            Some(null) if null.is_null() => Ok(Accepted::Any),
            Some(_) => {
                let texts = self.texts(name)?.unwrap_or_default();
                if texts.is_empty() {
                    Err(type_error(name, "expected at least one value"))
                } else {
                    Ok(Accepted::OneOf(texts))
                }
            }
        }
    }

    fn policy(&self) -> Result<Policy, JsValue> {
        let profile = match self.text("profile")? {
            None => Profile::Jwt,
            Some(name) => Profile::from_name(&name)
                .ok_or_else(|| type_error("profile", "expected jwt, access-token, id-token or logout-token"))?,
        };
        let mut policy = Policy::new(profile, Accepted::Any, Accepted::Any);
        let own_audience = self.get("audience")?.is_some();
        if own_audience || !self.each_issuer_has("audience")? {
            policy.audience = self.accepted("audience")?;
        }
        policy.algorithms = self.algorithms()?;
        policy.types = match self.get("typ")? {
            Some(null) if null.is_null() => Some(Vec::new()),
            _ => self.texts("typ")?,
        };
        policy.subject = self.text("subject")?;
        policy.clock_tolerance = self.seconds("clockTolerance")?.unwrap_or(policy.clock_tolerance);
        policy.max_token_age = self.seconds("maxTokenAge")?;
        policy.required_claims = self.texts("requiredClaims")?.unwrap_or(policy.required_claims);
        policy.understood_extensions = self.texts("crit")?.unwrap_or_default();
        policy.max_token_size = self.size("maxTokenSize")?;
        policy.nonce = self.text("nonce")?;
        policy.access_token = self.text("accessToken")?;
        policy.authorization_code = self.text("code")?;
        policy.max_authentication_age = self.seconds("maxAge")?;
        policy.authentication_contexts = self.texts("acr")?;
        policy.scopes = self.texts("scope")?.unwrap_or_default();
        Ok(policy)
    }

    /// What one issuer's own options change.
    fn refine(&self, policy: &mut Policy) -> Result<(), JsValue> {
        if self.get("audience")?.is_some() {
            policy.audience = self.accepted("audience")?;
        }
        if let Some(algorithms) = self.algorithms()? {
            policy.algorithms = Some(algorithms);
        }
        Ok(())
    }

    fn each_issuer_has(&self, name: &str) -> Result<bool, JsValue> {
        let list = match self.get("issuer")? {
            Some(list) if Array::is_array(&list) => list.unchecked_into::<Array>(),
            Some(one) => Array::of1(&one),
            None => return Ok(false),
        };
        let key = JsValue::from_str(name);
        Ok(list.length() > 0
            && list.iter().all(|issuer| {
                issuer.is_object() && Reflect::get(&issuer, &key).is_ok_and(|value| !value.is_undefined())
            }))
    }

    /// The issuers, each with its own options where it has any. Issuers that share static keys and
    /// have no options of their own are one entry.
    fn issuers(&self) -> Result<Vec<(Accepted, Option<Self>)>, JsValue> {
        let name = "issuer";
        let list = match self.get(name)? {
            Some(list) if Array::is_array(&list) => list.unchecked_into::<Array>(),
            Some(one) if one.is_object() => Array::of1(&one),
            _ => return Ok(alloc::vec![(self.accepted(name)?, None)]),
        };
        let all_texts = list.iter().all(|issuer| issuer.is_string());
        if list.length() == 0 || (all_texts && self.get("keys")?.is_some()) {
            return Ok(alloc::vec![(self.accepted(name)?, None)]);
        }
        list.iter()
            .map(|issuer| match issuer.as_string() {
                Some(issuer) => Ok((Accepted::OneOf(alloc::vec![issuer]), None)),
                None => {
                    let own = Self::new(&issuer, name)?;
                    let issuer =
                        own.text(name)?.ok_or_else(|| type_error(name, "expected issuer in each issuer's options"))?;
                    Ok((Accepted::OneOf(alloc::vec![issuer]), Some(own)))
                }
            })
            .collect()
    }

    fn keys(&self) -> Result<Keys, JsValue> {
        let keys = self.get("keys")?.map(|keys| key_set(&keys, "keys")).transpose()?;
        let jwks_uri = self.text("jwksUri")?;
        if keys.is_some() && jwks_uri.is_some() {
            return Err(type_error("jwksUri", "expected keys or jwksUri, not both"));
        }
        match jwks_uri {
            Some(uri) if !metadata::is_secure_url(&uri) => Err(type_error("jwksUri", "expected an https URL")),
            jwks_uri => Ok((keys, jwks_uri)),
        }
    }
}

fn key_set(value: &JsValue, name: &str) -> Result<KeySet, JsValue> {
    if let Some(text) = value.as_string() {
        return KeySet::parse(text.as_bytes()).map_err(|error| error_data(&error));
    }
    if let Some(octets) = value.dyn_ref::<Uint8Array>() {
        let mut set = KeySet::default();
        set.add(Key::from_secret(octets.to_vec()).map_err(|error| error_data(&error))?);
        return Ok(set);
    }
    if Array::is_array(value) {
        let mut all = KeySet::default();
        for member in value.unchecked_ref::<Array>().iter() {
            all.append(key_set(&member, name)?);
        }
        return if all.is_empty() { Err(type_error(name, "expected at least one key")) } else { Ok(all) };
    }
    KeySet::parse(json_text(value, name)?.as_bytes()).map_err(|error| error_data(&error))
}

/// The JSON text of an object; a string is taken as JSON text itself.
fn json_text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    let expected = || type_error(name, "expected a JWK, a JWK Set or PEM text");
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    if !value.is_object() || Array::is_array(value) {
        return Err(expected());
    }
    let text = JSON::stringify(value).map_err(|_| expected())?;
    text.as_string().ok_or_else(expected)
}

fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| type_error(name, "expected a string"))
}

fn moment(now: f64) -> Result<UnixTime, JsValue> {
    UnixTime::from_seconds_f64(now).ok_or_else(|| type_error("now", "expected seconds since 1970"))
}

fn type_error(name: &str, what: &str) -> JsValue {
    TypeError::new(&format!("{name}: {what}")).into()
}

// Answers: plain objects, their members as TypeScript names them.

#[derive(Serialize)]
struct ErrorData<'e> {
    code: &'static str,
    message: String,
    claim: Option<&'e str>,
    found: Option<&'e str>,
    expected: Option<&'e str>,
    spec: &'static str,
    status: u16,
    challenge: Option<String>,
}

#[derive(Serialize)]
struct CheckData<'c> {
    name: &'static str,
    spec: &'static str,
    status: &'static str,
    found: Option<&'c str>,
    expected: Option<&'c str>,
}

#[derive(Serialize)]
struct KeyReport {
    accepted: usize,
    dropped: Vec<DroppedData>,
}

#[derive(Serialize)]
struct DroppedData {
    kid: Option<String>,
    code: &'static str,
    message: String,
}

impl KeyReport {
    fn new(keys: &KeySet) -> Self {
        let dropped = |key: &DroppedKey| DroppedData {
            kid: key.kid.clone(),
            code: key.reason.code().as_str(),
            message: format!("{}", key.reason),
        };
        Self { accepted: keys.len(), dropped: keys.dropped().iter().map(dropped).collect() }
    }
}

fn error_data(error: &Error) -> JsValue {
    let data = ErrorData {
        code: error.code().as_str(),
        message: format!("{error}"),
        claim: error.claim_name(),
        found: error.found_value(),
        expected: error.expected_value(),
        spec: error.spec(),
        status: error.code().status(),
        challenge: bearer::challenge(error, ChallengeParameters::default()),
    };
    to_value(&data).unwrap_or_else(|error| error)
}

fn explanation_data(explanation: &crate::explain::Explanation, refused: Option<&Refused>) -> Result<JsValue, JsValue> {
    let checks: Vec<CheckData<'_>> = explanation
        .checks
        .iter()
        .map(|check| CheckData {
            name: check.name,
            spec: check.spec,
            status: check.status.as_str(),
            found: check.found.as_deref(),
            expected: check.expected.as_deref(),
        })
        .collect();
    let json = |text: &Option<String>| text.as_deref().map_or(Ok(JsValue::NULL), JSON::parse);
    let data = Object::new();
    let set = |name: &str, value: JsValue| Reflect::set(&data, &JsValue::from_str(name), &value);
    set("valid", JsValue::from_bool(explanation.refusal.is_none()))?;
    set("code", explanation.refusal.as_ref().map_or(JsValue::NULL, |error| JsValue::from_str(error.code().as_str())))?;
    set("error", explanation.refusal.as_ref().map_or(JsValue::NULL, error_data))?;
    set("checks", checks.serialize(&serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true))?)?;
    set("header", json(&explanation.header)?)?;
    set("claims", json(&explanation.claims)?)?;
    set(
        "lacksKey",
        refused.and_then(|refused| refused.lacks_key).map_or(JsValue::NULL, |index| JsValue::from_f64(index as f64)),
    )?;
    Ok(data.into())
}

fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::new()).map_err(JsValue::from)
}
