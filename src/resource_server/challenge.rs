//! The challenge of a refusal: the header WWW-Authenticate (RFC 6750 §3, RFC 9449 §7.1).

use alloc::{string::String, vec::Vec};

use super::credentials::Scheme;
use super::error_response::{ErrorResponse, is_about_proof};
use crate::error::{Error, ErrorCode, joined};
use crate::jose::algorithm::Algorithm;

/// The parameters of a challenge besides the error.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChallengeParameters<'p> {
    /// The protection space (RFC 7235 §2.2).
    pub realm: Option<&'p str>,
    /// The scopes that the resource needs, separated by spaces (RFC 6750 §3).
    pub scope: Option<&'p str>,
    /// The URL of the resource's metadata (RFC 9728 §5.1).
    pub resource_metadata: Option<&'p str>,
    /// The scheme of the request, if it had one.
    pub scheme: Option<Scheme>,
    /// The algorithms that a proof may be signed with; `None` for every asymmetric one (RFC 9449 §5.1).
    pub proof_algorithms: Option<&'p [Algorithm]>,
    /// Whether DPoP is offered beside Bearer (RFC 9449 §7.2).
    pub offers_dpop: bool,
    /// Whether DPoP alone is offered (RFC 9449 §7.1).
    pub requires_dpop: bool,
    /// How the user has to have logged in, separated by spaces (RFC 9470 §3).
    pub acr_values: Option<&'p str>,
    /// How long ago, in seconds (RFC 9470 §3).
    pub max_age: Option<&'p str>,
}

/// The value of WWW-Authenticate (RFC 6750 §3), or nothing for a failure of the server itself.
pub fn challenge(error: &Error, parameters: ChallengeParameters<'_>) -> Option<String> {
    write(&ErrorResponse::new(error), parameters)
}

pub(super) fn write(response: &ErrorResponse<'_>, parameters: ChallengeParameters<'_>) -> Option<String> {
    if response.status == 503 {
        return None;
    }
    let by_proof = parameters.requires_dpop
        || parameters.scheme == Some(Scheme::Dpop)
        || is_about_proof(response.refusal)
        || response.refusal.code() == ErrorCode::TokenBound;
    let mut value = String::new();
    let mut challenge = Challenge::new(&mut value, if by_proof { Scheme::Dpop } else { Scheme::Bearer });
    challenge.parameter("realm", parameters.realm);
    challenge.parameter("error", response.error);
    // RFC 6750 §3.1: "any other error information" is left out with the error.
    challenge.parameter("error_description", response.description.as_deref().filter(|_| response.error.is_some()));
    challenge.parameter("scope", parameters.scope);
    challenge.parameter("acr_values", parameters.acr_values);
    challenge.parameter("max_age", parameters.max_age);
    challenge.parameter("resource_metadata", parameters.resource_metadata);
    let algorithms = || joined(&proof_algorithms(parameters.proof_algorithms), " ");
    if by_proof {
        challenge.parameter("algs", Some(&algorithms()));
    } else if parameters.offers_dpop && response.status == 401 {
        // RFC 9449 §7.2: a resource that supports both schemes offers both.
        value.push_str(", ");
        Challenge::new(&mut value, Scheme::Dpop).parameter("algs", Some(&algorithms()));
    }
    Some(value)
}

/// The algorithms that a proof may be signed with (RFC 9449 §5.1), never symmetric ones.
pub(super) fn proof_algorithms(allowed: Option<&[Algorithm]>) -> Vec<&'static str> {
    let is_allowed = |one: &Algorithm| allowed.is_none_or(|allowed| allowed.contains(one));
    Algorithm::all().filter(|one| !one.is_symmetric() && is_allowed(one)).map(Algorithm::name).collect()
}

/// One challenge of the header (RFC 9110 §11.6.1).
struct Challenge<'v> {
    value: &'v mut String,
    separator: &'static str,
}

impl<'v> Challenge<'v> {
    fn new(value: &'v mut String, scheme: Scheme) -> Self {
        value.push_str(scheme.as_str());
        Self { value, separator: " " }
    }

    fn parameter(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            for part in [self.separator, name, "=\""] {
                self.value.push_str(part);
            }
            push_quotable(self.value, text);
            self.value.push('"');
            self.separator = ", ";
        }
    }
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
    fn challenges_of_proofs() {
        let challenge = |code| challenge(&Error::new(code), ChallengeParameters::default()).unwrap_or_default();
        let invalid = challenge(ErrorCode::DpopInvalid);
        assert!(invalid.starts_with(r#"DPoP error="invalid_dpop_proof", "#), "{invalid}");
        assert!(invalid.contains(r#", algs="RS256 "#) && !invalid.contains("HS256"), "{invalid}");
        assert!(challenge(ErrorCode::DpopNonceMismatch).starts_with(r#"DPoP error="use_dpop_nonce", "#));
        assert!(challenge(ErrorCode::TokenBound).starts_with(r#"DPoP error="invalid_token", "#));
    }

    #[test]
    fn a_request_by_dpop_is_answered_by_dpop() {
        let algorithms = [Algorithm::Es256, Algorithm::Ps256];
        let parameters = ChallengeParameters {
            scheme: Some(Scheme::Dpop),
            proof_algorithms: Some(&algorithms),
            offers_dpop: true,
            ..Default::default()
        };
        let expired = challenge(&Error::new(ErrorCode::TokenExpired), parameters).unwrap_or_default();
        assert!(expired.starts_with(r#"DPoP error="invalid_token", "#), "{expired}");
        assert_eq!(expired.matches("algs=").count(), 1);
        assert!(expired.contains("ES256") && !expired.contains("RS256"), "{expired}");
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
