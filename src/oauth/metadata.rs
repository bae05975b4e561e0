//! Authorization server metadata (RFC 8414, OpenID Connect Discovery): where to find it, and which members are used.

use alloc::{format, string::String};

use crate::error::remedy::{self, HTML, SLASH};
use crate::error::{Error, ErrorCode};
use crate::jose::issuer_template::IssuerTemplate;
use crate::jose::json::{self, Object, Value};
use crate::oauth::url;

/// What the metadata is read for. Members that this purpose does not need are not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To find the keys that check an issuer's tokens.
    Keys,
    /// To ask about tokens.
    Introspection,
    /// To log in.
    Login {
        /// Whether the scope asks for an ID token, which needs the issuer's keys.
        openid: bool,
    },
}

/// The members of an authorization server's metadata that are used here (RFC 8414 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationServerMetadata {
    /// The issuer identifier.
    pub issuer: String,
    /// The URL of the key set.
    pub jwks_uri: Option<String>,
    /// Where the user logs in. This and all that follows is read for a login alone.
    pub authorization_endpoint: Option<String>,
    /// Where tokens are given.
    pub token_endpoint: Option<String>,
    /// Where authorization requests are pushed (RFC 9126 §5).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Whether they have to be (RFC 9126 §5).
    pub require_pushed_authorization_requests: bool,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where the user logs out (OpenID Connect RP-Initiated Logout §2.1).
    pub end_session_endpoint: Option<String>,
    /// Where claims about the user are (OpenID Connect Core §5.3). One that is not secure is none: few logins ask it.
    pub userinfo_endpoint: Option<String>,
    /// Where a resource server asks about tokens (RFC 7662); read for that alone.
    pub introspection_endpoint: Option<String>,
    /// Whether authorization responses name their issuer (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
}

/// The addresses at which an issuer's metadata is looked for, in this order: those of RFC 8414 §3.1 and of OpenID
/// Connect Discovery §4.1.
///
/// # Errors
/// `metadata_invalid` unless the issuer is an https URL (or http to this very machine) without query and fragment.
pub fn well_known_urls(issuer: &str) -> Result<[String; 2], Error> {
    key_discovery_urls(issuer, false)
}

/// The same for an issuer whose keys alone are wanted, which may be reached by plain http where that is allowed.
pub(crate) fn key_discovery_urls(issuer: &str, allow_http: bool) -> Result<[String; 2], Error> {
    let secure = Some(issuer).filter(|issuer| url::is_allowed(issuer, allow_http)).and_then(url::parts);
    let Some((origin, path, "")) = secure else {
        // RFC 8414 §2: "a URL that uses the "https" scheme and has no query or fragment components".
        return Err(invalid("issuer").cite("RFC 8414 §2").found(issuer).expected(
            "an https URL without query and fragment: over plain http anyone on the network could choose the keys",
        ));
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    Ok([
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
        format!("{origin}{path}/.well-known/openid-configuration"),
    ])
}

/// The issuer whose metadata is asked for.
pub(crate) struct AskedIssuer<'i> {
    /// As its address has it.
    pub(crate) issuer: &'i str,
    /// Another one whose tokens its keys check, as the caller says: the metadata of many tenants is about a template.
    pub(crate) tokens_of: Option<&'i IssuerTemplate>,
}

/// The address of an issuer's key set by the answer of one of its [`key_discovery_urls`].
pub(crate) fn discovered_jwks_uri(
    url: &str,
    status: u16,
    text: &[u8],
    asked: &AskedIssuer<'_>,
    allow_http: bool,
) -> Result<String, Error> {
    check_status(url, status)?;
    let document = document(text)?;
    let metadata = about(&document, asked).map_err(|error| match error.found_value() {
        Some(found) if IssuerTemplate::is_template(found) => error.expected(
            "the issuer that was asked; for many tenants, that template as issuer, and this one as metadataIssuer",
        ),
        _ => error,
    });
    needed(metadata?, "jwks_uri", allow_http)
}

impl AuthorizationServerMetadata {
    /// Reads the answer of one of the [`well_known_urls`].
    ///
    /// # Errors
    /// `metadata_unavailable` for an answer without metadata, else as [`Self::parse`].
    pub fn from_response(url: &str, status: u16, text: &[u8], issuer: &str, purpose: Purpose) -> Result<Self, Error> {
        check_status(url, status)?;
        Self::parse(text, issuer, purpose)
    }

    /// The same with the endpoints that another of the issuer's documents has and this one lacks: some servers tell of
    /// signing out in the document of OpenID Connect alone.
    #[must_use]
    pub fn complemented(mut self, other: Self) -> Self {
        self.end_session_endpoint = self.end_session_endpoint.or(other.end_session_endpoint);
        self.revocation_endpoint = self.revocation_endpoint.or(other.revocation_endpoint);
        self.userinfo_endpoint = self.userinfo_endpoint.or(other.userinfo_endpoint);
        self
    }

    /// Reads a metadata document: it is about the issuer that was asked, has the members that the purpose needs, and
    /// those of its endpoints that the purpose uses are secure.
    ///
    /// # Errors
    /// `metadata_invalid`
    pub fn parse(text: &[u8], issuer: &str, purpose: Purpose) -> Result<Self, Error> {
        let document = document(text)?;
        let metadata = about(&document, &AskedIssuer { issuer, tokens_of: None })?;
        let mut read = Self { issuer: String::from(issuer), ..Self::default() };
        match purpose {
            Purpose::Keys => read.jwks_uri = Some(needed(metadata, "jwks_uri", false)?),
            // RFC 8414 §2: "introspection_endpoint", OPTIONAL, and of no use without.
            Purpose::Introspection => {
                read.introspection_endpoint = Some(needed(metadata, "introspection_endpoint", false)?);
            }
            Purpose::Login { openid } => read.read_login(metadata, openid)?,
        }
        Ok(read)
    }

    fn read_login(&mut self, metadata: &Object<'_>, openid: bool) -> Result<(), Error> {
        self.authorization_endpoint = Some(needed(metadata, "authorization_endpoint", false)?);
        self.token_endpoint = Some(needed(metadata, "token_endpoint", false)?);
        if openid {
            self.jwks_uri = Some(needed(metadata, "jwks_uri", false)?);
        }
        self.pushed_authorization_request_endpoint = endpoint(metadata, "pushed_authorization_request_endpoint")?;
        self.require_pushed_authorization_requests = flag(metadata, "require_pushed_authorization_requests")?;
        self.revocation_endpoint = endpoint(metadata, "revocation_endpoint")?;
        self.end_session_endpoint = endpoint(metadata, "end_session_endpoint")?;
        let userinfo_endpoint = metadata.get("userinfo_endpoint").and_then(Value::as_str);
        self.userinfo_endpoint = userinfo_endpoint.filter(|url| url::is_secure(url)).map(String::from);
        self.authorization_response_iss_parameter_supported =
            flag(metadata, "authorization_response_iss_parameter_supported")?;
        check_pkce(metadata)
    }
}

fn check_status(url: &str, status: u16) -> Result<(), Error> {
    // RFC 8414 §3.2: "A successful response MUST use the 200 OK HTTP status code".
    if status == 200 { Ok(()) } else { Err(unavailable(url, &remedy::status(status))) }
}

fn document(text: &[u8]) -> Result<Value<'_>, Error> {
    json::parse(text).map_err(|fault| {
        if remedy::is_markup(text) {
            return invalid("").cite(fault.spec()).found(HTML).expected("JSON");
        }
        invalid("").cite(fault.spec()).found(fault.found_value().unwrap_or(fault.code().meaning())).expected("JSON")
    })
}

/// The members of a document, if it is about the issuer that was asked.
fn about<'d, 'v>(document: &'d Value<'v>, asked: &AskedIssuer<'_>) -> Result<&'d Object<'v>, Error> {
    let metadata = document.as_object().ok_or_else(|| invalid("").found(document.kind()).expected("an object"))?;
    // RFC 8414 §3.3: "MUST be identical to the authorization server's issuer identifier".
    let named = text_member(metadata, "issuer")?;
    let is_tokens_own = |named| asked.tokens_of.is_some_and(|own| own.is_like(&IssuerTemplate::of_key(named)));
    if named.is_some_and(|named| named == asked.issuer || is_tokens_own(named)) {
        return Ok(metadata);
    }
    let bare = |issuer| str::strip_suffix(issuer, '/').unwrap_or(issuer);
    let differ_by_slash = named.is_some_and(|named| bare(named) == bare(asked.issuer));
    let found = named.unwrap_or("nothing");
    let found = if differ_by_slash { format!("{SLASH}: {found}") } else { String::from(found) };
    let expected = asked.tokens_of.map_or(asked.issuer, IssuerTemplate::as_str);
    Err(invalid("issuer").found(found).expected(expected))
}

/// The failure to fetch metadata: the reason comes first, since a long address would push it out of sight.
pub fn metadata_unreachable(url: &str, reason: &str) -> Error {
    unavailable(url, &remedy::failure(reason))
}

/// Of the failures at both of the [`well_known_urls`], the more informative one: invalid metadata comes before missing
/// metadata, and where both addresses have none, both are named.
pub fn better_failure(first: Error, second: Error) -> Error {
    let absent = |error: &Error| error.code() == ErrorCode::MetadataUnavailable;
    match (absent(&first), absent(&second)) {
        (false, _) => first,
        (true, false) => second,
        (true, true) => {
            let (first, second) = (first.found_value().unwrap_or_default(), second.found_value().unwrap_or_default());
            if first == second {
                return Error::new(ErrorCode::MetadataUnavailable).found(first);
            }
            let parts = |found| remedy::split(found, FROM).unwrap_or((found, ""));
            let ((reason, url), (other, other_url)) = (parts(first), parts(second));
            Error::new(ErrorCode::MetadataUnavailable).found(match reason == other {
                true => format!("{reason}{FROM}{url}; {other_url}"),
                // An issuer need not have both: what is not there says less than anything else.
                false if reason.starts_with("status 404") => both((other, other_url), (reason, url)),
                false => both((reason, url), (other, other_url)),
            })
        }
    }
}

/// The reasons come before the addresses, which may be long.
fn both((reason, url): (&str, &str), (other, other_url): (&str, &str)) -> String {
    format!("{}; {}{FROM}{url}; {other_url}", remedy::brief(reason), remedy::brief(other))
}

const FROM: &str = " from ";

fn unavailable(url: &str, reason: &str) -> Error {
    Error::new(ErrorCode::MetadataUnavailable).found(format!("{reason}{FROM}{url}"))
}

/// A server that lists its code challenge methods has to list S256 (RFC 7636 §4.2).
fn check_pkce(metadata: &Object<'_>) -> Result<(), Error> {
    let name = "code_challenge_methods_supported";
    let refused = |found| Err(invalid(name).cite("RFC 7636 §4.2").found(found).expected("S256 among the methods"));
    match metadata.get(name) {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(methods)) if methods.iter().any(|method| method.as_str() == Some("S256")) => Ok(()),
        Some(Value::Array(_)) => refused("methods without it"),
        Some(other) => refused(other.kind()),
    }
}

fn needed(metadata: &Object<'_>, name: &'static str, allow_http: bool) -> Result<String, Error> {
    endpoint_where(metadata, name, allow_http)?
        .ok_or_else(|| invalid(name).cite("RFC 8414 §2").found("nothing").expected("an https URL"))
}

/// An endpoint that may be left out, null, or empty, as some servers spell what they do not have.
fn endpoint(metadata: &Object<'_>, name: &'static str) -> Result<Option<String>, Error> {
    endpoint_where(metadata, name, false)
}

fn endpoint_where(metadata: &Object<'_>, name: &'static str, allow_http: bool) -> Result<Option<String>, Error> {
    match text_member(metadata, name)? {
        None => Ok(None),
        // RFC 6749 §3.1, §3.2: an endpoint has no fragment.
        Some(url) if url::is_allowed(url, allow_http) && !url.contains('#') => Ok(Some(String::from(url))),
        Some(other) => Err(invalid(name).cite("RFC 8414 §2").found(other).expected("an https URL")),
    }
}

fn flag(metadata: &Object<'_>, name: &'static str) -> Result<bool, Error> {
    match metadata.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => Err(invalid(name).cite("RFC 8414 §2").found(other.kind()).expected("a boolean")),
    }
}

fn text_member<'v>(metadata: &'v Object<'_>, name: &str) -> Result<Option<&'v str>, Error> {
    match metadata.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(&**text).filter(|text| !text.is_empty())),
        Some(other) => Err(invalid(name).cite("RFC 8414 §2").found(other.kind()).expected("a string")),
    }
}

fn invalid(name: &str) -> Error {
    let error = Error::new(ErrorCode::MetadataInvalid);
    if name.is_empty() { error } else { error.claim(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const ISSUER: &str = "https://as.example";
    const LOGIN: Purpose = Purpose::Login { openid: true };

    fn parse(members: &str, purpose: Purpose) -> Result<AuthorizationServerMetadata, Error> {
        AuthorizationServerMetadata::parse(format!(r#"{{"issuer":"{ISSUER}",{members}}}"#).as_bytes(), ISSUER, purpose)
    }

    fn login(more: &str) -> Result<AuthorizationServerMetadata, Error> {
        let needed = r#""authorization_endpoint":"https://as.example/a?p=1","token_endpoint":"https://as.example/t","jwks_uri":"https://as.example/k""#;
        parse(&format!("{needed}{more}"), LOGIN)
    }

    #[test]
    fn members_that_are_not_used_are_not_checked() {
        for odd in [
            r#""registration_endpoint":null"#,
            r#""userinfo_endpoint":"/""#,
            r#""introspection_endpoint":"http://10.0.0.7/introspect""#,
            r#""mtls_endpoint_aliases":{"token_endpoint":"http://a"}"#,
        ] {
            assert!(login(&format!(",{odd}")).is_ok(), "{odd}");
        }
        for odd in [
            r#""token_endpoint":"http://10.0.0.7/token""#,
            r#""authorization_endpoint":null"#,
            r#""end_session_endpoint":7"#,
            r#""code_challenge_methods_supported":["plain"]"#,
        ] {
            let keys = parse(&format!(r#""jwks_uri":"https://as.example/k",{odd}"#), Purpose::Keys).unwrap();
            assert_eq!(keys.jwks_uri.as_deref(), Some("https://as.example/k"), "{odd}");
        }
    }

    #[test]
    fn members_that_are_read_are_judged_and_named() {
        for (more, name) in [
            (r#","end_session_endpoint":"http://as.example/out""#, "end_session_endpoint"),
            (r#","revocation_endpoint":1"#, "revocation_endpoint"),
            (r#","pushed_authorization_request_endpoint":"/par""#, "pushed_authorization_request_endpoint"),
            (r#","require_pushed_authorization_requests":"true""#, "require_pushed_authorization_requests"),
            (r#","code_challenge_methods_supported":["plain"]"#, "code_challenge_methods_supported"),
            (r#","code_challenge_methods_supported":"S256""#, "code_challenge_methods_supported"),
        ] {
            let error = login(more).unwrap_err();
            assert_eq!((error.code(), error.claim_name()), (ErrorCode::MetadataInvalid, Some(name)));
        }
        let nothing = parse(r#""a":1"#, Purpose::Keys).unwrap_err();
        assert_eq!((nothing.claim_name(), nothing.found_value()), (Some("jwks_uri"), Some("nothing")));
        let plain = parse(
            r#""authorization_endpoint":"https://as.example/a","token_endpoint":"https://as.example/t""#,
            Purpose::Login { openid: false },
        );
        assert_eq!(plain.unwrap().jwks_uri, None);
        let fragment = parse(r#""jwks_uri":"https://as.example/k#x""#, Purpose::Keys).unwrap_err();
        assert_eq!(fragment.claim_name(), Some("jwks_uri"));
    }

    #[test]
    fn an_empty_address_is_none() {
        let optional = login(r#","end_session_endpoint":"","revocation_endpoint":"""#).unwrap();
        assert_eq!((optional.end_session_endpoint, optional.revocation_endpoint), (None, None));
        let needed = parse(r#""jwks_uri":"""#, Purpose::Keys).unwrap_err();
        assert_eq!((needed.claim_name(), needed.found_value()), (Some("jwks_uri"), Some("nothing")));
    }

    #[test]
    fn malformed_documents() {
        for text in ["", "[]", "{", r#"{"issuer":"https://as.example","a":1,"a":1}"#, r#"{"issuer":null}"#, "{}"] {
            let error = AuthorizationServerMetadata::parse(text.as_bytes(), ISSUER, Purpose::Keys).unwrap_err();
            assert_eq!(error.code(), ErrorCode::MetadataInvalid, "{text}");
        }
    }

    #[test]
    fn issuers_that_are_not_secure() {
        for issuer in [
            "http://as.example",
            "as.example",
            "",
            "https://as.example?a",
            "https://as.example/#a",
            "https://u@as.example",
        ] {
            let error = well_known_urls(issuer).unwrap_err();
            assert_eq!((error.code(), error.claim_name()), (ErrorCode::MetadataInvalid, Some("issuer")), "{issuer}");
        }
        let local = well_known_urls("http://localhost:4101").unwrap();
        assert_eq!(local[1], "http://localhost:4101/.well-known/openid-configuration");
    }

    #[test]
    fn the_failure_that_says_more() {
        let wrong = || AuthorizationServerMetadata::parse(b"{}", ISSUER, Purpose::Keys).unwrap_err();
        let status = |status| {
            AuthorizationServerMetadata::from_response("https://as.example/x", status, b"{}", ISSUER, LOGIN)
                .unwrap_err()
        };
        let refused = || metadata_unreachable(&format!("https://{}", "a".repeat(200)), "connection refused");
        assert_eq!(better_failure(wrong(), status(404)), wrong());
        assert_eq!(better_failure(status(404), wrong()), wrong());
        assert_eq!(better_failure(refused(), refused()), refused());
        assert!(refused().found_value().is_some_and(|found| found.starts_with("connection refused from https://a")));
        let both = better_failure(status(404), metadata_unreachable("https://b", "connection refused"));
        assert_eq!(both.found_value(), Some("connection refused; status 404 from https://b; https://as.example/x"));
        let [down, gone] = [500, 404].map(status);
        assert_eq!(
            better_failure(down, gone).found_value(),
            Some("status 500; status 404 from https://as.example/x; https://as.example/x")
        );
    }
}
