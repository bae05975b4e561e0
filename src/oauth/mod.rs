//! The messages of OAuth 2.1 and OpenID Connect between client, authorization server and resource server, made and
//! judged: no message is sent or awaited here.

pub(crate) mod authorization_request;
pub(crate) mod authorization_response;
mod challenge;
pub(crate) mod demands;
pub(crate) mod dpop;
mod dpop_keys;
pub(crate) mod dpop_nonces;
pub(crate) mod dpop_proof;
mod error_response;
pub(crate) mod form;
pub(crate) mod introspection;
pub(crate) mod introspection_request;
pub(crate) mod logout_request;
pub(crate) mod logout_token;
pub(crate) mod metadata;
pub(crate) mod pkce;
pub(crate) mod pushed_request;
#[cfg(feature = "std")]
pub(crate) mod random;
pub(crate) mod refused_token;
pub(crate) mod scope;
pub(crate) mod step_up;
pub(crate) mod token_audience;
pub(crate) mod token_request;
pub(crate) mod token_response;
pub(crate) mod url;
pub(crate) mod userinfo;
