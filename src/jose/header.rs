//! The JOSE header (RFC 7515 §4). Nothing in it selects anything but a key among trusted ones:
//! `jwk`, `jku`, `x5u` and `x5c` are not even read.

use alloc::{string::String, vec::Vec};

use crate::error::{Error, ErrorCode};
use crate::jose::json::{Object, Value};

/// The members of RFC 7515 and RFC 7518, which `crit` must not name (RFC 7515 §4.1.11).
const REGISTERED: [&str; 20] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk", "apu",
    "apv", "iv", "tag", "p2s", "p2c",
];

/// How many critical extensions a header may name, each of which is looked up. Real ones name one or two.
const MAX_CRITICAL: usize = 32;

/// A header whose registered members have the right types.
#[derive(Clone, Debug)]
pub struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Result<Vec<String>, &'static str>,
    b64: bool,
}

impl Header {
    /// The header of a token that has none.
    pub(crate) fn empty() -> Self {
        Self { alg: String::new(), kid: None, typ: None, crit: Ok(Vec::new()), b64: true }
    }

    pub(crate) fn from_value(value: &Value<'_>) -> Result<Self, Error> {
        let object = value.as_object().ok_or_else(|| invalid(value.kind()).expected("an object"))?;
        let Some(alg) = text(object, "alg")? else {
            return Err(Error::new(ErrorCode::AlgMissing).claim("alg"));
        };
        let header = Self {
            alg,
            kid: text(object, "kid")?,
            typ: text(object, "typ")?,
            crit: critical(object),
            b64: match object.get("b64") {
                None => true,
                Some(Value::Bool(encoded)) => *encoded,
                Some(other) => {
                    return Err(invalid(other.kind()).cite("RFC 7797 §3").claim("b64").expected("a boolean"));
                }
            },
        };
        text(object, "cty")?;
        Ok(header)
    }

    /// The algorithm's name, as the token gives it: a claim, not yet a choice.
    pub fn alg(&self) -> &str {
        &self.alg
    }

    /// The identifier of the key, only ever compared.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The media type of the whole token.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The names of critical extensions, or what is wrong with `crit`.
    pub(crate) fn crit(&self) -> Result<&[String], &'static str> {
        self.crit.as_deref().map_err(|&fault| fault)
    }

    /// Whether the payload is base64url encoded (RFC 7797).
    pub(crate) fn b64(&self) -> bool {
        self.b64
    }
}

fn text(object: &Object<'_>, name: &'static str) -> Result<Option<String>, Error> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(String::from(text.as_ref()))),
        Some(other) => Err(invalid(other.kind()).claim(name).expected("a string")),
    }
}

fn invalid(found: &str) -> Error {
    Error::new(ErrorCode::HeaderInvalid).found(found)
}

fn critical(object: &Object<'_>) -> Result<Vec<String>, &'static str> {
    // RFC 7515 §4.1.11: a non-empty array of distinct names of extensions that are present.
    let Some(crit) = object.get("crit") else { return Ok(Vec::new()) };
    let crit = crit.as_array().ok_or("no array")?;
    if crit.is_empty() {
        return Err("an empty array");
    }
    if crit.len() > MAX_CRITICAL {
        return Err("more than 32 names");
    }
    let mut names: Vec<String> = Vec::new();
    for name in crit {
        let name = name.as_str().ok_or("a member that is no string")?;
        if REGISTERED.contains(&name) {
            return Err("a registered header");
        }
        if !object.contains(name) {
            return Err("the name of a header that is not there");
        }
        if names.iter().any(|one| one == name) {
            return Err("a duplicate");
        }
        names.push(String::from(name));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::json;
    use alloc::format;

    fn crit(crit: &str, members: &str) -> Result<usize, &'static str> {
        let text = format!(r#"{{"alg":"ES256","crit":{crit}{members}}}"#);
        let header = Header::from_value(&json::parse(text.as_bytes()).unwrap()).unwrap();
        header.crit().map(<[String]>::len)
    }

    #[test]
    fn crit_names_present_extensions_once_each() {
        assert_eq!(crit(r#"["x"]"#, r#","x":1"#), Ok(1));
        assert_eq!(crit(r#"["x","y"]"#, r#","y":1,"x":null"#), Ok(2));
        assert_eq!(crit(r#"["x","x"]"#, r#","x":1"#), Err("a duplicate"));
        assert_eq!(crit(r#"["x","y","x"]"#, r#","x":1,"y":1"#), Err("a duplicate"));
        assert_eq!(crit(r#"["x"]"#, ""), Err("the name of a header that is not there"));
        assert_eq!(crit(r#"["alg"]"#, ""), Err("a registered header"));
        assert_eq!(crit("[1]", ""), Err("a member that is no string"));
        assert_eq!((crit("[]", ""), crit("{}", "")), (Err("an empty array"), Err("no array")));
    }

    #[test]
    fn crit_is_bounded() {
        let of = |count: usize| {
            let names: Vec<String> = (0..count).map(|i| format!(r#""x{i}""#)).collect();
            let members: String = names.iter().map(|name| format!(",{name}:1")).collect();
            crit(&format!("[{}]", names.join(",")), &members)
        };
        assert_eq!((of(32), of(33), of(20_000)), (Ok(32), Err("more than 32 names"), Err("more than 32 names")));
    }
}
