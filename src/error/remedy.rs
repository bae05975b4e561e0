//! What to do about a refusal, where what was found says more than its code: why something could not be fetched, most of
//! all. The advice is read from the refusal's own values, so that one that comes back from JavaScript has the same.

use alloc::{format, string::String};

use super::{ErrorCode, bounded};

/// In characters.
const MAX_BRIEF: usize = 40;

/// What is expected where ML-DSA is not linked.
pub(crate) const ML_DSA: &str = "ML-DSA, which is not linked here";

const LINK: &str = "Link ML-DSA: import \"countersign/ml-dsa\" once (JavaScript), or enable the feature ml-dsa (Rust).";

/// What is expected of the type of an access token by RFC 9068 §4.
const ACCESS_TOKEN: &str = "at+jwt";

const NAME_THE_PROVIDER: &str = "Send the access token, not the ID token. Where it has no such type, as with most \
    providers: a guard knows the tokens of auth0, entra, okta, cognito, keycloak, google, apple, firebase, clerk, supabase, \
    cloudflare-access, google-iap, workos, github-actions and kubernetes by the option provider; for another, set typ or \
    profile: \"jwt\".";

/// What is expected of the answer to a code where the scope has `openid`.
pub(crate) const ID_TOKEN: &str = "an ID token, since the scope has openid";

const NO_OPENID_PROVIDER: &str = "Where the server is no OpenID provider, leave openid out of the scope: such a login goes \
    without an ID token. Else look at the client's registration there.";

/// What to do about an error that an authorization server names (RFC 6749 §4.1.2.1, §5.2; RFC 8707 §2).
const OAUTH_ERRORS: [(&str, &str); 4] = [
    (
        "invalid_scope",
        "Ask for no scope that the server does not know, or does not give this client; for openid only where it is an OpenID \
         provider.",
    ),
    (
        "invalid_target",
        "The server does not know the API that the token is to be for, the parameter resource: register it there, or leave it \
         away.",
    ),
    (
        "invalid_client",
        "Compare the client's identifier, and register it as a public client: a page can keep no secret.",
    ),
    ("unauthorized_client", "Register the client for what it asks for: the code flow with PKCE, without a secret."),
];

/// Why something could not be fetched: what it is called, the words by which runtimes tell of it, and what to do.
struct Failure {
    name: &'static str,
    signs: &'static [&'static str],
    remedy: &'static str,
}

/// A trailing slash too many or too few.
pub(crate) const SLASH: &str = "another slash at the end";

/// What comes in place of metadata or keys.
pub(crate) const HTML: &str = "HTML in place of JSON";

/// What a token names that nobody may ask about now.
pub(crate) const UNKNOWN_KEY: &str = "an unknown key";

const FAILURES: [Failure; 13] = [
    Failure {
        name: UNKNOWN_KEY,
        signs: &[],
        remedy: "The keys may be asked for again in a moment: repeat the request then. If it stays, the token was signed by a \
                 key that the issuer does not publish.",
    },
    Failure {
        name: SLASH,
        signs: &[],
        remedy: "Set the issuer exactly as its metadata spells it: a slash at its end counts.",
    },
    Failure {
        name: HTML,
        signs: &[],
        remedy: "That address shows a page. The issuer is what stands before /.well-known; a proxy or a login page may be in \
                 between.",
    },
    Failure {
        name: "a redirect",
        signs: &[],
        remedy: "Redirects are not followed: name the address that it leads to, often one with https, www or a slash.",
    },
    Failure {
        name: "unknown host",
        signs: &["ENOTFOUND", "EAI_AGAIN", "dns error", "failed to lookup address", "ERR_NAME_NOT_RESOLVED"],
        remedy: "DNS does not know the host: compare it letter by letter, and look it up from this very machine.",
    },
    Failure {
        name: "connection refused",
        signs: &["ECONNREFUSED", "ConnectionRefused", "Connection refused"],
        remedy: "Nothing listens at that host and port: check both, and that the server runs. In a container, localhost is \
                 the container itself.",
    },
    Failure {
        name: "certificate not trusted",
        signs: &["CERT", "certificate", "UNABLE_TO_", "SELF_SIGNED", "EPROTO", "SSL", "TLS"],
        remedy: "The server's TLS certificate has expired, is for another name, or comes from an authority that is not \
                 trusted here (Node.js: NODE_EXTRA_CA_CERTS).",
    },
    Failure {
        name: "no answer in time",
        signs: &["ETIMEDOUT", "TIMEOUT", "timed out", "no complete answer within"],
        remedy: "Look at the network, proxy and firewall between here and the server, and at its load.",
    },
    Failure {
        name: "blocked by the browser, or unreachable",
        signs: &["Failed to fetch", "NetworkError when attempting", "Load failed"],
        remedy: "Most often it is CORS: the address has to answer with Access-Control-Allow-Origin for the origin of this \
                 page. The browser's console says which it is.",
    },
    Failure {
        name: "status 404",
        signs: &[],
        remedy: "Nothing is published there: compare the issuer with what the provider documents, path and tenant included; \
                 or name the key set's own address.",
    },
    Failure {
        name: "status 40",
        signs: &[],
        remedy: "Metadata and keys are public, and this server, or a proxy or firewall before it, does not give them out: see \
                 what it logs.",
    },
    Failure { name: "status 429", signs: &[], remedy: "The server takes no more requests for now: try again later." },
    Failure { name: "status 5", signs: &[], remedy: "The server is out of order: try again later." },
];

/// Why something could not be fetched, in words that begin with a reason that is known, if one of its signs is there.
pub(crate) fn failure(text: &str) -> String {
    let is_known = |failure: &&Failure| failure.signs.iter().any(|sign| split(text, sign).is_some());
    match FAILURES.iter().find(is_known) {
        Some(failure) => format!("{}: {}", failure.name, bounded(text)),
        None => bounded(text),
    }
}

/// Why an answer of a status is none. A browser does not tell the status of a redirect (Fetch §2.2.6).
pub(crate) fn status(status: u16) -> String {
    match status {
        0 => String::from("a redirect"),
        301 | 302 | 303 | 307 | 308 => format!("a redirect, status {status}"),
        _ => format!("status {status}"),
    }
}

/// A reason in a few words, where another one has to fit beside it.
pub(crate) fn brief(reason: &str) -> &str {
    match FAILURES.iter().find(|failure| reason.starts_with(failure.name) && !failure.signs.is_empty()) {
        Some(failure) => failure.name,
        None => reason.char_indices().nth(MAX_BRIEF).map_or(reason, |(end, _)| reason.get(..end).unwrap_or_default()),
    }
}

/// Whether a text is HTML or XML rather than JSON.
pub(crate) fn is_markup(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(b"<")
}

/// What to do, where the values of a refusal say it better than its code.
pub(super) fn remedy(code: ErrorCode, found: Option<&str>, expected: Option<&str>) -> &'static str {
    let failed = |found: &str| {
        let (code, reason) = inner(found);
        advice(reason).or(code.map(ErrorCode::remedy))
    };
    let known = match code {
        _ if expected == Some(ML_DSA) => Some(LINK),
        ErrorCode::TypMismatch if expected == Some(ACCESS_TOKEN) => Some(NAME_THE_PROVIDER),
        ErrorCode::TokenResponseInvalid if expected == Some(ID_TOKEN) => Some(NO_OPENID_PROVIDER),
        ErrorCode::AuthorizationError => found.and_then(oauth_error),
        ErrorCode::TokenRequestFailed => found.and_then(|found| oauth_error(found).or_else(|| failed(found))),
        ErrorCode::KeysUnavailable | ErrorCode::MetadataUnavailable | ErrorCode::MetadataInvalid => {
            found.and_then(failed)
        }
        _ => None,
    };
    known.unwrap_or(code.remedy())
}

/// A refusal that has become the reason of another stands first: its code, and its own reason.
fn inner(found: &str) -> (Option<ErrorCode>, &str) {
    for code in [ErrorCode::MetadataUnavailable, ErrorCode::MetadataInvalid] {
        let Some(rest) = found.strip_prefix(code.as_str()) else { continue };
        return (Some(code), split(rest, ", ").map_or(rest, |(_, reason)| reason));
    }
    (None, found)
}

/// As `str::split_once`, in less code: these texts are short.
#[inline(never)]
pub(crate) fn split<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    let at = text.as_bytes().windows(part.len()).position(|window| window == part.as_bytes())?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

/// By the name that stands first, whole.
fn oauth_error(found: &str) -> Option<&'static str> {
    let name = found.split([':', ' ']).next();
    OAUTH_ERRORS.iter().find(|(error, _)| name == Some(*error)).map(|(_, remedy)| *remedy)
}

fn advice(reason: &str) -> Option<&'static str> {
    FAILURES.iter().find(|failure| reason.starts_with(failure.name)).map(|failure| failure.remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_found(code: ErrorCode, found: &str) -> &'static str {
        remedy(code, Some(found), None)
    }

    #[test]
    fn the_words_of_each_runtime() {
        for (text, name) in [
            ("fetch failed: getaddrinfo ENOTFOUND auth.example.com", "unknown host"),
            ("client error (Connect): dns error: failed to lookup address information", "unknown host"),
            ("fetch failed: connect ECONNREFUSED 127.0.0.1:443", "connection refused"),
            ("tcp connect error: Connection refused (os error 111)", "connection refused"),
            ("Unable to connect. Is the computer able to access the url? (ConnectionRefused)", "connection refused"),
            ("fetch failed: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)", "certificate not trusted"),
            ("invalid peer certificate: UnknownIssuer", "certificate not trusted"),
            ("fetch failed: certificate has expired (CERT_HAS_EXPIRED)", "certificate not trusted"),
            ("fetch failed: Connect Timeout Error (UND_ERR_CONNECT_TIMEOUT)", "no answer in time"),
            ("no complete answer within 5 s", "no answer in time"),
            ("Failed to fetch", "blocked by the browser, or unreachable"),
            ("NetworkError when attempting to fetch resource.", "blocked by the browser, or unreachable"),
            ("Load failed", "blocked by the browser, or unreachable"),
        ] {
            let reason = failure(text);
            assert_eq!(reason, format!("{name}: {text}"));
            assert_eq!(brief(&reason), name);
            let advice = of_found(ErrorCode::KeysUnavailable, &reason);
            assert_ne!(advice, ErrorCode::KeysUnavailable.remedy(), "{name}");
            assert_eq!(advice, of_found(ErrorCode::MetadataUnavailable, &format!("{reason} from https://a.example")));
            assert_eq!(advice, of_found(ErrorCode::TokenRequestFailed, &reason));
            let inner = format!("metadata_unavailable, {reason}");
            assert_eq!(advice, of_found(ErrorCode::KeysUnavailable, &inner));
        }
        assert_eq!(failure("socket hang up"), "socket hang up");
        assert_eq!(brief(&"é".repeat(100)).chars().count(), MAX_BRIEF);
    }

    #[test]
    fn statuses() {
        let advice = |code: u16| of_found(ErrorCode::MetadataUnavailable, &status(code));
        assert!(advice(404).contains("Nothing is published there"));
        assert!(advice(403).contains("public") && advice(401).contains("public"));
        assert!(
            advice(503).contains("try again") && advice(500).contains("try again") && advice(429).contains("try again")
        );
        for code in [0, 301, 302, 303, 307, 308] {
            assert!(status(code).starts_with("a redirect") && advice(code).contains("Redirects are not followed"));
        }
        assert_eq!(advice(204), ErrorCode::MetadataUnavailable.remedy());
    }

    #[test]
    fn what_is_about_metadata_is_said_where_keys_are_missing_for_it() {
        let of_keys = |found: &str| of_found(ErrorCode::KeysUnavailable, found);
        assert!(of_keys(&format!("metadata_invalid (issuer), {SLASH}: https://a.example")).contains("slash"));
        assert!(of_keys(&format!("metadata_invalid, {HTML}")).contains("page"));
        assert_eq!(of_keys("metadata_invalid (issuer), https://b.example"), ErrorCode::MetadataInvalid.remedy());
        assert_eq!(of_keys("status 404").len(), of_found(ErrorCode::MetadataUnavailable, "status 404").len());
    }

    #[test]
    fn what_is_expected_says_more_than_the_code() {
        assert!(remedy(ErrorCode::KeyUnsuitable, Some("AKP"), Some(ML_DSA)).contains("countersign/ml-dsa"));
        assert!(remedy(ErrorCode::AlgUnsupported, Some("ML-DSA-65"), Some(ML_DSA)).contains("feature ml-dsa"));
        assert_eq!(remedy(ErrorCode::KeyUnsuitable, Some("AKP"), None), ErrorCode::KeyUnsuitable.remedy());
        assert!(remedy(ErrorCode::TypMismatch, Some("JWT"), Some(ACCESS_TOKEN)).contains("option provider"));
        assert_eq!(remedy(ErrorCode::TypMismatch, Some("JWT"), Some("dpop+jwt")), ErrorCode::TypMismatch.remedy());
    }

    #[test]
    fn what_a_server_names_has_advice_of_its_own() {
        for (error, _) in OAUTH_ERRORS {
            for found in [String::from(error), format!("{error}: x (status 400)"), format!("{error} (status 401)")] {
                for code in [ErrorCode::AuthorizationError, ErrorCode::TokenRequestFailed] {
                    assert_ne!(of_found(code, &found), code.remedy(), "{found}");
                }
                assert_eq!(of_found(ErrorCode::SessionEnded, &found), ErrorCode::SessionEnded.remedy());
            }
        }
        for found in ["invalid_scopes", "invalid_grant (status 400)", "server_error: invalid_scope"] {
            let code = ErrorCode::AuthorizationError;
            assert_eq!(of_found(code, found), code.remedy());
        }
        let no_id_token = remedy(ErrorCode::TokenResponseInvalid, Some("nothing"), Some(ID_TOKEN));
        assert!(no_id_token.contains("leave openid out"));
        let other = ErrorCode::TokenResponseInvalid;
        assert_eq!(remedy(other, Some("nothing"), Some("a string")), other.remedy());
    }

    #[test]
    fn advice_names_no_option_that_only_some_callers_have() {
        let failures = FAILURES.iter().map(|Failure { name, remedy, .. }| (*name, *remedy));
        for (name, remedy) in failures.chain(OAUTH_ERRORS).chain([("id_token", NO_OPENID_PROVIDER)]) {
            let mut words = remedy.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let is_code = |word: &&str| {
                word.chars().skip(1).any(|c| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_lowercase())
            };
            assert_eq!(words.find(|word| is_code(word) && *word != "OpenID"), None, "{name}");
        }
    }
}
