//! DPoP proofs (RFC 9449): evidence that the sender of a request has a private key.

use alloc::{format, string::String, vec::Vec};
use core::{cmp::Ordering, time::Duration};

use crate::claims::claim_set::Claims;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Payload, allow_algorithm, is_media_type};
use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::Algorithm;
use crate::jose::base64url;
use crate::jose::json::{self, Object, Value};
use crate::jose::jwk::{self, Key};
use crate::jose::key_set::Candidates;
use crate::jose::thumbprint;
use crate::jose::token::{DEFAULT_MAX_TOKEN_SIZE, EmptyPayload, UnverifiedToken};
use crate::kernels::low::hash::Hash;
use crate::oauth::dpop_keys::KNOWN;
use crate::oauth::dpop_nonces::DpopNonce;
use crate::oauth::url::normalized;
use crate::rules::Trace;

/// What a request demands of its proof (RFC 9449 §4.3).
#[derive(Clone, Debug)]
pub struct ProofPolicy {
    /// The request's HTTP method, compared exactly.
    pub method: String,
    /// The request's URL; its query and fragment play no part.
    pub url: String,
    /// The access token that came with the proof.
    pub access_token: Option<String>,
    /// The nonce that the server gave.
    pub nonce: Option<String>,
    /// The thumbprint that the access token is bound to (`cnf.jkt`, RFC 9449 §6.1).
    pub thumbprint: Option<String>,
    /// The allowed algorithms; `None` allows every asymmetric one that the proof's key implies.
    pub algorithms: Option<Vec<Algorithm>>,
    /// How long ago, and how far ahead, the proof may have been made.
    pub max_age: Duration,
}

/// How old, or how far ahead, a proof may be unless the caller says otherwise (RFC 9449 §11.1).
pub(crate) const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60);

/// The sender chooses the key of a proof, and this side pays for the signature check.
const MAX_RSA_BITS: usize = 4096;

/// How long a `jti` may be, in bytes: stores keep it. RFC 9449 §4.2 asks for 96 random bits or a UUID, 16 to 36
/// characters; the rest is room for prefixes.
pub const MAX_JTI_LEN: usize = 256;

/// The same demands, borrowed.
pub(crate) struct ExpectedProof<'e> {
    pub(crate) method: &'e str,
    pub(crate) url: &'e str,
    pub(crate) access_token: Option<&'e str>,
    pub(crate) nonce: Option<&'e DpopNonce>,
    pub(crate) thumbprint: Option<&'e str>,
    pub(crate) algorithms: Option<&'e [Algorithm]>,
    pub(crate) max_age: Duration,
}

/// A valid proof. Whether its `jti` is new is for the caller's store to say (RFC 9449 §11.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The proof's identifier.
    pub jti: String,
    /// The thumbprint of the key that made it (RFC 7638).
    pub thumbprint: String,
    /// The claims' JSON.
    pub claims: String,
    /// The header's JSON.
    pub header: String,
}

impl Proof {
    /// The refusal of a proof whose `jti` has been seen before (RFC 9449 §11.1).
    pub fn replayed() -> Error {
        Error::new(ErrorCode::DpopReplayed)
    }
}

/// Checks a proof against the request that it came with.
///
/// # Errors
/// `dpop_invalid` and its siblings; the codes of a malformed token, its algorithm and signature.
pub fn verify_proof(proof: &[u8], policy: &ProofPolicy, now: UnixTime) -> Result<Proof, Error> {
    let nonce = policy.nonce.clone().map(DpopNonce::Fixed);
    let expected = ExpectedProof {
        method: &policy.method,
        url: &policy.url,
        access_token: policy.access_token.as_deref(),
        nonce: nonce.as_ref(),
        thumbprint: policy.thumbprint.as_deref(),
        algorithms: policy.algorithms.as_deref(),
        max_age: policy.max_age,
    };
    verify_expected(proof, &expected, now)
}

/// Anyone can send a proof with any key: cheap comparisons come first, the signature check last.
pub(crate) fn verify_expected(proof: &[u8], expected: &ExpectedProof<'_>, now: UnixTime) -> Result<Proof, Error> {
    let trace = &mut Trace::off();
    let token = UnverifiedToken::parse_traced(proof, DEFAULT_MAX_TOKEN_SIZE, EmptyPayload::Refused, None, trace)?;
    let algorithm = check_header(&token, expected, trace)?;
    let (key, thumbprint) = embedded_key(token.header_bytes(), algorithm)?;
    check_claims(token.unverified_payload(), expected, &thumbprint, now)?;
    let (token, _) = token.check_signature(algorithm, &Candidates::only(&key), trace)?; // RFC 9449 §4.3 (7)
    if expected.thumbprint.is_some() {
        KNOWN.remember(key, &thumbprint); // A token names it: no stranger pushes another out.
    }
    let claims = token.claims()?;
    let jti = String::from(required(&claims, "jti")?);
    let text = |bytes| String::from(core::str::from_utf8(bytes).unwrap_or_default());
    Ok(Proof { jti, thumbprint, claims: text(token.payload()), header: text(token.header_bytes()) })
}

fn check_header(
    token: &UnverifiedToken<'_>,
    expected: &ExpectedProof<'_>,
    trace: &mut Trace,
) -> Result<Algorithm, Error> {
    let typ = token.header().typ().unwrap_or("nothing");
    if !is_media_type(typ, "dpop+jwt") {
        return Err(Error::new(ErrorCode::TypMismatch)
            .cite("RFC 9449 §4.3")
            .claim("typ")
            .found(typ)
            .expected("dpop+jwt"));
    }
    let algorithm = allow_algorithm(token.header(), expected.algorithms, &[], Payload::Encoded, trace)?;
    if algorithm.is_symmetric() {
        return Err(Error::new(ErrorCode::AlgNotAllowed).cite("RFC 9449 §4.3").claim("alg").found(algorithm.name()));
    }
    Ok(algorithm)
}

/// Checks the claims of a proof whose signature has not been verified; none of them is used before it has been.
fn check_claims(payload: &[u8], expected: &ExpectedProof<'_>, thumbprint: &str, now: UnixTime) -> Result<(), Error> {
    let claims = Claims::parse(payload, &mut Trace::off())?;
    check_request(&claims, expected)?;
    check_window(&claims, expected.max_age, now)?;
    check_binding(&claims, expected, thumbprint, now)
}

/// The one place where a key in a header is used: the proof shows possession of this very key, and
/// the access token, not the header, decides whether that key counts.
fn embedded_key(header: &[u8], algorithm: Algorithm) -> Result<(Key, String), Error> {
    let fault = |error: Error| error.cite("RFC 9449 §4.3");
    let header = json::parse(header)?;
    let jwk = header.as_object().and_then(|header| header.get("jwk")).and_then(Value::as_object);
    let jwk = jwk.ok_or_else(|| invalid("jwk").expected("a public key"))?;
    if jwk.get("kty").and_then(Value::as_str) == Some("oct") {
        return Err(invalid("jwk").found("a shared secret").expected("a public key"));
    }
    check_size(jwk)?;
    let key = Key::from_object(jwk).map_err(fault)?;
    if key.fit(algorithm) != jwk::Fit::Yes {
        return Err(Error::new(ErrorCode::KeyUnsuitable).cite("RFC 9449 §4.3").claim("jwk").found(algorithm.name()));
    }
    let thumbprint = thumbprint::thumbprint_of(jwk).map_err(fault)?;
    Ok((KNOWN.recognized(key, &thumbprint), thumbprint))
}

fn check_size(jwk: &Object<'_>) -> Result<(), Error> {
    let modulus = jwk.get("n").and_then(Value::as_str).unwrap_or_default();
    let bytes = base64url::decode(modulus.as_bytes()).unwrap_or_default();
    let bits = bytes.iter().skip_while(|&&byte| byte == 0).count() * 8;
    if bits > MAX_RSA_BITS {
        return Err(Error::new(ErrorCode::KeyUnsuitable)
            .cite("RFC 9449 §4.3")
            .claim("jwk")
            .found(format!("{bits} bits"))
            .expected(format!("{MAX_RSA_BITS} bits at most")));
    }
    Ok(())
}

fn check_request(claims: &Claims<'_>, expected: &ExpectedProof<'_>) -> Result<(), Error> {
    let jti = required(claims, "jti")?;
    if jti.len() > MAX_JTI_LEN {
        let (found, expected) = (format!("{} bytes", jti.len()), format!("{MAX_JTI_LEN} bytes at most"));
        return Err(invalid("jti").cite("RFC 9449 §4.2").found(found).expected(expected));
    }
    let method = required(claims, "htm")?;
    if method != expected.method {
        return Err(Error::new(ErrorCode::DpopMethodMismatch).claim("htm").found(method).expected(expected.method));
    }
    // RFC 9449 §4.3: without query and fragment; RFC 3986 §6.2.2 and §6.2.3 normalization applied.
    let url = required(claims, "htu")?;
    if normalized(url).is_none_or(|url| normalized(expected.url) != Some(url)) {
        return Err(Error::new(ErrorCode::DpopUrlMismatch).claim("htu").found(url).expected(expected.url));
    }
    Ok(())
}

fn check_window(claims: &Claims<'_>, max_age: Duration, now: UnixTime) -> Result<(), Error> {
    if !claims.contains("iat") {
        return Err(missing("iat"));
    }
    let timestamps = claims.timestamps();
    let (oldest, newest) = (now.saturating_sub(max_age), now.saturating_add(max_age));
    if timestamps.issued(oldest) == Ordering::Less || timestamps.issued(newest) == Ordering::Greater {
        return Err(Error::new(ErrorCode::DpopExpired)
            .claim("iat")
            .found(crate::claims::claim_set::display_claim(claims, "iat"))
            .expected(format!("{} to {}", oldest.seconds(), newest.seconds())));
    }
    // A proof may carry exp and nbf as any JWT does (RFC 7519 §4.1.4, §4.1.5).
    if !timestamps.is_unexpired(now) {
        return Err(Error::new(ErrorCode::DpopExpired).claim("exp"));
    }
    if !timestamps.is_in_force(now) {
        return Err(Error::new(ErrorCode::DpopExpired).claim("nbf"));
    }
    Ok(())
}

fn check_binding(
    claims: &Claims<'_>,
    expected: &ExpectedProof<'_>,
    thumbprint: &str,
    now: UnixTime,
) -> Result<(), Error> {
    if let Some(expected) = expected.nonce
        && !claims.text("nonce")?.is_some_and(|nonce| expected.accepts(nonce, now))
    {
        return Err(Error::new(ErrorCode::DpopNonceMismatch).claim("nonce"));
    }
    if let Some(access_token) = expected.access_token {
        let hash = base64url::encode(&Hash::Sha256.digest(&[access_token.as_bytes()]));
        if required(claims, "ath")? != hash {
            return Err(Error::new(ErrorCode::DpopTokenMismatch).claim("ath"));
        }
    }
    match expected.thumbprint {
        Some(bound) if bound != thumbprint => {
            Err(Error::new(ErrorCode::DpopKeyMismatch).claim("jwk").found(thumbprint).expected(bound))
        }
        _ => Ok(()),
    }
}

fn required<'c>(claims: &'c Claims<'_>, name: &'static str) -> Result<&'c str, Error> {
    match claims.text(name)? {
        Some(text) if !text.is_empty() => Ok(text),
        _ => Err(missing(name)),
    }
}

fn missing(name: &str) -> Error {
    Error::new(ErrorCode::ClaimMissing).cite("RFC 9449 §4.2").claim(name)
}

fn invalid(name: &str) -> Error {
    Error::new(ErrorCode::DpopInvalid).claim(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 §4.2: `jti` is a unique identifier; an empty one identifies nothing.
    #[test]
    fn an_empty_claim_is_missing() {
        let code = |claims: &str| {
            let claims = Claims::parse(claims.as_bytes(), &mut Trace::off()).unwrap();
            required(&claims, "jti").map(String::from).map_err(|error| error.code())
        };
        assert_eq!(code(r#"{"jti":"a"}"#).as_deref(), Ok("a"));
        for claims in [r#"{"jti":""}"#, "{}"] {
            assert_eq!(code(claims), Err(ErrorCode::ClaimMissing), "{claims}");
        }
    }

    fn refusal(header: &str, claims: &str) -> Error {
        let encode = |text: &str| base64url::encode(text.as_bytes());
        let proof = format!("{}.{}.AAAA", encode(header), encode(claims));
        let nonce = DpopNonce::Fixed(String::from("n"));
        let expected = ExpectedProof {
            method: "GET",
            url: "https://api.example.com/",
            access_token: Some("t"),
            nonce: Some(&nonce),
            thumbprint: Some("T"),
            algorithms: None,
            max_age: DEFAULT_MAX_AGE,
        };
        verify_expected(proof.as_bytes(), &expected, UnixTime::from_seconds(1_700_000_000)).unwrap_err()
    }

    /// The signature of these proofs is invalid, and something else refuses them first.
    #[test]
    fn cheap_checks_come_before_the_signature() {
        let header = r#"{"typ":"dpop+jwt","alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#;
        for (claims, code) in [
            (r#"{"htm":"GET"}"#, ErrorCode::ClaimMissing),
            (r#"{"jti":"1","htm":"POST"}"#, ErrorCode::DpopMethodMismatch),
            (r#"{"jti":"1","htm":"GET","htu":"https://api.example.com/x"}"#, ErrorCode::DpopUrlMismatch),
            (r#"{"jti":"1","htm":"GET","htu":"https://api.example.com","iat":1}"#, ErrorCode::DpopExpired),
            (
                r#"{"jti":"1","htm":"GET","htu":"https://api.example.com","iat":1700000000,"nonce":"m"}"#,
                ErrorCode::DpopNonceMismatch,
            ),
            (
                r#"{"jti":"1","htm":"GET","htu":"https://api.example.com","iat":1700000000,"nonce":"n","ath":"x"}"#,
                ErrorCode::DpopTokenMismatch,
            ),
        ] {
            assert_eq!(refusal(header, claims).code(), code, "{claims}");
        }
        let ath = base64url::encode(&Hash::Sha256.digest(&[b"t"]));
        let bound = format!(
            r#"{{"jti":"1","htm":"GET","htu":"https://api.example.com","iat":1700000000,"nonce":"n","ath":"{ath}"}}"#
        );
        assert_eq!(refusal(header, &bound).code(), ErrorCode::DpopKeyMismatch);
    }

    #[test]
    fn a_jti_is_bounded() {
        let header = r#"{"typ":"dpop+jwt","alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#;
        let refused = |length| refusal(header, &format!(r#"{{"jti":"{}","htm":"GET","htu":"x"}}"#, "j".repeat(length)));
        let long = refused(MAX_JTI_LEN + 1);
        assert_eq!((long.code(), long.claim_name()), (ErrorCode::DpopInvalid, Some("jti")));
        assert_eq!(long.found_value(), Some("257 bytes"));
        assert_eq!(refused(MAX_JTI_LEN).code(), ErrorCode::DpopUrlMismatch, "goes on");
    }

    #[test]
    fn a_key_in_a_proof_is_bounded() {
        let header = |bytes: usize| {
            let modulus = base64url::encode(&alloc::vec![0xff; bytes]);
            format!(r#"{{"typ":"dpop+jwt","alg":"RS256","jwk":{{"kty":"RSA","e":"AQAB","n":"{modulus}"}}}}"#)
        };
        let large = refusal(&header(513), "{}");
        assert_eq!((large.code(), large.found_value()), (ErrorCode::KeyUnsuitable, Some("4104 bits")));
        assert_eq!(refusal(&header(1024), "{}").found_value(), Some("8192 bits"));
        assert_eq!(refusal(&header(512), "{}").code(), ErrorCode::ClaimMissing, "goes on to the claims");
    }
}
