//! What servers and requests say, against `url` and `serde_json`: authorization responses, token
//! responses, metadata, bearer credentials, secure URLs, what a tab remembers of its logins. Input: kind, then the text.
#![no_main]

use countersign::{
    AuthorizationServerMetadata, ExpectedResponse, Grant, Match, Purpose, StateAnswer, Transactions,
    authorization_code, credentials, is_secure_url, token_response,
};
use countersign_fuzz::compact::json;
use countersign_fuzz::invariants::check_error;
use countersign_fuzz::tree::Tree;
use libfuzzer_sys::fuzz_target;
use url::{Host, Url, form_urlencoded};

const ISSUER: &str = "https://auth.example.com";
const STATE: &str = "s1";

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else { return };
    let text = std::str::from_utf8(data);
    match (kind % 8, text) {
        (0, _) => metadata(data),
        (1, _) => token(200, data, kind & 8 != 0),
        (2, _) => token(u16::from(kind), data, false),
        (3, Ok(text)) => bearer(text),
        (4, Ok(text)) => secure_url(text),
        (5, Ok(text)) => transactions(text),
        (_, Ok(text)) => authorization(text, kind & 8 != 0),
        _ => {}
    }
});

fn authorization(query: &str, issuer_required: bool) {
    let expected = ExpectedResponse { state: Some(STATE), issuer: ISSUER, issuer_required };
    assert!(authorization_code(query, ExpectedResponse { state: None, ..expected }).is_err());
    let values = |name: &str| -> Vec<String> {
        let query = query.strip_prefix('?').unwrap_or(query);
        form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    };
    let issuers = values("iss");
    let ours = values("state") == [STATE] && (issuers == [ISSUER] || issuers.is_empty() && !issuer_required);
    let (codes, errors) = (values("code"), values("error"));
    // The judge reads what is not UTF-8 as U+FFFD; it is refused here, unless it says U+FFFD itself.
    let spelled = query.contains('\u{fffd}') || query.to_ascii_uppercase().contains("%EF%BF%BD");
    let replaced = [&codes, &errors, &issuers].into_iter().flatten().any(|value| value.contains('\u{fffd}'));
    match authorization_code(query, expected) {
        Ok(code) => {
            assert!(!code.contains('\u{fffd}') || spelled, "{query}");
            assert!(ours && !code.is_empty() && codes == [code] && errors.is_empty());
        }
        Err(error) => {
            check_error(&error);
            let good = ours && codes.len() == 1 && !codes[0].is_empty() && errors.is_empty() && !replaced;
            assert!(!good, "{error}: {query}");
            let server = ["access_denied", "login_required", "authorization_error"].contains(&error.code().as_str());
            assert!(!server || ours && errors.len() == 1 && codes.is_empty(), "{error}: {query}");
        }
    }
}

fn token(status: u16, body: &[u8], openid: bool) {
    let tree = json(body);
    let text = |name: &str| tree.as_ref().ok().and_then(|tree| tree.get(name)).and_then(Tree::as_str);
    match token_response(status, body, "Bearer", Grant::AuthorizationCode { openid }) {
        Ok(response) => {
            assert!((200..300).contains(&status));
            assert!(text("error").is_none_or(str::is_empty), "an error in an answer that seems a success");
            assert_eq!(response.id_token.is_some(), openid, "where one was asked for, and nowhere else");
            assert!(!response.access_token.is_empty());
            let unknown = tree.as_ref().is_err_and(|codes| codes.is_empty());
            assert!(unknown || text("access_token") == Some(&response.access_token));
            assert!(unknown || text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")));
            let token = |name: &str| text(name).filter(|token| !token.is_empty());
            assert!(unknown || token("refresh_token") == response.refresh_token.as_deref());
            assert!(unknown || text("scope") == response.scope.as_deref());
            assert!(unknown || !openid || token("id_token") == response.id_token.as_deref());
        }
        Err(error) => {
            check_error(&error);
            let unknown = tree.as_ref().is_err_and(|codes| codes.is_empty());
            let named = text("error").is_some_and(|error| !error.is_empty());
            let refused = !(200..300).contains(&status) || named;
            assert!(unknown || (error.code().as_str() == "token_request_failed") == refused);
        }
    }
}

/// What stands in a tab's storage, whoever wrote it: what is read and written is read as the same again.
fn transactions(text: &str) {
    let now = 1_800_000_000.0;
    let answer = StateAnswer { state: Some(STATE), address: text, redirect_uri: ISSUER };
    let mut transactions = Transactions::read(text, 3_600.0);
    let written = transactions.write().unwrap_or_default();
    assert_eq!(Transactions::read(&written, 3_600.0).write().unwrap_or_default(), written);
    let first = transactions.take(answer, now);
    assert_eq!(Transactions::read(&written, 3_600.0).take(answer, now), first);
    if let Match::Refused { error, .. } = &first {
        check_error(error);
    }
}

fn metadata(document: &[u8]) {
    match AuthorizationServerMetadata::parse(document, ISSUER, Purpose::Keys) {
        Ok(_) => match json(document) {
            Ok(tree) => {
                assert_eq!(tree.get("issuer").and_then(Tree::as_str), Some(ISSUER));
                assert!(tree.get("jwks_uri").and_then(Tree::as_str).is_some_and(is_secure_url));
            }
            Err(codes) => assert!(codes.is_empty(), "accepted, not {codes:?}"),
        },
        Err(error) => check_error(&error),
    }
}

fn bearer(header: &str) {
    match credentials(Some(header)) {
        Ok((scheme, token)) => {
            assert!(!token.is_empty() && !token.contains(',') && header.contains(token));
            let name = scheme.as_str();
            assert!(header.trim()[..name.len()].eq_ignore_ascii_case(name));
        }
        Err(error) => check_error(&error),
    }
}

fn secure_url(text: &str) {
    if !is_secure_url(text) {
        return;
    }
    let Ok(url) = Url::parse(text) else { return };
    assert!(url.username().is_empty() && url.password().is_none(), "{text}");
    let loopback = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => panic!("{text} has no host"),
    };
    assert!(url.scheme() == "https" || (url.scheme() == "http" && loopback), "{text}");
}
