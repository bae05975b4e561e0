//! Who issued the token, for whom, about whom, and to whom (RFC 7519 §4.1.1 to §4.1.3, OpenID Connect Core §2).

use alloc::{format, string::String, vec::Vec};

use super::{Policy, is_one_of};
use crate::claims::claim_set::{Claims, display_claim};
use crate::claims::profile::Profile;
use crate::error::{Error, ErrorCode, joined};
use crate::jose::issuer_template::IssuerTemplate;
use crate::jose::json::Value;
use crate::rules::{Evidence, Rule, Trace};

/// The accepted values of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// The caller has said that the claim is not to be checked.
    Any,
    /// Exactly one of these, letter by letter.
    OneOf(Vec<String>),
    /// For an issuer only: this template, filled with the token's own claims once its signature holds.
    Template(IssuerTemplate),
}

/// Which clients a token may have been issued to, as `azp` names them (OpenID Connect Core §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AuthorizedParty {
    /// `azp` is not compared: the audience decides (OpenID Connect Core §3.1.3.7 (4), errata set 2).
    #[default]
    Unchecked,
    /// `azp` has to be present, and one of these.
    OneOf(Vec<String>),
    /// Where `azp` is present it has to be one of these, as a client checks that an ID token is its own.
    IfPresent(Vec<String>),
}

impl Policy {
    pub(super) fn check_audience(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        if self.audience_or_client && self.audience.is_checked() && !claims.contains("aud") {
            return self.check_client_as_audience(claims, trace);
        }
        let members = claims.audience_members()?.unwrap_or_default();
        let ours = |member: &Value<'_>| self.audience.accepts(member.as_str());
        let holds = !self.audience.is_checked() || members.iter().any(ours);
        // OpenID Connect Core §3.1.3.7 (3): additional audiences that are not trusted refuse an ID token.
        let untrusted = |member: &Value<'_>| {
            !ours(member) && !is_one_of(member.as_str().unwrap_or_default(), &self.trusted_audiences)
        };
        if holds
            && self.profile == Profile::IdToken
            && let Some(other) = members.iter().find(|member| untrusted(member)).and_then(Value::as_str)
        {
            return trace.judge_by(
                Rule::Audience,
                Some(self.profile.facts().spec),
                false,
                ErrorCode::AudienceMismatch,
                || Evidence::new(other, format!("only {} and trusted audiences", self.audience.describe())),
            );
        }
        trace.judge(Rule::Audience, holds, ErrorCode::AudienceMismatch, || {
            Evidence::new(display_claim(claims, "aud"), self.audience.describe())
        })
    }

    fn check_client_as_audience(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let client = self.client(claims).map_err(|error| trace.refuse(Rule::Audience, error))?;
        trace.judge(Rule::Audience, self.audience.accepts(client), ErrorCode::AudienceMismatch, || {
            let found = format!("no aud, and the client {}", client.unwrap_or("nothing"));
            Evidence::new(found, self.audience.describe())
        })
    }

    /// The client that the token was issued to.
    pub(super) fn client<'c>(&self, claims: &'c Claims<'_>) -> Result<Option<&'c str>, Error> {
        self.client_claim(claims).map_or(Ok(None), |name| claims.text(name))
    }

    /// The claim that names it.
    fn client_claim(&self, claims: &Claims<'_>) -> Option<&str> {
        self.client_claims.iter().map(String::as_str).find(|name| claims.contains(name))
    }

    pub(super) fn check_subject(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let Some(subject) = &self.subject else { return Ok(()) };
        let holds = claims.text("sub")? == Some(subject);
        trace.judge(Rule::Subject, holds, ErrorCode::SubjectMismatch, || {
            Evidence::new(display_claim(claims, "sub"), subject)
        })
    }

    pub(super) fn check_authorized_party(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let (accepted, required) = match &self.authorized_party {
            AuthorizedParty::Unchecked => return Ok(()),
            AuthorizedParty::OneOf(accepted) => (accepted, true),
            AuthorizedParty::IfPresent(accepted) => (accepted, false),
        };
        let party = self.client(claims).map_err(|error| trace.refuse(Rule::AuthorizedParty, error))?;
        let holds = party.map_or(!required, |party| is_one_of(party, accepted));
        let judged = trace.judge(Rule::AuthorizedParty, holds, ErrorCode::AuthorizedPartyMismatch, || {
            let mut expected = joined(accepted, " or ");
            if !required {
                expected.push_str(" or nothing");
            }
            Evidence::new(party.unwrap_or("nothing"), expected)
        });
        judged.map_err(|error| {
            error.claim(self.client_claim(claims).or(self.client_claims.first().map(String::as_str)).unwrap_or("azp"))
        })
    }
}

impl Accepted {
    pub(crate) fn is_checked(&self) -> bool {
        !matches!(self, Self::Any)
    }

    /// Whether a claim's text, or its absence, is accepted.
    pub(super) fn accepts(&self, text: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(accepted) => text.is_some_and(|text| is_one_of(text, accepted)),
            Self::Template(_) => false,
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Any => String::from("any (the policy does not check it)"),
            Self::OneOf(values) => joined(values, " or "),
            Self::Template(template) => template.describe(),
        }
    }
}
