//! The code of a module, told apart by kind.

use crate::leb128;
use crate::recent::Recent;

/// What the octets of a module are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// Everything that is not the body of a function.
    Rest,
    /// Opcodes and alignments.
    Instructions,
    /// The types of blocks.
    Blocks,
    Lanes,
    /// Local variables that are read, each as how many others were used since.
    Locals,
    /// Those that are written, likewise.
    WrittenLocals,
    /// The functions that are called.
    Calls,
    /// Other indices: of globals, tables, types.
    Indices,
    /// The labels that are branched to.
    Labels,
    /// Offsets of loads and stores: their first octets.
    Offsets,
    /// Their further octets.
    FurtherOffsets,
    Constants,
    /// Constants of 64 bits, of floating point, and of vectors.
    LongConstants,
    /// How many local variables a function has, and of which types.
    Declarations,
}

pub(crate) const STREAMS: usize = 14;

/// Moves octets, one by one in the order of the module, from where they are to where they belong.
pub(crate) trait Mover {
    /// Moves the next octet, which belongs to this stream, and says what it is.
    fn octet(&mut self, stream: Stream) -> u8;

    /// Moves the index of a local variable. In its stream is its place among the recent ones.
    fn local(&mut self, stream: Stream, recent: &mut Recent);

    /// An unsigned number, whose further octets may have a stream of their own.
    fn number_of(&mut self, stream: Stream, further: Stream) -> usize {
        let mut from = stream;
        leb128::read(|| {
            let octet = self.octet(from);
            from = further;
            octet
        })
    }

    fn number(&mut self, stream: Stream) -> usize {
        self.number_of(stream, stream)
    }

    fn octets(&mut self, count: usize, stream: Stream) {
        for _ in 0..count {
            self.octet(stream);
        }
    }
}

/// Moves the body of a function (WebAssembly Core Specification §5.4 and §5.5.13). To take it apart and to put it
/// together is the same walk.
pub(crate) fn walk(mover: &mut impl Mover) {
    use Stream::{
        Blocks, Calls, Constants, Declarations, FurtherOffsets, Indices, Instructions, Labels, Lanes, Locals,
        LongConstants, Offsets, WrittenLocals,
    };

    for _ in 0..mover.number(Declarations) {
        mover.number(Declarations);
        mover.octet(Declarations);
    }
    let mut recent = Recent::new();
    let mut depth = 1_usize;
    while depth > 0 {
        let opcode = mover.octet(Instructions);
        // Of a vector instruction, and of those behind 0xfc, the number that follows.
        let which = if opcode >= 0xfc { mover.number(Instructions) } else { 0 };
        if matches!(opcode, 0x28..=0x3e) || (opcode == 0xfd && matches!(which, 0..=11 | 84..=93)) {
            mover.number(Instructions);
            mover.number_of(Offsets, FurtherOffsets);
        }
        match (opcode, which) {
            (0x02..=0x04, _) => {
                depth += 1;
                mover.number(Blocks);
            }
            (0x0b, _) => depth -= 1,
            (0x0c | 0x0d, _) => drop(mover.number(Labels)),
            (0x0e, _) => {
                for _ in 0..=mover.number(Labels) {
                    mover.number(Labels);
                }
            }
            (0x20, _) => mover.local(Locals, &mut recent),
            (0x21 | 0x22, _) => mover.local(WrittenLocals, &mut recent),
            (0x10, _) => drop(mover.number(Calls)),
            (0x23..=0x26 | 0xd0 | 0xd2, _) | (0xfc, 9 | 11 | 13 | 15..=17) => drop(mover.number(Indices)),
            (0x11, _) | (0xfc, 8 | 10 | 12 | 14) => {
                mover.number(Indices);
                mover.number(Indices);
            }
            (0x1c, _) => {
                let count = mover.number(Instructions);
                mover.octets(count, Instructions);
            }
            (0x3f | 0x40, _) => drop(mover.octet(Indices)),
            (0xfd, 21..=34 | 84..=91) => drop(mover.octet(Lanes)),
            (0x41, _) => drop(mover.number(Constants)),
            (0x42, _) => drop(mover.number(LongConstants)),
            (0x43, _) => mover.octets(4, LongConstants),
            (0x44, _) => mover.octets(8, LongConstants),
            (0xfd, 12 | 13) => mover.octets(16, LongConstants),
            _ => {}
        }
    }
}
