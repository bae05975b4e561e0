//! The buffers of the boundary: JavaScript writes a token into one and a request into another, and reads header and
//! payload from two more, all in place.

use alloc::{string::String, vec::Vec};
use core::mem;

use spin::Mutex;

use super::answers::error_text;
use super::held::{Lasting, Verifiers};
use super::options::MOST_INPUT;
use crate::error::{Error, ErrorCode};
use crate::jose::json_text::decimal;
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;

/// How calls end; `verify` with 3 + i where the keys of the trusted issuer i lack the token's.
const ANSWERED: u32 = 0;
const REFUSED: u32 = 1;
const WRONG: u32 = 2;
pub(super) const LACKS_KEY: u32 = 3;

/// What both sides of the boundary read and write, and what lives between calls.
pub(super) struct Exchange {
    input: Vec<u8>,
    request: Vec<u8>,
    payload: Vec<u8>,
    header: Vec<u8>,
    /// Where the last payload and header lie: address, length, address, length.
    pub(super) frame: [usize; 4],
    /// What the last verdict hangs on.
    pub(super) lasting: Option<Lasting>,
    pub(super) verifiers: Verifiers,
}

/// A header and a payload; an answer is a payload without a header.
pub(super) type Parts = (Vec<u8>, Vec<u8>);

static EXCHANGE: Mutex<Exchange> = Mutex::new(Exchange {
    input: Vec::new(),
    request: Vec::new(),
    payload: Vec::new(),
    header: Vec::new(),
    frame: [0; 4],
    lasting: None,
    verifiers: Verifiers::new(),
});

impl Exchange {
    pub(super) fn token_buffer(&mut self, length: usize) -> usize {
        if length > MOST_INPUT {
            let found = [&decimal(length as u64), " octets"].concat();
            let expected = ["at most ", &decimal(MOST_INPUT as u64)].concat();
            self.answer(Err(Error::new(ErrorCode::TokenTooLarge).found(found).expected(expected)));
            return 0;
        }
        if self.input.len() < length {
            self.input = zeros(length.next_power_of_two().max(DEFAULT_MAX_TOKEN_SIZE));
        }
        self.input.as_ptr() as usize
    }

    pub(super) fn token(&self, length: usize) -> &[u8] {
        self.input.get(..length).unwrap_or_default()
    }

    pub(super) fn request_buffer(&mut self, length: usize) -> usize {
        self.request = zeros(length);
        self.request.as_ptr() as usize
    }

    pub(super) fn take_request(&mut self) -> Vec<u8> {
        mem::take(&mut self.request)
    }

    /// Lays out what a call has come to.
    pub(super) fn answer(&mut self, outcome: Result<Parts, Error>) -> u32 {
        match outcome {
            Ok(parts) => self.lay_out(ANSWERED, parts),
            Err(error) => self.lay_out(REFUSED, text(error_text(&error))),
        }
    }

    /// What is wrong with the arguments of a call.
    pub(super) fn wrong(&mut self, what: String) -> u32 {
        self.lay_out(WRONG, text(what))
    }

    #[inline(never)]
    fn lay_out(&mut self, end: u32, (header, payload): Parts) -> u32 {
        self.frame = [payload.as_ptr() as usize, payload.len(), header.as_ptr() as usize, header.len()];
        (self.header, self.payload) = (header, payload);
        end
    }
}

#[inline(never)]
fn zeros(length: usize) -> Vec<u8> {
    alloc::vec![0; length]
}

pub(super) fn text(answer: String) -> Parts {
    (Vec::new(), answer.into_bytes())
}

/// There is one thread, so the lock is free; unless a call has trapped, whose instance JavaScript throws away.
pub(super) fn with_exchange<T>(work: impl FnOnce(&mut Exchange) -> T) -> T {
    match EXCHANGE.try_lock() {
        Some(mut exchange) => work(&mut exchange),
        None => core::arch::wasm32::unreachable(),
    }
}
