//! The code of a module, told apart by kind.

/// What the octets of a module are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// Everything that is not the body of a function.
    Rest,
    /// Opcodes, block types, alignments, lanes.
    Instructions,
    Locals,
    /// Indices of functions, globals, tables and types.
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

pub(crate) const STREAMS: usize = 10;

/// Moves octets, one by one in the order of the module, from where they are to where they belong.
pub(crate) trait Mover {
    /// Moves the next octet, which belongs to this stream, and says what it is.
    fn octet(&mut self, stream: Stream) -> u8;

    /// An unsigned number in LEB128, whose further octets may have a stream of their own.
    fn number_of(&mut self, stream: Stream, further: Stream) -> usize {
        let mut octet = self.octet(stream);
        let mut number = usize::from(octet & 127);
        let mut bits = 7;
        while octet > 127 {
            octet = self.octet(further);
            // A signed number of 64 bits comes here as well. Nobody reads its value.
            number |= usize::from(octet & 127).wrapping_shl(bits);
            bits += 7;
        }
        number
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
        Constants, Declarations, FurtherOffsets, Indices, Instructions, Labels, Locals, LongConstants, Offsets,
    };

    for _ in 0..mover.number(Declarations) {
        mover.number(Declarations);
        mover.octet(Declarations);
    }
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
                mover.number(Instructions);
            }
            (0x0b, _) => depth -= 1,
            (0x0c | 0x0d, _) => drop(mover.number(Labels)),
            (0x0e, _) => {
                for _ in 0..=mover.number(Labels) {
                    mover.number(Labels);
                }
            }
            (0x20..=0x22, _) => drop(mover.number(Locals)),
            (0x10 | 0x23..=0x26 | 0xd0 | 0xd2, _) | (0xfc, 9 | 11 | 13 | 15..=17) => drop(mover.number(Indices)),
            (0x11, _) | (0xfc, 8 | 10 | 12 | 14) => {
                mover.number(Indices);
                mover.number(Indices);
            }
            (0x1c, _) => {
                let count = mover.number(Instructions);
                mover.octets(count, Instructions);
            }
            (0x3f | 0x40, _) | (0xfd, 21..=34 | 84..=91) => drop(mover.octet(Instructions)),
            (0x41, _) => drop(mover.number(Constants)),
            (0x42, _) => drop(mover.number(LongConstants)),
            (0x43, _) => mover.octets(4, LongConstants),
            (0x44, _) => mover.octets(8, LongConstants),
            (0xfd, 12 | 13) => mover.octets(16, LongConstants),
            _ => {}
        }
    }
}
