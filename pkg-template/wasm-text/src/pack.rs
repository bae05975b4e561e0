//! From module to text.

use std::cmp::Reverse;

use crate::characters::{FREQUENT, characters, octets as by_rank};
use crate::code::{Mover, STREAMS, Stream, walk};
use crate::{Memory, unpack};

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
            parts.skip_number();
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
        let octet = self.module.get(self.at).copied().unwrap_or(END);
        self.at += 1;
        self.streams[stream as usize].push(octet);
        octet
    }
}

impl Parts<'_> {
    /// Goes past the length of a function, which unpacking finds by itself.
    fn skip_number(&mut self) {
        let rest = &self.module[self.at.min(self.module.len())..];
        self.at += 1 + rest.iter().take_while(|&&octet| octet > 127).count();
    }

    fn text(&self, before: usize, functions: usize) -> String {
        let mut octets = Vec::new();
        let lengths = self.streams.iter().map(Vec::len);
        for mut number in [self.module.len(), before, functions].into_iter().chain(lengths) {
            while number > 127 {
                octets.push(number as u8 | 128);
                number >>= 7;
            }
            octets.push(number as u8);
        }
        octets.extend(self.streams.iter().flatten());

        let frequent = most_frequent(&octets);
        let ranked = by_rank(|rank| frequent[rank]);
        let codes: Vec<Vec<u8>> = (0..=255_u8)
            .map(|octet| characters(ranked.iter().position(|&other| other == octet).unwrap_or_default()))
            .collect();
        let letters = frequent.iter().flat_map(|octet| [b'A' + (octet >> 4), b'A' + (octet & 15)]);
        let body = octets.iter().flat_map(|&octet| codes[usize::from(octet)].iter().copied());
        letters.chain(body).map(char::from).collect()
    }
}

fn most_frequent(octets: &[u8]) -> [u8; FREQUENT] {
    let mut counts = [0; 256];
    octets.iter().for_each(|&octet| counts[usize::from(octet)] += 1);
    let mut all: Vec<u8> = (0..=255).collect();
    all.sort_by_key(|&octet| Reverse(counts[usize::from(octet)]));
    core::array::from_fn(|rank| all[rank])
}

fn unpacked(text: &str) -> Vec<u8> {
    static TEXT: Memory = Memory::zeros();
    static MODULE: Memory = Memory::zeros();
    text.bytes().enumerate().for_each(|(at, character)| TEXT.set(at, character));
    (0..unpack(&TEXT, text.len(), &MODULE)).map(|at| MODULE.octet(at)).collect()
}
