//! What can be asked for by `call`.

use alloc::{string::String, vec::Vec};

use super::answers::{boolean, error_text, explanation_text, quoted};
use super::exchange::{Exchange, Parts, text};
use super::held::{Held, Verifiers, not_held};
use super::options::{Faults, MOST_INPUT, NO_KEY, Options};
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, Policy};
use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::jose::json::{self, Value};
use crate::jose::json_text::{ArrayText, ObjectText};
use crate::jose::jws::{self, SignaturePolicy};
use crate::jose::thumbprint;
use crate::oauth::authorization_response::{self, ExpectedResponse};
use crate::oauth::dpop::{self, ProofPolicy};
use crate::oauth::metadata;
use crate::oauth::pkce::{self, Pkce};
use crate::oauth::token_response;
use crate::resource_server::binding;
use crate::resource_server::challenge::{self, ChallengeParameters};
use crate::resource_server::credentials::{self, Scheme};
use crate::verifier::{TrustedIssuer, Verifier};

/// How old, or how far ahead, a DPoP proof may be unless the caller says otherwise (RFC 9449 §11.1).
const PROOF_LIFETIME: UnixTime = UnixTime::from_seconds(60);

// As in operations.ts; what is none of these asks for a challenge.
const DECODE_UNVERIFIED: u32 = 0;
const CREATE_PKCE: u32 = 1;
const RANDOM_TOKEN: u32 = 2;
const JWK_THUMBPRINT: u32 = 3;
const JWK_THUMBPRINT_URI: u32 = 4;
const VERIFY_SIGNATURE: u32 = 5;
const CREATE_VERIFIER: u32 = 6;
const SET_KEYS: u32 = 7;
const EXPLAIN: u32 = 8;
const VERIFY_DPOP_PROOF: u32 = 9;
const PKCE_CHALLENGE: u32 = 10;
const VERIFY_PKCE: u32 = 11;
const CHECK_METADATA: u32 = 12;
const AUTHORIZATION_CODE: u32 = 13;
const TOKEN_RESPONSE: u32 = 14;
const CREDENTIALS: u32 = 15;
const DPOP_PROOF: u32 = 16;
const BOUND_KEY: u32 = 17;
const REFUSAL: u32 = 18;

const STRING: &str = "expected a string";

pub(super) fn answer(
    exchange: &mut Exchange,
    operation: u32,
    length: usize,
    now: f64,
    faults: &Faults,
) -> Result<Parts, Error> {
    let request = exchange.take_request();
    let token = exchange.token(length);
    match operation {
        DECODE_UNVERIFIED => return jws::decode_unverified(token, MOST_INPUT),
        CREATE_PKCE => return create_pkce(token).map(text),
        RANDOM_TOKEN => return random_token(token).map(text),
        _ => {}
    }
    let value = json::parse(&request)?;
    if let JWK_THUMBPRINT | JWK_THUMBPRINT_URI = operation {
        let thumbprint = if operation == JWK_THUMBPRINT { thumbprint::thumbprint } else { thumbprint::thumbprint_uri };
        return Ok(text(quoted(&thumbprint(jwk_text(&request, &value, faults))?)));
    }
    let asked = Options::new(Some(&value), "options", faults);
    if operation == VERIFY_SIGNATURE {
        return verify_signature(token, asked, faults);
    }
    let answer = match operation {
        CREATE_VERIFIER => create_verifier(&mut exchange.verifiers, asked, faults),
        SET_KEYS => set_keys(&mut exchange.verifiers, asked, faults),
        EXPLAIN => explain(exchange.verifiers.get(asked.index("verifier")), token, faults.moment(now)),
        VERIFY_DPOP_PROOF => verify_dpop_proof(token, asked, faults.moment(now)),
        PKCE_CHALLENGE => pkce_challenge(asked),
        VERIFY_PKCE => verify_pkce(asked),
        CHECK_METADATA => check_metadata(asked),
        AUTHORIZATION_CODE => authorization_code(asked),
        TOKEN_RESPONSE => token_response(asked),
        CREDENTIALS => credentials(asked),
        DPOP_PROOF => dpop_proof(asked),
        BOUND_KEY => bound_key(asked, faults),
        REFUSAL => Ok(error_text(&refusal(asked))),
        _ => Ok(challenge(asked)),
    };
    answer.map(text)
}

/// Makes a verifier of the options of `createVerifier`: its number, how many verdicts may be kept, and where the keys
/// of each trusted issuer come from.
fn create_verifier(verifiers: &mut Verifiers, options: Options<'_>, faults: &Faults) -> Result<String, Error> {
    let issuers = options.issuers();
    let mut trusted = Vec::new();
    let mut sources = ArrayText::new();
    for at in 0..issuers.len().max(1) {
        let mut policy = Policy::new(options.profile(), Accepted::Any, Accepted::Any);
        options.demands(&mut policy);
        let (keys, jwks_uri) = options.issuer(issuers.get(at), &mut policy)?;
        let named = match &policy.issuer {
            Accepted::OneOf(issuers) => issuers.first(),
            Accepted::Any => None,
        };
        if keys.is_none() && jwks_uri.is_none() && named.is_none() {
            faults.add("keys", "expected keys or jwksUri, since there is no issuer to discover them from");
        }
        let source = ObjectText::new()
            .optional("issuer", named.map(String::as_str))
            .optional("jwksUri", jwks_uri.as_deref())
            .json("loaded", boolean(keys.is_some()))
            .finish();
        sources.json(&source);
        trusted.push(TrustedIssuer { policy, keys });
    }
    let slots = options.verdict_cache();
    let mut number = 0;
    if faults.is_none() {
        let mut kept = Vec::new();
        while kept.len() < slots {
            kept.push(None);
        }
        number = verifiers.hold(Held { inner: Verifier::with_issuers(trusted), kept });
    }
    Ok(ObjectText::new()
        .number("verifier", number as u64)
        .number("slots", slots as u64)
        .json("sources", &sources.finish())
        .finish())
}

/// Replaces the keys of one trusted issuer.
fn set_keys(verifiers: &mut Verifiers, asked: Options<'_>, faults: &Faults) -> Result<String, Error> {
    let keys = asked.key_set()?;
    let held = verifiers.get_mut(asked.index("verifier")).ok_or_else(not_held)?;
    if faults.is_none() && !held.inner.set_keys(asked.index("index"), keys) {
        faults.add("index", "no such issuer");
    }
    Ok(String::from("null"))
}

/// A verdict as a list of checks. `lacksKey` names the issuer whose keys lack one.
fn explain(held: Option<&Held>, token: &[u8], now: UnixTime) -> Result<String, Error> {
    let (explanation, refused) = held.ok_or_else(not_held)?.inner.explain_refused(token, now);
    Ok(explanation_text(&explanation, refused.and_then(|refused| refused.lacks_key)))
}

fn verify_signature(token: &[u8], asked: Options<'_>, faults: &Faults) -> Result<Parts, Error> {
    let none = Value::Object(json::Object::default());
    let options = Options::new(Some(asked.get("options").unwrap_or(&none)), "options", faults);
    let policy = SignaturePolicy {
        algorithms: options.algorithms(),
        crit: options.texts("crit").unwrap_or_default(),
        max_token_size: options.max_token_size(),
    };
    Ok(jws::verify_signature(token, &asked.key_set()?, &policy)?.into_parts())
}

/// Whether the proof's `jti` is new is for the caller's store to say.
fn verify_dpop_proof(token: &[u8], options: Options<'_>, now: UnixTime) -> Result<String, Error> {
    let policy = ProofPolicy {
        method: String::from(options.needed("method", "required")),
        url: String::from(options.needed("url", "required")),
        access_token: options.owned("accessToken"),
        nonce: options.owned("nonce"),
        thumbprint: options.owned("thumbprint"),
        algorithms: options.algorithms(),
        max_age: options.seconds("maxAge").unwrap_or(PROOF_LIFETIME),
    };
    let proof = dpop::verify_proof(token, &policy, now)?;
    Ok(ObjectText::new()
        .text("jti", &proof.jti)
        .text("thumbprint", &proof.thumbprint)
        .json("claims", &proof.claims)
        .json("header", &proof.header)
        .finish())
}

/// A fresh code verifier and its challenge, of random octets where a token would lie.
fn create_pkce(octets: &[u8]) -> Result<String, Error> {
    let Pkce { verifier, challenge } = Pkce::from_random(random(octets)?);
    Ok(ObjectText::new().text("verifier", &verifier).text("challenge", &challenge).text("method", "S256").finish())
}

/// 256 random bits, base64url.
fn random_token(octets: &[u8]) -> Result<String, Error> {
    Ok(quoted(&base64url::encode(&random(octets)?)))
}

fn random(octets: &[u8]) -> Result<[u8; 32], Error> {
    octets.try_into().map_err(|_| Error::new(ErrorCode::Internal).found("no random numbers"))
}

fn pkce_challenge(asked: Options<'_>) -> Result<String, Error> {
    Ok(quoted(&pkce::challenge(asked.needed("verifier", STRING))?))
}

fn verify_pkce(asked: Options<'_>) -> Result<String, Error> {
    let method = asked.text("method");
    let (verifier, challenge) = (asked.needed("verifier", STRING), asked.needed("challenge", STRING));
    Ok(String::from(boolean(pkce::verify(verifier, challenge, method)?)))
}

/// The JSON text of a key. A string is taken as that text itself.
fn jwk_text<'r>(request: &'r [u8], value: &'r Value<'_>, faults: &Faults) -> &'r [u8] {
    match value {
        Value::String(text) => text.as_bytes(),
        Value::Object(_) => request,
        _ => {
            faults.add("jwk", NO_KEY);
            request
        }
    }
}

/// Checks a metadata document of a server and returns it.
fn check_metadata(asked: Options<'_>) -> Result<String, Error> {
    let document = asked.needed("document", STRING);
    let needed: Vec<String> = asked.needed("needed", STRING).split(' ').map(String::from).collect();
    metadata::check(document.as_bytes(), asked.needed("issuer", STRING), &needed)?;
    Ok(String::from(document))
}

/// Takes the code from the query of an authorization response.
fn authorization_code(asked: Options<'_>) -> Result<String, Error> {
    let query = asked.needed("query", STRING);
    let expected = ExpectedResponse {
        state: asked.text("state"),
        issuer: asked.needed("issuer", STRING),
        issuer_required: asked.is_true("issuerRequired"),
    };
    Ok(quoted(&authorization_response::authorization_code(query, expected)?))
}

fn token_response(asked: Options<'_>) -> Result<String, Error> {
    let body = asked.needed("body", STRING).as_bytes();
    let token_type = asked.needed("tokenType", STRING);
    let status = asked.index("status") as u16;
    let response = token_response::token_response(status, body, token_type, asked.is_true("openid"))?;
    let mut shown = ObjectText::new();
    shown
        .text("accessToken", &response.access_token)
        .text("tokenType", &response.token_type)
        .optional("refreshToken", response.refresh_token.as_deref())
        .optional("scope", response.scope.as_deref())
        .optional("idToken", response.id_token.as_deref());
    if let Some(seconds) = response.expires_in {
        shown.number("expiresIn", seconds);
    }
    Ok(shown.finish())
}

/// Scheme and token of an Authorization header.
fn credentials(asked: Options<'_>) -> Result<String, Error> {
    let (scheme, token) = credentials::credentials(asked.text("authorization"))?;
    Ok(ArrayText::new().json(&quoted(scheme.as_str())).json(&quoted(token)).finish())
}

/// The proof of a DPoP header.
fn dpop_proof(asked: Options<'_>) -> Result<String, Error> {
    Ok(quoted(credentials::proof(asked.text("header"))?))
}

/// The key that a token with these claims is bound to, if it may be sent by this scheme.
fn bound_key(asked: Options<'_>, faults: &Faults) -> Result<String, Error> {
    let scheme = Scheme::from_name(asked.needed("scheme", STRING));
    if scheme.is_none() {
        faults.add("scheme", "expected Bearer or DPoP");
    }
    let scheme = scheme.unwrap_or(Scheme::Bearer);
    let key = binding::bound_key(scheme, asked.needed("claims", STRING).as_bytes())?;
    Ok(key.map_or_else(|| String::from("null"), |key| quoted(&key)))
}

/// A refusal as TypeScript raises one, for a failed fetch or an ended session; or one that crossed before.
fn refusal(asked: Options<'_>) -> Error {
    let code = asked.text("code").and_then(|code| ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code));
    let mut error = Error::new(code.unwrap_or(ErrorCode::Internal));
    if let Some(claim) = asked.text("claim") {
        error = error.claim(claim);
    }
    if let Some(found) = asked.text("found") {
        error = error.found(found);
    }
    if let Some(expected) = asked.text("expected") {
        error = error.expected(expected);
    }
    error
}

/// The challenge to a refusal with the parameters of a resource; empty where none is due.
fn challenge(asked: Options<'_>) -> String {
    let parameters = ChallengeParameters {
        realm: asked.text("realm"),
        scope: asked.text("scope"),
        resource_metadata: asked.text("resourceMetadata"),
        ..ChallengeParameters::default()
    };
    quoted(&challenge::challenge(&refusal(asked), parameters).unwrap_or_default())
}
