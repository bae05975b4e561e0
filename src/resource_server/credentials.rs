//! The credentials of a request (RFC 6750 §2.1, RFC 9449 §7.1): its scheme, its access token, its proof.

use alloc::{format, string::String};

use crate::error::{Error, ErrorCode};

/// How an access token was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// By itself (RFC 6750 §2.1).
    Bearer,
    /// With a proof that the sender has a private key (RFC 9449 §7.1).
    Dpop,
}

impl Scheme {
    /// The scheme as headers spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }

    /// The scheme of that name, compared without case (RFC 9110 §11.1).
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Bearer, Self::Dpop].into_iter().find(|scheme| scheme.as_str().eq_ignore_ascii_case(name))
    }

    /// The scheme of an Authorization header, whether or not a token follows.
    pub(crate) fn of(authorization: Option<&str>) -> Option<Self> {
        Self::from_name(authorization?.trim_start().split(' ').next()?)
    }
}

/// The scheme and the token of an Authorization header (RFC 6750 §2.1, RFC 9449 §7.1).
///
/// # Errors
/// `token_missing` without an access token; `request_invalid` for more than one.
pub fn credentials(authorization: Option<&str>) -> Result<(Scheme, &str), Error> {
    let missing = || Error::new(ErrorCode::TokenMissing);
    let (scheme, credentials) = authorization.ok_or_else(missing)?.trim().split_once(' ').ok_or_else(missing)?;
    let token = credentials.trim_start();
    let scheme = Scheme::from_name(scheme).filter(|_| !token.is_empty()).ok_or_else(missing)?;
    if token.contains(',') {
        // Two headers reach a fetch handler joined by a comma, which no token contains.
        return Err(Error::new(ErrorCode::RequestInvalid).found("several credentials"));
    }
    Ok((scheme, token))
}

/// The credentials of a request whose token may also be elsewhere: those of the header Authorization, or the one token
/// that the other places have, as if it had been sent there.
///
/// # Errors
/// `request_invalid` where two places have different tokens (RFC 6750 §2: "MUST NOT use more than one method").
pub fn from_places(authorization: Option<&str>, elsewhere: &[&str]) -> Result<Option<String>, Error> {
    let own = credentials(authorization).ok().map(|(_, token)| token);
    let mut tokens = own.into_iter().chain(elsewhere.iter().copied());
    let first = tokens.next();
    if tokens.any(|token| Some(token) != first) {
        return Err(Error::new(ErrorCode::RequestInvalid).found("different tokens in two places"));
    }
    Ok(match (own, first) {
        (None, Some(token)) => Some(format!("Bearer {token}")),
        _ => authorization.map(String::from),
    })
}

/// The values of a cookie in a header Cookie (RFC 6265 §4.2.1).
pub fn cookies<'h>(header: &'h str, name: &str) -> impl Iterator<Item = &'h str> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    let values = pairs.filter(move |(key, _)| *key == name).map(|(_, value)| value.trim_matches('"'));
    values.filter(|value| !value.is_empty())
}

/// What follows a name in a list of WebSocket subprotocols (RFC 6455 §11.3.4): browsers can send a token nowhere else.
pub fn subprotocol_token<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let mut protocols = header.split(',').map(str::trim);
    protocols.find(|protocol| *protocol == name)?;
    protocols.next().filter(|token| !token.is_empty())
}

/// The proof of a DPoP header (RFC 9449 §4.3, check 1).
///
/// # Errors
/// `dpop_invalid` without a proof, or with more than one.
pub fn proof(header: Option<&str>) -> Result<&str, Error> {
    let wrong = |found| Error::new(ErrorCode::DpopInvalid).found(found).expected("one header DPoP with one proof");
    let proof = header.map(str::trim).filter(|proof| !proof.is_empty()).ok_or_else(|| wrong("no proof"))?;
    // Two headers reach a fetch handler joined by a comma, which no proof contains.
    if proof.contains(',') { Err(wrong("several proofs")) } else { Ok(proof) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_in_several_places() {
        let from =
            |authorization, elsewhere: &[&str]| from_places(authorization, elsewhere).map_err(|error| error.code());
        assert_eq!(from(None, &[]), Ok(None));
        assert_eq!(from(Some("Bearer a"), &[]), Ok(Some(String::from("Bearer a"))));
        assert_eq!(from(Some("DPoP a"), &["a"]), Ok(Some(String::from("DPoP a"))));
        assert_eq!(from(None, &["a", "a"]), Ok(Some(String::from("Bearer a"))));
        assert_eq!(from(Some("Basic x"), &["a"]), Ok(Some(String::from("Bearer a"))));
        for (authorization, elsewhere) in [(Some("Bearer a"), &["b"][..]), (None, &["a", "b"])] {
            assert_eq!(from(authorization, elsewhere), Err(ErrorCode::RequestInvalid));
        }
    }

    #[test]
    fn cookies_and_subprotocols() {
        let all = |header| cookies(header, "t").collect::<alloc::vec::Vec<_>>();
        assert_eq!(all("a=1; t=x.y.z; b=2"), ["x.y.z"]);
        assert_eq!(all("t=\"x\";t=y; T=z; xt=1; t="), ["x", "y"]);
        assert!(all("").is_empty());
        assert_eq!(subprotocol_token("chat, token, a.b.c", "token"), Some("a.b.c"));
        for none in ["chat", "token", "token,", "chat, a.b.c", ""] {
            assert_eq!(subprotocol_token(none, "token"), None, "{none}");
        }
    }

    #[test]
    fn credentials_of_either_scheme() {
        let code = |header| credentials(header).map_err(|error| error.code());
        assert_eq!(code(Some("Bearer a.b.c")), Ok((Scheme::Bearer, "a.b.c")));
        assert_eq!(code(Some("bearer   a.b.c")), Ok((Scheme::Bearer, "a.b.c")));
        assert_eq!(code(Some("dpop a.b.c")), Ok((Scheme::Dpop, "a.b.c")));
        for missing in
            [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic YTpi"), Some("DPoP "), Some("a.b.c")]
        {
            assert_eq!(code(missing), Err(ErrorCode::TokenMissing), "{missing:?}");
        }
        assert_eq!(code(Some("Bearer a.b.c, Bearer d.e.f")), Err(ErrorCode::RequestInvalid));
    }

    #[test]
    fn one_proof() {
        let code = |header| proof(header).map_err(|error| error.code());
        assert_eq!(code(Some(" a.b.c ")), Ok("a.b.c"));
        for wrong in [None, Some(""), Some(" "), Some("a.b.c, d.e.f")] {
            assert_eq!(code(wrong), Err(ErrorCode::DpopInvalid), "{wrong:?}");
        }
    }

    #[test]
    fn the_scheme_is_known_without_a_token() {
        assert_eq!(Scheme::of(Some("dpop")), Some(Scheme::Dpop));
        assert_eq!(Scheme::of(Some(" Bearer x")), Some(Scheme::Bearer));
        for none in [None, Some(""), Some("Basic x"), Some("DPoPx y")] {
            assert_eq!(Scheme::of(none), None);
        }
    }
}
