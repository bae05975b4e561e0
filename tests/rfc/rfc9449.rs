//! RFC 9449: what a proof gives, and what the refusal of one tells.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use countersign::{Error, ErrorCode, Proof, ProofPolicy, UnixTime, verify_proof};

/// RFC 9449 §4.1
const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
/// Its `iat`.
const ISSUED: u32 = 1_562_262_616;

fn verify(now: u32, max_age: u64) -> Result<Proof, Error> {
    let policy = ProofPolicy {
        method: "POST".into(),
        url: "https://server.example.com/token".into(),
        access_token: None,
        nonce: None,
        thumbprint: None,
        algorithms: None,
        max_age: Duration::from_secs(max_age),
    };
    verify_proof(PROOF.as_bytes(), &policy, UnixTime::from_seconds(now))
}

#[test]
fn section_4_1_the_parts_of_a_proof() {
    let proof = verify(ISSUED, 60).unwrap();
    assert_eq!(proof.jti, "-BwC3ESc6acc2lTc");
    // RFC 9449 §6.1: the thumbprint of the same key.
    assert_eq!(proof.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    assert!(proof.header.starts_with(r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"#), "{}", proof.header);
    assert!(proof.claims.ends_with(r#","iat":1562262616}"#), "{}", proof.claims);
}

#[test]
fn section_11_1_the_window_of_a_proof_is_told() {
    for now in [ISSUED - 60, ISSUED + 60] {
        assert!(verify(now, 60).is_ok());
    }
    for (now, window) in [
        (ISSUED - 61, "1562262495 to 1562262615"),
        (ISSUED + 61, "1562262617 to 1562262737"),
        (60, "0 to 120"),
        (59, "-1 to 119"),
    ] {
        let refusal = verify(now, 60).unwrap_err();
        assert_eq!((refusal.code(), refusal.claim_name()), (ErrorCode::DpopExpired, Some("iat")));
        assert_eq!((refusal.found_value(), refusal.expected_value()), (Some("1562262616"), Some(window)));
    }
}
