//! Countersign: one verdict on a token, the same in every runtime.
//!
//! A token goes in at [`Verifier::verify`] and a verdict comes out; `verifier` lists the steps. Every refusal has an
//! [`ErrorCode`] and the section of the rule that was broken. The rooms:
//!
//! | room | holds |
//! |---|---|
//! | `jose` | takes the token apart ([`UnverifiedToken`]), finds the trusted key ([`KeySet`]), checks the signature |
//! | `kernels` | the signature schemes, public as [`algorithms`] |
//! | `claims` | the claims, and the [`Policy`] that decides: for us, from whom, as what, now? |
//! | `verifier` | the steps of one verdict, for one issuer or several |
//! | `oauth` | what a client sends and reads: PKCE, metadata, requests and responses, DPoP proofs |
//! | `jwks` | an issuer's key set as it lives: [`RemoteKeySet`] says what to fetch, and when |
//! | `login` | a login as it lives: its requests under way, its session, its tabs |
//! | `resource_server` | one decision about a request, and its answer: [`ResourceServer`] |
//! | `testing` | an issuer for tests, behind the feature of that name |
//! | `rules`, `error` | every rule and every error code, with its section |
//!
//! Nothing here does I/O. Time and randomness are arguments; with the feature `std`, the operating system can give the
//! randomness.
//!
//! ```
//! use countersign::{Accepted, KeySet, Policy, Profile, UnixTime, Verifier};
//!
//! # fn main() -> Result<(), countersign::Error> {
//! let keys = KeySet::parse(br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
//! let issuer = Accepted::OneOf(vec!["https://auth.example.com".into()]);
//! let verifier = Verifier::new(Policy::new(Profile::Jwt, issuer, Accepted::Any), keys);
//!
//! let refusal = verifier.verify("not.a.token", UnixTime::from_seconds(1_700_000_000)).unwrap_err();
//! assert_eq!(refusal.code().as_str(), "base64url_invalid");
//! # Ok(())
//! # }
//! ```
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

/// The Rust of the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

pub mod algorithms;
mod claims;
mod error;
/// What the fuzz targets of `tests/fuzz` see of the inside; no other build has it.
#[cfg(fuzzing)]
pub mod fuzzing;
mod invalid_option;
mod jose;
mod jwks;
mod kernels;
pub mod login;
mod oauth;
mod resource_server;
mod rules;
#[cfg(feature = "testing")]
pub mod testing;
mod verifier;
#[cfg(feature = "wasm")]
mod wasm;

pub use claims::claim_rule::{ClaimRule, ClaimTest, ClaimValue};
pub use claims::claim_set::{Claims, decode_unverified};
pub use claims::explain::Explanation;
pub use claims::numeric_date::UnixTime;
pub use claims::policy::{Accepted, AuthorizedParty, Granted, Policy};
pub use claims::profile::Profile;
pub use claims::provider::Provider;
pub use error::{Error, ErrorCode};
pub use invalid_option::InvalidOption;
pub use jose::algorithm::Algorithm;
pub use jose::header::Header;
pub use jose::issuer_template::IssuerTemplate;
pub use jose::jwk::Key;
pub use jose::jws::{SignaturePolicy, verify_detached_signature, verify_signature};
pub use jose::key_set::{DroppedKey, KeySet};
pub use jose::thumbprint::{thumbprint, thumbprint_uri};
pub use jose::token::{DEFAULT_MAX_TOKEN_SIZE, UnverifiedToken, VerifiedToken};
pub use jwks::{
    Action, Answer as KeySetAnswer, Asker, Demand, Durations, IssuerDemand, IssuerLimit, IssuerLimits, IssuerTable,
    Judged, KeySource, Moment, News, Patience, Phase, RemoteKeySet, Report, Span, Status,
};
pub use login::clock::offset as clock_offset;
pub use login::nonces::NoncesByOrigin;
pub use login::silent::{
    Attempt as SilentAttempt, attempt as silent_attempt, hint as silent_hint, refused as silent_refused,
};
pub use login::step_ups::{
    done as step_up_done, may_begin as step_up_may_begin, name as step_up_name, repeatable as repeatable_address,
};
pub use login::transaction::{
    Answer as StateAnswer, MAX_APP_STATE, Match, Transaction, Transactions, state as transaction_state,
};
pub use oauth::authorization_request::{AuthorizationRequest, pushed_parameters};
pub use oauth::authorization_response::{ExpectedResponse, authorization_code};
pub use oauth::demands::{Demands, layered as layered_parameters};
pub use oauth::dpop::{MAX_JTI_LEN, Proof, ProofPolicy, verify_proof};
pub use oauth::dpop_nonces::{DpopNonce, Nonces};
pub use oauth::dpop_proof::{ProofAnswer, ProofKey, ProofRequest, repeats_proof, signed_proof};
pub use oauth::form::{form, with_query};
pub use oauth::introspection::{IntrospectionAnswer, IntrospectionResponse, introspection_answer};
pub use oauth::introspection_request::{AssertionKey, ClientAuthentication, IntrospectionClient, IntrospectionRequest};
pub use oauth::logout_request::LogoutRequest;
pub use oauth::logout_token::{
    EndedSessions, TokenSessions, ended_sessions, is_revoked, logout_answer, logout_token, token_sessions,
};
pub use oauth::metadata::{
    AuthorizationServerMetadata, Purpose, better_failure, metadata_unreachable, well_known_urls,
};
pub use oauth::pkce::{Pkce, challenge as pkce_challenge, verify as verify_pkce};
pub use oauth::pushed_request::{PushedRequest, pushed_request};
#[cfg(feature = "std")]
pub use oauth::random::random_token;
pub use oauth::refused_token::refuses_token;
pub use oauth::scope::scope_tokens;
pub use oauth::step_up::StepUp;
pub use oauth::token_audience::may_see_token;
pub use oauth::token_request::{TokenRequest, revocation_parameters};
pub use oauth::token_response::{
    Grant, PreviousGrant, TokenResponse, answer_to, same_nonce, same_subject, token_response,
};
pub use oauth::url::is_secure as is_secure_url;
pub use oauth::userinfo::{check_subject as check_userinfo_subject, check_userinfo, is_about_user, signed_userinfo};
pub use resource_server::ResourceServer;
pub use resource_server::authorize::{Authorized, Request};
pub use resource_server::binding::bound_key;
pub use resource_server::certificate::ClientCertificate;
pub use resource_server::challenge::{ChallengeParameters, challenge as bearer_challenge};
pub use resource_server::credentials::{
    Scheme, cookies, credentials, from_places as credentials_from_places, proof as dpop_proof, subprotocol_token,
};
pub use resource_server::error_response::Answer;
pub use resource_server::introspections::{Introspected, IntrospectionLimits, Introspections};
pub use resource_server::metadata::MetadataAnswer;
pub use resource_server::metadata_members::MetadataMembers;
pub use resource_server::questions::{Question, Reply};
pub use resource_server::settings::{DpopSettings, MetadataLocation, MtlsSettings, ResourceSettings};
pub use rules::{Check, CheckStatus};
pub use verifier::{Lack, TrustedIssuer, Verifier};
