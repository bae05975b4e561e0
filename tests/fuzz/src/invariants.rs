//! What every refusal and every explanation must satisfy, whatever the input was.

use countersign::{
    ChallengeParameters, CheckStatus, Error, ErrorCode, Explanation, UnixTime, Verifier, bearer_challenge,
};

/// A refusal is bounded, printable and fit for an HTTP header.
pub fn check_error(error: &Error) {
    assert!(ErrorCode::ALL.contains(&error.code()));
    for value in [error.claim_name(), error.found_value(), error.expected_value()].into_iter().flatten() {
        assert!(value.chars().count() <= 121, "{value:?} is too long");
        assert!(!value.chars().any(char::is_control), "{value:?} has control characters");
    }
    let text = error.to_string();
    assert!(text.chars().count() < 1000, "{text:?} is too long");
    if let Some(challenge) = bearer_challenge(error, ChallengeParameters::default()) {
        assert!(challenge.bytes().all(|octet| (b' '..=b'~').contains(&octet)), "{challenge:?}");
        assert_eq!(challenge.matches('"').count() % 2, 0, "{challenge:?}");
    }
}

/// `verify` and `explain` agree, and the checks tell one story: passed, then at most one failed,
/// then not reached; each rule once, in one order. Says whether the token was accepted.
pub fn check_verdict(verifier: &Verifier, token: &[u8], now: UnixTime) -> Result<(), ErrorCode> {
    let verdict = verifier.verify(token, now);
    let explanation = verifier.explain(token, now);
    assert_eq!(explanation.refusal.as_ref(), verdict.as_ref().err(), "explain disagrees");
    check_story(&explanation);
    if verifier.trusted().len() == 1 {
        // The rules follow from the policy alone, not from the token.
        assert_eq!(names(&explanation), names(&verifier.explain("", now)), "other rules than for another token");
    }
    match verdict {
        Ok(verified) => {
            assert_eq!(explanation.header.as_deref().map(str::as_bytes), Some(verified.header_bytes()));
            assert_eq!(explanation.claims.as_deref().map(str::as_bytes), Some(verified.payload()));
            assert!(verified.claims().is_ok());
            Ok(())
        }
        Err(error) => {
            check_error(&error);
            // Claims are told once the signature holds and they can be read.
            let passed =
                |name| explanation.checks.iter().any(|check| check.name == name && check.status == CheckStatus::Passed);
            assert!(!passed("claims are strict JSON") || passed("signature"));
            assert_eq!(explanation.claims.is_some(), passed("claims are strict JSON"), "claims of a refused token");
            Err(error.code())
        }
    }
}

fn names(explanation: &Explanation) -> Vec<&'static str> {
    explanation.checks.iter().map(|check| check.name).collect()
}

fn check_story(explanation: &Explanation) {
    let checks = &explanation.checks;
    let passed = checks.iter().take_while(|check| check.status == CheckStatus::Passed).count();
    match &explanation.refusal {
        None => assert_eq!(passed, checks.len(), "accepted, and not all passed: {checks:#?}"),
        Some(error) => {
            let Some(failed) = checks.get(passed) else { panic!("{error:?}, and no check failed: {checks:#?}") };
            assert_eq!(failed.status, CheckStatus::Failed, "{checks:#?}");
            assert!(
                checks[passed + 1..].iter().all(|check| check.status == CheckStatus::NotReached
                    && check.found.is_none()
                    && check.expected.is_none()),
                "something ran behind the failed check: {checks:#?}"
            );
            assert_eq!(
                (failed.found.as_deref(), failed.expected.as_deref()),
                (error.found_value(), error.expected_value())
            );
        }
    }
    for (i, check) in checks.iter().enumerate() {
        assert!(checks[..i].iter().all(|other| other.name != check.name), "{} stands twice: {checks:#?}", check.name);
        for value in [&check.found, &check.expected].into_iter().flatten() {
            assert!(value.chars().count() <= 121 && !value.chars().any(char::is_control), "{value:?}");
        }
    }
}
