//! The compact form against `base64ct` and `serde_json`: the same tokens, the same parts.
//! Input: the token itself.
#![no_main]

use countersign::{
    Algorithm, DEFAULT_MAX_TOKEN_SIZE, SignaturePolicy, UnverifiedToken, decode_unverified, verify_signature,
};
use countersign_fuzz::compact::{crit, json, judge};
use countersign_fuzz::invariants::check_error;
use countersign_fuzz::keys::KEYS;
use countersign_fuzz::tree::Tree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &[u8]| {
    let parsed = UnverifiedToken::parse(token, DEFAULT_MAX_TOKEN_SIZE);
    match judge(token, DEFAULT_MAX_TOKEN_SIZE, false) {
        Ok(form) => {
            let header = parsed.as_ref().unwrap_or_else(|error| panic!("{error}")).header();
            let text = |name| form.header.get(name).and_then(Tree::as_str);
            assert_eq!((Some(header.alg()), header.kid(), header.typ()), (text("alg"), text("kid"), text("typ")));
        }
        Err(codes) => {
            if let Err(error) = &parsed {
                assert!(codes.is_empty() || codes.contains(&error.code().as_str()), "{} {codes:?}", error.code());
            } else {
                assert!(codes.is_empty(), "accepted, not {codes:?}");
            }
        }
    }
    if let Err(error) = &parsed {
        check_error(error);
    }
    drop(parsed);

    match decode_unverified(token, DEFAULT_MAX_TOKEN_SIZE) {
        Ok((header, payload)) => {
            let segment =
                |at: usize| token.split(|&octet| octet == b'.').nth(at).and_then(countersign_fuzz::keys::decode);
            assert_eq!((Some(header), Some(payload.clone())), (segment(0), segment(1)));
            assert!(json(&payload).map_or_else(<[_]>::is_empty, |claims| matches!(claims, Tree::Object(_))));
        }
        Err(error) => check_error(&error),
    }

    let policy = SignaturePolicy {
        algorithms: Some(Algorithm::all().collect()),
        crit: vec!["exp".into()],
        max_token_size: DEFAULT_MAX_TOKEN_SIZE,
    };
    match verify_signature(token, &KEYS.set, &policy) {
        Ok(verified) => {
            let Ok(form) = judge(token, DEFAULT_MAX_TOKEN_SIZE, true) else { panic!("accepted, malformed") };
            assert_eq!(verified.payload(), form.payload);
            assert!(!form.signature.is_empty());
            let crit = crit(&form.header).expect("accepted, crit is malformed");
            assert!(crit.iter().all(|name| ["exp", "b64"].contains(name)));
            assert_ne!(form.header.get("b64"), Some(&Tree::Bool(false)));
        }
        Err(error) => check_error(&error),
    }
});
