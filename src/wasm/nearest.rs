//! The option that was probably meant.

use std::{vec, vec::Vec};

/// What peers and specifications call our options.
const SYNONYMS: [(&str, &str); 16] = [
    ("leeway", "clockTolerance"),
    ("clockSkew", "clockTolerance"),
    ("algs", "algorithms"),
    ("alg", "algorithms"),
    ("iss", "issuer"),
    ("issuers", "issuer"),
    ("aud", "audience"),
    ("audiences", "audience"),
    ("sub", "subject"),
    ("azp", "authorizedParty"),
    ("clientId", "authorizedParty"),
    ("requiredScopes", "scope"),
    ("scopes", "scope"),
    ("jwks", "keys"),
    ("maxAgeSeconds", "maxTokenAge"),
    ("jwks_uri", "jwksUri"),
];

/// The known name that is nearest to a name, if one is near.
pub(super) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let meant = SYNONYMS.iter().find(|(synonym, _)| synonym.eq_ignore_ascii_case(name)).map(|&(_, meant)| meant);
    if let Some(meant) = known.iter().find(|&&known| Some(known) == meant) {
        return Some(meant);
    }
    let most = 1 + name.len() / 4;
    let distances = known.iter().map(|&known| (distance(name, known, most), known));
    distances.filter(|&(distance, _)| distance <= most).min().map(|(_, known)| known)
}

/// How many letters have to be changed, added or left out, compared without case; more than `most` where it is more.
fn distance(one: &str, other: &str, most: usize) -> usize {
    if one.len().abs_diff(other.len()) > most {
        return most + 1;
    }
    let other: Vec<u8> = other.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, byte) in one.bytes().enumerate() {
        let mut next = vec![i + 1];
        for (j, &against) in other.iter().enumerate() {
            let replaced = row[j] + usize::from(byte.to_ascii_lowercase() != against);
            next.push(replaced.min(row[j + 1] + 1).min(next[j] + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_names_have_a_near_one() {
        let known = ["issuer", "audience", "algorithms", "maxTokenAge", "maxTokenSize", "scope", "clockTolerance"];
        for (name, meant) in [
            ("audiance", Some("audience")),
            ("maxTokenage", Some("maxTokenAge")),
            ("scopes", Some("scope")),
            ("algs", Some("algorithms")),
            ("leeway", Some("clockTolerance")),
            ("azp", None),
            ("constructor", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &known), meant, "{name}");
        }
    }
}
