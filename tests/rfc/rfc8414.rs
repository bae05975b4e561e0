//! RFC 8414: where an authorization server's metadata lies, and what is demanded of it.
#![allow(clippy::unwrap_used)]

use countersign::{AuthorizationServerMetadata, ErrorCode, Purpose, better_failure, well_known_urls};
use serde_json::{Value, json};

const LOGIN: Purpose = Purpose::Login { openid: true };

/// RFC 8414 §3.2, the example.
fn example() -> Value {
    json!({
        "issuer": "https://server.example.com",
        "authorization_endpoint": "https://server.example.com/authorize",
        "token_endpoint": "https://server.example.com/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
        "userinfo_endpoint": "https://server.example.com/userinfo",
        "jwks_uri": "https://server.example.com/jwks.json",
        "registration_endpoint": "https://server.example.com/register",
        "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
        "response_types_supported": ["code", "code token"],
        "service_documentation": "http://server.example.com/service_documentation.html",
        "ui_locales_supported": ["en-US", "en-GB", "en-CA", "fr-FR", "fr-CA"]
    })
}

fn parse(document: &Value, purpose: Purpose) -> Result<AuthorizationServerMetadata, countersign::Error> {
    AuthorizationServerMetadata::parse(document.to_string().as_bytes(), "https://server.example.com", purpose)
}

#[test]
fn section_3_1_places() {
    assert_eq!(
        well_known_urls("https://example.com").unwrap(),
        [
            "https://example.com/.well-known/oauth-authorization-server",
            "https://example.com/.well-known/openid-configuration"
        ]
    );
    // The issuer with a path, and OpenID Connect Discovery §4.1 for the second; a final slash is removed.
    for issuer in ["https://example.com/issuer1", "https://example.com/issuer1/"] {
        assert_eq!(
            well_known_urls(issuer).unwrap(),
            [
                "https://example.com/.well-known/oauth-authorization-server/issuer1",
                "https://example.com/issuer1/.well-known/openid-configuration"
            ]
        );
    }
}

#[test]
fn section_2_an_issuer_is_https() {
    for issuer in
        ["http://example.com", "ftp://example.com", "example.com", "https://example.com?a=b", "https://example.com#a"]
    {
        let error = well_known_urls(issuer).unwrap_err();
        assert_eq!((error.code(), error.spec()), (ErrorCode::MetadataInvalid, "RFC 8414 §2"), "{issuer}");
    }
}

#[test]
fn section_3_2_the_example() {
    let keys = parse(&example(), Purpose::Keys).unwrap();
    assert_eq!(keys.jwks_uri.as_deref(), Some("https://server.example.com/jwks.json"));
    assert_eq!(keys.token_endpoint, None, "nobody reads it");
    let login = parse(&example(), LOGIN).unwrap();
    assert_eq!(login.authorization_endpoint.as_deref(), Some("https://server.example.com/authorize"));
    assert_eq!(login.token_endpoint.as_deref(), Some("https://server.example.com/token"));
    assert!(!login.require_pushed_authorization_requests && !login.authorization_response_iss_parameter_supported);
}

#[test]
fn section_3_2_success_is_200() {
    let text = example().to_string();
    let read = |status| {
        let url = "https://server.example.com/.well-known/oauth-authorization-server";
        AuthorizationServerMetadata::from_response(url, status, text.as_bytes(), "https://server.example.com", LOGIN)
    };
    assert!(read(200).is_ok());
    for status in [201, 204, 301, 304, 404, 500] {
        let error = read(status).unwrap_err();
        assert_eq!(error.code(), ErrorCode::MetadataUnavailable);
        assert!(error.found_value().unwrap().contains(&format!("status {status} from https://")));
    }
}

#[test]
fn section_3_3_the_issuer_is_identical() {
    for issuer in ["https://server.example.com/", "https://SERVER.example.com", "https://server.example.com:443", ""] {
        let mut document = example();
        document["issuer"] = json!(issuer);
        let error = parse(&document, Purpose::Keys).unwrap_err();
        assert_eq!((error.code(), error.spec()), (ErrorCode::MetadataInvalid, "RFC 8414 §3.3"), "{issuer}");
    }
}

#[test]
fn what_is_used_is_demanded_and_nothing_else() {
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for wrong in [json!(null), json!("/"), json!("http://10.0.0.7/"), json!(7), json!("")] {
            let mut document = example();
            document[name] = wrong;
            let error = parse(&document, LOGIN).unwrap_err();
            assert_eq!((error.code(), error.claim_name()), (ErrorCode::MetadataInvalid, Some(name)));
            assert_eq!(parse(&document, Purpose::Keys).is_ok(), name != "jwks_uri", "{name}");
        }
    }
    for name in ["userinfo_endpoint", "registration_endpoint", "introspection_endpoint"] {
        for odd in [json!(null), json!("/"), json!("http://10.0.0.7/"), json!(7)] {
            let mut document = example();
            document[name] = odd;
            assert!(parse(&document, LOGIN).is_ok(), "{name}");
        }
    }
}

/// RFC 7636 §4.2: without S256 there is no login, and there are keys all the same.
#[test]
fn code_challenge_methods_matter_to_a_login() {
    let mut document = example();
    document["code_challenge_methods_supported"] = json!(["plain"]);
    assert!(parse(&document, Purpose::Keys).is_ok());
    assert_eq!(parse(&document, LOGIN).unwrap_err().claim_name(), Some("code_challenge_methods_supported"));
    document["code_challenge_methods_supported"] = json!(["plain", "S256"]);
    assert!(parse(&document, LOGIN).is_ok());
}

#[test]
fn metadata_that_is_there_and_wrong_says_more() {
    let read = |status, text: &str| {
        let url = "https://server.example.com/x";
        AuthorizationServerMetadata::from_response(url, status, text.as_bytes(), "https://server.example.com", LOGIN)
            .unwrap_err()
    };
    for (first, second) in [(read(200, "{}"), read(404, "")), (read(404, ""), read(200, "{}"))] {
        assert_eq!(better_failure(first, second).code(), ErrorCode::MetadataInvalid);
    }
    let both = better_failure(read(404, ""), read(503, ""));
    assert_eq!(both.code(), ErrorCode::MetadataUnavailable);
    assert!(both.found_value().unwrap().contains("status 503"));
}
