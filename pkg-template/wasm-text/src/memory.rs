//! Room for a text and for a module: octets that can be read and written anywhere. An address beyond the end wraps, so
//! that no check is needed, and nothing is unsafe.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// How many octets: more than any text or module of this package has.
pub const SIZE: usize = 1 << 20;

/// Octets by their addresses.
pub struct Memory([AtomicU8; SIZE]);

impl Memory {
    /// Nothing but zeros.
    pub const fn zeros() -> Self {
        Self([const { AtomicU8::new(0) }; SIZE])
    }

    pub(crate) fn octet(&self, at: usize) -> u8 {
        self.0[at % SIZE].load(Relaxed)
    }

    pub(crate) fn set(&self, at: usize, octet: u8) {
        self.0[at % SIZE].store(octet, Relaxed);
    }
}
