//! A whole case as JSON, as `tests/corpus` has them: any options give a policy or none, and giving
//! up a demand never refuses what was accepted. Input: `{ "token", "keys", "policy", "now" }`.
#![no_main]

use countersign::{Accepted, Algorithm, Policy, Profile, UnixTime, Verifier};
use countersign_fuzz::demands::{Case, keys, policy, seconds};
use countersign_fuzz::invariants::check_verdict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(case) = serde_json::from_slice::<Case>(data) else { return };
    let (Some(policy), Some(now)) = (policy(&case.policy), seconds(case.now)) else { return };
    let Some(keys) = keys(&case.keys) else { return };
    let token = case.token.unwrap_or_default();
    if check_verdict(&Verifier::new(policy.clone(), keys.clone()), token.as_bytes(), now).is_ok() {
        for relax in RELAXATIONS {
            let mut lax = policy.clone();
            relax(&mut lax);
            let verdict = Verifier::new(lax.clone(), keys.clone()).verify(&token, now);
            assert!(verdict.is_ok(), "refused by fewer demands: {policy:?} → {lax:?}: {verdict:?}");
        }
    }
});

const RELAXATIONS: [fn(&mut Policy); 16] = [
    |policy| policy.issuer = Accepted::Any,
    |policy| policy.audience = Accepted::Any,
    |policy| policy.algorithms = Some(Algorithm::all().collect()),
    |policy| policy.types = Some(Vec::new()),
    |policy| policy.subject = None,
    |policy| policy.clock_tolerance = UnixTime::from_seconds(u32::MAX),
    |policy| policy.max_token_age = None,
    |policy| policy.required_claims.clear(),
    |policy| policy.crit.push("another".into()),
    |policy| policy.max_token_size += 1,
    |policy| policy.nonce = None,
    |policy| (policy.access_token, policy.authorization_code) = (None, None),
    |policy| policy.max_authentication_age = None,
    |policy| policy.authentication_contexts = None,
    |policy| policy.scopes.clear(),
    |policy| {
        policy.types.get_or_insert_default();
        policy.profile = Profile::Jwt;
    },
];
