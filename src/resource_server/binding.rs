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
    if !may_hold_confirmation(claims) {
        return unbound(scheme);
    }
    let claims = json::parse(claims)?;
    match claims.as_object().and_then(|claims| claims.get("cnf")) {
        None => unbound(scheme),
        Some(Value::Object(members)) => bound(scheme, members),
        Some(other) => Err(malformed("RFC 7800 §3.1", other.kind(), "an object")),
    }
}

/// A member called `cnf` is written so, or with an escape. Most claims have neither, and need not be read again.
fn may_hold_confirmation(claims: &[u8]) -> bool {
    claims.windows(5).any(|five| five == b"\"cnf\"") || claims.contains(&b'\\')
}

fn unbound(scheme: Scheme) -> Result<Option<String>, Error> {
    match scheme {
        Scheme::Bearer => Ok(None),
        // RFC 9449 §7.1: the key of the proof is the one that the token is bound to.
        Scheme::Dpop => {
            Err(Error::new(ErrorCode::DpopKeyMismatch).claim("cnf").found("a token bound to no key").expected("jkt"))
        }
    }
}

fn bound(scheme: Scheme, members: &Object<'_>) -> Result<Option<String>, Error> {
    let names = || members.members().map(|(name, _)| name);
    if names().next().is_none() {
        return Err(malformed("RFC 7800 §3.1", "no member", "a member that identifies the key"));
    }
    // RFC 8705 §3 (x5t#S256), RFC 7800 §3.2 (jwk): a binding that cannot be checked here refuses the token.
    if let Some(other) = names().find(|&name| name != "jkt") {
        let spec = if other == "x5t#S256" { "RFC 8705 §3" } else { "RFC 7800 §3.1" };
        return Err(Error::new(ErrorCode::TokenBound).cite(spec).claim("cnf").found(other).expected("jkt alone"));
    }
    match (scheme, members.get("jkt")) {
        // RFC 9449 §7.2: a token known to be bound is no bearer token.
        (Scheme::Bearer, _) => Err(Error::new(ErrorCode::TokenBound).claim("cnf").found("Bearer").expected("DPoP")),
        (Scheme::Dpop, Some(Value::String(thumbprint))) => Ok(Some(String::from(&**thumbprint))),
        (Scheme::Dpop, other) => {
            Err(malformed("RFC 9449 §6.1", other.map_or("nothing", Value::kind), "a thumbprint in jkt"))
        }
    }
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
