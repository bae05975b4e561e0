//! What the standard library would bring: memory, and an end. Without it the download is smaller by its
//! formatting of panics, which nobody could read here; a panic is a trap, and JavaScript sees that.

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
