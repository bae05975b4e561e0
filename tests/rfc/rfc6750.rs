//! RFC 6750 and RFC 9449 §7: what a resource server answers to a request, with a token by itself or with a proof.
#![allow(clippy::unwrap_used)]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::testing::TestIssuer;
use countersign::{
    Algorithm, Answer, Authorized, DpopNonce, DpopSettings, Error, ErrorCode, Profile, Request, ResourceServer,
    ResourceSettings, Scheme, UnixTime, Verifier,
};
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{Algorithm as _, AlgorithmSignature, alg};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const NOW: u32 = 1_800_000_000;
const ISSUER: &str = "https://as.example.com";
const API: &str = "https://api.example.com";
const URL: &str = "https://api.example.com/orders?page=2";

/// The key pair of RFC 8037, appendix A.1, and its thumbprint, appendix A.3.
const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
const PUBLIC: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// A proof, signed by jwt-compact.
fn signed(header: &Value, claims: &Value) -> String {
    let jwk: JsonWebKey<'_> = serde_json::from_str(KEY).unwrap();
    let key = <alg::Ed25519 as jwt_compact::Algorithm>::SigningKey::try_from(&jwk).unwrap();
    let input = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
    let signature = alg::Ed25519.sign(&key, input.as_bytes());
    format!("{input}.{}", encode(&signature.as_bytes()))
}

/// Its clock stands at [`NOW`].
fn issuer() -> TestIssuer {
    TestIssuer::new(ISSUER, API)
}

fn access_token(more: &[(&str, Value)]) -> String {
    let issuer = issuer();
    let token = issuer.token().claim("sub", "ada").claim("scope", "orders:read profile");
    more.iter().fold(token, |token, (name, value)| token.claim(name, value.clone())).mint()
}

fn bound_token() -> String {
    access_token(&[("cnf", json!({"jkt": THUMBPRINT}))])
}

fn proof_with(token: &str, more: &[(&str, Value)]) -> String {
    let mut claims = json!({
        "jti": "p1", "htm": "GET", "htu": "https://api.example.com/orders", "iat": NOW,
        "ath": encode(&Sha256::digest(token)),
    });
    for (name, value) in more {
        claims[*name] = value.clone();
    }
    let jwk: Value = serde_json::from_str(PUBLIC).unwrap();
    signed(&json!({"alg": "EdDSA", "typ": "dpop+jwt", "jwk": jwk}), &claims)
}

fn server(settings: ResourceSettings) -> ResourceServer {
    let issuer = issuer();
    let mut policy = issuer.policy(Profile::AccessToken);
    policy.scopes = vec!["orders:read".into()];
    ResourceServer::new(Verifier::new(policy, issuer.jwks()), settings).unwrap()
}

fn request<'r>(authorization: Option<&'r str>, dpop: Option<&'r str>) -> Request<'r> {
    Request { method: "GET", url: URL, authorization, dpop, introspected: None, certificate: None }
}

fn authorize<'r>(server: &ResourceServer, request: &Request<'r>) -> Result<Authorized<'r>, Error> {
    server.authorize(request, UnixTime::from_seconds(NOW))
}

fn refused(server: &ResourceServer, request: &Request<'_>) -> (ErrorCode, Answer) {
    let error = authorize(server, request).unwrap_err();
    (error.code(), server.answer(&error, request, UnixTime::from_seconds(NOW)))
}

/// A parameter of the first challenge of a header.
fn parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let start = header.find(&format!("{name}=\""))? + name.len() + 2;
    header[start..].split('"').next()
}

#[test]
fn section_2_1_a_token_in_the_header() {
    let server = server(ResourceSettings::default());
    let authorization = format!("Bearer {}", access_token(&[]));
    let request = request(Some(&authorization), None);
    let authorized = authorize(&server, &request).unwrap();
    assert_eq!((authorized.scheme, authorized.access_token), (Scheme::Bearer, &authorization["Bearer ".len()..]));
    assert!(authorized.proof.is_none());
    assert_eq!(authorized.token().claims().unwrap().text("sub").unwrap(), Some("ada"));
    // RFC 6750 §2.3: "SHOULD NOT" be used; here the URL is no place for a token.
    let url = format!("{API}/orders?access_token={}", access_token(&[]));
    let error = authorize(&server, &Request { url: &url, authorization: None, ..request }).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TokenMissing);
}

#[test]
fn section_3_no_error_without_credentials() {
    let server = server(ResourceSettings { realm: Some("example".into()), ..Default::default() });
    let (code, answer) = refused(&server, &request(None, None));
    assert_eq!((code, answer.status), (ErrorCode::TokenMissing, 401));
    // RFC 6750 §3, the example, with the scope that the resource needs.
    assert_eq!(answer.www_authenticate.as_deref(), Some(r#"Bearer realm="example", scope="orders:read""#));
}

#[test]
fn section_3_1_header_and_body_say_the_same() {
    let server = server(ResourceSettings { realm: Some("example".into()), ..Default::default() });
    for (authorization, status, error, code, spec) in [
        (
            format!("Bearer {}", access_token(&[("exp", json!(NOW))])),
            401,
            "invalid_token",
            "token_expired",
            "RFC 7519 §4.1.4",
        ),
        (format!("Bearer {}", access_token(&[("client_id", json!(7))])), 401, "invalid_token", "claim_invalid", ""),
        (
            format!("Bearer {}", access_token(&[("scope", json!("profile"))])),
            403,
            "insufficient_scope",
            "insufficient_scope",
            "RFC 6750 §3.1",
        ),
        (String::from("Bearer a.b.c, Bearer d.e.f"), 400, "invalid_request", "request_invalid", "RFC 6750 §2.1"),
        (format!("Bearer {}", bound_token()), 401, "invalid_token", "token_bound", "RFC 9449 §7.2"),
        (format!("DPoP {}", bound_token()), 401, "invalid_dpop_proof", "dpop_invalid", "RFC 9449 §4.3"),
    ] {
        let answer = refused(&server, &request(Some(&authorization), None)).1;
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((answer.status, &body["error"], &body["code"]), (status, &json!(error), &json!(code)));
        let header = answer.www_authenticate.unwrap();
        assert_eq!(parameter(&header, "error"), Some(error), "{header}");
        let description = body["error_description"].as_str().unwrap();
        let quotable = description.replace('§', "section ").replace('"', "'");
        assert_eq!(parameter(&header, "error_description"), Some(&*quotable), "{header}");
        if !spec.is_empty() {
            assert_eq!(body["spec"], spec);
        }
        assert!(description.ends_with(&format!("({})", body["spec"].as_str().unwrap())), "{description}");
    }
}

#[test]
fn a_refusal_of_the_profile_cites_the_profile_in_header_and_body() {
    let server = server(ResourceSettings::default());
    let token = issuer().token().without("client_id").claim("scope", "orders:read").mint();
    let authorization = format!("Bearer {token}");
    let (code, answer) = refused(&server, &request(Some(&authorization), None));
    assert_eq!(code, ErrorCode::ClaimMissing);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["spec"], "RFC 9068 §4");
    let header = answer.www_authenticate.unwrap();
    assert!(header.contains("RFC 9068 section 4") && !header.contains("RFC 7519"), "{header}");
}

#[test]
fn rfc9449_section_7_1_a_bound_token_with_its_proof() {
    let server = server(ResourceSettings::default());
    let token = bound_token();
    let authorization = format!("DPoP {token}");
    let proof = proof_with(&token, &[]);
    let authorized = authorize(&server, &request(Some(&authorization), Some(&proof))).unwrap();
    assert_eq!(authorized.scheme, Scheme::Dpop);
    let proof = authorized.proof.unwrap();
    assert_eq!((&*proof.jti, &*proof.thumbprint), ("p1", THUMBPRINT));
}

#[test]
fn rfc9449_section_7_1_wrong_proofs_are_invalid_dpop_proof() {
    let dpop = DpopSettings { algorithms: Some(vec![Algorithm::EdDsa]), ..Default::default() };
    let server = server(ResourceSettings { dpop: Some(dpop), ..Default::default() });
    let token = bound_token();
    let authorization = format!("DPoP {token}");
    let good = proof_with(&token, &[]);
    let broken = format!("{}{}", &good[..good.len() - 4], "AAAA");
    for (proof, code) in [
        (proof_with(&token, &[("htm", json!("POST"))]), ErrorCode::DpopMethodMismatch),
        (proof_with(&token, &[("htu", json!("https://api.example.com/other"))]), ErrorCode::DpopUrlMismatch),
        (proof_with(&token, &[("iat", json!(NOW - 61))]), ErrorCode::DpopExpired),
        (proof_with(&access_token(&[]), &[]), ErrorCode::DpopTokenMismatch),
        (proof_with(&token, &[("jti", json!(""))]), ErrorCode::ClaimMissing),
        (broken, ErrorCode::SignatureInvalid),
        (format!("{good}, {good}"), ErrorCode::DpopInvalid),
    ] {
        let (found, answer) = refused(&server, &request(Some(&authorization), Some(&proof)));
        assert_eq!((found, answer.status), (code, 401));
        let header = answer.www_authenticate.unwrap();
        assert!(header.starts_with(r#"DPoP error="invalid_dpop_proof", "#), "{header}");
        assert!(header.ends_with(r#", algs="EdDSA""#), "{header}");
    }
}

#[test]
fn rfc9449_section_9_a_nonce_is_demanded_and_given() {
    let dpop = DpopSettings { nonce: Some(DpopNonce::Fixed("eyJ7S_zG.eyJH0-Z.HX4w-7v".into())), ..Default::default() };
    let server = server(ResourceSettings { dpop: Some(dpop), ..Default::default() });
    let token = bound_token();
    let authorization = format!("DPoP {token}");
    let (code, answer) = refused(&server, &request(Some(&authorization), Some(&proof_with(&token, &[]))));
    assert_eq!(code, ErrorCode::DpopNonceMismatch);
    assert!(answer.www_authenticate.unwrap().starts_with(r#"DPoP error="use_dpop_nonce", "#));
    assert_eq!(answer.dpop_nonce.as_deref(), Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"));
    let proof = proof_with(&token, &[("nonce", json!("eyJ7S_zG.eyJH0-Z.HX4w-7v"))]);
    assert!(authorize(&server, &request(Some(&authorization), Some(&proof))).is_ok());
}

/// RFC 9449 §4.3: what the client knows as the request's URL, whatever a proxy makes of it.
#[test]
fn a_public_origin_is_the_origin_of_htu() {
    let server = server(ResourceSettings { public_origin: Some(API.into()), ..Default::default() });
    let token = bound_token();
    let authorization = format!("DPoP {token}");
    let proof = proof_with(&token, &[]);
    for url in ["http://10.0.0.7:8080/orders?page=2", "/orders", "https://evil.example/orders"] {
        let request = Request { url, ..request(Some(&authorization), Some(&proof)) };
        assert!(authorize(&server, &request).is_ok(), "{url}");
    }
    let other = Request { url: "http://10.0.0.7/other", ..request(Some(&authorization), Some(&proof)) };
    assert_eq!(authorize(&server, &other).unwrap_err().code(), ErrorCode::DpopUrlMismatch);
}

/// RFC 8705 §3, RFC 7800 §3: what cannot be checked does not pass.
#[test]
fn other_bindings_are_refused() {
    let server = server(ResourceSettings::default());
    for cnf in
        [json!({"x5t#S256": "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}), json!({"jkt": THUMBPRINT, "kid": "1"})]
    {
        let token = access_token(&[("cnf", cnf)]);
        let proof = proof_with(&token, &[]);
        for scheme in ["Bearer", "DPoP"] {
            let authorization = format!("{scheme} {token}");
            let code = authorize(&server, &request(Some(&authorization), Some(&proof))).unwrap_err().code();
            assert_eq!(code, ErrorCode::TokenBound);
        }
    }
}
