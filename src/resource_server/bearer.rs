//! Access tokens at a resource server (RFC 6750, RFC 9449 §7): the request's credentials and the challenge.

use alloc::{string::String, vec::Vec};

use crate::error::{Error, ErrorCode, joined};
use crate::jose::algorithm::Algorithm;
use crate::jose::json::{self, Value};

/// What a challenge says besides the error.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChallengeParameters<'p> {
    /// The protection space (RFC 7235 §2.2).
    pub realm: Option<&'p str>,
    /// The scopes that the resource needs, separated by spaces (RFC 6750 §3).
    pub scope: Option<&'p str>,
    /// The URL of the resource's metadata (RFC 9728 §5.1).
    pub resource_metadata: Option<&'p str>,
}

/// How an access token was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// By itself (RFC 6750 §2.1).
    Bearer,
    /// With a proof that the sender holds a key (RFC 9449 §7.1).
    Dpop,
}

impl Scheme {
    /// The scheme as headers spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }

    /// The scheme of that name, whatever its case (RFC 9110 §11.1).
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Bearer, Self::Dpop].into_iter().find(|scheme| scheme.as_str().eq_ignore_ascii_case(name))
    }
}

/// The scheme and the token of an Authorization header (RFC 6750 §2.1, RFC 9449 §7.1).
///
/// # Errors
/// `token_missing` without an access token; `request_invalid` for more than one.
pub fn credentials(authorization: Option<&str>) -> Result<(Scheme, &str), Error> {
    let missing = || Error::new(ErrorCode::TokenMissing);
    let (scheme, credentials) = authorization.ok_or_else(missing)?.trim().split_once(' ').ok_or_else(missing)?;
    let token = credentials.trim_start();
    let scheme = Scheme::from_name(scheme).filter(|_| !token.is_empty()).ok_or_else(missing)?;
    if token.contains(',') {
        // Two headers reach a fetch handler joined by a comma, which no token contains.
        return Err(Error::new(ErrorCode::RequestInvalid).found("several credentials"));
    }
    Ok((scheme, token))
}

/// The proof of a DPoP header (RFC 9449 §4.3, check 1).
///
/// # Errors
/// `dpop_invalid` without a proof, or with more than one.
pub fn proof(header: Option<&str>) -> Result<&str, Error> {
    let wrong = |found| Error::new(ErrorCode::DpopInvalid).found(found).expected("one header DPoP with one proof");
    let proof = header.map(str::trim).filter(|proof| !proof.is_empty()).ok_or_else(|| wrong("no proof"))?;
    // Two headers reach a fetch handler joined by a comma, which no proof contains.
    if proof.contains(',') { Err(wrong("several proofs")) } else { Ok(proof) }
}

/// The thumbprint of the key that an access token is bound to, from its claims' JSON; `None` for a token
/// that is bound to none.
///
/// # Errors
/// `token_bound` for a bound token without its proof, `dpop_key_mismatch` for a proof to a token that is not
/// bound, and the codes of malformed claims.
pub fn bound_key(scheme: Scheme, claims: &[u8]) -> Result<Option<String>, Error> {
    let claims = json::parse(claims)?;
    let confirmation = claims.as_object().and_then(|claims| claims.get("cnf")); // RFC 7800 §3.1
    let malformed =
        |value: &Value<'_>| Error::new(ErrorCode::ClaimInvalid).cite("RFC 9449 §6.1").claim("cnf").found(value.kind());
    let thumbprint = match confirmation {
        None => None,
        Some(Value::Object(members)) => members.get("jkt"),
        Some(other) => return Err(malformed(other)),
    };
    match (scheme, thumbprint) {
        // RFC 9449 §7.2: a token known to be bound is no bearer token.
        (Scheme::Bearer, Some(_)) => {
            Err(Error::new(ErrorCode::TokenBound).claim("cnf").found("Bearer").expected("DPoP"))
        }
        (Scheme::Bearer, None) => Ok(None),
        (Scheme::Dpop, Some(Value::String(thumbprint))) => Ok(Some(String::from(&**thumbprint))),
        (Scheme::Dpop, Some(other)) => Err(malformed(other)),
        // RFC 9449 §7.1: the key of the proof is the one that the token is bound to.
        (Scheme::Dpop, None) => {
            Err(Error::new(ErrorCode::DpopKeyMismatch).claim("cnf").found("a token bound to no key").expected("jkt"))
        }
    }
}

/// The value of WWW-Authenticate (RFC 6750 §3), or nothing for a failure of the server itself.
pub fn challenge(error: &Error, parameters: ChallengeParameters<'_>) -> Option<String> {
    let about_proof = error.code().is_about_proof();
    let kind = match error.code().status() {
        _ if error.code() == ErrorCode::DpopNonceMismatch => Some("use_dpop_nonce"), // RFC 9449 §9
        _ if about_proof => Some("invalid_dpop_proof"),                              // RFC 9449 §7.1
        400 => Some("invalid_request"),
        403 => Some("insufficient_scope"),
        401 if error.code() == ErrorCode::TokenMissing => None, // RFC 6750 §3.1: no error without credentials
        401 => Some("invalid_token"),
        _ => return None,
    };
    let by_proof = about_proof || error.code() == ErrorCode::TokenBound;
    let mut value = String::from(if by_proof { Scheme::Dpop } else { Scheme::Bearer }.as_str());
    let mut separator = " ";
    let mut parameter = |name: &str, text: Option<&str>| {
        if let Some(text) = text {
            for part in [separator, name, "=\""] {
                value.push_str(part);
            }
            push_quotable(&mut value, text);
            value.push('"');
            separator = ", ";
        }
    };
    parameter("realm", parameters.realm);
    parameter("error", kind);
    parameter("error_description", kind.map(|_| [error.code().as_str(), ": ", &error.message()].concat()).as_deref());
    parameter("scope", parameters.scope);
    parameter("resource_metadata", parameters.resource_metadata);
    parameter("algs", by_proof.then(proof_algorithms).as_deref());
    Some(value)
}

/// The algorithms that a proof may be signed with (RFC 9449 §5.1).
fn proof_algorithms() -> String {
    let names: Vec<&str> = Algorithm::all().filter(|one| !one.is_symmetric()).map(Algorithm::name).collect();
    joined(&names, " ")
}

/// The characters that RFC 6750 §3 allows in a value; others become a question mark.
fn push_quotable(value: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '§' => value.push_str("section "),
            '"' => value.push('\''),
            ' '..='[' | ']'..='~' => value.push(c),
            _ => value.push('?'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_either_scheme() {
        let code = |header| credentials(header).map_err(|error| error.code());
        assert_eq!(code(Some("Bearer a.b.c")), Ok((Scheme::Bearer, "a.b.c")));
        assert_eq!(code(Some("bearer   a.b.c")), Ok((Scheme::Bearer, "a.b.c")));
        assert_eq!(code(Some("dpop a.b.c")), Ok((Scheme::Dpop, "a.b.c")));
        for missing in
            [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic YTpi"), Some("DPoP "), Some("a.b.c")]
        {
            assert_eq!(code(missing), Err(ErrorCode::TokenMissing), "{missing:?}");
        }
        assert_eq!(code(Some("Bearer a.b.c, Bearer d.e.f")), Err(ErrorCode::RequestInvalid));
    }

    #[test]
    fn one_proof() {
        let code = |header| proof(header).map_err(|error| error.code());
        assert_eq!(code(Some(" a.b.c ")), Ok("a.b.c"));
        for wrong in [None, Some(""), Some(" "), Some("a.b.c, d.e.f")] {
            assert_eq!(code(wrong), Err(ErrorCode::DpopInvalid), "{wrong:?}");
        }
    }

    #[test]
    fn bound_tokens() {
        let bound = |scheme, claims: &str| bound_key(scheme, claims.as_bytes()).map_err(|error| error.code());
        let (jkt, none) = (r#"{"cnf":{"jkt":"T"}}"#, r#"{"cnf":{"x5t#S256":"T"}}"#);
        assert_eq!(bound(Scheme::Dpop, jkt), Ok(Some(String::from("T"))));
        assert_eq!(bound(Scheme::Bearer, jkt), Err(ErrorCode::TokenBound));
        for unbound in ["{}", none] {
            assert_eq!(bound(Scheme::Bearer, unbound), Ok(None));
            assert_eq!(bound(Scheme::Dpop, unbound), Err(ErrorCode::DpopKeyMismatch));
        }
        assert_eq!(bound(Scheme::Bearer, r#"{"cnf":{"jkt":null}}"#), Err(ErrorCode::TokenBound));
        assert_eq!(bound(Scheme::Dpop, r#"{"cnf":{"jkt":1}}"#), Err(ErrorCode::ClaimInvalid));
        for scheme in [Scheme::Bearer, Scheme::Dpop] {
            assert_eq!(bound(scheme, r#"{"cnf":"T"}"#), Err(ErrorCode::ClaimInvalid));
        }
    }

    #[test]
    fn challenges_of_proofs() {
        let challenge = |code| challenge(&Error::new(code), ChallengeParameters::default()).unwrap_or_default();
        let invalid = challenge(ErrorCode::DpopInvalid);
        assert!(invalid.starts_with(r#"DPoP error="invalid_dpop_proof", "#), "{invalid}");
        assert!(invalid.contains(r#", algs="RS256 "#) && !invalid.contains("HS256"), "{invalid}");
        assert!(challenge(ErrorCode::DpopNonceMismatch).starts_with(r#"DPoP error="use_dpop_nonce", "#));
        assert!(challenge(ErrorCode::TokenBound).starts_with(r#"DPoP error="invalid_token", "#));
    }

    #[test]
    fn challenges() {
        let missing = challenge(
            &Error::new(ErrorCode::TokenMissing),
            ChallengeParameters { realm: Some("shop"), ..Default::default() },
        );
        assert_eq!(missing.as_deref(), Some("Bearer realm=\"shop\""));
        let scope = challenge(
            &Error::new(ErrorCode::InsufficientScope).found("a\"b\\c\u{e9}\n"),
            ChallengeParameters { scope: Some("read"), ..Default::default() },
        );
        let scope = scope.unwrap_or_default();
        assert!(
            scope.starts_with("Bearer error=\"insufficient_scope\", error_description=\"insufficient_scope: "),
            "{scope}"
        );
        assert!(scope.ends_with(", scope=\"read\"") && scope.is_ascii() && scope.contains("a'b?c??"), "{scope}");
        assert!(scope.contains("(RFC 6750 section 3.1)"), "{scope}");
        let invalid = challenge(&Error::new(ErrorCode::RequestInvalid), ChallengeParameters::default());
        assert!(invalid.is_some_and(|invalid| invalid.starts_with("Bearer error=\"invalid_request\", ")));
        assert_eq!(challenge(&Error::new(ErrorCode::KeysUnavailable), ChallengeParameters::default()), None);
    }
}
