//! The options that one issuer's policy is read from.

use std::{format, string::String, vec::Vec};

use super::claim_rules::claim_rules;
use super::issuer_entry::Layers;
use super::options::{Options, Read, wrong};
use super::token_buffer::MAX_INPUT_LEN;
use crate::claims::policy::{Accepted, AuthorizedParty, Policy};
use crate::claims::profile::Profile;
use crate::claims::provider::{PROVIDERS, Provider};
use crate::error::bounded;
use crate::jose::algorithm::Algorithm;
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;

/// What only the rules of an ID token read (OpenID Connect Core §3.1.3.7).
pub(super) const ID_TOKEN_NAMES: [&str; 4] = ["nonce", "accessToken", "code", "trustedAudiences"];

/// What the rules about a login read, which made an ID token or an access token (RFC 9470).
const LOGIN_NAMES: [&str; 2] = ["maxAge", "acr"];

/// The policy for one issuer. `is_whole`: what has to be given cannot be given later.
pub(super) fn policy_of(layers: Layers<'_>, issuer: Accepted, default: Profile, is_whole: bool) -> Read<Policy> {
    let at = |name: &str| layers.of(&[name]);
    let named = profile(at("profile")?)?;
    let mut policy = Policy::new(named.unwrap_or(default), issuer, Accepted::Any);
    if let Some(own) = layers.own {
        refuse_without_effect(own, policy.profile)?;
    }
    let provider = provider(at("provider")?)?;
    // Some providers' tokens have no audience: something else shows that they are ours.
    let needs_audience = is_whole && provider.is_none_or(|provider| provider.has_audience(policy.profile));
    let audience = at("audience")?;
    if audience.get("audience")?.is_some() || needs_audience {
        policy.audience = accepted(audience, "audience")?;
    }
    let strings = |name: &str| at(name)?.strings(name);
    policy.trusted_audiences = strings("trustedAudiences")?.unwrap_or_default();
    if let Some(parties) = strings("authorizedParty")? {
        policy.authorized_party = AuthorizedParty::OneOf(parties);
    }
    policy.algorithms = algorithms(at("algorithms")?)?;
    policy.typ = match at("typ")?.get("typ")? {
        Some(typ) if typ.is_null() => Some(Vec::new()),
        _ => strings("typ")?,
    };
    policy.subject = at("subject")?.string("subject")?;
    policy.clock_tolerance = at("clockTolerance")?.seconds("clockTolerance")?.unwrap_or(policy.clock_tolerance);
    policy.max_token_age = at("maxTokenAge")?.seconds("maxTokenAge")?;
    policy.required_claims = strings("requiredClaims")?.unwrap_or(policy.required_claims);
    policy.crit = strings("crit")?.unwrap_or_default();
    policy.max_token_size = max_token_size(layers.shared)?;
    policy.nonce = layers.shared.string("nonce")?;
    policy.access_token = layers.shared.string("accessToken")?;
    policy.authorization_code = layers.shared.string("code")?;
    policy.max_authentication_age = at("maxAge")?.seconds("maxAge")?;
    policy.acr = strings("acr")?;
    policy.scopes = strings("scope")?.unwrap_or_default();
    policy.any_scopes = strings("anyScope")?.unwrap_or_default();
    policy.claim_rules = claim_rules(at("claims")?)?;
    if let Some(provider) = provider.filter(|_| is_whole) {
        let completed = provider.complete(&mut policy, named.is_some());
        if let Err(error) = completed {
            return Err(wrong(&at(&error.name)?.path(&error.name), error.expected));
        }
        provider.complete_issuer(&mut policy.issuer);
    }
    Ok(policy)
}

/// An option without effect is refused: the caller believes that it is checked.
pub(super) fn refuse_without_effect(options: &Options, profile: Profile) -> Read<()> {
    let refuse = |names: &[&str], needed: &str| {
        for name in names {
            if options.get(name)?.is_some() {
                let what = format!("has no effect with the profile {}; it needs profile: {needed}", profile.name());
                return Err(wrong(&options.path(name), &what));
            }
        }
        Ok(())
    };
    if profile == Profile::LogoutToken {
        refuse(&LOGIN_NAMES, "\"access-token\" or \"id-token\"")?;
    }
    if profile != Profile::IdToken { refuse(&ID_TOKEN_NAMES, "\"id-token\"") } else { Ok(()) }
}

/// An option that has to be given, and may be `null` to say that the claim is not checked.
fn accepted(options: &Options, name: &str) -> Read<Accepted> {
    let path = options.path(name);
    match options.get(name)? {
        None => Err(wrong(&path, "required; pass null to say that it is not checked")),
        Some(value) if value.is_null() => Ok(Accepted::Any),
        Some(_) => match options.strings(name)?.unwrap_or_default() {
            values if values.is_empty() => Err(wrong(&path, "expected at least one value")),
            values => Ok(Accepted::OneOf(values)),
        },
    }
}

/// The provider whose tokens are expected.
pub(super) fn provider(options: &Options) -> Read<Option<&'static Provider>> {
    let Some(name) = options.string("provider")? else { return Ok(None) };
    let known = || {
        let names: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
        wrong(&options.path("provider"), &format!("expected one of {}", names.join(", ")))
    };
    Provider::from_name(&name).map(Some).ok_or_else(known)
}

pub(super) fn profile(options: &Options) -> Read<Option<Profile>> {
    let Some(name) = options.string("profile")? else { return Ok(None) };
    let expected = "expected jwt, access-token, id-token or logout-token";
    Profile::from_name(&name).map(Some).ok_or_else(|| wrong(&options.path("profile"), expected))
}

pub(super) fn algorithms(options: &Options) -> Read<Option<Vec<Algorithm>>> {
    let Some(names) = options.strings("algorithms")? else { return Ok(None) };
    let known = |name: &String| {
        let unknown = || wrong(&options.path("algorithms"), &format!("unknown algorithm {}", bounded(name)));
        Algorithm::from_name(name).ok_or_else(unknown)
    };
    names.iter().map(known).collect::<Read<_>>().map(Some)
}

pub(super) fn max_token_size(options: &Options) -> Read<usize> {
    Ok(options.integer("maxTokenSize", MAX_INPUT_LEN)?.unwrap_or(DEFAULT_MAX_TOKEN_SIZE))
}
