//! The key that an access token is bound to (RFC 7800 §3.1, RFC 9449 §6.1): a token that names one, by any
//! confirmation method, is no bearer token.

use alloc::string::String;

use super::credentials::Scheme;
use crate::error::{Error, ErrorCode};
use crate::jose::json::{self, Object, Value};

/// The thumbprint of the key that an access token is bound to, from its claims' JSON; `None` for a token that is
/// bound to none.
///
/// # Errors
/// `token_bound` for a bound token that came without its proof, or whose binding cannot be checked here;
/// `dpop_key_mismatch` for a proof to a token that is not bound; `claim_invalid` for a malformed `cnf`; the codes of
/// malformed JSON.
pub fn bound_key(scheme: Scheme, claims: &[u8]) -> Result<Option<String>, Error> {
    confirmation(scheme, claims, false).map(|confirmation| confirmation.key)
}

/// What an access token is bound to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Confirmation {
    /// The thumbprint of a key (RFC 9449 §6.1).
    pub(super) key: Option<String>,
    /// The thumbprint of a certificate (RFC 8705 §3.1).
    pub(super) certificate: Option<String>,
}

/// What an access token is bound to, from its claims' JSON. `by_certificate`: whether certificates can be checked here.
///
/// # Errors
/// Those of [`bound_key`].
pub(super) fn confirmation(scheme: Scheme, claims: &[u8], by_certificate: bool) -> Result<Confirmation, Error> {
    if !may_hold_confirmation(claims) {
        return unbound(scheme);
    }
    let claims = json::parse(claims)?;
    match claims.as_object().and_then(|claims| claims.get("cnf")) {
        None => unbound(scheme),
        Some(Value::Object(members)) => bound(scheme, members, by_certificate),
        Some(other) => Err(malformed("RFC 7800 §3.1", other.kind(), "an object")),
    }
}

/// A member called `cnf` is written so, or with an escape. Most claims have neither, and need not be read again.
fn may_hold_confirmation(claims: &[u8]) -> bool {
    claims.windows(5).any(|five| five == b"\"cnf\"") || claims.contains(&b'\\')
}

fn unbound(scheme: Scheme) -> Result<Confirmation, Error> {
    match scheme {
        Scheme::Bearer => Ok(Confirmation::default()),
        // RFC 9449 §7.1: the key of the proof is the one that the token is bound to.
        Scheme::Dpop => {
            Err(Error::new(ErrorCode::DpopKeyMismatch).claim("cnf").found("a token bound to no key").expected("jkt"))
        }
    }
}

/// The member that names a certificate (RFC 8705 §3.1).
const CERTIFICATE: &str = "x5t#S256";

fn bound(scheme: Scheme, members: &Object<'_>, by_certificate: bool) -> Result<Confirmation, Error> {
    let names = || members.members().map(|(name, _)| name);
    if names().next().is_none() {
        return Err(malformed("RFC 7800 §3.1", "no member", "a member that identifies the key"));
    }
    // RFC 8705 §3 (x5t#S256), RFC 7800 §3.2 (jwk): a binding that cannot be checked here refuses the token.
    let is_checked = |name: &str| name == "jkt" || (by_certificate && name == CERTIFICATE);
    if let Some(other) = names().find(|&name| !is_checked(name)) {
        let spec = if other == CERTIFICATE { "RFC 8705 §3" } else { "RFC 7800 §3.1" };
        let expected = if by_certificate { "jkt or x5t#S256" } else { "jkt alone" };
        return Err(Error::new(ErrorCode::TokenBound).cite(spec).claim("cnf").found(other).expected(expected));
    }
    let certificate = match members.get(CERTIFICATE) {
        None => None,
        Some(Value::String(thumbprint)) => Some(String::from(&**thumbprint)),
        Some(other) => return Err(malformed("RFC 8705 §3.1", other.kind(), "a thumbprint in x5t#S256")),
    };
    let key = match (scheme, members.get("jkt")) {
        (Scheme::Bearer, None) if certificate.is_some() => None,
        // RFC 9449 §7.2: a token known to be bound to a key is no bearer token.
        (Scheme::Bearer, _) => {
            return Err(Error::new(ErrorCode::TokenBound).claim("cnf").found("Bearer").expected("DPoP"));
        }
        (Scheme::Dpop, Some(Value::String(thumbprint))) => Some(String::from(&**thumbprint)),
        (Scheme::Dpop, None) if certificate.is_some() => return unbound(scheme),
        (Scheme::Dpop, other) => {
            return Err(malformed("RFC 9449 §6.1", other.map_or("nothing", Value::kind), "a thumbprint in jkt"));
        }
    };
    Ok(Confirmation { key, certificate })
}

fn malformed(spec: &'static str, found: &str, expected: &str) -> Error {
    Error::new(ErrorCode::ClaimInvalid).cite(spec).claim("cnf").found(found).expected(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(scheme: Scheme, claims: &str) -> Result<Option<String>, ErrorCode> {
        bound_key(scheme, claims.as_bytes()).map_err(|error| error.code())
    }

    #[test]
    fn a_thumbprint_is_for_dpop() {
        for jkt in
            [r#"{"cnf":{"jkt":"T"}}"#, r#"{"c\u006ef":{"jkt":"T"}}"#, "{ \"a\" : 1 , \"cnf\" :{\"j\\u006bt\":\"T\"}}"]
        {
            assert_eq!(bound(Scheme::Dpop, jkt), Ok(Some(String::from("T"))), "{jkt}");
            assert_eq!(bound(Scheme::Bearer, jkt), Err(ErrorCode::TokenBound), "{jkt}");
        }
    }

    #[test]
    fn tokens_without_confirmation() {
        for unbound in ["{}", r#"{"sub":"cnf","a":{"cnf":{"jkt":"T"}}}"#, r#"{"sub":"\"cnf\""}"#] {
            assert_eq!(bound(Scheme::Bearer, unbound), Ok(None), "{unbound}");
            assert_eq!(bound(Scheme::Dpop, unbound), Err(ErrorCode::DpopKeyMismatch), "{unbound}");
        }
    }

    /// RFC 8705 §3, RFC 7800 §3.2 to §3.5: other confirmation methods, and any of them beside `jkt`.
    #[test]
    fn a_binding_that_cannot_be_checked_is_refused_by_either_scheme() {
        for members in [
            r#""x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2""#,
            r#""jwk":{"kty":"EC"}"#,
            r#""jwe":"a.b.c.d.e""#,
            r#""kid":"1""#,
            r#""jku":"https://keys.example.net""#,
            r#""osc":{}"#,
            r#""jkt":"T","x5t#S256":"U""#,
            r#""kid":null,"jkt":"T""#,
        ] {
            let claims = alloc::format!(r#"{{"cnf":{{{members}}}}}"#);
            for scheme in [Scheme::Bearer, Scheme::Dpop] {
                assert_eq!(bound(scheme, &claims), Err(ErrorCode::TokenBound), "{claims}");
            }
        }
        let certificate = bound_key(Scheme::Bearer, br#"{"cnf":{"x5t#S256":"U"}}"#).unwrap_err();
        assert_eq!((certificate.spec(), certificate.found_value()), ("RFC 8705 §3", Some("x5t#S256")));
    }

    /// RFC 8705 §3.1, where certificates can be checked; alone, and beside a key.
    #[test]
    fn a_certificate_binds_by_either_scheme() {
        let read = |scheme, members: &str| {
            let claims = alloc::format!(r#"{{"cnf":{{{members}}}}}"#);
            let bound = confirmation(scheme, claims.as_bytes(), true).map_err(|error| error.code());
            bound.map(|Confirmation { key, certificate }| (key.unwrap_or_default(), certificate.unwrap_or_default()))
        };
        let both = r#""jkt":"T","x5t#S256":"U""#;
        let to = |key: &str, certificate: &str| Ok((String::from(key), String::from(certificate)));
        assert_eq!(read(Scheme::Bearer, r#""x5t#S256":"U""#), to("", "U"));
        assert_eq!(read(Scheme::Dpop, r#""x5t#S256":"U""#), Err(ErrorCode::DpopKeyMismatch));
        assert_eq!(read(Scheme::Dpop, both), to("T", "U"));
        assert_eq!(read(Scheme::Bearer, both), Err(ErrorCode::TokenBound));
        assert_eq!(read(Scheme::Bearer, r#""x5t#S256":1"#), Err(ErrorCode::ClaimInvalid));
        for other in [r#""x5t":"U""#, r#""x5t#S256":"U","kid":"1""#, r#""x5t#s256":"U""#] {
            assert_eq!(read(Scheme::Bearer, other), Err(ErrorCode::TokenBound), "{other}");
        }
    }

    #[test]
    fn malformed_confirmations() {
        assert_eq!(bound(Scheme::Bearer, r#"{"cnf":{"jkt":null}}"#), Err(ErrorCode::TokenBound));
        assert_eq!(bound(Scheme::Dpop, r#"{"cnf":{"jkt":1}}"#), Err(ErrorCode::ClaimInvalid));
        for scheme in [Scheme::Bearer, Scheme::Dpop] {
            for cnf in ["\"T\"", "null", "[]", "{}"] {
                let claims = alloc::format!(r#"{{"cnf":{cnf}}}"#);
                assert_eq!(bound(scheme, &claims), Err(ErrorCode::ClaimInvalid), "{claims}");
            }
        }
    }
}
