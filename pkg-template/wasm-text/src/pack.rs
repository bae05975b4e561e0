//! From module to text.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};

use crate::characters::{FREQUENT, characters, octets as by_rank};
use crate::code::{Mover, STREAMS, Stream, walk};
use crate::leb128;
use crate::memory::Memory;
use crate::recent::Recent;
use crate::unpack::unpack;

/// Magic number and version.
const PREAMBLE: usize = 8;
const CODE_SECTION: u8 = 10;
const END: u8 = 0x0b;

/// The text of a wasm module (WebAssembly Core Specification §5.5). `None` if it could not be unpacked again: its
/// lengths are not written as short as they can be, or it has instructions that `code` does not know.
pub fn pack(module: &[u8]) -> Option<String> {
    let mut parts = Parts { module, at: 0, streams: Default::default() };
    parts.octets(PREAMBLE, Stream::Rest);
    let [mut before, mut functions] = [module.len(), 0];
    while parts.at < module.len() {
        let section = parts.octet(Stream::Rest);
        let length = parts.number(Stream::Rest);
        if section != CODE_SECTION {
            parts.octets(length, Stream::Rest);
            continue;
        }
        functions = parts.number(Stream::Rest);
        before = parts.at;
        for _ in 0..functions {
            // The length of a function, which unpacking finds by itself.
            leb128::read(|| parts.next());
            walk(&mut parts);
        }
    }
    let text = parts.text(before, functions);
    (unpacked(&text) == module).then_some(text)
}

/// A module, taken apart as far as `at`. Behind its end all is `end`, so that every walk comes to one.
struct Parts<'m> {
    module: &'m [u8],
    at: usize,
    streams: [Vec<u8>; STREAMS],
}

impl Mover for Parts<'_> {
    fn octet(&mut self, stream: Stream) -> u8 {
        let octet = self.next();
        self.streams[stream as usize].push(octet);
        octet
    }

    fn local(&mut self, stream: Stream, recent: &mut Recent) {
        let local = leb128::read(|| self.next());
        // With too many of them something else comes back, which is no text for this module.
        let place = recent.place(local).unwrap_or_default();
        leb128::write(place, |octet| self.streams[stream as usize].push(octet));
    }
}

impl Parts<'_> {
    fn next(&mut self) -> u8 {
        let octet = self.module.get(self.at).copied().unwrap_or(END);
        self.at += 1;
        octet
    }

    fn text(&self, before: usize, functions: usize) -> String {
        let mut octets = Vec::new();
        let lengths = self.streams.iter().map(Vec::len);
        for number in [self.module.len(), before, functions].into_iter().chain(lengths) {
            leb128::write(number, |octet| octets.push(octet));
        }
        octets.extend(self.streams.iter().flatten());

        let frequent = most_frequent(&octets);
        let ranked = by_rank(|octet| frequent[usize::from(octet)]);
        let codes: Vec<Vec<u8>> = (0..=255_u8)
            .map(|octet| characters(ranked.iter().position(|&other| other == octet).unwrap_or_default()))
            .collect();
        let fours = frequent.chunks(4).map(|four| four.iter().rev().fold(0, |bits, &bit| bits << 1 | u8::from(bit)));
        let body = octets.iter().flat_map(|&octet| codes[usize::from(octet)].iter().copied());
        fours.map(|bits| b'A' + bits).chain(body).map(char::from).collect()
    }
}

/// Whether an octet is one of the most frequent.
fn most_frequent(octets: &[u8]) -> [bool; 256] {
    let mut counts = [0; 256];
    octets.iter().for_each(|&octet| counts[usize::from(octet)] += 1);
    let mut all: Vec<u8> = (0..=255).collect();
    all.sort_by_key(|&octet| Reverse(counts[usize::from(octet)]));
    let mut frequent = [false; 256];
    all[..FREQUENT].iter().for_each(|&octet| frequent[usize::from(octet)] = true);
    frequent
}

fn unpacked(text: &str) -> Vec<u8> {
    static ROOM: Mutex<[Memory; 2]> = Mutex::new([Memory::zeros(), Memory::zeros()]);
    let [from, to] = &*ROOM.lock().unwrap_or_else(PoisonError::into_inner);
    text.bytes().enumerate().for_each(|(at, character)| from.set(at, character));
    (0..unpack(from, text.len(), to)).map(|at| to.octet(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one function of this body.
    fn module(body: &[u8]) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |id: u8, content: &[u8]| {
            module.push(id);
            leb128::write(content.len(), |octet| module.push(octet));
            module.extend(content);
        };
        section(1, b"\x01\x60\0\0");
        section(3, b"\x01\0");
        let mut code = vec![1];
        leb128::write(body.len(), |octet| code.push(octet));
        code.extend(body);
        section(CODE_SECTION, &code);
        section(0, b"\x04name");
        module
    }

    fn comes_back(body: &[u8]) -> bool {
        let module = module(body);
        pack(&module).is_some_and(|text| unpacked(&text) == module)
    }

    #[test]
    fn every_kind_of_immediate_comes_back() {
        let long = [&[0_u8][..], &[0x41, 0x2a, 0x1a].repeat(100), &[END]].concat();
        for body in [
            &b"\0\x0b"[..],
            b"\x02\x03\x7f\x01\x7b\x20\0\x21\x03\x22\x01\x20\x03\x0b", // local variables
            b"\0\x02\x40\x03\x7f\x04\x00\x0b\x0b\x0b\x0b",             // blocks
            b"\0\x02\x40\x0c\0\x0d\x80\x01\x0e\x02\0\x01\0\x0b\x0b",   // labels
            b"\0\x10\x80\x01\x11\0\0\x23\0\x24\0\xd0\x70\xd2\0\x0b",   // calls and other indices
            b"\0\x28\x02\x80\x80\x04\x36\x02\0\xfd\x00\x04\x10\xfd\x54\0\0\x0f\x3f\0\x0b", // memory
            b"\0\x41\x7f\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f\x43abcd\x44abcdefgh\x0b", // constants
            b"\0\xfd\x0c0123456789abcdef\xfd\x0d0123456789abcdef\xfd\x15\x03\xfd\xaf\x01\x0b", // vectors
            b"\0\xfc\x08\0\0\xfc\x0a\0\0\xfc\x0b\0\x1c\x01\x7f\x0b",   // memory in bulk, select with a type
            &long,
        ] {
            assert!(comes_back(body), "{body:x?}");
        }
    }

    #[test]
    fn all_octets_come_back() {
        let all: Vec<u8> = (0..=255).collect();
        let module = [b"\0asm\x01\0\0\0\0\x80\x02".to_vec(), all].concat();
        assert_eq!(pack(&module).map(|text| unpacked(&text)), Some(module));
    }

    #[test]
    fn what_would_not_come_back_is_no_text() {
        let whole = module(b"\x01\x01\x7f\x41\xff\0\x20\0\x6a\x1a\x0b");
        assert!(pack(&whole).is_some());
        for length in 9..whole.len() {
            // Whatever is made of it, it ends.
            assert!(pack(&whole[..length]).is_none_or(|text| unpacked(&text) == whole[..length]), "{length}");
        }
        assert!(!comes_back(b"\0\x20\x80\0\x0b"), "an index longer than need be");
        assert!(!comes_back(b"\x01\x81\x04\x7f\x20\x80\x04\x0b"), "a variable beyond all places");
        assert!(comes_back(b"\x01\x80\x04\x7f\x20\xff\x03\x0b"));
    }
}
