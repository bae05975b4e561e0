//! Public keys in PEM (RFC 7468), in every layout whose meaning is plain: text around the blocks and white space within
//! them do not count (§2), boundaries and base64 do.

use alloc::{borrow::Cow, vec::Vec};

use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::jose::jwk::Key;
use crate::jose::spki;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const HYPHENS: &[u8] = b"-----";

/// UTF-8's, which some editors put in front.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a text is PEM rather than JSON.
pub(crate) fn is_pem(text: &[u8]) -> bool {
    // Members of a JSON object may be PEM.
    !text.trim_ascii_start().starts_with(b"{") && next_boundary(&with_line_ends(text)).is_some()
}

/// The key of each block, or why it has none.
///
/// # Errors
/// `key_private` if any block is a private key; `key_invalid` for a block without an end of its own.
pub(crate) fn keys(text: &[u8]) -> Result<Vec<Result<Key, Error>>, Error> {
    let text = &*with_line_ends(text);
    refuse_private(text)?;
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(boundary) = next_boundary(rest) {
        let block = Block::read(boundary)
            .ok_or_else(|| invalid("a malformed PEM text").expected("blocks with a public key or certificate"))?;
        keys.push(block.key());
        rest = block.rest;
    }
    Ok(keys)
}

/// The key of a text that is one block.
pub(crate) fn key(text: &[u8]) -> Result<Key, Error> {
    let mut keys = keys(text)?.into_iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) => key,
        _ => Err(invalid("several blocks").expected("one block with a public key or certificate")),
    }
}

/// The DER encoding of a text that has one block, a private key in PKCS #8 (RFC 7468 §10); or what stands there instead.
#[cfg(feature = "wasm")]
pub(crate) fn private_key(text: &[u8]) -> Result<Vec<u8>, alloc::string::String> {
    let text = &*with_line_ends(text);
    let boundary = next_boundary(text).ok_or("no PEM")?;
    let block = Block::read(boundary).ok_or("a malformed PEM text")?;
    if block.label != "PRIVATE KEY" {
        return Err(block.label.into());
    }
    if next_boundary(block.rest).is_some() { Err("several blocks".into()) } else { Ok(block.document) }
}

/// The DER encoding of a text that is one certificate (RFC 7468 §5.1), and nothing else.
pub(crate) fn certificate(text: &[u8]) -> Option<Vec<u8>> {
    let block = Block::read(text.trim_ascii())?;
    (block.label == "CERTIFICATE" && block.rest.is_empty()).then_some(block.document)
}

/// A private key is exposed by standing here, whatever stands beside it (RFC 7468 §10).
fn refuse_private(text: &[u8]) -> Result<(), Error> {
    let labels = (0..text.len()).filter_map(|at| label(&text[at..]));
    match labels.map(|(label, _)| label).find(|label| label.ends_with("PRIVATE KEY")) {
        Some(label) => Err(Error::new(ErrorCode::KeyPrivate).cite("RFC 7468 §10").found(label)),
        None => Ok(()),
    }
}

/// The text with true line ends where they are spelled out as `\n`, as in an environment file.
fn with_line_ends(text: &[u8]) -> Cow<'_, [u8]> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if !text.contains(&b'\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::new();
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        let is_end = byte == b'\\' && matches!(behind, [b'n' | b'r', ..]);
        plain.push(if is_end { b'\n' } else { byte });
        rest = &behind[usize::from(is_end)..];
    }
    Cow::Owned(plain)
}

/// The text from the first line on that begins with a boundary; lines may be indented.
fn next_boundary(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        let line = rest.trim_ascii_start();
        if line.starts_with(BEGIN) || line.starts_with(END) {
            return Some(line);
        }
        rest = &line[line.iter().position(|&byte| is_line_end(byte))?..];
    }
}

/// The label of a block that begins here (RFC 7468 §3), and what follows that line's hyphens.
fn label(boundary: &[u8]) -> Option<(&str, &[u8])> {
    let rest = boundary.strip_prefix(BEGIN)?;
    let (label, rest) = rest.split_at(rest.iter().position(|&byte| byte == b'-')?);
    let label = core::str::from_utf8(label).ok().filter(|label| is_label(label))?;
    Some((label, rest.strip_prefix(HYPHENS)?))
}

/// Printable characters, separated by single blanks.
fn is_label(label: &str) -> bool {
    let mut last = b' ';
    label.bytes().all(|byte| {
        let before = core::mem::replace(&mut last, byte);
        byte.is_ascii_graphic() || (is_blank(byte) && !is_blank(before))
    })
}

/// One block, and the text behind it.
#[derive(Debug, PartialEq)]
struct Block<'a> {
    label: &'a str,
    document: Vec<u8>,
    rest: &'a [u8],
}

impl<'a> Block<'a> {
    fn read(boundary: &'a [u8]) -> Option<Self> {
        let (label, rest) = label(boundary)?;
        let (content, rest) = rest.split_at(rest.iter().position(|&byte| byte == b'-')?);
        let rest = rest.strip_prefix(END)?.strip_prefix(label.as_bytes())?.strip_prefix(HYPHENS)?;
        is_end_of_line(rest).then_some(Self { label, document: decode(content)?, rest })
    }

    fn key(&self) -> Result<Key, Error> {
        match self.label {
            "PUBLIC KEY" => spki::key(&self.document),
            "RSA PUBLIC KEY" => spki::rsa_key(&self.document),
            "CERTIFICATE" | "X509 CERTIFICATE" => spki::certified_key(&self.document), // RFC 7468 §5.1
            label => Err(invalid(label).expected("PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE")),
        }
    }
}

/// Whether nothing else follows on the line of a boundary, unless it is the next block after a blank.
fn is_end_of_line(rest: &[u8]) -> bool {
    match rest.iter().position(|&byte| !is_blank(byte)) {
        None => true,
        Some(blanks) => is_line_end(rest[blanks]) || (blanks > 0 && rest[blanks..].starts_with(BEGIN)),
    }
}

/// The bytes of canonical base64 with padding (RFC 4648 §4), among white space.
pub(crate) fn decode(content: &[u8]) -> Option<Vec<u8>> {
    let is_digit = |byte: &u8| !is_blank(*byte) && !is_line_end(*byte);
    let digits: Vec<u8> = content.iter().copied().filter(is_digit).map(as_base64url).collect();
    if digits.is_empty() || !digits.len().is_multiple_of(4) {
        return None;
    }
    let unpadded = digits.strip_suffix(b"==").or_else(|| digits.strip_suffix(b"=")).unwrap_or(&digits);
    base64url::decode(unpadded).ok()
}

/// The two alphabets differ in two characters (RFC 4648 §4 and §5).
const fn as_base64url(byte: u8) -> u8 {
    match byte {
        b'+' => b'-',
        b'/' => b'_',
        b'-' | b'_' => b'!', // in neither alphabet, and no padding
        other => other,
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn invalid(found: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid).cite("RFC 7468 §13").found(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};
    use base64ct::{Base64, Encoding};

    /// All texts that differ from `text` in one place: a part left out, or doubled, or another byte put in or over.
    fn neighbours(text: &str) -> impl Iterator<Item = Vec<u8>> {
        let bytes = text.as_bytes();
        let swapped = *b"A/+-_=\r\n\t :\\n\0\xff";
        (0..bytes.len()).flat_map(move |at| {
            let (before, after) = bytes.split_at(at);
            let shorter = [1, 2, 3, 4, 63, 64, 65].into_iter().filter_map(move |length| {
                let (part, rest) = after.split_at_checked(length)?;
                Some([[before, rest].concat(), [before, part, part, rest].concat()])
            });
            let other = swapped
                .into_iter()
                .map(move |byte| [[before, &[byte], after].concat(), [before, &[byte], &after[1..]].concat()]);
            shorter.chain(other).flatten()
        })
    }

    /// Label and content of the one block of a text.
    fn ours(text: &[u8]) -> Option<(String, Vec<u8>)> {
        let text = with_line_ends(text);
        let block = Block::read(next_boundary(&text)?)?;
        next_boundary(block.rest).is_none().then(|| (String::from(block.label), block.document))
    }

    /// The same by the hyphens, and by the crate base64ct, after all white space within is gone.
    fn by_hyphens(text: &[u8]) -> Option<(String, Vec<u8>)> {
        let text = String::from_utf8(text.to_vec()).ok()?.replace("\\n", "\n").replace("\\r", "\n");
        let parts: Vec<&str> = text.split("-----").collect();
        let [before, begin, body, end, after] = parts[..] else { return None };
        let label = begin.strip_prefix("BEGIN ").filter(|label| end.strip_prefix("END ") == Some(label))?;
        let is_first = before.trim().is_empty() || before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']);
        let rest = after.trim_start_matches([' ', '\t']);
        if !is_first || !is_label(label) || !(rest.is_empty() || rest.starts_with(['\n', '\r'])) {
            return None;
        }
        let digits = body.replace([' ', '\t', '\n', '\r'], "");
        let content = Base64::decode_vec(&digits).ok().filter(|content| !content.is_empty())?;
        Some((String::from(label), content))
    }

    #[test]
    fn agrees_on_all_neighbours_of_good_texts() {
        let (mut strict, mut lax) = (0, 0);
        for length in [0, 1, 2, 3, 46, 47, 48, 49, 94, 95, 96, 97] {
            let bytes: Vec<u8> = (0..length).map(|i| (i * 89 + 251) as u8).collect();
            for end in ["\n", "\r\n", "\r", "\\n", "\n  "] {
                for columns in [64, 76, 1000] {
                    let body = Base64::encode_string(&bytes);
                    let lines: Vec<&str> =
                        body.as_bytes().chunks(columns).filter_map(|line| core::str::from_utf8(line).ok()).collect();
                    let body = lines.join(end);
                    let text = format!("-----BEGIN PUBLIC KEY-----{end}{body}{end}-----END PUBLIC KEY-----");
                    for text in neighbours(&text).chain([text.clone().into_bytes()]) {
                        let ours = ours(&text);
                        assert_eq!(ours, by_hyphens(&text), "{:?}", String::from_utf8_lossy(&text));
                        lax += usize::from(ours.is_some());
                        // Whatever the strict grammar has (RFC 7468 §3) is understood in the same way.
                        if let Ok((label, content)) = pem_rfc7468::decode_vec(&text)
                            && !content.is_empty()
                        {
                            assert_eq!(ours, Some((String::from(label), content)));
                            strict += 1;
                        }
                    }
                }
            }
        }
        assert!(strict > 1_000 && lax > strict, "{strict} {lax}");
    }

    #[test]
    fn agrees_with_pem_rfc7468_on_every_short_label_of_edge_bytes() {
        let edges = *b"A!~ \t-\0\x7f\xc3";
        for length in 0..=5_u32 {
            for mut n in 0..edges.len().pow(length) {
                let mut label = [0; 5];
                for byte in &mut label[..length as usize] {
                    *byte = edges[n % edges.len()];
                    n /= edges.len();
                }
                let label = &label[..length as usize];
                let text = [BEGIN, label, b"-----\nAAAA\n-----END ", label, b"-----"].concat();
                let theirs = pem_rfc7468::decode_vec(&text).ok();
                let theirs = theirs.map(|(label, content)| (String::from(label), content));
                assert_eq!(ours(&text), theirs, "{:?}", String::from_utf8_lossy(label));
            }
        }
    }
}
