//! What `explain` tells besides the verdict: which rules a policy has, and what each compared.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{
    Accepted, Algorithm, AuthorizedParty, Check, CheckStatus, Error, Explanation, Key, KeySet, Policy, Profile,
    UnixTime, Verifier,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const NOW: u32 = 1_800_000_000;
const SECRET: [u8; 32] = *b"a secret of thirty-two octets!!!";
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A token, signed with the secret that [`explain`] trusts.
fn token(header: &str, claims: &str) -> String {
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let input = format!("{}.{}", encode(header), encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes()))
}

fn policy(profile: Profile) -> Policy {
    let one = |value: &str| Accepted::OneOf(vec![value.into()]);
    let mut policy = Policy::new(profile, one("ann"), one("shop"));
    policy.algorithms = Some(vec![Algorithm::Hs256]);
    policy
}

fn explain(policy: Policy, token: &str) -> Explanation {
    let mut keys = KeySet::default();
    keys.add(Key::from_secret(SECRET.to_vec()).unwrap());
    Verifier::new(policy, keys).explain(token, UnixTime::from_seconds(NOW))
}

/// The claims of an ID token, and more.
fn claims(more: &str) -> String {
    format!(r#"{{"iss":"ann","aud":"shop","sub":"u","exp":1800000300,"iat":1799999900{more}}}"#)
}

fn names(policy: Policy) -> Vec<&'static str> {
    explain(policy, "").checks.iter().map(|check| check.name).collect()
}

/// The names that a change of the policy adds.
fn added(profile: Profile, change: impl FnOnce(&mut Policy)) -> Vec<&'static str> {
    let before = names(policy(profile));
    let mut changed = policy(profile);
    change(&mut changed);
    let after = names(changed);
    assert!(before.iter().all(|name| after.contains(name)));
    after.into_iter().filter(|name| !before.contains(name)).collect()
}

fn check<'e>(explanation: &'e Explanation, name: &str) -> &'e Check {
    explanation.checks.iter().find(|check| check.name == name).unwrap()
}

fn compared<'e>(explanation: &'e Explanation, name: &str) -> (CheckStatus, Option<&'e str>, Option<&'e str>) {
    let check = check(explanation, name);
    (check.status, check.found.as_deref(), check.expected.as_deref())
}

#[test]
fn the_rules_of_each_profile() {
    let jwt = [
        "token size",
        "three segments",
        "canonical base64url",
        "header is strict JSON",
        "header members",
        "critical extensions",
        "payload encoding",
        "algorithm is known",
        "algorithm is allowed",
        "token type",
        "trusted key",
        "signature",
        "claims are strict JSON",
        "claim types",
        "required claims",
        "issuer",
        "audience",
        "expiration",
        "not before",
        "issued at and age",
    ];
    assert_eq!(names(policy(Profile::Jwt)), jwt);
    let more = |profile| names(policy(profile)).into_iter().filter(|name| !jwt.contains(name)).collect::<Vec<_>>();
    assert_eq!(more(Profile::AccessToken), ["claims of other token kinds"]);
    assert_eq!(more(Profile::IdToken), ["claims of other token kinds", "authentication time"]);
    assert_eq!(more(Profile::LogoutToken), ["claims of other token kinds", "logout event"]);
}

#[test]
fn the_rules_of_each_option() {
    let all = [Profile::Jwt, Profile::AccessToken, Profile::IdToken, Profile::LogoutToken];
    for profile in all {
        let mut for_id_tokens = vec!["nonce", "access token hash", "code hash"];
        if profile != Profile::IdToken {
            for_id_tokens.clear();
        }
        assert_eq!(added(profile, |policy| policy.subject = Some("u".into())), ["subject"]);
        assert_eq!(added(profile, |policy| policy.scopes = vec!["a".into()]), ["scope"]);
        for party in [AuthorizedParty::OneOf(vec!["c".into()]), AuthorizedParty::IfPresent(Vec::new())] {
            assert_eq!(added(profile, |policy| policy.authorized_party = party), ["authorized party"]);
        }
        let found = [
            added(profile, |policy| policy.nonce = Some("n".into())),
            added(profile, |policy| policy.access_token = Some("t".into())),
            added(profile, |policy| policy.authorization_code = Some("c".into())),
        ];
        assert_eq!(found.concat(), for_id_tokens, "{profile:?}");
        // OpenID Connect Core §2 and RFC 9470 §6: of ID tokens and of access tokens.
        assert_eq!(added(profile, |policy| policy.acr = Some(vec!["1".into()])), ["authentication context"]);
        let by_age = added(profile, |policy| policy.max_authentication_age = Some(Duration::from_secs(60)));
        let always = profile == Profile::IdToken; // `auth_time` is looked at in any case.
        assert_eq!(by_age, if always { vec![] } else { vec!["authentication time"] }, "{profile:?}");
    }
}

#[test]
fn every_check_of_an_accepted_token_passed_once() {
    for (profile, header, claims) in [
        (Profile::Jwt, r#"{"alg":"HS256","crit":["x"],"x":1}"#, claims("")),
        (Profile::AccessToken, r#"{"alg":"HS256","typ":"at+jwt"}"#, claims(r#","client_id":"c","jti":"j""#)),
        (Profile::IdToken, r#"{"alg":"HS256"}"#, claims("")),
        (Profile::LogoutToken, r#"{"alg":"HS256"}"#, claims(&format!(r#","jti":"j","events":{{"{LOGOUT}":{{}}}}"#))),
    ] {
        let mut policy = policy(profile);
        policy.crit = vec!["x".into()];
        let explanation = explain(policy.clone(), &token(header, &claims));
        assert_eq!(explanation.refusal, None);
        assert!(explanation.checks.iter().all(|check| check.status == CheckStatus::Passed));
        assert_eq!(explanation.checks.iter().map(|check| check.name).collect::<Vec<_>>(), names(policy));
        assert_eq!((explanation.header.as_deref(), explanation.claims.as_deref()), (Some(header), Some(&*claims)));
    }
}

#[test]
fn claims_are_told_once_the_signature_holds() {
    let told = |claims: &str| explain(policy(Profile::Jwt), &token(r#"{"alg":"HS256"}"#, claims)).claims;
    for refused in [r#"{"iss":"ann","aud":"shop","exp":1}"#, r#"{"iss":"bob"}"#, "{}"] {
        assert_eq!(told(refused).as_deref(), Some(refused));
    }
    for unreadable in ["[1]", "1", "{", r#"{"a":1,"a":2}"#] {
        assert_eq!(told(unreadable), None, "{unreadable}");
    }
    let forged = token(r#"{"alg":"HS256"}"#, &claims("")).replace("eyJpc3Mi", "eyJpc3Nz");
    assert_eq!(explain(policy(Profile::Jwt), &forged).claims, None);
}

#[test]
fn what_an_accepted_token_was_compared_with() {
    let passed = |found, expected| (CheckStatus::Passed, Some(found), Some(expected));
    let mut id = policy(Profile::IdToken);
    id.issuer = Accepted::OneOf(vec!["ann".into(), "bob".into()]);
    id.required_claims.push("sub".into());
    let id = explain(id, &token(r#"{"alg":"HS256"}"#, &claims(r#","auth_time":5"#)));
    assert_eq!(compared(&id, "token type"), passed("nothing", "JWT or nothing"));
    assert_eq!(compared(&id, "trusted key"), passed("no kid", "a key without kid"));
    assert_eq!(compared(&id, "signature"), passed("32 bytes", "HS256 under 1 key"));
    assert_eq!(compared(&id, "required claims"), passed("all present", "iss, sub, aud, exp, iat"));
    assert_eq!(compared(&id, "issuer"), passed("ann", "ann or bob"));
    assert_eq!(compared(&id, "expiration"), passed("1800000300", "later than 1800000000"));
    assert_eq!(compared(&id, "not before"), passed("nothing", "at most 1800000000"));
    assert_eq!(compared(&id, "issued at and age"), passed("1799999900", "any age"));
    assert_eq!(compared(&id, "authentication time"), passed("5", "any age"));
    assert_eq!(compared(&id, "critical extensions"), (CheckStatus::Passed, Some("none"), None));
    assert_eq!(compared(&id, "claim types"), (CheckStatus::Passed, Some("iss, aud, sub, exp, iat, auth_time"), None));

    let mut lax = Policy::new(Profile::Jwt, Accepted::Any, Accepted::Any);
    lax.algorithms = Some(vec![Algorithm::Hs256, Algorithm::Es256]);
    let claims = r#"{"iss":"ann","aud":["a","b"],"exp":1800000001}"#;
    let lax = explain(lax, &token(r#"{"alg":"HS256","typ":"x"}"#, claims));
    assert_eq!(compared(&lax, "algorithm is allowed"), passed("HS256", "HS256 or ES256"));
    assert_eq!(compared(&lax, "token type"), passed("x", "any"));
    assert_eq!(compared(&lax, "required claims"), passed("all present", "exp"));
    assert_eq!(compared(&lax, "audience"), passed("a, b", "any (the policy does not check it)"));
}

#[test]
fn what_a_refused_token_was_compared_with() {
    let failed = |found, expected| (CheckStatus::Failed, Some(found), Some(expected));
    let refused = |profile, header, claims: &str| explain(policy(profile), &token(header, claims));
    let typed = refused(Profile::AccessToken, r#"{"alg":"HS256"}"#, "{}");
    assert_eq!(compared(&typed, "token type"), failed("nothing", "at+jwt"));
    assert_eq!(check(&typed, "token type").spec, "RFC 9068 §4");
    let typed = refused(Profile::LogoutToken, r#"{"alg":"HS256","typ":"x"}"#, "{}");
    assert_eq!(compared(&typed, "token type"), failed("x", "logout+jwt or JWT or nothing"));
    assert_eq!(check(&typed, "token type").spec, "RFC 8725 §3.11");
    let mut other = policy(Profile::AccessToken);
    other.typ = Some(vec!["y".into()]);
    let typed = explain(other, &token(r#"{"alg":"HS256","typ":"x"}"#, "{}"));
    assert_eq!(
        (check(&typed, "token type").spec, compared(&typed, "token type")),
        ("RFC 8725 §3.11", failed("x", "y"))
    );
    let nobody = refused(Profile::Jwt, r#"{"alg":"HS256"}"#, r#"{"iss":"ann","aud":[],"exp":1800000001}"#);
    assert_eq!(compared(&nobody, "audience"), failed("an empty array", "shop"));
    let nothing = refused(Profile::Jwt, r#"{"alg":"HS256"}"#, r#"{"iss":"ann","aud":"shop"}"#);
    assert_eq!(compared(&nothing, "required claims"), failed("nothing", "exp"));
    let mut party = policy(Profile::Jwt);
    party.authorized_party = AuthorizedParty::IfPresent(vec!["shop".into(), "till".into()]);
    let other = explain(party, &token(r#"{"alg":"HS256"}"#, &claims(r#","azp":"app""#)));
    assert_eq!(compared(&other, "authorized party"), failed("app", "shop or till or nothing"));
    let others = r#"{"iss":"ann","aud":["shop","app"],"sub":"u","exp":1800000300,"iat":1}"#;
    let others = refused(Profile::IdToken, r#"{"alg":"HS256"}"#, others);
    assert_eq!(compared(&others, "audience"), failed("app", "only shop and trusted audiences"));
    assert_eq!(check(&others, "audience").spec, "OpenID Connect Core §3.1.3.7");
    let event = claims(r#","jti":"j","events":{}"#);
    let event = refused(Profile::LogoutToken, r#"{"alg":"HS256"}"#, &event);
    assert_eq!(compared(&event, "logout event"), failed("no logout event", LOGOUT));
}

/// Every refusal is told as the one check that failed: none before it says the same rule passed.
#[test]
fn a_rule_that_failed_did_not_pass() {
    let plain = r#"{"alg":"HS256"}"#;
    let event =
        format!(r#"{{"iss":"ann","aud":"shop","exp":1800000300,"iat":1,"jti":"j","events":{{"{LOGOUT}":{{}}}}}}"#);
    let mut scoped = policy(Profile::Jwt);
    scoped.scopes = vec!["a".into()];
    for (policy, header, claims, name) in [
        (policy(Profile::Jwt), r#"{"alg":"HS256","crit":["x"],"x":1}"#, claims(""), "critical extensions"),
        (policy(Profile::IdToken), plain, claims(r#","auth_time":null"#), "authentication time"),
        (policy(Profile::LogoutToken), plain, event, "logout event"),
        (scoped, plain, claims(r#","scope":1"#), "scope"),
    ] {
        let explanation = explain(policy, &token(header, &claims));
        let told: Vec<_> = explanation.checks.iter().filter(|check| check.name == name).collect();
        assert_eq!(told.len(), 1, "{name}");
        assert_eq!(told[0].status, CheckStatus::Failed);
        assert_eq!(explanation.refusal.as_ref().map(Error::spec), Some(told[0].spec));
    }
}

#[test]
fn without_keys_everything_else_is_checked_and_nothing_is_valid() {
    let without = |token: &str| {
        Verifier::new(policy(Profile::Jwt), KeySet::default()).explain_without_keys(token, UnixTime::from_seconds(NOW))
    };
    let good = token(r#"{"alg":"HS256"}"#, &claims(""));
    let with_keys = explain(policy(Profile::Jwt), &good);
    assert!(with_keys.refusal.is_none());
    let told = without(&good);
    for (check, known) in told.checks.iter().zip(&with_keys.checks) {
        if ["trusted key", "signature"].contains(&check.name) {
            assert_eq!((check.name, check.status), (known.name, CheckStatus::NotReached));
        } else {
            assert_eq!(check, known);
        }
    }
    assert_eq!(told.checks.len(), with_keys.checks.len());
    assert_eq!(told.refusal.as_ref().map(|error| error.code().as_str()), Some("keys_not_loaded"));
    assert_eq!((told.claims, told.header.as_deref()), (None, Some(r#"{"alg":"HS256"}"#)));

    let code = |told: &Explanation| told.refusal.as_ref().unwrap().code().as_str();
    let late = without(&token(r#"{"alg":"HS256"}"#, r#"{"iss":"ann","aud":"shop","exp":1800000000}"#));
    assert_eq!((code(&late), compared(&late, "expiration").0), ("token_expired", CheckStatus::Failed));
    assert_eq!(compared(&late, "not before").0, CheckStatus::NotReached);
    assert_eq!(code(&without(&token(r#"{"alg":"none"}"#, &claims("")))), "alg_none");
    assert_eq!(code(&without(&token(r#"{"alg":"HS256"}"#, "[]"))), "claims_invalid");
    assert_eq!(code(&without("x")), "token_malformed");
}
