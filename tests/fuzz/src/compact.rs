//! The form of a token, judged by `base64ct` and `serde_json` (RFC 7515 §5.2, §7.1).

use crate::keys::decode;
use crate::tree::Tree;

const REGISTERED: [&str; 20] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk", "apu",
    "apv", "iv", "tag", "p2s", "p2c",
];

/// A token that is well-formed as far as its header.
pub struct Form {
    pub header: Tree,
    pub payload: Vec<u8>,
    pub signature: Vec<u8>,
}

/// The codes that fit the form of a token; several where the order is not said.
pub fn judge(token: &[u8], most: usize, empty_payload: bool) -> Result<Form, &'static [&'static str]> {
    if token.len() > most {
        return Err(&["token_too_large"]);
    }
    let segments: Vec<&[u8]> = token.split(|&octet| octet == b'.').collect();
    let [header, payload, signature] = segments[..] else {
        return Err(if segments.len() == 5 { &["token_encrypted"] } else { &["token_malformed"] });
    };
    if header.is_empty() || (payload.is_empty() && !empty_payload) {
        return Err(&["token_malformed"]);
    }
    let (Some(header), Some(payload), Some(signature)) = (decode(header), decode(payload), decode(signature)) else {
        return Err(&["base64url_invalid"]);
    };
    let header = json(&header)?;
    if !matches!(header, Tree::Object(_)) {
        return Err(&["header_invalid"]);
    }
    match header.get("alg") {
        None => return Err(&["alg_missing"]),
        Some(Tree::String(_)) => {}
        Some(_) => return Err(&["header_invalid"]),
    }
    let is_text = |name| matches!(header.get(name), None | Some(Tree::String(_)));
    if !is_text("kid") || !is_text("typ") || !is_text("cty") || !matches!(header.get("b64"), None | Some(Tree::Bool(_)))
    {
        return Err(&["header_invalid"]);
    }
    Ok(Form { header, payload, signature })
}

/// Strict JSON, or the codes of what is wrong with it; no codes where `serde_json` cannot say, since a
/// number beyond every double is valid JSON that it cannot hold.
pub fn json(octets: &[u8]) -> Result<Tree, &'static [&'static str]> {
    if std::str::from_utf8(octets).is_err() {
        return Err(&["utf8_invalid"]);
    }
    match Tree::parse(octets) {
        Ok(tree) if tree.depth() > 64 => Err(&["json_too_deep", "json_duplicate_member"]),
        Ok(tree) if tree.has_duplicate() => Err(&["json_duplicate_member"]),
        Ok(tree) => Ok(tree),
        Err(error) => Err(match limit(&error) {
            Some(Limit::Number) => &[],
            Some(Limit::Depth) => &["json_too_deep", "json_duplicate_member"],
            // serde_json stops at the first fault; a duplicate or depth may stand before it.
            None => &["json_invalid", "json_too_deep", "json_duplicate_member"],
        }),
    }
}

/// Why `serde_json` refuses what is valid JSON all the same.
pub enum Limit {
    /// A number beyond every double.
    Number,
    /// More than its own 128 levels.
    Depth,
}

pub fn limit(error: &serde_json::Error) -> Option<Limit> {
    let text = error.to_string();
    if text.starts_with("number out of range") {
        Some(Limit::Number)
    } else {
        text.starts_with("recursion limit exceeded").then_some(Limit::Depth)
    }
}

/// Whether `crit` is well-formed, and the names in it (RFC 7515 §4.1.11).
pub fn crit(header: &Tree) -> Option<Vec<&str>> {
    let Some(crit) = header.get("crit") else { return Some(Vec::new()) };
    let Tree::Array(names) = crit else { return None };
    let names: Vec<&str> = names.iter().map(Tree::as_str).collect::<Option<_>>()?;
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let sound = |name: &&str| !REGISTERED.contains(name) && header.get(name).is_some();
    (!names.is_empty() && distinct.len() == names.len() && names.iter().all(sound)).then_some(names)
}
