//! The JavaScript binding: it marshals, and decides nothing. One file a class or a family of functions.
//!
//! Options are read by js-sys, own properties only ([`options`]); answers leave by serde-wasm-bindgen ([`answers`]).
//! Tokens of the hot path go in, and claims come out, through a buffer in the core's memory ([`token_buffer`]).
//! What a function refuses is thrown: a `TypeError` for a wrong argument, or else a refusal with a tag of ours.

mod admission;
mod allocator;
mod answers;
mod assertion_key;
mod certificates;
mod claim_rules;
mod demand;
mod dpop;
mod dpop_key;
mod guard;
mod guard_answers;
mod guard_options;
mod introspection_options;
mod introspector;
mod issuer_entry;
mod issuer_table;
mod issuers;
mod jws;
mod key_options;
mod keys;
mod last;
mod login;
mod login_dpop;
mod login_request;
mod login_state;
mod login_step_up;
mod logout;
mod metadata;
mod nearest;
mod options;
mod outcome;
mod pkce;
mod policy;
mod policy_options;
mod policy_view;
mod questions;
mod refusals;
mod remote_key_set;
mod resource_metadata;
mod schema;
mod session;
mod session_effects;
mod thumbprint;
mod token_buffer;
mod token_places;
mod trusted_issuer;
mod userinfo;
mod verifier;
