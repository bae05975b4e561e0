//! DER (X.690), as far as public keys need it: elements with one byte of tag, lengths of four bytes at most.

use alloc::vec::Vec;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// Context-specific and constructed: what an explicit tag begins at.
const EXPLICIT: u8 = 0xa0;

/// A tag and its contents, which have not been looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Element<'a> {
    tag: u8,
    contents: &'a [u8],
}

impl<'a> Element<'a> {
    /// The one element that a text of DER is.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        match Self::first(bytes)? {
            (element, []) => Some(element),
            _ => None,
        }
    }

    /// The first element of a text, and the rest of the text.
    fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let [tag, length, rest @ ..] = bytes else { return None };
        let (length, rest) = match *length {
            0..=0x7f => (usize::from(*length), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(*length - 0x80))?;
                (long_length(bytes)?, rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        is_known(*tag).then_some((Self { tag: *tag, contents }, rest))
    }

    /// The contents, if this is of that type.
    fn contents(self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.contents)
    }

    /// Whether its meaning is given by its place (X.680 §8.1).
    pub(crate) fn is_context_specific(self) -> bool {
        self.tag & 0xc0 == 0x80
    }

    /// What is tagged explicitly, and the number of its tag (X.690 §8.14.2).
    pub(crate) fn explicit(self) -> Option<(u8, Self)> {
        let number = self.tag.checked_sub(EXPLICIT).filter(|number| *number < 0x1f)?;
        Some((number, Self::parse(self.contents)?))
    }

    /// The members of a SEQUENCE.
    pub(crate) fn members(self) -> Option<Vec<Self>> {
        let mut rest = self.contents(SEQUENCE)?;
        let mut members = Vec::new();
        while !rest.is_empty() {
            let member;
            (member, rest) = Self::first(rest)?;
            members.push(member);
        }
        Some(members)
    }

    /// The bytes of an INTEGER that is not negative, without the zero before a high bit (X.690 §8.3.2).
    pub(crate) fn unsigned(self) -> Option<&'a [u8]> {
        match self.contents(INTEGER)? {
            [0, rest @ ..] if matches!(rest, [0x80..=0xff, ..]) => Some(rest),
            [] | [0, _, ..] | [0x80..=0xff, ..] => None,
            bytes => Some(bytes),
        }
    }

    /// The bytes of a BIT STRING without unused bits (X.690 §8.6.2).
    pub(crate) fn whole_bytes(self) -> Option<&'a [u8]> {
        self.contents(BIT_STRING)?.strip_prefix(&[0])
    }

    /// An OBJECT IDENTIFIER's bytes: the first two arcs in one, then 32 bits at most an arc (X.690 §8.19).
    pub(crate) fn object_identifier(self) -> Option<&'a [u8]> {
        let bytes = self.contents(OBJECT_IDENTIFIER)?;
        let (&roots, arcs) = bytes.split_first()?;
        let mut arc = 0_u32;
        for byte in arcs {
            arc = arc.checked_mul(0x80)? | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                arc = 0;
            }
        }
        let ends = arcs.last().is_none_or(|last| last & 0x80 == 0);
        (roots < 120 && ends && bytes.len() <= 39).then_some(bytes)
    }
}

/// A length in more bytes than one, which it has to need (X.690 §10.1).
fn long_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.iter().fold(0, |length: usize, byte| (length << 8) | usize::from(*byte));
    (bytes.first() != Some(&0) && length >= 0x80).then_some(length)
}

/// The universal types as DER tags them (X.680 §8.4), and every other class with a number in the same byte.
const fn is_known(tag: u8) -> bool {
    let universal = matches!(tag, 1..=6 | 9 | 10 | 12 | 13 | 18..=24 | 26 | 27 | 30 | SEQUENCE | 0x31);
    universal || (tag >= 0x40 && tag & 0x1f != 0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
    use der::{Decode, Reader, SliceReader, Tagged};

    /// The same by the crate der, and no tags of more bytes than one.
    fn theirs(bytes: &[u8]) -> Option<AnyRef<'_>> {
        AnyRef::from_der(bytes).ok().filter(|element| element.tag().number().value() < 31)
    }

    /// What the contents of a SEQUENCE hold.
    fn their_members(element: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
        let mut reader = SliceReader::new(element.value()).ok()?;
        let mut members = Vec::new();
        while element.tag() == der::Tag::Sequence && !reader.is_finished() {
            members.push(AnyRef::decode(&mut reader).ok().filter(|member| member.tag().number().value() < 31)?);
        }
        (element.tag() == der::Tag::Sequence).then_some(members)
    }

    fn agrees(bytes: &[u8]) {
        let (one, other) = (Element::parse(bytes), theirs(bytes));
        let (Some(one), Some(other)) = (one, other) else {
            assert_eq!(one.is_some(), other.is_some(), "{bytes:02x?}");
            return;
        };
        assert_eq!(one.contents, other.value(), "{bytes:02x?}");
        assert_eq!(
            one.unsigned(),
            other.decode_as::<UintRef<'_>>().ok().map(|integer| integer.as_bytes()),
            "{bytes:02x?}"
        );
        let bits = other.decode_as::<BitStringRef<'_>>().ok().and_then(|bits| bits.as_bytes());
        assert_eq!(one.whole_bytes(), bits, "{bytes:02x?}");
        let identifier = other.decode_as::<ObjectIdentifier>().ok();
        assert_eq!(one.object_identifier(), identifier.as_ref().map(ObjectIdentifier::as_bytes), "{bytes:02x?}");
        assert_eq!(one.is_context_specific(), other.tag().is_context_specific(), "{bytes:02x?}");
        let contents = one.members().map(|all| all.iter().map(|one| one.contents).collect::<Vec<_>>());
        let theirs = their_members(other).map(|all| all.iter().map(|other| other.value()).collect::<Vec<_>>());
        assert_eq!(contents, theirs, "{bytes:02x?}");
    }

    #[test]
    fn agrees_with_der_on_every_short_text_of_edge_bytes() {
        let edges = [
            0, 1, 2, 3, 5, 6, 0x1f, 0x27, 0x30, 0x31, 0x77, 0x78, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x85, 0x9f, 0xa0, 0xff,
        ];
        for length in 0..=5_u32 {
            for mut n in 0..edges.len().pow(length) {
                let mut text = [0; 5];
                for byte in &mut text[..length as usize] {
                    *byte = edges[n % edges.len()];
                    n /= edges.len();
                }
                agrees(&text[..length as usize]);
            }
        }
    }

    #[test]
    fn agrees_with_der_on_every_tag_and_length() {
        for tag in 0..=255 {
            for first in 0..=255 {
                agrees(&[tag, 1, first]);
                agrees(&[tag, 3, first, 0x80, 0x7f]);
                agrees(&[0x30, 5, tag, 1, first, tag, 0]);
            }
        }
        for length in [0, 1, 0x7f, 0x80, 0x81, 0xff, 0x100, 0x101, 0xffff, 0x1_0000, 0x1_0001] {
            for bytes in 1..=4 {
                for more in [0, 1] {
                    let mut text = alloc::vec![0x04, 0x80 + bytes as u8];
                    text.extend(&u32::to_be_bytes(length as u32)[4 - bytes..]);
                    text.resize(text.len() + length + more, 0);
                    agrees(&text);
                }
            }
        }
    }

    #[test]
    fn agrees_with_der_on_object_identifiers() {
        for length in 1..=42 {
            for byte in [0, 1, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0xff] {
                for last in [0, 0x7f, 0x80, 0xff] {
                    let mut text = alloc::vec![OBJECT_IDENTIFIER, length];
                    text.resize(usize::from(length) + 2, byte);
                    text[2] = 0x2a;
                    text[usize::from(length) + 1] = last;
                    agrees(&text);
                }
            }
        }
    }
}
