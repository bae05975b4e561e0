//! `verify` against `explain`: the same refusal or acceptance, and checks that tell it: all before
//! the failed one passed, none behind it ran.
//! Input: kind, policy and moment, then a scene, a token, or header, NUL, claims to be signed.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use countersign::{Accepted, Algorithm, AuthorizedParty, Policy, Profile, TrustedIssuer, UnixTime, Verifier};
use countersign_fuzz::invariants::check_verdict;
use countersign_fuzz::keys::{KEYS, token};
use countersign_fuzz::parts;
use countersign_fuzz::scene::{NOON, Scene};
use countersign_fuzz::tree::Tree;
use libfuzzer_sys::fuzz_target;

static VERIFIERS: LazyLock<Vec<Verifier>> = LazyLock::new(|| {
    let one = |value: &str| Accepted::OneOf(vec![value.to_owned()]);
    let policy = |profile, issuer: &str, audience: &str| {
        let mut policy = Policy::new(profile, one(issuer), one(audience));
        policy.algorithms = Some(Algorithm::all().collect());
        policy
    };
    let issuer = "https://auth.example.com";
    let profiles = [
        (Profile::Jwt, "https://api.shop.example.com"),
        (Profile::AccessToken, "https://api.shop.example.com"),
        (Profile::IdToken, "shop-web"),
        (Profile::LogoutToken, "shop-web"),
    ];
    let single = |policy: Policy| Verifier::new(policy, KEYS.set.clone());
    let mut verifiers = vec![single(Policy::new(Profile::Jwt, Accepted::Any, Accepted::Any))];
    for (profile, audience) in profiles {
        verifiers.push(single(policy(profile, issuer, audience)));
        let mut full = policy(profile, issuer, audience);
        full.subject = Some("user-1".into());
        full.clock_tolerance = Duration::from_secs(5);
        full.max_token_age = Some(Duration::from_secs(600));
        full.nonce = Some("n-1".into());
        full.access_token = Some("access token".into());
        full.authorization_code = Some("code".into());
        full.max_authentication_age = Some(Duration::from_secs(600));
        full.acr = Some(vec!["urn:acr:2".into()]);
        full.trusted_audiences = vec!["shop-app".into()];
        full.authorized_party = AuthorizedParty::IfPresent(vec![audience.into()]);
        full.scopes = vec!["orders:read".into()];
        full.crit = vec!["exp".into()];
        verifiers.push(single(full));
    }
    let trusted = |issuer: &str, keys| TrustedIssuer { policy: policy(Profile::Jwt, issuer, "shop-web"), keys };
    let keys = || Some(KEYS.set.clone());
    verifiers.push(Verifier::with_issuers(vec![trusted(issuer, keys()), trusted("https://other.example", keys())]));
    verifiers.push(Verifier::with_issuers(vec![trusted(issuer, None)]));
    verifiers.push(Verifier::with_issuers(Vec::new()));
    verifiers
});

fuzz_target!(|data: &[u8]| {
    let Some((&[kind, policy, moment], data)) = data.split_first_chunk() else { return };
    let now = UnixTime::from_seconds((NOON + i64::from(moment as i8)) as u32);
    let verifier = &VERIFIERS[usize::from(policy) % VERIFIERS.len()];
    match kind % 3 {
        0 => {
            let Ok(scene) = Scene::arbitrary(&mut Unstructured::new(data)) else { return };
            let own = Verifier::new(scene.policy.clone(), KEYS.set.clone());
            let _ = check_verdict(&own, scene.token.as_bytes(), scene.clock);
            let _ = check_verdict(verifier, scene.token.as_bytes(), now);
        }
        1 => drop(check_verdict(verifier, data, now)),
        _ => {
            let [header, claims] = parts::<2>(data);
            let tree = Tree::parse(header).ok();
            let algorithm = tree.as_ref().and_then(|header| header.get("alg")).and_then(Tree::as_str);
            let _ = check_verdict(verifier, token(algorithm.unwrap_or_default(), header, claims).as_bytes(), now);
        }
    }
});
