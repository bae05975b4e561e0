//! A refusal as it is sent to a client (RFC 6750 §3.1, RFC 9449 §7.1). The header and the body are written from this
//! one value, so that they cannot differ.

use alloc::{format, string::String};

use crate::error::{Error, ErrorCode};
use crate::jose::json_text::ObjectText;

/// Seconds after which a request may be repeated that failed for want of something, where nothing better is known.
const RETRY_AFTER: u32 = 5;

/// The answer to a request that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status (RFC 6750 §3.1).
    pub status: u16,
    /// The value of the header WWW-Authenticate (RFC 6750 §3); none for a failure of the server itself.
    pub www_authenticate: Option<String>,
    /// The nonce to repeat the request with, for the header DPoP-Nonce (RFC 9449 §9).
    pub dpop_nonce: Option<String>,
    /// The value of the header Retry-After in seconds (RFC 9110 §10.2.3).
    pub retry_after: Option<u32>,
    /// The body, JSON.
    pub body: String,
}

/// What a client receives about a refusal.
pub(super) struct ErrorResponse<'e> {
    pub(super) status: u16,
    /// The error by its OAuth name.
    pub(super) error: Option<&'static str>,
    pub(super) description: Option<String>,
    pub(super) refusal: &'e Error,
}

impl<'e> ErrorResponse<'e> {
    pub(super) fn new(refusal: &'e Error) -> Self {
        let status = refusal.code().status();
        // An internal failure is not described to clients: its text may have addresses and socket errors in it.
        let is_described = !refusal.code().is_outage();
        let description = is_described.then(|| format!("{}: {}", refusal.code().as_str(), refusal.message()));
        Self { status, error: name(refusal), description, refusal }
    }

    pub(super) fn retry_after(&self) -> Option<u32> {
        self.refusal.code().is_outage().then(|| self.refusal.retry_after_seconds().unwrap_or(RETRY_AFTER))
    }

    pub(super) fn body(&self) -> String {
        let refusal = self.refusal;
        let mut body = ObjectText::new();
        let mut member = |name, text: Option<&str>| {
            if let Some(text) = text {
                body.text(name, text);
            }
        };
        member("error", self.error);
        member("error_description", self.description.as_deref());
        member("code", Some(refusal.code().as_str()));
        if self.description.is_some() {
            member("claim", refusal.claim_name());
            member("found", refusal.found_value());
            member("expected", refusal.expected_value());
            member("spec", Some(refusal.spec()));
        }
        body.finish()
    }
}

/// The OAuth name of a refusal by a resource server.
fn name(refusal: &Error) -> Option<&'static str> {
    let code = refusal.code();
    match code.status() {
        _ if code == ErrorCode::TokenMissing => None, // RFC 6750 §3.1: no error without credentials
        _ if code == ErrorCode::DpopNonceMismatch => Some("use_dpop_nonce"), // RFC 9449 §9
        _ if is_about_proof(refusal) => Some(INVALID_DPOP_PROOF), // RFC 9449 §7.1
        // RFC 9470 §3
        _ if matches!(code, ErrorCode::AcrMismatch | ErrorCode::AuthTimeTooOld) => {
            Some(INSUFFICIENT_USER_AUTHENTICATION)
        }
        400 => Some("invalid_request"),
        403 => Some("insufficient_scope"),
        503 => Some("temporarily_unavailable"),
        _ => Some("invalid_token"),
    }
}

/// The OAuth error that asks for another login (RFC 9470 §3).
pub(super) const INSUFFICIENT_USER_AUTHENTICATION: &str = "insufficient_user_authentication";

/// The OAuth error that marks a refusal with any code, `signature_invalid` for example, as one of the proof.
pub(super) const INVALID_DPOP_PROOF: &str = "invalid_dpop_proof";

/// Whether the proof was refused, not the token that it came with.
pub(super) fn is_about_proof(refusal: &Error) -> bool {
    refusal.code().is_about_proof() || refusal.oauth_error() == Some(INVALID_DPOP_PROOF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::json;

    fn body(refusal: &Error) -> String {
        ErrorResponse::new(refusal).body()
    }

    #[test]
    fn the_errors_of_the_rfcs() {
        for (code, error) in [
            (ErrorCode::TokenMissing, None),
            (ErrorCode::RequestInvalid, Some("invalid_request")),
            (ErrorCode::TokenExpired, Some("invalid_token")),
            (ErrorCode::TokenBound, Some("invalid_token")),
            (ErrorCode::AcrMismatch, Some("insufficient_user_authentication")),
            (ErrorCode::AuthTimeTooOld, Some("insufficient_user_authentication")),
            (ErrorCode::TokenUnbound, Some("invalid_token")),
            (ErrorCode::CertificateMismatch, Some("invalid_token")),
            (ErrorCode::StoreUnavailable, Some("temporarily_unavailable")),
            (ErrorCode::InsufficientScope, Some("insufficient_scope")),
            (ErrorCode::DpopExpired, Some("invalid_dpop_proof")),
            (ErrorCode::DpopReplayed, Some("invalid_dpop_proof")),
            (ErrorCode::DpopNonceMismatch, Some("use_dpop_nonce")),
            (ErrorCode::KeysUnavailable, Some("temporarily_unavailable")),
        ] {
            assert_eq!(name(&Error::new(code)), error, "{code}");
        }
        let proof = Error::new(ErrorCode::SignatureInvalid).oauth(INVALID_DPOP_PROOF);
        assert_eq!(name(&proof), Some("invalid_dpop_proof"));
    }

    #[test]
    fn a_body_is_json_that_says_why() {
        let refusal = Error::new(ErrorCode::AudienceMismatch).claim("aud").found("a \"b\"").expected("c");
        let text = body(&refusal);
        let value = json::parse(text.as_bytes()).unwrap();
        let member = |name| value.as_object().and_then(|body| body.get(name)).and_then(json::Value::as_str);
        assert_eq!((member("error"), member("code")), (Some("invalid_token"), Some("audience_mismatch")));
        assert_eq!((member("claim"), member("found"), member("expected")), (Some("aud"), Some("a \"b\""), Some("c")));
        assert_eq!(member("spec"), Some("RFC 7519 §4.1.3"));
        assert!(member("error_description").is_some_and(|text| text.starts_with("audience_mismatch: ")));
    }

    #[test]
    fn an_outage_is_not_described() {
        let refusal = Error::new(ErrorCode::KeysUnavailable).found("https://10.0.0.7/jwks?key=1: ECONNREFUSED");
        assert_eq!(body(&refusal), r#"{"error":"temporarily_unavailable","code":"keys_unavailable"}"#);
        let response = ErrorResponse::new(&refusal);
        assert_eq!((response.status, response.retry_after()), (503, Some(5)));
    }
}
