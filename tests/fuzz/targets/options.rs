//! A whole case as JSON, as `tests/corpus` has them: any options give a policy or none, and giving
//! up a demand never refuses what was accepted. Input: `{ "token", "keys", "policy", "now" }`.
#![no_main]

use std::time::Duration;

use countersign::{Accepted, Algorithm, AuthorizedParty, Policy, Profile, UnixTime, Verifier};
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

const RELAXATIONS: [fn(&mut Policy); 18] = [
    |policy| policy.issuer = Accepted::Any,
    |policy| policy.audience = Accepted::Any,
    |policy| policy.algorithms = Some(Algorithm::all().collect()),
    |policy| policy.typ = Some(Vec::new()),
    |policy| policy.subject = None,
    |policy| policy.clock_tolerance = Duration::MAX,
    |policy| policy.max_token_age = None,
    |policy| policy.required_claims.clear(),
    |policy| policy.crit.push("another".into()),
    |policy| policy.max_token_size += 1,
    |policy| policy.nonce = None,
    |policy| (policy.access_token, policy.authorization_code) = (None, None),
    |policy| policy.max_authentication_age = None,
    |policy| policy.acr = None,
    |policy| policy.scopes.clear(),
    |policy| policy.trusted_audiences.push("another".into()),
    |policy| policy.authorized_party = AuthorizedParty::Unchecked,
    |policy| {
        policy.typ.get_or_insert_default();
        policy.profile = Profile::Jwt;
    },
];
