//! Mutual-TLS client authentication and certificate-bound access tokens (RFC 8705 §3), at a resource server.
#![allow(clippy::unwrap_used)]

use countersign::testing::TestIssuer;
use countersign::{
    ClientCertificate, ErrorCode, MtlsSettings, Profile, Request, ResourceServer, ResourceSettings, Verifier,
};
use serde_json::json;

const API: &str = "https://api.example.com";

/// A certificate's SHA-256 by OpenSSL, in both spellings.
const HASH: &str = "44e9f91c461ff68560c42c5b8193c0d49fcef218307a0a19ba89357efc488374";
const THUMBPRINT: &str = "ROn5HEYf9oVgxCxbgZPA1J_O8hgwegoZuok1fvxIg3Q";

fn server(mtls: Option<MtlsSettings>) -> ResourceServer {
    let issuer = TestIssuer::new("https://as.example.com", API);
    let verifier = Verifier::new(issuer.policy(Profile::AccessToken), issuer.jwks());
    ResourceServer::new(verifier, ResourceSettings { mtls, ..Default::default() }).unwrap()
}

/// What a request with a token that is bound so comes to, and the challenge of a refusal.
fn outcome(
    server: &ResourceServer,
    cnf: Option<serde_json::Value>,
    certificate: Option<ClientCertificate<'_>>,
) -> Result<(), (ErrorCode, u16, String)> {
    let issuer = TestIssuer::new("https://as.example.com", API);
    let token = issuer.token();
    let token = cnf.into_iter().fold(token, |token, cnf| token.claim("cnf", cnf)).mint();
    let authorization = format!("Bearer {token}");
    let request = Request {
        method: "GET",
        url: API,
        authorization: Some(&authorization),
        dpop: None,
        introspected: None,
        certificate,
    };
    server.authorize(&request, issuer.now()).map(drop).map_err(|error| {
        let answer = server.answer(&error, &request, issuer.now());
        (error.code(), answer.status, answer.www_authenticate.unwrap_or_default())
    })
}

const GOOD: Option<ClientCertificate<'_>> = Some(ClientCertificate::Fingerprint(HASH));

#[test]
fn rfc8705_section_3_the_connection_has_to_be_by_the_certificate() {
    let server = server(Some(MtlsSettings::default()));
    let bound = || Some(json!({ "x5t#S256": THUMBPRINT }));
    assert_eq!(outcome(&server, bound(), GOOD), Ok(()));
    assert_eq!(outcome(&server, None, None), Ok(()), "a plain token");
    let other = HASH.replace('4', "5");
    for certificate in [None, Some(ClientCertificate::Fingerprint(&other)), Some(ClientCertificate::Header("x"))] {
        let (code, status, challenge) = outcome(&server, bound(), certificate).unwrap_err();
        assert_eq!((code, status), (ErrorCode::CertificateMismatch, 401));
        assert!(challenge.starts_with(r#"Bearer error="invalid_token", "#), "{challenge}");
    }
    let both = json!({ "x5t#S256": THUMBPRINT, "jkt": "T" });
    assert_eq!(outcome(&server, Some(both), GOOD).unwrap_err().0, ErrorCode::TokenBound, "no bearer token");
}

#[test]
fn a_resource_may_require_it() {
    let server = server(Some(MtlsSettings { required: true }));
    let (code, status, _) = outcome(&server, None, GOOD).unwrap_err();
    assert_eq!((code, status), (ErrorCode::TokenUnbound, 401));
    assert_eq!(outcome(&server, Some(json!({ "x5t#S256": THUMBPRINT })), GOOD), Ok(()));
}

#[test]
fn without_a_setting_a_bound_token_is_refused() {
    let refused = outcome(&server(None), Some(json!({ "x5t#S256": THUMBPRINT })), GOOD).unwrap_err();
    assert_eq!(refused.0, ErrorCode::TokenBound);
}
