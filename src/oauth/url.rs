//! URLs (RFC 3986), as far as a rule looks into them: which are secure, which are equivalent, and the
//! decoding of a query.

use alloc::vec::Vec;

/// The hosts that are this very machine (RFC 8252 §8.3).
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Whether a URL is https, or http to this very machine (RFC 8252 §8.3).
pub fn is_secure(url: &str) -> bool {
    if url.bytes().any(|byte| is_blank(byte) || byte == b'\\') {
        return false;
    }
    if let Some(rest) = url.strip_prefix("https://") {
        let (authority, _) = split(rest, b"/?#");
        return !authority.is_empty() && !authority.bytes().any(|byte| byte == b'@');
    }
    let (authority, _) = split(url.strip_prefix("http://").unwrap_or_default(), b"/?#");
    LOOPBACK.iter().any(|host| match authority.strip_prefix(host).map(str::as_bytes) {
        Some([b':', port @ ..]) => port.iter().all(u8::is_ascii_digit),
        rest => rest == Some(b""),
    })
}

/// Whether a URL is secure, or plain http where that is allowed.
pub(crate) fn is_allowed(url: &str, allow_http: bool) -> bool {
    let as_https = |rest: &str| is_secure(&alloc::format!("https://{rest}"));
    is_secure(url) || allow_http && url.strip_prefix("http://").is_some_and(as_https)
}

/// An http or https URL without query and fragment: scheme and host in lower case, the default port
/// or an empty one left out, an empty path a slash, needless percent-encoding undone and dot segments removed (RFC 3986
/// §6.2.2 and §6.2.3).
pub(crate) fn normalized(url: &str) -> Option<Vec<u8>> {
    let after = |scheme: &str| {
        let (start, rest) = url.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let (scheme, port, rest) = match after("https://") {
        Some(rest) => (&b"https://"[..], ":443", rest),
        None => (&b"http://"[..], ":80", after("http://")?),
    };
    let (rest, _) = split(rest, b"?#");
    let (authority, path) = split(rest, b"/");
    let authority = [port, ":"].iter().find_map(|port| authority.strip_suffix(port)).unwrap_or(authority);
    if authority.is_empty() || url.bytes().any(is_blank) {
        return None;
    }
    let mut normal = Vec::from(scheme);
    for byte in authority.bytes() {
        normal.push(byte.to_ascii_lowercase());
    }
    push_path(&mut normal, if path.is_empty() { "/" } else { path });
    Some(normal)
}

/// A path, segment by segment (RFC 3986 §5.2.4, §6.2.2.2, §6.2.2.3).
fn push_path(normal: &mut Vec<u8>, path: &str) {
    let root = normal.len();
    let segments = path.strip_prefix('/').unwrap_or(path).split('/').map(|segment| decoded_segment(segment.as_bytes()));
    let mut segments = segments.peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match &*segment {
            b"." => {}
            b".." => {
                let parent = normal.iter().skip(root).rposition(|&byte| byte == b'/').unwrap_or(0);
                normal.truncate(root + parent);
            }
            segment => {
                normal.push(b'/');
                normal.extend_from_slice(segment);
                continue;
            }
        }
        if is_last {
            normal.push(b'/');
        }
    }
}

/// A segment with percent-encoding where it is needed, in capitals (RFC 3986 §6.2.2.1, §6.2.2.2).
fn decoded_segment(mut segment: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    while let Some((byte, rest)) = first(segment) {
        if is_unreserved(byte) {
            decoded.push(byte);
        } else {
            for written in segment.iter().take(segment.len() - rest.len()) {
                decoded.push(written.to_ascii_uppercase());
            }
        }
        segment = rest;
    }
    decoded
}

/// The origin, the path, and the query with the fragment of a URL that has a scheme and a host (RFC 3986 §3).
pub(crate) fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let start = rest.strip_prefix("//").map(|_| scheme.len() + 3)?;
    let (authority, rest) = split(url.get(start..)?, b"/?#");
    if authority.is_empty() {
        return None;
    }
    let origin = url.get(..start + authority.len())?;
    let (path, query) = split(rest, b"?#");
    Some((origin, path, query))
}

/// The path of a URL, or of a request target without scheme and host, as some servers pass it.
pub(crate) fn path(url: &str) -> Option<&str> {
    if url.starts_with('/') { Some(split(url, b"?#").0) } else { parts(url).map(|(_, path, _)| path) }
}

/// A name or a value of a query, in the encoding of forms (RFC 6749 Appendix B).
pub(crate) fn form_decoded(mut text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    while let Some((byte, rest)) = first(text) {
        decoded.push(if text.starts_with(b"+") { b' ' } else { byte });
        text = rest;
    }
    decoded
}

/// A text with its percent-encoding undone (RFC 3986 §2.1).
pub(crate) fn percent_decoded(mut text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    while let Some((byte, rest)) = first(text) {
        decoded.push(byte);
        text = rest;
    }
    decoded
}

/// Characters that need no percent-encoding in any part of a URL (RFC 3986 §2.3).
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

/// The first byte of a text, percent-decoded (RFC 3986 §2.1), and the rest of the text.
fn first(text: &[u8]) -> Option<(u8, &[u8])> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    if let [b'%', high, low, rest @ ..] = text
        && let (Some(high), Some(low)) = (value(*high), value(*low))
    {
        return Some(((high << 4 | low) as u8, rest));
    }
    text.split_first().map(|(byte, rest)| (*byte, rest))
}

/// A text before and from the first of these delimiters.
fn split<'t>(text: &'t str, delimiters: &[u8]) -> (&'t str, &'t str) {
    let at = text.bytes().position(|byte| delimiters.contains(&byte));
    text.split_at_checked(at.unwrap_or(text.len())).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_urls() {
        for url in [
            "https://a.example",
            "https://a.example:8443/x?y#z",
            "http://localhost",
            "http://localhost:",
            "http://localhost:4102/jwks",
            "http://127.0.0.1:1",
            "http://[::1]:80/",
            "http://[::1]",
        ] {
            assert!(is_secure(url), "{url}");
        }
        for url in [
            "",
            "https://",
            "https:///x",
            "http://",
            "http://a.example",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "http://127.0.0.1.evil.example",
            "http://localhost:80@evil.example",
            "http://localhost:80:80",
            "http://[::1]80",
            "https://u:p@a.example",
            "ftp://a",
            "javascript:alert(1)",
            "data:,x",
            "//a.example",
            "https://a b",
            "https://a\\b",
            "http://localhost\\@evil.example",
        ] {
            assert!(!is_secure(url), "{url}");
        }
    }

    #[test]
    fn urls_compare_after_normalization() {
        for (one, other) in [
            ("https://A.example:443/x?y#z", "https://a.example/x"),
            ("HTTP://a.example", "http://a.example:80/"),
            ("https://a.example/%7euser/%2f%c3%a9", "https://a.example/~user/%2F%C3%A9"),
            ("https://a.example:/x", "https://a.example/x"),
            ("http://[::1]:/x", "http://[::1]/x"),
            // RFC 3986 §5.2.4, the example.
            ("https://a.example/a/b/c/./../../g", "https://a.example/a/g"),
            ("https://a.example/mid/content=5/../6", "https://a.example/mid/6"),
            ("https://a.example/../x", "https://a.example/x"),
            ("https://a.example/a/%2e%2E/x/.", "https://a.example/x/"),
            ("https://a.example/a/b/..", "https://a.example/a/"),
            ("https://a.example/..", "https://a.example"),
            ("https://a.example/a//../b", "https://a.example/a/b"),
        ] {
            assert_eq!(normalized(one), normalized(other));
            assert!(normalized(one).is_some());
        }
        for (one, other) in [
            ("https://a.example/x", "https://a.example/X"),
            ("https://a.example/x", "https://a.example/x/"),
            ("https://a.example", "http://a.example"),
            ("https://a.example:444/", "https://a.example/"),
            ("https://a.example/%+f", "https://a.example/%0F"),
            ("https://a.example/%2", "https://a.example/%02"),
            ("https://a.example/é", "https://a.example/%C3%A9"),
            ("https://a.example/a/b/..", "https://a.example/a"),
            ("https://a.example//x", "https://a.example/x"),
            ("https://a.example/a/..b", "https://a.example/b"),
            ("https://a.example/a%2F..%2Fx", "https://a.example/x"),
            ("https://a.example/...", "https://a.example/"),
        ] {
            assert_ne!(normalized(one), normalized(other));
        }
        for url in [
            "",
            "a.example",
            "https://",
            "ftp://a.example",
            "https:///x",
            "https://:443/",
            "https://:/",
            "https://a.example /",
        ] {
            assert_eq!(normalized(url), None, "{url}");
        }
        let normal = normalized("HTTPS://A.example:443/%7euser/%2f%c3%a9?x#y");
        assert_eq!(normal.as_deref(), Some(&b"https://a.example/~user/%2F%C3%A9"[..]));
    }

    #[test]
    fn forms_are_decoded_once() {
        for (text, decoded) in [
            ("", ""),
            ("a+b%2Bc%2b", "a b+c+"),
            ("%25%32%35", "%25"),
            ("%", "%"),
            ("%4", "%4"),
            ("%+f%g0", "% f%g0"),
            ("%C3%A9é", "éé"),
        ] {
            assert_eq!(form_decoded(text.as_bytes()), decoded.as_bytes(), "{text}");
        }
        assert_eq!(form_decoded(b"%ff%00"), [0xff, 0]);
    }

    #[test]
    fn agrees_with_form_urlencoded_on_every_short_text_of_edge_bytes() {
        let edges = *b"%+-0aFg/\xc3";
        for length in 0..=6_u32 {
            for mut n in 0..edges.len().pow(length) {
                let mut text = Vec::new();
                for _ in 0..length {
                    text.push(edges[n % edges.len()]);
                    n /= edges.len();
                }
                let theirs = form_urlencoded::parse(&text).next().unwrap_or_default().0;
                assert_eq!(alloc::string::String::from_utf8_lossy(&form_decoded(&text)), theirs, "{text:?}");
            }
        }
    }

    #[test]
    fn parts_of_urls() {
        assert_eq!(parts("https://a.example:1/x/?y#z"), Some(("https://a.example:1", "/x/", "?y#z")));
        assert_eq!(parts("https://a.example?y/z"), Some(("https://a.example", "", "?y/z")));
        assert_eq!(parts("urn:a:b"), None);
        assert_eq!(parts("https:///x"), None);
        assert_eq!((path("/x?https://a/b"), path("https://a/x#y"), path("x")), (Some("/x"), Some("/x"), None));
    }
}
