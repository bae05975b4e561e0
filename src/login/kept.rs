//! What of a session outlives the page: never the access token.

use alloc::{format, string::String};

use super::tokens::Tokens;
use crate::jose::json::{self, Object, Value};
use crate::jose::json_text::ObjectText;

/// What a store holds of a session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) refresh_token: String,
    pub(super) id_token: Option<String>,
    pub(super) checked_at: f64,
    pub(super) subject: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
    pub(super) lineage: String,
    pub(super) generation: u32,
    /// The thumbprint of the key without which the refresh token is of no use (RFC 9449 §5).
    pub(super) jkt: Option<String>,
}

impl Kept {
    /// What is kept of these tokens; none where there is no refresh token.
    pub(super) fn of(tokens: &Tokens) -> Option<Self> {
        Some(Self {
            refresh_token: tokens.refresh_token.clone()?,
            id_token: tokens.id_token.clone(),
            checked_at: tokens.checked_at,
            subject: tokens.subject.clone(),
            nonce: tokens.nonce.clone(),
            scope: tokens.scope.clone(),
            lineage: tokens.lineage.clone(),
            generation: tokens.generation,
            jkt: tokens.jkt.clone(),
        })
    }

    /// Reads an entry of the store. Whoever else has written there has written nothing.
    pub(super) fn read(text: &str) -> Option<Self> {
        let value = json::parse(text.as_bytes()).ok()?;
        let object = value.as_object()?;
        Some(Self {
            refresh_token: text_of(object, "refreshToken").filter(|token| !token.is_empty())?,
            id_token: text_of(object, "idToken"),
            checked_at: number_of(object, "checkedAt").unwrap_or_default(),
            subject: text_of(object, "subject"),
            nonce: text_of(object, "nonce"),
            scope: text_of(object, "scope").unwrap_or_default(),
            // Entries of versions that knew no tabs have no name: they are a sign-in of their own.
            lineage: text_of(object, "lineage").unwrap_or_default(),
            generation: number_of(object, "generation").unwrap_or_default() as u32,
            jkt: text_of(object, "jkt"),
        })
    }

    /// The text of the entry.
    pub(super) fn text(&self) -> String {
        let mut entry = ObjectText::new();
        entry.text("refreshToken", &self.refresh_token).text("scope", &self.scope).text("lineage", &self.lineage);
        entry.json("checkedAt", &number(self.checked_at)).json("generation", &format!("{}", self.generation));
        let optional =
            [("idToken", &self.id_token), ("subject", &self.subject), ("nonce", &self.nonce), ("jkt", &self.jkt)];
        for (name, text) in optional {
            if let Some(text) = text {
                entry.text(name, text);
            }
        }
        entry.finish()
    }
}

pub(super) fn text_of(object: &Object<'_>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(String::from)
}

/// A whole number that is not negative: a moment in seconds since 1970, a count.
pub(super) fn number_of(object: &Object<'_>, name: &str) -> Option<f64> {
    match object.get(name) {
        Some(Value::Number(text)) => text.parse().ok().map(|number: u32| f64::from(number)),
        _ => None,
    }
}

/// Such a number as JSON.
pub(super) fn number(number: f64) -> String {
    format!("{}", number.max(0.0) as u32)
}
