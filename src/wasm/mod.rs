//! The JavaScript binding: marshalling, and nothing else. Options and refusals cross as values,
//! tokens and claims as octets in two buffers that JavaScript reads and writes directly.

mod answers;
mod bare;
mod exchange;
mod options;

use alloc::{format, string::String, vec::Vec};

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use self::answers::{error_data, explanation_data, key_report, object};
use self::exchange::{LACKS_KEY, Lasting, with_exchange};
use self::options::{Options, json_text, key_set, moment, text, type_error};
use crate::authorization::{self, ExpectedResponse};
use crate::bearer::{self, ChallengeParameters, Scheme};
use crate::dpop::{self, ProofPolicy};
use crate::error::{Error, ErrorCode};
use crate::explain::Log;
use crate::json_text::{ObjectText, array};
use crate::jwk;
use crate::jws::{self, SignaturePolicy};
use crate::metadata;
use crate::numeric_date::UnixTime;
use crate::pkce::{self, Pkce};
use crate::policy::Accepted;
use crate::token::{DEFAULT_MAX_TOKEN_SIZE, VerifiedToken};
use crate::verifier::{TrustedIssuer, Verdict};

/// The most octets that a caller may hand over at once.
const MOST_INPUT: usize = 16 * 1024 * 1024;

/// How old, or how far ahead, a DPoP proof may be unless the caller says otherwise (RFC 9449 §11.1).
const PROOF_LIFETIME: UnixTime = UnixTime::from_seconds(60);

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
    /// The verdicts that JavaScript keeps, by their slots.
    kept: Vec<Option<Lasting>>,
}

/// Where an issuer's keys come from.
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
        let kept = (0..options.verdict_cache()?).map(|_| None).collect();
        Ok(Self { inner: crate::verifier::Verifier::with_issuers(trusted), sources, kept })
    }

    /// Where the keys of each trusted issuer come from.
    pub fn sources(&self) -> JsValue {
        object(&array(self.sources.iter().map(|source| {
            ObjectText::new()
                .optional("issuer", source.issuer.as_deref())
                .optional("jwksUri", source.jwks_uri.as_deref())
                .json("loaded", if source.loaded { "true" } else { "false" })
                .finish()
        })))
    }

    /// Replaces the keys of one trusted issuer.
    #[wasm_bindgen(js_name = setKeys)]
    pub fn set_keys(&mut self, index: usize, keys: &JsValue) -> Result<JsValue, JsValue> {
        let keys = key_set(keys, "keys")?;
        let report = key_report(&keys);
        if !self.inner.set_keys(index, keys) {
            return Err(type_error("index", "no such issuer"));
        }
        Ok(report)
    }

    /// The verdict on the token in the input buffer.
    pub fn verify(&self, length: usize, now: f64) -> Result<u32, JsValue> {
        let now = moment(now)?;
        Ok(with_exchange(|exchange| {
            let verdict = self.inner.judge(exchange.token(length), now, &mut Log::off());
            let lacks_key = verdict.as_ref().err().and_then(|refused| refused.lacks_key);
            let verdict = verdict.map(|Verdict { token, dates, issuer }| {
                exchange.lasting = Some((issuer, dates));
                parts(token)
            });
            let answer = exchange.answer(verdict.map_err(|refused| refused.error));
            lacks_key.map_or(answer, |index| LACKS_KEY + index as u32)
        }))
    }

    /// How many verdicts may be kept; 0 where none are.
    #[wasm_bindgen(js_name = verdictSlots)]
    pub fn verdict_slots(&self) -> usize {
        self.kept.len()
    }

    /// Keeps in a slot what the last verdict hangs on.
    pub fn keep(&mut self, slot: usize) {
        let lasting = with_exchange(|exchange| exchange.lasting.take());
        if let Some(kept) = self.kept.get_mut(slot) {
            *kept = lasting;
        }
    }

    /// Whether the verdict kept in a slot is still the verdict. Its keys are for the caller to watch.
    #[wasm_bindgen(js_name = stillHolds)]
    pub fn still_holds(&self, slot: usize, now: f64) -> Result<bool, JsValue> {
        let now = moment(now)?;
        let kept = self.kept.get(slot).and_then(Option::as_ref);
        Ok(kept.is_some_and(|(issuer, dates)| {
            self.inner.trusted().get(*issuer).is_some_and(|trusted| trusted.policy.still_holds(dates, now))
        }))
    }

    /// The same verdict as a list of checks. `lacksKey` names the issuer whose keys lack one.
    pub fn explain(&self, length: usize, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now)?;
        let (explanation, refused) = with_exchange(|exchange| self.inner.explain_refused(exchange.token(length), now));
        Ok(explanation_data(&explanation, refused.as_ref()))
    }
}

/// Checks the signature of the compact JWS in the input buffer.
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(length: usize, keys: &JsValue, options: &JsValue) -> Result<u32, JsValue> {
    let options = if options.is_undefined() {
        Options::new(&Object::new(), "options")?
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
    let shown = ObjectText::new()
        .text("jti", &proof.jti)
        .text("thumbprint", &proof.thumbprint)
        .json("claims", &proof.claims)
        .json("header", &proof.header);
    Ok(object(&shown.finish()))
}

/// A fresh code verifier and its challenge.
#[wasm_bindgen(js_name = createPkce)]
pub fn create_pkce() -> Result<JsValue, JsValue> {
    let Pkce { verifier, challenge } = Pkce::generate().map_err(|error| error_data(&error))?;
    let pair = ObjectText::new().text("verifier", &verifier).text("challenge", &challenge).text("method", "S256");
    Ok(object(&pair.finish()))
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

/// The SHA-256 thumbprint of a JWK as a URI.
#[wasm_bindgen(js_name = jwkThumbprintUri)]
pub fn jwk_thumbprint_uri(key: &JsValue) -> Result<String, JsValue> {
    jwk::thumbprint_uri(json_text(key, "jwk")?.as_bytes()).map_err(|error| error_data(&error))
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
    let response = authorization::token_response(status, body.as_bytes(), token_type, openid)
        .map_err(|error| error_data(&error))?;
    let mut shown = ObjectText::new()
        .text("accessToken", &response.access_token)
        .text("tokenType", &response.token_type)
        .optional("refreshToken", response.refresh_token.as_deref())
        .optional("scope", response.scope.as_deref())
        .optional("idToken", response.id_token.as_deref());
    if let Some(seconds) = response.expires_in {
        shown = shown.number("expiresIn", seconds);
    }
    Ok(object(&shown.finish()))
}

/// Scheme and token of an Authorization header.
#[wasm_bindgen]
pub fn credentials(authorization: Option<String>) -> Result<Vec<String>, JsValue> {
    let (scheme, token) = bearer::credentials(authorization.as_deref()).map_err(|error| error_data(&error))?;
    Ok(alloc::vec![String::from(scheme.as_str()), String::from(token)])
}

/// The proof of a DPoP header.
#[wasm_bindgen(js_name = dpopProof)]
pub fn dpop_proof(header: Option<String>) -> Result<String, JsValue> {
    bearer::proof(header.as_deref()).map(String::from).map_err(|error| error_data(&error))
}

/// The key that a token with these claims is bound to, if it may be sent by this scheme.
#[wasm_bindgen(js_name = boundKey)]
pub fn bound_key(scheme: &str, claims: &str) -> Result<Option<String>, JsValue> {
    let scheme = Scheme::from_name(scheme).ok_or_else(|| type_error("scheme", "expected Bearer or DPoP"))?;
    bearer::bound_key(scheme, claims.as_bytes()).map_err(|error| error_data(&error))
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
