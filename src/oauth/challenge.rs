//! The challenges of a resource server's answer (RFC 9110 §11.6.1), read by a client.

use alloc::string::String;

/// Whether one of the challenges names this error (RFC 6750 §3).
pub(super) fn has_error(challenge: &str, error: &str) -> bool {
    parameters(challenge).any(|(name, value)| name.eq_ignore_ascii_case("error") && value == error)
}

/// The first parameter of this name.
pub(super) fn parameter(challenge: &str, wanted: &str) -> Option<String> {
    parameters(challenge).find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
}

/// The parameters of all challenges, in their order.
fn parameters(challenge: &str) -> impl Iterator<Item = (&str, String)> {
    parts(challenge).filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        // The first parameter of a challenge stands behind its scheme.
        let name = name.trim_end().rsplit([' ', '\t']).next().unwrap_or_default();
        Some((name, unquoted(value.trim())))
    })
}

/// What lies between commas, those in quoted strings aside.
fn parts(challenge: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    challenge.split(move |character| {
        let separates = character == ',' && !quoted;
        quoted ^= character == '"' && !escaped;
        escaped = quoted && character == '\\' && !escaped;
        separates
    })
}

/// A token, or what a quoted string says (RFC 9110 §5.6.4).
fn unquoted(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return String::from(value);
    };
    let mut escaped = false;
    let is_text = |character: &char| {
        escaped = *character == '\\' && !escaped;
        !escaped
    };
    quoted.chars().filter(is_text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_challenges() {
        let text = r#"Basic realm="a, b=\"c\\", DPoP algs="ES256",error = "x" , Acr_Values="1 2", max_age=5, odd"#;
        for (name, value) in [
            ("realm", Some(r#"a, b="c\"#)),
            ("ALGS", Some("ES256")),
            ("error", Some("x")),
            ("acr_values", Some("1 2")),
            ("max_age", Some("5")),
            ("odd", None),
            ("b", None),
        ] {
            assert_eq!(parameter(text, name).as_deref(), value, "{name}");
        }
    }
}
