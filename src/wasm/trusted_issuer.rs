//! One trusted issuer: its policy, its keys or where they come from.

use std::{string::String, vec::Vec};

use super::issuer_entry::{KEY_NAMES, Layers};
use super::key_options::{KeyOptions, KeySource, durations};
use super::options::{Read, wrong};
use super::policy::NO_TENANTS;
use super::policy_options::{policy_of, provider};
use crate::claims::policy::{Accepted, Policy};
use crate::claims::profile::Profile;
use crate::jose::key_set::KeySet;
use crate::verifier::TrustedIssuer;

/// The policy of an issuer and its keys. One that accepts no issuer is what is known before issuers are asked about.
pub(super) fn trusted_issuer(
    layers: Layers<'_>,
    issuer: Accepted,
    default: Profile,
) -> Read<(TrustedIssuer, KeySource)> {
    let is_whole = issuer != Accepted::OneOf(Vec::new());
    let policy = policy_of(layers, issuer, default, is_whole)?;
    if is_whole {
        check_tenants(layers, &policy)?;
    }
    let (keys, source) = key_source(layers, &policy)?;
    if let Some(own) = layers.own
        && keys.is_some()
        && own.get("keySets")?.is_some()
    {
        return Err(wrong(&own.path("keySets"), "has no effect: the keys are given, and nothing is fetched"));
    }
    Ok((TrustedIssuer { policy, keys }, source))
}

/// Which tenants are ours has to be said: a provider gives tokens for our audience to every tenant that asks.
fn check_tenants(layers: Layers<'_>, policy: &Policy) -> Read<()> {
    let at = layers.of(&["anyTenant"])?;
    let any = at.flag("anyTenant")?.unwrap_or(false);
    let is_own = layers.own.is_some_and(|own| core::ptr::eq(own, at));
    match policy.knows_tenants() {
        true if any && is_own => Err(wrong(&at.path("anyTenant"), NO_TENANTS)),
        false if !any => Err(wrong(
            &layers.of(&["claims"])?.path("claims"),
            "expected a rule about each claim of the issuer, which says whose tokens are ours; or anyTenant: true",
        )),
        _ => Ok(()),
    }
}

/// The keys of an issuer, or where they come from.
pub(super) fn key_source(layers: Layers<'_>, policy: &Policy) -> Read<(Option<KeySet>, KeySource)> {
    let mut keys = KeyOptions::read(layers.of(&KEY_NAMES)?)?;
    let issuer = match &policy.issuer {
        Accepted::OneOf(names) => names.first().map(String::as_str),
        Accepted::Template(template) => Some(template.as_str()),
        Accepted::Any => None,
    };
    if keys.is_none()
        && let (Some(provider), Some(issuer)) = (provider(layers.of(&["provider"])?)?, issuer)
    {
        keys = KeyOptions::at(provider.jwks_uri(issuer));
    }
    keys.source(&policy.issuer, durations(layers.of(&["keySets"])?)?)
}
