//! RFC 7636: the example of its appendix B, and the grammar of its section 4.
#![allow(clippy::unwrap_used)]

use countersign::{ErrorCode, Pkce, pkce_challenge, random_token, verify_pkce};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn verdict(verifier: &str, challenge: &str, method: Option<&str>) -> Result<bool, ErrorCode> {
    verify_pkce(verifier, challenge, method).map_err(|error| error.code())
}

#[test]
fn appendix_b() {
    assert_eq!(pkce_challenge(VERIFIER).unwrap(), CHALLENGE);
    assert_eq!(verdict(VERIFIER, CHALLENGE, Some("S256")), Ok(true));
    assert_eq!(verdict(VERIFIER, CHALLENGE, None), Ok(true));
}

#[test]
fn another_verifier_or_challenge_is_refused() {
    let other = pkce_challenge(&"x".repeat(43)).unwrap();
    assert_eq!(verdict(VERIFIER, &other, Some("S256")), Ok(false));
    assert_eq!(verdict(&"x".repeat(43), CHALLENGE, Some("S256")), Ok(false));
}

#[test]
fn plain_has_to_be_asked_for() {
    assert_eq!(verdict(VERIFIER, VERIFIER, Some("plain")), Ok(true));
    assert_eq!(verdict(VERIFIER, VERIFIER, None), Ok(false));
    assert_eq!(verdict(VERIFIER, VERIFIER, Some("S256")), Ok(false));
    assert_eq!(verdict(VERIFIER, CHALLENGE, Some("plain")), Ok(false));
    for method in ["s256", "PLAIN", "", "S512"] {
        assert_eq!(verdict(VERIFIER, CHALLENGE, Some(method)), Err(ErrorCode::PkceMethodUnsupported), "{method}");
    }
}

#[test]
fn section_4_1_grammar() {
    for length in [43, 128] {
        assert!(pkce_challenge(&"-._~aZ09".repeat(16)[..length]).is_ok());
    }
    for wrong in [
        String::new(),
        "a".repeat(42),
        "a".repeat(129),
        "a".repeat(42) + "+",
        "a".repeat(42) + " ",
        "a".repeat(42) + "é",
        "a".repeat(43) + "\n",
    ] {
        assert_eq!(pkce_challenge(&wrong).unwrap_err().code(), ErrorCode::PkceVerifierInvalid, "{wrong}");
    }
    for wrong in [
        "",
        &CHALLENGE[1..],
        &format!("{CHALLENGE}="),
        &format!("{CHALLENGE}A"),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN",
    ] {
        assert_eq!(verdict(VERIFIER, wrong, Some("S256")), Err(ErrorCode::PkceChallengeInvalid), "{wrong}");
    }
}

#[test]
fn generated_pairs_are_fresh_and_answer_each_other() {
    let (one, other) = (Pkce::generate().unwrap(), Pkce::generate().unwrap());
    assert_ne!(one.verifier, other.verifier);
    assert_eq!(verdict(&one.verifier, &one.challenge, Some("S256")), Ok(true));
    assert_eq!(verdict(&one.verifier, &other.challenge, Some("S256")), Ok(false));
    assert_eq!((one.verifier.len(), random_token().unwrap().len()), (43, 43));
}
