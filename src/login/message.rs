//! What the tabs of one origin say to each other about a session that they share.

use alloc::{format, string::String};

use super::kept::{number, number_of, text_of};
use super::tokens::Tokens;
use crate::jose::json;
use crate::jose::json_text::ObjectText;

/// A message between tabs.
#[allow(clippy::large_enum_variant, reason = "one at a time")]
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Message {
    /// Has anybody tokens of this sign-in that are newer?
    Ask { lineage: String, generation: u32 },
    /// These are the tokens now.
    Tokens(Tokens),
    /// The session of this sign-in is over; of every one where none is named.
    Ended { lineage: Option<String> },
}

impl Message {
    pub(super) fn read(text: &str) -> Option<Self> {
        let value = json::parse(text.as_bytes()).ok()?;
        let object = value.as_object()?;
        let lineage = text_of(object, "lineage");
        let generation = || number_of(object, "generation").map(|number| number as u32);
        Some(match text_of(object, "type")?.as_str() {
            "ask" => Self::Ask { lineage: lineage?, generation: generation()? },
            "ended" => Self::Ended { lineage },
            "tokens" => Self::Tokens(Tokens {
                access_token: text_of(object, "accessToken").filter(|token| !token.is_empty())?,
                obtained_at: number_of(object, "obtainedAt")?,
                expires_at: number_of(object, "expiresAt"),
                refresh_token: text_of(object, "refreshToken"),
                id_token: text_of(object, "idToken"),
                checked_at: number_of(object, "checkedAt")?,
                subject: text_of(object, "subject"),
                nonce: text_of(object, "nonce"),
                scope: text_of(object, "scope")?,
                lineage: lineage?,
                generation: generation()?,
                jkt: text_of(object, "jkt"),
            }),
            _ => return None,
        })
    }

    pub(super) fn text(&self) -> String {
        let mut message = ObjectText::new();
        match self {
            Self::Ask { lineage, generation } => {
                message.text("type", "ask").text("lineage", lineage).json("generation", &format!("{generation}"))
            }
            Self::Ended { lineage } => optional(message.text("type", "ended"), "lineage", lineage.as_deref()),
            Self::Tokens(tokens) => {
                message.text("type", "tokens").text("lineage", &tokens.lineage);
                message.json("generation", &format!("{}", tokens.generation));
                message.text("accessToken", &tokens.access_token).text("scope", &tokens.scope);
                message.json("obtainedAt", &number(tokens.obtained_at)).json("checkedAt", &number(tokens.checked_at));
                if let Some(expires_at) = tokens.expires_at {
                    message.json("expiresAt", &number(expires_at));
                }
                optional(&mut message, "refreshToken", tokens.refresh_token.as_deref());
                optional(&mut message, "idToken", tokens.id_token.as_deref());
                optional(&mut message, "subject", tokens.subject.as_deref());
                optional(&mut message, "nonce", tokens.nonce.as_deref());
                optional(&mut message, "jkt", tokens.jkt.as_deref())
            }
        };
        message.finish()
    }
}

fn optional<'m>(message: &'m mut ObjectText, name: &str, text: Option<&str>) -> &'m mut ObjectText {
    match text {
        Some(text) => message.text(name, text),
        None => message,
    }
}
