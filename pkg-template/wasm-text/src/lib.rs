//! Wasm modules as text inside JavaScript, which servers compress better than the modules themselves.
//!
//! In a module, opcodes, indices and constants stand side by side and hide each other's repetitions. The text has each
//! kind in a stream of its own (`code`), local variables by how recent they are (`recent`), all in characters that need
//! no escape (`characters`). The tool of this crate (`pack`) writes it when the package is built, and compares what
//! comes back; `unpack.wasm`, which is this library, restores the module when it is loaded.
#![cfg_attr(target_family = "wasm", no_std)]

mod characters;
mod code;
mod leb128;
mod memory;
#[cfg(not(target_family = "wasm"))]
mod pack;
mod recent;
mod unpack;

pub use memory::Memory;
#[cfg(not(target_family = "wasm"))]
pub use pack::pack;
pub use unpack::unpack;

#[cfg(target_family = "wasm")]
mod exports {
    use crate::Memory;

    static TEXT: Memory = Memory::zeros();
    static MODULE: Memory = Memory::zeros();

    /// Where the text belongs.
    #[unsafe(no_mangle)]
    extern "C" fn text() -> *const Memory {
        &raw const TEXT
    }

    /// Where the module comes to lie.
    #[unsafe(no_mangle)]
    extern "C" fn module() -> *const Memory {
        &raw const MODULE
    }

    /// Unpacks a text of this length. Returns the length of the module.
    #[unsafe(no_mangle)]
    extern "C" fn unpack(length: usize) -> usize {
        super::unpack(&TEXT, length, &MODULE)
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
