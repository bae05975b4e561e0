//! The buffer of the hot path: JavaScript writes a token into it and reads header and payload where they lie. A string
//! that crosses by itself would take several times as long.

use core::cell::{Cell, RefCell};
use std::{format, thread_local, vec, vec::Vec};

use wasm_bindgen::prelude::*;

use super::answers::refusal;
use crate::error::{Error, ErrorCode};
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;

/// The most bytes that a token may have.
pub(super) const MAX_INPUT_LEN: usize = 16 * 1024 * 1024;

/// A larger buffer is given up after its token.
const MAX_RETAINED_LEN: usize = 1024 * 1024;

/// The place of the frame's last number.
const ROOM: usize = 4;

thread_local! {
    static TOKEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static PARTS: RefCell<(Vec<u8>, Vec<u8>)> = const { RefCell::new((Vec::new(), Vec::new())) };
    static FRAME: [Cell<usize>; 5] = const { [const { Cell::new(0) }; 5] };
}

/// The address of a buffer for a token of `length` bytes, good for the tokens to come. A token that is longer than its
/// policy allows is refused before it is copied.
///
/// # Errors
/// `token_too_large`
#[wasm_bindgen(js_name = tokenBuffer)]
pub fn token_buffer(length: usize, max: usize) -> Result<usize, JsValue> {
    let max = max.min(MAX_INPUT_LEN);
    if length > max {
        let error =
            Error::new(ErrorCode::TokenTooLarge).found(format!("{length} bytes")).expected(format!("at most {max}"));
        return Err(refusal(&error));
    }
    Ok(TOKEN.with_borrow_mut(|token| {
        if token.len() < length || (token.len() > MAX_RETAINED_LEN && length <= MAX_RETAINED_LEN) {
            *token = vec![0; length.next_power_of_two().max(DEFAULT_MAX_TOKEN_SIZE)];
        }
        let is_kept = token.len() <= MAX_RETAINED_LEN;
        FRAME.with(|frame| frame[ROOM].set(if is_kept { token.len() } else { 0 }));
        token.as_ptr() as usize
    }))
}

/// The size of the buffer in bytes.
#[wasm_bindgen(js_name = tokenBufferLength)]
pub fn token_buffer_length() -> usize {
    TOKEN.with_borrow(Vec::len)
}

/// The address of five numbers: address and length of the last payload, then of its header; and how many bytes the next
/// token may have to be written where the last one was, without asking for a buffer.
#[wasm_bindgen]
pub fn frame() -> usize {
    FRAME.with(|frame| frame.as_ptr() as usize)
}

/// Calls a function with the token in the buffer.
pub(super) fn with_token<T>(length: usize, work: impl FnOnce(&[u8]) -> T) -> T {
    TOKEN.with_borrow(|token| work(token.get(..length).unwrap_or_default()))
}

/// Lays header and payload out for JavaScript to read, until the next call.
pub(super) fn lay_out((header, payload): (Vec<u8>, Vec<u8>)) {
    let numbers = [payload.as_ptr() as usize, payload.len(), header.as_ptr() as usize, header.len()];
    FRAME.with(|frame| frame.iter().zip(numbers).for_each(|(place, number)| place.set(number)));
    PARTS.set((header, payload));
}
