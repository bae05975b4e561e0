//! Strict JSON (RFC 8259): UTF-8 only, every member seen, duplicates refused or reported, depth bounded.

#[cfg(test)]
mod tests;
mod value;

use alloc::{borrow::Cow, collections::BinaryHeap, string::String, vec::Vec};
use core::num::NonZeroU32;

pub(crate) use self::value::{Object, Value};
use crate::error::{Error, ErrorCode};
use crate::jose::swar::{self, below, is};

/// How deep arrays and objects may nest. Real tokens stay below 10.
const MAX_DEPTH: usize = 64;

/// Below this many members, comparing each pair of names is the fastest way to find a duplicate.
const FEW_MEMBERS: usize = 16;

/// Room for the claims of a token, which have about a dozen members. Of objects inside others nothing is known.
const USUAL_MEMBERS: usize = 16;

/// Reads one JSON text and refuses duplicate members at any depth (RFC 7515 §4, RFC 7519 §4).
pub(crate) fn parse(bytes: &[u8]) -> Result<Value<'_>, Error> {
    Reader::new(bytes, Duplicates::Refused)?.document()
}

/// Reads one JSON text as [`parse`] does, but keeps arrays and objects only where they are the values of these members
/// of the outermost object; the others become empty. Unverified text is checked as a whole and takes little memory: an
/// array of digits would take sixteen times its text.
pub(crate) fn parse_members<'a>(bytes: &'a [u8], kept: &'a [&'a str]) -> Result<Value<'a>, Error> {
    let reader = Reader::new(bytes, Duplicates::Refused)?;
    Reader { kept: Some(kept), is_kept: false, ..reader }.document()
}

/// Reads one JSON text and leaves it to the caller to ask each part for duplicates, so that one
/// ambiguous key does not take its siblings with it.
pub(crate) fn parse_with_duplicates(bytes: &[u8]) -> Result<Value<'_>, Error> {
    Reader::new(bytes, Duplicates::Reported)?.document()
}

/// The text of a member's value in the outermost object, as it was written; `None` where there is none.
pub(crate) fn member_text<'a>(bytes: &'a [u8], name: &str) -> Option<&'a str> {
    let reader = Reader::new(bytes, Duplicates::Refused).ok()?;
    let mut reader = Reader { kept: Some(&[]), is_kept: false, ..reader };
    reader.skip_white_space();
    if reader.peek() != Some(b'{') {
        return None;
    }
    reader.at += 1;
    while !reader.closes(b'}') {
        let found = reader.string().ok()?;
        reader.skip_white_space();
        reader.at += 1; // the colon
        reader.skip_white_space();
        let start = reader.at;
        reader.value(1).ok()?;
        if found == name {
            return Some(reader.since(start));
        }
        if reader.ends(b'}').ok()? {
            return None;
        }
    }
    None
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    // All bytes first: a reader that skips members would miss those it skips (RFC 8259 §8.1).
    core::str::from_utf8(bytes).map_err(|_| Error::new(ErrorCode::Utf8Invalid))
}

#[derive(Clone, Copy, PartialEq)]
enum Duplicates {
    Refused,
    Reported,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    duplicates: Duplicates,
    /// The members whose arrays and objects are kept; `None` keeps all.
    kept: Option<&'a [&'a str]>,
    /// Whether the value that is read now is kept.
    is_kept: bool,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], duplicates: Duplicates) -> Result<Self, Error> {
        Ok(Self { text: utf8(bytes)?, at: 0, duplicates, kept: None, is_kept: true })
    }

    fn document(mut self) -> Result<Value<'a>, Error> {
        let value = self.value(0)?;
        self.skip_white_space();
        if self.at == self.text.len() { Ok(value) } else { Err(fault("more text behind the JSON value")) }
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Error> {
        self.skip_white_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(fault("a character that starts no JSON value")),
            None => Err(fault("the end of the text where a JSON value belongs")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, Error> {
        Self::check_depth(depth)?;
        self.at += 1;
        let mut members = Vec::with_capacity(if depth == 0 { USUAL_MEMBERS } else { 0 });
        if !self.closes(b'}') {
            loop {
                self.skip_white_space();
                if self.peek() != Some(b'"') {
                    return Err(fault("a member without a name in quotes"));
                }
                let name = self.string()?;
                self.skip_white_space();
                if self.peek() != Some(b':') {
                    return Err(fault("a member without a colon"));
                }
                self.at += 1;
                if let (0, Some(kept)) = (depth, self.kept) {
                    self.is_kept = kept.contains(&&*name);
                }
                members.push((name, self.value(depth + 1)?));
                if self.ends(b'}')? {
                    break;
                }
            }
        }
        let duplicate = first_duplicate(&members);
        match duplicate.and_then(|at| members.get(at)) {
            Some((name, _)) if self.duplicates == Duplicates::Refused => {
                Err(Error::new(ErrorCode::JsonDuplicateMember).found(name))
            }
            _ if depth > 0 && !self.is_kept => Ok(Value::Object(Object::default())),
            _ => {
                let duplicate = duplicate.and_then(|at| NonZeroU32::new(at as u32));
                Ok(Value::Object(Object { members, duplicate }))
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>, Error> {
        Self::check_depth(depth)?;
        self.at += 1;
        let mut values = Vec::new();
        if !self.closes(b']') {
            loop {
                let value = self.value(depth + 1)?;
                if self.is_kept {
                    values.push(value);
                }
                if self.ends(b']')? {
                    break;
                }
            }
        }
        Ok(Value::Array(values))
    }

    fn check_depth(depth: usize) -> Result<(), Error> {
        if depth < MAX_DEPTH { Ok(()) } else { Err(Error::new(ErrorCode::JsonTooDeep)) }
    }

    /// Whether the array or object is empty, that is, closes at once.
    fn closes(&mut self, bracket: u8) -> bool {
        self.skip_white_space();
        let closes = self.peek() == Some(bracket);
        self.at += usize::from(closes);
        closes
    }

    /// Whether the array or object ends after this value; with a comma it does not.
    fn ends(&mut self, bracket: u8) -> Result<bool, Error> {
        self.skip_white_space();
        let next = self.peek();
        if next == Some(bracket) || next == Some(b',') {
            self.at += 1;
            Ok(next == Some(bracket))
        } else {
            Err(fault("a value without a comma or closing bracket behind it"))
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Error> {
        if self.rest().starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(fault("a word other than true, false and null"))
        }
    }

    fn number(&mut self) -> Result<&'a str, Error> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(self.since(start))
    }

    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(fault("a number without a digit where one belongs")) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        self.at += 1;
        let start = self.at;
        self.plain()?;
        let first = self.since(start);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(first));
        }
        let mut unescaped = String::from(first);
        while self.peek() == Some(b'\\') {
            self.at += 1;
            unescaped.push(self.escape()?);
            let start = self.at;
            self.plain()?;
            unescaped.push_str(self.since(start));
        }
        self.at += 1;
        Ok(Cow::Owned(unescaped))
    }

    /// Moves to the next quote or backslash; the text may not end before it.
    fn plain(&mut self) -> Result<(), Error> {
        self.at += swar::first(self.rest(), |word| is(word, b'"') | is(word, b'\\') | below(word, 0x20));
        match self.peek() {
            Some(b'"' | b'\\') => Ok(()),
            Some(_) => Err(fault("a control character inside a string")),
            None => Err(fault("a string without its closing quote")),
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let escaped = self.peek();
        self.at += 1;
        Ok(match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(fault("an unknown escape inside a string")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, Error> {
        let first = self.hex4()?;
        let scalar = if (0xd800..0xdc00).contains(&first) && self.rest().starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex4()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(fault("a lone surrogate"));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        // A surrogate without its half is no Unicode scalar value (RFC 8259 §8.2).
        char::from_u32(scalar).ok_or_else(|| fault("a lone surrogate"))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let Some(digits) = self.rest().first_chunk::<4>() else {
            return Err(fault("an unfinished \\u escape"));
        };
        let mut unit = 0;
        for digit in digits.map(char::from) {
            let Some(digit) = digit.to_digit(16) else {
                return Err(fault("a \\u escape without four hexadecimal digits"));
            };
            unit = unit * 16 + digit;
        }
        self.at += 4;
        Ok(unit)
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The text that was read from `start` on: both ends lie beside an ASCII character.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }
}

#[cold]
fn fault(what: &str) -> Error {
    Error::new(ErrorCode::JsonInvalid).found(what)
}

/// The index of the first member whose name is a repetition. Names are compared after unescaping.
fn first_duplicate(members: &[(Cow<'_, str>, Value<'_>)]) -> Option<usize> {
    if members.len() > FEW_MEMBERS {
        return first_repeated(members.iter().map(|(name, _)| name.as_ref()).collect());
    }
    let twice = |i: usize, name: &str| members.iter().take(i).any(|(other, _)| other == name);
    members.iter().enumerate().find_map(|(i, (name, _))| twice(i, name).then_some(i))
}

/// The index of the first text that repeats an earlier one, by a sort without a slow worst case.
#[inline(never)]
pub(crate) fn first_repeated(texts: Vec<&str>) -> Option<usize> {
    // Key sets sort the same type in the same way, which is one copy of the code.
    let heap: BinaryHeap<(Option<&str>, usize)> = texts.into_iter().map(Some).zip(0..).collect();
    let mut first = None;
    let mut last = None;
    for (text, place) in heap.into_sorted_vec() {
        if text == last && first.is_none_or(|first| place < first) {
            first = Some(place);
        }
        last = text;
    }
    first
}
