//! What a guard gives the shell besides verdicts.

use std::{string::String, vec::Vec};

use serde::Serialize;

use crate::claims::policy::Granted;

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

/// To whom a token was issued, for what, and until when.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Grant {
    pub client_id: Option<String>,
    pub scopes: Vec<String>,
    pub expires_at: Option<f64>,
}

impl From<Granted> for Grant {
    fn from(Granted { client, scopes, expires_at }: Granted) -> Self {
        Self { client_id: client, scopes, expires_at: expires_at.map(|seconds| seconds as f64) }
    }
}

/// The answer to a request for the resource's metadata.
#[derive(Serialize)]
pub(super) struct MetadataAnswer<'m> {
    pub status: u16,
    pub headers: &'m [(&'static str, &'static str)],
    pub body: Option<&'m str>,
}
