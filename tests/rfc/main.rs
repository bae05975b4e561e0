//! One file an RFC: its examples, and what it says MUST be refused.

mod openid_connect_core;
mod rfc6750;
mod rfc7468;
mod rfc7515;
mod rfc7517;
mod rfc7519;
mod rfc7636;
mod rfc7638;
mod rfc7662;
mod rfc7797;
mod rfc8414;
mod rfc8705;
mod rfc8725;
mod rfc9068;
mod rfc9207;
mod rfc9449;
mod rfc9470;
mod rfc9728;
