//! Forms (RFC 6749 Appendix B): names and values in the encoding application/x-www-form-urlencoded.

use alloc::{format, string::String, vec::Vec};

/// The parameters as a form's text, in their order.
pub fn form(parameters: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        if !text.is_empty() {
            text.push('&');
        }
        encode(&mut text, name);
        text.push('=');
        encode(&mut text, value);
    }
    text
}

/// An endpoint's URL with more parameters. The query that it already has is retained (RFC 6749 §3.1).
pub fn with_query(endpoint: &str, parameters: &[(&str, &str)]) -> String {
    let separator = match endpoint.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{endpoint}{separator}{}", form(parameters))
}

/// The value of a parameter of a form; `None` where it is not there.
///
/// # Errors
/// Why it has no single value.
pub(super) fn parameter(form: &str, name: &str) -> Result<Option<String>, &'static str> {
    let mut found = None;
    for pair in form.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if decoded(key).as_deref() != Some(name) {
            continue;
        }
        // RFC 6749 §3.1: "parameters MUST NOT be included more than once".
        if found.is_some() {
            return Err("the parameter twice");
        }
        found = Some(decoded(value).ok_or("a malformed value")?);
    }
    Ok(found)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => (digit()? * 16 + digit()?) as u8,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A value by itself, as a form has it.
pub(super) fn encoded(value: &str) -> String {
    let mut text = String::new();
    encode(&mut text, value);
    text
}

fn encode(text: &mut String, value: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            byte => {
                text.push('%');
                text.push(HEX[usize::from(byte >> 4)]);
                text.push(HEX[usize::from(byte & 15)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_form_urlencoded_on_every_character_of_a_byte() {
        for c in (0..=0xff_u8).map(char::from) {
            let text = alloc::format!("{c}a{c}");
            let theirs =
                form_urlencoded::Serializer::new(String::new()).extend_pairs([(&*text, "x"), ("y", &*text)]).finish();
            assert_eq!(form(&[(&text, "x"), ("y", &text)]), theirs, "{c:?}");
        }
    }

    #[test]
    fn reads_what_form_urlencoded_writes() {
        for c in (0..=0xff_u8).map(char::from) {
            let text = alloc::format!("{c}a{c}");
            let theirs =
                form_urlencoded::Serializer::new(String::new()).extend_pairs([("x", "1"), (&*text, &*text)]).finish();
            assert_eq!(parameter(&theirs, &text), Ok(Some(text.clone())), "{c:?}");
            assert_eq!(parameter(&theirs, "y"), Ok(None));
        }
        for malformed in ["a=%", "a=%4", "a=%4x", "a=%ff", "a=1&a=1"] {
            assert!(parameter(malformed, "a").is_err(), "{malformed}");
        }
    }

    #[test]
    fn the_query_of_an_endpoint_is_retained() {
        for (endpoint, url) in [
            ("https://as.example/a", "https://as.example/a?x=1"),
            ("https://as.example/a?", "https://as.example/a?x=1"),
            ("https://as.example/a?p=b2c", "https://as.example/a?p=b2c&x=1"),
            ("https://as.example/a?p=b2c&", "https://as.example/a?p=b2c&x=1"),
        ] {
            assert_eq!(with_query(endpoint, &[("x", "1")]), url);
        }
    }
}
