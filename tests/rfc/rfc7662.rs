//! RFC 7662: opaque tokens by the word of their issuer; RFC 9701: the same word, signed. What it says is judged as a JWT's
//! claims are.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use countersign::testing::TestIssuer;
use countersign::{
    Authorized, AuthorizedParty, ErrorCode, Granted, IntrospectionAnswer, IntrospectionResponse, Profile, Request,
    ResourceServer, ResourceSettings, UnixTime, Verifier, introspection_answer,
};

const ISSUER: &str = "https://as.example.com";
const API: &str = "https://api.example.com";
const CLIENT: &str = "orders-api";

fn issuer() -> TestIssuer {
    TestIssuer::new(ISSUER, API)
}

fn verifier(issuer: &TestIssuer, scope: &str) -> Verifier {
    let mut policy = issuer.policy(Profile::AccessToken);
    policy.scopes = if scope.is_empty() { Vec::new() } else { vec![scope.into()] };
    Verifier::new(policy, issuer.jwks()).introspecting(0, CLIENT)
}

/// The code of an answer's refusal. `now`: of [`issuer`], whose clock stands at 1 800 000 000.
fn judged(scope: &str, body: &str) -> Result<(), ErrorCode> {
    let response = IntrospectionResponse { status: 200, content_type: Some("application/json"), body: body.as_bytes() };
    let answer = introspection_answer(&response, false).map_err(|error| error.code())?;
    let issuer = issuer();
    verifier(&issuer, scope).verify_introspected(&answer, issuer.now()).map(drop).map_err(|error| error.code())
}

/// §2.2: all members but `active` are OPTIONAL; those that the policy is about have to be there, and right. Only the issuer
/// need not be named: it is the one that was asked.
#[test]
fn what_the_issuer_says_is_judged_as_claims_are() {
    use ErrorCode::*;
    let good = r#""iss":"https://as.example.com","aud":"https://api.example.com","exp":1800000300"#;
    let full = format!(r#"{{"active":true,{good},"sub":"ada","client_id":"shop","iat":1800000000,"scope":"a b"}}"#);
    // As django-oauth-toolkit answers.
    let unnamed = r#"{"active":true,"scope":"a b","exp":1800000300,"client_id":"shop","username":"ada","aud":["https://api.example.com"]}"#;
    let unnamed = String::from(unnamed);
    for (scope, body) in
        [("", format!(r#"{{"active":true,{good}}}"#)), ("a b", full.clone()), ("", full), ("a b", unnamed)]
    {
        assert_eq!(judged(scope, &body), Ok(()), "{body}");
    }
    for (body, code) in [
        (r#"{"active":false}"#, TokenInactive),
        (r#"{"active":true}"#, ClaimMissing),
        (r#"{"active":true,"iss":null,"aud":"https://api.example.com","exp":1800000300}"#, ClaimInvalid),
        (r#"{"active":true,"aud":"https://other.example","exp":1800000300}"#, AudienceMismatch),
        (r#"{"active":true,"exp":1800000300}"#, ClaimMissing),
        (r#"{"active":true,"iss":"https://as.example.com","exp":1800000300}"#, ClaimMissing),
        (r#"{"active":true,"iss":"https://as.example.com","aud":"https://api.example.com"}"#, ClaimMissing),
        (r#"{"active":true,GOOD,"iss":"https://evil.example"}"#, IntrospectionResponseInvalid),
        (
            r#"{"active":true,"iss":"https://as.example.com/","aud":"https://api.example.com","exp":1800000300}"#,
            IssuerMismatch,
        ),
        (
            r#"{"active":true,"iss":"https://as.example.com","aud":"https://other.example","exp":1800000300}"#,
            AudienceMismatch,
        ),
        (r#"{"active":true,"iss":"https://as.example.com","aud":[],"exp":1800000300}"#, AudienceMismatch),
        (r#"{"active":true,"iss":"https://as.example.com","aud":{"a":1},"exp":1800000300}"#, ClaimInvalid),
        (
            r#"{"active":true,"iss":"https://as.example.com","aud":"https://api.example.com","exp":1800000000}"#,
            TokenExpired,
        ),
        (
            r#"{"active":true,"iss":"https://as.example.com","aud":"https://api.example.com","exp":"1800000300"}"#,
            ClaimInvalid,
        ),
        (r#"{"active":true,"iss":"https://as.example.com","aud":"https://api.example.com","exp":1e999}"#, ClaimInvalid),
        (r#"{"active":true,GOOD,"nbf":1800000001}"#, TokenNotYetValid),
        (r#"{"active":true,GOOD,"sub":7}"#, ClaimInvalid),
        (r#"{"active":true,GOOD,"client_id":["shop"]}"#, ClaimInvalid),
        (r#"{"active":true,GOOD,"scope":["a"]}"#, ClaimInvalid),
        (r#"{"active":true,GOOD,"token_type":"DPoP"}"#, IntrospectionResponseInvalid),
        (r#"{"active":true,GOOD,"token_type":"mac"}"#, TypMismatch),
        (r#"{"active":true,GOOD,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#, ClaimForbidden),
    ] {
        assert_eq!(judged("", &body.replace("GOOD", good)), Err(code), "{body}");
    }
    for scope in ["", r#","scope":"""#, r#","scope":"ab""#, r#","scope":"A B""#] {
        let body = format!(r#"{{"active":true,{good}{scope}}}"#);
        assert_eq!(judged("a", &body), Err(InsufficientScope), "{body}");
    }
}

/// The answer inside a signed one, with claims of the JWT itself replaced by `claims`.
fn signed(issuer: &TestIssuer, typ: &str, claims: &[(&str, serde_json::Value)]) -> String {
    let inside = serde_json::json!({
        "active": true, "iss": ISSUER, "aud": API, "exp": 1_800_000_300, "sub": "ada", "scope": "a"
    });
    let token = issuer.token().header("typ", typ).claim("aud", CLIENT).claim("token_introspection", inside);
    let token = ["exp", "sub", "jti", "client_id"].into_iter().fold(token, |token, name| token.without(name));
    claims
        .iter()
        .fold(token, |token, (name, value)| match value {
            serde_json::Value::Null => token.without(name),
            value => token.claim(name, value.clone()),
        })
        .mint()
}

const TYPE: &str = "token-introspection+jwt";

fn judged_signed(jwt: String) -> Result<Vec<u8>, ErrorCode> {
    let issuer = issuer();
    let verdict = verifier(&issuer, "a").verify_introspected(&IntrospectionAnswer::Signed(jwt), issuer.now());
    verdict.map(|token| token.payload().to_vec()).map_err(|error| error.code())
}

/// RFC 9701 §5: typ, iss, aud, iat and token_introspection; the issuer's own signature.
#[test]
fn signed_answers() {
    use serde_json::{Value, json};
    let issuer = issuer();
    let payload = judged_signed(signed(&issuer, TYPE, &[])).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((&claims["active"], &claims["sub"]), (&json!(true), &json!("ada")), "what is inside, and nothing else");
    assert!(judged_signed(signed(&issuer, TYPE, &[("aud", json!(API))])).is_ok(), "as in the example of RFC 9701 §5");
    assert!(judged_signed(signed(&issuer, "application/Token-Introspection+JWT", &[])).is_ok());

    let invalid = Err(ErrorCode::IntrospectionResponseInvalid);
    for (what, jwt) in [
        ("another kind of JWT", signed(&issuer, "at+jwt", &[])),
        ("of another issuer", signed(&issuer, TYPE, &[("iss", json!("https://other.example"))])),
        ("without issuer", signed(&issuer, TYPE, &[("iss", Value::Null)])),
        ("for another client", signed(&issuer, TYPE, &[("aud", json!("other"))])),
        ("without audience", signed(&issuer, TYPE, &[("aud", Value::Null)])),
        ("without iat", signed(&issuer, TYPE, &[("iat", Value::Null)])),
        ("of yesterday", signed(&issuer, TYPE, &[("iat", json!(1_800_000_000 - 86_400))])),
        ("of tomorrow", signed(&issuer, TYPE, &[("iat", json!(1_800_000_000 + 86_400))])),
        ("without an answer", signed(&issuer, TYPE, &[("token_introspection", Value::Null)])),
        ("an answer as a text", signed(&issuer, TYPE, &[("token_introspection", json!("{\"active\":true}"))])),
        ("active as a text", signed(&issuer, TYPE, &[("token_introspection", json!({"active": "true"}))])),
        ("by another key", signed(&TestIssuer::with_seed(ISSUER, API, "mallory"), TYPE, &[])),
        ("encrypted", String::from("a.b.c.d.e")),
        ("no JWT", String::from("active")),
    ] {
        assert_eq!(judged_signed(jwt), invalid, "{what}");
    }
    let inactive = signed(&issuer, TYPE, &[("token_introspection", json!({"active": false}))]);
    assert_eq!(judged_signed(inactive), Err(ErrorCode::TokenInactive));
    let elsewhere = json!({"active": true, "iss": ISSUER, "aud": "https://other.example", "exp": 1_800_000_300});
    let elsewhere = signed(&issuer, TYPE, &[("token_introspection", elsewhere)]);
    assert_eq!(judged_signed(elsewhere), Err(ErrorCode::AudienceMismatch), "the token's own audience counts");
}

/// RFC 9701 §5 and RFC 8725 §3.11: a signed answer is no access token, and an access token no answer.
#[test]
fn an_answer_is_no_token() {
    let issuer = issuer();
    let verifier = verifier(&issuer, "");
    let answer = signed(&issuer, TYPE, &[("aud", serde_json::json!([CLIENT, API]))]);
    assert_eq!(verifier.verify(answer, issuer.now()).unwrap_err().code(), ErrorCode::TypMismatch);
    let token = IntrospectionAnswer::Signed(issuer.token().claim("aud", CLIENT).mint());
    let refused = verifier.verify_introspected(&token, issuer.now()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IntrospectionResponseInvalid);
}

/// Which tokens nobody but their issuer can read.
#[test]
fn opaque_tokens() {
    let issuer = issuer();
    let verifier = verifier(&issuer, "");
    let own = issuer.token().mint();
    let broken = issuer.token().claim("aud", "https://other.example").mint();
    let unsigned = format!("{}.", own.rsplit_once('.').unwrap().0);
    let foreign = TestIssuer::new("https://other.example", API).token().mint();
    for jwt in [&own, &broken, &unsigned] {
        assert!(!verifier.is_opaque(jwt), "{jwt}");
    }
    for opaque in ["2YotnFZFEjr1zCsicMWpAA", "a.b", "a.b.c", "a.b.c.d.e", "", &foreign, &format!("{own}.x")] {
        assert!(verifier.is_opaque(opaque), "{opaque}");
    }
}

/// RFC 6750 §2.1, and two characters more that real servers use: no server is asked about what is no token.
#[test]
fn what_is_asked_about() {
    let verifier = verifier(&issuer(), "");
    let code = |token: &str| verifier.check_opaque(token).map_err(|error| error.code());
    for token in ["2YotnFZFEjr1zCsicMWpAA", "a", "-._~+/", "a==", "00D!AQ.x", "ada:1:x", &"a".repeat(16 * 1024)] {
        assert_eq!(code(token), Ok(()), "{token}");
    }
    for token in ["", "=", "a b", "a=b", "é", "a\n", "a\"", "a%20", "a,b", "a;b", "a\\b"] {
        assert_eq!(code(token), Err(ErrorCode::TokenMalformed), "{token}");
    }
    assert_eq!(code(&"a".repeat(16 * 1024 + 1)), Err(ErrorCode::TokenTooLarge));
}

/// RFC 9449 §6.2: a token that is bound by its answer needs its proof.
#[test]
fn bound_tokens() {
    let issuer = issuer();
    let server = ResourceServer::new(verifier(&issuer, ""), ResourceSettings::default()).unwrap();
    let answer = |cnf: &str| {
        let good = r#""iss":"https://as.example.com","aud":"https://api.example.com","exp":1800000300"#;
        IntrospectionAnswer::Active(format!(r#"{{"active":true,{good}{cnf}}}"#).into_bytes())
    };
    let code = |scheme: &str, cnf: &str| -> Option<ErrorCode> {
        let (answer, authorization) = (answer(cnf), format!("{scheme} opaque"));
        let request = Request {
            method: "GET",
            url: "https://api.example.com/",
            authorization: Some(&authorization),
            dpop: None,
            introspected: Some(&answer),
            certificate: None,
        };
        let authorized: Result<Authorized<'_>, _> = server.authorize(&request, issuer.now());
        authorized.err().map(|error| error.code())
    };
    assert_eq!(code("Bearer", ""), None);
    assert_eq!(code("Bearer", r#","cnf":{"jkt":"T"}"#), Some(ErrorCode::TokenBound));
    assert_eq!(code("Bearer", r#","cnf":{"x5t#S256":"T"}"#), Some(ErrorCode::TokenBound));
    assert_eq!(code("DPoP", r#","cnf":{"jkt":"T"}"#), Some(ErrorCode::DpopInvalid));
    assert_eq!(code("DPoP", ""), Some(ErrorCode::DpopKeyMismatch));
}

/// §2.2: `client_id` is "the OAuth 2.0 client that requested this token", `scope` its scope; a JWT has claims of its own.
#[test]
fn to_whom_and_for_what() {
    let issuer = issuer();
    let grant = |claim: &str, authorization: &str, answer: Option<&str>| {
        let mut policy = issuer.policy(Profile::AccessToken);
        policy.client_claims = vec![String::from(claim)];
        policy.authorized_party = AuthorizedParty::IfPresent(vec!["shop".into()]);
        let verifier = Verifier::new(policy, issuer.jwks()).introspecting(0, CLIENT);
        let server = ResourceServer::new(verifier, ResourceSettings::default()).unwrap();
        let answer = answer.map(|more| {
            let good = r#""iss":"https://as.example.com","aud":"https://api.example.com","exp":1800000300"#;
            IntrospectionAnswer::Active(format!(r#"{{"active":true,{good}{more}}}"#).into_bytes())
        });
        let authorization = format!("Bearer {authorization}");
        let request = Request {
            method: "GET",
            url: "https://api.example.com/",
            authorization: Some(&authorization),
            dpop: None,
            introspected: answer.as_ref(),
            certificate: None,
        };
        let authorized = server.authorize(&request, issuer.now()).map_err(|error| error.code())?;
        let Granted { client, scopes, expires_at } = server.grant(&authorized).unwrap();
        Ok((client, scopes.join("+"), expires_at.unwrap()))
    };
    let of = |client: Option<&str>, scopes: &str, at| Ok((client.map(String::from), String::from(scopes), at));
    for (claim, answer, expected) in [
        ("client_id", r#","client_id":"shop","scope":"a b""#, of(Some("shop"), "a+b", 1_800_000_300)),
        ("cid", r#","client_id":"shop","scope":"a""#, of(Some("shop"), "a", 1_800_000_300)),
        ("cid", r#","cid":"shop","client_id":"other""#, of(Some("shop"), "", 1_800_000_300)),
        ("cid", "", of(None, "", 1_800_000_300)),
        ("cid", r#","client_id":"other""#, Err(ErrorCode::AuthorizedPartyMismatch)),
    ] {
        assert_eq!(grant(claim, "opaque", Some(answer)), expected, "{claim} {answer}");
    }
    let jwt = issuer.token().claim("cid", "shop").claim("client_id", "other").claim("scope", "c").mint();
    assert_eq!(grant("cid", &jwt, None), of(Some("shop"), "c", 1_800_000_300));
    let jwt = issuer.token().claim("client_id", "shop").mint();
    assert_eq!(grant("cid", &jwt, None), of(None, "", 1_800_000_300), "a JWT's client has one name");
}

/// The verdict on an answer that is kept changes with time.
#[test]
fn a_kept_answer_expires() {
    let issuer = issuer();
    let body = br#"{"active":true,"iss":"https://as.example.com","aud":"https://api.example.com","exp":1800000300}"#;
    let answer = IntrospectionAnswer::Active(body.to_vec());
    let judged = |seconds: u64| {
        let now = issuer.now().checked_add(Duration::from_secs(seconds)).unwrap_or(UnixTime::MAX);
        verifier(&issuer, "").verify_introspected(&answer, now).map(drop).map_err(|error| error.code())
    };
    assert_eq!(judged(299), Ok(()));
    assert_eq!(judged(300), Err(ErrorCode::TokenExpired));
}
