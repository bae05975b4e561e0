//! Base64url without padding (RFC 7515 §2), canonical only: one text for each sequence of bytes.

use alloc::{string::String, vec::Vec};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Marks a byte that is not in the alphabet.
const OUTSIDE: u8 = 0x80;

const VALUES: [u8; 256] = {
    let mut values = [OUTSIDE; 256];
    let mut i = 0;
    while i < 64 {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// What is wrong with a text that is not canonical base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64urlFault {
    /// A byte outside the alphabet: padding, white space, `+`, `/` or any other.
    Alphabet,
    /// A length of 1 modulo 4, which no sequence of bytes encodes to.
    Length,
    /// The bits after the last byte are not zero.
    TrailingBits,
}

impl Base64urlFault {
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Alphabet => "a character outside A-Z a-z 0-9 - _",
            Self::Length => "a length of 1 modulo 4",
            Self::TrailingBits => "trailing bits that are not zero",
        }
    }
}

/// Decodes canonical base64url.
///
/// # Errors
/// [`Base64urlFault`] for padding, white space, another alphabet, or a non-canonical end.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, Base64urlFault> {
    let mut bytes = Vec::new();
    decode_into(text, &mut bytes)?;
    Ok(bytes)
}

/// Decodes canonical base64url to the end of `bytes`; on error what was appended is unspecified.
#[inline(never)]
pub(crate) fn decode_into(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Base64urlFault> {
    let (quads, rest) = text.as_chunks::<4>();
    // The end of a text is read as if zero bits followed it; one character alone is no end.
    let too_short = rest.len() == 1;
    let mut last = [ALPHABET[0]; 4];
    if !too_short {
        last[..rest.len()].copy_from_slice(rest);
    }
    let start = bytes.len();
    bytes.resize(start + 3 * (quads.len() + 1), 0);
    let mut outside = 0;
    let mut three_bytes = |quad: &[u8; 4]| {
        let [a, b, c, d] = quad.map(|byte| VALUES[usize::from(byte)]);
        outside |= a | b | c | d;
        [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
    };
    if let Some((end, threes)) = bytes[start..].as_chunks_mut::<3>().0.split_last_mut() {
        for (three, quad) in threes.iter_mut().zip(quads) {
            *three = three_bytes(quad);
        }
        *end = three_bytes(&last);
    }
    let ends = bytes.len() - 3 + rest.len().saturating_sub(1);
    if outside & OUTSIDE != 0 {
        Err(Base64urlFault::Alphabet)
    } else if too_short {
        Err(Base64urlFault::Length)
    } else if bytes[ends..].iter().any(|&byte| byte != 0) {
        Err(Base64urlFault::TrailingBits)
    } else {
        bytes.truncate(ends);
        Ok(())
    }
}

/// Encodes bytes as base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, &byte| (word << 8) | u32::from(byte)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(word >> (18 - 6 * i)) as usize & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};

    #[test]
    fn rfc_4648_section_10_vectors() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(bytes.as_bytes()));
        }
    }

    #[test]
    fn agrees_with_base64ct_on_every_short_text_of_edge_bytes() {
        let bytes = *b"Aa0-_+/= \n.Q\xff";
        for length in 0..=5_u32 {
            for mut n in 0..bytes.len().pow(length) {
                let text: Vec<u8> = (0..length)
                    .map(|_| {
                        let o = bytes[n % bytes.len()];
                        n /= bytes.len();
                        o
                    })
                    .collect();
                let theirs = core::str::from_utf8(&text).ok().and_then(|t| Base64UrlUnpadded::decode_vec(t).ok());
                assert_eq!(decode(&text).ok(), theirs, "{text:?}");
            }
        }
    }

    #[test]
    fn names_the_fault() {
        assert_eq!(decode(b"Zg=="), Err(Base64urlFault::Alphabet));
        assert_eq!(decode(b"Zm9vY"), Err(Base64urlFault::Length));
        assert_eq!(decode(b"Zh"), Err(Base64urlFault::TrailingBits));
        assert_eq!(decode(b"Zm9"), Err(Base64urlFault::TrailingBits));
    }
}
