//! The rules once more, in a few lines and from the RFCs: the code that a scene must get, or `None`
//! if it must be accepted. It reads the scene, not the token.

use std::cmp::Ordering;

use countersign::{Accepted, AuthorizedParty, Profile};

use crate::decimal::{self, Units};
use crate::scene::{Claim, Extension, Scene, Signature, half_hash};

pub fn code(scene: &Scene) -> Option<&'static str> {
    header(scene).or_else(|| signature(scene)).or_else(|| claims(scene)).or_else(|| times(scene)).or_else(|| {
        match scene.profile {
            Profile::AccessToken => foreign(scene).or_else(|| party(scene)),
            Profile::IdToken => foreign(scene).or_else(|| party(scene)).or_else(|| requested(scene)),
            Profile::LogoutToken => logout_token(scene).or_else(|| party(scene)),
            _ => party(scene),
        }
        .or_else(|| authentication(scene))
        .or_else(|| scope(scene))
    })
}

fn when(refused: bool, code: &'static str) -> Option<&'static str> {
    refused.then_some(code)
}

fn header(scene: &Scene) -> Option<&'static str> {
    let policy = &scene.policy;
    let allowed = match &policy.algorithms {
        None => !scene.algorithm.starts_with("HS"),
        Some(list) => list.iter().any(|algorithm| algorithm.name() == scene.algorithm),
    };
    when(scene.token.len() > policy.max_token_size, "token_too_large")
        .or_else(|| match scene.extension {
            Extension::NamedPayload => Some("header_invalid"),
            Extension::EmptyCrit
            | Extension::AbsentCrit
            | Extension::RegisteredCrit
            | Extension::DoubleCrit
            | Extension::TextCrit => Some("crit_invalid"),
            Extension::CriticalExtension => when(policy.crit.is_empty(), "crit_unsupported"),
            Extension::UnencodedPayload => Some("b64_unsupported"),
            _ => None,
        })
        .or_else(|| when(!allowed, "alg_not_allowed"))
        .or_else(|| when(!type_fits(scene), "typ_mismatch"))
}

fn type_fits(scene: &Scene) -> bool {
    // RFC 7515 §4.1.9: a value without a slash has "application/" before it.
    let full = |typ: &str| {
        let typ = typ.to_ascii_lowercase();
        if typ.contains('/') { typ } else { format!("application/{typ}") }
    };
    let among = |wanted: &[&str]| scene.typ.is_some_and(|typ| wanted.iter().any(|one| full(one) == full(typ)));
    match (&scene.policy.typ, scene.profile) {
        (Some(types), _) => types.is_empty() || among(&types.iter().map(String::as_str).collect::<Vec<_>>()),
        (None, Profile::AccessToken) => among(&["at+jwt"]),
        (None, Profile::IdToken) => scene.typ.is_none() || among(&["JWT"]),
        (None, Profile::LogoutToken) => scene.typ.is_none() || among(&["logout+jwt", "JWT"]),
        (None, _) => true,
    }
}

fn signature(scene: &Scene) -> Option<&'static str> {
    match scene.signature {
        Signature::Valid | Signature::ValidToo | Signature::ValidAsWell => None,
        Signature::Missing => Some("signature_missing"),
        Signature::Flipped(_) | Signature::Shortened | Signature::Lengthened => Some("signature_invalid"),
    }
}

fn claim<'s>(scene: &'s Scene, name: &str) -> Option<&'s Claim> {
    scene.claims.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// The text of a claim that is a string, if it is there.
fn text(scene: &Scene, name: &str) -> Option<String> {
    match claim(scene, name)? {
        Claim::Text(text) => Some(text.0.clone()),
        Claim::Hash(text) => Some(half_hash(scene.algorithm, &text.0)),
        _ => None,
    }
}

fn is_text(scene: &Scene, name: &str) -> bool {
    claim(scene, name).is_none() || text(scene, name).is_some()
}

fn is_date(scene: &Scene, name: &str) -> bool {
    match claim(scene, name) {
        None => true,
        Some(Claim::Number(number)) => decimal::is_date(&number.0),
        Some(_) => false,
    }
}

/// The members of `aud`, if it is one string or an array of strings.
fn audience(scene: &Scene) -> Option<Vec<String>> {
    match claim(scene, "aud") {
        None => Some(Vec::new()),
        Some(Claim::Texts(texts)) => Some(texts.iter().map(|text| text.0.clone()).collect()),
        Some(_) => text(scene, "aud").map(|text| vec![text]),
    }
}

fn claims(scene: &Scene) -> Option<&'static str> {
    let policy = &scene.policy;
    let mut names: Vec<&str> = scene.claims.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    let duplicate = names.windows(2).any(|pair| pair[0] == pair[1]);
    let typed = ["exp", "nbf", "iat"].iter().all(|name| is_date(scene, name))
        && ["iss", "sub", "jti"].iter().all(|name| is_text(scene, name))
        && audience(scene).is_some();
    let (required, texts): (&[&str], &[&str]) = match scene.profile {
        Profile::AccessToken => {
            (&["iss", "exp", "aud", "sub", "client_id", "iat", "jti"], &["client_id", "scope", "acr"])
        }
        Profile::IdToken => (&["iss", "sub", "aud", "exp", "iat"], &["nonce", "azp", "at_hash", "c_hash", "acr"]),
        Profile::LogoutToken => (&["iss", "aud", "iat", "exp", "jti", "events"], &["sid"]),
        _ => (&[], &[]),
    };
    let missing = |name: &str| claim(scene, name).is_none();
    let absent = required.iter().any(|name| missing(name))
        || policy.required_claims.iter().any(|name| missing(name))
        || (policy.issuer != Accepted::Any && missing("iss"))
        || (policy.audience != Accepted::Any && missing("aud"))
        || (policy.subject.is_some() && missing("sub"))
        || (policy.max_token_age.is_some() && missing("iat"))
        || (matches!(policy.authorized_party, AuthorizedParty::OneOf(_)) && missing(client(scene)));
    let issuer = |issuers: &[String]| text(scene, "iss").is_some_and(|issuer| issuers.contains(&issuer));
    // OpenID Connect Core §3.1.3.7 (3): in an ID token every further audience is a trusted one.
    let untrusted = |ours: &[String], theirs: &[String]| {
        scene.profile == Profile::IdToken
            && theirs.iter().any(|one| !ours.contains(one) && !policy.trusted_audiences.contains(one))
    };
    let meant = |ours: &[String]| {
        audience(scene).is_some_and(|theirs| theirs.iter().any(|one| ours.contains(one)) && !untrusted(ours, &theirs))
    };
    let deep = scene.claims.iter().any(|(_, value)| value.depth() > 63);
    when(deep, "json_too_deep")
        .or_else(|| when(duplicate, "json_duplicate_member"))
        .or_else(|| when(!typed, "claim_invalid"))
        .or_else(|| when(absent, "claim_missing"))
        .or_else(|| when(!texts.iter().all(|name| is_text(scene, name)), "claim_invalid"))
        .or_else(|| match &policy.issuer {
            Accepted::OneOf(issuers) if !issuer(issuers) => Some("issuer_mismatch"),
            _ => None,
        })
        .or_else(|| match &policy.audience {
            Accepted::OneOf(audiences) if !meant(audiences) => Some("audience_mismatch"),
            _ => None,
        })
        .or_else(|| when(policy.subject.is_some() && text(scene, "sub") != policy.subject, "subject_mismatch"))
}

fn compare(scene: &Scene, name: &str, moment: Units) -> Option<Ordering> {
    match claim(scene, name)? {
        Claim::Number(number) => Some(decimal::compare(&number.0, moment)),
        _ => None,
    }
}

fn times(scene: &Scene) -> Option<&'static str> {
    let (early, late) = (scene.now - scene.tolerance, scene.now + scene.tolerance);
    let expired = compare(scene, "exp", early).is_some_and(Ordering::is_le);
    let future = compare(scene, "nbf", late).is_some_and(Ordering::is_gt);
    when(expired, "token_expired").or_else(|| when(future, "token_not_yet_valid")).or_else(|| {
        let age = scene.max_token_age?;
        when(compare(scene, "iat", late).is_some_and(Ordering::is_gt), "token_issued_in_future")
            .or_else(|| when(compare(scene, "iat", early - age).is_some_and(Ordering::is_lt), "token_too_old"))
    })
}

/// Whether the logout event is in `events`, and whether its value is an object.
fn logout_event(scene: &Scene) -> Option<bool> {
    match claim(scene, "events")? {
        Claim::Logout(object) => Some(*object),
        Claim::Object(member) if member.0.0 == crate::scene::LOGOUT_EVENT => {
            Some(matches!(member.1, Claim::Logout(_) | Claim::Object(_)))
        }
        _ => None,
    }
}

fn foreign(scene: &Scene) -> Option<&'static str> {
    when(logout_event(scene).is_some(), "claim_forbidden")
}

fn logout_token(scene: &Scene) -> Option<&'static str> {
    when(claim(scene, "nonce").is_some(), "claim_forbidden")
        .or_else(|| when(logout_event(scene) != Some(true), "claim_invalid"))
        .or_else(|| when(claim(scene, "sub").is_none() && claim(scene, "sid").is_none(), "claim_missing"))
}

/// The claim that names the client: RFC 9068 §2.2, OpenID Connect Core §2.
fn client(scene: &Scene) -> &'static str {
    if scene.profile == Profile::AccessToken { "client_id" } else { "azp" }
}

fn party(scene: &Scene) -> Option<&'static str> {
    let (accepted, required) = match &scene.policy.authorized_party {
        AuthorizedParty::Unchecked => return None,
        AuthorizedParty::OneOf(accepted) => (accepted, true),
        AuthorizedParty::IfPresent(accepted) => (accepted, false),
    };
    if !is_text(scene, client(scene)) {
        return Some("claim_invalid");
    }
    match text(scene, client(scene)) {
        None => when(required, "claim_missing"),
        Some(found) => when(!accepted.contains(&found), "authorized_party_mismatch"),
    }
}

/// What an ID token says about the request that it answers.
fn requested(scene: &Scene) -> Option<&'static str> {
    let policy = &scene.policy;
    let hash_fits = |name: &str, value: &Option<String>| match (value, text(scene, name)) {
        (Some(value), Some(hash)) => hash == half_hash(scene.algorithm, value),
        _ => true,
    };
    let without_hash = policy.authorization_code.is_some() && text(scene, "c_hash").is_none();
    let nonce = policy.nonce.as_ref().and_then(|nonce| match text(scene, "nonce") {
        None => Some("claim_missing"),
        Some(found) => when(found != *nonce, "nonce_mismatch"),
    });
    nonce
        .or_else(|| when(!hash_fits("at_hash", &policy.access_token), "at_hash_mismatch"))
        .or_else(|| when(without_hash, "claim_missing"))
        .or_else(|| when(!hash_fits("c_hash", &policy.authorization_code), "c_hash_mismatch"))
}

/// How the user has logged in. An ID token has to say what was asked for (OpenID Connect Core §3.1.2.1, §5.5.1.1); any other
/// token that does not say it needs another login (RFC 9470 §3).
fn authentication(scene: &Scene) -> Option<&'static str> {
    let is_id_token = scene.profile == Profile::IdToken;
    let unsaid = |code| Some(if is_id_token { "claim_missing" } else { code });
    let is_read = is_id_token || scene.max_age.is_some();
    when(is_read && !is_date(scene, "auth_time"), "claim_invalid")
        .or_else(|| {
            let oldest = scene.now - scene.tolerance - scene.max_age?;
            match compare(scene, "auth_time", oldest) {
                None => unsaid("auth_time_too_old"),
                Some(order) => when(order.is_lt(), "auth_time_too_old"),
            }
        })
        .or_else(|| {
            let contexts = scene.policy.acr.as_ref()?;
            if !is_text(scene, "acr") {
                return Some("claim_invalid");
            }
            match text(scene, "acr") {
                None => unsaid("acr_mismatch"),
                Some(found) => when(!contexts.contains(&found), "acr_mismatch"),
            }
        })
}

fn scope(scene: &Scene) -> Option<&'static str> {
    if scene.policy.scopes.is_empty() {
        return None;
    }
    if !is_text(scene, "scope") {
        return Some("claim_invalid");
    }
    let granted = text(scene, "scope").unwrap_or_default();
    let granted: Vec<&str> = granted.split(' ').collect();
    // Each value of a policy may itself be several scopes (RFC 6749 §3.3).
    let mut needed = scene.policy.scopes.iter().flat_map(|scope| scope.split(' ')).filter(|scope| !scope.is_empty());
    when(!needed.all(|needed| granted.contains(&needed)), "insufficient_scope")
}
