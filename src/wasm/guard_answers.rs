//! What a guard gives the shell besides verdicts.

use std::{string::String, vec::Vec};

use serde::Serialize;

/// An answer as the shell gives it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub status: u16,
    pub www_authenticate: Option<String>,
    pub dpop_nonce: Option<String>,
    pub retry_after: Option<u32>,
    pub body: String,
}

/// The client and the scope of a token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Granted {
    pub client_id: Option<String>,
    pub scopes: Vec<String>,
}

/// The answer to a request for the resource's metadata.
#[derive(Serialize)]
pub(super) struct MetadataAnswer<'m> {
    pub status: u16,
    pub headers: &'m [(&'static str, &'static str)],
    pub body: Option<&'m str>,
}
