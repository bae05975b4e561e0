//! The two buffers of the boundary: JavaScript writes tokens into one, and reads header and payload from the
//! other, both in place.

use alloc::vec::Vec;

use spin::Mutex;

use crate::claims::Dates;
use crate::error::Error;

/// Answers of `Verifier.verify` and its siblings; 2 + i names the trusted issuer whose keys lack one.
pub(super) const VERIFIED: u32 = 0;
pub(super) const REFUSED: u32 = 1;
pub(super) const LACKS_KEY: u32 = 2;

/// What both sides of the boundary read and write.
pub(super) struct Exchange {
    pub(super) input: Vec<u8>,
    payload: Vec<u8>,
    header: Vec<u8>,
    /// Where the last payload and header lie: address, length, address, length.
    pub(super) frame: [usize; 4],
    pub(super) refusal: Option<Error>,
    /// What the last verdict hangs on.
    pub(super) lasting: Option<Lasting>,
}

/// The issuer whose policy passed a token, and the token's dates.
pub(super) type Lasting = (usize, Dates);

/// There is one thread, so the lock is always free.
static EXCHANGE: Mutex<Exchange> = Mutex::new(Exchange {
    input: Vec::new(),
    payload: Vec::new(),
    header: Vec::new(),
    frame: [0; 4],
    refusal: None,
    lasting: None,
});

impl Exchange {
    pub(super) fn answer(&mut self, verdict: Result<(Vec<u8>, Vec<u8>), Error>) -> u32 {
        match verdict {
            Ok((header, payload)) => {
                self.frame = [payload.as_ptr() as usize, payload.len(), header.as_ptr() as usize, header.len()];
                (self.header, self.payload) = (header, payload);
                self.refusal = None;
                VERIFIED
            }
            Err(error) => {
                self.refusal = Some(error);
                REFUSED
            }
        }
    }

    pub(super) fn token(&self, length: usize) -> &[u8] {
        self.input.get(..length).unwrap_or_default()
    }
}

pub(super) fn with_exchange<T>(work: impl FnOnce(&mut Exchange) -> T) -> T {
    work(&mut EXCHANGE.lock())
}
