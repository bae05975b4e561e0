//! The whole of a resource server, without signatures: what a request without a good token is answered.

use alloc::string::ToString;
use alloc::vec;

use super::settings::{DpopSettings, MetadataLocation};
use super::*;
use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, Policy};
use crate::claims::profile::Profile;
use crate::jose::algorithm::Algorithm;
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
    Request { method: "GET", url: "http://10.0.0.7/orders?x", authorization, dpop: None, introspected: None }
}

fn answer(server: &ResourceServer, authorization: Option<&str>) -> Answer {
    let request = request(authorization);
    let error = server.authorize(&request, NOW).unwrap_err();
    server.answer(&error, &request)
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
    let answer = server.answer(&refused.error, &request(Some(token)));
    assert_eq!((answer.status, answer.retry_after, answer.www_authenticate), (503, Some(5), None));
    assert_eq!(answer.body, r#"{"error":"temporarily_unavailable","code":"keys_not_loaded"}"#);
}

#[test]
fn the_nonce_goes_with_the_demand_for_it() {
    let dpop = DpopSettings { nonce: Some("n-1".into()), ..Default::default() };
    let settings = ResourceSettings { dpop: Some(dpop), ..Default::default() };
    let server = server("https://api.example.com", settings).unwrap();
    let nonce = |code| server.answer(&Error::new(code), &request(Some("DPoP x"))).dpop_nonce;
    assert_eq!(nonce(ErrorCode::DpopNonceMismatch).as_deref(), Some("n-1"));
    assert_eq!(nonce(ErrorCode::DpopExpired), None);
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
