//! The whole of a resource server, without signatures: what a request without a good token is answered.

use alloc::string::ToString;
use alloc::vec;

use super::metadata_members::MetadataMembers;
use super::settings::{DpopSettings, MetadataLocation, MtlsSettings};
use super::*;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, Policy};
use crate::claims::profile::Profile;
use crate::error::ErrorCode;
use crate::jose::algorithm::Algorithm;
use crate::oauth::dpop_nonces::DpopNonce;
use crate::verifier::TrustedIssuer;

const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

fn server(audience: &str, settings: ResourceSettings) -> Result<ResourceServer, String> {
    let issuer = Accepted::OneOf(vec!["https://as.example.com".into()]);
    let mut policy = Policy::new(Profile::AccessToken, issuer, Accepted::OneOf(vec![audience.into()]));
    policy.scopes = vec!["read write".into(), "read".into()];
    let verifier = Verifier::with_issuers(vec![TrustedIssuer { policy, keys: None }]);
    ResourceServer::new(verifier, settings).map_err(|invalid| invalid.to_string())
}

fn request(authorization: Option<&str>) -> Request<'_> {
    Request {
        method: "GET",
        url: "http://10.0.0.7/orders?x",
        authorization,
        dpop: None,
        introspected: None,
        certificate: None,
    }
}

fn answer(server: &ResourceServer, authorization: Option<&str>) -> Answer {
    let request = request(authorization);
    let error = server.authorize(&request, NOW).unwrap_err();
    server.answer(&error, &request, NOW)
}

#[test]
fn no_credentials() {
    let settings = ResourceSettings { realm: Some("shop".into()), ..Default::default() };
    let answer = answer(&server("https://api.example.com", settings).unwrap(), None);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.www_authenticate.as_deref(), Some(r#"Bearer realm="shop", scope="read write""#));
    assert!(!answer.body.contains("\"error\""), "{}", answer.body);
    assert!(answer.body.contains(r#""code":"token_missing""#), "{}", answer.body);
}

/// RFC 9449 §7.2: both schemes are offered.
#[test]
fn no_credentials_where_dpop_is_offered() {
    let dpop = DpopSettings { algorithms: Some(vec![Algorithm::Es256, Algorithm::Ps256]), ..Default::default() };
    let settings = ResourceSettings { dpop: Some(dpop), ..Default::default() };
    let answer = answer(&server("https://api.example.com", settings).unwrap(), Some("Basic YTpi"));
    let header = answer.www_authenticate.unwrap();
    assert!(header.starts_with(r#"Bearer scope="read write", DPoP algs=""#), "{header}");
    assert!(header.contains("ES256") && header.contains("PS256") && !header.contains("EdDSA"), "{header}");
}

#[test]
fn keys_that_are_not_loaded_are_named_to_the_caller_alone() {
    let server = server("https://api.example.com", ResourceSettings::default()).unwrap();
    let token = "Bearer eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AA";
    let refused = server.authorize_traced(&request(Some(token)), NOW, &mut crate::rules::Trace::off()).unwrap_err();
    assert_eq!(
        (refused.error.code(), refused.lack),
        (ErrorCode::KeysNotLoaded, Some((0, crate::verifier::Lack::Keys)))
    );
    let answer = server.answer(&refused.error, &request(Some(token)), NOW);
    assert_eq!((answer.status, answer.retry_after, answer.www_authenticate), (503, Some(5), None));
    assert_eq!(answer.body, r#"{"error":"temporarily_unavailable","code":"keys_not_loaded"}"#);
}

#[test]
fn a_nonce_goes_with_every_answer() {
    let dpop = DpopSettings { nonce: Some(DpopNonce::Fixed("n-1".into())), ..Default::default() };
    let settings = ResourceSettings { dpop: Some(dpop), ..Default::default() };
    let server = server("https://api.example.com", settings).unwrap();
    let nonce = |code| server.answer(&Error::new(code), &request(Some("DPoP x")), NOW).dpop_nonce;
    assert_eq!(nonce(ErrorCode::DpopNonceMismatch).as_deref(), Some("n-1"));
    assert_eq!(nonce(ErrorCode::DpopExpired).as_deref(), Some("n-1"));
    assert_eq!(server.dpop_nonce(NOW).as_deref(), Some("n-1"));
}

/// RFC 9449 §7.1: DPoP alone is offered where nothing else passes, whatever the refusal.
#[test]
fn only_dpop_is_offered_where_it_is_required() {
    let dpop = DpopSettings { required: true, ..Default::default() };
    let settings = ResourceSettings { dpop: Some(dpop), ..Default::default() };
    let server = server("https://api.example.com", settings).unwrap();
    let challenge =
        |code, authorization| server.answer(&Error::new(code), &request(authorization), NOW).www_authenticate.unwrap();
    let missing = challenge(ErrorCode::TokenMissing, None);
    assert!(missing.starts_with(r#"DPoP scope="read write", algs=""#), "{missing}");
    for code in [ErrorCode::TokenUnbound, ErrorCode::TokenExpired] {
        let refused = challenge(code, Some("Bearer x"));
        assert!(refused.starts_with(r#"DPoP error="invalid_token", "#) && !refused.contains("Bearer "), "{refused}");
    }
}

/// RFC 9470 §3
#[test]
fn a_challenge_says_how_to_log_in() {
    let mut policy = Policy::new(Profile::AccessToken, Accepted::Any, Accepted::Any);
    policy.acr = Some(vec!["gold".into(), "silver".into()]);
    policy.max_authentication_age = Some(Duration::from_secs(60));
    let verifier = Verifier::with_issuers(vec![TrustedIssuer { policy, keys: None }]);
    let server = ResourceServer::new(verifier, ResourceSettings::default()).unwrap();
    let challenge = |code| server.answer(&Error::new(code), &request(Some("Bearer x")), NOW).www_authenticate.unwrap();
    for code in [ErrorCode::AcrMismatch, ErrorCode::AuthTimeTooOld] {
        let asked = challenge(code);
        assert!(asked.starts_with(r#"Bearer error="insufficient_user_authentication", "#), "{asked}");
        assert!(asked.ends_with(r#", acr_values="gold silver", max_age="60""#), "{asked}");
    }
    assert!(!challenge(ErrorCode::TokenExpired).contains("acr_values"));
}

#[test]
fn a_store_has_a_time_limit_within_bounds() {
    let limit = |seconds: f64| {
        let store_timeout = Some(Duration::from_secs_f64(seconds));
        server("https://api.example.com", ResourceSettings { store_timeout, ..Default::default() })
    };
    for holds in [0.05, 30.0] {
        assert_eq!(limit(holds).unwrap().store_timeout(), Duration::from_secs_f64(holds));
    }
    for wrong in [0.0, 0.049, 30.001] {
        assert!(limit(wrong).unwrap_err().starts_with("storeTimeout: "), "{wrong}");
    }
    let default = server("https://api.example.com", ResourceSettings::default()).unwrap();
    assert_eq!(default.store_timeout(), Duration::from_secs(2));
}

#[test]
fn metadata_lies_where_the_identifier_puts_it() {
    for (identifier, public_origin, url) in [
        ("https://api.example.com", None, "https://api.example.com/.well-known/oauth-protected-resource"),
        ("https://api.example.com/", None, "https://api.example.com/.well-known/oauth-protected-resource"),
        ("https://api.example.com/v1/", None, "https://api.example.com/.well-known/oauth-protected-resource/v1/"),
        ("https://api.example.com/a?b=c", None, "https://api.example.com/.well-known/oauth-protected-resource/a?b=c"),
        (
            "https://api.example.com/v1",
            Some("https://shop.example/"),
            "https://shop.example/.well-known/oauth-protected-resource/v1",
        ),
        ("orders", Some("https://shop.example"), "https://shop.example/.well-known/oauth-protected-resource"),
    ] {
        let public_origin = public_origin.map(String::from);
        let settings =
            ResourceSettings { metadata: MetadataLocation::Here, public_origin, ..ResourceSettings::default() };
        let server = server(identifier, settings).unwrap();
        let header = answer(&server, None).www_authenticate.unwrap();
        assert!(header.ends_with(&alloc::format!("resource_metadata=\"{url}\"")), "{header}");
        let path = url.strip_prefix("https://").and_then(|url| url.find('/').map(|at| &url[at..])).unwrap();
        for asked in [url, path, &alloc::format!("http://10.0.0.7{path}")] {
            assert_eq!(server.metadata("GET", asked).map(|answer| answer.status), Some(200), "{asked}");
        }
        assert_eq!(server.metadata("GET", "https://api.example.com/v1"), None);
    }
}

#[test]
fn metadata_is_read_and_never_written() {
    let settings = ResourceSettings { metadata: MetadataLocation::Here, ..Default::default() };
    let server = server("https://api.example.com", settings).unwrap();
    let url = "/.well-known/oauth-protected-resource";
    let answer = server.metadata("GET", url).unwrap();
    assert_eq!(
        answer.body,
        Some(
            r#"{"resource":"https://api.example.com","authorization_servers":["https://as.example.com"],"scopes_supported":["read","write"],"bearer_methods_supported":["header"]}"#
        )
    );
    assert!(answer.headers.contains(&("access-control-allow-origin", "*")));
    for (method, status) in [("HEAD", 200), ("OPTIONS", 204), ("POST", 405), ("DELETE", 405), ("get", 405)] {
        let answer = server.metadata(method, url).unwrap();
        assert_eq!((answer.status, answer.body), (status, None), "{method}");
    }
    for other in ["/.well-known/oauth-protected-resource/", "/.well-known/oauth-protected-resource/v1", "/", ""] {
        assert_eq!(server.metadata("GET", other), None, "{other}");
    }
}

#[test]
fn metadata_says_what_follows_from_the_settings_and_what_is_given() {
    let members = MetadataMembers {
        resource_name: Some("Orders".into()),
        scopes_supported: vec!["read".into(), "admin".into()],
        bearer_methods_supported: vec!["body".into()],
        ..Default::default()
    };
    let settings = ResourceSettings {
        metadata: MetadataLocation::Here,
        members,
        dpop: Some(DpopSettings { required: true, algorithms: Some(vec![Algorithm::Es256]), ..Default::default() }),
        mtls: Some(MtlsSettings::default()),
        ..Default::default()
    };
    let server = server("https://api.example.com", settings.clone()).unwrap();
    assert_eq!(
        server.metadata("GET", "/.well-known/oauth-protected-resource").unwrap().body,
        Some(
            r#"{"resource":"https://api.example.com","authorization_servers":["https://as.example.com"],"scopes_supported":["read","write","admin"],"dpop_signing_alg_values_supported":["ES256"],"bearer_methods_supported":["body"],"dpop_bound_access_tokens_required":true,"tls_client_certificate_bound_access_tokens":true,"resource_name":"Orders"}"#
        )
    );
    let wrong = MetadataMembers { jwks_uri: Some("http://api.example.com".into()), ..Default::default() };
    let error = self::server("https://api.example.com", ResourceSettings { members: wrong, ..settings }).unwrap_err();
    assert!(error.starts_with("jwks_uri: expected an https URL"), "{error}");
}

#[test]
fn settings_that_cannot_be_meant() {
    let here = ResourceSettings { metadata: MetadataLocation::Here, ..Default::default() };
    let error = |audience, settings: &ResourceSettings| server(audience, settings.clone()).map(drop).unwrap_err();
    assert!(error("orders", &here).starts_with("resource: expected an https URL"));
    for resource in ["orders", "http://api.example.com", "https://api.example.com/#x", ""] {
        let settings = ResourceSettings { resource: Some(resource.into()), ..here.clone() };
        assert!(error("https://api.example.com", &settings).starts_with("resource: "), "{resource}");
    }
    let settings = ResourceSettings { public_origin: Some("https://shop.example/x".into()), ..Default::default() };
    assert!(error("https://api.example.com", &settings).starts_with("publicOrigin: "));
}
