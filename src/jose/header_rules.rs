//! What a header has to be before any key is looked for: its extensions understood, its payload encoded, its algorithm
//! known and allowed (RFC 7515 §4.1.11, RFC 7797, RFC 8725 §3.1).

use alloc::{string::String, vec::Vec};

use crate::error::remedy::ML_DSA;
use crate::error::{Error, ErrorCode, joined};
use crate::jose::algorithm::Algorithm;
use crate::jose::header::Header;
use crate::jose::ml_dsa;
use crate::rules::{Evidence, Rule, Trace};

/// How a payload may stand in what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// In base64url, as in every JWT (RFC 7797 §7).
    Encoded,
    /// As the header says (RFC 7797 §3).
    AnyEncoding,
}

/// Judges what the header says about itself: extensions, encoding, algorithm.
pub(crate) fn allow_algorithm(
    header: &Header,
    allowed: Option<&[Algorithm]>,
    understood: &[String],
    payload: Payload,
    trace: &mut Trace,
) -> Result<Algorithm, Error> {
    let is_unencoded = !header.b64() && payload == Payload::AnyEncoding;
    let critical = header.crit().map_err(|fault| Error::new(ErrorCode::CritInvalid).claim("crit").found(fault));
    // RFC 7515 §4.1.11: a critical extension that is not understood refuses the token. b64 is understood (RFC 7797).
    let critical =
        critical.and_then(|names| match names.iter().find(|&name| name != "b64" && !understood.contains(name)) {
            None => Ok(names),
            Some(name) => Err(Error::new(ErrorCode::CritUnsupported)
                .claim("crit")
                .found(name)
                .expected("an extension that crit names in the policy")),
        });
    // RFC 7797 §6: whoever does not know b64 has to refuse the token.
    let critical = critical.and_then(|names| match is_unencoded && !names.iter().any(|name| name == "b64") {
        true => Err(Error::new(ErrorCode::CritInvalid)
            .cite("RFC 7797 §6")
            .claim("crit")
            .found("no b64, which is false")
            .expected("b64 among the names")),
        false => Ok(names),
    });
    trace.record(Rule::Critical, critical, |names| {
        if names.is_empty() { Evidence::found("none") } else { Evidence::found(joined(names, ", ")) }
    })?;
    trace.judge(Rule::PayloadEncoding, header.b64() || is_unencoded, ErrorCode::B64Unsupported, || {
        Evidence::new(if header.b64() { "base64url" } else { "b64 false" }, "base64url")
    })?;
    let name = header.alg();
    // RFC 8725 §3.2: none, in any spelling, is never an algorithm here.
    let none = name.trim().eq_ignore_ascii_case("none");
    let algorithm = Algorithm::from_name(name).ok_or_else(|| {
        let code = if none { ErrorCode::AlgNone } else { ErrorCode::AlgUnsupported };
        Error::new(code).claim("alg").found(name).expected("a supported algorithm")
    });
    let algorithm = algorithm.and_then(|algorithm| match ml_dsa::is_available(algorithm) {
        true => Ok(algorithm),
        false => Err(Error::new(ErrorCode::AlgUnsupported).claim("alg").found(name).expected(ML_DSA)),
    });
    let algorithm = trace.record(Rule::AlgorithmKnown, algorithm, |_| Evidence::found(name))?;
    let holds = allowed.map_or(!algorithm.is_symmetric(), |allowed| allowed.contains(&algorithm));
    trace.judge(Rule::AlgorithmAllowed, holds, ErrorCode::AlgNotAllowed, || match allowed {
        None => Evidence::new(name, "an asymmetric algorithm that the key names or implies"),
        Some(allowed) => {
            let names: Vec<&str> = allowed.iter().map(|algorithm| algorithm.name()).collect();
            Evidence::new(name, joined(&names, " or "))
        }
    })?;
    Ok(algorithm)
}

/// Whether `typ` names a media type: "application/" may be left out (RFC 7515 §4.1.9), and case does not count
/// (RFC 2045 §5.1).
pub(crate) fn is_media_type(typ: &str, wanted: &str) -> bool {
    let subtype = |typ| match <str>::split_at_checked(typ, "application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") && !rest.contains('/') => rest,
        _ => typ,
    };
    subtype(typ).eq_ignore_ascii_case(subtype(wanted))
}
