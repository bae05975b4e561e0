//! From text to module.

use crate::characters::{FREQUENT, joined, octets, rank};
use crate::code::{Mover, STREAMS, Stream, walk};
use crate::leb128;
use crate::memory::Memory;
use crate::recent::Recent;

/// The most octets that the length of a function takes.
const LONGEST_LENGTH: usize = 5;

/// Restores the module of a text of this length, which `pack` has made. The text serves as scratch. Returns the length
/// of the module.
pub fn unpack(text: &Memory, length: usize, module: &Memory) -> usize {
    decode(text, length);
    let mut assembly = Assembly { text, from: [0; STREAMS], module, to: 0 };
    let [length, before, functions] = [(); 3].map(|()| assembly.number(Stream::Rest));
    let lengths = [(); STREAMS].map(|()| assembly.number(Stream::Rest));
    let mut start = assembly.to;
    for (from, length) in assembly.from.iter_mut().zip(lengths) {
        *from = start;
        start += length;
    }
    assembly.to = 0;
    assembly.octets(before, Stream::Rest);
    for _ in 0..functions {
        assembly.function();
    }
    assembly.octets(length.saturating_sub(assembly.to), Stream::Rest);
    length
}

/// Puts octets in place of their characters. Before them, a letter for every four octets says which are frequent.
fn decode(text: &Memory, length: usize) {
    let octets = octets(|octet| (text.octet(usize::from(octet / 4)) - b'A') >> (octet % 4) & 1 == 1);
    let mut from = 256 / 4;
    let mut to = 0;
    while from < length {
        let mut rank = rank(text.octet(from));
        if rank >= FREQUENT {
            from += 1;
            rank = joined(rank, self::rank(text.octet(from)));
        }
        from += 1;
        text.set(to, octets[rank % 256]);
        to += 1;
    }
}

/// A module on its way out of its streams.
struct Assembly<'m> {
    text: &'m Memory,
    /// Where each stream goes on.
    from: [usize; STREAMS],
    module: &'m Memory,
    to: usize,
}

impl Assembly<'_> {
    /// A function: the length of its body, and the body. The length shows when the body is there.
    fn function(&mut self) {
        let start = self.to;
        let body = start + LONGEST_LENGTH;
        self.to = body;
        walk(self);
        let end = self.to;
        self.to = start;
        leb128::write(end - body, |octet| self.put(octet));
        for at in body..end {
            self.put(self.module.octet(at));
        }
    }

    fn put(&mut self, octet: u8) {
        self.module.set(self.to, octet);
        self.to += 1;
    }

    /// The next octet of a stream.
    fn take(&mut self, stream: Stream) -> u8 {
        let from = &mut self.from[stream as usize];
        let octet = self.text.octet(*from);
        *from += 1;
        octet
    }
}

impl Mover for Assembly<'_> {
    fn octet(&mut self, stream: Stream) -> u8 {
        let octet = self.take(stream);
        self.put(octet);
        octet
    }

    fn local(&mut self, stream: Stream, recent: &mut Recent) {
        let place = leb128::read(|| self.take(stream));
        leb128::write(recent.bring(place), |octet| self.put(octet));
    }
}
