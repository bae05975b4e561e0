//! RFC 9207: the issuer in an authorization response, against the mix-up of servers.
#![allow(clippy::unwrap_used)]

use countersign::{AuthorizationServerMetadata, ErrorCode, ExpectedResponse, Purpose, authorization_code};

const EXPECTED: ExpectedResponse<'_> = ExpectedResponse {
    state: Some("ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI"),
    issuer: "https://honest.as.example",
    issuer_required: true,
};

/// RFC 9207 §2.1 and §2.2, the examples; the second one's state is its own.
const SUCCESS: &str = "?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58&state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI&iss=https%3A%2F%2Fhonest.as.example";
const REFUSAL: &str =
    "?error=access_denied&state=N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA&iss=https%3A%2F%2Fhonest.as.example";
const REFUSED: ExpectedResponse<'_> =
    ExpectedResponse { state: Some("N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA"), ..EXPECTED };

#[test]
fn section_2_1_success() {
    assert_eq!(authorization_code(SUCCESS, EXPECTED).as_deref(), Ok("x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58"));
}

#[test]
fn section_2_2_an_error_by_name() {
    let error = authorization_code(REFUSAL, REFUSED).unwrap_err();
    assert_eq!((error.code(), error.oauth_error()), (ErrorCode::AccessDenied, Some("access_denied")));
}

#[test]
fn section_2_4_another_issuer_is_refused_before_code_and_error() {
    for issuer in ["https://attacker.example", "https://honest.as.example/", "https://HONEST.as.example"] {
        for (response, expected) in [(SUCCESS, EXPECTED), (REFUSAL, REFUSED)] {
            let response = response.replace("https%3A%2F%2Fhonest.as.example", issuer);
            for issuer_required in [true, false] {
                let expected = ExpectedResponse { issuer_required, ..expected };
                let error = authorization_code(&response, expected).unwrap_err();
                assert_eq!(error.code(), ErrorCode::ResponseIssuerMismatch, "{response}");
                assert_eq!(error.oauth_error(), None, "whose error it is nobody knows");
            }
        }
    }
}

#[test]
fn section_2_4_an_announced_issuer_is_not_left_out() {
    for (response, expected) in [(SUCCESS, EXPECTED), (REFUSAL, REFUSED)] {
        let response = response.replace("&iss=https%3A%2F%2Fhonest.as.example", "");
        let error = authorization_code(&response, expected).unwrap_err();
        assert_eq!((error.code(), error.spec()), (ErrorCode::ResponseIssuerMismatch, "RFC 9207 §2.4"));
        let lenient = ExpectedResponse { issuer_required: false, ..expected };
        let outcome = authorization_code(&response, lenient).map_err(|error| error.code());
        assert_ne!(outcome, Err(ErrorCode::ResponseIssuerMismatch));
    }
}

#[test]
fn section_3_the_announcement() {
    let read = |flag: &str| {
        let text = format!(
            r#"{{"issuer":"https://honest.as.example","authorization_endpoint":"https://honest.as.example/a","token_endpoint":"https://honest.as.example/t"{flag}}}"#
        );
        let login = Purpose::Login { openid: false };
        AuthorizationServerMetadata::parse(text.as_bytes(), "https://honest.as.example", login)
            .map(|metadata| metadata.authorization_response_iss_parameter_supported)
    };
    // RFC 9207 §3: "If omitted, the default value is false."
    assert_eq!(read(""), Ok(false));
    assert_eq!(read(r#","authorization_response_iss_parameter_supported":true"#), Ok(true));
    assert!(read(r#","authorization_response_iss_parameter_supported":"true""#).is_err());
}
