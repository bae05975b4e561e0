//! RFC 9728: where a protected resource's metadata lies, what it says, and how a challenge points to it.
#![allow(clippy::unwrap_used)]

use countersign::{
    Accepted, Algorithm, DpopSettings, KeySet, MetadataLocation, Policy, Profile, Request, ResourceServer,
    ResourceSettings, TrustedIssuer, UnixTime, Verifier,
};
use serde_json::{Value, json};

fn server(audience: &str, settings: ResourceSettings) -> ResourceServer {
    let trusted = ["https://as1.example.com", "https://as2.example.net"].map(|issuer| {
        let accepted = |text: &str| Accepted::OneOf(vec![text.into()]);
        let mut policy = Policy::new(Profile::AccessToken, accepted(issuer), accepted(audience));
        policy.scopes = vec!["profile email".into()];
        TrustedIssuer { policy, keys: Some(KeySet::default()) }
    });
    ResourceServer::new(Verifier::with_issuers(trusted.into()), settings).unwrap()
}

fn here() -> ResourceSettings {
    ResourceSettings { metadata: MetadataLocation::Here, ..Default::default() }
}

/// What `resource_metadata` of a challenge says (RFC 9728 §5.1), asked through a proxy.
fn pointed_to(server: &ResourceServer) -> Option<String> {
    let request = Request {
        method: "GET",
        url: "http://10.0.0.7:8080/resource",
        authorization: None,
        dpop: None,
        introspected: None,
        certificate: None,
    };
    let error = server.authorize(&request, UnixTime::from_seconds(0)).unwrap_err();
    let header = server.answer(&error, &request, UnixTime::from_seconds(0)).www_authenticate.unwrap();
    let start = header.find("resource_metadata=\"")? + "resource_metadata=\"".len();
    header[start..].split('"').next().map(String::from)
}

/// RFC 9728 §3.1, the examples.
#[test]
fn section_3_1_places() {
    for (resource, url, path) in [
        (
            "https://resource.example.com",
            "https://resource.example.com/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource",
        ),
        (
            "https://resource.example.com/resource1",
            "https://resource.example.com/.well-known/oauth-protected-resource/resource1",
            "/.well-known/oauth-protected-resource/resource1",
        ),
    ] {
        let server = server(resource, here());
        assert_eq!(pointed_to(&server).as_deref(), Some(url));
        for asked in [url, path, &format!("http://10.0.0.7{path}"), &format!("{url}?x#y")] {
            let answer = server.metadata("GET", asked).unwrap();
            let document: Value = serde_json::from_str(answer.body.unwrap()).unwrap();
            // RFC 9728 §3.3: "MUST be identical to the protected resource's resource identifier value".
            assert_eq!((answer.status, &document["resource"]), (200, &json!(resource)));
        }
        let (other, _) = path.rsplit_once('/').unwrap();
        for elsewhere in [other, &format!("{path}/"), &format!("{path}2"), &path.to_uppercase()] {
            assert_eq!(server.metadata("GET", elsewhere), None, "{elsewhere}");
        }
    }
}

#[test]
fn section_2_members() {
    let server = server("https://resource.example.com", here());
    let text = server.metadata("GET", "/.well-known/oauth-protected-resource").unwrap().body.unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(text).unwrap(),
        json!({
            "resource": "https://resource.example.com",
            "authorization_servers": ["https://as1.example.com", "https://as2.example.net"],
            "scopes_supported": ["profile", "email"],
            "bearer_methods_supported": ["header"],
        })
    );
}

#[test]
fn section_2_dpop_where_it_is_offered() {
    let dpop = DpopSettings { algorithms: Some(vec![Algorithm::Es256]), ..Default::default() };
    let server = server("https://resource.example.com", ResourceSettings { dpop: Some(dpop), ..here() });
    let text = server.metadata("GET", "/.well-known/oauth-protected-resource").unwrap().body.unwrap();
    let document: Value = serde_json::from_str(text).unwrap();
    assert_eq!(document["dpop_signing_alg_values_supported"], json!(["ES256"]));
}

/// RFC 9728 §3.2: "an HTTP GET request", "the 200 OK HTTP status code"; RFC 9110 §9.1: HEAD where GET is.
#[test]
fn section_3_2_methods() {
    let server = server("https://resource.example.com", here());
    let ask = |method| server.metadata(method, "/.well-known/oauth-protected-resource").unwrap();
    assert_eq!((ask("GET").status, ask("HEAD").status, ask("HEAD").body), (200, 200, None));
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = ask(method);
        assert_eq!((answer.status, answer.body), (405, None));
        assert!(answer.headers.iter().any(|(name, _)| *name == "allow"));
    }
    for method in ["GET", "OPTIONS", "POST"] {
        assert!(ask(method).headers.contains(&("access-control-allow-origin", "*")), "{method}");
    }
}

#[test]
fn behind_a_proxy_the_public_origin_counts() {
    let settings = ResourceSettings { public_origin: Some("https://shop.example".into()), ..here() };
    let server = server("https://resource.example.com/resource1", settings);
    let url = "https://shop.example/.well-known/oauth-protected-resource/resource1";
    assert_eq!(pointed_to(&server).as_deref(), Some(url));
    assert!(server.metadata("GET", url).is_some());
}

#[test]
fn an_address_elsewhere_is_passed_on_and_nothing_is_served() {
    let metadata = MetadataLocation::At("https://docs.example.com/meta".into());
    let server = server("https://resource.example.com", ResourceSettings { metadata, ..Default::default() });
    assert_eq!(pointed_to(&server).as_deref(), Some("https://docs.example.com/meta"));
    assert_eq!(server.metadata("GET", "/.well-known/oauth-protected-resource"), None);
}
