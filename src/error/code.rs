//! The one table of codes: each with its HTTP status, its rule and what to do.

use alloc::{format, string::String};
use core::fmt;

macro_rules! error_codes {
    ($( $(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:literal, $spec:literal, $remedy:literal; )+) => {
        /// The stable code of a refusal. Callers branch on it; its text never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $( $(#[doc = $doc])+ $name, )+
        }

        impl ErrorCode {
            /// Every code, in the order of the checks.
            pub const ALL: &'static [ErrorCode] = &[$( ErrorCode::$name, )+];

            /// The HTTP status a resource server answers with (RFC 6750 §3.1).
            pub const fn status(self) -> u16 {
                match self { $( ErrorCode::$name => $status, )+ }
            }

            /// The code as text, e.g. `token_expired`.
            pub const fn as_str(self) -> &'static str {
                match self { $( ErrorCode::$name => $code, )+ }
            }

            /// What went wrong, in one sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $( ErrorCode::$name => concat!($($doc),+).trim_ascii_start(), )+ }
            }

            /// Where the rule is written.
            pub const fn spec(self) -> &'static str {
                match self { $( ErrorCode::$name => $spec, )+ }
            }

            /// What the reader of the error can do next.
            pub const fn remedy(self) -> &'static str {
                match self { $( ErrorCode::$name => $remedy, )+ }
            }
        }
    };
}

error_codes! {
    /// The request carries no token
    TokenMissing = "token_missing", 401, "RFC 6750 §3", "Pass the token; in a request, it is in the header Authorization: Bearer, unless this API names another place.";
    /// The token is longer than the policy allows
    TokenTooLarge = "token_too_large", 401, "RFC 8725 §3.11", "Ask the issuer for a smaller token, with fewer groups or roles in it; or allow larger ones in the verifier's policy.";
    /// The token is not three segments with two dots
    TokenMalformed = "token_malformed", 401, "RFC 7515 §7.1", "Pass the compact form, header.payload.signature, with nothing around it.";
    /// The token is encrypted (five segments, a JWE)
    TokenEncrypted = "token_encrypted", 401, "RFC 7516 §7.1", "Ask the issuer for a signed token; encrypted ones are not supported.";
    /// A segment is not canonical base64url
    Base64urlInvalid = "base64url_invalid", 401, "RFC 7515 §2", "Pass the token byte for byte as it was issued, without padding or white space.";
    /// A segment is not UTF-8
    Utf8Invalid = "utf8_invalid", 401, "RFC 7515 §5.2", "Report it to the issuer: the token's JSON has to be UTF-8.";
    /// A segment is not strict JSON
    JsonInvalid = "json_invalid", 401, "RFC 8259 §2", "Report it to the issuer: the token's JSON is malformed.";
    /// A JSON object names the same member twice
    JsonDuplicateMember = "json_duplicate_member", 401, "RFC 7515 §4", "Report it to the issuer: a duplicate member has no single meaning.";
    /// JSON is nested deeper than 64 levels
    JsonTooDeep = "json_too_deep", 401, "RFC 8259 §9", "Report it to the issuer: no real token nests that deep.";
    /// The header is not a JSON object, or one of its registered members has the wrong type
    HeaderInvalid = "header_invalid", 401, "RFC 7515 §4", "Report it to the issuer: the header is malformed.";
    /// The header names no algorithm
    AlgMissing = "alg_missing", 401, "RFC 7515 §4.1.1", "Report it to the issuer: alg is required.";
    /// The token is unsecured: its algorithm is none
    AlgNone = "alg_none", 401, "RFC 8725 §3.2", "Nothing vouches for this token; have it signed.";
    /// The header names an algorithm that is not known here
    AlgUnsupported = "alg_unsupported", 401, "RFC 7515 §5.2", "Sign with one of the supported algorithms.";
    /// The policy does not allow the token's algorithm
    AlgNotAllowed = "alg_not_allowed", 401, "RFC 8725 §3.1", "Sign with an allowed algorithm; or add this one to those that the verifier allows, if you trust it.";
    /// The header's crit member is malformed
    CritInvalid = "crit_invalid", 401, "RFC 7515 §4.1.11", "Report it to the issuer: crit has to list extension members that are present, once each.";
    /// The header has a critical extension that is not understood
    CritUnsupported = "crit_unsupported", 401, "RFC 7515 §4.1.11", "Have the issuer leave the extension out. A verifier may accept it, by name, only if its own code processes it.";
    /// The payload is not base64url encoded (b64 is false)
    B64Unsupported = "b64_unsupported", 401, "RFC 7797 §7", "JSON Web Tokens always encode their payload; have b64 removed.";
    /// The token is of another type
    TypMismatch = "typ_mismatch", 401, "RFC 8725 §3.11", "Send the token that is meant for this purpose, for example the access token in place of the ID token; or have the verifier expect the type that the issuer gives.";
    /// Whether the issuer is trusted could not be found out
    IssuerUnavailable = "issuer_unavailable", 503, "RFC 8725 §3.8", "Try again. If it stays, more unknown issuers come than are looked up at once, or the function of the option issuer fails, takes too long, or gives no entry.";
    /// The keys that would check this token have not been loaded yet
    KeysNotLoaded = "keys_not_loaded", 503, "RFC 7517 §5", "Load them first: verify does it by itself, verifySync needs await loadKeys() before (JavaScript); set_keys (Rust).";
    /// The issuer's keys are not available now
    KeysUnavailable = "keys_unavailable", 503, "RFC 7517 §5", "Try again. If it stays, the key set's address has to answer with a JWK Set, and in a browser CORS has to allow it.";
    /// No trusted key matches the token
    KeyNotFound = "key_not_found", 401, "RFC 7517 §4.5", "Check that the token comes from the issuer whose keys are trusted here, and that its key is published.";
    /// The matching key is for another algorithm or use
    KeyUnsuitable = "key_unsuitable", 401, "RFC 8725 §3.1", "Publish or configure a key whose kty, crv, alg, use and key_ops fit the token's algorithm.";
    /// A key is malformed
    KeyInvalid = "key_invalid", 401, "RFC 7517 §4", "Export the key again; the message says what is wrong with it.";
    /// A key is too weak to trust
    KeyWeak = "key_weak", 401, "RFC 7518 §3", "Make a stronger key: RSA of 2048 bits or more, HMAC at least as long as its hash.";
    /// A private key stands where a public one belongs
    KeyPrivate = "key_private", 401, "RFC 7517 §9.2", "Give only the public members; if the private key was published, replace it.";
    /// The signature segment is empty
    SignatureMissing = "signature_missing", 401, "RFC 7515 §5.2", "Nothing vouches for this token; have it signed.";
    /// The signature does not match the token and key
    SignatureInvalid = "signature_invalid", 401, "RFC 7515 §5.2", "Get a fresh token from the issuer; this one was altered or signed by another key.";
    /// The payload is not a JSON object
    ClaimsInvalid = "claims_invalid", 401, "RFC 7519 §7.2", "Report it to the issuer: the claims set has to be a JSON object.";
    /// A required claim is missing
    ClaimMissing = "claim_missing", 401, "RFC 7519 §4", "Have the issuer add the claim. What a policy demands beyond the specification, it can lift.";
    /// A claim has a wrong type or value
    ClaimInvalid = "claim_invalid", 401, "RFC 7519 §4.1", "Report it to the issuer: the claim's value is malformed.";
    /// A claim is present that this kind of token must not have
    ClaimForbidden = "claim_forbidden", 401, "RFC 8725 §3.12", "Send the token that is meant for this purpose.";
    /// The token has expired
    TokenExpired = "token_expired", 401, "RFC 7519 §4.1.4", "Get a fresh token. If it should be good still, compare both clocks; a verifier can allow for a difference.";
    /// The token is not valid yet
    TokenNotYetValid = "token_not_yet_valid", 401, "RFC 7519 §4.1.5", "Wait until nbf. If it should be good already, compare both clocks; a verifier can allow for a difference.";
    /// The token was issued in the future
    TokenIssuedInFuture = "token_issued_in_future", 401, "RFC 7519 §4.1.6", "Compare both clocks; a verifier can allow for a difference.";
    /// The token is older than the policy allows
    TokenTooOld = "token_too_old", 401, "RFC 7519 §4.1.6", "Get a fresh token; or allow older ones where the policy sets their age.";
    /// The token comes from another issuer
    IssuerMismatch = "issuer_mismatch", 401, "RFC 7519 §4.1.1", "Compare both values letter by letter; a trailing slash counts.";
    /// The token is meant for another audience
    AudienceMismatch = "audience_mismatch", 401, "RFC 7519 §4.1.3", "Get a token for this audience: of an API, by the parameter resource (RFC 8707) or the one that the provider has for it; an ID token is for the client that logged in.";
    /// The token is about another subject
    SubjectMismatch = "subject_mismatch", 401, "RFC 7519 §4.1.2", "Use a token about the subject that is expected; after a login, somebody else has logged in.";
    /// The token was issued to another client
    AuthorizedPartyMismatch = "authorized_party_mismatch", 401, "OpenID Connect Core §3.1.3.7", "Use a token that was issued to a client that is accepted here.";
    /// The nonce is not the one that was sent
    NonceMismatch = "nonce_mismatch", 401, "OpenID Connect Core §3.1.3.7", "Start the login again; this token answers another one.";
    /// The ID token belongs to another access token
    AtHashMismatch = "at_hash_mismatch", 401, "OpenID Connect Core §3.1.3.8", "Start the login again; the access token was exchanged.";
    /// The ID token belongs to another authorization code
    CHashMismatch = "c_hash_mismatch", 401, "OpenID Connect Core §3.3.2.10", "Start the login again; the code was exchanged.";
    /// The user's authentication is older than asked for
    AuthTimeTooOld = "auth_time_too_old", 401, "OpenID Connect Core §3.1.2.1", "Have the user log in again (max_age).";
    /// The authentication context is not one that was asked for
    AcrMismatch = "acr_mismatch", 401, "OpenID Connect Core §3.1.3.7", "Have the user log in with the required method (acr_values).";
    /// A claim is not what a rule of this resource wants
    ClaimRefused = "claim_refused", 401, "RFC 7519 §4", "Send a token that was issued for this purpose; or correct the rule, check or schema that refused it, if it asks too much.";
    /// The authorization server says that the token is not active
    TokenInactive = "token_inactive", 401, "RFC 7662 §2.2", "Get a fresh token: this one has expired, was revoked, or never was one of this server's.";
    /// The session that the token belongs to has ended
    TokenRevoked = "token_revoked", 401, "OpenID Connect Back-Channel Logout §2.7", "Log in again: somebody has logged out, here or at the server.";
    /// The token was used before, and is good for one use
    TokenReplayed = "token_replayed", 401, "OpenID Connect Back-Channel Logout §2.6", "Send a new one, with a new jti.";
    /// The authorization server could not be asked about the token
    IntrospectionFailed = "introspection_failed", 503, "RFC 7662 §2.3", "Try again. If it stays, the introspection endpoint has to be reachable from here and to answer in time.";
    /// The authorization server refuses this resource's own credentials
    IntrospectionUnauthorized = "introspection_unauthorized", 503, "RFC 7662 §2.3", "Compare the client identifier, its secret or key, and the way in which they are sent with what is registered at the server.";
    /// The authorization server's answer about the token is malformed
    IntrospectionResponseInvalid = "introspection_response_invalid", 503, "RFC 7662 §2.2", "Report it to the server's operator; the message says what is wrong with the answer.";
    /// The token lacks a scope that the resource needs
    InsufficientScope = "insufficient_scope", 403, "RFC 6750 §3.1", "Ask the user for the scope and get a new token.";
    /// The request's credentials are malformed
    RequestInvalid = "request_invalid", 400, "RFC 6750 §2.1", "Send exactly one token, in one place.";
    /// The server's metadata is malformed or about another issuer
    MetadataInvalid = "metadata_invalid", 503, "RFC 8414 §3.3", "Compare the issuer letter by letter with what its metadata says. What else is wrong there, the server's operator has to correct.";
    /// The server's metadata could not be fetched
    MetadataUnavailable = "metadata_unavailable", 503, "RFC 8414 §3", "Check that the issuer's /.well-known address answers with JSON, and that CORS allows it in a browser.";
    /// The authorization response belongs to no login under way in this tab
    StateMissing = "state_missing", 400, "RFC 6749 §10.12", "Start the login again: who has signed in meanwhile passes at once. A callback that is reloaded, bookmarked or opened in another tab cannot be used; returnTo says where its user wanted to be, if that is known here.";
    /// The authorization response carries another state
    StateMismatch = "state_mismatch", 400, "RFC 6749 §10.12", "Start the login again; somebody else's answer was put in place of yours.";
    /// The authorization response is malformed
    ResponseInvalid = "response_invalid", 400, "RFC 6749 §4.1.2", "Start the login again; report it to the server's operator if it stays.";
    /// The authorization response comes from another server
    ResponseIssuerMismatch = "response_issuer_mismatch", 400, "RFC 9207 §2.4", "Start the login again; the answer was not sent by the server that was asked.";
    /// The user or the server denied the request
    AccessDenied = "access_denied", 403, "RFC 6749 §4.1.2.1", "Nothing was shared. Start the login again to allow it.";
    /// The server refused the authorization request
    AuthorizationError = "authorization_error", 400, "RFC 6749 §4.1.2.1", "The server's own error is in found: correct what it names, or start the login again.";
    /// The token response is malformed
    TokenResponseInvalid = "token_response_invalid", 400, "RFC 6749 §5.1", "Report it to the server's operator.";
    /// The token endpoint refused the request
    TokenRequestFailed = "token_request_failed", 400, "RFC 6749 §5.2", "The server's own error is in found: correct what it names, or start the login again.";
    /// Nobody is logged in
    LoginRequired = "login_required", 401, "OpenID Connect Core §3.1.2.6", "Start a login that may ask the user: login.start() in JavaScript.";
    /// The session has ended
    SessionEnded = "session_ended", 401, "RFC 6749 §5.2", "Log in again: login.start() in JavaScript.";
    /// The key that the tokens are bound to is gone
    DpopKeyMissing = "dpop_key_missing", 401, "RFC 9449 §5", "Log in again: login.start() in JavaScript.";
    /// The DPoP proof is malformed
    DpopInvalid = "dpop_invalid", 401, "RFC 9449 §4.3", "Send exactly one DPoP proof, a JWT of type dpop+jwt with its public key in jwk.";
    /// The DPoP proof is for another HTTP method
    DpopMethodMismatch = "dpop_method_mismatch", 401, "RFC 9449 §4.3", "Make a proof for each request.";
    /// The DPoP proof is for another URL
    DpopUrlMismatch = "dpop_url_mismatch", 401, "RFC 9449 §4.3", "Make a proof for each request. An API behind a proxy has to know the origin that its clients use.";
    /// The DPoP proof is outside its time window
    DpopExpired = "dpop_expired", 401, "RFC 9449 §4.3", "Make a fresh proof for each request, and check both clocks.";
    /// The DPoP proof lacks the nonce that the server gave
    DpopNonceMismatch = "dpop_nonce_mismatch", 401, "RFC 9449 §4.3", "Repeat the request with the nonce of the last DPoP-Nonce header.";
    /// The DPoP proof was used before
    DpopReplayed = "dpop_replayed", 401, "RFC 9449 §11.1", "Make a fresh proof, with a new jti, for each request.";
    /// A store that decides about the request gave no answer
    StoreUnavailable = "store_unavailable", 503, "RFC 9110 §15.6.4", "Try again. If it stays, the store that this API asks, for example about used DPoP proofs, fails or takes too long.";
    /// The DPoP proof is for another access token
    DpopTokenMismatch = "dpop_token_mismatch", 401, "RFC 9449 §4.3", "Hash the access token of this very request into ath.";
    /// The DPoP proof is by another key than the token is bound to
    DpopKeyMismatch = "dpop_key_mismatch", 401, "RFC 9449 §6.1", "Sign with the key that the token was requested with.";
    /// The token is bound to a key, and came without the proof of it
    TokenBound = "token_bound", 401, "RFC 9449 §7.2", "Send a token that is bound by cnf.jkt by the scheme DPoP, with a proof by its key. A binding that is found here and not expected cannot be checked.";
    /// The token is bound to nothing, and this resource accepts only bound ones
    TokenUnbound = "token_unbound", 401, "RFC 9449 §7.2", "Send a token that is bound as expected: for DPoP, request it with a proof, and send it by the scheme DPoP with another; for x5t#S256, request it over a connection with the client certificate.";
    /// The client certificate is not the one that the token is bound to
    CertificateMismatch = "certificate_mismatch", 401, "RFC 8705 §3", "Open the connection with the certificate that the token was requested with. An API behind a proxy has to be told where the proxy puts it.";
    /// The PKCE code verifier is malformed
    PkceVerifierInvalid = "pkce_verifier_invalid", 400, "RFC 7636 §4.1", "Use 43 to 128 of the characters A-Z a-z 0-9 - . _ ~, at random for each login.";
    /// The PKCE code challenge is malformed
    PkceChallengeInvalid = "pkce_challenge_invalid", 400, "RFC 7636 §4.2", "Use the base64url of a SHA-256, 43 characters.";
    /// The PKCE method is not supported
    PkceMethodUnsupported = "pkce_method_unsupported", 400, "RFC 7636 §4.3", "Use S256.";
    /// Something failed inside; the next call works again
    Internal = "internal", 503, "", "Report it as a bug, without the token.";
}

impl ErrorCode {
    /// The address of the code's own page: the usual causes, and what to do about each. It is a file of the npm package
    /// of this version.
    pub fn help(self) -> String {
        format!("https://unpkg.com/countersign@{}/errors/{self}.md", env!("CARGO_PKG_VERSION"))
    }

    /// Whether nothing is known about the token or the request: the fault lies with us, or with what we need (RFC 9110
    /// §15.6.4).
    pub(crate) const fn is_outage(self) -> bool {
        self.status() == 503
    }

    /// Whether a DPoP proof was refused, not the token that it came with.
    pub(crate) const fn is_about_proof(self) -> bool {
        matches!(
            self,
            Self::DpopInvalid
                | Self::DpopMethodMismatch
                | Self::DpopUrlMismatch
                | Self::DpopExpired
                | Self::DpopNonceMismatch
                | Self::DpopReplayed
                | Self::DpopTokenMismatch
                | Self::DpopKeyMismatch
        )
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_snake_case() {
        for (i, code) in ErrorCode::ALL.iter().enumerate() {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            assert!(ErrorCode::ALL[..i].iter().all(|other| other.as_str() != code.as_str()));
            assert!(!code.meaning().starts_with(' ') && !code.remedy().is_empty());
        }
    }
}
